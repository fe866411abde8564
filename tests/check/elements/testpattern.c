/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The painter of dmabuftestsrc on plain memory. What it painted is read with
 * GStreamer's own unpack functions, so that a wrong order of components cannot
 * hide; the expected colours are computed here, in floating point.
 */
#include "dmabuftest.h"

#include <math.h>

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

static const GstVideoColorimetry bt601 = {
  GST_VIDEO_COLOR_RANGE_16_235, GST_VIDEO_COLOR_MATRIX_BT601,
  GST_VIDEO_TRANSFER_BT601, GST_VIDEO_COLOR_PRIMARIES_SMPTE170M
};

static const GstVideoColorimetry bt709 = {
  GST_VIDEO_COLOR_RANGE_16_235, GST_VIDEO_COLOR_MATRIX_BT709,
  GST_VIDEO_TRANSFER_BT709, GST_VIDEO_COLOR_PRIMARIES_BT709
};

static const GstVideoColorimetry bt2020 = {
  GST_VIDEO_COLOR_RANGE_16_235, GST_VIDEO_COLOR_MATRIX_BT2020,
  GST_VIDEO_TRANSFER_BT2020_10, GST_VIDEO_COLOR_PRIMARIES_BT2020
};

static const GstVideoColorimetry full601 = {
  GST_VIDEO_COLOR_RANGE_0_255, GST_VIDEO_COLOR_MATRIX_BT601,
  GST_VIDEO_TRANSFER_BT601, GST_VIDEO_COLOR_PRIMARIES_SMPTE170M
};

static const GstVideoColorimetry srgb = {
  GST_VIDEO_COLOR_RANGE_0_255, GST_VIDEO_COLOR_MATRIX_RGB,
  GST_VIDEO_TRANSFER_SRGB, GST_VIDEO_COLOR_PRIMARIES_BT709
};

static void
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

static void
picture_clear (Picture * picture)
{
  guint i;

  for (i = 0; i < 4; i++)
    g_free (picture->canvas.data[i]);
}

static gboolean
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
static void
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

static DmabufTestPatternConfig
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

static void
paint (Picture * picture, const DmabufTestPatternConfig * config,
    guint32 counter)
{
  DmabufTestPattern *pattern = dmabuf_test_pattern_new (config);

  fail_unless (pattern != NULL);
  dmabuf_test_pattern_paint_background (pattern, &picture->canvas);
  dmabuf_test_pattern_paint_frame (pattern, &picture->canvas, counter);
  dmabuf_test_pattern_free (pattern);
}

/* Components of the pixel at (x, y) as GStreamer reads them: A, R, G, B or
 * A, Y, U, V, 0 to 1 each. FALSE if GStreamer has no such format. */
static gboolean
read_pixel (const Picture * picture, guint x, guint y, gdouble out[4])
{
  const GstVideoFormatInfo *finfo;
  const GstVideoFormatInfo *unpacked;
  gpointer data[GST_VIDEO_MAX_PLANES] = { NULL, };
  gint stride[GST_VIDEO_MAX_PLANES] = { 0, };
  guint16 *line16;
  guint8 *line8;
  guint i;

  if (picture->info->video_format == GST_VIDEO_FORMAT_UNKNOWN)
    return FALSE;

  finfo = gst_video_format_get_info (picture->info->video_format);
  unpacked = gst_video_format_get_info (finfo->unpack_format);
  for (i = 0; i < picture->info->n_planes; i++) {
    data[i] = picture->canvas.data[i];
    stride[i] = (gint) picture->canvas.stride[i];
  }

  line16 = g_new0 (guint16, 4 * (picture->width + 16));
  line8 = (guint8 *) line16;
  finfo->unpack_func (finfo, GST_VIDEO_PACK_FLAG_NONE, line16, data, stride, 0,
      (gint) y, (gint) picture->width);
  for (i = 0; i < 4; i++) {
    if (unpacked->depth[0] == 8)
      out[i] = line8[4 * x + i] / 255.0;
    else
      out[i] = line16[4 * x + i] / 65535.0;
  }
  g_free (line16);

  return TRUE;
}

