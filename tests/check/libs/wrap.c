/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Buffers from foreign fds: who closes what, when the release is told, and the
 * same memory for the same dma-buf.
 */
#define _GNU_SOURCE             /* F_DUPFD_CLOEXEC */
#include "dmabufbackend.h"

#include <drm_fourcc.h>
#include <fcntl.h>
#include <gst/allocators/gstdmabuf.h>
#include <gst/dmabuf/gstdmabufframe.h>
#include <sys/resource.h>

#define PAGE 4096
#define WIDTH 64
#define HEIGHT 48

static const GstDmabufLayout one_object = {
  {DRM_FORMAT_NV12, 0}, WIDTH, HEIGHT, 2,
  {{0, 0, WIDTH, 0}, {0, PAGE, WIDTH, 0}}, 1, {0}
};

static const GstDmabufLayout two_objects = {
  {DRM_FORMAT_NV12, 0}, WIDTH, HEIGHT, 2,
  {{0, 0, WIDTH, 0}, {1, 256, WIDTH, 0}}, 2, {0}
};

/* A fd as a foreign program would hand it over. */
static gint
make_fd (GstDmabufExporter * exporter, gsize size)
{
  GstMemory *memory = dmabuf_backend_alloc (exporter, size);
  gint fd = fcntl (gst_dmabuf_memory_get_fd (memory), F_DUPFD_CLOEXEC, 0);

  gst_memory_unref (memory);
  fail_unless (fd >= 0);
  return fd;
}

static gboolean
is_open (gint fd)
{
  return fcntl (fd, F_GETFD) >= 0;
}

static void
count (gpointer counter)
{
  g_atomic_int_inc ((gint *) counter);
}

static GstBuffer *
wrap (const GstDmabufLayout * layout, const gint * fds,
    GstDmabufWrapFlags flags, gint * counter, GstCaps ** caps)
{
  gint all[4] = { -1, -1, -1, -1 };
  GError *error = NULL;
  GstBuffer *buffer;

  memcpy (all, fds, layout->n_objects * sizeof (gint));
  buffer = gst_dmabuf_buffer_new_wrapped (layout, all, flags,
      counter ? count : NULL, counter, caps, &error);
  fail_unless (buffer != NULL, "%s", error ? error->message : "");
  return buffer;
}

