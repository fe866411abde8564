/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Sets of formats: what one party can do, in order of preference, in tranches;
 * set algebra; sets from the kernel's and the compositor's tables. It knows
 * neither caps (gstdmabufcaps.h) nor what a fourcc means.
 */
#pragma once

#include "gstdmabufformat.h"

G_BEGIN_DECLS

/**
 * GstDmabufTrancheFlags:
 * @GST_DMABUF_TRANCHE_NONE: nothing said
 * @GST_DMABUF_TRANCHE_SCANOUT: frames of these formats may be shown by the
 *     display hardware without composition
 *
 * What is known about all formats of a tranche.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  GST_DMABUF_TRANCHE_NONE = 0,
  GST_DMABUF_TRANCHE_SCANOUT = 1 << 0,
} GstDmabufTrancheFlags;

/**
 * GstDmabufFormatSet:
 *
 * An immutable, reference-counted set of formats. Each member is there once.
 * The members have an order of preference, the best one first; consecutive
 * members form tranches that share flags and the device that they are meant
 * for. The order inside a tranche is the one that its source gave; sources that
 * call such formats equal (linux-dmabuf-v1, "tranche") may not mean it.
 *
 * All functions may be called from any thread. Functions of two sets take and
 * return the order and the tranches of the first one; they drop tranches that
 * become empty.
 *
 * Since: 0.1
 */
typedef struct _GstDmabufFormatSet GstDmabufFormatSet;

/**
 * GstDmabufFormatSetBuilder:
 *
 * Collects members of a set. Not thread-safe.
 *
 * Since: 0.1
 */
typedef struct _GstDmabufFormatSetBuilder GstDmabufFormatSetBuilder;

/**
 * GstDmabufFeedbackTranche:
 * @indices: (array length=n_indices): indices into the format table
 * @n_indices: how many
 * @flags: what is known about these formats
 * @device: the device that they are meant for (dev_t), 0 for any
 *
 * One tranche of zwp_linux_dmabuf_feedback_v1.
 *
 * Since: 0.1
 */
typedef struct
{
  const guint16 *indices;
  gsize n_indices;
  GstDmabufTrancheFlags flags;
  guint64 device;
} GstDmabufFeedbackTranche;

/**
 * GstDmabufFormatFunc:
 * @format: a member of the set
 * @user_data: what was given to gst_dmabuf_format_set_filter()
 *
 * Returns: %TRUE to keep @format.
 *
 * Since: 0.1
 */
typedef gboolean (*GstDmabufFormatFunc) (const GstDmabufFormat *format,
    gpointer user_data);

/**
 * GST_TYPE_DMABUF_FORMAT_SET:
 *
 * The boxed type of #GstDmabufFormatSet.
 *
 * Since: 0.1
 */
#define GST_TYPE_DMABUF_FORMAT_SET (gst_dmabuf_format_set_get_type ())

