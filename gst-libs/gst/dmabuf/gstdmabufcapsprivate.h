/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Private: names and questions that the two files about caps share.
 */
#pragma once

#include "gstdmabufcompat.h"
#include "gstdmabufvideoinfo.h"

G_BEGIN_DECLS

#define GST_DMABUF_CAPS_NAME "video/x-raw"
#define GST_DMABUF_CAPS_FORMAT "format"
#define GST_DMABUF_CAPS_DRM_FORMAT "drm-format"

typedef enum
{
  GST_DMABUF_CAPS_MEMORY_SYSTEM,
  GST_DMABUF_CAPS_MEMORY_DMABUF,
  GST_DMABUF_CAPS_MEMORY_ANY,
  GST_DMABUF_CAPS_MEMORY_OTHER,
} GstDmabufCapsMemory;

/* Which memory a structure with these features stands for; features that speak
 * of something else (format:Interlaced, meta:...) do not count. */
G_GNUC_INTERNAL
GstDmabufCapsMemory gst_dmabuf_caps_get_memory (const GstCapsFeatures *
    features);

/* What the field "format" of legacy or system caps calls a format. Of several
 * fourccs of one GstVideoFormat it is the name of that one which the name leads
 * back to: caps that say GRAY8 are read as R8, never as GREY. UNKNOWN if there
 * is no name. */
G_GNUC_INTERNAL
GstVideoFormat gst_dmabuf_caps_get_video_format (const GstDmabufFormat *
    format, GstDmabufDialect dialect);

G_END_DECLS
