/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Where the planes of a frame lie in its memory objects: computed here for
 * linear formats, checked here whoever computed them. It opens no fd and knows
 * no caps; the sizes of the objects are told by the caller.
 */
#pragma once

#include <gst/video/video.h>

#include "gstdmabufconstraints.h"
#include "gstdmabufformatinfo.h"

G_BEGIN_DECLS

/**
 * GstDmabufPlane:
 * @object: index of the memory object that holds the plane
 * @offset: first byte of the plane, from the start of its object (not of the
 *     GstBuffer)
 * @stride: bytes from one row to the next; for a tiled layout the stride "as if
 *     linear" or whatever its modifier defines
 * @size: bytes that the plane needs from @offset on: for a linear layout
 *     `stride * (rows - 1) + row_bytes`, so that the last row may be shorter
 *     than the stride; 0 where only the driver knows
 *
 * One plane of a layout.
 *
 * Since: 0.1
 */
typedef struct
{
  guint object;
  gsize offset;
  guint stride;
  gsize size;
} GstDmabufPlane;

/**
 * GstDmabufLayout:
 * @format: fourcc and modifier
 * @width: width of plane 0 in pixels, without padding
 * @height: height of plane 0 in pixels, without padding
 * @n_planes: planes in use; a modifier may add planes to those of the fourcc
 * @planes: the planes
 * @n_objects: memory objects in use
 * @object_sizes: bytes of each object: what an exporter should allocate, or
 *     what the kernel said of an existing one
 *
 * The layout of a frame. A plain value; unused planes and objects are zero, so
 * that layouts can be compared.
 *
 * Since: 0.1
 */
typedef struct
{
  GstDmabufFormat format;
  guint width;
  guint height;
  guint n_planes;
  GstDmabufPlane planes[GST_DMABUF_MAX_PLANES];
  guint n_objects;
  gsize object_sizes[GST_DMABUF_MAX_PLANES];
} GstDmabufLayout;

