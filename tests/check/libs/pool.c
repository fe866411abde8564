/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Configurations of the pool, and its buffers as they come and go. Fences are
 * in poolfence.c.
 */
#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <gst/dmabuf/gstdmabufpool.h>

#include <drm_fourcc.h>
#include <sys/resource.h>

#include "dmabuftest.h"
#include "syscallcount.h"

#define SIZE "width=(int)322,height=(int)241,framerate=(fraction)30/1"
#define NV12 "video/x-raw,format=(string)NV12," SIZE

static GstBufferPool *
new_pool (const gchar * spec)
{
  GError *error = NULL;
  GstDmabufExporter *exporter = gst_dmabuf_exporter_new_from_spec (spec,
      &error);
  GstBufferPool *pool;

  g_assert_no_error (error);
  pool = gst_dmabuf_pool_new (exporter);
  fail_unless (gst_dmabuf_pool_get_exporter (GST_DMABUF_POOL (pool))
      == exporter);
  gst_object_unref (exporter);
  return pool;
}

static GstStructure *
new_config (GstBufferPool * pool, const gchar * caps_text, guint min, guint max)
{
  GstStructure *config = gst_buffer_pool_get_config (pool);
  GstCaps *caps = gst_caps_from_string (caps_text);

  fail_unless (caps != NULL);
  gst_buffer_pool_config_set_params (config, caps, 1, min, max);
  gst_caps_unref (caps);
  return config;
}

static GstBufferPool *
new_active_pool (const gchar * caps, guint min, guint max)
{
  GstBufferPool *pool = new_pool ("memfd");

  fail_unless (gst_buffer_pool_set_config (pool, new_config (pool, caps, min,
              max)));
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  return pool;
}

static void
free_pool (GstBufferPool * pool)
{
  fail_unless (gst_buffer_pool_set_active (pool, FALSE));
  gst_object_unref (pool);
}

static GstBuffer *
acquire (GstBufferPool * pool)
{
  GstBuffer *buffer = NULL;

  fail_unless_equals_int (gst_buffer_pool_acquire_buffer (pool, &buffer, NULL),
      GST_FLOW_OK);
  fail_unless (GST_IS_BUFFER (buffer));
  return buffer;
}

static GstFlowReturn
try_acquire (GstBufferPool * pool, GstBuffer ** buffer)
{
  GstBufferPoolAcquireParams params = {
    .flags = GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT,
  };

  return gst_buffer_pool_acquire_buffer (pool, buffer, &params);
}

static const struct
{
  const gchar *caps;
  guint32 fourcc;
  guint n_planes;
} rows[] = {
  {NV12, DRM_FORMAT_NV12, 2},
  {"video/x-raw(memory:DMABuf),format=(string)I420," SIZE, DRM_FORMAT_YUV420,
      3},
  {"video/x-raw(memory:DMABuf),format=(string)DMA_DRM,drm-format=(string)XR24,"
        SIZE, DRM_FORMAT_XRGB8888, 1},
  {"video/x-raw(memory:DMABuf),format=(string)DMA_DRM,drm-format=(string)NV24,"
        SIZE, DRM_FORMAT_NV24, 2},
  {"video/x-raw,format=(string)Y42B," SIZE, DRM_FORMAT_YUV422, 3},
};

