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

/* Those, and the functions of gstdmabuftilevector.h. */
#define GST_DMABUF_TILE_VECTOR_KERNELS(name, prefix, finish) { \
  name, \
  GST_DMABUF_TILE_SPANS (prefix), \
  {prefix##detile_quads, prefix##tile_quads}, \
  {prefix##unpack_nv15, prefix##pack_nv15}, \
  {prefix##unpack_nv15_quads, prefix##pack_nv15_quads}, \
  {prefix##unpack_p030, prefix##pack_p030}, \
  {prefix##unpack_mt2110t, prefix##pack_mt2110t}, \
  {prefix##unpack_mt2110r, prefix##pack_mt2110r}, \
  finish, \
}

extern const GstDmabufTileKernels gst_dmabuf_tile_kernels_plain;
extern const GstDmabufTileKernels gst_dmabuf_tile_kernels_sse2;
extern const GstDmabufTileKernels gst_dmabuf_tile_kernels_ssse3;
extern const GstDmabufTileKernels gst_dmabuf_tile_kernels_avx2;
extern const GstDmabufTileKernels gst_dmabuf_tile_kernels_avx512;
extern const GstDmabufTileKernels gst_dmabuf_tile_kernels_neon;

/* Plain kernels for sets that have no better ones. */
void gst_dmabuf_tile_unpack_nv15       (const GstDmabufTileGroups *groups);
void gst_dmabuf_tile_pack_nv15         (const GstDmabufTileGroups *groups);
void gst_dmabuf_tile_unpack_nv15_quads (const GstDmabufTileGroups *groups);
void gst_dmabuf_tile_pack_nv15_quads   (const GstDmabufTileGroups *groups);
void gst_dmabuf_tile_unpack_p030       (const GstDmabufTileGroups *groups);
void gst_dmabuf_tile_pack_p030         (const GstDmabufTileGroups *groups);

G_END_DECLS
