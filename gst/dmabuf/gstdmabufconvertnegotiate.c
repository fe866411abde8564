/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * How the converter agrees with both sides, and the words for it when it
 * cannot. Which caps lead where is dmabufconvertcaps.c's to say.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufconvertprivate.h"

#include <string.h>

#include <gst/dmabuf/gstdmabufcapsexplain.h>
#include <gst/dmabuf/gstdmabuftile.h>

GST_DEBUG_CATEGORY_EXTERN (gst_dmabuf_convert_debug);
#define GST_CAT_DEFAULT gst_dmabuf_convert_debug

static GstBaseTransformClass *
get_parent_class (void)
{
  return g_type_class_peek (GST_TYPE_BASE_TRANSFORM);
}

static DmabufConvertRules
get_rules (GstDmabufConvert * self)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  DmabufConvertRules rules;

  GST_OBJECT_LOCK (self);
  rules = priv->rules;
  GST_OBJECT_UNLOCK (self);
  return rules;
}

GstCaps *
gst_dmabuf_convert_transform_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * filter)
{
  DmabufConvertRules rules = get_rules (GST_DMABUF_CONVERT (trans));
  GstPad *other = direction == GST_PAD_SINK ?
      GST_BASE_TRANSFORM_SRC_PAD (trans) : GST_BASE_TRANSFORM_SINK_PAD (trans);
  GstCaps *result, *filtered;

  if (gst_caps_is_any (caps))
    result = gst_pad_get_pad_template_caps (other);
  else
    result = dmabuf_convert_transform_caps (caps, filter, &rules);
  if (!filter)
    return result;

  filtered = gst_caps_intersect_full (filter, result, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (result);
  return filtered;
}

GstCaps *
gst_dmabuf_convert_fixate_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * othercaps)
{
  DmabufConvertRules rules = get_rules (GST_DMABUF_CONVERT (trans));
  DmabufConvertPath path;
  GstCaps *fixed;

  fixed = dmabuf_convert_fixate (caps, direction == GST_PAD_SINK, othercaps,
      &rules, &path);
  gst_caps_unref (othercaps);
  return fixed;
}

/* Why input caps could not pass as they are. */
static gchar *
explain_path (GstDmabufConvert * self, GstCaps * incaps)
{
  GstPad *pad = GST_BASE_TRANSFORM_SRC_PAD (self);
  GstCaps *ours = gst_pad_get_pad_template_caps (pad), *peer;
  gchar *text;

  /* The pad may be for one kind of memory only. */
  peer = gst_pad_peer_query_caps (pad, ours);
  gst_caps_unref (ours);
  text = gst_dmabuf_caps_explain_mismatch (incaps, peer);
  gst_caps_unref (peer);
  return text;
}

static void
note_path (GstDmabufConvert * self, GstCaps * incaps, GstCaps * outcaps)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  const gchar *name = dmabuf_convert_path_get_name (priv->job.path);
  gchar *reason = priv->job.path == DMABUF_CONVERT_PASS ? g_strdup ("") :
      explain_path (self, incaps);

  GST_INFO_OBJECT (self, "path %s from %" GST_PTR_FORMAT " to %" GST_PTR_FORMAT
      "; nothing cheaper: %s", name, incaps, outcaps, reason);
  GST_OBJECT_LOCK (self);
  g_free (priv->path_name);
  priv->path_name = g_strdup (name);
  g_free (priv->reason);
  priv->reason = reason;
  GST_OBJECT_UNLOCK (self);
}

