/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * dmabufkmssink on a real display of the kernel's vkms driver: where pictures
 * go, whose device is used, and what is said when none can be.
 */
#include "pipelines/player.h"

#include <fcntl.h>
#include <gst/allocators/gstdmabuf.h>
#include <gst/video/video.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define XR24 "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=XR24"
#define RED 0xff0000

/* A red picture, shown with the given properties of the sink, read back. */
static Picture *
show_red (KmsWriteback * writeback, guint width, guint height,
    const gchar * properties)
{
  GError *error = NULL;
  Player player;
  Picture *picture;

  player_init_printf (&player, writeback, "dmabuftestsrc num-buffers=2 "
      "pattern=solid foreground-color=0xffff0000 frame-counter=false ! "
      XR24 ",width=%u,height=%u ! dmabufkmssink name=sink sync=false %s",
      width, height, properties);
  player_play (&player);
  picture = kms_writeback_capture (writeback, &error);
  g_assert_no_error (error);
  player_clear (&player);
  return picture;
}

static void
expect_red_at (const Picture * picture, guint x, guint y, guint w, guint h)
{
  fail_unless_equals_int_hex (picture_get (picture, x, y), RED);
  fail_unless_equals_int_hex (picture_get (picture, x + w - 1, y + h - 1), RED);
  if (x > 0)
    fail_unless_equals_int_hex (picture_get (picture, x - 1, y), 0);
  if (y > 0)
    fail_unless_equals_int_hex (picture_get (picture, x, y - 1), 0);
  if (x + w < picture->width)
    fail_unless_equals_int_hex (picture_get (picture, x + w, y), 0);
  if (y + h < picture->height)
    fail_unless_equals_int_hex (picture_get (picture, x, y + h), 0);
}

