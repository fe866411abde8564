/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * B10: take a buffer out of a pool and give it back, in one thread, and in two:
 * a producer that acquires and a consumer on another CPU that releases. The
 * peer is GStreamer's pool of video frames; the limit is a list of free numbers
 * with one atomic exchange for each push and pop.
 */
#include "rounds.h"

#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <gst/dmabuf/gstdmabufpool.h>
#include <gst/video/gstvideopool.h>
#include <stdlib.h>

#define N_BUFFERS 64
#define N_IN_FLIGHT 32          /* fewer: the pool never runs dry */

/* Numbers 0 to 63 linked by next; the head is a number + 1 and, above it, a
 * count that tells two heads with the same number apart. */
typedef struct
{
  guint64 head;
  guint32 next[N_BUFFERS];
} FreeList;

typedef struct
{
  GstBufferPool *pool;          /* NULL: the list */
  FreeList list;
  guint n_frames;

  /* From the producer to the consumer. */
  gpointer slots[N_IN_FLIGHT];
  gsize n_written, n_read;
} Work;

static void
list_push (FreeList * list, guint32 number)
{
  guint64 old = __atomic_load_n (&list->head, __ATOMIC_RELAXED), head;

  do {
    list->next[number] = (guint32) old;
    head = ((old >> 32) + 1) << 32 | (number + 1);
  } while (!__atomic_compare_exchange_n (&list->head, &old, head, TRUE,
          __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
}

static guint32
list_pop (FreeList * list)
{
  guint64 old = __atomic_load_n (&list->head, __ATOMIC_ACQUIRE), head;

  do {
    g_assert ((guint32) old != 0);
    head = ((old >> 32) + 1) << 32 | list->next[(guint32) old - 1];
  } while (!__atomic_compare_exchange_n (&list->head, &old, head, TRUE,
          __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE));
  return (guint32) old - 1;
}

static gpointer
take (Work * work)
{
  GstBuffer *buffer = NULL;

  if (work->pool == NULL)
    return GUINT_TO_POINTER (list_pop (&work->list));
  if (gst_buffer_pool_acquire_buffer (work->pool, &buffer, NULL)
      != GST_FLOW_OK)
    g_error ("the pool gave no buffer");
  return buffer;
}

static void
give_back (Work * work, gpointer taken)
{
  if (work->pool == NULL)
    list_push (&work->list, GPOINTER_TO_UINT (taken));
  else
    gst_buffer_unref (taken);
}

static void
run_alone (gpointer user_data)
{
  Work *work = user_data;
  guint i;

  for (i = 0; i < work->n_frames; i++)
    give_back (work, take (work));
}

static gpointer
consume (gpointer user_data)
{
  Work *work = user_data;
  gsize i;

  rounds_pin (1);
  for (i = 0; i < work->n_frames; i++) {
    while (__atomic_load_n (&work->n_written, __ATOMIC_ACQUIRE) == i)
      continue;                 /* a wait in the kernel would be measured */
    give_back (work, work->slots[i % N_IN_FLIGHT]);
    __atomic_store_n (&work->n_read, i + 1, __ATOMIC_RELEASE);
  }
  return NULL;
}

static void
run_in_two_threads (gpointer user_data)
{
  Work *work = user_data;
  GThread *consumer;
  gsize i;

  work->n_written = work->n_read = 0;
  consumer = g_thread_new ("consumer", consume, work);
  for (i = 0; i < work->n_frames; i++) {
    while (i - __atomic_load_n (&work->n_read, __ATOMIC_ACQUIRE)
        == N_IN_FLIGHT)
      continue;
    work->slots[i % N_IN_FLIGHT] = take (work);
    __atomic_store_n (&work->n_written, i + 1, __ATOMIC_RELEASE);
  }
  g_thread_join (consumer);
}

static void
set_up_pool (Work * work, GstBufferPool * pool)
{
  GstCaps *caps = gst_caps_from_string
      ("video/x-raw,format=NV12,width=320,height=240,framerate=30/1");
  GstStructure *config = gst_buffer_pool_get_config (pool);

  gst_buffer_pool_config_set_params (config, caps, 320 * 240 * 3 / 2,
      N_BUFFERS, N_BUFFERS);
  gst_buffer_pool_config_add_option (config,
      GST_BUFFER_POOL_OPTION_VIDEO_META);
  if (!gst_buffer_pool_set_config (pool, config)
      || !gst_buffer_pool_set_active (pool, TRUE))
    g_error ("the pool cannot be used");
  gst_caps_unref (caps);
  work->pool = pool;
}

static void
clear_pool (Work * work)
{
  gst_buffer_pool_set_active (work->pool, FALSE);
  gst_object_unref (work->pool);
}

static void
compare (const gchar * title, Work works[3], void (*run) (gpointer),
    guint n_frames, guint n_rounds)
{
  const Contender contenders[] = {
    {"ours", run, &works[0]},
    {"GstVideoBufferPool", run, &works[1]},
    {"limit: atomic list of free numbers", run, &works[2]},
  };
  guint i;

  for (i = 0; i < 3; i++)
    works[i].n_frames = n_frames;
  rounds_compare (title, contenders, G_N_ELEMENTS (contenders), n_frames,
      n_rounds);
}

/* usage: bench-pool [EXPORTER [ROUNDS [FRAMES]]] */
int
main (int argc, char **argv)
{
  guint n_rounds = argc > 2 ? atoi (argv[2]) : 31;
  guint n_frames = argc > 3 ? atoi (argv[3]) : 50000;
  static Work works[3];
  GstDmabufExporter *exporter;
  GError *error = NULL;
  guint i;

  gst_init (NULL, NULL);
  exporter = gst_dmabuf_exporter_new_from_spec (argc > 1 ? argv[1] : "memfd",
      &error);
  if (exporter == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  set_up_pool (&works[0], gst_dmabuf_pool_new (exporter));
  set_up_pool (&works[1], gst_video_buffer_pool_new ());
  for (i = 0; i < N_BUFFERS; i++)
    list_push (&works[2].list, i);

  rounds_pin (0);
  compare ("B10 pool: acquire and release, one thread", works, run_alone,
      n_frames, n_rounds);
  if (g_get_num_processors () > 1)
    compare ("B10 pool: acquire here, release on another CPU", works,
        run_in_two_threads, n_frames, n_rounds);
  clear_pool (&works[0]);
  clear_pool (&works[1]);
  gst_object_unref (exporter);
  return 0;
}
