/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The display base class: properties, caps and states. The way of one frame
 * is in gstdmabufvideosinkframe.c, the answer to ALLOCATION queries in
 * gstdmabufvideosinkpool.c, copies and counters in gstdmabufvideosinkstage.c.
 * It knows no display.
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

/* Formats and caps */

static gboolean
keep_linear (const GstDmabufFormat * format, gpointer user_data)
{
  return gst_dmabuf_format_is_linear (format);
}

/* Explicit caps in the display's order, then legacy, then system caps. System
 * caps promise a linear layout, so only linear members become system caps. */
static GstCaps *
build_caps (const GstDmabufFormatSet * formats,
    const GstDmabufSinkLimits * limits)
{
  GstDmabufFormatSet *linear;
  GstCaps *caps;
  guint i;

  caps = gst_dmabuf_caps_from_set (formats,
      GST_DMABUF_DIALECT_EXPLICIT | GST_DMABUF_DIALECT_LEGACY);
  linear = gst_dmabuf_format_set_filter (formats, keep_linear, NULL);
  gst_caps_append (caps, gst_dmabuf_caps_from_set (linear,
          GST_DMABUF_DIALECT_SYSTEM));
  gst_dmabuf_format_set_unref (linear);

  for (i = 0; i < gst_caps_get_size (caps); i++)
    gst_structure_set (gst_caps_get_structure (caps, i),
        "width", GST_TYPE_INT_RANGE, MAX (limits->min_width, 1),
        MIN (limits->max_width, G_MAXINT),
        "height", GST_TYPE_INT_RANGE, MAX (limits->min_height, 1),
        MIN (limits->max_height, G_MAXINT), NULL);
  return caps;
}

static void
init_limits (GstDmabufSinkLimits * limits)
{
  memset (limits, 0, sizeof (*limits));
  limits->min_width = limits->min_height = 1;
  limits->max_width = limits->max_height = 16384;
  limits->n_held = 2;
  gst_dmabuf_constraints_init (&limits->constraints);
}

/* Asks the subclass, leaves out what the display refused, and replaces what
 * was known before. Returns TRUE if the formats differ from before. */
static gboolean
refresh_formats (GstDmabufVideoSink * self)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufVideoSinkClass *klass = GST_DMABUF_VIDEO_SINK_GET_CLASS (self);
  GstDmabufFormatSet *formats, *old;
  GstDmabufSinkLimits limits;
  GError *error = NULL;
  gboolean changed;

  formats = klass->get_formats (self, &error);
  if (!formats) {
    GST_DEBUG_OBJECT (self, "no formats yet: %s", error->message);
    g_clear_error (&error);
    return FALSE;
  }
  init_limits (&limits);
  if (klass->get_limits)
    klass->get_limits (self, &limits);

  GST_OBJECT_LOCK (self);
  if (priv->struck) {
    GstDmabufFormatSet *left =
        gst_dmabuf_format_set_subtract (formats, priv->struck);

    gst_dmabuf_format_set_unref (formats);
    formats = left;
  }
  old = priv->formats;
  changed = !old || !gst_dmabuf_format_set_equal (old, formats);
  priv->formats = formats;
  priv->limits = limits;
  gst_caps_replace (&priv->caps, NULL);
  priv->caps = build_caps (formats, &limits);
  GST_OBJECT_UNLOCK (self);

  if (old)
    gst_dmabuf_format_set_unref (old);
  return changed;
}

void
gst_dmabuf_video_sink_formats_changed (GstDmabufVideoSink * self)
{
  g_return_if_fail (GST_IS_DMABUF_VIDEO_SINK (self));

  if (!refresh_formats (self))
    return;
  GST_INFO_OBJECT (self, "formats changed, asking upstream to reconfigure");
  gst_pad_push_event (GST_BASE_SINK_PAD (self), gst_event_new_reconfigure ());
}

/* The subclass opens its display in start(), after ours: its formats are asked
 * for when somebody wants to know them. */
static void
ensure_formats (GstDmabufVideoSink * self)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  gboolean known;

  GST_OBJECT_LOCK (self);
  known = priv->formats != NULL;
  GST_OBJECT_UNLOCK (self);
  if (!known && priv->cancel_fd >= 0)
    refresh_formats (self);
}

