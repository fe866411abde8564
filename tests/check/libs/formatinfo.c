/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The table of formats against itself, against the kernel's, against
 * GstVideoFormatInfo, and against GStreamer's own table where there is one
 * (1.24).
 */
#include <gst/dmabuf/gstdmabufformatinfo.h>
#include <drm_fourcc.h>
#include "data/gstreamer-formats.h"
#include "data/kernel-formats.h"
#include "dmabuftest.h"

/* The highest GstVideoFormat that this GStreamer knows. */
static guint
n_video_formats (void)
{
  GEnumClass *class = g_type_class_ref (GST_TYPE_VIDEO_FORMAT);
  guint n = class->maximum + 1;

  g_type_class_unref (class);
  return n;
}

static gboolean
is_video_format (guint value)
{
  GEnumClass *class = g_type_class_ref (GST_TYPE_VIDEO_FORMAT);
  gboolean found = g_enum_get_value (class, value) != NULL;

  g_type_class_unref (class);
  return found && value > GST_VIDEO_FORMAT_ENCODED;
}

GST_START_TEST (test_rows_are_sane)
{
  guint i, p, n = gst_dmabuf_format_info_n ();

  fail_unless (n > 100);
  for (i = 0; i < n; i++) {
    const GstDmabufFormatInfo *info = gst_dmabuf_format_info_nth (i);
    gchar *name = gst_dmabuf_fourcc_to_string (info->fourcc);

    fail_unless (i == 0
        || gst_dmabuf_format_info_nth (i - 1)->fourcc < info->fourcc,
        "%s is out of order or there twice", name);
    fail_unless (gst_dmabuf_format_info_get (info->fourcc) == info);
    fail_unless (info->description && info->description[0]);
    fail_unless (info->n_planes >= 1 && info->n_planes <= 3);
    fail_unless (info->depth >= 1 && info->depth <= 32);
    fail_if (info->is_yuv && info->is_gray);
    for (p = 0; p < GST_DMABUF_MAX_PLANES; p++) {
      gboolean used = p < info->n_planes && info->is_linear;

      fail_unless ((info->block_bytes[p] > 0) == used, "%s plane %u", name, p);
      fail_unless ((info->block_width[p] > 0) == used, "%s plane %u", name, p);
      fail_unless (!used
          || info->block_bytes[p] * 8 >= info->block_width[p] * info->depth
          || info->depth <= 6 || info->is_yuv == FALSE, "%s", name);
    }
    g_free (name);
  }
  fail_if (gst_dmabuf_format_info_get (0));
  fail_if (gst_dmabuf_format_info_get (DRM_FORMAT_XRGB8888
          | DRM_FORMAT_BIG_ENDIAN));
  fail_if (gst_dmabuf_format_info_get ('Z' | 'Z' << 8 | 'Z' << 16 | 'Z' << 24));
}

GST_END_TEST;

GST_START_TEST (test_alpha_twins)
{
  guint i, n = gst_dmabuf_format_info_n (), twins = 0;

  for (i = 0; i < n; i++) {
    const GstDmabufFormatInfo *info = gst_dmabuf_format_info_nth (i), *twin;

    if (info->opaque_fourcc == 0)
      continue;
    twins++;
    twin = gst_dmabuf_format_info_get (info->opaque_fourcc);
    fail_unless (twin != NULL);
    fail_unless (info->has_alpha);
    fail_if (twin->has_alpha);
    fail_unless_equals_int (twin->alpha_fourcc, info->fourcc);
    fail_unless_equals_int (twin->n_planes, info->n_planes);
    fail_unless_equals_int (twin->block_bytes[0], info->block_bytes[0]);
    fail_unless_equals_int (twin->is_yuv, info->is_yuv);
  }
  fail_unless (twins >= 24);
  fail_unless_equals_int (gst_dmabuf_format_info_get (DRM_FORMAT_ARGB8888)
      ->opaque_fourcc, DRM_FORMAT_XRGB8888);
}

GST_END_TEST;

static guint32
fourcc_at (const gchar * text)
{
  return GST_STR_FOURCC (text);
}

