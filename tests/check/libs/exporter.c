/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Memory and frames of each exporter.
 */
#define _GNU_SOURCE             /* memfd_create, F_GET_SEALS */
#include <gst/dmabuf/gstdmabufdumbexporter.h>
#include <gst/dmabuf/gstdmabuferror.h>
#include <gst/dmabuf/gstdmabufidentity.h>

#include <drm_fourcc.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <xf86drm.h>

#include "exporterrows.h"

static void
check_zeros (GstMemory * memory)
{
  GstMapInfo map;
  gsize i;

  fail_unless (gst_memory_map (memory, &map, GST_MAP_READ));
  for (i = 0; i < map.size; i++)
    fail_unless (map.data[i] == 0);
  gst_memory_unmap (memory, &map);
}

GST_START_TEST (test_memory)
{
  const Row *row = &rows[__i__];
  gboolean simulated = row->node == NULL;
  GstDmabufExporter *exporter = open_row (row);
  GError *error = NULL;
  GstMemory *memory;
  gsize size;
  gint fd;

  if (exporter == NULL)
    return;
  fail_unless (g_str_has_prefix (gst_dmabuf_exporter_get_spec (exporter),
          row->found_spec));
  fail_unless_equals_int (gst_dmabuf_exporter_is_simulated (exporter),
      simulated);

  memory = gst_dmabuf_exporter_alloc (exporter, SIZE, &error);
  g_assert_no_error (error);
  fail_unless (gst_is_dmabuf_memory (memory));
  fail_unless (gst_memory_is_type (memory, GST_ALLOCATOR_DMABUF));
  fail_unless (memory->allocator == GST_ALLOCATOR (exporter));
  fail_unless_equals_uint64 (memory->size, SIZE);
  fail_unless_equals_uint64 (memory->offset, 0);

  fd = gst_dmabuf_memory_get_fd (memory);
  fail_unless (fcntl (fd, F_GETFD) & FD_CLOEXEC);
  fail_unless (gst_dmabuf_fd_get_size (fd, &size, &error));
  fail_unless_equals_uint64 (size, SIZE_IN_PAGES);
  fail_unless_equals_uint64 (memory->maxsize, size);
  fail_unless_equals_int (gst_dmabuf_fd_get_kind (fd),
      simulated ? GST_DMABUF_FD_MEMFD : GST_DMABUF_FD_DMABUF);
  check_zeros (memory);

  /* The memory keeps what it needs. */
  gst_object_unref (exporter);
  check_zeros (memory);
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_name)
{
  const Row *row = &rows[__i__];
  GstMemory *memory = alloc_row (row);
  gchar *path, *text = NULL, *expected;

  if (memory == NULL)
    return;
  path = g_strdup_printf ("/proc/self/fdinfo/%d",
      gst_dmabuf_memory_get_fd (memory));
  fail_unless (g_file_get_contents (path, &text, NULL, NULL));
  expected = g_strdup_printf ("name:\tgst %s", row->found_spec);
  fail_unless (strstr (text, expected), "%s is not in %s", expected, text);
  g_free (expected);
  g_free (text);
  g_free (path);
  gst_memory_unref (memory);
}

GST_END_TEST;

