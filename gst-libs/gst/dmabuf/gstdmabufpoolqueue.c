/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A lock-free queue of free buffers, a list of busy ones, and one poll() that
 * waits for a released buffer and for fences alike.
 *
 * A waiter first makes itself known (n_waiters), then looks once more, then
 * sleeps; whoever releases first pushes, then looks whether anybody waits. The
 * atomic operations are sequentially consistent, so one of the two sees the
 * other, and nobody pays for a wake-up that nobody waits for.
 */
#define _GNU_SOURCE             /* ppoll */
#include "gstdmabufpoolqueueprivate.h"

#include "gstdmabuferror.h"
#include "gstdmabufexporter.h"
#include "gstdmabuffence.h"
#include "gstdmabufmappingprivate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

GST_DEBUG_CATEGORY_EXTERN (gst_dmabuf_pool_debug);
#define GST_CAT_DEFAULT gst_dmabuf_pool_debug

/* A device that is alive finishes a frame in far less. */
#define GIVE_UP_AFTER_US G_USEC_PER_SEC

#define INITIAL_LENGTH 32

typedef struct
{
  GstBuffer *buffer;
  gint64 give_up_us;            /* g_get_monotonic_time() */
} BusyBuffer;

void
gst_dmabuf_pool_queue_init (GstDmabufPoolQueue * queue)
{
  queue->free_buffers = gst_atomic_queue_new (INITIAL_LENGTH);
  queue->n_waiters = 0;
  queue->n_busy = 0;
  queue->wake_fd = -1;
  g_mutex_init (&queue->lock);
  g_queue_init (&queue->busy);
}

void
gst_dmabuf_pool_queue_clear (GstDmabufPoolQueue * queue)
{
  gst_dmabuf_pool_queue_close (queue);
  gst_atomic_queue_unref (queue->free_buffers);
  g_mutex_clear (&queue->lock);
}

gboolean
gst_dmabuf_pool_queue_open (GstDmabufPoolQueue * queue, GError ** error)
{
  g_assert (queue->wake_fd < 0);

  queue->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (queue->wake_fd < 0) {
    gst_dmabuf_set_error_errno (error, errno, "eventfd");
    return FALSE;
  }
  return TRUE;
}

guint
gst_dmabuf_pool_queue_close (GstDmabufPoolQueue * queue)
{
  BusyBuffer *entry;
  GstBuffer *buffer;
  guint n = 0;

  while ((buffer = gst_atomic_queue_pop (queue->free_buffers))) {
    gst_buffer_unref (buffer);
    n++;
  }
  /* The kernel keeps the memory until the device is done with it. */
  while ((entry = g_queue_pop_head (&queue->busy))) {
    gst_buffer_unref (entry->buffer);
    g_free (entry);
    n++;
  }
  g_atomic_int_set (&queue->n_busy, 0);
  if (queue->wake_fd >= 0)
    close (queue->wake_fd);
  queue->wake_fd = -1;
  return n;
}

/* The first dma-buf of a buffer with pending fences, or -1. Memory that is seen
 * idle loses its mark. */
static gint
get_busy_fd (GstBuffer * buffer, gboolean poll_all)
{
  guint i, n = gst_buffer_n_memory (buffer);

  for (i = 0; i < n; i++) {
    GstMemory *memory = gst_buffer_peek_memory (buffer, i);
    gint fd;

    if (!poll_all && !gst_dmabuf_mapping_is_fenced (memory))
      continue;
    /* One system call for each dma-buf that somebody fenced: the kernel alone
     * knows when the fence signals. */
    fd = gst_dmabuf_memory_get_fd (memory);
    if (gst_dmabuf_is_busy (fd, GST_DMABUF_ACCESS_WRITE)) {
      /* For the next look, whatever made us look now. */
      gst_dmabuf_mapping_mark_fenced (memory);
      return fd;
    }
    gst_dmabuf_mapping_clear_fenced (memory);
  }
  return -1;
}

static void
push_busy (GstDmabufPoolQueue * queue, GstBuffer * buffer)
{
  BusyBuffer *entry = g_new (BusyBuffer, 1);

  entry->buffer = buffer;
  entry->give_up_us = g_get_monotonic_time () + GIVE_UP_AFTER_US;

  g_mutex_lock (&queue->lock);
  g_queue_push_tail (&queue->busy, entry);
  g_atomic_int_inc (&queue->n_busy);
  g_mutex_unlock (&queue->lock);
}

void
gst_dmabuf_pool_queue_push (GstDmabufPoolQueue * queue, GstBuffer * buffer,
    gboolean poll_all)
{
  if (get_busy_fd (buffer, poll_all) >= 0)
    push_busy (queue, buffer);
  else
    gst_atomic_queue_push (queue->free_buffers, buffer);
  gst_dmabuf_pool_queue_wake (queue);
}

