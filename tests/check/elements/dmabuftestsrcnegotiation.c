/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What dmabuftestsrc agrees to with downstream: order, sizes, pools, errors.
 */
#include "testsrcharness.h"

#include <gst/dmabuf/gstdmabufmemfdexporter.h>
#include <gst/dmabuf/gstdmabufpool.h>

/* Without any exporter, system caps get plain memory, and caps of dma-bufs an
 * error that says what was tried and what both sides can do. */
GST_START_TEST (test_no_exporter)
{
  GstHarness *h;
  GstBuffer *buffer;
  GstDmabufVideoInfo info;
  GstVideoFrame frame;
  guint32 counter = 99;
  gchar *text;

  g_setenv (GST_DMABUF_EXPORTER_ENV, "heap:does-not-exist", TRUE);
  h = make_harness ("", "video/x-raw,format=NV12," SIZE);
  gst_harness_play (h);
  buffer = gst_harness_pull (h);
  info = get_info (h);
  fail_if (gst_is_dmabuf_memory (gst_buffer_peek_memory (buffer, 0)));
  fail_unless (gst_video_frame_map (&frame, &info.vinfo, buffer, GST_MAP_READ));
  fail_unless (dmabuf_test_pattern_read_counter (DRM_FORMAT_NV12,
          GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
          GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0), &counter));
  fail_unless_equals_int (counter, 0);
  gst_video_frame_unmap (&frame);
  check_stat (h, "exporter", "system memory");
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);

  text = run_until_error ("", EXPLICIT "drm-format=NV12," SIZE);
  check_mentions (text, "does-not-exist");
  check_mentions (text, "NV12");
  check_mentions (text, "XR24");
  g_free (text);

  /* Who names an exporter gets no other memory. */
  g_unsetenv (GST_DMABUF_EXPORTER_ENV);
  text = run_until_error ("exporter=heap:does-not-exist",
      "video/x-raw,format=NV12," SIZE);
  check_mentions (text, "does-not-exist");
  g_free (text);
}

GST_END_TEST;

GST_START_TEST (test_nothing_in_common)
{
  gchar *text;

  /* Compressed, which nobody can paint. */
  text = run_until_error ("exporter=memfd",
      EXPLICIT "drm-format=NV12:0x0800000000000001," SIZE);
  check_mentions (text, "No format in common");
  check_mentions (text, "AFBC");
  check_mentions (text, "XR24");
  g_free (text);

  text = run_until_error ("exporter=memfd",
      EXPLICIT "drm-format=NV12,interlace-mode=interleaved," SIZE);
  check_mentions (text, "interlacing");
  g_free (text);

  text = run_until_error ("exporter=memfd",
      EXPLICIT "drm-format=NV12,width=65535,height=65535");
  check_mentions (text, "size");
  g_free (text);
}

GST_END_TEST;

/* Structures and formats in downstream's order, not in ours. */
GST_START_TEST (test_order)
{
  static const struct
  {
    const gchar *caps;
    GstDmabufDialect dialect;
    guint32 fourcc;
  } rows[] = {
    {EXPLICIT "drm-format=(string){NV12,XR24}", GST_DMABUF_DIALECT_EXPLICIT,
        DRM_FORMAT_NV12},
    {EXPLICIT "drm-format=(string){XR24,NV12}", GST_DMABUF_DIALECT_EXPLICIT,
        DRM_FORMAT_XRGB8888},
    {EXPLICIT "drm-format=(string){NV12:0x0400000000000001,P010,NV12}",
        GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_P010},
    {"video/x-raw,format=(string){YUY2,NV12};" EXPLICIT
          "drm-format=(string){XR24,NV12}", GST_DMABUF_DIALECT_SYSTEM,
        DRM_FORMAT_YUYV},
    {EXPLICIT "drm-format=(string)NV12;" "video/x-raw,format=YUY2",
        GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_NV12},
    {LEGACY "format=NV12;" "video/x-raw,format=YUY2",
        GST_DMABUF_DIALECT_SYSTEM, DRM_FORMAT_YUYV},
    {"ANY", GST_DMABUF_DIALECT_EXPLICIT, DRM_FORMAT_XRGB8888},
    {"video/x-raw(memory:GLMemory),format=RGBA;video/x-raw,format=NV12",
        GST_DMABUF_DIALECT_SYSTEM, DRM_FORMAT_NV12},
    {"video/x-raw", GST_DMABUF_DIALECT_SYSTEM, DRM_FORMAT_XRGB8888},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    GstHarness *h = make_harness ("exporter=memfd", rows[i].caps);
    GstBuffer *buffer;
    GstDmabufVideoInfo info;

    gst_harness_play (h);
    buffer = gst_harness_pull (h);
    info = get_info (h);
    fail_unless (info.dialect == rows[i].dialect, "%s", rows[i].caps);
    fail_unless (info.format.fourcc == rows[i].fourcc, "%s gave %.4s",
        rows[i].caps, (gchar *) & info.format.fourcc);
    gst_buffer_unref (buffer);
    gst_harness_teardown (h);
  }
}

