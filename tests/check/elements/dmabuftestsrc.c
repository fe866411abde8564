/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The frames of dmabuftestsrc: memory, picture, time. On every exporter of the
 * machine; where there is none, on simulated memory.
 */
#include "testsrcharness.h"

#include <sys/resource.h>

#include "../../../gst/dmabuf/dmabuftestpixels.h"

/* Every format that can be painted, in the picture's every byte. */
GST_START_TEST (test_explicit)
{
  const gchar *spec = specs[__i__];
  guint i, n;

  if (!have_exporter (spec))
    return;

  for (i = 0; i < dmabuf_test_pixels_n (); i++) {
    GstDmabufFormat format = { dmabuf_test_pixels_nth (i),
      GST_DMABUF_MOD_LINEAR
    };
    gchar *name = gst_dmabuf_format_to_string (&format);
    gchar *properties = g_strdup_printf ("exporter=%s", spec);
    gchar *caps = g_strdup_printf (EXPLICIT "drm-format=(string)\"%s\","
        "width=67,height=65", name);
    GstHarness *h = make_harness (properties, caps);
    GstDmabufVideoInfo info;

    gst_harness_play (h);
    for (n = 0; n < 2; n++) {
      GstBuffer *buffer = gst_harness_pull (h);

      fail_unless (buffer != NULL);
      info = get_info (h);
      fail_unless_equals_int (info.dialect, GST_DMABUF_DIALECT_EXPLICIT);
      fail_unless (gst_dmabuf_format_equal (&info.format, &format));
      fail_unless (gst_is_dmabuf_memory (gst_buffer_peek_memory (buffer, 0)));
      fail_unless (gst_buffer_get_video_meta (buffer) != NULL);
      fail_unless_equals_int (read_counter (buffer, &info), n);
      check_picture (buffer, &info, default_picture, n);
      gst_buffer_unref (buffer);
    }
    check_stat (h, "exporter", spec);
    check_stat (h, "dialect", "explicit");
    gst_harness_teardown (h);
    g_free (caps);
    g_free (properties);
    g_free (name);
  }
}

GST_END_TEST;

/* A buffer comes back with an older frame on it: nothing of that is left. */
GST_START_TEST (test_reused_buffers)
{
  GstHarness *h = make_harness ("exporter=memfd pattern=gradient",
      EXPLICIT "drm-format=NV12," SIZE);
  DmabufTestPatternConfig config = default_picture;
  GHashTable *seen = g_hash_table_new (NULL, NULL);
  guint i, fds = 0;

  config.kind = DMABUF_TEST_PATTERN_GRADIENT;
  gst_harness_play (h);
  for (i = 0; i < 40; i++) {
    GstBuffer *buffer = gst_harness_pull (h);
    GstDmabufVideoInfo info = get_info (h);

    check_picture (buffer, &info, config, i);
    g_hash_table_add (seen, gst_buffer_peek_memory (buffer, 0));
    gst_buffer_unref (buffer);
    if (i == 20)
      fds = dmabuf_test_count_fds ();
  }
  fail_unless (g_hash_table_size (seen) <= 4);
  fail_unless_equals_int (dmabuf_test_count_fds (), fds);
  g_hash_table_unref (seen);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_legacy)
{
  GstHarness *h = make_harness ("exporter=memfd legacy-layout=linear",
      LEGACY "format=NV12," SIZE);
  GstBuffer *buffer;
  GstDmabufVideoInfo info;
  gchar *text;

  gst_harness_play (h);
  buffer = gst_harness_pull (h);
  info = get_info (h);
  fail_unless_equals_int (info.dialect, GST_DMABUF_DIALECT_LEGACY);
  fail_unless (gst_dmabuf_format_is_implicit (&info.format));
  fail_unless_equals_int (read_counter (buffer, &info), 0);
  check_stat (h, "dialect", "legacy");
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);

  /* Nobody said that legacy memory is linear. */
  text = run_until_error ("exporter=memfd", LEGACY "format=NV12," SIZE);
  check_mentions (text, "NV12");
  g_free (text);
}

GST_END_TEST;