GST_START_TEST (test_dialects)
{
  GstBufferPool *pool = new_active_pool (rows[__i__].caps, 2, 4);
  GstStructure *config = gst_buffer_pool_get_config (pool);
  GstAllocator *allocator = NULL;
  GstDmabufLayout layout;
  GstVideoMeta *meta;
  GstBuffer *buffer;
  guint size, min, max, i;

  fail_unless (gst_buffer_pool_config_get_params (config, NULL, &size, &min,
          &max));
  fail_unless_equals_int (min, 2);
  fail_unless_equals_int (max, 4);
  fail_unless (gst_buffer_pool_config_has_option (config,
          GST_BUFFER_POOL_OPTION_VIDEO_META));
  gst_buffer_pool_config_get_allocator (config, &allocator, NULL);
  fail_unless (GST_IS_DMABUF_EXPORTER (allocator));
  gst_structure_free (config);

  fail_unless (gst_dmabuf_pool_get_layout (GST_DMABUF_POOL (pool), &layout));
  fail_unless (layout.format.fourcc == rows[__i__].fourcc);
  fail_unless (gst_dmabuf_format_is_linear (&layout.format));
  fail_unless_equals_int (layout.n_planes, rows[__i__].n_planes);
  fail_unless (gst_dmabuf_layout_check (&layout, NULL));

  buffer = acquire (pool);
  fail_unless_equals_uint64 (gst_buffer_get_size (buffer), size);
  fail_unless_equals_int (gst_buffer_n_memory (buffer), 1);
  fail_unless (gst_is_dmabuf_memory (gst_buffer_peek_memory (buffer, 0)));
  fail_if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_TAG_MEMORY));
  meta = gst_buffer_get_video_meta (buffer);
  fail_unless_equals_int (meta->width, 322);
  fail_unless_equals_int (meta->height, 241);
  fail_unless_equals_int (meta->n_planes, rows[__i__].n_planes);
  for (i = 0; i < meta->n_planes; i++) {
    fail_unless_equals_uint64 (meta->offset[i], layout.planes[i].offset);
    fail_unless_equals_int (meta->stride[i], layout.planes[i].stride);
  }
  gst_buffer_unref (buffer);
  free_pool (pool);
}

GST_END_TEST;

static const gchar *const bad_caps[] = {
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=ZZZZ," SIZE,
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12:0x," SIZE,
  /* Linear only. */
  "video/x-raw(memory:DMABuf),format=DMA_DRM,"
      "drm-format=NV12:0x0700000000000001," SIZE,
  "video/x-raw,format=NV12",
  "video/x-raw(memory:GLMemory),format=NV12," SIZE,
  "video/x-raw,format=NV12,width=0,height=0",
  /* Beyond what 32-bit offsets reach. */
  "video/x-raw,format=ARGB64,width=65535,height=65535",
  "audio/x-raw",
};

GST_START_TEST (test_bad_config)
{
  GstBufferPool *pool = new_pool ("memfd");
  GstStructure *config = new_config (pool, bad_caps[__i__], 0, 0);

  fail_if (gst_buffer_pool_set_config (pool, config));
  fail_if (gst_buffer_pool_set_active (pool, TRUE));
  gst_object_unref (pool);
}

GST_END_TEST;

GST_START_TEST (test_bad_limits)
{
  GstBufferPool *pool = new_pool ("memfd");
  GstStructure *config = new_config (pool, NV12, 2, 2);
  GstDmabufLayout layout;

  gst_structure_set (config, "min-buffers", G_TYPE_UINT, 3, NULL);

  fail_if (gst_buffer_pool_set_config (pool, config));
  fail_if (gst_dmabuf_pool_get_layout (GST_DMABUF_POOL (pool), &layout));
  config = new_config (pool, NV12, 0, 0);
  gst_structure_set (config, "dmabuf-constraints", G_TYPE_INT, 1, NULL);
  fail_if (gst_buffer_pool_set_config (pool, config));

  /* One that was refused does no harm to the next. */
  config = new_config (pool, NV12, 1, 1);
  gst_structure_remove_field (config, "dmabuf-constraints");
  fail_unless (gst_buffer_pool_set_config (pool, config));
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  gst_buffer_unref (acquire (pool));
  free_pool (pool);
}

GST_END_TEST;