/**
 * gst_dmabuf_format_set_get_type:
 *
 * Returns: the boxed type of #GstDmabufFormatSet.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GType           gst_dmabuf_format_set_get_type (void);

/**
 * gst_dmabuf_format_set_builder_new: (skip)
 *
 * Returns: (transfer full): a builder; gst_dmabuf_format_set_builder_end()
 *     frees it.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSetBuilder *
                gst_dmabuf_format_set_builder_new (void);

/**
 * gst_dmabuf_format_set_builder_begin_tranche: (skip)
 * @builder: a builder
 * @flags: what is known about the formats that follow
 * @device: the device that they are meant for (dev_t), 0 for any
 *
 * Starts a tranche of lower preference than all before. Without it, formats go
 * to a tranche without flags and device.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_format_set_builder_begin_tranche
                                            (GstDmabufFormatSetBuilder *builder,
                                             GstDmabufTrancheFlags flags,
                                             guint64 device);

/**
 * gst_dmabuf_format_set_builder_add: (skip)
 * @builder: a builder
 * @format: what to add, of lower preference than all before
 *
 * A format that was added before stays where it was.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_format_set_builder_add
                                            (GstDmabufFormatSetBuilder *builder,
                                             const GstDmabufFormat *format);

/**
 * gst_dmabuf_format_set_builder_end: (skip)
 * @builder: (transfer full): a builder
 *
 * Returns: (transfer full): the set of what was added.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_builder_end
                                           (GstDmabufFormatSetBuilder *builder);

/**
 * gst_dmabuf_format_set_new_empty:
 *
 * Returns: (transfer full): a set without members.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_new_empty (void);

/**
 * gst_dmabuf_format_set_new_single:
 * @format: the member
 *
 * Returns: (transfer full): a set of one member, in a tranche without flags.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_new_single
                                              (const GstDmabufFormat *format);

/**
 * gst_dmabuf_format_set_from_in_formats:
 * @blob: (array length=size) (element-type guint8): content of a plane's
 *     IN_FORMATS property
 * @size: its size in bytes
 * @error: (nullable): where to put the error
 *
 * Reads struct drm_format_modifier_blob (drm_mode.h). The blob is not trusted
 * and need not be aligned. Order of preference: formats in the driver's order,
 * for each of them the modifiers in the driver's order; one tranche, flag
 * SCANOUT. The kernel gives no order a meaning, this is the one that drivers
 * tend to mean.
 *
 * Returns: (transfer full) (nullable): the set; %NULL with
 *     #GST_DMABUF_ERROR_INVALID if a count, offset or bit leads outside of the
 *     blob or of its list of formats, parts of it overlap, or a fourcc is 0;
 *     #GST_DMABUF_ERROR_UNSUPPORTED for another version than 1.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_from_in_formats
                                              (gconstpointer blob,
                                               gsize size,
                                               GError **error);

/**
 * gst_dmabuf_format_set_from_feedback:
 * @table: (array length=size) (element-type guint8): the format table: entries
 *     of 16 bytes, u32 fourcc, u32 padding, u64 modifier, native byte order
 * @size: its size in bytes
 * @tranches: (array length=n_tranches): the tranches, best one first
 * @n_tranches: how many
 * @error: (nullable): where to put the error
 *
 * Reads the format table and tranches of zwp_linux_dmabuf_feedback_v1
 * (linux-dmabuf-v1). They are not trusted; the table need not be aligned.
 * Entries that no tranche names are not in the set.
 *
 * Returns: (transfer full) (nullable): the set; %NULL with
 *     #GST_DMABUF_ERROR_INVALID if @size is no multiple of 16, an index lies
 *     beyond the table, or a fourcc is 0.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_from_feedback (gconstpointer table,
                                               gsize size,
                                               const GstDmabufFeedbackTranche
                                               *tranches,
                                               guint n_tranches,
                                               GError **error);

/**
 * gst_dmabuf_format_set_ref:
 * @set: a set
 *
 * Returns: (transfer full): @set.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_ref     (GstDmabufFormatSet *set);

/**
 * gst_dmabuf_format_set_unref:
 * @set: (transfer full): a set
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_format_set_unref   (GstDmabufFormatSet *set);

/**
 * gst_dmabuf_format_set_is_empty:
 * @set: a set
 *
 * Returns: %TRUE if @set has no members.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_format_set_is_empty (const GstDmabufFormatSet *set);

/**
 * gst_dmabuf_format_set_get_n_formats:
 * @set: a set
 *
 * Returns: the number of members.
 *
 * Since: 0.1
 */
GST_DMABUF_API
guint           gst_dmabuf_format_set_get_n_formats
                                              (const GstDmabufFormatSet *set);

/**
 * gst_dmabuf_format_set_get_nth:
 * @set: a set
 * @index: less than gst_dmabuf_format_set_get_n_formats()
 *
 * Returns: (transfer none): the member of this rank; 0 is the best.
 *
 * Since: 0.1
 */
GST_DMABUF_API
const GstDmabufFormat *
                gst_dmabuf_format_set_get_nth (const GstDmabufFormatSet *set,
                                               guint index);

