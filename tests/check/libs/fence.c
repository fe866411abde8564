/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Fences in and out of real dma-bufs, signalled by hand with sw_sync.
 */
#include <gst/dmabuf/gstdmabuferror.h>
#include <gst/dmabuf/gstdmabuffence.h>
#include <gst/dmabuf/gstdmabufheapexporter.h>
#include <gst/dmabuf/gstdmabufmemfdexporter.h>
#include <gst/dmabuf/gstdmabufudmabufexporter.h>

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "swsync.h"

#define READ GST_DMABUF_ACCESS_READ
#define WRITE GST_DMABUF_ACCESS_WRITE

static GstMemory *
alloc_memory (GstDmabufExporter * exporter)
{
  GError *error = NULL;
  GstMemory *memory = gst_dmabuf_exporter_alloc (exporter, 65536, &error);

  g_assert_no_error (error);
  gst_object_unref (exporter);
  return memory;
}

static GstMemory *
alloc_heap_memory (void)
{
  GError *error = NULL;
  GstDmabufExporter *heap = gst_dmabuf_heap_exporter_new ("system", &error);

  g_assert_no_error (error);
  return alloc_memory (heap);
}

static gboolean
have_devices (void)
{
  return dmabuf_test_have_device ("/dev/dma_heap/system")
      && dmabuf_test_have_device (SW_SYNC_NODE);
}

static GstDmabufWait
ask_fence (gint fence_fd)
{
  GError *error = NULL;
  GstDmabufWait result = gst_dmabuf_fence_wait (fence_fd, -1, 0, &error);

  g_assert_no_error (error);
  return result;
}

static void
import_fence (gint fd, gint timeline_fd, guint32 value, GstDmabufAccess access)
{
  GError *error = NULL;
  gint fence_fd = sw_sync_fence (timeline_fd, value);

  fail_unless (gst_dmabuf_fence_import (fd, fence_fd, access, &error));
  g_assert_no_error (error);
  close (fence_fd);
}

/* Who waits for whom: dma-buf.h, DMA_BUF_IOCTL_{EX,IM}PORT_SYNC_FILE. */
static const struct
{
  GstDmabufAccess imported;
  gboolean reader_waits;
  gboolean writer_waits;
} rows[] = {
  {READ, FALSE, TRUE},
  {WRITE, TRUE, TRUE},
  {READ | WRITE, TRUE, TRUE},
};

