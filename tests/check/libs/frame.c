/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Frames: buffers of every shape. Buffers that contradict themselves are in
 * framecheck.c, wrapping foreign fds in wrap.c.
 */
#define _GNU_SOURCE             /* dup3 */
#include "nv12buffer.h"

#include <fcntl.h>

GST_START_TEST (test_one_dmabuf)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufVideoInfo info = nv12_info (GST_DMABUF_DIALECT_EXPLICIT);
  GstDmabufIdentity identity;
  GstDmabufFrame frame;
  GstBuffer *buffer;

  if (exporter == NULL)
    return;
  buffer = make_nv12 (exporter);
  describe (&frame, buffer, &info);

  fail_unless (frame.buffer == buffer);
  fail_unless (gst_dmabuf_format_equal (&frame.layout.format, &info.format));
  assert_equals_int (frame.layout.width, WIDTH);
  assert_equals_int (frame.layout.height, HEIGHT);
  assert_equals_int (frame.layout.n_planes, 2);
  assert_equals_int (frame.layout.planes[0].offset, 0);
  assert_equals_int (frame.layout.planes[1].offset, CHROMA);
  assert_equals_int (frame.layout.planes[1].stride, WIDTH);
  assert_equals_int (frame.layout.planes[1].size, WIDTH * HEIGHT / 2);
  assert_equals_int (frame.layout.n_objects, 1);
  assert_equals_uint64 (frame.layout.object_sizes[0], TOTAL);
  fail_unless (frame.memories[0] == gst_buffer_peek_memory (buffer, 0));
  assert_equals_int (frame.fds[0],
      gst_dmabuf_memory_get_fd (frame.memories[0]));
  assert_equals_int (frame.fds[1], -1);
  fail_unless (gst_dmabuf_identity_from_fd (frame.fds[0], &identity, NULL));
  fail_unless (gst_dmabuf_identity_equal (&identity, &frame.identities[0]));
  assert_equals_int (frame.dialect, GST_DMABUF_DIALECT_EXPLICIT);
  assert_equals_int (frame.simulated, __i__ == BACKEND_MEMFD);
  fail_if (frame.has_crop);
  assert_equals_int (frame.crop.w, WIDTH);
  assert_equals_int (frame.crop.h, HEIGHT);
  fail_unless (gst_video_colorimetry_is_equal (&frame.colorimetry,
          &GST_VIDEO_INFO_COLORIMETRY (&info.vinfo)));

  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* The same picture, put together in different ways. */
typedef GstBuffer *(*MakeShape) (GstDmabufExporter * exporter);

static GstMemory *
dup_memory (GstMemory * memory)
{
  static GstAllocator *allocator;
  GstMemory *dup;
  gint fd = fcntl (gst_dmabuf_memory_get_fd (memory), F_DUPFD_CLOEXEC, 0);

  fail_unless (fd >= 0);
  allocator = gst_dmabuf_allocator_new ();
  dup = gst_dmabuf_allocator_alloc (allocator, fd, TOTAL);
  gst_object_unref (allocator);
  return dup;
}

static GstBuffer *
make_dmabuf_per_plane (GstDmabufExporter * exporter)
{
  GstBuffer *buffer = gst_buffer_new ();

  gst_buffer_append_memory (buffer, dmabuf_backend_alloc (exporter, PAGE));
  gst_buffer_append_memory (buffer, dmabuf_backend_alloc (exporter, PAGE));
  add_nv12_meta (buffer, PAGE);
  return buffer;
}

/* Two GstMemory with different fd numbers, each covering the whole dma-buf. */
static GstBuffer *
make_two_memories_of_one (GstDmabufExporter * exporter)
{
  GstBuffer *buffer = gst_buffer_new ();
  GstMemory *memory = dmabuf_backend_alloc (exporter, TOTAL);

  gst_buffer_append_memory (buffer, memory);
  gst_buffer_append_memory (buffer, dup_memory (memory));
  add_nv12_meta (buffer, TOTAL + CHROMA);
  return buffer;
}

