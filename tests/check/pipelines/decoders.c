/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Decoders before a display: one in software, which writes into the memory that
 * the sink proposes, and one of V4L2, whose own memory is imported.
 */
#include "clip.h"
#include "player.h"

/* vicodec makes nothing smaller than 640x360. Whole blocks of 16 pixels, as
 * GStreamer 1.22's decoder tells the coded size after a change. */
#define WIDTH 656
#define HEIGHT 368
#define LARGER_WIDTH 720
#define LARGER_HEIGHT 400
#define N_FRAMES 16
/* GStreamer 1.22's decoder drops what is decoded before it knows the size. */
#define LOST_FRAMES 8

static void
expect_last_frame (const Player * player, guint width, guint height,
    guint n_frames)
{
  Picture *picture = player_capture (player, width, height);

  fail_unless_equals_int (player_read_counter (picture), n_frames - 1);
  player_expect_bars (picture, 12, "decoded");
  picture_free (picture);
}

static const gchar *const software_ways[] = {
  "matroskademux ! vp8dec",
  "matroskademux ! queue ! vp8dec ! queue max-size-buffers=2",
  "matroskademux ! vp8dec ! identity ! videoconvert",
};

GST_START_TEST (test_software_decoder)
{
  KmsWriteback *writeback = player_open_display ();
  gchar *clip, *exporter;
  Player player;

  if (!writeback)
    return;
  clip = clip_make (CLIP_VP8, 320, 240, N_FRAMES);
  player_init_printf (&player, writeback, "filesrc location=%s ! %s"
      " ! dmabufkmssink name=sink sync=false zero-copy=require", clip,
      software_ways[__i__]);
  player_play (&player);
  expect_last_frame (&player, 320, 240, N_FRAMES);
  player_expect_no_copies (&player, N_FRAMES);
  exporter = player_get_exporter (&player);
  fail_if (g_str_equal (exporter, ""), "no memory was proposed");

  g_free (exporter);
  player_clear (&player);
  clip_remove_all ();
  g_free (clip);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* GStreamer 1.22's decoder tells of a bug of its own at the end and at a change
 * of size; the frames are there nevertheless. */
static gboolean
ignore_undrained (const gchar * domain, GLogLevelFlags level,
    const gchar * message, gpointer user_data)
{
  return TRUE;
}

static void
allow_undrained_frames (void)
{
  gst_check_add_log_filter (NULL, G_LOG_LEVEL_WARNING,
      g_regex_new ("left undrained after CMD_STOP", 0, 0, NULL),
      ignore_undrained, NULL, NULL);
}

static void
init_hardware_decoder (Player * player, KmsWriteback * writeback,
    const gchar * clip)
{
  player_init_printf (player, writeback,
      "filesrc location=%s ! gdpdepay ! v4l2fwhtdec name=decoder"
      " capture-io-mode=dmabuf ! dmabufkmssink name=sink sync=false"
      " zero-copy=require", clip);
}

GST_START_TEST (test_v4l2_decoder)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  gchar *clip;

  if (!writeback)
    return;
  allow_undrained_frames ();
  clip = clip_make (CLIP_FWHT_NV12, WIDTH, HEIGHT, N_FRAMES);
  init_hardware_decoder (&player, writeback, clip);
  player_play (&player);
  expect_last_frame (&player, WIDTH, HEIGHT, N_FRAMES);
  player_expect_no_copies (&player, N_FRAMES - LOST_FRAMES);

  player_clear (&player);
  gst_check_clear_log_filter ();
  clip_remove_all ();
  g_free (clip);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* Width of the frames that leave the decoder now. */
static gint
get_decoded_width (const Player * player)
{
  GstElement *decoder =
      gst_bin_get_by_name (GST_BIN (player->pipeline), "decoder");
  GstPad *pad = gst_element_get_static_pad (decoder, "src");
  GstCaps *caps = gst_pad_get_current_caps (pad);
  gint width = 0;

  fail_unless (gst_structure_get_int (gst_caps_get_structure (caps, 0),
          "width", &width));
  gst_caps_unref (caps);
  gst_object_unref (pad);
  gst_object_unref (decoder);
  return width;
}

/* The decoder of GStreamer 1.26.2 drops whatever comes after a change of size
 * ("Decoder is producing too many buffers"), before fakesink too: then the last
 * picture is the first clip's. */
static gboolean
decoder_may_miss_changes (void)
{
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  return minor >= 24;
}

/* What the sink got and shows is the second clip's, at its size. */
static void
play_two_clips (KmsWriteback * writeback, guint width, guint height,
    guint then_width, guint then_height)
{
  gchar *one = clip_make (CLIP_FWHT_NV12, width, height, N_FRAMES);
  gchar *other = clip_make (CLIP_FWHT_NV12, then_width, then_height, N_FRAMES);
  gchar *both = clip_join (one, other);
  guint n_clips = 2;
  Player player;

  init_hardware_decoder (&player, writeback, both);
  player_play (&player);
  if (get_decoded_width (&player) != then_width) {
    fail_unless (decoder_may_miss_changes ());
    then_width = width;
    then_height = height;
    n_clips = 1;
  }
  expect_last_frame (&player, then_width, then_height, N_FRAMES);
  player_expect_no_copies (&player, n_clips * (N_FRAMES - LOST_FRAMES));

  player_clear (&player);
  clip_remove_all ();
  g_free (one);
  g_free (other);
  g_free (both);
}

/* The size changes with the decoder, so that all decoders can do it. */
GST_START_TEST (test_change_of_decoder)
{
  KmsWriteback *writeback = player_open_display ();
  gchar *one, *other;
  Player player;

  if (!writeback)
    return;
  allow_undrained_frames ();
  one = clip_make (CLIP_FWHT_NV12, WIDTH, HEIGHT, N_FRAMES);
  other = clip_make (CLIP_FWHT_NV12, LARGER_WIDTH, LARGER_HEIGHT, N_FRAMES);
  player_init_printf (&player, writeback, "concat name=all"
      " ! dmabufkmssink name=sink sync=false zero-copy=require"
      " filesrc location=%s ! gdpdepay ! v4l2fwhtdec capture-io-mode=dmabuf"
      " ! all. filesrc location=%s ! gdpdepay"
      " ! v4l2fwhtdec capture-io-mode=dmabuf ! all.", one, other);
  player_play (&player);
  expect_last_frame (&player, LARGER_WIDTH, LARGER_HEIGHT, N_FRAMES);
  player_expect_no_copies (&player, 2 * (N_FRAMES - LOST_FRAMES));

  player_clear (&player);
  gst_check_clear_log_filter ();
  clip_remove_all ();
  g_free (one);
  g_free (other);
  kms_writeback_close (writeback);
}

GST_END_TEST;

GST_START_TEST (test_change_to_a_larger_size)
{
  KmsWriteback *writeback = player_open_display ();

  if (!writeback)
    return;
  allow_undrained_frames ();
  play_two_clips (writeback, WIDTH, HEIGHT, LARGER_WIDTH, LARGER_HEIGHT);
  gst_check_clear_log_filter ();
  kms_writeback_close (writeback);
}

GST_END_TEST;

GST_START_TEST (test_change_to_a_smaller_size)
{
  KmsWriteback *writeback = player_open_display ();

  if (!writeback)
    return;
  allow_undrained_frames ();
  play_two_clips (writeback, LARGER_WIDTH, LARGER_HEIGHT, WIDTH, HEIGHT);
  gst_check_clear_log_filter ();
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
decoders_suite (void)
{
  Suite *s = suite_create ("pipelines/decoders");
  TCase *tc = tcase_create ("software");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_software_decoder, 0,
      G_N_ELEMENTS (software_ways));

  tc = tcase_create ("v4l2");
  suite_add_tcase (s, tc);
  player_check_dmabufs (tc);
  tcase_add_test (tc, test_v4l2_decoder);
  tcase_add_test (tc, test_change_of_decoder);
  tcase_add_test (tc, test_change_to_a_larger_size);
  tcase_add_test (tc, test_change_to_a_smaller_size);
  return s;
}

DMABUF_TEST_MAIN (decoders_suite)
