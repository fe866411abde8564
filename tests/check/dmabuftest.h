/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What every test of this project needs: a fixture that compares the open file
 * descriptors before and after, and a device check that skips on a host without
 * devices but fails in the emulated machine.
 *
 * With GST_DMABUF_TEST_DEVICES=required (set inside the emulated machine) a
 * missing device is a failure.
 */
#pragma once

#include <gst/check/gstcheck.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static guint dmabuf_test_fds_before;

/* Number of open file descriptors of this process. */
static inline guint
dmabuf_test_count_fds (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  guint n = 0;

  fail_unless (dir != NULL);
  while (readdir (dir) != NULL)
    n++;
  closedir (dir);
  return n;
}

/* Number of dma-bufs alive in the whole system, from debugfs; 0 where it is not
 * readable. */
static inline guint
dmabuf_test_count_dmabufs (void)
{
  gchar *text = NULL, *total;
  guint n = 0;

  if (g_file_get_contents ("/sys/kernel/debug/dma_buf/bufinfo", &text, NULL,
          NULL)) {
    total = strstr (text, "Total ");
    if (total)
      n = (guint) strtoul (total + 6, NULL, 10);
    g_free (text);
  }
  return n;
}

/* Fails unless n dma-bufs are alive, or will be soon: after the event of a page
 * flip the kernel lets go of what was shown before in a thread of its own. */
static inline void
dmabuf_test_expect_dmabufs (guint n)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (dmabuf_test_count_dmabufs () != n && g_get_monotonic_time () < end)
    g_thread_yield ();
  fail_unless (dmabuf_test_count_dmabufs () == n,
      "%u dma-bufs were to be alive, %u are", n, dmabuf_test_count_dmabufs ());
}

static inline void
dmabuf_test_fds_setup (void)
{
  dmabuf_test_fds_before = dmabuf_test_count_fds ();
}

static inline void
dmabuf_test_fds_teardown (void)
{
  guint after = dmabuf_test_count_fds ();

  fail_unless (after == dmabuf_test_fds_before,
      "%u file descriptors before the test, %u after",
      dmabuf_test_fds_before, after);
}

/* TRUE if the node at path can be opened for reading and writing. If not, the
 * test fails where devices are required, and is told to return otherwise. */
static inline gboolean
dmabuf_test_have_device (const gchar * path)
{
  if (access (path, R_OK | W_OK) == 0)
    return TRUE;
  if (g_strcmp0 (g_getenv ("GST_DMABUF_TEST_DEVICES"), "required") == 0)
    fail ("%s is missing, and devices are required here", path);
  g_printerr ("SKIP: no %s on this system\n", path);
  return FALSE;
}

/* Add to a TCase so that each of its tests compares open fds. */
#define dmabuf_test_check_fds(tcase) \
  tcase_add_checked_fixture (tcase, dmabuf_test_fds_setup, \
      dmabuf_test_fds_teardown)

/* Main program of a test file: exit status 77 tells meson that every device
 * test was skipped; it is never given where devices are required. */
#define DMABUF_TEST_MAIN(suite_function) \
int main (int argc, char **argv) \
{ \
  gst_check_init (&argc, &argv); \
  return gst_check_run_suite (suite_function (), #suite_function, __FILE__); \
}
