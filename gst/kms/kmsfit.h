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
  gboolean fills_display;       /* made for it: wish.rectangle is not for this */
  gboolean uncropped;           /* to be seen whole, or not at all */
} KmsStream;

/* Finds how to show the part @source of @framebuffer on @output and stores it
 * in output->setup; the screen does not change. FALSE with @error, and the old
 * setup kept, if the kernel takes none of the ways. */
gboolean kms_fit (KmsOutput * output, const KmsStream * stream,
    const KmsFramebuffer * framebuffer, const GstVideoRectangle * source,
    GError ** error);

/* For displays that show nothing but pictures of a mode's size: makes @stream
 * one that has the size of a mode and that the display takes, and stores how in
 * output->setup. @area is the place inside of it where the pictures of @stream
 * as it was are to be; if that one is uncropped, there is room for all of it.
 * FALSE, and @stream as it was, if there is no such size. */
gboolean kms_fit_canvas (KmsOutput * output, KmsStream * stream,
    GstVideoRectangle * area);

G_END_DECLS
