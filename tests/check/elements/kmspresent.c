/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Frames on a display, one after the other: when a buffer is let go, how waits
 * end, and what is put back. No device is needed.
 */
#include "dmabuftest.h"
#include "mock/mockdisplays.h"

#include "../../../gst/kms/kmspresent.h"

#include <errno.h>
#include <gst/dmabuf/gstdmabufmemfdexporter.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/time.h>

#define WIDTH 640
#define HEIGHT 480

typedef struct
{
  KmsDevice *device;
  KmsPresenter *presenter;
  GstDmabufImportCache *cache;
  GstDmabufExporter *exporter;
  gint cancel_fd;
} Display;

static const GstVideoRectangle whole = { 0, 0, WIDTH, HEIGHT };

static void
free_import (gpointer handle, gpointer user_data)
{
  kms_framebuffer_free (handle);
}

static Display
open_display (const MockConfig * config)
{
  KmsDeviceWish device_wish = { mock_drm_start (config), NULL, NULL, NULL };
  KmsOutputWish wish = {.can_scale = TRUE };
  GError *error = NULL;
  Display display;

  display.device = kms_device_find (&device_wish, &error);
  g_assert_no_error (error);
  display.presenter =
      kms_presenter_new (kms_output_new (display.device, &wish, &error));
  g_assert_no_error (error);
  display.cache = gst_dmabuf_import_cache_new (8, free_import, NULL);
  display.exporter = gst_dmabuf_memfd_exporter_new ();
  display.cancel_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  return display;
}

static void
close_display (Display * display)
{
  kms_presenter_free (display->presenter, TRUE);
  gst_dmabuf_import_cache_unref (display->cache);
  gst_object_unref (display->exporter);
  kms_device_unref (display->device);
  close (display->cancel_fd);
  fail_unless_equals_int (mock_drm.n_fbs, 0);
  fail_unless_equals_int (mock_drm.n_handles, 0);
  fail_unless_equals_int (mock_drm.n_dumbs, 0);
  fail_unless_equals_int (mock_drm.n_blobs, 0);
  mock_drm_stop ();
}

static void
configure (Display * display, guint32 fourcc, guint64 modifier)
{
  KmsStream stream = {
    .format = GST_DMABUF_FORMAT_INIT (fourcc, modifier),
    .width = WIDTH,.height = HEIGHT,.fps_n = 30,.fps_d = 1,.par_n = 1,
    .par_d = 1,
  };
  GstVideoRectangle area;
  GError *error = NULL;

  kms_presenter_configure (display->presenter, &stream, &area, &error);
  g_assert_no_error (error);
}

/* An import of a frame that nobody looks into; @n tells them apart. */
static GstDmabufImport *
make_import (Display * display, guint n)
{
  GstDmabufFrame frame = { NULL, };
  KmsFramebuffer *framebuffer;
  GstDmabufImport *made;

  frame.memories[0] = gst_dmabuf_exporter_alloc (display->exporter, 16, NULL);
  frame.layout.format.fourcc = DRM_FORMAT_XRGB8888;
  frame.layout.width = WIDTH;
  frame.layout.height = HEIGHT;
  frame.layout.n_planes = frame.layout.n_objects = 1;
  frame.layout.planes[0].stride = WIDTH * 4;
  frame.fds[0] = 200 + n;
  frame.identities[0].inode = n;
  framebuffer = kms_framebuffer_import (display->device, &frame,
      &frame.layout.format, NULL);
  fail_unless (framebuffer != NULL);
  made = gst_dmabuf_import_cache_insert (display->cache, &frame, framebuffer);
  /* The cache forgets with the memory; what is shown lives on. */
  gst_memory_unref (frame.memories[0]);
  return made;
}

static KmsWait
show (Display * display, GstBuffer * buffer, GError ** error)
{
  static guint n;
  GstDmabufImport *import = make_import (display, ++n);
  KmsWait wait = kms_presenter_show (display->presenter, import, buffer,
      &whole, display->cancel_fd, error);

  gst_dmabuf_import_unref (import);
  return wait;
}

static gint
refs (GstBuffer * buffer)
{
  return GST_MINI_OBJECT_REFCOUNT_VALUE (buffer);
}

