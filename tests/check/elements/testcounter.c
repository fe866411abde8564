/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The frame counter of the test picture: read back from every format, refused
 * when damaged, still there after a conversion.
 */
#include "testpicture.h"

GST_START_TEST (test_counter)
{
  static const guint32 counters[] = { 0, 1, 255, 256, 0x12345678, 0x80000000,
    0xffffffff
  };
  guint i, j;

  for (i = 0; i < dmabuf_test_pixels_n (); i++) {
    guint32 fourcc = dmabuf_test_pixels_nth (i);
    Picture picture;
    DmabufTestPatternConfig config;
    DmabufTestPattern *pattern;

    picture_init (&picture, fourcc, 65, 49);
    config = make_config (&picture, DMABUF_TEST_PATTERN_SMPTE);
    pattern = dmabuf_test_pattern_new (&config);
    dmabuf_test_pattern_paint_background (pattern, &picture.canvas);
    for (j = 0; j < G_N_ELEMENTS (counters); j++) {
      guint32 counter = ~counters[j];

      dmabuf_test_pattern_paint_frame (pattern, &picture.canvas, counters[j]);
      fail_unless (dmabuf_test_pattern_read_counter (fourcc,
              picture.canvas.data[0], picture.canvas.stride[0], &counter));
      fail_unless_equals_int64 (counter, counters[j]);
    }
    dmabuf_test_pattern_free (pattern);
    picture_clear (&picture);
  }
}

GST_END_TEST;

/* A picture without a counter, or with a damaged one, has none. */
GST_START_TEST (test_counter_refused)
{
  static const guint32 plain[] = { 0xff000000, 0xffffffff, 0xff808080 };
  guint32 fourcc = DRM_FORMAT_XRGB8888, counter = 42;
  Picture picture;
  DmabufTestPatternConfig config;
  guint i, cell, x, y;

  picture_init (&picture, fourcc, 64, 48);
  config = make_config (&picture, DMABUF_TEST_PATTERN_SOLID);
  for (i = 0; i < G_N_ELEMENTS (plain); i++) {
    config.argb = plain[i];
    config.animated = FALSE;
    paint (&picture, &config, 7);
    fail_if (dmabuf_test_pattern_read_counter (fourcc, picture.canvas.data[0],
            picture.canvas.stride[0], &counter));
  }

  config.animated = TRUE;
  for (cell = 0; cell < 48; cell++) {
    paint (&picture, &config, 0x01020304);
    for (y = 0; y < 8; y++) {
      for (x = 0; x < 8 * 4; x++)
        picture.canvas.data[0][(cell / 8 * 8 + y) * picture.canvas.stride[0] +
            cell % 8 * 8 * 4 + x] ^= 0xff;
    }
    fail_if (dmabuf_test_pattern_read_counter (fourcc, picture.canvas.data[0],
            picture.canvas.stride[0], &counter), "cell %u is not checked",
        cell);
  }
  fail_unless_equals_int (counter, 42);
  fail_if (dmabuf_test_pattern_read_counter (DRM_FORMAT_C8,
          picture.canvas.data[0], picture.canvas.stride[0], &counter));
  picture_clear (&picture);
}

GST_END_TEST;

/* Frames below the documented sizes have no counter and no bar. */
GST_START_TEST (test_small_frames)
{
  static const guint sizes[][2] = { {63, 48}, {64, 47}, {1, 1} };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (sizes); i++) {
    Picture animated, still;
    DmabufTestPatternConfig config;

    picture_init (&animated, DRM_FORMAT_NV12, sizes[i][0], sizes[i][1]);
    picture_init (&still, DRM_FORMAT_NV12, sizes[i][0], sizes[i][1]);
    config = make_config (&animated, DMABUF_TEST_PATTERN_CHECKERS);
    paint (&animated, &config, 3);
    config.animated = FALSE;
    paint (&still, &config, 3);
    fail_unless (picture_equal (&animated, &still));
    picture_clear (&animated);
    picture_clear (&still);
  }
}

GST_END_TEST;

/* The counter survives what a display chain does to it: to 4:2:0 in limited
 * range and back to RGB, by GStreamer's converter. */
GST_START_TEST (test_counter_after_conversion)
{
  static const GstVideoFormat between[] = { GST_VIDEO_FORMAT_NV12,
    GST_VIDEO_FORMAT_YUY2, GST_VIDEO_FORMAT_I420, GST_VIDEO_FORMAT_YUV9,
    GST_VIDEO_FORMAT_RGB16, GST_VIDEO_FORMAT_GRAY8
  };
  GstVideoInfo rgb_info, info;
  guint i;

  gst_video_info_set_format (&rgb_info, GST_VIDEO_FORMAT_BGRx, 128, 64);
  for (i = 0; i < G_N_ELEMENTS (between); i++) {
    GstBuffer *rgb = gst_buffer_new_allocate (NULL, rgb_info.size, NULL);
    GstBuffer *buffer;
    GstVideoFrame rgb_frame, frame;
    GstVideoConverter *there, *back;
    DmabufTestPatternConfig config = { DRM_FORMAT_XRGB8888, 128, 64, srgb,
      DMABUF_TEST_PATTERN_SMPTE, 0, TRUE
    };
    DmabufTestPattern *pattern = dmabuf_test_pattern_new (&config);
    DmabufTestCanvas canvas;
    guint32 counter = 0;

    gst_video_info_set_format (&info, between[i], 128, 64);
    buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
    there = gst_video_converter_new (&rgb_info, &info, NULL);
    back = gst_video_converter_new (&info, &rgb_info, NULL);
    fail_unless (gst_video_frame_map (&rgb_frame, &rgb_info, rgb,
            GST_MAP_READWRITE));
    fail_unless (gst_video_frame_map (&frame, &info, buffer,
            GST_MAP_READWRITE));

    canvas.data[0] = GST_VIDEO_FRAME_PLANE_DATA (&rgb_frame, 0);
    canvas.stride[0] = GST_VIDEO_FRAME_PLANE_STRIDE (&rgb_frame, 0);
    dmabuf_test_pattern_paint_background (pattern, &canvas);
    dmabuf_test_pattern_paint_frame (pattern, &canvas, 0xdeadbeef);
    gst_video_converter_frame (there, &rgb_frame, &frame);
    memset (canvas.data[0], 0, rgb_info.size);
    gst_video_converter_frame (back, &frame, &rgb_frame);
    fail_unless (dmabuf_test_pattern_read_counter (DRM_FORMAT_XRGB8888,
            canvas.data[0], canvas.stride[0], &counter));
    fail_unless_equals_int64 (counter, 0xdeadbeef);

    gst_video_frame_unmap (&frame);
    gst_video_frame_unmap (&rgb_frame);
    gst_video_converter_free (there);
    gst_video_converter_free (back);
    dmabuf_test_pattern_free (pattern);
    gst_buffer_unref (buffer);
    gst_buffer_unref (rgb);
  }
}

GST_END_TEST;

static Suite *
testcounter_suite (void)
{
  Suite *suite = suite_create ("testcounter");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_test (tcase, test_counter);
  tcase_add_test (tcase, test_counter_refused);
  tcase_add_test (tcase, test_small_frames);
  tcase_add_test (tcase, test_counter_after_conversion);

  return suite;
}

DMABUF_TEST_MAIN (testcounter_suite);
