/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The way of frames through the display base class when something is in the
 * way: a pause, a flush, no memory for a while, a display that refuses a frame
 * only when it is to show it.
 */
#include "countersink.h"

#define CAPS "video/x-raw,format=NV12,width=320,height=240,framerate=30/1"
#define SIZE (320 * 240 * 3 / 2)

static GstHarness *
start (CounterSink ** sink, GstBus ** bus)
{
  GstHarness *h = counter_sink_harness_new (sink);

  *bus = gst_bus_new ();
  gst_element_set_bus (GST_ELEMENT (*sink), *bus);
  gst_harness_play (h);
  gst_harness_set_src_caps_str (h, CAPS);
  return h;
}

/* The first frame is shown as preroll; a failure there is tried again. */
static void
preroll (GstHarness * h, CounterSink * sink)
{
  fail_unless_equals_int (gst_harness_push (h,
          counter_sink_plain_buffer (SIZE, 0)), GST_FLOW_OK);
  fail_unless_equals_int (sink->shown, 1);
  sink->shown = 0;
}

static void
end (GstHarness * h, CounterSink * sink, GstBus * bus)
{
  gst_element_set_bus (GST_ELEMENT (sink), NULL);
  gst_object_unref (bus);
  counter_sink_harness_end (h, sink);
}

static guint
count_messages (GstBus * bus, GstMessageType type)
{
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop_filtered (bus, type))) {
    n++;
    gst_message_unref (message);
  }
  return n;
}

static GstFlowReturn
push (GstHarness * h, guint8 byte)
{
  return gst_harness_push (h, counter_sink_plain_buffer (SIZE, byte));
}

/* A frame of the pool that the display proposes. */
static GstFlowReturn
push_pooled (GstHarness * h)
{
  GstCaps *caps = gst_caps_from_string (CAPS);
  GstQuery *query = gst_query_new_allocation (caps, TRUE);
  GstBufferPool *pool;
  GstBuffer *buffer;

  fail_unless (gst_pad_peer_query (h->srcpad, query));
  gst_query_parse_nth_allocation_pool (query, 0, &pool, NULL, NULL, NULL);
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  fail_unless_equals_int (gst_buffer_pool_acquire_buffer (pool, &buffer, NULL),
      GST_FLOW_OK);
  gst_buffer_pool_set_active (pool, FALSE);
  gst_object_unref (pool);
  gst_query_unref (query);
  gst_caps_unref (caps);
  return gst_harness_push (h, buffer);
}

/* Waits */

static gpointer
push_in_thread (gpointer user_data)
{
  return GINT_TO_POINTER (push (user_data, 7));
}

static GThread *
push_until_blocked (GstHarness * h, CounterSink * sink)
{
  GThread *thread;

  g_atomic_int_set (&sink->blocked, 0);
  g_atomic_int_set (&sink->blocks, TRUE);
  thread = g_thread_new ("push", push_in_thread, h);
  while (g_atomic_int_get (&sink->blocked) == 0)
    g_thread_yield ();
  return thread;
}

static GstFlowReturn
join (GThread * thread)
{
  return GPOINTER_TO_INT (g_thread_join (thread));
}

/* The frame that waits for the display waits for the pipeline, and is shown
 * afterwards; upstream is not told to stop. */