static GstDmabufFormatSet *
make_set (guint32 first, guint64 modifier, guint32 second)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (first, modifier);

  gst_dmabuf_format_set_builder_add (builder, &format);
  if (second) {
    format.fourcc = second;
    format.modifier = GST_DMABUF_MOD_LINEAR;
    gst_dmabuf_format_set_builder_add (builder, &format);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

static const guint32 fourccs[] = {
  DRM_FORMAT_XRGB8888, DRM_FORMAT_RGB565, DRM_FORMAT_RGB888, DRM_FORMAT_R8,
  DRM_FORMAT_NV12, DRM_FORMAT_NV24, DRM_FORMAT_YUV420, DRM_FORMAT_YUV422,
  DRM_FORMAT_YUV444, DRM_FORMAT_YUYV, DRM_FORMAT_P010,
  DRM_FORMAT_XBGR16161616, DRM_FORMAT_XBGR16161616F,
};

static const struct
{
  guint width, height;
} sizes[] = {
  {1, 1}, {64, 64}, {641, 479}, {1366, 3},
};

/* Writes to the last byte that the layout says there is. */
static void
check_frame (const GstDmabufLayout * layout, GstMemory * memories[4])
{
  GError *error = NULL;
  guint i;

  fail_unless (gst_dmabuf_layout_check (layout, &error));
  g_assert_no_error (error);
  for (i = 0; i < layout->n_objects; i++)
    fail_unless_equals_uint64 (layout->object_sizes[i], memories[i]->maxsize);
  for (i = 0; i < layout->n_planes; i++) {
    GstMemory *memory = memories[layout->planes[i].object];
    GstMapInfo map;

    fail_unless (gst_memory_map (memory, &map, GST_MAP_WRITE));
    fail_unless (layout->planes[i].offset + layout->planes[i].size <= map.size);
    map.data[layout->planes[i].offset + layout->planes[i].size - 1] = 1;
    gst_memory_unmap (memory, &map);
  }
}

GST_START_TEST (test_frames)
{
  GstDmabufExporter *exporter = open_row (&rows[__i__]);
  guint i, j, k;

  if (exporter == NULL)
    return;
  for (i = 0; i < G_N_ELEMENTS (fourccs); i++) {
    GstDmabufFormatSet *set = make_set (fourccs[i], GST_DMABUF_MOD_LINEAR, 0);

    for (j = 0; j < G_N_ELEMENTS (sizes); j++) {
      GstMemory *memories[4];
      GstDmabufLayout layout;
      GError *error = NULL;

      fail_unless (gst_dmabuf_exporter_alloc_frame (exporter, set,
              sizes[j].width, sizes[j].height, NULL, &layout, memories,
              &error), "%.4s %ux%u: %s", (const gchar *) &fourccs[i],
          sizes[j].width, sizes[j].height, error ? error->message : "");
      fail_unless (layout.format.fourcc == fourccs[i]);
      fail_unless_equals_int (layout.width, sizes[j].width);
      check_frame (&layout, memories);
      for (k = 0; k < layout.n_objects; k++)
        gst_memory_unref (memories[k]);
    }
    gst_dmabuf_format_set_unref (set);
  }
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_frame_choice)
{
  GstDmabufExporter *exporter = open_row (&rows[__i__]);
  GstMemory *memories[4] = { NULL, };
  GstDmabufFormatSet *set;
  GstDmabufLayout layout;
  GError *error = NULL;

  if (exporter == NULL)
    return;
  /* The best one is tiled: the next that can be made is taken. */
  set = make_set (DRM_FORMAT_NV12, DRM_FORMAT_MOD_VIVANTE_TILED,
      DRM_FORMAT_XRGB8888);
  fail_unless (gst_dmabuf_exporter_alloc_frame (exporter, set, 64, 64, NULL,
          &layout, memories, &error));
  fail_unless (layout.format.fourcc == DRM_FORMAT_XRGB8888);
  gst_memory_unref (memories[0]);
  gst_dmabuf_format_set_unref (set);

  /* Nothing possible: nothing written, and both sides are named. */
  memories[0] = (GstMemory *) exporter;
  set = make_set (DRM_FORMAT_NV12, GST_DMABUF_MOD_INVALID, 0);
  fail_if (gst_dmabuf_exporter_alloc_frame (exporter, set, 64, 64, NULL,
          &layout, memories, &error));
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED);
  fail_unless (strstr (error->message, "NV12") != NULL);
  fail_unless (memories[0] == (GstMemory *) exporter);
  g_clear_error (&error);
  gst_dmabuf_format_set_unref (set);

  set = make_set (DRM_FORMAT_NV12, GST_DMABUF_MOD_LINEAR, 0);
  fail_if (gst_dmabuf_exporter_alloc_frame (exporter, set, 0, 64, NULL,
          &layout, memories, &error));
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  gst_dmabuf_format_set_unref (set);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_constraints)
{
  GstDmabufExporter *exporter = open_row (&rows[__i__]);
  gboolean contiguous = strstr (rows[__i__].spec, "cma") != NULL;
  GstDmabufConstraints constraints;
  GstMemory *memories[4] = { NULL, };
  GstDmabufFormatSet *set;
  GstDmabufLayout layout;
  GError *error = NULL;

  if (exporter == NULL)
    return;
  set = make_set (DRM_FORMAT_NV12, GST_DMABUF_MOD_LINEAR, 0);
  gst_dmabuf_constraints_init (&constraints);
  constraints.stride_align = 256;
  constraints.height_align = 16;
  fail_unless (gst_dmabuf_exporter_alloc_frame (exporter, set, 100, 50,
          &constraints, &layout, memories, &error));
  fail_unless_equals_int (layout.planes[0].stride, 256);
  fail_unless_equals_uint64 (layout.planes[1].offset, 256 * 64);
  check_frame (&layout, memories);
  gst_memory_unref (memories[0]);

  constraints.flags = GST_DMABUF_CONSTRAINT_CONTIGUOUS;
  fail_unless_equals_int (gst_dmabuf_exporter_satisfies (exporter,
          &constraints, &error), contiguous);
  if (!contiguous) {
    g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED);
    g_clear_error (&error);
    fail_if (gst_dmabuf_exporter_alloc_frame (exporter, set, 100, 50,
            &constraints, &layout, memories, &error));
    g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED);
    g_clear_error (&error);
  }
  gst_dmabuf_format_set_unref (set);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* A pool that somebody leaks keeps its exporter for ever. (Those of dumb buffers
 * have their device.) */
