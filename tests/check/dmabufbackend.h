/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * For tests that run on each kind of memory in turn: memfd everywhere, heap and
 * udmabuf where the machine has them (and it must, where devices are required).
 */
#pragma once

#include "dmabuftest.h"

#include <gst/dmabuf/gstdmabufheapexporter.h>
#include <gst/dmabuf/gstdmabufmemfdexporter.h>
#include <gst/dmabuf/gstdmabufudmabufexporter.h>

enum
{
  BACKEND_MEMFD,
  BACKEND_HEAP,
  BACKEND_UDMABUF,
  N_BACKENDS,
};

/* NULL if the machine does not have it: the test returns. */
static inline GstDmabufExporter *
dmabuf_backend_open (gint backend)
{
  GstDmabufExporter *exporter = NULL;
  GError *error = NULL;

  switch (backend) {
    case BACKEND_MEMFD:
      exporter = gst_dmabuf_memfd_exporter_new ();
      break;
    case BACKEND_HEAP:
      if (!dmabuf_test_have_device ("/dev/dma_heap/system"))
        return NULL;
      exporter = gst_dmabuf_heap_exporter_new ("system", &error);
      break;
    case BACKEND_UDMABUF:
      if (!dmabuf_test_have_device ("/dev/udmabuf"))
        return NULL;
      exporter = gst_dmabuf_udmabuf_exporter_new (&error);
      break;
  }
  fail_unless (exporter != NULL, "%s", error ? error->message : "");
  return exporter;
}

static inline GstMemory *
dmabuf_backend_alloc (GstDmabufExporter * exporter, gsize size)
{
  GError *error = NULL;
  GstMemory *memory = gst_dmabuf_exporter_alloc (exporter, size, &error);

  fail_unless (memory != NULL, "%s", error ? error->message : "");
  return memory;
}
