/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Address formulas, each after the document or the source that is named with
 * it, written out anew.
 */
#include "tileoracle.h"

#include <string.h>

/* Tiles of w x h bytes row after row, bytes in rows inside. */
static gsize
plain_tiles (const TileOraclePlane * p, guint w, guint h, guint x, guint y)
{
  gsize tile = (gsize) (y / h) * (p->stride / w) + x / w;

  return tile * w * h + y % h * w + x % w;
}

/* Linux, pixfmt-yuv-planar.rst, "Tiled NV12": 4x4 bytes in both planes. */
static gsize
tiles_4x4 (const TileOraclePlane * p, guint x, guint y)
{
  return plain_tiles (p, 4, 4, x, y);
}

/* drm_fourcc.h: 4x4 pixels. */
static gsize
vivante_rgb (const TileOraclePlane * p, guint x, guint y)
{
  return plain_tiles (p, 4 * p->pixel_bytes, 4, x, y);
}

/* drm_fourcc.h: 64x64 pixels, of 8x4 groups of 2x4 tiles of 4x4 pixels. */
static gsize
vivante_super (const TileOraclePlane * p, guint x, guint y)
{
  guint cpp = p->pixel_bytes, px = x / cpp % 64, py = y % 64;
  gsize super = (gsize) (y / 64) * (p->stride / (64 * cpp)) + x / cpp / 64;
  gsize group = py / 16 * 8 + px / 8;
  gsize tile = py % 16 / 4 * 2 + px % 8 / 4;
  gsize pixel = py % 4 * 4 + px % 4;

  return ((super * 32 + group) * 8 + tile) * 16 * cpp + pixel * cpp + x % cpp;
}

/* pixfmt-yuv-planar.rst and its nv12mt.svg: 64x32 tiles in groups of 2x2, one
 * in Z order, the next one in mirrored Z order; a single last row in rows. */
static gsize
samsung_64x32 (const TileOraclePlane * p, guint x, guint y)
{
  guint columns = p->stride / 64, rows = (p->n_rows + 31) / 32;
  guint tx = x / 64, ty = y / 32;
  gsize tile;

  if (ty == rows - 1 && rows % 2 == 1) {
    tile = (gsize) columns *ty + tx;
  } else {
    guint above = ty % 2 == 0 ? 0 : 1;
    guint group = tx / 2;

    if (group % 2 == 1)
      above = !above;
    tile = (gsize) (ty / 2) * 2 * columns + group * 4 + above * 2 + tx % 2;
  }
  return tile * 64 * 32 + y % 32 * 64 + x % 64;
}

static gsize
tiles_16x16 (const TileOraclePlane * p, guint x, guint y)
{
  return plain_tiles (p, 16, 16, x, y);
}

/* pixfmt-yuv-planar.rst: luma 16x32, chroma 16x16. */
static gsize
mm21 (const TileOraclePlane * p, guint x, guint y)
{
  return plain_tiles (p, 16, p->index == 0 ? 32 : 16, x, y);
}

static gsize
tiles_32x32 (const TileOraclePlane * p, guint x, guint y)
{
  return plain_tiles (p, 32, 32, x, y);
}

/* drm_fourcc.h: rows of 512 bytes, 8 of them. */
static gsize
intel_x (const TileOraclePlane * p, guint x, guint y)
{
  return plain_tiles (p, 512, 8, x, y);
}

/* drm_fourcc.h: columns of 16 bytes x 32 rows, 8 of them. */
static gsize
intel_y (const TileOraclePlane * p, guint x, guint y)
{
  gsize tile = (gsize) (y / 32) * (p->stride / 128) + x / 128;

  return tile * 4096 + x % 128 / 16 * 512 + y % 32 * 16 + x % 16;
}

/* The places of the 64-byte cells of a row of cells of igt's lib/igt_draw.c;
 * further rows go on in the same manner. */
static gsize
intel_4 (const TileOraclePlane * p, guint x, guint y)
{
  static const guint cells[8][8] = {
    {0, 1, 2, 3, 8, 9, 10, 11},
    {4, 5, 6, 7, 12, 13, 14, 15},
    {16, 17, 18, 19, 24, 25, 26, 27},
    {20, 21, 22, 23, 28, 29, 30, 31},
    {32, 33, 34, 35, 40, 41, 42, 43},
    {36, 37, 38, 39, 44, 45, 46, 47},
    {48, 49, 50, 51, 56, 57, 58, 59},
    {52, 53, 54, 55, 60, 61, 62, 63},
  };
  gsize tile = (gsize) (y / 32) * (p->stride / 128) + x / 128;

  return tile * 4096 + cells[y % 32 / 4][x % 128 / 16] * 64 + y % 4 * 16
      + x % 16;
}

