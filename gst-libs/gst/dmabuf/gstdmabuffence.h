/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * When a dma-buf may be touched: its fences (implicit ones inside the dma-buf,
 * explicit ones as sync_file descriptors), and the brackets around access by
 * the CPU. Knows descriptors only, neither GstMemory nor GstBuffer.
 *
 * Nothing here keeps a descriptor that it is given. Every descriptor that it
 * returns is new, close-on-exec, and the caller's to close.
 *
 * Kernel: Documentation/driver-api/dma-buf.rst, include/uapi/linux/dma-buf.h,
 * include/uapi/linux/sync_file.h.
 */
#pragma once

#include "dmabuf-prelude.h"

G_BEGIN_DECLS

/**
 * GstDmabufAccess:
 * @GST_DMABUF_ACCESS_READ: the content is read
 * @GST_DMABUF_ACCESS_WRITE: the content is changed
 *
 * What somebody does with a dma-buf. Functions take one or both, never none.
 *
 * Since: 0.1
 */
typedef enum
{
  GST_DMABUF_ACCESS_READ = (1 << 0),
  GST_DMABUF_ACCESS_WRITE = (1 << 1),
} GstDmabufAccess;

/**
 * GST_DMABUF_ACCESS_READWRITE:
 *
 * Both of #GstDmabufAccess.
 *
 * Since: 0.1
 */
#define GST_DMABUF_ACCESS_READWRITE \
  ((GstDmabufAccess) (GST_DMABUF_ACCESS_READ | GST_DMABUF_ACCESS_WRITE))

/**
 * GstDmabufWait:
 * @GST_DMABUF_WAIT_DONE: signalled, without an error
 * @GST_DMABUF_WAIT_TIMEOUT: still pending when the time was over
 * @GST_DMABUF_WAIT_CANCELLED: still pending when the wait was cancelled
 * @GST_DMABUF_WAIT_ERROR: the fence signalled an error, or could not be waited
 *     for; only then is a #GError set
 *
 * How a wait ended. A fence that is signalled counts as @GST_DMABUF_WAIT_DONE
 * even if the wait was cancelled or its time is over too.
 *
 * Since: 0.1
 */
typedef enum
{
  GST_DMABUF_WAIT_DONE,
  GST_DMABUF_WAIT_TIMEOUT,
  GST_DMABUF_WAIT_CANCELLED,
  GST_DMABUF_WAIT_ERROR,
} GstDmabufWait;

