/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The converter on the simulated exporter, which every machine has: what is
 * relabelled keeps its memory, what has to move arrives row by row, what cannot
 * be converted is refused in words.
 */
#include "convertharness.h"

static GstElement *
get_converter (GstHarness * h)
{
  GstElement *element = gst_harness_find_element (h, "dmabufconvert");

  if (!element)
    element = gst_harness_find_element (h, "dmabufupload");
  if (!element)
    element = gst_harness_find_element (h, "dmabufdownload");
  fail_unless (element != NULL);
  gst_object_unref (element);
  return element;
}

static void
expect_stats (GstHarness * h, const gchar * path, const gchar * counter,
    guint n)
{
  GstStructure *stats = NULL;
  guint value = 0;

  g_object_get (get_converter (h), "stats", &stats, NULL);
  fail_unless_equals_string (gst_structure_get_string (stats, "path"), path);
  fail_unless (gst_structure_get_uint (stats, counter, &value));
  fail_unless (value == n, "%" GST_PTR_FORMAT, stats);
  gst_structure_free (stats);
}

static GstDmabufVideoInfo
get_info (const gchar * caps_text)
{
  gchar *text = g_strconcat (caps_text, SIZE, NULL);
  GstCaps *caps = gst_caps_from_string (text);
  GstDmabufVideoInfo info;
  GError *error = NULL;

  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, &error), "%s",
      error ? error->message : "");
  gst_caps_unref (caps);
  g_free (text);
  return info;
}

/* A number for each byte of a picture that no neighbour has. */
static guint8
get_sample (guint plane, guint x, guint y)
{
  return (guint8) (plane * 83 + x * 3 + y * 7 + (x * y) / 5);
}

static void
fill (GstBuffer * buffer, const GstDmabufVideoInfo * info)
{
  GstDmabufMappedFrame mapped;
  GError *error = NULL;
  guint i, x, y;

  fail_unless (gst_dmabuf_mapped_frame_map (&mapped, buffer, info,
          GST_MAP_WRITE, &error), "%s", error ? error->message : "");
  for (i = 0; i < info->info->n_planes; i++) {
    gsize bytes = gst_dmabuf_format_info_plane_row_bytes (info->info, i,
        mapped.pixels.width);

    for (y = 0; y < gst_dmabuf_format_info_plane_height (info->info, i,
            mapped.pixels.height); y++)
      for (x = 0; x < bytes; x++)
        mapped.pixels.data[i][y * mapped.pixels.strides[i] + x] =
            get_sample (i, x, y);
  }
  gst_dmabuf_mapped_frame_unmap (&mapped);
}

static void
expect_filled (GstBuffer * buffer, const GstDmabufVideoInfo * info,
    guint left, guint top)
{
  GstDmabufMappedFrame mapped;
  GError *error = NULL;
  guint i, x, y;

  fail_unless (gst_dmabuf_mapped_frame_map (&mapped, buffer, info,
          GST_MAP_READ, &error), "%s", error ? error->message : "");
  for (i = 0; i < info->info->n_planes; i++) {
    gsize bytes = gst_dmabuf_format_info_plane_row_bytes (info->info, i,
        mapped.pixels.width);
    guint top_row = top >> (i ? info->info->h_sub : 0);

    for (y = 0; y < gst_dmabuf_format_info_plane_height (info->info, i,
            mapped.pixels.height); y++)
      for (x = 0; x < bytes; x++)
        fail_unless (mapped.pixels.data[i][y * mapped.pixels.strides[i] + x] ==
            get_sample (i, x + left, y + top_row),
            "plane %u, byte %u of row %u", i, x, y);
  }
  gst_dmabuf_mapped_frame_unmap (&mapped);
}