/**
 * gst_dmabuf_format_set_get_n_tranches:
 * @set: a set
 *
 * Returns: the number of tranches, 0 for an empty set.
 *
 * Since: 0.1
 */
GST_DMABUF_API
guint           gst_dmabuf_format_set_get_n_tranches
                                              (const GstDmabufFormatSet *set);

/**
 * gst_dmabuf_format_set_get_tranche:
 * @set: a set
 * @index: less than gst_dmabuf_format_set_get_n_tranches()
 * @flags: (out) (optional): its flags
 * @device: (out) (optional): its device (dev_t), 0 for any
 * @first: (out) (optional): rank of its first member
 * @n_formats: (out) (optional): how many members it has, never 0
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_format_set_get_tranche
                                              (const GstDmabufFormatSet *set,
                                               guint index,
                                               GstDmabufTrancheFlags *flags,
                                               guint64 *device,
                                               guint *first,
                                               guint *n_formats);

/**
 * gst_dmabuf_format_set_contains:
 * @set: a set
 * @format: a format
 *
 * Returns: %TRUE if @format is a member of @set.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_format_set_contains (const GstDmabufFormatSet *set,
                                               const GstDmabufFormat *format);

/**
 * gst_dmabuf_format_set_get_rank:
 * @set: a set
 * @format: a format
 *
 * Returns: the rank of @format, 0 for the best, -1 if it is no member.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gint            gst_dmabuf_format_set_get_rank (const GstDmabufFormatSet *set,
                                               const GstDmabufFormat *format);

/**
 * gst_dmabuf_format_set_union:
 * @a: a set
 * @b: a set
 *
 * Returns: (transfer full): @a, followed by the tranches of what only @b has.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_union   (const GstDmabufFormatSet *a,
                                               const GstDmabufFormatSet *b);

/**
 * gst_dmabuf_format_set_intersect:
 * @a: a set, whose order the result has
 * @b: a set
 *
 * An implicit member matches an implicit member only. Takes time proportional
 * to the sum of the sizes.
 *
 * Returns: (transfer full): what is in both.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_intersect (const GstDmabufFormatSet *a,
                                               const GstDmabufFormatSet *b);

/**
 * gst_dmabuf_format_set_subtract:
 * @a: a set, whose order the result has
 * @b: a set
 *
 * Returns: (transfer full): what is in @a and not in @b.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_subtract (const GstDmabufFormatSet *a,
                                               const GstDmabufFormatSet *b);

/**
 * gst_dmabuf_format_set_filter:
 * @set: a set
 * @func: (scope call): called once for each member, best one first
 * @user_data: for @func
 *
 * Returns: (transfer full): the members for which @func returned %TRUE.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_filter  (const GstDmabufFormatSet *set,
                                               GstDmabufFormatFunc func,
                                               gpointer user_data);

/**
 * gst_dmabuf_format_set_equal:
 * @a: a set
 * @b: a set
 *
 * Returns: %TRUE if both have the same members in the same order and the same
 *     tranches.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_format_set_equal   (const GstDmabufFormatSet *a,
                                               const GstDmabufFormatSet *b);

/**
 * gst_dmabuf_format_set_same_members:
 * @a: a set
 * @b: a set
 *
 * Returns: %TRUE if both have the same members, in any order.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_format_set_same_members (const GstDmabufFormatSet *a,
                                               const GstDmabufFormatSet *b);

/**
 * gst_dmabuf_format_set_to_string:
 * @set: a set
 *
 * For messages: members by modifier, "XR24, AR24, NV12 and 12 more (linear),
 * XR24 (Intel X tiles) and formats of 3 more modifiers"; "nothing" for an empty
 * set. Modifiers come in the order of their best members. It stays short,
 * however large @set is.
 *
 * Returns: (transfer full): the text.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gchar *         gst_dmabuf_format_set_to_string (const GstDmabufFormatSet *set);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstDmabufFormatSet, gst_dmabuf_format_set_unref)

G_END_DECLS
