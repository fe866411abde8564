/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The sets of kernels that exist, for the one file that chooses among them.
 */
#pragma once

#include "gstdmabuftilekernelprivate.h"

G_BEGIN_DECLS

/* The functions of gstdmabuftilespans.h. */
#define GST_DMABUF_TILE_SPANS(prefix) \
  {{prefix##detile_1, prefix##detile_2, prefix##detile_4, prefix##detile_8, \
          prefix##detile_16, prefix##detile_32, prefix##detile_64}, \
      {prefix##tile_1, prefix##tile_2, prefix##tile_4, prefix##tile_8, \
          prefix##tile_16, prefix##tile_32, prefix##tile_64}}

extern const GstDmabufTileKernels gst_dmabuf_tile_kernels_plain;

G_END_DECLS
