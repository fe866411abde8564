/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Pictures, and just enough of PNG (ISO/IEC 15948) to write one: GIO has the
 * compression, the rest is three chunks.
 */
#include "picture.h"

#include <gio/gio.h>
#include <string.h>

Picture *
picture_new (guint width, guint height)
{
  Picture *picture = g_new (Picture, 1);

  picture->width = width;
  picture->height = height;
  picture->pixels = g_new0 (guint32, (gsize) width * height);
  return picture;
}

void
picture_free (Picture * picture)
{
  if (!picture)
    return;
  g_free (picture->pixels);
  g_free (picture);
}

gboolean
picture_is_near (guint32 pixel, guint32 wanted, guint tolerance)
{
  guint shift;

  for (shift = 0; shift < 24; shift += 8) {
    gint a = pixel >> shift & 0xff, b = wanted >> shift & 0xff;

    if ((guint) ABS (a - b) > tolerance)
      return FALSE;
  }
  return TRUE;
}

/* Annex D of the PNG specification. */
static guint32
checksum (const guint8 * data, gsize size)
{
  guint32 crc = 0xffffffff;
  guint bit;

  while (size--) {
    crc ^= *data++;
    for (bit = 0; bit < 8; bit++)
      crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

static void
append_number (GByteArray * file, guint32 number)
{
  guint32 big_endian = GUINT32_TO_BE (number);

  g_byte_array_append (file, (guint8 *) & big_endian, 4);
}

static void
append_chunk (GByteArray * file, const gchar * type, const guint8 * data,
    gsize size)
{
  guint start;

  append_number (file, size);
  start = file->len;
  g_byte_array_append (file, (const guint8 *) type, 4);
  if (size > 0)
    g_byte_array_append (file, data, size);
  append_number (file, checksum (file->data + start, size + 4));
}

/* Rows of RGB, each after a filter byte that says "not filtered". */
static GByteArray *
make_rows (const Picture * picture)
{
  GByteArray *rows = g_byte_array_new ();
  guint x, y;

  for (y = 0; y < picture->height; y++) {
    guint8 filter = 0;

    g_byte_array_append (rows, &filter, 1);
    for (x = 0; x < picture->width; x++) {
      guint32 pixel = picture_get (picture, x, y);
      guint8 rgb[3] = { pixel >> 16, pixel >> 8, pixel };

      g_byte_array_append (rows, rgb, 3);
    }
  }
  return rows;
}

static GBytes *
compress (const GByteArray * rows, GError ** error)
{
  GConverter *converter = G_CONVERTER (g_zlib_compressor_new
      (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 6));
  GOutputStream *memory = g_memory_output_stream_new_resizable ();
  GOutputStream *stream = g_converter_output_stream_new (memory, converter);
  GBytes *bytes = NULL;

  if (g_output_stream_write_all (stream, rows->data, rows->len, NULL, NULL,
          error) && g_output_stream_close (stream, NULL, error))
    bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM
        (memory));
  g_object_unref (stream);
  g_object_unref (memory);
  g_object_unref (converter);
  return bytes;
}

gboolean
picture_write_png (const Picture * picture, const gchar * path, GError ** error)
{
  static const guint8 signature[8] =
      { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  guint8 header[13] = { 0, };
  guint32 size;
  GByteArray *rows = make_rows (picture), *file;
  GBytes *data = compress (rows, error);
  gboolean written;

  g_byte_array_unref (rows);
  if (!data)
    return FALSE;
  size = GUINT32_TO_BE (picture->width);
  memcpy (header, &size, 4);
  size = GUINT32_TO_BE (picture->height);
  memcpy (header + 4, &size, 4);
  header[8] = 8;                /* bits a sample */
  header[9] = 2;                /* RGB */

  file = g_byte_array_new ();
  g_byte_array_append (file, signature, sizeof (signature));
  append_chunk (file, "IHDR", header, sizeof (header));
  append_chunk (file, "IDAT", g_bytes_get_data (data, NULL),
      g_bytes_get_size (data));
  append_chunk (file, "IEND", NULL, 0);
  written = g_file_set_contents (path, (const gchar *) file->data, file->len,
      error);
  g_byte_array_unref (file);
  g_bytes_unref (data);
  return written;
}