static void
expect_color (guint32 argb, const GstVideoColorimetry * colorimetry,
    gboolean yuv, gdouble out[4])
{
  gdouble r = ((argb >> 16) & 0xff) / 255.0, g = ((argb >> 8) & 0xff) / 255.0;
  gdouble b = (argb & 0xff) / 255.0, kr, kb, y;
  gboolean limited = colorimetry->range == GST_VIDEO_COLOR_RANGE_16_235;

  out[0] = (argb >> 24) / 255.0;
  out[1] = r;
  out[2] = g;
  out[3] = b;
  if (!yuv)
    return;

  fail_unless (gst_video_color_matrix_get_Kr_Kb (colorimetry->matrix, &kr,
          &kb));
  y = kr * r + (1 - kr - kb) * g + kb * b;
  out[1] = limited ? (16 + 219 * y) / 256 : y;
  out[2] = (b - y) / (2 * (1 - kb));
  out[3] = (r - y) / (2 * (1 - kr));
  out[2] = limited ? (128 + 224 * out[2]) / 256 : 128 / 255.0 + out[2];
  out[3] = limited ? (128 + 224 * out[3]) / 256 : 128 / 255.0 + out[3];
}

static void
check_solid (guint32 fourcc, guint32 argb,
    const GstVideoColorimetry * colorimetry)
{
  gchar *name = gst_dmabuf_fourcc_to_string (fourcc);
  Picture picture;
  DmabufTestPatternConfig config;
  gdouble expected[4], got[4], tolerance;
  guint i, first;

  picture_init (&picture, fourcc, 77, 53);
  config = make_config (&picture, DMABUF_TEST_PATTERN_SOLID);
  config.argb = argb;
  config.colorimetry = *colorimetry;
  config.animated = FALSE;
  paint (&picture, &config, 0);

  /* Alpha of formats without any is GStreamer's to fill in. */
  first = picture.info->has_alpha ? 0 : 1;
  tolerance = 1.01 / ((1 << MIN (picture.info->depth, 8)) - 1);
  expect_color (argb, colorimetry, picture.info->is_yuv ||
      picture.info->is_gray, expected);
  /* Not the last pixel of the odd row: GStreamer 1.22 swaps its chroma when it
   * unpacks VYUY. */
  if (read_pixel (&picture, 75, 52, got)) {
    for (i = first; i < (picture.info->is_gray ? 2 : 4); i++) {
      if (i == 0 && picture.info->depth >= 10 && picture.info->depth <= 12)
        continue;
      fail_unless (fabs (got[i] - expected[i]) <= tolerance,
          "%s: component %u is %f, not %f", name, i, got[i], expected[i]);
    }
  }
  picture_clear (&picture);
  g_free (name);
}

/* Every format the painter knows, each with colours that tell the components
 * apart, seen by GStreamer. */
GST_START_TEST (test_components)
{
  static const guint32 colors[] = { 0xff2040c0, 0xffc02040, 0xff40c020,
    0x00ffffff
  };
  guint i, j;

  for (i = 0; i < dmabuf_test_pixels_n (); i++) {
    guint32 fourcc = dmabuf_test_pixels_nth (i);
    const GstDmabufFormatInfo *info = gst_dmabuf_format_info_get (fourcc);

    fail_unless (info != NULL);
    for (j = 0; j < G_N_ELEMENTS (colors); j++) {
      if (!info->is_yuv) {
        check_solid (fourcc, colors[j], info->is_gray ? &full601 : &srgb);
        continue;
      }
      check_solid (fourcc, colors[j], &bt601);
      check_solid (fourcc, colors[j], &bt709);
      check_solid (fourcc, colors[j], &bt2020);
      check_solid (fourcc, colors[j], &full601);
    }
  }
}

GST_END_TEST;

