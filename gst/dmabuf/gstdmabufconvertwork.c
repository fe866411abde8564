/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The way of one frame through the converter: waited for where the CPU reads
 * it, relabelled or moved, counted. Runs per frame in the streaming thread.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufconvertprivate.h"

#include <gst/dmabuf/gstdmabuffence.h>
#include <gst/dmabuf/gstdmabufframe.h>

GST_DEBUG_CATEGORY_EXTERN (gst_dmabuf_convert_debug);
#define GST_CAT_DEFAULT gst_dmabuf_convert_debug

static GstFlowReturn
fail_frame (GstDmabufConvert * self, GError * error)
{
  if (g_error_matches (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED))
    GST_ELEMENT_ERROR (self, RESOURCE, NO_SPACE_LEFT, ("%s", error->message),
        (NULL));
  else
    GST_ELEMENT_ERROR (self, STREAM, FAILED, ("%s", error->message), (NULL));
  g_error_free (error);
  return GST_FLOW_ERROR;
}

/* One poll() for each dma-buf that the CPU is going to read: the kernel would
 * wait for its producer out of our reach. */
static GstFlowReturn
wait_fences (GstDmabufConvert * self, GstBuffer * in)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GstDmabufFrame frame;
  GError *error = NULL;
  guint i;

  if (!gst_dmabuf_frame_describe (&frame, in, &priv->job.in_layout, NULL)
      || frame.simulated)
    return GST_FLOW_OK;

  for (i = 0; i < frame.layout.n_objects; i++) {
    switch (gst_dmabuf_wait_idle (frame.fds[i], GST_DMABUF_ACCESS_READ,
            priv->cancel_fd, priv->fence_timeout, &error)) {
      case GST_DMABUF_WAIT_DONE:
        break;
      case GST_DMABUF_WAIT_CANCELLED:
        return GST_FLOW_FLUSHING;
      case GST_DMABUF_WAIT_TIMEOUT:
        g_atomic_int_inc (&priv->counters.dropped);
        GST_ELEMENT_WARNING (self, STREAM, FAILED,
            ("A frame was dropped: its producer did not finish within %"
                GST_TIME_FORMAT, GST_TIME_ARGS (priv->fence_timeout)), (NULL));
        return GST_BASE_TRANSFORM_FLOW_DROPPED;
      case GST_DMABUF_WAIT_ERROR:
        return fail_frame (self, error);
    }
  }
  return GST_FLOW_OK;
}

/* A frame that only needed other words, but whose memory downstream cannot use:
 * said once for each negotiation. */
static gboolean
announce_move (GstDmabufConvert * self, const GError * reason, GError ** error)
{
  static const gchar remedy[] = "let upstream take the proposed buffer pool, "
      "or export dma-bufs (io-mode=dmabuf on V4L2 sources)";
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);

  if (priv->job.zero_copy) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
        "zero-copy=require, but a frame would have to be copied: %s; %s",
        reason->message, remedy);
    return FALSE;
  }
  g_atomic_int_inc (&priv->counters.moved);
  if (priv->announced)
    return TRUE;

  priv->announced = TRUE;
  GST_WARNING_OBJECT (self, "copying frames: %s; %s", reason->message, remedy);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_structure_new ("dmabuf-staging",
              "reason", G_TYPE_STRING, "memory-unusable",
              "text", G_TYPE_STRING, reason->message,
              "detail", G_TYPE_STRING, "",
              "remedy", G_TYPE_STRING, remedy, NULL)));
  return TRUE;
}

static GstFlowReturn
convert_pixels (GstDmabufConvert * self, GstBuffer * in, GstBuffer ** out)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GError *error = NULL;
  GstFlowReturn ret = wait_fences (self, in);
  GstBuffer *buffer;

  if (ret != GST_FLOW_OK)
    return ret;
  buffer = gst_dmabuf_convert_acquire (self, &ret, &error);
  if (!buffer)
    return error ? fail_frame (self, error) : ret;
  if (!dmabuf_convert_pixels (&priv->job, priv->workers, in, buffer, &error)) {
    gst_buffer_unref (buffer);
    return fail_frame (self, error);
  }
  *out = buffer;
  return GST_FLOW_OK;
}

static GstFlowReturn
relabel (GstDmabufConvert * self, GstBuffer * in, GstBuffer ** out)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GError *error = NULL, *reason = NULL;

  if (dmabuf_convert_can_relabel (&priv->job, in, &reason)) {
    *out = dmabuf_convert_relabel (&priv->job, in, &error);
    if (!*out)
      return fail_frame (self, error);
    g_atomic_int_inc (&priv->counters.relabelled);
    /* The base class owns one reference to what it gave us. */
    if (*out == in)
      gst_buffer_unref (in);
    return GST_FLOW_OK;
  }

  if (!g_error_matches (reason, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED))
    return fail_frame (self, reason);
  if (!announce_move (self, reason, &error)) {
    g_error_free (reason);
    return fail_frame (self, error);
  }
  g_error_free (reason);
  return convert_pixels (self, in, out);
}

GstFlowReturn
gst_dmabuf_convert_prepare_output_buffer (GstBaseTransform * trans,
    GstBuffer * in, GstBuffer ** out)
{
  GstDmabufConvert *self = GST_DMABUF_CONVERT (trans);
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GstFlowReturn ret;

  g_atomic_int_inc (&priv->counters.frames);
  if (gst_base_transform_is_passthrough (trans)
      || priv->job.path == DMABUF_CONVERT_PASS) {
    g_atomic_int_inc (&priv->counters.passed);
    *out = in;
    return GST_FLOW_OK;
  }
  if (priv->job.path <= DMABUF_CONVERT_ADOPT)
    return relabel (self, in, out);

  ret = convert_pixels (self, in, out);
  if (ret == GST_FLOW_OK)
    g_atomic_int_inc (&priv->counters.by_path[priv->job.path]);
  return ret;
}
