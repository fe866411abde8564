/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The elements dmabufconvert, dmabufupload and dmabufdownload: properties,
 * events and the order of things. How caps are agreed on is
 * gstdmabufconvertnegotiate.c's to say, what a frame goes through
 * gstdmabufconvertwork.c's, and whose pool is used gstdmabufconvertpool.c's.
 */

/**
 * SECTION:element-dmabufconvert
 * @title: dmabufconvert
 * @short_description: any spelling and any known layout of a frame, with the
 *     least work
 *
 * Links what has the right memory and the wrong words: explicit caps
 * (`format=DMA_DRM`), caps without a modifier, and plain `video/x-raw`. Where
 * words are not enough the CPU reads or writes tiles, widens packed 10-bit
 * samples, or moves rows into memory that downstream can take. It neither scales
 * nor converts colours.
 *
 * Of all ways that both sides allow it takes the cheapest; #GstDmabufConvert:stats
 * tells which one, and why nothing cheaper. Upstream is offered a pool of
 * dma-bufs, so that a decoder or a test source writes straight into what
 * downstream wants, and nothing is copied.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 videotestsrc ! dmabufconvert ! dmabufkmssink
 * ]| Test pictures, painted into dma-bufs.
 * |[
 * gst-launch-1.0 v4l2src io-mode=dmabuf ! dmabufconvert ! videoscale ! autovideosink
 * ]| A camera's dma-bufs as plain `video/x-raw`.
 *
 * Since: 0.1
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufconvertprivate.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "dmabufconvertenums.h"

GST_DEBUG_CATEGORY (gst_dmabuf_convert_debug);
#define GST_CAT_DEFAULT gst_dmabuf_convert_debug

#define DEFAULT_ZERO_COPY GST_DMABUF_ZERO_COPY_PREFER
#define DEFAULT_LEGACY_LAYOUT DMABUF_CONVERT_LEGACY_LAYOUT_IMPLICIT
#define DEFAULT_IGNORE_ALPHA FALSE
#define DEFAULT_FENCE_TIMEOUT GST_SECOND
#define DEFAULT_N_THREADS 0

enum
{
  PROP_0,
  PROP_LEGACY_LAYOUT,
  PROP_IGNORE_ALPHA,
  PROP_EXPORTER,
  PROP_ZERO_COPY,
  PROP_FENCE_TIMEOUT,
  PROP_N_THREADS,
  PROP_STATS,
};

#define gst_dmabuf_convert_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE (GstDmabufConvert, gst_dmabuf_convert,
    GST_TYPE_BASE_TRANSFORM, G_ADD_PRIVATE (GstDmabufConvert);
    GST_DEBUG_CATEGORY_INIT (gst_dmabuf_convert_debug, "dmabufconvert", 0,
        "frames under other words or in other layouts"));

GstDmabufConvertPrivate *
gst_dmabuf_convert_private (GstDmabufConvert * self)
{
  return gst_dmabuf_convert_get_instance_private (self);
}

/* Waiting and its end */

static void
cancel (GstDmabufConvert * self, gboolean cancelled)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GstBufferPool *pool = NULL;
  eventfd_t count;

  GST_OBJECT_LOCK (self);
  if (priv->cancel_fd >= 0) {
    if (cancelled)
      (void) eventfd_write (priv->cancel_fd, 1);
    else
      (void) eventfd_read (priv->cancel_fd, &count);
    /* Pools that GStreamer made without a descriptor wait for ever if they find
     * EAGAIN here. */
    errno = 0;
  }
  if (priv->out_pool)
    pool = gst_object_ref (priv->out_pool);
  GST_OBJECT_UNLOCK (self);
  if (pool) {
    gst_buffer_pool_set_flushing (pool, cancelled);
    gst_object_unref (pool);
  }
}

