/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The import cache: what is found again, when entries go, and that each handle
 * is freed once, whoever drops it.
 */
#define _GNU_SOURCE             /* F_DUPFD_CLOEXEC */
#include "importframe.h"

GST_START_TEST (test_found_again)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufImportCache *cache;
  GstBuffer *held[3];
  GstDmabufFrame frame, other, again;
  gint freed = 0;

  if (exporter == NULL)
    return;
  cache = gst_dmabuf_import_cache_new (8, count, &freed);
  held[0] = make_frame (exporter, &frame);
  held[1] = make_frame (exporter, &other);
  held[2] = make_frame_again (frame.fds[0], &again);
  fail_if (frame.memories[0] == again.memories[0]);

  assert_equals_int (look_up (cache, &frame), 0);
  insert (cache, &frame, 11);
  assert_equals_int (look_up (cache, &frame), 11);
  assert_equals_int (look_up (cache, &again), 11);
  assert_equals_int (look_up (cache, &other), 0);
  assert_equals_uint64 (get_stats (cache).hits, 2);
  assert_equals_uint64 (get_stats (cache).misses, 2);

  assert_equals_int (freed, 0);
  gst_dmabuf_import_cache_clear (cache);
  assert_equals_int (freed, 1);
  assert_equals_int (look_up (cache, &frame), 0);

  gst_dmabuf_import_cache_unref (cache);
  gst_buffer_unref (held[0]);
  gst_buffer_unref (held[1]);
  gst_buffer_unref (held[2]);
  gst_object_unref (exporter);
}

GST_END_TEST;

/* One dma-buf, one number of the layout changed. */
static const struct
{
  const gchar *name;
  gsize field;
  guint32 value;
} other_layouts[] = {
#define N(field) G_STRUCT_OFFSET (GstDmabufFrame, layout.field)
  {"fourcc", N (format.fourcc), DRM_FORMAT_ARGB8888},
  {"modifier", N (format.modifier), 1},
  {"width", N (width), SIZE - 1},
  {"height", N (height), SIZE - 1},
  {"offset", N (planes[0].offset), 64},
  {"stride", N (planes[0].stride), SIZE * 4 + 4},
  {"planes", N (n_planes), 2},
#undef N
};