/* A filled frame of a pool of ours. */
static GstBuffer *
make_dmabuf (const gchar * caps_text, GstBufferPool ** pool_out)
{
  GstDmabufExporter *exporter = open_memfd ();
  GstBufferPool *pool = gst_dmabuf_pool_new (exporter);
  GstStructure *config = gst_buffer_pool_get_config (pool);
  gchar *text = g_strconcat (caps_text, SIZE, NULL);
  GstCaps *caps = gst_caps_from_string (text);
  GstDmabufVideoInfo info = get_info (caps_text);
  GstBuffer *buffer = NULL;

  gst_buffer_pool_config_set_params (config, caps, 1, 1, 0);
  fail_unless (gst_buffer_pool_set_config (pool, config));
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  fail_unless_equals_int (gst_buffer_pool_acquire_buffer (pool, &buffer, NULL),
      GST_FLOW_OK);
  if (info.dialect == GST_DMABUF_DIALECT_LEGACY)
    info.format.modifier = GST_DMABUF_MOD_LINEAR;
  fill (buffer, &info);
  GST_BUFFER_PTS (buffer) = 7 * GST_SECOND;

  gst_caps_unref (caps);
  g_free (text);
  gst_object_unref (exporter);
  *pool_out = pool;
  return buffer;
}

static void
free_pool (GstBufferPool * pool)
{
  gst_buffer_pool_set_active (pool, FALSE);
  gst_object_unref (pool);
}

static const struct
{
  const gchar *launch, *in, *out, *path;
} relabels[] = {
  {"dmabufconvert", EXPLICIT "NV12", SYSTEM "NV12", "relabel"},
  {"dmabufdownload", EXPLICIT "XR24", SYSTEM "BGRx", "relabel"},
  {"dmabufconvert legacy-layout=linear", EXPLICIT "NV12", LEGACY "NV12",
      "relabel"},
  {"dmabufconvert legacy-layout=linear", LEGACY "NV12", EXPLICIT "NV12",
      "relabel"},
  {"dmabufdownload legacy-layout=linear", LEGACY "NV12", SYSTEM "NV12",
      "relabel"},
  {"dmabufconvert ignore-alpha=true", EXPLICIT "AR24", EXPLICIT "XR24",
      "relabel"},
  {"dmabufconvert ignore-alpha=true", EXPLICIT "AR24", SYSTEM "BGRx",
      "relabel"},
  {"dmabufupload", SYSTEM "NV12", EXPLICIT "NV12", "adopt"},
  {"dmabufupload legacy-layout=linear", SYSTEM "NV12", LEGACY "NV12", "adopt"},
};

/* The same memory comes out, under a meta that tells the truth. */
GST_START_TEST (test_relabel)
{
  GstHarness *h = make_harness (relabels[__i__].launch, relabels[__i__].in,
      relabels[__i__].out);
  GstDmabufVideoInfo out = get_info (relabels[__i__].out);
  GstBufferPool *pool;
  GstBuffer *buffer = make_dmabuf (relabels[__i__].in, &pool), *result;
  GstMemory *memory = gst_buffer_peek_memory (buffer, 0);

  /* Downstream reads GstVideoMeta. */
  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  result = gst_harness_push_and_pull (h, buffer);
  fail_unless (result != NULL);
  fail_unless (gst_buffer_peek_memory (result, 0) == memory);
  fail_unless_equals_int (gst_buffer_get_video_meta (result)->format,
      gst_dmabuf_video_info_get_meta_format (&out));
  fail_unless_equals_uint64 (GST_BUFFER_PTS (result), 7 * GST_SECOND);
  if (out.dialect == GST_DMABUF_DIALECT_LEGACY)
    out.format.modifier = GST_DMABUF_MOD_LINEAR;
  expect_filled (result, &out, 0, 0);
  expect_stats (h, relabels[__i__].path, "relabelled", 1);
  expect_stats (h, relabels[__i__].path, "moved", 0);

  gst_buffer_unref (result);
  gst_harness_teardown (h);
  free_pool (pool);
}

GST_END_TEST;

