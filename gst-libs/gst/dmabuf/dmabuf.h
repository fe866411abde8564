/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Everything at once, for users of the library. No file of the library or of
 * its plug-ins includes it.
 */
#pragma once

#include <gst/dmabuf/dmabuf-prelude.h>
#include <gst/dmabuf/gstdmabuferror.h>
#include <gst/dmabuf/gstdmabufformat.h>
#include <gst/dmabuf/gstdmabufformatinfo.h>
#include <gst/dmabuf/gstdmabuffence.h>
#include <gst/dmabuf/gstdmabufidentity.h>
#include <gst/dmabuf/gstdmabufformatset.h>
#include <gst/dmabuf/gstdmabufconstraints.h>
#include <gst/dmabuf/gstdmabufvideoinfo.h>
#include <gst/dmabuf/gstdmabufcaps.h>
#include <gst/dmabuf/gstdmabufcapsexplain.h>
#include <gst/dmabuf/gstdmabuflayout.h>
#include <gst/dmabuf/gstdmabuftile.h>
#include <gst/dmabuf/gstdmabufexporter.h>
#include <gst/dmabuf/gstdmabufframe.h>
#include <gst/dmabuf/gstdmabufmappedframe.h>
#include <gst/dmabuf/gstdmabufrelabel.h>
#include <gst/dmabuf/gstdmabufheapexporter.h>
#include <gst/dmabuf/gstdmabufudmabufexporter.h>
#include <gst/dmabuf/gstdmabufdumbexporter.h>
#include <gst/dmabuf/gstdmabufmemfdexporter.h>
#include <gst/dmabuf/gstdmabufimportcache.h>
#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <gst/dmabuf/gstdmabufpool.h>
#include <gst/dmabuf/gstdmabufvideosink.h>
