/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The exporter of the kernel's dma-buf heaps, /dev/dma_heap/NAME
 * (Documentation/userspace-api/dma-buf-heaps.rst).
 */
#pragma once

#include "gstdmabufexporter.h"

G_BEGIN_DECLS

/**
 * GST_TYPE_DMABUF_HEAP_EXPORTER:
 *
 * Type of #GstDmabufHeapExporter.
 *
 * Since: 0.1
 */
#define GST_TYPE_DMABUF_HEAP_EXPORTER (gst_dmabuf_heap_exporter_get_type ())
GST_DMABUF_API
G_DECLARE_FINAL_TYPE (GstDmabufHeapExporter, gst_dmabuf_heap_exporter,
    GST, DMABUF_HEAP_EXPORTER, GstDmabufExporter)

/**
 * GstDmabufHeapExporter:
 *
 * Memory of one dma-heap. "system" is scattered pages, cached by the CPU; the
 * CMA heap is physically contiguous. Its spec is "heap:NAME".
 *
 * Since: 0.1
 */

/**
 * gst_dmabuf_heap_exporter_new:
 * @heap_name: the heap's name, a file in /dev/dma_heap; or "cma" for the first
 *     that exists of "default_cma_region" (its stable name since Linux 6.17),
 *     "reserved", "linux,cma" and "default-pool", all of which are the same
 *     memory
 * @error: (nullable): return location for an error
 *
 * Finds out whether a heap can be opened. Each allocation opens it anew: an
 * exporter holds no descriptor, so that one that a leaked pool keeps costs none.
 *
 * Returns: (transfer full) (nullable): the exporter, or NULL: UNSUPPORTED if
 * there is no such heap, REFUSED if it may not be opened (the message says which
 * udev rule would allow it), INVALID if @heap_name is no file name, EXHAUSTED
 * without a free descriptor. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufExporter *
                gst_dmabuf_heap_exporter_new   (const gchar        *heap_name,
                                                GError            **error);

/**
 * gst_dmabuf_heap_exporter_is_contiguous:
 * @self: a heap exporter
 *
 * Returns: TRUE if the heap's name is one of those under which kernels offer
 * physically contiguous memory. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_heap_exporter_is_contiguous
                                               (GstDmabufHeapExporter *self);

G_END_DECLS
