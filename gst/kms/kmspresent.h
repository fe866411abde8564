/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What is on a display and what is on its way there: one frame after the
 * other, each kept until its replacement is on the screen, and at the end the
 * state that was found. Mode and plane are kmsfit's.
 */
#pragma once

#include <gst/dmabuf/gstdmabufimportcache.h>

#include "kmsfit.h"

G_BEGIN_DECLS

/* Of one thread at a time; needs no lock and holds none. Owns its output. */
typedef struct _KmsPresenter KmsPresenter;

/* (transfer full) of @output. */
KmsPresenter *kms_presenter_new (KmsOutput * output);

/* (nullable). Puts the state that was found back if @restore, and lets go of
 * all frames. Waits for the kernel, but not longer than about 200 ms. */
void kms_presenter_free (KmsPresenter * presenter, gboolean restore);

KmsOutput *kms_presenter_get_output (KmsPresenter * presenter);

/* Prepares for frames of @stream. Tests with blank memory where the format
 * allows, otherwise the first frame is the test. What is on the screen stays.
 * A display that shows only pictures of its own size makes @stream one that has
 * that size, @area the place in it for the frames, and wants pictures of this
 * size; @area is of width 0 otherwise. FALSE with @error if the display cannot
 * show it. */
gboolean kms_presenter_configure (KmsPresenter * presenter,
    KmsStream * stream, GstVideoRectangle * area, GError ** error);

/* Shows the part @source (pixels) of the KmsFramebuffer in @import, and waits
 * until it is on the screen. @import and @buffer are kept by reference until
 * something else is. CANCELLED when @cancel_fd became readable: the frame is
 * on its way then, and the next call waits for it first. TIMEOUT is an ERROR
 * here. Three system calls in the steady state. */
KmsWait kms_presenter_show (KmsPresenter * presenter,
    GstDmabufImport * import, GstBuffer * buffer,
    const GstVideoRectangle * source, gint cancel_fd, GError ** error);

G_END_DECLS
