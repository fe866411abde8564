/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Decodes, with GStreamer, the PNG that machinescreen has had written. Knows
 * nothing of the way to the host.
 */
#include "screenshot.h"

#include "machinescreen.h"
#include "player.h"

#include <glib/gstdio.h>

static Picture *
copy_sample (GstSample * sample)
{
  GstStructure *s = gst_caps_get_structure (gst_sample_get_caps (sample), 0);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  Picture *picture;
  GstMapInfo map;
  gint width, height;
  gsize i;

  fail_unless (gst_structure_get_int (s, "width", &width));
  fail_unless (gst_structure_get_int (s, "height", &height));
  picture = picture_new (width, height);
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  fail_unless (map.size >= (gsize) width * height * 4);
  for (i = 0; i < (gsize) width * height; i++)
    picture->pixels[i] = GST_READ_UINT32_LE (map.data + i * 4) & 0xffffff;
  gst_buffer_unmap (buffer, &map);
  return picture;
}

static Picture *
read_png (const gchar * path)
{
  GstSample *sample = NULL;
  Picture *picture;
  Player player;

  player_init_printf (&player, NULL, "filesrc location=\"%s\" ! pngdec"
      " ! videoconvert ! video/x-raw,format=BGRx ! appsink name=sink", path);
  gst_element_set_state (player.pipeline, GST_STATE_PLAYING);
  g_signal_emit_by_name (player.sink, "pull-sample", &sample);
  fail_unless (sample != NULL, "%s is no picture", path);
  picture = copy_sample (sample);
  gst_sample_unref (sample);
  player_clear (&player);
  return picture;
}

Picture *
screenshot_take (void)
{
  gchar *directory = g_get_current_dir ();
  gchar *name = g_strdup_printf ("screenshot-%d.png", (gint) getpid ());
  gchar *path = g_build_filename (directory, name, NULL);
  GError *error = NULL;
  Picture *picture;

  fail_unless (machine_screen_keep (path, &error), "%s",
      error ? error->message : "no screenshot");
  picture = read_png (path);
  g_unlink (path);
  g_free (path);
  g_free (name);
  g_free (directory);
  return picture;
}
