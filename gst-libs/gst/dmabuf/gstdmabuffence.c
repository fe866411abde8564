/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The ioctls of dma-bufs and sync_files, each restarted when a signal
 * interrupts it, and the one loop that polls. Does not log.
 */
#define _GNU_SOURCE               /* ppoll */
#include "gstdmabuffence.h"

#include "gstdmabuferror.h"

#include <errno.h>
#include <linux/dma-buf.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

/* Kernel headers older than 6.0 lack these; the running kernel is asked. */
#ifndef DMA_BUF_IOCTL_EXPORT_SYNC_FILE
struct dma_buf_export_sync_file
{
  guint32 flags;
  gint32 fd;
};
struct dma_buf_import_sync_file
{
  guint32 flags;
  gint32 fd;
};
#define DMA_BUF_IOCTL_EXPORT_SYNC_FILE \
  _IOWR (DMA_BUF_BASE, 2, struct dma_buf_export_sync_file)
#define DMA_BUF_IOCTL_IMPORT_SYNC_FILE \
  _IOW (DMA_BUF_BASE, 3, struct dma_buf_import_sync_file)
#endif

#define ACCESS_MASK GST_DMABUF_ACCESS_READWRITE

G_STATIC_ASSERT (GST_DMABUF_ACCESS_READ == DMA_BUF_SYNC_READ);
G_STATIC_ASSERT (GST_DMABUF_ACCESS_WRITE == DMA_BUF_SYNC_WRITE);

static gboolean
is_access (GstDmabufAccess access)
{
  return access != 0 && (access & ~ACCESS_MASK) == 0;
}

static gint
restart_ioctl (gint fd, gulong request, gpointer argument)
{
  gint result;

  do {
    result = ioctl (fd, request, argument);
  } while (result == -1 && (errno == EINTR || errno == EAGAIN));
  return result;
}

gint
gst_dmabuf_fence_export (gint dmabuf_fd, GstDmabufAccess access,
    GError ** error)
{
  struct dma_buf_export_sync_file request = {.flags = access,.fd = -1 };

  g_return_val_if_fail (is_access (access), -1);

  if (restart_ioctl (dmabuf_fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &request)) {
    gst_dmabuf_set_error_errno (error, errno,
        "exporting the fences of dma-buf %d", dmabuf_fd);
    return -1;
  }
  return request.fd;
}

gboolean
gst_dmabuf_fence_import (gint dmabuf_fd, gint fence_fd,
    GstDmabufAccess access, GError ** error)
{
  struct dma_buf_import_sync_file request = {.flags = access,.fd = fence_fd };

  g_return_val_if_fail (is_access (access), FALSE);

  if (restart_ioctl (dmabuf_fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &request)) {
    gst_dmabuf_set_error_errno (error, errno,
        "attaching fence %d to dma-buf %d", fence_fd, dmabuf_fd);
    return FALSE;
  }
  return TRUE;
}

/* ENOTTY from a sync_file ioctl means that the caller's descriptor is none, not
 * that the kernel lacks something. */
static gint
sync_file_errno (gint errnum)
{
  return errnum == ENOTTY || errnum == ENOENT ? EINVAL : errnum;
}

gint
gst_dmabuf_fence_merge (gint a_fd, gint b_fd, GError ** error)
{
  struct sync_merge_data request = {.name = "gst-dmabuf",.fd2 = b_fd };

  if (restart_ioctl (a_fd, SYNC_IOC_MERGE, &request)) {
    gst_dmabuf_set_error_errno (error, sync_file_errno (errno),
        "merging fences %d and %d", a_fd, b_fd);
    return -1;
  }
  return request.fence;
}

static struct timespec
timespec_from_us (gint64 us)
{
  return (struct timespec) {
    .tv_sec = us / G_USEC_PER_SEC,
    .tv_nsec = (us % G_USEC_PER_SEC) * 1000,
  };
}

/* Time left before deadline_us of CLOCK_MONOTONIC. */
static struct timespec
time_left (gint64 deadline_us)
{
  return timespec_from_us (MAX (deadline_us - g_get_monotonic_time (), 0));
}

/* Rounded up: a wait must not end before its time. */
static gint64
timeout_to_us (GstClockTime timeout_ns)
{
  guint64 timeout_us = timeout_ns / 1000 + (timeout_ns % 1000 ? 1 : 0);

  return (gint64) MIN (timeout_us, G_MAXINT64 / 2);
}

