/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Fixed caps of the three dialects into GstDmabufVideoInfo and back. Expected
 * values are written out, so that every GStreamer must give the same.
 */
#include <gst/dmabuf/gstdmabufvideoinfo.h>
#include <drm_fourcc.h>
#include "dmabuftest.h"

#define EXPLICIT "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format="
#define LEGACY "video/x-raw(memory:DMABuf),format="
#define SYSTEM "video/x-raw,format="
#define SIZE ",width=320,height=240,framerate=30/1"
#define X_TILED "0x0100000000000001"
#define VIVANTE "0x0600000000000001"

static GstCaps *
caps_from (const gchar * text)
{
  GstCaps *caps = gst_caps_from_string (text);

  fail_unless (caps != NULL, "%s", text);
  return caps;
}

static const struct
{
  const gchar *caps;
  GstDmabufDialect dialect;
  guint32 fourcc;
  guint64 modifier;
  GstVideoFormat video_format;
  const gchar *colorimetry;
} infos[] = {
  {EXPLICIT "NV12" SIZE, GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_NV12, 0,
      GST_VIDEO_FORMAT_NV12, "bt601"},
  {EXPLICIT "NV12:0x0" SIZE, GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_NV12, 0,
      GST_VIDEO_FORMAT_NV12, "bt601"},
  {EXPLICIT "NV12,width=1280,height=720,framerate=0/1",
        GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_NV12, 0,
      GST_VIDEO_FORMAT_NV12, "bt709"},
  /* tiled: the colorimetry of the fourcc */
  {EXPLICIT "NV12:" X_TILED SIZE, GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_NV12,
      I915_FORMAT_MOD_X_TILED, GST_VIDEO_FORMAT_ENCODED, "bt601"},
  {EXPLICIT "NV12:" X_TILED ",width=1280,height=720,framerate=30/1",
        GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_NV12,
      I915_FORMAT_MOD_X_TILED, GST_VIDEO_FORMAT_ENCODED, "bt709"},
  {EXPLICIT "NV12:" X_TILED SIZE ",colorimetry=bt2020",
        GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_NV12,
      I915_FORMAT_MOD_X_TILED, GST_VIDEO_FORMAT_ENCODED, "bt2020"},
  {EXPLICIT "XR24:" X_TILED SIZE, GST_DMABUF_DIALECT_EXPLICIT,
        DRM_FORMAT_XRGB8888, I915_FORMAT_MOD_X_TILED, GST_VIDEO_FORMAT_ENCODED,
      "sRGB"},
  {EXPLICIT "XR24:0x1" SIZE, GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_XRGB8888,
      1, GST_VIDEO_FORMAT_ENCODED, "sRGB"},
  /* tiled, and known to GStreamer */
  {EXPLICIT "NV12:" VIVANTE SIZE, GST_DMABUF_DIALECT_EXPLICIT,
        DRM_FORMAT_NV12, DRM_FORMAT_MOD_VIVANTE_TILED,
      GST_VIDEO_FORMAT_NV12_4L4, "bt601"},
  /* fourccs without a GstVideoFormat */
  {EXPLICIT "NV42" SIZE, GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_NV42, 0,
      GST_VIDEO_FORMAT_ENCODED, "bt601"},
  {EXPLICIT "RA30,width=1280,height=720,framerate=30/1",
        GST_DMABUF_DIALECT_EXPLICIT,
      DRM_FORMAT_RGBA1010102, 0, GST_VIDEO_FORMAT_ENCODED, "sRGB"},
  {EXPLICIT "R8" SIZE, GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_R8, 0,
      GST_VIDEO_FORMAT_GRAY8, "1:4:0:0"},
  {EXPLICIT "YU08:0x0810000000000001" SIZE, GST_DMABUF_DIALECT_EXPLICIT,
        DRM_FORMAT_YUV420_8BIT, DRM_FORMAT_MOD_ARM_16X16_BLOCK_U_INTERLEAVED,
      GST_VIDEO_FORMAT_ENCODED, "bt601"},
  {LEGACY "NV12" SIZE, GST_DMABUF_DIALECT_LEGACY, DRM_FORMAT_NV12,
      DRM_FORMAT_MOD_INVALID, GST_VIDEO_FORMAT_NV12, "bt601"},
  {LEGACY "NV12_4L4" SIZE, GST_DMABUF_DIALECT_LEGACY, DRM_FORMAT_NV12,
      DRM_FORMAT_MOD_INVALID, GST_VIDEO_FORMAT_NV12_4L4, "bt601"},
  {SYSTEM "BGRx" SIZE, GST_DMABUF_DIALECT_SYSTEM, DRM_FORMAT_XRGB8888, 0,
      GST_VIDEO_FORMAT_BGRx, "sRGB"},
  {SYSTEM "NV12_4L4" SIZE, GST_DMABUF_DIALECT_SYSTEM, DRM_FORMAT_NV12,
      DRM_FORMAT_MOD_VIVANTE_TILED, GST_VIDEO_FORMAT_NV12_4L4, "bt601"},
  {"video/x-raw(meta:GstVideoOverlayComposition),format=I420" SIZE,
        GST_DMABUF_DIALECT_SYSTEM, DRM_FORMAT_YUV420, 0,
      GST_VIDEO_FORMAT_I420, "bt601"},
};

