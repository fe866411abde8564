/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What exporters share inside the library: opening a node with a remedy in the
 * message, and sealed memfds.
 */
#pragma once

#include "dmabuf-prelude.h"

G_BEGIN_DECLS

/**
 * GstDmabufRemedy:
 * @missing: what brings the node if it is not there
 * @denied: what lets this user open it
 *
 * Texts for the messages of gst_dmabuf_open_node().
 */
typedef struct
{
  const gchar *missing;
  const gchar *denied;
} GstDmabufRemedy;

/**
 * gst_dmabuf_open_node:
 * @path: a device node
 * @flags: flags of open(); O_CLOEXEC is added
 * @remedy: what would help
 * @error: (nullable): return location for an error
 *
 * Returns: a descriptor that the caller closes, or -1 with the code of
 * gst_dmabuf_error_from_errno() and the remedy in the message.
 */
gint            gst_dmabuf_open_node           (const gchar            *path,
                                                gint                    flags,
                                                const GstDmabufRemedy  *remedy,
                                                GError                **error);

/**
 * gst_dmabuf_round_to_pages:
 * @size_bytes: a size
 * @rounded_bytes: (out): @size_bytes rounded up to whole pages
 * @error: (nullable): return location for an error
 *
 * Returns: TRUE, or FALSE with EXHAUSTED if that is more than the machine has.
 */
gboolean        gst_dmabuf_round_to_pages      (gsize                   size_bytes,
                                                gsize                  *rounded_bytes,
                                                GError                **error);

/**
 * gst_dmabuf_create_sealed_memfd:
 * @size_bytes: whole pages
 * @error: (nullable): return location for an error
 *
 * Makes a memfd of zeros whose size is sealed, close-on-exec.
 *
 * Returns: a descriptor that the caller closes, or -1.
 */
gint            gst_dmabuf_create_sealed_memfd (gsize                   size_bytes,
                                                GError                **error);

G_END_DECLS
