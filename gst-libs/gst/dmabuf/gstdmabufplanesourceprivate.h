/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Where the planes of a buffer are said to be, whatever memory it has.
 */
#pragma once

#include "gstdmabuflayout.h"
#include "gstdmabufvideoinfo.h"

G_BEGIN_DECLS

/**
 * GstDmabufPlaneSource:
 * @finfo: (nullable): of the GstVideoMeta or the caps
 * @width: pixels of plane 0
 * @height: rows of plane 0
 * @n_planes: 1 to 4
 * @offsets: bytes from the start of the buffer
 * @strides: bytes, or tile counts where @finfo is tiled
 *
 * What a GstVideoMeta says, or, where there is none, the caps. Borrowed from
 * the buffer or the info.
 */
typedef struct
{
  const GstVideoFormatInfo *finfo;
  guint width, height;
  guint n_planes;
  const gsize *offsets;
  const gint *strides;
} GstDmabufPlaneSource;

/**
 * gst_dmabuf_plane_source_from_buffer:
 * @source: (out caller-allocates): written only on success
 * @info: what the caps of @buffer say
 *
 * Refuses a meta that contradicts the caps, and a buffer without a meta whose
 * caps do not say where planes are. No allocation on success; any thread.
 */
gboolean gst_dmabuf_plane_source_from_buffer (GstDmabufPlaneSource *source,
                                     GstBuffer *buffer,
                                     const GstDmabufVideoInfo *info,
                                     GError **error);

/**
 * gst_dmabuf_plane_source_read_stride:
 * @plane: (inout): its stride is set, in bytes, and its size if it is tiled
 *
 * No allocation on success; any thread.
 */
gboolean gst_dmabuf_plane_source_read_stride (
                                     const GstDmabufPlaneSource *source,
                                     guint index, GstDmabufPlane *plane,
                                     GError **error);

/**
 * gst_dmabuf_plane_source_make_stride:
 *
 * The way back: what a GstVideoMeta of @finfo says of plane @index of @layout.
 * No allocation; any thread.
 */
gint     gst_dmabuf_plane_source_make_stride (const GstVideoFormatInfo *finfo,
                                     const GstDmabufLayout *layout,
                                     guint index);

G_END_DECLS
