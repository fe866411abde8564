/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Paints buffers and remembers which of them have the background already. It
 * brings together the picture and the mapped buffer; it knows no element.
 */
#pragma once

#include <gst/dmabuf/gstdmabufcaps.h>
#include <gst/dmabuf/gstdmabuftile.h>

#include "dmabuftestpattern.h"

G_BEGIN_DECLS

/* Used by one thread. All zeros is a painter that has no picture yet. */
typedef struct
{
  DmabufTestPattern *pattern;
  GstDmabufVideoInfo info;
  guint serial;                 /* of the picture, unique in the process */
  guint8 *memory;               /* for tiled formats: rows to make tiles of */
  GstDmabufPixels rows;
} DmabufTestPainter;

/* Prepares for frames of info. Of config, kind, argb and animated count, the
 * rest comes from info. Returns: FALSE if the format cannot be painted; then
 * there is no picture. */
gboolean dmabuf_test_painter_set_picture (DmabufTestPainter * painter,
    const GstDmabufVideoInfo * info, DmabufTestPatternConfig config);

/* Frees the picture; the painter can be set again. */
void     dmabuf_test_painter_clear (DmabufTestPainter * painter);

/* Paints a writable buffer that has the caps of the picture's info: only the
 * parts that move if this buffer was painted before. Returns: FALSE with
 * error as gst_dmabuf_mapped_frame_map(). */
gboolean dmabuf_test_painter_paint (DmabufTestPainter * painter,
    GstBuffer * buffer, guint32 counter, GError ** error);

G_END_DECLS
