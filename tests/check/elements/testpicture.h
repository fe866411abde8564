/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Painted pictures in memory that is not a byte too large, with guards between
 * the rows.
 */
#pragma once

#include "dmabuftest.h"

#include <drm_fourcc.h>

#include "../../../gst/dmabuf/dmabuftestpattern.h"
#include "../../../gst/dmabuf/dmabuftestpixels.h"

#define GUARD 0xa5
#define PADDING 24

/* One painted picture in memory that is not a byte too large. */
typedef struct
{
  const GstDmabufFormatInfo *info;
  guint width, height;
  DmabufTestCanvas canvas;
  gsize sizes[4];
} Picture;

G_GNUC_UNUSED static const GstVideoColorimetry bt601 = {
  GST_VIDEO_COLOR_RANGE_16_235, GST_VIDEO_COLOR_MATRIX_BT601,
  GST_VIDEO_TRANSFER_BT601, GST_VIDEO_COLOR_PRIMARIES_SMPTE170M
};

G_GNUC_UNUSED static const GstVideoColorimetry bt709 = {
  GST_VIDEO_COLOR_RANGE_16_235, GST_VIDEO_COLOR_MATRIX_BT709,
  GST_VIDEO_TRANSFER_BT709, GST_VIDEO_COLOR_PRIMARIES_BT709
};

G_GNUC_UNUSED static const GstVideoColorimetry bt2020 = {
  GST_VIDEO_COLOR_RANGE_16_235, GST_VIDEO_COLOR_MATRIX_BT2020,
  GST_VIDEO_TRANSFER_BT2020_10, GST_VIDEO_COLOR_PRIMARIES_BT2020
};

G_GNUC_UNUSED static const GstVideoColorimetry full601 = {
  GST_VIDEO_COLOR_RANGE_0_255, GST_VIDEO_COLOR_MATRIX_BT601,
  GST_VIDEO_TRANSFER_BT601, GST_VIDEO_COLOR_PRIMARIES_SMPTE170M
};

G_GNUC_UNUSED static const GstVideoColorimetry srgb = {
  GST_VIDEO_COLOR_RANGE_0_255, GST_VIDEO_COLOR_MATRIX_RGB,
  GST_VIDEO_TRANSFER_SRGB, GST_VIDEO_COLOR_PRIMARIES_BT709
};

static inline void
picture_init (Picture * picture, guint32 fourcc, guint width, guint height)
{
  guint i;

  memset (picture, 0, sizeof (*picture));
  picture->info = gst_dmabuf_format_info_get (fourcc);
  picture->width = width;
  picture->height = height;
  fail_unless (picture->info != NULL);

  for (i = 0; i < picture->info->n_planes; i++) {
    gsize row = gst_dmabuf_format_info_plane_row_bytes (picture->info, i,
        width);
    gsize rows = gst_dmabuf_format_info_plane_height (picture->info, i,
        height);

    picture->canvas.stride[i] = row + PADDING;
    picture->sizes[i] = (row + PADDING) * (rows - 1) + row;
    picture->canvas.data[i] = g_malloc (picture->sizes[i]);
    memset (picture->canvas.data[i], GUARD, picture->sizes[i]);
  }
}

static inline void
picture_clear (Picture * picture)
{
  guint i;

  for (i = 0; i < 4; i++)
    g_free (picture->canvas.data[i]);
}

static inline gboolean
picture_equal (const Picture * a, const Picture * b)
{
  guint i;

  for (i = 0; i < a->info->n_planes; i++) {
    if (memcmp (a->canvas.data[i], b->canvas.data[i], a->sizes[i]) != 0)
      return FALSE;
  }

  return TRUE;
}

/* The bytes between the rows belong to somebody else. */
static inline void
picture_check_guards (const Picture * picture)
{
  guint i, k, n_bad = 0;
  gsize at, stride;

  for (i = 0; i < picture->info->n_planes; i++) {
    stride = picture->canvas.stride[i];
    for (at = stride - PADDING; at < picture->sizes[i]; at += stride) {
      for (k = 0; k < PADDING; k++)
        n_bad += picture->canvas.data[i][at + k] != GUARD;
    }
  }
  fail_unless_equals_int (n_bad, 0);
}

static inline DmabufTestPatternConfig
make_config (const Picture * picture, DmabufTestPatternKind kind)
{
  DmabufTestPatternConfig config = {
    .fourcc = picture->info->fourcc,
    .width = picture->width,
    .height = picture->height,
    .colorimetry = picture->info->is_yuv ? bt601 : srgb,
    .kind = kind,
    .argb = 0xffffffff,
    .animated = TRUE,
  };

  return config;
}

static inline void
paint (Picture * picture, const DmabufTestPatternConfig * config,
    guint32 counter)
{
  DmabufTestPattern *pattern = dmabuf_test_pattern_new (config);

  fail_unless (pattern != NULL);
  dmabuf_test_pattern_paint_background (pattern, &picture->canvas);
  dmabuf_test_pattern_paint_frame (pattern, &picture->canvas, counter);
  dmabuf_test_pattern_free (pattern);
}
