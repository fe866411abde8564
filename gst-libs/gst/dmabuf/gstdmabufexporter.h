/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The abstract exporter: an allocator whose memory is a dma-buf. Knows how such
 * memory is wrapped, named and mapped; which device or kernel interface makes
 * it is for the subclasses to know.
 */
#pragma once

#include "dmabuf-prelude.h"

#include <gst/allocators/gstdmabuf.h>

#include "gstdmabufconstraints.h"
#include "gstdmabufformatset.h"
#include "gstdmabuflayout.h"

G_BEGIN_DECLS

/**
 * GST_TYPE_DMABUF_EXPORTER:
 *
 * Type of #GstDmabufExporter.
 *
 * Since: 0.1
 */
#define GST_TYPE_DMABUF_EXPORTER (gst_dmabuf_exporter_get_type ())
GST_DMABUF_API
G_DECLARE_DERIVABLE_TYPE (GstDmabufExporter, gst_dmabuf_exporter,
    GST, DMABUF_EXPORTER, GstDmaBufAllocator)

/**
 * GstDmabufExporter:
 *
 * An allocator whose memory is a dma-buf ("exporter" is the kernel's word).
 *
 * Every #GstMemory of it satisfies gst_is_dmabuf_memory(), owns its descriptor
 * (gst_dmabuf_memory_get_fd() borrows it) and keeps the exporter alive. The
 * descriptor is close-on-exec and has a name that /proc/PID/fdinfo and
 * debugfs show. gst_allocator_alloc() works as well, so an exporter can go into
 * any ALLOCATION query; gst_memory_copy() gives memory of the same exporter.
 *
 * CPU access, for whoever maps: the memory is mapped once, shared and
 * read-write, at the first gst_memory_map(), and stays mapped until it is freed.
 * From the first map to the last unmap of one memory and of everything shared
 * from it (gst_memory_share(), planes, nested maps) there is one bracket of
 * DMA_BUF_IOCTL_SYNC; one that began for reading is widened when somebody maps
 * for writing. Pending fences are waited for before the bracket opens. If it
 * does not open, the map fails.
 *
 * Since the memory of simulated exporters is no dma-buf, there are neither
 * brackets nor fences for it (gst_dmabuf_exporter_is_simulated()).
 *
 * All functions may be called from any thread.
 *
 * Since: 0.1
 */

/**
 * GstDmabufExporterClass:
 * @parent_class: the class of GStreamer's own allocator for dma-bufs
 * @get_formats: (nullable): the formats that @alloc_frame_fds can make,
 *     (transfer full). NULL: every linear format of the table, and what
 *     gst_dmabuf_tile_get_formats() has for them
 * @alloc_fd: makes one dma-buf of at least @size_bytes (never 0), readable and
 *     writable, close-on-exec, all zeros. Returns a descriptor that the caller
 *     owns, or -1. Subclasses must have it
 * @alloc_frame_fds: (nullable): makes the dma-bufs of one frame in the first
 *     format of @set that works. Writes @layout, and one descriptor that the caller
 *     owns for each object of it into @fds; leaves both alone on failure.
 *     NULL: the first linear format, else the first tiled one that the CPU
 *     knows, as gst_dmabuf_layout_compute() and
 *     gst_dmabuf_tile_layout_compute() lay them out, and
 *     @alloc_fd for each object
 * @satisfies: (nullable): whether memory of this exporter can meet what
 *     @constraints say about memory (contiguous, cached, an address limit, a
 *     device); what they say about the layout is not its business. On FALSE
 *     @error is UNSUPPORTED and says which one and why. NULL: everything but
 *     contiguity and an address limit
 *
 * What a back end fills in. Functions are called from any thread, several at
 * a time, and without a lock.
 *
 * Since: 0.1
 */
struct _GstDmabufExporterClass
{
  GstDmaBufAllocatorClass parent_class;

  GstDmabufFormatSet *(*get_formats) (GstDmabufExporter * self);
  gint (*alloc_fd) (GstDmabufExporter * self, gsize size_bytes,
      GError ** error);
  gboolean (*alloc_frame_fds) (GstDmabufExporter * self,
      const GstDmabufFormatSet * set, guint width, guint height,
      const GstDmabufConstraints * constraints, GstDmabufLayout * layout,
      gint fds[4], GError ** error);
  gboolean (*satisfies) (GstDmabufExporter * self,
      const GstDmabufConstraints * constraints, GError ** error);

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING];
};

