/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Between caps and formats. The only file that knows the field `drm-format` and
 * the three ways in which caps spell a frame. It does not choose: it says what
 * caps say, and makes caps that say it.
 */
#pragma once

#include "gstdmabufformatinfo.h"
#include "gstdmabufformatset.h"

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

#define GST_DMABUF_DIALECT_ALL (GST_DMABUF_DIALECT_EXPLICIT | \
    GST_DMABUF_DIALECT_LEGACY | GST_DMABUF_DIALECT_SYSTEM)

/**
 * GstDmabufVideoInfo:
 * @dialect: how the caps spelled it, one flag
 * @format: fourcc and modifier. Explicit: what the caps say. Legacy: implicit.
 *     System: linear, or the layout of a tiled GstVideoFormat; fourcc 0 and
 *     implicit if DRM has no name for the GstVideoFormat.
 * @info: (nullable): the row of @format.fourcc, %NULL only if that is 0
 * @vinfo: size, frame rate, aspect ratio, interlacing, multiview, colorimetry.
 *     Its GstVideoFormat is the one with the bytes of @format where GStreamer
 *     has one, for legacy caps that of the caps, and otherwise
 *     %GST_VIDEO_FORMAT_ENCODED, which has no planes: how many memory planes
 *     such a frame has is known to its producer only and comes with each
 *     buffer. Colorimetry that the caps do not say is that of the fourcc, tiled
 *     or not.
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
 * Dialect NONE, fourcc 0, an initialised GstVideoInfo.
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
 *     gst_dmabuf_format_info_get() does not know, or memory of another kind.
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

/**
 * gst_dmabuf_format_set_from_caps:
 * @caps: caps, fixed or not
 * @dialects: which structures count
 *
 * Collects the formats that @caps name, in their order: explicit ones as they
 * are, legacy ones as implicit, system ones as linear (or the tiled layout that
 * the GstVideoFormat stands for). A structure that names no formats, which
 * means that it takes any, adds nothing; use gst_dmabuf_caps_filter_set() to
 * combine it with a set. Names that we do not know are left out. Any thread.
 *
 * Returns: (transfer full): the set.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_from_caps
                                               (const GstCaps *caps,
                                                GstDmabufDialect dialects);

/**
 * gst_dmabuf_caps_from_set:
 * @set: a set
 * @dialects: which structures to make
 *
 * Caps for frames of any size and rate, at most one structure a dialect, in the
 * order explicit, legacy, system: explicit caps of the members that are not
 * implicit, legacy caps of the implicit ones, system caps of the linear ones
 * and of the tiled ones that have a GstVideoFormat. Formats are in the order of
 * @set. Any thread.
 *
 * Returns: (transfer full): the caps, empty if nothing is left.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstCaps *       gst_dmabuf_caps_from_set       (const GstDmabufFormatSet *set,
                                                GstDmabufDialect dialects);

/**
 * gst_dmabuf_caps_filter_set:
 * @caps: caps of any dialect, fixed or not
 * @set: a set
 *
 * Keeps of each structure of @caps what @set has, in the order of @set, and
 * leaves all other fields as they are. A structure that takes any format gets
 * the formats of @set; one that takes dma-bufs of any format becomes an explicit
 * and a legacy one. Structures with memory of another kind go. Structures stay
 * in the order of @caps. Any thread.
 *
 * Returns: (transfer full): the caps, empty if nothing is left.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstCaps *       gst_dmabuf_caps_filter_set     (const GstCaps *caps,
                                                const GstDmabufFormatSet *set);

/**
 * gst_dmabuf_caps_fixate_format:
 * @caps: writable caps
 * @format: the format that was chosen; implicit for LEGACY
 * @dialect: the dialect that was chosen
 *
 * Reduces @caps to its first structure that takes @format in @dialect, with
 * that format. Other fields stay as they are, fixed or not. Any thread.
 *
 * Returns: %TRUE if there was one; otherwise @caps is unchanged.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_caps_fixate_format  (GstCaps *caps,
                                                const GstDmabufFormat *format,
                                                GstDmabufDialect dialect);

G_END_DECLS
