/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A converter between fixed caps, for tests on simulated memory.
 */
#pragma once

#include "dmabuftest.h"

#include <gst/allocators/gstdmabuf.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <gst/dmabuf/gstdmabufmappedframe.h>
#include <gst/dmabuf/gstdmabufpool.h>

#define EXPLICIT "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format="
#define LEGACY "video/x-raw(memory:DMABuf),format="
#define SYSTEM "video/x-raw,format="
#define SIZE ",width=66,height=50,framerate=25/1"

static inline GstHarness *
make_harness (const gchar * launch, const gchar * in, const gchar * out)
{
  GstHarness *h = gst_harness_new_parse (launch);
  gchar *text = g_strconcat (out, SIZE, NULL);

  gst_harness_set_sink_caps_str (h, text);
  g_free (text);
  text = g_strconcat (in, SIZE, NULL);
  gst_harness_set_src_caps_str (h, text);
  g_free (text);
  return h;
}

static inline GstDmabufExporter *
open_memfd (void)
{
  GstDmabufExporter *exporter =
      gst_dmabuf_exporter_new_from_spec ("memfd", NULL);

  fail_unless (exporter != NULL);
  return exporter;
}
