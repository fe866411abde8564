/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The kernel gives nothing more: no descriptors, no memory, no permission,
 * wherever that may happen while a pipeline runs. It works or says why not,
 * and leaves nothing behind.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE             /* seteuid */
#endif
#include "player.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define NOBODY 65534
#define FAIL_NTH "/proc/thread-self/fail-nth"
#define FAILSLAB "/sys/kernel/debug/failslab/"

static const gchar *const launches[] = {
  "dmabuftestsrc num-buffers=2 ! video/x-raw(memory:DMABuf),format=DMA_DRM,"
      "drm-format=NV12,width=320,height=240"
      " ! dmabufkmssink name=sink driver-name=vkms sync=false",
  "videotestsrc num-buffers=2 ! video/x-raw,width=320,height=240"
      " ! dmabufkmssink name=sink driver-name=vkms sync=false",
};

/* The display is there, and nobody's. */
static gboolean
have_display (void)
{
  KmsWriteback *writeback = player_open_display ();

  if (!writeback)
    return FALSE;
  kms_writeback_close (writeback);
  return TRUE;
}

static void
play_well (const gchar * launch)
{
  Player player;

  player_init (&player, NULL, launch);
  player_play (&player);
  player_clear (&player);
}

/* TRUE if the pipeline got to its end; else there was an error with words. */
static gboolean
play_somehow (Player * player)
{
  gchar *error;
  gboolean ended = player_play_either (player, &error);

  fail_unless (ended || strlen (error) > 0);
  GST_INFO ("%s", ended ? "EOS" : error);
  g_free (error);
  return ended;
}

/* Descriptors */

/* With GStreamer's own complaints about descriptors that it does not get. */
static gboolean
play_with_descriptors (Player * player, guint n)
{
  struct rlimit before, limit;
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  gboolean ended;

  getrlimit (RLIMIT_NOFILE, &before);
  limit = before;
  limit.rlim_cur = n;
  _gst_check_expecting_log = TRUE;
  fail_unless (setrlimit (RLIMIT_NOFILE, &limit) == 0);
  ended = play_somehow (player);
  /* A pool of GStreamer's own without a descriptor waits for ever, when it is
   * flushed, if errno happens to be EWOULDBLOCK. */
  errno = 0;
  gst_element_set_state (player->pipeline, GST_STATE_NULL);
  fail_unless (setrlimit (RLIMIT_NOFILE, &before) == 0);
  _gst_check_expecting_log = FALSE;
  g_log_set_always_fatal (fatal);
  return ended;
}

GST_START_TEST (test_no_descriptors)
{
  guint n_good = 0, n_failed = 0, extra, before;
  Player player;

  if (!have_display ())
    return;
  play_well (launches[__i__]);
  before = dmabuf_test_count_fds ();
  for (extra = 0; n_good < 3; extra++) {
    fail_unless (extra < 200);
    player_init (&player, NULL, launches[__i__]);
    /* "." and ".." are no descriptors, nor is the directory open any more. */
    if (play_with_descriptors (&player, dmabuf_test_count_fds () - 3 + extra))
      n_good++;
    else
      n_failed++;
    player_clear (&player);
    fail_unless_equals_int (dmabuf_test_count_fds (), before);
  }
  fail_unless (n_failed > 0);
  play_well (launches[__i__]);
}

GST_END_TEST;

/* Memory */

/* This program's ioctl() is in front of the C library's: in the one with this
 * number, counted from 1, the kernel's nth allocation fails. */
static gint ioctl_calls, faulty_ioctl, faulty_allocation;
static gint fault_happened;

static void
write_file (const gchar * path, const gchar * text)
{
  gint fd = open (path, O_WRONLY | O_CLOEXEC);

  fail_unless (fd >= 0, "%s: %s", path, g_strerror (errno));
  fail_unless (write (fd, text, strlen (text)) == (gssize) strlen (text));
  close (fd);
}