static GstBuffer *
make_shared_parts (GstDmabufExporter * exporter)
{
  GstBuffer *buffer = gst_buffer_new ();
  GstMemory *memory = dmabuf_backend_alloc (exporter, TOTAL);

  gst_buffer_append_memory (buffer, gst_memory_share (memory, 0, 3072));
  gst_buffer_append_memory (buffer, gst_memory_share (memory, CHROMA, 1536));
  gst_memory_unref (memory);
  add_nv12_meta (buffer, 3072);
  return buffer;
}

static GstBuffer *
make_part_of_part (GstDmabufExporter * exporter)
{
  GstBuffer *buffer = gst_buffer_new ();
  GstMemory *memory = dmabuf_backend_alloc (exporter, 2 * TOTAL);
  GstMemory *part = gst_memory_share (memory, PAGE, 2 * TOTAL - PAGE);

  gst_buffer_append_memory (buffer, gst_memory_share (part, PAGE, TOTAL));
  gst_memory_unref (part);
  gst_memory_unref (memory);
  add_nv12_meta (buffer, CHROMA);
  return buffer;
}

static GstBuffer *
make_resized_memory (GstDmabufExporter * exporter)
{
  GstBuffer *buffer = gst_buffer_new ();
  GstMemory *memory = dmabuf_backend_alloc (exporter, 2 * TOTAL);

  gst_memory_resize (memory, 256, TOTAL);
  gst_buffer_append_memory (buffer, memory);
  add_nv12_meta (buffer, CHROMA);
  return buffer;
}

/* V4L2 drivers say how many bytes they used, which may be less than the plane
 * spans; the dma-buf has them nevertheless. */
static GstBuffer *
make_short_memory (GstDmabufExporter * exporter)
{
  GstBuffer *buffer = gst_buffer_new ();
  GstMemory *memory = dmabuf_backend_alloc (exporter, TOTAL);

  gst_memory_resize (memory, 0, CHROMA + 1);
  gst_buffer_append_memory (buffer, memory);
  add_nv12_meta (buffer, CHROMA);
  return buffer;
}

static const struct
{
  const gchar *name;
  MakeShape make;
  guint n_objects, chroma_object;
  gsize luma_offset, chroma_offset, object_size;
} shapes[] = {
  {"one", make_nv12, 1, 0, 0, CHROMA, TOTAL},
  {"dma-buf per plane", make_dmabuf_per_plane, 2, 1, 0, 0, PAGE},
  {"two memories of one", make_two_memories_of_one, 1, 0, 0, CHROMA, TOTAL},
  {"shared parts", make_shared_parts, 1, 0, 0, CHROMA, TOTAL},
  {"part of a part", make_part_of_part, 1, 0, TOTAL, TOTAL + CHROMA,
      2 * TOTAL},
  {"resized memory", make_resized_memory, 1, 0, 256, 256 + CHROMA, 2 * TOTAL},
  {"short memory", make_short_memory, 1, 0, 0, CHROMA, TOTAL},
};

GST_START_TEST (test_shapes)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufVideoInfo info = nv12_info (GST_DMABUF_DIALECT_SYSTEM);
  guint i;

  for (i = 0; exporter != NULL && i < G_N_ELEMENTS (shapes); i++) {
    GstBuffer *buffer = shapes[i].make (exporter);
    GstDmabufFrame frame;

    GST_INFO ("shape: %s", shapes[i].name);
    describe (&frame, buffer, &info);
    assert_equals_int (frame.layout.n_objects, shapes[i].n_objects);
    assert_equals_int (frame.layout.planes[0].object, 0);
    assert_equals_int (frame.layout.planes[1].object, shapes[i].chroma_object);
    assert_equals_uint64 (frame.layout.planes[0].offset, shapes[i].luma_offset);
    assert_equals_uint64 (frame.layout.planes[1].offset,
        shapes[i].chroma_offset);
    assert_equals_uint64 (frame.layout.object_sizes[0], shapes[i].object_size);
    gst_buffer_unref (buffer);
  }
  g_clear_object (&exporter);
}

GST_END_TEST;

