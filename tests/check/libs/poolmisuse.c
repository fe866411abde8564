/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What users and exporters do to a pool that they had better not: memory that
 * is kept when its buffer goes back, configurations that are refused after one
 * that was not, allocations that fail while others wait.
 */
#include <gst/dmabuf/gstdmabuferror.h>
#include <gst/dmabuf/gstdmabufmemfdexporter.h>
#include <gst/dmabuf/gstdmabufpool.h>

#include <sys/resource.h>
#include <sys/syscall.h>

#include "dmabuftest.h"

#define SIZE "width=(int)322,height=(int)241,framerate=(fraction)30/1"
#define NV12 "video/x-raw,format=(string)NV12," SIZE
#define NOBODY "video/x-raw(memory:DMABuf),format=(string)DMA_DRM," \
    "drm-format=(string)ZZZZ," SIZE

/* Memory of the simulated exporter, but the second allocation waits until the
 * test says how it ends. */
typedef struct
{
  GstDmabufExporter parent_instance;

  GstDmabufExporter *memfd;
  gint n_allocations;
  GAsyncQueue *orders;
} FailingExporter;

typedef GstDmabufExporterClass FailingExporterClass;

GType failing_exporter_get_type (void);
G_DEFINE_TYPE (FailingExporter, failing_exporter, GST_TYPE_DMABUF_EXPORTER);

static gint
failing_exporter_alloc_fd (GstDmabufExporter * exporter, gsize size_bytes,
    GError ** error)
{
  FailingExporter *self = (FailingExporter *) exporter;

  if (g_atomic_int_add (&self->n_allocations, 1) == 1) {
    g_async_queue_pop (self->orders);
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "as the test wants");
    return -1;
  }
  return GST_DMABUF_EXPORTER_GET_CLASS (self->memfd)->alloc_fd (self->memfd,
      size_bytes, error);
}

static void
failing_exporter_finalize (GObject * object)
{
  FailingExporter *self = (FailingExporter *) object;

  g_async_queue_unref (self->orders);
  gst_object_unref (self->memfd);
  G_OBJECT_CLASS (failing_exporter_parent_class)->finalize (object);
}

static void
failing_exporter_init (FailingExporter * self)
{
  self->memfd = gst_dmabuf_memfd_exporter_new ();
  self->orders = g_async_queue_new ();
}

static void
failing_exporter_class_init (FailingExporterClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = failing_exporter_finalize;
  klass->alloc_fd = failing_exporter_alloc_fd;
}

static gboolean
configure (GstBufferPool * pool, const gchar * caps_text, guint size,
    guint min, guint max)
{
  GstStructure *config = gst_buffer_pool_get_config (pool);
  GstCaps *caps = gst_caps_from_string (caps_text);

  gst_buffer_pool_config_set_params (config, caps, size, min, max);
  gst_caps_unref (caps);
  return gst_buffer_pool_set_config (pool, config);
}

static GstBufferPool *
new_pool (guint size, guint max)
{
  GstDmabufExporter *exporter = gst_dmabuf_memfd_exporter_new ();
  GstBufferPool *pool = gst_dmabuf_pool_new (exporter);

  gst_object_unref (exporter);
  fail_unless (configure (pool, NV12, size, 0, max));
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  return pool;
}

static void
free_pool (GstBufferPool * pool)
{
  fail_unless (gst_buffer_pool_set_active (pool, FALSE));
  gst_object_unref (pool);
}

static GstBuffer *
acquire (GstBufferPool * pool)
{
  GstBuffer *buffer = NULL;

  fail_unless_equals_int (gst_buffer_pool_acquire_buffer (pool, &buffer, NULL),
      GST_FLOW_OK);
  return buffer;
}

/* A copy shares the memory: what the pool does to the buffer that comes back
 * must not change what the copy shows. From GStreamer 1.24 on a copy keeps the
 * buffer out of the pool, too. */
