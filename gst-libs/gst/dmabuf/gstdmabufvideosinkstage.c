/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The copies of the display base class. It makes one only of a linear layout,
 * says why, once for each reason and negotiation, and counts it. The counters
 * of the whole base class are turned into `stats` here too.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufvideosinkprivate.h"

#include <string.h>

#include "gstdmabuferror.h"

#define GST_CAT_DEFAULT gst_dmabuf_video_sink_debug

#define IO_MODE_REMEDY "use an element that takes the proposed buffer pool " \
    "or exports dma-bufs (io-mode=dmabuf on V4L2 sources)"

static const struct
{
  const gchar *name;
  const gchar *words;
  const gchar *remedy;
} reasons[N_STAGE_REASONS] = {
  [STAGE_REASON_SYSTEM_MEMORY] = {"system-memory",
      "upstream's buffers are no dma-bufs", IO_MODE_REMEDY},
  [STAGE_REASON_SIMULATED] = {"simulated-memory",
        "upstream's buffers are simulated memory, which no device can import",
      "choose an exporter other than memfd"},
  [STAGE_REASON_REFUSED] = {"import-refused",
        "the display refused to import upstream's memory",
      "let upstream take the proposed buffer pool, whose memory was tested"},
};

/* One buffer, mapped plane by plane. */
typedef struct
{
  GstBuffer *buffer;
  GstVideoMeta *meta;           /* NULL: the whole buffer is in whole */
  guint n_planes;
  GstMapInfo maps[GST_VIDEO_MAX_PLANES];
  guint8 *data[GST_VIDEO_MAX_PLANES];
  gint stride[GST_VIDEO_MAX_PLANES];
} MappedBuffer;

static void
unmap_planes (MappedBuffer * mapped)
{
  guint i;

  for (i = 0; i < mapped->n_planes; i++) {
    if (mapped->meta)
      gst_video_meta_unmap (mapped->meta, i, &mapped->maps[i]);
    else if (i == 0)
      gst_buffer_unmap (mapped->buffer, &mapped->maps[0]);
  }
}

static gboolean
map_plane (MappedBuffer * mapped, guint i, const GstVideoInfo * vinfo,
    GstMapFlags flags)
{
  gpointer data;

  if (mapped->meta) {
    if (!gst_video_meta_map (mapped->meta, i, &mapped->maps[i], &data,
            &mapped->stride[i], flags))
      return FALSE;
    mapped->data[i] = data;
    return TRUE;
  }
  if (i == 0 && !gst_buffer_map (mapped->buffer, &mapped->maps[0], flags))
    return FALSE;
  mapped->maps[i] = mapped->maps[0];
  mapped->stride[i] = GST_VIDEO_INFO_PLANE_STRIDE (vinfo, i);
  mapped->data[i] = mapped->maps[0].data + GST_VIDEO_INFO_PLANE_OFFSET (vinfo,
      i);
  return TRUE;
}

/* Bytes from the plane's first to its last, and whether the mapping has them.
 * A meta comes from outside and may point anywhere. */
static gboolean
check_plane (const MappedBuffer * mapped, guint i,
    const GstDmabufVideoInfo * info, gsize * row_bytes, guint * rows,
    GError ** error)
{
  const GstMapInfo *map = &mapped->maps[i];
  gsize start = mapped->data[i] - map->data, need, end;

  *row_bytes = gst_dmabuf_format_info_plane_row_bytes (info->info, i,
      GST_VIDEO_INFO_WIDTH (&info->vinfo));
  *rows = gst_dmabuf_format_info_plane_height (info->info, i,
      GST_VIDEO_INFO_HEIGHT (&info->vinfo));
  if (mapped->stride[i] > 0 && (gsize) mapped->stride[i] >= *row_bytes
      && g_size_checked_mul (&need, mapped->stride[i], *rows - 1)
      && g_size_checked_add (&need, need, *row_bytes)
      && g_size_checked_add (&end, start, need) && end <= map->size)
    return TRUE;

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "plane %u needs %u rows of %" G_GSIZE_FORMAT " bytes at stride %d from "
      "byte %" G_GSIZE_FORMAT ", its memory has %" G_GSIZE_FORMAT " bytes", i,
      *rows, *row_bytes, mapped->stride[i], start, map->size);
  return FALSE;
}

