/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Bodies of kernels in the vector types of GCC and Clang, for little-endian
 * CPUs. Included once for each instruction set, with TARGET and NAME() as
 * gstdmabuftilespans.h has them, and HAS_BYTE_SHUFFLE, whether one instruction
 * can order the bytes of a vector anew. Where it cannot, kernels that need it
 * are left out.
 *
 * Nothing is read or written outside of the groups: vectors that would reach
 * beyond the last one are left to the plain kernels.
 */

#define SHUFFLE __builtin_shufflevector
#define INLINE static inline TARGET __attribute__ ((always_inline))

INLINE Bytes
NAME (load) (const guint8 * from)
{
  Bytes v;

  memcpy (&v, from, 16);
  return v;
}

INLINE Bytes
NAME (load_4) (const guint8 * from)
{
  Words v = { 0 };
  guint32 four;

  memcpy (&four, from, 4);
  v[0] = four;
  return (Bytes) v;
}

INLINE void
NAME (store) (guint8 * to, Bytes v)
{
  memcpy (to, &v, 16);
}

/* Past the caches, or not. */
INLINE void
NAME (put) (guint8 * to, Bytes v, const gboolean stream)
{
  if (stream)
    STREAM (to, &v);
  else
    memcpy (to, &v, 16);
}

#define DEFINE_STREAMED(name) \
static TARGET void \
NAME (name) (const GstDmabufTileGroups * g) \
{ \
  if (g->stream) \
    NAME (name##_to) (g, TRUE); \
  else \
    NAME (name##_to) (g, FALSE); \
}

/* 4 rows of 4 words become 4 columns. */
INLINE void
NAME (transpose) (Bytes v[4])
{
  Words a = SHUFFLE ((Words) v[0], (Words) v[1], 0, 4, 1, 5);
  Words b = SHUFFLE ((Words) v[2], (Words) v[3], 0, 4, 1, 5);
  Words c = SHUFFLE ((Words) v[0], (Words) v[1], 2, 6, 3, 7);
  Words d = SHUFFLE ((Words) v[2], (Words) v[3], 2, 6, 3, 7);

  v[0] = (Bytes) SHUFFLE (a, b, 0, 1, 4, 5);
  v[1] = (Bytes) SHUFFLE (a, b, 2, 3, 6, 7);
  v[2] = (Bytes) SHUFFLE (c, d, 0, 1, 4, 5);
  v[3] = (Bytes) SHUFFLE (c, d, 2, 3, 6, 7);
}

/* Four tiles a turn; the compiler is told to take four turns at once, so that
 * whole cache lines are written. */
INLINE void
NAME (detile_quads_to) (const GstDmabufTileGroups * g, const gboolean stream)
{
  GstDmabufTileGroups rest = *g;
  guint i, j;

#pragma GCC unroll 4
  for (i = 0; i + 4 <= g->n_groups; i += 4) {
    const guint8 *in = g->tiled + (gsize) i * 16;
    guint8 *out = g->linear + (gsize) i * 4;
    Bytes v[4];

#pragma GCC unroll 4
    for (j = 0; j < 4; j++)
      v[j] = NAME (load) (in + j * 16);
    NAME (transpose) (v);
#pragma GCC unroll 4
    for (j = 0; j < 4; j++)
      NAME (put) (out + j * g->linear_stride, v[j], stream);
  }
  rest.tiled += (gsize) i * 16;
  rest.linear += (gsize) i * 4;
  rest.n_groups -= i;
  gst_dmabuf_tile_kernels_plain.quads[GST_DMABUF_DETILE] (&rest);
}

DEFINE_STREAMED (detile_quads)

INLINE void
NAME (tile_quads_to) (const GstDmabufTileGroups * g, const gboolean stream)
{
  GstDmabufTileGroups rest = *g;
  guint i, j;

#pragma GCC unroll 4
  for (i = 0; i + 4 <= g->n_groups; i += 4) {
    const guint8 *in = g->linear + (gsize) i * 4;
    guint8 *out = g->tiled + (gsize) i * 16;
    Bytes v[4];

#pragma GCC unroll 4
    for (j = 0; j < 4; j++)
      v[j] = NAME (load) (in + j * g->linear_stride);
    NAME (transpose) (v);
#pragma GCC unroll 4
    for (j = 0; j < 4; j++)
      NAME (put) (out + j * 16, v[j], stream);
  }
  rest.tiled += (gsize) i * 16;
  rest.linear += (gsize) i * 4;
  rest.n_groups -= i;
  gst_dmabuf_tile_kernels_plain.quads[GST_DMABUF_TILE] (&rest);
}

DEFINE_STREAMED (tile_quads)

/* Bytes to 16 bits: as they are, and as the upper half. */
#define WIDEN_LOW(v, zero) \
    ((Halves) SHUFFLE (v, zero, 0, 16, 1, 17, 2, 18, 3, 19, \
        4, 20, 5, 21, 6, 22, 7, 23))
#define WIDEN_HIGH(v, zero) \
    ((Halves) SHUFFLE (v, zero, 8, 24, 9, 25, 10, 26, 11, 27, \
        12, 28, 13, 29, 14, 30, 15, 31))
#define RAISE_LOW(v, zero) \
    ((Halves) SHUFFLE (zero, v, 0, 16, 1, 17, 2, 18, 3, 19, \
        4, 20, 5, 21, 6, 22, 7, 23))
#define RAISE_HIGH(v, zero) \
    ((Halves) SHUFFLE (zero, v, 8, 24, 9, 25, 10, 26, 11, 27, \
        12, 28, 13, 29, 14, 30, 15, 31))
/* Lower and upper bytes of 16 times 16 bits. */
#define EVEN_BYTES(a, b) \
    SHUFFLE (a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD_BYTES(a, b) \
    SHUFFLE (a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)

/* One byte of low bits is one column: row r has bits 2r and 2r+1. */
INLINE void
NAME (unpack_mt2110t_to) (const GstDmabufTileGroups * g, const gboolean stream)
{
  const Bytes zero = { 0 };
  guint i, r;

  for (i = 0; i < g->n_groups; i++) {
    const guint8 *in = g->tiled + i * g->tiled_step;
    guint8 *out = g->linear + (gsize) i * 32;
    Bytes low = NAME (load) (in);
    Halves first = WIDEN_LOW (low, zero), second = WIDEN_HIGH (low, zero);

#pragma GCC unroll 4
    for (r = 0; r < 4; r++) {
      Bytes high = NAME (load) (in + 16 + r * 16);
      Halves a = (first << (6 - 2 * r) & 0xc0) | RAISE_LOW (high, zero);
      Halves b = (second << (6 - 2 * r) & 0xc0) | RAISE_HIGH (high, zero);

      NAME (put) (out + r * g->linear_stride, (Bytes) a, stream);
      NAME (put) (out + r * g->linear_stride + 16, (Bytes) b, stream);
    }
  }
}

DEFINE_STREAMED (unpack_mt2110t)

static TARGET void
NAME (pack_mt2110t) (const GstDmabufTileGroups * g)
{
  guint i, r;

  for (i = 0; i < g->n_groups; i++) {
    const guint8 *in = g->linear + (gsize) i * 32;
    guint8 *out = g->tiled + i * g->tiled_step;
    Halves low = { 0 };

#pragma GCC unroll 4
    for (r = 0; r < 4; r++) {
      Bytes a = NAME (load) (in + r * g->linear_stride);
      Bytes b = NAME (load) (in + r * g->linear_stride + 16);

      NAME (store) (out + 16 + r * 16, ODD_BYTES (a, b));
      /* Two bits of each byte stay in their byte. */
      low |= ((Halves) EVEN_BYTES (a, b) & 0xc0c0) >> (6 - 2 * r);
    }
    NAME (store) (out, (Bytes) low);
  }
}

/* One byte of low bits is four columns of one row. */
INLINE void
NAME (unpack_mt2110r_to) (const GstDmabufTileGroups * g, const gboolean stream)
{
  const Halves shift = { 64, 16, 4, 1, 64, 16, 4, 1 };
  const Bytes zero = { 0 };
  guint i, r;

  for (i = 0; i < g->n_groups; i++) {
    const guint8 *in = g->tiled + i * g->tiled_step;
    guint8 *out = g->linear + (gsize) i * 32;

#pragma GCC unroll 4
    for (r = 0; r < 4; r++) {
      Bytes high = NAME (load) (in + 16 + r * 16);
      Bytes four = NAME (load_4) (in + r * 4);
      Bytes low = SHUFFLE (four, four, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3,
          3, 3, 3);
      Halves a = (WIDEN_LOW (low, zero) * shift & 0xc0)
          | RAISE_LOW (high, zero);
      Halves b = (WIDEN_HIGH (low, zero) * shift & 0xc0)
          | RAISE_HIGH (high, zero);

      NAME (put) (out + r * g->linear_stride, (Bytes) a, stream);
      NAME (put) (out + r * g->linear_stride + 16, (Bytes) b, stream);
    }
  }
}

DEFINE_STREAMED (unpack_mt2110r)

static TARGET void
NAME (pack_mt2110r) (const GstDmabufTileGroups * g)
{
  guint i, r;

  for (i = 0; i < g->n_groups; i++) {
    const guint8 *in = g->linear + (gsize) i * 32;
    guint8 *out = g->tiled + i * g->tiled_step;
    Bytes low[4];

#pragma GCC unroll 4
    for (r = 0; r < 4; r++) {
      Bytes a = NAME (load) (in + r * g->linear_stride);
      Bytes b = NAME (load) (in + r * g->linear_stride + 16);
      Words bits = (Words) (((Halves) EVEN_BYTES (a, b) & 0xc0c0) >> 6);

      NAME (store) (out + 16 + r * 16, ODD_BYTES (a, b));
      bits |= bits >> 6;
      bits |= bits >> 12;
      low[r] = (Bytes) bits;
    }
    /* The lowest byte of each word. */
    low[0] = EVEN_BYTES (low[0], low[1]);
    low[2] = EVEN_BYTES (low[2], low[3]);
    NAME (store) (out, EVEN_BYTES (low[0], low[2]));
  }
}

#if HAS_BYTE_SHUFFLE

/* Each sample is in two bytes that are shuffled to its place; a multiplication
 * shifts each by another amount. Samples are 5/4 bytes apart. */
INLINE Bytes
NAME (unpack_nv15_vector) (Bytes v)
{
  const Halves shift = { 64, 16, 4, 1, 64, 16, 4, 1 };

  v = SHUFFLE (v, v, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9);
  return (Bytes) ((Halves) v * shift & 0xffc0);
}

/* 10 bytes. */
INLINE Bytes
NAME (pack_nv15_vector) (Bytes v)
{
  Words pairs = ((Words) v >> 6 & 0x3ff) | ((Words) v >> 12 & 0xffc00);
  Longs all = ((Longs) pairs & 0xfffff)
      | ((Longs) pairs >> 12 & 0xfffff00000);

  return SHUFFLE ((Bytes) all, (Bytes) all, 0, 1, 2, 3, 4, 8, 9, 10, 11, 12,
      0, 0, 0, 0, 0, 0);
}

INLINE void
NAME (store_10) (guint8 * to, Bytes v)
{
  Longs longs = (Longs) v;
  guint64 low = longs[0];
  guint16 high = (guint16) longs[1];

  memcpy (to, &low, 8);
  memcpy (to + 8, &high, 2);
}

INLINE void
NAME (unpack_nv15_to) (const GstDmabufTileGroups * g, const gboolean stream)
{
  GstDmabufTileGroups rest = *g;
  guint i;

  /* 16 bytes are more than 3 groups. */
  for (i = 0; i + 4 <= g->n_groups; i += 2)
    NAME (put) (g->linear + (gsize) i * 8,
        NAME (unpack_nv15_vector) (NAME (load) (g->tiled + (gsize) i * 5)),
        stream);
  rest.tiled += (gsize) i * 5;
  rest.linear += (gsize) i * 8;
  rest.n_groups -= i;
  gst_dmabuf_tile_kernels_plain.nv15[GST_DMABUF_DETILE] (&rest);
}

DEFINE_STREAMED (unpack_nv15)

static TARGET void
NAME (pack_nv15) (const GstDmabufTileGroups * g)
{
  GstDmabufTileGroups rest = *g;
  guint i;

  for (i = 0; i + 2 <= g->n_groups; i += 2)
    NAME (store_10) (g->tiled + (gsize) i * 5,
        NAME (pack_nv15_vector) (NAME (load) (g->linear + (gsize) i * 8)));
  rest.tiled += (gsize) i * 5;
  rest.linear += (gsize) i * 8;
  rest.n_groups -= i;
  gst_dmabuf_tile_kernels_plain.nv15[GST_DMABUF_TILE] (&rest);
}

#define LOWER_HALVES(a, b) \
    (Bytes) SHUFFLE ((Longs) (a), (Longs) (b), 0, 2)
#define UPPER_HALVES(a, b) \
    (Bytes) SHUFFLE ((Longs) (a), (Longs) (b), 1, 3)

/* Two tiles, each a sequence of the groups of its 4 rows. The second load of a
 * tile reaches 6 bytes into the next one. Lines are written in too many turns
 * to be streamed. */
static TARGET void
NAME (unpack_nv15_quads) (const GstDmabufTileGroups * g)
{
  GstDmabufTileGroups rest = *g;
  gsize stride = g->linear_stride;
  guint i, r;

  for (i = 0; i + 3 <= g->n_groups; i += 2) {
    const guint8 *in = g->tiled + (gsize) i * 20;
    guint8 *out = g->linear + (gsize) i * 8;

#pragma GCC unroll 2
    for (r = 0; r < 4; r += 2) {
      Bytes a = NAME (unpack_nv15_vector) (NAME (load) (in + r * 5));
      Bytes b = NAME (unpack_nv15_vector) (NAME (load) (in + 20 + r * 5));

      NAME (store) (out + r * stride, LOWER_HALVES (a, b));
      NAME (store) (out + (r + 1) * stride, UPPER_HALVES (a, b));
    }
  }
  rest.tiled += (gsize) i * 20;
  rest.linear += (gsize) i * 8;
  rest.n_groups -= i;
  gst_dmabuf_tile_kernels_plain.nv15_quads[GST_DMABUF_DETILE] (&rest);
}

static TARGET void
NAME (pack_nv15_quads) (const GstDmabufTileGroups * g)
{
  GstDmabufTileGroups rest = *g;
  gsize stride = g->linear_stride;
  guint i, r;

  for (i = 0; i + 2 <= g->n_groups; i += 2) {
    const guint8 *in = g->linear + (gsize) i * 8;
    guint8 *out = g->tiled + (gsize) i * 20;

#pragma GCC unroll 2
    for (r = 0; r < 4; r += 2) {
      Bytes a = NAME (load) (in + r * stride);
      Bytes b = NAME (load) (in + (r + 1) * stride);

      NAME (store_10) (out + r * 5,
          NAME (pack_nv15_vector) (LOWER_HALVES (a, b)));
      NAME (store_10) (out + 20 + r * 5,
          NAME (pack_nv15_vector) (UPPER_HALVES (a, b)));
    }
  }
  rest.tiled += (gsize) i * 20;
  rest.linear += (gsize) i * 8;
  rest.n_groups -= i;
  gst_dmabuf_tile_kernels_plain.nv15_quads[GST_DMABUF_TILE] (&rest);
}

/* 8 words are 24 samples, 3 vectors. */
INLINE void
NAME (unpack_p030_to) (const GstDmabufTileGroups * g, const gboolean stream)
{
  const Halves shift_0 = { 64, 16, 4, 64, 16, 4, 64, 16 };
  const Halves shift_1 = { 4, 64, 16, 4, 64, 16, 4, 64 };
  const Halves shift_2 = { 16, 4, 64, 16, 4, 64, 16, 4 };
  GstDmabufTileGroups rest = *g;
  guint i;

  for (i = 0; i + 8 <= g->n_groups; i += 8) {
    const guint8 *in = g->tiled + (gsize) i * 4;
    guint8 *out = g->linear + (gsize) i * 6;
    Bytes a = NAME (load) (in), b = NAME (load) (in + 8);
    Bytes c = NAME (load) (in + 16);

    a = SHUFFLE (a, a, 0, 1, 1, 2, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 9, 10);
    b = SHUFFLE (b, b, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 9, 10, 10, 11, 12, 13);
    c = SHUFFLE (c, c, 5, 6, 6, 7, 8, 9, 9, 10, 10, 11, 12, 13, 13, 14, 14,
        15);
    NAME (put) (out, (Bytes) ((Halves) a * shift_0 & 0xffc0), stream);
    NAME (put) (out + 16, (Bytes) ((Halves) b * shift_1 & 0xffc0), stream);
    NAME (put) (out + 32, (Bytes) ((Halves) c * shift_2 & 0xffc0), stream);
  }
  rest.tiled += (gsize) i * 4;
  rest.linear += (gsize) i * 6;
  rest.n_groups -= i;
  gst_dmabuf_tile_kernels_plain.p030[GST_DMABUF_DETILE] (&rest);
}

DEFINE_STREAMED (unpack_p030)

/* 12 samples to 4 words: the first two of each in one vector, the third in
 * another. The loads are 8 bytes apart, so that none reaches too far. */
static TARGET void
NAME (pack_p030) (const GstDmabufTileGroups * g)
{
  GstDmabufTileGroups rest = *g;
  guint i;

  for (i = 0; i + 4 <= g->n_groups; i += 4) {
    const guint8 *in = g->linear + (gsize) i * 6;
    Bytes a = NAME (load) (in), b = NAME (load) (in + 8);
    Words pairs = (Words) SHUFFLE (a, b, 0, 1, 2, 3, 6, 7, 8, 9, 12, 13, 14,
        15, 26, 27, 28, 29);
    Words third = (Words) SHUFFLE (a, b, 4, 5, 4, 5, 10, 11, 10, 11, 24, 25,
        24, 25, 30, 31, 30, 31);

    pairs = (pairs >> 6 & 0x3ff) | (pairs >> 12 & 0xffc00)
        | (third >> 2 & 0x3ff00000);
    NAME (store) (g->tiled + (gsize) i * 4, (Bytes) pairs);
  }
  rest.tiled += (gsize) i * 4;
  rest.linear += (gsize) i * 6;
  rest.n_groups -= i;
  gst_dmabuf_tile_kernels_plain.p030[GST_DMABUF_TILE] (&rest);
}

#undef LOWER_HALVES
#undef UPPER_HALVES
#endif /* HAS_BYTE_SHUFFLE */

#undef SHUFFLE
#undef INLINE
#undef DEFINE_STREAMED
#undef WIDEN_LOW
#undef WIDEN_HIGH
#undef RAISE_LOW
#undef RAISE_HIGH
#undef EVEN_BYTES
#undef ODD_BYTES