GST_START_TEST (test_copy_keeps_its_size)
{
  GstBufferPool *pool = new_pool (1, 2);
  GstBuffer *buffer = acquire (pool), *copy;

  gst_buffer_resize (buffer, 10, 100);
  copy = gst_buffer_copy_region (buffer, GST_BUFFER_COPY_MEMORY, 0, -1);
  fail_unless_equals_uint64 (gst_buffer_get_size (copy), 100);
  gst_buffer_unref (buffer);
  fail_unless_equals_uint64 (gst_buffer_get_size (copy), 100);
  fail_unless_equals_uint64 (gst_buffer_peek_memory (copy, 0)->offset, 10);

  buffer = acquire (pool);
  fail_unless (gst_buffer_peek_memory (buffer, 0) !=
      gst_buffer_peek_memory (copy, 0));
  gst_buffer_unref (copy);
  gst_buffer_unref (buffer);
  free_pool (pool);
}

GST_END_TEST;

/* A reference to the memory alone takes no lock of GStreamer's. */
GST_START_TEST (test_kept_memory_is_not_handed_out)
{
  GstBufferPool *pool = new_pool (1, 1);
  GstBuffer *buffer = acquire (pool);
  GstMemory *kept = gst_buffer_get_memory (buffer, 0);
  GstMapInfo map;

  fail_unless (gst_memory_map (kept, &map, GST_MAP_READ));
  gst_buffer_unref (buffer);
  buffer = acquire (pool);
  fail_unless (gst_buffer_peek_memory (buffer, 0) != kept);
  gst_buffer_memset (buffer, 0, 0xff, 16);
  fail_unless_equals_int (map.data[0], 0);
  gst_memory_unmap (kept, &map);
  gst_memory_unref (kept);

  /* The memory that nobody kept comes again. */
  kept = gst_buffer_peek_memory (buffer, 0);
  gst_buffer_unref (buffer);
  buffer = acquire (pool);
  fail_unless (gst_buffer_peek_memory (buffer, 0) == kept);
  gst_buffer_unref (buffer);
  free_pool (pool);
}

GST_END_TEST;

static const guint wanted_sizes[] = {
  1, 118000, 131073, 1 << 20,
};

/* Devices may demand more bytes than the picture takes. */
GST_START_TEST (test_wanted_size)
{
  GstBufferPool *pool = new_pool (wanted_sizes[__i__], 1);
  GstStructure *config = gst_buffer_pool_get_config (pool);
  GstBuffer *buffer = acquire (pool);
  GstDmabufLayout layout;
  guint size;

  fail_unless (gst_buffer_pool_config_get_params (config, NULL, &size, NULL,
          NULL));
  gst_structure_free (config);
  fail_unless (size >= wanted_sizes[__i__]);
  fail_unless_equals_uint64 (gst_buffer_get_size (buffer), size);
  /* The last byte that was asked for is there. */
  fail_unless_equals_int (gst_buffer_memset (buffer, size - 1, 1, 1), 1);

  /* The picture lies where it always does. */
  fail_unless (gst_dmabuf_pool_get_layout (GST_DMABUF_POOL (pool), &layout));
  fail_unless_equals_int (layout.planes[0].stride, 324);
  fail_unless_equals_uint64 (layout.planes[1].offset, 324 * 242);
  gst_buffer_unref (buffer);
  free_pool (pool);
}

GST_END_TEST;

/* Nobody gets buffers of a configuration that is no longer the last one. */
GST_START_TEST (test_refused_config_is_not_started)
{
  GstBufferPool *pool = new_pool (1, 1);
  GstDmabufLayout layout;

  fail_unless (gst_buffer_pool_set_active (pool, FALSE));
  fail_if (configure (pool, NOBODY, 1, 0, 1));
  fail_if (gst_dmabuf_pool_get_layout (GST_DMABUF_POOL (pool), &layout));
  fail_if (gst_buffer_pool_set_active (pool, TRUE));

  fail_unless (configure (pool, NV12, 1, 0, 1));
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  gst_buffer_unref (acquire (pool));
  free_pool (pool);
}

GST_END_TEST;