GST_START_TEST (test_layout_is_part_of_the_key)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufImportCache *cache = gst_dmabuf_import_cache_new (8, NULL, NULL);
  GstDmabufFrame frame;
  GstBuffer *buffer = make_frame (exporter, &frame);
  guint i;

  insert (cache, &frame, 100);
  for (i = 0; i < G_N_ELEMENTS (other_layouts); i++) {
    GstDmabufFrame changed = frame;

    memcpy ((guint8 *) & changed + other_layouts[i].field,
        &other_layouts[i].value, sizeof (guint32));
    fail_unless (look_up (cache, &changed) == 0, "%s", other_layouts[i].name);
    insert (cache, &changed, i + 1);
  }
  assert_equals_int (look_up (cache, &frame), 100);

  gst_dmabuf_import_cache_unref (cache);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_least_recently_used_goes)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufImportCache *cache;
  GstDmabufImport *on_screen;
  GstBuffer *held[4];
  GstDmabufFrame frames[4];
  gint freed = 0, i;

  cache = gst_dmabuf_import_cache_new (3, count, &freed);
  for (i = 0; i < 4; i++)
    held[i] = make_frame (exporter, &frames[i]);
  for (i = 0; i < 3; i++)
    insert (cache, &frames[i], i + 1);

  on_screen = gst_dmabuf_import_cache_lookup (cache, &frames[1], NULL, NULL);
  assert_equals_int (look_up (cache, &frames[0]), 1);
  /* Oldest first: 2, 1, 0. */
  insert (cache, &frames[3], 4);
  assert_equals_int (freed, 1);
  assert_equals_int (look_up (cache, &frames[2]), 0);
  insert (cache, &frames[2], 5);
  /* 1 left the cache, but it is still shown. */
  assert_equals_int (freed, 1);
  assert_equals_int (look_up (cache, &frames[1]), 0);
  assert_equals_int (GPOINTER_TO_INT (gst_dmabuf_import_get_handle (on_screen)),
      2);
  assert_equals_int (look_up (cache, &frames[0]), 1);
  assert_equals_int (get_stats (cache).n_entries, 3);
  assert_equals_uint64 (get_stats (cache).evicted, 2);
  gst_dmabuf_import_unref (on_screen);
  assert_equals_int (freed, 2);

  gst_dmabuf_import_cache_unref (cache);
  assert_equals_int (freed, 5);
  for (i = 0; i < 4; i++)
    gst_buffer_unref (held[i]);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_refusals)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufImportCache *cache = gst_dmabuf_import_cache_new (4, NULL, NULL);
  GError *why = g_error_new (GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
      "pitch 68 of 64");
  GstDmabufFrame frame;
  GstBuffer *buffer = make_frame (exporter, &frame);
  GError *error = NULL;
  gboolean found;

  gst_dmabuf_import_cache_insert_refusal (cache, &frame, why);
  g_error_free (why);
  fail_unless (gst_dmabuf_import_cache_lookup (cache, &frame, &error, &found)
      == NULL);
  fail_unless (found);
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_REFUSED));
  assert_equals_string (error->message, "pitch 68 of 64");
  g_clear_error (&error);
  fail_unless (gst_dmabuf_import_cache_lookup (cache, &frame, NULL, NULL)
      == NULL);
  assert_equals_uint64 (get_stats (cache).refusals, 2);

  /* A later success replaces it. */
  insert (cache, &frame, 9);
  assert_equals_int (look_up (cache, &frame), 9);
  assert_equals_int (get_stats (cache).n_entries, 1);

  gst_dmabuf_import_cache_unref (cache);
  gst_buffer_unref (buffer);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_goes_with_the_last_memory)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstDmabufImportCache *cache;
  GstDmabufFrame frame, again, refused;
  GstBuffer *held[3];
  GError *why = g_error_new (GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED, "no");
  gint freed = 0;

  if (exporter != NULL) {
    cache = gst_dmabuf_import_cache_new (8, count, &freed);
    gst_dmabuf_import_cache_set_linger (cache, 0);
    held[0] = make_frame (exporter, &frame);
    held[1] = make_frame_again (frame.fds[0], &again);
    held[2] = make_frame (exporter, &refused);
    insert (cache, &frame, 1);
    gst_dmabuf_import_cache_insert_refusal (cache, &refused, why);

    gst_buffer_unref (held[0]);
    assert_equals_int (freed, 0);
    assert_equals_int (look_up (cache, &again), 1);
    gst_buffer_unref (held[1]);
    assert_equals_int (freed, 1);
    assert_equals_int (get_stats (cache).n_entries, 1);
    gst_buffer_unref (held[2]);
    assert_equals_int (get_stats (cache).n_entries, 0);
    assert_equals_uint64 (get_stats (cache).dropped, 2);
    gst_dmabuf_import_cache_unref (cache);
    gst_object_unref (exporter);
  }
  g_error_free (why);
}

GST_END_TEST;

/* A frame of two dma-bufs is no frame any more when one of them is gone. */
GST_START_TEST (test_goes_with_one_of_two)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12, 0);
  GstDmabufImportCache *cache;
  GstMemory *luma = dmabuf_backend_alloc (exporter, SIZE * SIZE);
  GstMemory *chroma = dmabuf_backend_alloc (exporter, SIZE * SIZE / 2);
  GstBuffer *buffer = gst_buffer_new ();
  GstDmabufFrame frame;
  gint freed = 0;

  fail_unless (gst_dmabuf_video_info_set_format (&info,
          GST_DMABUF_DIALECT_EXPLICIT, &format, SIZE, SIZE, NULL));
  cache = gst_dmabuf_import_cache_new (8, count, &freed);
  gst_dmabuf_import_cache_set_linger (cache, 0);
  gst_buffer_append_memory (buffer, gst_memory_ref (luma));
  gst_buffer_append_memory (buffer, chroma);
  fail_unless (gst_dmabuf_frame_describe (&frame, buffer, &info, NULL));
  assert_equals_int (frame.layout.n_objects, 2);
  insert (cache, &frame, 1);
  gst_buffer_unref (buffer);
  assert_equals_int (freed, 1);

  gst_memory_unref (luma);
  gst_dmabuf_import_cache_unref (cache);
  gst_object_unref (exporter);
}

GST_END_TEST;

#define RING 16

