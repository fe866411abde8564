/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Tiled and packed layouts as the CPU sees them: which formats it can read and
 * write, where their planes lie, and moving a rectangle between such planes and
 * linear ones. It maps no memory, knows no buffers and starts no threads.
 */
#pragma once

#include "gstdmabufformatset.h"
#include "gstdmabuflayout.h"

G_BEGIN_DECLS

/**
 * GstDmabufTileInfo:
 * @format: the format asked for
 * @linear_fourcc: fourcc of the linear frame that it is converted from and to:
 *     its own for 8-bit and RGB formats, `P010` for packed 10-bit ones (`NV15`,
 *     `P030`)
 * @n_planes: number of planes, of both frames
 * @tile_width: bytes of one row of a tile of plane i, counted "as if linear":
 *     16 bytes of MM21, 5 bytes of NV15's 4x4 tiles. A stride is a multiple of
 *     it, for the Samsung 64x32 layout of twice as much. SAND and linear
 *     strides need not be; SAND's have no part in addressing.
 * @tile_height: rows of a tile of plane i; 1 for SAND and for linear NV15 and
 *     P030
 * @needs_column_height: the modifier has a parameter, SAND's column height in
 *     rows, and it is 0 here. A layout can be computed, which chooses one, and
 *     caps can be matched, but nothing can be read or written.
 *
 * What the CPU knows about a format that is not plainly linear.
 *
 * Since: 0.1
 */
typedef struct
{
  GstDmabufFormat format;
  guint32 linear_fourcc;
  guint n_planes;
  guint tile_width[GST_DMABUF_MAX_PLANES];
  guint tile_height[GST_DMABUF_MAX_PLANES];
  gboolean needs_column_height;
} GstDmabufTileInfo;

/**
 * GstDmabufPixels:
 * @format: fourcc and modifier
 * @width: width of plane 0 in pixels
 * @height: height of plane 0 in pixels
 * @n_planes: planes in use
 * @data: first byte of each plane
 * @strides: bytes from one row to the next, for tiled planes "as if linear", as
 *     in #GstDmabufPlane
 * @sizes: bytes that may be accessed from @data on; never more are
 *
 * A frame in mapped memory. A plain value that borrows the memory; whoever
 * fills it brackets the access (#GstDmabufFrame does). A frame that is only
 * read is never written, though @data has no const.
 *
 * Since: 0.1
 */
typedef struct
{
  GstDmabufFormat format;
  guint width;
  guint height;
  guint n_planes;
  guint8 *data[GST_DMABUF_MAX_PLANES];
  guint strides[GST_DMABUF_MAX_PLANES];
  gsize sizes[GST_DMABUF_MAX_PLANES];
} GstDmabufPixels;