static gboolean
gst_dmabuf_convert_sink_event (GstBaseTransform * trans, GstEvent * event)
{
  GstDmabufConvert *self = GST_DMABUF_CONVERT (trans);
  GstCaps *caps = NULL;
  gboolean ok;

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START)
    cancel (self, TRUE);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    cancel (self, FALSE);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    gst_event_parse_caps (event, &caps);
    gst_caps_ref (caps);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    gst_dmabuf_convert_post_unmet (self);

  ok = GST_BASE_TRANSFORM_CLASS (parent_class)->sink_event (trans, event);
  if (caps && !ok && !GST_PAD_IS_FLUSHING (GST_BASE_TRANSFORM_SRC_PAD (trans)))
    gst_dmabuf_convert_post_refusal (self, caps);
  gst_clear_caps (&caps);
  return ok;
}

static gboolean
gst_dmabuf_convert_start (GstBaseTransform * trans)
{
  GstDmabufConvert *self = GST_DMABUF_CONVERT (trans);
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  gint fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);

  if (fd < 0) {
    GST_ELEMENT_ERROR (self, RESOURCE, FAILED, (NULL),
        ("eventfd: %s", g_strerror (errno)));
    return FALSE;
  }
  GST_OBJECT_LOCK (self);
  priv->cancel_fd = fd;
  memset (&priv->counters, 0, sizeof (priv->counters));
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
gst_dmabuf_convert_stop (GstBaseTransform * trans)
{
  GstDmabufConvert *self = GST_DMABUF_CONVERT (trans);
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);

  gst_dmabuf_convert_forget_pool (self);
  g_clear_pointer (&priv->workers, dmabuf_convert_workers_free);
  GST_OBJECT_LOCK (self);
  if (priv->cancel_fd >= 0)
    close (priv->cancel_fd);
  priv->cancel_fd = -1;
  priv->negotiated = FALSE;
  gst_caps_replace (&priv->unmet, NULL);
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static GstStateChangeReturn
gst_dmabuf_convert_change_state (GstElement * element,
    GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    cancel (GST_DMABUF_CONVERT (element), TRUE);
  return GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);
}

/* All is done when the output buffer was prepared. */
static GstFlowReturn
gst_dmabuf_convert_transform (GstBaseTransform * trans, GstBuffer * in,
    GstBuffer * out)
{
  return GST_FLOW_OK;
}

/* Properties */

static const struct
{
  DmabufConvertPath path;
  const gchar *done;
} cpu_paths[] = {
  {DMABUF_CONVERT_DETILE, "detiled"},
  {DMABUF_CONVERT_UNPACK, "unpacked"},
  {DMABUF_CONVERT_TILE, "tiled"},
  {DMABUF_CONVERT_PACK, "packed"},
};

static GstStructure *
make_stats (GstDmabufConvert * self)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  ConvertCounters *counters = &priv->counters;
  GstStructure *stats;
  guint i;

  stats = gst_structure_new ("application/x-dmabufconvert-stats",
      "frames", G_TYPE_UINT, g_atomic_int_get (&counters->frames),
      "passed", G_TYPE_UINT, g_atomic_int_get (&counters->passed),
      "relabelled", G_TYPE_UINT, g_atomic_int_get (&counters->relabelled),
      "moved", G_TYPE_UINT, g_atomic_int_get (&counters->moved),
      "dropped", G_TYPE_UINT, g_atomic_int_get (&counters->dropped), NULL);
  for (i = 0; i < G_N_ELEMENTS (cpu_paths); i++)
    gst_structure_set (stats, cpu_paths[i].done, G_TYPE_UINT,
        g_atomic_int_get (&counters->by_path[cpu_paths[i].path]), NULL);
  GST_OBJECT_LOCK (self);
  gst_structure_set (stats,
      "path", G_TYPE_STRING, priv->path_name ? priv->path_name : "none",
      "reason", G_TYPE_STRING, priv->reason ? priv->reason : "",
      "exporter", G_TYPE_STRING,
      priv->exporter_used ? priv->exporter_used : "", NULL);
  GST_OBJECT_UNLOCK (self);
  return stats;
}

