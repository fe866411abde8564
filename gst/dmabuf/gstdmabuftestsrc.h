/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The type of the element dmabuftestsrc.
 */
#pragma once

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define GST_TYPE_DMABUF_TEST_SRC (gst_dmabuf_test_src_get_type ())
G_DECLARE_FINAL_TYPE (GstDmabufTestSrc, gst_dmabuf_test_src, GST,
    DMABUF_TEST_SRC, GstPushSrc)

G_END_DECLS
