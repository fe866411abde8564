/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A buffer as a canvas: every plane mapped for writing, each memory once. It
 * knows buffers and where their planes are; it does not know what is painted.
 */
#pragma once

#include <gst/dmabuf/gstdmabufframe.h>

#include "dmabuftestpattern.h"

G_BEGIN_DECLS

/* A mapped buffer. */
typedef struct
{
  DmabufTestCanvas canvas;
  /*< private >*/
  guint n_memories;             /* mapped dma-bufs; 0: frame is used instead */
  GstMapInfo memories[GST_DMABUF_MAX_PLANES];
  GstVideoFrame frame;
} DmabufTestMap;

/* Maps buffer, whose caps say info. Dma-bufs are mapped per memory and not per
 * plane, so that a frame in one dma-buf costs one bracket of
 * DMA_BUF_IOCTL_SYNC; other memory (system caps only) as GstVideoFrame does.
 * Returns: FALSE with error if the memory contradicts the caps or cannot be
 * written. map is only valid after TRUE, until dmabuf_test_unmap(). */
gboolean dmabuf_test_map (DmabufTestMap * map, GstBuffer * buffer,
    const GstDmabufVideoInfo * info, GError ** error);

void     dmabuf_test_unmap (DmabufTestMap * map);

G_END_DECLS
