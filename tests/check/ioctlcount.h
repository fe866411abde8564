/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * An ioctl() of the test program, in front of that of the C library: counts the
 * brackets around CPU access and makes them fail on demand. Include it in one
 * file of a program only.
 */
#pragma once

#include "dmabuftest.h"

#include <errno.h>

#include <linux/dma-buf.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

/* Calls of DMA_BUF_IOCTL_SYNC by their flags, and of all others. */
static gint ioctl_sync_calls[8];
static gint ioctl_other_calls;

/* The next calls of DMA_BUF_IOCTL_SYNC fail: how many, and with what. */
static gint ioctl_sync_failures;
static gint ioctl_sync_errno;

__attribute__ ((visibility ("default")))
int ioctl (int fd, unsigned long request, ...);

int
ioctl (int fd, unsigned long request, ...)
{
  gpointer argument;
  va_list args;

  va_start (args, request);
  argument = va_arg (args, gpointer);
  va_end (args);

  if (request != DMA_BUF_IOCTL_SYNC) {
    g_atomic_int_inc (&ioctl_other_calls);
    return syscall (SYS_ioctl, fd, request, argument);
  }
  if (ioctl_sync_failures > 0) {
    ioctl_sync_failures--;
    errno = ioctl_sync_errno;
    return -1;
  }
  g_atomic_int_inc (&ioctl_sync_calls[((struct dma_buf_sync *) argument)->flags
          & 7]);
  return syscall (SYS_ioctl, fd, request, argument);
}

/* Brackets with these flags that were opened or closed since the last call of
 * ioctl_reset_counts(). */
static inline gint
ioctl_count_sync (guint flags)
{
  return g_atomic_int_get (&ioctl_sync_calls[flags]);
}

static inline gint
ioctl_count_all_sync (void)
{
  guint i;
  gint n = 0;

  for (i = 0; i < G_N_ELEMENTS (ioctl_sync_calls); i++)
    n += ioctl_count_sync (i);
  return n;
}

static inline void
ioctl_reset_counts (void)
{
  memset (ioctl_sync_calls, 0, sizeof ioctl_sync_calls);
  ioctl_other_calls = 0;
}
