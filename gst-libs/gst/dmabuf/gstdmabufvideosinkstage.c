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
  [STAGE_REASON_DISPLAY_SIZE] = {"display-size",
        "the display shows only pictures of its own size",
      "make the video as large as the display, as videoscale "
        "add-borders=true does"},
};

/* Qdata of a staged buffer whose borders are black: pictures come and go in the
 * middle. */
static GQuark
get_black_quark (void)
{
  static gsize quark;

  if (g_once_init_enter (&quark))
    g_once_init_leave (&quark, g_quark_from_static_string
        ("gst-dmabuf-black-borders"));
  return (GQuark) quark;
}

/* One buffer, mapped plane by plane. */
typedef struct
{
  GstBuffer *buffer;
  const GstDmabufVideoInfo *info;
  guint width, height;          /* what is read or written of the picture */
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
map_plane (MappedBuffer * mapped, guint i, GstMapFlags flags)
{
  const GstVideoInfo *vinfo = &mapped->info->vinfo;
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
check_plane (const MappedBuffer * mapped, guint i, GError ** error)
{
  const GstDmabufFormatInfo *info = mapped->info->info;
  const GstMapInfo *map = &mapped->maps[i];
  gsize start = mapped->data[i] - map->data, need, end;
  gsize row_bytes = gst_dmabuf_format_info_plane_row_bytes (info, i,
      mapped->width);
  guint rows = gst_dmabuf_format_info_plane_height (info, i, mapped->height);

  if (mapped->stride[i] > 0 && (gsize) mapped->stride[i] >= row_bytes
      && g_size_checked_mul (&need, mapped->stride[i], rows - 1)
      && g_size_checked_add (&need, need, row_bytes)
      && g_size_checked_add (&end, start, need) && end <= map->size)
    return TRUE;

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "plane %u needs %u rows of %" G_GSIZE_FORMAT " bytes at stride %d from "
      "byte %" G_GSIZE_FORMAT ", its memory has %" G_GSIZE_FORMAT " bytes", i,
      rows, row_bytes, mapped->stride[i], start, map->size);
  return FALSE;
}

/* @mapped: info, width and height are set. */
static gboolean
map_planes (MappedBuffer * mapped, GstBuffer * buffer, GstMapFlags flags,
    GError ** error)
{
  guint i, n_planes = mapped->info->info->n_planes;

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
    if (!map_plane (mapped, i, flags)) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
          "plane %u cannot be mapped by the CPU", i);
      unmap_planes (mapped);
      return FALSE;
    }
    mapped->n_planes = i + 1;
    if (!check_plane (mapped, i, error)) {
      unmap_planes (mapped);
      return FALSE;
    }
  }
  return TRUE;
}

/* Rows only, never the padding. */
static void
copy_planes (MappedBuffer * to, const MappedBuffer * from,
    const StageCopy * copy)
{
  const GstDmabufFormatInfo *info = from->info->info;
  guint i, row;

  for (i = 0; i < to->n_planes; i++) {
    gsize row_bytes = gst_dmabuf_format_info_plane_row_bytes (info, i,
        copy->width);
    guint rows = gst_dmabuf_format_info_plane_height (info, i, copy->height);
    const guint8 *in = from->data[i]
        + gst_dmabuf_format_info_plane_row_bytes (info, i, copy->from_x)
        + (gsize) gst_dmabuf_format_info_plane_height (info, i, copy->from_y)
        * from->stride[i];
    guint8 *out = to->data[i]
        + gst_dmabuf_format_info_plane_row_bytes (info, i, copy->to_x)
        + (gsize) gst_dmabuf_format_info_plane_height (info, i, copy->to_y)
        * to->stride[i];

    for (row = 0; row < rows; row++)
      memcpy (out + (gsize) row * to->stride[i],
          in + (gsize) row * from->stride[i], row_bytes);
  }
}

static void
paint_borders (MappedBuffer * canvas)
{
  GstMiniObject *object = GST_MINI_OBJECT_CAST (canvas->buffer);

  if (gst_mini_object_get_qdata (object, get_black_quark ()))
    return;
  gst_dmabuf_video_sink_paint_black (canvas->info, canvas->data,
      canvas->stride);
  gst_mini_object_set_qdata (object, get_black_quark (), canvas->buffer, NULL);
}

static gboolean
copy_picture (GstDmabufVideoSink * self, GstBuffer * to, GstBuffer * from,
    const StageCopy * copy, GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  const GstDmabufVideoInfo *to_info =
      priv->has_canvas ? &priv->canvas_info : &priv->info;
  MappedBuffer source = {.info = &priv->info,
    .width = MAX (copy->from_x + copy->width, 1),
    .height = MAX (copy->from_y + copy->height, 1)
  };
  MappedBuffer destination = {.info = to_info,
    .width = GST_VIDEO_INFO_WIDTH (&to_info->vinfo),
    .height = GST_VIDEO_INFO_HEIGHT (&to_info->vinfo)
  };

  if (!map_planes (&source, from, GST_MAP_READ, error))
    return FALSE;
  if (!map_planes (&destination, to, GST_MAP_WRITE, error)) {
    unmap_planes (&source);
    return FALSE;
  }
  if (priv->has_canvas)
    paint_borders (&destination);
  if (copy->width > 0 && copy->height > 0)
    copy_planes (&destination, &source, copy);
  unmap_planes (&destination);
  unmap_planes (&source);
  return TRUE;
}

static void
add_crop (GstBuffer * buffer, const GstVideoRectangle * crop)
{
  GstVideoCropMeta *meta = gst_buffer_add_video_crop_meta (buffer);

  meta->x = crop->x;
  meta->y = crop->y;
  meta->width = crop->w;
  meta->height = crop->h;
}

gboolean
gst_dmabuf_video_sink_may_stage (GstDmabufVideoSink * self,
    const GstDmabufVideoInfo * info, StageReason reason, const gchar * detail,
    GError ** error)
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
  if (!gst_dmabuf_format_is_linear (&info->format) || !info->info) {
    words = gst_dmabuf_format_describe (&info->format);
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
  GstDmabufVideoInfo info = priv->has_canvas ? priv->canvas_info : priv->info;
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
  StageCopy copy;

  if (!gst_dmabuf_video_sink_may_stage (self, &priv->info, reason, detail,
          error))
    return NULL;
  pool = get_stage_pool (self, error);
  if (!pool)
    return NULL;
  if (gst_buffer_pool_acquire_buffer (pool, &staged, NULL) != GST_FLOW_OK) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "no buffer to copy a frame into");
    return NULL;
  }
  gst_dmabuf_video_sink_plan_copy (self, buffer, &copy);
  if (!copy_picture (self, staged, buffer, &copy, error)) {
    gst_buffer_unref (staged);
    return NULL;
  }
  gst_buffer_copy_into (staged, buffer,
      GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  if (copy.has_crop)
    add_crop (staged, &copy.crop);
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
