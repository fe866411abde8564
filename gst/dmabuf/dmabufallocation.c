/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Which pool an element fills. A pool that is proposed is a candidate; one
 * whose buffer was mapped is a fact.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabufallocation.h"

#include <errno.h>

#include <gst/dmabuf/gstdmabufmappedframe.h>
#include <gst/dmabuf/gstdmabufpool.h>

/* One for us to paint while downstream holds the others. */
#define MIN_BUFFERS 2

/* What the query says, in one place. */
typedef struct
{
  GstCaps *caps;                /* borrowed from the query */
  GstDmabufVideoInfo info;
  gboolean has_video_meta;
  GstDmabufConstraints constraints;
  guint min_buffers, max_buffers;
} Request;

static gboolean
parse_request (GstQuery * query, Request * request, GError ** error)
{
  guint size;

  gst_query_parse_allocation (query, &request->caps, NULL);
  if (!gst_dmabuf_video_info_from_caps (&request->info, request->caps, error))
    return FALSE;

  request->has_video_meta = gst_query_find_allocation_meta (query,
      GST_VIDEO_META_API_TYPE, NULL);
  if (!gst_dmabuf_constraints_from_query (&request->constraints, query, error))
    return FALSE;

  request->min_buffers = request->max_buffers = 0;
  if (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_parse_nth_allocation_pool (query, 0, NULL, &size,
        &request->min_buffers, &request->max_buffers);

  return TRUE;
}

gboolean
dmabuf_has_default_layout (GstBuffer * buffer, const GstVideoInfo * vinfo)
{
  const GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  guint i;

  if (!meta)
    return TRUE;
  if (meta->width != (guint) GST_VIDEO_INFO_WIDTH (vinfo)
      || meta->height != (guint) GST_VIDEO_INFO_HEIGHT (vinfo))
    return FALSE;
  for (i = 0; i < meta->n_planes; i++) {
    if (meta->offset[i] != GST_VIDEO_INFO_PLANE_OFFSET (vinfo, i) ||
        meta->stride[i] != GST_VIDEO_INFO_PLANE_STRIDE (vinfo, i))
      return FALSE;
  }

  return TRUE;
}

/* Maps one buffer of an inactive, configured pool, and leaves the pool active
 * on success: stopping it would free what was tried. */
static gboolean
try_pool (GstBufferPool * pool, const Request * request, GError ** error)
{
  GstBuffer *buffer = NULL;
  GstDmabufVideoInfo layout = request->info;
  GstDmabufMappedFrame mapped;
  gboolean ok = FALSE;

  /* Who fills frames of caps without a modifier was told that they are linear. */
  if (layout.dialect == GST_DMABUF_DIALECT_LEGACY)
    layout.format.modifier = GST_DMABUF_MOD_LINEAR;
  if (!gst_buffer_pool_set_active (pool, TRUE) ||
      gst_buffer_pool_acquire_buffer (pool, &buffer, NULL) != GST_FLOW_OK) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "the pool %s cannot allocate a buffer", GST_OBJECT_NAME (pool));
  } else if (request->info.dialect == GST_DMABUF_DIALECT_SYSTEM &&
      !request->has_video_meta &&
      !dmabuf_has_default_layout (buffer, &request->info.vinfo)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "downstream takes default strides only, and %s has others",
        GST_OBJECT_NAME (pool));
  } else if (gst_dmabuf_mapped_frame_map (&mapped, buffer, &layout,
          GST_MAP_WRITE, error)) {
    gst_dmabuf_mapped_frame_unmap (&mapped);
    ok = TRUE;
  }

  if (buffer)
    gst_buffer_unref (buffer);
  if (!ok)
    gst_buffer_pool_set_active (pool, FALSE);

  return ok;
}

static guint
get_min_buffers (const Request * request)
{
  guint min = MAX (request->min_buffers, MIN_BUFFERS);

  return request->max_buffers > 0 ? MIN (min, request->max_buffers) : min;
}

