/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The oracle itself, against addresses that were worked out by hand from the
 * documents that are named with them.
 */
#include "dmabuftest.h"

#include "tileoracle.h"

/* "rst" is Documentation/userspace-api/media/v4l/pixfmt-yuv-planar.rst. */
static const struct
{
  const gchar *name;
  guint plane, stride, n_rows, pixel_bytes;
  guint x, y;                   /* x in bytes */
  gsize address;
  const gchar *source;
} addresses[] = {
  {"NV12:0x0600000000000001", 0, 16, 8, 1, 5, 6, 89,
      "rst, NV12_4L4: tile 5, byte 9"},
  {"NV12:0x0600000000000001", 1, 16, 8, 2, 5, 6, 89,
      "rst, NV12_4L4: chroma has the layout of luma"},
  {"XR24:0x0600000000000001", 0, 32, 8, 4, 16, 1, 80,
      "drm_fourcc.h: tile 1, second row of 4 pixels"},
  {"NV12:0x0400000000000001", 0, 512, 64, 1, 128, 0, 6 * 2048,
      "rst, nv12mt: first row of tiles is 0 1 6 7 8 9 14 15"},
  {"NV12:0x0400000000000001", 0, 512, 64, 1, 256, 32, 10 * 2048,
      "rst, nv12mt: second row is 2 3 4 5 10 11 12 13"},
  {"NV12:0x0400000000000001", 0, 512, 64, 1, 511, 63, 13 * 2048 + 2047,
      "the same: last byte of tile 13"},
  {"NV12:0x0400000000000001", 0, 512, 70, 1, 192, 64, 19 * 2048,
      "rst, nv12mt: an odd last row is in raster order"},
  {"NV12:0x0400000000000002", 1, 32, 16, 2, 17, 3, 256 + 49,
      "rst, NV12_16L16: chroma is 16x16 bytes"},
  {"NV12:0x0b00000000000001", 0, 32, 64, 1, 17, 33, 3 * 512 + 17,
      "rst, MM21: luma tiles of 16x32"},
  {"NV12:0x0b00000000000001", 1, 32, 32, 2, 17, 17, 3 * 256 + 17,
      "rst, MM21: chroma tiles of 16x16"},
  {"NV12:0x0700000000067c04", 0, 256, 1088, 1, 129, 1, 1660 * 128 + 129,
      "drm_fourcc.h, SAND128: column 1 begins after 1660 rows of 128"},
  {"NV12:0x0700000000067c02", 0, 256, 1088, 1, 33, 2, 1660 * 32 + 65,
      "drm_fourcc.h, SAND32"},
  {"NV12:0x0700000000067c03", 0, 256, 1088, 1, 64, 2, 1660 * 64 + 128,
      "drm_fourcc.h, SAND64"},
  {"NV12:0x0700000000067c05", 0, 512, 1088, 1, 257, 0, 1660 * 256 + 1,
      "drm_fourcc.h, SAND256"},
  {"NV12:0x0900000000000001", 0, 64, 64, 1, 33, 32, 3 * 1024 + 1,
      "rst, NV12_32L32"},
  {"XR24:0x0100000000000001", 0, 1024, 16, 4, 513, 9, 3 * 4096 + 513,
      "drm_fourcc.h, X: 512 bytes x 8 rows"},
  {"XR24:0x0100000000000002", 0, 256, 32, 4, 17, 1, 512 + 16 + 1,
      "drm_fourcc.h, Y: the second 16-byte column begins at 512"},
  {"XR24:0x0100000000000002", 0, 256, 32, 4, 128, 31, 4096 + 31 * 16,
      "drm_fourcc.h, Y: next tile"},
  {"XR24:0x0100000000000009", 0, 128, 32, 4, 16, 0, 64,
      "drm_fourcc.h, Tile4: 64-byte cells of 4 rows"},
  {"XR24:0x0100000000000009", 0, 128, 32, 4, 0, 4, 256,
      "drm_fourcc.h, Tile4: a 512-byte block is 4x2 cells"},
  {"XR24:0x0100000000000009", 0, 128, 32, 4, 64, 0, 512,
      "drm_fourcc.h, Tile4: blocks two abreast"},
  {"XR24:0x0100000000000009", 0, 128, 32, 4, 0, 8, 1024,
      "drm_fourcc.h, Tile4: four such rows"},
  {"XR24:0x0100000000000009", 0, 128, 32, 4, 127, 31, 4095, "its last byte"},
  {"XR24:0x0700000000000001", 0, 256, 64, 4, 0, 16, 1024,
      "drm_fourcc.h, T, even: the lower left subtile is next to the first"},
  {"XR24:0x0700000000000001", 0, 256, 64, 4, 64, 16, 2048, "then lower right"},
  {"XR24:0x0700000000000001", 0, 256, 64, 4, 64, 0, 3072, "then upper right"},
  {"XR24:0x0700000000000001", 0, 256, 64, 4, 192, 48, 2 * 4096,
      "drm_fourcc.h, T, odd: begins lower right of the last tile"},
  {"XR24:0x0700000000000001", 0, 256, 64, 4, 0, 32, 3 * 4096 + 2048,
      "drm_fourcc.h, T, odd: the first tile is last, upper left third"},
  {"AR24:0x0810000000000001", 0, 64, 16, 4, 4, 0, 1 * 4,
      "pan_tiling.c: bit 0 is x0^y0"},
  {"AR24:0x0810000000000001", 0, 64, 16, 4, 0, 1, 3 * 4,
      "pan_tiling.c: bits 1 and 0 for y0"},
  {"AR24:0x0810000000000001", 0, 64, 16, 4, 4, 1, 2 * 4, "both: bit 1"},
  {"AR24:0x0810000000000001", 0, 64, 16, 4, 60, 15, 170 * 4,
      "all ones: 10101010"},
  {"XR24:0x0600000000000002", 0, 512, 64, 4, 16, 0, 64,
      "drm_fourcc.h, super tiles: next 4x4 tile"},
  {"XR24:0x0600000000000002", 0, 512, 64, 4, 0, 4, 128,
      "groups are 2 tiles wide"},
  {"XR24:0x0600000000000002", 0, 512, 64, 4, 32, 0, 512, "groups of 8 tiles"},
  {"XR24:0x0600000000000002", 0, 512, 64, 4, 0, 16, 4096, "8 groups in a row"},
  {"XR24:0x0600000000000002", 0, 512, 64, 4, 256, 0, 16384, "next super tile"},
  {"XR24:0x03000000000fe012", 0, 128, 32, 4, 0, 1, 16,
      "Tegra X1 TRM: sectors of 16x2 bytes"},
  {"XR24:0x03000000000fe012", 0, 128, 32, 4, 16, 0, 32, "sectors abreast"},
  {"XR24:0x03000000000fe012", 0, 128, 32, 4, 0, 2, 64, "then below"},
  {"XR24:0x03000000000fe012", 0, 128, 32, 4, 32, 0, 256, "half a GOB"},
  {"XR24:0x03000000000fe012", 0, 128, 32, 4, 0, 8, 512, "next GOB is below"},
  {"XR24:0x03000000000fe012", 0, 128, 32, 4, 64, 0, 2048, "4 GOBs a block"},
  {"XR24:0x0300000000606010", 0, 128, 8, 4, 0, 2, 32,
      "nil/copy.rs: four rows of 16 bytes"},
  {"XR24:0x0300000000606010", 0, 128, 8, 4, 16, 0, 64, "then the next column"},
  {"XR24:0x0300000000606010", 0, 128, 8, 4, 0, 4, 128, "then below"},
  {"XR24:0x0300000000606010", 0, 128, 8, 4, 32, 0, 256, "half a GOB"},
  {"R8:0x03000000004fe014", 0, 128, 128, 1, 64, 9, 16 * 512 + 512 + 16,
      "16 GOBs a block"},
  {"GR88:0x0300000000606015", 0, 128, 256, 2, 64, 0, 32 * 512,
      "32 GOBs a block"},
  {"XR24:0x0200000000000901", 0, 512, 128, 4, 4, 0, 4, "igt_amd.c: x0"},
  {"XR24:0x0200000000000901", 0, 512, 128, 4, 0, 1, 16, "igt_amd.c: y0"},
  {"XR24:0x0200000000000901", 0, 512, 128, 4, 16, 0, 128, "igt_amd.c: x2"},
  {"XR24:0x0200000000000901", 0, 512, 128, 4, 508, 127, 65532, "all ones"},
  {"AB4H:0x0200000000000901", 0, 1024, 64, 8, 16, 0, 64, "igt_amd.c: x1"},
  {"XR24:0x0200000000000105", 0, 64, 8, 4, 32, 4, 256 + 128,
      "gfx12: blocks of 8x8 pixels, y2 is the highest bit"},
  {"XR24:0x0200000000000205", 0, 256, 32, 4, 128, 16, 4096 + 1024,
      "gfx12: blocks of 32x32 pixels, y4"},
  {"XR24:0x0200000000000305", 0, 512, 128, 4, 0, 1, 8, "gfx12: y0"},
  {"XR24:0x0200000000000305", 0, 512, 128, 4, 8, 0, 16, "gfx12: x1"},
  {"XR24:0x0200000000000305", 0, 512, 128, 4, 0, 8, 256, "gfx12: y3"},
  {"XR24:0x0200000000000405", 0, 1024, 256, 4, 512, 0, 1 << 17, "gfx12: x7"},
};