GST_END_TEST;

GST_START_TEST (test_fixation)
{
  GstHarness *h = make_harness ("exporter=memfd", "ANY");
  GstDmabufVideoInfo info;
  gint i, width;
  gchar *caps;

  gst_harness_play (h);
  gst_buffer_unref (gst_harness_pull (h));
  info = get_info (h);
  fail_unless_equals_int (GST_VIDEO_INFO_WIDTH (&info.vinfo), 640);
  fail_unless_equals_int (GST_VIDEO_INFO_HEIGHT (&info.vinfo), 480);
  fail_unless_equals_int (GST_VIDEO_INFO_FPS_N (&info.vinfo), 30);
  fail_unless_equals_int (GST_VIDEO_INFO_FPS_D (&info.vinfo), 1);
  gst_harness_teardown (h);

  h = make_harness ("exporter=memfd", EXPLICIT "drm-format=NV12,"
      "width=[16,320],height=[800,900],framerate=[1/1,10/1],"
      "colorimetry=(string){bt2020,1:3:5:1}");
  gst_harness_play (h);
  gst_buffer_unref (gst_harness_pull (h));
  info = get_info (h);
  fail_unless_equals_int (GST_VIDEO_INFO_WIDTH (&info.vinfo), 320);
  fail_unless_equals_int (GST_VIDEO_INFO_HEIGHT (&info.vinfo), 800);
  fail_unless_equals_int (GST_VIDEO_INFO_FPS_N (&info.vinfo), 10);
  fail_unless_equals_int (info.vinfo.colorimetry.matrix,
      GST_VIDEO_COLOR_MATRIX_BT2020);
  gst_harness_teardown (h);

  /* Extreme sizes are painted, to the last row. */
  for (i = 0; i < 3; i++) {
    GstBuffer *buffer;

    width = i == 0 ? 1 : i == 1 ? 8193 : 3;
    caps = g_strdup_printf (EXPLICIT "drm-format=NV12,width=%d,height=%d",
        width, i == 2 ? 8193 : 1);
    h = make_harness ("exporter=memfd", caps);
    gst_harness_play (h);
    buffer = gst_harness_pull (h);
    info = get_info (h);
    fail_unless_equals_int (GST_VIDEO_INFO_WIDTH (&info.vinfo), width);
    check_picture (buffer, &info, default_picture, 0);
    gst_buffer_unref (buffer);
    gst_harness_teardown (h);
    g_free (caps);
  }
}

GST_END_TEST;

/* The pool that downstream proposes, or none. */
static GstPadProbeReturn
propose_pool (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);
  GstBufferPool **used = user_data;
  GstDmabufExporter *exporter;
  GstBufferPool *pool;

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;

  exporter = gst_dmabuf_memfd_exporter_new ();
  pool = gst_dmabuf_pool_new (exporter);
  gst_query_add_allocation_pool (query, pool, 4096, 3, 0);
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  gst_object_replace ((GstObject **) used, GST_OBJECT (pool));
  gst_object_unref (pool);
  gst_object_unref (exporter);

  return GST_PAD_PROBE_HANDLED;
}

static void
check_downstream_pool (const gchar * properties, const gchar * caps,
    gboolean is_used)
{
  GstHarness *h = make_harness (properties, caps);
  GstBufferPool *pool = NULL;
  GstBuffer *buffer;
  GstDmabufVideoInfo info;

  gst_pad_add_probe (h->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM |
      GST_PAD_PROBE_TYPE_PUSH, propose_pool, &pool, NULL);
  gst_harness_play (h);
  buffer = gst_harness_pull (h);
  info = get_info (h);
  fail_unless (pool != NULL);
  fail_unless_equals_int (buffer->pool == pool, is_used);
  check_picture (buffer, &info, default_picture, 0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
  gst_object_unref (pool);
}

GST_START_TEST (test_downstream_pool)
{
  /* Also where no exporter works at all: downstream's pool does. */
  g_setenv (GST_DMABUF_EXPORTER_ENV, "heap:does-not-exist", TRUE);
  check_downstream_pool ("", EXPLICIT "drm-format=NV12," SIZE, TRUE);
  check_downstream_pool ("", "video/x-raw,format=NV12," SIZE, TRUE);
  g_setenv (GST_DMABUF_EXPORTER_ENV, "memfd", TRUE);
  check_downstream_pool ("", EXPLICIT "drm-format=NV12," SIZE, TRUE);
  check_downstream_pool ("", "video/x-raw,format=NV12," SIZE, TRUE);
  g_unsetenv (GST_DMABUF_EXPORTER_ENV);
  /* Unless the user wants another one. */
  check_downstream_pool ("exporter=memfd", EXPLICIT "drm-format=NV12," SIZE,
      FALSE);
  check_downstream_pool ("exporter=memfd", "video/x-raw,format=NV12," SIZE,
      FALSE);
}

GST_END_TEST;

/* New caps in mid-stream: no number is lost, and what was pushed stays. */
GST_START_TEST (test_reconfigure)
{
  GstHarness *h = make_harness ("exporter=memfd",
      EXPLICIT "drm-format=NV12," SIZE);
  GstBuffer *old, *buffer;
  GstDmabufVideoInfo old_info, info;
  guint32 n = 1;

  gst_harness_play (h);
  old = gst_harness_pull (h);
  old_info = get_info (h);

  gst_harness_set_sink_caps_str (h, EXPLICIT "drm-format=XR24,"
      "width=320,height=200,framerate=50/1");
  gst_harness_push_upstream_event (h, gst_event_new_reconfigure ());
  for (;; n++) {
    buffer = gst_harness_pull (h);
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET (buffer), n);
    if (gst_buffer_get_video_meta (buffer)->width == 320)
      break;
    fail_unless_equals_int (read_counter (buffer, &old_info), n);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), n * 40 * GST_MSECOND);
    gst_buffer_unref (buffer);
  }

  info = get_info (h);
  check_picture (buffer, &info, default_picture, n);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), n * 40 * GST_MSECOND);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), 20 * GST_MSECOND);
  gst_buffer_unref (buffer);
  check_picture (old, &old_info, default_picture, 0);
  gst_buffer_unref (old);
  gst_harness_teardown (h);
}