static gboolean
map_planes (MappedBuffer * mapped, GstBuffer * buffer,
    const GstDmabufVideoInfo * info, GstMapFlags flags, GError ** error)
{
  guint i, n_planes = info->info->n_planes;

  mapped->buffer = buffer;
  mapped->meta = gst_buffer_get_video_meta (buffer);
  mapped->n_planes = 0;
  if (mapped->meta && mapped->meta->n_planes < n_planes) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "the buffer describes %u planes, its format has %u",
        mapped->meta->n_planes, n_planes);
    return FALSE;
  }
  for (i = 0; i < n_planes; i++) {
    gsize row_bytes;
    guint rows;

    if (!map_plane (mapped, i, &info->vinfo, flags)) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
          "plane %u cannot be mapped by the CPU", i);
      unmap_planes (mapped);
      return FALSE;
    }
    mapped->n_planes = i + 1;
    if (!check_plane (mapped, i, info, &row_bytes, &rows, error)) {
      unmap_planes (mapped);
      return FALSE;
    }
  }
  return TRUE;
}

/* Rows only, never the padding. */
static void
copy_planes (MappedBuffer * to, const MappedBuffer * from,
    const GstDmabufVideoInfo * info)
{
  guint i, row;

  for (i = 0; i < to->n_planes; i++) {
    gsize row_bytes = gst_dmabuf_format_info_plane_row_bytes (info->info, i,
        GST_VIDEO_INFO_WIDTH (&info->vinfo));
    guint rows = gst_dmabuf_format_info_plane_height (info->info, i,
        GST_VIDEO_INFO_HEIGHT (&info->vinfo));

    for (row = 0; row < rows; row++)
      memcpy (to->data[i] + (gsize) row * to->stride[i],
          from->data[i] + (gsize) row * from->stride[i], row_bytes);
  }
}

static gboolean
copy_picture (GstBuffer * to, GstBuffer * from,
    const GstDmabufVideoInfo * info, GError ** error)
{
  MappedBuffer source, destination;

  if (!map_planes (&source, from, info, GST_MAP_READ, error))
    return FALSE;
  if (!map_planes (&destination, to, info, GST_MAP_WRITE, error)) {
    unmap_planes (&source);
    return FALSE;
  }
  copy_planes (&destination, &source, info);
  unmap_planes (&destination);
  unmap_planes (&source);
  return TRUE;
}

static void
copy_crop (GstBuffer * to, GstBuffer * from)
{
  GstVideoCropMeta *crop = gst_buffer_get_video_crop_meta (from), *copy;

  if (!crop)
    return;
  copy = gst_buffer_add_video_crop_meta (to);
  copy->x = crop->x;
  copy->y = crop->y;
  copy->width = crop->width;
  copy->height = crop->height;
}

/* May this frame be copied at all? */
static gboolean
check_allowed (GstDmabufVideoSink * self, StageReason reason,
    const gchar * detail, GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufZeroCopy zero_copy;
  gchar *words;

  GST_OBJECT_LOCK (self);
  zero_copy = priv->zero_copy;
  GST_OBJECT_UNLOCK (self);

  if (zero_copy == GST_DMABUF_ZERO_COPY_REQUIRE) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
        "zero-copy=require, but a frame would have to be copied: %s%s%s; %s",
        reasons[reason].words, detail ? ": " : "", detail ? detail : "",
        reasons[reason].remedy);
    return FALSE;
  }
  if (!gst_dmabuf_format_is_linear (&priv->info.format) || !priv->info.info) {
    words = gst_dmabuf_format_describe (&priv->info.format);
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s is not copied, since a plain copy would show a wrong picture; %s",
        words, reasons[reason].words);
    g_free (words);
    return FALSE;
  }
  return TRUE;
}

