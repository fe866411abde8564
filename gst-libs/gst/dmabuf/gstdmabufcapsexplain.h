/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Why two caps have nothing in common, in words: the one place for these
 * words, so that sources, sinks and tools say the same.
 */
#pragma once

#include "gstdmabufcaps.h"

G_BEGIN_DECLS

/**
 * gst_dmabuf_caps_describe:
 * @caps: any caps
 *
 * What @caps say, shortly: the formats of each dialect, as of
 * gst_dmabuf_format_set_to_string(), and the sizes where they are limited, the
 * first three of them. Caps that name no formats are given as they are,
 * shortened to 500 characters. Any thread.
 *
 * Returns: (transfer full): text for people
 *
 * Since: 0.1
 */
GST_DMABUF_API
gchar *         gst_dmabuf_caps_describe         (const GstCaps *caps);

/**
 * gst_dmabuf_caps_explain_mismatch:
 * @produced: caps that an upstream side can send
 * @consumed: caps that a downstream side takes, with which @produced have no
 *     intersection
 *
 * One sentence on the first thing that keeps the two apart, with the nearest
 * miss: another media type or memory, no fourcc in common (with the twin of it
 * that has or lacks alpha, where that would do), no modifier in common, or the
 * first other field whose values exclude each other. Then what both sides
 * offer, as of gst_dmabuf_caps_describe(). Any thread.
 *
 * Returns: (transfer full): text for people; if the two do intersect, it says
 *     so
 *
 * Since: 0.1
 */
GST_DMABUF_API
gchar *         gst_dmabuf_caps_explain_mismatch (const GstCaps *produced,
                                                  const GstCaps *consumed);

/**
 * gst_dmabuf_pad_query_first_caps:
 * @pad: a linked source pad
 * @element_name: (out) (transfer full) (optional): name of the element that
 *     answered
 *
 * For an error message when gst_pad_peer_query_caps() came back empty: looks
 * further downstream, through elements with one pad on each side such as
 * filters and queues, for the first one whose own answer is not empty. Queries
 * pads: not for a streaming thread that still has frames to send. Any thread.
 *
 * Returns: (transfer full) (nullable): caps that are not empty, or NULL if
 *     every element's answer is
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstCaps *       gst_dmabuf_pad_query_first_caps  (GstPad *pad,
                                                  gchar **element_name);

G_END_DECLS
