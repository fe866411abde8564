/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The converter between two pools: the one that upstream is offered, so that it
 * writes into memory which downstream can take, and the one that pixels are
 * moved into when it did not.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufconvertprivate.h"

#include <string.h>

#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <gst/dmabuf/gstdmabufpool.h>
#include <gst/dmabuf/gstdmabuftile.h>

#include "dmabufallocation.h"

GST_DEBUG_CATEGORY_EXTERN (gst_dmabuf_convert_debug);
#define GST_CAT_DEFAULT gst_dmabuf_convert_debug

void
gst_dmabuf_convert_forget_pool (GstDmabufConvert * self)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GstBufferPool *pool;

  GST_OBJECT_LOCK (self);
  pool = g_steal_pointer (&priv->out_pool);
  GST_OBJECT_UNLOCK (self);
  if (pool) {
    gst_buffer_pool_set_active (pool, FALSE);
    gst_object_unref (pool);
  }
  g_clear_pointer (&priv->allocation, gst_query_unref);
}

/* The exporter that the user named, or for downstream's needs a chosen one;
 * NULL with error. */
static GstDmabufExporter *
choose_exporter (GstDmabufConvert * self, const GstDmabufFormat * format,
    const GstDmabufConstraints * constraints, gboolean * named, GError ** error)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GstDmabufFormatSet *one = gst_dmabuf_format_set_new_single (format);
  GstDmabufExporter *exporter;
  gchar *spec;

  GST_OBJECT_LOCK (self);
  spec = g_strdup (priv->exporter_spec);
  GST_OBJECT_UNLOCK (self);
  *named = spec != NULL && strcmp (spec, "auto") != 0;
  exporter = gst_dmabuf_exporter_choose (spec, one, constraints, error);
  gst_dmabuf_format_set_unref (one);
  g_free (spec);
  return exporter;
}

static void
note_exporter (GstDmabufConvert * self, GstDmabufExporter * exporter)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);

  GST_OBJECT_LOCK (self);
  g_free (priv->exporter_used);
  priv->exporter_used = g_strdup (gst_dmabuf_exporter_get_spec (exporter));
  GST_OBJECT_UNLOCK (self);
}

/* A pool for the output, active, from downstream's answer. */
static GstBufferPool *
make_output_pool (GstDmabufConvert * self, GError ** error)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  const DmabufConvertJob *job = &priv->job;
  GstDmabufExporter *exporter;
  GstBufferPool *pool = NULL;
  GError *reason = NULL;
  gboolean named, ok;

  exporter = choose_exporter (self, &job->out_layout.format, &job->constraints,
      &named, &reason);
  ok = dmabuf_decide_allocation (priv->allocation, NULL, exporter,
      named && exporter != NULL, reason ? NULL : error);
  g_clear_object (&exporter);
  if (!ok) {
    /* Without an exporter there is nothing else to say. */
    if (reason)
      g_propagate_error (error, reason);
    return NULL;
  }
  g_clear_error (&reason);

  gst_query_parse_nth_allocation_pool (priv->allocation, 0, &pool, NULL, NULL,
      NULL);
  return pool;
}

static GstBufferPool *
ref_output_pool (GstDmabufConvert * self, GError ** error)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GstBufferPool *pool;

  GST_OBJECT_LOCK (self);
  pool = priv->out_pool ? gst_object_ref (priv->out_pool) : NULL;
  GST_OBJECT_UNLOCK (self);
  if (pool)
    return pool;

  pool = make_output_pool (self, error);
  if (!pool)
    return NULL;
  if (GST_IS_DMABUF_POOL (pool))
    note_exporter (self, gst_dmabuf_pool_get_exporter (GST_DMABUF_POOL (pool)));
  GST_OBJECT_LOCK (self);
  priv->out_pool = gst_object_ref (pool);
  GST_OBJECT_UNLOCK (self);
  return pool;
}

GstBuffer *
gst_dmabuf_convert_acquire (GstDmabufConvert * self, GstFlowReturn * ret,
    GError ** error)
{
  GstBufferPool *pool = ref_output_pool (self, error);
  GstBuffer *buffer = NULL;

  if (!pool) {
    *ret = GST_FLOW_ERROR;
    return NULL;
  }
  *ret = gst_buffer_pool_acquire_buffer (pool, &buffer, NULL);
  if (*ret == GST_FLOW_ERROR)
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "no memory to move a frame into");
  gst_object_unref (pool);
  return buffer;
}

