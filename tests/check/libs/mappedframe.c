/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Planes are found in memory of any kind, each memory is mapped once, rows are
 * copied without what lies between them, and other words cost no pixel.
 */
#include "nv12buffer.h"

#include <gst/dmabuf/gstdmabufmappedframe.h>
#include <gst/dmabuf/gstdmabufrelabel.h>

#define LUMA_BYTES (WIDTH * HEIGHT)
#define CHROMA_BYTES (WIDTH * HEIGHT / 2)

static void
map (GstDmabufMappedFrame * mapped, GstBuffer * buffer,
    const GstDmabufVideoInfo * info, GstMapFlags flags)
{
  GError *error = NULL;

  fail_unless (gst_dmabuf_mapped_frame_map (mapped, buffer, info, flags,
          &error), "%s", error ? error->message : "");
}

static void
expect_refusal (GstBuffer * buffer, const GstDmabufVideoInfo * info,
    gint code, const gchar * words)
{
  GstDmabufMappedFrame mapped = {.n_memories = 77 };
  GError *error = NULL;

  fail_if (gst_dmabuf_mapped_frame_map (&mapped, buffer, info, GST_MAP_READ,
          &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR, code), "%s",
      error->message);
  fail_unless (strstr (error->message, words) != NULL,
      "'%s' is not in '%s'", words, error->message);
  assert_equals_int (mapped.n_memories, 77);
  g_clear_error (&error);
}

GST_START_TEST (test_dmabuf_in_one_piece)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufVideoInfo info = nv12_info (GST_DMABUF_DIALECT_EXPLICIT);
  GstDmabufMappedFrame mapped;
  GstBuffer *buffer;

  if (exporter == NULL)
    return;
  buffer = make_nv12 (exporter);
  map (&mapped, buffer, &info, GST_MAP_READWRITE);
  assert_equals_int (mapped.n_memories, 1);
  assert_equals_int (mapped.pixels.n_planes, 2);
  assert_equals_int (mapped.pixels.width, WIDTH);
  assert_equals_int (mapped.pixels.height, HEIGHT);
  assert_equals_int (mapped.pixels.strides[1], WIDTH);
  assert_equals_int (mapped.pixels.data[1] - mapped.pixels.data[0], CHROMA);
  assert_equals_int (mapped.pixels.sizes[0], TOTAL);
  assert_equals_int (mapped.pixels.sizes[1], TOTAL - CHROMA);
  mapped.pixels.data[1][CHROMA_BYTES - 1] = 17;
  gst_dmabuf_mapped_frame_unmap (&mapped);
  assert_equals_int (mapped.n_memories, 0);

  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* The same under system caps: no other path, no other numbers. */
GST_START_TEST (test_dmabuf_of_system_caps)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo info = nv12_info (GST_DMABUF_DIALECT_SYSTEM);
  GstBuffer *buffer = make_nv12 (exporter);
  GstDmabufMappedFrame mapped;

  map (&mapped, buffer, &info, GST_MAP_READ);
  assert_equals_int (mapped.pixels.data[1] - mapped.pixels.data[0], CHROMA);
  gst_dmabuf_mapped_frame_unmap (&mapped);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* Plain memory, without a meta: the planes of the caps. */
GST_START_TEST (test_plain_memory)
{
  GstDmabufVideoInfo info = nv12_info (GST_DMABUF_DIALECT_SYSTEM);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, LUMA_BYTES + CHROMA_BYTES,
      NULL);
  GstDmabufMappedFrame mapped;

  map (&mapped, buffer, &info, GST_MAP_WRITE);
  assert_equals_int (mapped.n_memories, 1);
  assert_equals_int (mapped.pixels.data[1] - mapped.pixels.data[0], LUMA_BYTES);
  assert_equals_int (mapped.pixels.sizes[1], CHROMA_BYTES);
  gst_dmabuf_mapped_frame_unmap (&mapped);

  gst_buffer_resize (buffer, 0, LUMA_BYTES + CHROMA_BYTES - 1);
  expect_refusal (buffer, &info, GST_DMABUF_ERROR_INVALID, "4607");
  gst_buffer_unref (buffer);
}

GST_END_TEST;

