/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Fences that a test signals itself: timelines of the kernel's sw_sync
 * (drivers/dma-buf/sw_sync.c; no header of the kernel's user interface has its
 * ioctls).
 */
#pragma once

#include "dmabuftest.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#define SW_SYNC_NODE "/sys/kernel/debug/sync/sw_sync"

struct sw_sync_create_fence_data
{
  guint32 value;
  gchar name[32];
  gint32 fence;
};

#define SW_SYNC_IOC_CREATE_FENCE \
  _IOWR ('W', 0, struct sw_sync_create_fence_data)
#define SW_SYNC_IOC_INC _IOW ('W', 1, guint32)

/* A timeline at 0. Closing it signals its fences with the error ENOENT. */
static inline gint
sw_sync_open (void)
{
  gint fd = open (SW_SYNC_NODE, O_RDWR | O_CLOEXEC);

  fail_unless (fd >= 0);
  return fd;
}

/* A fence that signals when the timeline has reached value. */
static inline gint
sw_sync_fence (gint timeline_fd, guint32 value)
{
  struct sw_sync_create_fence_data data = {.value = value,.name = "test" };

  fail_unless (ioctl (timeline_fd, SW_SYNC_IOC_CREATE_FENCE, &data) == 0);
  fail_unless (fcntl (data.fence, F_GETFD) & FD_CLOEXEC);
  return data.fence;
}

static inline void
sw_sync_advance (gint timeline_fd, guint32 by)
{
  fail_unless (ioctl (timeline_fd, SW_SYNC_IOC_INC, &by) == 0);
}