static GstDmabufFormatSet *
ref_formats (GstDmabufVideoSink * self)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufFormatSet *formats = NULL;

  ensure_formats (self);
  GST_OBJECT_LOCK (self);
  if (priv->formats)
    formats = gst_dmabuf_format_set_ref (priv->formats);
  GST_OBJECT_UNLOCK (self);
  return formats;
}

static GstCaps *
gst_dmabuf_video_sink_get_caps (GstBaseSink * bsink, GstCaps * filter)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstCaps *caps = NULL, *both;

  ensure_formats (self);
  GST_OBJECT_LOCK (self);
  if (priv->caps)
    caps = gst_caps_ref (priv->caps);
  GST_OBJECT_UNLOCK (self);
  if (!caps)
    caps = gst_pad_get_pad_template_caps (GST_BASE_SINK_PAD (bsink));

  if (!filter)
    return caps;
  both = gst_caps_intersect_full (caps, filter, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (caps);
  return both;
}

static gboolean
check_caps (GstDmabufVideoSink * self, GstCaps * caps,
    GstDmabufVideoInfo * info, GError ** error)
{
  GstDmabufFormatSet *formats;
  gboolean takes;
  gchar *wanted, *offered;

  if (!gst_dmabuf_video_info_from_caps (info, caps, error))
    return FALSE;
  formats = ref_formats (self);
  if (!formats) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "the display is not open");
    return FALSE;
  }
  takes = gst_dmabuf_format_set_contains (formats, &info->format);
  if (!takes) {
    wanted = gst_dmabuf_format_describe (&info->format);
    offered = gst_dmabuf_format_set_to_string (formats);
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "upstream wants to send %s, the display takes %s", wanted, offered);
    g_free (wanted);
    g_free (offered);
  }
  gst_dmabuf_format_set_unref (formats);
  return takes;
}

static gboolean
gst_dmabuf_video_sink_set_caps (GstBaseSink * bsink, GstCaps * caps)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufVideoSinkClass *klass = GST_DMABUF_VIDEO_SINK_GET_CLASS (self);
  GstDmabufVideoInfo info;
  GError *error = NULL;

  if (!check_caps (self, caps, &info, &error)
      || (klass->configure && !klass->configure (self, &info, &error))) {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT, ("%s", error->message),
        ("caps: %" GST_PTR_FORMAT, caps));
    g_clear_error (&error);
    return FALSE;
  }

  gst_dmabuf_video_sink_stage_reset (self);
  priv->info = info;
  priv->have_info = TRUE;
  GST_VIDEO_SINK_WIDTH (self) = GST_VIDEO_INFO_WIDTH (&info.vinfo);
  GST_VIDEO_SINK_HEIGHT (self) = GST_VIDEO_INFO_HEIGHT (&info.vinfo);
  GST_INFO_OBJECT (self, "negotiated %" GST_PTR_FORMAT, caps);
  return TRUE;
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
  g_clear_pointer (&priv->formats, gst_dmabuf_format_set_unref);
  g_clear_pointer (&priv->struck, gst_dmabuf_format_set_unref);
  gst_caps_replace (&priv->caps, NULL);
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

static void
install_properties (GObjectClass * object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;

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
      NULL, flags);

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
      GST_MSECOND, G_MAXUINT64, DEFAULT_FENCE_TIMEOUT, flags);

  /**
   * GstDmabufVideoSink:stats:
   *
   * Counters since the sink was started: `frames` shown, `imported` dma-bufs,
   * `cache-hits`, `staged` copies in all and by reason
   * (`staged-system-memory`, `staged-simulated-memory`,
   * `staged-import-refused`), `dropped` frames, `fence-timeouts`, and the
   * `exporter` of the memory that was last proposed (string, may be empty).
   *
   * Since: 0.1
   */
  properties[PROP_STATS] = g_param_spec_boxed ("stats", "Statistics",
      "Frames shown, imported, staged and dropped since the sink was started",
      GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
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
  install_properties (object_class);

  basesink_class->start = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_start);
  basesink_class->stop = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_stop);
  basesink_class->unlock = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_unlock);
  basesink_class->unlock_stop =
      GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_unlock_stop);
  basesink_class->get_caps = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_get_caps);
  basesink_class->set_caps = GST_DEBUG_FUNCPTR (gst_dmabuf_video_sink_set_caps);
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
  init_limits (&priv->limits);
}
