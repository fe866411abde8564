/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Planes whose bytes are those of the linear frame, in another place. A row of
 * tiles is cut into chunks; for each, the offsets of its spans are written to a
 * table, from which the kernels work. The tables are on the stack: nothing is
 * allocated for a frame.
 */
#include "gstdmabuftilejobprivate.h"

#include <string.h>

#define MAX_SPAN 64
/* Spans of a chunk, before and behind it perhaps parts of two more. */
#define CHUNK_SPANS 256
#define TABLE_SPANS (CHUNK_SPANS + 2)
/* The widest tile has 256 spans, the highest 512 rows. */
#define MAX_TILE_SPANS 256
#define MAX_TILE_ROWS 512
#define COLUMN_BAND_ROWS 32
/* Bit of the address that VC4's odd rows of tiles differ in. */
#define SERPENTINE_XOR 0x800

typedef struct
{
  const GstDmabufTileJob *job;
  guint span;
  guint span_log2;
  guint32 in_tile_x[MAX_TILE_SPANS];
  guint32 y[MAX_TILE_ROWS];
  guint32 x[TABLE_SPANS];
} Walk;

/* A part of one row of tiles: bytes x0 to x1, rows y0 to y1 of the plane. */
typedef struct
{
  guint8 *base;                 /* what the table's offsets are added to */
  const guint8 *next;           /* the same of the part that comes next */
  const guint32 *y;             /* of row y0 */
  guint x0, x1;
  guint y0, y1;
} Part;

static guint32
deposit (const guint32 * bits, guint value)
{
  guint32 address = 0;

  for (; value != 0; value &= value - 1)
    address ^= bits[__builtin_ctz (value)];
  return address;
}

static void
init_walk (Walk * walk, const GstDmabufTileJob * job)
{
  const GstDmabufTilePlane *plane = job->plane;
  guint i;

  walk->job = job;
  walk->span = MIN (plane->span, MAX_SPAN);
  walk->span_log2 = (guint) __builtin_ctz (walk->span);
  for (i = 0; i < plane->width >> walk->span_log2; i++)
    walk->in_tile_x[i] = deposit (plane->x_bits, i << walk->span_log2);
  if (plane->order == GST_DMABUF_TILE_ORDER_COLUMNS) {
    for (i = 0; i < COLUMN_BAND_ROWS; i++)
      walk->y[i] = i * plane->width;
    return;
  }
  /* Small tiles: some more, for prefetches. */
  for (i = 0; i < MAX (plane->height, 4); i++)
    walk->y[i] = deposit (plane->y_bits, i);
}

static void
move_bytes (const Walk * walk, const Part * part, guint32 x_offset, guint from,
    guint to)
{
  const GstDmabufTileJob *job = walk->job;
  guint r;

  for (r = 0; r < part->y1 - part->y0; r++) {
    guint8 *tiled = part->base + (x_offset ^ part->y[r])
        + (from & (walk->span - 1));
    guint8 *linear = job->linear
        + (part->y0 - job->y0 + r) * job->linear_stride + (from - job->x0);

    if (job->direction == GST_DMABUF_DETILE)
      memcpy (linear, tiled, to - from);
    else
      memcpy (tiled, linear, to - from);
  }
}

/* Whole lines can be written. */
static gboolean
can_stream (const GstDmabufTileJob * job, const guint8 * tiled,
    const guint8 * linear)
{
  if (!job->stream)
    return FALSE;
  if (job->direction == GST_DMABUF_TILE)
    return ((gsize) tiled & 63) == 0;
  return (((gsize) linear | job->linear_stride) & 63) == 0;
}

static void
move_spans (const Walk * walk, const Part * part, const guint32 * x,
    guint first_span, guint end_span)
{
  const GstDmabufTileJob *job = walk->job;
  GstDmabufTileBlock block;

  block.tiled = part->base;
  block.x = x;
  block.y = part->y;
  block.linear = job->linear + (part->y0 - job->y0) * job->linear_stride
      + ((first_span << walk->span_log2) - job->x0);
  block.linear_stride = job->linear_stride;
  block.n_spans = end_span - first_span;
  block.n_rows = part->y1 - part->y0;
  block.next = part->next;
  block.next_y = walk->y;
  block.stream = can_stream (job, block.tiled, block.linear);
  job->kernels->spans[job->direction][walk->span_log2] (&block);
}

static gboolean
is_quads (const Walk * walk, const Part * part)
{
  const GstDmabufTilePlane *plane = walk->job->plane;

  return plane->width == 4 && plane->bytes == 16
      && plane->order == GST_DMABUF_TILE_ORDER_ROWS && part->y1 - part->y0 == 4;
}

static void
move_quads (const Walk * walk, const Part * part, guint first, guint end)
{
  const GstDmabufTileJob *job = walk->job;
  GstDmabufTileGroups groups;

  groups.tiled = part->base + first * (gsize) 16;
  groups.tiled_step = 16;
  groups.linear = job->linear + (part->y0 - job->y0) * job->linear_stride
      + (first * 4 - job->x0);
  groups.linear_stride = job->linear_stride;
  groups.n_groups = end - first;
  groups.stream = can_stream (job, part->base, groups.linear);
  job->kernels->quads[job->direction] (&groups);
}