GST_START_TEST (test_pause_while_showing)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);
  GstState state;
  GThread *thread;
  guint i;

  for (i = 1; i <= 3; i++) {
    thread = push_until_blocked (h, sink);
    fail_unless_equals_int (gst_element_set_state (GST_ELEMENT (sink),
            GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
    fail_unless_equals_int (gst_element_get_state (GST_ELEMENT (sink), &state,
            NULL, GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
    fail_unless_equals_int (state, GST_STATE_PAUSED);
    g_atomic_int_set (&sink->blocks, FALSE);
    gst_element_set_state (GST_ELEMENT (sink), GST_STATE_PLAYING);
    fail_unless_equals_int (join (thread), GST_FLOW_OK);
    fail_unless_equals_int (sink->shown, i);
    fail_unless_equals_int (sink->first_byte, 7);
  }
  /* Copied once each, however often it was to be shown. */
  fail_unless_equals_uint64 (counter_sink_get (sink, "staged"), 3);
  fail_unless_equals_uint64 (counter_sink_get (sink, "frames"), 3);
  end (h, sink, bus);
}

GST_END_TEST;

GST_START_TEST (test_flush_while_showing)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);
  GThread *thread = push_until_blocked (h, sink);
  GstSegment segment;

  fail_unless (gst_harness_push_event (h, gst_event_new_flush_start ()));
  fail_unless_equals_int (join (thread), GST_FLOW_FLUSHING);
  fail_unless_equals_int (sink->shown, 0);
  g_atomic_int_set (&sink->blocks, FALSE);
  fail_unless (gst_harness_push_event (h, gst_event_new_flush_stop (TRUE)));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  fail_unless (gst_harness_push_event (h, gst_event_new_segment (&segment)));
  fail_unless_equals_int (push (h, 1), GST_FLOW_OK);
  fail_unless_equals_int (sink->shown, 1);
  end (h, sink, bus);
}

GST_END_TEST;

GST_START_TEST (test_stop_while_paused_in_show)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);
  GThread *thread = push_until_blocked (h, sink);

  gst_element_set_state (GST_ELEMENT (sink), GST_STATE_PAUSED);
  fail_unless_equals_int (gst_element_set_state (GST_ELEMENT (sink),
          GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  fail_unless_equals_int (join (thread), GST_FLOW_FLUSHING);
  end (h, sink, bus);
}

GST_END_TEST;

/* Shortages */

GST_START_TEST (test_shortage_passes)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);
  guint i;

  preroll (h, sink);
  sink->show_error = GST_DMABUF_ERROR_EXHAUSTED;
  sink->n_show_errors = 3;
  for (i = 0; i < 5; i++)
    fail_unless_equals_int (push (h, i), GST_FLOW_OK);
  fail_unless_equals_int (sink->shown, 2);
  fail_unless_equals_uint64 (counter_sink_get (sink, "dropped"), 3);
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_WARNING), 1);
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_ERROR), 0);

  /* Another shortage is another warning. */
  sink->n_show_errors = 1;
  fail_unless_equals_int (push (h, 9), GST_FLOW_OK);
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_WARNING), 1);
  end (h, sink, bus);
}

GST_END_TEST;

GST_START_TEST (test_shortage_stays)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);
  GstFlowReturn ret = GST_FLOW_OK;
  guint n = 0;

  sink->show_error = GST_DMABUF_ERROR_EXHAUSTED;
  sink->n_show_errors = G_MAXUINT;
  for (; ret == GST_FLOW_OK; n++) {
    fail_unless (n < 100);
    ret = push (h, 1);
  }
  fail_unless_equals_int (ret, GST_FLOW_ERROR);
  fail_unless (n > 10);
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_ERROR), 1);
  end (h, sink, bus);
}

GST_END_TEST;

/* No memory for a framebuffer says nothing about the format. */
GST_START_TEST (test_shortage_strikes_no_format)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);
  GstCaps *caps, *wanted = gst_caps_from_string (CAPS);

  fail_unless_equals_int (push (h, 1), GST_FLOW_OK);
  gst_dmabuf_video_sink_drop_imports (GST_DMABUF_VIDEO_SINK (sink));
  sink->import_error = GST_DMABUF_ERROR_EXHAUSTED;
  fail_unless_equals_int (push (h, 2), GST_FLOW_OK);
  fail_unless_equals_uint64 (counter_sink_get (sink, "dropped"), 1);
  caps = gst_pad_query_caps (GST_BASE_SINK_PAD (sink), NULL);
  fail_unless (gst_caps_can_intersect (caps, wanted));
  sink->import_error = -1;
  fail_unless_equals_int (push (h, 3), GST_FLOW_OK);
  fail_unless_equals_int (sink->shown, 2);
  gst_caps_unref (caps);
  gst_caps_unref (wanted);
  end (h, sink, bus);
}

GST_END_TEST;

/* Nor is it a reason to copy, which takes more memory. */
GST_START_TEST (test_shortage_copies_nothing)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);

  fail_unless_equals_int (push_pooled (h), GST_FLOW_OK);
  gst_dmabuf_video_sink_drop_imports (GST_DMABUF_VIDEO_SINK (sink));
  sink->import_error = GST_DMABUF_ERROR_EXHAUSTED;
  fail_unless_equals_int (push_pooled (h), GST_FLOW_OK);
  fail_unless_equals_uint64 (counter_sink_get (sink, "staged"), 0);
  fail_unless_equals_uint64 (counter_sink_get (sink, "dropped"), 1);
  sink->import_error = -1;
  end (h, sink, bus);
}

GST_END_TEST;

/* Refusals when it is to be shown */

GST_START_TEST (test_refused_when_shown)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);

  sink->show_error = GST_DMABUF_ERROR_REFUSED;
  sink->n_show_errors = 1;
  fail_unless_equals_int (push_pooled (h), GST_FLOW_OK);
  fail_unless_equals_int (sink->shown, 1);
  fail_unless_equals_uint64 (counter_sink_get (sink, "staged-import-refused"),
      1);
  end (h, sink, bus);
}