/* Plain memory has to move; once, and with a word about it. */
GST_START_TEST (test_move)
{
  GstHarness *h = make_harness ("dmabufupload exporter=memfd", SYSTEM "NV12",
      EXPLICIT "NV12");
  GstDmabufVideoInfo in = get_info (SYSTEM "NV12");
  GstDmabufVideoInfo out = get_info (EXPLICIT "NV12");
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  guint i;

  gst_element_set_bus (get_converter (h), bus);
  for (i = 0; i < 2; i++) {
    GstBuffer *buffer = gst_buffer_new_allocate (NULL,
        GST_VIDEO_INFO_SIZE (&in.vinfo), NULL), *result;
    GstVideoCropMeta *crop = gst_buffer_add_video_crop_meta (buffer);

    crop->x = 2;
    crop->width = crop->height = 32;
    gst_buffer_add_video_caption_meta (buffer,
        GST_VIDEO_CAPTION_TYPE_CEA608_RAW, (const guint8 *) "ab", 2);
    fill (buffer, &in);
    GST_BUFFER_PTS (buffer) = i * GST_SECOND;
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    result = gst_harness_push_and_pull (h, buffer);
    fail_unless (gst_is_dmabuf_memory (gst_buffer_peek_memory (result, 0)));
    expect_filled (result, &out, 0, 0);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (result), i * GST_SECOND);
    fail_unless (GST_BUFFER_FLAG_IS_SET (result, GST_BUFFER_FLAG_DISCONT));
    fail_unless_equals_int (gst_buffer_get_video_crop_meta (result)->x, 2);
    fail_unless (gst_buffer_get_video_caption_meta (result) != NULL);
    gst_buffer_unref (result);
  }
  expect_stats (h, "adopt", "moved", 2);

  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  fail_unless (message && gst_message_has_name (message, "dmabuf-staging"));
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT) == NULL);
  gst_element_set_bus (get_converter (h), NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_move_is_an_error_where_forbidden)
{
  GstHarness *h = make_harness ("dmabufupload exporter=memfd "
      "zero-copy=require", SYSTEM "NV12", EXPLICIT "NV12");
  GstDmabufVideoInfo in = get_info (SYSTEM "NV12");
  GstBuffer *buffer = gst_buffer_new_allocate (NULL,
      GST_VIDEO_INFO_SIZE (&in.vinfo), NULL);

  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_ERROR);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Downstream that reads no GstVideoMeta gets the strides of its caps. */
GST_START_TEST (test_strides_that_downstream_can_read)
{
  GstHarness *h = make_harness ("dmabufdownload", EXPLICIT "NV12",
      SYSTEM "NV12");
  GstDmabufVideoInfo in = get_info (EXPLICIT "NV12");
  GstDmabufVideoInfo out = get_info (SYSTEM "NV12");
  GstDmabufExporter *exporter = open_memfd ();
  GstBuffer *buffer = gst_buffer_new (), *result;
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 0, 8192 };
  gint strides[GST_VIDEO_MAX_PLANES] = { 128, 128 };
  GstVideoMeta *meta;

  gst_buffer_append_memory (buffer, gst_dmabuf_exporter_alloc (exporter, 16384,
          NULL));
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_NV12, 66, 50, 2, offsets, strides);
  fill (buffer, &in);
  result = gst_harness_push_and_pull (h, buffer);
  expect_filled (result, &out, 0, 0);
  meta = gst_buffer_get_video_meta (result);
  if (meta)
    fail_unless_equals_int (meta->stride[0],
        GST_VIDEO_INFO_PLANE_STRIDE (&out.vinfo, 0));
  expect_stats (h, "relabel", "moved", 1);

  gst_buffer_unref (result);
  gst_object_unref (exporter);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* A decoder's picture that is larger than its caps: cut where nobody else does
 * it, left whole where somebody does. */