GST_START_TEST (test_info_from_caps_and_back)
{
  GstCaps *caps = caps_from (infos[__i__].caps), *back;
  GstDmabufVideoInfo info, again;
  GError *error = NULL;
  gchar *colorimetry;

  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, &error), "%s",
      error ? error->message : "");
  fail_unless_equals_int (info.dialect, infos[__i__].dialect);
  fail_unless_equals_int (gst_dmabuf_caps_get_dialect (caps), info.dialect);
  g_assert_cmphex (info.format.fourcc, ==, infos[__i__].fourcc);
  g_assert_cmphex (info.format.modifier, ==, infos[__i__].modifier);
  fail_unless (info.info == gst_dmabuf_format_info_get (info.format.fourcc));
  fail_unless_equals_int (GST_VIDEO_INFO_FORMAT (&info.vinfo),
      infos[__i__].video_format);
  fail_unless_equals_int (GST_VIDEO_INFO_N_PLANES (&info.vinfo),
      infos[__i__].video_format == GST_VIDEO_FORMAT_ENCODED ? 0 :
      info.info->n_planes);
  fail_unless ((info.vinfo.size == 0) ==
      (infos[__i__].video_format == GST_VIDEO_FORMAT_ENCODED));
  colorimetry = gst_video_colorimetry_to_string (&info.vinfo.colorimetry);
  g_assert_cmpstr (colorimetry, ==, infos[__i__].colorimetry);
  g_free (colorimetry);
  fail_unless_equals_int (info.vinfo.chroma_site,
      GST_VIDEO_CHROMA_SITE_UNKNOWN);

  back = gst_dmabuf_video_info_to_caps (&info);
  fail_unless (gst_caps_is_fixed (back));
  fail_unless_equals_int (gst_dmabuf_caps_get_dialect (back), info.dialect);
  fail_unless (gst_dmabuf_video_info_from_caps (&again, back, NULL));
  fail_unless (gst_dmabuf_format_equal (&info.format, &again.format));
  fail_unless (gst_video_info_is_equal (&info.vinfo, &again.vinfo));

  gst_caps_unref (back);
  gst_caps_unref (caps);
}

GST_END_TEST;