/* The kernel counts bytes of a pixel where this table has blocks. */
GST_START_TEST (test_rows_agree_with_the_kernel)
{
  const guint width = 240, height = 16;
  const gchar *text;
  guint p;

  for (text = kernel_formats[__i__].fourccs; *text; text += 4) {
    const GstDmabufFormatInfo *info =
        gst_dmabuf_format_info_get (fourcc_at (text));

    fail_unless (info != NULL, "no row for %.4s", text);
    fail_unless (info->n_planes == kernel_formats[__i__].n_planes, "%.4s",
        text);
    fail_unless (info->is_linear == (kernel_formats[__i__].bytes[0] > 0),
        "%.4s", text);
    fail_unless (info->has_alpha == kernel_formats[__i__].alpha, "%.4s", text);
    /* Luma alone is YUV there and gray here. */
    fail_if (info->is_yuv && !kernel_formats[__i__].yuv, "%.4s", text);
    fail_unless (info->is_yuv || info->is_gray || !kernel_formats[__i__].yuv,
        "%.4s", text);
    for (p = 0; info->is_linear && p < info->n_planes; p++) {
      guint w = width / (p ? kernel_formats[__i__].w_sub : 1);
      guint h = height / (p ? kernel_formats[__i__].h_sub : 1);

      fail_unless (gst_dmabuf_format_info_plane_row_bytes (info, p, width)
          == w / kernel_formats[__i__].pixels[p]
          * kernel_formats[__i__].bytes[p], "%.4s plane %u", text, p);
      fail_unless_equals_int (gst_dmabuf_format_info_plane_height (info, p,
              height), h);
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_every_fourcc_has_a_row)
{
  const gchar *text;

  for (text = kernel_formats_without_facts; *text; text += 4)
    fail_unless (gst_dmabuf_format_info_get (fourcc_at (text)) != NULL,
        "no row for %.4s", text);
}

GST_END_TEST;

/* Formats of which the issue is known by heart: the order of bytes. */
static const struct
{
  guint32 fourcc;
  GstVideoFormat video_format;
} pairs[] = {
  {DRM_FORMAT_XRGB8888, GST_VIDEO_FORMAT_BGRx},
  {DRM_FORMAT_ARGB8888, GST_VIDEO_FORMAT_BGRA},
  {DRM_FORMAT_ABGR8888, GST_VIDEO_FORMAT_RGBA},
  {DRM_FORMAT_RGBX8888, GST_VIDEO_FORMAT_xBGR},
  {DRM_FORMAT_BGRA8888, GST_VIDEO_FORMAT_ARGB},
  {DRM_FORMAT_RGB888, GST_VIDEO_FORMAT_BGR},
  {DRM_FORMAT_RGB565, GST_VIDEO_FORMAT_RGB16},
  {DRM_FORMAT_XRGB1555, GST_VIDEO_FORMAT_RGB15},
  {DRM_FORMAT_ARGB2101010, GST_VIDEO_FORMAT_BGR10A2_LE},
  {DRM_FORMAT_ABGR2101010, GST_VIDEO_FORMAT_RGB10A2_LE},
  {DRM_FORMAT_ABGR16161616, GST_VIDEO_FORMAT_RGBA64_LE},
  {DRM_FORMAT_ARGB16161616, GST_VIDEO_FORMAT_BGRA64_LE},
  {DRM_FORMAT_R8, GST_VIDEO_FORMAT_GRAY8},
  {DRM_FORMAT_R16, GST_VIDEO_FORMAT_GRAY16_LE},
  {DRM_FORMAT_YUV420, GST_VIDEO_FORMAT_I420},
  {DRM_FORMAT_YVU420, GST_VIDEO_FORMAT_YV12},
  {DRM_FORMAT_YUV422, GST_VIDEO_FORMAT_Y42B},
  {DRM_FORMAT_YUV444, GST_VIDEO_FORMAT_Y444},
  {DRM_FORMAT_VUY888, GST_VIDEO_FORMAT_v308},
  {DRM_FORMAT_AYUV, GST_VIDEO_FORMAT_VUYA},
  {DRM_FORMAT_NV15, GST_VIDEO_FORMAT_NV12_10LE40},
  {DRM_FORMAT_P030, GST_VIDEO_FORMAT_NV12_10LE32},
  {DRM_FORMAT_P010, GST_VIDEO_FORMAT_P010_10LE},
  {DRM_FORMAT_P016, GST_VIDEO_FORMAT_P016_LE},
  {DRM_FORMAT_Y410, GST_VIDEO_FORMAT_Y410},
  {DRM_FORMAT_Y412, GST_VIDEO_FORMAT_Y412_LE},
};

GST_START_TEST (test_known_pairs)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (0, 7);
  const GstDmabufFormatInfo *info =
      gst_dmabuf_format_info_get (pairs[__i__].fourcc);

  fail_unless (info != NULL);
  fail_unless_equals_int (info->video_format, pairs[__i__].video_format);
  fail_unless (gst_dmabuf_format_info_from_video_format (pairs
          [__i__].video_format) == info);
  fail_unless (gst_dmabuf_format_from_video_format (pairs[__i__].video_format,
          &format));
  g_assert_cmphex (format.fourcc, ==, pairs[__i__].fourcc);
  g_assert_cmphex (format.modifier, ==, DRM_FORMAT_MOD_LINEAR);
}

GST_END_TEST;

/* Tables drift apart in silence; these two describe the same bytes. */
GST_START_TEST (test_rows_agree_with_gst_video_format_info)
{
  guint i, p, compared = 0;

  for (i = 0; i < gst_dmabuf_format_info_n (); i++) {
    const GstDmabufFormatInfo *info = gst_dmabuf_format_info_nth (i);
    const GstVideoFormatInfo *finfo;
    GstVideoInfo vinfo;

    if (info->video_format == GST_VIDEO_FORMAT_UNKNOWN)
      continue;
    compared++;
    finfo = gst_video_format_get_info (info->video_format);
    fail_unless (info->is_linear);
    fail_if (GST_VIDEO_FORMAT_INFO_IS_TILED (finfo));
    fail_unless_equals_int (info->n_planes, finfo->n_planes);
    fail_unless (info->is_yuv == GST_VIDEO_FORMAT_INFO_IS_YUV (finfo),
        "%s", finfo->name);
    fail_unless (info->is_gray == GST_VIDEO_FORMAT_INFO_IS_GRAY (finfo));
    /* GStreamer says that Y410, Y412 and Y416 are opaque, and documents their
     * fourth channel as A; drm_fourcc.h has A too, and XVYU for opaque. */
    fail_unless (info->has_alpha == GST_VIDEO_FORMAT_INFO_HAS_ALPHA (finfo)
        || g_str_has_prefix (finfo->name, "Y41"), "%s", finfo->name);
    fail_unless (info->depth >= GST_VIDEO_FORMAT_INFO_DEPTH (finfo, 0));
    if (info->n_planes > 1) {
      fail_unless_equals_int (info->w_sub, finfo->w_sub[1]);
      fail_unless_equals_int (info->h_sub, finfo->h_sub[1]);
    }
    /* A multiple of all block widths and alignments, so that GStreamer's
     * stride has no padding. */
    fail_unless (gst_video_info_set_format (&vinfo, info->video_format, 3840,
            64));
    for (p = 0; p < info->n_planes; p++)
      g_assert_cmpint (gst_dmabuf_format_info_plane_row_bytes (info, p, 3840),
          ==, vinfo.stride[p]);
  }
  fail_unless (compared >= 50, "only %u", compared);
}

GST_END_TEST;

/* Whatever GStreamer runs: the names that it knows stand for these pairs. */
GST_START_TEST (test_rows_of_newer_gstreamer)
{
  guint i, compared = 0;

  for (i = 0; i < G_N_ELEMENTS (gstreamer_formats); i++) {
    GstVideoFormat v =
        gst_video_format_from_string (gstreamer_formats[i].video_format);
    GstDmabufFormat ours;
    gchar *text;

    if (v == GST_VIDEO_FORMAT_UNKNOWN)
      continue;
    compared++;
    fail_unless (gst_dmabuf_format_from_video_format (v, &ours), "%s",
        gstreamer_formats[i].video_format);
    text = gst_dmabuf_format_to_string (&ours);
    fail_unless_equals_string (text, gstreamer_formats[i].drm_format);
    g_free (text);
  }
  /* 1.22 lacks the six that came later. */
  fail_unless (compared >= G_N_ELEMENTS (gstreamer_formats) - 6, "only %u",
      compared);
}

GST_END_TEST;

/* Every GstVideoFormat has one answer, which leads back to it. */
GST_START_TEST (test_video_formats_lead_back)
{
  guint v;

  for (v = 0; v < n_video_formats (); v++) {
    GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (7, 7);
    const GstDmabufFormatInfo *info =
        gst_dmabuf_format_info_from_video_format (v);

    if (!is_video_format (v) || !gst_dmabuf_format_from_video_format (v,
            &format)) {
      fail_if (info);
      continue;
    }
    fail_unless_equals_int (gst_dmabuf_format_to_video_format (&format), v);
    fail_unless ((info != NULL) == gst_dmabuf_format_is_linear (&format));
  }
}

GST_END_TEST;

GST_START_TEST (test_tiled_formats)
{
  GstDmabufFormat format;

  fail_unless (gst_dmabuf_format_from_video_format (GST_VIDEO_FORMAT_NV12_4L4,
          &format));
  g_assert_cmphex (format.fourcc, ==, DRM_FORMAT_NV12);
  g_assert_cmphex (format.modifier, ==, DRM_FORMAT_MOD_VIVANTE_TILED);
  fail_if (gst_dmabuf_format_info_from_video_format
      (GST_VIDEO_FORMAT_NV12_4L4));

  format.modifier = DRM_FORMAT_MOD_SAMSUNG_64_32_TILE;
  fail_unless_equals_int (gst_dmabuf_format_to_video_format (&format),
      GST_VIDEO_FORMAT_NV12_64Z32);
  format.modifier = DRM_FORMAT_MOD_INVALID;
  fail_unless_equals_int (gst_dmabuf_format_to_video_format (&format),
      GST_VIDEO_FORMAT_UNKNOWN);
  format.modifier = I915_FORMAT_MOD_Y_TILED;
  fail_unless_equals_int (gst_dmabuf_format_to_video_format (&format),
      GST_VIDEO_FORMAT_UNKNOWN);
}

GST_END_TEST;

static const struct
{
  guint32 fourcc;
  guint plane, width, height;
  guint plane_width, plane_height, row_bytes;
} sizes[] = {
  {DRM_FORMAT_NV12, 0, 1, 1, 1, 1, 1},
  {DRM_FORMAT_NV12, 1, 1, 1, 1, 1, 2},
  {DRM_FORMAT_NV12, 1, 3, 3, 2, 2, 4},
  {DRM_FORMAT_NV16, 1, 3, 3, 2, 3, 4},
  {DRM_FORMAT_YUYV, 0, 3, 3, 3, 3, 8},
  {DRM_FORMAT_YUV410, 2, 5, 5, 2, 2, 2},
  {DRM_FORMAT_YUV411, 1, 5, 5, 2, 5, 2},
  {DRM_FORMAT_NV15, 0, 5, 1, 5, 1, 10},
  {DRM_FORMAT_NV15, 1, 5, 1, 3, 1, 10},
  {DRM_FORMAT_P030, 0, 4, 1, 4, 1, 8},
  {DRM_FORMAT_P030, 1, 4, 1, 2, 1, 8},
  {DRM_FORMAT_RGB888, 0, 5, 1, 5, 1, 15},
  {DRM_FORMAT_XRGB8888_A8, 1, 5, 3, 5, 3, 5},
  {'R' | '1' << 8 | ' ' << 16 | (guint) ' ' << 24, 0, 9, 1, 9, 1, 2},
};

GST_START_TEST (test_plane_sizes)
{
  const GstDmabufFormatInfo *info =
      gst_dmabuf_format_info_get (sizes[__i__].fourcc);
  guint plane = sizes[__i__].plane;

  fail_unless_equals_int (gst_dmabuf_format_info_plane_width (info, plane,
          sizes[__i__].width), sizes[__i__].plane_width);
  fail_unless_equals_int (gst_dmabuf_format_info_plane_height (info, plane,
          sizes[__i__].height), sizes[__i__].plane_height);
  fail_unless_equals_int (gst_dmabuf_format_info_plane_row_bytes (info, plane,
          sizes[__i__].width), sizes[__i__].row_bytes);
}

GST_END_TEST;

GST_START_TEST (test_plane_sizes_do_not_wrap)
{
  const GstDmabufFormatInfo *info =
      gst_dmabuf_format_info_get (DRM_FORMAT_NV12);

  g_assert_cmpuint (gst_dmabuf_format_info_plane_width (info, 1, G_MAXUINT),
      ==, 1U << 31);
  info = gst_dmabuf_format_info_get (DRM_FORMAT_ARGB16161616);
  g_assert_cmpuint (gst_dmabuf_format_info_plane_row_bytes (info, 0, G_MAXUINT),
      ==, (guint64) G_MAXUINT * 8);
}

GST_END_TEST;

#if GST_CHECK_VERSION (1, 24, 0)
/* GstVideoFormats for which GStreamer's table says something else on purpose:
 * none, in 1.24, 1.26, and what was seen of 1.28 (data/gstreamer-formats.h). The
 * end of the list is NULL. */
static const gchar *const differences[] = { NULL };

GST_START_TEST (test_agrees_with_gstreamer_table)
{
  guint v, compared = 0;

  for (v = 0; v < n_video_formats (); v++) {
    GstDmabufFormat ours = GST_DMABUF_FORMAT_INIT (0, 0);
    guint64 modifier = DRM_FORMAT_MOD_LINEAR;
    guint32 fourcc;

    if (!is_video_format (v))
      continue;
#if GST_CHECK_VERSION (1, 26, 0)
    fourcc = gst_video_dma_drm_format_from_gst_format (v, &modifier);
#else
    fourcc = gst_video_dma_drm_fourcc_from_format (v);
#endif
    if (fourcc == 0 || g_strv_contains (differences,
            gst_video_format_to_string (v)))
      continue;
    compared++;
    fail_unless (gst_dmabuf_format_from_video_format (v, &ours),
        "%s is in GStreamer's table only", gst_video_format_to_string (v));
    fail_unless (ours.fourcc == fourcc && ours.modifier == modifier,
        "%s is %" GST_FOURCC_FORMAT ":%" G_GINT64_MODIFIER "x in GStreamer's "
        "table, %" GST_FOURCC_FORMAT ":%" G_GINT64_MODIFIER "x in ours",
        gst_video_format_to_string (v), GST_FOURCC_ARGS (fourcc), modifier,
        GST_FOURCC_ARGS (ours.fourcc), ours.modifier);
  }
  fail_unless (compared >= 35, "only %u", compared);
}

GST_END_TEST;

/* Fourccs for which GStreamer's reverse look-up is wrong: it takes the first
 * row, whatever its layout. */
static const guint32 wrong_in_gstreamer[] = {
  DRM_FORMAT_NV15,
};

GST_START_TEST (test_agrees_with_gstreamer_reverse_lookup)
{
  guint i, j;

  for (i = 0; i < gst_dmabuf_format_info_n (); i++) {
    const GstDmabufFormatInfo *info = gst_dmabuf_format_info_nth (i);
    GstVideoFormat theirs = gst_video_dma_drm_fourcc_to_format (info->fourcc);

    for (j = 0; j < G_N_ELEMENTS (wrong_in_gstreamer); j++)
      if (info->fourcc == wrong_in_gstreamer[j])
        theirs = GST_VIDEO_FORMAT_UNKNOWN;
    fail_unless (theirs == GST_VIDEO_FORMAT_UNKNOWN
        || theirs == info->video_format, "%s: %s in GStreamer, %s here",
        info->description, gst_video_format_to_string (theirs),
        gst_video_format_to_string (info->video_format));
  }
}

GST_END_TEST;

GST_START_TEST (test_agrees_with_gstreamer_spelling)
{
  static const guint64 modifiers[] = { 0, 1, I915_FORMAT_MOD_Y_TILED };
  guint i, m;

  for (i = 0; i < gst_dmabuf_format_info_n (); i++) {
    for (m = 0; m < G_N_ELEMENTS (modifiers); m++) {
      GstDmabufFormat format = GST_DMABUF_FORMAT_INIT
          (gst_dmabuf_format_info_nth (i)->fourcc, modifiers[m]);
      gchar *ours = gst_dmabuf_format_to_string (&format);
      gchar *theirs = gst_video_dma_drm_fourcc_to_string (format.fourcc,
          format.modifier);

      g_assert_cmpstr (ours, ==, theirs);
      g_free (theirs);
      g_free (ours);
    }
  }
}

GST_END_TEST;
#endif

static Suite *
formatinfo_suite (void)
{
  Suite *s = suite_create ("formatinfo");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_rows_are_sane);
  tcase_add_test (tc, test_alpha_twins);
  tcase_add_loop_test (tc, test_rows_agree_with_the_kernel, 0,
      G_N_ELEMENTS (kernel_formats));
  tcase_add_test (tc, test_every_fourcc_has_a_row);
  tcase_add_loop_test (tc, test_known_pairs, 0, G_N_ELEMENTS (pairs));
  tcase_add_test (tc, test_rows_agree_with_gst_video_format_info);
  tcase_add_test (tc, test_rows_of_newer_gstreamer);
  tcase_add_test (tc, test_video_formats_lead_back);
  tcase_add_test (tc, test_tiled_formats);
  tcase_add_loop_test (tc, test_plane_sizes, 0, G_N_ELEMENTS (sizes));
  tcase_add_test (tc, test_plane_sizes_do_not_wrap);
#if GST_CHECK_VERSION (1, 24, 0)
  tcase_add_test (tc, test_agrees_with_gstreamer_table);
  tcase_add_test (tc, test_agrees_with_gstreamer_reverse_lookup);
  tcase_add_test (tc, test_agrees_with_gstreamer_spelling);
#endif
  return s;
}

DMABUF_TEST_MAIN (formatinfo_suite)