GST_START_TEST (test_addresses)
{
  const TileOracle *oracle = tile_oracle_find (addresses[__i__].name);
  TileOraclePlane plane;

  fail_unless (oracle != NULL);
  plane.oracle = oracle;
  plane.index = addresses[__i__].plane;
  plane.stride = addresses[__i__].stride;
  plane.n_rows = addresses[__i__].n_rows;
  plane.pixel_bytes = addresses[__i__].pixel_bytes;
  if (oracle->get_address (&plane, addresses[__i__].x, addresses[__i__].y)
      != addresses[__i__].address)
    fail ("%s %u,%u: %s", oracle->name, addresses[__i__].x,
        addresses[__i__].y, addresses[__i__].source);
}

GST_END_TEST;

static const struct
{
  const gchar *name;
  guint plane, stride;
  guint x, y;
  gsize low_byte;
  guint low_shift, n_low;
  gsize high_byte;
  const gchar *source;
} samples[] = {
  {"NV15", 0, 20, 3, 1, 23, 6, 2, 24, "drm_fourcc.h: bits 30 to 39"},
  {"NV15", 0, 20, 2, 0, 2, 4, 4, 3, "drm_fourcc.h: bits 20 to 29"},
  {"NV15:0x0600000000000001", 0, 10, 5, 6, 71, 2, 6, 72,
      "rst, NV15_4L4: tile 3, row 2, sample 1"},
  {"P030", 0, 16, 4, 1, 21, 2, 6, 22, "drm_fourcc.h: second word, bit 10"},
  {"P030:0x0700000000067c04", 0, 256, 97, 2, 1660 * 128 + 256 + 1, 2, 6,
      1660 * 128 + 256 + 2, "drm_fourcc.h, SAND128: 96 samples a column"},
  {"NV15:0x0b00000000010001", 0, 40, 17, 5, 640 + 80 + 1, 2, 2,
      640 + 80 + 16 + 17, "rst, MT2110T: a byte holds one column"},
  {"NV15:0x0b00000000010001", 1, 40, 17, 17, 3 * 320 + 1, 2, 2,
      3 * 320 + 16 + 17, "rst, MT2110T: chroma tiles are 320 bytes"},
  {"NV15:0x0b00000000020001", 0, 40, 22, 5, 640 + 80 + 5, 4, 2,
      640 + 80 + 16 + 22, "rst, MT2110R: 4 bytes hold one row"},
};

