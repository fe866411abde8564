/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A display of PCI, which takes XR24 only: pictures of it are taken from
 * outside the machine.
 */
#include "clip.h"
#include "player.h"
#include "screenshot.h"

#define SINK " ! dmabufkmssink name=sink driver-name=bochs-drm sync=false" \
    " zero-copy=require"

static gboolean
have_bochs (void)
{
  GDir *dir = g_dir_open ("/sys/bus/pci/drivers/bochs-drm", 0, NULL);
  const gchar *name;
  gboolean found = FALSE;

  while (dir && (name = g_dir_read_name (dir)))
    found = found || g_str_has_prefix (name, "0000:");
  if (dir)
    g_dir_close (dir);
  if (found)
    return TRUE;
  if (g_strcmp0 (g_getenv ("GST_DMABUF_TEST_DEVICES"), "required") == 0)
    fail ("devices are required here, and there is no bochs display");
  g_printerr ("SKIP: no bochs display on this system\n");
  return FALSE;
}

static Picture *
take_centre (guint width, guint height)
{
  Picture *whole = screenshot_take ();
  Picture *part = player_cut_centre (whole, width, height);

  picture_free (whole);
  return part;
}

static const gchar *const sources[] = {
  "dmabuftestsrc num-buffers=3 ! video/x-raw(memory:DMABuf),format=DMA_DRM,"
      "drm-format=XR24,width=320,height=240",
  "dmabuftestsrc num-buffers=3 exporter=udmabuf"
      " ! video/x-raw(memory:DMABuf),width=320,height=240",
  "dmabuftestsrc num-buffers=3 ! video/x-raw,width=320,height=240",
  "dmabuftestsrc num-buffers=3 ! video/x-raw,format=NV12,width=320,height=240"
      " ! videoconvert",
};

GST_START_TEST (test_source)
{
  Player player;
  Picture *picture;

  if (!have_bochs ())
    return;
  player_init_printf (&player, NULL, "%s" SINK, sources[__i__]);
  player_play (&player);
  picture = take_centre (320, 240);
  fail_unless_equals_int (player_read_counter (picture), 2);
  /* A converter rounds, too. */
  player_expect_bars (picture, 8, sources[__i__]);
  player_expect_no_copies (&player, 3);
  picture_free (picture);
  player_clear (&player);
}

GST_END_TEST;

GST_START_TEST (test_camera)
{
  Player player;
  Picture *picture;

  if (!have_bochs ())
    return;
  player_init (&player, NULL, "v4l2src device=/dev/video10 io-mode=dmabuf"
      " num-buffers=8 extra-controls=\"c,test_pattern=0,osd_text_mode=2\""
      " ! video/x-raw,format=BGRx,width=640,height=360" SINK);
  player_play (&player);
  picture = take_centre (640, 360);
  fail_unless (picture_is_near (picture_get (picture, 40, 180), 0xbfbfbf, 3));
  fail_unless (picture_is_near (picture_get (picture, 440, 180), 0xbf0000, 3));
  player_expect_no_copies (&player, 1);
  picture_free (picture);
  player_clear (&player);
}

GST_END_TEST;

GST_START_TEST (test_software_decoder)
{
  Player player;
  Picture *picture;
  gchar *clip;

  if (!have_bochs ())
    return;
  clip = clip_make (CLIP_VP8, 320, 240, 4);
  player_init_printf (&player, NULL, "filesrc location=%s ! matroskademux"
      " ! vp8dec ! videoconvert" SINK, clip);
  player_play (&player);
  picture = take_centre (320, 240);
  fail_unless_equals_int (player_read_counter (picture), 3);
  player_expect_bars (picture, 12, "decoded");
  player_expect_no_copies (&player, 4);
  picture_free (picture);
  player_clear (&player);
  clip_remove_all ();
  g_free (clip);
}

GST_END_TEST;

/* GStreamer 1.22's decoder refuses the colorimetry of its own encoder's RGB.
 * Later ones take it with another name. */
GST_START_TEST (test_v4l2_decoder)
{
  guint major, minor, micro, nano;
  Player player;
  Picture *picture;
  gchar *clip;

  if (!have_bochs ())
    return;
  gst_version (&major, &minor, &micro, &nano);
  if (minor < 26)
    return;
  clip = clip_make (CLIP_FWHT_BGRX, 656, 368, 8);
  player_init_printf (&player, NULL, "filesrc location=%s ! gdpdepay"
      " ! capssetter caps=\"video/x-fwht,colorimetry=(string)bt709\""
      " ! v4l2fwhtdec capture-io-mode=dmabuf" SINK, clip);
  player_play (&player);
  picture = take_centre (656, 368);
  fail_unless_equals_int (player_read_counter (picture), 7);
  player_expect_bars (picture, 12, "decoded");
  player_expect_no_copies (&player, 1);
  picture_free (picture);
  player_clear (&player);
  clip_remove_all ();
  g_free (clip);
}

GST_END_TEST;

/* One display is somebody else's; the sink takes the other. */
GST_START_TEST (test_other_display_is_taken)
{
  KmsWriteback *writeback;
  Player player;
  Picture *picture;
  gchar *error;

  if (!have_bochs ())
    return;
  writeback = player_open_display ();
  player_init (&player, NULL, "dmabuftestsrc num-buffers=2"
      " ! video/x-raw(memory:DMABuf),width=320,height=240"
      " ! dmabufkmssink name=sink");
  player_play (&player);
  picture = take_centre (320, 240);
  fail_unless_equals_int (player_read_counter (picture), 1);
  picture_free (picture);
  player_clear (&player);

  player_init (&player, NULL, "dmabuftestsrc num-buffers=2"
      " ! dmabufkmssink name=sink driver-name=vkms");
  error = player_play_to_error (&player);
  fail_unless (strstr (error, "master") != NULL, "%s", error);
  g_free (error);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
bochs_suite (void)
{
  Suite *s = suite_create ("pipelines/bochs");
  TCase *tc = tcase_create ("sources");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_source, 0, G_N_ELEMENTS (sources));
  tcase_add_test (tc, test_software_decoder);
  tcase_add_test (tc, test_other_display_is_taken);

  tc = tcase_create ("v4l2");
  suite_add_tcase (s, tc);
  player_check_dmabufs (tc);
  tcase_add_test (tc, test_camera);
  tcase_add_test (tc, test_v4l2_decoder);
  return s;
}

DMABUF_TEST_MAIN (bochs_suite)
