/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The choice of caps: the first candidate for which memory can be had, from an
 * exporter, from downstream's pool, or plain. It knows who is asked in which
 * order; it does not know the element.
 */
#pragma once

#include <gst/gst.h>
#include <gst/dmabuf/gstdmabufexporter.h>

G_BEGIN_DECLS

/* What was chosen. */
typedef struct
{
  GstCaps *caps;                /* fixed */
  GstDmabufExporter *exporter;  /* that made the trial frame; NULL if the
                                   memory is downstream's or plain */
} DmabufTestChoice;

/* Chooses caps for pad, a source pad.
 *
 * @spec: (nullable): the exporter that the user wants; then there is no other
 *     memory. NULL for an automatic choice
 * @legacy: legacy caps may be used, the user says that they are linear
 * @choice: (out): caps and exporter belong to the caller, set on success only
 *
 * Returns: FALSE with INVALID if both sides have nothing in common, FAILED if
 *     there is no memory for what they have in common. The message names both
 *     sides, and each exporter that was tried. */
gboolean dmabuf_test_choose (GstPad * pad, const gchar * spec, gboolean legacy,
    DmabufTestChoice * choice, GError ** error);

G_END_DECLS