/* drm_fourcc.h: columns; the height is in bits 8 and up of the modifier. */
static guint64
get_sand_height (const TileOraclePlane * p)
{
  GstDmabufFormat format;

  gst_dmabuf_format_parse (p->oracle->name, &format, NULL);
  return (format.modifier >> 8) & 0xffff;
}

static gsize
sand (const TileOraclePlane * p, guint width, guint x, guint y)
{
  return x / width * get_sand_height (p) * width + (gsize) width *y + x % width;
}

static gsize
sand32 (const TileOraclePlane * p, guint x, guint y)
{
  return sand (p, 32, x, y);
}

static gsize
sand64 (const TileOraclePlane * p, guint x, guint y)
{
  return sand (p, 64, x, y);
}

static gsize
sand128 (const TileOraclePlane * p, guint x, guint y)
{
  return sand (p, 128, x, y);
}

static gsize
sand256 (const TileOraclePlane * p, guint x, guint y)
{
  return sand (p, 256, x, y);
}

/* drm_fourcc.h, with the origin at the top left: 4 KiB tiles of 2x2 subtiles of
 * 4x4 utiles of 4 rows of 16 bytes. */
static gsize
vc4_t (const TileOraclePlane * p, guint x, guint y)
{
  static const guint even[2][2] = { {0, 3}, {1, 2} };
  static const guint odd[2][2] = { {2, 1}, {3, 0} };
  guint columns = p->stride / 128, tx = x / 128, ty = y / 32;
  guint sx = x % 128 / 64, sy = y % 32 / 16, subtile, utile;

  subtile = ty % 2 ? odd[sy][sx] : even[sy][sx];
  if (ty % 2)
    tx = columns - 1 - tx;
  utile = y % 16 / 4 * 4 + x % 64 / 16;
  return ((gsize) ty * columns + tx) * 4096 + subtile * 1024 + utile * 64
      + y % 4 * 16 + x % 16;
}

/* Mesa, src/panfrost/shared/pan_tiling.c: bits y3, x3^y3, y2, x2^y2 … of the
 * index of a pixel. */
static gsize
arm_u_interleaved (const TileOraclePlane * p, guint x, guint y)
{
  guint cpp = p->pixel_bytes, px = x / cpp % 16, py = y % 16, i;
  gsize block = (gsize) (y / 16) * (p->stride / (16 * cpp)) + x / cpp / 16;
  gsize pixel = 0;

  for (i = 0; i < 4; i++) {
    guint bit_x = px >> i & 1, bit_y = py >> i & 1;

    pixel += (gsize) (bit_x != bit_y) << (2 * i);
    pixel += (gsize) bit_y << (2 * i + 1);
  }
  return (block * 256 + pixel) * cpp + x % cpp;
}

static gsize
nvidia (const TileOraclePlane * p, guint gobs, gsize in_gob, guint x, guint y)
{
  guint block_rows = 8 * gobs;
  gsize block = (gsize) (y / block_rows) * (p->stride / 64) + x / 64;

  return (block * gobs + y % block_rows / 8) * 512 + in_gob;
}

/* Tegra X1 Technical Reference Manual, chapter 20, "Block Linear". */
static gsize
nvidia_tegra_h2 (const TileOraclePlane * p, guint x, guint y)
{
  gsize in_gob = x % 64 / 32 * 256 + y % 8 / 2 * 64 + x % 32 / 16 * 32
      + y % 2 * 16 + x % 16;

  return nvidia (p, 4, in_gob, x, y);
}

/* Mesa, src/nouveau/nil/copy.rs, the order of its 16-byte copies. */
static gsize
nvidia_turing (const TileOraclePlane * p, guint gobs, guint x, guint y)
{
  gsize in_gob = x % 64 / 32 * 256 + y % 8 / 4 * 128 + x % 32 / 16 * 64
      + y % 4 * 16 + x % 16;

  return nvidia (p, gobs, in_gob, x, y);
}

static gsize
nvidia_turing_h0 (const TileOraclePlane * p, guint x, guint y)
{
  return nvidia_turing (p, 1, x, y);
}

static gsize
nvidia_turing_h4 (const TileOraclePlane * p, guint x, guint y)
{
  return nvidia_turing (p, 16, x, y);
}

