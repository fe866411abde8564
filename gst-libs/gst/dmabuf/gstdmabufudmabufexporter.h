/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The exporter of /dev/udmabuf: sealed memfds turned into dma-bufs
 * (include/uapi/linux/udmabuf.h).
 */
#pragma once

#include "gstdmabufexporter.h"

G_BEGIN_DECLS

/**
 * GST_TYPE_DMABUF_UDMABUF_EXPORTER:
 *
 * Type of #GstDmabufUdmabufExporter.
 *
 * Since: 0.1
 */
#define GST_TYPE_DMABUF_UDMABUF_EXPORTER (gst_dmabuf_udmabuf_exporter_get_type ())
GST_DMABUF_API
G_DECLARE_FINAL_TYPE (GstDmabufUdmabufExporter, gst_dmabuf_udmabuf_exporter,
    GST, DMABUF_UDMABUF_EXPORTER, GstDmabufExporter)

/**
 * GstDmabufUdmabufExporter:
 *
 * Scattered, cached, pinned pages. Its spec is "udmabuf". The kernel limits the
 * size of one buffer (module parameter `udmabuf.size_limit_mb`, 64 by default).
 *
 * Since: 0.1
 */

/**
 * gst_dmabuf_udmabuf_exporter_new:
 * @error: (nullable): return location for an error
 *
 * Finds out whether /dev/udmabuf can be opened. Each allocation opens it anew:
 * an exporter holds no descriptor. An allocation beyond the kernel's limit fails
 * with EXHAUSTED, and the message names the parameter and its value.
 *
 * Returns: (transfer full) (nullable): the exporter, or NULL: UNSUPPORTED
 * without the device, REFUSED if it may not be opened (the message says what
 * would allow it), EXHAUSTED without a free descriptor. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufExporter *
                gst_dmabuf_udmabuf_exporter_new (GError           **error);

G_END_DECLS