static const struct
{
  const gchar *caps;
  GstDmabufError code;
} bad_infos[] = {
  {EXPLICIT "NV12:0x" SIZE, GST_DMABUF_ERROR_INVALID},
  {EXPLICIT "NV12:0x1garbage" SIZE, GST_DMABUF_ERROR_INVALID},
  {EXPLICIT "NV12:0x00ffffffffffffff" SIZE, GST_DMABUF_ERROR_INVALID},
  {EXPLICIT "(int)5" SIZE, GST_DMABUF_ERROR_INVALID},
  {"video/x-raw(memory:DMABuf),format=DMA_DRM" SIZE, GST_DMABUF_ERROR_INVALID},
  {EXPLICIT "ZZZZ" SIZE, GST_DMABUF_ERROR_UNSUPPORTED},
  {EXPLICIT "XR24_BE" SIZE, GST_DMABUF_ERROR_UNSUPPORTED},
  {EXPLICIT "NV12", GST_DMABUF_ERROR_INVALID},
  {EXPLICIT "NV12,width=320", GST_DMABUF_ERROR_INVALID},
  {EXPLICIT "NV12,width=0,height=240", GST_DMABUF_ERROR_INVALID},
  {EXPLICIT "NV12,width=320,height=-1", GST_DMABUF_ERROR_INVALID},
  {EXPLICIT "NV12,width=2147483647,height=2147483647",
      GST_DMABUF_ERROR_INVALID},
  {EXPLICIT "{NV12,NV21}" SIZE, GST_DMABUF_ERROR_INVALID},
  {SYSTEM "DMA_DRM,drm-format=NV12" SIZE, GST_DMABUF_ERROR_INVALID},
  {LEGACY "NOSUCH" SIZE, GST_DMABUF_ERROR_UNSUPPORTED},
  {LEGACY "GBR" SIZE, GST_DMABUF_ERROR_UNSUPPORTED},
  {SYSTEM "NV12,width=0,height=0", GST_DMABUF_ERROR_INVALID},
  {"video/x-raw" SIZE, GST_DMABUF_ERROR_INVALID},
  {"video/x-raw(memory:GLMemory),format=NV12" SIZE,
      GST_DMABUF_ERROR_UNSUPPORTED},
  {"video/x-raw(ANY),format=NV12" SIZE, GST_DMABUF_ERROR_INVALID},
  {"video/x-raw(memory:DMABuf,memory:GLMemory),format=NV12" SIZE,
      GST_DMABUF_ERROR_UNSUPPORTED},
  {EXPLICIT "NV12" SIZE ",interlace-mode=alternate", GST_DMABUF_ERROR_INVALID},
  {"video/x-h264" SIZE, GST_DMABUF_ERROR_INVALID},
  {"ANY", GST_DMABUF_ERROR_INVALID},
  {"EMPTY", GST_DMABUF_ERROR_INVALID},
};

GST_START_TEST (test_bad_info)
{
  GstCaps *caps = caps_from (bad_infos[__i__].caps);
  GstDmabufVideoInfo info;
  GError *error = NULL;

  gst_dmabuf_video_info_init (&info);
  fail_if (gst_dmabuf_video_info_from_caps (&info, caps, &error));
  g_assert_error (error, GST_DMABUF_ERROR, bad_infos[__i__].code);
  fail_unless (error->message[0] != '\0');
  fail_unless (info.dialect == GST_DMABUF_DIALECT_NONE && info.info == NULL);
  g_clear_error (&error);
  gst_caps_unref (caps);
}

GST_END_TEST;