static gsize
nvidia_turing_h5 (const TileOraclePlane * p, guint x, guint y)
{
  return nvidia_turing (p, 32, x, y);
}

/* Which bit of which coordinate, in pixels, each bit of an address is; a row
 * for each size of a pixel. */
#define X(i) (0x100 | (i))
#define Y(i) (0x200 | (i))

static gsize
by_pattern (const TileOraclePlane * p, const guint * pattern, guint n,
    guint x, guint y)
{
  guint cpp = p->pixel_bytes, n_x = 0, n_y = 0, i;
  guint px = x / cpp, width, height;
  gsize address = x % cpp, block;

  for (i = 0; i < n; i++) {
    n_x += (pattern[i] & 0x100) != 0;
    n_y += (pattern[i] & 0x200) != 0;
  }
  width = 1u << n_x;
  height = 1u << n_y;
  for (i = 0; i < n; i++) {
    if (pattern[i] & 0x100)
      address |= (gsize) ((px % width) >> (pattern[i] & 0xff) & 1) << i;
    else if (pattern[i] & 0x200)
      address |= (gsize) ((y % height) >> (pattern[i] & 0xff) & 1) << i;
  }
  block = (gsize) (y / height) * (p->stride / (width * cpp)) + px / width;
  return (block << n) + address;
}

static guint
log2_of (guint value)
{
  return value == 1 ? 0 : value == 2 ? 1 : value == 4 ? 2 : 3;
}

/* igt, lib/igt_amd.c, sw_64k_s. */
static gsize
amd_64k_s (const TileOraclePlane * p, guint x, guint y)
{
  static const guint patterns[4][16] = {
    {X (0), X (1), X (2), X (3), Y (0), Y (1), Y (2), Y (3),
        Y (4), X (4), Y (5), X (5), Y (6), X (6), Y (7), X (7)},
    {0, X (0), X (1), X (2), Y (0), Y (1), Y (2), X (3),
        Y (3), X (4), Y (4), X (5), Y (5), X (6), Y (6), X (7)},
    {0, 0, X (0), X (1), Y (0), Y (1), Y (2), X (2),
        Y (3), X (3), Y (4), X (4), Y (5), X (5), Y (6), X (6)},
    {0, 0, 0, X (0), Y (0), Y (1), X (1), X (2),
        Y (2), X (3), Y (3), X (4), Y (4), X (5), Y (5), X (6)},
  };

  return by_pattern (p, patterns[log2_of (p->pixel_bytes)], 16, x, y);
}

/* AMD addrlib, gfx12SwizzlePattern.h, the patterns without multisampling. */
static gsize
amd_gfx12 (const TileOraclePlane * p, guint n, guint x, guint y)
{
  static const guint patterns[4][18] = {
    {X (0), X (1), Y (0), X (2), Y (1), Y (2), X (3), Y (3), Y (4), X (4),
        Y (5), X (5), Y (6), X (6), Y (7), X (7), Y (8), X (8)},
    {0, X (0), Y (0), X (1), Y (1), X (2), Y (2), X (3), Y (3), X (4), Y (4),
        X (5), Y (5), X (6), Y (6), X (7), Y (7), X (8)},
    {0, 0, X (0), Y (0), X (1), Y (1), X (2), Y (2), Y (3), X (3), Y (4),
        X (4), Y (5), X (5), Y (6), X (6), Y (7), X (7)},
    {0, 0, 0, X (0), Y (0), X (1), X (2), Y (1), Y (2), X (3), Y (3), X (4),
        Y (4), X (5), Y (5), X (6), Y (6), X (7)},
  };

  return by_pattern (p, patterns[log2_of (p->pixel_bytes)], n, x, y);
}

static gsize
amd_gfx12_256b (const TileOraclePlane * p, guint x, guint y)
{
  return amd_gfx12 (p, 8, x, y);
}

static gsize
amd_gfx12_4k (const TileOraclePlane * p, guint x, guint y)
{
  return amd_gfx12 (p, 12, x, y);
}

static gsize
amd_gfx12_64k (const TileOraclePlane * p, guint x, guint y)
{
  return amd_gfx12 (p, 16, x, y);
}

static gsize
amd_gfx12_256k (const TileOraclePlane * p, guint x, guint y)
{
  return amd_gfx12 (p, 18, x, y);
}

/* Bit @bit of a little-endian sequence of bits that begins at @base. */
static void
at_bit (gsize base, guint bit, gsize * low_byte, guint * low_shift,
    guint * n_low, gsize * high_byte)
{
  *low_byte = base + bit / 8;
  *low_shift = bit % 8;
  *n_low = MIN (10, 8 - bit % 8);
  *high_byte = *low_byte + 1;
}

