/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The import cache and GstMemory that comes and goes while its dma-buf stays.
 */
#define _GNU_SOURCE             /* F_DUPFD_CLOEXEC */
#include "importframe.h"

static gboolean
is_connected (const GstDmabufFrame * frame)
{
  return gst_mini_object_get_qdata (GST_MINI_OBJECT_CAST (frame->memories[0]),
      g_quark_from_static_string ("GstDmabufObject")) != NULL;
}

/* Memory that is new in each frame is not worth an allocation. Memory that comes
 * again and again is known, and its entry stays as long as it does. */
GST_START_TEST (test_memory_that_comes_again)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufImportCache *cache;
  GstDmabufFrame frame, again, other;
  GstBuffer *buffer, *others;
  GstMemory *owner;
  gint fd, freed = 0, i;

  if (exporter == NULL)
    return;
  cache = gst_dmabuf_import_cache_new (8, count, &freed);
  owner = dmabuf_backend_alloc (exporter, PAGE);
  fd = gst_dmabuf_memory_get_fd (owner);
  buffer = make_frame_again (fd, &frame);
  insert (cache, &frame, 1);
  fail_unless (is_connected (&frame));
  gst_buffer_unref (buffer);

  buffer = make_frame_again (fd, &again);
  assert_equals_int (look_up (cache, &again), 1);
  fail_if (is_connected (&again));
  for (i = 0; i < 3; i++) {
    fail_unless (gst_dmabuf_frame_describe (&again, buffer, &info, NULL));
    assert_equals_int (look_up (cache, &again), 1);
  }
  fail_unless (is_connected (&again));

  others = make_frame (exporter, &other);
  for (i = 0; i < 20; i++)
    assert_equals_int (look_up (cache, &other), 0);
  assert_equals_int (look_up (cache, &again), 1);

  gst_buffer_unref (buffer);
  for (i = 0; i < 9; i++)
    look_up (cache, &other);
  assert_equals_int (freed, 1);
  gst_buffer_unref (others);
  gst_dmabuf_import_cache_unref (cache);
  gst_memory_unref (owner);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* The descriptor of a frame was closed after it was described: the import is
 * the caller's, but nothing is remembered. */
GST_START_TEST (test_closed_fd_is_not_remembered)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstAllocator *allocator = gst_dmabuf_allocator_new ();
  GstDmabufImportCache *cache;
  GstDmabufImport *import;
  GstDmabufFrame frame;
  GstBuffer *buffer;
  GstMemory *owner = dmabuf_backend_alloc (exporter, PAGE);
  gint fd = gst_dmabuf_memory_get_fd (owner), borrowed_fd, freed = 0;

  cache = gst_dmabuf_import_cache_new (8, count, &freed);
  buffer = make_frame_again (fd, &frame);
  insert (cache, &frame, 1);
  gst_buffer_unref (buffer);

  borrowed_fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  buffer = wrap_memory (gst_dmabuf_allocator_alloc_with_flags (allocator,
          borrowed_fd, PAGE, GST_FD_MEMORY_FLAG_DONT_CLOSE), &frame);
  close (borrowed_fd);
  import = gst_dmabuf_import_cache_insert (cache, &frame, GINT_TO_POINTER (2));
  assert_equals_int (GPOINTER_TO_INT (gst_dmabuf_import_get_handle (import)),
      2);
  assert_equals_int (look_up (cache, &frame), 1);
  gst_dmabuf_import_unref (import);
  assert_equals_int (freed, 1);
  gst_buffer_unref (buffer);

  gst_dmabuf_import_cache_unref (cache);
  gst_object_unref (allocator);
  gst_memory_unref (owner);
  gst_object_unref (exporter);
}

GST_END_TEST;

static Suite *
importmemory_suite (void)
{
  Suite *suite = suite_create ("importmemory");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, dmabuf_test_fds_teardown);
  tcase_add_loop_test (tcase, test_memory_that_comes_again, 0, N_BACKENDS);
  tcase_add_test (tcase, test_closed_fd_is_not_remembered);
  return suite;
}

DMABUF_TEST_MAIN (importmemory_suite)
