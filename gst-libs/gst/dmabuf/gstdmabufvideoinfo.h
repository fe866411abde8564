/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What fixed caps say about frames, in whichever of three ways they say it. It
 * does not know buffers, nor caps that are not fixed (gstdmabufcaps.h).
 */
#pragma once

#include "gstdmabufformatinfo.h"

G_BEGIN_DECLS

/**
 * GstDmabufDialect:
 * @GST_DMABUF_DIALECT_NONE: caps that describe no raw frame, or one in memory
 *     of another kind (memory:GLMemory…)
 * @GST_DMABUF_DIALECT_EXPLICIT:
 *     `video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12`: dma-bufs,
 *     with the modifier said
 * @GST_DMABUF_DIALECT_LEGACY: `video/x-raw(memory:DMABuf),format=NV12`:
 *     dma-bufs, with the modifier unsaid, hence implicit
 * @GST_DMABUF_DIALECT_SYSTEM: `video/x-raw,format=NV12`: the layout of the
 *     GstVideoFormat, in whatever memory
 *
 * How caps spell a frame. A set of several says which spellings count.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  GST_DMABUF_DIALECT_NONE = 0,
  GST_DMABUF_DIALECT_EXPLICIT = 1 << 0,
  GST_DMABUF_DIALECT_LEGACY = 1 << 1,
  GST_DMABUF_DIALECT_SYSTEM = 1 << 2,
} GstDmabufDialect;

/**
 * GST_DMABUF_DIALECT_ALL:
 *
 * Every spelling.
 *
 * Since: 0.1
 */
#define GST_DMABUF_DIALECT_ALL (GST_DMABUF_DIALECT_EXPLICIT | \
    GST_DMABUF_DIALECT_LEGACY | GST_DMABUF_DIALECT_SYSTEM)

/**
 * GstDmabufVideoInfo:
 * @dialect: how the caps spelled it, one flag
 * @format: fourcc and modifier. Explicit: what the caps say. Legacy: implicit.
 *     System: linear, or the layout of a tiled GstVideoFormat.
 * @info: the row of @format.fourcc
 * @vinfo: size, frame rate, aspect ratio, interlacing, multiview, colorimetry.
 *     Its GstVideoFormat is the one with the bytes of @format where GStreamer
 *     has one, for legacy caps that of the caps, and otherwise
 *     %GST_VIDEO_FORMAT_ENCODED, which has no planes: how many memory planes
 *     such a frame has is known to its producer only and comes with each
 *     buffer. Colorimetry that the caps do not say is that of the fourcc, tiled
 *     or not; chroma siting that they do not say, or that no YUV format can
 *     have, is unknown.
 *
 * What fixed caps say about frames. A plain value that owns nothing.
 *
 * Since: 0.1
 */
typedef struct
{
  GstDmabufDialect dialect;
  GstDmabufFormat format;
  const GstDmabufFormatInfo *info;
  GstVideoInfo vinfo;
} GstDmabufVideoInfo;

/**
 * gst_dmabuf_video_info_init:
 * @info: (out caller-allocates): what to initialise
 *
 * Dialect NONE, fourcc 0, an initialised GstVideoInfo. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_video_info_init     (GstDmabufVideoInfo *info);

/**
 * gst_dmabuf_video_info_set_format:
 * @info: (out caller-allocates): what to set
 * @dialect: one dialect
 * @format: a format; implicit for LEGACY, linear or a tiled one that GStreamer
 *     names for SYSTEM, not implicit for EXPLICIT
 * @width: pixels, 1 or more
 * @height: pixels, 1 or more
 * @error: (nullable): where to put the error
 *
 * Sets everything else to the default of @format. Any thread.
 *
 * Returns: %TRUE if @info was set; %FALSE with #GST_DMABUF_ERROR_INVALID for a
 *     size or a dialect that cannot be, #GST_DMABUF_ERROR_UNSUPPORTED if the
 *     table does not know the fourcc or the dialect has no name for @format.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_video_info_set_format
                                               (GstDmabufVideoInfo *info,
                                                GstDmabufDialect dialect,
                                                const GstDmabufFormat *format,
                                                guint width, guint height,
                                                GError **error);

/**
 * gst_dmabuf_video_info_from_caps:
 * @info: (out caller-allocates): where to put what the caps say
 * @caps: fixed caps of any dialect
 * @error: (nullable): where to put the error
 *
 * Gives the same result with every GStreamer from 1.22 on. Any thread.
 *
 * Returns: %TRUE if @info was set; %FALSE with #GST_DMABUF_ERROR_INVALID if the
 *     caps are not fixed, describe no raw frame, lack a size, or hold a
 *     `drm-format` that is no format or implicit;
 *     #GST_DMABUF_ERROR_UNSUPPORTED if they name a fourcc that
 *     gst_dmabuf_format_info_get() does not know, a GstVideoFormat that DRM has
 *     no fourcc for, or memory of another kind.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_video_info_from_caps
                                               (GstDmabufVideoInfo *info,
                                                const GstCaps *caps,
                                                GError **error);

/**
 * gst_dmabuf_video_info_to_caps:
 * @info: an info that was set
 *
 * Any thread.
 *
 * Returns: (transfer full): fixed caps, in the dialect of @info.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstCaps *       gst_dmabuf_video_info_to_caps  (const GstDmabufVideoInfo *info);

/**
 * gst_dmabuf_video_info_get_meta_format:
 * @info: an info that was set
 *
 * What a GstVideoMeta of such a frame should carry: the GstVideoFormat of
 * @info's vinfo where there is one, as GStreamer's own elements do, so that CPU
 * code can map linear frames; otherwise %GST_VIDEO_FORMAT_DMA_DRM with the
 * GStreamers that have it (1.24), and %GST_VIDEO_FORMAT_ENCODED with others.
 * Any thread.
 *
 * Returns: the format.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstVideoFormat  gst_dmabuf_video_info_get_meta_format
                                               (const GstDmabufVideoInfo *info);

/**
 * gst_dmabuf_caps_get_dialect:
 * @caps: fixed caps
 *
 * Any thread.
 *
 * Returns: the dialect of @caps, %GST_DMABUF_DIALECT_NONE for others.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufDialect
                gst_dmabuf_caps_get_dialect    (const GstCaps *caps);

G_END_DECLS