/* System caps: dma-bufs all the same, painted anew where an element wrote. */
GST_START_TEST (test_system)
{
  static const gchar *formats[] = { "NV12", "BGRx", "I420", "YUY2", "GRAY8" };
  guint i, n;

  for (i = 0; i < G_N_ELEMENTS (formats); i++) {
    gchar *caps = g_strdup_printf ("video/x-raw,format=%s," SIZE, formats[i]);
    GstHarness *h = make_harness ("exporter=memfd", caps);

    gst_harness_play (h);
    for (n = 0; n < 20; n++) {
      GstBuffer *buffer = gst_harness_pull (h);
      GstDmabufVideoInfo info = get_info (h);
      GstVideoFrame frame;

      fail_unless_equals_int (info.dialect, GST_DMABUF_DIALECT_SYSTEM);
      fail_unless (gst_is_dmabuf_memory (gst_buffer_peek_memory (buffer, 0)));
      check_picture (buffer, &info, default_picture, n);
      fail_unless (gst_video_frame_map (&frame, &info.vinfo, buffer,
              GST_MAP_READWRITE));
      memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0), 0x33, 1024);
      gst_video_frame_unmap (&frame);
      gst_buffer_unref (buffer);
    }
    check_stat (h, "dialect", "system");
    check_stat (h, "exporter", "memfd");
    gst_harness_teardown (h);
    g_free (caps);
  }
}

GST_END_TEST;

/* A property that changes while buffers of the old picture are in the pool. */
GST_START_TEST (test_change_of_picture)
{
  GstHarness *h = make_harness ("exporter=memfd",
      EXPLICIT "drm-format=NV12," SIZE);
  DmabufTestPatternConfig config = default_picture;
  GstDmabufVideoInfo info;
  GstBuffer *buffer;
  guint i;

  gst_harness_play (h);
  for (i = 0; i < 5; i++)
    gst_buffer_unref (gst_harness_pull (h));
  g_object_set (get_source (h), "pattern", DMABUF_TEST_PATTERN_SOLID,
      "foreground-color", 0xff804020, "frame-counter", FALSE, NULL);
  /* One frame waits to be pulled, and one may just have been painted. */
  for (i = 0; i < 2; i++)
    gst_buffer_unref (gst_harness_pull (h));

  info = get_info (h);
  config.kind = DMABUF_TEST_PATTERN_SOLID;
  config.argb = 0xff804020;
  config.animated = FALSE;
  for (i = 0; i < 10; i++) {
    buffer = gst_harness_pull (h);
    check_picture (buffer, &info, config, 0);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_times)
{
  GstHarness *h = make_harness ("exporter=memfd num-buffers=4 "
      "timestamp-offset=1000", EXPLICIT "drm-format=NV12,"
      "width=64,height=48,framerate=30000/1001");
  GstBuffer *buffer;
  guint64 i;

  gst_harness_play (h);
  for (i = 0; i < 4; i++) {
    GstClockTime start = gst_util_uint64_scale (i, 1001 * GST_SECOND, 30000);

    buffer = gst_harness_pull (h);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), start + 1000);
    fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer),
        gst_util_uint64_scale (i + 1, 1001 * GST_SECOND, 30000) - start);
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET (buffer), i);
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET_END (buffer), i + 1);
    gst_buffer_unref (buffer);
  }
  fail_unless (gst_harness_pull_until_eos (h, &buffer));
  fail_unless (buffer == NULL);
  gst_harness_teardown (h);

  h = make_harness ("exporter=memfd timestamp-offset=-50000000",
      EXPLICIT "drm-format=NV12," SIZE);
  gst_harness_play (h);
  for (i = 0; i < 3; i++) {
    buffer = gst_harness_pull (h);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer),
        i == 2 ? 30 * GST_MSECOND : 0);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (h);

  /* Without a rate there is one picture. */
  h = make_harness ("exporter=memfd", EXPLICIT "drm-format=NV12,"
      "width=64,height=48,framerate=0/1");
  gst_harness_play (h);
  buffer = gst_harness_pull (h);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), GST_CLOCK_TIME_NONE);
  gst_buffer_unref (buffer);
  fail_unless (gst_harness_pull_until_eos (h, &buffer));
  fail_unless (buffer == NULL);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_live)
{
  GstHarness *h = make_harness ("exporter=memfd is-live=true",
      EXPLICIT "drm-format=NV12," SIZE);
  GstQuery *query = gst_query_new_latency ();
  GstBuffer *buffer;
  gboolean live = FALSE;
  guint i;

  gst_harness_use_testclock (h);
  gst_harness_play (h);
  fail_unless (gst_pad_peer_query (h->sinkpad, query));
  gst_query_parse_latency (query, &live, NULL, NULL);
  fail_unless (live);
  gst_query_unref (query);

  for (i = 0; i < 4; i++) {
    /* Nothing comes before its time. */
    fail_unless (gst_harness_wait_for_clock_id_waits (h, 1, 30));
    fail_unless (gst_harness_try_pull (h) == NULL);
    fail_unless (gst_harness_crank_single_clock_wait (h));
    buffer = gst_harness_pull (h);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), i * 40 * GST_MSECOND);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Start and stop leave nothing behind; the fixture compares descriptors. */
