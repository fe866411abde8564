/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The kernel runs out of memory at each of its own allocations in turn while an
 * exporter or a pool works (Documentation/fault-injection/fault-injection.rst,
 * fail-nth). Whatever comes out of it, nothing is left open.
 */
#include <gst/dmabuf/gstdmabuferror.h>
#include <gst/dmabuf/gstdmabufpool.h>

#include <fcntl.h>

#include "exporterrows.h"

#define FAIL_NTH "/proc/thread-self/fail-nth"

/* More than any of the calls here makes. */
#define MAX_FAULTS 2000

static gint fail_nth_fd = -1;

static void
write_text (const gchar * path, const gchar * text)
{
  gint fd = open (path, O_WRONLY | O_CLOEXEC);

  fail_unless (fd >= 0, "%s cannot be opened", path);
  fail_unless (write (fd, text, strlen (text)) == (gssize) strlen (text));
  close (fd);
}

static gboolean
open_faults (void)
{
  if (!dmabuf_test_have_device (FAIL_NTH))
    return FALSE;
  /* By default only allocations that cannot wait are made to fail. */
  write_text ("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
  write_text ("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
  write_text ("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem", "N");
  write_text ("/sys/kernel/debug/fail_page_alloc/min-order", "0");
  /* No stack traces on the console. */
  write_text ("/sys/kernel/debug/failslab/verbose", "0");
  write_text ("/sys/kernel/debug/fail_page_alloc/verbose", "0");
  fail_nth_fd = open (FAIL_NTH, O_RDWR | O_CLOEXEC);
  fail_unless (fail_nth_fd >= 0);
  return TRUE;
}

static void
close_faults (void)
{
  write_text ("/sys/kernel/debug/failslab/ignore-gfp-wait", "Y");
  write_text ("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "Y");
  close (fail_nth_fd);
}

/* The nth allocation of the kernel for this thread fails; 0: none. */
static void
set_fault (guint nth)
{
  gchar text[16];
  gint length = g_snprintf (text, sizeof text, "%u", nth);

  if (pwrite (fail_nth_fd, text, length, 0) != length)
    abort ();
}

/* Whether the allocation came by. */
static gboolean
clear_fault (void)
{
  gchar text[16] = { 0, };
  gboolean injected;

  if (pread (fail_nth_fd, text, sizeof text - 1, 0) < 0)
    abort ();
  injected = atoi (text) == 0;
  if (!injected)
    set_fault (0);
  return injected;
}

GST_START_TEST (test_alloc)
{
  GstDmabufExporter *exporter;
  guint nth, before, n_dmabufs, n_failures = 0;
  gboolean injected = TRUE;

  if (!open_faults ())
    return;
  exporter = open_row (&rows[__i__]);
  gst_memory_unref (gst_dmabuf_exporter_alloc (exporter, SIZE, NULL));
  before = dmabuf_test_count_fds ();
  n_dmabufs = dmabuf_test_count_dmabufs ();

  for (nth = 1; injected; nth++) {
    GError *error = NULL;
    GstMemory *memory;

    fail_unless (nth < MAX_FAULTS);
    set_fault (nth);
    memory = gst_dmabuf_exporter_alloc (exporter, SIZE, &error);
    injected = clear_fault ();
    if (memory) {
      g_assert_no_error (error);
      gst_memory_unref (memory);
    } else {
      g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED);
      g_clear_error (&error);
      n_failures++;
    }
    fail_unless_equals_int (dmabuf_test_count_fds (), before);
  }
  fail_unless (n_failures > 0);
  fail_unless_equals_int (dmabuf_test_count_dmabufs (), n_dmabufs);
  gst_object_unref (exporter);
  close_faults ();
}

GST_END_TEST;

/* The first map of new memory: its mapping, and what the bracket needs. */
GST_START_TEST (test_map)
{
  GstDmabufExporter *exporter;
  guint nth, n_failures = 0;
  gboolean injected = TRUE;

  if (!open_faults ())
    return;
  exporter = open_row (&rows[__i__]);
  for (nth = 1; injected; nth++) {
    GstMemory *memory = gst_dmabuf_exporter_alloc (exporter, SIZE, NULL);
    gboolean mapped;
    GstMapInfo map;

    fail_unless (nth < MAX_FAULTS);
    set_fault (nth);
    mapped = gst_memory_map (memory, &map, GST_MAP_READWRITE);
    injected = clear_fault ();
    n_failures += !mapped;
    /* A map that failed does not spoil the next. */
    if (!mapped)
      fail_unless (gst_memory_map (memory, &map, GST_MAP_READWRITE));
    map.data[0] = 1;
    map.data[SIZE - 1] = 2;
    gst_memory_unmap (memory, &map);
    gst_memory_unref (memory);
  }
  fail_unless (n_failures > 0);
  gst_object_unref (exporter);
  close_faults ();
}

GST_END_TEST;

static GstStructure *
new_config (GstBufferPool * pool)
{
  GstStructure *config = gst_buffer_pool_get_config (pool);
  GstCaps *caps = gst_caps_from_string ("video/x-raw,format=NV12,width=320,"
      "height=240,framerate=30/1");

  gst_buffer_pool_config_set_params (config, caps, 0, 2, 2);
  gst_caps_unref (caps);
  return config;
}

GST_START_TEST (test_pool)
{
  GstDmabufExporter *exporter;
  guint nth, before, n_dmabufs, n_failures = 0;
  gboolean injected = TRUE;

  if (!open_faults ())
    return;
  exporter = open_row (&rows[__i__]);
  gst_memory_unref (gst_dmabuf_exporter_alloc (exporter, SIZE, NULL));
  before = dmabuf_test_count_fds ();
  n_dmabufs = dmabuf_test_count_dmabufs ();

  for (nth = 1; injected; nth++) {
    GstBufferPool *pool = gst_dmabuf_pool_new (exporter);
    GstStructure *config = new_config (pool);
    GstBuffer *buffer = NULL;
    gboolean active;

    fail_unless (nth < MAX_FAULTS);
    set_fault (nth);
    active = gst_buffer_pool_set_config (pool, config)
        && gst_buffer_pool_set_active (pool, TRUE);
    injected = clear_fault ();
    if (active) {
      fail_unless_equals_int (gst_buffer_pool_acquire_buffer (pool, &buffer,
              NULL), GST_FLOW_OK);
      gst_buffer_unref (buffer);
    }
    n_failures += !active;
    gst_buffer_pool_set_active (pool, FALSE);
    gst_object_unref (pool);
    fail_unless_equals_int (dmabuf_test_count_fds (), before);
  }
  fail_unless (n_failures > 0);
  fail_unless_equals_int (dmabuf_test_count_dmabufs (), n_dmabufs);
  gst_object_unref (exporter);
  close_faults ();
}

GST_END_TEST;

static Suite *
faults_suite (void)
{
  Suite *s = suite_create ("faults");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, 180);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_alloc, 0, G_N_ELEMENTS (rows));
  tcase_add_loop_test (tc, test_map, 0, G_N_ELEMENTS (rows));
  tcase_add_loop_test (tc, test_pool, 0, G_N_ELEMENTS (rows));
  return s;
}

DMABUF_TEST_MAIN (faults_suite)
