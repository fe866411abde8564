/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * How a frame becomes a framebuffer: which calls the kernel sees, and that
 * every handle is closed once, whatever fails. No device is needed.
 */
#include "dmabuftest.h"
#include "mock/mockdisplays.h"

#include "../../../gst/kms/kmsframebuffer.h"

#include <errno.h>

static KmsDevice *
open_device (const MockConfig * config)
{
  KmsDeviceWish wish = { mock_drm_start (config), NULL, NULL, NULL };
  GError *error = NULL;
  KmsDevice *device = kms_device_find (&wish, &error);

  g_assert_no_error (error);
  return device;
}

static void
close_device (KmsDevice * device)
{
  kms_device_unref (device);
  fail_unless_equals_int (mock_drm.n_fbs, 0);
  fail_unless_equals_int (mock_drm.n_handles, 0);
  fail_unless_equals_int (mock_drm.n_dumbs, 0);
  fail_unless_equals_int (mock_drm.n_bad_gem_closes, 0);
  mock_drm_stop ();
}

/* NV12 640x480 in @n_objects objects; the descriptors mean nothing. */
static GstDmabufFrame
make_frame (guint n_objects, guint64 modifier)
{
  GstDmabufFrame frame = { NULL, };
  GstDmabufLayout *layout = &frame.layout;

  layout->format.fourcc = DRM_FORMAT_NV12;
  layout->format.modifier = modifier;
  layout->width = 640;
  layout->height = 480;
  layout->n_planes = 2;
  layout->n_objects = n_objects;
  layout->planes[0].stride = layout->planes[1].stride = 704;
  layout->planes[1].object = n_objects - 1;
  layout->planes[1].offset = n_objects == 1 ? 704 * 480 : 4096;
  frame.fds[0] = 5;
  frame.fds[1] = 6;
  return frame;
}

static KmsFramebuffer *
import (KmsDevice * device, const GstDmabufFrame * frame, GError ** error)
{
  return kms_framebuffer_import (device, frame, &frame->layout.format, error);
}

GST_START_TEST (test_one_object)
{
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFrame frame = make_frame (1, DRM_FORMAT_MOD_LINEAR);
  KmsFramebuffer *framebuffer = import (device, &frame, NULL);

  fail_unless (framebuffer != NULL);
  /* The modifier is said for linear too, for each plane in use. */
  fail_unless_equals_int (mock_drm.add_flags, DRM_MODE_FB_MODIFIERS);
  fail_unless_equals_uint64 (mock_drm.add_modifiers[0], 0);
  fail_unless_equals_int (mock_drm.add_handles[0], 105);
  fail_unless_equals_int (mock_drm.add_handles[1], 105);
  fail_unless_equals_int (mock_drm.add_handles[2], 0);
  fail_unless_equals_int (mock_drm.add_offsets[1], 704 * 480);
  fail_unless_equals_int (mock_drm.add_pitches[1], 704);
  fail_unless_equals_int (mock_drm.add_pitches[2], 0);
  fail_unless_equals_int (mock_drm.n_primes, 1);
  fail_unless_equals_int (mock_drm.n_gem_closes, 1);
  kms_framebuffer_free (framebuffer);
  close_device (device);
}

GST_END_TEST;

GST_START_TEST (test_two_objects)
{
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFrame frame = make_frame (2, DRM_FORMAT_MOD_SAMSUNG_64_32_TILE);
  KmsFramebuffer *framebuffer = import (device, &frame, NULL);

  fail_unless (framebuffer != NULL);
  fail_unless_equals_int (mock_drm.add_handles[0], 105);
  fail_unless_equals_int (mock_drm.add_handles[1], 106);
  fail_unless_equals_uint64 (mock_drm.add_modifiers[0],
      DRM_FORMAT_MOD_SAMSUNG_64_32_TILE);
  fail_unless_equals_uint64 (mock_drm.add_modifiers[1],
      DRM_FORMAT_MOD_SAMSUNG_64_32_TILE);
  fail_unless_equals_uint64 (mock_drm.add_modifiers[2], 0);
  fail_unless_equals_int (mock_drm.n_gem_closes, 2);
  kms_framebuffer_free (framebuffer);
  close_device (device);
}

GST_END_TEST;

GST_START_TEST (test_shared_handle_is_closed_once)
{
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFrame frame = make_frame (2, DRM_FORMAT_MOD_LINEAR);
  KmsFramebuffer *framebuffer;

  mock_drm_set_handle (77);
  framebuffer = import (device, &frame, NULL);
  fail_unless (framebuffer != NULL);
  fail_unless_equals_int (mock_drm.n_primes, 2);
  fail_unless_equals_int (mock_drm.n_gem_closes, 1);
  kms_framebuffer_free (framebuffer);
  close_device (device);
}

GST_END_TEST;

GST_START_TEST (test_implicit_and_no_modifiers)
{
  MockConfig config = mock_free;
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFrame frame = make_frame (1, DRM_FORMAT_MOD_INVALID);
  KmsFramebuffer *framebuffer = import (device, &frame, NULL);

  fail_unless (framebuffer != NULL);
  fail_unless_equals_int (mock_drm.add_flags, 0);
  fail_unless_equals_uint64 (mock_drm.add_modifiers[0], 0);
  kms_framebuffer_free (framebuffer);
  close_device (device);

  /* A driver without modifiers rejects the flag. */
  config.no_modifiers = TRUE;
  device = open_device (&config);
  frame = make_frame (1, DRM_FORMAT_MOD_LINEAR);
  framebuffer = import (device, &frame, NULL);
  fail_unless (framebuffer != NULL);
  fail_unless_equals_int (mock_drm.add_flags, 0);
  kms_framebuffer_free (framebuffer);
  close_device (device);
}