GST_START_TEST (test_place)
{
  KmsWriteback *writeback = player_open_display ();
  Picture *picture;

  if (!writeback)
    return;
  picture = show_red (writeback, 320, 240, "");
  fail_unless_equals_int (picture->width, 1024);
  expect_red_at (picture, 352, 264, 320, 240);
  picture_free (picture);

  picture = show_red (writeback, 320, 240,
      "render-rectangle=\"<10, 20, 400, 300>\"");
  expect_red_at (picture, 10 + 40, 20 + 30, 320, 240);
  picture_free (picture);

  /* vkms does not scale: the middle is shown. */
  picture = show_red (writeback, 320, 240,
      "render-rectangle=\"<0, 0, 100, 60>\"");
  expect_red_at (picture, 0, 0, 100, 60);
  picture_free (picture);

  picture = show_red (writeback, 320, 240, "force-modesetting=true");
  fail_unless_equals_int (picture->width, 320);
  fail_unless_equals_int (picture->height, 240);
  expect_red_at (picture, 0, 0, 320, 240);
  picture_free (picture);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static GstPadProbeReturn
add_crop (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER
      (info));
  GstVideoCropMeta *crop = gst_buffer_add_video_crop_meta (buffer);

  /* The lower right quarter of the picture. */
  crop->x = 320;
  crop->y = 240;
  crop->width = 320;
  crop->height = 240;
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (test_crop)
{
  KmsWriteback *writeback = player_open_display ();
  GError *error = NULL;
  Player player;
  Picture *whole, *part;
  GstPad *pad;
  guint x, y;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc num-buffers=1 "
      "frame-counter=false ! " XR24 ",width=640,height=480 ! dmabufkmssink "
      "name=sink sync=false");
  player_play (&player);
  whole = kms_writeback_capture (writeback, &error);
  g_assert_no_error (error);
  player_clear (&player);

  player_init (&player, writeback, "dmabuftestsrc num-buffers=3 "
      "frame-counter=false ! " XR24 ",width=640,height=480 ! dmabufkmssink "
      "name=sink sync=false zero-copy=require");
  pad = gst_element_get_static_pad (player.sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, add_crop, NULL, NULL);
  gst_object_unref (pad);
  player_play (&player);
  part = kms_writeback_capture (writeback, &error);
  g_assert_no_error (error);
  player_clear (&player);

  for (y = 0; y < 240; y += 7)
    for (x = 0; x < 320; x += 7)
      fail_unless_equals_int_hex (picture_get (part, 352 + x, 264 + y),
          picture_get (whole, 192 + 320 + x, 144 + 240 + y));
  fail_unless_equals_int_hex (picture_get (part, 351, 264), 0);
  fail_unless_equals_int_hex (picture_get (part, 352 + 320, 264 + 240), 0);
  picture_free (whole);
  picture_free (part);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static guint
count_active_crtcs (gint fd)
{
  drmModeRes *resources = drmModeGetResources (fd);
  guint n = 0;
  gint i;

  fail_unless (resources != NULL);
  for (i = 0; i < resources->count_crtcs; i++) {
    drmModeCrtc *crtc = drmModeGetCrtc (fd, resources->crtcs[i]);

    n += crtc->mode_valid != 0;
    drmModeFreeCrtc (crtc);
  }
  drmModeFreeResources (resources);
  return n;
}

GST_START_TEST (test_mode_is_told_and_put_back)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  gint fd, width, height;

  if (!writeback)
    return;
  fd = kms_writeback_get_fd (writeback);
  fail_unless_equals_int (count_active_crtcs (fd), 0);
  player_init (&player, writeback, "dmabuftestsrc num-buffers=2 ! " XR24
      ",width=400,height=300 ! dmabufkmssink name=sink sync=false "
      "force-modesetting=true");
  player_play (&player);
  g_object_get (player.sink, "display-width", &width, "display-height",
      &height, NULL);
  fail_unless_equals_int (width, 400);
  fail_unless_equals_int (height, 300);
  fail_unless_equals_int (count_active_crtcs (fd), 1);
  player_clear (&player);
  fail_unless_equals_int (count_active_crtcs (fd), 0);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* The application has handles of its own on the descriptor that it hands over;
 * the sink's imports must not close them. */
GST_START_TEST (test_handles_of_the_application)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  GstSample *sample = NULL;
  GstMemory *memory;
  guint32 handle = 0;
  gint fd, exported = -1;

  if (!writeback)
    return;
  fd = kms_writeback_get_fd (writeback);
  player_init (&player, writeback, "dmabuftestsrc num-buffers=20 ! " XR24
      " ! dmabufkmssink name=sink sync=false");
  player_set_state (&player, GST_STATE_PAUSED);
  g_object_get (player.sink, "last-sample", &sample, NULL);
  fail_unless (sample != NULL);
  memory = gst_buffer_peek_memory (gst_sample_get_buffer (sample), 0);
  fail_unless (drmPrimeFDToHandle (fd, gst_dmabuf_memory_get_fd (memory),
          &handle) == 0);
  player_play (&player);
  player_clear (&player);
  fail_unless (drmPrimeHandleToFD (fd, handle, DRM_CLOEXEC, &exported) == 0,
      "the application's handle was closed");
  close (exported);
  fail_unless (drmCloseBufferHandle (fd, handle) == 0);
  gst_sample_unref (sample);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static void
expect_start_error (const gchar * properties, const gchar * words)
{
  Player player;
  gchar *error;

  player_init_printf (&player, NULL,
      "dmabuftestsrc ! dmabufkmssink name=sink %s", properties);
  error = player_play_to_error (&player);
  fail_unless (strstr (error, words) != NULL, "\"%s\" is not in: %s", words,
      error);
  g_free (error);
  player_clear (&player);
}

GST_START_TEST (test_no_such_display)
{
  KmsWriteback *writeback = player_open_display ();

  if (!writeback)
    return;
  kms_writeback_close (writeback);
  expect_start_error ("driver-name=nosuch", "is of driver vkms, not nosuch");
  expect_start_error ("driver-name=nosuch", "is of driver vgem, not nosuch");
  expect_start_error ("driver-name=vgem", "no atomic mode setting");
  expect_start_error ("device=/dev/dri/card99", "cannot open");
  expect_start_error ("device=/dev/null", "is something else, not the primary");
  expect_start_error ("device=/dev/dri/renderD128", "is a render node");
  expect_start_error ("fd=0", "is something else, not the primary");
  expect_start_error ("fd=12345", "cannot duplicate");
  expect_start_error ("bus-id=pci:0000:ff:1f.7", "not pci:0000:ff:1f.7");
  expect_start_error ("driver-name=vkms connector-id=1", "wanted connector");
  expect_start_error ("driver-name=vkms plane-id=1", "no such plane");
}

GST_END_TEST;

GST_START_TEST (test_somebody_else_is_master)
{
  KmsWriteback *writeback = player_open_display ();
  gchar *name;

  if (!writeback)
    return;
  expect_start_error ("driver-name=vkms", "somebody else is master");
  /* Named where the kernel tells: by command and process. */
  name = g_strdup_printf ("this program itself (process %d)", getpid ());
  expect_start_error ("driver-name=vkms", name);
  g_free (name);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* Either would take the other's page flips, and wait for its own in vain. */
GST_START_TEST (test_two_sinks_one_descriptor)
{
  KmsWriteback *writeback = player_open_display ();
  Player player, other;
  gchar *error;

  if (!writeback)
    return;
  player_init (&player, writeback, "dmabuftestsrc num-buffers=9 ! " XR24
      " ! dmabufkmssink name=sink sync=false");
  player_set_state (&player, GST_STATE_PAUSED);
  player_init (&other, writeback, "dmabuftestsrc ! dmabufkmssink name=sink");
  error = player_play_to_error (&other);
  fail_unless (strstr (error, "another sink of this program") != NULL, "%s",
      error);
  g_free (error);
  player_clear (&other);
  player_play (&player);
  fail_unless_equals_int (player_get_counter (&player, "frames"), 9);
  player_clear (&player);

  /* One after the other is fine. */
  player_init (&other, writeback, "dmabuftestsrc num-buffers=2 ! "
      "dmabufkmssink name=sink sync=false");
  player_play (&other);
  player_clear (&other);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
dmabufkmssink_suite (void)
{
  Suite *suite = suite_create ("dmabufkmssink");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_set_timeout (tc, 120);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_place);
  tcase_add_test (tc, test_crop);
  tcase_add_test (tc, test_mode_is_told_and_put_back);
  tcase_add_test (tc, test_handles_of_the_application);
  tcase_add_test (tc, test_no_such_display);
  tcase_add_test (tc, test_somebody_else_is_master);
  tcase_add_test (tc, test_two_sinks_one_descriptor);
  return suite;
}

DMABUF_TEST_MAIN (dmabufkmssink_suite)
