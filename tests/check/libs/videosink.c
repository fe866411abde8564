/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The display base class, driven through a display that is a counter: it takes
 * simulated memory, so that negotiation, import cache, staging and errors are
 * tested without a device.
 */
#include "countersink.h"

GST_START_TEST (test_caps_order)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);
  GstCaps *caps;
  GstStructure *s;
  gint max;

  gst_harness_play (h);
  caps = gst_pad_query_caps (GST_BASE_SINK_PAD (sink), NULL);
  fail_unless (gst_caps_features_contains (gst_caps_get_features (caps, 0),
          "memory:DMABuf"));
  s = gst_caps_get_structure (caps, gst_caps_get_size (caps) - 1);
  fail_if (gst_caps_features_contains (gst_caps_get_features (caps,
              gst_caps_get_size (caps) - 1), "memory:DMABuf"));
  max = gst_value_get_int_range_max (gst_structure_get_value (s, "width"));
  fail_unless_equals_int (max, 4096);
  /* No implicit member: no legacy caps. */
  {
    GstCaps *legacy =
        gst_caps_from_string ("video/x-raw(memory:DMABuf),format=NV12");
    fail_if (gst_caps_can_intersect (caps, legacy));
    gst_caps_unref (legacy);
  }
  gst_caps_unref (caps);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

