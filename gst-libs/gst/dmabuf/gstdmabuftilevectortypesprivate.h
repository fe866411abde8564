/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Vectors of 16 bytes, seen as numbers of different size, and of two and four
 * times as many.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef guint8 Bytes __attribute__ ((vector_size (16)));
typedef guint16 Halves __attribute__ ((vector_size (16)));
typedef guint32 Words __attribute__ ((vector_size (16)));
typedef guint64 Longs __attribute__ ((vector_size (16)));
typedef guint64 Longs2 __attribute__ ((vector_size (32)));
typedef guint64 Longs4 __attribute__ ((vector_size (64)));

G_END_DECLS
