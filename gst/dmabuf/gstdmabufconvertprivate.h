/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the files of the converter share.
 */
#pragma once

#include <gst/dmabuf/gstdmabufexporter.h>
#include <gst/dmabuf/gstdmabufvideosink.h>

#include "dmabufconvertcaps.h"
#include "dmabufconvertframe.h"
#include "gstdmabufconvert.h"

G_BEGIN_DECLS

/* How often each kind of work was done; atomic. */
typedef struct
{
  guint frames;
  guint passed;
  guint relabelled;
  guint moved;
  guint by_path[DMABUF_CONVERT_NONE];   /* frames that the CPU converted */
  guint dropped;
} ConvertCounters;

typedef struct
{
  /* Properties, protected by the object lock. */
  gchar *exporter_spec;
  DmabufConvertRules rules;     /* zero_copy follows the property */
  GstClockTime fence_timeout;
  guint n_threads;

  /* For the statistics, protected by the object lock. */
  gchar *path_name;
  gchar *reason;
  gchar *exporter_used;
  ConvertCounters counters;

  gboolean negotiated;          /* the same lock: caps were set once */
  GstCaps *unmet;               /* what upstream asked about in vain */
  gint cancel_fd;               /* the same lock */
  GstBufferPool *out_pool;      /* the same lock; made when first needed */

  /* The streaming thread's own. */
  DmabufConvertJob job;
  DmabufConvertWorkers *workers;        /* NULL: the streaming thread alone */
  GstQuery *allocation;         /* downstream's answer */
  gboolean announced;
} GstDmabufConvertPrivate;

GstDmabufConvertPrivate *gst_dmabuf_convert_private (GstDmabufConvert * self);

/* Adds the pad of direction for dma-bufs, plain video/x-raw, or both. */
void gst_dmabuf_convert_add_template (GstElementClass * klass,
    GstPadDirection direction, gboolean dmabuf, gboolean system);

/* gstdmabufconvertpool.c */

/* Remembers downstream's answer, and makes a pool of the output at once if
 * every frame needs one. */
gboolean gst_dmabuf_convert_decide_allocation (GstBaseTransform * trans,
    GstQuery * query);
gboolean gst_dmabuf_convert_propose_allocation (GstBaseTransform * trans,
    GstQuery * decide_query, GstQuery * query);
/* Returns: (transfer full): a buffer of the output caps, NULL with *ret. */
GstBuffer *gst_dmabuf_convert_acquire (GstDmabufConvert * self,
    GstFlowReturn * ret, GError ** error);
void gst_dmabuf_convert_forget_pool (GstDmabufConvert * self);

/* gstdmabufconvertnegotiate.c */

GstCaps *gst_dmabuf_convert_transform_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * filter);
GstCaps *gst_dmabuf_convert_fixate_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * othercaps);
gboolean gst_dmabuf_convert_set_caps (GstBaseTransform * trans,
    GstCaps * incaps, GstCaps * outcaps);
gboolean gst_dmabuf_convert_query (GstBaseTransform * trans,
    GstPadDirection direction, GstQuery * query);
/* Says why incaps lead nowhere. */
void gst_dmabuf_convert_post_refusal (GstDmabufConvert * self,
    GstCaps * incaps);
/* The stream ended; says so if it never began. */
void gst_dmabuf_convert_post_unmet (GstDmabufConvert * self);

/* gstdmabufconvertwork.c */

GstFlowReturn gst_dmabuf_convert_prepare_output_buffer (
    GstBaseTransform * trans, GstBuffer * in, GstBuffer ** out);

G_END_DECLS
