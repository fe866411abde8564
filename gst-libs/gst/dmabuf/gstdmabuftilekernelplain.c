/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Kernels for any CPU, in plain C. Integers are put together from bytes, so
 * that the order of bytes of the CPU does not matter.
 */
#include "gstdmabuftilekernelsetsprivate.h"

#include <string.h>

#define TARGET
#define NAME(name) plain_##name
#define LINE_BYTES 0
#include "gstdmabuftilespans.h"

static inline void
put_sample (guint8 * linear, guint value)
{
  linear[0] = (guint8) (value << 6);
  linear[1] = (guint8) (value >> 2);
}

static inline guint
get_sample (const guint8 * linear)
{
  return linear[0] >> 6 | (guint) linear[1] << 2;
}

static void
detile_quads (const GstDmabufTileGroups * g)
{
  guint i, r;

  for (i = 0; i < g->n_groups; i++) {
    for (r = 0; r < 4; r++)
      memcpy (g->linear + r * g->linear_stride + (gsize) i * 4,
          g->tiled + (gsize) i * 16 + r * 4, 4);
  }
}

static void
tile_quads (const GstDmabufTileGroups * g)
{
  guint i, r;

  for (i = 0; i < g->n_groups; i++) {
    for (r = 0; r < 4; r++)
      memcpy (g->tiled + (gsize) i * 16 + r * 4,
          g->linear + r * g->linear_stride + (gsize) i * 4, 4);
  }
}

static inline void
unpack_nv15_group (const guint8 * in, guint8 * out)
{
  guint64 bits = in[0] | (guint64) in[1] << 8 | (guint64) in[2] << 16
      | (guint64) in[3] << 24 | (guint64) in[4] << 32;
  guint i;

  for (i = 0; i < 4; i++)
    put_sample (out + i * 2, bits >> (i * 10) & 0x3ff);
}

static inline void
pack_nv15_group (guint8 * out, const guint8 * in)
{
  guint64 bits = 0;
  guint i;

  for (i = 0; i < 4; i++)
    bits |= (guint64) get_sample (in + i * 2) << (i * 10);
  for (i = 0; i < 5; i++)
    out[i] = (guint8) (bits >> (i * 8));
}

void
gst_dmabuf_tile_unpack_nv15 (const GstDmabufTileGroups * g)
{
  guint i;

  for (i = 0; i < g->n_groups; i++)
    unpack_nv15_group (g->tiled + (gsize) i * 5, g->linear + (gsize) i * 8);
}

void
gst_dmabuf_tile_pack_nv15 (const GstDmabufTileGroups * g)
{
  guint i;

  for (i = 0; i < g->n_groups; i++)
    pack_nv15_group (g->tiled + (gsize) i * 5, g->linear + (gsize) i * 8);
}

void
gst_dmabuf_tile_unpack_nv15_quads (const GstDmabufTileGroups * g)
{
  guint i, r;

  for (i = 0; i < g->n_groups; i++) {
    for (r = 0; r < 4; r++)
      unpack_nv15_group (g->tiled + (gsize) i * 20 + r * 5,
          g->linear + r * g->linear_stride + (gsize) i * 8);
  }
}

void
gst_dmabuf_tile_pack_nv15_quads (const GstDmabufTileGroups * g)
{
  guint i, r;

  for (i = 0; i < g->n_groups; i++) {
    for (r = 0; r < 4; r++)
      pack_nv15_group (g->tiled + (gsize) i * 20 + r * 5,
          g->linear + r * g->linear_stride + (gsize) i * 8);
  }
}

void
gst_dmabuf_tile_unpack_p030 (const GstDmabufTileGroups * g)
{
  const guint8 *in = g->tiled;
  guint8 *out = g->linear;
  guint i;

  for (i = 0; i < g->n_groups; i++, in += 4, out += 6) {
    guint32 bits = in[0] | (guint32) in[1] << 8 | (guint32) in[2] << 16
        | (guint32) in[3] << 24;

    put_sample (out, bits & 0x3ff);
    put_sample (out + 2, bits >> 10 & 0x3ff);
    put_sample (out + 4, bits >> 20 & 0x3ff);
  }
}

void
gst_dmabuf_tile_pack_p030 (const GstDmabufTileGroups * g)
{
  const guint8 *in = g->linear;
  guint8 *out = g->tiled;
  guint i;

  for (i = 0; i < g->n_groups; i++, in += 6, out += 4) {
    guint32 bits = get_sample (in) | get_sample (in + 2) << 10
        | get_sample (in + 4) << 20;

    out[0] = (guint8) bits;
    out[1] = (guint8) (bits >> 8);
    out[2] = (guint8) (bits >> 16);
    out[3] = (guint8) (bits >> 24);
  }
}

/* Where the low bits of a sample are in the first 16 bytes of a partition. */
static inline guint
get_low_byte (gboolean raster, guint row, guint column)
{
  return raster ? row * 4 + column / 4 : column;
}

static inline guint
get_low_shift (gboolean raster, guint row, guint column)
{
  return raster ? column % 4 * 2 : row * 2;
}

static inline void
unpack_mt2110 (const GstDmabufTileGroups * g, gboolean raster)
{
  guint i, r, c;

  for (i = 0; i < g->n_groups; i++) {
    const guint8 *low = g->tiled + i * g->tiled_step, *high = low + 16;

    for (r = 0; r < 4; r++) {
      guint8 *out = g->linear + r * g->linear_stride + (gsize) i * 32;

      for (c = 0; c < 16; c++)
        put_sample (out + c * 2, (guint) high[r * 16 + c] << 2
            | (low[get_low_byte (raster, r, c)]
                >> get_low_shift (raster, r, c) & 3));
    }
  }
}

static inline void
pack_mt2110 (const GstDmabufTileGroups * g, gboolean raster)
{
  guint i, r, c;

  for (i = 0; i < g->n_groups; i++) {
    guint8 *low = g->tiled + i * g->tiled_step, *high = low + 16;

    memset (low, 0, 16);
    for (r = 0; r < 4; r++) {
      const guint8 *in = g->linear + r * g->linear_stride + (gsize) i * 32;

      for (c = 0; c < 16; c++) {
        guint value = get_sample (in + c * 2);

        high[r * 16 + c] = (guint8) (value >> 2);
        low[get_low_byte (raster, r, c)] |=
            (guint8) ((value & 3) << get_low_shift (raster, r, c));
      }
    }
  }
}

static void
unpack_mt2110t (const GstDmabufTileGroups * g)
{
  unpack_mt2110 (g, FALSE);
}

static void
pack_mt2110t (const GstDmabufTileGroups * g)
{
  pack_mt2110 (g, FALSE);
}

static void
unpack_mt2110r (const GstDmabufTileGroups * g)
{
  unpack_mt2110 (g, TRUE);
}

static void
pack_mt2110r (const GstDmabufTileGroups * g)
{
  pack_mt2110 (g, TRUE);
}

const GstDmabufTileKernels gst_dmabuf_tile_kernels_plain = {
  "plain",
  GST_DMABUF_TILE_SPANS (plain_),
  {detile_quads, tile_quads},
  {gst_dmabuf_tile_unpack_nv15, gst_dmabuf_tile_pack_nv15},
  {gst_dmabuf_tile_unpack_nv15_quads, gst_dmabuf_tile_pack_nv15_quads},
  {gst_dmabuf_tile_unpack_p030, gst_dmabuf_tile_pack_p030},
  {unpack_mt2110t, pack_mt2110t},
  {unpack_mt2110r, pack_mt2110r},
  NULL,
};
