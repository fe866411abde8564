/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The converter's negotiation: which caps of one side lead to which of the
 * other, and which of those costs least. It knows no buffers.
 */
#pragma once

#include <gst/dmabuf/gstdmabufcaps.h>

#include "dmabufconvertpath.h"

G_BEGIN_DECLS

/* What the other side can have when one side has caps, without those that only
 * size, rate or colours set apart: these pass unchanged.
 *
 * @hint: (nullable): caps that somebody asks about. Formats that cannot be
 *     listed, since their modifier has a free parameter, are found here; without
 *     a hint there are caps of any modifier at the end.
 *
 * The cheapest come first: what passes, in the order of caps, what is
 * relabelled, then what the CPU must touch. Returns: (transfer full). */
GstCaps *dmabuf_convert_transform_caps (const GstCaps * caps,
    const GstCaps * hint, const DmabufConvertRules * rules);

/* Takes out of candidates what costs least beside fixed, and of several the
 * first, and fixes it.
 *
 * @is_input: fixed are upstream's caps
 * @path: (out): the path
 *
 * Returns: (transfer full): fixed caps, or empty ones if nothing fits. */
GstCaps *dmabuf_convert_fixate (const GstCaps * fixed, gboolean is_input,
    const GstCaps * candidates, const DmabufConvertRules * rules,
    DmabufConvertPath * path);

/* The path between fixed caps, whose other fields must be equal. */
DmabufConvertPath dmabuf_convert_caps_get_path (const GstCaps * input,
    const GstCaps * output, const DmabufConvertRules * rules);

G_END_DECLS