/* New GstMemory for each frame, none alive between two frames. */
GST_START_TEST (test_memory_made_anew_for_each_frame)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (__i__);
  GstMemory *ring[RING];
  GstDmabufImportCache *cache;
  GstDmabufFrame frame;
  gint freed = 0, i;

  if (exporter == NULL)
    return;
  cache = gst_dmabuf_import_cache_new (RING, count, &freed);
  for (i = 0; i < RING; i++)
    ring[i] = dmabuf_backend_alloc (exporter, PAGE);

  for (i = 0; i < 5 * RING; i++) {
    gint fd = gst_dmabuf_memory_get_fd (ring[i % RING]);
    GstBuffer *buffer = make_frame_again (fd, &frame);
    gint handle = look_up (cache, &frame);

    if (i < RING) {
      assert_equals_int (handle, 0);
      insert (cache, &frame, 1 + i);
    } else {
      assert_equals_int (handle, 1 + i % RING);
    }
    gst_buffer_unref (buffer);
  }
  assert_equals_int (freed, 0);
  assert_equals_uint64 (get_stats (cache).misses, RING);

  /* The source stops and another takes its place: after the linger the dead
   * entries are gone, whether there is room or not. */
  {
    GstBuffer *buffer = make_frame (exporter, &frame);

    for (i = 0; i < RING; i++) {
      assert_equals_int (look_up (cache, &frame), 0);
      fail_unless (freed < RING);
    }
    look_up (cache, &frame);
    look_up (cache, &frame);
    assert_equals_int (freed, RING);
    assert_equals_uint64 (get_stats (cache).dropped, RING);
    gst_buffer_unref (buffer);
  }

  gst_dmabuf_import_cache_unref (cache);
  for (i = 0; i < RING; i++)
    gst_memory_unref (ring[i]);
  gst_object_unref (exporter);
}

GST_END_TEST;

GST_START_TEST (test_linger_of_zero_drops_the_dead)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  GstDmabufImportCache *cache;
  GstDmabufFrame frame, alive;
  GstBuffer *buffer, *kept;
  gint freed = 0;

  cache = gst_dmabuf_import_cache_new (8, count, &freed);
  buffer = make_frame (exporter, &frame);
  kept = make_frame (exporter, &alive);
  insert (cache, &frame, 1);
  insert (cache, &alive, 2);
  gst_buffer_unref (buffer);
  assert_equals_int (freed, 0);
  gst_dmabuf_import_cache_set_linger (cache, 0);
  assert_equals_int (freed, 1);
  assert_equals_int (look_up (cache, &alive), 2);

  gst_dmabuf_import_cache_unref (cache);
  gst_buffer_unref (kept);
  gst_object_unref (exporter);
}

GST_END_TEST;

typedef struct
{
  GstDmabufImportCache *cache;
  gint freed, destroyed;
} Owner;

/* What an owner may do in its free function: anything, no lock is held. */
static void
free_and_look (gpointer handle, gpointer user_data)
{
  Owner *owner = user_data;

  owner->freed++;
  if (owner->cache != NULL) {
    gst_dmabuf_import_cache_clear (owner->cache);
    get_stats (owner->cache);
  }
}

static void
owner_destroy (gpointer user_data)
{
  ((Owner *) user_data)->destroyed++;
}

GST_START_TEST (test_free_function_is_free)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  Owner owner = { NULL };
  GstDmabufImport *import;
  GstBuffer *held[3];
  GstDmabufFrame frames[3];
  gint i;

  owner.cache = gst_dmabuf_import_cache_new_full (2, free_and_look, &owner,
      owner_destroy);
  for (i = 0; i < 3; i++) {
    held[i] = make_frame (exporter, &frames[i]);
    insert (owner.cache, &frames[i], i + 1);
  }
  /* The third made room, and freeing the first cleared the cache. */
  assert_equals_int (owner.freed, 3);
  assert_equals_int (get_stats (owner.cache).n_entries, 0);

  gst_dmabuf_import_cache_set_linger (owner.cache, 0);
  insert (owner.cache, &frames[0], 4);
  gst_buffer_unref (held[0]);
  assert_equals_int (owner.freed, 4);

  /* The import outlives its cache, and the user data both. */
  import = gst_dmabuf_import_cache_insert (owner.cache, &frames[1],
      GINT_TO_POINTER (5));
  gst_dmabuf_import_ref (import);
  gst_dmabuf_import_cache_unref (g_steal_pointer (&owner.cache));
  gst_dmabuf_import_unref (import);
  assert_equals_int (owner.freed, 4);
  assert_equals_int (owner.destroyed, 0);
  gst_dmabuf_import_unref (import);
  assert_equals_int (owner.freed, 5);
  assert_equals_int (owner.destroyed, 1);

  gst_buffer_unref (held[1]);
  gst_buffer_unref (held[2]);
  gst_object_unref (exporter);
}