/* Numbers that any table of colour bars gives. */
GST_START_TEST (test_known_colors)
{
  static const struct
  {
    guint32 argb;
    const GstVideoColorimetry *colorimetry;
    guint8 yuv[3];
  } rows[] = {
    {0xff000000, &bt601, {16, 128, 128}},
    {0xffffffff, &bt601, {235, 128, 128}},
    {0xffff0000, &bt601, {81, 90, 240}},
    {0xff00ff00, &bt601, {145, 54, 34}},
    {0xff0000ff, &bt601, {41, 240, 110}},
    {0xffff0000, &bt709, {63, 102, 240}},
    {0xff00ff00, &bt709, {173, 42, 26}},
    {0xff0000ff, &bt709, {32, 240, 118}},
    {0xffffffff, &full601, {255, 128, 128}},
    {0xffff0000, &full601, {76, 85, 255}},
    {0xff00ff00, &full601, {150, 44, 21}},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    Picture picture;
    DmabufTestPatternConfig config;

    picture_init (&picture, DRM_FORMAT_NV12, 16, 16);
    config = make_config (&picture, DMABUF_TEST_PATTERN_SOLID);
    config.argb = rows[i].argb;
    config.colorimetry = *rows[i].colorimetry;
    paint (&picture, &config, 0);
    fail_unless_equals_int (picture.canvas.data[0][0], rows[i].yuv[0]);
    fail_unless_equals_int (picture.canvas.data[1][0], rows[i].yuv[1]);
    fail_unless_equals_int (picture.canvas.data[1][1], rows[i].yuv[2]);
    picture_clear (&picture);
  }
}

GST_END_TEST;

/* What people are promised can be painted. */
GST_START_TEST (test_promised_formats)
{
  static const guint32 fourccs[] = {
    DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888, DRM_FORMAT_XBGR8888,
    DRM_FORMAT_ABGR8888, DRM_FORMAT_RGBX8888, DRM_FORMAT_RGBA8888,
    DRM_FORMAT_BGRX8888, DRM_FORMAT_BGRA8888, DRM_FORMAT_RGB888,
    DRM_FORMAT_BGR888, DRM_FORMAT_XRGB2101010, DRM_FORMAT_ARGB2101010,
    DRM_FORMAT_XBGR2101010, DRM_FORMAT_ABGR2101010, DRM_FORMAT_RGB565,
    DRM_FORMAT_BGR565, DRM_FORMAT_R8, DRM_FORMAT_NV12, DRM_FORMAT_NV21,
    DRM_FORMAT_NV16, DRM_FORMAT_NV61, DRM_FORMAT_NV24, DRM_FORMAT_NV42,
    DRM_FORMAT_YUV420, DRM_FORMAT_YVU420, DRM_FORMAT_YUV422,
    DRM_FORMAT_YVU422, DRM_FORMAT_YUV444, DRM_FORMAT_YVU444,
    DRM_FORMAT_YUYV, DRM_FORMAT_YVYU, DRM_FORMAT_UYVY, DRM_FORMAT_VYUY,
    DRM_FORMAT_P010
  };
  DmabufTestEncoder encoder;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (fourccs); i++)
    fail_unless (dmabuf_test_encoder_init (&encoder, fourccs[i], &bt601));
  for (i = 0; i < dmabuf_test_pixels_n (); i++)
    fail_unless (dmabuf_test_encoder_init (&encoder,
            dmabuf_test_pixels_nth (i), &bt601),
        "%.4s contradicts the library's table", (gchar[4]) {
        dmabuf_test_pixels_nth (i) & 0xff,
        (dmabuf_test_pixels_nth (i) >> 8) & 0xff,
        (dmabuf_test_pixels_nth (i) >> 16) & 0xff,
        (dmabuf_test_pixels_nth (i) >> 24) & 0x7f}
  );
  fail_if (dmabuf_test_encoder_init (&encoder, 0, &bt601));
  fail_if (dmabuf_test_encoder_init (&encoder, DRM_FORMAT_C8, &bt601));
}

GST_END_TEST;