GST_START_TEST (test_buffer_is_kept_until_replaced)
{
  Display display = open_display (&mock_free);
  GstBuffer *one = gst_buffer_new (), *two = gst_buffer_new ();
  guint n_tests;

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  fail_unless_equals_int (show (&display, one, NULL), KMS_WAIT_DONE);
  fail_unless_equals_int (refs (one), 2);
  n_tests = mock_drm.n_tests;
  fail_unless_equals_int (show (&display, two, NULL), KMS_WAIT_DONE);
  fail_unless_equals_int (refs (one), 1);
  fail_unless_equals_int (refs (two), 2);
  /* The second costs no test and no mode. */
  fail_unless_equals_int (mock_drm.n_tests, n_tests);
  fail_unless_equals_int (mock_drm.n_modesets, 1);
  fail_unless_equals_int (mock_drm.n_commits, 2);
  fail_unless_equals_int (mock_drm.n_blocking, 0);
  close_display (&display);
  fail_unless_equals_int (refs (two), 1);
  gst_buffer_unref (one);
  gst_buffer_unref (two);
}

GST_END_TEST;

GST_START_TEST (test_cancelled_wait_keeps_both)
{
  Display display = open_display (&mock_free);
  GstBuffer *one = gst_buffer_new (), *two = gst_buffer_new ();
  GstBuffer *three = gst_buffer_new ();
  eventfd_t count;

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  fail_unless_equals_int (show (&display, one, NULL), KMS_WAIT_DONE);
  mock_drm.hold_events = TRUE;
  fail_unless (eventfd_write (display.cancel_fd, 1) == 0);
  fail_unless_equals_int (show (&display, two, NULL), KMS_WAIT_CANCELLED);
  /* Which of them is on the screen is not known yet. */
  fail_unless_equals_int (refs (one), 2);
  fail_unless_equals_int (refs (two), 2);

  fail_unless (eventfd_read (display.cancel_fd, &count) == 0);
  mock_drm.hold_events = FALSE;
  mock_drm_send_events ();
  fail_unless_equals_int (show (&display, three, NULL), KMS_WAIT_DONE);
  fail_unless_equals_int (refs (one), 1);
  fail_unless_equals_int (refs (two), 1);
  fail_unless_equals_int (refs (three), 2);
  close_display (&display);
  gst_buffer_unref (one);
  gst_buffer_unref (two);
  gst_buffer_unref (three);
}

GST_END_TEST;

GST_START_TEST (test_busy_waits_for_others)
{
  Display display = open_display (&mock_free);
  GstBuffer *buffer = gst_buffer_new ();

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  mock_drm.flip_errno = EBUSY;
  fail_unless_equals_int (show (&display, buffer, NULL), KMS_WAIT_DONE);
  fail_unless_equals_int (mock_drm.n_blocking, 1);
  close_display (&display);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_other_events_do_not_count)
{
  Display display = open_display (&mock_free);
  gint cancelled = eventfd (1, EFD_CLOEXEC);

  /* An event is there, but of another flip. */
  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  kms_output_collect (kms_presenter_get_output (display.presenter), &(KmsSetup) {
      FALSE,}
  );
  fail_unless_equals_int (kms_commit_flip (kms_presenter_get_output
          (display.presenter)->commit, TRUE, 4711), 0);
  fail_unless_equals_int (kms_commit_wait (display.device, 4712, cancelled,
          1000, NULL), KMS_WAIT_CANCELLED);
  fail_unless_equals_int (kms_commit_wait (display.device, 4712, -1, 0, NULL),
      KMS_WAIT_TIMEOUT);
  close (cancelled);
  close_display (&display);
}

GST_END_TEST;

static void
do_nothing (int number)
{
}

GST_START_TEST (test_signals_do_not_end_a_wait)
{
  Display display = open_display (&mock_free);
  struct sigaction action = {.sa_handler = do_nothing }, before;
  struct itimerval timer = { {0, 1000}, {0, 1000} }, off = { {0, 0}, {0, 0} };

  fail_unless (sigaction (SIGALRM, &action, &before) == 0);
  fail_unless (setitimer (ITIMER_REAL, &timer, NULL) == 0);
  fail_unless_equals_int (kms_commit_wait (display.device, 1, -1, 100, NULL),
      KMS_WAIT_TIMEOUT);
  setitimer (ITIMER_REAL, &off, NULL);
  sigaction (SIGALRM, &before, NULL);
  close_display (&display);
}

