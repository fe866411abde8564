/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Which mode, place and plane a stream gets, on displays that differ in what
 * they can do. No device is needed.
 */
#include "dmabuftest.h"
#include "mock/mockdisplays.h"

#include "../../../gst/kms/kmsfit.h"

typedef struct
{
  KmsDevice *device;
  KmsOutput *output;
} Display;

static Display
open_display (const MockConfig * config, const KmsOutputWish * wish)
{
  KmsOutputWish none = { 0, };
  KmsDeviceWish device_wish = { mock_drm_start (config), NULL, NULL, NULL };
  GError *error = NULL;
  Display display;

  none.can_scale = TRUE;
  display.device = kms_device_find (&device_wish, &error);
  g_assert_no_error (error);
  display.output = kms_output_new (display.device, wish ? wish : &none, &error);
  g_assert_no_error (error);
  return display;
}

static void
close_display (Display * display)
{
  kms_output_free (display->output);
  kms_device_unref (display->device);
  fail_unless_equals_int (mock_drm.n_fbs, 0);
  fail_unless_equals_int (mock_drm.n_dumbs, 0);
  fail_unless_equals_int (mock_drm.n_blobs, 0);
  mock_drm_stop ();
}

/* Fits blank memory of @fourcc; FALSE if the display refuses. */
static gboolean
fit (Display * display, guint32 fourcc, guint width, guint height, gint fps)
{
  GstDmabufFormat format =
      GST_DMABUF_FORMAT_INIT (fourcc, GST_DMABUF_MOD_LINEAR);
  GstVideoRectangle whole = { 0, 0, width, height };
  KmsStream stream = {
    .format = format,.width = width,.height = height,.fps_n = fps,.fps_d = 1,
    .par_n = 1,.par_d = 1,.is_yuv = fourcc == DRM_FORMAT_NV12,
  };
  KmsFramebuffer *framebuffer;
  gboolean fits;

  stream.colorimetry.matrix = GST_VIDEO_COLOR_MATRIX_BT2020;
  stream.colorimetry.range = GST_VIDEO_COLOR_RANGE_16_235;
  framebuffer = kms_framebuffer_new_blank (display->device, &format, width,
      height, NULL);
  fail_unless (framebuffer != NULL);
  fits = kms_fit (display->output, &stream, framebuffer, &whole, NULL);
  fail_unless_equals_int (mock_drm.n_commits, 0);
  kms_framebuffer_free (framebuffer);
  return fits;
}

static void
check_target (const Display * display, gint x, gint y, gint w, gint h)
{
  const GstVideoRectangle *target = &display->output->setup.video.target;

  fail_unless_equals_int (target->x, x);
  fail_unless_equals_int (target->y, y);
  fail_unless_equals_int (target->w, w);
  fail_unless_equals_int (target->h, h);
}

static void
check_mode (const Display * display, gint w, gint h, gint hz)
{
  const drmModeModeInfo *mode = &display->output->setup.mode;

  fail_unless_equals_int (mode->hdisplay, w);
  fail_unless_equals_int (mode->vdisplay, h);
  fail_unless_equals_int (mode->vrefresh, hz);
}

GST_START_TEST (test_small_frame_is_centred)
{
  Display display = open_display (&mock_free, NULL);

  fail_unless (fit (&display, DRM_FORMAT_NV12, 640, 480, 30));
  check_mode (&display, 1024, 768, 60);
  check_target (&display, 192, 144, 640, 480);
  fail_unless (display.output->setup.backdrop.plane == NULL);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_large_frame_gets_a_larger_mode)
{
  Display display = open_display (&mock_free, NULL);

  fail_unless (fit (&display, DRM_FORMAT_NV12, 1920, 1080, 50));
  check_mode (&display, 1920, 1080, 50);
  check_target (&display, 0, 0, 1920, 1080);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_forced_mode_has_the_nearest_rate)
{
  const struct
  {
    gint fps, hz;
  } rows[] = {
    {60, 60}, {30, 60}, {50, 50}, {25, 50}, {24, 24}, {0, 60}
  };
  KmsOutputWish wish = {.force_modesetting = TRUE };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    Display display = open_display (&mock_television, &wish);

    fail_unless (fit (&display, DRM_FORMAT_XRGB8888, 1920, 1080, rows[i].fps));
    check_mode (&display, 1920, 1080, rows[i].hz);
    fail_unless (display.output->setup.modeset);
    close_display (&display);
  }
}

GST_END_TEST;