GST_START_TEST (test_constraints)
{
  GstBufferPool *pool = new_pool ("memfd");
  GstStructure *config = new_config (pool, NV12, 0, 0);
  GstDmabufConstraints constraints, read_back;
  GstVideoMeta *meta;
  GstBuffer *buffer;

  fail_unless (gst_dmabuf_pool_config_get_constraints (config, &read_back,
          NULL));
  fail_unless_equals_int (read_back.stride_align, 1);
  gst_dmabuf_constraints_init (&constraints);
  constraints.stride_align = 256;
  constraints.height_align = 16;
  gst_dmabuf_pool_config_set_constraints (config, &constraints);
  fail_unless (gst_dmabuf_pool_config_get_constraints (config, &read_back,
          NULL));
  fail_unless (gst_dmabuf_constraints_equal (&constraints, &read_back));

  fail_unless (gst_buffer_pool_set_config (pool, config));
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  buffer = acquire (pool);
  meta = gst_buffer_get_video_meta (buffer);
  fail_unless_equals_int (meta->stride[0], 512);
  fail_unless_equals_uint64 (meta->offset[1], 512 * 256);
  gst_buffer_unref (buffer);
  free_pool (pool);

  pool = new_pool ("memfd");
  config = new_config (pool, NV12, 0, 0);
  constraints.flags = GST_DMABUF_CONSTRAINT_CONTIGUOUS;
  gst_dmabuf_pool_config_set_constraints (config, &constraints);
  fail_if (gst_buffer_pool_set_config (pool, config));
  gst_object_unref (pool);
}

GST_END_TEST;

GST_START_TEST (test_video_alignment)
{
  GstBufferPool *pool = new_pool ("memfd");
  GstStructure *config = new_config (pool, NV12, 0, 0);
  GstVideoAlignment alignment;
  GstVideoFrame frame;
  GstVideoInfo info;
  GstVideoMeta *meta;
  GstBuffer *buffer;
  GstCaps *caps;

  gst_video_alignment_reset (&alignment);
  alignment.padding_left = 15;
  alignment.padding_top = 8;
  alignment.padding_bottom = 20;
  alignment.stride_align[0] = 63;
  alignment.stride_align[1] = 63;
  gst_buffer_pool_config_add_option (config,
      GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT);
  gst_buffer_pool_config_set_video_alignment (config, &alignment);
  fail_unless (gst_buffer_pool_set_config (pool, config));
  config = gst_buffer_pool_get_config (pool);
  fail_unless (gst_buffer_pool_config_get_video_alignment (config, &alignment));
  /* Rounded up to a whole chroma sample. */
  fail_unless_equals_int (alignment.padding_left, 16);
  gst_structure_free (config);

  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  buffer = acquire (pool);
  meta = gst_buffer_get_video_meta (buffer);
  fail_unless_equals_int (meta->stride[0] % 64, 0);
  fail_unless (meta->stride[0] >= 322 + 16);
  fail_unless_equals_uint64 (meta->offset[0], 8 * meta->stride[0] + 16);
  fail_unless_equals_int (meta->alignment.padding_left, 16);

  /* The picture, and the padding below it, are inside the buffer. */
  caps = gst_caps_from_string (NV12);
  fail_unless (gst_video_info_from_caps (&info, caps));
  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE));
  memset ((guint8 *) frame.data[1] + 128 * frame.info.stride[1], 1, 338);
  gst_video_frame_unmap (&frame);
  gst_caps_unref (caps);
  gst_buffer_unref (buffer);
  free_pool (pool);
}

GST_END_TEST;

GST_START_TEST (test_limits)
{
  GstBufferPool *pool = new_active_pool (NV12, 1, 2);
  GstBuffer *one = acquire (pool), *other = acquire (pool), *none = NULL;

  fail_unless (one != other);
  fail_unless_equals_int (try_acquire (pool, &none), GST_FLOW_EOS);

  gst_buffer_unref (other);
  fail_unless_equals_int (try_acquire (pool, &none), GST_FLOW_OK);
  fail_unless (none == other);
  gst_buffer_unref (none);
  gst_buffer_unref (one);
  free_pool (pool);
}

GST_END_TEST;

