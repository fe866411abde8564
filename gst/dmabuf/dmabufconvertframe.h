/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The converter's work on one frame: whether its memory will do for downstream,
 * the same memory under other words, or pixels moved into other memory. It
 * knows no element.
 */
#pragma once

#include <gst/dmabuf/gstdmabufconstraints.h>
#include <gst/dmabuf/gstdmabufvideoinfo.h>

#include "dmabufconvertpath.h"
#include "dmabufconvertworkers.h"

G_BEGIN_DECLS

/* What the frames of one negotiation have in common. */
typedef struct
{
  DmabufConvertPath path;
  GstDmabufVideoInfo in_info;
  GstDmabufVideoInfo out_info;  /* the spelling; see below for the layout */
  /* The same with implicit formats that are linear said to be so. */
  GstDmabufVideoInfo in_layout;
  GstDmabufVideoInfo out_layout;
  GstDmabufConstraints constraints;     /* downstream's */
  gboolean has_video_meta;      /* downstream reads offsets and strides */
  gboolean has_crop;            /* downstream crops */
  gboolean zero_copy;           /* a frame that has to be moved is an error */
} DmabufConvertJob;

/* Sets everything but what downstream says. FALSE with error if caps cannot be
 * read or nothing leads from one to the other. */
gboolean dmabuf_convert_job_init (DmabufConvertJob * job,
    const GstCaps * in_caps, const GstCaps * out_caps,
    const DmabufConvertRules * rules, GError ** error);

/* Whether downstream can use the memory of buffer as it is. FALSE with
 * #GST_DMABUF_ERROR_UNSUPPORTED and the reason if its pixels have to be moved,
 * with another error if the buffer contradicts its caps. */
gboolean dmabuf_convert_can_relabel (const DmabufConvertJob * job,
    GstBuffer * buffer, GError ** error);

/* The memory of buffer with the GstVideoMeta of the output caps, where that
 * differs. Returns: (transfer full): buffer itself if nothing does, else a
 * buffer that keeps it alive, so that its pool does not get it back early;
 * %NULL with error. */
GstBuffer *dmabuf_convert_relabel (const DmabufConvertJob * job,
    GstBuffer * buffer, GError ** error);

/* How many threads are worth their waking for frames of job, by size and the
 * number of CPUs. */
guint dmabuf_convert_job_get_n_threads (const DmabufConvertJob * job);

/* Reads in and writes out, pixels and what goes with them. out comes from a
 * pool of the output caps. A picture that is larger in memory than its caps say
 * loses what the crop meta cuts off.
 *
 * @workers: (nullable): share the work on tiles, whole tiles each */
gboolean dmabuf_convert_pixels (const DmabufConvertJob * job,
    DmabufConvertWorkers * workers, GstBuffer * in, GstBuffer * out,
    GError ** error);

G_END_DECLS
