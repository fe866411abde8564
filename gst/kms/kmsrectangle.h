/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A rectangle as an element's property: an array of four numbers. It knows no
 * display.
 */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/* The specification of such a property. (transfer floating) */
GParamSpec *kms_rectangle_param_spec (const gchar * name, const gchar * nick,
    const gchar * blurb, GParamFlags flags);

/* Takes over <x, y, width, height>, or nothing at all for an empty array. What
 * makes no sense is a warning of GLib's, and @rectangle is left alone. */
void kms_rectangle_from_value (GstVideoRectangle * rectangle,
    const GValue * value);

void kms_rectangle_to_value (const GstVideoRectangle * rectangle,
    GValue * value);

G_END_DECLS