static void
gst_dmabuf_convert_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstDmabufConvert *self = GST_DMABUF_CONVERT (object);
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_LEGACY_LAYOUT:
      priv->rules.legacy_linear =
          g_value_get_enum (value) == DMABUF_CONVERT_LEGACY_LAYOUT_LINEAR;
      break;
    case PROP_IGNORE_ALPHA:
      priv->rules.ignore_alpha = g_value_get_boolean (value);
      break;
    case PROP_EXPORTER:
      g_free (priv->exporter_spec);
      priv->exporter_spec = g_value_dup_string (value);
      break;
    case PROP_ZERO_COPY:
      priv->rules.zero_copy =
          g_value_get_enum (value) == GST_DMABUF_ZERO_COPY_REQUIRE;
      break;
    case PROP_FENCE_TIMEOUT:
      priv->fence_timeout = g_value_get_uint64 (value);
      break;
    case PROP_N_THREADS:
      priv->n_threads = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
  /* Other rules, other paths. */
  gst_base_transform_reconfigure_sink (GST_BASE_TRANSFORM (self));
  gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
}

static void
gst_dmabuf_convert_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstDmabufConvert *self = GST_DMABUF_CONVERT (object);
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);

  if (id == PROP_STATS) {
    g_value_take_boxed (value, make_stats (self));
    return;
  }

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_LEGACY_LAYOUT:
      g_value_set_enum (value, priv->rules.legacy_linear ?
          DMABUF_CONVERT_LEGACY_LAYOUT_LINEAR :
          DMABUF_CONVERT_LEGACY_LAYOUT_IMPLICIT);
      break;
    case PROP_IGNORE_ALPHA:
      g_value_set_boolean (value, priv->rules.ignore_alpha);
      break;
    case PROP_EXPORTER:
      g_value_set_string (value, priv->exporter_spec);
      break;
    case PROP_ZERO_COPY:
      g_value_set_enum (value, priv->rules.zero_copy ?
          GST_DMABUF_ZERO_COPY_REQUIRE : GST_DMABUF_ZERO_COPY_PREFER);
      break;
    case PROP_FENCE_TIMEOUT:
      g_value_set_uint64 (value, priv->fence_timeout);
      break;
    case PROP_N_THREADS:
      g_value_set_uint (value, priv->n_threads);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_dmabuf_convert_finalize (GObject * object)
{
  GstDmabufConvertPrivate *priv =
      gst_dmabuf_convert_private (GST_DMABUF_CONVERT (object));

  g_free (priv->exporter_spec);
  g_free (priv->path_name);
  g_free (priv->reason);
  g_free (priv->exporter_used);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
install_rule_properties (GObjectClass * klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  g_object_class_install_property (klass, PROP_LEGACY_LAYOUT,
      g_param_spec_enum ("legacy-layout", "Legacy layout",
          "What dma-bufs of caps without a modifier contain (default: "
          "implicit)", DMABUF_CONVERT_TYPE_LEGACY_LAYOUT,
          DEFAULT_LEGACY_LAYOUT, flags | GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, PROP_IGNORE_ALPHA,
      g_param_spec_boolean ("ignore-alpha", "Ignore alpha",
          "Let a format stand for its twin with or without alpha, AR24 for "
          "XR24 and the reverse; without alpha before, its bits are whatever "
          "they were (default: false)", DEFAULT_IGNORE_ALPHA,
          flags | GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, PROP_ZERO_COPY,
      g_param_spec_enum ("zero-copy", "Zero copy",
          "What to do with frames that the CPU would have to touch: convert "
          "and copy them, or refuse (default: prefer)",
          GST_TYPE_DMABUF_ZERO_COPY, DEFAULT_ZERO_COPY,
          flags | GST_PARAM_MUTABLE_PLAYING));
}

static void
install_work_properties (GObjectClass * klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
      GST_PARAM_MUTABLE_READY;

  g_object_class_install_property (klass, PROP_EXPORTER,
      g_param_spec_string ("exporter", "Exporter",
          "Where dma-bufs come from: heap:NAME, udmabuf, dumb:DEVICE, or "
          "memfd, which only simulates them; auto or none: what downstream "
          "has tested, else whatever works (default: none)", NULL, flags));
  g_object_class_install_property (klass, PROP_FENCE_TIMEOUT,
      g_param_spec_uint64 ("fence-timeout", "Fence timeout",
          "How long to wait for the producer of a frame that the CPU has to "
          "read, in nanoseconds, before the frame is dropped (default: 1 s)",
          GST_MSECOND, G_MAXUINT64, DEFAULT_FENCE_TIMEOUT, flags));
  g_object_class_install_property (klass, PROP_N_THREADS,
      g_param_spec_uint ("n-threads", "Threads",
          "Threads that share a frame when the CPU tiles or detiles it; 0: by "
          "the frame's size and the number of CPUs (default: 0)", 0,
          DMABUF_CONVERT_MAX_THREADS, DEFAULT_N_THREADS, flags));
  g_object_class_install_property (klass, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Frames in all, and passed, relabelled, moved, detiled, unpacked, "
          "tiled, packed and dropped since the start; the path that was "
          "negotiated, the reason why nothing cheaper was, and the exporter "
          "of the memory that was offered or used", GST_TYPE_STRUCTURE,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

void
gst_dmabuf_convert_add_template (GstElementClass * klass, GstPadDirection direction,
    gboolean dmabuf, gboolean system)
{
  static const gchar fields[] = ", width = (int) [ 1, max ], height = (int) "
      "[ 1, max ], framerate = (fraction) [ 0/1, max ]";
  gchar *text = g_strconcat (dmabuf ? "video/x-raw(memory:DMABuf)" : "",
      dmabuf ? fields : "", dmabuf && system ? "; " : "",
      system ? "video/x-raw" : "", system ? fields : "", NULL);
  GstCaps *caps = gst_caps_from_string (text);

  gst_element_class_add_pad_template (klass,
      gst_pad_template_new (direction == GST_PAD_SINK ? "sink" : "src",
          direction, GST_PAD_ALWAYS, caps));
  gst_caps_unref (caps);
  g_free (text);
}

static void
gst_dmabuf_convert_class_init (GstDmabufConvertClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *transform_class = GST_BASE_TRANSFORM_CLASS (klass);

  object_class->set_property = gst_dmabuf_convert_set_property;
  object_class->get_property = gst_dmabuf_convert_get_property;
  object_class->finalize = gst_dmabuf_convert_finalize;
  install_rule_properties (object_class);
  install_work_properties (object_class);

  gst_dmabuf_convert_add_template (element_class, GST_PAD_SINK, TRUE, TRUE);
  gst_dmabuf_convert_add_template (element_class, GST_PAD_SRC, TRUE, TRUE);
  gst_element_class_set_static_metadata (element_class,
      "DMA-BUF converter", "Filter/Converter/Video",
      "Relabels, detiles, tiles or moves frames between dma-bufs and plain "
      "memory, with the least work", "the gst-plugins-dmabuf authors");
  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_dmabuf_convert_change_state);

  transform_class->passthrough_on_same_caps = TRUE;
  transform_class->transform_caps = gst_dmabuf_convert_transform_caps;
  transform_class->fixate_caps = gst_dmabuf_convert_fixate_caps;
  transform_class->query = gst_dmabuf_convert_query;
  transform_class->set_caps = gst_dmabuf_convert_set_caps;
  transform_class->sink_event = gst_dmabuf_convert_sink_event;
  transform_class->start = gst_dmabuf_convert_start;
  transform_class->stop = gst_dmabuf_convert_stop;
  transform_class->decide_allocation = gst_dmabuf_convert_decide_allocation;
  transform_class->propose_allocation = gst_dmabuf_convert_propose_allocation;
  transform_class->prepare_output_buffer =
      gst_dmabuf_convert_prepare_output_buffer;
  transform_class->transform = gst_dmabuf_convert_transform;

  gst_type_mark_as_plugin_api (GST_TYPE_DMABUF_CONVERT, 0);
  gst_type_mark_as_plugin_api (DMABUF_CONVERT_TYPE_LEGACY_LAYOUT, 0);
}

static void
gst_dmabuf_convert_init (GstDmabufConvert * self)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);

  priv->cancel_fd = -1;
  priv->fence_timeout = DEFAULT_FENCE_TIMEOUT;
  priv->n_threads = DEFAULT_N_THREADS;
  priv->rules.ignore_alpha = DEFAULT_IGNORE_ALPHA;
}
