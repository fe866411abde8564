/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The converter between real producers and consumers: what only needed other
 * words is not copied, and the picture is right.
 */
#include "clip.h"
#include "player.h"

#include <drm_fourcc.h>
#include <gst/video/video.h>

#include "../../../gst/dmabuf/dmabuftestpattern.h"

#define WIDTH 640
#define HEIGHT 360
#define N_FRAMES 8

/* One of the counters of the element called "convert". */
static guint
get_count (const Player * player, const gchar * name)
{
  GstElement *convert =
      gst_bin_get_by_name (GST_BIN (player->pipeline), "convert");
  GstStructure *stats = NULL;
  guint n = 0;

  fail_unless (convert != NULL);
  g_object_get (convert, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint (stats, name, &n), "%s", name);
  gst_structure_free (stats);
  gst_object_unref (convert);
  return n;
}

static void
expect_no_moves (const Player * player, guint n)
{
  fail_unless_equals_int (get_count (player, "moved"), 0);
  fail_unless (get_count (player, "relabelled") + get_count (player, "passed")
      >= n);
}

static const gchar *const sources[] = {
  "videotestsrc pattern=smpte75 num-buffers=8 ! video/x-raw,format=NV12,"
      "width=640,height=360 ! dmabufupload name=convert",
  "videotestsrc pattern=smpte75 num-buffers=8 ! video/x-raw,format=BGRx,"
      "width=640,height=360 ! dmabufconvert name=convert ! "
      "video/x-raw(memory:DMABuf)",
  "dmabuftestsrc num-buffers=8 ! video/x-raw(memory:DMABuf),format=DMA_DRM,"
      "drm-format=NV12,width=640,height=360 ! dmabufdownload name=convert",
  "dmabuftestsrc num-buffers=8 legacy-layout=linear ! video/x-raw("
      "memory:DMABuf),format=NV12,width=640,height=360 "
      "! dmabufconvert name=convert legacy-layout=linear",
  "dmabuftestsrc num-buffers=8 ! video/x-raw(memory:DMABuf),format=DMA_DRM,"
      "drm-format=RG16,width=640,height=360 ! dmabufconvert name=convert",
};

