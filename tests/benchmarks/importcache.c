/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * B11: what it costs to recognise a frame. 16 dma-bufs come round and round,
 * each time in a new GstMemory, or in the same. Three ways, in turns within one
 * run: our import cache; the peer, a handle kept as qdata of the GstMemory, as
 * display sinks do; the limit, one fstat and one hash probe a frame (or the
 * probe alone, if the memory stays).
 *
 * An import is a stub that counts the ioctls of a KMS import of one dma-buf:
 * PRIME_FD_TO_HANDLE, ADDFB2, GEM_CLOSE, and RMFB when it is freed. Prints
 * ratios and counts; times are of this machine only.
 */
#include <drm_fourcc.h>
#include <gst/allocators/gstdmabuf.h>
#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <gst/dmabuf/gstdmabufimportcache.h>
#include <stdlib.h>

#define N_DMABUFS 16
#define MAX_ENTRIES 32
#define N_FRAMES 16000
#define N_ROUNDS 31
#define FRAME_SIZE 4096

typedef struct
{
  GstDmabufVideoInfo info;
  GstAllocator *allocator;
  GstMemory *owners[N_DMABUFS];
  GstBuffer *buffers[N_DMABUFS];
  gboolean same_memory;

  GstDmabufImportCache *cache;
  GHashTable *probe;            /* identity -> handle */
} Bench;

static guint64 n_ioctls;
static guint64 n_mallocs;

#ifdef __GLIBC__
extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);

/* The libraries call these instead of libc's. */
__attribute__((visibility ("default")))
     void *
     malloc (size_t size);
__attribute__((visibility ("default")))
     void *
     calloc (size_t n, size_t size);

     void *
     malloc (size_t size)
{
  n_mallocs++;
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  n_mallocs++;
  return __libc_calloc (n, size);
}
#endif

static gpointer
import_stub (void)
{
  n_ioctls += 3;
  return GINT_TO_POINTER (1);
}

static void
import_free_stub (gpointer handle, gpointer user_data)
{
  n_ioctls++;
}

static void
qdata_free_stub (gpointer handle)
{
  n_ioctls++;
}

static guint
hash_identity (gconstpointer identity)
{
  return gst_dmabuf_identity_hash (identity);
}

static gboolean
equal_identities (gconstpointer a, gconstpointer b)
{
  return gst_dmabuf_identity_equal (a, b);
}

static GstBuffer *
next_buffer (Bench * bench, guint frame)
{
  guint i = frame % N_DMABUFS;
  GstBuffer *buffer;

  if (bench->same_memory)
    return gst_buffer_ref (bench->buffers[i]);
  buffer = gst_buffer_new ();
  gst_buffer_append_memory (buffer,
      gst_dmabuf_allocator_alloc_with_flags (bench->allocator,
          gst_dmabuf_memory_get_fd (bench->owners[i]), FRAME_SIZE,
          GST_FD_MEMORY_FLAG_DONT_CLOSE));
  return buffer;
}

static void
recognise_with_cache (Bench * bench, GstBuffer * buffer)
{
  GstDmabufImport *import;
  GstDmabufFrame frame;

  if (!gst_dmabuf_frame_describe (&frame, buffer, &bench->info, NULL))
    g_error ("a frame was refused");
  import = gst_dmabuf_import_cache_lookup (bench->cache, &frame, NULL, NULL);
  if (import == NULL)
    import = gst_dmabuf_import_cache_insert (bench->cache, &frame,
        import_stub ());
  gst_dmabuf_import_unref (import);
}

static void
recognise_with_qdata (Bench * bench, GstBuffer * buffer)
{
  GQuark quark = g_quark_from_static_string ("bench-handle");
  GstMiniObject *memory =
      GST_MINI_OBJECT_CAST (gst_buffer_peek_memory (buffer, 0));

  if (gst_mini_object_get_qdata (memory, quark) == NULL)
    gst_mini_object_set_qdata (memory, quark, import_stub (), qdata_free_stub);
}

static void
recognise_at_the_limit (Bench * bench, GstBuffer * buffer)
{
  static GstDmabufIdentity identity;
  GstMemory *memory = gst_buffer_peek_memory (buffer, 0);

  if ((!bench->same_memory || identity.inode == 0)
      && !gst_dmabuf_identity_from_fd (gst_dmabuf_memory_get_fd (memory),
          &identity, NULL))
    g_error ("fstat failed");
  if (g_hash_table_lookup (bench->probe, &identity) == NULL)
    g_hash_table_insert (bench->probe, g_memdup2 (&identity, sizeof identity),
        GINT_TO_POINTER (1));
}

typedef void (*Recognise) (Bench * bench, GstBuffer * buffer);