gboolean
gst_dmabuf_convert_set_caps (GstBaseTransform * trans, GstCaps * incaps,
    GstCaps * outcaps)
{
  GstDmabufConvert *self = GST_DMABUF_CONVERT (trans);
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  DmabufConvertRules rules = get_rules (self);
  GError *error = NULL;
  guint n_threads;

  gst_dmabuf_convert_forget_pool (self);
  priv->announced = FALSE;
  if (gst_caps_is_equal (incaps, outcaps)) {
    /* What passes may be of a kind that we cannot read. */
    memset (&priv->job, 0, sizeof (priv->job));
    dmabuf_convert_job_init (&priv->job, incaps, outcaps, &rules, NULL);
    priv->job.path = DMABUF_CONVERT_PASS;
  } else if (!dmabuf_convert_job_init (&priv->job, incaps, outcaps, &rules,
          &error)) {
    GST_ERROR_OBJECT (self, "%s", error->message);
    g_clear_error (&error);
    return FALSE;
  }
  GST_OBJECT_LOCK (self);
  n_threads = priv->n_threads;
  priv->negotiated = TRUE;
  gst_caps_replace (&priv->unmet, NULL);
  GST_OBJECT_UNLOCK (self);
  note_path (self, incaps, outcaps);
  if (n_threads == 0)
    n_threads = dmabuf_convert_job_get_n_threads (&priv->job);
  g_clear_pointer (&priv->workers, dmabuf_convert_workers_free);
  if (priv->job.path > DMABUF_CONVERT_ADOPT && n_threads > 1)
    priv->workers = dmabuf_convert_workers_new (n_threads);
  return TRUE;
}

/* What is asked about and refused is no error yet: upstream may have something
 * else, or another decoder. */
gboolean
gst_dmabuf_convert_query (GstBaseTransform * trans, GstPadDirection direction,
    GstQuery * query)
{
  GstDmabufConvertPrivate *priv =
      gst_dmabuf_convert_private (GST_DMABUF_CONVERT (trans));
  GstCaps *asked = NULL, *result;
  gboolean accepted = TRUE, ok;

  ok = get_parent_class ()->query (trans, direction, query);
  if (!ok || direction != GST_PAD_SINK)
    return ok;

  if (GST_QUERY_TYPE (query) == GST_QUERY_ACCEPT_CAPS) {
    gst_query_parse_accept_caps (query, &asked);
    gst_query_parse_accept_caps_result (query, &accepted);
  } else if (GST_QUERY_TYPE (query) == GST_QUERY_CAPS) {
    gst_query_parse_caps (query, &asked);
    gst_query_parse_caps_result (query, &result);
    accepted = !asked || !gst_caps_is_empty (result);
  }
  if (!accepted) {
    GST_OBJECT_LOCK (trans);
    gst_caps_replace (&priv->unmet, asked);
    GST_OBJECT_UNLOCK (trans);
  }
  return ok;
}

/* Why the CPU is no help, or NULL if it is not needed. */
static gchar *
explain_layout (const GstDmabufFormat * format)
{
  GError *error = NULL;
  gchar *text;

  if (gst_dmabuf_format_is_linear (format)
      || gst_dmabuf_tile_info_get (format, NULL, &error))
    return NULL;
  text = g_strdup (error->message);
  g_error_free (error);
  return text;
}

/* The base class only says FALSE, and upstream only "not negotiated". */
void
gst_dmabuf_convert_post_refusal (GstDmabufConvert * self, GstCaps * incaps)
{
  GstDmabufVideoInfo info;
  gchar *words = NULL, *layout = NULL, *reason = explain_path (self, incaps);

  if (gst_dmabuf_video_info_from_caps (&info, incaps, NULL)) {
    words = gst_dmabuf_format_describe (&info.format);
    layout = explain_layout (&info.format);
  }
  GST_ELEMENT_ERROR (self, STREAM, FORMAT,
      ("%s cannot be converted to what downstream takes. %s%s%s",
          words ? words : "The input", layout ? layout : "",
          layout ? ". " : "", reason),
      ("input caps: %" GST_PTR_FORMAT, incaps));
  g_free (words);
  g_free (layout);
  g_free (reason);
}

/* The stream ended before it began. */
void
gst_dmabuf_convert_post_unmet (GstDmabufConvert * self)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GstCaps *unmet = NULL;

  GST_OBJECT_LOCK (self);
  if (!priv->negotiated)
    unmet = g_steal_pointer (&priv->unmet);
  GST_OBJECT_UNLOCK (self);
  if (unmet) {
    gst_dmabuf_convert_post_refusal (self, unmet);
    gst_caps_unref (unmet);
  }
}
