/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Fixed caps into GstDmabufVideoInfo and back. GstVideoInfo does all that is
 * the same for raw frames of any layout: explicit caps are first rewritten as
 * the system caps of the same pixels, which GStreamer 1.22 can read too, and
 * which gives tiled frames the default colorimetry of linear ones.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufvideoinfo.h"
#include "gstdmabufcapsprivate.h"

#include <string.h>

GstDmabufCapsMemory
gst_dmabuf_caps_get_memory (const GstCapsFeatures * features)
{
  guint i;

  GstDmabufCapsMemory memory = GST_DMABUF_CAPS_MEMORY_SYSTEM;

  if (!features)
    return GST_DMABUF_CAPS_MEMORY_SYSTEM;
  if (gst_caps_features_is_any (features))
    return GST_DMABUF_CAPS_MEMORY_ANY;

  for (i = 0; i < gst_caps_features_get_size (features); i++) {
    const gchar *feature = gst_caps_features_get_nth (features, i);

    if (strcmp (feature, GST_CAPS_FEATURE_MEMORY_DMABUF) == 0)
      memory = GST_DMABUF_CAPS_MEMORY_DMABUF;
    else if (g_str_has_prefix (feature, "memory:")
        && strcmp (feature, GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY) != 0)
      return GST_DMABUF_CAPS_MEMORY_OTHER;
  }
  return memory;
}

GstVideoFormat
gst_dmabuf_caps_get_video_format (const GstDmabufFormat * format,
    GstDmabufDialect dialect)
{
  GstDmabufFormat named = *format, back;
  GstVideoFormat video_format;

  if (dialect == GST_DMABUF_DIALECT_LEGACY) {
    if (!gst_dmabuf_format_is_implicit (format))
      return GST_VIDEO_FORMAT_UNKNOWN;
    named.modifier = GST_DMABUF_MOD_LINEAR;
  }
  video_format = gst_dmabuf_format_to_video_format (&named);
  if (!gst_dmabuf_format_from_video_format (video_format, &back)
      || !gst_dmabuf_format_equal (&back, &named))
    return GST_VIDEO_FORMAT_UNKNOWN;
  return video_format;
}

void
gst_dmabuf_video_info_init (GstDmabufVideoInfo * info)
{
  g_return_if_fail (info != NULL);

  memset (info, 0, sizeof (*info));
  info->format.modifier = GST_DMABUF_MOD_INVALID;
  gst_video_info_init (&info->vinfo);
}

/* A GstVideoFormat that makes GStreamer choose the colorimetry of the fourcc:
 * the one with the same pixels, or else any of the same family. */
static GstVideoFormat
get_stand_in (const GstDmabufFormatInfo * info)
{
  if (info->video_format != GST_VIDEO_FORMAT_UNKNOWN)
    return info->video_format;
  if (info->is_yuv)
    return GST_VIDEO_FORMAT_AYUV;
  if (info->is_gray)
    return GST_VIDEO_FORMAT_GRAY8;
  return GST_VIDEO_FORMAT_RGBA;
}

/* The GstVideoFormat to ask GStreamer about, and whether its planes are those
 * of the frame. */
static GstVideoFormat
get_parsed_format (const GstDmabufFormat * format,
    const GstDmabufFormatInfo * info, gboolean * opaque)
{
  GstVideoFormat video_format = gst_dmabuf_format_to_video_format (format);

  *opaque = video_format == GST_VIDEO_FORMAT_UNKNOWN;
  return *opaque ? get_stand_in (info) : video_format;
}

static void
make_opaque (GstVideoInfo * vinfo)
{
  vinfo->finfo = gst_video_format_get_info (GST_VIDEO_FORMAT_ENCODED);
  memset (vinfo->stride, 0, sizeof (vinfo->stride));
  memset (vinfo->offset, 0, sizeof (vinfo->offset));
  vinfo->size = 0;
}

static const GstDmabufFormatInfo *
lookup_fourcc (const GstDmabufFormat * format, GError ** error)
{
  const GstDmabufFormatInfo *info = gst_dmabuf_format_info_get (format->fourcc);

  if (!info) {
    gchar *text = gst_dmabuf_format_describe (format);

    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s: unknown fourcc", text);
    g_free (text);
  }
  return info;
}

static gboolean
check_size (gint width, gint height, GError ** error)
{
  if (width >= 1 && height >= 1)
    return TRUE;
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "frames of %d x %d pixels", width, height);
  return FALSE;
}

