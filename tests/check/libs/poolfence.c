/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Buffers of the pool that come back while fences are pending inside them, on
 * real dma-bufs.
 */
#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <gst/dmabuf/gstdmabuffence.h>
#include <gst/dmabuf/gstdmabufpool.h>

#include "swsync.h"

#define CAPS "video/x-raw,format=(string)NV12,width=(int)320,height=(int)240," \
    "framerate=(fraction)30/1"

static const struct
{
  const gchar *node;
  const gchar *spec;
} rows[] = {
  {"/dev/dma_heap/system", "heap:system"},
  {"/dev/udmabuf", "udmabuf"},
};

/* What all of these tests stand on. */
typedef struct
{
  GstBufferPool *pool;
  gint timeline_fd;
  guint n_dmabufs;              /* in the system, before the pool */
} Scene;

static gboolean
set_up (Scene * scene, guint row, guint max_buffers, const gchar * option)
{
  GError *error = NULL;
  GstDmabufExporter *exporter;
  GstStructure *config;
  GstCaps *caps;

  if (!dmabuf_test_have_device (rows[row].node)
      || !dmabuf_test_have_device (SW_SYNC_NODE))
    return FALSE;
  scene->n_dmabufs = dmabuf_test_count_dmabufs ();
  exporter = gst_dmabuf_exporter_new_from_spec (rows[row].spec, &error);
  g_assert_no_error (error);
  scene->pool = gst_dmabuf_pool_new (exporter);
  gst_object_unref (exporter);

  caps = gst_caps_from_string (CAPS);
  config = gst_buffer_pool_get_config (scene->pool);
  gst_buffer_pool_config_set_params (config, caps, 0, 0, max_buffers);
  if (option)
    gst_buffer_pool_config_add_option (config, option);
  gst_caps_unref (caps);
  fail_unless (gst_buffer_pool_set_config (scene->pool, config));
  fail_unless (gst_buffer_pool_set_active (scene->pool, TRUE));
  scene->timeline_fd = sw_sync_open ();
  return TRUE;
}

static void
tear_down (Scene * scene)
{
  fail_unless (gst_buffer_pool_set_active (scene->pool, FALSE));
  gst_object_unref (scene->pool);
  close (scene->timeline_fd);
  /* Signals by closing, so nothing pending is left to keep a dma-buf. */
  fail_unless_equals_int (dmabuf_test_count_dmabufs (), scene->n_dmabufs);
}

static GstFlowReturn
try_acquire (Scene * scene, GstBuffer ** buffer)
{
  GstBufferPoolAcquireParams params = {
    .flags = GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT,
  };

  return gst_buffer_pool_acquire_buffer (scene->pool, buffer, &params);
}

static GstBuffer *
acquire (Scene * scene)
{
  GstBuffer *buffer = NULL;

  fail_unless_equals_int (gst_buffer_pool_acquire_buffer (scene->pool, &buffer,
          NULL), GST_FLOW_OK);
  return buffer;
}

/* What a consumer does whose device still reads when it lets the buffer go. */
static void
fence_buffer (Scene * scene, GstBuffer * buffer, guint value, gboolean mark)
{
  gint fence_fd = sw_sync_fence (scene->timeline_fd, value);
  GError *error = NULL;

  fail_unless (gst_dmabuf_fence_import (gst_dmabuf_memory_get_fd
          (gst_buffer_peek_memory (buffer, 0)), fence_fd,
          GST_DMABUF_ACCESS_READ, &error));
  g_assert_no_error (error);
  if (mark)
    gst_dmabuf_buffer_mark_fenced (buffer);
  close (fence_fd);
}

GST_START_TEST (test_set_aside)
{
  GstBuffer *buffer, *again = NULL;
  Scene scene;

  if (!set_up (&scene, __i__, 1, NULL))
    return;
  buffer = acquire (&scene);
  fence_buffer (&scene, buffer, 1, TRUE);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (try_acquire (&scene, &again), GST_FLOW_EOS);

  sw_sync_advance (scene.timeline_fd, 1);
  fail_unless_equals_int (try_acquire (&scene, &again), GST_FLOW_OK);
  fail_unless (again == buffer);
  gst_buffer_unref (again);

  /* The mark is gone with the fence. */
  fail_unless_equals_int (try_acquire (&scene, &again), GST_FLOW_OK);
  gst_buffer_unref (again);
  tear_down (&scene);
}

GST_END_TEST;

/* The fence of a copy is a fence of the same memory. */
GST_START_TEST (test_marked_through_copy)
{
  GstBuffer *buffer, *copy, *again = NULL;
  Scene scene;

  if (!set_up (&scene, __i__, 1, NULL))
    return;
  buffer = acquire (&scene);
  copy = gst_buffer_copy (buffer);
  fence_buffer (&scene, copy, 1, TRUE);
  gst_buffer_unref (copy);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (try_acquire (&scene, &again), GST_FLOW_EOS);
  tear_down (&scene);
}

GST_END_TEST;