/* Frames of the proposed pool are imported once each and never copied. */
GST_START_TEST (test_proposed_pool)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);
  GstCaps *caps = gst_caps_from_string
      ("video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  GstQuery *query = gst_query_new_allocation (caps, TRUE);
  GstDmabufConstraints constraints;
  GstBufferPool *pool;
  guint size, min, max, i;

  gst_harness_play (h);
  gst_harness_set_src_caps (h, gst_caps_ref (caps));
  fail_unless (gst_pad_peer_query (h->srcpad, query));
  fail_unless (gst_query_find_allocation_meta (query,
          GST_VIDEO_META_API_TYPE, NULL));
  fail_unless (gst_query_find_allocation_meta (query,
          GST_VIDEO_CROP_META_API_TYPE, NULL));
  fail_unless (gst_dmabuf_constraints_from_query (&constraints, query, NULL));
  fail_unless_equals_int (constraints.offset_align, 64);
  gst_query_parse_nth_allocation_pool (query, 0, &pool, &size, &min, &max);
  fail_unless (pool != NULL);
  fail_unless (size >= 320 * 240 * 3 / 2);
  fail_unless (min >= 3);
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  sink->imports = sink->frees = 0;

  for (i = 0; i < 20; i++) {
    GstBuffer *buffer;

    fail_unless_equals_int (gst_buffer_pool_acquire_buffer (pool, &buffer,
            NULL), GST_FLOW_OK);
    gst_buffer_memset (buffer, 0, i, 1);
    fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
    fail_unless_equals_int (sink->first_byte, i);
  }
  fail_unless_equals_int (counter_sink_get (sink, "frames"), 20);
  fail_unless_equals_int (counter_sink_get (sink, "staged"), 0);
  fail_unless (counter_sink_get (sink, "imported") <= 3);
  fail_unless_equals_int (counter_sink_get (sink,
          "imported") + counter_sink_get (sink, "cache-hits"), 20);

  gst_query_unref (query);
  gst_buffer_pool_set_active (pool, FALSE);
  gst_object_unref (pool);
  gst_caps_unref (caps);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_system_memory_is_staged_once_announced)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  guint i, announced = 0;

  gst_element_set_bus (GST_ELEMENT (sink), bus);
  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=322,height=242,framerate=30/1");
  for (i = 0; i < 5; i++) {
    GstVideoInfo info;

    gst_video_info_set_format (&info, GST_VIDEO_FORMAT_NV12, 322, 242);
    fail_unless_equals_int (gst_harness_push (h,
            counter_sink_plain_buffer (info.size, 100 + i)), GST_FLOW_OK);
    fail_unless_equals_int (sink->first_byte, 100 + i);
  }
  fail_unless_equals_int (counter_sink_get (sink, "staged"), 5);
  fail_unless_equals_int (counter_sink_get (sink, "staged-system-memory"), 5);
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT))) {
    if (gst_message_has_name (message, "dmabuf-staging"))
      announced++;
    gst_message_unref (message);
  }
  fail_unless_equals_int (announced, 1);
  gst_element_set_bus (GST_ELEMENT (sink), NULL);
  gst_object_unref (bus);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_require_makes_a_copy_an_error)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GError *error;

  g_object_set (sink, "zero-copy", GST_DMABUF_ZERO_COPY_REQUIRE, NULL);
  gst_element_set_bus (GST_ELEMENT (sink), bus);
  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  fail_unless_equals_int (gst_harness_push (h,
          counter_sink_plain_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (strstr (error->message, "zero-copy=require") != NULL, "%s",
      error->message);
  g_error_free (error);
  gst_message_unref (message);
  fail_unless_equals_int (sink->shown, 0);
  gst_element_set_bus (GST_ELEMENT (sink), NULL);
  gst_object_unref (bus);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

/* A short buffer of plain memory is an error with numbers, not a crash. */
GST_START_TEST (test_short_buffer)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);

  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  fail_unless_equals_int (gst_harness_push (h,
          counter_sink_plain_buffer (320 * 240, 1)), GST_FLOW_ERROR);
  fail_unless_equals_int (sink->shown, 0);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

/* Our own memory refused as well: the pair is struck, upstream is told. */
GST_START_TEST (test_refused_pair_is_struck)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);
  GstCaps *caps, *system;
  GstEvent *event;
  gboolean reconfigure = FALSE;

  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  fail_unless_equals_int (gst_harness_push (h,
          counter_sink_plain_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_OK);
  fail_unless_equals_int (sink->shown, 1);
  sink->refuses_import = TRUE;
  gst_dmabuf_video_sink_drop_imports (GST_DMABUF_VIDEO_SINK (sink));
  fail_unless_equals_int (gst_harness_push (h,
          counter_sink_plain_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_OK);
  fail_unless_equals_int (counter_sink_get (sink, "dropped"), 1);

  caps = gst_pad_query_caps (GST_BASE_SINK_PAD (sink), NULL);
  system = gst_caps_from_string ("video/x-raw,format=NV12");
  fail_if (gst_caps_can_intersect (caps, system));
  gst_caps_unref (system);
  gst_caps_unref (caps);
  while ((event = gst_harness_try_pull_upstream_event (h))) {
    reconfigure |= GST_EVENT_TYPE (event) == GST_EVENT_RECONFIGURE;
    gst_event_unref (event);
  }
  fail_unless (reconfigure);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_formats_changed_only_when_they_did)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);
  GstCaps *caps;
  GstEvent *event;
  guint reconfigures = 0;

  gst_harness_play (h);
  caps = gst_pad_query_caps (GST_BASE_SINK_PAD (sink), NULL);
  gst_caps_unref (caps);
  while ((event = gst_harness_try_pull_upstream_event (h)))
    gst_event_unref (event);

  gst_dmabuf_video_sink_formats_changed (GST_DMABUF_VIDEO_SINK (sink));
  sink->tiled_only = TRUE;
  gst_dmabuf_video_sink_formats_changed (GST_DMABUF_VIDEO_SINK (sink));
  gst_dmabuf_video_sink_formats_changed (GST_DMABUF_VIDEO_SINK (sink));
  while ((event = gst_harness_try_pull_upstream_event (h))) {
    reconfigures += GST_EVENT_TYPE (event) == GST_EVENT_RECONFIGURE;
    gst_event_unref (event);
  }
  fail_unless_equals_int (reconfigures, 1);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_caps_outside_the_set_are_refused_in_words)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);
  GstBus *bus = gst_bus_new ();
  GstCaps *caps = gst_caps_from_string ("video/x-raw(memory:DMABuf),"
      "format=DMA_DRM,drm-format=XR24:0x0100000000000002,width=64,height=64,"
      "framerate=30/1");
  GstMessage *message;
  GError *error;

  gst_element_set_bus (GST_ELEMENT (sink), bus);
  gst_harness_play (h);
  fail_if (GST_BASE_SINK_GET_CLASS (sink)->set_caps (GST_BASE_SINK (sink),
          caps));
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (strstr (error->message, "XR24") && strstr (error->message,
          "NV12"), "%s", error->message);
  g_error_free (error);
  gst_message_unref (message);
  gst_caps_unref (caps);
  gst_element_set_bus (GST_ELEMENT (sink), NULL);
  gst_object_unref (bus);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