GST_END_TEST;

typedef struct
{
  guint min_buffers;
  gboolean proposes;            /* a new pool for each query */
} Downstream;

static GstPadProbeReturn
answer_allocation (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);
  const Downstream *downstream = user_data;
  GstDmabufExporter *exporter;
  GstBufferPool *pool = NULL;

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;

  if (downstream->proposes) {
    exporter = gst_dmabuf_memfd_exporter_new ();
    pool = gst_dmabuf_pool_new (exporter);
    gst_object_unref (exporter);
  }
  gst_query_add_allocation_pool (query, pool, 4096, downstream->min_buffers, 0);
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  gst_clear_object (&pool);
  return GST_PAD_PROBE_HANDLED;
}

/* The pool of the next frame but a few: those that were made already are of the
 * old one. Compared, not used. */
static GstBufferPool *
pull_pool (GstHarness * h)
{
  GstBufferPool *pool = NULL;
  guint i;

  for (i = 0; i < 5; i++) {
    GstBuffer *buffer = gst_harness_pull (h);

    pool = buffer->pool;
    gst_buffer_unref (buffer);
  }
  return pool;
}

static const gchar *const kept_pools[] = {
  "exporter=memfd", "exporter=memfd", "", ""
};

/* Asked to reconfigure without need, the buffers stay what they are. */
GST_START_TEST (test_pool_is_kept)
{
  Downstream downstream = { 3, __i__ % 2 };
  GstBufferPool *pool;
  GstHarness *h;
  guint i;

  g_setenv (GST_DMABUF_EXPORTER_ENV, "memfd", TRUE);
  h = make_harness (kept_pools[__i__], EXPLICIT "drm-format=NV12," SIZE);
  gst_pad_add_probe (h->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM |
      GST_PAD_PROBE_TYPE_PUSH, answer_allocation, &downstream, NULL);
  gst_harness_play (h);
  pool = gst_object_ref (pull_pool (h));
  for (i = 0; i < 3; i++) {
    gst_harness_push_upstream_event (h, gst_event_new_reconfigure ());
    fail_unless (pull_pool (h) == pool);
  }

  /* More buffers are another pool, and so is another size. */
  downstream.min_buffers = 4;
  gst_harness_push_upstream_event (h, gst_event_new_reconfigure ());
  fail_if (pull_pool (h) == pool);
  gst_object_unref (pool);
  pool = gst_object_ref (pull_pool (h));
  gst_harness_set_sink_caps_str (h, EXPLICIT "drm-format=NV12,"
      "width=320,height=200,framerate=50/1");
  gst_harness_push_upstream_event (h, gst_event_new_reconfigure ());
  fail_if (pull_pool (h) == pool);
  gst_object_unref (pool);
  gst_harness_teardown (h);
  g_unsetenv (GST_DMABUF_EXPORTER_ENV);
}

GST_END_TEST;

static Suite *
dmabuftestsrcnegotiation_suite (void)
{
  Suite *suite = suite_create ("dmabuftestsrcnegotiation");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_test (tcase, test_no_exporter);
  tcase_add_test (tcase, test_nothing_in_common);
  tcase_add_test (tcase, test_order);
  tcase_add_test (tcase, test_fixation);
  tcase_add_test (tcase, test_downstream_pool);
  tcase_add_test (tcase, test_reconfigure);
  tcase_add_loop_test (tcase, test_pool_is_kept, 0, G_N_ELEMENTS (kept_pools));

  return suite;
}

DMABUF_TEST_MAIN (dmabuftestsrcnegotiation_suite);
