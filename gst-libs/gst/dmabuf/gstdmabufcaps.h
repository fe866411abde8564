/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Between caps and sets of formats. With gstdmabufvideoinfo.h the only place
 * that knows the field `drm-format` and the dialects. It does not choose: it
 * says what caps say, and makes caps that say it.
 */
#pragma once

#include "gstdmabufformatset.h"
#include "gstdmabufvideoinfo.h"

G_BEGIN_DECLS

/**
 * gst_dmabuf_format_set_to_value:
 * @set: a set
 * @value: (out caller-allocates): an unset GValue
 *
 * Sets @value to what a `drm-format` field holds: a string if @set has one
 * explicit member, otherwise a %GST_TYPE_LIST of strings in order of
 * preference. What the field cannot say is left out: implicit members, and
 * fourccs that gst_dmabuf_format_to_string() has no letters for. The strings
 * are interned and the list is made once for a set. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_format_set_to_value (const GstDmabufFormatSet *set,
                                                GValue *value);

/**
 * gst_dmabuf_format_set_from_value:
 * @value: a string or a %GST_TYPE_LIST of strings
 * @error: (nullable): where to put the error
 *
 * The reverse of gst_dmabuf_format_set_to_value(), for any spelling that
 * gst_dmabuf_format_parse() takes, in one tranche without flags. Any thread.
 *
 * Returns: (transfer full) (nullable): the set; %NULL with
 *     #GST_DMABUF_ERROR_INVALID if @value holds anything else, or an implicit
 *     format.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormatSet *
                gst_dmabuf_format_set_from_value
                                               (const GValue *value,
                                                GError **error);

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
 * and of the tiled ones that have a GstVideoFormat. A GstVideoFormat stands for
 * the one pair of gst_dmabuf_format_from_video_format(). Formats are in the
 * order of @set. Any thread.
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
 * the formats of @set; one that takes dma-bufs of any format becomes an
 * explicit and a legacy one. Structures with memory of another kind, and those
 * that are not `video/x-raw`, go. Structures stay in the order of @caps; caps
 * that are ANY become gst_dmabuf_caps_from_set() of all dialects. Any thread.
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
 * @dialect: the dialect that was chosen, one flag
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
