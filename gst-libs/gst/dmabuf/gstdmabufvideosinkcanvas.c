/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What of a frame is copied where, when the display base class has to copy:
 * into a picture of the same size, or into the middle of a larger black one, the
 * canvas, for displays that show nothing smaller than themselves. It plans and
 * paints; mapping and copying are in gstdmabufvideosinkstage.c.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufvideosinkprivate.h"

#include "gstdmabuferror.h"

#define GST_CAT_DEFAULT gst_dmabuf_video_sink_debug

void
gst_dmabuf_video_sink_set_canvas (GstDmabufVideoSink * self, guint width,
    guint height, const GstVideoRectangle * area)
{
  GstDmabufVideoSinkPrivate *priv;

  g_return_if_fail (GST_IS_DMABUF_VIDEO_SINK (self));
  g_return_if_fail (width > 0 && width <= G_MAXINT);
  g_return_if_fail (height > 0 && height <= G_MAXINT);
  g_return_if_fail (area != NULL && area->w > 0 && area->h > 0);

  priv = gst_dmabuf_video_sink_private (self);
  priv->canvas_width = width;
  priv->canvas_height = height;
  priv->canvas_area = *area;
}

static const GstVideoFormatInfo *
get_video_format (const GstDmabufVideoInfo * info)
{
  GstVideoFormat format = info->info ? info->info->video_format :
      GST_VIDEO_FORMAT_UNKNOWN;

  return format > GST_VIDEO_FORMAT_ENCODED ?
      gst_video_format_get_info (format) : NULL;
}

static gboolean
resize_info (const GstDmabufVideoInfo * info, guint width, guint height,
    GstDmabufVideoInfo * resized, GError ** error)
{
  GstDmabufVideoInfo system = *info;
  GstCaps *caps;
  gboolean ok;

  system.dialect = GST_DMABUF_DIALECT_SYSTEM;
  caps = gst_dmabuf_video_info_to_caps (&system);
  gst_caps_set_simple (caps, "width", G_TYPE_INT, (gint) width,
      "height", G_TYPE_INT, (gint) height, NULL);
  ok = gst_dmabuf_video_info_from_caps (resized, caps, error);
  gst_caps_unref (caps);
  return ok;
}

gboolean
gst_dmabuf_video_sink_use_canvas (GstDmabufVideoSink * self,
    const GstDmabufVideoInfo * info, GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  const GstVideoFormatInfo *finfo = get_video_format (info);
  gchar *detail;
  gboolean ok;

  priv->has_canvas = FALSE;
  if (priv->canvas_width == 0)
    return TRUE;

  detail = g_strdup_printf ("%ux%u, not %dx%d", priv->canvas_width,
      priv->canvas_height, GST_VIDEO_INFO_WIDTH (&info->vinfo),
      GST_VIDEO_INFO_HEIGHT (&info->vinfo));
  ok = gst_dmabuf_video_sink_may_stage (self, info, STAGE_REASON_DISPLAY_SIZE,
      detail, error);
  g_free (detail);
  if (!ok)
    return FALSE;
  if (!finfo || !finfo->pack_func) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "the display shows only pictures of %ux%u, and how black looks in "
        "this format is not known", priv->canvas_width, priv->canvas_height);
    return FALSE;
  }
  priv->has_canvas = resize_info (info, priv->canvas_width,
      priv->canvas_height, &priv->canvas_info, error);
  return priv->has_canvas;
}

/* The least common multiple of block and chroma sizes. */
static void
get_alignment (const GstDmabufFormatInfo * info, guint * x, guint * y)
{
  guint i;

  *x = *y = 1;
  for (i = 0; i < info->n_planes; i++) {
    gboolean chroma = i > 0 && info->is_yuv;
    guint block = MAX (info->block_width[i], 1) << (chroma ? info->w_sub : 0);
    guint multiple = *x;

    while (multiple % block != 0)
      multiple += *x;
    *x = multiple;
    *y = MAX (*y, 1u << (chroma ? info->h_sub : 0));
  }
}

/* The visible part of @buffer, inside of the picture that it holds. */
static void
get_visible (const GstDmabufVideoInfo * info, GstBuffer * buffer,
    GstVideoRectangle * visible)
{
  const GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  const GstVideoCropMeta *crop = gst_buffer_get_video_crop_meta (buffer);
  guint width = GST_VIDEO_INFO_WIDTH (&info->vinfo);
  guint height = GST_VIDEO_INFO_HEIGHT (&info->vinfo);

  visible->x = visible->y = 0;
  visible->w = width;
  visible->h = height;
  if (!crop)
    return;
  if (meta) {
    width = meta->width;
    height = meta->height;
  }
  visible->x = MIN (crop->x, width);
  visible->y = MIN (crop->y, height);
  visible->w = MIN (crop->width, width - visible->x);
  visible->h = MIN (crop->height, height - visible->y);
}

