/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Where the bytes of a tiled plane are, as data. Knows no pointers and moves
 * nothing.
 */
#pragma once

#include "gstdmabuftile.h"

G_BEGIN_DECLS

/* How tiles follow each other in memory. */
typedef enum
{
  GST_DMABUF_TILE_ORDER_LINEAR, /* no tiles, but a coding of their own */
  GST_DMABUF_TILE_ORDER_ROWS,   /* row after row, left to right */
  GST_DMABUF_TILE_ORDER_Z,      /* Samsung's Z, mirrored Z, in pairs of rows */
  GST_DMABUF_TILE_ORDER_SERPENTINE,     /* VC4: odd rows right to left */
  GST_DMABUF_TILE_ORDER_COLUMNS,        /* SAND: a column is one tile */
} GstDmabufTileOrder;

/* What the bytes of a tile are. */
typedef enum
{
  GST_DMABUF_TILE_BYTES,        /* those of the linear frame */
  GST_DMABUF_TILE_NV15,         /* 4 samples of 10 bits in 5 bytes */
  GST_DMABUF_TILE_P030,         /* 3 samples of 10 bits in 4 bytes */
  GST_DMABUF_TILE_MT2110T,      /* 16x4 samples: 16 bytes with the low bits, a
                                 * byte a column, then 64 bytes of high bits */
  GST_DMABUF_TILE_MT2110R,      /* the same, low bits 4 bytes a row */
} GstDmabufTileCoding;

#define GST_DMABUF_TILE_MAX_BITS 18

/* One plane. Inside of a tile of GST_DMABUF_TILE_BYTES the address of byte x of
 * row y is the exclusive or of x_bits[i] of the bits i that are set in x, and
 * of y_bits[i] of those that are set in y. The lowest bits of x are the lowest
 * bits of the address: @span is how many bytes that keeps together. */
typedef struct
{
  GstDmabufTileOrder order;
  GstDmabufTileCoding coding;
  guint width;                  /* bytes, as if linear */
  guint height;                 /* rows */
  guint bytes;                  /* in memory */
  guint span;
  guint32 x_bits[GST_DMABUF_TILE_MAX_BITS];
  guint32 y_bits[GST_DMABUF_TILE_MAX_BITS];
} GstDmabufTilePlane;

typedef struct
{
  const GstDmabufFormatInfo *info;
  const GstDmabufFormatInfo *linear;
  guint n_planes;
  gboolean has_columns;
  guint64 column_height;        /* 0: not said */
  GstDmabufTilePlane planes[GST_DMABUF_MAX_PLANES];
} GstDmabufTileGeometry;

/* As gst_dmabuf_tile_info_get(). */
gboolean gst_dmabuf_tile_geometry_get (GstDmabufTileGeometry *geometry,
                                       const GstDmabufFormat *format,
                                       GError               **error);

/* The modifier of SAND columns of this height. */
guint64  gst_dmabuf_tile_set_column_height (guint64 modifier, guint64 height);

/* The index of a tile in a plane of n_columns x n_rows tiles; not for
 * columns. */
guint64  gst_dmabuf_tile_get_index    (const GstDmabufTilePlane *plane,
                                       guint64                   n_columns,
                                       guint64                   n_rows,
                                       guint64                   column,
                                       guint64                   row);

/* Bytes that a plane needs for rows of @row_bytes bytes. G_MAXUINT64 if that
 * is beyond 4 GiB. @stride is whole tiles. */
guint64  gst_dmabuf_tile_plane_get_size (const GstDmabufTileGeometry *geometry,
                                         guint                        plane,
                                         guint64                      stride,
                                         guint64                      row_bytes,
                                         guint64                      n_rows);

/* Parts of gst_dmabuf_tile_layout_check(). */
gboolean gst_dmabuf_tile_check_stride (const GstDmabufTileGeometry *geometry,
                                       guint                        plane,
                                       guint                        stride,
                                       guint                        width,
                                       GError                     **error);
gboolean gst_dmabuf_tile_check_columns (const GstDmabufTileGeometry *geometry,
                                        const GstDmabufFormat       *format,
                                        GError                     **error);

G_END_DECLS
