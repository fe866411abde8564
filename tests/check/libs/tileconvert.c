/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Every geometry in both directions against the oracle, byte by byte, memory
 * that must stay as it was included. Meson runs it once for each set of
 * kernels; the ones that this CPU has not are skipped.
 */
#include "dmabuftest.h"

#include <drm_fourcc.h>

#include "tilebuffers.h"
#include "tileoracle.h"

typedef struct
{
  const TileOracle *oracle;
  GstDmabufLayout tiled_layout;
  GstDmabufLayout linear_layout;
  GuardedMemory tiled, linear, expected;
} Fixture;

static void
fixture_init (Fixture * f, const TileOracle * oracle, guint width,
    guint height, gboolean loose)
{
  f->oracle = oracle;
  make_tiled_layout (&f->tiled_layout, oracle->name, width, height, loose);
  make_linear_layout (&f->linear_layout, get_linear_fourcc (oracle->name),
      width, height, loose);
  guarded_memory_init (&f->tiled, f->tiled_layout.object_sizes[0]);
  guarded_memory_init (&f->linear, f->linear_layout.object_sizes[0]);
  guarded_memory_init (&f->expected, MAX (f->tiled.size, f->linear.size));
}

static void
fixture_clear (Fixture * f)
{
  guarded_memory_clear (&f->tiled);
  guarded_memory_clear (&f->linear);
  guarded_memory_clear (&f->expected);
}

static void
check_equal (const Fixture * f, const gchar * what, const guint8 * data,
    gsize size, const GstVideoRectangle * r)
{
  gsize i;

  if (memcmp (data, f->expected.data, size) == 0)
    return;
  for (i = 0; i < size; i++) {
    if (data[i] != f->expected.data[i])
      fail ("%s %s %ux%u, part %d,%d %dx%d: byte %" G_GSIZE_FORMAT
          " is %02x, not %02x", what, f->oracle->name, f->tiled_layout.width,
          f->tiled_layout.height, r->x, r->y, r->w, r->h, i, data[i],
          f->expected.data[i]);
  }
}

/* The linear frame is larger than the part: the rest must not be touched. */
static void
check_detile (Fixture * f, const GstVideoRectangle * r, guint seed)
{
  GstDmabufPixels tiled, linear;
  GError *error = NULL;

  fill_noise (f->tiled.data, f->tiled.size, seed);
  fill_noise (f->linear.data, f->linear.size, seed + 1);
  memcpy (f->expected.data, f->linear.data, f->linear.size);
  make_pixels (&tiled, &f->tiled_layout, f->tiled.data);
  make_pixels (&linear, &f->linear_layout, f->linear.data);

  if (!gst_dmabuf_detile (&linear, &tiled, r, &error))
    fail ("%s: %s", f->oracle->name, error->message);
  tile_oracle_detile (f->oracle, &f->tiled_layout, f->tiled.data,
      &f->linear_layout, f->expected.data, r);
  check_equal (f, "detile", f->linear.data, f->linear.size, r);
}

/* What becomes of the two spare bits of a word is not promised. */
static void
clear_spare_bits (const Fixture * f, guint8 * data, gsize size)
{
  gsize i;

  if (f->tiled_layout.format.fourcc != DRM_FORMAT_P030)
    return;
  for (i = 3; i < size; i += 4)
    data[i] &= 0x3f;
}

static void
check_tile (Fixture * f, const GstVideoRectangle * r, guint seed)
{
  GstDmabufPixels tiled, linear;
  GError *error = NULL;

  fill_noise (f->tiled.data, f->tiled.size, seed);
  fill_noise (f->linear.data, f->linear.size, seed + 1);
  memcpy (f->expected.data, f->tiled.data, f->tiled.size);
  make_pixels (&tiled, &f->tiled_layout, f->tiled.data);
  make_pixels (&linear, &f->linear_layout, f->linear.data);

  if (!gst_dmabuf_tile (&tiled, &linear, r, &error))
    fail ("%s: %s", f->oracle->name, error->message);
  tile_oracle_tile (f->oracle, &f->tiled_layout, f->expected.data,
      &f->linear_layout, f->linear.data, r);
  clear_spare_bits (f, f->expected.data, f->tiled.size);
  clear_spare_bits (f, f->tiled.data, f->tiled.size);
  check_equal (f, "tile", f->tiled.data, f->tiled.size, r);
}

static void
check_whole (const TileOracle * oracle, guint width, guint height,
    gboolean loose)
{
  GstVideoRectangle whole = { 0, 0, width, height };
  Fixture f;

  fixture_init (&f, oracle, width, height, loose);
  check_detile (&f, &whole, width);
  check_tile (&f, &whole, height);
  fixture_clear (&f);
}

GST_START_TEST (test_one_tile)
{
  const TileOracle *oracle = &tile_oracles[__i__];

  check_whole (oracle, oracle->tile_width, oracle->tile_height, FALSE);
  check_whole (oracle, oracle->tile_width, oracle->tile_height, TRUE);
}

GST_END_TEST;