GST_START_TEST (test_holds_no_descriptor)
{
  guint before = dmabuf_test_count_fds ();
  GstDmabufExporter *exporter = open_row (&rows[__i__]);
  GError *error = NULL;
  GstMemory *memory;

  if (exporter == NULL)
    return;
  if (strcmp (rows[__i__].spec, "dumb") != 0) {
    fail_unless_equals_int (dmabuf_test_count_fds (), before);
    memory = gst_dmabuf_exporter_alloc (exporter, SIZE, &error);
    g_assert_no_error (error);
    fail_unless_equals_int (dmabuf_test_count_fds (), before + 1);
    gst_memory_unref (memory);
    fail_unless_equals_int (dmabuf_test_count_fds (), before);
  }
  gst_object_unref (exporter);
}

GST_END_TEST;

/* Hardened systems (vm.memfd_noexec=2) refuse any other memfd. */
GST_START_TEST (test_memfd_is_no_program)
{
  GstMemory *memory = alloc_row (&rows[0]);
  gint probe_fd = memfd_create ("probe", MFD_CLOEXEC | 0x0008U);
  gint seals = fcntl (gst_dmabuf_memory_get_fd (memory), F_GET_SEALS);

  /* F_SEAL_EXEC, since Linux 6.3. */
  if (probe_fd >= 0) {
    fail_unless (seals & 0x0020);
    close (probe_fd);
  }
  fail_unless (seals & F_SEAL_SHRINK);
  gst_memory_unref (memory);
}

GST_END_TEST;

/* Whichever descriptor is the one too many: EXHAUSTED, and none is left open. */
GST_START_TEST (test_descriptors_limit)
{
  GstDmabufExporter *exporter = open_row (&rows[__i__]);
  struct rlimit old, tight;
  GstMemory *memory = NULL;
  GError *error = NULL;
  guint before, failures = 0;

  if (exporter == NULL)
    return;
  before = dmabuf_test_count_fds ();
  getrlimit (RLIMIT_NOFILE, &old);
  tight = old;
  for (tight.rlim_cur = 0; memory == NULL; tight.rlim_cur++) {
    setrlimit (RLIMIT_NOFILE, &tight);
    memory = gst_dmabuf_exporter_alloc (exporter, SIZE, &error);
    setrlimit (RLIMIT_NOFILE, &old);
    if (memory == NULL) {
      g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED);
      fail_unless (strstr (error->message, "RLIMIT_NOFILE") != NULL);
      g_clear_error (&error);
      failures++;
      fail_unless_equals_int (dmabuf_test_count_fds (), before);
    }
  }
  fail_unless (failures > 0);
  fail_unless_equals_int (dmabuf_test_count_fds (), before + 1);
  gst_memory_unref (memory);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_too_large)
{
  const Row *row = &rows[__i__];
  GstDmabufExporter *exporter = open_row (row);
  GError *error = NULL;

  if (exporter == NULL)
    return;
  fail_unless (gst_dmabuf_exporter_alloc (exporter, G_MAXSIZE - 1, &error)
      == NULL);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED);
  g_clear_error (&error);
  if (row->node) {
    fail_unless (gst_dmabuf_exporter_alloc (exporter,
            G_GUINT64_CONSTANT (1) << 42, &error) == NULL);
    g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED);
    g_clear_error (&error);
  }
  if (strcmp (row->spec, "udmabuf") == 0) {
    gchar *limit_mb = NULL;

    fail_unless (g_file_get_contents
        ("/sys/module/udmabuf/parameters/size_limit_mb", &limit_mb, NULL,
            NULL));
    fail_unless (gst_dmabuf_exporter_alloc (exporter,
            (g_ascii_strtoull (limit_mb, NULL, 10) << 20) + 1, &error)
        == NULL);
    g_free (limit_mb);
    g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED);
    fail_unless (strstr (error->message, "udmabuf.size_limit_mb=") != NULL);
  }
  g_clear_error (&error);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_heap_names)
{
  static const gchar *const bad[] = { "heap:", "heap:../null", "heap:a/b" };
  GError *error = NULL;

  fail_unless (gst_dmabuf_exporter_new_from_spec (bad[__i__], &error) == NULL);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  fail_unless (gst_dmabuf_exporter_new_from_spec ("heap:nobody", &error)
      == NULL);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED);
  fail_unless (strstr (error->message, "/dev/dma_heap/nobody") != NULL);
  g_clear_error (&error);
}

