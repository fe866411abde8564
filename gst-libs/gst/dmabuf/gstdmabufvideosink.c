/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The display base class: properties and states. Caps are in
 * gstdmabufvideosinkcaps.c, the way of one frame in gstdmabufvideosinkframe.c,
 * the answer to ALLOCATION queries in gstdmabufvideosinkpool.c, copies and
 * counters in gstdmabufvideosinkstage.c. It knows no display.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufvideosinkprivate.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gstdmabuferror.h"

GST_DEBUG_CATEGORY (gst_dmabuf_video_sink_debug);
#define GST_CAT_DEFAULT gst_dmabuf_video_sink_debug

/* Decoders rotate through at most this many buffers; a source with more of
 * them pays an import for each that it shows again. */
#define MAX_IMPORTS 64

#define DEFAULT_ZERO_COPY GST_DMABUF_ZERO_COPY_PREFER
#define DEFAULT_FENCE_TIMEOUT GST_SECOND

enum
{
  PROP_0,
  PROP_EXPORTER,
  PROP_ZERO_COPY,
  PROP_FENCE_TIMEOUT,
  PROP_STATS,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (GstDmabufVideoSink, gst_dmabuf_video_sink,
    GST_TYPE_VIDEO_SINK, G_ADD_PRIVATE (GstDmabufVideoSink);
    GST_DEBUG_CATEGORY_INIT (gst_dmabuf_video_sink_debug, "dmabufvideosink",
        0, "dma-buf display base class"));

GType
gst_dmabuf_zero_copy_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {GST_DMABUF_ZERO_COPY_PREFER,
        "Copy a frame that cannot be imported, and say so", "prefer"},
    {GST_DMABUF_ZERO_COPY_REQUIRE,
        "A frame that cannot be imported is an error", "require"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstDmabufZeroCopy", values));
  return type;
}

GstDmabufVideoSinkPrivate *
gst_dmabuf_video_sink_private (GstDmabufVideoSink * self)
{
  return gst_dmabuf_video_sink_get_instance_private (self);
}

gint
gst_dmabuf_video_sink_get_cancel_fd (GstDmabufVideoSink * self)
{
  g_return_val_if_fail (GST_IS_DMABUF_VIDEO_SINK (self), -1);

  return gst_dmabuf_video_sink_private (self)->cancel_fd;
}

void
gst_dmabuf_video_sink_drop_imports (GstDmabufVideoSink * self)
{
  GstDmabufVideoSinkPrivate *priv;

  g_return_if_fail (GST_IS_DMABUF_VIDEO_SINK (self));

  priv = gst_dmabuf_video_sink_private (self);
  if (priv->cache)
    gst_dmabuf_import_cache_clear (priv->cache);
}

static gboolean
gst_dmabuf_video_sink_propose_allocation (GstBaseSink * bsink, GstQuery * query)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  GError *error = NULL;

  if (gst_dmabuf_video_sink_propose (self, query, &error))
    return TRUE;
  GST_WARNING_OBJECT (self, "ALLOCATION query not answered: %s",
      error->message);
  g_clear_error (&error);
  return FALSE;
}

/* States */

static void
free_handle (gpointer handle, gpointer user_data)
{
  GstDmabufVideoSink *self = user_data;

  GST_DMABUF_VIDEO_SINK_GET_CLASS (self)->free_import (self, handle);
}

static gboolean
gst_dmabuf_video_sink_start (GstBaseSink * bsink)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  priv->cancel_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (priv->cancel_fd < 0) {
    GST_ELEMENT_ERROR (self, RESOURCE, FAILED, (NULL),
        ("eventfd: %s", g_strerror (errno)));
    return FALSE;
  }
  /* An import that is still held somewhere needs the display to be freed. */
  priv->cache = gst_dmabuf_import_cache_new_full (MAX_IMPORTS, free_handle,
      gst_object_ref (self), gst_object_unref);
  memset (&priv->counters, 0, sizeof (priv->counters));
  GST_OBJECT_LOCK (self);
  g_clear_pointer (&priv->exporter_used, g_free);
  priv->session++;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
gst_dmabuf_video_sink_stop (GstBaseSink * bsink)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  gst_dmabuf_video_sink_stage_reset (self);
  gst_dmabuf_video_sink_forget_exporter (self);
  g_clear_pointer (&priv->cache, gst_dmabuf_import_cache_unref);
  priv->have_info = FALSE;
  gst_clear_buffer (&priv->prerolled);

  GST_OBJECT_LOCK (self);
  priv->session++;
  g_clear_pointer (&priv->formats, gst_dmabuf_format_set_unref);
  g_clear_pointer (&priv->struck, gst_dmabuf_format_set_unref);
  gst_caps_replace (&priv->caps, NULL);
  gst_caps_replace (&priv->unmet, NULL);
  GST_OBJECT_UNLOCK (self);

  if (priv->cancel_fd >= 0)
    close (priv->cancel_fd);
  priv->cancel_fd = -1;
  return TRUE;
}

static gboolean
gst_dmabuf_video_sink_unlock (GstBaseSink * bsink)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  gint fd = gst_dmabuf_video_sink_private (self)->cancel_fd;

  if (fd >= 0 && eventfd_write (fd, 1) < 0 && errno != EAGAIN)
    GST_WARNING_OBJECT (self, "eventfd: %s", g_strerror (errno));
  return TRUE;
}

