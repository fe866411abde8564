/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What people do to a pipeline while it plays: pause, seek, step, change the
 * rate, send EOS, change caps and states, from more than one thread. It goes on
 * to its end, and the display shows the last frame.
 */
#include "player.h"

#define XR24 "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=XR24"
#define SMALL ",width=64,height=64"
#define N_PAUSES 60

static void
wait_for_frames (const Player * player, guint n)
{
  while (player_get_counter (player, "frames") < n)
    g_thread_yield ();
}

static void
expect_end (const Player * player)
{
  GstMessage *message = gst_bus_timed_pop_filtered (player->bus,
      PLAYER_PATIENCE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);

  fail_unless (message != NULL, "the pipeline hangs");
  fail_unless_equals_string (GST_MESSAGE_TYPE_NAME (message), "eos");
  gst_message_unref (message);
}

/* Without synchronisation the sink waits for the display nearly always: each
 * pause comes in the middle of a frame. */
GST_START_TEST (test_pauses)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  Picture *picture;
  guint i;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc num-buffers=250 ! " XR24
      SMALL " ! dmabufkmssink name=sink sync=false zero-copy=require");
  player_set_state (&player, GST_STATE_PLAYING);
  for (i = 0; i < N_PAUSES; i++) {
    wait_for_frames (&player, i * 3);
    player_set_state (&player, GST_STATE_PAUSED);
    player_set_state (&player, GST_STATE_PLAYING);
  }
  expect_end (&player);
  fail_unless_equals_int (player_get_counter (&player, "frames"), 250);
  fail_unless_equals_int (player_get_counter (&player, "dropped"), 0);
  picture = player_capture (&player, 64, 64);
  fail_unless_equals_int (player_read_counter (picture), 249);
  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* Prerolled only, and again, and then played. */
GST_START_TEST (test_preroll)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  Picture *picture;
  guint i;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc num-buffers=5 ! " XR24 SMALL
      " ! dmabufkmssink name=sink sync=false zero-copy=require");
  for (i = 0; i < 3; i++) {
    player_set_state (&player, GST_STATE_PAUSED);
    fail_unless_equals_int (player_get_counter (&player, "frames"), i + 1);
    picture = player_capture (&player, 64, 64);
    fail_unless_equals_int (player_read_counter (picture), 0);
    picture_free (picture);
    player_set_state (&player, GST_STATE_READY);
  }
  player_play (&player);
  picture = player_capture (&player, 64, 64);
  fail_unless_equals_int (player_read_counter (picture), 4);
  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* Flushing and not, forward and backward, fast and slow, playing and paused. */
GST_START_TEST (test_seeks)
{
  static const gdouble rates[] = { 1.0, 2.0, 0.5, -1.0, 1.0 };
  KmsWriteback *writeback = player_open_display ();
  Player player;
  guint i;

  if (!writeback)
    return;
  player_init (&player, writeback, "videotestsrc num-buffers=2000"
      " ! video/x-raw,format=NV12,width=320,height=240,framerate=60/1"
      " ! dmabufkmssink name=sink sync=false");
  player_set_state (&player, GST_STATE_PAUSED);
  for (i = 0; i < 40; i++) {
    gdouble rate = rates[i % G_N_ELEMENTS (rates)];
    GstClockTime at = (i * 700 % 3000 + 1000) * GST_MSECOND;

    if (i == 20)
      player_set_state (&player, GST_STATE_PLAYING);
    fail_unless (gst_element_seek (player.pipeline, rate, GST_FORMAT_TIME,
            GST_SEEK_FLAG_FLUSH | (i % 3 ? GST_SEEK_FLAG_ACCURATE :
                GST_SEEK_FLAG_KEY_UNIT),
            GST_SEEK_TYPE_SET, rate > 0 ? at : 0, GST_SEEK_TYPE_SET,
            rate > 0 ? GST_CLOCK_TIME_NONE : at));
    fail_unless (gst_element_get_state (player.pipeline, NULL, NULL,
            PLAYER_PATIENCE) == GST_STATE_CHANGE_SUCCESS, "seek %u", i);
  }
  fail_unless (gst_element_seek (player.pipeline, 1.0, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET,
          GST_SECOND / 2));
  expect_end (&player);
  fail_unless_equals_int (player_get_counter (&player, "staged"), 0);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

GST_START_TEST (test_steps)
{
  KmsWriteback *writeback = player_open_display ();
  GstMessage *message;
  Player player;
  Picture *picture;
  guint i;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc num-buffers=20 ! " XR24 SMALL
      " ! dmabufkmssink name=sink zero-copy=require");
  player_set_state (&player, GST_STATE_PAUSED);
  for (i = 1; i <= 5; i++) {
    fail_unless (gst_element_send_event (player.pipeline,
            gst_event_new_step (GST_FORMAT_BUFFERS, 1, 1.0, TRUE, FALSE)));
    message = gst_bus_timed_pop_filtered (player.bus, PLAYER_PATIENCE,
        GST_MESSAGE_STEP_DONE | GST_MESSAGE_ERROR);
    fail_unless (message != NULL);
    fail_unless_equals_string (GST_MESSAGE_TYPE_NAME (message), "step-done");
    gst_message_unref (message);
    player_set_state (&player, GST_STATE_PAUSED);
    picture = player_capture (&player, 64, 64);
    fail_unless_equals_int (player_read_counter (picture), i);
    picture_free (picture);
  }
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

GST_START_TEST (test_eos_in_the_middle)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc is-live=true ! queue ! "
      "dmabufkmssink name=sink");
  player_set_state (&player, GST_STATE_PLAYING);
  wait_for_frames (&player, 5);
  fail_unless (gst_element_send_event (player.pipeline, gst_event_new_eos ()));
  expect_end (&player);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* Gaps are no frames and no end. */
