/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The exporter of DRM dumb buffers: scan-out memory of a display device, shared
 * by PRIME (include/uapi/drm/drm_mode.h, Documentation/gpu/drm-mm.rst).
 */
#pragma once

#include "gstdmabufexporter.h"

G_BEGIN_DECLS

/**
 * GST_TYPE_DMABUF_DUMB_EXPORTER:
 *
 * Type of #GstDmabufDumbExporter.
 *
 * Since: 0.1
 */
#define GST_TYPE_DMABUF_DUMB_EXPORTER (gst_dmabuf_dumb_exporter_get_type ())
GST_DMABUF_API
G_DECLARE_FINAL_TYPE (GstDmabufDumbExporter, gst_dmabuf_dumb_exporter,
    GST, DMABUF_DUMB_EXPORTER, GstDmabufExporter)

/**
 * GstDmabufDumbExporter:
 *
 * Linear memory that its device can scan out. Its spec is "dumb:NODE".
 *
 * The kernel's contract for dumb buffers is one plane of RGB. Other formats
 * (NV12, and all that have several planes) are laid out inside a buffer of 8
 * bits a pixel, as other software does as well: that works in practice, but
 * prefer a heap or udmabuf for them. The memory is for the CPU and the display,
 * not for rendering by a GPU, and reading it may be slow.
 *
 * The pitch is always the kernel's.
 *
 * Since: 0.1
 */

/**
 * gst_dmabuf_dumb_exporter_new:
 * @device: (nullable): a primary node such as "/dev/dri/card0"; NULL takes
 *     the first that can make dumb buffers and share them
 * @error: (nullable): return location for an error
 *
 * Opens a device. It stays open while the exporter or memory of it lives.
 * Neither DRM master nor a connected display is needed.
 *
 * Returns: (transfer full) (nullable): the exporter, or NULL: UNSUPPORTED if
 * there is no such device, or if it makes no dumb buffers or cannot share them;
 * REFUSED if it may not be opened (the message names the group). Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufExporter *
                gst_dmabuf_dumb_exporter_new     (const gchar      *device,
                                                  GError          **error);

/**
 * gst_dmabuf_dumb_exporter_new_for_fd:
 * @drm_fd: a primary node's descriptor, borrowed: it is duplicated
 * @error: (nullable): return location for an error
 *
 * As gst_dmabuf_dumb_exporter_new() for a device that is open already, such as
 * one leased or handed over by a session manager. The duplicate has the same
 * namespace of GEM handles; handles made here are closed before each function
 * returns.
 *
 * Returns: (transfer full) (nullable): the exporter, or NULL as there; INVALID
 * if @drm_fd is no DRM device. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufExporter *
                gst_dmabuf_dumb_exporter_new_for_fd (gint           drm_fd,
                                                  GError          **error);

G_END_DECLS