GST_END_TEST;

GST_START_TEST (test_import_fails)
{
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFrame frame = make_frame (2, DRM_FORMAT_MOD_LINEAR);
  GError *error = NULL;

  /* The second object only: the first one's handle is closed. */
  mock_drm.prime_errno = ENOMEM;
  mock_drm.prime_good = 1;
  fail_unless (import (device, &frame, &error) == NULL);
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_EXHAUSTED));
  g_clear_error (&error);
  fail_unless_equals_int (mock_drm.n_gem_closes, 1);
  close_device (device);
}

GST_END_TEST;

/* virtio-gpu says ENODEV to memory of others. That is not its own end. */
GST_START_TEST (test_foreign_memory_is_refused)
{
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFrame frame = make_frame (1, DRM_FORMAT_MOD_LINEAR);
  GError *error = NULL;

  mock_drm.prime_errno = ENODEV;
  fail_unless (import (device, &frame, &error) == NULL);
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_REFUSED));
  g_clear_error (&error);
  fail_unless (!kms_device_is_gone (device));
  close_device (device);
}

GST_END_TEST;

GST_START_TEST (test_framebuffer_fails)
{
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFrame frame = make_frame (2, DRM_FORMAT_MOD_LINEAR);
  GError *error = NULL;

  mock_drm.addfb_errno = EINVAL;
  fail_unless (import (device, &frame, &error) == NULL);
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_REFUSED));
  fail_unless (strstr (error->message, "NV12") != NULL, "%s", error->message);
  g_clear_error (&error);
  fail_unless_equals_int (mock_drm.n_gem_closes, 2);

  frame.layout.planes[1].offset = (gsize) G_MAXUINT32 + 1;
  mock_drm.addfb_errno = 0;
  fail_unless (import (device, &frame, &error) == NULL);
  g_clear_error (&error);
  close_device (device);
}

GST_END_TEST;

GST_START_TEST (test_device_gone)
{
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFrame frame = make_frame (1, DRM_FORMAT_MOD_LINEAR);
  GError *error = NULL;

  fail_unless (!kms_device_is_gone (device));
  mock_drm.gone = TRUE;
  fail_unless (import (device, &frame, &error) == NULL);
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_FAILED));
  fail_unless (strstr (error->message, "removed") != NULL);
  g_clear_error (&error);
  fail_unless (kms_device_is_gone (device));
  close_device (device);
}

GST_END_TEST;

GST_START_TEST (test_blank)
{
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFormat format =
      GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12, DRM_FORMAT_MOD_LINEAR);
  KmsFramebuffer *framebuffer;
  GError *error = NULL;

  framebuffer = kms_framebuffer_new_blank (device, &format, 641, 481, &error);
  fail_unless (framebuffer != NULL);
  fail_unless_equals_int (mock_drm.n_dumbs, 1);
  kms_framebuffer_free (framebuffer);

  mock_drm.addfb_errno = EINVAL;
  fail_unless (!kms_framebuffer_new_blank (device, &format, 64, 64, NULL));
  mock_drm.dumb_errno = ENOMEM;
  fail_unless (!kms_framebuffer_new_blank (device, &format, 64, 64, NULL));
  format.modifier = DRM_FORMAT_MOD_SAMSUNG_64_32_TILE;
  fail_unless (!kms_framebuffer_new_blank (device, &format, 64, 64, NULL));
  close_device (device);
}

GST_END_TEST;

GST_START_TEST (test_close_keeps_the_picture_where_it_can)
{
  KmsDevice *device = open_device (&mock_free);
  GstDmabufFrame frame = make_frame (1, DRM_FORMAT_MOD_LINEAR);

  kms_framebuffer_free (import (device, &frame, NULL));
  fail_unless_equals_int (mock_drm.n_rmfb, 1);
  mock_drm.have_closefb = TRUE;
  kms_framebuffer_free (import (device, &frame, NULL));
  fail_unless_equals_int (mock_drm.n_rmfb, 1);
  fail_unless_equals_int (mock_drm.n_closefb, 1);
  kms_framebuffer_free (NULL);
  close_device (device);
}

GST_END_TEST;

static Suite *
kmsframebuffer_suite (void)
{
  Suite *suite = suite_create ("kmsframebuffer");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_one_object);
  tcase_add_test (tc, test_two_objects);
  tcase_add_test (tc, test_shared_handle_is_closed_once);
  tcase_add_test (tc, test_implicit_and_no_modifiers);
  tcase_add_test (tc, test_import_fails);
  tcase_add_test (tc, test_foreign_memory_is_refused);
  tcase_add_test (tc, test_framebuffer_fails);
  tcase_add_test (tc, test_device_gone);
  tcase_add_test (tc, test_blank);
  tcase_add_test (tc, test_close_keeps_the_picture_where_it_can);
  return suite;
}

DMABUF_TEST_MAIN (kmsframebuffer_suite)
