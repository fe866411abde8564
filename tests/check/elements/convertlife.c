/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The converter among others: pools get their buffers back, memory that
 * somebody else still shows is not written to, and formats that nobody knows,
 * rules that change and questions without caps do no harm.
 */
#include "convertharness.h"

#include <gst/dmabuf/gstdmabufconstraints.h>

static void
note_freed (gpointer flag, GstMiniObject * memory)
{
  (*(guint *) flag)++;
}

static GstBufferPool *
start_pool (GstBufferPool * pool, const gchar * caps_text, guint size)
{
  GstStructure *config = gst_buffer_pool_get_config (pool);
  gchar *text = g_strconcat (caps_text, SIZE, NULL);
  GstCaps *caps = gst_caps_from_string (text);

  gst_buffer_pool_config_set_params (config, caps, size, 1, 1);
  gst_buffer_pool_config_add_option (config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  fail_unless (gst_buffer_pool_set_config (pool, config));
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  gst_caps_unref (caps);
  g_free (text);
  return pool;
}

static GstBufferPool *
make_memfd_pool (const gchar * caps_text)
{
  GstDmabufExporter *exporter = open_memfd ();
  GstBufferPool *pool = gst_dmabuf_pool_new (exporter);

  gst_object_unref (exporter);
  return start_pool (pool, caps_text, 1);
}

static GstBuffer *
acquire (GstBufferPool * pool)
{
  GstBuffer *buffer = NULL;

  fail_unless_equals_int (gst_buffer_pool_acquire_buffer (pool, &buffer, NULL),
      GST_FLOW_OK);
  return buffer;
}

static void
free_pool (GstBufferPool * pool)
{
  gst_buffer_pool_set_active (pool, FALSE);
  gst_object_unref (pool);
}

/* A pool takes back only what nobody else has: who keeps a frame alive has to
 * let go of its memory first. Else each frame costs a new dma-buf, and a new
 * import wherever it goes. */
GST_START_TEST (test_pools_get_their_buffers_back)
{
  gboolean ours = __i__ == 0;
  const gchar *in = ours ? EXPLICIT "AR24" : SYSTEM "BGRA";
  GstHarness *h = make_harness ("dmabufconvert ignore-alpha=true", in,
      SYSTEM "BGRx");
  GstBufferPool *pool = ours ? make_memfd_pool (in) :
      start_pool (gst_video_buffer_pool_new (), in, 66 * 50 * 4);
  guint i, n_freed = 0;
  GstBuffer *buffer, *result;
  GstMemory *memory;

  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  for (i = 0; i < 4; i++) {
    buffer = acquire (pool);
    memory = gst_buffer_peek_memory (buffer, 0);
    if (i == 0)
      gst_mini_object_weak_ref (GST_MINI_OBJECT_CAST (memory), note_freed,
          &n_freed);
    result = gst_harness_push_and_pull (h, buffer);
    /* Another buffer around the same memory. */
    fail_unless (result != buffer);
    fail_unless (gst_buffer_peek_memory (result, 0) == memory);
    gst_buffer_unref (result);
    fail_unless_equals_int (n_freed, 0);
  }

  gst_harness_teardown (h);
  free_pool (pool);
  fail_unless_equals_int (n_freed, 1);
}

GST_END_TEST;

/* An element behind that paints into what it got, while upstream still shows
 * the frame. */
GST_START_TEST (test_upstream_keeps_its_picture)
{
  static const gchar *const ins[] = { EXPLICIT "XR24", EXPLICIT "AR24",
    SYSTEM "BGRx"
  };
  GstHarness *h = make_harness ("dmabufconvert ignore-alpha=true", ins[__i__],
      SYSTEM "BGRx");
  GstBufferPool *pool = make_memfd_pool (ins[__i__]);
  GstBuffer *buffer = acquire (pool), *result;
  GstVideoFrame frame;
  GstVideoInfo info;

  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  gst_buffer_memset (buffer, 0, 0x11, -1);
  result = gst_harness_push_and_pull (h, gst_buffer_ref (buffer));
  result = gst_buffer_make_writable (result);
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_BGRx, 66, 50);
  fail_unless (gst_video_frame_map (&frame, &info, result, GST_MAP_READWRITE));
  fail_unless_equals_int (*(guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
      0x11);
  memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0), 0xee, 66 * 4);
  gst_video_frame_unmap (&frame);
  fail_unless (gst_buffer_memcmp (buffer, 0, "\x11\x11\x11\x11", 4) == 0);
  fail_unless (gst_buffer_memcmp (result, 0, "\xee\xee\xee\xee", 4) == 0);

  gst_buffer_unref (result);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
  free_pool (pool);
}