GST_START_TEST (test_start_stop)
{
  const gchar *spec = specs[__i__];
  gchar *launch;
  GstElement *pipeline;
  guint i, before;

  if (!have_exporter (spec))
    return;

  launch = g_strdup_printf ("dmabuftestsrc exporter=%s ! " EXPLICIT
      "drm-format=NV12," SIZE " ! fakesink", spec);
  pipeline = gst_parse_launch (launch, NULL);
  fail_unless (GST_IS_PIPELINE (pipeline));
  before = dmabuf_test_count_dmabufs ();
  for (i = 0; i < 40; i++) {
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
            GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
    gst_element_set_state (pipeline, GST_STATE_NULL);
  }
  fail_unless_equals_int (dmabuf_test_count_dmabufs (), before);
  gst_object_unref (pipeline);
  g_free (launch);
}

GST_END_TEST;

/* Plays until the end or an error, and stops. */
static GstMessageType
run_to_end (GstElement * pipeline, GstBus * bus, GError ** error)
{
  GstMessage *message;
  GstMessageType type;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  type = GST_MESSAGE_TYPE (message);
  if (type == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, error, NULL);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bus_set_flushing (bus, TRUE);
  gst_bus_set_flushing (bus, FALSE);

  return type;
}

/* Each descriptor that a start needs is refused in turn: an error, or frames;
 * and frames again when the limit is gone. */
GST_START_TEST (test_no_descriptors)
{
  GstElement *pipeline = gst_parse_launch ("dmabuftestsrc exporter=memfd "
      "num-buffers=8 ! " EXPLICIT "drm-format=NV12," SIZE " ! fakesink", NULL);
  GstBus *bus = gst_element_get_bus (pipeline);
  struct rlimit before, limit;
  guint n_failed = 0, n_passed = 0, n_named = 0, extra;
  GLogLevelFlags fatal;
  GError *error = NULL;

  /* Whatever opens descriptors once and keeps them. */
  fail_unless_equals_int (run_to_end (pipeline, bus, NULL), GST_MESSAGE_EOS);
  getrlimit (RLIMIT_NOFILE, &before);
  for (extra = 0; n_passed == 0; extra++) {
    limit = before;
    limit.rlim_cur = dmabuf_test_count_fds () - 3 + extra;
    /* GStreamer's own buffer pools complain when they get no descriptors. */
    fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
    _gst_check_expecting_log = TRUE;
    setrlimit (RLIMIT_NOFILE, &limit);
    if (run_to_end (pipeline, bus, &error) == GST_MESSAGE_EOS) {
      n_passed++;
    } else {
      n_failed++;
      GST_INFO ("with %u more: %s", extra, error->message);
      n_named += strstr (error->message, "RLIMIT_NOFILE") != NULL;
      g_clear_error (&error);
    }
    setrlimit (RLIMIT_NOFILE, &before);
    _gst_check_expecting_log = FALSE;
    g_log_set_always_fatal (fatal);
    fail_unless_equals_int (run_to_end (pipeline, bus, NULL), GST_MESSAGE_EOS);
  }
  fail_unless (n_failed > 0);
  /* The reason is the limit, and the limit has a name. */
  fail_unless (n_named > 0);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
}

GST_END_TEST;

/* Any element takes system caps: through a converter the number is still
 * there. */
GST_START_TEST (test_through_converter)
{
  GstHarness *h =
      gst_harness_new_parse
      ("dmabuftestsrc exporter=memfd ! video/x-raw,format=NV12," SIZE
      " ! videoconvert ! capsfilter caps=video/x-raw,format=BGRx");
  guint i;

  gst_harness_play (h);
  for (i = 0; i < 5; i++) {
    GstBuffer *buffer = gst_harness_pull (h);
    guint32 counter = 99;
    GstMapInfo map;

    fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
    fail_unless (dmabuf_test_pattern_read_counter (DRM_FORMAT_XRGB8888,
            map.data, 128 * 4, &counter));
    fail_unless_equals_int (counter, i);
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (h);
}

GST_END_TEST;

static Suite *
dmabuftestsrc_suite (void)
{
  Suite *suite = suite_create ("dmabuftestsrc");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_explicit, 0, G_N_ELEMENTS (specs));
  tcase_add_test (tcase, test_reused_buffers);
  tcase_add_test (tcase, test_legacy);
  tcase_add_test (tcase, test_system);
  tcase_add_test (tcase, test_change_of_picture);
  tcase_add_test (tcase, test_times);
  tcase_add_test (tcase, test_live);
  tcase_add_loop_test (tcase, test_start_stop, 0, G_N_ELEMENTS (specs));
  tcase_add_test (tcase, test_no_descriptors);
  tcase_add_test (tcase, test_through_converter);

  return suite;
}

DMABUF_TEST_MAIN (dmabuftestsrc_suite);