typedef struct
{
  GstBufferPool *pool;
  gint tid;                     /* atomic */
} Taker;

static gpointer
take (gpointer data)
{
  Taker *taker = data;
  GstBuffer *buffer = NULL;
  GstFlowReturn result;

  g_atomic_int_set (&taker->tid, syscall (SYS_gettid));
  result = gst_buffer_pool_acquire_buffer (taker->pool, &buffer, NULL);
  if (buffer)
    gst_buffer_unref (buffer);
  return GINT_TO_POINTER (result);
}

/* Until the thread sleeps in the kernel. */
static void
await_sleep (Taker * taker)
{
  gboolean asleep = FALSE;

  while (!asleep) {
    gint tid = g_atomic_int_get (&taker->tid);
    gchar *path = g_strdup_printf ("/proc/self/task/%d/stat", tid);
    gchar *text = NULL;

    if (tid != 0 && g_file_get_contents (path, &text, NULL, NULL))
      asleep = strstr (text, ") S ") != NULL;
    g_free (text);
    g_free (path);
    g_thread_yield ();
  }
}

/* One thread is allocating the last buffer that there may be, another waits for
 * it. The allocation fails: now the other one may try. */
GST_START_TEST (test_waiter_learns_of_failed_allocation)
{
  FailingExporter *exporter =
      g_object_ref_sink (g_object_new (failing_exporter_get_type (), "spec",
          "failing", "simulated", TRUE, NULL));
  GstBufferPool *pool = gst_dmabuf_pool_new (GST_DMABUF_EXPORTER (exporter));
  Taker takers[2] = { {pool, 0}, {pool, 0} };
  GThread *threads[2];
  GstBuffer *held;

  fail_unless (configure (pool, NV12, 1, 0, 2));
  fail_unless (gst_buffer_pool_set_active (pool, TRUE));
  held = acquire (pool);
  threads[0] = g_thread_new ("allocates", take, &takers[0]);
  while (g_atomic_int_get (&exporter->n_allocations) < 2)
    g_thread_yield ();
  threads[1] = g_thread_new ("waits", take, &takers[1]);
  await_sleep (&takers[1]);

  g_async_queue_push (exporter->orders, exporter);
  fail_unless_equals_int (GPOINTER_TO_INT (g_thread_join (threads[0])),
      GST_FLOW_ERROR);
  fail_unless_equals_int (GPOINTER_TO_INT (g_thread_join (threads[1])),
      GST_FLOW_OK);
  gst_buffer_unref (held);
  free_pool (pool);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* GstBufferPool needs descriptors of its own; without them there is no pool
 * rather than half a one. */
GST_START_TEST (test_no_descriptor)
{
  GstDmabufExporter *exporter = gst_dmabuf_memfd_exporter_new ();
  struct rlimit before, none;
  GstBufferPool *pool;

  fail_unless (getrlimit (RLIMIT_NOFILE, &before) == 0);
  none = before;
  none.rlim_cur = 0;
  fail_unless (setrlimit (RLIMIT_NOFILE, &none) == 0);
  pool = gst_dmabuf_pool_new (exporter);
  fail_unless (setrlimit (RLIMIT_NOFILE, &before) == 0);
  fail_unless (pool == NULL);

  pool = gst_dmabuf_pool_new (exporter);
  fail_unless (pool != NULL);
  gst_object_unref (pool);
  gst_object_unref (exporter);
}

GST_END_TEST;

static Suite *
poolmisuse_suite (void)
{
  Suite *s = suite_create ("poolmisuse");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_no_descriptor);
  tcase_add_test (tc, test_copy_keeps_its_size);
  tcase_add_test (tc, test_kept_memory_is_not_handed_out);
  tcase_add_loop_test (tc, test_wanted_size, 0, G_N_ELEMENTS (wanted_sizes));
  tcase_add_test (tc, test_refused_config_is_not_started);
  tcase_add_test (tc, test_waiter_learns_of_failed_allocation);
  return s;
}

DMABUF_TEST_MAIN (poolmisuse_suite)