/* NULL for what is not one flag. */
static const gchar *
get_dialect_name (GstDmabufDialect dialect)
{
  switch ((gint) dialect) {
    case GST_DMABUF_DIALECT_EXPLICIT:
      return "explicit";
    case GST_DMABUF_DIALECT_LEGACY:
      return "legacy";
    case GST_DMABUF_DIALECT_SYSTEM:
      return "system";
    default:
      return NULL;
  }
}

static gboolean
dialect_can_name (GstDmabufDialect dialect, const GstDmabufFormat * format)
{
  if (dialect == GST_DMABUF_DIALECT_EXPLICIT)
    return !gst_dmabuf_format_is_implicit (format);
  return gst_dmabuf_caps_get_video_format (format, dialect)
      != GST_VIDEO_FORMAT_UNKNOWN;
}

gboolean
gst_dmabuf_video_info_set_format (GstDmabufVideoInfo * info,
    GstDmabufDialect dialect, const GstDmabufFormat * format, guint width,
    guint height, GError ** error)
{
  GstDmabufVideoInfo result;
  GstVideoFormat video_format;
  gboolean opaque = FALSE;

  g_return_val_if_fail (info != NULL, FALSE);
  g_return_val_if_fail (format != NULL, FALSE);

  if (!get_dialect_name (dialect)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "0x%x is not one dialect of caps", (guint) dialect);
    return FALSE;
  }
  gst_dmabuf_video_info_init (&result);
  result.dialect = dialect;
  result.format = *format;
  result.info = lookup_fourcc (format, error);
  if (!result.info)
    return FALSE;
  if (!check_size ((gint) MIN (width, G_MAXINT), (gint) MIN (height, G_MAXINT),
          error))
    return FALSE;
  if (!dialect_can_name (dialect, format)) {
    gchar *text = gst_dmabuf_format_describe (format);

    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s cannot be said in %s caps", text, get_dialect_name (dialect));
    g_free (text);
    return FALSE;
  }

  video_format = dialect == GST_DMABUF_DIALECT_LEGACY ?
      result.info->video_format :
      get_parsed_format (format, result.info, &opaque);
  if (!gst_video_info_set_format (&result.vinfo, video_format, width, height)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "frames of %u x %u pixels are too large", width, height);
    return FALSE;
  }
  if (opaque)
    make_opaque (&result.vinfo);
  *info = result;
  return TRUE;
}

static GstDmabufDialect
get_structure_dialect (const GstStructure * structure,
    const GstCapsFeatures * features)
{
  const gchar *format =
      gst_structure_get_string (structure, GST_DMABUF_CAPS_FORMAT);
  gboolean is_dma_drm = g_strcmp0 (format, GST_DMABUF_COMPAT_DMA_DRM) == 0;

  if (!format || !gst_structure_has_name (structure, GST_DMABUF_CAPS_NAME))
    return GST_DMABUF_DIALECT_NONE;

  switch (gst_dmabuf_caps_get_memory (features)) {
    case GST_DMABUF_CAPS_MEMORY_DMABUF:
      return is_dma_drm ? GST_DMABUF_DIALECT_EXPLICIT
          : GST_DMABUF_DIALECT_LEGACY;
    case GST_DMABUF_CAPS_MEMORY_SYSTEM:
      return is_dma_drm ? GST_DMABUF_DIALECT_NONE : GST_DMABUF_DIALECT_SYSTEM;
    default:
      return GST_DMABUF_DIALECT_NONE;
  }
}

GstDmabufDialect
gst_dmabuf_caps_get_dialect (const GstCaps * caps)
{
  g_return_val_if_fail (caps != NULL, GST_DMABUF_DIALECT_NONE);

  if (!gst_caps_is_fixed (caps))
    return GST_DMABUF_DIALECT_NONE;
  return get_structure_dialect (gst_caps_get_structure (caps, 0),
      gst_caps_get_features (caps, 0));
}

static gboolean
read_explicit_format (const GstStructure * structure, GstDmabufFormat * format,
    GError ** error)
{
  const gchar *text =
      gst_structure_get_string (structure, GST_DMABUF_CAPS_DRM_FORMAT);

  if (!text) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "caps with format=DMA_DRM lack the string field drm-format");
    return FALSE;
  }
  if (!gst_dmabuf_format_parse (text, format, error))
    return FALSE;
  if (gst_dmabuf_format_is_implicit (format)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "drm-format=%s: an implicit layout cannot be said with format=DMA_DRM",
        text);
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_video_format (const GstStructure * structure, GstDmabufFormat * format,
    GError ** error)
{
  gchar *quoted;
  const gchar *name =
      gst_structure_get_string (structure, GST_DMABUF_CAPS_FORMAT);
  GstVideoFormat video_format = gst_video_format_from_string (name);

  if (gst_dmabuf_format_from_video_format (video_format, format))
    return TRUE;
  /* Anybody's text, of any length. */
  quoted = g_strescape (name, NULL);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "format=%.64s: DRM has no fourcc for it", quoted);
  g_free (quoted);
  return FALSE;
}

