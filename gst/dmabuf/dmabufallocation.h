/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Which pool an element fills: downstream's if it fits, else one of our own on
 * an exporter, else plain memory. It knows ALLOCATION queries and pools; it
 * does not choose formats.
 */
#pragma once

#include <gst/gst.h>
#include <gst/dmabuf/gstdmabufcaps.h>
#include <gst/dmabuf/gstdmabufexporter.h>

G_BEGIN_DECLS

/* Takes the pool that downstream proposes in query, if a buffer of it can be
 * painted. Returns: (transfer full) (nullable): the pool, configured and
 * active; NULL with error. */
GstBufferPool *dmabuf_take_proposed_pool (GstQuery * query,
    GError ** error);

/* Answers query, which downstream has seen, with one pool.
 *
 * @current: (nullable): the pool that is in use; it stays if everything that
 *     decides about it is as before
 * @exporter: (nullable): for a pool of our own
 * @only_exporter: the user named the exporter, nothing else will do
 *
 * In this order: downstream's pool; a pool on the exporter that downstream
 * names; a pool on @exporter; for system caps, plain memory. A pool is taken
 * only after one buffer of it was mapped. Returns: FALSE with error if nothing
 * is left. */
gboolean dmabuf_decide_allocation (GstQuery * query,
    GstBufferPool * current, GstDmabufExporter * exporter,
    gboolean only_exporter, GError ** error);

/* Whether the planes of buffer are where vinfo's caps alone would have them: what
 * an element sees that does not look at GstVideoMeta. */
gboolean dmabuf_has_default_layout (GstBuffer * buffer,
    const GstVideoInfo * vinfo);

/* The exporter whose memory downstream has tested. Returns: (transfer full)
 * (nullable). */
GstDmabufExporter *dmabuf_get_proposed_exporter (GstQuery * query);

G_END_DECLS
