/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 */
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_DMABUF_CONVERT (gst_dmabuf_convert_get_type ())
G_DECLARE_DERIVABLE_TYPE (GstDmabufConvert, gst_dmabuf_convert, GST,
    DMABUF_CONVERT, GstBaseTransform)

struct _GstDmabufConvertClass
{
  GstBaseTransformClass parent_class;
};

#define GST_TYPE_DMABUF_UPLOAD (gst_dmabuf_upload_get_type ())
GType gst_dmabuf_upload_get_type (void);

#define GST_TYPE_DMABUF_DOWNLOAD (gst_dmabuf_download_get_type ())
GType gst_dmabuf_download_get_type (void);

G_END_DECLS
