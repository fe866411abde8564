/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The memory side of the display base class: which exporter's memory the
 * display takes, found by importing one buffer of it, and the pool that is
 * proposed upstream with it.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufvideosinkprivate.h"

#include "gstdmabuferror.h"
#include "gstdmabufexporterchoice.h"
#include "gstdmabufpool.h"

#define GST_CAT_DEFAULT gst_dmabuf_video_sink_debug

/* What a test of an exporter needs to know. */
typedef struct
{
  GstDmabufVideoSink *self;
  const GstDmabufVideoInfo *info;
  GstCaps *caps;
  GstDmabufSinkLimits limits;
} ExporterTest;

static GstBufferPool *
configure_pool (GstDmabufExporter * exporter, GstCaps * caps,
    const GstDmabufSinkLimits * limits, guint min_buffers, GError ** error)
{
  GstBufferPool *pool = gst_dmabuf_pool_new (exporter);
  GstStructure *config;

  if (!pool) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "there is no free descriptor for a pool");
    return NULL;
  }
  config = gst_buffer_pool_get_config (pool);

  /* The pool knows the size better than we do, and corrects it. */
  gst_buffer_pool_config_set_params (config, caps, 1, min_buffers, 0);
  gst_buffer_pool_config_add_option (config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  gst_dmabuf_pool_config_set_constraints (config, &limits->constraints);
  if (gst_buffer_pool_set_config (pool, config))
    return pool;

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "the pool refused its configuration");
  gst_object_unref (pool);
  return NULL;
}

static gboolean
try_import (const ExporterTest * test, GstBuffer * buffer, GError ** error)
{
  GstDmabufVideoSinkClass *klass = GST_DMABUF_VIDEO_SINK_GET_CLASS (test->self);
  GstDmabufFrame frame;
  gpointer handle;

  if (!gst_dmabuf_frame_describe (&frame, buffer, test->info, error))
    return FALSE;
  if (frame.simulated && !test->limits.can_import_simulated) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
        "simulated memory cannot be imported by a device");
    return FALSE;
  }
  handle = klass->import (test->self, &frame, error);
  if (!handle)
    return FALSE;
  klass->free_import (test->self, handle);
  return TRUE;
}

/* An advertised pair is a candidate, an imported buffer is a fact. */
static gboolean
test_exporter (GstDmabufExporter * exporter, gpointer user_data,
    GError ** error)
{
  const ExporterTest *test = user_data;
  GstBufferPool *pool;
  GstBuffer *buffer = NULL;
  gboolean ok = FALSE;

  pool = configure_pool (exporter, test->caps, &test->limits, 0, error);
  if (!pool)
    return FALSE;

  if (!gst_buffer_pool_set_active (pool, TRUE)
      || gst_buffer_pool_acquire_buffer (pool, &buffer, NULL) != GST_FLOW_OK) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "no buffer of this size could be allocated");
  } else {
    ok = try_import (test, buffer, error);
    gst_buffer_unref (buffer);
  }
  gst_buffer_pool_set_active (pool, FALSE);
  gst_object_unref (pool);
  return ok;
}

static gboolean
same_picture (const GstDmabufVideoInfo * a, const GstDmabufVideoInfo * b)
{
  return gst_dmabuf_format_equal (&a->format, &b->format)
      && GST_VIDEO_INFO_WIDTH (&a->vinfo) == GST_VIDEO_INFO_WIDTH (&b->vinfo)
      && GST_VIDEO_INFO_HEIGHT (&a->vinfo) == GST_VIDEO_INFO_HEIGHT (&b->vinfo);
}

/* The exporter whose memory the display takes for @info: the one that was
 * tested for the same format and size before, or a newly chosen one. */
