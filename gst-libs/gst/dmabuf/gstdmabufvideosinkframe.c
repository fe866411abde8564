/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The way of one frame through the display base class: described, waited for,
 * imported or staged, shown. Everything here runs per frame in the streaming
 * thread; in the steady state it costs one poll() for each dma-buf and what
 * the subclass does to show.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufmappingprivate.h"
#include "gstdmabufvideosinkprivate.h"

#include "gstdmabuferror.h"
#include "gstdmabuffence.h"

#define GST_CAT_DEFAULT gst_dmabuf_video_sink_debug

/* Frames in a row for which the kernel may have no memory or descriptors: about
 * a second, then it is no passing shortage. */
#define MAX_EXHAUSTED 30

static GstFlowReturn
fail_frame (GstDmabufVideoSink * self, GError * error)
{
  /* A device that went away is not the stream's fault. */
  if (g_error_matches (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED))
    GST_ELEMENT_ERROR (self, RESOURCE, FAILED, ("%s", error->message), (NULL));
  else
    GST_ELEMENT_ERROR (self, STREAM, FAILED, ("%s", error->message), (NULL));
  g_error_free (error);
  return GST_FLOW_ERROR;
}

/* Takes ownership of @error. What was exhausted may be there for the next
 * frame; anything else ends the stream. */
static GstFlowReturn
drop_or_fail (GstDmabufVideoSink * self, GError * error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  if (!g_error_matches (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED)
      || ++priv->n_exhausted > MAX_EXHAUSTED)
    return fail_frame (self, error);

  g_atomic_int_inc (&priv->counters.dropped);
  if (priv->n_exhausted == 1)
    GST_ELEMENT_WARNING (self, RESOURCE, NO_SPACE_LEFT,
        ("A frame was dropped: %s", error->message),
        ("an error follows after %d frames", MAX_EXHAUSTED));
  g_error_free (error);
  return GST_FLOW_OK;
}

/* unlock() ends each wait, also when the pipeline only pauses. Then a frame goes
 * on where it was when the pipeline plays again; returning FLUSHING would end
 * the task of the source for good. OK: go on. */
static GstFlowReturn
wait_until_playing (GstDmabufVideoSink * self)
{
  return gst_base_sink_wait_preroll (GST_BASE_SINK (self));
}

/* Takes the pair that the display refused out of what is offered. */
static void
strike_format (GstDmabufVideoSink * self, const GstDmabufFormat * format,
    const gchar * why)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufFormatSet *one = gst_dmabuf_format_set_new_single (format);
  gchar *words = gst_dmabuf_format_describe (format);

  GST_OBJECT_LOCK (self);
  if (priv->struck) {
    GstDmabufFormatSet *all = gst_dmabuf_format_set_union (priv->struck, one);

    gst_dmabuf_format_set_unref (priv->struck);
    gst_dmabuf_format_set_unref (one);
    one = all;
  }
  priv->struck = one;
  GST_OBJECT_UNLOCK (self);

  GST_ELEMENT_WARNING (self, STREAM, FORMAT,
      ("The display advertised %s but refuses it: %s", words, why),
      ("it is no longer offered, and upstream is asked to reconfigure"));
  g_free (words);
  gst_dmabuf_video_sink_formats_changed (self);
}

/* A display that shows whole frames only can still show a part of a linear one:
 * as a frame of its own, whose planes begin at the part. */
static gboolean
resolve_crop (GstDmabufVideoSink * self, GstDmabufFrame * frame,
    GError ** error)
{
  GstDmabufSinkLimits limits;

  if (!frame->has_crop)
    return TRUE;
  gst_dmabuf_video_sink_copy_limits (self, &limits);
  if (limits.can_crop)
    return TRUE;
  if (!gst_dmabuf_layout_crop (&frame->layout, &frame->crop, error))
    return FALSE;
  frame->has_crop = FALSE;
  frame->crop.x = frame->crop.y = 0;
  return TRUE;
}

/* Tells our pool, which asks the kernel only about memory that somebody is
 * known to have fenced. */
static void
mark_fenced (GstMemory * memory)
{
  if (GST_IS_DMABUF_EXPORTER (memory->allocator))
    gst_dmabuf_mapping_mark_fenced (memory);
}

static GstDmabufWait
wait_idle (GstDmabufVideoSink * self, gint fd, GstFlowReturn * flow,
    GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufWait wait;

  do {
    *flow = GST_FLOW_OK;
    wait = gst_dmabuf_wait_idle (fd, GST_DMABUF_ACCESS_READ, priv->cancel_fd,
        priv->fence_timeout, error);
    if (wait == GST_DMABUF_WAIT_CANCELLED)
      *flow = wait_until_playing (self);
  } while (wait == GST_DMABUF_WAIT_CANCELLED && *flow == GST_FLOW_OK);
  return wait;
}

