/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A frame: the borrowed view of a GstBuffer in terms of dma-bufs and planes,
 * and the way back, from foreign fds to a GstBuffer. It knows GstVideoMeta,
 * GstVideoCropMeta and GStreamer's fd memory; it knows no device and imports
 * nothing.
 */
#pragma once

#include <gst/video/video.h>

#include "gstdmabufcaps.h"
#include "gstdmabufidentity.h"
#include "gstdmabuflayout.h"

G_BEGIN_DECLS

/**
 * GstDmabufFrame:
 * @buffer: (transfer none): the buffer that is described
 * @layout: format, size and planes, checked; each object's size is the
 *     kernel's. The size is that of the whole picture in memory, which is
 *     larger than the caps' if @has_crop.
 * @fds: (transfer none): the dma-buf of each object, -1 where unused
 * @memories: (transfer none): a memory of each object
 * @identities: what each object is, whatever its fd's number
 * @dialect: how the caps spelled the format
 * @simulated: %TRUE if an object is a memfd of the simulated exporter, which no
 *     device can import
 * @has_crop: %TRUE if the buffer has a GstVideoCropMeta
 * @crop: the part to show, in pixels, inside of the frame; the whole frame if
 *     there is no crop
 * @colorimetry: from the caps, or the fourcc's default
 *
 * A borrowed view of a buffer: valid as long as the caller holds @buffer and
 * does not change its memories. Nothing to free.
 *
 * Planes that lie in the same dma-buf have the same object, however many
 * GstMemory or fds stand for it.
 *
 * Since: 0.1
 */
typedef struct
{
  GstBuffer *buffer;
  GstDmabufLayout layout;
  gint fds[GST_DMABUF_MAX_PLANES];
  GstMemory *memories[GST_DMABUF_MAX_PLANES];
  GstDmabufIdentity identities[GST_DMABUF_MAX_PLANES];
  GstDmabufDialect dialect;
  gboolean simulated;
  gboolean has_crop;
  GstVideoRectangle crop;
  GstVideoColorimetry colorimetry;
} GstDmabufFrame;

