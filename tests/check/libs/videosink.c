/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The display base class, driven through a display that is a counter: it takes
 * simulated memory, so that negotiation, import cache, staging and errors are
 * tested without a device.
 */
#include <gst/check/gstharness.h>
#include <gst/dmabuf/gstdmabuferror.h>
#include <gst/dmabuf/gstdmabufvideosink.h>
#include "dmabuftest.h"

#define NV12 GST_MAKE_FOURCC ('N', 'V', '1', '2')
#define XR24 GST_MAKE_FOURCC ('X', 'R', '2', '4')
#define TILED G_GUINT64_CONSTANT (0x0400000000000001)

/* The display */

typedef struct
{
  GstDmabufVideoSink parent;
  gboolean takes_simulated;
  gboolean refuses_import, tiled_only;
  guint imports, frees, shown;
  GstDmabufImport *on_screen;
  GstBuffer *on_screen_buffer;
  guint8 first_byte;
  gboolean whole_only;
  GstVideoRectangle crop;
  GstDmabufLayout layout;
} CounterSink;

typedef struct
{
  GstDmabufVideoSinkClass parent_class;
} CounterSinkClass;

static GType counter_sink_get_type (void);
G_DEFINE_TYPE (CounterSink, counter_sink, GST_TYPE_DMABUF_VIDEO_SINK);

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-raw(memory:DMABuf); video/x-raw"));

static GstDmabufFormatSet *
counter_sink_get_formats (GstDmabufVideoSink * sink, GError ** error)
{
  CounterSink *self = (CounterSink *) sink;
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  GstDmabufFormat tiled = { NV12, TILED }, nv12 = { NV12, 0 };
  GstDmabufFormat xr24 = { XR24, 0 };

  gst_dmabuf_format_set_builder_add (builder, &tiled);
  if (!self->tiled_only) {
    gst_dmabuf_format_set_builder_add (builder, &nv12);
    gst_dmabuf_format_set_builder_add (builder, &xr24);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

static void
counter_sink_get_limits (GstDmabufVideoSink * sink,
    GstDmabufSinkLimits * limits)
{
  limits->max_width = 4096;
  limits->max_height = 2160;
  limits->can_crop = !((CounterSink *) sink)->whole_only;
  limits->can_import_simulated = ((CounterSink *) sink)->takes_simulated;
}

static gpointer
counter_sink_import (GstDmabufVideoSink * sink, const GstDmabufFrame * frame,
    GError ** error)
{
  CounterSink *self = (CounterSink *) sink;

  if (self->refuses_import) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
        "the counter says no");
    return NULL;
  }
  self->imports++;
  return g_malloc (1);
}

static void
counter_sink_free_import (GstDmabufVideoSink * sink, gpointer handle)
{
  g_free (handle);
  ((CounterSink *) sink)->frees++;
}

static void
let_go (CounterSink * self)
{
  g_clear_pointer (&self->on_screen, gst_dmabuf_import_unref);
  gst_clear_buffer (&self->on_screen_buffer);
}

static GstFlowReturn
counter_sink_show (GstDmabufVideoSink * sink, GstDmabufImport * import,
    const GstDmabufFrame * frame, GstBuffer * buffer, GError ** error)
{
  CounterSink *self = (CounterSink *) sink;
  GstMapInfo map;

  let_go (self);
  self->on_screen = gst_dmabuf_import_ref (import);
  self->on_screen_buffer = gst_buffer_ref (buffer);
  self->crop = frame->crop;
  self->layout = frame->layout;
  fail_unless (gst_memory_map (frame->memories[0], &map, GST_MAP_READ));
  self->first_byte = map.data[0];
  gst_memory_unmap (frame->memories[0], &map);
  self->shown++;
  return GST_FLOW_OK;
}

static gboolean
counter_sink_stop (GstBaseSink * sink)
{
  let_go ((CounterSink *) sink);
  return GST_BASE_SINK_CLASS (counter_sink_parent_class)->stop (sink);
}