/**
 * gst_dmabuf_fence_export:
 * @dmabuf_fd: a dma-buf, borrowed
 * @access: what the caller wants to do with it
 * @error: (nullable): return location for an error
 *
 * Takes a snapshot of the fences that the caller has to wait for: for
 * READ those of writers, for WRITE (or both) those of everyone. A dma-buf
 * without fences gives a fence that is already signalled.
 * DMA_BUF_IOCTL_EXPORT_SYNC_FILE.
 *
 * Returns: a new sync_file descriptor, to be closed by the caller, or -1.
 * UNSUPPORTED on kernels before 6.0 and for memory that is no dma-buf (use
 * gst_dmabuf_wait_idle() there), EXHAUSTED without a free descriptor or memory.
 * Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gint            gst_dmabuf_fence_export (gint              dmabuf_fd,
                                         GstDmabufAccess   access,
                                         GError          **error);

/**
 * gst_dmabuf_fence_import:
 * @dmabuf_fd: a dma-buf, borrowed
 * @fence_fd: a sync_file, borrowed: the caller still closes it
 * @access: what the work behind the fence does with the dma-buf
 * @error: (nullable): return location for an error
 *
 * Attaches a fence to the dma-buf: with WRITE everyone who comes later waits
 * for it, with READ only later writers do.
 * DMA_BUF_IOCTL_IMPORT_SYNC_FILE. Exporting, submitting and importing is not
 * atomic: the caller keeps others away from the buffer meanwhile.
 *
 * Whoever does this to a buffer of a #GstDmabufPool also calls
 * gst_dmabuf_buffer_mark_fenced().
 *
 * Returns: TRUE, or FALSE with UNSUPPORTED on kernels before 6.0 and for memory
 * that is no dma-buf, INVALID if @fence_fd is no sync_file. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_fence_import (gint              dmabuf_fd,
                                         gint              fence_fd,
                                         GstDmabufAccess   access,
                                         GError          **error);

/**
 * gst_dmabuf_fence_merge:
 * @a_fd: a sync_file, borrowed
 * @b_fd: another, borrowed
 * @error: (nullable): return location for an error
 *
 * Makes a fence that signals when both have. SYNC_IOC_MERGE.
 *
 * Returns: a new sync_file descriptor, to be closed by the caller, or -1 with
 * INVALID if one is no sync_file, EXHAUSTED without a free descriptor or
 * memory. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gint            gst_dmabuf_fence_merge  (gint              a_fd,
                                         gint              b_fd,
                                         GError          **error);

/**
 * gst_dmabuf_fence_wait:
 * @fence_fd: a sync_file, borrowed
 * @cancel_fd: -1, or a descriptor that becomes readable to cancel the wait,
 *     such as that of a #GstPoll or an eventfd; borrowed, never read from
 * @timeout_ns: the longest wait in nanoseconds; 0 asks without waiting,
 *     #GST_CLOCK_TIME_NONE waits for ever
 * @error: (nullable): return location for an error
 *
 * Waits for a fence, whatever signals arrive, and then looks at its error
 * status, since work that failed signals too.
 *
 * Returns: how it ended. @error is set only with #GST_DMABUF_WAIT_ERROR:
 * FAILED with the text of the status if the work behind the fence failed,
 * INVALID if @fence_fd is no sync_file. Any thread; blocks.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufWait   gst_dmabuf_fence_wait   (gint              fence_fd,
                                         gint              cancel_fd,
                                         GstClockTime      timeout_ns,
                                         GError          **error);

/**
 * gst_dmabuf_wait_idle:
 * @dmabuf_fd: a dma-buf, borrowed
 * @access: what the caller wants to do afterwards
 * @cancel_fd: as in gst_dmabuf_fence_wait()
 * @timeout_ns: as in gst_dmabuf_fence_wait()
 * @error: (nullable): return location for an error
 *
 * Waits for the fences inside a dma-buf with poll(): for READ those of writers,
 * for WRITE (or both) those of everyone. Works on every kernel, but cannot tell
 * whether the work failed. Being idle says nothing about CPU caches
 * (gst_dmabuf_sync_begin()), nor that a display has stopped to show the buffer.
 *
 * Memory that is no dma-buf has no fences and is idle.
 *
 * Returns: how it ended; @error as in gst_dmabuf_fence_wait(). Any thread;
 * blocks.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufWait   gst_dmabuf_wait_idle    (gint              dmabuf_fd,
                                         GstDmabufAccess   access,
                                         gint              cancel_fd,
                                         GstClockTime      timeout_ns,
                                         GError          **error);

/**
 * gst_dmabuf_is_busy:
 * @dmabuf_fd: a dma-buf, borrowed
 * @access: what the caller wants to do
 *
 * Asks, without waiting, whether gst_dmabuf_wait_idle() would have to wait.
 *
 * Returns: TRUE if a fence is pending. FALSE too if @dmabuf_fd cannot be
 * polled. One system call. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_is_busy      (gint              dmabuf_fd,
                                         GstDmabufAccess   access);

/**
 * gst_dmabuf_sync_begin:
 * @dmabuf_fd: a dma-buf, borrowed
 * @access: what the CPU is going to do
 * @error: (nullable): return location for an error
 *
 * Opens access by the CPU through a mapping: DMA_BUF_IOCTL_SYNC with START,
 * restarted on EINTR and EAGAIN. Makes caches coherent; waits for fences only
 * after that, so on machines with caches that DMA does not snoop the caller
 * waits with gst_dmabuf_wait_idle() first.
 *
 * Returns: TRUE, then pair it with gst_dmabuf_sync_end() and the same @access;
 * or FALSE, and the memory must not be touched: UNSUPPORTED if it is no
 * dma-buf, else as errno says. Any thread; blocks while fences are pending.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_sync_begin   (gint              dmabuf_fd,
                                         GstDmabufAccess   access,
                                         GError          **error);

/**
 * gst_dmabuf_sync_end:
 * @dmabuf_fd: a dma-buf, borrowed
 * @access: the same as for gst_dmabuf_sync_begin()
 * @error: (nullable): return location for an error
 *
 * Closes access by the CPU: DMA_BUF_IOCTL_SYNC with END, restarted on EINTR and
 * EAGAIN. Never call it without gst_dmabuf_sync_begin(): udmabuf answers EINVAL.
 *
 * Returns: TRUE, or FALSE if what was written may not have reached the memory.
 * Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_sync_end     (gint              dmabuf_fd,
                                         GstDmabufAccess   access,
                                         GError          **error);

G_END_DECLS
