/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Tiles through the converter, there and back, by one thread and by several.
 */
#include "convertharness.h"

#include "../../../gst/dmabuf/dmabufconvertcaps.h"

static const struct
{
  const gchar *tiled, *linear, *system;
} tiles[] = {
  {"NV12:0x0600000000000001", "NV12", "NV12"},
  {"NV12:0x0400000000000001", "NV12", "NV12"},
  {"NV12:0x0400000000000002", "NV12", "NV12"},
  {"NV12:0x0b00000000000001", "NV12", "NV12"},
  {"NV12:0x0700000000043804", "NV12", "NV12"},
  {"NV12:0x0900000000000001", "NV12", "NV12"},
  {"NV15:0x0600000000000001", "P010", "P010_10LE"},
  {"NV15:0x0b00000000010001", "P010", "P010_10LE"},
  {"NV15:0x0b00000000020001", "P010", "P010_10LE"},
  {"P030:0x0700000000043804", "P010", "P010_10LE"},
  {"XR24:0x0600000000000001", "XR24", "BGRx"},
  {"XR24:0x0100000000000001", "XR24", "BGRx"},
  {"XR24:0x0100000000000002", "XR24", "BGRx"},
  {"XR24:0x0100000000000009", "XR24", "BGRx"},
};

#define WIDTH 162
#define HEIGHT 202
#define TEST_SIZE ",width=162,height=202"

/* The last frame behind a chain of elements. */
static GstBuffer *
get_last_frame (const gchar * chain, const gchar * system)
{
  gchar *caps = g_strconcat (SYSTEM, system, TEST_SIZE, NULL);
  GstHarness *h = gst_harness_new_parse (chain);
  GstBuffer *buffer;

  gst_harness_set_sink_caps_str (h, caps);
  gst_harness_play (h);
  gst_buffer_unref (gst_harness_pull (h));
  buffer = gst_harness_pull (h);
  fail_unless (buffer != NULL, "%s", chain);
  gst_harness_teardown (h);
  g_free (caps);
  return buffer;
}

static void
expect_same_picture (GstBuffer * a, GstBuffer * b, const gchar * system,
    const gchar * what)
{
  gchar *text = g_strconcat (SYSTEM, system, TEST_SIZE, NULL);
  GstCaps *caps = gst_caps_from_string (text);
  GstDmabufVideoInfo info;
  GstDmabufMappedFrame one, other;
  guint i, y;

  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
  fail_unless (gst_dmabuf_mapped_frame_map (&one, a, &info, GST_MAP_READ,
          NULL));
  fail_unless (gst_dmabuf_mapped_frame_map (&other, b, &info, GST_MAP_READ,
          NULL));
  for (i = 0; i < info.info->n_planes; i++) {
    gsize bytes = gst_dmabuf_format_info_plane_row_bytes (info.info, i,
        WIDTH);

    for (y = 0; y < gst_dmabuf_format_info_plane_height (info.info, i, HEIGHT);
        y++)
      fail_unless (memcmp (one.pixels.data[i] + y * one.pixels.strides[i],
              other.pixels.data[i] + y * other.pixels.strides[i], bytes) == 0,
          "%s: row %u of plane %u differs", what, y, i);
  }
  gst_dmabuf_mapped_frame_unmap (&one);
  gst_dmabuf_mapped_frame_unmap (&other);
  gst_caps_unref (caps);
  g_free (text);
}

/* There and back, by one thread and by several, is where one started. */
GST_START_TEST (test_tiles)
{
  const gchar *tiled = tiles[__i__].tiled, *system = tiles[__i__].system;
  GstBuffer *expected, *buffer;
  guint n_threads;
  gchar *chain;

  chain = g_strdup_printf ("dmabuftestsrc exporter=memfd num-buffers=2 ! "
      EXPLICIT "%s" TEST_SIZE " ! dmabufdownload", tiles[__i__].linear);
  expected = get_last_frame (chain, system);
  g_free (chain);

  for (n_threads = 1; n_threads <= 3; n_threads += 2) {
    chain = g_strdup_printf ("dmabuftestsrc exporter=memfd num-buffers=2 ! "
        EXPLICIT "%s" TEST_SIZE " ! dmabufdownload n-threads=%u", tiled,
        n_threads);
    buffer = get_last_frame (chain, system);
    expect_same_picture (buffer, expected, system, chain);
    gst_buffer_unref (buffer);
    g_free (chain);

    chain = g_strdup_printf ("dmabuftestsrc exporter=memfd num-buffers=2 ! "
        EXPLICIT "%s" TEST_SIZE " ! dmabufconvert exporter=memfd n-threads=%u"
        " ! " EXPLICIT "%s" TEST_SIZE " ! dmabufdownload n-threads=%u",
        tiles[__i__].linear, n_threads, tiled, n_threads);
    buffer = get_last_frame (chain, system);
    expect_same_picture (buffer, expected, system, chain);
    gst_buffer_unref (buffer);
    g_free (chain);
  }
  gst_buffer_unref (expected);
}

