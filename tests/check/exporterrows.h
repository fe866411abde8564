/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The exporters that tests go through, the simulated one first.
 */
#pragma once

#include <gst/dmabuf/gstdmabufexporterchoice.h>

#include "dmabuftest.h"

#define SIZE 10000
#define SIZE_IN_PAGES 12288

typedef struct
{
  const gchar *node;            /* NULL: needs none */
  const gchar *spec;
  const gchar *found_spec;      /* or what it starts with */
} Row;

static const Row rows[] = {
  {NULL, "memfd", "memfd"},
  {"/dev/dma_heap/system", "heap:system", "heap:system"},
  {"/dev/dma_heap/default_cma_region", "heap:cma", "heap:default_cma_region"},
  {"/dev/udmabuf", "udmabuf", "udmabuf"},
  {"/dev/dri/card0", "dumb", "dumb:/dev/dri/card"},
};

/* An open exporter, or NULL where the host lacks it. */
static inline GstDmabufExporter *
open_row (const Row * row)
{
  GError *error = NULL;
  GstDmabufExporter *exporter;

  if (row->node && !dmabuf_test_have_device (row->node))
    return NULL;
  exporter = gst_dmabuf_exporter_new_from_spec (row->spec, &error);
  g_assert_no_error (error);
  fail_unless (GST_IS_DMABUF_EXPORTER (exporter));
  return exporter;
}

/* Memory of SIZE bytes, or NULL where the host lacks the exporter. */
static inline GstMemory *
alloc_row (const Row * row)
{
  GstDmabufExporter *exporter = open_row (row);
  GError *error = NULL;
  GstMemory *memory;

  if (exporter == NULL)
    return NULL;
  memory = gst_dmabuf_exporter_alloc (exporter, SIZE, &error);
  g_assert_no_error (error);
  gst_object_unref (exporter);
  return memory;
}
