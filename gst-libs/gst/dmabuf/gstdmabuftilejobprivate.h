/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * One plane of a conversion, after all checks: everything that is addressed
 * with it is inside of the memory of both frames.
 */
#pragma once

#include "gstdmabuftilegeometryprivate.h"
#include "gstdmabuftilekernelprivate.h"

G_BEGIN_DECLS

typedef struct
{
  const GstDmabufTilePlane *plane;
  const GstDmabufTileKernels *kernels;
  GstDmabufTileDirection direction;
  guint8 *tiled;                /* start of the plane */
  gsize tiled_stride;
  gsize column_height;          /* rows, for columns only */
  guint n_tile_rows;            /* of the plane */
  guint8 *linear;               /* start of the rectangle */
  gsize linear_stride;
  /* The rectangle in the tiled plane: bytes as if linear, or samples, and
   * rows; the second is the first one outside. */
  guint x0, x1;
  guint y0, y1;
  gboolean stream;              /* large enough to be written past the caches */
} GstDmabufTileJob;

/* For GST_DMABUF_TILE_BYTES. */
void gst_dmabuf_tile_convert_bytes   (const GstDmabufTileJob *job);
/* For the others, which become 16-bit samples. */
void gst_dmabuf_tile_convert_samples (const GstDmabufTileJob *job);

G_END_DECLS