static gboolean
gst_dmabuf_video_sink_unlock_stop (GstBaseSink * bsink)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  gint fd = gst_dmabuf_video_sink_private (self)->cancel_fd;
  eventfd_t count;

  if (fd >= 0 && eventfd_read (fd, &count) < 0 && errno != EAGAIN)
    GST_WARNING_OBJECT (self, "eventfd: %s", g_strerror (errno));
  /* Pools that GStreamer made without a descriptor wait for ever if they find
   * EAGAIN here. */
  errno = 0;
  return TRUE;
}

/* Object */

static void
gst_dmabuf_video_sink_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (object);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_EXPORTER:
      g_free (priv->exporter_spec);
      priv->exporter_spec = g_value_dup_string (value);
      break;
    case PROP_ZERO_COPY:
      priv->zero_copy = g_value_get_enum (value);
      break;
    case PROP_FENCE_TIMEOUT:
      priv->fence_timeout = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_dmabuf_video_sink_get_property (GObject * object, guint id,
    GValue * value, GParamSpec * pspec)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (object);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  if (id == PROP_STATS) {
    g_value_take_boxed (value, gst_dmabuf_video_sink_stats (self));
    return;
  }

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_EXPORTER:
      g_value_set_string (value, priv->exporter_spec);
      break;
    case PROP_ZERO_COPY:
      g_value_set_enum (value, priv->zero_copy);
      break;
    case PROP_FENCE_TIMEOUT:
      g_value_set_uint64 (value, priv->fence_timeout);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_dmabuf_video_sink_finalize (GObject * object)
{
  GstDmabufVideoSinkPrivate *priv =
      gst_dmabuf_video_sink_private (GST_DMABUF_VIDEO_SINK (object));

  g_free (priv->exporter_spec);
  g_free (priv->exporter_used);
  G_OBJECT_CLASS (gst_dmabuf_video_sink_parent_class)->finalize (object);
}

#define READY_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_READY)

static void
install_settings (void)
{
  /**
   * GstDmabufVideoSink:exporter:
   *
   * Where memory comes from that is proposed upstream or copied into, such as
   * `heap:NAME`, `udmabuf`, `dumb:/dev/dri/cardN`.
   *
   * Since: 0.1
   */
  properties[PROP_EXPORTER] = g_param_spec_string ("exporter", "Exporter",
      "Exporter of proposed memory (heap:NAME, udmabuf, dumb:NODE; NULL = "
      "environment variable GST_DMABUF_EXPORTER, then what suits the display)",
      NULL, READY_FLAGS);

  /**
   * GstDmabufVideoSink:zero-copy:
   *
   * What happens to a frame that the display cannot import.
   *
   * Since: 0.1
   */
  properties[PROP_ZERO_COPY] = g_param_spec_enum ("zero-copy", "Zero copy",
      "What to do with a frame that the display cannot import",
      GST_TYPE_DMABUF_ZERO_COPY, DEFAULT_ZERO_COPY,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);

  /**
   * GstDmabufVideoSink:fence-timeout:
   *
   * How long to wait for the producer of a frame, in nanoseconds. Then the
   * frame is dropped with a warning.
   *
   * Since: 0.1
   */
  properties[PROP_FENCE_TIMEOUT] = g_param_spec_uint64 ("fence-timeout",
      "Fence timeout", "How long to wait for the producer of a frame, in "
      "nanoseconds, before the frame is dropped",
      GST_MSECOND, G_MAXUINT64, DEFAULT_FENCE_TIMEOUT, READY_FLAGS);
}

static void
install_stats (void)
{
  /**
   * GstDmabufVideoSink:stats:
   *
   * Counters since the sink was started: `frames` shown, `imported` dma-bufs,
   * `cache-hits`, `staged` copies in all and by reason
   * (`staged-system-memory`, `staged-simulated-memory`,
   * `staged-import-refused`, `staged-display-size`), `fence-timeouts`, and the
   * `exporter` of the memory that was last proposed (string, may be empty).
   * With them GstBaseSink's own: `rendered` (handed to the display, shown or
   * not), `average-rate`, and `dropped`, which counts the frames that came too
   * `late` and those that could not be shown.
   *
   * Since: 0.1
   */
  properties[PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Frames shown, imported, staged, late and dropped since the sink was "
      "started", GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
gst_dmabuf_video_sink_class_init (GstDmabufVideoSinkClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstBaseSinkClass *basesink_class = GST_BASE_SINK_CLASS (klass);
  GstVideoSinkClass *videosink_class = GST_VIDEO_SINK_CLASS (klass);

  object_class->set_property = gst_dmabuf_video_sink_set_property;
  object_class->get_property = gst_dmabuf_video_sink_get_property;
  object_class->finalize = gst_dmabuf_video_sink_finalize;
  install_settings ();
  install_stats ();
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  basesink_class->start = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_start);
  basesink_class->stop = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_stop);
  basesink_class->unlock = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_unlock);
  basesink_class->unlock_stop =
      GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_unlock_stop);
  basesink_class->get_caps = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_get_caps);
  basesink_class->set_caps = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_set_caps);
  basesink_class->event = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_event);
  basesink_class->query = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_query);
  basesink_class->propose_allocation =
      GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_propose_allocation);
  basesink_class->preroll = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_preroll);
  videosink_class->show_frame =
      GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_show_frame);

  gst_type_mark_as_plugin_api (GST_TYPE_DMABUF_VIDEO_SINK, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_DMABUF_ZERO_COPY, 0);
}

static void
gst_dmabuf_video_sink_init (GstDmabufVideoSink * self)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  priv->cancel_fd = -1;
  priv->zero_copy = DEFAULT_ZERO_COPY;
  priv->fence_timeout = DEFAULT_FENCE_TIMEOUT;
  gst_dmabuf_video_sink_init_limits (&priv->limits);
}