/**
 * gst_dmabuf_layout_compute:
 * @layout: (out caller-allocates): the result
 * @format: a linear format of the table
 * @width: pixels
 * @height: pixels
 * @constraints: (nullable): what the layout must satisfy; %NULL for nothing
 * @error: (nullable): return location
 *
 * Lays a linear frame out in one memory object, plane after plane.
 *
 * Without constraints the result is that of gst_video_info_set_format() for
 * every fourcc that has a GstVideoFormat: strides are rounded up to 4 bytes
 * (formats that pack pixels into groups of 5 bytes, such as NV15, are not
 * rounded), chroma sizes are rounded up, and plane 0 has room for a whole
 * number of chroma rows. Where GStreamer's own arithmetic does not follow this
 * at odd sizes, ours does: Y210 and its kind and P030's chroma have whole
 * blocks, 4:2:2 and gray formats no row too many, YUV9 whole chroma rows.
 *
 * A @constraints with `stride_align` above 1 is combined with that rounding by
 * the least common multiple, and then the strides of all planes also keep the
 * ratio of their bytes a pixel (chroma stride of YU12 = half of luma's, of NV12
 * = luma's), because consumers that are told one stride for a contiguous frame,
 * such as V4L2's single-planar formats, derive the others so. `height_align`
 * adds room, not height. One object is used whatever `max_objects` says.
 * `flags`, `max_address` and `device` are the exporter's concern.
 *
 * Sizes are 64-bit and checked. Errors: %GST_DMABUF_ERROR_INVALID for a zero
 * width or height; %GST_DMABUF_ERROR_UNSUPPORTED for a modifier other than
 * LINEAR, a fourcc that is not in the table, and for a frame that needs 4 GiB
 * or more, since offsets and sizes are 32-bit in DRM (`struct drm_mode_fb_cmd2`
 * of include/uapi/drm/drm_mode.h and its checks in drm_framebuffer.c).
 *
 * @layout is written only on success. No allocation; any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean   gst_dmabuf_layout_compute    (GstDmabufLayout *layout,
                                         const GstDmabufFormat *format,
                                         guint width,
                                         guint height,
                                         const GstDmabufConstraints *constraints,
                                         GError **error);

/**
 * gst_dmabuf_layout_update_sizes:
 * @layout: (inout): a layout whose format, size, plane count, and each plane's
 *     object, offset and stride are set
 *
 * Sets the `size` of each plane from the rest: for a linear format of the
 * table `stride * (rows - 1) + row_bytes`, otherwise 0. Saturates at
 * %G_MAXSIZE, which gst_dmabuf_layout_check() refuses. No allocation; any
 * thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void       gst_dmabuf_layout_update_sizes (GstDmabufLayout *layout);

/**
 * gst_dmabuf_layout_check:
 * @layout: a layout from outside, with the object sizes that the kernel
 *     reported
 * @error: (nullable): return location
 *
 * Whether every plane lies inside of its memory object. To be called on
 * whatever was computed elsewhere before it is mapped, imported or sent.
 *
 * Always: width and height at least 1, 1 to 4 planes, 1 to 4 objects, object
 * indices in range, offset below the object's size, offset below 4 GiB. For a
 * linear format of the table also: exactly the fourcc's planes, a stride of at
 * least one row's bytes, and `offset + stride * (rows - 1) + row_bytes` not
 * beyond the object, in checked 64-bit arithmetic. Other modifiers may have
 * more planes than the fourcc (compression data) and sizes that only the driver
 * knows: their planes must have a stride, those of the fourcc at least, and
 * where `size` says how much a plane needs, that is checked too. `size` of
 * linear planes is ignored.
 *
 * Errors: %GST_DMABUF_ERROR_INVALID, with every number in the message;
 * %GST_DMABUF_ERROR_UNSUPPORTED for a plane beyond 4 GiB. No allocation on
 * success; any thread.
 *
 * Returns: %TRUE if the layout can be trusted
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean   gst_dmabuf_layout_check      (const GstDmabufLayout *layout,
                                         GError **error);

/**
 * gst_dmabuf_layout_pad:
 * @format: a linear format of the table
 * @alignment: (inout): padding around the frame in pixels; left and top are
 *     rounded up to whole chroma samples and pixel blocks
 * @width: (inout): width in pixels, becomes that of the padded frame
 * @height: (inout): height in pixels, becomes that of the padded frame
 * @error: (nullable): return location
 *
 * First half of honouring a GstVideoAlignment: compute or allocate a layout of
 * the padded size, then call gst_dmabuf_layout_crop() with the left and top
 * padding and the original size. Nothing is changed on failure
 * (%GST_DMABUF_ERROR_UNSUPPORTED: overflow or not linear). Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean   gst_dmabuf_layout_pad        (const GstDmabufFormat *format,
                                         GstVideoAlignment *alignment,
                                         guint *width,
                                         guint *height,
                                         GError **error);

/**
 * gst_dmabuf_layout_crop:
 * @layout: (inout): a linear layout
 * @rectangle: the part to keep, in pixels
 * @error: (nullable): return location
 *
 * Makes @layout describe a rectangle of itself: plane offsets move, strides and
 * objects stay. The rectangle must lie inside of the frame, its origin on a
 * whole chroma sample and pixel block, or it is %GST_DMABUF_ERROR_INVALID.
 * Other modifiers than LINEAR are %GST_DMABUF_ERROR_UNSUPPORTED. @layout is
 * unchanged on failure. Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean   gst_dmabuf_layout_crop       (GstDmabufLayout *layout,
                                         const GstVideoRectangle *rectangle,
                                         GError **error);

/**
 * gst_dmabuf_layout_equal:
 * @a: a layout
 * @b: a layout
 *
 * Compares all of it but the planes' `size` (it follows from the rest). No
 * allocation; any thread.
 *
 * Returns: %TRUE if equal
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean   gst_dmabuf_layout_equal      (const GstDmabufLayout *a,
                                         const GstDmabufLayout *b);

/**
 * gst_dmabuf_layout_hash:
 * @layout: a layout
 *
 * Returns: a hash that agrees with gst_dmabuf_layout_equal(). No allocation;
 *     any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
guint      gst_dmabuf_layout_hash       (const GstDmabufLayout *layout);

/**
 * gst_dmabuf_layout_to_string:
 * @layout: a layout, checked or not
 *
 * For messages: `NV12 1920x1080, plane 0: object 0 offset 0 stride 1920, …,
 * object 0: 3110400 bytes`.
 *
 * Returns: (transfer full): text. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gchar *    gst_dmabuf_layout_to_string  (const GstDmabufLayout *layout);

G_END_DECLS
