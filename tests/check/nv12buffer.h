/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The sound NV12 buffer that tests of frames describe, or spoil first.
 */
#pragma once

#include "dmabufbackend.h"

#include <drm_fourcc.h>
#include <gst/allocators/gstdmabuf.h>
#include <gst/dmabuf/gstdmabufframe.h>

#define WIDTH 64
#define HEIGHT 48
#define PAGE 4096

/* NV12 with luma and chroma on pages of their own: one page for luma's 3072
 * bytes, one for chroma's 1536. */
#define CHROMA PAGE
#define TOTAL (2 * PAGE)

static inline GstDmabufVideoInfo
make_info (GstDmabufDialect dialect, guint32 fourcc, guint64 modifier,
    guint width, guint height)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (fourcc, modifier);
  GstDmabufVideoInfo info;
  GError *error = NULL;

  fail_unless (gst_dmabuf_video_info_set_format (&info, dialect, &format, width,
          height, &error), "%s", error ? error->message : "");
  return info;
}

static inline GstDmabufVideoInfo
nv12_info (GstDmabufDialect dialect)
{
  return make_info (dialect, DRM_FORMAT_NV12,
      dialect == GST_DMABUF_DIALECT_LEGACY ? GST_DMABUF_MOD_INVALID :
      GST_DMABUF_MOD_LINEAR, WIDTH, HEIGHT);
}

static inline GstVideoMeta *
add_nv12_meta (GstBuffer * buffer, gsize chroma_offset)
{
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 0, chroma_offset };
  gint strides[GST_VIDEO_MAX_PLANES] = { WIDTH, WIDTH };

  return gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_NV12, WIDTH, HEIGHT, 2, offsets, strides);
}

static inline GstBuffer *
make_nv12 (GstDmabufExporter * exporter)
{
  GstBuffer *buffer = gst_buffer_new ();

  gst_buffer_append_memory (buffer, dmabuf_backend_alloc (exporter, TOTAL));
  add_nv12_meta (buffer, CHROMA);
  return buffer;
}

static inline void
describe (GstDmabufFrame * frame, GstBuffer * buffer,
    const GstDmabufVideoInfo * info)
{
  GError *error = NULL;

  fail_unless (gst_dmabuf_frame_describe (frame, buffer, info, &error), "%s",
      error ? error->message : "");
}