static gboolean
configure_pool (GstBufferPool * pool, const Request * request, guint size,
    const GstDmabufConstraints * constraints)
{
  GstStructure *config = gst_buffer_pool_get_config (pool);
  guint min = get_min_buffers (request), max = request->max_buffers;

  gst_buffer_pool_config_set_params (config, request->caps, size, min, max);
  if (request->has_video_meta)
    gst_buffer_pool_config_add_option (config,
        GST_BUFFER_POOL_OPTION_VIDEO_META);
  if (constraints)
    gst_dmabuf_pool_config_set_constraints (config, constraints);
  if (gst_buffer_pool_set_config (pool, config))
    return TRUE;

  /* The pool changed what it could not do; good enough if it is still ours. */
  config = gst_buffer_pool_get_config (pool);
  if (gst_buffer_pool_config_validate_params (config, request->caps, size, min,
          max))
    return gst_buffer_pool_set_config (pool, config);
  gst_structure_free (config);

  return FALSE;
}

static GstBufferPool *
take_proposed (GstQuery * query, const Request * request, GError ** error)
{
  GstBufferPool *pool = NULL;
  guint size = 0;

  if (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_parse_nth_allocation_pool (query, 0, &pool, &size, NULL, NULL);
  if (!pool) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "downstream proposes no pool");
    return NULL;
  }

  size = MAX (size, GST_VIDEO_INFO_SIZE (&request->info.vinfo));
  if (!configure_pool (pool, request, size, NULL)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
        "downstream's pool %s refused its configuration",
        GST_OBJECT_NAME (pool));
  } else if (try_pool (pool, request, error)) {
    return pool;
  }
  gst_object_unref (pool);

  return NULL;
}

GstBufferPool *
dmabuf_take_proposed_pool (GstQuery * query, GError ** error)
{
  Request request;

  if (!parse_request (query, &request, error))
    return NULL;

  return take_proposed (query, &request, error);
}

/* One more frame, as a pool would allocate it. */
static gboolean
allocate_frame (GstDmabufExporter * exporter, const Request * request,
    const GstDmabufConstraints * constraints, GPtrArray * memories,
    GError ** error)
{
  const GstDmabufFormat format = { request->info.format.fourcc,
    request->info.dialect == GST_DMABUF_DIALECT_LEGACY ?
        GST_DMABUF_MOD_LINEAR : request->info.format.modifier
  };
  GstDmabufFormatSet *set = gst_dmabuf_format_set_new_single (&format);
  GstMemory *frame[GST_DMABUF_MAX_PLANES] = { NULL, };
  GstDmabufLayout layout;
  gboolean ok;
  guint i;

  ok = gst_dmabuf_exporter_alloc_frame (exporter, set,
      (guint) GST_VIDEO_INFO_WIDTH (&request->info.vinfo),
      (guint) GST_VIDEO_INFO_HEIGHT (&request->info.vinfo), constraints,
      &layout, frame, error);
  for (i = 0; ok && i < layout.n_objects; i++)
    g_ptr_array_add (memories, frame[i]);
  gst_dmabuf_format_set_unref (set);

  return ok;
}

/* A pool says no without a reason. The exporter behind it has one when it is
 * asked for as many frames, and a few more for the pool's own descriptors. */
static void
explain_refusal (GstDmabufExporter * exporter, const Request * request,
    const GstDmabufConstraints * constraints, GError ** error)
{
  GPtrArray *memories = g_ptr_array_new_with_free_func ((GDestroyNotify)
      gst_memory_unref);
  guint n = MAX (request->min_buffers, MIN_BUFFERS) + 4;
  GError *reason = NULL;
  gboolean ok;

  ok = gst_dmabuf_exporter_satisfies (exporter, constraints, &reason);
  while (ok && n-- > 0)
    ok = allocate_frame (exporter, request, constraints, memories, &reason);
  if (!ok) {
    g_clear_error (error);
    g_propagate_prefixed_error (error, reason, "%s: ",
        gst_dmabuf_exporter_get_spec (exporter));
  }
  g_ptr_array_unref (memories);
}