/* Sizes at the limits give an info or an error, the same for each dialect. */
GST_START_TEST (test_sizes)
{
  static const struct
  {
    gint width, height;
    gboolean ok;
  } sizes[] = {
    {1, 1, TRUE}, {8193, 1, TRUE}, {1, 8193, TRUE}, {65535, 1, TRUE},
    {16384, 16384, TRUE}, {65535, 65535, FALSE}, {0, 1, FALSE}, {1, 0, FALSE},
    {G_MININT, 1, FALSE},
    {G_MAXINT, G_MAXINT, FALSE},
  };
  static const gchar *const formats[] = {
    EXPLICIT "NV12", EXPLICIT "NV12:" X_TILED, EXPLICIT "AR24", LEGACY "NV12",
    SYSTEM "I420", EXPLICIT "XR48",
  };
  guint s, f;

  for (s = 0; s < G_N_ELEMENTS (sizes); s++) {
    for (f = 0; f < G_N_ELEMENTS (formats); f++) {
      gchar *text = g_strdup_printf ("%s,width=%d,height=%d", formats[f],
          sizes[s].width, sizes[s].height);
      GstCaps *caps = caps_from (text);
      GstDmabufVideoInfo info;
      GError *error = NULL;
      gboolean ok = gst_dmabuf_video_info_from_caps (&info, caps, &error);

      fail_unless (ok == sizes[s].ok, "%s", text);
      if (ok) {
        fail_unless_equals_int (info.vinfo.width, sizes[s].width);
        fail_unless_equals_int (info.vinfo.height, sizes[s].height);
      } else {
        g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
        g_clear_error (&error);
      }
      gst_caps_unref (caps);
      g_free (text);
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_fields_of_info)
{
  GstCaps *caps = caps_from (EXPLICIT "NV12:" X_TILED ",width=720,height=576,"
      "framerate=25/1,pixel-aspect-ratio=16/15,interlace-mode=interleaved,"
      "field-order=bottom-field-first,chroma-site=mpeg2,"
      "colorimetry=2:4:5:4,multiview-mode=side-by-side");
  GstDmabufVideoInfo info;
  GstCaps *back;
  GstStructure *structure;

  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
  fail_unless_equals_int (GST_VIDEO_INFO_FPS_N (&info.vinfo), 25);
  fail_unless_equals_int (GST_VIDEO_INFO_PAR_N (&info.vinfo), 16);
  fail_unless_equals_int (GST_VIDEO_INFO_INTERLACE_MODE (&info.vinfo),
      GST_VIDEO_INTERLACE_MODE_INTERLEAVED);
  fail_unless_equals_int (GST_VIDEO_INFO_FIELD_ORDER (&info.vinfo),
      GST_VIDEO_FIELD_ORDER_BOTTOM_FIELD_FIRST);
  fail_unless_equals_int (GST_VIDEO_INFO_MULTIVIEW_MODE (&info.vinfo),
      GST_VIDEO_MULTIVIEW_MODE_SIDE_BY_SIDE);

  back = gst_dmabuf_video_info_to_caps (&info);
  structure = gst_caps_get_structure (back, 0);
  g_assert_cmpstr (gst_structure_get_string (structure, "format"), ==,
      "DMA_DRM");
  g_assert_cmpstr (gst_structure_get_string (structure, "drm-format"), ==,
      "NV12:" X_TILED);
  g_assert_cmpstr (gst_structure_get_string (structure, "chroma-site"), ==,
      "mpeg2");
  g_assert_cmpstr (gst_structure_get_string (structure, "interlace-mode"), ==,
      "interleaved");
  g_assert_cmpstr (gst_structure_get_string (structure, "multiview-mode"), ==,
      "side-by-side");
  gst_caps_unref (back);
  gst_caps_unref (caps);
}

GST_END_TEST;

/* Anybody's text is no reason for GStreamer's warnings, which may be fatal. */
GST_START_TEST (test_unknown_multiview_mode)
{
  static const gchar *const texts[] = {
    "nonsense", "(string)\"\"", "(string)3", "none",
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++) {
    gchar *text = g_strconcat (EXPLICIT "NV12" SIZE ",multiview-mode=",
        texts[i], NULL);
    GstCaps *caps = caps_from (text);
    GstDmabufVideoInfo info;

    fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
    fail_unless_equals_int (GST_VIDEO_INFO_MULTIVIEW_MODE (&info.vinfo),
        GST_VIDEO_MULTIVIEW_MODE_NONE);
    gst_caps_unref (caps);
    g_free (text);
  }
}

GST_END_TEST;

/* What is not said, what makes no sense, and what the format cannot have is
 * unknown, with every GStreamer. */
static const struct
{
  const gchar *format, *text;
  GstVideoChromaSite site;
} chroma_sites[] = {
  {EXPLICIT "NV12", "mpeg2", GST_VIDEO_CHROMA_SITE_MPEG2},
  {EXPLICIT "NV12", "nonsense", GST_VIDEO_CHROMA_SITE_UNKNOWN},
  {EXPLICIT "NV12", "none+h-cosited", GST_VIDEO_CHROMA_SITE_UNKNOWN},
  {EXPLICIT "NV12:" X_TILED, "jpeg", GST_VIDEO_CHROMA_SITE_JPEG},
  {EXPLICIT "NV12:" X_TILED, "nonsense", GST_VIDEO_CHROMA_SITE_UNKNOWN},
  {EXPLICIT "YV16", "mpeg2", GST_VIDEO_CHROMA_SITE_MPEG2},
  {EXPLICIT "XR24", "mpeg2", GST_VIDEO_CHROMA_SITE_UNKNOWN},
  {EXPLICIT "RA30", "mpeg2", GST_VIDEO_CHROMA_SITE_UNKNOWN},
  {EXPLICIT "R8", "mpeg2", GST_VIDEO_CHROMA_SITE_UNKNOWN},
  {LEGACY "I420", "nonsense", GST_VIDEO_CHROMA_SITE_UNKNOWN},
  {SYSTEM "BGRx", "mpeg2", GST_VIDEO_CHROMA_SITE_UNKNOWN},
};

GST_START_TEST (test_chroma_site)
{
  /* Both heights for which GStreamer has another default. */
  static const gchar *const heights[] = { "240", "720" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (heights); i++) {
    gchar *text = g_strdup_printf ("%s,width=320,height=%s,chroma-site=%s",
        chroma_sites[__i__].format, heights[i], chroma_sites[__i__].text);
    GstCaps *caps = caps_from (text);
    GstDmabufVideoInfo info;

    fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
    fail_unless (info.vinfo.chroma_site == chroma_sites[__i__].site, "%s: %d",
        text, info.vinfo.chroma_site);
    gst_caps_unref (caps);
    g_free (text);
  }
}

GST_END_TEST;

/* format:Interlaced stays beside memory:DMABuf, both ways. */
GST_START_TEST (test_alternate_fields)
{
  GstCaps *caps = caps_from ("video/x-raw(memory:DMABuf,format:Interlaced),"
      "format=DMA_DRM,drm-format=NV12,width=720,height=576,framerate=25/1,"
      "interlace-mode=alternate");
  GstDmabufVideoInfo info;
  GError *error = NULL;
  GstCaps *back;

  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, &error), "%s",
      error ? error->message : "");
  back = gst_dmabuf_video_info_to_caps (&info);
  fail_unless (gst_caps_features_contains (gst_caps_get_features (back, 0),
          "format:Interlaced"));
  fail_unless (gst_caps_features_contains (gst_caps_get_features (back, 0),
          "memory:DMABuf"));
  fail_if (gst_caps_features_contains (gst_caps_get_features (back, 0),
          "memory:SystemMemory"));
  gst_caps_unref (back);
  gst_caps_unref (caps);
}