GST_START_TEST (test_who_waits)
{
  GstMemory *memory;
  gint fd, timeline_fd, snapshots[2];
  GError *error = NULL;

  if (!have_devices ())
    return;
  memory = alloc_heap_memory ();
  fd = gst_dmabuf_memory_get_fd (memory);
  timeline_fd = sw_sync_open ();

  import_fence (fd, timeline_fd, 1, rows[__i__].imported);
  fail_unless_equals_int (gst_dmabuf_is_busy (fd, READ),
      rows[__i__].reader_waits);
  fail_unless_equals_int (gst_dmabuf_is_busy (fd, WRITE),
      rows[__i__].writer_waits);
  fail_unless_equals_int (gst_dmabuf_is_busy (fd, READ | WRITE),
      rows[__i__].writer_waits);

  snapshots[0] = gst_dmabuf_fence_export (fd, READ, &error);
  g_assert_no_error (error);
  snapshots[1] = gst_dmabuf_fence_export (fd, WRITE, &error);
  g_assert_no_error (error);
  fail_unless (fcntl (snapshots[1], F_GETFD) & FD_CLOEXEC);
  fail_unless_equals_int (ask_fence (snapshots[0]), rows[__i__].reader_waits
      ? GST_DMABUF_WAIT_TIMEOUT : GST_DMABUF_WAIT_DONE);
  fail_unless_equals_int (ask_fence (snapshots[1]), GST_DMABUF_WAIT_TIMEOUT);

  sw_sync_advance (timeline_fd, 1);
  fail_unless_equals_int (ask_fence (snapshots[0]), GST_DMABUF_WAIT_DONE);
  fail_unless_equals_int (ask_fence (snapshots[1]), GST_DMABUF_WAIT_DONE);
  fail_if (gst_dmabuf_is_busy (fd, READ));
  fail_if (gst_dmabuf_is_busy (fd, WRITE));

  close (snapshots[0]);
  close (snapshots[1]);
  close (timeline_fd);
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_no_fence_is_signalled)
{
  GError *error = NULL;
  GstMemory *memory;
  gint fence_fd;

  if (!have_devices ())
    return;
  memory = alloc_heap_memory ();
  fence_fd = gst_dmabuf_fence_export (gst_dmabuf_memory_get_fd (memory),
      READ | WRITE, &error);
  g_assert_no_error (error);
  fail_unless (fence_fd >= 0);
  fail_unless_equals_int (ask_fence (fence_fd), GST_DMABUF_WAIT_DONE);
  close (fence_fd);
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_merge)
{
  GError *error = NULL;
  gint timeline_fd, first_fd, second_fd, both_fd;

  if (!have_devices ())
    return;
  timeline_fd = sw_sync_open ();
  first_fd = sw_sync_fence (timeline_fd, 1);
  second_fd = sw_sync_fence (timeline_fd, 2);
  both_fd = gst_dmabuf_fence_merge (first_fd, second_fd, &error);
  g_assert_no_error (error);
  fail_unless (fcntl (both_fd, F_GETFD) & FD_CLOEXEC);

  sw_sync_advance (timeline_fd, 1);
  fail_unless_equals_int (ask_fence (first_fd), GST_DMABUF_WAIT_DONE);
  fail_unless_equals_int (ask_fence (both_fd), GST_DMABUF_WAIT_TIMEOUT);
  sw_sync_advance (timeline_fd, 1);
  fail_unless_equals_int (ask_fence (both_fd), GST_DMABUF_WAIT_DONE);

  fail_unless_equals_int (gst_dmabuf_fence_merge (first_fd, timeline_fd,
          &error), -1);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);

  close (both_fd);
  close (second_fd);
  close (first_fd);
  close (timeline_fd);
}

GST_END_TEST;

GST_START_TEST (test_cancel_and_timeout)
{
  GError *error = NULL;
  GstMemory *memory;
  gint timeline_fd, fence_fd, cancel_fd, fd;

  if (!have_devices ())
    return;
  memory = alloc_heap_memory ();
  fd = gst_dmabuf_memory_get_fd (memory);
  timeline_fd = sw_sync_open ();
  fence_fd = sw_sync_fence (timeline_fd, 1);
  fail_unless (gst_dmabuf_fence_import (fd, fence_fd, WRITE, NULL));
  cancel_fd = eventfd (1, EFD_CLOEXEC);

  fail_unless_equals_int (gst_dmabuf_fence_wait (fence_fd, -1,
          3 * GST_MSECOND + 1, &error), GST_DMABUF_WAIT_TIMEOUT);
  fail_unless_equals_int (gst_dmabuf_fence_wait (fence_fd, cancel_fd,
          GST_CLOCK_TIME_NONE, &error), GST_DMABUF_WAIT_CANCELLED);
  fail_unless_equals_int (gst_dmabuf_wait_idle (fd, READ, cancel_fd,
          GST_CLOCK_TIME_NONE, &error), GST_DMABUF_WAIT_CANCELLED);
  fail_unless_equals_int (gst_dmabuf_wait_idle (fd, READ, -1, GST_MSECOND,
          &error), GST_DMABUF_WAIT_TIMEOUT);

  /* What is done is done, cancelled or not. */
  sw_sync_advance (timeline_fd, 1);
  fail_unless_equals_int (gst_dmabuf_fence_wait (fence_fd, cancel_fd, 0,
          &error), GST_DMABUF_WAIT_DONE);
  fail_unless_equals_int (gst_dmabuf_wait_idle (fd, WRITE, cancel_fd,
          GST_CLOCK_TIME_NONE, &error), GST_DMABUF_WAIT_DONE);
  g_assert_no_error (error);

  close (cancel_fd);
  close (fence_fd);
  close (timeline_fd);
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_failed_work)
{
  GError *error = NULL;
  gint timeline_fd, fence_fd;

  if (!have_devices ())
    return;
  timeline_fd = sw_sync_open ();
  fence_fd = sw_sync_fence (timeline_fd, 1);
  close (timeline_fd);

  fail_unless_equals_int (gst_dmabuf_fence_wait (fence_fd, -1,
          GST_CLOCK_TIME_NONE, &error), GST_DMABUF_WAIT_ERROR);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED);
  fail_unless (strstr (error->message, g_strerror (ENOENT)) != NULL);
  g_clear_error (&error);
  close (fence_fd);
}