static GstDmabufExporter *
find_exporter (GstDmabufVideoSink * self, const GstDmabufVideoInfo * info,
    GstCaps * caps, GError ** error)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  ExporterTest test = { self, info, caps };
  GstDmabufExporter *exporter = NULL, *old;
  GstDmabufFormatSet *one;
  gchar *spec;

  GST_OBJECT_LOCK (self);
  test.limits = priv->limits;
  spec = g_strdup (priv->exporter_spec);
  if (priv->exporter && same_picture (&priv->exporter_info, info))
    exporter = gst_object_ref (priv->exporter);
  GST_OBJECT_UNLOCK (self);
  if (exporter) {
    g_free (spec);
    return exporter;
  }

  one = gst_dmabuf_format_set_new_single (&info->format);
  exporter = gst_dmabuf_exporter_choose_tested (spec, one,
      &test.limits.constraints, test_exporter, &test, error);
  gst_dmabuf_format_set_unref (one);
  g_free (spec);
  if (!exporter)
    return NULL;

  GST_OBJECT_LOCK (self);
  old = priv->exporter;
  priv->exporter = gst_object_ref (exporter);
  priv->exporter_info = *info;
  g_free (priv->exporter_used);
  priv->exporter_used = g_strdup (gst_dmabuf_exporter_get_spec (exporter));
  GST_OBJECT_UNLOCK (self);
  /* Its last unref closes a device: not under the lock. */
  g_clear_object (&old);
  GST_INFO_OBJECT (self, "the display takes memory of %s",
      gst_dmabuf_exporter_get_spec (exporter));
  return exporter;
}

void
gst_dmabuf_video_sink_forget_exporter (GstDmabufVideoSink * self)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstDmabufExporter *exporter;

  GST_OBJECT_LOCK (self);
  exporter = priv->exporter;
  priv->exporter = NULL;
  GST_OBJECT_UNLOCK (self);
  g_clear_object (&exporter);
}

GstBufferPool *
gst_dmabuf_video_sink_create_pool (GstDmabufVideoSink * self,
    const GstDmabufVideoInfo * info, guint extra, GError ** error)
{
  GstCaps *caps = gst_dmabuf_video_info_to_caps (info);
  GstDmabufSinkLimits limits;
  GstDmabufExporter *exporter;
  GstBufferPool *pool = NULL;

  gst_dmabuf_video_sink_copy_limits (self, &limits);
  exporter = find_exporter (self, info, caps, error);
  if (exporter) {
    pool = configure_pool (exporter, caps, &limits, limits.n_held + extra,
        error);
    gst_object_unref (exporter);
  }
  gst_caps_unref (caps);
  return pool;
}

static void
propose_pool (GstDmabufVideoSink * self, const GstDmabufVideoInfo * info,
    guint n_held, GstQuery * query)
{
  GstDmabufVideoSinkPrivate *priv = gst_dmabuf_video_sink_private (self);
  GstAllocationParams params;
  GstBufferPool *pool;
  GstStructure *config;
  GError *error = NULL;
  gboolean need_pool;
  guint size, min;

  gst_query_parse_allocation (query, NULL, &need_pool);

  /* One for upstream to fill beside those that the display holds. */
  pool = gst_dmabuf_video_sink_create_pool (self, info, 1, &error);
  if (!pool) {
    GST_WARNING_OBJECT (self, "no pool proposed: %s", error->message);
    g_clear_error (&error);
    /* A producer of its own memory still learns how much is held. */
    gst_query_add_allocation_pool (query, NULL,
        MAX (GST_VIDEO_INFO_SIZE (&info->vinfo), 1), n_held + 1, 0);
    return;
  }

  config = gst_buffer_pool_get_config (pool);
  gst_buffer_pool_config_get_params (config, NULL, &size, &min, NULL);
  gst_structure_free (config);
  gst_query_add_allocation_pool (query, need_pool ? pool : NULL, size, min, 0);
  gst_object_unref (pool);

  gst_allocation_params_init (&params);
  GST_OBJECT_LOCK (self);
  if (priv->exporter)
    gst_query_add_allocation_param (query, GST_ALLOCATOR (priv->exporter),
        &params);
  GST_OBJECT_UNLOCK (self);
}

gboolean
gst_dmabuf_video_sink_propose (GstDmabufVideoSink * self, GstQuery * query,
    GError ** error)
{
  GstDmabufSinkLimits limits;
  GstDmabufVideoInfo info;
  GstCaps *caps;

  gst_query_parse_allocation (query, &caps, NULL);
  if (!caps) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "the query has no caps");
    return FALSE;
  }
  if (!gst_dmabuf_video_info_from_caps (&info, caps, error))
    return FALSE;

  gst_dmabuf_video_sink_copy_limits (self, &limits);
  propose_pool (self, &info, limits.n_held, query);

  gst_dmabuf_constraints_add_to_query (&limits.constraints, query);
  if (limits.can_crop)
    gst_query_add_allocation_meta (query, GST_VIDEO_CROP_META_API_TYPE, NULL);
  return TRUE;
}
