/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The inner loops of tile conversion, one set for each instruction set. They
 * know addresses that somebody else has computed and checked; no formats, no
 * frames, no edges.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Spans are 1 << 0 to 1 << 6 bytes. */
#define GST_DMABUF_TILE_N_SPANS 7

typedef enum
{
  GST_DMABUF_DETILE,
  GST_DMABUF_TILE,
} GstDmabufTileDirection;

/* Spans that follow each other in linear memory: span i of row r lies at
 * @tiled + (@x[i] ^ @y[r]). What is converted after this block will begin at
 * @next + (@x[i] ^ @next_y[0]). */
typedef struct
{
  guint8 *tiled;
  const guint32 *x;
  const guint32 *y;
  guint8 *linear;
  gsize linear_stride;
  guint n_spans;
  guint n_rows;
  const guint8 *next;
  const guint32 *next_y;        /* of at least 4 rows */
  gboolean stream;              /* what is written goes past the caches; it,
                                 * or its rows, are multiples of 64 */
} GstDmabufTileBlock;

/* Equal groups of packed samples, or whole small tiles, that follow each other
 * in linear memory. */
typedef struct
{
  guint8 *tiled;
  gsize tiled_step;             /* from one group to the next */
  guint8 *linear;
  gsize linear_stride;
  guint n_groups;
  gboolean stream;              /* as above, but multiples of 16 */
} GstDmabufTileGroups;

typedef void (*GstDmabufTileBlockFunc) (const GstDmabufTileBlock * block);
typedef void (*GstDmabufTileGroupsFunc) (const GstDmabufTileGroups * groups);

/* Indexed by direction. */
typedef struct
{
  const gchar *name;
  GstDmabufTileBlockFunc spans[2][GST_DMABUF_TILE_N_SPANS];
  /* 4 rows of 4 bytes, 16 bytes apart. */
  GstDmabufTileGroupsFunc quads[2];
  /* 5 bytes to 4 samples, 5 bytes apart. */
  GstDmabufTileGroupsFunc nv15[2];
  /* 4 rows of 5 bytes to 4 rows of 4 samples, 20 bytes apart. */
  GstDmabufTileGroupsFunc nv15_quads[2];
  /* 4 bytes to 3 samples, 4 bytes apart. */
  GstDmabufTileGroupsFunc p030[2];
  /* 80 bytes to 4 rows of 16 samples, @tiled_step apart. */
  GstDmabufTileGroupsFunc mt2110t[2];
  GstDmabufTileGroupsFunc mt2110r[2];
  /* Called after the last of a sequence of calls that streamed; NULL if none
   * does. */
  void (*finish_streams) (void);
} GstDmabufTileKernels;

/* The set that this process uses. */
const GstDmabufTileKernels * gst_dmabuf_tile_kernels_get (void);

G_END_DECLS
