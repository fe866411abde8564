/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The plug-in `dmabuf`: registration, nothing else.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <gst/gst.h>

#include "gstdmabufconvert.h"
#include "gstdmabuftestsrc.h"

static gboolean
plugin_init (GstPlugin * plugin)
{
  /* Rank NONE: nobody shall get one of these without asking for it. */
  return gst_element_register (plugin, "dmabuftestsrc", GST_RANK_NONE,
      GST_TYPE_DMABUF_TEST_SRC)
      && gst_element_register (plugin, "dmabufconvert", GST_RANK_NONE,
      GST_TYPE_DMABUF_CONVERT)
      && gst_element_register (plugin, "dmabufupload", GST_RANK_NONE,
      GST_TYPE_DMABUF_UPLOAD)
      && gst_element_register (plugin, "dmabufdownload", GST_RANK_NONE,
      GST_TYPE_DMABUF_DOWNLOAD);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, dmabuf,
    "Elements that make and convert frames in dma-bufs", plugin_init,
    PACKAGE_VERSION, "LGPL", PACKAGE, PACKAGE_ORIGIN)