GST_START_TEST (test_odd_sizes)
{
  const TileOracle *oracle = &tile_oracles[__i__];
  guint w = oracle->tile_width, h = oracle->tile_height;

  check_whole (oracle, 1, 1, FALSE);
  check_whole (oracle, w + 1, h + 1, FALSE);
  check_whole (oracle, w * 3 - 1, h * 3 - 1, FALSE);
  check_whole (oracle, w * 2 + 7, h * 2 + 3, TRUE);
  check_whole (oracle, 67, 2 * h + 35, TRUE);
  check_whole (oracle, 5 * w + 3, 7, FALSE);
}

GST_END_TEST;

GST_START_TEST (test_1366x768)
{
  check_whole (&tile_oracles[__i__], 1366, 768, FALSE);
}

GST_END_TEST;

GST_START_TEST (test_1920x1080)
{
  if (!tile_oracles[__i__].is_first_tier)
    return;
  check_whole (&tile_oracles[__i__], 1920, 1080, FALSE);
  check_whole (&tile_oracles[__i__], 1920, 1080, TRUE);
}

GST_END_TEST;

GST_START_TEST (test_1920x1088)
{
  if (tile_oracles[__i__].is_first_tier)
    check_whole (&tile_oracles[__i__], 1920, 1088, FALSE);
}

GST_END_TEST;

/* Wider than the tables of one chunk. */
GST_START_TEST (test_wide)
{
  check_whole (&tile_oracles[__i__], 8194, 9, FALSE);
}

GST_END_TEST;

static gint
random_even (GRand * rand, gint end)
{
  return g_rand_int_range (rand, 0, end) & ~1;
}

GST_START_TEST (test_rectangles)
{
  const TileOracle *oracle = &tile_oracles[__i__];
  GRand *rand = g_rand_new_with_seed (__i__);
  guint i;

  for (i = 0; i < 40; i++) {
    gint width = 2 + random_even (rand, oracle->tile_width * 3 + 40);
    gint height = 2 + random_even (rand, oracle->tile_height * 3 + 20);
    GstVideoRectangle r;
    Fixture f;

    r.x = random_even (rand, width);
    r.y = random_even (rand, height);
    r.w = MIN (width - r.x, 2 + random_even (rand, width - r.x));
    r.h = MIN (height - r.y, 2 + random_even (rand, height - r.y));
    fixture_init (&f, oracle, width, height, i % 2);
    check_detile (&f, &r, i);
    check_tile (&f, &r, i);
    fixture_clear (&f);
  }
  g_rand_free (rand);
}

GST_END_TEST;

/* Bands, as threads would do them, are the whole. */
GST_START_TEST (test_bands)
{
  const TileOracle *oracle = &tile_oracles[__i__];
  guint width = oracle->tile_width + 6, height = oracle->tile_height * 4, i;
  GstVideoRectangle whole = { 0, 0, width, height };
  GstDmabufPixels tiled;
  Fixture f;

  fixture_init (&f, oracle, width, height, FALSE);
  fill_noise (f.tiled.data, f.tiled.size, 3);
  make_pixels (&tiled, &f.tiled_layout, f.tiled.data);
  for (i = 0; i < 4; i++) {
    GstVideoRectangle band = { 0, i * height / 4, width, height / 4 };
    GstDmabufPixels part;

    make_pixels (&part, &f.linear_layout, f.linear.data);
    fail_unless (gst_dmabuf_pixels_crop (&part, &band, NULL));
    fail_unless (gst_dmabuf_detile (&part, &tiled, &band, NULL));
  }
  memset (f.expected.data, 0, f.expected.size);
  tile_oracle_detile (oracle, &f.tiled_layout, f.tiled.data, &f.linear_layout,
      f.expected.data, &whole);
  check_equal (&f, "bands", f.linear.data, f.linear.size, &whole);
  fixture_clear (&f);
}

GST_END_TEST;

/* The emulated machine's CPU says nothing about instructions, and is slow. There
 * is a short run, with the kernels that a CPU without the named ones gets. */
static gboolean
is_machine (void)
{
  return g_strcmp0 (g_getenv ("GST_DMABUF_TEST_DEVICES"), "required") == 0;
}

static Suite *
tileconvert_suite (void)
{
  Suite *suite = suite_create ("tileconvert");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_one_tile, 0, n_tile_oracles);
  tcase_add_loop_test (tcase, test_bands, 0, n_tile_oracles);
  if (is_machine ())
    return suite;
  tcase_add_loop_test (tcase, test_odd_sizes, 0, n_tile_oracles);
  tcase_add_loop_test (tcase, test_1366x768, 0, n_tile_oracles);
  tcase_add_loop_test (tcase, test_1920x1080, 0, n_tile_oracles);
  tcase_add_loop_test (tcase, test_1920x1088, 0, n_tile_oracles);
  tcase_add_loop_test (tcase, test_wide, 0, n_tile_oracles);
  tcase_add_loop_test (tcase, test_rectangles, 0, n_tile_oracles);
  return suite;
}

int
main (int argc, char **argv)
{
  const gchar *cpu = g_getenv ("GST_DMABUF_CPU");

  gst_check_init (&argc, &argv);
  if (cpu != NULL && strcmp (cpu, gst_dmabuf_tile_get_cpu ()) != 0
      && !is_machine ())
    return 77;
  return gst_check_run_suite (tileconvert_suite (), "tileconvert", __FILE__);
}