GST_START_TEST (test_round_trip)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufVideoInfo info;
  GstDmabufFrame frame;
  GstBuffer *buffer;
  GstCaps *caps = NULL;
  gint fds[2];

  if (exporter == NULL)
    return;
  fds[0] = make_fd (exporter, PAGE);
  fds[1] = make_fd (exporter, 2 * PAGE);
  buffer = wrap (&two_objects, fds, GST_DMABUF_WRAP_TAKE_FDS, NULL, &caps);

  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
  assert_equals_int (info.dialect, GST_DMABUF_DIALECT_EXPLICIT);
  fail_unless (gst_dmabuf_frame_describe (&frame, buffer, &info, NULL));
  assert_equals_int (frame.layout.n_objects, 2);
  assert_equals_int (frame.layout.planes[1].object, 1);
  assert_equals_int (frame.layout.planes[1].offset, 256);
  assert_equals_uint64 (frame.layout.object_sizes[1], 2 * PAGE);

  gst_caps_unref (caps);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_caps)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  gint fd = make_fd (exporter, 2 * PAGE);
  GstDmabufLayout layout = one_object;
  GstDmabufVideoInfo info;
  GstBuffer *buffer;
  GstCaps *caps;

  layout.format.modifier = GST_DMABUF_MOD_INVALID;
  buffer = wrap (&layout, &fd, GST_DMABUF_WRAP_BORROW_FDS, NULL, &caps);
  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
  assert_equals_int (info.dialect, GST_DMABUF_DIALECT_LEGACY);
  gst_caps_unref (caps);
  gst_buffer_unref (buffer);

  layout.format.modifier = I915_FORMAT_MOD_Y_TILED;
  buffer = wrap (&layout, &fd, GST_DMABUF_WRAP_BORROW_FDS, NULL, &caps);
  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
  fail_unless (gst_dmabuf_format_equal (&info.format, &layout.format));
  gst_caps_unref (caps);
  gst_buffer_unref (buffer);

  close (fd);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_who_closes)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstBuffer *borrowed, *taken;
  gint fd, another;

  if (exporter == NULL)
    return;
  fd = make_fd (exporter, 2 * PAGE);
  another = fcntl (fd, F_DUPFD_CLOEXEC, 0);

  borrowed = wrap (&one_object, &fd, GST_DMABUF_WRAP_BORROW_FDS, NULL, NULL);
  fail_unless (is_open (fd));
  /* The dma-buf has a memory, so the second fd is not needed. */
  taken = wrap (&one_object, &another, GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL);
  fail_if (is_open (another));
  gst_buffer_unref (borrowed);
  gst_buffer_unref (taken);
  fail_unless (is_open (fd));

  /* Now it has none. */
  taken = wrap (&one_object, &fd, GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL);
  assert_equals_int (gst_dmabuf_memory_get_fd (gst_buffer_peek_memory (taken,
              0)), fd);
  gst_buffer_unref (taken);
  fail_if (is_open (fd));
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_cloexec_is_set)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  gint fd = make_fd (exporter, 2 * PAGE);
  GstBuffer *buffer;

  fail_unless (fcntl (fd, F_SETFD, 0) == 0);
  buffer = wrap (&one_object, &fd, GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL);
  fail_unless ((fcntl (fd, F_GETFD) & FD_CLOEXEC) != 0);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_same_memory)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstBuffer *one, *another, *other;
  gint fds[3];

  if (exporter == NULL)
    return;
  fds[0] = make_fd (exporter, 2 * PAGE);
  fds[1] = fcntl (fds[0], F_DUPFD_CLOEXEC, 0);
  fds[2] = make_fd (exporter, 2 * PAGE);
  one = wrap (&one_object, &fds[0], GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL);
  another = wrap (&one_object, &fds[1], GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL);
  other = wrap (&one_object, &fds[2], GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL);
  fail_unless (gst_buffer_peek_memory (one, 0)
      == gst_buffer_peek_memory (another, 0));
  fail_if (gst_buffer_peek_memory (one, 0)
      == gst_buffer_peek_memory (other, 0));
  gst_buffer_unref (one);
  gst_buffer_unref (another);
  gst_buffer_unref (other);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* Two objects that turn out to be one dma-buf, by two fds and by one. */
GST_START_TEST (test_objects_are_folded)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufLayout layout = two_objects;
  GstBuffer *buffer;
  gint fds[2];
  gint i;

  layout.planes[1].offset = PAGE;
  for (i = 0; i < 2; i++) {
    fds[0] = make_fd (exporter, 2 * PAGE);
    fds[1] = i == 0 ? fcntl (fds[0], F_DUPFD_CLOEXEC, 0) : fds[0];
    buffer = wrap (&layout, fds, GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL);
    assert_equals_int (gst_buffer_n_memory (buffer), 1);
    assert_equals_int (gst_buffer_get_video_meta (buffer)->offset[1], PAGE);
    gst_buffer_unref (buffer);
    fail_if (is_open (fds[0]));
    fail_if (is_open (fds[1]));
  }
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_release)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  gint fd = make_fd (exporter, 2 * PAGE);
  GstBuffer *buffer, *copy, *part, *again;
  gint released = 0, again_released = 0;

  buffer = wrap (&one_object, &fd, GST_DMABUF_WRAP_BORROW_FDS, &released, NULL);
  again = wrap (&one_object, &fd, GST_DMABUF_WRAP_BORROW_FDS, &again_released,
      NULL);
  copy = gst_buffer_copy (buffer);
  part = gst_buffer_copy_region (buffer, GST_BUFFER_COPY_ALL, 0, PAGE);
  gst_buffer_unref (buffer);
  assert_equals_int (released, 0);
  gst_buffer_unref (copy);
  assert_equals_int (released, 0);
  gst_buffer_unref (part);
  assert_equals_int (released, 1);
  assert_equals_int (again_released, 0);
  gst_buffer_unref (again);
  assert_equals_int (again_released, 1);
  assert_equals_int (released, 1);

  close (fd);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_content)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstBuffer *buffer, *copy;
  GstMapInfo map;
  gint fd;

  if (exporter == NULL)
    return;
  fd = make_fd (exporter, 2 * PAGE);
  buffer = wrap (&one_object, &fd, GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL);
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  memset (map.data, 0x5a, map.size);
  gst_buffer_unmap (buffer, &map);

  copy = gst_buffer_copy_deep (buffer);
  gst_buffer_unref (buffer);
  fail_unless (copy != NULL);
  fail_unless (gst_buffer_map (copy, &map, GST_MAP_READ));
  assert_equals_int (map.size, 2 * PAGE);
  assert_equals_int (map.data[2 * PAGE - 1], 0x5a);
  gst_buffer_unmap (copy, &map);
  gst_buffer_unref (copy);
  gst_object_unref (exporter);
}

