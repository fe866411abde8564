/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Frames for tests of tile conversion: layouts as tight, or as loose, as the
 * format allows, in memory that ends where nothing more can be read.
 */
#pragma once

#include <gst/check/gstcheck.h>
#include <gst/dmabuf/gstdmabuftile.h>

typedef struct
{
  guint8 *data;
  gsize size;
  guint8 *mapped;
  gsize mapped_size;
} GuardedMemory;

/* Memory whose last byte is followed by a page that cannot be touched. */
void guarded_memory_init (GuardedMemory * memory, gsize size);
void guarded_memory_clear (GuardedMemory * memory);

/* Repeatable noise. */
void fill_noise (guint8 * data, gsize size, guint32 seed);

/* Layouts of a frame whose only object ends with its last needed byte. With
 * @loose strides are larger than needed and offsets odd multiples of 8. */
void make_tiled_layout (GstDmabufLayout * layout, const gchar * format,
    guint width, guint height, gboolean loose);
void make_linear_layout (GstDmabufLayout * layout, guint32 fourcc,
    guint width, guint height, gboolean loose);

/* The linear fourcc of a tiled format. */
guint32 get_linear_fourcc (const gchar * format);

void make_pixels (GstDmabufPixels * pixels, const GstDmabufLayout * layout,
    guint8 * object);
