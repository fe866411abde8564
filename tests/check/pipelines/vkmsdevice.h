/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Displays of the kernel's vkms driver that a test makes and removes itself,
 * through configfs (Documentation/gpu/vkms.rst).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _VkmsDevice VkmsDevice;

/* Makes a device with one primary plane, one CRTC with writeback, and one
 * connected connector. NULL with @error where the kernel cannot.
 * (transfer full) */
VkmsDevice *vkms_device_new (const gchar * name, GError ** error);

/* Its node, such as /dev/dri/card3. Borrowed. */
const gchar *vkms_device_get_node (const VkmsDevice * device);

/* Removes the display, also while somebody uses it. */
void vkms_device_unplug (VkmsDevice * device);

/* Unplugs and forgets it. */
void vkms_device_free (VkmsDevice * device);

G_END_DECLS