/* Two memories, the second one part of a larger one, are mapped once each and
 * not merged. */
GST_START_TEST (test_two_plain_memories)
{
  GstDmabufVideoInfo info = nv12_info (GST_DMABUF_DIALECT_SYSTEM);
  GstMemory *large = gst_allocator_alloc (NULL, TOTAL, NULL);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, LUMA_BYTES, NULL);
  GstDmabufMappedFrame mapped;
  GstMapInfo whole;

  gst_buffer_append_memory (buffer, gst_memory_share (large, 256,
          CHROMA_BYTES));
  add_nv12_meta (buffer, LUMA_BYTES);
  map (&mapped, buffer, &info, GST_MAP_READ);
  assert_equals_int (mapped.n_memories, 2);
  assert_equals_int (mapped.pixels.sizes[0], LUMA_BYTES);
  assert_equals_int (mapped.pixels.sizes[1], CHROMA_BYTES);
  fail_unless (gst_memory_map (large, &whole, GST_MAP_READ));
  fail_unless (mapped.pixels.data[1] == whole.data + 256);
  gst_memory_unmap (large, &whole);
  gst_dmabuf_mapped_frame_unmap (&mapped);
  assert_equals_int (gst_buffer_n_memory (buffer), 2);

  gst_buffer_unref (buffer);
  gst_memory_unref (large);
}

GST_END_TEST;

GST_START_TEST (test_refusals)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo legacy = nv12_info (GST_DMABUF_DIALECT_LEGACY);
  GstDmabufVideoInfo plain = nv12_info (GST_DMABUF_DIALECT_SYSTEM);
  GstDmabufVideoInfo explicit = nv12_info (GST_DMABUF_DIALECT_EXPLICIT);
  GstBuffer *dmabuf = make_nv12 (exporter);
  GstBuffer *memory = gst_buffer_new_allocate (NULL, TOTAL, NULL);

  expect_refusal (dmabuf, &legacy, GST_DMABUF_ERROR_UNSUPPORTED, "implicit");
  expect_refusal (memory, &explicit, GST_DMABUF_ERROR_INVALID, "promise");
  add_nv12_meta (memory, TOTAL);
  expect_refusal (memory, &plain, GST_DMABUF_ERROR_INVALID,
      "beyond the 8192 bytes");
  gst_buffer_get_video_meta (memory)->offset[1] = CHROMA;
  gst_buffer_get_video_meta (memory)->stride[1] = -WIDTH;
  expect_refusal (memory, &plain, GST_DMABUF_ERROR_INVALID, "-64");
  gst_buffer_get_video_meta (memory)->stride[1] = 4 * WIDTH;
  expect_refusal (memory, &plain, GST_DMABUF_ERROR_INVALID, "stride 256");

  gst_buffer_unref (memory);
  gst_buffer_unref (dmabuf);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* Rows at another stride arrive, and the bytes between them stay. */
GST_START_TEST (test_copy_leaves_padding)
{
  enum { STRIDE = WIDTH + 24 };
  guint8 source[LUMA_BYTES + CHROMA_BYTES];
  guint8 target[STRIDE * HEIGHT * 3 / 2];
  GstDmabufPixels from = { GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12, 0), WIDTH,
    HEIGHT, 2, {source, source + LUMA_BYTES}, {WIDTH, WIDTH}, {LUMA_BYTES,
        CHROMA_BYTES}
  };
  GstDmabufPixels to = from;
  GError *error = NULL;
  guint x, y, i;

  to.data[0] = target;
  to.data[1] = target + STRIDE * HEIGHT;
  to.strides[0] = to.strides[1] = STRIDE;
  to.sizes[0] = STRIDE * HEIGHT;
  to.sizes[1] = STRIDE * HEIGHT / 2 - (STRIDE - WIDTH);
  for (i = 0; i < sizeof (source); i++)
    source[i] = (guint8) (i * 7 + i / 251);
  memset (target, 0xa5, sizeof (target));

  fail_unless (gst_dmabuf_pixels_copy (&to, &from, &error));
  for (y = 0; y < HEIGHT * 3 / 2; y++)
    for (x = 0; x < STRIDE; x++)
      assert_equals_int (target[y * STRIDE + x],
          x < WIDTH ? source[y * WIDTH + x] : 0xa5);

  /* One byte less, and nothing is touched. */
  memset (target, 0xa5, sizeof (target));
  to.sizes[1]--;
  fail_if (gst_dmabuf_pixels_copy (&to, &from, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  g_clear_error (&error);
  assert_equals_int (target[0], 0xa5);

  to.sizes[1]++;
  to.format.fourcc = DRM_FORMAT_NV21;
  fail_if (gst_dmabuf_pixels_copy (&to, &from, NULL));
  to.format = (GstDmabufFormat) GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12, 1);
  fail_if (gst_dmabuf_pixels_copy (&to, &from, NULL));
  assert_equals_int (target[0], 0xa5);
}