GstBuffer *
gst_dmabuf_pool_queue_pop (GstDmabufPoolQueue * queue)
{
  return gst_atomic_queue_pop (queue->free_buffers);
}

GstBuffer *
gst_dmabuf_pool_queue_pop_idle (GstDmabufPoolQueue * queue, guint * n_given_up)
{
  GstBuffer *found = NULL;
  GList *link, *next;
  GQueue given_up = G_QUEUE_INIT;
  BusyBuffer *entry;
  gint64 now_us;

  *n_given_up = 0;
  if (g_atomic_int_get (&queue->n_busy) == 0)
    return NULL;

  now_us = g_get_monotonic_time ();
  g_mutex_lock (&queue->lock);
  for (link = queue->busy.head; link && found == NULL; link = next) {
    gint busy_fd;

    next = link->next;
    entry = link->data;
    busy_fd = get_busy_fd (entry->buffer, FALSE);
    if (busy_fd >= 0 && now_us < entry->give_up_us)
      continue;

    g_queue_delete_link (&queue->busy, link);
    g_atomic_int_add (&queue->n_busy, -1);
    if (busy_fd < 0) {
      found = entry->buffer;
      g_free (entry);
    } else {
      GST_WARNING ("fences of dma-buf %d are pending %" G_GINT64_FORMAT
          " ms after its release; giving the buffer up", busy_fd,
          (now_us - entry->give_up_us + GIVE_UP_AFTER_US) / 1000);
      g_queue_push_tail (&given_up, entry);
    }
  }
  g_mutex_unlock (&queue->lock);

  while ((entry = g_queue_pop_head (&given_up))) {
    gst_buffer_unref (entry->buffer);
    g_free (entry);
    (*n_given_up)++;
  }
  return found;
}

/* The wake-up descriptor and one descriptor of each busy buffer, which are
 * duplicates: another thread may free the buffer while this one sleeps. Writes
 * when the first of them has to be given up. */
static GArray *
collect_descriptors (GstDmabufPoolQueue * queue, gint64 * give_up_us)
{
  struct pollfd polled = {.fd = queue->wake_fd,.events = POLLIN };
  GArray *array = g_array_new (FALSE, FALSE, sizeof polled);
  GList *link;

  *give_up_us = G_MAXINT64;
  g_array_append_val (array, polled);

  g_mutex_lock (&queue->lock);
  for (link = queue->busy.head; link; link = link->next) {
    BusyBuffer *entry = link->data;
    gint fd = get_busy_fd (entry->buffer, FALSE);

    /* Idle by now: come back at once. */
    *give_up_us = fd < 0 ? 0 : MIN (*give_up_us, entry->give_up_us);
    if (fd < 0)
      break;
    polled.fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
    polled.events = POLLOUT;
    if (polled.fd < 0)
      break;                    /* without a descriptor: the deadline does it */
    g_array_append_val (array, polled);
  }
  g_mutex_unlock (&queue->lock);
  return array;
}

static void
sleep_until (GArray * array, gint64 deadline_us)
{
  gint64 left_us = MAX (deadline_us - g_get_monotonic_time (), 0);
  struct timespec left = {
    .tv_sec = left_us / G_USEC_PER_SEC,
    .tv_nsec = (left_us % G_USEC_PER_SEC) * 1000,
  };
  guint64 count;
  guint i;

  /* An interrupted sleep ends early: the caller looks again anyway. */
  ppoll ((struct pollfd *) array->data, array->len,
      deadline_us == G_MAXINT64 ? NULL : &left, NULL);

  if (g_array_index (array, struct pollfd, 0).revents & POLLIN) {
    gint wake_fd = g_array_index (array, struct pollfd, 0).fd;

    /* Another waiter may have been faster. */
    if (read (wake_fd, &count, sizeof count) < 0)
      GST_LOG ("woken by a wake-up that is gone");
  }
  for (i = 1; i < array->len; i++)
    close (g_array_index (array, struct pollfd, i).fd);
}

void
gst_dmabuf_pool_queue_wait (GstDmabufPoolQueue * queue,
    gboolean (*may_go_on) (gpointer), gpointer user_data)
{
  g_atomic_int_inc (&queue->n_waiters);
  if (!may_go_on (user_data)) {
    gint64 give_up_us;
    GArray *array = collect_descriptors (queue, &give_up_us);

    sleep_until (array, give_up_us);
    g_array_free (array, TRUE);
  }
  g_atomic_int_add (&queue->n_waiters, -1);
}

void
gst_dmabuf_pool_queue_wake (GstDmabufPoolQueue * queue)
{
  guint64 one = 1;

  if (g_atomic_int_get (&queue->n_waiters) == 0)
    return;
  /* Fails only if the counter is full, and then it is readable anyway. */
  if (write (queue->wake_fd, &one, sizeof one) < 0)
    GST_LOG ("waiters were woken already");
}
