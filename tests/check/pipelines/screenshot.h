/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the emulated machine's own display shows, seen from outside the machine
 * (tests/vm/run).
 */
#pragma once

#include "picture.h"

G_BEGIN_DECLS

/* Fails the test if there is none. Writes a file, for a moment, into the
 * working directory, which host and machine share. (transfer full) */
Picture *screenshot_take (void);

G_END_DECLS