GST_START_TEST (test_without_meta)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo system = nv12_info (GST_DMABUF_DIALECT_SYSTEM);
  GstDmabufVideoInfo explicit = nv12_info (GST_DMABUF_DIALECT_EXPLICIT);
  GstDmabufVideoInfo legacy = nv12_info (GST_DMABUF_DIALECT_LEGACY);
  GstDmabufVideoInfo vendor = make_info (GST_DMABUF_DIALECT_EXPLICIT,
      DRM_FORMAT_NV12, I915_FORMAT_MOD_Y_TILED, WIDTH, HEIGHT);
  GstBuffer *buffer = gst_buffer_new ();
  GstDmabufFrame frame;
  GError *error = NULL;

  gst_buffer_append_memory (buffer, dmabuf_backend_alloc (exporter, TOTAL));
  describe (&frame, buffer, &system);
  assert_equals_int (frame.layout.planes[1].offset, WIDTH * HEIGHT);
  describe (&frame, buffer, &explicit);
  assert_equals_int (frame.layout.planes[1].offset, WIDTH * HEIGHT);

  fail_if (gst_dmabuf_frame_describe (&frame, buffer, &legacy, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  g_clear_error (&error);
  fail_if (gst_dmabuf_frame_describe (&frame, buffer, &vendor, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  g_clear_error (&error);

  add_nv12_meta (buffer, CHROMA);
  describe (&frame, buffer, &legacy);
  fail_unless (gst_dmabuf_format_is_implicit (&frame.layout.format));
  assert_equals_int (frame.layout.planes[1].size, 0);

  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* More planes than the fourcc has, as compression adds them. */
GST_START_TEST (test_vendor_planes)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo info = make_info (GST_DMABUF_DIALECT_EXPLICIT,
      DRM_FORMAT_XRGB8888, I915_FORMAT_MOD_Y_TILED_GEN12_RC_CCS_CC, 32, 32);
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 0, PAGE, 2 * PAGE };
  gint strides[GST_VIDEO_MAX_PLANES] = { 128, 64, 0 };
  GstBuffer *buffer = gst_buffer_new ();
  GstDmabufFrame frame;

  gst_buffer_append_memory (buffer, dmabuf_backend_alloc (exporter, 3 * PAGE));
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      gst_dmabuf_video_info_get_meta_format (&info), 32, 32, 3, offsets,
      strides);
  describe (&frame, buffer, &info);
  assert_equals_int (frame.layout.n_planes, 3);
  assert_equals_int (frame.layout.planes[2].stride, 0);

  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* NV12_4L4: tiles of 4x4 bytes in luma, 2x4 pairs in chroma. GStreamer counts
 * tiles in strides, importers are told bytes. */
GST_START_TEST (test_tiles)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo info = make_info (GST_DMABUF_DIALECT_SYSTEM,
      DRM_FORMAT_NV12, DRM_FORMAT_MOD_VIVANTE_TILED, WIDTH, HEIGHT);
  GstBuffer *buffer = gst_buffer_new ();
  GstDmabufFrame frame, again;
  GstVideoMeta *meta;

  fail_unless (GST_VIDEO_FORMAT_INFO_IS_TILED (info.vinfo.finfo));
  gst_buffer_append_memory (buffer, dmabuf_backend_alloc (exporter, TOTAL));
  describe (&frame, buffer, &info);
  assert_equals_int (frame.layout.n_planes, 2);
  /* A row of pixels runs through 16 tiles, with 4 bytes in each. */
  assert_equals_int (frame.layout.planes[0].stride, 16 * 4);
  assert_equals_int (frame.layout.planes[1].stride, 16 * 4);
  assert_equals_int (frame.layout.planes[0].size, WIDTH * HEIGHT);
  assert_equals_int (frame.layout.planes[1].offset, WIDTH * HEIGHT);

  /* And back. */
  meta = gst_dmabuf_buffer_add_video_meta (buffer, &frame.layout, &info);
  fail_unless (meta != NULL);
  assert_equals_int (meta->format, GST_VIDEO_INFO_FORMAT (&info.vinfo));
  assert_equals_int (meta->stride[0], info.vinfo.stride[0]);
  assert_equals_int (meta->stride[1], info.vinfo.stride[1]);
  describe (&again, buffer, &info);
  fail_unless (gst_dmabuf_layout_equal (&frame.layout, &again.layout));

  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_alpha_twin)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo opaque = make_info (GST_DMABUF_DIALECT_SYSTEM,
      DRM_FORMAT_XRGB8888, 0, 16, 16);
  GstDmabufVideoInfo swapped = make_info (GST_DMABUF_DIALECT_SYSTEM,
      DRM_FORMAT_XBGR8888, 0, 16, 16);
  GstBuffer *buffer = gst_buffer_new ();
  GstDmabufFrame frame;
  GError *error = NULL;

  gst_buffer_append_memory (buffer, dmabuf_backend_alloc (exporter, PAGE));
  gst_buffer_add_video_meta (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_BGRA, 16, 16);
  describe (&frame, buffer, &opaque);
  assert_equals_int (frame.layout.format.fourcc, DRM_FORMAT_XRGB8888);
  fail_if (gst_dmabuf_frame_describe (&frame, buffer, &swapped, &error));
  fail_unless (strstr (error->message, "BGRA") != NULL);
  g_clear_error (&error);

  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_crop)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo info = make_info (GST_DMABUF_DIALECT_SYSTEM,
      DRM_FORMAT_NV12, 0, 60, 44);
  GstBuffer *buffer = make_nv12 (exporter);
  GstVideoCropMeta *crop = gst_buffer_add_video_crop_meta (buffer);
  GstDmabufFrame frame;

  crop->x = 2;
  crop->y = 4;
  crop->width = 60;
  crop->height = 44;
  describe (&frame, buffer, &info);
  fail_unless (frame.has_crop);
  assert_equals_int (frame.layout.width, WIDTH);
  assert_equals_int (frame.layout.height, HEIGHT);
  assert_equals_int (frame.crop.x, 2);
  assert_equals_int (frame.crop.y, 4);
  assert_equals_int (frame.crop.w, 60);
  assert_equals_int (frame.crop.h, 44);

  crop->x = 10;
  crop->height = G_MAXUINT;
  describe (&frame, buffer, &info);
  assert_equals_int (frame.crop.w, 54);
  assert_equals_int (frame.crop.h, 44);

  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

