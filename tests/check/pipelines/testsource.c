/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * dmabuftestsrc ! dmabufkmssink: every format that both can do, each picture
 * read back from vkms.
 */
#include "player.h"

#include <drm_fourcc.h>

#include <gst/dmabuf/gstdmabufcaps.h>
#include <gst/dmabuf/gstdmabufformatset.h>

#define WIDTH 320
#define HEIGHT 240
#define N_FRAMES 3

/* What vkms of Linux 7.2 scans out and the source paints. Tolerances are of 8
 * bits a component: steps of 5 bits, and two roundings between RGB and YUV. */
static const struct
{
  guint32 fourcc;
  guint tolerance;
  gboolean gray;
} formats[] = {
  {DRM_FORMAT_XRGB8888, 0},
  {DRM_FORMAT_ARGB8888, 0},
  {DRM_FORMAT_XBGR8888, 0},
  {DRM_FORMAT_ABGR8888, 0},
  {DRM_FORMAT_RGBA8888, 0},
  {DRM_FORMAT_BGRA8888, 0},
  {DRM_FORMAT_RGB888, 0},
  {DRM_FORMAT_BGR888, 0},
  {DRM_FORMAT_XRGB16161616, 1},
  {DRM_FORMAT_ARGB16161616, 1},
  {DRM_FORMAT_XBGR16161616, 1},
  {DRM_FORMAT_ABGR16161616, 1},
  {DRM_FORMAT_RGB565, 4},
  {DRM_FORMAT_BGR565, 4},
  {DRM_FORMAT_NV12, 3},
  {DRM_FORMAT_NV21, 3},
  {DRM_FORMAT_NV16, 3},
  {DRM_FORMAT_NV61, 3},
  {DRM_FORMAT_NV24, 3},
  {DRM_FORMAT_NV42, 3},
  {DRM_FORMAT_YUV420, 3},
  {DRM_FORMAT_YVU420, 3},
  {DRM_FORMAT_YUV422, 3},
  {DRM_FORMAT_YVU422, 3},
  {DRM_FORMAT_YUV444, 3},
  {DRM_FORMAT_YVU444, 3},
  {DRM_FORMAT_P010, 3},
  {DRM_FORMAT_P012, 3},
  {DRM_FORMAT_P016, 3},
  {DRM_FORMAT_R8, 3, TRUE},
};

/* A pipeline whose caps are set as an object: the blanks in "R8  " do not
 * survive a launch line. A mode as small as the frame is read back faster. */
static void
init_for_format (Player * player, KmsWriteback * writeback, guint32 fourcc,
    guint width, guint height)
{
  GstDmabufFormat format = { fourcc, GST_DMABUF_MOD_LINEAR };
  GstDmabufFormatSet *set = gst_dmabuf_format_set_new_single (&format);
  GstCaps *caps = gst_dmabuf_caps_from_set (set, GST_DMABUF_DIALECT_EXPLICIT);
  GstElement *filter;

  gst_caps_set_simple (caps, "width", G_TYPE_INT, width, "height", G_TYPE_INT,
      height, NULL);
  player_init_printf (player, writeback,
      "dmabuftestsrc name=source num-buffers=%u ! capsfilter name=filter"
      " ! dmabufkmssink name=sink sync=false zero-copy=require"
      " force-modesetting=true", N_FRAMES);
  filter = gst_bin_get_by_name (GST_BIN (player->pipeline), "filter");
  g_object_set (filter, "caps", caps, NULL);
  gst_object_unref (filter);
  gst_caps_unref (caps);
  gst_dmabuf_format_set_unref (set);
}

static void
expect_gray_bars (const Picture * picture, guint tolerance)
{
  guint y = player_bars_row (picture), last = 256, i;

  /* SMPTE bars go from light to dark. */
  for (i = 0; i < 7; i++) {
    guint32 pixel = picture_get (picture, picture->width * (2 * i + 1) / 14, y);
    guint level = pixel & 0xff;

    fail_unless (picture_is_near (pixel, level * 0x010101, tolerance));
    fail_unless (level < last, "bar %u is %u, not darker than %u", i, level,
        last);
    last = level;
  }
}

GST_START_TEST (test_format)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  Picture *picture;
  gchar *name;

  if (!writeback)
    return;
  name = gst_dmabuf_format_describe (&(GstDmabufFormat) {
      formats[__i__].fourcc, GST_DMABUF_MOD_LINEAR}
  );
  init_for_format (&player, writeback, formats[__i__].fourcc, WIDTH, HEIGHT);
  player_play (&player);

  picture = player_capture (&player, WIDTH, HEIGHT);
  fail_unless_equals_int (player_read_counter (picture), N_FRAMES - 1);
  if (formats[__i__].gray)
    expect_gray_bars (picture, formats[__i__].tolerance);
  else
    player_expect_bars (picture, formats[__i__].tolerance, name);
  player_expect_no_copies (&player, N_FRAMES);

  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
  g_free (name);
}

GST_END_TEST;

/* The source's frames are counted without copies too, and it says whose memory
 * they are in. */
