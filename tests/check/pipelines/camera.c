/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A camera before a display: the kernel's vivid, whose exported memory vkms
 * imports. vivid shows 75 % colour bars.
 */
#include "player.h"

#define WIDTH 640
#define HEIGHT 360
/* More than the camera has buffers: some come again. */
#define N_FRAMES 12

#define CAMERA "/dev/video10"
#define MULTIPLANAR_CAMERA "/dev/video12"

/* vivid's eight bars. A pixel well inside of each is looked at: the camera
 * interpolates at their edges. */
static void
expect_camera_bars (const Picture * picture, guint tolerance,
    const gchar * what)
{
  static const guint32 bars[] = { 0xbfbfbf, 0xbfbf00, 0x00bfbf, 0x00bf00,
    0xbf00bf, 0xbf0000, 0x0000bf, 0x000000
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (bars); i++) {
    guint32 pixel = picture_get (picture, picture->width * (2 * i + 1) / 16,
        picture->height / 2);

    fail_unless (picture_is_near (pixel, bars[i], tolerance),
        "%s: bar %u is #%06x, not #%06x", what, i, pixel, bars[i]);
  }
}

static const struct
{
  const gchar *device, *filter;
  gboolean needs_dmabuf_caps;
  gboolean may_have_two_objects;        /* which vkms reads wrongly */
} ways[] = {
  {CAMERA, "video/x-raw,format=BGRx"},
  {CAMERA, "video/x-raw,format=NV12"},
  {MULTIPLANAR_CAMERA, "video/x-raw,format=NV12", FALSE, TRUE},
  {MULTIPLANAR_CAMERA, "video/x-raw,format=BGRx"},
  /* No display of the machine takes YUYV: the converter writes into the sink's
   * memory. */
  {CAMERA, "video/x-raw,format=YUY2 ! videoconvert ! video/x-raw,format=NV12"},
  {CAMERA, "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=XR24", TRUE},
  {CAMERA, "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12", TRUE},
};

/* GStreamer 1.26's camera element speaks explicit caps. */
static gboolean
camera_has_dmabuf_caps (void)
{
  GstElement *camera = gst_element_factory_make ("v4l2src", NULL);
  GstCaps *wanted = gst_caps_from_string ("video/x-raw(memory:DMABuf)");
  GstPad *pad = gst_element_get_static_pad (camera, "src");
  GstCaps *caps = gst_pad_get_pad_template_caps (pad);
  gboolean can = gst_caps_can_intersect (caps, wanted);

  gst_caps_unref (caps);
  gst_object_unref (pad);
  gst_caps_unref (wanted);
  gst_object_unref (camera);
  return can;
}

/* Warnings of the camera element about what the display answers to its
 * ALLOCATION query: words of GStreamer 1.22 and 1.26. */
static gint complaints;

static void
count_complaints (GstDebugCategory * category, GstDebugLevel level,
    const gchar * file, const gchar * function, gint line, GObject * object,
    GstDebugMessage * message, gpointer user_data)
{
  const gchar *text = gst_debug_message_get (message);

  if (level <= GST_LEVEL_WARNING && (strstr (text, "video meta field")
          || strstr (text, "Invalid params")))
    g_atomic_int_inc (&complaints);
}

static void
watch_log (void)
{
  complaints = 0;
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (count_complaints, NULL, NULL);
  gst_debug_set_active (TRUE);
  gst_debug_set_threshold_for_name ("v4l2*", GST_LEVEL_WARNING);
}

GST_START_TEST (test_camera)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  Picture *picture;

  if (!writeback)
    return;
  if (ways[__i__].needs_dmabuf_caps && !camera_has_dmabuf_caps ()) {
    kms_writeback_close (writeback);
    return;
  }
  player_init_printf (&player, writeback, "v4l2src device=%s io-mode=dmabuf"
      " num-buffers=%u extra-controls=\"c,test_pattern=0,osd_text_mode=2\""
      " ! %s,width=%u,height=%u ! dmabufkmssink name=sink sync=false"
      " zero-copy=require", ways[__i__].device, N_FRAMES, ways[__i__].filter,
      WIDTH, HEIGHT);
  watch_log ();
  player_play (&player);
  gst_debug_remove_log_function (count_complaints);
  fail_unless_equals_int (g_atomic_int_get (&complaints), 0);
  picture = player_capture (&player, WIDTH, HEIGHT);
  if (!ways[__i__].may_have_two_objects)
    expect_camera_bars (picture, 6, ways[__i__].filter);
  player_expect_no_copies (&player, 1);
  /* Each dma-buf of the camera is imported once. */
  fail_unless (player_get_counter (&player, "imported")
      + player_get_counter (&player, "cache-hits")
      == player_get_counter (&player, "frames"));
  fail_unless (player_get_counter (&player, "cache-hits") > 0);
  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
camera_suite (void)
{
  Suite *s = suite_create ("pipelines/camera");
  TCase *tc = tcase_create ("vkms");

  suite_add_tcase (s, tc);
  player_check_dmabufs (tc);
  tcase_add_loop_test (tc, test_camera, 0, G_N_ELEMENTS (ways));
  return s;
}

DMABUF_TEST_MAIN (camera_suite)
