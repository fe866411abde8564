/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Which exporter to use: spec strings, the environment variable, the automatic
 * order for a consumer, and why each candidate was turned down.
 */
#pragma once

#include "gstdmabufexporter.h"

G_BEGIN_DECLS

/**
 * GST_DMABUF_EXPORTER_ENV:
 *
 * Environment variable with the spec to use where none was given by a property
 * or an argument.
 *
 * Since: 0.1
 */
#define GST_DMABUF_EXPORTER_ENV "GST_DMABUF_EXPORTER"

/**
 * GstDmabufExporterTest:
 * @exporter: a candidate
 * @user_data: (nullable): as given
 * @error: return location for the reason, which must be set on FALSE
 *
 * Tries a candidate: a consumer allocates a frame and imports it into its
 * device. Runs in the thread of the caller, without a lock.
 *
 * Returns: TRUE to take it, FALSE to go on to the next.
 *
 * Since: 0.1
 */
typedef gboolean (*GstDmabufExporterTest) (GstDmabufExporter * exporter,
    gpointer user_data, GError ** error);

/**
 * gst_dmabuf_exporter_new_from_spec:
 * @spec: "heap:NAME", "heap" (the system heap), "heap:cma" (the CMA heap by
 *     whatever name), "udmabuf", "dumb:NODE", "dumb" (the first device that can),
 *     "memfd" (simulated)
 * @error: (nullable): return location for an error
 *
 * Opens the exporter that @spec names.
 *
 * Returns: (transfer full) (nullable): the exporter, or NULL: INVALID if @spec
 * is none of these, else as the exporter's own constructor says. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufExporter *
                gst_dmabuf_exporter_new_from_spec (const gchar    *spec,
                                                   GError        **error);

/**
 * gst_dmabuf_exporter_choose:
 * @spec: (nullable): the only exporter to consider, as in
 *     gst_dmabuf_exporter_new_from_spec(); NULL or "auto": that of the
 *     environment variable #GST_DMABUF_EXPORTER_ENV, and if that is not set
 *     either, the automatic order
 * @set: (nullable): formats that the consumer can take; an exporter that makes
 *     none of them is turned down
 * @constraints: (nullable): what the consumer needs of the memory
 * @error: (nullable): return location for an error
 *
 * Chooses an exporter. The automatic order for a consumer that scans out or
 * needs contiguous memory is: CMA heap, dumb buffers of its device (of any
 * device if it names none), system heap, udmabuf; for everyone else: system
 * heap, udmabuf, CMA heap. The simulated exporter is taken by name only. With a
 * spec there is no second candidate.
 *
 * Returns: (transfer full) (nullable): the exporter, or NULL with UNSUPPORTED
 * (or, with a spec, the code of its failure). The message names each candidate
 * with the reason against it, and what would allow it. Any thread; opens
 * device nodes.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufExporter *
                gst_dmabuf_exporter_choose        (const gchar    *spec,
                                                   const GstDmabufFormatSet *set,
                                                   const GstDmabufConstraints *constraints,
                                                   GError        **error);

/**
 * gst_dmabuf_exporter_choose_tested:
 * @spec: (nullable): as in gst_dmabuf_exporter_choose()
 * @set: (nullable): as in gst_dmabuf_exporter_choose()
 * @constraints: (nullable): as in gst_dmabuf_exporter_choose()
 * @test: (scope call): tries each candidate that is left
 * @user_data: (nullable): for @test
 * @error: (nullable): return location for an error
 *
 * As gst_dmabuf_exporter_choose(), but a candidate is taken only if @test says
 * so, since only the consumer's device knows what it can import.
 *
 * Returns: (transfer full) (nullable): the exporter, or NULL as there.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufExporter *
                gst_dmabuf_exporter_choose_tested (const gchar    *spec,
                                                   const GstDmabufFormatSet *set,
                                                   const GstDmabufConstraints *constraints,
                                                   GstDmabufExporterTest test,
                                                   gpointer        user_data,
                                                   GError        **error);

G_END_DECLS
