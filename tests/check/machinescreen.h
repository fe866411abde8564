/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the emulated machine's own display (bochs, virtio) shows, seen from
 * outside: tests/vm/run answers on a port of the machine.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Keeps what the display shows now as a PNG at @path, a path of the host that
 * is relative to the machine's first working directory. FALSE with @error
 * outside the machine, or if it has no such display. One caller at a time. */
gboolean machine_screen_keep (const gchar * path, GError ** error);

G_END_DECLS
