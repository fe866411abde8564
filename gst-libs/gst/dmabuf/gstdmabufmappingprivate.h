/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * CPU access to the memory of our own allocators, inside the library: one
 * mapping that stays, one bracket for all users at a time. Also the mark that
 * says that fences may be pending. Knows nothing of exporters.
 */
#pragma once

#include "dmabuf-prelude.h"

#include <gst/allocators/allocators.h>

G_BEGIN_DECLS

/**
 * gst_dmabuf_mapping_install:
 * @allocator: an instance of a subclass of #GstDmaBufAllocator, being made
 *
 * Replaces the functions that map and copy memory. All memory of @allocator must
 * then come from gst_dmabuf_mapping_wrap().
 */
void            gst_dmabuf_mapping_install     (GstAllocator     *allocator);

/**
 * gst_dmabuf_mapping_wrap:
 * @allocator: an allocator after gst_dmabuf_mapping_install()
 * @fd: a dma-buf or a sealed memfd; the memory takes it unless @flags has
 *     #GST_FD_MEMORY_FLAG_DONT_CLOSE
 * @maxsize_bytes: its size as the kernel says
 * @is_dmabuf: FALSE for a memfd, which has no brackets and no fences
 * @flags: only #GST_FD_MEMORY_FLAG_DONT_CLOSE counts
 *
 * Returns: (transfer full): memory of @maxsize_bytes; never fails.
 */
GstMemory *     gst_dmabuf_mapping_wrap        (GstAllocator     *allocator,
                                                gint              fd,
                                                gsize             maxsize_bytes,
                                                gboolean          is_dmabuf,
                                                GstFdMemoryFlags  flags);

/**
 * gst_dmabuf_mapping_mark_fenced:
 * @memory: memory of gst_dmabuf_mapping_wrap(), or shared from it
 *
 * Sets the mark on the memory that owns the dma-buf. Atomic.
 */
void            gst_dmabuf_mapping_mark_fenced (GstMemory        *memory);

/**
 * gst_dmabuf_mapping_is_fenced:
 * @memory: memory of gst_dmabuf_mapping_wrap(), not shared from another
 *
 * Returns: TRUE if the mark is set. Atomic.
 */
gboolean        gst_dmabuf_mapping_is_fenced   (GstMemory        *memory);

/**
 * gst_dmabuf_mapping_clear_fenced:
 * @memory: memory of gst_dmabuf_mapping_wrap(), not shared from another
 *
 * Clears the mark, after the dma-buf was seen idle. Atomic.
 */
void            gst_dmabuf_mapping_clear_fenced (GstMemory       *memory);

G_END_DECLS