gboolean
gst_dmabuf_convert_decide_allocation (GstBaseTransform * trans,
    GstQuery * query)
{
  GstDmabufConvert *self = GST_DMABUF_CONVERT (trans);
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GError *error = NULL;
  GstBufferPool *pool;

  gst_dmabuf_convert_forget_pool (self);
  /* Asked again when a property changes, unlike set_caps(). */
  GST_OBJECT_LOCK (self);
  priv->job.zero_copy = priv->rules.zero_copy;
  GST_OBJECT_UNLOCK (self);
  priv->allocation = gst_query_copy (query);
  priv->job.has_video_meta = gst_query_find_allocation_meta (query,
      GST_VIDEO_META_API_TYPE, NULL);
  priv->job.has_crop = gst_query_find_allocation_meta (query,
      GST_VIDEO_CROP_META_API_TYPE, NULL);
  if (!gst_dmabuf_constraints_from_query (&priv->job.constraints, query,
          &error)) {
    GST_WARNING_OBJECT (self, "downstream's constraints: %s", error->message);
    g_clear_error (&error);
  }
  /* Frames come out of our own hands: the base class needs no pool. */
  while (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_remove_nth_allocation_pool (query, 0);

  if (priv->job.path <= DMABUF_CONVERT_ADOPT)
    return TRUE;
  pool = ref_output_pool (self, &error);
  if (!pool) {
    GST_ELEMENT_ERROR (self, RESOURCE, NO_SPACE_LEFT, ("No buffers: %s",
            error->message), (NULL));
    g_error_free (error);
    return FALSE;
  }
  gst_object_unref (pool);
  return TRUE;
}

/* Upstream's pool */

/* What memory upstream should fill. */
typedef struct
{
  GstQuery *answer;             /* downstream's */
  GstCaps *caps;                /* upstream's; both borrowed */
  GstDmabufConstraints constraints;
  guint n_buffers;
} Proposal;

/* @query is upstream's question, with downstream's answer where frames pass. */
static gboolean
read_proposal (GstDmabufConvert * self, GstQuery * query, Proposal * proposal,
    GError ** error)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);

  gst_query_parse_allocation (query, &proposal->caps, NULL);
  if (!proposal->caps || !gst_caps_is_fixed (proposal->caps)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "upstream does not say which frames");
    return FALSE;
  }
  if (priv->allocation) {
    proposal->answer = priv->allocation;
    proposal->constraints = priv->job.constraints;
  } else {
    proposal->answer = query;
    if (!gst_dmabuf_constraints_from_query (&proposal->constraints, query,
            error))
      return FALSE;
  }
  /* One for upstream to fill beside those that downstream holds. */
  proposal->n_buffers = 1;
  if (gst_query_get_n_allocation_pools (proposal->answer) > 0)
    gst_query_parse_nth_allocation_pool (proposal->answer, 0, NULL, NULL,
        &proposal->n_buffers, NULL);
  proposal->n_buffers++;
  return TRUE;
}

static gboolean
has_named_exporter (GstDmabufConvert * self)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  gboolean named;

  GST_OBJECT_LOCK (self);
  named = priv->exporter_spec && strcmp (priv->exporter_spec, "auto") != 0;
  GST_OBJECT_UNLOCK (self);
  return named;
}

/* Who names an exporter means it, even if downstream has another, or wants other
 * memory: it shall say so itself, when it imports. */
static GstDmabufExporter *
get_upstream_exporter (GstDmabufConvert * self, Proposal * proposal,
    GError ** error)
{
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  GstDmabufExporter *exporter = NULL;
  gboolean named = has_named_exporter (self);

  if (named) {
    proposal->constraints.flags = GST_DMABUF_CONSTRAINT_NONE;
    proposal->constraints.max_address = 0;
    proposal->constraints.device = 0;
  } else {
    exporter = dmabuf_get_proposed_exporter (proposal->answer);
  }
  if (exporter)
    return exporter;
  return choose_exporter (self, &priv->job.in_layout.format,
      &proposal->constraints, &named, error);
}