__attribute__((visibility ("default")))
     int ioctl (int fd, unsigned long request, ...);

     int ioctl (int fd, unsigned long request, ...)
{
  gint number = g_atomic_int_add (&ioctl_calls, 1) + 1;
  gint fault_fd, ret, errnum;
  gchar nth, left = '0';
  gpointer argument;
  va_list args;

  va_start (args, request);
  argument = va_arg (args, gpointer);
  va_end (args);
  if (number != g_atomic_int_get (&faulty_ioctl))
    return syscall (SYS_ioctl, fd, request, argument);

  fault_fd = open (FAIL_NTH, O_RDWR | O_CLOEXEC);
  g_assert (fault_fd >= 0);
  nth = '0' + faulty_allocation;
  g_assert (pwrite (fault_fd, &nth, 1, 0) == 1);
  ret = syscall (SYS_ioctl, fd, request, argument);
  errnum = errno;
  /* What is left to count down to; 0 if the fault has happened. */
  if (pread (fault_fd, &left, 1, 0) == 1 && left == '0')
    g_atomic_int_set (&fault_happened, TRUE);
  g_assert (pwrite (fault_fd, "0", 1, 0) == 1);
  close (fault_fd);
  errno = errnum;
  return ret;
}

static const struct
{
  guint launch;
  gint allocation;
} no_memory[] = {
  {0, 1}, {0, 2}, {0, 4}, {1, 1},
};

GST_START_TEST (test_no_memory_at_each_ioctl)
{
  const gchar *launch = launches[no_memory[__i__].launch];
  guint before, dmabufs, n_faults = 0, n_errors = 0;
  gint n;

  if (!have_display () || !dmabuf_test_have_device (FAIL_NTH))
    return;
  write_file (FAILSLAB "ignore-gfp-wait", "N");
  write_file (FAILSLAB "verbose", "0");
  play_well (launch);
  before = dmabuf_test_count_fds ();
  dmabufs = dmabuf_test_count_dmabufs ();

  faulty_allocation = no_memory[__i__].allocation;
  for (n = 1;; n++) {
    Player player;

    g_atomic_int_set (&ioctl_calls, 0);
    g_atomic_int_set (&fault_happened, FALSE);
    g_atomic_int_set (&faulty_ioctl, n);
    player_init (&player, NULL, launch);
    n_errors += !play_somehow (&player);
    player_clear (&player);
    n_faults += g_atomic_int_get (&fault_happened);
    g_atomic_int_set (&faulty_ioctl, 0);
    fail_unless_equals_int (dmabuf_test_count_fds (), before);
    /* Even where there was no memory to put back what the display showed. */
    GST_INFO ("%s in ioctl %d", fault_happened ? "fault" : "nothing", n);
    dmabuf_test_expect_dmabufs (dmabufs);
    if (g_atomic_int_get (&ioctl_calls) < n)
      break;
  }
  GST_INFO ("%d ioctls, %u faults, %u errors", n - 1, n_faults, n_errors);
  fail_unless (n_faults > 5);
  /* That one allocation fails need not be seen: commits are tried again, a frame
   * is dropped, other memory is found. */

  play_well (launch);
  dmabuf_test_expect_dmabufs (dmabufs);
  write_file (FAILSLAB "ignore-gfp-wait", "Y");
}

GST_END_TEST;

/* Permissions */

static const gchar *const memory_nodes[] = {
  "/dev/dma_heap/system", "/dev/dma_heap/default_cma_region",
  "/dev/dma_heap/reserved", "/dev/udmabuf"
};

static void
forbid_nodes (mode_t modes[G_N_ELEMENTS (memory_nodes)])
{
  struct stat st;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (memory_nodes); i++) {
    modes[i] = 0;
    if (stat (memory_nodes[i], &st) != 0)
      continue;
    modes[i] = st.st_mode & 07777;
    fail_unless (chmod (memory_nodes[i], 0) == 0);
  }
  fail_unless (seteuid (NOBODY) == 0);
}