GST_END_TEST;

GST_START_TEST (test_device_gone)
{
  Display display = open_display (&mock_free);
  GstBuffer *one = gst_buffer_new (), *two = gst_buffer_new ();
  GstDmabufImport *import;
  GError *error = NULL;

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  fail_unless_equals_int (show (&display, one, NULL), KMS_WAIT_DONE);
  import = make_import (&display, 9999);
  mock_drm.gone = TRUE;
  fail_unless_equals_int (kms_presenter_show (display.presenter, import, two,
          &whole, display.cancel_fd, &error), KMS_WAIT_ERROR);
  fail_unless (strstr (error->message, "removed") != NULL);
  g_clear_error (&error);
  gst_dmabuf_import_unref (import);
  fail_unless_equals_int (refs (two), 1);
  /* Nothing is asked of it any more. */
  close_display (&display);
  fail_unless_equals_int (refs (one), 1);
  gst_buffer_unref (one);
  gst_buffer_unref (two);
}

GST_END_TEST;

GST_START_TEST (test_lost_master)
{
  Display display = open_display (&mock_free);
  GstBuffer *buffer = gst_buffer_new ();
  GError *error = NULL;

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  mock_drm.commit_errno = EACCES;
  fail_unless_equals_int (show (&display, buffer, &error), KMS_WAIT_ERROR);
  fail_unless (strstr (error->message, "took this display over") != NULL);
  /* Not the frame's fault: it is not to be copied. */
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_FAILED));
  g_clear_error (&error);
  close_display (&display);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_first_frame_is_the_test_without_blank_memory)
{
  Display display = open_display (&mock_free);
  GstBuffer *buffer = gst_buffer_new ();

  mock_drm.dumb_errno = ENOMEM;
  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  fail_unless_equals_int (mock_drm.n_tests, 0);
  fail_unless_equals_int (show (&display, buffer, NULL), KMS_WAIT_DONE);
  fail_unless (mock_drm.n_tests > 0);
  close_display (&display);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_found_state_comes_back)
{
  Display display = open_display (&mock_television);
  GstBuffer *buffer = gst_buffer_new ();

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  fail_unless_equals_int (show (&display, buffer, NULL), KMS_WAIT_DONE);
  fail_unless (mock_drm_get (MOCK_PLANE, "FB_ID") != MOCK_FOREIGN_FB);
  fail_unless (mock_drm_get (MOCK_PLANE + 1, "FB_ID") != 0);
  kms_presenter_free (display.presenter, TRUE);
  display.presenter = NULL;
  fail_unless_equals_uint64 (mock_drm_get (MOCK_PLANE, "FB_ID"),
      MOCK_FOREIGN_FB);
  fail_unless_equals_uint64 (mock_drm_get (MOCK_PLANE + 1, "FB_ID"), 0);
  fail_unless_equals_uint64 (mock_drm_get (MOCK_PLANE, "COLOR_RANGE"), 1);
  fail_unless (mock_drm_get_mode () != NULL);
  close_display (&display);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_found_picture_is_gone)
{
  MockConfig config = mock_television;
  Display display;
  GstBuffer *buffer = gst_buffer_new ();

  config.needs_primary = FALSE;
  display = open_display (&config);
  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  fail_unless_equals_int (show (&display, buffer, NULL), KMS_WAIT_DONE);
  mock_drm.foreign_fb_gone = TRUE;
  kms_presenter_free (display.presenter, TRUE);
  display.presenter = NULL;
  /* The mode at least; its program's picture cannot be. */
  fail_unless (mock_drm_get_mode () != NULL);
  fail_unless_equals_int (mock_drm_get_mode ()->hdisplay, 1024);
  fail_unless_equals_uint64 (mock_drm_get (MOCK_PLANE, "FB_ID"), 0);
  close_display (&display);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_display_that_was_off_goes_off)
{
  Display display = open_display (&mock_free);
  GstBuffer *buffer = gst_buffer_new ();

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  fail_unless_equals_int (show (&display, buffer, NULL), KMS_WAIT_DONE);
  fail_unless (mock_drm_get_mode () != NULL);
  kms_presenter_free (display.presenter, TRUE);
  display.presenter = NULL;
  fail_unless (mock_drm_get_mode () == NULL);
  close_display (&display);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_end_does_not_wait_for_ever)
{
  Display display = open_display (&mock_free);
  GstBuffer *buffer = gst_buffer_new ();
  guint n_commits;

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  mock_drm.hold_events = TRUE;
  fail_unless (eventfd_write (display.cancel_fd, 1) == 0);
  fail_unless_equals_int (show (&display, buffer, NULL), KMS_WAIT_CANCELLED);
  n_commits = mock_drm.n_commits;
  close_display (&display);
  /* A display that does not answer is not asked for more. */
  fail_unless_equals_int (mock_drm.n_commits, n_commits);
  fail_unless_equals_int (refs (buffer), 1);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

/* The kernel has no memory in one moment, and has it in the next. */
GST_START_TEST (test_shortage_loses_no_frame)
{
  Display display = open_display (&mock_free);
  GstBuffer *buffer = gst_buffer_new ();
  GError *error = NULL;

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  mock_drm.once_errno = ENOMEM;
  mock_drm.n_once = 1;
  fail_unless_equals_int (show (&display, buffer, &error), KMS_WAIT_DONE);
  fail_unless_equals_int (mock_drm.n_once, 0);

  mock_drm.n_once = G_MAXUINT;
  fail_unless_equals_int (show (&display, buffer, &error), KMS_WAIT_ERROR);
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_EXHAUSTED), "%s", error->message);
  g_clear_error (&error);
  mock_drm.n_once = 0;
  fail_unless_equals_int (show (&display, buffer, &error), KMS_WAIT_DONE);
  close_display (&display);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

