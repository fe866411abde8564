/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Threads that share the work on one frame. They know nothing of frames.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DMABUF_CONVERT_MAX_THREADS 64

typedef struct _DmabufConvertWorkers DmabufConvertWorkers;

/* Does part number part of n_parts. */
typedef void (*DmabufConvertWork) (guint part, guint n_parts, gpointer data);

/* n_threads, the caller's among them, at least 1. Fewer if the system gives no
 * more. Returns: (transfer full). */
DmabufConvertWorkers *dmabuf_convert_workers_new (guint n_threads);

guint dmabuf_convert_workers_get_n (DmabufConvertWorkers * workers);

/* Does n_parts, one in each thread and one in the caller's, and returns when all
 * are done. n_parts is at most the number of threads. Allocates nothing; takes a
 * lock twice, since threads have to be woken. One caller at a time. */
void dmabuf_convert_workers_run (DmabufConvertWorkers * workers,
    guint n_parts, DmabufConvertWork work, gpointer data);

/* Ends the threads. */
void dmabuf_convert_workers_free (DmabufConvertWorkers * workers);

G_END_DECLS
