/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Where the pool keeps the buffers that nobody has: those that can be handed
 * out, and those whose fences are pending. Knows nothing of caps and limits.
 */
#pragma once

#include "dmabuf-prelude.h"

G_BEGIN_DECLS

/**
 * GstDmabufPoolQueue:
 *
 * Several threads may push and pop; opening and closing is the business of one
 * thread, while no other uses it. While a free buffer is there, pushing and
 * popping takes no lock and no system call.
 */
typedef struct
{
  GstAtomicQueue *free_buffers; /* owned GstBuffers */
  gint n_waiters;               /* atomic */
  gint n_busy;                  /* atomic; changed with the lock held */
  gint wake_fd;                 /* eventfd, -1 while closed */

  GMutex lock;
  GQueue busy;                  /* owned BusyBuffers; protected by lock */
} GstDmabufPoolQueue;

void            gst_dmabuf_pool_queue_init     (GstDmabufPoolQueue *queue);

/* Drops the buffers that are left. */
void            gst_dmabuf_pool_queue_clear    (GstDmabufPoolQueue *queue);

/* Makes the descriptor that wakes waiters; FALSE with EXHAUSTED. */
gboolean        gst_dmabuf_pool_queue_open     (GstDmabufPoolQueue *queue,
                                                GError            **error);

/* Unrefs all buffers, waits for no fence. Returns how many there were. */
guint           gst_dmabuf_pool_queue_close    (GstDmabufPoolQueue *queue);

/* Takes a buffer that was just released. If its memory is marked as fenced, or
 * with poll_all in any case, asks the kernel whether it is idle. */
void            gst_dmabuf_pool_queue_push     (GstDmabufPoolQueue *queue,
                                                GstBuffer          *buffer,
                                                gboolean            poll_all);

/* A free buffer, or NULL. */
GstBuffer *     gst_dmabuf_pool_queue_pop      (GstDmabufPoolQueue *queue);

/* A buffer whose fences have signalled since, or NULL. Buffers that have been
 * busy for too long are unreffed and counted in n_given_up, which is always
 * written. */
GstBuffer *     gst_dmabuf_pool_queue_pop_idle (GstDmabufPoolQueue *queue,
                                                guint              *n_given_up);

/* Waits until gst_dmabuf_pool_queue_wake(), until a fence signals, or until a
 * busy buffer has to be given up. may_go_on is asked once after this waiter is
 * known to the others, so that no wake-up is missed between. */
void            gst_dmabuf_pool_queue_wait     (GstDmabufPoolQueue *queue,
                                                gboolean          (*may_go_on) (gpointer),
                                                gpointer            user_data);

/* Wakes the waiters, if there are any. */
void            gst_dmabuf_pool_queue_wake     (GstDmabufPoolQueue *queue);

G_END_DECLS