GST_START_TEST (test_crop)
{
  gboolean crops = __i__ == 1;
  GstHarness *h = make_harness ("dmabufconvert exporter=memfd",
      EXPLICIT "NV12", SYSTEM "NV12");
  GstDmabufVideoInfo in = get_info (EXPLICIT "NV12");
  GstDmabufVideoInfo out = get_info (SYSTEM "NV12");
  GstDmabufExporter *exporter = open_memfd ();
  GstBuffer *buffer = gst_buffer_new (), *result;
  GstVideoCropMeta *crop;

  gst_buffer_append_memory (buffer, gst_dmabuf_exporter_alloc (exporter,
          80 * 64 * 3 / 2, NULL));
  gst_buffer_add_video_meta (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_NV12, 80, 64);
  crop = gst_buffer_add_video_crop_meta (buffer);
  crop->x = 4;
  crop->y = 6;
  crop->width = 66;
  crop->height = 50;
  fill (buffer, &in);

  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  if (crops)
    gst_harness_add_propose_allocation_meta (h, GST_VIDEO_CROP_META_API_TYPE,
        NULL);
  /* The question was asked when caps were set. */
  gst_harness_push_upstream_event (h, gst_event_new_reconfigure ());
  result = gst_harness_push_and_pull (h, buffer);
  expect_filled (result, &out, crops ? 0 : 4, crops ? 0 : 6);
  fail_unless ((gst_buffer_get_video_crop_meta (result) != NULL) == crops);
  expect_stats (h, "relabel", "moved", crops ? 0 : 1);

  gst_buffer_unref (result);
  gst_object_unref (exporter);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Upstream is offered memory which downstream's caps promise. */
GST_START_TEST (test_upstream_gets_a_pool)
{
  GstHarness *h = gst_harness_new_parse ("videotestsrc num-buffers=3 "
      "! video/x-raw,format=NV12" SIZE " ! dmabufupload exporter=memfd");
  GstElement *upload;
  GstBuffer *buffer;
  guint i;

  gst_harness_set_sink_caps_str (h, EXPLICIT "NV12" SIZE);
  gst_harness_play (h);
  upload = get_converter (h);
  fail_unless (upload != NULL);
  for (i = 0; i < 3; i++) {
    buffer = gst_harness_pull (h);
    fail_unless (gst_is_dmabuf_memory (gst_buffer_peek_memory (buffer, 0)));
    gst_buffer_unref (buffer);
  }
  expect_stats (h, "adopt", "relabelled", 3);
  expect_stats (h, "adopt", "moved", 0);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* What cannot be read is refused when caps arrive, in words. */
GST_START_TEST (test_refusal_names_the_modifier)
{
  GstHarness *h = gst_harness_new_parse ("dmabufdownload");
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GstCaps *caps, *offered;
  GError *error = NULL;
  gchar *text;

  gst_element_set_bus (get_converter (h), bus);
  gst_harness_set_sink_caps_str (h, SYSTEM "NV12" SIZE);
  gst_harness_play (h);
  caps = gst_caps_from_string (EXPLICIT "NV12:0x0800000000000001" SIZE);
  offered = gst_pad_peer_query_caps (h->srcpad, caps);
  fail_unless (gst_caps_is_empty (offered));
  gst_caps_unref (offered);
  fail_if (gst_pad_peer_query_accept_caps (h->srcpad, caps));

  gst_harness_push_event (h, gst_event_new_stream_start ("test"));
  /* A question is no error, the end of a stream that never began is. */
  fail_unless (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR) == NULL);
  gst_harness_push_event (h, gst_event_new_caps (caps));
  gst_harness_push_event (h, gst_event_new_eos ());
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  text = error->message;
  fail_unless (strstr (text, "AFBC") && strstr (text, "NV12 (linear)"), "%s",
      text);

  g_error_free (error);
  gst_message_unref (message);
  gst_caps_unref (caps);
  gst_element_set_bus (get_converter (h), NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* A buffer that contradicts its caps is an error, not a crash. */
GST_START_TEST (test_bad_buffers)
{
  static const struct
  {
    const gchar *in, *out;
    gsize size;
    gsize chroma;
  } bad[] = {
    {EXPLICIT "NV12", SYSTEM "NV12", 100, 0},
    {SYSTEM "NV12", EXPLICIT "NV12", 100, 0},
    {SYSTEM "NV12", EXPLICIT "NV12", 68 * 75 - 3, 0},
    {SYSTEM "NV12", EXPLICIT "NV12", 68 * 75, 68 * 50 + 3},
    {SYSTEM "NV12", EXPLICIT "NV12", 68 * 75, G_MAXSIZE - 64},
  };
  GstHarness *h = make_harness ("dmabufconvert exporter=memfd", bad[__i__].in,
      bad[__i__].out);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, bad[__i__].size, NULL);

  if (bad[__i__].chroma != 0) {
    gsize offsets[GST_VIDEO_MAX_PLANES] = { 0, bad[__i__].chroma };
    gint strides[GST_VIDEO_MAX_PLANES] = { 68, 68 };

    gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
        GST_VIDEO_FORMAT_NV12, 66, 50, 2, offsets, strides);
  }
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_ERROR);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* Back and forth in mid-stream, as either side wishes. */
GST_START_TEST (test_renegotiation)
{
  GstHarness *h = make_harness ("dmabufconvert exporter=memfd", EXPLICIT "NV12",
      EXPLICIT "NV12");
  GstBufferPool *pool, *plain_pool;
  GstBuffer *buffer, *result;
  GstDmabufVideoInfo in = get_info (SYSTEM "NV12");

  gst_harness_add_propose_allocation_meta (h, GST_VIDEO_META_API_TYPE, NULL);
  buffer = make_dmabuf (EXPLICIT "NV12", &pool);
  result = gst_harness_push_and_pull (h, gst_buffer_ref (buffer));
  fail_unless (result == buffer);
  gst_buffer_unref (result);
  expect_stats (h, "pass", "passed", 1);

  gst_harness_set_sink_caps_str (h, SYSTEM "NV12" SIZE);
  gst_harness_push_upstream_event (h, gst_event_new_reconfigure ());
  result = gst_harness_push_and_pull (h, buffer);
  expect_stats (h, "relabel", "relabelled", 1);
  gst_buffer_unref (result);

  gst_harness_set_src_caps_str (h, SYSTEM "NV12" SIZE);
  buffer = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&in.vinfo),
      NULL);
  result = gst_harness_push_and_pull (h, buffer);
  fail_unless (result == buffer);
  gst_buffer_unref (result);
  expect_stats (h, "pass", "passed", 2);

  gst_harness_set_sink_caps_str (h, EXPLICIT "NV12" SIZE);
  gst_harness_push_upstream_event (h, gst_event_new_reconfigure ());
  buffer = make_dmabuf (SYSTEM "NV12", &plain_pool);
  result = gst_harness_push_and_pull (h, buffer);
  expect_stats (h, "adopt", "relabelled", 2);
  gst_buffer_unref (result);

  gst_harness_teardown (h);
  free_pool (plain_pool);
  free_pool (pool);
}

GST_END_TEST;

static Suite *
convert_suite (void)
{
  Suite *suite = suite_create ("dmabufconvert");
  TCase *tcase = tcase_create ("frames");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_relabel, 0, G_N_ELEMENTS (relabels));
  tcase_add_test (tcase, test_move);
  tcase_add_test (tcase, test_move_is_an_error_where_forbidden);
  tcase_add_test (tcase, test_strides_that_downstream_can_read);
  tcase_add_loop_test (tcase, test_crop, 0, 2);
  tcase_add_test (tcase, test_upstream_gets_a_pool);
  tcase_add_test (tcase, test_refusal_names_the_modifier);
  tcase_add_loop_test (tcase, test_bad_buffers, 0, 5);
  tcase_add_test (tcase, test_renegotiation);
  return suite;
}

DMABUF_TEST_MAIN (convert_suite)