/* The table begins with the span of part->x0. */
static void
convert_part (const Walk * walk, const Part * part)
{
  guint first = (part->x0 + walk->span - 1) >> walk->span_log2;
  guint end = part->x1 >> walk->span_log2;
  guint table_first = part->x0 >> walk->span_log2;

  if (first > end) {
    /* All in one span. */
    move_bytes (walk, part, walk->x[0], part->x0, part->x1);
    return;
  }
  if (part->x0 < first << walk->span_log2)
    move_bytes (walk, part, walk->x[0], part->x0, first << walk->span_log2);
  if (first < end) {
    if (is_quads (walk, part))
      move_quads (walk, part, first, end);
    else
      move_spans (walk, part, walk->x + (first - table_first), first, end);
  }
  if (part->x1 > end << walk->span_log2)
    move_bytes (walk, part, walk->x[end - table_first],
        end << walk->span_log2, part->x1);
}

/* Offsets of the spans of bytes x0 to x1 in row @tile_row of tiles, from the
 * start of the plane, or of that row where tiles are in rows. */
static void
fill_table (Walk * walk, guint x0, guint x1, guint tile_row)
{
  const GstDmabufTileJob *job = walk->job;
  const GstDmabufTilePlane *plane = job->plane;
  guint n_columns = (guint) (job->tiled_stride / plane->width);
  guint first = x0 >> walk->span_log2;
  guint n = ((x1 + walk->span - 1) >> walk->span_log2) - first, i;
  guint spans_a_tile = plane->width >> walk->span_log2;
  guint tile_column = first / spans_a_tile, in_tile = first % spans_a_tile;

  for (i = 0; i < n; tile_column++) {
    guint32 base, flip = 0;

    if (plane->order == GST_DMABUF_TILE_ORDER_ROWS)
      base = tile_column * plane->bytes;
    else
      base = (guint32) gst_dmabuf_tile_get_index (plane, n_columns,
          job->n_tile_rows, tile_column, tile_row) * plane->bytes;
    if (plane->order == GST_DMABUF_TILE_ORDER_SERPENTINE && (tile_row & 1))
      flip = SERPENTINE_XOR;
    for (; in_tile < spans_a_tile && i < n; in_tile++, i++)
      walk->x[i] = base + (walk->in_tile_x[in_tile] ^ flip);
    in_tile = 0;
  }
}

static void
convert_chunk (Walk * walk, guint x0, guint x1)
{
  const GstDmabufTileJob *job = walk->job;
  const GstDmabufTilePlane *plane = job->plane;
  gboolean in_rows = plane->order == GST_DMABUF_TILE_ORDER_ROWS;
  gsize row_size = job->tiled_stride / plane->width * plane->bytes;
  guint row;

  if (in_rows)
    fill_table (walk, x0, x1, 0);

  for (row = job->y0 / plane->height; row <= (job->y1 - 1) / plane->height;
      row++) {
    guint top = row * plane->height;
    Part part;

    if (!in_rows)
      fill_table (walk, x0, x1, row);
    part.base = job->tiled + (in_rows ? row * row_size : 0);
    part.next = part.base + (in_rows ? row_size : 0);
    part.x0 = x0;
    part.x1 = x1;
    part.y0 = MAX (top, job->y0);
    part.y1 = MIN (top + plane->height, job->y1);
    part.y = walk->y + (part.y0 - top);
    convert_part (walk, &part);
  }
}

/* Rows y0 to y1 of a column. */
static void
convert_column (Walk * walk, guint column, guint y0, guint y1)
{
  const GstDmabufTileJob *job = walk->job;
  guint width = job->plane->width, left = column * width, first, i;
  Part part;

  part.x0 = MAX (left, job->x0);
  part.x1 = MIN (left + width, job->x1);
  first = (part.x0 - left) >> walk->span_log2;
  for (i = first; i < width >> walk->span_log2; i++)
    walk->x[i - first] = walk->in_tile_x[i];

  part.y = walk->y;
  part.y0 = y0;
  part.y1 = y1;
  part.base = job->tiled + (column * job->column_height + y0) * (gsize) width;
  part.next = part.base + job->column_height * width;
  convert_part (walk, &part);
}

/* In bands, so that the rows of the linear frame that are in use at a time are
 * few. */
static void
convert_columns (Walk * walk)
{
  const GstDmabufTileJob *job = walk->job;
  guint width = job->plane->width, y, next, column;

  for (y = job->y0; y < job->y1; y = next) {
    next = MIN (y + COLUMN_BAND_ROWS, job->y1);
    for (column = job->x0 / width; column * width < job->x1; column++)
      convert_column (walk, column, y, next);
  }
}

void
gst_dmabuf_tile_convert_bytes (const GstDmabufTileJob * job)
{
  Walk walk;
  guint x, next;

  init_walk (&walk, job);

  if (job->plane->order == GST_DMABUF_TILE_ORDER_COLUMNS) {
    convert_columns (&walk);
    return;
  }
  for (x = job->x0; x < job->x1; x = next) {
    next = ((x >> walk.span_log2) + CHUNK_SPANS) << walk.span_log2;
    next = MIN (next, job->x1);
    convert_chunk (&walk, x, next);
  }
}