GST_END_TEST;

/* Who opens a display first becomes its master; the exporter must not stay it. */
GST_START_TEST (test_dumb_leaves_master)
{
  GstDmabufExporter *exporter, *for_fd;
  GError *error = NULL;
  GstMemory *memory;
  gint drm_fd;

  const gchar *spec;

  if (!dmabuf_test_have_device ("/dev/dri/card0"))
    return;
  exporter = gst_dmabuf_dumb_exporter_new (NULL, &error);
  g_assert_no_error (error);
  spec = gst_dmabuf_exporter_get_spec (exporter);
  drm_fd = open (spec + strlen ("dumb:"), O_RDWR | O_CLOEXEC);
  fail_unless (drmIsMaster (drm_fd));

  for_fd = gst_dmabuf_dumb_exporter_new_for_fd (drm_fd, &error);
  g_assert_no_error (error);
  fail_unless_equals_string (gst_dmabuf_exporter_get_spec (for_fd), spec);
  fail_unless (drmIsMaster (drm_fd));
  close (drm_fd);
  memory = gst_dmabuf_exporter_alloc (for_fd, SIZE, &error);
  g_assert_no_error (error);
  gst_memory_unref (memory);

  gst_object_unref (for_fd);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_dumb_errors)
{
  GError *error = NULL;
  gint fd = open ("/dev/null", O_RDWR | O_CLOEXEC);

  fail_unless (gst_dmabuf_dumb_exporter_new_for_fd (fd, &error) == NULL);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  close (fd);
  fail_unless (gst_dmabuf_dumb_exporter_new_for_fd (-1, &error) == NULL);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  fail_unless (gst_dmabuf_dumb_exporter_new ("/dev/dri/nobody", &error)
      == NULL);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED);
  g_clear_error (&error);
}

GST_END_TEST;

static Suite *
exporter_suite (void)
{
  Suite *s = suite_create ("exporter");
  TCase *tc = tcase_create ("general");
  gint n = G_N_ELEMENTS (rows);

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_memory, 0, n);
  tcase_add_loop_test (tc, test_name, 1, n);
  tcase_add_loop_test (tc, test_frames, 0, n);
  tcase_add_loop_test (tc, test_frame_choice, 0, n);
  tcase_add_loop_test (tc, test_constraints, 0, n);
  tcase_add_loop_test (tc, test_holds_no_descriptor, 0, n);
  tcase_add_test (tc, test_memfd_is_no_program);
  tcase_add_loop_test (tc, test_descriptors_limit, 0, n);
  tcase_add_loop_test (tc, test_too_large, 0, n);
  tcase_add_loop_test (tc, test_heap_names, 0, 3);
  tcase_add_test (tc, test_dumb_leaves_master);
  tcase_add_test (tc, test_dumb_errors);
  return s;
}

DMABUF_TEST_MAIN (exporter_suite)