/* Why caps have no dialect. */
static gboolean
fail_no_dialect (const GstCaps * caps, GError ** error)
{
  gboolean fixed = gst_caps_is_fixed (caps);
  const GstStructure *structure =
      fixed ? gst_caps_get_structure (caps, 0) : NULL;
  gchar *text = gst_caps_to_string (caps);
  const gchar *what = "do not describe raw frames";
  GstDmabufError code = GST_DMABUF_ERROR_INVALID;

  if (!fixed) {
    what = "are not fixed";
  } else if (gst_structure_has_name (structure, GST_DMABUF_CAPS_NAME)
      && gst_dmabuf_caps_get_memory (gst_caps_get_features (caps, 0))
      == GST_DMABUF_CAPS_MEMORY_OTHER) {
    what = "are for memory that is no dma-buf";
    code = GST_DMABUF_ERROR_UNSUPPORTED;
  }
  g_set_error (error, GST_DMABUF_ERROR, code, "caps %s: %.256s", what, text);
  g_free (text);
  return FALSE;
}

/* GStreamer reads a mode that it does not know as none, with a warning that may
 * be made fatal. */
static gboolean
has_unknown_multiview_mode (const GstStructure * structure)
{
  const gchar *text = gst_structure_get_string (structure, "multiview-mode");
  const GEnumValue *mode;
  GEnumClass *modes;
  gboolean known;

  if (!text)
    return FALSE;
  modes = g_type_class_ref (GST_TYPE_VIDEO_MULTIVIEW_MODE);
  mode = g_enum_get_value_by_nick (modes, text);
  known = mode != NULL && mode->value != GST_VIDEO_MULTIVIEW_MODE_NONE;
  g_type_class_unref (modes);
  return !known;
}

/* The system caps of frames of video_format with all else as in caps. */
static GstCaps *
make_raw_caps (const GstCaps * caps, GstVideoFormat video_format)
{
  GstStructure *structure =
      gst_structure_copy (gst_caps_get_structure (caps, 0));
  GstCapsFeatures *features =
      gst_caps_features_copy (gst_caps_get_features (caps, 0));
  GstCaps *raw = gst_caps_new_empty ();

  gst_structure_remove_field (structure, GST_DMABUF_CAPS_DRM_FORMAT);
  if (has_unknown_multiview_mode (structure))
    gst_structure_remove_field (structure, "multiview-mode");
  gst_structure_set (structure, GST_DMABUF_CAPS_FORMAT, G_TYPE_STRING,
      gst_video_format_to_string (video_format), NULL);
  gst_caps_features_remove (features, GST_CAPS_FEATURE_MEMORY_DMABUF);
  gst_caps_append_structure_full (raw, structure, features);
  return raw;
}

/* GStreamer puts a guess in the place of a chroma site that is not said or makes
 * no sense, and 1.22 often in that of one that is said. Here it is what the caps
 * say, or unknown. */
static GstVideoChromaSite
read_chroma_site (const GstStructure * structure, const GstVideoInfo * vinfo)
{
  const GstVideoChromaSite cosited = GST_VIDEO_CHROMA_SITE_H_COSITED
      | GST_VIDEO_CHROMA_SITE_V_COSITED;
  const gchar *text = gst_structure_get_string (structure, "chroma-site");
  GstVideoChromaSite site;

  if (!text || !GST_VIDEO_INFO_IS_YUV (vinfo))
    return GST_VIDEO_CHROMA_SITE_UNKNOWN;
  site = gst_video_chroma_site_from_string (text);
  if ((site & GST_VIDEO_CHROMA_SITE_NONE) && (site & cosited))
    return GST_VIDEO_CHROMA_SITE_UNKNOWN;
  return site;
}

