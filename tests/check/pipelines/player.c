/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Plays a pipeline and looks at the display. Everything waits for messages,
 * nothing for a time to pass.
 */
#include "player.h"

#include "../../../gst/dmabuf/dmabuftestpattern.h"

#define XRGB8888 0x34325258     /* fourcc XR24 */

KmsWriteback *
player_open_display (void)
{
  GError *error = NULL;
  KmsWriteback *writeback = kms_writeback_open (NULL, &error);

  if (writeback)
    return writeback;
  if (g_strcmp0 (g_getenv ("GST_DMABUF_TEST_DEVICES"), "required") == 0)
    fail ("devices are required here, but: %s", error->message);
  g_printerr ("SKIP: %s\n", error->message);
  g_clear_error (&error);
  return NULL;
}

void
player_init (Player * player, KmsWriteback * writeback, const gchar * launch)
{
  GError *error = NULL;

  player->writeback = writeback;
  player->pipeline = gst_parse_launch_full (launch, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);
  fail_unless (player->pipeline != NULL, "%s: %s", launch,
      error ? error->message : "no pipeline");
  player->sink = gst_bin_get_by_name (GST_BIN (player->pipeline), "sink");
  fail_unless (player->sink != NULL, "no element \"sink\" in %s", launch);
  player->bus = gst_pipeline_get_bus (GST_PIPELINE (player->pipeline));
  if (writeback)
    g_object_set (player->sink, "fd", kms_writeback_get_fd (writeback), NULL);
}

void
player_init_printf (Player * player, KmsWriteback * writeback,
    const gchar * format, ...)
{
  va_list args;
  gchar *launch;

  va_start (args, format);
  launch = g_strdup_vprintf (format, args);
  va_end (args);
  player_init (player, writeback, launch);
  g_free (launch);
}

