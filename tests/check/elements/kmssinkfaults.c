/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * dmabufkmssink when things go wrong on a real display: it goes away, a fence
 * never signals, signals storm, states change without end.
 */
#include "pipelines/player.h"
#include "pipelines/vkmsdevice.h"
#include "swsync.h"

#include <gst/allocators/gstdmabuf.h>
#include <gst/dmabuf/gstdmabuffence.h>
#include <signal.h>
#include <sys/time.h>

#define XR24 "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=XR24"
#define N_CYCLES 1000

/* Frames that reached the sink. */
static GstPadProbeReturn
count_buffer (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
  return GST_PAD_PROBE_OK;
}

static void
add_probe (Player * player, GstPadProbeCallback callback, gpointer user_data)
{
  GstPad *pad = gst_element_get_static_pad (player->sink, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, user_data, NULL);
  gst_object_unref (pad);
}

typedef struct
{
  VkmsDevice *device;
  gint n;
} Unplug;

/* In the streaming thread, so that no frame is under way. */
static GstPadProbeReturn
unplug_at_tenth (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Unplug *unplug = user_data;

  if (++unplug->n == 10)
    vkms_device_unplug (unplug->device);
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (test_display_is_removed)
{
  Unplug unplug = { NULL, 0 };
  GError *error = NULL;
  Player player;
  gchar *text;

  if (!dmabuf_test_have_device ("/sys/kernel/config/vkms"))
    return;
  unplug.device = vkms_device_new ("removed", &error);
  g_assert_no_error (error);
  player_init_printf (&player, NULL, "dmabuftestsrc ! " XR24
      " ! dmabufkmssink name=sink sync=false device=%s",
      vkms_device_get_node (unplug.device));
  add_probe (&player, unplug_at_tenth, &unplug);
  text = player_play_to_error (&player);
  fail_unless (strstr (text, "the device was removed") != NULL, "%s", text);
  g_free (text);
  player_clear (&player);
  vkms_device_free (unplug.device);
}

GST_END_TEST;

/* From another thread, in the middle of whatever the sink does. */
GST_START_TEST (test_display_is_removed_at_any_time)
{
  GError *error = NULL;
  VkmsDevice *device;
  Player player;
  GstMessage *message;
  gint n = 0;

  if (!dmabuf_test_have_device ("/sys/kernel/config/vkms"))
    return;
  device = vkms_device_new ("yanked", &error);
  g_assert_no_error (error);
  player_init_printf (&player, NULL, "dmabuftestsrc ! " XR24
      " ! dmabufkmssink name=sink sync=false device=%s",
      vkms_device_get_node (device));
  add_probe (&player, count_buffer, &n);
  player_set_state (&player, GST_STATE_PLAYING);
  while (g_atomic_int_get (&n) < 5)
    g_thread_yield ();
  vkms_device_unplug (device);
  message = gst_bus_timed_pop_filtered (player.bus, PLAYER_PATIENCE,
      GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (error->domain == GST_RESOURCE_ERROR, "%s", error->message);
  g_clear_error (&error);
  gst_message_unref (message);
  player_clear (&player);
  vkms_device_free (device);
}

GST_END_TEST;

typedef struct
{
  gint fence_fd;
  gint n;
} Fence;

static GstPadProbeReturn
put_fence_on_third (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Fence *fence = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GError *error = NULL;

  if (++fence->n == 3) {
    gst_dmabuf_fence_import (gst_dmabuf_memory_get_fd (gst_buffer_peek_memory
            (buffer, 0)), fence->fence_fd, GST_DMABUF_ACCESS_WRITE, &error);
    g_assert_no_error (error);
  }
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (test_fence_never_signals)
{
  KmsWriteback *writeback = player_open_display ();
  Fence fence = { -1, 0 };
  gint timeline_fd;
  Player player;

  if (!writeback)
    return;
  timeline_fd = sw_sync_open ();
  fence.fence_fd = sw_sync_fence (timeline_fd, 1);

  player_init (&player, writeback, "dmabuftestsrc num-buffers=12 ! " XR24
      " ! dmabufkmssink name=sink sync=false fence-timeout=200000000");
  add_probe (&player, put_fence_on_third, &fence);
  player_play (&player);
  fail_unless_equals_int (player_get_counter (&player, "fence-timeouts"), 1);
  fail_unless_equals_int (player_get_counter (&player, "dropped"), 1);
  fail_unless_equals_int (player_get_counter (&player, "frames"), 11);
  player_clear (&player);
  /* Its end signals what is left of the fence. */
  close (timeline_fd);
  close (fence.fence_fd);
  kms_writeback_close (writeback);
}

GST_END_TEST;

GST_START_TEST (test_null_while_a_fence_is_waited_for)
{
  KmsWriteback *writeback = player_open_display ();
  Fence fence = { -1, 0 };
  gint timeline_fd, n = 0;
  Player player;

  if (!writeback)
    return;
  timeline_fd = sw_sync_open ();
  fence.fence_fd = sw_sync_fence (timeline_fd, 1);

  player_init (&player, writeback, "dmabuftestsrc ! " XR24
      " ! dmabufkmssink name=sink sync=false fence-timeout=1000000000000");
  add_probe (&player, put_fence_on_third, &fence);
  add_probe (&player, count_buffer, &n);
  player_set_state (&player, GST_STATE_PLAYING);
  while (g_atomic_int_get (&n) < 3)
    g_thread_yield ();
  /* The test's own time limit is far below that of the fence. */
  player_clear (&player);
  close (timeline_fd);
  close (fence.fence_fd);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static void
do_nothing (int number)
{
}

GST_START_TEST (test_signals_at_1_khz)
{
  struct sigaction action = { .sa_handler = do_nothing }, before;
  struct itimerval timer = { {0, 1000}, {0, 1000} }, off = { {0, 0}, {0, 0} };
  KmsWriteback *writeback = player_open_display ();
  Player player;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc num-buffers=60 ! " XR24
      " ! dmabufkmssink name=sink sync=false zero-copy=require");
  /* Without SA_RESTART: every wait ends early. */
  fail_unless (sigaction (SIGALRM, &action, &before) == 0);
  fail_unless (setitimer (ITIMER_REAL, &timer, NULL) == 0);
  player_play (&player);
  setitimer (ITIMER_REAL, &off, NULL);
  sigaction (SIGALRM, &before, NULL);
  fail_unless_equals_int (player_get_counter (&player, "frames"), 60);
  fail_unless_equals_int (player_get_counter (&player, "dropped"), 0);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

GST_START_TEST (test_states_change_without_end)
{
  KmsWriteback *writeback = player_open_display ();
  guint fds, dmabufs, i;
  Player player;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc ! " XR24
      ",width=64,height=64 ! dmabufkmssink name=sink sync=false");
  player_set_state (&player, GST_STATE_PLAYING);
  player_set_state (&player, GST_STATE_NULL);
  fds = dmabuf_test_count_fds ();
  dmabufs = dmabuf_test_count_dmabufs ();
  for (i = 0; i < N_CYCLES; i++) {
    player_set_state (&player, GST_STATE_PLAYING);
    player_set_state (&player, GST_STATE_NULL);
  }
  fail_unless_equals_int (dmabuf_test_count_fds (), fds);
  dmabuf_test_expect_dmabufs (dmabufs);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
kmssinkfaults_suite (void)
{
  Suite *suite = suite_create ("kmssinkfaults");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_set_timeout (tc, 280);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_display_is_removed);
  tcase_add_test (tc, test_display_is_removed_at_any_time);
  tcase_add_test (tc, test_fence_never_signals);
  tcase_add_test (tc, test_null_while_a_fence_is_waited_for);
  tcase_add_test (tc, test_signals_at_1_khz);
  tcase_add_test (tc, test_states_change_without_end);
  return suite;
}

DMABUF_TEST_MAIN (kmssinkfaults_suite)
