/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the source offers, and which ways of a frame are left when downstream
 * has answered: candidates in downstream's order, each tried on an exporter. It
 * knows caps and formats; it knows neither pools nor the element.
 */
#pragma once

#include <gst/dmabuf/gstdmabufcaps.h>
#include <gst/dmabuf/gstdmabufexporterchoice.h>

G_BEGIN_DECLS

/* One way to agree with downstream. Everything is decided but the format. */
typedef struct
{
  GstDmabufDialect dialect;
  GstCaps *caps;                /* one structure, fixed but for its format */
  GstDmabufFormatSet *set;      /* in downstream's order, not empty, nothing
                                   implicit */
  guint width, height;          /* pixels */
} DmabufTestCandidate;

/* Caps of everything that can be painted, in all dialects that may be used:
 * explicit, system, and with legacy (the user says that legacy memory is
 * linear) legacy caps between them. Linear formats come before tiled ones. Of
 * modifiers with a parameter, only those of asked (nullable) are there.
 * Returns: (transfer full). */
GstCaps *dmabuf_test_offer_new (gboolean legacy, const GstCaps * asked);

/* Explicit caps without a format: more than offers can list. Returns: (transfer
 * full). */
GstCaps *dmabuf_test_any_modifier_new (void);

/* What is left of peer, the caps that downstream takes, in its order.
 * Returns: (transfer container) (element-type DmabufTestCandidate): perhaps
 * empty; frees its elements. */
GPtrArray *dmabuf_test_candidates_new (const GstCaps * peer, gboolean legacy);

/* Allocates one frame from the whole set of a candidate.
 *
 * @spec: (nullable): the exporter that the user wants, NULL for an automatic
 *     choice
 * @format: (out): what came out of the exporter, set on success only
 *
 * Returns: (transfer full) (nullable): the exporter that could; NULL with
 *     @error naming each one and why not. */
GstDmabufExporter *dmabuf_test_candidate_try (
    const DmabufTestCandidate * candidate, const gchar * spec,
    GstDmabufFormat * format, GError ** error);

/* Fixed caps of a candidate for a (linear) format of its set, colorimetry
 * included. Returns: (transfer full). */
GstCaps *dmabuf_test_candidate_fix (const DmabufTestCandidate * candidate,
    const GstDmabufFormat * format);

/* Why there are no caps, in words, both sides named.
 *
 * @memory: (nullable): why there is no memory, if there was a candidate
 *
 * Returns: (transfer full). */
gchar *dmabuf_test_explain_failure (const GstCaps * peer, gboolean legacy,
    const GError * memory);

G_END_DECLS
