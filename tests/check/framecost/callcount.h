/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Counts the system calls of a child process with ptrace(2): those of all its
 * threads, between two marks that the child itself sets. Knows no GStreamer.
 */
#pragma once

#include <glib.h>

/* Numbers of system calls are below it on every architecture. */
#define CALL_COUNT_NUMBERS 640
#define CALL_COUNT_REQUESTS 48

typedef struct
{
  guint64 request;
  guint64 n;
} CallCountRequest;

/* What happened between the marks. */
typedef struct
{
  gboolean complete;            /* both marks were seen */
  guint64 total;
  guint64 by_number[CALL_COUNT_NUMBERS];
  /* ioctl() once more, by its request; 0 ends the list */
  CallCountRequest ioctls[CALL_COUNT_REQUESTS];
} CallCounts;

/* Called in the child; its result is the child's exit status. */
typedef gint (*CallCountChild) (gpointer user_data);

/* Forks, runs the function in the child and counts. TRUE if the child was
 * traced to its end; exit_status is then its status, 128 + N for signal N.
 * FALSE where tracing is forbidden. The caller has one thread and no other
 * children. */
gboolean call_count_run (CallCountChild child, gpointer user_data,
    CallCounts * counts, gint * exit_status, GError ** error);

/* In the child: counting begins after this call, and ends before that one. */
void call_count_begin (void);
void call_count_end (void);

/* Number of open file descriptors of this process. */
guint call_count_open_fds (void);

/* "ioctl 2.00, futex 1.00", most frequent first, per one of n_frames. */
gchar *call_count_describe (const CallCounts * counts, guint n_frames);