GST_END_TEST;

GST_START_TEST (test_set_format)
{
  static const struct
  {
    const gchar *format;
    GstDmabufDialect dialect;
    gboolean ok;
  } formats[] = {
    {"NV12", GST_DMABUF_DIALECT_EXPLICIT, TRUE},
    {"NV12:" X_TILED, GST_DMABUF_DIALECT_EXPLICIT, TRUE},
    {"NV42", GST_DMABUF_DIALECT_EXPLICIT, TRUE},
    {"NV12:0xffffffffffffff", GST_DMABUF_DIALECT_EXPLICIT, FALSE},
    {"NV12:0xffffffffffffff", GST_DMABUF_DIALECT_LEGACY, TRUE},
    {"NV42:0xffffffffffffff", GST_DMABUF_DIALECT_LEGACY, FALSE},
    {"NV12", GST_DMABUF_DIALECT_LEGACY, FALSE},
    {"NV12", GST_DMABUF_DIALECT_SYSTEM, TRUE},
    {"NV12:" VIVANTE, GST_DMABUF_DIALECT_SYSTEM, TRUE},
    {"NV12:" X_TILED, GST_DMABUF_DIALECT_SYSTEM, FALSE},
    {"ZZZZ", GST_DMABUF_DIALECT_EXPLICIT, FALSE},
  };
  static const GstDmabufDialect no_dialects[] = {
    GST_DMABUF_DIALECT_NONE, GST_DMABUF_DIALECT_ALL,
    GST_DMABUF_DIALECT_EXPLICIT | GST_DMABUF_DIALECT_SYSTEM,
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++) {
    GstDmabufFormat format;
    GstDmabufVideoInfo info, parsed;
    GError *error = NULL;
    GstCaps *caps;
    gboolean ok;

    fail_unless (gst_dmabuf_format_parse (formats[i].format, &format, NULL));
    ok = gst_dmabuf_video_info_set_format (&info, formats[i].dialect, &format,
        640, 360, &error);
    fail_unless (ok == formats[i].ok, "%s", formats[i].format);
    if (!ok) {
      g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED);
      g_clear_error (&error);
      continue;
    }
    info.vinfo.fps_n = 30;
    caps = gst_dmabuf_video_info_to_caps (&info);
    fail_unless (gst_dmabuf_video_info_from_caps (&parsed, caps, NULL));
    fail_unless (gst_dmabuf_format_equal (&parsed.format, &format));
    fail_unless_equals_int (parsed.dialect, formats[i].dialect);
    fail_unless (gst_video_info_is_equal (&parsed.vinfo, &info.vinfo));
    gst_caps_unref (caps);

    fail_if (gst_dmabuf_video_info_set_format (&info, formats[i].dialect,
            &format, 0, 360, &error));
    g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
    g_clear_error (&error);
    fail_if (gst_dmabuf_video_info_set_format (&info, formats[i].dialect,
            &format, 1U << 31, G_MAXUINT, &error));
    g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
    g_clear_error (&error);
  }
  for (i = 0; i < G_N_ELEMENTS (no_dialects); i++) {
    GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12, 0);
    GstDmabufVideoInfo info;
    GError *error = NULL;

    fail_if (gst_dmabuf_video_info_set_format (&info, no_dialects[i], &format,
            640, 360, &error));
    g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
    g_clear_error (&error);
  }
}

