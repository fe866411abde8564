/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The painter of dmabuftestsrc on plain memory. What it painted is read with
 * GStreamer's own unpack functions, so that a wrong order of components cannot
 * hide; the expected colours are computed here, in floating point.
 */
#include "testpicture.h"

#include <math.h>

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
  tcase_add_test (tcase, test_repaint);
  tcase_add_test (tcase, test_patterns);

  return suite;
}

DMABUF_TEST_MAIN (testpattern_suite);