GST_END_TEST;

typedef struct
{
  const gchar *name;
  GstDmabufError code;
  GstDmabufLayout layout;
} Refused;

#define NV12_OBJECTS(n_planes, object, offset, stride, n_objects) \
  {{DRM_FORMAT_NV12, 0}, WIDTH, HEIGHT, n_planes, \
    {{0, 0, WIDTH, 0}, {object, offset, stride, 0}}, n_objects, \
    {1 << 20, 1 << 20}}

static const Refused refused[] = {
  {"5 planes", GST_DMABUF_ERROR_INVALID, NV12_OBJECTS (5, 1, 0, WIDTH, 2)},
  {"5 objects", GST_DMABUF_ERROR_INVALID, NV12_OBJECTS (2, 1, 0, WIDTH, 5)},
  {"no objects", GST_DMABUF_ERROR_INVALID, NV12_OBJECTS (2, 1, 0, WIDTH, 0)},
  {"object index", GST_DMABUF_ERROR_INVALID, NV12_OBJECTS (2, 2, 0, WIDTH, 2)},
  {"beyond", GST_DMABUF_ERROR_INVALID, NV12_OBJECTS (2, 1, 2561, WIDTH, 2)},
  {"stride", GST_DMABUF_ERROR_INVALID, NV12_OBJECTS (2, 1, 0, 1 << 30, 2)},
  {"ZZZZ", GST_DMABUF_ERROR_UNSUPPORTED, {{0x5a5a5a5a, 0}, 8, 8, 1,
          {{0, 0, 32, 0}}, 1, {1 << 20}}},
  {"no size", GST_DMABUF_ERROR_INVALID, {{DRM_FORMAT_XRGB8888, 0}, 0, 0, 1,
          {{0, 0, 32, 0}}, 1, {1 << 20}}},
};

GST_START_TEST (test_refused)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  gint fds[4] = { make_fd (exporter, PAGE), make_fd (exporter, PAGE), -1, -1 };
  GstDmabufWrapFlags flags = GST_DMABUF_WRAP_TAKE_FDS;
  GstCaps *caps = NULL;
  GError *error = NULL;
  gint released = 0, i;

  for (i = 0; i < 2; i++) {
    fail_if (gst_dmabuf_buffer_new_wrapped (&refused[__i__].layout, fds, flags,
            count, &released, &caps, &error), "%s passed", refused[__i__].name);
    fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
            refused[__i__].code), "%s: %s", refused[__i__].name,
        error->message);
    fail_unless (is_open (fds[0]) && is_open (fds[1]));
    assert_equals_int (released, 0);
    fail_unless (caps == NULL);
    g_clear_error (&error);
    flags = GST_DMABUF_WRAP_BORROW_FDS;
  }
  close (fds[0]);
  close (fds[1]);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_bad_fds)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  gint good = make_fd (exporter, PAGE);
  gint pipe_fds[2], bad[5], file_fd;
  GError *error = NULL;
  gchar *name = NULL;
  guint i;

  file_fd = g_file_open_tmp ("wrap-XXXXXX", &name, NULL);
  fail_unless (ftruncate (file_fd, PAGE) == 0);
  unlink (name);
  g_free (name);
  fail_unless (pipe (pipe_fds) == 0);
  bad[0] = -1;
  bad[1] = 1 << 20;
  bad[2] = file_fd;
  bad[3] = pipe_fds[0];
  bad[4] = open ("/dev/zero", O_RDWR | O_CLOEXEC);

  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    gint fds[4] = { good, bad[i], -1, -1 };

    fail_if (gst_dmabuf_buffer_new_wrapped (&two_objects, fds,
            GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL, NULL, &error));
    fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
            GST_DMABUF_ERROR_INVALID), "%s", error->message);
    g_clear_error (&error);
    fail_unless (is_open (good));
  }
  close (bad[4]);
  close (pipe_fds[0]);
  close (pipe_fds[1]);
  close (file_fd);
  close (good);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_no_fd_left)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  gint fds[4] = { make_fd (exporter, PAGE), make_fd (exporter, PAGE), -1, -1 };
  struct rlimit before, tight;
  GError *error = NULL;
  GstBuffer *buffer;
  gint probe = fcntl (fds[0], F_DUPFD_CLOEXEC, 0);

  /* Room for one more descriptor, two are needed. */
  close (probe);
  fail_unless (getrlimit (RLIMIT_NOFILE, &before) == 0);
  tight = before;
  tight.rlim_cur = probe + 1;
  fail_unless (setrlimit (RLIMIT_NOFILE, &tight) == 0);
  fail_if (gst_dmabuf_buffer_new_wrapped (&two_objects, fds,
          GST_DMABUF_WRAP_BORROW_FDS, NULL, NULL, NULL, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_EXHAUSTED), "%s", error->message);
  fail_unless (strstr (error->message, "RLIMIT_NOFILE") != NULL);
  fail_if (is_open (probe));

  /* Taken fds need no new ones. */
  buffer = gst_dmabuf_buffer_new_wrapped (&two_objects, fds,
      GST_DMABUF_WRAP_TAKE_FDS, NULL, NULL, NULL, NULL);
  fail_unless (buffer != NULL);
  fail_unless (setrlimit (RLIMIT_NOFILE, &before) == 0);

  g_clear_error (&error);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

