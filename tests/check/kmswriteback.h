/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What a display of the kernel's vkms driver shows, read back through its
 * writeback connector. The display's master owns the writeback, so a program
 * that wants to see what a sink shows opens the device here, and hands the
 * file descriptor to the sink (property "fd").
 *
 * What vkms gets wrong itself cannot be judged with it: it reads frames of
 * several dma-bufs and frames whose first plane is not at offset 0 wrongly.
 */
#pragma once

#include "picture.h"

G_BEGIN_DECLS

typedef struct _KmsWriteback KmsWriteback;

/* Opens the device at @path, or the first of driver "vkms" if NULL, becomes
 * its master, and finds its writeback connector. (transfer full) */
KmsWriteback *kms_writeback_open (const gchar * path, GError ** error);
void kms_writeback_close (KmsWriteback * writeback);

/* Borrowed; for the sink. */
gint kms_writeback_get_fd (KmsWriteback * writeback);

/* What is on the display now. NULL with @error, for instance while it is
 * off. (transfer full) */
Picture *kms_writeback_capture (KmsWriteback * writeback, GError ** error);

G_END_DECLS