GST_END_TEST;

#define N_THREADS 4
#define N_ROUNDS 500
#define N_DMABUFS 6

typedef struct
{
  GstDmabufImportCache *cache;
  gint fds[N_DMABUFS];
  gint made, freed;
  gint alive[N_THREADS * N_ROUNDS + 1];
} Race;

static void
free_in_race (gpointer handle, gpointer user_data)
{
  Race *race = user_data;

  g_atomic_int_inc (&race->freed);
  fail_unless (g_atomic_int_dec_and_test (&race->alive[GPOINTER_TO_INT
              (handle)]));
}

static gpointer
import_and_drop (gpointer data)
{
  Race *race = data;
  guint i;

  for (i = 0; i < N_ROUNDS; i++) {
    GstDmabufFrame frame;
    GstBuffer *buffer = make_frame_again (race->fds[i % N_DMABUFS], &frame);
    GstDmabufImport *import;
    gint handle;

    import = gst_dmabuf_import_cache_lookup (race->cache, &frame, NULL, NULL);
    if (import == NULL) {
      handle = 1 + g_atomic_int_add (&race->made, 1);
      g_atomic_int_set (&race->alive[handle], 1);
      import = gst_dmabuf_import_cache_insert (race->cache, &frame,
          GINT_TO_POINTER (handle));
    }
    handle = GPOINTER_TO_INT (gst_dmabuf_import_get_handle (import));
    fail_unless (g_atomic_int_get (&race->alive[handle]) == 1);
    gst_buffer_unref (buffer);
    /* Shown, whatever became of the memory and the entry. */
    fail_unless (g_atomic_int_get (&race->alive[handle]) == 1);
    gst_dmabuf_import_unref (import);
    if (i % 100 == 0)
      gst_dmabuf_import_cache_clear (race->cache);
  }
  return NULL;
}

GST_START_TEST (test_threads)
{
  GstDmabufExporter *exporter = dmabuf_backend_open (BACKEND_MEMFD);
  Race *race = g_new0 (Race, 1);
  GThread *threads[N_THREADS];
  GstMemory *memories[N_DMABUFS];
  guint i;

  race->cache = gst_dmabuf_import_cache_new (4, free_in_race, race);
  gst_dmabuf_import_cache_set_linger (race->cache, __i__);
  for (i = 0; i < N_DMABUFS; i++) {
    memories[i] = dmabuf_backend_alloc (exporter, PAGE);
    race->fds[i] = gst_dmabuf_memory_get_fd (memories[i]);
  }
  for (i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("import", import_and_drop, race);
  for (i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  gst_dmabuf_import_cache_unref (race->cache);
  fail_unless (race->made > 0);
  assert_equals_int (race->freed, race->made);

  for (i = 0; i < N_DMABUFS; i++)
    gst_memory_unref (memories[i]);
  g_free (race);
  gst_object_unref (exporter);
}

GST_END_TEST;

static Suite *
importcache_suite (void)
{
  Suite *suite = suite_create ("importcache");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, dmabuf_test_fds_teardown);
  tcase_add_loop_test (tcase, test_found_again, 0, N_BACKENDS);
  tcase_add_test (tcase, test_layout_is_part_of_the_key);
  tcase_add_test (tcase, test_least_recently_used_goes);
  tcase_add_test (tcase, test_refusals);
  tcase_add_loop_test (tcase, test_goes_with_the_last_memory, 0, N_BACKENDS);
  tcase_add_test (tcase, test_goes_with_one_of_two);
  tcase_add_loop_test (tcase, test_memory_made_anew_for_each_frame, 0,
      N_BACKENDS);
  tcase_add_test (tcase, test_linger_of_zero_drops_the_dead);
  tcase_add_test (tcase, test_free_function_is_free);
  tcase_add_loop_test (tcase, test_threads, 0, 3);
  return suite;
}

DMABUF_TEST_MAIN (importcache_suite)