static GstDmabufWait
wait_for_events (gint fd, gshort events, gint cancel_fd,
    GstClockTime timeout_ns, GError ** error)
{
  struct pollfd polled[2] = {
    {.fd = fd,.events = events},
    {.fd = cancel_fd,.events = POLLIN},
  };
  gboolean forever = !GST_CLOCK_TIME_IS_VALID (timeout_ns);
  struct timespec left = { 0, 0 };
  gint64 deadline_us = 0;
  gint n;

  if (fd < 0) {
    gst_dmabuf_set_error_errno (error, EBADF, "waiting for descriptor %d", fd);
    return GST_DMABUF_WAIT_ERROR;
  }
  if (!forever && timeout_ns > 0) {
    /* The clock is read once, unless a signal interrupts: where it cannot be
     * read in user space, that is a system call for each frame. */
    left = timespec_from_us (timeout_to_us (timeout_ns));
    deadline_us = g_get_monotonic_time () + timeout_to_us (timeout_ns);
  }

  while ((n = ppoll (polled, 2, forever ? NULL : &left, NULL)) < 0) {
    if (errno != EINTR && errno != EAGAIN) {
      gst_dmabuf_set_error_errno (error, errno, "polling descriptor %d", fd);
      return GST_DMABUF_WAIT_ERROR;
    }
    if (!forever && timeout_ns > 0)
      left = time_left (deadline_us);
  }

  if (polled[0].revents & POLLNVAL) {
    gst_dmabuf_set_error_errno (error, EBADF, "waiting for descriptor %d", fd);
    return GST_DMABUF_WAIT_ERROR;
  }
  if (polled[0].revents & events)
    return GST_DMABUF_WAIT_DONE;
  if (polled[0].revents) {
    gst_dmabuf_set_error_errno (error, EIO, "polling descriptor %d (0x%x)",
        fd, (guint) polled[0].revents);
    return GST_DMABUF_WAIT_ERROR;
  }
  return n > 0 ? GST_DMABUF_WAIT_CANCELLED : GST_DMABUF_WAIT_TIMEOUT;
}

static gboolean
check_fence_status (gint fence_fd, GError ** error)
{
  /* num_fences 0 asks for the status of the whole without a list. */
  struct sync_file_info info;

  memset (&info, 0, sizeof info);
  if (restart_ioctl (fence_fd, SYNC_IOC_FILE_INFO, &info)) {
    gst_dmabuf_set_error_errno (error, sync_file_errno (errno),
        "reading the status of fence %d", fence_fd);
    return FALSE;
  }
  if (info.status < 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "the work behind fence %d failed: %s", fence_fd,
        g_strerror (-info.status));
    return FALSE;
  }
  return TRUE;
}

GstDmabufWait
gst_dmabuf_fence_wait (gint fence_fd, gint cancel_fd, GstClockTime timeout_ns,
    GError ** error)
{
  GstDmabufWait result;

  result = wait_for_events (fence_fd, POLLIN, cancel_fd, timeout_ns, error);
  if (result == GST_DMABUF_WAIT_DONE && !check_fence_status (fence_fd, error))
    result = GST_DMABUF_WAIT_ERROR;
  return result;
}

static gshort
poll_events (GstDmabufAccess access)
{
  return access & GST_DMABUF_ACCESS_WRITE ? POLLOUT : POLLIN;
}

GstDmabufWait
gst_dmabuf_wait_idle (gint dmabuf_fd, GstDmabufAccess access, gint cancel_fd,
    GstClockTime timeout_ns, GError ** error)
{
  g_return_val_if_fail (is_access (access), GST_DMABUF_WAIT_ERROR);

  return wait_for_events (dmabuf_fd, poll_events (access), cancel_fd,
      timeout_ns, error);
}

gboolean
gst_dmabuf_is_busy (gint dmabuf_fd, GstDmabufAccess access)
{
  g_return_val_if_fail (is_access (access), FALSE);

  return wait_for_events (dmabuf_fd, poll_events (access), -1, 0, NULL)
      == GST_DMABUF_WAIT_TIMEOUT;
}

static gboolean
sync_cpu (gint dmabuf_fd, guint64 flags, GError ** error)
{
  struct dma_buf_sync request = {.flags = flags };

  if (restart_ioctl (dmabuf_fd, DMA_BUF_IOCTL_SYNC, &request)) {
    gst_dmabuf_set_error_errno (error, errno,
        "DMA_BUF_IOCTL_SYNC (0x%x) of dma-buf %d", (guint) flags, dmabuf_fd);
    return FALSE;
  }
  return TRUE;
}

gboolean
gst_dmabuf_sync_begin (gint dmabuf_fd, GstDmabufAccess access, GError ** error)
{
  g_return_val_if_fail (is_access (access), FALSE);

  return sync_cpu (dmabuf_fd, DMA_BUF_SYNC_START | (guint64) access, error);
}

gboolean
gst_dmabuf_sync_end (gint dmabuf_fd, GstDmabufAccess access, GError ** error)
{
  g_return_val_if_fail (is_access (access), FALSE);

  return sync_cpu (dmabuf_fd, DMA_BUF_SYNC_END | (guint64) access, error);
}
