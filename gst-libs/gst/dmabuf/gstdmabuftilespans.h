/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Bodies of the kernels that move spans of bytes. Included once for each
 * instruction set, with TARGET, the attribute that selects it, NAME(), which
 * makes names of its own, LINE_BYTES, the size of its vectors, and, if it has
 * any, STREAM(), which writes 16 bytes past the caches. Constant sizes are for
 * the compiler: each memcpy() becomes one or a few moves.
 */

/* Four rows at a time, so that a tile whose spans of four rows are one cache
 * line is read, or written, a line at a time. */
#define ROWS 4

/* Tiles make many short streams, of which the prefetchers of CPUs follow a few
 * only: fetches the lines of a span that will be next. */
static inline TARGET __attribute__ ((always_inline)) void
NAME (prefetch_span) (const guint8 * base, guint32 x, const guint32 * y,
    const guint span)
{
  guint r;

  for (r = 0; r < ROWS; r += span < 64 ? 64 / span : 1)
    __builtin_prefetch (base + (x ^ y[r]));
}

#if LINE_BYTES > 16
/* Four spans of 16 bytes are a cache line, written with one instruction, or
 * two: the CPU need not fetch the line before. */
static inline TARGET __attribute__ ((always_inline)) void
NAME (move_line) (guint8 * to, const guint8 * a, const guint8 * b,
    const guint8 * c, const guint8 * d)
{
  Longs v[4];
  Longs2 lower, upper;
#if LINE_BYTES == 64
  Longs4 all;
#endif

  memcpy (&v[0], a, 16);
  memcpy (&v[1], b, 16);
  memcpy (&v[2], c, 16);
  memcpy (&v[3], d, 16);
  lower = __builtin_shufflevector (v[0], v[1], 0, 1, 2, 3);
  upper = __builtin_shufflevector (v[2], v[3], 0, 1, 2, 3);
#if LINE_BYTES == 64
  all = __builtin_shufflevector (lower, upper, 0, 1, 2, 3, 4, 5, 6, 7);
  memcpy (to, &all, 64);
#else
  memcpy (to, &lower, 32);
  memcpy (to + 32, &upper, 32);
#endif
}
#endif

#if LINE_BYTES >= 16
/* One row of a group, 64 bytes, past the caches. */
static inline TARGET __attribute__ ((always_inline)) void
NAME (stream_group) (guint8 * to, const GstDmabufTileBlock * b, guint i,
    guint32 y, const guint span)
{
  guint j;

#pragma GCC unroll 4
  for (j = 0; j < 64; j += 16)
    STREAM (to + j, b->tiled + (b->x[i + j / span] ^ y) + j % span);
}
#endif

static inline TARGET __attribute__ ((always_inline)) void
NAME (detile_rows) (const GstDmabufTileBlock * b, guint row, const guint span,
    const guint n_rows, const gboolean stream)
{
  const guint group = span < 64 ? 64 / span : 1;
  gboolean is_last = row + n_rows + ROWS > b->n_rows;
  const guint8 *next = is_last ? b->next : b->tiled;
  const guint32 *next_y = is_last ? b->next_y : b->y + row + n_rows;
  guint i, j, r;

  for (i = 0; i + group <= b->n_spans; i += group) {
    if (span >= 16 && n_rows == ROWS) {
      for (j = 0; j < group; j++)
        NAME (prefetch_span) (next, b->x[i + j], next_y, span);
    }
    for (r = 0; r < n_rows; r++) {
      guint8 *out = b->linear + (row + r) * b->linear_stride
          + (gsize) i * span;

#if LINE_BYTES >= 16
      if (stream) {
        NAME (stream_group) (out, b, i, b->y[row + r], span);
        continue;
      }
#endif
#if LINE_BYTES > 16
      if (span == 16) {
        guint32 y = b->y[row + r];

        NAME (move_line) (out, b->tiled + (b->x[i] ^ y),
            b->tiled + (b->x[i + 1] ^ y), b->tiled + (b->x[i + 2] ^ y),
            b->tiled + (b->x[i + 3] ^ y));
        continue;
      }
#endif
#pragma GCC unroll 64
      for (j = 0; j < group; j++)
        memcpy (out + j * span, b->tiled + (b->x[i + j] ^ b->y[row + r]),
            span);
    }
  }
  for (; i < b->n_spans; i++) {
    for (r = 0; r < n_rows; r++)
      memcpy (b->linear + (row + r) * b->linear_stride + (gsize) i * span,
          b->tiled + (b->x[i] ^ b->y[row + r]), span);
  }
}

#if LINE_BYTES >= 16
/* Whether four rows of a span are whole cache lines. */
static inline gboolean
NAME (has_lines) (const GstDmabufTileBlock * b, guint row, const guint span)
{
  const guint32 *y = b->y + row;

  return span == 64 || (span >= 16 && y[0] % 64 == 0 && y[1] == y[0] + span
      && y[2] == y[0] + 2 * span && y[3] == y[0] + 3 * span);
}

