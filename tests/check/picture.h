/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A picture in memory, as it was read back from a display: look at pixels,
 * keep it as a PNG. Knows no display.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint width, height;
  guint32 *pixels;              /* 0x00RRGGBB, width * height, no padding */
} Picture;

/* Black. (transfer full) */
Picture *picture_new (guint width, guint height);
void picture_free (Picture * picture);

static inline guint32
picture_get (const Picture * picture, guint x, guint y)
{
  g_assert (x < picture->width && y < picture->height);
  return picture->pixels[(gsize) y * picture->width + x];
}

/* TRUE if each of red, green and blue differs by at most @tolerance. */
gboolean picture_is_near (guint32 pixel, guint32 wanted, guint tolerance);

/* Writes an RGB PNG file. */
gboolean picture_write_png (const Picture * picture, const gchar * path,
    GError ** error);

G_END_DECLS
