/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What a display did, in words.
 */
#pragma once

#include <gst/gst.h>

/* Prints caps, frames shown and copied, and the exporter of the last frame's
 * memory. FALSE if nothing was shown, or something was copied. */
gboolean sink_report_print (GstElement * display);
