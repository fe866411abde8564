/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Kernels for 64-bit Arm, whose base has NEON.
 */
#include "gstdmabuftilekernelsetsprivate.h"

#if defined (__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include <string.h>

#include "gstdmabuftilevectortypesprivate.h"

/* There is nothing for single vectors. */
#define STREAM(to, from) memcpy ((to), (from), 16)
#define TARGET
#define NAME(name) neon_##name
#define HAS_BYTE_SHUFFLE 1
#define LINE_BYTES 16
#include "gstdmabuftilespans.h"
#include "gstdmabuftilevector.h"

const GstDmabufTileKernels gst_dmabuf_tile_kernels_neon =
GST_DMABUF_TILE_VECTOR_KERNELS ("neon", neon_, NULL);

#endif