/* A shortage while searching does not end in a worse place on the display. */
GST_START_TEST (test_shortage_while_fitting)
{
  Display display = open_display (&mock_television);
  KmsStream stream = {
    .format = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_XRGB8888,
        DRM_FORMAT_MOD_LINEAR),
    .width = 1024,.height = 768,.fps_n = 30,.fps_d = 1,.par_n = 1,.par_d = 1,
  };
  const KmsSetup *setup = &kms_presenter_get_output (display.presenter)->setup;
  GstVideoRectangle area;
  GError *error = NULL;

  mock_drm.once_errno = ENOMEM;
  mock_drm.n_once = G_MAXUINT;
  fail_if (kms_presenter_configure (display.presenter, &stream, &area,
          &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_EXHAUSTED), "%s", error->message);
  g_clear_error (&error);
  mock_drm.n_once = 1;
  fail_unless (kms_presenter_configure (display.presenter, &stream, &area,
          &error));
  fail_unless_equals_int (setup->video.plane->id, MOCK_PLANE);
  close_display (&display);
}

GST_END_TEST;

/* With the last reference of a picture that is still on the screen nobody could
 * ever take it away, and its memory would live as long. */
GST_START_TEST (test_nothing_stays_if_nothing_comes_back)
{
  Display display = open_display (&mock_television);
  GstBuffer *buffer = gst_buffer_new ();

  mock_drm.have_closefb = TRUE;
  configure (&display, DRM_FORMAT_NV12, DRM_FORMAT_MOD_LINEAR);
  fail_unless_equals_int (show (&display, buffer, NULL), KMS_WAIT_DONE);
  mock_drm.commit_errno = ENOMEM;
  mock_drm.n_rmfb = mock_drm.n_closefb = 0;
  close_display (&display);
  /* The frame, and the black behind it. */
  fail_unless_equals_int (mock_drm.n_rmfb, 2);
  fail_unless_equals_int (mock_drm.n_closefb, 0);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

/* The sink asks for the same frame once more after a pause: it is there. */
GST_START_TEST (test_same_frame_after_a_cancelled_wait)
{
  Display display = open_display (&mock_free);
  GstBuffer *buffer = gst_buffer_new ();
  GstDmabufImport *import = make_import (&display, 4242);
  eventfd_t count;

  configure (&display, DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR);
  mock_drm.hold_events = TRUE;
  fail_unless (eventfd_write (display.cancel_fd, 1) == 0);
  fail_unless_equals_int (kms_presenter_show (display.presenter, import,
          buffer, &whole, display.cancel_fd, NULL), KMS_WAIT_CANCELLED);
  fail_unless (eventfd_read (display.cancel_fd, &count) == 0);
  mock_drm.hold_events = FALSE;
  mock_drm_send_events ();
  fail_unless_equals_int (kms_presenter_show (display.presenter, import,
          buffer, &whole, display.cancel_fd, NULL), KMS_WAIT_DONE);
  fail_unless_equals_int (mock_drm.n_commits, 1);
  gst_dmabuf_import_unref (import);
  close_display (&display);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

/* One plane that fills the screen, and modes that are what they are: smaller
 * frames need a picture around them. */
GST_START_TEST (test_canvas)
{
  const struct { guint width, height, canvas_width; } rows[] = {
    {640, 480, 1024}, {1, 1, 1024}, {1920, 800, 1920}, {800, 1000, 1920},
    {3000, 100, 1024}, {1024, 768, 0}, {1920, 1080, 0}, {4000, 3000, 0}
  };
  MockConfig config = mock_rigid;
  guint i;

  config.connector_type = DRM_MODE_CONNECTOR_HDMIA;
  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    Display display = open_display (&config);
    KmsStream stream = {
      .format = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_XRGB8888,
          DRM_FORMAT_MOD_LINEAR),
      .width = rows[i].width,.height = rows[i].height,.par_n = 1,.par_d = 1,
    };
    GstVideoRectangle area;
    GError *error = NULL;

    fail_unless (kms_presenter_configure (display.presenter, &stream, &area,
            &error), "row %u: %s", i, error ? error->message : "");
    fail_unless_equals_int (area.w, rows[i].canvas_width);
    if (area.w > 0) {
      fail_unless_equals_int (stream.width, rows[i].canvas_width);
      fail_unless_equals_int (area.h, stream.height);
    }
    close_display (&display);
  }
}