static void
check_memory_is_refused (GstMemory * memory, GstDmabufDialect dialect,
    GstDmabufError code, const gchar * says)
{
  GstDmabufVideoInfo info = nv12_info (dialect);
  GstBuffer *buffer = gst_buffer_new ();
  GstDmabufFrame frame;
  GError *error = NULL;

  gst_buffer_append_memory (buffer, memory);
  add_nv12_meta (buffer, CHROMA);
  fail_if (gst_dmabuf_frame_describe (&frame, buffer, &info, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR, code), "%s",
      error->message);
  fail_unless (strstr (error->message, says) != NULL, "%s", error->message);
  g_clear_error (&error);
  gst_buffer_unref (buffer);
}

static GstMemory *
wrap_as_dmabuf (gint fd)
{
  GstAllocator *allocator = gst_dmabuf_allocator_new ();
  GstMemory *memory = gst_dmabuf_allocator_alloc (allocator, fd, TOTAL);

  gst_object_unref (allocator);
  return memory;
}

GST_START_TEST (test_memory_that_is_no_dmabuf)
{
  gchar *name = NULL;
  gint fd;

  check_memory_is_refused (gst_allocator_alloc (NULL, TOTAL, NULL),
      GST_DMABUF_DIALECT_SYSTEM, GST_DMABUF_ERROR_UNSUPPORTED, "SystemMemory");
  check_memory_is_refused (gst_allocator_alloc (NULL, TOTAL, NULL),
      GST_DMABUF_DIALECT_LEGACY, GST_DMABUF_ERROR_INVALID, "promise");
  check_memory_is_refused (gst_allocator_alloc (NULL, TOTAL, NULL),
      GST_DMABUF_DIALECT_EXPLICIT, GST_DMABUF_ERROR_INVALID, "promise");

  /* A plain file, in what claims to be dma-buf memory. */
  fd = g_file_open_tmp ("frame-XXXXXX", &name, NULL);
  fail_unless (fd >= 0 && ftruncate (fd, TOTAL) == 0);
  unlink (name);
  g_free (name);
  check_memory_is_refused (wrap_as_dmabuf (fd), GST_DMABUF_DIALECT_EXPLICIT,
      GST_DMABUF_ERROR_INVALID, "neither a dma-buf");

  fd = open ("/dev/zero", O_RDWR | O_CLOEXEC);
  check_memory_is_refused (wrap_as_dmabuf (fd), GST_DMABUF_DIALECT_SYSTEM,
      GST_DMABUF_ERROR_INVALID, "neither a dma-buf");
}