GST_START_TEST (test_reset)
{
  GstBufferPool *pool = new_active_pool (NV12, 1, 1);
  GstBuffer *buffer = acquire (pool), *again;
  gsize size = gst_buffer_get_size (buffer);

  GST_BUFFER_PTS (buffer) = 7;
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_CORRUPTED);
  gst_buffer_add_video_crop_meta (buffer);
  gst_buffer_resize (buffer, 10, 100);
  gst_buffer_unref (buffer);

  again = acquire (pool);
  fail_unless (again == buffer);
  fail_if (GST_BUFFER_PTS_IS_VALID (again));
  fail_if (GST_BUFFER_FLAG_IS_SET (again, GST_BUFFER_FLAG_CORRUPTED));
  fail_unless (gst_buffer_get_video_crop_meta (again) == NULL);
  fail_unless (gst_buffer_get_video_meta (again) != NULL);
  fail_unless_equals_uint64 (gst_buffer_get_size (again), size);
  fail_unless_equals_uint64 (gst_buffer_peek_memory (again, 0)->offset, 0);
  gst_buffer_unref (again);
  free_pool (pool);
}

GST_END_TEST;

/* Memory that was exchanged, or that somebody still has, is not handed out. */
GST_START_TEST (test_discard)
{
  GstBufferPool *pool = new_active_pool (NV12, 1, 1);
  GstBuffer *buffer = acquire (pool);
  GstBuffer *other = gst_buffer_new ();
  GstMemory *kept = gst_buffer_get_memory (buffer, 0), *memory;
  gsize size = gst_buffer_get_size (buffer);

  /* Not a copy: GStreamer 1.26 lets one keep the whole buffer. */
  gst_buffer_append_memory (other, kept);
  gst_buffer_unref (buffer);
  buffer = acquire (pool);
  fail_unless (gst_buffer_peek_memory (buffer, 0) != kept);
  gst_buffer_unref (other);

  gst_buffer_replace_all_memory (buffer, gst_allocator_alloc (NULL, size,
          NULL));
  gst_buffer_unref (buffer);
  buffer = acquire (pool);
  memory = gst_buffer_peek_memory (buffer, 0);
  fail_unless (gst_is_dmabuf_memory (memory));
  gst_buffer_unref (buffer);
  free_pool (pool);
}

GST_END_TEST;

static gpointer
acquire_in_thread (gpointer data)
{
  GstBuffer *buffer = NULL;
  GstFlowReturn result = gst_buffer_pool_acquire_buffer (data, &buffer, NULL);

  if (buffer)
    gst_buffer_unref (buffer);
  return GINT_TO_POINTER (result);
}

/* Whether the threads sleep already or not: they must come back. */
GST_START_TEST (test_waiters)
{
  GstBufferPool *pool = new_active_pool (NV12, 1, 1);
  GThread *threads[4];
  GstBuffer *buffer;
  guint round, i;

  for (round = 0; round < 50; round++) {
    gboolean flush = round % 2;
    GstFlowReturn expected = flush ? GST_FLOW_FLUSHING : GST_FLOW_OK;

    buffer = acquire (pool);
    for (i = 0; i < G_N_ELEMENTS (threads); i++)
      threads[i] = g_thread_new ("acquire", acquire_in_thread, pool);
    if (flush)
      gst_buffer_pool_set_flushing (pool, TRUE);
    else
      gst_buffer_unref (buffer);
    for (i = 0; i < G_N_ELEMENTS (threads); i++)
      fail_unless_equals_int (GPOINTER_TO_INT (g_thread_join (threads[i])),
          expected);
    if (flush) {
      gst_buffer_unref (buffer);
      gst_buffer_pool_set_flushing (pool, FALSE);
    }
  }
  free_pool (pool);
}

GST_END_TEST;

#define N_PASSED 2000

static gpointer
release_all (gpointer data)
{
  guint i;

  for (i = 0; i < N_PASSED; i++)
    gst_buffer_unref (g_async_queue_pop (data));
  return NULL;
}

GST_START_TEST (test_producer_and_consumer)
{
  GstBufferPool *pool = new_active_pool (NV12, 0, 3);
  GAsyncQueue *queue = g_async_queue_new ();
  GThread *thread = g_thread_new ("consumer", release_all, queue);
  guint i;

  for (i = 0; i < N_PASSED; i++)
    g_async_queue_push (queue, acquire (pool));
  g_thread_join (thread);
  g_async_queue_unref (queue);
  free_pool (pool);
}

GST_END_TEST;

static gint n_cycles;