/* Who names an exporter means it, even if downstream wants other memory: it shall
 * say so itself, when it imports. */
static GstDmabufConstraints
get_own_constraints (const Request * request, gboolean only_exporter)
{
  GstDmabufConstraints constraints = request->constraints;

  if (only_exporter) {
    constraints.flags = GST_DMABUF_CONSTRAINT_NONE;
    constraints.max_address = 0;
    constraints.device = 0;
  }
  return constraints;
}

static GstBufferPool *
make_own (GstDmabufExporter * exporter, const Request * request,
    gboolean only_exporter, GError ** error)
{
  GstDmabufConstraints constraints =
      get_own_constraints (request, only_exporter);
  GstBufferPool *pool = gst_dmabuf_pool_new (exporter);
  GError *reason = NULL;

  if (!pool) {
    gst_dmabuf_set_error_errno (error, EMFILE, "making a buffer pool");
    return NULL;
  }
  if (!configure_pool (pool, request,
          MAX (GST_VIDEO_INFO_SIZE (&request->info.vinfo), 1), &constraints))
    g_set_error (&reason, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
        "%s cannot make memory as downstream needs it",
        gst_dmabuf_exporter_get_spec (exporter));
  else if (try_pool (pool, request, &reason))
    return pool;

  gst_object_unref (pool);
  explain_refusal (exporter, request, &constraints, &reason);
  g_propagate_error (error, reason);

  return NULL;
}

static GstBufferPool *
make_plain (const Request * request, GError ** error)
{
  GstBufferPool *pool = gst_video_buffer_pool_new ();

  if (!configure_pool (pool, request,
          GST_VIDEO_INFO_SIZE (&request->info.vinfo), NULL)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "no pool of plain memory for these caps");
  } else if (try_pool (pool, request, error)) {
    return pool;
  }
  gst_object_unref (pool);

  return NULL;
}

GstDmabufExporter *
dmabuf_get_proposed_exporter (GstQuery * query)
{
  GstAllocator *allocator = NULL;
  guint i;

  for (i = 0; i < gst_query_get_n_allocation_params (query); i++) {
    gst_query_parse_nth_allocation_param (query, i, &allocator, NULL);
    if (allocator && GST_IS_DMABUF_EXPORTER (allocator))
      return GST_DMABUF_EXPORTER (allocator);
    gst_clear_object (&allocator);
  }

  return NULL;
}

static GstBufferPool *
find_pool (GstQuery * query, const Request * request,
    GstDmabufExporter * exporter, GError ** error)
{
  GstDmabufExporter *proposed;
  GstBufferPool *pool = take_proposed (query, request, NULL);

  if (pool)
    return pool;

  proposed = dmabuf_get_proposed_exporter (query);
  if (proposed) {
    pool = make_own (proposed, request, FALSE, NULL);
    gst_object_unref (proposed);
    if (pool)
      return pool;
  }

  if (exporter) {
    pool = make_own (exporter, request, FALSE,
        request->info.dialect == GST_DMABUF_DIALECT_SYSTEM ? NULL : error);
    if (pool)
      return pool;
  } else if (request->info.dialect != GST_DMABUF_DIALECT_SYSTEM) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "there is no exporter, and downstream's pool was withdrawn");
  }

  return request->info.dialect == GST_DMABUF_DIALECT_SYSTEM ?
      make_plain (request, error) : NULL;
}

/* A GstBufferPool whose descriptor was refused is made all the same, and then
 * raises a critical with each call. So its GstPoll is tried first. */
static gboolean
can_make_pool (GError ** error)
{
  GstPoll *poll = gst_poll_new_timer ();

  if (poll) {
    gst_poll_free (poll);
    return TRUE;
  }
  gst_dmabuf_set_error_errno (error, EMFILE, "making a buffer pool");

  return FALSE;
}