/* Nobody marked it: with the option the pool asks the kernel itself. */
GST_START_TEST (test_idle_option)
{
  GstBuffer *buffer, *again = NULL;
  Scene scene;

  if (!set_up (&scene, __i__, 1, GST_BUFFER_POOL_OPTION_DMABUF_IDLE))
    return;
  buffer = acquire (&scene);
  fence_buffer (&scene, buffer, 1, FALSE);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (try_acquire (&scene, &again), GST_FLOW_EOS);
  sw_sync_advance (scene.timeline_fd, 1);
  fail_unless_equals_int (try_acquire (&scene, &again), GST_FLOW_OK);
  gst_buffer_unref (again);
  tear_down (&scene);
}

GST_END_TEST;

/* An idle buffer is better than one to wait for, and than a new one. */
GST_START_TEST (test_others_first)
{
  GstBuffer *busy, *idle, *again;
  Scene scene;

  if (!set_up (&scene, __i__, 3, NULL))
    return;
  busy = acquire (&scene);
  idle = acquire (&scene);
  fence_buffer (&scene, busy, 1, TRUE);
  gst_buffer_unref (busy);
  gst_buffer_unref (idle);
  again = acquire (&scene);
  fail_unless (again == idle);
  gst_buffer_unref (again);
  tear_down (&scene);
}

GST_END_TEST;

static gpointer
acquire_in_thread (gpointer data)
{
  GstBuffer *buffer = NULL;

  gst_buffer_pool_acquire_buffer (((Scene *) data)->pool, &buffer, NULL);
  return buffer;
}

/* Asleep or not yet: the fence, and nothing else, lets the waiters go on. */
GST_START_TEST (test_wait)
{
  GstBuffer *buffer, *acquired;
  GThread *thread;
  Scene scene;

  if (!set_up (&scene, __i__, 1, NULL))
    return;
  buffer = acquire (&scene);
  fence_buffer (&scene, buffer, 1, TRUE);
  gst_buffer_unref (buffer);
  thread = g_thread_new ("acquire", acquire_in_thread, &scene);
  sw_sync_advance (scene.timeline_fd, 1);
  acquired = g_thread_join (thread);
  fail_unless (acquired == buffer);
  gst_buffer_unref (acquired);
  tear_down (&scene);
}

GST_END_TEST;

GST_START_TEST (test_flush_while_waiting)
{
  GstBuffer *buffer;
  GThread *thread;
  Scene scene;

  if (!set_up (&scene, __i__, 1, NULL))
    return;
  buffer = acquire (&scene);
  fence_buffer (&scene, buffer, 1, TRUE);
  gst_buffer_unref (buffer);
  thread = g_thread_new ("acquire", acquire_in_thread, &scene);
  gst_buffer_pool_set_flushing (scene.pool, TRUE);
  fail_unless (g_thread_join (thread) == NULL);
  gst_buffer_pool_set_flushing (scene.pool, FALSE);
  tear_down (&scene);
}

GST_END_TEST;

/* A device that hangs takes one buffer along, not the pipeline. */
GST_START_TEST (test_never_signalled)
{
  GstBuffer *buffer, *acquired;
  Scene scene;

  if (!set_up (&scene, __i__, 1, NULL))
    return;
  buffer = acquire (&scene);
  fence_buffer (&scene, buffer, 1, TRUE);
  gst_buffer_unref (buffer);
  acquired = acquire (&scene);
  fail_if (gst_dmabuf_is_busy (gst_dmabuf_memory_get_fd
          (gst_buffer_peek_memory (acquired, 0)), GST_DMABUF_ACCESS_WRITE));
  gst_buffer_unref (acquired);
  tear_down (&scene);
}

GST_END_TEST;

GST_START_TEST (test_stop_with_pending)
{
  GstBuffer *held[3];
  Scene scene;
  guint i, round;

  if (!set_up (&scene, __i__, 3, NULL))
    return;
  for (round = 0; round < 20; round++) {
    for (i = 0; i < G_N_ELEMENTS (held); i++)
      held[i] = acquire (&scene);
    for (i = 0; i < G_N_ELEMENTS (held); i++) {
      fence_buffer (&scene, held[i], 1, TRUE);
      gst_buffer_unref (held[i]);
    }
    fail_unless (gst_buffer_pool_set_active (scene.pool, FALSE));
    fail_unless (gst_buffer_pool_set_active (scene.pool, TRUE));
  }
  tear_down (&scene);
}

GST_END_TEST;

static Suite *
poolfence_suite (void)
{
  Suite *s = suite_create ("poolfence");
  TCase *tc = tcase_create ("general");
  gint n = G_N_ELEMENTS (rows);

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_set_aside, 0, n);
  tcase_add_loop_test (tc, test_marked_through_copy, 0, n);
  tcase_add_loop_test (tc, test_idle_option, 0, n);
  tcase_add_loop_test (tc, test_others_first, 0, n);
  tcase_add_loop_test (tc, test_wait, 0, n);
  tcase_add_loop_test (tc, test_flush_while_waiting, 0, n);
  tcase_add_loop_test (tc, test_never_signalled, 0, n);
  tcase_add_loop_test (tc, test_stop_with_pending, 0, n);
  return s;
}

DMABUF_TEST_MAIN (poolfence_suite)