/**
 * gst_dmabuf_tile_info_get:
 * @format: a format
 * @info: (out caller-allocates) (optional): what is known about it
 * @error: (nullable): return location
 *
 * Whether the CPU can convert @format from and to a linear frame. It can:
 *
 * - `NV12` with Vivante 4x4, Samsung 64x32, Samsung (generic) 16x16, MediaTek
 *   16x32, Allwinner 32x32 tiles and Broadcom SAND32 to SAND256;
 * - `NV15` linear, with Vivante 4x4 tiles and as MediaTek's MT2110T and
 *   MT2110R; `P030` linear and with SAND128;
 * - Intel X, Y and 4 tiles of every linear fourcc of the table whose pixels
 *   are 1, 2, 4, 8 or 16 bytes, as gen8 and later lay them out (bit 6 of the
 *   address not swizzled; older machines differ and do not say so);
 * - Vivante 4x4 and 64x64 super tiles and ARM's 16x16 U-interleaved blocks of
 *   16 and 32-bit RGB, Broadcom VC4 T tiles of the same, NVIDIA block-linear
 *   without compression, AMD 64K_S and GFX12's 2D modes without compression.
 *
 * Where drm_fourcc.h and V4L2 disagree about chroma (`NV12` and `NV15` in
 * Vivante tiles, `NV12` in 16x16 tiles), these are V4L2's: both planes have
 * tiles of the same number of bytes and rows. (Documentation/userspace-api/
 * media/v4l/pixfmt-yuv-planar.rst of Linux.)
 *
 * @info is written only on success. Fails with %GST_DMABUF_ERROR_UNSUPPORTED
 * for anything else, plain linear formats included; the message says in words
 * whether the layout is implicit, compressed, or just not known. No allocation
 * on success; any thread.
 *
 * Returns: %TRUE if it can
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_tile_info_get       (const GstDmabufFormat *format,
                                                GstDmabufTileInfo *info,
                                                GError **error);

/**
 * gst_dmabuf_tile_get_formats:
 * @linear_fourcc: fourcc of linear frames
 *
 * The formats that the CPU converts from and to linear frames of
 * @linear_fourcc. Modifiers with a parameter of their own, Broadcom's SAND,
 * NVIDIA's and AMD's, are too many to be listed:
 * gst_dmabuf_tile_info_get() knows them. Any thread.
 *
 * Returns: (transfer full): the formats, perhaps none
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_tile_get_formats    (guint32 linear_fourcc);

/**
 * gst_dmabuf_tile_layout_compute:
 * @layout: (out caller-allocates): the result
 * @format: a format that gst_dmabuf_tile_info_get() knows
 * @width: pixels
 * @height: pixels
 * @constraints: (nullable): what the layout must satisfy; %NULL for nothing
 * @error: (nullable): return location
 *
 * Lays a tiled frame out in one memory object, plane after plane, each with
 * room for whole tiles. The constraints are met as
 * gst_dmabuf_layout_compute() meets them for linear frames; `stride_align`
 * counts in the bytes of #GstDmabufPlane's stride, and planes keep V4L2's
 * ratio of strides. Tiles of a power of two bytes begin at a multiple of it,
 * up to 4 KiB.
 *
 * SAND planes are interleaved: both have the object's columns, so they overlap
 * as byte ranges. With a column height of 0 the layout's format gets one, so
 * @layout's format can differ from @format; with a column height that cannot
 * hold the frame it fails.
 *
 * Errors: those of gst_dmabuf_tile_info_get(); %GST_DMABUF_ERROR_INVALID for a
 * zero size or a column height that is too small;
 * %GST_DMABUF_ERROR_UNSUPPORTED for 4 GiB or more. @layout is written only on
 * success. No allocation; any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_tile_layout_compute (GstDmabufLayout *layout,
                                                const GstDmabufFormat *format,
                                                guint width,
                                                guint height,
                                                const GstDmabufConstraints
                                                    *constraints,
                                                GError **error);

/**
 * gst_dmabuf_tile_layout_check:
 * @layout: a layout from outside, with the object sizes that the kernel
 *     reported
 * @error: (nullable): return location
 *
 * gst_dmabuf_layout_check() for the formats that gst_dmabuf_tile_info_get()
 * knows: exactly the format's planes, strides of whole tiles that hold a row,
 * and every tile that a pixel of the frame lies in inside of its object.
 * `size` of the planes is ignored.
 *
 * Errors: those of gst_dmabuf_tile_info_get(), and %GST_DMABUF_ERROR_INVALID
 * with every number in the message. No allocation on success; any thread.
 *
 * Returns: %TRUE if the CPU may read or write the frame
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_tile_layout_check   (const GstDmabufLayout *layout,
                                                GError **error);

/**
 * gst_dmabuf_tile_layout_update_sizes:
 * @layout: (inout): a layout of a format that gst_dmabuf_tile_info_get() knows,
 *     all set but the planes' sizes
 *
 * Sets the `size` of each plane: the bytes from its offset to the end of the
 * last tile that the frame needs. 0 where the layout makes no sense. No
 * allocation; any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_tile_layout_update_sizes
                                               (GstDmabufLayout *layout);

/**
 * gst_dmabuf_pixels_init:
 * @pixels: (out caller-allocates): what to fill
 * @layout: a layout, linear or one that gst_dmabuf_tile_info_get() knows
 * @objects: (array): address of byte 0 of each of @layout's objects, of
 *     which its `object_sizes` may be accessed
 * @error: (nullable): return location
 *
 * The planes of @layout as pixels. Fails as gst_dmabuf_layout_check() or
 * gst_dmabuf_tile_layout_check() do. Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_pixels_init         (GstDmabufPixels *pixels,
                                                const GstDmabufLayout *layout,
                                                guint8 *const *objects,
                                                GError **error);

/**
 * gst_dmabuf_pixels_crop:
 * @pixels: (inout): linear pixels
 * @rectangle: the part to keep, in pixels; its origin lies on a whole chroma
 *     sample
 * @error: (nullable): return location
 *
 * Makes @pixels a part of itself, as gst_dmabuf_layout_crop() does. Linear
 * `NV15` and `P030` cannot be cropped: %GST_DMABUF_ERROR_UNSUPPORTED. @pixels
 * is unchanged on failure. Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_pixels_crop         (GstDmabufPixels *pixels,
                                                const GstVideoRectangle
                                                    *rectangle,
                                                GError **error);

/**
 * gst_dmabuf_detile:
 * @linear: where to write: linear pixels of the `linear_fourcc` of @tiled's
 *     format, at least as large as @rectangle; its pixel 0,0 is @rectangle's
 *     origin
 * @tiled: what to read
 * @rectangle: (nullable): the part of @tiled to read, in pixels; %NULL for all
 * @error: (nullable): return location
 *
 * Reads a rectangle of a tiled or packed frame. 10-bit samples become P010's:
 * the six low bits are 0.
 *
 * @rectangle must lie inside of @tiled; where chroma is subsampled its origin
 * must lie on a whole chroma sample, and its size be a whole number of them
 * unless it ends at the edge of @tiled. Bands of one frame may be converted by
 * several threads at once, when each is a rectangle with rows of its own and
 * @linear is cropped to it with gst_dmabuf_pixels_crop().
 *
 * Nothing is written outside of the rectangle, nothing at all on failure, and
 * nothing read outside of the tiles that the frame needs. @linear and @tiled
 * must not overlap. Errors: %GST_DMABUF_ERROR_INVALID for a rectangle, a
 * stride, a number of planes or a size that does not fit, with numbers;
 * %GST_DMABUF_ERROR_UNSUPPORTED as gst_dmabuf_tile_info_get(). No allocation on
 * success, no lock; any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_detile              (const GstDmabufPixels *linear,
                                                const GstDmabufPixels *tiled,
                                                const GstVideoRectangle
                                                    *rectangle,
                                                GError **error);

/**
 * gst_dmabuf_tile:
 * @tiled: where to write
 * @linear: what to read, as in gst_dmabuf_detile()
 * @rectangle: (nullable): the part of @tiled to write, in pixels; %NULL for all
 * @error: (nullable): return location
 *
 * The way back: of 10-bit samples the six low bits are dropped. Pixels outside
 * of @rectangle, padding included, keep their values; only the spare bits of
 * P030's words may become 0. Everything else that gst_dmabuf_detile() says
 * holds, but two threads may write to the same frame only if no tile is written
 * by both.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_tile                (const GstDmabufPixels *tiled,
                                                const GstDmabufPixels *linear,
                                                const GstVideoRectangle
                                                    *rectangle,
                                                GError **error);

/**
 * gst_dmabuf_tile_get_cpu:
 *
 * The instruction set that this process converts with: `plain`, `sse2`,
 * `ssse3`, `avx2`, `avx512` or `neon`. It is the best that the CPU has, or what
 * the environment variable `GST_DMABUF_CPU` names when the first frame is
 * converted; a name that is unknown or that this CPU has not is warned about
 * once, and `plain` used. Results do not depend on it. Any thread.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
GST_DMABUF_API
const gchar *   gst_dmabuf_tile_get_cpu        (void);

G_END_DECLS
