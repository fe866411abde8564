/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What a GstVideoMeta or a GstVideoInfo says of planes, held against the caps.
 * It does not look at memory: whether the planes are really there is for those
 * who know its size.
 */
#include "gstdmabufplanesourceprivate.h"

static gboolean
G_GNUC_PRINTF (2, 3)
fail_invalid (GError ** error, const gchar * format, ...)
{
  va_list args;
  gchar *message;

  if (error == NULL)
    return FALSE;
  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  *error = g_error_new_literal (GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      message);
  g_free (message);
  return FALSE;
}

/* The formats of meta and caps may differ in whether alpha counts: relabelled
 * buffers keep their meta. */
static gboolean
is_same_pixels (GstVideoFormat meta_format, const GstDmabufVideoInfo * info)
{
  GstDmabufFormat format;

  if (meta_format == GST_VIDEO_INFO_FORMAT (&info->vinfo))
    return TRUE;
  if (!gst_dmabuf_format_from_video_format (meta_format, &format))
    return FALSE;
  if (format.fourcc == info->format.fourcc)
    return TRUE;
  return info->info != NULL && (format.fourcc == info->info->opaque_fourcc
      || format.fourcc == info->info->alpha_fourcc);
}

static gboolean
check_meta_format (const GstVideoMeta * meta, const GstDmabufVideoInfo * info,
    GError ** error)
{
  gchar *name;

  /* DMA_DRM (a name since GStreamer 1.24), ENCODED and UNKNOWN say nothing of
   * the pixels; none of them has planes of its own. */
  if (gst_video_format_get_info (meta->format)->n_planes == 0
      || is_same_pixels (meta->format, info))
    return TRUE;

  name = gst_dmabuf_format_to_string (&info->format);
  fail_invalid (error, "the GstVideoMeta is %s, the caps are %s",
      gst_video_format_to_string (meta->format), name);
  g_free (name);
  return FALSE;
}

/* A buffer with a crop meta holds a picture that is larger than what the caps
 * show of it. Fields of alternate interlacing are half as high. */
static gboolean
check_meta_size (const GstVideoMeta * meta, const GstVideoInfo * vinfo,
    gboolean has_crop, GError ** error)
{
  guint width = GST_VIDEO_INFO_WIDTH (vinfo);
  guint height = GST_VIDEO_INFO_FIELD_HEIGHT (vinfo);

  if (has_crop && meta->width >= width && meta->height >= height)
    return TRUE;
  if (!has_crop && meta->width == width && meta->height == height)
    return TRUE;
  return fail_invalid (error, "the GstVideoMeta is %ux%u, the caps are %ux%u%s",
      meta->width, meta->height, width, height,
      has_crop ? "" : " and there is no GstVideoCropMeta");
}

static gboolean
source_from_meta (GstDmabufPlaneSource * source, const GstVideoMeta * meta,
    const GstDmabufVideoInfo * info, gboolean has_crop, GError ** error)
{
  const GstVideoFormatInfo *finfo = gst_video_format_get_info (meta->format);

  if (!check_meta_format (meta, info, error)
      || !check_meta_size (meta, &info->vinfo, has_crop, error))
    return FALSE;
  if (meta->n_planes == 0 || meta->n_planes > GST_DMABUF_MAX_PLANES)
    return fail_invalid (error, "the GstVideoMeta has %u planes, there can be "
        "1 to %d", meta->n_planes, GST_DMABUF_MAX_PLANES);
  if (finfo->n_planes != 0 && finfo->n_planes != meta->n_planes
      && !gst_dmabuf_format_is_implicit (&info->format))
    return fail_invalid (error, "the GstVideoMeta is %s and has %u planes "
        "instead of %u", finfo->name, meta->n_planes, finfo->n_planes);

  *source = (GstDmabufPlaneSource) {
  .finfo = finfo,.width = meta->width,.height = meta->height,.n_planes =
        meta->n_planes,.offsets = meta->offset,.strides = meta->stride,};
  return TRUE;
}