static void
allow_nodes (const mode_t modes[G_N_ELEMENTS (memory_nodes)])
{
  guint i;

  fail_unless (seteuid (0) == 0);
  for (i = 0; i < G_N_ELEMENTS (memory_nodes); i++)
    if (modes[i] != 0)
      chmod (memory_nodes[i], modes[i]);
}

static gboolean
can_forbid (void)
{
  if (!dmabuf_test_have_device (memory_nodes[0]))
    return FALSE;
  if (geteuid () == 0)
    return TRUE;
  g_printerr ("SKIP: only root can forbid itself devices\n");
  return FALSE;
}

/* What is asked for, and what the error must name; NULL: it plays. */
static const struct
{
  const gchar *launch, *words, *more_words;
} forbidden[] = {
  {"dmabuftestsrc num-buffers=2 exporter=heap:system ! fakesink name=sink",
      "/dev/dma_heap/system", "udev"},
  {"dmabuftestsrc num-buffers=2 exporter=udmabuf ! fakesink name=sink",
      "/dev/udmabuf", ""},
  {"dmabuftestsrc num-buffers=2 ! video/x-raw(memory:DMABuf),format=DMA_DRM,"
        "drm-format=NV12 ! fakesink name=sink", "/dev/dma_heap/system",
      "/dev/udmabuf"},
  {"dmabuftestsrc num-buffers=2 ! video/x-raw,format=NV12"
        " ! fakesink name=sink", NULL, NULL},
};

GST_START_TEST (test_memory_is_forbidden)
{
  mode_t modes[G_N_ELEMENTS (memory_nodes)];
  gchar *error = NULL;
  gboolean ended;
  Player player;

  if (!can_forbid ())
    return;
  /* Plug-ins are loaded while they can be read. */
  player_init (&player, NULL, forbidden[__i__].launch);
  forbid_nodes (modes);
  ended = player_play_either (&player, &error);
  gst_element_set_state (player.pipeline, GST_STATE_NULL);
  allow_nodes (modes);
  if (forbidden[__i__].words)
    fail_unless (!ended && strstr (error, forbidden[__i__].words)
        && strstr (error, forbidden[__i__].more_words), "%s",
        ended ? "it plays" : error);
  else
    fail_unless (ended, "%s", error);
  g_free (error);
  player_clear (&player);
}

GST_END_TEST;

/* Without heaps a display has memory of its own. */
GST_START_TEST (test_display_memory_instead_of_heaps)
{
  mode_t modes[G_N_ELEMENTS (memory_nodes)];
  KmsWriteback *writeback;
  gchar *error = NULL, *node, *exporter;
  struct stat st;
  gboolean ended;
  Player player;

  if (!can_forbid ())
    return;
  writeback = player_open_display ();
  node = g_strdup_printf ("/proc/self/fd/%d", kms_writeback_get_fd (writeback));
  fail_unless (stat (node, &st) == 0);
  player_init (&player, writeback, "videotestsrc num-buffers=2"
      " ! dmabufkmssink name=sink sync=false");
  fail_unless (chmod (node, 0666) == 0);
  forbid_nodes (modes);
  ended = player_play_either (&player, &error);
  exporter = player_get_exporter (&player);
  gst_element_set_state (player.pipeline, GST_STATE_NULL);
  allow_nodes (modes);
  fail_unless (chmod (node, st.st_mode & 07777) == 0);

  fail_unless (ended, "%s", error);
  fail_unless (g_str_has_prefix (exporter, "dumb:"), "%s", exporter);
  g_free (exporter);
  g_free (node);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
faults_suite (void)
{
  Suite *s = suite_create ("pipelines/faults");
  TCase *tc = tcase_create ("vkms");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, test_no_descriptors, 0, G_N_ELEMENTS (launches));
  tcase_add_loop_test (tc, test_no_memory_at_each_ioctl, 0,
      G_N_ELEMENTS (no_memory));
  tcase_add_loop_test (tc, test_memory_is_forbidden, 0,
      G_N_ELEMENTS (forbidden));
  tcase_add_test (tc, test_display_memory_instead_of_heaps);
  return s;
}

DMABUF_TEST_MAIN (faults_suite)
