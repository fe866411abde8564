/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Facts about fourccs: planes, subsampling, bytes, and the GstVideoFormat of
 * the same pixels. It does not compute layouts (gstdmabuflayout.h) and does not
 * know caps.
 */
#pragma once

#include "gstdmabufformat.h"

#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * GST_DMABUF_MAX_PLANES:
 *
 * The most planes that a frame can have, those that a modifier adds included
 * (struct drm_mode_fb_cmd2 of drm_mode.h has room for four).
 *
 * Since: 0.1
 */
#define GST_DMABUF_MAX_PLANES 4

/**
 * GstDmabufFormatInfo:
 * @fourcc: the DRM fourcc
 * @video_format: the GstVideoFormat with the same bytes in the linear layout,
 *     %GST_VIDEO_FORMAT_UNKNOWN if the GStreamer that runs has none. Several
 *     fourccs may have the same one; gst_dmabuf_format_info_from_video_format()
 *     has one answer.
 * @description: a few words, such as "8-bit YUV 4:2:0, 2 planes"
 * @n_planes: colour planes of the linear layout, 1 to 4. A modifier may add
 *     planes of its own (compression data), so this is not the number of memory
 *     planes of a non-linear format.
 * @is_linear: %TRUE if a linear layout exists and this table describes it. For
 *     the few fourccs that exist with other modifiers only (`VU30`, `YU08`,
 *     `YU10`) or whose blocks are two rows high (`Y0L0`…), it is %FALSE and
 *     @block_bytes is 0.
 * @is_yuv: luma and chroma, as against RGB or one to two plain channels
 * @is_gray: one channel only
 * @has_alpha: one channel is alpha
 * @depth: bits of one colour channel (the widest one)
 * @block_bytes: bytes of one block of plane i
 * @block_width: pixels *of that plane* that a block covers in a row; 1 for
 *     most, 2 for YUYV, 4 (luma) and 2 (chroma pairs) for NV15's 5-byte blocks,
 *     8 for R1. A block is one row high.
 * @w_sub: log2 of the horizontal subsampling of planes 1 and up of YUV formats
 * @h_sub: log2 of the vertical one
 * @opaque_fourcc: the same bytes with alpha ignored (XR24 for AR24), 0 if there
 *     is none or the format has no alpha
 * @alpha_fourcc: the reverse: AR24 for XR24, 0 if there is none
 *
 * What is known about a fourcc (drm_fourcc.h). Rows live as long as the
 * process.
 *
 * Since: 0.1
 */
typedef struct
{
  guint32 fourcc;
  GstVideoFormat video_format;
  const gchar *description;
  guint8 n_planes;
  gboolean is_linear;
  gboolean is_yuv;
  gboolean is_gray;
  gboolean has_alpha;
  guint8 depth;
  guint8 block_bytes[GST_DMABUF_MAX_PLANES];
  guint8 block_width[GST_DMABUF_MAX_PLANES];
  guint8 w_sub;
  guint8 h_sub;
  guint32 opaque_fourcc;
  guint32 alpha_fourcc;
} GstDmabufFormatInfo;

/**
 * gst_dmabuf_format_info_get:
 * @fourcc: a DRM fourcc
 *
 * Takes no lock and allocates nothing. Any thread.
 *
 * Returns: (transfer none) (nullable): the row of @fourcc, %NULL if the table
 *     does not know it, which holds for all big-endian ones but R16_BE.
 *
 * Since: 0.1
 */
GST_DMABUF_API
const GstDmabufFormatInfo *
                gst_dmabuf_format_info_get     (guint32 fourcc);

/**
 * gst_dmabuf_format_info_from_video_format:
 * @video_format: a format whose layout is linear
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): the row whose linear layout has the
 *     bytes of @video_format; %NULL if DRM has no fourcc for it, or
 *     @video_format is tiled.
 *
 * Since: 0.1
 */
GST_DMABUF_API
const GstDmabufFormatInfo *
                gst_dmabuf_format_info_from_video_format
                                               (GstVideoFormat video_format);

/**
 * gst_dmabuf_format_from_video_format:
 * @video_format: a format, linear or tiled
 * @format: (out caller-allocates): where to put the pair
 *
 * The pair with the bytes of @video_format: `NV12` for NV12,
 * `NV12:0x0600000000000001` for NV12_4L4. Any thread.
 *
 * Returns: %TRUE if there is one; otherwise @format is unchanged.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_format_from_video_format
                                               (GstVideoFormat video_format,
                                                GstDmabufFormat *format);

/**
 * gst_dmabuf_format_to_video_format:
 * @format: a format
 *
 * The reverse of gst_dmabuf_format_from_video_format(). An implicit format has
 * none, nor has a tiled one that GStreamer cannot read. Any thread.
 *
 * Returns: the GstVideoFormat, or %GST_VIDEO_FORMAT_UNKNOWN.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstVideoFormat  gst_dmabuf_format_to_video_format
                                               (const GstDmabufFormat *format);

/**
 * gst_dmabuf_format_info_n:
 *
 * Returns: the number of rows of the table. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
guint           gst_dmabuf_format_info_n       (void);

/**
 * gst_dmabuf_format_info_nth:
 * @index: less than gst_dmabuf_format_info_n()
 *
 * Any thread.
 *
 * Returns: (transfer none): a row; rows are sorted by fourcc.
 *
 * Since: 0.1
 */
GST_DMABUF_API
const GstDmabufFormatInfo *
                gst_dmabuf_format_info_nth     (guint index);

/**
 * gst_dmabuf_format_info_plane_width:
 * @info: a row
 * @plane: less than @info's n_planes
 * @width: width of the frame in pixels
 *
 * Any thread.
 *
 * Returns: width of @plane in its own pixels, rounded up.
 *
 * Since: 0.1
 */
GST_DMABUF_API
guint           gst_dmabuf_format_info_plane_width
                                               (const GstDmabufFormatInfo *info,
                                                guint plane, guint width);

/**
 * gst_dmabuf_format_info_plane_height:
 * @info: a row
 * @plane: less than @info's n_planes
 * @height: height of the frame in pixels
 *
 * Any thread.
 *
 * Returns: rows of @plane, rounded up.
 *
 * Since: 0.1
 */
GST_DMABUF_API
guint           gst_dmabuf_format_info_plane_height
                                               (const GstDmabufFormatInfo *info,
                                                guint plane, guint height);

/**
 * gst_dmabuf_format_info_plane_row_bytes:
 * @info: a row with a linear layout
 * @plane: less than @info's n_planes
 * @width: width of the frame in pixels
 *
 * The smallest stride of @plane, without any alignment. Does not overflow for
 * any @width. Any thread.
 *
 * Returns: bytes of one row of whole blocks.
 *
 * Since: 0.1
 */
GST_DMABUF_API
guint64         gst_dmabuf_format_info_plane_row_bytes
                                               (const GstDmabufFormatInfo *info,
                                                guint plane, guint width);

G_END_DECLS