static GstPadProbeReturn
gap_instead (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  guint *n = user_data;

  if ((*n)++ % 3 == 1)
    return GST_PAD_PROBE_OK;
  gst_pad_send_event (pad, gst_event_new_gap (GST_BUFFER_PTS (buffer),
          GST_BUFFER_DURATION (buffer)));
  return GST_PAD_PROBE_DROP;
}

GST_START_TEST (test_gaps)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  GstPad *pad;
  guint n = 0;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc num-buffers=30 ! " XR24 SMALL
      " ! dmabufkmssink name=sink sync=false");
  pad = gst_element_get_static_pad (player.sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, gap_instead, &n, NULL);
  gst_object_unref (pad);
  player_play (&player);
  fail_unless_equals_int (n, 30);
  fail_unless_equals_int (player_get_counter (&player, "frames"), 10);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

typedef struct
{
  GstElement *filter;
  guint n;
} CapsChanger;

static GstPadProbeReturn
change_caps (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  static const gchar *const formats[] = { "XR24", "NV12", "RG16", "AR24" };
  CapsChanger *changer = user_data;
  guint n = changer->n++;
  gchar *text;
  GstCaps *caps;

  if (n % 3 != 2)
    return GST_PAD_PROBE_OK;
  text = g_strdup_printf ("video/x-raw(memory:DMABuf),format=DMA_DRM,"
      "drm-format=%s,width=%u,height=%u", formats[n / 3 % 4],
      64 + n * 38 % 1400, 64 + n * 22 % 900);
  caps = gst_caps_from_string (text);
  g_object_set (changer->filter, "caps", caps, NULL);
  gst_caps_unref (caps);
  g_free (text);
  return GST_PAD_PROBE_OK;
}

/* Other size and format every third frame, larger than the mode too. */
GST_START_TEST (test_caps_change)
{
  KmsWriteback *writeback = player_open_display ();
  CapsChanger changer = { NULL, 0 };
  guint dmabufs = dmabuf_test_count_dmabufs ();
  Player player;
  GstPad *pad;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc num-buffers=90"
      " ! capsfilter name=filter ! dmabufkmssink name=sink sync=false"
      " zero-copy=require");
  changer.filter = gst_bin_get_by_name (GST_BIN (player.pipeline), "filter");
  pad = gst_element_get_static_pad (player.sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, change_caps, &changer,
      NULL);
  gst_object_unref (pad);
  player_play (&player);
  player_expect_no_copies (&player, 90);
  player_clear (&player);
  gst_object_unref (changer.filter);
  dmabuf_test_expect_dmabufs (dmabufs);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static gpointer
change_states (gpointer user_data)
{
  static const GstState states[] = { GST_STATE_PLAYING, GST_STATE_PAUSED,
    GST_STATE_READY, GST_STATE_PLAYING, GST_STATE_NULL
  };
  Player *player = user_data;
  guint i;

  for (i = 0; i < 60; i++)
    gst_element_set_state (player->pipeline, states[i % 5]);
  return NULL;
}

static gpointer
ask_questions (gpointer user_data)
{
  Player *player = user_data;
  GstPad *pad = gst_element_get_static_pad (player->sink, "sink");
  guint i;

  for (i = 0; i < 2000; i++) {
    GstSample *sample = NULL;
    gint width;

    gst_caps_unref (gst_pad_query_caps (pad, NULL));
    g_object_get (player->sink, "last-sample", &sample, "display-width",
        &width, NULL);
    if (sample)
      gst_sample_unref (sample);
    player_get_counter (player, "frames");
  }
  gst_object_unref (pad);
  return NULL;
}

GST_START_TEST (test_states_and_questions_from_threads)
{
  KmsWriteback *writeback = player_open_display ();
  GThread *threads[4];
  Player player;
  gint width = -1;
  guint i;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc ! " XR24 SMALL
      " ! dmabufkmssink name=sink sync=false");
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("states", i % 2 ? change_states : ask_questions,
        &player);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  player_set_state (&player, GST_STATE_NULL);
  g_object_get (player.sink, "display-width", &width, NULL);
  fail_unless_equals_int (width, 0);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
transport_suite (void)
{
  Suite *s = suite_create ("pipelines/transport");
  TCase *tc = tcase_create ("vkms");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_set_timeout (tc, 120);
  tcase_add_test (tc, test_pauses);
  tcase_add_test (tc, test_preroll);
  tcase_add_test (tc, test_seeks);
  tcase_add_test (tc, test_steps);
  tcase_add_test (tc, test_eos_in_the_middle);
  tcase_add_test (tc, test_gaps);
  tcase_add_test (tc, test_caps_change);
  tcase_add_test (tc, test_states_and_questions_from_threads);
  return s;
}

DMABUF_TEST_MAIN (transport_suite)