/* drm_fourcc.h: 4 samples are 40 bits, the first one lowest. */
static void
nv15 (const TileOraclePlane * p, guint x, guint y, gsize * low_byte,
    guint * low_shift, guint * n_low, gsize * high_byte)
{
  at_bit ((gsize) y * p->stride + x / 4 * 5, x % 4 * 10, low_byte, low_shift,
      n_low, high_byte);
}

/* pixfmt-yuv-planar.rst, NV15_4L4: tiles of 4x4 samples of that kind. */
static void
nv15_4x4 (const TileOraclePlane * p, guint x, guint y, gsize * low_byte,
    guint * low_shift, guint * n_low, gsize * high_byte)
{
  gsize tile = (gsize) (y / 4) * (p->stride / 5) + x / 4;

  at_bit (tile * 20 + y % 4 * 5, x % 4 * 10, low_byte, low_shift, n_low,
      high_byte);
}

/* drm_fourcc.h: 3 samples are the low 30 bits of 32. */
static void
p030 (const TileOraclePlane * p, guint x, guint y, gsize * low_byte,
    guint * low_shift, guint * n_low, gsize * high_byte)
{
  at_bit ((gsize) y * p->stride + x / 3 * 4, x % 3 * 10, low_byte, low_shift,
      n_low, high_byte);
}

/* drm_fourcc.h: 96 samples are the 128 bytes of a row of a column. */
static void
p030_sand128 (const TileOraclePlane * p, guint x, guint y, gsize * low_byte,
    guint * low_shift, guint * n_low, gsize * high_byte)
{
  at_bit (sand (p, 128, x / 3 * 4, y), x % 3 * 10, low_byte, low_shift, n_low,
      high_byte);
}

/* pixfmt-yuv-planar.rst, "Mediatek 10bit Tiled": 16x4 samples are 16 bytes of
 * low bits and 64 bytes of high bits; 8 of them (chroma: 4) are a tile. */
static gsize
get_partition (const TileOraclePlane * p, guint x, guint y)
{
  guint rows = p->index == 0 ? 32 : 16;
  gsize tile = (gsize) (y / rows) * (p->stride / 20) + x / 16;

  return tile * rows * 20 + y % rows / 4 * 80;
}

static void
mt2110t (const TileOraclePlane * p, guint x, guint y, gsize * low_byte,
    guint * low_shift, guint * n_low, gsize * high_byte)
{
  gsize partition = get_partition (p, x, y);

  *low_byte = partition + x % 16;
  *low_shift = y % 4 * 2;
  *n_low = 2;
  *high_byte = partition + 16 + y % 4 * 16 + x % 16;
}

static void
mt2110r (const TileOraclePlane * p, guint x, guint y, gsize * low_byte,
    guint * low_shift, guint * n_low, gsize * high_byte)
{
  gsize partition = get_partition (p, x, y);

  *low_byte = partition + y % 4 * 4 + x % 16 / 4;
  *low_shift = x % 4 * 2;
  *n_low = 2;
  *high_byte = partition + 16 + y % 4 * 16 + x % 16;
}