GST_END_TEST;

/* What the kernel said is kept: it is not asked again even if the descriptor
 * means something else meanwhile. */
GST_START_TEST (test_kernel_is_asked_once)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufVideoInfo info = nv12_info (GST_DMABUF_DIALECT_EXPLICIT);
  GstDmabufFrame before, after;
  GstBuffer *buffer;
  gint null_fd;

  if (exporter == NULL)
    return;
  buffer = make_nv12 (exporter);
  describe (&before, buffer, &info);

  null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  fail_unless (dup3 (null_fd, before.fds[0], O_CLOEXEC) >= 0);
  close (null_fd);
  describe (&after, buffer, &info);
  fail_unless (gst_dmabuf_identity_equal (&before.identities[0],
          &after.identities[0]));
  fail_unless (gst_dmabuf_layout_equal (&before.layout, &after.layout));

  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_sample)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufVideoInfo info = nv12_info (GST_DMABUF_DIALECT_EXPLICIT), said;
  GstBuffer *buffer = make_nv12 (exporter);
  GstCaps *caps = gst_dmabuf_video_info_to_caps (&info);
  GstSample *sample = gst_sample_new (buffer, caps, NULL, NULL);
  GstSample *empty = gst_sample_new (NULL, caps, NULL, NULL);
  GstDmabufFrame frame;
  GError *error = NULL;

  fail_unless (gst_dmabuf_frame_describe_sample (&frame, sample, &said, NULL));
  assert_equals_int (said.dialect, GST_DMABUF_DIALECT_EXPLICIT);
  assert_equals_int (frame.layout.planes[1].offset, CHROMA);
  fail_unless (gst_dmabuf_frame_describe_sample (&frame, sample, NULL, NULL));
  fail_if (gst_dmabuf_frame_describe_sample (&frame, empty, NULL, &error));
  fail_unless (strstr (error->message, "no buffer") != NULL);

  g_clear_error (&error);
  gst_sample_unref (empty);
  gst_sample_unref (sample);
  gst_caps_unref (caps);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_identify)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufIdentity identity, of_part;
  GstMemory *memory, *part, *plain;
  GstDmabufFdKind kind;
  GError *error = NULL;
  gsize size;

  if (exporter == NULL)
    return;
  memory = dmabuf_backend_alloc (exporter, TOTAL);
  part = gst_memory_share (memory, PAGE, PAGE);
  plain = gst_allocator_alloc (NULL, 16, NULL);

  fail_unless (gst_dmabuf_memory_identify (part, &of_part, NULL, NULL, NULL));
  fail_unless (gst_dmabuf_memory_identify (memory, &identity, &size, &kind,
          NULL));
  fail_unless (gst_dmabuf_identity_equal (&identity, &of_part));
  assert_equals_uint64 (size, TOTAL);
  assert_equals_int (kind, __i__ == BACKEND_MEMFD ? GST_DMABUF_FD_MEMFD :
      GST_DMABUF_FD_DMABUF);
  fail_if (gst_dmabuf_memory_identify (plain, NULL, NULL, NULL, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_UNSUPPORTED));

  g_clear_error (&error);
  gst_memory_unref (plain);
  gst_memory_unref (part);
  gst_memory_unref (memory);
  gst_object_unref (exporter);
}

GST_END_TEST;

static Suite *
frame_suite (void)
{
  Suite *suite = suite_create ("frame");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_one_dmabuf, 0, N_BACKENDS);
  tcase_add_loop_test (tcase, test_shapes, 0, N_BACKENDS);
  tcase_add_test (tcase, test_without_meta);
  tcase_add_test (tcase, test_vendor_planes);
  tcase_add_test (tcase, test_tiles);
  tcase_add_test (tcase, test_alpha_twin);
  tcase_add_test (tcase, test_crop);
  tcase_add_test (tcase, test_memory_that_is_no_dmabuf);
  tcase_add_loop_test (tcase, test_kernel_is_asked_once, 0, N_BACKENDS);
  tcase_add_test (tcase, test_sample);
  tcase_add_loop_test (tcase, test_identify, 0, N_BACKENDS);
  return suite;
}

DMABUF_TEST_MAIN (frame_suite)