GST_END_TEST;

static volatile gint n_alarms;

static void
count_alarm (int number)
{
  g_atomic_int_inc (&n_alarms);
}

static gpointer
advance_after_alarms (gpointer data)
{
  while (g_atomic_int_get (&n_alarms) < 50)
    g_usleep (500);
  sw_sync_advance (GPOINTER_TO_INT (data), 1);
  return NULL;
}

static void
set_alarms (glong interval_us)
{
  struct itimerval timer = {
    .it_interval = {0, interval_us},
    .it_value = {0, interval_us},
  };

  fail_unless (setitimer (ITIMER_REAL, &timer, NULL) == 0);
}

typedef enum
{
  INTERRUPT_FENCE_WAIT,
  INTERRUPT_IDLE_WAIT,
  INTERRUPT_SYNC,
} Interrupted;

static void
be_interrupted (Interrupted what, gint fd, gint fence_fd)
{
  GError *error = NULL;

  switch (what) {
    case INTERRUPT_FENCE_WAIT:
      fail_unless_equals_int (gst_dmabuf_fence_wait (fence_fd, -1,
              60 * GST_SECOND, &error), GST_DMABUF_WAIT_DONE);
      break;
    case INTERRUPT_IDLE_WAIT:
      fail_unless_equals_int (gst_dmabuf_wait_idle (fd, WRITE, -1,
              GST_CLOCK_TIME_NONE, &error), GST_DMABUF_WAIT_DONE);
      break;
    case INTERRUPT_SYNC:
      fail_unless (gst_dmabuf_sync_begin (fd, READ | WRITE, &error));
      fail_if (gst_dmabuf_is_busy (fd, WRITE));
      fail_unless (gst_dmabuf_sync_end (fd, READ | WRITE, &error));
      break;
  }
  g_assert_no_error (error);
}

/* Signals arrive all the time, and without SA_RESTART. */
GST_START_TEST (test_interrupted)
{
  struct sigaction action = {.sa_handler = count_alarm };
  GstDmabufExporter *exporters[2];
  GError *error = NULL;
  guint i;

  if (!have_devices () || !dmabuf_test_have_device ("/dev/udmabuf"))
    return;
  exporters[0] = gst_dmabuf_heap_exporter_new ("system", &error);
  exporters[1] = gst_dmabuf_udmabuf_exporter_new (&error);
  g_assert_no_error (error);
  sigaction (SIGALRM, &action, NULL);

  for (i = 0; i < G_N_ELEMENTS (exporters); i++) {
    GstMemory *memory = alloc_memory (exporters[i]);
    gint fd = gst_dmabuf_memory_get_fd (memory);
    gint timeline_fd = sw_sync_open ();
    gint fence_fd = sw_sync_fence (timeline_fd, 1);
    sigset_t alarm_only;
    GThread *thread;

    fail_unless (gst_dmabuf_fence_import (fd, fence_fd, WRITE, &error));
    g_atomic_int_set (&n_alarms, 0);
    /* The helper inherits a mask that leaves all alarms to this thread. */
    sigemptyset (&alarm_only);
    sigaddset (&alarm_only, SIGALRM);
    pthread_sigmask (SIG_BLOCK, &alarm_only, NULL);
    thread = g_thread_new ("advance", advance_after_alarms,
        GINT_TO_POINTER (timeline_fd));
    pthread_sigmask (SIG_UNBLOCK, &alarm_only, NULL);
    set_alarms (1000);
    be_interrupted (__i__, fd, fence_fd);
    set_alarms (0);
    g_thread_join (thread);
    fail_unless (g_atomic_int_get (&n_alarms) >= 50);

    close (fence_fd);
    close (timeline_fd);
    gst_memory_unref (memory);
  }
}

