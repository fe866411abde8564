/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A picture that the display controller can read: a frame's dma-bufs, or
 * memory of the device's own, as a DRM framebuffer.
 */
#pragma once

#include <gst/dmabuf/gstdmabufframe.h>

#include "kmsdevice.h"

G_BEGIN_DECLS

/* Constant after creation. Owns one framebuffer id and a ref of the device;
 * the GEM handles of imported memory are closed again at once, because the
 * framebuffer keeps the memory alive. */
typedef struct
{
  KmsDevice *device;
  guint32 id;
  guint32 dumb_handle;          /* 0: memory is not ours */
  GstDmabufFormat format;       /* as the plane sees it */
  guint width, height;
  gboolean leaves_screen;       /* the only field that changes, at the end */
} KmsFramebuffer;

/* Imports @frame as @scanout, its own format or the opaque twin of it. NULL
 * with @error: REFUSED if the kernel does not take this memory or layout. Any
 * thread. (transfer full) */
KmsFramebuffer *kms_framebuffer_import (KmsDevice * device,
    const GstDmabufFrame * frame, const GstDmabufFormat * scanout,
    GError ** error);

/* A framebuffer of zeroed memory of the device, to test with or, as XRGB8888,
 * to show black. Linear and implicit formats only. Any thread.
 * (transfer full) */
KmsFramebuffer *kms_framebuffer_new_blank (KmsDevice * device,
    const GstDmabufFormat * format, guint width, guint height,
    GError ** error);

/* (nullable). What is still on a screen stays there on kernels that have
 * CLOSEFB, and turns its plane off on others or if leaves_screen was set: memory
 * on a screen lives as long as it is there, whoever made it. Any thread. */
void kms_framebuffer_free (KmsFramebuffer * framebuffer);

G_END_DECLS