GST_START_TEST (test_source)
{
  KmsWriteback *writeback = player_open_display ();
  Picture *picture;
  Player player;

  if (!writeback)
    return;
  player_init_printf (&player, writeback,
      "%s ! dmabufkmssink name=sink sync=false zero-copy=require",
      sources[__i__]);
  player_play (&player);
  picture = player_capture (&player, WIDTH, HEIGHT);
  player_expect_bars (picture, 4, sources[__i__]);
  player_expect_no_copies (&player, N_FRAMES);
  expect_no_moves (&player, N_FRAMES);

  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* Every layout that decoders of V4L2 are known to make, and some of GPUs. */
static const gchar *const tiles[] = {
  "NV12:0x0600000000000001",    /* Vivante 4x4 */
  "NV15:0x0600000000000001",
  "XR24:0x0600000000000001",
  "NV12:0x0400000000000001",    /* Samsung 64x32 */
  "NV12:0x0400000000000002",    /* Samsung 16x16 */
  "NV12:0x0b00000000000001",    /* MediaTek MM21 */
  "NV15:0x0b00000000010001",    /* MT2110T */
  "NV15:0x0b00000000020001",    /* MT2110R */
  "NV12:0x0700000000043804",    /* Broadcom SAND128, columns of 1080 rows */
  "P030:0x0700000000043804",
  "NV12:0x0900000000000001",    /* Allwinner 32x32 */
  "XR24:0x0100000000000001",    /* Intel X, Y, 4 */
  "XR24:0x0100000000000002",
  "XR24:0x0100000000000009",
};

GST_START_TEST (test_tiles_to_display)
{
  KmsWriteback *writeback = player_open_display ();
  Picture *picture;
  Player player;

  if (!writeback)
    return;
  player_init_printf (&player, writeback, "dmabuftestsrc num-buffers=%u"
      " ! video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=%s,width=640,"
      "height=360 ! dmabufconvert name=convert"
      " ! dmabufkmssink name=sink sync=false zero-copy=require", N_FRAMES,
      tiles[__i__]);
  player_play (&player);
  picture = player_capture (&player, WIDTH, HEIGHT);
  fail_unless_equals_int (player_read_counter (picture), N_FRAMES - 1);
  player_expect_bars (picture, 4, tiles[__i__]);
  player_expect_no_copies (&player, N_FRAMES);
  fail_unless_equals_int (get_count (&player, "moved"), 0);
  fail_unless_equals_int (get_count (&player, "detiled")
      + get_count (&player, "unpacked"), N_FRAMES);

  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static guint n_counted;

/* Called for each frame behind the converter. */
static void
count_frame (GstElement * element, GstBuffer * buffer, GstPad * pad,
    gpointer user_data)
{
  GstCaps *caps = gst_pad_get_current_caps (pad);
  GstVideoFrame frame;
  GstVideoInfo info;
  guint32 counter = 0;

  fail_unless (gst_video_info_from_caps (&info, caps));
  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  fail_unless (dmabuf_test_pattern_read_counter (DRM_FORMAT_XRGB8888,
          GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
          GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0), &counter));
  fail_unless_equals_int (counter, n_counted);
  n_counted++;
  gst_video_frame_unmap (&frame);
  gst_caps_unref (caps);
}

/* Into an element that knows nothing of dma-bufs, each frame looked at. */
GST_START_TEST (test_tiles_to_program)
{
  Player player;

  if (!dmabuf_test_have_device ("/dev/dma_heap/system"))
    return;
  n_counted = 0;
  player_init_printf (&player, NULL, "dmabuftestsrc num-buffers=%u"
      " exporter=heap:system ! video/x-raw(memory:DMABuf),format=DMA_DRM,"
      "drm-format=%s,width=642,height=362 ! dmabufdownload name=convert"
      " ! videoconvert ! video/x-raw,format=BGRx"
      " ! fakesink name=sink signal-handoffs=true", N_FRAMES, tiles[__i__]);
  g_signal_connect (player.sink, "handoff", G_CALLBACK (count_frame), NULL);
  player_play (&player);
  fail_unless_equals_int (n_counted, N_FRAMES);
  player_clear (&player);
}

GST_END_TEST;

GST_START_TEST (test_software_decoder)
{
  KmsWriteback *writeback = player_open_display ();
  Picture *picture;
  Player player;
  gchar *clip;

  if (!writeback)
    return;
  clip = clip_make (CLIP_VP8, 320, 240, N_FRAMES);
  player_init_printf (&player, writeback, "filesrc location=%s ! matroskademux"
      " ! vp8dec ! dmabufupload name=convert"
      " ! dmabufkmssink name=sink sync=false zero-copy=require", clip);
  player_play (&player);
  picture = player_capture (&player, 320, 240);
  fail_unless_equals_int (player_read_counter (picture), N_FRAMES - 1);
  player_expect_no_copies (&player, N_FRAMES);
  expect_no_moves (&player, N_FRAMES);

  picture_free (picture);
  player_clear (&player);
  clip_remove_all ();
  g_free (clip);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* GStreamer 1.22's decoder tells of a bug of its own at the end. */
static gboolean
ignore_message (const gchar * domain, GLogLevelFlags level,
    const gchar * message, gpointer user_data)
{
  return TRUE;
}

/* A decoder of the kernel, whose own dma-bufs go through. */
GST_START_TEST (test_kernel_decoder)
{
  KmsWriteback *writeback = player_open_display ();
  Picture *picture;
  Player player;
  gchar *clip;

  if (!writeback)
    return;
  gst_check_add_log_filter (NULL, G_LOG_LEVEL_WARNING,
      g_regex_new ("left undrained after CMD_STOP", 0, 0, NULL), ignore_message,
      NULL, NULL);
  clip = clip_make (CLIP_FWHT_NV12, 656, 368, 2 * N_FRAMES);
  player_init_printf (&player, writeback, "filesrc location=%s ! gdpdepay"
      " ! v4l2fwhtdec capture-io-mode=dmabuf ! dmabufconvert name=convert"
      " ! dmabufkmssink name=sink sync=false zero-copy=require", clip);
  player_play (&player);
  picture = player_capture (&player, 656, 368);
  player_expect_bars (picture, 12, "decoded");
  player_expect_no_copies (&player, N_FRAMES);
  expect_no_moves (&player, N_FRAMES);

  picture_free (picture);
  player_clear (&player);
  clip_remove_all ();
  g_free (clip);
  gst_check_clear_log_filter ();
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* V4L2's own memory, by way of a pipeline that would link without us too, and
 * of ones that would not. */
static const struct
{
  const gchar *filter, *rest;
  gboolean needs_dmabuf_caps;
} cameras[] = {
  {"video/x-raw,format=NV12", "dmabufconvert name=convert"},
  {"video/x-raw,format=BGRx", "dmabufupload name=convert"},
  {"video/x-raw,format=BGRx", "dmabufdownload name=convert"},
  {"video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12",
      "dmabufdownload name=convert", TRUE},
};

static gboolean
camera_has_dmabuf_caps (void)
{
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  return minor >= 26;
}

GST_START_TEST (test_camera_to_display)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;

  if (!writeback)
    return;
  if (cameras[__i__].needs_dmabuf_caps && !camera_has_dmabuf_caps ()) {
    kms_writeback_close (writeback);
    return;
  }
  player_init_printf (&player, writeback, "v4l2src device=/dev/video10 "
      "io-mode=dmabuf num-buffers=%u ! %s,width=640,height=360 ! %s"
      " ! dmabufkmssink name=sink sync=false zero-copy=require", N_FRAMES,
      cameras[__i__].filter, cameras[__i__].rest);
  player_play (&player);
  player_expect_no_copies (&player, 1);
  expect_no_moves (&player, 1);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* Into elements that know nothing of dma-bufs. */
GST_START_TEST (test_camera_to_program)
{
  Player player;

  if (!dmabuf_test_have_device ("/dev/video10"))
    return;
  if (cameras[__i__].needs_dmabuf_caps && !camera_has_dmabuf_caps ())
    return;
  player_init_printf (&player, NULL, "v4l2src device=/dev/video10 "
      "io-mode=dmabuf num-buffers=%u ! %s,width=640,height=360 "
      "! dmabufdownload name=convert ! videoscale ! video/x-raw,width=320,"
      "height=180 ! videoconvert ! video/x-raw,format=RGB "
      "! appsink name=sink sync=false wait-on-eos=false", N_FRAMES, cameras[__i__].filter);
  player_play (&player);
  expect_no_moves (&player, N_FRAMES);
  player_clear (&player);
}

GST_END_TEST;

static Suite *
converter_suite (void)
{
  Suite *s = suite_create ("pipelines/converter");
  TCase *tc = tcase_create ("own");
  TCase *v4l2 = tcase_create ("v4l2");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_source, 0, G_N_ELEMENTS (sources));
  tcase_add_loop_test (tc, test_tiles_to_display, 0, G_N_ELEMENTS (tiles));
  tcase_add_loop_test (tc, test_tiles_to_program, 0, G_N_ELEMENTS (tiles));
  tcase_add_test (tc, test_software_decoder);
  suite_add_tcase (s, v4l2);
  player_check_dmabufs (v4l2);
  tcase_add_test (v4l2, test_kernel_decoder);
  tcase_add_loop_test (v4l2, test_camera_to_display, 0, G_N_ELEMENTS (cameras));
  tcase_add_loop_test (v4l2, test_camera_to_program, 0, G_N_ELEMENTS (cameras));
  return s;
}

DMABUF_TEST_MAIN (converter_suite)
