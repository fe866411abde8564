/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the files of the display base class share: the element
 * (gstdmabufvideosink.c), its caps (gstdmabufvideosinkcaps.c), the way of a
 * frame (gstdmabufvideosinkframe.c), the answer to ALLOCATION queries
 * (gstdmabufvideosinkpool.c), the copies (gstdmabufvideosinkstage.c) and
 * pictures larger than the frame (gstdmabufvideosinkcanvas.c).
 */
#pragma once

#include "gstdmabufexporter.h"
#include "gstdmabuftile.h"
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
  STAGE_REASON_DISPLAY_SIZE,
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
  guint session;                /* counts starts and stops: odd while started */
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
  GstVideoRectangle canvas_area;        /* in canvas_info, if has_canvas */
  GstDmabufVideoInfo canvas_info;
  gboolean has_canvas;
  guint canvas_width, canvas_height;    /* as configure() said; 0: none */
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

/* A copy of what is known now. Any thread. */
G_GNUC_INTERNAL
void gst_dmabuf_video_sink_copy_limits (GstDmabufVideoSink * self,
    GstDmabufSinkLimits * limits);

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

/* gstdmabufvideosinkcanvas.c */

/* A rectangle of a frame that goes into a staged picture; perhaps empty. Its
 * corners are on whole chroma samples and pixel blocks. */
typedef struct
{
  guint from_x, from_y, to_x, to_y, width, height;
  gboolean has_crop;            /* the staged picture gets crop */
  GstVideoRectangle crop;
} StageCopy;

/* After configure(): takes over what it said. FALSE with @error if @info cannot
 * be shown that way. Streaming thread. */
G_GNUC_INTERNAL
gboolean gst_dmabuf_video_sink_use_canvas (GstDmabufVideoSink * self,
    const GstDmabufVideoInfo * info, GError ** error);

/* What of the frame in @buffer goes where in the staged picture. */
G_GNUC_INTERNAL
void gst_dmabuf_video_sink_plan_copy (GstDmabufVideoSink * self,
    GstBuffer * buffer, StageCopy * copy);

/* Makes all planes of a picture of @info, that of a canvas, black. */
G_GNUC_INTERNAL
void gst_dmabuf_video_sink_paint_black (const GstDmabufVideoInfo * info,
    const GstDmabufPixels * pixels);

/* gstdmabufvideosinkstage.c */

/* FALSE with @error if the user forbade copies, or if one of this format would
 * show a wrong picture. */
G_GNUC_INTERNAL
gboolean gst_dmabuf_video_sink_may_stage (GstDmabufVideoSink * self,
    const GstDmabufVideoInfo * info, StageReason reason, const gchar * detail,
    GError ** error);

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