void
player_clear (Player * player)
{
  fail_unless_equals_int (gst_element_set_state (player->pipeline,
          GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (player->sink);
  gst_object_unref (player->bus);
  gst_object_unref (player->pipeline);
  memset (player, 0, sizeof (*player));
}

/* Text and debug text of an error message. */
static gchar *
describe_error (GstMessage * message)
{
  GError *error = NULL;
  gchar *debug = NULL, *text;

  gst_message_parse_error (message, &error, &debug);
  text = g_strdup_printf ("%s: %s (%s)", GST_MESSAGE_SRC_NAME (message),
      error->message, debug ? debug : "");
  g_clear_error (&error);
  g_free (debug);
  return text;
}

static void
fail_on_error (Player * player)
{
  GstMessage *message = gst_bus_pop_filtered (player->bus, GST_MESSAGE_ERROR);

  if (message)
    fail ("%s", describe_error (message));
}

void
player_set_state (Player * player, GstState state)
{
  GstStateChangeReturn ret = gst_element_set_state (player->pipeline, state);

  if (ret == GST_STATE_CHANGE_ASYNC)
    ret = gst_element_get_state (player->pipeline, NULL, NULL, PLAYER_PATIENCE);
  if (ret == GST_STATE_CHANGE_SUCCESS || ret == GST_STATE_CHANGE_NO_PREROLL)
    return;
  fail_on_error (player);
  fail ("%s is not reached: %s", gst_element_state_get_name (state),
      gst_element_state_change_return_get_name (ret));
}

gboolean
player_play_either (Player * player, gchar ** error)
{
  GstMessage *message;
  gboolean ended;

  gst_element_set_state (player->pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (player->bus, PLAYER_PATIENCE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "the pipeline neither ends nor fails");
  ended = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  *error = ended ? NULL : describe_error (message);
  gst_message_unref (message);
  return ended;
}

void
player_play (Player * player)
{
  gchar *error;

  fail_unless (player_play_either (player, &error), "%s", error);
}

gchar *
player_play_to_error (Player * player)
{
  gchar *error;

  fail_if (player_play_either (player, &error), "the pipeline plays");
  return error;
}

static GstStructure *
get_stats (const Player * player)
{
  GstStructure *stats = NULL;

  g_object_get (player->sink, "stats", &stats, NULL);
  fail_unless (stats != NULL);
  return stats;
}

guint
player_get_counter (const Player * player, const gchar * name)
{
  GstStructure *stats = get_stats (player);
  guint64 large = 0;
  guint n = 0;

  if (gst_structure_get_uint64 (stats, name, &large))
    n = large;
  else
    fail_unless (gst_structure_get_uint (stats, name, &n), "no counter %s",
        name);
  gst_structure_free (stats);
  return n;
}

gchar *
player_get_exporter (const Player * player)
{
  GstStructure *stats = get_stats (player);
  gchar *exporter = g_strdup (gst_structure_get_string (stats, "exporter"));

  gst_structure_free (stats);
  return exporter;
}

GstCaps *
player_get_caps (const Player * player)
{
  GstPad *pad = gst_element_get_static_pad (player->sink, "sink");
  GstCaps *caps = gst_pad_get_current_caps (pad);

  gst_object_unref (pad);
  fail_unless (caps != NULL);
  return caps;
}

void
player_expect_no_copies (const Player * player, guint n)
{
  GstStructure *stats = get_stats (player);
  gchar *text = gst_structure_to_string (stats);
  guint frames = 0, staged = 1;
  guint64 dropped = 1;

  gst_structure_get_uint (stats, "frames", &frames);
  gst_structure_get_uint (stats, "staged", &staged);
  gst_structure_get_uint64 (stats, "dropped", &dropped);
  fail_unless (frames >= n && staged == 0 && dropped == 0,
      "wanted %u frames or more, none copied or dropped: %s", n, text);
  g_free (text);
  gst_structure_free (stats);
}

Picture *
player_cut_centre (const Picture * whole, guint width, guint height)
{
  Picture *part;
  guint x, y, row;

  fail_unless (whole->width >= width && whole->height >= height,
      "the display is of %ux%u", whole->width, whole->height);
  part = picture_new (width, height);
  x = (whole->width - width) / 2;
  y = (whole->height - height) / 2;
  for (row = 0; row < height; row++)
    memcpy (part->pixels + (gsize) row * width,
        whole->pixels + (gsize) (y + row) * whole->width + x,
        width * sizeof (*part->pixels));
  return part;
}

Picture *
player_capture (const Player * player, guint width, guint height)
{
  GError *error = NULL;
  Picture *whole = kms_writeback_capture (player->writeback, &error), *part;

  fail_unless (whole != NULL, "%s", error ? error->message : "no picture");
  part = player_cut_centre (whole, width, height);
  picture_free (whole);
  return part;
}

guint
player_read_counter (const Picture * picture)
{
  guint32 counter = 0;

  fail_unless (dmabuf_test_pattern_read_counter (XRGB8888,
          (const guint8 *) picture->pixels, picture->width * 4, &counter),
      "the picture has no frame counter; its first pixel is #%06x",
      picture_get (picture, 0, 0));
  return counter;
}

guint
player_bars_row (const Picture * picture)
{
  return (DMABUF_TEST_COUNTER_HEIGHT + picture->height * 2 / 3) / 2;
}

void
player_expect_bars (const Picture * picture, guint tolerance,
    const gchar * what)
{
  static const guint32 bars[] = { 0xbfbfbf, 0xbfbf00, 0x00bfbf, 0x00bf00,
    0xbf00bf, 0xbf0000, 0x0000bf
  };
  guint y = player_bars_row (picture), i;

  for (i = 0; i < G_N_ELEMENTS (bars); i++) {
    guint32 pixel = picture_get (picture, picture->width * (2 * i + 1) / 14, y);

    fail_unless (picture_is_near (pixel, bars[i], tolerance),
        "%s: bar %u is #%06x, not #%06x", what, i, pixel, bars[i]);
  }
}

static guint dmabufs_before, dmabuf_fds_before;

static guint
count_dmabuf_fds (void)
{
  GDir *dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const gchar *name;
  guint n = 0;

  fail_unless (dir != NULL);
  while ((name = g_dir_read_name (dir))) {
    gchar *path = g_build_filename ("/proc/self/fd", name, NULL);
    gchar *target = g_file_read_link (path, NULL);

    if (target && (g_str_has_prefix (target, "/dmabuf")
            || g_str_has_prefix (target, "/dev/dri/")))
      n++;
    g_free (target);
    g_free (path);
  }
  g_dir_close (dir);
  return n;
}

void
player_dmabufs_setup (void)
{
  dmabufs_before = dmabuf_test_count_dmabufs ();
  dmabuf_fds_before = count_dmabuf_fds ();
}

void
player_dmabufs_teardown (void)
{
  fail_unless_equals_int (count_dmabuf_fds (), dmabuf_fds_before);
  dmabuf_test_expect_dmabufs (dmabufs_before);
}