static void
counter_sink_class_init (CounterSinkClass * klass)
{
  GstDmabufVideoSinkClass *sink_class = (GstDmabufVideoSinkClass *) klass;

  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass),
      &sink_template);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass),
      "Counter", "Sink/Video", "Counts", "the tests");
  GST_BASE_SINK_CLASS (klass)->stop = counter_sink_stop;
  sink_class->get_formats = counter_sink_get_formats;
  sink_class->get_limits = counter_sink_get_limits;
  sink_class->import = counter_sink_import;
  sink_class->free_import = counter_sink_free_import;
  sink_class->show = counter_sink_show;
}

static void
counter_sink_init (CounterSink * self)
{
  self->takes_simulated = TRUE;
  g_object_set (self, "exporter", "memfd", "sync", FALSE, "async", FALSE,
      "enable-last-sample", FALSE, NULL);
}

static GstHarness *
new_harness (CounterSink ** sink)
{
  GstHarness *h;

  *sink = g_object_new (counter_sink_get_type (), NULL);
  gst_object_ref_sink (*sink);
  h = gst_harness_new_with_element (GST_ELEMENT (*sink), "sink", NULL);
  return h;
}

static void
end_harness (GstHarness * h, CounterSink * sink)
{
  gst_harness_teardown (h);
  fail_unless (sink->imports == sink->frees,
      "%u imports, %u freed", sink->imports, sink->frees);
  gst_object_unref (sink);
}

static guint
stat (CounterSink * sink, const gchar * name)
{
  GstStructure *stats;
  guint n;

  g_object_get (sink, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint (stats, name, &n));
  gst_structure_free (stats);
  return n;
}

static GstBuffer *
system_buffer (gsize size, guint8 first)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (buffer, 0, first, size);
  return buffer;
}

/* Tests */

GST_START_TEST (test_caps_order)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);
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
  end_harness (h, sink);
}

GST_END_TEST;

/* Frames of the proposed pool are imported once each and never copied. */
GST_START_TEST (test_proposed_pool)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);
  GstCaps *caps = gst_caps_from_string
      ("video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  GstQuery *query = gst_query_new_allocation (caps, TRUE);
  GstBufferPool *pool;
  guint size, min, max, i;

  gst_harness_play (h);
  gst_harness_set_src_caps (h, gst_caps_ref (caps));
  fail_unless (gst_pad_peer_query (h->srcpad, query));
  fail_unless (gst_query_find_allocation_meta (query,
          GST_VIDEO_META_API_TYPE, NULL));
  fail_unless (gst_query_find_allocation_meta (query,
          GST_VIDEO_CROP_META_API_TYPE, NULL));
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
  fail_unless_equals_int (stat (sink, "frames"), 20);
  fail_unless_equals_int (stat (sink, "staged"), 0);
  fail_unless (stat (sink, "imported") <= 3);
  fail_unless_equals_int (stat (sink, "imported") + stat (sink, "cache-hits"),
      20);

  gst_query_unref (query);
  gst_buffer_pool_set_active (pool, FALSE);
  gst_object_unref (pool);
  gst_caps_unref (caps);
  end_harness (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_system_memory_is_staged_once_announced)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);
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
            system_buffer (info.size, 100 + i)), GST_FLOW_OK);
    fail_unless_equals_int (sink->first_byte, 100 + i);
  }
  fail_unless_equals_int (stat (sink, "staged"), 5);
  fail_unless_equals_int (stat (sink, "staged-system-memory"), 5);
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT))) {
    if (gst_message_has_name (message, "dmabuf-staging"))
      announced++;
    gst_message_unref (message);
  }
  fail_unless_equals_int (announced, 1);
  gst_element_set_bus (GST_ELEMENT (sink), NULL);
  gst_object_unref (bus);
  end_harness (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_require_makes_a_copy_an_error)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GError *error;

  g_object_set (sink, "zero-copy", GST_DMABUF_ZERO_COPY_REQUIRE, NULL);
  gst_element_set_bus (GST_ELEMENT (sink), bus);
  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  fail_unless_equals_int (gst_harness_push (h,
          system_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_ERROR);
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
  end_harness (h, sink);
}

