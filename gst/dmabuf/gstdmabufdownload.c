/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The element dmabufdownload: a dmabufconvert that gives plain video/x-raw only.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufconvertprivate.h"

typedef struct
{
  GstDmabufConvert parent;
} GstDmabufDownload;

typedef GstDmabufConvertClass GstDmabufDownloadClass;

G_DEFINE_TYPE (GstDmabufDownload, gst_dmabuf_download, GST_TYPE_DMABUF_CONVERT);

static void
gst_dmabuf_download_class_init (GstDmabufDownloadClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  gst_dmabuf_convert_add_template (element_class, GST_PAD_SRC, FALSE, TRUE);
  gst_element_class_set_static_metadata (element_class,
      "DMA-BUF downloader", "Filter/Converter/Video",
      "Gives frames as plain video/x-raw, with the least work",
      "the gst-plugins-dmabuf authors");
}

static void
gst_dmabuf_download_init (GstDmabufDownload * self)
{
}