GST_START_TEST (test_sizes)
{
  static const guint sizes[][2] = { {1, 1}, {1, 9}, {9, 1}, {3, 5}, {63, 64},
  {64, 47}, {64, 48}, {65, 49}, {67, 63}, {64, 64}, {71, 67}, {333, 211}
  };
  guint i, j, kind;

  for (i = 0; i < dmabuf_test_pixels_n (); i++) {
    for (j = 0; j < G_N_ELEMENTS (sizes); j++) {
      for (kind = 0; kind <= DMABUF_TEST_PATTERN_SOLID; kind++) {
        Picture picture;
        DmabufTestPatternConfig config;

        picture_init (&picture, dmabuf_test_pixels_nth (i), sizes[j][0],
            sizes[j][1]);
        config = make_config (&picture, kind);
        paint (&picture, &config, 0xffffffff);
        picture_check_guards (&picture);
        picture_clear (&picture);
      }
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_empty_sizes)
{
  Picture picture;
  DmabufTestPatternConfig config;

  picture_init (&picture, DRM_FORMAT_XRGB8888, 16, 16);
  config = make_config (&picture, DMABUF_TEST_PATTERN_SMPTE);
  config.width = 0;
  fail_unless (dmabuf_test_pattern_new (&config) == NULL);
  config.width = 16;
  config.height = 0;
  fail_unless (dmabuf_test_pattern_new (&config) == NULL);
  picture_clear (&picture);
}

GST_END_TEST;

GST_START_TEST (test_counter)
{
  static const guint32 counters[] = { 0, 1, 255, 256, 0x12345678, 0x80000000,
    0xffffffff
  };
  guint i, j;

  for (i = 0; i < dmabuf_test_pixels_n (); i++) {
    guint32 fourcc = dmabuf_test_pixels_nth (i);
    Picture picture;
    DmabufTestPatternConfig config;
    DmabufTestPattern *pattern;

    picture_init (&picture, fourcc, 65, 49);
    config = make_config (&picture, DMABUF_TEST_PATTERN_SMPTE);
    pattern = dmabuf_test_pattern_new (&config);
    dmabuf_test_pattern_paint_background (pattern, &picture.canvas);
    for (j = 0; j < G_N_ELEMENTS (counters); j++) {
      guint32 counter = ~counters[j];

      dmabuf_test_pattern_paint_frame (pattern, &picture.canvas, counters[j]);
      fail_unless (dmabuf_test_pattern_read_counter (fourcc,
              picture.canvas.data[0], picture.canvas.stride[0], &counter));
      fail_unless_equals_int64 (counter, counters[j]);
    }
    dmabuf_test_pattern_free (pattern);
    picture_clear (&picture);
  }
}

GST_END_TEST;

/* A picture without a counter, or with a damaged one, has none. */
GST_START_TEST (test_counter_refused)
{
  static const guint32 plain[] = { 0xff000000, 0xffffffff, 0xff808080 };
  guint32 fourcc = DRM_FORMAT_XRGB8888, counter = 42;
  Picture picture;
  DmabufTestPatternConfig config;
  guint i, cell, x, y;

  picture_init (&picture, fourcc, 64, 48);
  config = make_config (&picture, DMABUF_TEST_PATTERN_SOLID);
  for (i = 0; i < G_N_ELEMENTS (plain); i++) {
    config.argb = plain[i];
    config.animated = FALSE;
    paint (&picture, &config, 7);
    fail_if (dmabuf_test_pattern_read_counter (fourcc, picture.canvas.data[0],
            picture.canvas.stride[0], &counter));
  }

  config.animated = TRUE;
  for (cell = 0; cell < 48; cell++) {
    paint (&picture, &config, 0x01020304);
    for (y = 0; y < 8; y++) {
      for (x = 0; x < 8 * 4; x++)
        picture.canvas.data[0][(cell / 8 * 8 + y) * picture.canvas.stride[0] +
            cell % 8 * 8 * 4 + x] ^= 0xff;
    }
    fail_if (dmabuf_test_pattern_read_counter (fourcc, picture.canvas.data[0],
            picture.canvas.stride[0], &counter), "cell %u is not checked",
        cell);
  }
  fail_unless_equals_int (counter, 42);
  fail_if (dmabuf_test_pattern_read_counter (DRM_FORMAT_C8,
          picture.canvas.data[0], picture.canvas.stride[0], &counter));
  picture_clear (&picture);
}

GST_END_TEST;

/* Painting the next frame over an older one leaves nothing of that. */
GST_START_TEST (test_repaint)
{
  guint i;

  for (i = 0; i < dmabuf_test_pixels_n (); i++) {
    Picture fresh, reused, other;
    DmabufTestPatternConfig config;
    DmabufTestPattern *pattern;

    picture_init (&fresh, dmabuf_test_pixels_nth (i), 131, 75);
    picture_init (&reused, dmabuf_test_pixels_nth (i), 131, 75);
    picture_init (&other, dmabuf_test_pixels_nth (i), 131, 75);
    config = make_config (&fresh, DMABUF_TEST_PATTERN_GRADIENT);
    paint (&fresh, &config, 17);
    paint (&other, &config, 16);

    pattern = dmabuf_test_pattern_new (&config);
    dmabuf_test_pattern_paint_background (pattern, &reused.canvas);
    dmabuf_test_pattern_paint_frame (pattern, &reused.canvas, 16);
    fail_unless (picture_equal (&other, &reused));
    fail_if (picture_equal (&fresh, &reused));
    dmabuf_test_pattern_paint_frame (pattern, &reused.canvas, 17);
    fail_unless (picture_equal (&fresh, &reused));

    dmabuf_test_pattern_free (pattern);
    picture_clear (&fresh);
    picture_clear (&reused);
    picture_clear (&other);
  }
}

GST_END_TEST;

/* Frames below the documented sizes have no counter and no bar. */
GST_START_TEST (test_small_frames)
{
  static const guint sizes[][2] = { {63, 48}, {64, 47}, {1, 1} };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (sizes); i++) {
    Picture animated, still;
    DmabufTestPatternConfig config;

    picture_init (&animated, DRM_FORMAT_NV12, sizes[i][0], sizes[i][1]);
    picture_init (&still, DRM_FORMAT_NV12, sizes[i][0], sizes[i][1]);
    config = make_config (&animated, DMABUF_TEST_PATTERN_CHECKERS);
    paint (&animated, &config, 3);
    config.animated = FALSE;
    paint (&still, &config, 3);
    fail_unless (picture_equal (&animated, &still));
    picture_clear (&animated);
    picture_clear (&still);
  }
}

GST_END_TEST;

static guint32
get_rgb (const Picture * picture, guint x, guint y)
{
  return GST_READ_UINT32_LE (picture->canvas.data[0] +
      y * picture->canvas.stride[0] + 4 * x);
}

GST_START_TEST (test_patterns)
{
  Picture picture;
  DmabufTestPatternConfig config;
  guint i;

  picture_init (&picture, DRM_FORMAT_ARGB8888, 700, 400);
  config = make_config (&picture, DMABUF_TEST_PATTERN_SMPTE);
  paint (&picture, &config, 0);
  for (i = 1; i < 7; i++)
    fail_if (get_rgb (&picture, i * 100, 200) ==
        get_rgb (&picture, i * 100 - 1, 200));
  fail_unless_equals_int64 (get_rgb (&picture, 599, 200), 0xffbf0000);
  fail_unless_equals_int64 (get_rgb (&picture, 699, 200), 0xff0000bf);
  /* The bar moves by 8 pixels. */
  fail_unless_equals_int64 (get_rgb (&picture, 0, 399), 0xffffffff);
  fail_unless_equals_int64 (get_rgb (&picture, 16, 399), 0xff000000);
  paint (&picture, &config, 1);
  fail_unless_equals_int64 (get_rgb (&picture, 7, 399), 0xff000000);
  fail_unless_equals_int64 (get_rgb (&picture, 23, 399), 0xffffffff);

  config.kind = DMABUF_TEST_PATTERN_CHECKERS;
  config.argb = 0xff102030;
  paint (&picture, &config, 0);
  fail_unless_equals_int64 (get_rgb (&picture, 160, 100),
      get_rgb (&picture, 128, 132));
  fail_if (get_rgb (&picture, 160, 100) == get_rgb (&picture, 128, 100));
  fail_unless (get_rgb (&picture, 160, 100) == config.argb ||
      get_rgb (&picture, 128, 100) == config.argb);

  config.kind = DMABUF_TEST_PATTERN_GRADIENT;
  paint (&picture, &config, 0);
  fail_unless_equals_int64 (get_rgb (&picture, 699, 50), 0xffff0000);
  fail_unless_equals_int64 (get_rgb (&picture, 699, 150), 0xff00ff00);
  fail_unless_equals_int64 (get_rgb (&picture, 699, 250), 0xff0000ff);
  fail_unless_equals_int64 (get_rgb (&picture, 699, 320), 0xffffffff);
  fail_unless_equals_int64 (get_rgb (&picture, 0, 320), 0xff000000);

  config.kind = DMABUF_TEST_PATTERN_SOLID;
  config.argb = 0x80102030;
  paint (&picture, &config, 0);
  fail_unless_equals_int64 (get_rgb (&picture, 699, 0), 0x80102030);
  picture_clear (&picture);
}

GST_END_TEST;

/* The counter survives what a display chain does to it: to 4:2:0 in limited
 * range and back to RGB, by GStreamer's converter. */
GST_START_TEST (test_counter_after_conversion)
{
  static const GstVideoFormat between[] = { GST_VIDEO_FORMAT_NV12,
    GST_VIDEO_FORMAT_YUY2, GST_VIDEO_FORMAT_I420, GST_VIDEO_FORMAT_YUV9,
    GST_VIDEO_FORMAT_RGB16, GST_VIDEO_FORMAT_GRAY8
  };
  GstVideoInfo rgb_info, info;
  guint i;

  gst_video_info_set_format (&rgb_info, GST_VIDEO_FORMAT_BGRx, 128, 64);
  for (i = 0; i < G_N_ELEMENTS (between); i++) {
    GstBuffer *rgb = gst_buffer_new_allocate (NULL, rgb_info.size, NULL);
    GstBuffer *buffer;
    GstVideoFrame rgb_frame, frame;
    GstVideoConverter *there, *back;
    DmabufTestPatternConfig config = { DRM_FORMAT_XRGB8888, 128, 64, srgb,
      DMABUF_TEST_PATTERN_SMPTE, 0, TRUE
    };
    DmabufTestPattern *pattern = dmabuf_test_pattern_new (&config);
    DmabufTestCanvas canvas;
    guint32 counter = 0;

    gst_video_info_set_format (&info, between[i], 128, 64);
    buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
    there = gst_video_converter_new (&rgb_info, &info, NULL);
    back = gst_video_converter_new (&info, &rgb_info, NULL);
    fail_unless (gst_video_frame_map (&rgb_frame, &rgb_info, rgb,
            GST_MAP_READWRITE));
    fail_unless (gst_video_frame_map (&frame, &info, buffer,
            GST_MAP_READWRITE));

    canvas.data[0] = GST_VIDEO_FRAME_PLANE_DATA (&rgb_frame, 0);
    canvas.stride[0] = GST_VIDEO_FRAME_PLANE_STRIDE (&rgb_frame, 0);
    dmabuf_test_pattern_paint_background (pattern, &canvas);
    dmabuf_test_pattern_paint_frame (pattern, &canvas, 0xdeadbeef);
    gst_video_converter_frame (there, &rgb_frame, &frame);
    memset (canvas.data[0], 0, rgb_info.size);
    gst_video_converter_frame (back, &frame, &rgb_frame);
    fail_unless (dmabuf_test_pattern_read_counter (DRM_FORMAT_XRGB8888,
            canvas.data[0], canvas.stride[0], &counter));
    fail_unless_equals_int64 (counter, 0xdeadbeef);

    gst_video_frame_unmap (&frame);
    gst_video_frame_unmap (&rgb_frame);
    gst_video_converter_free (there);
    gst_video_converter_free (back);
    dmabuf_test_pattern_free (pattern);
    gst_buffer_unref (buffer);
    gst_buffer_unref (rgb);
  }
}

GST_END_TEST;

static Suite *
testpattern_suite (void)
{
  Suite *suite = suite_create ("testpattern");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_test (tcase, test_components);
  tcase_add_test (tcase, test_known_colors);
  tcase_add_test (tcase, test_promised_formats);
  tcase_add_test (tcase, test_sizes);
  tcase_add_test (tcase, test_empty_sizes);
  tcase_add_test (tcase, test_counter);
  tcase_add_test (tcase, test_counter_refused);
  tcase_add_test (tcase, test_repaint);
  tcase_add_test (tcase, test_small_frames);
  tcase_add_test (tcase, test_patterns);
  tcase_add_test (tcase, test_counter_after_conversion);

  return suite;
}

DMABUF_TEST_MAIN (testpattern_suite);