typedef struct
{
  const gchar *name;
  Recognise recognise;
  gdouble times[N_ROUNDS];      /* ns a frame */
  guint64 ioctls, mallocs;
} Way;

/* Making and freeing the buffers is outside of the clock, but the death of the
 * memories is what a cache has to live with, so it happens in each round. */
static void
run_round (Bench * bench, Way * way, guint round)
{
  guint64 ioctls = n_ioctls, mallocs = 0, before;
  gint64 spent = 0, start;
  GstBuffer *batch[N_DMABUFS];
  guint frame, i;

  for (frame = 0; frame < N_FRAMES; frame += N_DMABUFS) {
    for (i = 0; i < N_DMABUFS; i++)
      batch[i] = next_buffer (bench, i);
    before = n_mallocs;
    start = g_get_monotonic_time ();
    for (i = 0; i < N_DMABUFS; i++)
      way->recognise (bench, batch[i]);
    spent += g_get_monotonic_time () - start;
    mallocs += n_mallocs - before;
    for (i = 0; i < N_DMABUFS; i++)
      gst_buffer_unref (batch[i]);
  }
  way->times[round] = spent * 1000.0 / N_FRAMES;
  way->ioctls = n_ioctls - ioctls;
  way->mallocs = mallocs;
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return (x > y) - (x < y);
}

static void
report (const gchar * title, Way * ways, guint n)
{
  guint i;

  g_print ("%s\n%-14s %9s %9s %13s %13s\n", title, "", "min ns", "median",
      "ioctls/frame", "mallocs/frame");
  for (i = 0; i < n; i++) {
    qsort (ways[i].times, N_ROUNDS, sizeof (gdouble), compare_times);
    g_print ("%-14s %9.0f %9.0f %13.2f %13.2f\n", ways[i].name,
        ways[i].times[0], ways[i].times[N_ROUNDS / 2],
        (gdouble) ways[i].ioctls / N_FRAMES,
        (gdouble) ways[i].mallocs / N_FRAMES);
  }
  g_print ("limit / ours: %.2f (median)\n\n",
      ways[2].times[N_ROUNDS / 2] / ways[0].times[N_ROUNDS / 2]);
}

static void
bench_init (Bench * bench, const gchar * spec)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_XRGB8888, 0);
  GstDmabufExporter *exporter;
  GError *error = NULL;
  guint i;

  exporter = gst_dmabuf_exporter_new_from_spec (spec, &error);
  if (exporter == NULL)
    g_error ("%s", error->message);
  if (!gst_dmabuf_video_info_set_format (&bench->info,
          GST_DMABUF_DIALECT_EXPLICIT, &format, 32, 32, &error))
    g_error ("%s", error->message);

  bench->allocator = gst_dmabuf_allocator_new ();
  for (i = 0; i < N_DMABUFS; i++) {
    bench->owners[i] = gst_dmabuf_exporter_alloc (exporter, FRAME_SIZE, &error);
    if (bench->owners[i] == NULL)
      g_error ("%s", error->message);
    bench->buffers[i] = gst_buffer_new ();
    gst_buffer_append_memory (bench->buffers[i],
        gst_memory_ref (bench->owners[i]));
  }
  bench->cache = gst_dmabuf_import_cache_new (MAX_ENTRIES, import_free_stub,
      NULL);
  bench->probe = g_hash_table_new_full (hash_identity, equal_identities, g_free,
      NULL);
  gst_object_unref (exporter);
}

static void
bench_clear (Bench * bench)
{
  guint i;

  for (i = 0; i < N_DMABUFS; i++) {
    gst_buffer_unref (bench->buffers[i]);
    gst_memory_unref (bench->owners[i]);
  }
  gst_dmabuf_import_cache_unref (bench->cache);
  g_hash_table_unref (bench->probe);
  gst_object_unref (bench->allocator);
}

int
main (int argc, char **argv)
{
  Bench bench = { {0} };
  guint round, i;

  gst_init (&argc, &argv);
  bench_init (&bench, argc > 1 ? argv[1] : "memfd");
  g_print ("B11, import cache, %d dma-bufs of %s\n\n", N_DMABUFS,
      argc > 1 ? argv[1] : "memfd (simulated)");

  for (i = 0; i < 2; i++) {
    Way ways[] = {
      {"import cache", recognise_with_cache},
      {"qdata (peer)", recognise_with_qdata},
      {"limit", recognise_at_the_limit},
    };
    guint j;

    bench.same_memory = i == 1;
    for (round = 0; round < N_ROUNDS; round++) {
      for (j = 0; j < G_N_ELEMENTS (ways); j++)
        run_round (&bench, &ways[j], round);
    }
    report (bench.same_memory ? "The same GstMemory for each dma-buf" :
        "A new GstMemory for each frame", ways, G_N_ELEMENTS (ways));
  }
  bench_clear (&bench);
  return 0;
}
