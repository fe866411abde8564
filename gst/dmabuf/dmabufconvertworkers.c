/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * One lock, two conditions: there is work, and all of it is done. GThreadPool
 * allocates for each task and does not tell when the last one is done.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabufconvertworkers.h"

typedef struct
{
  DmabufConvertWorkers *workers;
  GThread *thread;
  guint part;
} Worker;

struct _DmabufConvertWorkers
{
  GMutex lock;
  GCond begin, done;
  guint turn;                   /* grows with each run */
  guint n_running;
  gboolean stop;

  guint n_parts;
  DmabufConvertWork work;
  gpointer data;

  guint n;                      /* threads beside the caller's */
  Worker worker[];
};

static gpointer
run_worker (gpointer data)
{
  Worker *self = data;
  DmabufConvertWorkers *workers = self->workers;
  guint turn = 0;

  g_mutex_lock (&workers->lock);
  for (;;) {
    while (workers->turn == turn && !workers->stop)
      g_cond_wait (&workers->begin, &workers->lock);
    if (workers->stop)
      break;
    turn = workers->turn;
    if (self->part >= workers->n_parts)
      continue;

    g_mutex_unlock (&workers->lock);
    workers->work (self->part, workers->n_parts, workers->data);
    g_mutex_lock (&workers->lock);
    if (--workers->n_running == 0)
      g_cond_signal (&workers->done);
  }
  g_mutex_unlock (&workers->lock);
  return NULL;
}

DmabufConvertWorkers *
dmabuf_convert_workers_new (guint n_threads)
{
  guint n = MAX (n_threads, 1) - 1;
  DmabufConvertWorkers *workers =
      g_malloc0 (sizeof (*workers) + n * sizeof (Worker));

  g_mutex_init (&workers->lock);
  g_cond_init (&workers->begin);
  g_cond_init (&workers->done);
  for (; workers->n < n; workers->n++) {
    Worker *worker = &workers->worker[workers->n];

    worker->workers = workers;
    worker->part = workers->n + 1;
    worker->thread = g_thread_try_new ("dmabufconvert", run_worker, worker,
        NULL);
    if (!worker->thread)
      break;
  }
  return workers;
}

guint
dmabuf_convert_workers_get_n (DmabufConvertWorkers * workers)
{
  return workers->n + 1;
}

void
dmabuf_convert_workers_run (DmabufConvertWorkers * workers, guint n_parts,
    DmabufConvertWork work, gpointer data)
{
  if (n_parts > 1) {
    g_mutex_lock (&workers->lock);
    workers->work = work;
    workers->data = data;
    workers->n_parts = n_parts;
    workers->n_running = n_parts - 1;
    workers->turn++;
    g_cond_broadcast (&workers->begin);
    g_mutex_unlock (&workers->lock);
  }
  work (0, n_parts, data);
  if (n_parts > 1) {
    g_mutex_lock (&workers->lock);
    while (workers->n_running > 0)
      g_cond_wait (&workers->done, &workers->lock);
    g_mutex_unlock (&workers->lock);
  }
}

void
dmabuf_convert_workers_free (DmabufConvertWorkers * workers)
{
  guint i;

  g_mutex_lock (&workers->lock);
  workers->stop = TRUE;
  g_cond_broadcast (&workers->begin);
  g_mutex_unlock (&workers->lock);
  for (i = 0; i < workers->n; i++)
    g_thread_join (workers->worker[i].thread);
  g_cond_clear (&workers->begin);
  g_cond_clear (&workers->done);
  g_mutex_clear (&workers->lock);
  g_free (workers);
}
