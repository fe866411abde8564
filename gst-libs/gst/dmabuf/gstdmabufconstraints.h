/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What one party needs of a layout and of the memory behind it, and how the
 * needs of two parties become one. It knows no format and allocates nothing.
 */
#pragma once

#include <gst/video/video.h>

#include "gstdmabuferror.h"

G_BEGIN_DECLS

/**
 * GstDmabufConstraintFlags:
 * @GST_DMABUF_CONSTRAINT_NONE: no such need
 * @GST_DMABUF_CONSTRAINT_CONTIGUOUS: each dma-buf must be physically
 *     contiguous, for a device without scatter-gather or IOMMU
 * @GST_DMABUF_CONSTRAINT_CPU_CACHED: the CPU reads or writes every frame, so
 *     the memory should be mapped cached
 * @GST_DMABUF_CONSTRAINT_SCANOUT: a display controller reads the memory
 *
 * Needs that are met or not.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  GST_DMABUF_CONSTRAINT_NONE = 0,
  GST_DMABUF_CONSTRAINT_CONTIGUOUS = 1 << 0,
  GST_DMABUF_CONSTRAINT_CPU_CACHED = 1 << 1,
  GST_DMABUF_CONSTRAINT_SCANOUT = 1 << 2,
} GstDmabufConstraintFlags;

/**
 * GST_DMABUF_CONSTRAINT_FLAGS_ALL:
 *
 * Every flag that this version knows.
 *
 * Since: 0.1
 */
#define GST_DMABUF_CONSTRAINT_FLAGS_ALL \
    (GST_DMABUF_CONSTRAINT_CONTIGUOUS | GST_DMABUF_CONSTRAINT_CPU_CACHED \
     | GST_DMABUF_CONSTRAINT_SCANOUT)

/**
 * GstDmabufConstraints:
 * @stride_align: every plane's stride is a multiple of this many bytes; any
 *     number, not only a power of two. 0 counts as 1.
 * @offset_align: every plane's offset in its dma-buf is a multiple of this many
 *     bytes. 0 counts as 1.
 * @size_align: every dma-buf's size is a multiple of this many bytes. 0 counts
 *     as 1.
 * @height_align: plane 0 has room for a multiple of this many rows, the other
 *     planes for as many as their subsampling makes of them. 0 counts as 1.
 * @max_objects: the planes may lie in at most this many dma-bufs; 0 is any
 *     number, 1 asks for a single one
 * @flags: needs that are met or not
 * @max_address: highest physical address that the device reaches, 0 is any
 * @device: `dev_t` of the device that must reach the memory, 0 is any
 *
 * Constraints of one party. All zeros is "no constraint".
 *
 * Since: 0.1
 */
typedef struct
{
  guint stride_align;
  guint offset_align;
  guint size_align;
  guint height_align;
  guint max_objects;
  GstDmabufConstraintFlags flags;
  guint64 max_address;
  guint64 device;
} GstDmabufConstraints;

/**
 * GST_TYPE_DMABUF_CONSTRAINTS:
 *
 * The boxed type of #GstDmabufConstraints.
 *
 * Since: 0.1
 */
#define GST_TYPE_DMABUF_CONSTRAINTS (gst_dmabuf_constraints_get_type ())