GST_END_TEST;

GST_START_TEST (test_copy_refused_when_shown)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);
  GstCaps *caps, *wanted = gst_caps_from_string (CAPS);

  preroll (h, sink);
  sink->show_error = GST_DMABUF_ERROR_REFUSED;
  sink->n_show_errors = 2;
  fail_unless_equals_int (push_pooled (h), GST_FLOW_OK);
  fail_unless_equals_int (sink->shown, 0);
  fail_unless_equals_uint64 (counter_sink_get (sink, "dropped"), 1);
  caps = gst_pad_query_caps (GST_BASE_SINK_PAD (sink), NULL);
  fail_if (gst_caps_can_intersect (caps, wanted));
  gst_caps_unref (caps);
  gst_caps_unref (wanted);
  end (h, sink, bus);
}

GST_END_TEST;

/* Copies of another size */

/* What luma and chroma are at a pixel of the picture that is shown. */
static void
expect_pixel (const CounterSink * sink, guint x, guint y, guint8 luma,
    guint8 chroma)
{
  const GstDmabufPlane *planes = sink->layout.planes;
  gsize luma_at = planes[0].offset + y * planes[0].stride + x;
  gsize chroma_at = planes[1].offset + y / 2 * planes[1].stride + x / 2 * 2;
  GstMapInfo map;

  fail_unless (gst_buffer_map (sink->on_screen_buffer, &map, GST_MAP_READ));
  fail_unless (map.data[luma_at] == luma && map.data[chroma_at] == chroma
      && map.data[chroma_at + 1] == chroma, "%u,%u: %u %u %u", x, y,
      map.data[luma_at], map.data[chroma_at], map.data[chroma_at + 1]);
  gst_buffer_unmap (sink->on_screen_buffer, &map);
}

static GstHarness *
start_canvas (CounterSink ** sink, GstBus ** bus,
    const GstVideoRectangle * area)
{
  GstHarness *h = counter_sink_harness_new (sink);

  *bus = gst_bus_new ();
  gst_element_set_bus (GST_ELEMENT (*sink), *bus);
  (*sink)->canvas_width = 400;
  (*sink)->canvas_height = 300;
  (*sink)->canvas_area = *area;
  gst_harness_play (h);
  return h;
}

/* A frame in the middle of black, whoever's memory it is in. */
GST_START_TEST (test_canvas)
{
  const GstVideoRectangle whole = { 0, 0, 400, 300 };
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start_canvas (&sink, &bus, &whole);
  guint i;

  gst_harness_set_src_caps_str (h, CAPS ",colorimetry=bt601");
  for (i = 0; i < 5; i++) {
    fail_unless_equals_int (push (h, 200 + i), GST_FLOW_OK);
    fail_unless_equals_int (sink->layout.width, 400);
    fail_unless_equals_int (sink->layout.height, 300);
    expect_pixel (sink, 40, 30, 200 + i, 200 + i);
    expect_pixel (sink, 359, 269, 200 + i, 200 + i);
    expect_pixel (sink, 39, 30, 16, 128);
    expect_pixel (sink, 360, 269, 16, 128);
    expect_pixel (sink, 40, 29, 16, 128);
    expect_pixel (sink, 359, 270, 16, 128);
    expect_pixel (sink, 0, 0, 16, 128);
    expect_pixel (sink, 399, 299, 16, 128);
  }
  fail_unless_equals_int (push_pooled (h), GST_FLOW_OK);
  fail_unless_equals_uint64 (counter_sink_get (sink, "staged-display-size"), 6);
  fail_unless_equals_uint64 (counter_sink_get (sink, "staged"), 6);
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_ELEMENT), 1);

  /* A size that fits needs none of it. */
  sink->canvas_width = 0;
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=400,height=300,framerate=30/1");
  fail_unless_equals_int (gst_harness_push (h,
          counter_sink_plain_buffer (400 * 300 * 3 / 2, 1)), GST_FLOW_OK);
  fail_unless_equals_uint64 (counter_sink_get (sink, "staged-display-size"), 6);
  end (h, sink, bus);
}

GST_END_TEST;

/* The visible part only, where the user wants it, cut off at the edges. */
GST_START_TEST (test_canvas_with_crop)
{
  const GstVideoRectangle area = { 350, -20, 100, 60 };
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start_canvas (&sink, &bus, &area);
  GstBuffer *buffer = counter_sink_plain_buffer (SIZE, 77);
  GstVideoCropMeta *crop = gst_buffer_add_video_crop_meta (buffer);

  crop->x = 101;
  crop->y = 33;
  crop->width = 20;
  crop->height = 400;
  gst_harness_set_src_caps_str (h, CAPS ",colorimetry=2:4:16:4");
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
  /* The area is 350..400, 0..40; the part 20 wide and 207 high. */
  expect_pixel (sink, 364, 0, 77, 77);
  expect_pixel (sink, 383, 39, 77, 77);
  expect_pixel (sink, 363, 0, 16, 128);
  expect_pixel (sink, 384, 0, 16, 128);
  expect_pixel (sink, 364, 40, 16, 128);
  end (h, sink, bus);
}