static GstFlowReturn
push_cropped (GstHarness * h)
{
  GstBuffer *buffer = counter_sink_plain_buffer (320 * 240 * 3 / 2, 1);
  GstVideoCropMeta *crop = gst_buffer_add_video_crop_meta (buffer);

  crop->x = 16;
  crop->y = 8;
  crop->width = 100;
  crop->height = 50;
  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  return gst_harness_push (h, buffer);
}

GST_START_TEST (test_crop_reaches_the_display)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);

  fail_unless_equals_int (push_cropped (h), GST_FLOW_OK);
  fail_unless (sink->crop.x == 16 && sink->crop.y == 8
      && sink->crop.w == 100 && sink->crop.h == 50);
  fail_unless_equals_int (sink->layout.width, 320);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

/* The part becomes a frame of its own, in the same memory. */
GST_START_TEST (test_crop_for_a_display_of_whole_frames)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);
  const GstDmabufPlane *planes = sink->layout.planes;

  sink->whole_only = TRUE;
  fail_unless_equals_int (push_cropped (h), GST_FLOW_OK);
  fail_unless (sink->crop.x == 0 && sink->crop.y == 0);
  fail_unless_equals_int (sink->layout.width, 100);
  fail_unless_equals_int (sink->layout.height, 50);
  fail_unless_equals_uint64 (planes[0].offset, 8 * planes[0].stride + 16);
  fail_unless (planes[1].offset >= 240 * planes[0].stride
      + 4 * planes[1].stride + 16);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

/* A display that takes no simulated memory, and no other exporter. */
GST_START_TEST (test_nothing_to_stage_into)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);

  sink->takes_simulated = FALSE;
  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  fail_unless_equals_int (gst_harness_push (h,
          counter_sink_plain_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_ERROR);
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_states)
{
  CounterSink *sink;
  GstHarness *h = counter_sink_harness_new (&sink);
  guint i;

  for (i = 0; i < 50; i++) {
    gst_harness_play (h);
    gst_harness_set_src_caps_str (h,
        "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
    fail_unless_equals_int (gst_harness_push (h,
            counter_sink_plain_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_OK);
    fail_unless_equals_int (gst_element_set_state (GST_ELEMENT (sink),
            GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  }
  counter_sink_harness_end (h, sink);
}

GST_END_TEST;

static Suite *
videosink_suite (void)
{
  Suite *s = suite_create ("videosink");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_caps_order);
  tcase_add_test (tc, test_proposed_pool);
  tcase_add_test (tc, test_system_memory_is_staged_once_announced);
  tcase_add_test (tc, test_require_makes_a_copy_an_error);
  tcase_add_test (tc, test_short_buffer);
  tcase_add_test (tc, test_refused_pair_is_struck);
  tcase_add_test (tc, test_formats_changed_only_when_they_did);
  tcase_add_test (tc, test_caps_outside_the_set_are_refused_in_words);
  tcase_add_test (tc, test_crop_reaches_the_display);
  tcase_add_test (tc, test_crop_for_a_display_of_whole_frames);
  tcase_add_test (tc, test_nothing_to_stage_into);
  tcase_add_test (tc, test_states);
  return s;
}

DMABUF_TEST_MAIN (videosink_suite)