/**
 * gst_dmabuf_exporter_alloc:
 * @self: an exporter
 * @size_bytes: how much is wanted, in bytes, at least 1
 * @error: (nullable): return location for an error
 *
 * Makes one dma-buf, filled with zeros. The #GstMemory has the size that was
 * wanted; its maxsize is that of the dma-buf, which is at least as large.
 *
 * Returns: (transfer full) (nullable): the memory, or NULL with EXHAUSTED
 * (memory, descriptors or a limit of the kernel, which the message names) or
 * what else the back end says. Nothing is leaked then.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstMemory *     gst_dmabuf_exporter_alloc        (GstDmabufExporter  *self,
                                                  gsize               size_bytes,
                                                  GError            **error);

/**
 * gst_dmabuf_exporter_alloc_frame:
 * @self: an exporter
 * @set: the formats that the caller can take, best first
 * @width: width in pixels
 * @height: height in pixels
 * @constraints: (nullable): what the layout and the memory must satisfy
 * @layout: (out caller-allocates): what was made: the format out of @set, and
 *     where its planes lie
 * @memories: (out) (array fixed-size=4) (transfer full): one memory for each of
 *     the layout's n_objects, NULL in the rest
 * @error: (nullable): return location for an error
 *
 * Makes the memory of one frame. The layout has been checked against the size
 * that the kernel reports. Only a pair that came out of here is a fact; one
 * that gst_dmabuf_exporter_get_formats() lists is a candidate.
 *
 * Returns: TRUE; or FALSE with nothing written: UNSUPPORTED if nothing in @set
 * or in @constraints is possible here, INVALID for a size that no layout can
 * have, EXHAUSTED as in gst_dmabuf_exporter_alloc().
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_exporter_alloc_frame  (GstDmabufExporter  *self,
                                                  const GstDmabufFormatSet *set,
                                                  guint               width,
                                                  guint               height,
                                                  const GstDmabufConstraints *constraints,
                                                  GstDmabufLayout    *layout,
                                                  GstMemory          *memories[4],
                                                  GError            **error);

/**
 * gst_dmabuf_exporter_get_formats:
 * @self: an exporter
 *
 * Returns: (transfer full): the formats whose frames it may be able to make.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_exporter_get_formats  (GstDmabufExporter  *self);

/**
 * gst_dmabuf_exporter_satisfies:
 * @self: an exporter
 * @constraints: what a consumer needs
 * @error: (nullable): return location for an error
 *
 * Tells whether memory of this exporter can meet @constraints, as far as that
 * is known without a device to try it on.
 *
 * Returns: TRUE, or FALSE with UNSUPPORTED and the reason.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_exporter_satisfies    (GstDmabufExporter  *self,
                                                  const GstDmabufConstraints *constraints,
                                                  GError            **error);

/**
 * gst_dmabuf_exporter_get_spec:
 * @self: an exporter
 *
 * Returns: the text that names it, which gst_dmabuf_exporter_new_from_spec()
 * understands: "heap:system", "udmabuf", "dumb:/dev/dri/card1", "memfd".
 * Valid while @self lives.
 *
 * Since: 0.1
 */
GST_DMABUF_API
const gchar *   gst_dmabuf_exporter_get_spec     (GstDmabufExporter  *self);

/**
 * gst_dmabuf_exporter_is_simulated:
 * @self: an exporter
 *
 * Returns: TRUE if its memory only stands in for a dma-buf: CPU code can use
 * it, no device can import it.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_exporter_is_simulated (GstDmabufExporter  *self);

/**
 * gst_dmabuf_buffer_mark_fenced:
 * @buffer: a buffer, of any kind
 *
 * Says that fences were, or may have been, attached to the dma-bufs of @buffer,
 * by gst_dmabuf_fence_import() or by a device that was given them and may not be
 * done when the caller releases @buffer (a GPU, a compositor). A
 * #GstDmabufPool then waits for the fences before it hands the memory out again.
 * Call it while holding a reference to @buffer. Memory that no exporter of this
 * library made is passed over. No system call, no lock.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_buffer_mark_fenced    (GstBuffer          *buffer);

G_END_DECLS