static void
announce (GstDmabufVideoSink * self, StageReason reason, const gchar * detail)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  g_atomic_int_inc (&priv->counters.staged[reason]);
  if (priv->announced & (1u << reason))
    return;

  priv->announced |= 1u << reason;
  GST_WARNING_OBJECT (self, "copying frames: %s%s%s; %s",
      reasons[reason].words, detail ? ": " : "", detail ? detail : "",
      reasons[reason].remedy);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_structure_new ("dmabuf-staging",
              "reason", G_TYPE_STRING, reasons[reason].name,
              "text", G_TYPE_STRING, reasons[reason].words,
              "detail", G_TYPE_STRING, detail ? detail : "",
              "remedy", G_TYPE_STRING, reasons[reason].remedy, NULL)));
}

static GstBufferPool *
get_stage_pool (GstDmabufVideoSink * self, GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufVideoInfo info = priv->info;
  GstBufferPool *pool;

  if (priv->stage_pool)
    return priv->stage_pool;

  info.dialect = GST_DMABUF_DIALECT_SYSTEM;
  pool = gst_dmabuf_video_sink_create_pool (self, &info, 1, error);
  if (!pool)
    return NULL;
  if (!gst_buffer_pool_set_active (pool, TRUE)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "no memory to copy frames into");
    gst_object_unref (pool);
    return NULL;
  }
  priv->stage_pool = pool;
  return pool;
}

GstBuffer *
gst_dmabuf_video_sink_stage (GstDmabufVideoSink * self, GstBuffer * buffer,
    StageReason reason, const gchar * detail, GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstBufferPool *pool;
  GstBuffer *staged = NULL;

  if (!check_allowed (self, reason, detail, error))
    return NULL;
  pool = get_stage_pool (self, error);
  if (!pool)
    return NULL;
  if (gst_buffer_pool_acquire_buffer (pool, &staged, NULL) != GST_FLOW_OK) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "no buffer to copy a frame into");
    return NULL;
  }
  if (!copy_picture (staged, buffer, &priv->info, error)) {
    gst_buffer_unref (staged);
    return NULL;
  }
  gst_buffer_copy_into (staged, buffer,
      GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  copy_crop (staged, buffer);
  announce (self, reason, detail);
  return staged;
}

void
gst_dmabuf_video_sink_stage_reset (GstDmabufVideoSink * self)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  priv->announced = 0;
  if (!priv->stage_pool)
    return;
  gst_buffer_pool_set_active (priv->stage_pool, FALSE);
  g_clear_pointer (&priv->stage_pool, gst_object_unref);
}

/* The counters of every sink, GstBaseSink's, and ours. What that one calls
 * dropped came too late; what we drop for other reasons is dropped as well. */
GstStructure *
gst_dmabuf_video_sink_stats (GstDmabufVideoSink * self)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  SinkCounters *counters = &priv->counters;
  GstStructure *stats = gst_base_sink_get_stats (GST_BASE_SINK (self));
  guint i, staged = 0;
  guint64 late = 0;

  gst_structure_get_uint64 (stats, "dropped", &late);
  gst_structure_set_name (stats, "dmabuf-sink-stats");
  gst_structure_set (stats,
      "late", G_TYPE_UINT64, late,
      "dropped", G_TYPE_UINT64, late
      + (guint) g_atomic_int_get (&counters->dropped),
      "frames", G_TYPE_UINT, g_atomic_int_get (&counters->frames),
      "imported", G_TYPE_UINT, g_atomic_int_get (&counters->imported),
      "cache-hits", G_TYPE_UINT, g_atomic_int_get (&counters->cache_hits),
      "fence-timeouts", G_TYPE_UINT,
      g_atomic_int_get (&counters->fence_timeouts), NULL);

  for (i = 0; i < N_STAGE_REASONS; i++) {
    guint n = g_atomic_int_get (&counters->staged[i]);
    gchar *name = g_strconcat ("staged-", reasons[i].name, NULL);

    gst_structure_set (stats, name, G_TYPE_UINT, n, NULL);
    g_free (name);
    staged += n;
  }
  GST_OBJECT_LOCK (self);
  gst_structure_set (stats, "staged", G_TYPE_UINT, staged,
      "exporter", G_TYPE_STRING,
      priv->exporter_used ? priv->exporter_used : "", NULL);
  GST_OBJECT_UNLOCK (self);
  return stats;
}
