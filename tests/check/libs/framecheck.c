/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Every way to contradict oneself in a buffer is an error that says so.
 */
#include "nv12buffer.h"

/* One thing wrong with an otherwise sound buffer. */
typedef void (*Spoil) (GstBuffer * buffer, GstVideoMeta * meta);

static void
five_planes (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->n_planes = 5;
}

static void
no_planes (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->n_planes = 0;
}

static void
three_planes (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->n_planes = 3;
  meta->offset[2] = CHROMA;
  meta->stride[2] = WIDTH;
}

static void
one_plane (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->n_planes = 1;
}

static void
other_width (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->width = WIDTH - 2;
}

static void
larger_without_crop (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->height = HEIGHT + 2;
}

static void
smaller_with_crop (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->height = HEIGHT - 2;
  gst_buffer_add_video_crop_meta (buffer)->width = 2;
}

static void
other_format (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->format = GST_VIDEO_FORMAT_NV21;
}

static void
negative_stride (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->stride[1] = -WIDTH;
}

static void
short_stride (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->stride[0] = WIDTH - 1;
}

static void
huge_stride (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->stride[1] = G_MAXINT;
}

static void
offset_beyond (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->offset[1] = TOTAL;
}

static void
offset_wraps (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->offset[1] = G_MAXSIZE;
}

static void
offset_too_far (GstBuffer * buffer, GstVideoMeta * meta)
{
  meta->offset[1] = TOTAL - WIDTH * HEIGHT / 2 + 1;
}

static void
no_memory (GstBuffer * buffer, GstVideoMeta * meta)
{
  gst_buffer_remove_all_memory (buffer);
}

static void
empty_crop (GstBuffer * buffer, GstVideoMeta * meta)
{
  gst_buffer_add_video_crop_meta (buffer);
}

static void
crop_beside (GstBuffer * buffer, GstVideoMeta * meta)
{
  GstVideoCropMeta *crop = gst_buffer_add_video_crop_meta (buffer);

  crop->x = WIDTH;
  crop->width = crop->height = 16;
}

static const struct
{
  const gchar *name, *says;
  Spoil spoil;
} spoilt[] = {
  {"5 planes", "5 planes", five_planes},
  {"no planes", "0 planes", no_planes},
  {"3 planes", "3 planes", three_planes},
  {"1 plane", "1 planes", one_plane},
  {"other width", "62x48", other_width},
  {"larger without crop", "64x50", larger_without_crop},
  {"smaller with crop", "64x46", smaller_with_crop},
  {"other format", "NV21", other_format},
  {"negative stride", "-64", negative_stride},
  {"short stride", "stride of 63", short_stride},
  {"huge stride", "2147483647", huge_stride},
  {"offset beyond", "8192", offset_beyond},
  {"offset wraps", "18446744073709551615", offset_wraps},
  {"offset too far", "offset 6657", offset_too_far},
  {"no memory", "beyond the 0 bytes", no_memory},
  {"empty crop", "0x0", empty_crop},
  {"crop beside", "leaves nothing", crop_beside},
};

GST_START_TEST (test_contradictions)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo info = nv12_info (GST_DMABUF_DIALECT_EXPLICIT);
  GstBuffer *buffer = make_nv12 (exporter);
  GstDmabufFrame frame = {.simulated = 77 };
  GError *error = NULL;

  spoilt[__i__].spoil (buffer, gst_buffer_get_video_meta (buffer));
  fail_if (gst_dmabuf_frame_describe (&frame, buffer, &info, &error),
      "%s passed", spoilt[__i__].name);
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  fail_unless (strstr (error->message, spoilt[__i__].says) != NULL,
      "%s: '%s' is not in '%s'", spoilt[__i__].name, spoilt[__i__].says,
      error->message);
  assert_equals_int (frame.simulated, 77);
  fail_if (gst_dmabuf_frame_describe (&frame, buffer, &info, NULL));

  g_clear_error (&error);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_a_page_short)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufVideoInfo info = make_info (GST_DMABUF_DIALECT_EXPLICIT,
      DRM_FORMAT_NV12, 0, 64, 128);
  GstBuffer *buffer;
  GstDmabufFrame frame;
  GError *error = NULL;

  if (exporter == NULL)
    return;
  /* 64 x 128 x 3 / 2 is three pages. The memory claims them, the dma-buf has
   * two. */
  buffer = gst_buffer_new ();
  {
    GstMemory *memory = dmabuf_backend_alloc (exporter, 2 * PAGE);

    memory->maxsize = 3 * PAGE;
    memory->size = 3 * PAGE;
    gst_buffer_append_memory (buffer, memory);
  }
  fail_if (gst_dmabuf_frame_describe (&frame, buffer, &info, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  fail_unless (strstr (error->message, "8192") != NULL, "%s", error->message);

  g_clear_error (&error);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

static Suite *
framecheck_suite (void)
{
  Suite *suite = suite_create ("framecheck");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_contradictions, 0, G_N_ELEMENTS (spoilt));
  tcase_add_loop_test (tcase, test_a_page_short, 0, N_BACKENDS);
  return suite;
}

DMABUF_TEST_MAIN (framecheck_suite)