GST_END_TEST;

/* A meta that says the right format already is left alone. */
GST_START_TEST (test_relabel_without_work)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo from = nv12_info (GST_DMABUF_DIALECT_EXPLICIT);
  GstDmabufVideoInfo to = nv12_info (GST_DMABUF_DIALECT_SYSTEM);
  GstBuffer *buffer = make_nv12 (exporter), *relabelled;

  relabelled = gst_dmabuf_buffer_relabel (buffer, &from, &to, NULL);
  fail_unless (relabelled == buffer);
  gst_buffer_unref (relabelled);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* Another format in the meta: the same memory in a buffer of its own, which
 * keeps the old one and its metas. */
GST_START_TEST (test_relabel_keeps_the_pools_buffer)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo from = make_info (GST_DMABUF_DIALECT_EXPLICIT,
      DRM_FORMAT_ARGB8888, 0, WIDTH, HEIGHT);
  GstDmabufVideoInfo to = make_info (GST_DMABUF_DIALECT_SYSTEM,
      DRM_FORMAT_XRGB8888, 0, WIDTH, HEIGHT);
  GstBuffer *buffer = gst_buffer_new (), *relabelled;
  GstVideoMeta *meta;

  gst_buffer_append_memory (buffer, dmabuf_backend_alloc (exporter,
          4 * WIDTH * HEIGHT));
  gst_buffer_add_video_meta (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_BGRA, WIDTH, HEIGHT);
  gst_buffer_add_video_crop_meta (buffer)->width = 7;
  GST_BUFFER_PTS (buffer) = 5;

  relabelled = gst_dmabuf_buffer_relabel (buffer, &from, &to, NULL);
  fail_unless (relabelled != NULL && relabelled != buffer);
  meta = gst_buffer_get_video_meta (relabelled);
  assert_equals_int (meta->format, GST_VIDEO_FORMAT_BGRx);
  assert_equals_int (meta->stride[0], 4 * WIDTH);
  assert_equals_int (gst_buffer_get_n_meta (relabelled,
          GST_VIDEO_META_API_TYPE), 1);
  assert_equals_int (gst_buffer_get_video_crop_meta (relabelled)->width, 7);
  fail_unless (gst_buffer_peek_memory (relabelled, 0) ==
      gst_buffer_peek_memory (buffer, 0));
  assert_equals_int (GST_BUFFER_PTS (relabelled), 5);
  assert_equals_int (gst_buffer_get_video_meta (buffer)->format,
      GST_VIDEO_FORMAT_BGRA);
  ASSERT_MINI_OBJECT_REFCOUNT (buffer, "buffer", 2);

  gst_buffer_unref (relabelled);
  ASSERT_MINI_OBJECT_REFCOUNT (buffer, "buffer", 1);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

static Suite *
mapped_frame_suite (void)
{
  Suite *suite = suite_create ("mappedframe");
  TCase *tcase = tcase_create ("mapping");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_dmabuf_in_one_piece, 0, N_BACKENDS);
  tcase_add_test (tcase, test_dmabuf_of_system_caps);
  tcase_add_test (tcase, test_plain_memory);
  tcase_add_test (tcase, test_two_plain_memories);
  tcase_add_test (tcase, test_refusals);
  tcase_add_test (tcase, test_copy_leaves_padding);
  tcase_add_test (tcase, test_relabel_without_work);
  tcase_add_test (tcase, test_relabel_keeps_the_pools_buffer);
  return suite;
}

DMABUF_TEST_MAIN (mapped_frame_suite)
