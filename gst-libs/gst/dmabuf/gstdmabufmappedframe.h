/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A frame that the CPU reads or writes: every plane at its address, whatever
 * memory it lies in, each memory mapped once.
 */
#pragma once

#include "gstdmabufframe.h"
#include "gstdmabuftile.h"

G_BEGIN_DECLS

/**
 * GstDmabufMappedFrame:
 * @pixels: the planes. The size is that of the picture in memory, which may be
 *     larger than the caps' if the buffer has a GstVideoCropMeta.
 * @n_memories: memories that are mapped
 *
 * A mapped frame, from gst_dmabuf_mapped_frame_map() to
 * gst_dmabuf_mapped_frame_unmap().
 *
 * Since: 0.1
 */
typedef struct
{
  GstDmabufPixels pixels;
  guint n_memories;

  /*< private >*/
  GstMapInfo maps[GST_DMABUF_MAX_PLANES];
} GstDmabufMappedFrame;

/**
 * gst_dmabuf_mapped_frame_map:
 * @mapped: (out caller-allocates): the mapped frame
 * @buffer: (transfer none): a buffer; it must stay as it is until the unmap
 * @info: what its caps say
 * @flags: %GST_MAP_READ, %GST_MAP_WRITE or both; the buffer's memory must be
 *     writable for the latter
 * @error: (nullable): return location
 *
 * Maps dma-bufs and, under caps of the system dialect, any other memory that
 * the CPU can reach. Each memory is mapped once, so that a frame in one memory
 * costs one bracket of DMA_BUF_IOCTL_SYNC; memories that are parts of one dma-buf
 * cost one each. Planes are checked as
 * gst_dmabuf_frame_describe() and gst_dmabuf_layout_check() do, and again
 * against what was mapped. Strides are in bytes, for GStreamer's tiled formats
 * too.
 *
 * Fences of foreign dma-bufs are waited for by the kernel when the bracket
 * opens; call gst_dmabuf_wait_idle() first to be able to give up.
 *
 * Errors: %GST_DMABUF_ERROR_UNSUPPORTED for an implicit format, whose layout
 * only the driver knows, and for more memories than there can be planes;
 * %GST_DMABUF_ERROR_FAILED if a memory cannot be mapped; otherwise as
 * gst_dmabuf_frame_describe(). @mapped is written only on success. Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_mapped_frame_map   (GstDmabufMappedFrame *mapped,
                                             GstBuffer *buffer,
                                             const GstDmabufVideoInfo *info,
                                             GstMapFlags flags,
                                             GError **error);

/**
 * gst_dmabuf_mapped_frame_unmap:
 * @mapped: a frame that was mapped
 *
 * Closes the brackets. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_mapped_frame_unmap (GstDmabufMappedFrame *mapped);

/**
 * gst_dmabuf_pixels_copy:
 * @to: where to write
 * @from: what to read, of the same size
 * @error: (nullable): return location
 *
 * Copies the rows of every plane and never what lies between them. Both are
 * linear and have the same bytes: the same fourcc, or one the opaque twin of
 * the other. Other pixels are %GST_DMABUF_ERROR_INVALID, and nothing is
 * written. No allocation on success; any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_pixels_copy        (const GstDmabufPixels *to,
                                             const GstDmabufPixels *from,
                                             GError **error);

G_END_DECLS