#define N_THREADS 4
#define N_ROUNDS 500

typedef struct
{
  gint fds[2];
  gint released;
} Race;

/* Wraps and drops two dma-bufs, so that threads meet at each moment of the
 * memories' lives: alive, on the way to finalisation, gone. */
static gpointer
wrap_and_drop (gpointer data)
{
  Race *race = data;
  guint i;

  for (i = 0; i < N_ROUNDS; i++) {
    gint fd = race->fds[i & 1];
    GstBuffer *buffer = wrap (&one_object, &fd, GST_DMABUF_WRAP_BORROW_FDS,
        &race->released, NULL);
    GstMemory *memory = gst_buffer_peek_memory (buffer, 0);
    GstBuffer *another = wrap (&one_object, &fd, GST_DMABUF_WRAP_BORROW_FDS,
        NULL, NULL);

    /* While we hold one, everybody gets the same. */
    fail_unless (gst_buffer_peek_memory (another, 0) == memory);
    gst_buffer_unref (another);
    gst_buffer_unref (buffer);
  }
  return NULL;
}

GST_START_TEST (test_threads)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  Race race = { {make_fd (exporter, 2 * PAGE), make_fd (exporter, 2 * PAGE)}
  };
  GThread *threads[N_THREADS];
  guint i;

  for (i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("wrap", wrap_and_drop, &race);
  for (i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  assert_equals_int (race.released, N_THREADS * N_ROUNDS);

  close (race.fds[0]);
  close (race.fds[1]);
  gst_object_unref (exporter);
}

GST_END_TEST;

static Suite *
wrap_suite (void)
{
  Suite *suite = suite_create ("wrap");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_round_trip, 0, N_BACKENDS);
  tcase_add_test (tcase, test_caps);
  tcase_add_loop_test (tcase, test_who_closes, 0, N_BACKENDS);
  tcase_add_test (tcase, test_cloexec_is_set);
  tcase_add_loop_test (tcase, test_same_memory, 0, N_BACKENDS);
  tcase_add_test (tcase, test_objects_are_folded);
  tcase_add_test (tcase, test_release);
  tcase_add_loop_test (tcase, test_content, 0, N_BACKENDS);
  tcase_add_loop_test (tcase, test_refused, 0, G_N_ELEMENTS (refused));
  tcase_add_test (tcase, test_bad_fds);
  tcase_add_test (tcase, test_no_fd_left);
  tcase_add_test (tcase, test_threads);
  return suite;
}

DMABUF_TEST_MAIN (wrap_suite)