/**
 * gst_dmabuf_constraints_get_type:
 *
 * Returns: the boxed type of #GstDmabufConstraints. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GType         gst_dmabuf_constraints_get_type (void);

/**
 * gst_dmabuf_constraints_init:
 * @constraints: (out caller-allocates): constraints to set
 *
 * Sets alignments to 1 and the rest to "any". Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_constraints_init     (GstDmabufConstraints *constraints);

/**
 * gst_dmabuf_constraints_copy:
 * @constraints: constraints to copy
 *
 * Returns: (transfer full): a copy, to be freed with
 *     gst_dmabuf_constraints_free(). Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufConstraints * gst_dmabuf_constraints_copy (
                const GstDmabufConstraints *constraints);

/**
 * gst_dmabuf_constraints_free:
 * @constraints: (transfer full) (nullable): what gst_dmabuf_constraints_copy()
 *     returned
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_constraints_free     (GstDmabufConstraints *constraints);

/**
 * gst_dmabuf_constraints_equal:
 * @a: constraints
 * @b: constraints
 *
 * Returns: %TRUE if both ask for the same, 0 and 1 being the same alignment.
 *     Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_constraints_equal    (const GstDmabufConstraints *a,
                const GstDmabufConstraints *b);

/**
 * gst_dmabuf_constraints_combine:
 * @a: constraints of one party
 * @b: constraints of the other
 * @out: (out caller-allocates): what satisfies both; may be @a or @b itself
 * @error: (nullable): return location
 *
 * Alignments become their least common multiples, limits the lower one, flags
 * add up. Fails with %GST_DMABUF_ERROR_UNSUPPORTED if a common multiple is
 * above 2^30 or if the two name different devices. @out is written only on
 * success. Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_constraints_combine  (const GstDmabufConstraints *a,
                const GstDmabufConstraints *b,
                GstDmabufConstraints *out,
                GError **error);

/**
 * gst_dmabuf_constraints_add_video_alignment:
 * @constraints: (inout): constraints to add to
 * @alignment: what an element asks of a pool; `stride_align` is a mask, 15 for
 *     16 bytes
 * @error: (nullable): return location
 *
 * Adds the stride alignments of @alignment. Layouts of this library align all
 * planes alike, so the masks of all planes are combined. Padding is not a
 * constraint: see gst_dmabuf_layout_pad(). Fails with
 * %GST_DMABUF_ERROR_INVALID if a mask is not a power of two less one, and with
 * %GST_DMABUF_ERROR_UNSUPPORTED as gst_dmabuf_constraints_combine() does; then
 * @constraints is unchanged. Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_constraints_add_video_alignment (
                GstDmabufConstraints *constraints,
                const GstVideoAlignment *alignment,
                GError **error);

/**
 * gst_dmabuf_constraints_to_structure:
 * @constraints: constraints
 *
 * To carry constraints elsewhere, or to print them. Only what differs from
 * gst_dmabuf_constraints_init() is written. Any thread.
 *
 * Returns: (transfer full): a structure named `GstDmabufConstraints`
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstStructure * gst_dmabuf_constraints_to_structure (
                const GstDmabufConstraints *constraints);

/**
 * gst_dmabuf_constraints_from_structure:
 * @constraints: (out caller-allocates): where to store what @structure says
 * @structure: a structure named `GstDmabufConstraints`
 * @error: (nullable): return location
 *
 * The way back. Fields that are absent are unconstrained, fields that are not
 * known are ignored. A wrong name, a field of another type, an alignment above
 * 2^30 or an unknown flag is %GST_DMABUF_ERROR_INVALID; then @constraints is
 * unchanged. Any thread.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_constraints_from_structure (
                GstDmabufConstraints *constraints,
                const GstStructure *structure,
                GError **error);

/**
 * gst_dmabuf_constraints_add_to_query:
 * @constraints: what the answering element needs
 * @query: a writable ALLOCATION query
 *
 * Says in the answer to @query that frames should have a GstVideoMeta and
 * satisfy @constraints. The constraints are the parameters of an allocation
 * meta of their own, `GstDmabufConstraintsAPI`, which elements that do not know
 * it pass over. What GstVideoMeta's own parameters can say of them, stride
 * alignments that are powers of two, is said there too, if there is any, as
 * GstVideoMeta documents it (structure `video-meta`). From GStreamer 1.26 on a
 * tee combines the constraints of its branches; before, it drops them. Any
 * thread that owns @query.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_constraints_add_to_query (
                const GstDmabufConstraints *constraints,
                GstQuery *query);

/**
 * gst_dmabuf_constraints_from_query:
 * @constraints: (out caller-allocates): where to store what @query asks for
 * @query: an answered ALLOCATION query
 * @error: (nullable): return location
 *
 * The way back, for a producer: what gst_dmabuf_constraints_add_to_query() or
 * the GstVideoMeta parameters of another element said, combined; no constraint
 * if neither is there. Padding is not a constraint. Fails as
 * gst_dmabuf_constraints_from_structure() and
 * gst_dmabuf_constraints_add_video_alignment() do; then @constraints is
 * unchanged. Any thread that owns @query.
 *
 * Returns: %TRUE on success
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean      gst_dmabuf_constraints_from_query (
                GstDmabufConstraints *constraints,
                GstQuery *query,
                GError **error);

G_END_DECLS
