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
#include "gstdmabufmappedframe.h"

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

static void
paint_borders (GstBuffer * canvas, const GstDmabufVideoInfo * info,
    const GstDmabufPixels * pixels)
{
  GstMiniObject *object = GST_MINI_OBJECT_CAST (canvas);

  if (gst_mini_object_get_qdata (object, get_black_quark ()))
    return;
  gst_dmabuf_video_sink_paint_black (info, pixels);
  gst_mini_object_set_qdata (object, get_black_quark (), canvas, NULL);
}

/* Formats that pack samples across bytes have no parts, but a whole. */
static gboolean
take_part (GstDmabufPixels * pixels, guint x, guint y, const StageCopy * copy,
    GError ** error)
{
  GstVideoRectangle part = { (gint) x, (gint) y, (gint) copy->width,
    (gint) copy->height
  };

  if (copy->width == pixels->width && copy->height == pixels->height)
    return TRUE;
  return gst_dmabuf_pixels_crop (pixels, &part, error);
}

/* Rows only, never the padding. */
static gboolean
copy_part (const GstDmabufPixels * to, const GstDmabufPixels * from,
    const StageCopy * copy, GError ** error)
{
  GstDmabufPixels in = *from, out = *to;

  if (copy->width == 0 || copy->height == 0)
    return TRUE;
  return take_part (&in, copy->from_x, copy->from_y, copy, error)
      && take_part (&out, copy->to_x, copy->to_y, copy, error)
      && gst_dmabuf_pixels_copy (&out, &in, error);
}

static gboolean
copy_picture (GstDmabufVideoSink * self, GstBuffer * to, GstBuffer * from,
    const StageCopy * copy, GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  const GstDmabufVideoInfo *to_info =
      priv->has_canvas ? &priv->canvas_info : &priv->info;
  GstDmabufMappedFrame source, destination;
  gboolean ok;

  if (!gst_dmabuf_mapped_frame_map (&source, from, &priv->info, GST_MAP_READ,
          error))
    return FALSE;
  if (!gst_dmabuf_mapped_frame_map (&destination, to, to_info, GST_MAP_WRITE,
          error)) {
    gst_dmabuf_mapped_frame_unmap (&source);
    return FALSE;
  }
  if (priv->has_canvas)
    paint_borders (to, to_info, &destination.pixels);
  ok = copy_part (&destination.pixels, &source.pixels, copy, error);
  gst_dmabuf_mapped_frame_unmap (&destination);
  gst_dmabuf_mapped_frame_unmap (&source);
  return ok;
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
