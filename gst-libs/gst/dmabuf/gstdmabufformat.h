/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A format: one (fourcc, modifier) pair, its one spelling, and words for it. It
 * does not know what a fourcc or a modifier means; gstdmabufformatinfo.h does
 * for the former, and the latter stays opaque.
 */
#pragma once

#include "gstdmabuferror.h"

G_BEGIN_DECLS

/**
 * GST_DMABUF_MOD_LINEAR:
 *
 * The modifier that guarantees rows of pixels one after the other;
 * `DRM_FORMAT_MOD_LINEAR` of drm_fourcc.h. It is a modifier like any other, not
 * the lack of one.
 *
 * Since: 0.1
 */
#define GST_DMABUF_MOD_LINEAR G_GUINT64_CONSTANT (0)

/**
 * GST_DMABUF_MOD_INVALID:
 *
 * The layout is implicit: the driver knows it and we do not;
 * `DRM_FORMAT_MOD_INVALID` of drm_fourcc.h.
 *
 * Since: 0.1
 */
#define GST_DMABUF_MOD_INVALID G_GUINT64_CONSTANT (0x00ffffffffffffff)

/**
 * GST_DMABUF_FOURCC_BIG_ENDIAN:
 *
 * The bit of a fourcc that says that its words are big-endian;
 * `DRM_FORMAT_BIG_ENDIAN` of drm_fourcc.h.
 *
 * Since: 0.1
 */
#define GST_DMABUF_FOURCC_BIG_ENDIAN (1U << 31)

/**
 * GstDmabufFormat:
 * @fourcc: a DRM fourcc (drm_fourcc.h), never 0 in a valid format
 * @modifier: a DRM format modifier
 *
 * What a frame's memory looks like. The pair is opaque: compare it, look it up
 * in sets, but do not take a modifier apart to decide what is compatible
 * (drm_fourcc.h, "Open Source User Waiver" and "format modifiers").
 *
 * Since: 0.1
 */
typedef struct
{
  guint32 fourcc;
  guint64 modifier;
} GstDmabufFormat;

/**
 * GST_DMABUF_FORMAT_INIT:
 * @fourcc_: a DRM fourcc
 * @modifier_: a DRM format modifier
 *
 * Initialiser of a #GstDmabufFormat.
 *
 * Since: 0.1
 */
#define GST_DMABUF_FORMAT_INIT(fourcc_, modifier_) { (fourcc_), (modifier_) }

/**
 * GST_TYPE_DMABUF_FORMAT:
 *
 * The boxed type of #GstDmabufFormat.
 *
 * Since: 0.1
 */
#define GST_TYPE_DMABUF_FORMAT (gst_dmabuf_format_get_type ())

/**
 * gst_dmabuf_format_get_type:
 *
 * Returns: the boxed type of #GstDmabufFormat. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GType           gst_dmabuf_format_get_type     (void);

/**
 * gst_dmabuf_format_copy:
 * @format: a format
 *
 * Returns: (transfer full): a copy, to be freed with gst_dmabuf_format_free().
 *     Formats are plain values; this is for language bindings.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFormat *gst_dmabuf_format_copy        (const GstDmabufFormat *format);

/**
 * gst_dmabuf_format_free:
 * @format: (transfer full): a format made by gst_dmabuf_format_copy()
 *
 * Since: 0.1
 */
GST_DMABUF_API
void            gst_dmabuf_format_free         (GstDmabufFormat *format);

/**
 * gst_dmabuf_format_parse:
 * @text: a format as a person or an element writes it
 * @format: (out caller-allocates): where to put the format
 * @error: (nullable): where to put the error
 *
 * Reads `FOURCC[_BE][:0xMODIFIER]`. FOURCC is one to four letters, digits and
 * blanks, the first of which is no blank (`R8` is `R8` and two blanks; case
 * matters), `_BE` sets
 * #GST_DMABUF_FOURCC_BIG_ENDIAN, MODIFIER is one to sixteen hexadecimal digits.
 * Without a modifier, and with `:0x0`, the format is linear; with
 * `:0xffffffffffffff` it is implicit. Nothing may follow. Any thread.
 *
 * Returns: %TRUE if @format was set; %FALSE with #GST_DMABUF_ERROR_INVALID if
 *     @text is anything else.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_format_parse        (const gchar *text,
                                                GstDmabufFormat *format,
                                                GError **error);

/**
 * gst_dmabuf_format_to_string:
 * @format: a format
 *
 * The one canonical spelling, which is that of GStreamer's `drm-format` field:
 * four characters, blanks included, and for everything but linear a colon and
 * the modifier as `0x` and sixteen lower-case digits. An implicit format is
 * printed in the same way, but it has no place in caps. A fourcc of other
 * characters than letters, digits and blanks gives `0x` and eight digits, which
 * does not parse. Any thread.
 *
 * Returns: (transfer full): the text.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gchar *         gst_dmabuf_format_to_string    (const GstDmabufFormat *format);

/**
 * gst_dmabuf_format_describe:
 * @format: a format
 *
 * Words for messages: "XR24, linear", "NV12, implicit layout", "NV12, Samsung
 * 64x32 tiles". A modifier that only libdrm can name is given with its vendor
 * and libdrm's name, any other in hexadecimal digits. Any thread.
 *
 * Returns: (transfer full): the text, in English, without a full stop.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gchar *         gst_dmabuf_format_describe     (const GstDmabufFormat *format);

/**
 * gst_dmabuf_modifier_describe:
 * @modifier: a DRM format modifier
 *
 * The part of gst_dmabuf_format_describe() behind the comma. Any thread.
 *
 * Returns: (transfer full): the text.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gchar *         gst_dmabuf_modifier_describe   (guint64 modifier);

/**
 * gst_dmabuf_format_is_linear:
 * @format: a format
 *
 * Returns: %TRUE if the layout is guaranteed to be linear; %FALSE for an
 *     implicit one, whatever the memory is. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_format_is_linear    (const GstDmabufFormat *format);

/**
 * gst_dmabuf_format_is_implicit:
 * @format: a format
 *
 * Returns: %TRUE if only the driver knows the layout. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_format_is_implicit  (const GstDmabufFormat *format);

/**
 * gst_dmabuf_format_equal:
 * @a: a format
 * @b: a format
 *
 * Returns: %TRUE if fourcc and modifier are the same. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_format_equal        (const GstDmabufFormat *a,
                                                const GstDmabufFormat *b);

/**
 * gst_dmabuf_format_compare:
 * @a: a format
 * @b: a format
 *
 * An order for sorting, by fourcc and then modifier, both as numbers. It says
 * nothing about preference. Any thread.
 *
 * Returns: less than, equal to or greater than 0.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gint            gst_dmabuf_format_compare      (const GstDmabufFormat *a,
                                                const GstDmabufFormat *b);

/**
 * gst_dmabuf_format_hash:
 * @format: a format
 *
 * Returns: a hash for tables with gst_dmabuf_format_equal(). Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
guint           gst_dmabuf_format_hash         (const GstDmabufFormat *format);

/**
 * gst_dmabuf_fourcc_to_string:
 * @fourcc: a DRM fourcc
 *
 * Returns: (transfer full): the fourcc as gst_dmabuf_format_to_string() prints
 *     it. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gchar *         gst_dmabuf_fourcc_to_string    (guint32 fourcc);

G_END_DECLS
