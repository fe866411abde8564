/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Encoded clips, made when a test needs them: there is no binary file in the
 * source tree. Their pictures are dmabuftestsrc's, whose frame counter survives
 * a codec.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  CLIP_VP8,                     /* in Matroska, from I420 */
  CLIP_FWHT_NV12,               /* in GDP, by the kernel's vicodec */
  CLIP_FWHT_BGRX,
} ClipKind;

/* Where a file of a test may be: a new name each time, in a directory of the
 * process that clip_remove_all() removes. (transfer full) */
gchar *clip_new_path (const gchar * suffix);

/* Encodes a clip and returns the file's path; fails the test if it cannot.
 * vicodec makes nothing smaller than 640x360. (transfer full) */
gchar *clip_make (ClipKind kind, guint width, guint height, guint n_frames);

/* One file after the other in one. (transfer full) */
gchar *clip_join (const gchar * first, const gchar * second);

void clip_remove_all (void);

G_END_DECLS
