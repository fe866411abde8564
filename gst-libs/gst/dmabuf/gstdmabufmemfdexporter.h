/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The simulated exporter: sealed memfds in place of dma-bufs, for CPU code on
 * systems whose kernel has no exporter.
 */
#pragma once

#include "gstdmabufexporter.h"

G_BEGIN_DECLS

/**
 * GST_TYPE_DMABUF_MEMFD_EXPORTER:
 *
 * Type of #GstDmabufMemfdExporter.
 *
 * Since: 0.1
 */
#define GST_TYPE_DMABUF_MEMFD_EXPORTER (gst_dmabuf_memfd_exporter_get_type ())
GST_DMABUF_API
G_DECLARE_FINAL_TYPE (GstDmabufMemfdExporter, gst_dmabuf_memfd_exporter,
    GST, DMABUF_MEMFD_EXPORTER, GstDmabufExporter)

/**
 * GstDmabufMemfdExporter:
 *
 * Memory that looks like a dma-buf to GStreamer and is none: no device can
 * import it, gst_dmabuf_fd_get_kind() says #GST_DMABUF_FD_MEMFD, and
 * gst_dmabuf_exporter_is_simulated() is TRUE. Made only where "memfd" was asked
 * for by name.
 *
 * Since: 0.1
 */

/**
 * gst_dmabuf_memfd_exporter_new:
 *
 * Returns: (transfer full): the simulated exporter. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufExporter *
                gst_dmabuf_memfd_exporter_new (void);

G_END_DECLS