GST_END_TEST;

/* Whatever a dialect can say is read back as what was said. */
GST_START_TEST (test_every_fourcc_in_every_dialect)
{
  static const GstDmabufDialect dialects[] = {
    GST_DMABUF_DIALECT_EXPLICIT, GST_DMABUF_DIALECT_LEGACY,
    GST_DMABUF_DIALECT_SYSTEM,
  };
  static const guint64 modifiers[] = { DRM_FORMAT_MOD_LINEAR,
    DRM_FORMAT_MOD_INVALID, DRM_FORMAT_MOD_VIVANTE_TILED, 5
  };
  guint i, d, m, said = 0;

  for (i = 0; i < gst_dmabuf_format_info_n (); i++) {
    for (d = 0; d < G_N_ELEMENTS (dialects); d++) {
      for (m = 0; m < G_N_ELEMENTS (modifiers); m++) {
        GstDmabufFormat format = GST_DMABUF_FORMAT_INIT
            (gst_dmabuf_format_info_nth (i)->fourcc, modifiers[m]);
        GstDmabufVideoInfo info, back;
        GstCaps *caps;

        if (!gst_dmabuf_video_info_set_format (&info, dialects[d], &format, 64,
                64, NULL))
          continue;
        said++;
        caps = gst_dmabuf_video_info_to_caps (&info);
        fail_unless (gst_dmabuf_video_info_from_caps (&back, caps, NULL));
        fail_unless (gst_dmabuf_format_equal (&format, &back.format), "%s",
            gst_caps_to_string (caps));
        gst_caps_unref (caps);
      }
    }
  }
  fail_unless (said > 500, "%u", said);
}

GST_END_TEST;