/* Where a length is put into the middle of a part of a larger one, from where
 * it is cut off if there is no room. */
static void
centre (gint from, gint length, gint start, gint room, gint align,
    guint * from_out, guint * to_out, guint * length_out)
{
  gint cut = length > room ? (length - room) / 2 : 0;

  *from_out = (from + cut) / align * align;
  *length_out = MIN (length, room);
  *to_out = (start + (room - (gint) * length_out) / 2) / align * align;
}

static void
place_on_canvas (GstDmabufVideoSinkPrivate * priv,
    const GstVideoRectangle * visible, StageCopy * copy)
{
  const GstVideoRectangle *area = &priv->canvas_area;
  gint left = MAX (area->x, 0), top = MAX (area->y, 0);
  gint right = MIN (area->x + area->w, (gint) priv->canvas_width);
  gint bottom = MIN (area->y + area->h, (gint) priv->canvas_height);
  guint align_x, align_y;

  memset (copy, 0, sizeof (*copy));
  if (right <= left || bottom <= top)
    return;
  get_alignment (priv->info.info, &align_x, &align_y);
  centre (visible->x, visible->w, left, right - left, align_x, &copy->from_x,
      &copy->to_x, &copy->width);
  centre (visible->y, visible->h, top, bottom - top, align_y, &copy->from_y,
      &copy->to_y, &copy->height);
}

void
gst_dmabuf_video_sink_plan_copy (GstDmabufVideoSink * self,
    GstBuffer * buffer, StageCopy * copy)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  gint width = GST_VIDEO_INFO_WIDTH (&priv->info.vinfo);
  gint height = GST_VIDEO_INFO_HEIGHT (&priv->info.vinfo);
  GstVideoRectangle visible;
  guint align_x, align_y;

  get_visible (&priv->info, buffer, &visible);
  if (priv->has_canvas) {
    place_on_canvas (priv, &visible, copy);
    return;
  }

  memset (copy, 0, sizeof (*copy));
  copy->has_crop = gst_buffer_get_video_crop_meta (buffer) != NULL;
  /* A frame larger than its caps: what is visible begins the copy, as far as
   * chroma samples can be cut. */
  if (visible.x + visible.w > width || visible.y + visible.h > height) {
    get_alignment (priv->info.info, &align_x, &align_y);
    copy->from_x = visible.x / align_x * align_x;
    copy->from_y = visible.y / align_y * align_y;
    visible.x -= copy->from_x;
    visible.y -= copy->from_y;
    visible.w = MIN (visible.w, width - visible.x);
    visible.h = MIN (visible.h, height - visible.y);
    copy->width = visible.x + visible.w;
    copy->height = visible.y + visible.h;
  } else {
    copy->width = width;
    copy->height = height;
  }
  copy->crop = visible;
}

/* A line of black, opaque, in the format in which GStreamer packs lines. */
static guint8 *
make_black_line (const GstDmabufVideoInfo * info,
    const GstVideoFormatInfo * line_info)
{
  guint width = GST_VIDEO_INFO_WIDTH (&info->vinfo), i;
  gboolean full = info->vinfo.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  gboolean is_yuv = !GST_VIDEO_FORMAT_INFO_IS_RGB (line_info);
  guint bytes = GST_VIDEO_FORMAT_INFO_BITS (line_info) / 8;
  const guint16 black[4] = { 0xffff, is_yuv && !full ? 0x1000 : 0,
    is_yuv ? 0x8000 : 0, is_yuv ? 0x8000 : 0
  };
  guint8 *line = g_malloc ((gsize) width * 4 * bytes);

  for (i = 0; i < width * 4; i++) {
    if (bytes == 2)
      ((guint16 *) line)[i] = black[i % 4];
    else
      line[i] = black[i % 4] >> 8;
  }
  return line;
}

void
gst_dmabuf_video_sink_paint_black (const GstDmabufVideoInfo * info,
    const GstDmabufPixels * pixels)
{
  const GstVideoFormatInfo *finfo = get_video_format (info);
  const GstVideoFormatInfo *line_info =
      gst_video_format_get_info (finfo->unpack_format);
  gpointer planes[GST_VIDEO_MAX_PLANES] = { NULL };
  gint strides[GST_VIDEO_MAX_PLANES] = { 0 };
  guint8 *line = make_black_line (info, line_info);
  guint i, y;

  for (i = 0; i < pixels->n_planes; i++) {
    planes[i] = pixels->data[i];
    strides[i] = (gint) pixels->strides[i];
  }
  for (y = 0; y < pixels->height; y++)
    finfo->pack_func (finfo, GST_VIDEO_PACK_FLAG_NONE, line, 0, planes,
        strides, GST_VIDEO_CHROMA_SITE_UNKNOWN, (gint) y,
        (gint) pixels->width);
  g_free (line);
}