GST_END_TEST;

/* Frames of the same pixels, in any dialect and layout. */
static const struct
{
  const gchar *system;
  const gchar *members[8];
} families[] = {
  {"NV12", {EXPLICIT "NV12", SYSTEM "NV12", LEGACY "NV12",
          EXPLICIT "NV12:0x0600000000000001", SYSTEM "NV12_4L4",
          EXPLICIT "NV12:0x0400000000000001", SYSTEM "NV12_64Z32",
          EXPLICIT "NV12:0x0700000000043804"}},
  {"BGRx", {EXPLICIT "XR24", SYSTEM "BGRx", LEGACY "BGRx",
          EXPLICIT "XR24:0x0100000000000001",
          EXPLICIT "XR24:0x0100000000000002",
          EXPLICIT "XR24:0x0100000000000009",
          EXPLICIT "XR24:0x0600000000000001",
          EXPLICIT "XR24:0x0600000000000002"}},
  {"P010_10LE", {EXPLICIT "P010", SYSTEM "P010_10LE", LEGACY "P010_10LE",
          EXPLICIT "NV15:0x0600000000000001",
          EXPLICIT "NV15:0x0b00000000010001",
          EXPLICIT "NV15:0x0b00000000020001",
          EXPLICIT "P030:0x0700000000043804",
          EXPLICIT "P010:0x0100000000000001"}},
};

/* A number that is the same on every machine. */
static guint
next_random (guint32 * state, guint below)
{
  *state = *state * 1664525u + 1013904223u;
  return (*state >> 8) % below;
}

/* From tiles to other tiles there is no path in one step. */
static gboolean
has_path (const gchar * from, const gchar * to)
{
  const DmabufConvertRules rules = {.legacy_linear = TRUE };
  gchar *a = g_strconcat (from, TEST_SIZE, NULL);
  gchar *b = g_strconcat (to, TEST_SIZE, NULL);
  GstCaps *in = gst_caps_from_string (a), *out = gst_caps_from_string (b);
  DmabufConvertPath path = dmabuf_convert_caps_get_path (in, out, &rules);

  gst_caps_unref (in);
  gst_caps_unref (out);
  g_free (a);
  g_free (b);
  return path != DMABUF_CONVERT_NONE;
}

GST_START_TEST (test_random_pairs)
{
  GstBuffer *expected[G_N_ELEMENTS (families)];
  guint32 state = 2026 + (guint32) __i__;
  guint n = 0, i;

  for (i = 0; i < G_N_ELEMENTS (families); i++) {
    gchar *chain = g_strdup_printf ("dmabuftestsrc exporter=memfd "
        "num-buffers=2 ! %s" TEST_SIZE " ! dmabufdownload",
        families[i].members[0]);

    expected[i] = get_last_frame (chain, families[i].system);
    g_free (chain);
  }

  while (n < 20) {
    guint family = next_random (&state, G_N_ELEMENTS (families));
    const gchar *from = families[family].members[next_random (&state, 8)];
    const gchar *to = families[family].members[next_random (&state, 8)];
    GstBuffer *buffer;
    gchar *chain;

    if (!has_path (from, to))
      continue;
    chain = g_strdup_printf ("dmabuftestsrc exporter=memfd num-buffers=2 "
        "legacy-layout=linear ! %s" TEST_SIZE " ! dmabufconvert "
        "exporter=memfd legacy-layout=linear n-threads=%u ! %s" TEST_SIZE
        " ! dmabufdownload legacy-layout=linear", from,
        1 + next_random (&state, 3), to);
    buffer = get_last_frame (chain, families[family].system);
    expect_same_picture (buffer, expected[family], families[family].system,
        chain);
    gst_buffer_unref (buffer);
    g_free (chain);
    n++;
  }
  for (i = 0; i < G_N_ELEMENTS (families); i++)
    gst_buffer_unref (expected[i]);
}

