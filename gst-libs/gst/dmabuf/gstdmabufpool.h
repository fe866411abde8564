/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The pool: frames of one exporter, laid out for the caps of any dialect, used
 * again and again. Knows caps, layouts and fences, but no device.
 */
#pragma once

#include "gstdmabufcaps.h"
#include "gstdmabufexporter.h"

G_BEGIN_DECLS

/**
 * GST_TYPE_DMABUF_POOL:
 *
 * Type of #GstDmabufPool.
 *
 * Since: 0.1
 */
#define GST_TYPE_DMABUF_POOL (gst_dmabuf_pool_get_type ())
GST_DMABUF_API
G_DECLARE_FINAL_TYPE (GstDmabufPool, gst_dmabuf_pool, GST, DMABUF_POOL,
    GstBufferPool)

/**
 * GstDmabufPool:
 *
 * A #GstBufferPool whose buffers are dma-bufs in the format of its caps.
 *
 * The configuration takes caps of any dialect: explicit caps get exactly their
 * format; legacy and system caps a linear one. Every buffer carries a
 * #GstVideoMeta with the real offsets and strides, also if the option
 * #GST_BUFFER_POOL_OPTION_VIDEO_META is missing, which is then added to the
 * configuration, as are the size of the buffers (that of the configuration if
 * it is larger than the layout needs) and the exporter.
 * #GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT is honoured for linear formats. A
 * frame in several dma-bufs has one #GstMemory for each. Setting a
 * configuration allocates the first frame, so one that is accepted is possible.
 *
 * Acquiring a buffer and releasing it takes neither a system call nor a lock
 * while a free buffer is there. A buffer that comes back while fences are
 * pending inside it is set aside until they have signalled. To know, without
 * asking the kernel for each buffer, the pool relies on who attaches fences:
 * see gst_dmabuf_buffer_mark_fenced(); writers on the CPU are safe in any case,
 * since mapping waits for fences. A producer whose device writes without
 * waiting for fences adds the option #GST_BUFFER_POOL_OPTION_DMABUF_IDLE. If
 * only buffers with pending fences are left, acquiring waits; a buffer whose
 * fences are still pending one second after its release is given up with a
 * warning and replaced.
 *
 * Stopping the pool waits for no fence. A buffer whose memory was exchanged,
 * tagged, or is still used by somebody else when it is released is freed.
 *
 * Since: 0.1
 */

/**
 * GST_BUFFER_POOL_OPTION_DMABUF_IDLE:
 *
 * Option of the configuration: every released buffer is asked with poll()
 * whether fences are pending, not only those that were marked. For producers
 * whose device waits for no fences by itself (V4L2) downstream of consumers that
 * are not known to mark what they fence. Costs a system call for each released
 * buffer.
 *
 * Since: 0.1
 */
#define GST_BUFFER_POOL_OPTION_DMABUF_IDLE "GstBufferPoolOptionDmabufIdle"

/**
 * gst_dmabuf_pool_new:
 * @exporter: who makes the memory; the pool takes its own reference
 *
 * A GstBufferPool has descriptors of its own. Without them GStreamer makes it all
 * the same, complains with each call, and may wait for ever; so none is made
 * then.
 *
 * Returns: (transfer full) (nullable): a new pool, not configured; NULL if there
 * is no free descriptor. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstBufferPool * gst_dmabuf_pool_new          (GstDmabufExporter *exporter);

/**
 * gst_dmabuf_pool_get_exporter:
 * @pool: a pool
 *
 * Returns: (transfer none): its exporter. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufExporter *
                gst_dmabuf_pool_get_exporter (GstDmabufPool     *pool);

/**
 * gst_dmabuf_pool_get_layout:
 * @pool: a pool
 * @layout: (out caller-allocates): the layout of its buffers as their
 *     #GstVideoMeta has it, inside the padding of a video alignment; written
 *     only on success
 *
 * Returns: TRUE, or FALSE if there was no configuration yet, or the last one was
 * refused. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_pool_get_layout   (GstDmabufPool     *pool,
                                              GstDmabufLayout   *layout);

/**
 * gst_dmabuf_pool_config_set_constraints:
 * @config: a pool configuration
 * @constraints: what all users of the buffers need, combined; copied
 *
 * Puts constraints into a configuration, for gst_buffer_pool_set_config() of a
 * #GstDmabufPool. Other pools ignore them.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_pool_config_set_constraints
                                             (GstStructure      *config,
                                              const GstDmabufConstraints *constraints);

/**
 * gst_dmabuf_pool_config_get_constraints:
 * @config: a pool configuration
 * @constraints: (out caller-allocates): its constraints, or none if it has
 *     none
 * @error: (nullable): return location for an error
 *
 * Returns: TRUE, or FALSE with INVALID if what @config says of constraints
 * makes no sense; @constraints is left alone then.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_pool_config_get_constraints
                                             (GstStructure      *config,
                                              GstDmabufConstraints *constraints,
                                              GError           **error);

G_END_DECLS