GST_START_TEST (test_rigid_virtual_display_gets_a_mode_of_its_own)
{
  Display display = open_display (&mock_rigid, NULL);

  fail_unless (fit (&display, DRM_FORMAT_XRGB8888, 640, 480, 30));
  check_mode (&display, 640, 480, 60);
  check_target (&display, 0, 0, 640, 480);
  fail_unless (fit (&display, DRM_FORMAT_XRGB8888, 321, 241, 30));
  check_mode (&display, 321, 241, 60);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_overlay_gets_black_below)
{
  Display display = open_display (&mock_television, NULL);
  const KmsSetup *setup = &display.output->setup;

  fail_unless (fit (&display, DRM_FORMAT_NV12, 640, 480, 30));
  check_mode (&display, 1024, 768, 60);
  fail_unless_equals_int (setup->video.plane->id, MOCK_PLANE + 1);
  fail_unless (setup->backdrop.plane != NULL);
  fail_unless_equals_int (setup->backdrop.plane->id, MOCK_PLANE);
  fail_unless_equals_int (setup->backdrop.target.w, 1024);
  fail_unless (!setup->modeset);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_found_mode_is_kept)
{
  Display display = open_display (&mock_television, NULL);

  fail_unless (fit (&display, DRM_FORMAT_XRGB8888, 1024, 768, 60));
  fail_unless_equals_int (display.output->setup.video.plane->id, MOCK_PLANE);
  fail_unless (!display.output->setup.modeset);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_too_large_is_scaled_whole)
{
  Display display = open_display (&mock_television, NULL);

  fail_unless (fit (&display, DRM_FORMAT_NV12, 4096, 2160, 30));
  check_mode (&display, 1024, 768, 60);
  check_target (&display, 0, 114, 1024, 540);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_too_large_without_scaling_is_cropped)
{
  MockConfig config = mock_television;
  Display display;
  const GstVideoRectangle *source;

  config.planes[1].can_scale = FALSE;
  display = open_display (&config, NULL);
  source = &display.output->setup.video.source;
  fail_unless (fit (&display, DRM_FORMAT_NV12, 4096, 2160, 30));
  check_target (&display, 0, 0, 1024, 768);
  fail_unless_equals_int (source->x, (4096 - 1024) / 2);
  fail_unless_equals_int (source->y, (2160 - 768) / 2);
  fail_unless_equals_int (source->w, 1024);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_rectangle)
{
  KmsOutputWish wish = {.rectangle = {100, 50, 320, 240},.can_scale = TRUE };
  Display display = open_display (&mock_television, &wish);

  fail_unless (fit (&display, DRM_FORMAT_NV12, 640, 360, 30));
  check_target (&display, 100, 50 + 30, 320, 180);
  close_display (&display);

  /* Without scaling the middle is shown. */
  wish.can_scale = FALSE;
  display = open_display (&mock_television, &wish);
  fail_unless (fit (&display, DRM_FORMAT_NV12, 640, 360, 30));
  check_target (&display, 100, 50, 320, 240);
  fail_unless_equals_int (display.output->setup.video.source.x, 160);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_wanted_plane)
{
  KmsOutputWish wish = {.plane_id = MOCK_PLANE + 1 };
  Display display = open_display (&mock_television, &wish);

  fail_unless (fit (&display, DRM_FORMAT_XRGB8888, 1024, 768, 30));
  fail_unless_equals_int (display.output->setup.video.plane->id,
      MOCK_PLANE + 1);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_colours_of_yuv)
{
  Display display = open_display (&mock_television, NULL);
  const KmsLayer *video = &display.output->setup.video;

  fail_unless (fit (&display, DRM_FORMAT_NV12, 640, 480, 30));
  fail_unless (video->has_encoding && video->has_range);
  fail_unless_equals_uint64 (video->encoding, 2);
  fail_unless_equals_uint64 (video->range, 0);
  fail_unless (fit (&display, DRM_FORMAT_XRGB8888, 640, 480, 30));
  fail_unless (!video->has_encoding && !video->has_range);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_refused_keeps_the_old_setup)
{
  Display display = open_display (&mock_rigid, NULL);
  guint32 blob;

  fail_unless (fit (&display, DRM_FORMAT_XRGB8888, 640, 480, 30));
  blob = display.output->mode_blob;
  /* A framebuffer of a format that no plane has. */
  fail_unless (!fit (&display, DRM_FORMAT_NV12, 800, 600, 30));
  check_mode (&display, 640, 480, 60);
  fail_unless (display.output->mode_blob != 0);
  fail_unless (display.output->setup.valid);
  fail_unless (blob != 0);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_formats)
{
  Display display = open_display (&mock_television, NULL);
  GstDmabufFormat format =
      GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12, DRM_FORMAT_MOD_LINEAR);
  GstDmabufFormat scanout;

  fail_unless (gst_dmabuf_format_set_contains (display.output->formats,
          &format));
  format.modifier = DRM_FORMAT_MOD_INVALID;
  fail_unless (gst_dmabuf_format_set_contains (display.output->formats,
          &format));
  format.modifier = DRM_FORMAT_MOD_SAMSUNG_64_32_TILE;
  fail_unless (!gst_dmabuf_format_set_contains (display.output->formats,
          &format));
  close_display (&display);

  /* Alpha has nothing to let through on a single opaque plane. */
  display = open_display (&mock_rigid, NULL);
  format.fourcc = DRM_FORMAT_ARGB8888;
  format.modifier = DRM_FORMAT_MOD_LINEAR;
  fail_unless (gst_dmabuf_format_set_contains (display.output->formats,
          &format));
  fail_unless (kms_plane_get_scanout_format (display.output->listed, &format,
          &scanout));
  fail_unless_equals_int (scanout.fourcc, DRM_FORMAT_XRGB8888);
  close_display (&display);
}

