/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The element dmabufkmssink. Its description for users is at the top of
 * gstdmabufkmssink.c.
 */
#pragma once

#include <gst/dmabuf/gstdmabufvideosink.h>

G_BEGIN_DECLS

#define GST_TYPE_DMABUF_KMS_SINK (gst_dmabuf_kms_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstDmabufKmsSink, gst_dmabuf_kms_sink, GST,
    DMABUF_KMS_SINK, GstDmabufVideoSink)

GST_ELEMENT_REGISTER_DECLARE (dmabufkmssink);

G_END_DECLS