/**
 * gst_dmabuf_frame_describe:
 * @frame: (out caller-allocates): the view
 * @buffer: (transfer none): a buffer
 * @info: what its caps say
 * @error: (nullable): return location
 *
 * Finds the planes of @buffer in its dma-bufs and checks them.
 *
 * Offsets and strides come from the GstVideoMeta. Without one they come from
 * the caps, if the caps name a layout that GStreamer defines (linear, or one of
 * its tiled formats); an implicit or vendor layout without meta is
 * %GST_DMABUF_ERROR_INVALID, as nobody said its strides. The meta's offsets
 * count from the start of the buffer; here they are turned into offsets from
 * the start of each dma-buf, with the memories' own offsets added. GStreamer's
 * tile counts become strides in bytes.
 *
 * A GstVideoMeta must have the caps' size, or at least that size if there is a
 * GstVideoCropMeta: then the frame is as large as the meta says. Its format
 * must be that of the caps, its opaque or alpha twin, or none
 * (`DMA_DRM`, `ENCODED`, `UNKNOWN`).
 *
 * Errors: %GST_DMABUF_ERROR_UNSUPPORTED if the caps are of the system dialect
 * and the memory is no dma-buf, so that the caller can stage it;
 * %GST_DMABUF_ERROR_INVALID if the caps promise dma-bufs and there are none, if
 * a file descriptor is neither a dma-buf nor a sealed memfd (which is what the
 * simulated exporter makes), or whatever gst_dmabuf_layout_check() refuses.
 * @frame is written only on success.
 *
 * The first call for a dma-buf asks the kernel for kind, identity and size, and
 * the answers are kept with the GstMemory; later calls for it take no system
 * call and no allocation. New GstMemory of a dma-buf that an import cache knows
 * costs one fstat. Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_frame_describe     (GstDmabufFrame *frame,
                                             GstBuffer *buffer,
                                             const GstDmabufVideoInfo *info,
                                             GError **error);

/**
 * gst_dmabuf_frame_describe_sample:
 * @frame: (out caller-allocates): the view
 * @sample: (transfer none): a sample with buffer and caps, from an appsink for
 *     instance
 * @info_out: (out caller-allocates) (optional): what the caps said
 * @error: (nullable): return location
 *
 * gst_dmabuf_frame_describe() for applications. Parses the caps each time; an
 * application that shows a stream parses them once and calls
 * gst_dmabuf_frame_describe(). The frame is valid while the sample lives. Any
 * thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_frame_describe_sample (GstDmabufFrame *frame,
                                             GstSample *sample,
                                             GstDmabufVideoInfo *info_out,
                                             GError **error);

/**
 * gst_dmabuf_memory_identify:
 * @memory: a dma-buf memory, or part of one made with gst_memory_share()
 * @identity: (out) (optional): which dma-buf it is
 * @size: (out) (optional): bytes of the whole dma-buf, from the kernel
 * @kind: (out) (optional): dma-buf or memfd
 * @error: (nullable): return location
 *
 * What the kernel says of a memory's fd. The answer is kept as
 * gst_dmabuf_frame_describe() does. Errors:
 * %GST_DMABUF_ERROR_UNSUPPORTED if @memory is not made by a GstDmaBufAllocator;
 * %GST_DMABUF_ERROR_INVALID if its fd is neither a dma-buf nor a memfd; what
 * the kernel answered otherwise. Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_memory_identify    (GstMemory *memory,
                                             GstDmabufIdentity *identity,
                                             gsize *size,
                                             GstDmabufFdKind *kind,
                                             GError **error);

/**
 * gst_dmabuf_buffer_add_video_meta:
 * @buffer: a writable buffer whose memories are the objects of @layout, in
 *     order, and nothing else
 * @layout: the layout
 * @info: the caps that the buffer will travel with
 *
 * Adds a GstVideoMeta of @layout, offsets counted from the start of the buffer.
 * Its format is gst_dmabuf_video_info_get_meta_format(); for one of GStreamer's
 * tiled formats the strides are tile counts, as GStreamer wants them.
 *
 * Returns: (transfer none) (nullable): the meta, or %NULL if memories and
 *     layout contradict each other
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstVideoMeta * gst_dmabuf_buffer_add_video_meta (GstBuffer *buffer,
                                             const GstDmabufLayout *layout,
                                             const GstDmabufVideoInfo *info);

/**
 * GstDmabufWrapFlags:
 * @GST_DMABUF_WRAP_BORROW_FDS: the fds stay the caller's; what is needed longer
 *     than the call is duplicated
 * @GST_DMABUF_WRAP_TAKE_FDS: on success the fds belong to the library, which
 *     closes them when it no longer needs them, perhaps at once; on failure
 *     they stay the caller's
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  GST_DMABUF_WRAP_BORROW_FDS = 0,
  GST_DMABUF_WRAP_TAKE_FDS = 1 << 0,
} GstDmabufWrapFlags;

/**
 * gst_dmabuf_buffer_new_wrapped:
 * @layout: format, size and planes. `object_sizes` is ignored: the kernel is
 *     asked.
 * @fds: (array fixed-size=4): the dma-buf of each object of @layout; elements
 *     beyond `n_objects` are not looked at
 * @flags: who owns @fds
 * @notify: (nullable) (scope async): called when the buffer and every copy of
 *     it that shares its memory are gone; copies with GST_BUFFER_COPY_META, as
 *     gst_buffer_copy() makes, for what is copied without metas is not known
 * @user_data: for @notify
 * @caps_out: (out) (optional) (transfer full): caps of the buffer: explicit, or
 *     legacy for an implicit modifier; framerate 0/1, to be set by who knows it
 * @error: (nullable): return location
 *
 * Makes a buffer of dma-bufs that came from somewhere else: another process, a
 * Wayland or Vulkan program, a camera stack. The layout is checked against the
 * kernel's sizes first.
 *
 * While a memory made by this function for the same dma-buf is alive, anywhere
 * in the process, it is used again (the fd's number does not matter), so that
 * importers downstream recognise it. Two objects of the same dma-buf become one
 * memory.
 *
 * @notify is called exactly once, from whichever thread drops the last
 * reference, with no lock held; not at all if the function fails. It says that
 * nobody in this process reads the frame any more; other users of the dma-buf
 * are told by its fences.
 *
 * Errors: as gst_dmabuf_layout_check(); %GST_DMABUF_ERROR_INVALID if a fd is
 * neither a dma-buf nor a memfd; %GST_DMABUF_ERROR_UNSUPPORTED if the fourcc is
 * not in the table; %GST_DMABUF_ERROR_EXHAUSTED if a borrowed fd cannot be
 * duplicated. On failure nothing is taken or closed. Any thread.
 *
 * Returns: (transfer full) (nullable): a buffer with GstVideoMeta, or %NULL
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstBuffer *   gst_dmabuf_buffer_new_wrapped (const GstDmabufLayout *layout,
                                             const gint fds[4],
                                             GstDmabufWrapFlags flags,
                                             GDestroyNotify notify,
                                             gpointer user_data,
                                             GstCaps **caps_out,
                                             GError **error);

G_END_DECLS