GST_END_TEST;

static void
check_device_error (const MockConfig * config, const gchar * words)
{
  KmsDeviceWish wish = { mock_drm_start (config), NULL, NULL, NULL };
  GError *error = NULL;

  fail_unless (kms_device_find (&wish, &error) == NULL);
  fail_unless (error != NULL);
  fail_unless (strstr (error->message, words) != NULL, "%s", error->message);
  g_error_free (error);
  mock_drm_stop ();
}

GST_START_TEST (test_unusable_devices_say_why)
{
  MockConfig config = mock_free;

  config.no_atomic = TRUE;
  check_device_error (&config, "no atomic mode setting");
  config = mock_free;
  config.no_prime = TRUE;
  check_device_error (&config, "cannot import dma-bufs");
  config = mock_free;
  config.not_master = TRUE;
  check_device_error (&config, "somebody else is master");
  config = mock_free;
  config.not_connected = TRUE;
  check_device_error (&config, "no connector has a display connected");
}

GST_END_TEST;

/* The driver lists alpha first; a source that can do both is to make none. */
GST_START_TEST (test_opaque_formats_come_first)
{
  MockConfig config = mock_free;
  const guint32 listed[] = { DRM_FORMAT_ARGB8888, DRM_FORMAT_NV12,
    DRM_FORMAT_XRGB8888, DRM_FORMAT_ABGR8888
  };
  const guint32 offered[] = { DRM_FORMAT_NV12, DRM_FORMAT_XRGB8888,
    DRM_FORMAT_ARGB8888, DRM_FORMAT_ABGR8888
  };
  Display display;
  guint i;

  memcpy (config.planes[0].formats, listed, sizeof (listed));
  display = open_display (&config, NULL);
  for (i = 0; i < G_N_ELEMENTS (offered); i++) {
    fail_unless_equals_int_hex (gst_dmabuf_format_set_get_nth
        (display.output->formats, i)->fourcc, offered[i]);
    fail_unless_equals_int_hex (gst_dmabuf_format_set_get_nth
        (display.output->listed, i)->fourcc, listed[i]);
  }
  close_display (&display);
}

GST_END_TEST;

static Suite *
kmsfit_suite (void)
{
  Suite *suite = suite_create ("kmsfit");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_small_frame_is_centred);
  tcase_add_test (tc, test_large_frame_gets_a_larger_mode);
  tcase_add_test (tc, test_forced_mode_has_the_nearest_rate);
  tcase_add_test (tc, test_rigid_virtual_display_gets_a_mode_of_its_own);
  tcase_add_test (tc, test_overlay_gets_black_below);
  tcase_add_test (tc, test_found_mode_is_kept);
  tcase_add_test (tc, test_too_large_is_scaled_whole);
  tcase_add_test (tc, test_too_large_without_scaling_is_cropped);
  tcase_add_test (tc, test_rectangle);
  tcase_add_test (tc, test_wanted_plane);
  tcase_add_test (tc, test_colours_of_yuv);
  tcase_add_test (tc, test_refused_keeps_the_old_setup);
  tcase_add_test (tc, test_formats);
  tcase_add_test (tc, test_opaque_formats_come_first);
  tcase_add_test (tc, test_unusable_devices_say_why);
  return suite;
}

DMABUF_TEST_MAIN (kmsfit_suite)