GST_START_TEST (test_samples)
{
  const TileOracle *oracle = tile_oracle_find (samples[__i__].name);
  TileOraclePlane plane = { oracle, samples[__i__].plane,
    samples[__i__].stride, 64, 1
  };
  gsize low_byte, high_byte;
  guint low_shift, n_low;

  fail_unless (oracle != NULL);
  oracle->get_sample (&plane, samples[__i__].x, samples[__i__].y, &low_byte,
      &low_shift, &n_low, &high_byte);
  if (low_byte != samples[__i__].low_byte
      || low_shift != samples[__i__].low_shift || n_low != samples[__i__].n_low
      || high_byte != samples[__i__].high_byte)
    fail ("%s %u,%u: %s", oracle->name, samples[__i__].x, samples[__i__].y,
        samples[__i__].source);
}

GST_END_TEST;

/* Every geometry has a row above. */
GST_START_TEST (test_all_geometries)
{
  guint i, j;

  for (i = 0; i < n_tile_oracles; i++) {
    gboolean found = FALSE;

    for (j = 0; j < G_N_ELEMENTS (addresses); j++) {
      const TileOracle *other = tile_oracle_find (addresses[j].name);

      found |= other->get_address != NULL
          && other->get_address == tile_oracles[i].get_address;
    }
    for (j = 0; j < G_N_ELEMENTS (samples); j++) {
      const TileOracle *other = tile_oracle_find (samples[j].name);

      found |= other->get_sample == tile_oracles[i].get_sample
          && other->get_sample != NULL;
    }
    if (!found)
      fail ("%s has no address worked out by hand", tile_oracles[i].name);
  }
}

GST_END_TEST;

static Suite *
tileoracle_suite (void)
{
  Suite *suite = suite_create ("tileoracle");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, test_addresses, 0, G_N_ELEMENTS (addresses));
  tcase_add_loop_test (tcase, test_samples, 0, G_N_ELEMENTS (samples));
  tcase_add_test (tcase, test_all_geometries);
  return suite;
}

DMABUF_TEST_MAIN (tileoracle_suite)