static gboolean
has_config (GstBufferPool * pool, const Request * request,
    const GstDmabufConstraints * constraints)
{
  GstStructure *config = gst_buffer_pool_get_config (pool);
  GstDmabufConstraints present;
  GstCaps *caps = NULL;
  gboolean same;
  guint min, max;

  same = gst_buffer_pool_config_get_params (config, &caps, NULL, &min, &max)
      && caps && gst_caps_is_equal (caps, request->caps)
      && min == get_min_buffers (request) && max == request->max_buffers
      && gst_dmabuf_pool_config_get_constraints (config, &present, NULL)
      && gst_dmabuf_constraints_equal (&present, constraints);
  gst_structure_free (config);
  return same;
}

/* The exporter whose memory would be tried first, and what it has to satisfy;
 * NULL if another kind of pool comes first. (transfer full) */
static GstDmabufExporter *
get_first_exporter (GstQuery * query, const Request * request,
    GstDmabufExporter * exporter, GstDmabufConstraints * constraints)
{
  GstDmabufExporter *wanted = NULL;
  GstBufferPool *proposed = NULL;
  GstStructure *config;

  *constraints = request->constraints;
  if (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_parse_nth_allocation_pool (query, 0, &proposed, NULL, NULL, NULL);
  if (proposed && GST_IS_DMABUF_POOL (proposed)) {
    config = gst_buffer_pool_get_config (proposed);
    if (gst_dmabuf_pool_config_get_constraints (config, constraints, NULL))
      wanted = gst_object_ref (gst_dmabuf_pool_get_exporter (GST_DMABUF_POOL
              (proposed)));
    gst_structure_free (config);
  } else if (!proposed) {
    wanted = dmabuf_get_proposed_exporter (query);
    if (!wanted && exporter)
      wanted = gst_object_ref (exporter);
  }
  gst_clear_object (&proposed);
  return wanted;
}

/* TRUE if @current is what would be made anew. A consumer asks to reconfigure
 * for reasons of its own, and then buffers that are known to be good and
 * imported everywhere are worth more than the same ones again. */
static gboolean
keeps_pool (GstBufferPool * current, GstQuery * query,
    const Request * request, GstDmabufExporter * exporter,
    gboolean only_exporter)
{
  GstDmabufConstraints constraints = get_own_constraints (request, TRUE);
  GstDmabufExporter *wanted;
  gboolean same;

  if (!current || !GST_IS_DMABUF_POOL (current)
      || !gst_buffer_pool_is_active (current))
    return FALSE;
  wanted = only_exporter ? gst_object_ref (exporter) :
      get_first_exporter (query, request, exporter, &constraints);
  same = wanted && g_strcmp0 (gst_dmabuf_exporter_get_spec (wanted),
      gst_dmabuf_exporter_get_spec (gst_dmabuf_pool_get_exporter
          (GST_DMABUF_POOL (current)))) == 0
      && has_config (current, request, &constraints);
  gst_clear_object (&wanted);
  return same;
}

static void
answer (GstQuery * query, GstBufferPool * pool)
{
  GstStructure *config = gst_buffer_pool_get_config (pool);
  guint size, min, max;

  gst_buffer_pool_config_get_params (config, NULL, &size, &min, &max);
  gst_structure_free (config);
  if (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_set_nth_allocation_pool (query, 0, pool, size, min, max);
  else
    gst_query_add_allocation_pool (query, pool, size, min, max);
}

gboolean
dmabuf_decide_allocation (GstQuery * query, GstBufferPool * current,
    GstDmabufExporter * exporter, gboolean only_exporter, GError ** error)
{
  Request request;
  GstBufferPool *pool;

  if (!parse_request (query, &request, error))
    return FALSE;
  if (keeps_pool (current, query, &request, exporter, only_exporter)) {
    answer (query, current);
    return TRUE;
  }
  if (!can_make_pool (error))
    return FALSE;
  pool = only_exporter ? make_own (exporter, &request, TRUE, error) :
      find_pool (query, &request, exporter, error);
  if (!pool)
    return FALSE;

  answer (query, pool);
  gst_object_unref (pool);
  return TRUE;
}