/* Four rows, past the caches, so that nothing need be fetched before. */
static inline TARGET __attribute__ ((always_inline)) void
NAME (stream_tile_rows) (const GstDmabufTileBlock * b, guint row,
    const guint span)
{
  guint i, j, r;

  for (i = 0; i < b->n_spans; i++) {
    const guint8 *in = b->linear + row * b->linear_stride + (gsize) i * span;

#pragma GCC unroll 4
    for (r = 0; r < ROWS; r++) {
      guint8 *out = b->tiled + (b->x[i] ^ b->y[row + r]);

#pragma GCC unroll 4
      for (j = 0; j < span; j += 16)
        STREAM (out + j, in + r * b->linear_stride + j);
    }
  }
}
#endif

static inline TARGET __attribute__ ((always_inline)) void
NAME (tile_rows) (const GstDmabufTileBlock * b, guint row, const guint span,
    const guint n_rows)
{
  const guint group = span < 64 ? 64 / span : 1;
  gboolean is_last = row + n_rows + ROWS > b->n_rows;
  const guint8 *next = is_last ? b->next : b->tiled;
  const guint32 *next_y = is_last ? b->next_y : b->y + row + n_rows;
#if LINE_BYTES > 16
  /* The four rows lie in 64 bytes one after the other. */
  gboolean is_line = span == 16 && n_rows == ROWS
      && NAME (has_lines) (b, row, span);
#endif
  guint i, j, r;

  for (i = 0; i + group <= b->n_spans; i += group) {
    for (j = 0; j < group; j++) {
      const guint8 *in = b->linear + row * b->linear_stride
          + (gsize) (i + j) * span;

      if (span >= 16 && n_rows == ROWS)
        NAME (prefetch_span) (next, b->x[i + j], next_y, span);
#if LINE_BYTES > 16
      if (is_line) {
        NAME (move_line) (b->tiled + (b->x[i + j] ^ b->y[row]), in,
            in + b->linear_stride, in + 2 * b->linear_stride,
            in + 3 * b->linear_stride);
        continue;
      }
#endif
#pragma GCC unroll 4
      for (r = 0; r < n_rows; r++)
        memcpy (b->tiled + (b->x[i + j] ^ b->y[row + r]),
            in + r * b->linear_stride, span);
    }
  }
  for (; i < b->n_spans; i++) {
    for (r = 0; r < n_rows; r++)
      memcpy (b->tiled + (b->x[i] ^ b->y[row + r]),
          b->linear + (row + r) * b->linear_stride + (gsize) i * span, span);
  }
}

#define DEFINE_DETILE(span) \
static TARGET void \
NAME (detile_##span) (const GstDmabufTileBlock * b) \
{ \
  guint row; \
\
  if (LINE_BYTES >= 16 && span >= 16 && b->stream) { \
    for (row = 0; row + ROWS <= b->n_rows; row += ROWS) \
      NAME (detile_rows) (b, row, span, ROWS, LINE_BYTES >= 16); \
  } else { \
    for (row = 0; row + ROWS <= b->n_rows; row += ROWS) \
      NAME (detile_rows) (b, row, span, ROWS, FALSE); \
  } \
  for (; row < b->n_rows; row++) \
    NAME (detile_rows) (b, row, span, 1, FALSE); \
}

#if LINE_BYTES >= 16
#define CAN_STREAM(b, row, span) \
    (span >= 16 && (b)->stream && NAME (has_lines) (b, row, span))
#define STREAM_TILE_ROWS NAME (stream_tile_rows)
#else
#define CAN_STREAM(b, row, span) FALSE
#define STREAM_TILE_ROWS(b, row, span)
#endif

#define DEFINE_TILE(span) \
static TARGET void \
NAME (tile_##span) (const GstDmabufTileBlock * b) \
{ \
  guint row; \
\
  for (row = 0; row + ROWS <= b->n_rows; row += ROWS) { \
    if (CAN_STREAM (b, row, span)) \
      STREAM_TILE_ROWS (b, row, span); \
    else \
      NAME (tile_rows) (b, row, span, ROWS); \
  } \
  for (; row < b->n_rows; row++) \
    NAME (tile_rows) (b, row, span, 1); \
}

DEFINE_DETILE (1)
DEFINE_DETILE (2)
DEFINE_DETILE (4)
DEFINE_DETILE (8)
DEFINE_DETILE (16)
DEFINE_DETILE (32)
DEFINE_DETILE (64)
DEFINE_TILE (1)
DEFINE_TILE (2)
DEFINE_TILE (4)
DEFINE_TILE (8)
DEFINE_TILE (16)
DEFINE_TILE (32)
DEFINE_TILE (64)

#undef DEFINE_DETILE
#undef DEFINE_TILE
#undef CAN_STREAM
#undef STREAM_TILE_ROWS
#undef ROWS
#undef LINE_BYTES
