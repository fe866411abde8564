/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The same memory under other caps. It copies no pixel and looks at none.
 */
#pragma once

#include "gstdmabufvideoinfo.h"

G_BEGIN_DECLS

/**
 * gst_dmabuf_buffer_relabel:
 * @buffer: (transfer none): a buffer, of any memory
 * @from: what its caps say
 * @to: what the caps say that it is to travel with: the same size, and the same
 *     bytes in the same layout. Whether they are is the caller's to know; an
 *     implicit format may stand for linear, and alpha may count or not.
 * @error: (nullable): return location
 *
 * Gives the frame the GstVideoMeta that @to asks for. If it has that already,
 * @buffer itself is returned with one more reference. If not, the result is a
 * buffer with the same memories, timestamps, flags and metas, which keeps
 * @buffer alive by a GstParentBufferMeta: its pool gets it back when both are
 * done with, and its own metas stay as they are. The result lets go of the
 * memories first, since pools take back only what nobody shares; a copy of it
 * that lives longer cannot, and then the pool makes a new buffer.
 *
 * Errors: %GST_DMABUF_ERROR_INVALID if a GstVideoMeta contradicts @from, or if
 * there is none and @from does not say where planes are. Allocates a buffer
 * where the meta differs, and nothing else. Any thread.
 *
 * Returns: (transfer full) (nullable): the buffer, or %NULL with @error
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstBuffer *   gst_dmabuf_buffer_relabel     (GstBuffer *buffer,
                                             const GstDmabufVideoInfo *from,
                                             const GstDmabufVideoInfo *to,
                                             GError **error);

G_END_DECLS