GST_START_TEST (test_meta_format)
{
  static const struct
  {
    const gchar *caps;
    const gchar *format;        /* NULL: DMA_DRM, or ENCODED before 1.24 */
  } rows[] = {
    {EXPLICIT "NV12" SIZE, "NV12"},
    {EXPLICIT "NV12:" VIVANTE SIZE, "NV12_4L4"},
    {EXPLICIT "NV12:" X_TILED SIZE, NULL},
    {EXPLICIT "NV42" SIZE, NULL},
    {LEGACY "NV12" SIZE, "NV12"},
    {SYSTEM "BGRx" SIZE, "BGRx"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    GstCaps *caps = caps_from (rows[i].caps);
    GstDmabufVideoInfo info;
    GstVideoFormat expected = gst_video_format_from_string (rows[i].format ?
        rows[i].format : "DMA_DRM");

    if (expected == GST_VIDEO_FORMAT_UNKNOWN)
      expected = GST_VIDEO_FORMAT_ENCODED;
    fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
    fail_unless_equals_int (gst_dmabuf_video_info_get_meta_format (&info),
        expected);
    gst_caps_unref (caps);
  }
}

GST_END_TEST;

#if GST_CHECK_VERSION (1, 24, 0)
/* Explicit caps that GStreamer makes are ours, and the other way round. */
GST_START_TEST (test_agrees_with_gst_video_info_dma_drm)
{
  static const guint64 modifiers[] = { 0, I915_FORMAT_MOD_Y_TILED };
  guint i, m, compared = 0;

  for (i = 0; i < gst_dmabuf_format_info_n (); i++) {
    for (m = 0; m < G_N_ELEMENTS (modifiers); m++) {
      GstDmabufFormat format = GST_DMABUF_FORMAT_INIT
          (gst_dmabuf_format_info_nth (i)->fourcc, modifiers[m]);
      GstDmabufVideoInfo info;
      GstVideoInfoDmaDrm drm;
      GstCaps *caps;

      if (gst_video_dma_drm_fourcc_to_format (format.fourcc) ==
          GST_VIDEO_FORMAT_UNKNOWN)
        continue;
      compared++;
      fail_unless (gst_dmabuf_video_info_set_format (&info,
              GST_DMABUF_DIALECT_EXPLICIT, &format, 640, 480, NULL));
      caps = gst_dmabuf_video_info_to_caps (&info);
      fail_unless (gst_video_info_dma_drm_from_caps (&drm, caps));
      g_assert_cmphex (drm.drm_fourcc, ==, format.fourcc);
      g_assert_cmphex (drm.drm_modifier, ==, format.modifier);
      fail_unless (gst_video_colorimetry_is_equal (&drm.vinfo.colorimetry,
              &info.vinfo.colorimetry));
      gst_caps_unref (caps);

      caps = gst_video_info_dma_drm_to_caps (&drm);
      fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
      fail_unless (gst_dmabuf_format_equal (&info.format, &format));
      gst_caps_unref (caps);
    }
  }
  fail_unless (compared > 60);
}

GST_END_TEST;
#endif

static Suite *
videoinfo_suite (void)
{
  Suite *s = suite_create ("videoinfo");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_info_from_caps_and_back, 0,
      G_N_ELEMENTS (infos));
  tcase_add_loop_test (tc, test_bad_info, 0, G_N_ELEMENTS (bad_infos));
  tcase_add_test (tc, test_sizes);
  tcase_add_test (tc, test_fields_of_info);
  tcase_add_test (tc, test_unknown_multiview_mode);
  tcase_add_loop_test (tc, test_chroma_site, 0, G_N_ELEMENTS (chroma_sites));
  tcase_add_test (tc, test_alternate_fields);
  tcase_add_test (tc, test_set_format);
  tcase_add_test (tc, test_every_fourcc_in_every_dialect);
  tcase_add_test (tc, test_meta_format);
#if GST_CHECK_VERSION (1, 24, 0)
  tcase_add_test (tc, test_agrees_with_gst_video_info_dma_drm);
#endif
  return s;
}

DMABUF_TEST_MAIN (videoinfo_suite)
