/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Registration of the KMS plug-in's element, and nothing else.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufkmssink.h"

static gboolean
plugin_init (GstPlugin * plugin)
{
  return GST_ELEMENT_REGISTER (dmabufkmssink, plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, dmabufkms,
    "Shows dma-bufs on a display through atomic KMS", plugin_init,
    PACKAGE_VERSION, "LGPL", PACKAGE, PACKAGE_ORIGIN)
