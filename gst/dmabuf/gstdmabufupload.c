/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The element dmabufupload: a dmabufconvert that gives dma-bufs only.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufconvertprivate.h"

typedef struct
{
  GstDmabufConvert parent;
} GstDmabufUpload;

typedef GstDmabufConvertClass GstDmabufUploadClass;

G_DEFINE_TYPE (GstDmabufUpload, gst_dmabuf_upload, GST_TYPE_DMABUF_CONVERT);

static void
gst_dmabuf_upload_class_init (GstDmabufUploadClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  gst_dmabuf_convert_add_template (element_class, GST_PAD_SRC, TRUE, FALSE);
  gst_element_class_set_static_metadata (element_class,
      "DMA-BUF uploader", "Filter/Converter/Video",
      "Gives frames as dma-bufs, with the least work",
      "the gst-plugins-dmabuf authors");
}

static void
gst_dmabuf_upload_init (GstDmabufUpload * self)
{
}
