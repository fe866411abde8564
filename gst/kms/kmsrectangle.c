/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Rectangles as properties.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "kmsrectangle.h"

/* No mode is larger. */
#define MAX_COORDINATE 65535

GParamSpec *
kms_rectangle_param_spec (const gchar * name, const gchar * nick,
    const gchar * blurb, GParamFlags flags)
{
  GParamSpec *number = g_param_spec_int ("number", "Number",
      "x, y, width or height", -MAX_COORDINATE, MAX_COORDINATE, 0,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  return gst_param_spec_array (name, nick, blurb, number, flags);
}

void
kms_rectangle_from_value (GstVideoRectangle * rectangle, const GValue * value)
{
  guint i, n = gst_value_array_get_size (value);
  gint numbers[4] = { 0, };

  if (n != 0 && n != 4) {
    g_warning ("a rectangle is <x, y, width, height> or nothing");
    return;
  }
  for (i = 0; i < n; i++)
    numbers[i] = g_value_get_int (gst_value_array_get_value (value, i));
  if (numbers[2] < 0 || numbers[3] < 0) {
    g_warning ("a rectangle's width and height are not negative");
    return;
  }
  rectangle->x = numbers[0];
  rectangle->y = numbers[1];
  rectangle->w = numbers[2];
  rectangle->h = numbers[3];
}

void
kms_rectangle_to_value (const GstVideoRectangle * rectangle, GValue * value)
{
  const gint numbers[4] = { rectangle->x, rectangle->y, rectangle->w,
    rectangle->h
  };
  guint i;

  for (i = 0; i < 4; i++) {
    GValue number = G_VALUE_INIT;

    g_value_init (&number, G_TYPE_INT);
    g_value_set_int (&number, numbers[i]);
    gst_value_array_append_and_take_value (value, &number);
  }
}