GST_START_TEST (test_source_stats)
{
  KmsWriteback *writeback = player_open_display ();
  GstElement *source;
  GstStructure *stats;
  guint64 frames, copies;
  Player player;

  if (!writeback)
    return;
  init_for_format (&player, writeback, DRM_FORMAT_NV12, WIDTH, HEIGHT);
  player_play (&player);

  source = gst_bin_get_by_name (GST_BIN (player.pipeline), "source");
  g_object_get (source, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint64 (stats, "frames", &frames));
  fail_unless (gst_structure_get_uint64 (stats, "copies", &copies));
  fail_unless_equals_uint64 (frames, N_FRAMES);
  fail_unless_equals_uint64 (copies, 0);
  fail_unless_equals_string (gst_structure_get_string (stats, "dialect"),
      "explicit");
  fail_if (g_str_equal (gst_structure_get_string (stats, "exporter"), "none"));

  gst_structure_free (stats);
  gst_object_unref (source);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* What the table above says is all that there is, and all of it is there. */
GST_START_TEST (test_table_is_complete)
{
  KmsWriteback *writeback = player_open_display ();
  GstElement *source;
  GstDmabufFormatSet *sink_set, *source_set, *both;
  GstPad *pad;
  GstCaps *caps;
  Player player;
  guint i;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc name=source num-buffers=1"
      " ! dmabufkmssink name=sink");
  player_set_state (&player, GST_STATE_PAUSED);

  pad = gst_element_get_static_pad (player.sink, "sink");
  caps = gst_pad_query_caps (pad, NULL);
  sink_set = gst_dmabuf_format_set_from_caps (caps,
      GST_DMABUF_DIALECT_EXPLICIT);
  gst_caps_unref (caps);
  gst_object_unref (pad);

  source = gst_bin_get_by_name (GST_BIN (player.pipeline), "source");
  pad = gst_element_get_static_pad (source, "src");
  caps = gst_pad_get_pad_template_caps (pad);
  source_set = gst_dmabuf_format_set_from_caps (caps,
      GST_DMABUF_DIALECT_EXPLICIT);
  gst_caps_unref (caps);
  gst_object_unref (pad);
  gst_object_unref (source);

  both = gst_dmabuf_format_set_intersect (sink_set, source_set);
  for (i = 0; i < G_N_ELEMENTS (formats); i++) {
    GstDmabufFormat format = { formats[i].fourcc, GST_DMABUF_MOD_LINEAR };

    fail_unless (gst_dmabuf_format_set_contains (both, &format), "no %s",
        gst_dmabuf_format_to_string (&format));
  }
  fail_unless_equals_int (gst_dmabuf_format_set_get_n_formats (both),
      G_N_ELEMENTS (formats));

  gst_dmabuf_format_set_unref (both);
  gst_dmabuf_format_set_unref (source_set);
  gst_dmabuf_format_set_unref (sink_set);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* Sizes whose chroma and strides do not come out even. */
static const struct
{
  guint32 fourcc;
  guint width, height;
} odd_sizes[] = {
  {DRM_FORMAT_NV12, 321, 241},
  {DRM_FORMAT_YUV420, 333, 247},
  {DRM_FORMAT_RGB888, 331, 203},
  {DRM_FORMAT_XRGB8888, 129, 99},
  {DRM_FORMAT_NV16, 643, 361},
};

GST_START_TEST (test_odd_size)
{
  KmsWriteback *writeback = player_open_display ();
  guint width = odd_sizes[__i__].width, height = odd_sizes[__i__].height;
  Player player;
  Picture *picture;

  if (!writeback)
    return;
  init_for_format (&player, writeback, odd_sizes[__i__].fourcc, width, height);
  player_play (&player);
  picture = player_capture (&player, width, height);
  fail_unless_equals_int (player_read_counter (picture), N_FRAMES - 1);
  player_expect_bars (picture, 4, "odd size");
  player_expect_no_copies (&player, N_FRAMES);
  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* The two other dialects. */
static const gchar *const dialects[] = {
  "dmabuftestsrc num-buffers=3 ! video/x-raw,format=NV12,width=320,height=240"
      " ! dmabufkmssink name=sink sync=false zero-copy=require",
  "dmabuftestsrc num-buffers=3 ! video/x-raw,format=BGRx,width=320,height=240"
      " ! dmabufkmssink name=sink sync=false zero-copy=require",
  "dmabuftestsrc num-buffers=3 exporter=udmabuf"
      " ! video/x-raw,format=I420,width=320,height=240"
      " ! dmabufkmssink name=sink sync=false zero-copy=require",
  "dmabuftestsrc num-buffers=3 exporter=heap:system"
      " ! video/x-raw(memory:DMABuf),width=320,height=240"
      " ! dmabufkmssink name=sink sync=false zero-copy=require",
  "dmabuftestsrc num-buffers=3 ! video/x-raw(memory:DMABuf),width=320,height=240"
      " ! queue ! identity ! dmabufkmssink name=sink sync=false"
      " zero-copy=require",
};

GST_START_TEST (test_dialects_and_exporters)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  Picture *picture;

  if (!writeback)
    return;
  player_init (&player, writeback, dialects[__i__]);
  player_play (&player);
  picture = player_capture (&player, WIDTH, HEIGHT);
  fail_unless_equals_int (player_read_counter (picture), N_FRAMES - 1);
  player_expect_bars (picture, 3, dialects[__i__]);
  player_expect_no_copies (&player, N_FRAMES);
  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
testsource_suite (void)
{
  Suite *s = suite_create ("pipelines/testsource");
  TCase *tc = tcase_create ("vkms");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_table_is_complete);
  tcase_add_loop_test (tc, test_format, 0, G_N_ELEMENTS (formats));
  tcase_add_test (tc, test_source_stats);
  tcase_add_loop_test (tc, test_odd_size, 0, G_N_ELEMENTS (odd_sizes));
  tcase_add_loop_test (tc, test_dialects_and_exporters, 0,
      G_N_ELEMENTS (dialects));
  return s;
}

DMABUF_TEST_MAIN (testsource_suite)
