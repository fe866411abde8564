/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Makes clips with whatever encoders the system has.
 */
#include "clip.h"

#include "player.h"

#include <glib/gstdio.h>

static gchar *directory;

gchar *
clip_new_path (const gchar * suffix)
{
  static guint n;
  gchar *name, *path;

  if (!directory)
    directory = g_dir_make_tmp ("gst-dmabuf-clips-XXXXXX", NULL);
  fail_unless (directory != NULL);
  name = g_strdup_printf ("%u.%s", n++, suffix);
  path = g_build_filename (directory, name, NULL);
  g_free (name);
  return path;
}

void
clip_remove_all (void)
{
  const gchar *name;
  GDir *dir;

  if (!directory)
    return;
  dir = g_dir_open (directory, 0, NULL);
  while ((name = g_dir_read_name (dir))) {
    gchar *path = g_build_filename (directory, name, NULL);

    g_unlink (path);
    g_free (path);
  }
  g_dir_close (dir);
  g_rmdir (directory);
  g_clear_pointer (&directory, g_free);
}

gchar *
clip_make (ClipKind kind, guint width, guint height, guint n_frames)
{
  static const struct
  {
    const gchar *format, *encoder, *suffix;
  } ways[] = {
    [CLIP_VP8] = {"I420", "vp8enc deadline=1 min-quantizer=0 max-quantizer=8 "
          "! matroskamux", "mkv"},
    [CLIP_FWHT_NV12] = {"NV12", "v4l2fwhtenc ! gdppay", "gdp"},
    [CLIP_FWHT_BGRX] = {"BGRx", "v4l2fwhtenc ! gdppay", "gdp"},
  };
  gchar *path = clip_new_path (ways[kind].suffix);
  Player player;

  player_init_printf (&player, NULL,
      "dmabuftestsrc exporter=udmabuf num-buffers=%u ! video/x-raw,format=%s,"
      "width=%u,height=%u,framerate=30/1 ! %s ! filesink name=sink location=%s",
      n_frames, ways[kind].format, width, height, ways[kind].encoder, path);
  player_play (&player);
  player_clear (&player);
  return path;
}

gchar *
clip_join (const gchar * first, const gchar * second)
{
  gchar *path = clip_new_path ("joined"), *a, *b;
  gsize a_bytes, b_bytes;
  GByteArray *both = g_byte_array_new ();

  fail_unless (g_file_get_contents (first, &a, &a_bytes, NULL));
  fail_unless (g_file_get_contents (second, &b, &b_bytes, NULL));
  g_byte_array_append (both, (guint8 *) a, a_bytes);
  g_byte_array_append (both, (guint8 *) b, b_bytes);
  fail_unless (g_file_set_contents (path, (gchar *) both->data, both->len,
          NULL));
  g_byte_array_unref (both);
  g_free (a);
  g_free (b);
  return path;
}