GST_END_TEST;

/* What has no fourcc passes all the same. */
GST_START_TEST (test_formats_that_drm_does_not_know)
{
  static const gchar *const formats[] = { SYSTEM "A420", SYSTEM "v210",
    EXPLICIT "ZZZZ:0x00ffffffffffff01"
  };
  GstHarness *h = make_harness ("dmabufconvert", formats[__i__],
      formats[__i__]);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 66 * 50 * 4, NULL);
  GstBuffer *result = gst_harness_push_and_pull (h, buffer);
  GstCaps *caps = gst_pad_get_current_caps (h->srcpad);
  GstQuery *query = gst_query_new_allocation (caps, TRUE);

  fail_unless (result == buffer);
  /* We have no memory for it. */
  gst_pad_peer_query (h->srcpad, query);
  fail_unless_equals_int (gst_query_get_n_allocation_pools (query), 0);

  gst_query_unref (query);
  gst_caps_unref (caps);
  gst_buffer_unref (result);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* A memory for each plane, all of one dma-buf, as PipeWire and others make them:
 * each is mapped where it begins. */
GST_START_TEST (test_planes_of_one_dmabuf)
{
  GstHarness *h = make_harness ("dmabufconvert exporter=memfd", EXPLICIT "NV12",
      EXPLICIT "NV12:0x0600000000000001");
  GstDmabufExporter *exporter = open_memfd ();
  GstMemory *memory = gst_dmabuf_exporter_alloc (exporter, 16384, NULL);
  GstBuffer *buffer = gst_buffer_new (), *result;
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 0, 128 * 50 };
  gint strides[GST_VIDEO_MAX_PLANES] = { 128, 128 };
  GstMapInfo map;

  fail_unless (gst_memory_map (memory, &map, GST_MAP_WRITE));
  memset (map.data, 0x12, 8192);
  memset (map.data + 8192, 0x34, 8192);
  gst_memory_unmap (memory, &map);
  gst_buffer_append_memory (buffer, gst_memory_share (memory, 512, 128 * 50));
  gst_buffer_append_memory (buffer, gst_memory_share (memory, 8192, 128 * 25));
  gst_memory_unref (memory);
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_NV12, 66, 50, 2, offsets, strides);
  result = gst_harness_push_and_pull (h, buffer);
  fail_unless (result != NULL);
  fail_unless (gst_buffer_memcmp (result, 0, "\x12\x12\x12", 3) == 0);
  fail_unless (gst_buffer_memcmp (result,
          gst_buffer_get_video_meta (result)->offset[1], "\x34\x34", 2) == 0);

  gst_buffer_unref (result);
  gst_object_unref (exporter);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Without an exporter: why not, rather than that there is none. */
