/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the files of the display base class share: the element
 * (gstdmabufvideosink.c), its caps (gstdmabufvideosinkcaps.c), the way of a
 * frame (gstdmabufvideosinkframe.c), the answer to ALLOCATION queries
 * (gstdmabufvideosinkpool.c) and the copies (gstdmabufvideosinkstage.c).
 */
#pragma once

#include "gstdmabufexporter.h"
#include "gstdmabufvideosink.h"

G_BEGIN_DECLS

GST_DEBUG_CATEGORY_EXTERN (gst_dmabuf_video_sink_debug);

/* Why a frame had to be copied. reasons[] has the words, in
 * gstdmabufvideosinkstage.c. */
typedef enum
{
  STAGE_REASON_SYSTEM_MEMORY,
  STAGE_REASON_SIMULATED,
  STAGE_REASON_REFUSED,
  N_STAGE_REASONS
} StageReason;

typedef struct
{
  /* Written by the streaming thread, read by any: atomic. */
  guint frames, imported, cache_hits, dropped;
  guint fence_timeouts;
  guint staged[N_STAGE_REASONS];
} SinkCounters;

typedef struct
{
  /* Object lock. */
  gchar *exporter_spec;
  GstDmabufZeroCopy zero_copy;
  GstClockTime fence_timeout;
  GstDmabufFormatSet *formats;  /* NULL until the display is open */
  GstDmabufFormatSet *struck;   /* pairs that the display refused; nullable */
  GstCaps *caps;                /* of formats and limits; NULL like formats */
  GstDmabufSinkLimits limits;
  GstCaps *unmet;               /* upstream's last caps or filter that met
                                   nothing of ours; nullable */
  gchar *exporter_used;         /* spec of the exporter last proposed */
  GstDmabufExporter *exporter;  /* tested for exporter_info; nullable */
  GstDmabufVideoInfo exporter_info;

  /* Set between start() and stop(), then constant. */
  gint cancel_fd;
  GstDmabufImportCache *cache;

  /* Streaming thread only. */
  GstDmabufVideoInfo info;
  gboolean have_info;
  GstBuffer *prerolled;         /* shown in preroll; not again; nullable */
  gboolean prerolling;          /* inside of preroll() */
  guint n_exhausted;            /* frames dropped in a row for want of memory */
  GstBufferPool *stage_pool;
  guint announced;              /* bit per StageReason, since set_caps */

  SinkCounters counters;
} GstDmabufVideoSinkPrivate;

G_GNUC_INTERNAL
GstDmabufVideoSinkPrivate *
gst_dmabuf_video_sink_private (GstDmabufVideoSink * self);

/* gstdmabufvideosinkcaps.c */

G_GNUC_INTERNAL
void gst_dmabuf_video_sink_init_limits (GstDmabufSinkLimits * limits);

G_GNUC_INTERNAL
GstCaps *gst_dmabuf_video_sink_get_caps (GstBaseSink * bsink, GstCaps * filter);

G_GNUC_INTERNAL
gboolean gst_dmabuf_video_sink_set_caps (GstBaseSink * bsink, GstCaps * caps);

G_GNUC_INTERNAL
gboolean gst_dmabuf_video_sink_event (GstBaseSink * bsink, GstEvent * event);

G_GNUC_INTERNAL
gboolean gst_dmabuf_video_sink_query (GstBaseSink * bsink, GstQuery * query);

/* gstdmabufvideosinkframe.c */

G_GNUC_INTERNAL
GstFlowReturn gst_dmabuf_video_sink_preroll (GstBaseSink * bsink,
    GstBuffer * buffer);

G_GNUC_INTERNAL
GstFlowReturn gst_dmabuf_video_sink_show_frame (GstVideoSink * vsink,
    GstBuffer * buffer);

/* gstdmabufvideosinkpool.c */

G_GNUC_INTERNAL
gboolean gst_dmabuf_video_sink_propose (GstDmabufVideoSink * self,
    GstQuery * query, GError ** error);

/* A pool, configured and not yet active, whose memory the display has taken in
 * a test. @extra buffers on top of what the display holds. (transfer full) */
G_GNUC_INTERNAL
GstBufferPool *gst_dmabuf_video_sink_create_pool (GstDmabufVideoSink * self,
    const GstDmabufVideoInfo * info, guint extra, GError ** error);

G_GNUC_INTERNAL
void gst_dmabuf_video_sink_forget_exporter (GstDmabufVideoSink * self);

/* gstdmabufvideosinkstage.c */

/* Copies the picture of @buffer into memory that the display takes.
 * (transfer full), or NULL with @error set. */
G_GNUC_INTERNAL
GstBuffer *gst_dmabuf_video_sink_stage (GstDmabufVideoSink * self,
    GstBuffer * buffer, StageReason reason, const gchar * detail,
    GError ** error);

G_GNUC_INTERNAL
void gst_dmabuf_video_sink_stage_reset (GstDmabufVideoSink * self);

G_GNUC_INTERNAL
GstStructure *gst_dmabuf_video_sink_stats (GstDmabufVideoSink * self);

G_END_DECLS