/* Frames for upstream's caps, as downstream needs them. */
static GstBufferPool *
make_upstream_pool (GstDmabufExporter * exporter, const Proposal * proposal)
{
  GstBufferPool *pool = gst_dmabuf_pool_new (exporter);
  GstStructure *config;

  if (!pool)
    return NULL;
  config = gst_buffer_pool_get_config (pool);
  /* The pool knows the size better than we do, and corrects it. */
  gst_buffer_pool_config_set_params (config, proposal->caps, 1,
      proposal->n_buffers, 0);
  gst_dmabuf_pool_config_set_constraints (config, &proposal->constraints);
  if (gst_buffer_pool_set_config (pool, config))
    return pool;
  gst_object_unref (pool);
  return NULL;
}

/* In the place of a pool that downstream left out, or behind nothing. */
static void
answer_with_pool (GstQuery * query, GstBufferPool * pool, guint n_buffers)
{
  GstStructure *config = gst_buffer_pool_get_config (pool);
  gboolean need_pool;
  guint size;

  gst_buffer_pool_config_get_params (config, NULL, &size, NULL, NULL);
  gst_structure_free (config);
  gst_query_parse_allocation (query, NULL, &need_pool);
  if (!need_pool)
    pool = NULL;
  if (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_set_nth_allocation_pool (query, 0, pool, size, n_buffers, 0);
  else
    gst_query_add_allocation_pool (query, pool, size, n_buffers, 0);
}

static gboolean
add_pool (GstDmabufConvert * self, GstQuery * query, GError ** error)
{
  GstDmabufExporter *exporter;
  GstBufferPool *pool;
  Proposal proposal;

  if (!read_proposal (self, query, &proposal, error))
    return FALSE;
  exporter = get_upstream_exporter (self, &proposal, error);
  if (!exporter)
    return FALSE;

  pool = make_upstream_pool (exporter, &proposal);
  if (pool) {
    answer_with_pool (query, pool, proposal.n_buffers);
    gst_query_add_allocation_param (query, GST_ALLOCATOR (exporter), NULL);
    note_exporter (self, exporter);
    gst_object_unref (pool);
  } else {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s cannot make these frames", gst_dmabuf_exporter_get_spec (exporter));
  }
  gst_object_unref (exporter);
  return pool != NULL;
}

static gboolean
has_pool (GstQuery * query)
{
  GstBufferPool *pool = NULL;
  gboolean has;

  if (gst_query_get_n_allocation_pools (query) == 0)
    return FALSE;
  gst_query_parse_nth_allocation_pool (query, 0, &pool, NULL, NULL, NULL);
  has = pool != NULL;
  g_clear_object (&pool);
  return has;
}

/* Pools of ours make frames that the CPU can write; only where dma-bufs are on one
 * side do they help anybody. What passes may be of no format that we know. */
static gboolean
wants_pool (const DmabufConvertJob * job)
{
  const GstDmabufFormat *format = &job->in_layout.format;

  return format->fourcc != 0 && (gst_dmabuf_format_is_linear (format)
      || gst_dmabuf_tile_info_get (format, NULL, NULL))
      && (job->in_info.dialect != GST_DMABUF_DIALECT_SYSTEM
      || job->out_info.dialect != GST_DMABUF_DIALECT_SYSTEM);
}

/* A picture that is larger than its caps is ours to cut where pixels move. */
static void
add_metas (const DmabufConvertJob * job, GstQuery * query)
{
  gst_dmabuf_constraints_add_to_query (&job->constraints, query);
  if (job->has_crop || job->path > DMABUF_CONVERT_ADOPT)
    gst_query_add_allocation_meta (query, GST_VIDEO_CROP_META_API_TYPE, NULL);
}

gboolean
gst_dmabuf_convert_propose_allocation (GstBaseTransform * trans,
    GstQuery * decide_query, GstQuery * query)
{
  GstDmabufConvert *self = GST_DMABUF_CONVERT (trans);
  GstDmabufConvertPrivate *priv = gst_dmabuf_convert_private (self);
  const DmabufConvertJob *job = &priv->job;
  GError *error = NULL;
  gboolean answered = TRUE;

  /* What passes is between the two peers, if downstream has an answer. */
  if (!decide_query || job->path == DMABUF_CONVERT_PASS)
    answered = gst_pad_peer_query (GST_BASE_TRANSFORM_SRC_PAD (trans), query);
  else
    add_metas (job, query);

  if (has_pool (query) || !wants_pool (job))
    return answered;
  if (!add_pool (self, query, &error)) {
    GST_INFO_OBJECT (self, "no pool for upstream: %s", error->message);
    g_clear_error (&error);
    return answered;
  }
  return TRUE;
}