GST_START_TEST (test_reason_without_exporter)
{
  GstHarness *h = make_harness ("dmabufupload exporter=memfd:nonsense",
      SYSTEM "NV12", EXPLICIT "NV12");
  GstElement *upload = gst_harness_find_element (h, "dmabufupload");
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GError *error = NULL;

  gst_element_set_bus (upload, bus);
  fail_unless_equals_int (gst_harness_push (h, gst_buffer_new_allocate (NULL,
              68 * 50 * 3 / 2, NULL)), GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (strstr (error->message, "nonsense") != NULL, "%s",
      error->message);

  g_error_free (error);
  gst_message_unref (message);
  gst_element_set_bus (upload, NULL);
  gst_object_unref (bus);
  gst_object_unref (upload);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* The property may be set at any time, and counts from the next frame on. */
GST_START_TEST (test_zero_copy_while_playing)
{
  GstHarness *h = make_harness ("dmabufupload exporter=memfd", SYSTEM "NV12",
      EXPLICIT "NV12");
  guint size = 68 * 50 * 3 / 2, i;
  GstBuffer *buffer;

  for (i = 0; i < 2; i++) {
    buffer = gst_buffer_new_allocate (NULL, size, NULL);
    gst_buffer_unref (gst_harness_push_and_pull (h, buffer));
  }
  gst_harness_set (h, "dmabufupload", "zero-copy", 1, NULL);
  buffer = gst_buffer_new_allocate (NULL, size, NULL);
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_ERROR);
  gst_harness_set (h, "dmabufupload", "zero-copy", 0, NULL);
  buffer = gst_buffer_new_allocate (NULL, size, NULL);
  gst_buffer_unref (gst_harness_push_and_pull (h, buffer));
  gst_harness_teardown (h);
}

GST_END_TEST;

static GstPadProbeReturn
answer_with_constraints (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  gst_dmabuf_constraints_add_to_query (data, query);
  return GST_PAD_PROBE_HANDLED;
}

/* Between two peers that agree, downstream says what memory it needs, and has
 * no pool: ours has to be like that. */
GST_START_TEST (test_pool_where_frames_pass)
{
  GstHarness *h = make_harness ("dmabufconvert exporter=memfd",
      EXPLICIT "XR24", EXPLICIT "XR24");
  GstDmabufConstraints needs;
  GstCaps *caps = gst_caps_from_string (EXPLICIT "XR24" SIZE);
  GstQuery *query = gst_query_new_allocation (caps, TRUE);
  GstBufferPool *pool = NULL;
  GstBuffer *buffer;

  gst_dmabuf_constraints_init (&needs);
  needs.stride_align = 1024;
  gst_pad_add_probe (h->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM
      | GST_PAD_PROBE_TYPE_PUSH, answer_with_constraints, &needs, NULL);
  fail_unless (gst_pad_peer_query (h->srcpad, query));
  fail_unless (gst_query_get_n_allocation_pools (query) > 0);
  gst_query_parse_nth_allocation_pool (query, 0, &pool, NULL, NULL, NULL);
  fail_unless (pool != NULL);
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  buffer = acquire (pool);
  fail_unless_equals_int (gst_buffer_get_video_meta (buffer)->stride[0], 1024);

  gst_buffer_unref (buffer);
  free_pool (pool);
  gst_query_unref (query);
  gst_caps_unref (caps);
  gst_harness_teardown (h);
}

GST_END_TEST;

static GstPadProbeReturn
answer_with_exporter (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  gst_query_add_allocation_param (query, data, NULL);
  return GST_PAD_PROBE_HANDLED;
}

/* Downstream's memory is used, unless the user names some. */
GST_START_TEST (test_whose_exporter)
{
  gboolean named = __i__ % 2, passes = __i__ / 2;
  GstHarness *h = gst_harness_new_parse (named ?
      "dmabufconvert exporter=memfd" : "dmabufconvert");
  GstDmabufExporter *exporter = open_memfd ();
  GstCaps *caps = gst_caps_from_string (EXPLICIT "XR24" SIZE);
  GstQuery *query = gst_query_new_allocation (caps, TRUE);
  GstBufferPool *pool = NULL;

  gst_pad_add_probe (h->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM
      | GST_PAD_PROBE_TYPE_PUSH, answer_with_exporter, exporter, NULL);
  gst_harness_set_sink_caps_str (h, passes ? EXPLICIT "XR24" SIZE :
      SYSTEM "BGRx" SIZE);
  gst_harness_set_src_caps_str (h, EXPLICIT "XR24" SIZE);
  fail_unless (gst_pad_peer_query (h->srcpad, query));
  gst_query_parse_nth_allocation_pool (query, 0, &pool, NULL, NULL, NULL);
  fail_unless (GST_IS_DMABUF_POOL (pool));
  fail_unless ((gst_dmabuf_pool_get_exporter (GST_DMABUF_POOL (pool)) ==
          exporter) != named);

  gst_object_unref (pool);
  gst_query_unref (query);
  gst_caps_unref (caps);
  gst_harness_teardown (h);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* Some ask without caps, or about other ones. */
GST_START_TEST (test_odd_questions)
{
  static const gchar *const outs[] = { EXPLICIT "NV12", SYSTEM "NV12" };
  static const gchar *const asked[] = { NULL, "audio/x-raw", "ANY",
    "video/x-raw", SYSTEM "NV12,width=16,height=0"
  };
  GstHarness *h = make_harness ("dmabufconvert exporter=memfd",
      EXPLICIT "NV12", outs[__i__]);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (asked); i++) {
    GstCaps *caps = asked[i] ? gst_caps_from_string (asked[i]) : NULL;
    GstQuery *query = gst_query_new_allocation (caps, TRUE);

    gst_pad_peer_query (h->srcpad, query);
    gst_query_unref (query);
    query = gst_query_new_caps (caps);
    gst_pad_peer_query (h->srcpad, query);
    gst_query_unref (query);
    gst_clear_caps (&caps);
  }
  gst_harness_teardown (h);
}

GST_END_TEST;

/* While frames flow in other threads. */
static void
change_properties (GstElement * convert, guint i)
{
  GstStructure *stats;

  g_object_set (convert, "ignore-alpha", i & 1, "legacy-layout", i >> 1 & 1,
      "n-threads", i % 4, "exporter", "memfd", NULL);
  g_object_get (convert, "stats", &stats, NULL);
  gst_structure_free (stats);
}

/* On and off again, with seeks between, while properties change. */
GST_START_TEST (test_states_and_seeks)
{
  static const gchar *const chains[] = {
    "dmabufupload exporter=memfd ! dmabufconvert name=convert ! queue "
        "! dmabufdownload ! videobalance saturation=0.5",
    "dmabufupload exporter=memfd ! " EXPLICIT "XR24:0x0100000000000002 ! queue "
        "! dmabufdownload name=convert",
    "identity drop-allocation=true ! dmabufupload name=convert exporter=memfd "
        "! tee name=t t. ! queue ! fakesink async=false t. ! queue "
        "! dmabufdownload",
  };
  gchar *launch = g_strdup_printf ("videotestsrc ! " SYSTEM
      "BGRx,width=64,height=48 ! %s ! fakesink", chains[__i__]);
  GstElement *pipeline = gst_parse_launch (launch, NULL);
  GstElement *convert;
  guint i, n;

  fail_unless (pipeline != NULL, "%s", launch);
  convert = gst_bin_get_by_name (GST_BIN (pipeline), "convert");
  for (i = 0; i < 8; i++) {
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
            GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
    for (n = 0; n < i % 4; n++) {
      change_properties (convert, i + n);
      fail_unless (gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
              GST_SEEK_FLAG_FLUSH, n * GST_SECOND));
      fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
              GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
    }
    gst_element_set_state (pipeline, i % 3 ? GST_STATE_READY : GST_STATE_NULL);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (convert);
  gst_object_unref (pipeline);
  g_free (launch);
}

GST_END_TEST;

static Suite *
convert_life_suite (void)
{
  Suite *suite = suite_create ("convertlife");
  TCase *tcase = tcase_create ("life");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_pools_get_their_buffers_back, 0, 2);
  tcase_add_loop_test (tcase, test_upstream_keeps_its_picture, 0, 3);
  tcase_add_loop_test (tcase, test_formats_that_drm_does_not_know, 0, 3);
  tcase_add_test (tcase, test_planes_of_one_dmabuf);
  tcase_add_test (tcase, test_reason_without_exporter);
  tcase_add_test (tcase, test_zero_copy_while_playing);
  tcase_add_test (tcase, test_pool_where_frames_pass);
  tcase_add_loop_test (tcase, test_whose_exporter, 0, 4);
  tcase_add_loop_test (tcase, test_states_and_seeks, 0, 3);
  tcase_add_loop_test (tcase, test_odd_questions, 0, 2);
  return suite;
}

DMABUF_TEST_MAIN (convert_life_suite)