/* One poll() for each dma-buf of the frame: the display would otherwise wait
 * in the kernel for a fence that may never signal, out of our reach. */
static GstFlowReturn
wait_fences (GstDmabufVideoSink * self, const GstDmabufFrame * frame)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  guint i;

  if (frame->simulated)
    return GST_FLOW_OK;

  for (i = 0; i < frame->layout.n_objects; i++) {
    GstFlowReturn flow;
    GError *error = NULL;

    switch (wait_idle (self, frame->fds[i], &flow, &error)) {
      case GST_DMABUF_WAIT_DONE:
        break;
      case GST_DMABUF_WAIT_CANCELLED:
        mark_fenced (frame->memories[i]);
        return flow;
      case GST_DMABUF_WAIT_TIMEOUT:
        mark_fenced (frame->memories[i]);
        g_atomic_int_inc (&priv->counters.fence_timeouts);
        GST_ELEMENT_WARNING (self, STREAM, FAILED,
            ("A frame was dropped: its producer did not finish within %"
                GST_TIME_FORMAT, GST_TIME_ARGS (priv->fence_timeout)),
            ("the write fence of dma-buf inode %" G_GUINT64_FORMAT
                " did not signal", frame->identities[i].inode));
        return GST_FLOW_CUSTOM_SUCCESS;
      case GST_DMABUF_WAIT_ERROR:
        return fail_frame (self, error);
    }
  }
  return GST_FLOW_OK;
}

static GstDmabufImport *
import_frame (GstDmabufVideoSink * self,
    const GstDmabufFrame * frame, GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufVideoSinkClass *klass = GST_DMABUF_VIDEO_SINK_GET_CLASS (self);
  GstDmabufImport *import;
  GError *refusal = NULL;
  gboolean found;
  gpointer handle;

  import = gst_dmabuf_import_cache_lookup (priv->cache, frame, &refusal,
      &found);
  if (found) {
    if (import)
      g_atomic_int_inc (&priv->counters.cache_hits);
    else
      g_propagate_error (error, refusal);
    return import;
  }

  handle = klass->import (self, frame, &refusal);
  if (!handle) {
    /* What was exhausted may be there for the next frame. */
    if (!g_error_matches (refusal, GST_DMABUF_ERROR,
            GST_DMABUF_ERROR_EXHAUSTED))
      gst_dmabuf_import_cache_insert_refusal (priv->cache, frame, refusal);
    g_propagate_error (error, refusal);
    return NULL;
  }
  g_atomic_int_inc (&priv->counters.imported);
  return gst_dmabuf_import_cache_insert (priv->cache, frame, handle);
}

/* Takes the reference of @import. ERROR has @error set. */
static GstFlowReturn
show_import (GstDmabufVideoSink * self, GstDmabufImport * import,
    const GstDmabufFrame * frame, GstBuffer * buffer, GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufVideoSinkClass *klass = GST_DMABUF_VIDEO_SINK_GET_CLASS (self);
  GstFlowReturn ret, go_on;

  do {
    go_on = GST_FLOW_FLUSHING;
    ret = klass->show (self, import, frame, buffer, error);
    if (ret == GST_FLOW_FLUSHING)
      ret = go_on = wait_until_playing (self);
  } while (go_on == GST_FLOW_OK);
  gst_dmabuf_import_unref (import);

  if (ret == GST_FLOW_OK) {
    g_atomic_int_inc (&priv->counters.frames);
    priv->n_exhausted = 0;
  } else if (ret == GST_FLOW_ERROR && *error == NULL) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "the display failed without a reason");
  }
  return ret;
}

/* Memory of our own was refused too: the display does not take the pair at
 * all. Takes ownership of @error. */
static GstFlowReturn
drop_staged (GstDmabufVideoSink * self, GError * error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  if (!g_error_matches (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED)
      && !g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_UNSUPPORTED)
      && !g_error_matches (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID))
    return drop_or_fail (self, error);

  g_atomic_int_inc (&priv->counters.dropped);
  strike_format (self, &priv->info.format, error->message);
  g_error_free (error);
  return GST_FLOW_OK;
}

/* Copies the frame and shows the copy. */
static GstFlowReturn
show_staged (GstDmabufVideoSink * self, GstBuffer * buffer,
    StageReason reason, const gchar * detail)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufVideoInfo info = priv->has_canvas ? priv->canvas_info : priv->info;
  GstDmabufFrame frame;
  GstDmabufImport *import = NULL;
  GstBuffer *staged;
  GError *error = NULL;
  GstFlowReturn ret = GST_FLOW_ERROR;

  staged = gst_dmabuf_video_sink_stage (self, buffer, reason, detail, &error);
  if (!staged)
    return drop_or_fail (self, error);

  info.dialect = GST_DMABUF_DIALECT_SYSTEM;
  if (!gst_dmabuf_frame_describe (&frame, staged, &info, &error)
      || !resolve_crop (self, &frame, &error)) {
    gst_buffer_unref (staged);
    return fail_frame (self, error);
  }
  import = import_frame (self, &frame, &error);
  if (import)
    ret = show_import (self, import, &frame, staged, &error);
  gst_buffer_unref (staged);
  return ret == GST_FLOW_ERROR ? drop_staged (self, error) : ret;
}