GST_END_TEST;

GST_START_TEST (test_descriptors_limit)
{
  struct rlimit old, tight;
  GError *error = NULL;
  GstMemory *memory;
  gint fd, fence_fd, both_fd;

  if (!have_devices ())
    return;
  memory = alloc_heap_memory ();
  fd = gst_dmabuf_memory_get_fd (memory);
  fence_fd = gst_dmabuf_fence_export (fd, READ, &error);
  g_assert_no_error (error);

  getrlimit (RLIMIT_NOFILE, &old);
  tight = old;
  tight.rlim_cur = 0;
  setrlimit (RLIMIT_NOFILE, &tight);
  fail_unless_equals_int (gst_dmabuf_fence_export (fd, READ, &error), -1);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED);
  g_clear_error (&error);
  both_fd = gst_dmabuf_fence_merge (fence_fd, fence_fd, &error);
  fail_unless_equals_int (both_fd, -1);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED);
  g_clear_error (&error);
  setrlimit (RLIMIT_NOFILE, &old);

  close (fence_fd);
  gst_memory_unref (memory);
}

GST_END_TEST;

/* Memory without fences: what every host can test. */
GST_START_TEST (test_no_dmabuf)
{
  GstMemory *memory = alloc_memory (gst_dmabuf_memfd_exporter_new ());
  gint fd = gst_dmabuf_memory_get_fd (memory);
  GError *error = NULL;

  fail_unless_equals_int (gst_dmabuf_fence_export (fd, READ, &error), -1);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  fail_if (gst_dmabuf_fence_import (fd, fd, READ, &error));
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  fail_if (gst_dmabuf_sync_begin (fd, READ, &error));
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  fail_unless_equals_int (gst_dmabuf_fence_merge (fd, fd, &error), -1);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  fail_unless_equals_int (gst_dmabuf_fence_wait (fd, -1, 0, &error),
      GST_DMABUF_WAIT_ERROR);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);

  fail_if (gst_dmabuf_is_busy (fd, READ | WRITE));
  fail_unless_equals_int (gst_dmabuf_wait_idle (fd, READ | WRITE, -1,
          GST_CLOCK_TIME_NONE, &error), GST_DMABUF_WAIT_DONE);
  g_assert_no_error (error);
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_no_descriptor)
{
  static const gint bad_fds[] = { -1, 1000000 };
  gint fd = bad_fds[__i__];
  GError *error = NULL;

  fail_unless_equals_int (gst_dmabuf_fence_export (fd, READ, &error), -1);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  fail_unless_equals_int (gst_dmabuf_fence_wait (fd, -1, GST_CLOCK_TIME_NONE,
          &error), GST_DMABUF_WAIT_ERROR);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  fail_unless_equals_int (gst_dmabuf_wait_idle (fd, READ, -1,
          GST_CLOCK_TIME_NONE, &error), GST_DMABUF_WAIT_ERROR);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  fail_if (gst_dmabuf_is_busy (fd, WRITE));
}

GST_END_TEST;

static Suite *
fence_suite (void)
{
  Suite *s = suite_create ("fence");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_who_waits, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, test_no_fence_is_signalled);
  tcase_add_test (tc, test_merge);
  tcase_add_test (tc, test_cancel_and_timeout);
  tcase_add_test (tc, test_failed_work);
  tcase_add_loop_test (tc, test_interrupted, 0, INTERRUPT_SYNC + 1);
  tcase_add_test (tc, test_descriptors_limit);
  tcase_add_test (tc, test_no_dmabuf);
  tcase_add_loop_test (tc, test_no_descriptor, 0, 2);
  return s;
}

DMABUF_TEST_MAIN (fence_suite)
