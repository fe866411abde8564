/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The choice of caps: candidates in downstream's order, until memory for one
 * can be had.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabuftestchoice.h"

#include <gst/dmabuf/gstdmabufcapsexplain.h>

#include "dmabufallocation.h"
#include "dmabuftestnegotiate.h"

/* Formats for which downstream is asked for a pool when no exporter works: an
 * upper bound for the time that a failure takes. */
#define MAX_POOL_TRIALS 8

/* TRUE if downstream has a pool for caps that can be painted. */
static gboolean
has_downstream_pool (GstPad * pad, GstCaps * caps)
{
  GstQuery *query = gst_query_new_allocation (caps, TRUE);
  GstBufferPool *pool = NULL;

  if (gst_pad_peer_query (pad, query))
    pool = dmabuf_take_proposed_pool (query, NULL);
  gst_query_unref (query);
  if (!pool)
    return FALSE;

  gst_buffer_pool_set_active (pool, FALSE);
  gst_object_unref (pool);
  return TRUE;
}

static GstCaps *
try_downstream_pools (GstPad * pad, const DmabufTestCandidate * candidate)
{
  guint n = gst_dmabuf_format_set_get_n_formats (candidate->set), i;

  for (i = 0; i < MIN (n, MAX_POOL_TRIALS); i++) {
    GstCaps *caps = dmabuf_test_candidate_fix (candidate,
        gst_dmabuf_format_set_get_nth (candidate->set, i));

    if (has_downstream_pool (pad, caps))
      return caps;
    gst_caps_unref (caps);
  }

  return NULL;
}

static gboolean
try_candidate (GstPad * pad, const DmabufTestCandidate * candidate,
    const gchar * spec, DmabufTestChoice * choice, GError ** error)
{
  GstDmabufFormat format;
  GstDmabufExporter *exporter;
  GError *reason = NULL;
  GstCaps *caps = NULL;

  exporter = dmabuf_test_candidate_try (candidate, spec, &format, &reason);
  if (exporter)
    caps = dmabuf_test_candidate_fix (candidate, &format);
  else if (!spec && candidate->dialect == GST_DMABUF_DIALECT_SYSTEM)
    caps = dmabuf_test_candidate_fix (candidate,
        gst_dmabuf_format_set_get_nth (candidate->set, 0));
  else if (!spec)
    caps = try_downstream_pools (pad, candidate);

  if (!caps) {
    g_propagate_error (error, reason);
    return FALSE;
  }
  g_clear_error (&reason);
  choice->caps = caps;
  choice->exporter = exporter;

  return TRUE;
}

/* A filter that leaves nothing hides what the display behind it takes. */
static gchar *
explain_failure (GstPad * pad, const GstCaps * peer, gboolean legacy,
    const GError * memory)
{
  gchar *text = dmabuf_test_explain_failure (peer, legacy, memory);
  gchar *name = NULL, *behind, *whole;
  GstCaps *caps = NULL;

  if (gst_caps_is_empty (peer))
    caps = gst_dmabuf_pad_query_first_caps (pad, &name);
  if (!caps)
    return text;

  behind = gst_dmabuf_caps_describe (caps);
  whole = g_strdup_printf ("%s Without what lies between, %s takes %s.", text,
      name, behind);
  gst_caps_unref (caps);
  g_free (behind);
  g_free (name);
  g_free (text);
  return whole;
}

gboolean
dmabuf_test_choose (GstPad * pad, const gchar * spec, gboolean legacy,
    DmabufTestChoice * choice, GError ** error)
{
  GstCaps *peer;
  GPtrArray *candidates;
  GError *reason = NULL;
  gboolean found = FALSE;
  gchar *text;
  guint i;

  /* Without a filter, so that the order is downstream's. */
  peer = gst_pad_peer_query_caps (pad, NULL);
  candidates = dmabuf_test_candidates_new (peer, legacy);
  for (i = 0; !found && i < candidates->len; i++) {
    g_clear_error (&reason);
    found = try_candidate (pad, g_ptr_array_index (candidates, i), spec,
        choice, &reason);
  }

  if (!found) {
    text = explain_failure (pad, peer, legacy, reason);
    g_set_error_literal (error, GST_DMABUF_ERROR,
        reason ? GST_DMABUF_ERROR_FAILED : GST_DMABUF_ERROR_INVALID, text);
    g_free (text);
  }

  g_clear_error (&reason);
  g_ptr_array_unref (candidates);
  gst_caps_unref (peer);
  return found;
}