/* *INDENT-OFF* */
const TileOracle tile_oracles[] = {
  {"NV12:0x0600000000000001", 8, 8, TRUE, tiles_4x4, NULL},
  {"NV15:0x0600000000000001", 8, 8, TRUE, NULL, nv15_4x4},
  {"XR24:0x0600000000000001", 4, 4, TRUE, vivante_rgb, NULL},
  {"RG16:0x0600000000000001", 4, 4, TRUE, vivante_rgb, NULL},
  {"NV12:0x0400000000000001", 128, 64, TRUE, samsung_64x32, NULL},
  {"NV12:0x0400000000000002", 16, 32, TRUE, tiles_16x16, NULL},
  {"NV12:0x0b00000000000001", 16, 32, TRUE, mm21, NULL},
  {"NV15:0x0b00000000010001", 16, 32, TRUE, NULL, mt2110t},
  {"NV15:0x0b00000000020001", 16, 32, TRUE, NULL, mt2110r},
  /* 1660 rows: 1088 of luma, 544 of chroma, and a few. */
  {"NV12:0x0700000000067c04", 128, 16, TRUE, sand128, NULL},
  {"P030:0x0700000000067c04", 96, 16, TRUE, NULL, p030_sand128},
  {"NV12:0x0900000000000001", 32, 64, TRUE, tiles_32x32, NULL},
  {"XR24:0x0100000000000001", 128, 8, TRUE, intel_x, NULL},
  {"NV12:0x0100000000000001", 512, 16, TRUE, intel_x, NULL},
  {"XR24:0x0100000000000002", 32, 32, TRUE, intel_y, NULL},
  {"P010:0x0100000000000002", 64, 64, TRUE, intel_y, NULL},
  {"YUYV:0x0100000000000002", 64, 32, TRUE, intel_y, NULL},
  {"XR24:0x0100000000000009", 32, 32, TRUE, intel_4, NULL},
  {"NV12:0x0100000000000009", 128, 64, TRUE, intel_4, NULL},
  {"NV15", 4, 2, TRUE, NULL, nv15},
  {"P030", 6, 2, TRUE, NULL, p030},

  {"NV12:0x0700000000067c02", 32, 16, FALSE, sand32, NULL},
  {"NV12:0x0700000000067c03", 64, 16, FALSE, sand64, NULL},
  {"NV12:0x0700000000067c05", 256, 16, FALSE, sand256, NULL},
  {"XR24:0x0600000000000002", 64, 64, FALSE, vivante_super, NULL},
  {"RG16:0x0600000000000002", 64, 64, FALSE, vivante_super, NULL},
  {"AR24:0x0810000000000001", 16, 16, FALSE, arm_u_interleaved, NULL},
  {"RG16:0x0810000000000001", 16, 16, FALSE, arm_u_interleaved, NULL},
  {"XR24:0x0700000000000001", 32, 64, FALSE, vc4_t, NULL},
  {"RG16:0x0700000000000001", 64, 64, FALSE, vc4_t, NULL},
  {"XR24:0x03000000000fe012", 16, 32, FALSE, nvidia_tegra_h2, NULL},
  {"R8:0x03000000004fe014", 64, 128, FALSE, nvidia_turing_h4, NULL},
  {"XR24:0x0300000000606010", 16, 8, FALSE, nvidia_turing_h0, NULL},
  {"NV12:0x0300000000606014", 64, 256, FALSE, nvidia_turing_h4, NULL},
  {"GR88:0x0300000000606015", 32, 256, FALSE, nvidia_turing_h5, NULL},
  {"XR24:0x0200000000000901", 128, 128, FALSE, amd_64k_s, NULL},
  {"R8:0x0200000000000901", 256, 256, FALSE, amd_64k_s, NULL},
  {"RG16:0x0200000000000901", 256, 128, FALSE, amd_64k_s, NULL},
  {"AB4H:0x0200000000000901", 128, 64, FALSE, amd_64k_s, NULL},
  {"RG16:0x0200000000000a01", 256, 128, FALSE, amd_64k_s, NULL},
  {"XR24:0x0200000000000a02", 128, 128, FALSE, amd_64k_s, NULL},
  {"AB4H:0x0200000000000a04", 128, 64, FALSE, amd_64k_s, NULL},
  {"XR24:0x0200000000000105", 8, 8, FALSE, amd_gfx12_256b, NULL},
  {"R8:0x0200000000000105", 16, 16, FALSE, amd_gfx12_256b, NULL},
  {"XR24:0x0200000000000205", 32, 32, FALSE, amd_gfx12_4k, NULL},
  {"R8:0x0200000000000305", 256, 256, FALSE, amd_gfx12_64k, NULL},
  {"RG16:0x0200000000000305", 256, 128, FALSE, amd_gfx12_64k, NULL},
  {"XR24:0x0200000000000305", 128, 128, FALSE, amd_gfx12_64k, NULL},
  {"AB4H:0x0200000000000305", 128, 64, FALSE, amd_gfx12_64k, NULL},
  {"R8:0x0200000000000405", 512, 512, FALSE, amd_gfx12_256k, NULL},
  {"RG16:0x0200000000000405", 512, 256, FALSE, amd_gfx12_256k, NULL},
  {"XR24:0x0200000000000405", 256, 256, FALSE, amd_gfx12_256k, NULL},
  {"AB4H:0x0200000000000405", 256, 128, FALSE, amd_gfx12_256k, NULL},
};
/* *INDENT-ON* */

const guint n_tile_oracles = G_N_ELEMENTS (tile_oracles);

const TileOracle *
tile_oracle_find (const gchar * name)
{
  guint i;

  for (i = 0; i < n_tile_oracles; i++) {
    if (strcmp (tile_oracles[i].name, name) == 0)
      return &tile_oracles[i];
  }
  return NULL;
}