/* Without GStreamer's checks, which write to a pipe. */
static void
cycle (gpointer data)
{
  GstBuffer *buffer;

  for (n_cycles = 0; n_cycles < 1000; n_cycles++) {
    if (gst_buffer_pool_acquire_buffer (data, &buffer, NULL) != GST_FLOW_OK)
      return;
    gst_buffer_unref (buffer);
  }
}

GST_START_TEST (test_no_system_calls)
{
  GstBufferPool *pool = new_active_pool (NV12, 4, 4);
  gint n, last;

  /* What is done once is done. */
  gst_buffer_unref (acquire (pool));
  n = syscall_count (cycle, pool, &last);
  if (n == -1) {
    g_printerr ("SKIP: this kernel has no seccomp filters\n");
    free_pool (pool);
    return;
  }
  fail_unless_equals_int (n_cycles, 1000);
  fail_unless (n == 0, "%d system calls, the last of them number %d", n, last);
  free_pool (pool);
}

GST_END_TEST;

/* A buffer may outlive the pool's activity; the pool stops when it returns. */
GST_START_TEST (test_late_release)
{
  GstBufferPool *pool = new_active_pool (NV12, 1, 2);
  GstBuffer *buffer = acquire (pool), *none = NULL;

  fail_unless (gst_buffer_pool_set_active (pool, FALSE));
  fail_unless_equals_int (gst_buffer_pool_acquire_buffer (pool, &none, NULL),
      GST_FLOW_FLUSHING);
  gst_buffer_unref (buffer);
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  buffer = acquire (pool);
  gst_object_unref (pool);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

/* Every descriptor in turn is the one too many. */
GST_START_TEST (test_descriptors_limit)
{
  GstBufferPool *pool = new_pool ("memfd");
  struct rlimit old, tight;
  guint before = dmabuf_test_count_fds (), failures = 0;
  gboolean started = FALSE;

  getrlimit (RLIMIT_NOFILE, &old);
  tight = old;
  for (tight.rlim_cur = 3; !started; tight.rlim_cur++) {
    GstStructure *config = new_config (pool, NV12, 3, 0);

    setrlimit (RLIMIT_NOFILE, &tight);
    started = gst_buffer_pool_set_config (pool, config)
        && gst_buffer_pool_set_active (pool, TRUE);
    setrlimit (RLIMIT_NOFILE, &old);
    failures += !started;
    if (!started)
      fail_unless (dmabuf_test_count_fds () <= before + 1);
  }
  fail_unless (failures > 3);
  gst_buffer_unref (acquire (pool));
  free_pool (pool);
}

GST_END_TEST;

GST_START_TEST (test_start_and_stop)
{
  GstBufferPool *pool = new_active_pool (NV12, 2, 2);
  guint i, fds = dmabuf_test_count_fds ();

  for (i = 0; i < 200; i++) {
    gst_buffer_unref (acquire (pool));
    fail_unless (gst_buffer_pool_set_active (pool, FALSE));
    fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  }
  fail_unless_equals_int (dmabuf_test_count_fds (), fds);
  free_pool (pool);
}

GST_END_TEST;

static Suite *
pool_suite (void)
{
  Suite *s = suite_create ("pool");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_dialects, 0, G_N_ELEMENTS (rows));
  tcase_add_loop_test (tc, test_bad_config, 0, G_N_ELEMENTS (bad_caps));
  tcase_add_test (tc, test_bad_limits);
  tcase_add_test (tc, test_constraints);
  tcase_add_test (tc, test_video_alignment);
  tcase_add_test (tc, test_limits);
  tcase_add_test (tc, test_reset);
  tcase_add_test (tc, test_discard);
  tcase_add_test (tc, test_waiters);
  tcase_add_test (tc, test_producer_and_consumer);
  tcase_add_test (tc, test_no_system_calls);
  tcase_add_test (tc, test_late_release);
  tcase_add_test (tc, test_descriptors_limit);
  tcase_add_test (tc, test_start_and_stop);
  return s;
}

DMABUF_TEST_MAIN (pool_suite)