/* Takes ownership of @refusal. */
static GstFlowReturn
show_refused (GstDmabufVideoSink * self, GstBuffer * buffer,
    const GstDmabufFrame * frame, GError * refusal)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstFlowReturn ret = GST_FLOW_OK;

  if (g_error_matches (refusal, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED)
      || g_error_matches (refusal, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_EXHAUSTED))
    return drop_or_fail (self, refusal);

  if (gst_dmabuf_format_is_linear (&frame->layout.format)) {
    ret = show_staged (self, buffer, STAGE_REASON_REFUSED, refusal->message);
  } else {
    g_atomic_int_inc (&priv->counters.dropped);
    strike_format (self, &frame->layout.format, refusal->message);
  }
  g_error_free (refusal);
  return ret;
}

/* Imported and shown; refused, if at all, when imported or when shown: some
 * drivers look at memory only then. */
static GstFlowReturn
show_frame (GstDmabufVideoSink * self, const GstDmabufFrame * frame,
    GstBuffer * buffer)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GError *error = NULL;
  GstDmabufImport *import = import_frame (self, frame, &error);
  GstFlowReturn ret;

  if (!import)
    return show_refused (self, buffer, frame, error);

  ret = show_import (self, import, frame, buffer, &error);
  if (ret != GST_FLOW_ERROR)
    return ret;
  if (!g_error_matches (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED))
    return drop_or_fail (self, error);
  gst_dmabuf_import_cache_insert_refusal (priv->cache, frame, error);
  return show_refused (self, buffer, frame, error);
}

static gboolean
can_import_simulated (GstDmabufVideoSink * self)
{
  GstDmabufSinkLimits limits;

  gst_dmabuf_video_sink_copy_limits (self, &limits);
  return limits.can_import_simulated;
}

/* Described, waited for, imported or staged, shown. */
static GstFlowReturn
show_buffer (GstDmabufVideoSink * self, GstBuffer * buffer)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufFrame frame;
  GError *error = NULL;
  GstFlowReturn ret;

  if (!gst_dmabuf_frame_describe (&frame, buffer, &priv->info, &error)) {
    /* Only plain memory under system caps is UNSUPPORTED. */
    if (!g_error_matches (error, GST_DMABUF_ERROR,
            GST_DMABUF_ERROR_UNSUPPORTED))
      return drop_or_fail (self, error);
    g_clear_error (&error);
    return show_staged (self, buffer, priv->has_canvas ?
        STAGE_REASON_DISPLAY_SIZE : STAGE_REASON_SYSTEM_MEMORY, NULL);
  }

  ret = wait_fences (self, &frame);
  if (ret == GST_FLOW_CUSTOM_SUCCESS) {
    g_atomic_int_inc (&priv->counters.dropped);
    return GST_FLOW_OK;
  }
  if (ret != GST_FLOW_OK)
    return ret;

  if (priv->has_canvas)
    return show_staged (self, buffer, STAGE_REASON_DISPLAY_SIZE, NULL);
  if (frame.simulated && !can_import_simulated (self))
    return show_staged (self, buffer, STAGE_REASON_SIMULATED, NULL);
  if (!resolve_crop (self, &frame, &error))
    return fail_frame (self, error);
  return show_frame (self, &frame, buffer);
}

GstFlowReturn
gst_dmabuf_video_sink_show_frame (GstVideoSink * vsink, GstBuffer * buffer)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (vsink);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  gboolean on_screen = buffer == priv->prerolled;

  if (!priv->have_info)
    return GST_FLOW_NOT_NEGOTIATED;

  /* Paused once more before it played: still prerolled. */
  if (on_screen && priv->prerolling)
    return GST_FLOW_OK;
  gst_clear_buffer (&priv->prerolled);
  return on_screen ? GST_FLOW_OK : show_buffer (self, buffer);
}

/* The first frame is shown while paused and comes again when playing: it is not
 * worth a second commit, let alone a second copy. */
GstFlowReturn
gst_dmabuf_video_sink_preroll (GstBaseSink * bsink, GstBuffer * buffer)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstBaseSinkClass *parent_class = g_type_class_peek (GST_TYPE_VIDEO_SINK);
  guint before = g_atomic_int_get (&priv->counters.frames), after;
  GstFlowReturn ret;

  priv->prerolling = TRUE;
  ret = parent_class->preroll (bsink, buffer);
  priv->prerolling = FALSE;
  after = g_atomic_int_get (&priv->counters.frames);
  if (ret == GST_FLOW_OK && after != before)
    gst_buffer_replace (&priv->prerolled, buffer);
  return ret;
}