static gboolean
parse_raw_caps (GstVideoInfo * vinfo, const GstCaps * caps,
    GstVideoFormat video_format, GError ** error)
{
  GstCaps *raw = make_raw_caps (caps, video_format);
  gboolean ok = gst_video_info_from_caps (vinfo, raw);

  if (ok) {
    vinfo->chroma_site =
        read_chroma_site (gst_caps_get_structure (caps, 0), vinfo);
    vinfo->views = MAX (vinfo->views, 1);
  }
  if (!ok) {
    gchar *text = gst_caps_to_string (caps);

    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "caps with a field that makes no sense, or frames that are too large: "
        "%.256s", text);
    g_free (text);
  }
  gst_caps_unref (raw);
  return ok;
}

gboolean
gst_dmabuf_video_info_from_caps (GstDmabufVideoInfo * info,
    const GstCaps * caps, GError ** error)
{
  GstDmabufVideoInfo result;
  const GstStructure *structure;
  GstVideoFormat video_format;
  gint width = 0, height = 0;
  gboolean opaque = FALSE;

  g_return_val_if_fail (info != NULL, FALSE);
  g_return_val_if_fail (caps != NULL, FALSE);

  gst_dmabuf_video_info_init (&result);
  result.dialect = gst_dmabuf_caps_get_dialect (caps);
  if (result.dialect == GST_DMABUF_DIALECT_NONE)
    return fail_no_dialect (caps, error);

  structure = gst_caps_get_structure (caps, 0);
  if (result.dialect == GST_DMABUF_DIALECT_EXPLICIT ?
      !read_explicit_format (structure, &result.format, error) :
      !read_video_format (structure, &result.format, error))
    return FALSE;
  result.info = lookup_fourcc (&result.format, error);
  if (!result.info)
    return FALSE;

  gst_structure_get_int (structure, "width", &width);
  gst_structure_get_int (structure, "height", &height);
  if (!check_size (width, height, error))
    return FALSE;

  if (result.dialect == GST_DMABUF_DIALECT_EXPLICIT)
    video_format = get_parsed_format (&result.format, result.info, &opaque);
  else
    video_format = gst_video_format_from_string (gst_structure_get_string
        (structure, GST_DMABUF_CAPS_FORMAT));
  if (!parse_raw_caps (&result.vinfo, caps, video_format, error))
    return FALSE;
  if (opaque)
    make_opaque (&result.vinfo);
  if (result.dialect == GST_DMABUF_DIALECT_LEGACY)
    result.format.modifier = GST_DMABUF_MOD_INVALID;
  *info = result;
  return TRUE;
}

GstCaps *
gst_dmabuf_video_info_to_caps (const GstDmabufVideoInfo * info)
{
  GstVideoInfo vinfo;
  GstCapsFeatures *features;
  GstCaps *caps;
  gchar *text;

  g_return_val_if_fail (info != NULL && info->info != NULL, NULL);

  vinfo = info->vinfo;
  if (vinfo.finfo->format == GST_VIDEO_FORMAT_ENCODED)
    vinfo.finfo = gst_video_format_get_info (get_stand_in (info->info));
  caps = gst_video_info_to_caps (&vinfo);
  if (info->dialect == GST_DMABUF_DIALECT_SYSTEM)
    return caps;

  /* Keeps format:Interlaced. */
  features = gst_caps_features_copy (gst_caps_get_features (caps, 0));
  gst_caps_features_remove (features, GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY);
  gst_caps_features_add (features, GST_CAPS_FEATURE_MEMORY_DMABUF);
  gst_caps_set_features (caps, 0, features);
  if (info->dialect == GST_DMABUF_DIALECT_LEGACY)
    return caps;

  text = gst_dmabuf_format_to_string (&info->format);
  gst_caps_set_simple (caps,
      GST_DMABUF_CAPS_FORMAT, G_TYPE_STRING, GST_DMABUF_COMPAT_DMA_DRM,
      GST_DMABUF_CAPS_DRM_FORMAT, G_TYPE_STRING, text, NULL);
  g_free (text);
  return caps;
}

GstVideoFormat
gst_dmabuf_video_info_get_meta_format (const GstDmabufVideoInfo * info)
{
  GstVideoFormat format, dma_drm;

  g_return_val_if_fail (info != NULL, GST_VIDEO_FORMAT_UNKNOWN);

  format = GST_VIDEO_INFO_FORMAT (&info->vinfo);
  if (format != GST_VIDEO_FORMAT_ENCODED)
    return format;
  dma_drm = gst_dmabuf_compat_get_dma_drm ();
  return dma_drm != GST_VIDEO_FORMAT_UNKNOWN ? dma_drm : format;
}