GST_END_TEST;

/* A short buffer of plain memory is an error with numbers, not a crash. */
GST_START_TEST (test_short_buffer)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);

  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  fail_unless_equals_int (gst_harness_push (h, system_buffer (320 * 240, 1)),
      GST_FLOW_ERROR);
  fail_unless_equals_int (sink->shown, 0);
  end_harness (h, sink);
}

GST_END_TEST;

/* Our own memory refused as well: the pair is struck, upstream is told. */
GST_START_TEST (test_refused_pair_is_struck)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);
  GstCaps *caps, *system;
  GstEvent *event;
  gboolean reconfigure = FALSE;

  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  fail_unless_equals_int (gst_harness_push (h,
          system_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_OK);
  fail_unless_equals_int (sink->shown, 1);
  sink->refuses_import = TRUE;
  gst_dmabuf_video_sink_drop_imports (GST_DMABUF_VIDEO_SINK (sink));
  fail_unless_equals_int (gst_harness_push (h,
          system_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_OK);
  fail_unless_equals_int (stat (sink, "dropped"), 1);

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
  end_harness (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_formats_changed_only_when_they_did)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);
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
  end_harness (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_caps_outside_the_set_are_refused_in_words)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);
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
  end_harness (h, sink);
}

GST_END_TEST;

static GstFlowReturn
push_cropped (GstHarness * h)
{
  GstBuffer *buffer = system_buffer (320 * 240 * 3 / 2, 1);
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
  GstHarness *h = new_harness (&sink);

  fail_unless_equals_int (push_cropped (h), GST_FLOW_OK);
  fail_unless (sink->crop.x == 16 && sink->crop.y == 8
      && sink->crop.w == 100 && sink->crop.h == 50);
  fail_unless_equals_int (sink->layout.width, 320);
  end_harness (h, sink);
}

GST_END_TEST;

/* The part becomes a frame of its own, in the same memory. */
GST_START_TEST (test_crop_for_a_display_of_whole_frames)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);
  const GstDmabufPlane *planes = sink->layout.planes;

  sink->whole_only = TRUE;
  fail_unless_equals_int (push_cropped (h), GST_FLOW_OK);
  fail_unless (sink->crop.x == 0 && sink->crop.y == 0);
  fail_unless_equals_int (sink->layout.width, 100);
  fail_unless_equals_int (sink->layout.height, 50);
  fail_unless_equals_uint64 (planes[0].offset, 8 * planes[0].stride + 16);
  fail_unless (planes[1].offset >= 240 * planes[0].stride
      + 4 * planes[1].stride + 16);
  end_harness (h, sink);
}

GST_END_TEST;

/* A display that takes no simulated memory, and no other exporter. */
GST_START_TEST (test_nothing_to_stage_into)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);

  sink->takes_simulated = FALSE;
  gst_harness_play (h);
  gst_harness_set_src_caps_str (h,
      "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  fail_unless_equals_int (gst_harness_push (h,
          system_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_ERROR);
  end_harness (h, sink);
}

GST_END_TEST;

GST_START_TEST (test_states)
{
  CounterSink *sink;
  GstHarness *h = new_harness (&sink);
  guint i;

  for (i = 0; i < 50; i++) {
    gst_harness_play (h);
    gst_harness_set_src_caps_str (h,
        "video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
    fail_unless_equals_int (gst_harness_push (h,
            system_buffer (320 * 240 * 3 / 2, 1)), GST_FLOW_OK);
    fail_unless_equals_int (gst_element_set_state (GST_ELEMENT (sink),
            GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  }
  end_harness (h, sink);
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
