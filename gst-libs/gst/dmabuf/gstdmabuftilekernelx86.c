/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Kernels for x86, from the same bodies, compiled for each instruction set.
 */
#include "gstdmabuftilekernelsetsprivate.h"

#if defined (__x86_64__) || defined (__i386__)

#include <emmintrin.h>
#include <string.h>

#include "gstdmabuftilevectortypesprivate.h"

#define TARGET_SSE2 __attribute__ ((target ("sse2")))
#define STREAM(to, from) \
    _mm_stream_si128 ((__m128i *) (to), \
        _mm_loadu_si128 ((const __m128i *) (from)))

/* Streamed stores are not ordered before those that follow, such as the one
 * that tells another thread that the frame is ready. */
static TARGET_SSE2 void
finish_streams (void)
{
  _mm_sfence ();
}

#define TARGET TARGET_SSE2
#define NAME(name) sse2_##name
#define HAS_BYTE_SHUFFLE 0
#define LINE_BYTES 16
#include "gstdmabuftilespans.h"
#include "gstdmabuftilevector.h"
#undef TARGET
#undef NAME
#undef HAS_BYTE_SHUFFLE

#define HAS_BYTE_SHUFFLE 1

#define TARGET __attribute__ ((target ("ssse3")))
#define NAME(name) ssse3_##name
#define LINE_BYTES 16
#include "gstdmabuftilespans.h"
#include "gstdmabuftilevector.h"
#undef TARGET
#undef NAME

#define TARGET __attribute__ ((target ("avx2")))
#define NAME(name) avx2_##name
#define LINE_BYTES 32
#include "gstdmabuftilespans.h"
#include "gstdmabuftilevector.h"
#undef TARGET
#undef NAME

#define TARGET __attribute__ ((target ("avx512f,avx512bw,avx512vl")))
#define NAME(name) avx512_##name
#define LINE_BYTES 64
#include "gstdmabuftilespans.h"
#include "gstdmabuftilevector.h"
#undef TARGET
#undef NAME

const GstDmabufTileKernels gst_dmabuf_tile_kernels_sse2 = {
  "sse2",
  GST_DMABUF_TILE_SPANS (sse2_),
  {sse2_detile_quads, sse2_tile_quads},
  {gst_dmabuf_tile_unpack_nv15, gst_dmabuf_tile_pack_nv15},
  {gst_dmabuf_tile_unpack_nv15_quads, gst_dmabuf_tile_pack_nv15_quads},
  {gst_dmabuf_tile_unpack_p030, gst_dmabuf_tile_pack_p030},
  {sse2_unpack_mt2110t, sse2_pack_mt2110t},
  {sse2_unpack_mt2110r, sse2_pack_mt2110r},
  finish_streams,
};

const GstDmabufTileKernels gst_dmabuf_tile_kernels_ssse3 =
GST_DMABUF_TILE_VECTOR_KERNELS ("ssse3", ssse3_, finish_streams);
const GstDmabufTileKernels gst_dmabuf_tile_kernels_avx2 =
GST_DMABUF_TILE_VECTOR_KERNELS ("avx2", avx2_, finish_streams);
const GstDmabufTileKernels gst_dmabuf_tile_kernels_avx512 =
GST_DMABUF_TILE_VECTOR_KERNELS ("avx512", avx512_, finish_streams);

#endif
