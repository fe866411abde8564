/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The caps of the display base class: what is offered, what is accepted, and
 * the words when upstream and the display have nothing in common.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufvideosinkprivate.h"

#include "gstdmabufcapsexplain.h"
#include "gstdmabuferror.h"

#define GST_CAT_DEFAULT gst_dmabuf_video_sink_debug

/* Past this class, to GStreamer's. */
static GstBaseSinkClass *
get_parent_class (void)
{
  return g_type_class_peek (GST_TYPE_VIDEO_SINK);
}

void
gst_dmabuf_video_sink_init_limits (GstDmabufSinkLimits * limits)
{
  memset (limits, 0, sizeof (*limits));
  limits->min_width = limits->min_height = 1;
  limits->max_width = limits->max_height = 16384;
  limits->n_held = 2;
  gst_dmabuf_constraints_init (&limits->constraints);
}

void
gst_dmabuf_video_sink_copy_limits (GstDmabufVideoSink * self,
    GstDmabufSinkLimits * limits)
{
  GST_OBJECT_LOCK (self);
  *limits = gst_dmabuf_video_sink_private (self)->limits;
  GST_OBJECT_UNLOCK (self);
}

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

static guint
get_session (GstDmabufVideoSink * self)
{
  guint session;

  GST_OBJECT_LOCK (self);
  session = gst_dmabuf_video_sink_private (self)->session;
  GST_OBJECT_UNLOCK (self);
  return session;
}

/* Replaces what was known before, less what the display refused, with @formats
 * (transfer full), unless the sink was stopped meanwhile. Returns TRUE if they
 * differ from before. */
static gboolean
replace_formats (GstDmabufVideoSink * self, GstDmabufFormatSet * formats,
    const GstDmabufSinkLimits * limits, guint session)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufFormatSet *old = formats;
  gboolean changed = FALSE;

  GST_OBJECT_LOCK (self);
  if (priv->session == session) {
    if (priv->struck) {
      formats = gst_dmabuf_format_set_subtract (old, priv->struck);
      gst_dmabuf_format_set_unref (old);
    }
    old = priv->formats;
    changed = !old || !gst_dmabuf_format_set_equal (old, formats);
    priv->formats = formats;
    priv->limits = *limits;
    gst_caps_replace (&priv->caps, NULL);
    priv->caps = build_caps (formats, limits);
  }
  GST_OBJECT_UNLOCK (self);

  if (old)
    gst_dmabuf_format_set_unref (old);
  return changed;
}

/* Asks the subclass. Returns TRUE if the formats differ from before. */
static gboolean
refresh_formats (GstDmabufVideoSink * self, guint session)
{
  GstDmabufVideoSinkClass *klass = GST_DMABUF_VIDEO_SINK_GET_CLASS (self);
  GstDmabufFormatSet *formats;
  GstDmabufSinkLimits limits;
  GError *error = NULL;

  formats = klass->get_formats (self, &error);
  if (!formats) {
    GST_DEBUG_OBJECT (self, "no formats yet: %s", error->message);
    g_clear_error (&error);
    return FALSE;
  }
  gst_dmabuf_video_sink_init_limits (&limits);
  if (klass->get_limits)
    klass->get_limits (self, &limits);
  return replace_formats (self, formats, &limits, session);
}

void
gst_dmabuf_video_sink_formats_changed (GstDmabufVideoSink * self)
{
  g_return_if_fail (GST_IS_DMABUF_VIDEO_SINK (self));

  if (!refresh_formats (self, get_session (self)))
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
  guint session;

  GST_OBJECT_LOCK (self);
  known = priv->formats != NULL;
  session = priv->session;
  GST_OBJECT_UNLOCK (self);
  if (!known && (session & 1))
    refresh_formats (self, session);
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

static void
remember_unmet (GstDmabufVideoSink * self, GstCaps * caps)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);

  GST_OBJECT_LOCK (self);
  gst_caps_replace (&priv->unmet, caps);
  GST_OBJECT_UNLOCK (self);
}

GstCaps *
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
  if (gst_caps_is_empty (both))
    remember_unmet (self, filter);
  gst_caps_unref (caps);
  return both;
}

/* A source that could not negotiate ends with EOS and a bare not-negotiated
 * error of its own. It does not know our side; we know both. */
gboolean
gst_dmabuf_video_sink_event (GstBaseSink * bsink, GstEvent * event)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstCaps *unmet = NULL, *ours;
  gchar *text;

  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS && !priv->have_info) {
    GST_OBJECT_LOCK (self);
    unmet = g_steal_pointer (&priv->unmet);
    GST_OBJECT_UNLOCK (self);
  }
  if (unmet) {
    ours = gst_dmabuf_video_sink_get_caps (bsink, NULL);
    text = gst_dmabuf_caps_explain_mismatch (unmet, ours);
    GST_ELEMENT_ERROR (self, CORE, NEGOTIATION, ("%s", text),
        ("upstream's caps: %" GST_PTR_FORMAT, unmet));
    g_free (text);
    gst_caps_unref (ours);
    gst_caps_unref (unmet);
  }
  return get_parent_class ()->event (bsink, event);
}

gboolean
gst_dmabuf_video_sink_query (GstBaseSink * bsink, GstQuery * query)
{
  gboolean ok = get_parent_class ()->query (bsink, query), accepted;
  GstCaps *caps;

  if (ok && GST_QUERY_TYPE (query) == GST_QUERY_ACCEPT_CAPS) {
    gst_query_parse_accept_caps_result (query, &accepted);
    gst_query_parse_accept_caps (query, &caps);
    if (!accepted)
      remember_unmet (GST_DMABUF_VIDEO_SINK (bsink), caps);
  }
  return ok;
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

gboolean
gst_dmabuf_video_sink_set_caps (GstBaseSink * bsink, GstCaps * caps)
{
  GstDmabufVideoSink *self = GST_DMABUF_VIDEO_SINK (bsink);
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufVideoSinkClass *klass = GST_DMABUF_VIDEO_SINK_GET_CLASS (self);
  GstDmabufVideoInfo info;
  GError *error = NULL;

  priv->canvas_width = priv->canvas_height = 0;
  if (!check_caps (self, caps, &info, &error)
      || (klass->configure && !klass->configure (self, &info, &error))
      || !gst_dmabuf_video_sink_use_canvas (self, &info, &error)) {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT, ("%s", error->message),
        ("caps: %" GST_PTR_FORMAT, caps));
    g_clear_error (&error);
    return FALSE;
  }

  gst_dmabuf_video_sink_stage_reset (self);
  gst_clear_buffer (&priv->prerolled);
  priv->n_exhausted = 0;
  /* Frames of the old caps do not come back, and their imports keep memory of
   * the device. What is on screen is held by the subclass. */
  gst_dmabuf_import_cache_clear (priv->cache);
  priv->info = info;
  priv->have_info = TRUE;
  GST_VIDEO_SINK_WIDTH (self) = GST_VIDEO_INFO_WIDTH (&info.vinfo);
  GST_VIDEO_SINK_HEIGHT (self) = GST_VIDEO_INFO_HEIGHT (&info.vinfo);
  GST_INFO_OBJECT (self, "negotiated %" GST_PTR_FORMAT, caps);
  return TRUE;
}
