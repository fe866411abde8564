/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What a pool's configuration comes to: format, layout and sizes of its frames.
 * Knows the exporter, but neither buffers nor threads.
 */
#pragma once

#include "gstdmabufcaps.h"
#include "gstdmabufexporter.h"

G_BEGIN_DECLS

/* What a configuration comes to. Constant while the pool is active. */
typedef struct
{
  GstDmabufVideoInfo info;
  GstDmabufConstraints constraints;
  gboolean has_alignment;
  GstVideoAlignment alignment;
  gboolean poll_all;
  guint min_buffers;
  guint max_buffers;            /* 0: any number */
  guint wanted_size;            /* bytes that a buffer has at least */

  GstDmabufFormat format;       /* never implicit */
  GstDmabufLayout allocated;    /* padding included */
  GstDmabufLayout visible;      /* what the video meta says */
  gsize sizes[GST_DMABUF_MAX_PLANES];   /* visible bytes of each memory */
  gsize size;                   /* their sum */
} GstDmabufPoolSetup;

/* Reads a configuration for gst_dmabuf_pool_setup_complete(). */
gboolean        gst_dmabuf_pool_setup_parse    (GstDmabufPoolSetup *setup,
                                                GstStructure       *config,
                                                GError            **error);

/* Finds out what the exporter makes of a setup, by making one frame, which the
 * caller owns. */
gboolean        gst_dmabuf_pool_setup_complete (GstDmabufPoolSetup *setup,
                                                GstDmabufExporter  *exporter,
                                                GstMemory          *memories[GST_DMABUF_MAX_PLANES],
                                                GError            **error);

/* Makes another frame. */
gboolean        gst_dmabuf_pool_setup_alloc    (const GstDmabufPoolSetup *setup,
                                                GstDmabufExporter  *exporter,
                                                GstDmabufLayout    *layout,
                                                GstMemory          *memories[GST_DMABUF_MAX_PLANES],
                                                GError            **error);

/* Writes into a configuration what came out. */
void            gst_dmabuf_pool_setup_write    (const GstDmabufPoolSetup *setup,
                                                GstDmabufExporter  *exporter,
                                                GstStructure       *config);

/* Unrefs the memory of a frame. */
void            gst_dmabuf_pool_setup_clear_memories
                                               (GstMemory          *memories[GST_DMABUF_MAX_PLANES]);

G_END_DECLS