static gboolean
source_from_caps (GstDmabufPlaneSource * source, const GstDmabufVideoInfo * info,
    GError ** error)
{
  const GstVideoInfo *vinfo = &info->vinfo;
  gchar *name;

  if (gst_dmabuf_format_is_implicit (&info->format)
      || GST_VIDEO_INFO_N_PLANES (vinfo) == 0) {
    name = gst_dmabuf_format_describe (&info->format);
    fail_invalid (error, "the buffer has no GstVideoMeta, so that nobody says "
        "where the planes of %s are", name);
    g_free (name);
    return FALSE;
  }
  *source = (GstDmabufPlaneSource) {
  .finfo = vinfo->finfo,.width = GST_VIDEO_INFO_WIDTH (vinfo),.height =
        GST_VIDEO_INFO_FIELD_HEIGHT (vinfo),.n_planes =
        GST_VIDEO_INFO_N_PLANES (vinfo),.offsets = vinfo->offset,.strides =
        vinfo->stride,};
  return TRUE;
}

gboolean
gst_dmabuf_plane_source_from_buffer (GstDmabufPlaneSource * source,
    GstBuffer * buffer, const GstDmabufVideoInfo * info, GError ** error)
{
  GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  gboolean has_crop = gst_buffer_get_video_crop_meta (buffer) != NULL;

  if (meta != NULL)
    return source_from_meta (source, meta, info, has_crop, error);
  return source_from_caps (source, info, error);
}

/* GStreamer's tiled formats keep the numbers of tiles in the stride
 * (GST_VIDEO_TILE_MAKE_STRIDE). Importers want the bytes of a row of pixels, as
 * if the row lay in memory in one piece; a tile's stride is its share of it. */
gboolean
gst_dmabuf_plane_source_read_stride (const GstDmabufPlaneSource * source,
    guint index, GstDmabufPlane * plane, GError ** error)
{
  gint stride = source->strides[index];
  const GstVideoTileInfo *tile;
  guint64 row, columns, rows;

  if (stride < 0)
    return fail_invalid (error, "plane %u has a stride of %d bytes", index,
        stride);
  if (source->finfo == NULL || source->finfo->n_planes == 0
      || !GST_VIDEO_FORMAT_INFO_IS_TILED (source->finfo)) {
    plane->stride = (guint) stride;
    return TRUE;
  }

  tile = &source->finfo->tile_info[index];
  columns = GST_VIDEO_TILE_X_TILES (stride);
  rows = GST_VIDEO_TILE_Y_TILES (stride);
  /* 16 bits times a small number of the format table. */
  row = columns * tile->stride;
  plane->stride = (guint) row;
  plane->size = (gsize) (columns * rows * tile->size);
  return TRUE;
}

/* GStreamer's tiled formats want tile counts. Rows of tiles come from the size
 * where it is known, since a frame may have more of them than it needs. */
gint
gst_dmabuf_plane_source_make_stride (const GstVideoFormatInfo * finfo,
    const GstDmabufLayout * layout, guint index)
{
  const GstDmabufPlane *plane = &layout->planes[index];
  const GstVideoTileInfo *tile;
  guint64 columns, rows, height;

  if (finfo->n_planes == 0 || !GST_VIDEO_FORMAT_INFO_IS_TILED (finfo))
    return (gint) plane->stride;

  tile = &finfo->tile_info[index];
  columns = plane->stride / tile->stride;
  height = GST_VIDEO_FORMAT_INFO_SCALE_HEIGHT (finfo, index, layout->height);
  rows = (height + tile->height - 1) / tile->height;
  if (columns > 0 && plane->size > 0)
    rows = plane->size / (columns * tile->size);
  return GST_VIDEO_TILE_MAKE_STRIDE (columns, rows);
}