GST_END_TEST;

/* The picture fills the display, the user's rectangle is a place inside. */
GST_START_TEST (test_canvas_in_a_rectangle)
{
  MockConfig config = mock_rigid;
  KmsDeviceWish device_wish = { -1, };
  KmsOutputWish wish = { .can_scale = TRUE, .rectangle = {10, 20, 700, 500} };
  KmsStream stream = {
    .format = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_XRGB8888,
        DRM_FORMAT_MOD_LINEAR),
    .width = 640,.height = 480,.par_n = 1,.par_d = 1,
  };
  KmsPresenter *presenter;
  KmsDevice *device;
  GstVideoRectangle area;
  GError *error = NULL;

  config.connector_type = DRM_MODE_CONNECTOR_HDMIA;
  device_wish.fd = mock_drm_start (&config);
  device = kms_device_find (&device_wish, &error);
  g_assert_no_error (error);
  presenter = kms_presenter_new (kms_output_new (device, &wish, &error));
  g_assert_no_error (error);
  fail_unless (kms_presenter_configure (presenter, &stream, &area, &error));
  fail_unless_equals_int (stream.width, 1024);
  fail_unless (area.x == 10 && area.y == 20 && area.w == 700 && area.h == 500);
  kms_presenter_free (presenter, TRUE);
  kms_device_unref (device);
  mock_drm_stop ();
}

GST_END_TEST;

static Suite *
kmspresent_suite (void)
{
  Suite *suite = suite_create ("kmspresent");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_buffer_is_kept_until_replaced);
  tcase_add_test (tc, test_cancelled_wait_keeps_both);
  tcase_add_test (tc, test_busy_waits_for_others);
  tcase_add_test (tc, test_other_events_do_not_count);
  tcase_add_test (tc, test_signals_do_not_end_a_wait);
  tcase_add_test (tc, test_device_gone);
  tcase_add_test (tc, test_lost_master);
  tcase_add_test (tc, test_first_frame_is_the_test_without_blank_memory);
  tcase_add_test (tc, test_found_state_comes_back);
  tcase_add_test (tc, test_found_picture_is_gone);
  tcase_add_test (tc, test_display_that_was_off_goes_off);
  tcase_add_test (tc, test_end_does_not_wait_for_ever);
  tcase_add_test (tc, test_shortage_loses_no_frame);
  tcase_add_test (tc, test_shortage_while_fitting);
  tcase_add_test (tc, test_nothing_stays_if_nothing_comes_back);
  tcase_add_test (tc, test_same_frame_after_a_cancelled_wait);
  tcase_add_test (tc, test_canvas);
  tcase_add_test (tc, test_canvas_in_a_rectangle);
  return suite;
}

DMABUF_TEST_MAIN (kmspresent_suite)
