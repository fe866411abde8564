/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * How a stream comes onto a display: mode, place and plane, found by asking
 * the kernel with commits that it only tests.
 */
#pragma once

#include "kmsoutput.h"

G_BEGIN_DECLS

/* What is to be shown. */
typedef struct
{
  GstDmabufFormat format;
  guint width, height;          /* of the stream, pixels */
  gint fps_n, fps_d;            /* 0/1: unknown */
  gint par_n, par_d;
  gboolean is_yuv;
  GstVideoColorimetry colorimetry;
} KmsStream;

/* Finds how to show the part @source of @framebuffer on @output and stores it
 * in output->setup; the screen does not change. FALSE with @error, and the old
 * setup kept, if the kernel takes none of the ways. */
gboolean kms_fit (KmsOutput * output, const KmsStream * stream,
    const KmsFramebuffer * framebuffer, const GstVideoRectangle * source,
    GError ** error);

G_END_DECLS
