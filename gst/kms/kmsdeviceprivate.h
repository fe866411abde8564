/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What kmsdevice.c does for kmsdevicesearch.c: one device, not yet judged.
 */
#pragma once

#include "kmsdevice.h"

G_BEGIN_DECLS

/* Opens the node at @path. The caller does kms_device_check() before use. */
KmsDevice *kms_device_open (const gchar * path, GError ** error);

/* Takes a duplicate of @fd, a primary node of which the application is master.
 * The caller does kms_device_check() before use. */
KmsDevice *kms_device_adopt (gint fd, GError ** error);

/* Turns atomic mode setting on and reads capabilities and limits; UNSUPPORTED
 * if the device lacks what we need. */
gboolean kms_device_check (KmsDevice * device, GError ** error);

G_END_DECLS
