/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Private: the data behind gstdmabufformatinfo.h, without its look-ups.
 */
#pragma once

#include "gstdmabufformatinfo.h"

G_BEGIN_DECLS

/* One row. GstVideoFormats are named, not numbered, so that a build against an
 * old GStreamer finds the formats of the newer one that it runs on. */
typedef struct
{
  gchar fourcc[4];
  const gchar *video_format;    /* NULL if there is none */
  const gchar *description;
  guint8 n_planes;
  guint8 depth;
  guint8 block_bytes[GST_DMABUF_MAX_PLANES];
  guint8 block_width[GST_DMABUF_MAX_PLANES];
  guint8 w_sub, h_sub;
  guint flags;
  gchar opaque[4];              /* zeros if there is none */
} GstDmabufFormatRow;

enum
{
  GST_DMABUF_ROW_YUV = 1 << 0,
  GST_DMABUF_ROW_GRAY = 1 << 1,
  GST_DMABUF_ROW_ALPHA = 1 << 2,
  /* No linear layout, or one that blocks of one row cannot describe. */
  GST_DMABUF_ROW_NOT_LINEAR = 1 << 3,
  /* Another row is the answer for this GstVideoFormat. */
  GST_DMABUF_ROW_SECOND = 1 << 4,
  /* The fourcc with GST_DMABUF_FOURCC_BIG_ENDIAN. */
  GST_DMABUF_ROW_BIG_ENDIAN = 1 << 5,
};

/* A GstVideoFormat that is a fourcc in another layout than linear. */
typedef struct
{
  const gchar *video_format;
  GstDmabufFormat format;
} GstDmabufTiledRow;

G_GNUC_INTERNAL extern const GstDmabufFormatRow gst_dmabuf_format_rows[];
G_GNUC_INTERNAL extern const guint gst_dmabuf_n_format_rows;
G_GNUC_INTERNAL extern const GstDmabufTiledRow gst_dmabuf_tiled_rows[];
G_GNUC_INTERNAL extern const guint gst_dmabuf_n_tiled_rows;

G_END_DECLS