GST_END_TEST;

GST_START_TEST (test_canvas_is_a_copy)
{
  const GstVideoRectangle whole = { 0, 0, 400, 300 };
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start_canvas (&sink, &bus, &whole);
  GstMessage *message;
  GError *error;

  g_object_set (sink, "zero-copy", GST_DMABUF_ZERO_COPY_REQUIRE, NULL);
  gst_harness_set_src_caps_str (h, CAPS);
  fail_unless (push (h, 1) < GST_FLOW_OK);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (strstr (error->message, "zero-copy=require")
      && strstr (error->message, "400x300"), "%s", error->message);
  g_error_free (error);
  gst_message_unref (message);
  fail_unless_equals_int (sink->shown, 0);
  end (h, sink, bus);
}

GST_END_TEST;

/* A decoder's frame has more rows than its caps; the visible ones are last. */
GST_START_TEST (test_copy_of_a_larger_frame)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);
  gsize offset[GST_VIDEO_MAX_PLANES] = { 0, 320 * 256 };
  gint stride[GST_VIDEO_MAX_PLANES] = { 320, 320 };
  GstBuffer *buffer = counter_sink_plain_buffer (320 * 256 * 3 / 2, 9);
  GstVideoCropMeta *crop;

  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_NV12, 320, 256, 2, offset, stride);
  crop = gst_buffer_add_video_crop_meta (buffer);
  crop->y = 16;
  crop->width = 320;
  crop->height = 240;
  gst_buffer_memset (buffer, 320 * 16, 55, 320);
  gst_buffer_memset (buffer, 320 * 255, 66, 320);
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
  fail_unless (sink->crop.y == 0 && sink->crop.h == 240);
  expect_pixel (sink, 0, 0, 55, 9);
  expect_pixel (sink, 0, 1, 9, 9);
  expect_pixel (sink, 319, 239, 66, 9);
  end (h, sink, bus);
}

GST_END_TEST;

/* What every sink of GStreamer counts, and what this one counts. */
GST_START_TEST (test_stats)
{
  CounterSink *sink;
  GstBus *bus;
  GstHarness *h = start (&sink, &bus);
  GstStructure *stats;

  fail_unless_equals_int (push (h, 1), GST_FLOW_OK);
  fail_unless_equals_int (push (h, 2), GST_FLOW_OK);
  sink->show_error = GST_DMABUF_ERROR_EXHAUSTED;
  sink->n_show_errors = 1;
  fail_unless_equals_int (push (h, 3), GST_FLOW_OK);
  fail_unless_equals_uint64 (counter_sink_get (sink, "rendered"), 3);
  fail_unless_equals_uint64 (counter_sink_get (sink, "frames"), 2);
  fail_unless_equals_uint64 (counter_sink_get (sink, "dropped"), 1);
  fail_unless_equals_uint64 (counter_sink_get (sink, "late"), 0);
  g_object_get (sink, "stats", &stats, NULL);
  fail_unless (gst_structure_has_field_typed (stats, "average-rate",
          G_TYPE_DOUBLE));
  fail_unless (gst_structure_has_field_typed (stats, "dropped", G_TYPE_UINT64));
  gst_structure_free (stats);
  end (h, sink, bus);
}

GST_END_TEST;

static Suite *
videosinkflow_suite (void)
{
  Suite *s = suite_create ("videosinkflow");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_pause_while_showing);
  tcase_add_test (tc, test_flush_while_showing);
  tcase_add_test (tc, test_stop_while_paused_in_show);
  tcase_add_test (tc, test_shortage_passes);
  tcase_add_test (tc, test_shortage_stays);
  tcase_add_test (tc, test_shortage_strikes_no_format);
  tcase_add_test (tc, test_shortage_copies_nothing);
  tcase_add_test (tc, test_refused_when_shown);
  tcase_add_test (tc, test_copy_refused_when_shown);
  tcase_add_test (tc, test_canvas);
  tcase_add_test (tc, test_canvas_with_crop);
  tcase_add_test (tc, test_canvas_is_a_copy);
  tcase_add_test (tc, test_copy_of_a_larger_frame);
  tcase_add_test (tc, test_stats);
  return s;
}

DMABUF_TEST_MAIN (videosinkflow_suite)