GST_END_TEST;

/* A tiled frame that is too short, or whose strides are no tiles. */
GST_START_TEST (test_bad_tiles)
{
  static const struct
  {
    gsize size, chroma;
    gint stride;
  } bad[] = {
    {4096, 2048, 128},          /* 66x50 needs 2 x 2 tiles of 64x32, twice */
    {16384, 8192, 64},
    {16384, 8192, 100},
    {16384, 16384 - 2048, 128},
    {8192 + 2048, 8192, 128},
  };
  GstHarness *h = make_harness ("dmabufdownload",
      EXPLICIT "NV12:0x0400000000000001", SYSTEM "NV12");
  GstDmabufExporter *exporter = open_memfd ();
  GstBuffer *buffer = gst_buffer_new ();
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 0, bad[__i__].chroma };
  gint strides[GST_VIDEO_MAX_PLANES] = { bad[__i__].stride,
    bad[__i__].stride
  };

  gst_buffer_append_memory (buffer, gst_dmabuf_exporter_alloc (exporter,
          bad[__i__].size, NULL));
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_ENCODED, 66, 50, 2, offsets, strides);
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_ERROR);
  gst_object_unref (exporter);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* GStreamer's own tiles become dma-bufs: in our pool at no cost, else tile by
 * tile, whatever the strides are. */
static const struct
{
  const gchar *system, *modifier;
} plain_tiles[] = {
  {"NV12_4L4", "0600000000000001"},
  {"NV12_64Z32", "0400000000000001"},
  {"NV12_16L32S", "0b00000000000001"},
  {"NV12_32L32", "0900000000000001"},
};

GST_START_TEST (test_tiles_in_plain_memory)
{
  guint which = __i__ / 2;
  gboolean moves = __i__ % 2;
  const gchar *format = plain_tiles[which].system;
  gchar *source = g_strdup_printf ("videotestsrc num-buffers=2 ! "
      SYSTEM "%s" TEST_SIZE, format);
  gchar *chain = g_strconcat (source, " ! videoconvert", NULL);
  GstBuffer *expected = get_last_frame (chain, "NV12"), *buffer;
  GstStructure *stats;
  GstHarness *h;
  guint n;

  g_free (chain);
  chain = g_strdup_printf ("%s ! identity drop-allocation=%d ! dmabufconvert "
      "exporter=memfd ! " EXPLICIT "NV12:0x%s ! dmabufdownload", source, moves,
      plain_tiles[which].modifier);
  h = gst_harness_new_parse (chain);
  gst_harness_set_sink_caps_str (h, SYSTEM "NV12" TEST_SIZE);
  gst_harness_play (h);
  gst_buffer_unref (gst_harness_pull (h));
  buffer = gst_harness_pull (h);
  expect_same_picture (buffer, expected, "NV12", chain);
  gst_harness_get (h, "dmabufconvert", "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint (stats, "moved", &n)
      && n == (moves ? 2 : 0), "%" GST_PTR_FORMAT, stats);

  gst_structure_free (stats);
  gst_buffer_unref (buffer);
  gst_buffer_unref (expected);
  gst_harness_teardown (h);
  g_free (chain);
  g_free (source);
}

GST_END_TEST;

static Suite *
convert_tiles_suite (void)
{
  Suite *suite = suite_create ("converttiles");
  TCase *tcase = tcase_create ("tiles");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_tiles, 0, G_N_ELEMENTS (tiles));
  /* 200 in all; in parts, since sanitizers take their time. */
  tcase_add_loop_test (tcase, test_random_pairs, 0, 10);
  tcase_add_loop_test (tcase, test_bad_tiles, 0, 5);
  tcase_add_loop_test (tcase, test_tiles_in_plain_memory, 0,
      2 * G_N_ELEMENTS (plain_tiles));
  return suite;
}

DMABUF_TEST_MAIN (convert_tiles_suite)
