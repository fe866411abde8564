/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Only a GstVideoMeta says a format in a buffer, so only it changes. The meta
 * of a pool's buffer outlives one use of it: it is never written to.
 */
#include "gstdmabufrelabel.h"

#include "gstdmabufplanesourceprivate.h"

static gboolean
is_tiled (const GstVideoFormatInfo * finfo)
{
  return finfo->n_planes != 0 && GST_VIDEO_FORMAT_INFO_IS_TILED (finfo);
}

/* Offsets and strides stay, unless one format counts tiles and the other
 * bytes. */
static gboolean
convert_strides (const GstDmabufPlaneSource * source,
    const GstDmabufVideoInfo * to, gint strides[GST_VIDEO_MAX_PLANES],
    GError ** error)
{
  const GstVideoFormatInfo *finfo =
      gst_video_format_get_info (gst_dmabuf_video_info_get_meta_format (to));
  GstDmabufLayout layout = { to->format, source->width, source->height };
  guint i;

  for (i = 0; i < source->n_planes; i++) {
    strides[i] = source->strides[i];
    if (is_tiled (finfo) == is_tiled (source->finfo))
      continue;
    if (!gst_dmabuf_plane_source_read_stride (source, i, &layout.planes[i],
            error))
      return FALSE;
    strides[i] = gst_dmabuf_plane_source_make_stride (finfo, &layout, i);
  }
  return TRUE;
}

/* A buffer is freed metas first, so that the one in its GstParentBufferMeta would
 * come back to its pool with memory that two hold, and pools throw such buffers
 * away: every frame would cost a new dma-buf. So the memory goes before. */
static gboolean
release_memory (GstMiniObject * object)
{
  GstBuffer *wrapper = GST_BUFFER_CAST (object);

  object->dispose = NULL;
  gst_buffer_ref (wrapper);
  gst_buffer_remove_all_memory (wrapper);
  gst_buffer_unref (wrapper);
  return FALSE;
}

/* A new buffer of the same content, without GstVideoMeta. */
static GstBuffer *
wrap_buffer (GstBuffer * buffer)
{
  GstBuffer *wrapper = gst_buffer_new ();
  guint i, n = gst_buffer_n_memory (buffer);
  GstVideoMeta *meta;

  for (i = 0; i < n; i++)
    gst_buffer_append_memory (wrapper,
        gst_memory_ref (gst_buffer_peek_memory (buffer, i)));
  gst_buffer_copy_into (wrapper, buffer, GST_BUFFER_COPY_FLAGS
      | GST_BUFFER_COPY_TIMESTAMPS | GST_BUFFER_COPY_META, 0, -1);
  while ((meta = gst_buffer_get_video_meta (wrapper)))
    gst_buffer_remove_meta (wrapper, GST_META_CAST (meta));
  gst_buffer_add_parent_buffer_meta (wrapper, buffer);
  GST_MINI_OBJECT_CAST (wrapper)->dispose = release_memory;
  return wrapper;
}

GstBuffer *
gst_dmabuf_buffer_relabel (GstBuffer * buffer, const GstDmabufVideoInfo * from,
    const GstDmabufVideoInfo * to, GError ** error)
{
  GstVideoFormat format;
  GstDmabufPlaneSource source;
  gint strides[GST_VIDEO_MAX_PLANES] = { 0 };
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 0 };
  GstVideoMeta *meta, *old;
  GstBuffer *wrapper;
  guint i;

  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);
  g_return_val_if_fail (from != NULL && to != NULL, NULL);

  format = gst_dmabuf_video_info_get_meta_format (to);
  old = gst_buffer_get_video_meta (buffer);
  if (old && old->format == format)
    return gst_buffer_ref (buffer);

  if (!gst_dmabuf_plane_source_from_buffer (&source, buffer, from, error)
      || !convert_strides (&source, to, strides, error))
    return NULL;
  for (i = 0; i < source.n_planes; i++)
    offsets[i] = source.offsets[i];

  wrapper = wrap_buffer (buffer);
  meta = gst_buffer_add_video_meta_full (wrapper,
      old ? old->flags : GST_VIDEO_FRAME_FLAG_NONE, format, source.width,
      source.height, source.n_planes, offsets, strides);
  if (old)
    meta->id = old->id;
  return wrapper;
}
