/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Input that nobody would write, from a random generator with a fixed seed, so
 * that each run sees the same. The numbers are those at which arithmetic breaks.
 */
#pragma once

#include <glib.h>

/* Small, near a power of two, near the end, or anything. */
static inline guint64
hostile_number (GRand * rand)
{
  guint64 number;

  switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
      return g_rand_int_range (rand, 0, 9);
    case 1:
      number = G_GUINT64_CONSTANT (1) << g_rand_int_range (rand, 0, 64);
      return number + g_rand_int_range (rand, 0, 5) - 2;
    case 2:
      return g_rand_int_range (rand, 0, 5000);
    default:
      return (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
  }
}

/* Text of characters that mean something here, and some that mean nothing. */
static inline gchar *
hostile_text (GRand * rand)
{
  static const gchar *const pieces[] = {
    "NV12", "XR24", "R8", "R8  ", "_BE", ":", "0x", "0X", "0", "1", "f",
    "ffffffffffffff", "0123456789abcdef", " ", ",", "{", "\"", "\n", "\xff",
    "\xc3\xa9", "%s%n", "\\",
  };
  GString *text = g_string_new (NULL);
  gint n = g_rand_int_range (rand, 0, 6);

  while (n-- > 0)
    g_string_append (text,
        pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (text, FALSE);
}
