/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The marks are set in a probe on the sink's pad: counting begins after the
 * last frame of the warm-up came in and ends when as many more have come, so
 * that each step of a frame is in it once for each, whichever thread takes it.
 */
#define _GNU_SOURCE             /* RTLD_DEFAULT */
#include "framechild.h"

#include "callcount.h"

#include <dlfcn.h>
#include <gst/gst.h>
#include <sys/resource.h>

typedef struct
{
  const FrameChild *child;
  GstElement *pipeline;
  guint n_seen;
  guint open_fds;
  glong faults;
  void (*malloc_begin) (void);
  void (*malloc_end) (void);
} Player;

static glong
get_faults (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

static void
begin (Player * player)
{
  player->open_fds = call_count_open_fds ();
  if (player->malloc_begin)
    player->malloc_begin ();
  player->faults = get_faults ();
  call_count_begin ();
}

static void
end (Player * player)
{
  call_count_end ();
  player->faults = get_faults () - player->faults;
  if (player->malloc_end)
    player->malloc_end ();
  player->open_fds = call_count_open_fds () - player->open_fds;
  gst_element_post_message (player->pipeline,
      gst_message_new_application (GST_OBJECT (player->pipeline),
          gst_structure_new_empty ("counted")));
}

static GstPadProbeReturn
see_frame (GstPad * pad, GstPadProbeInfo * info, gpointer user_data)
{
  Player *player = user_data;

  player->n_seen++;
  if (player->n_seen == player->child->warm_up)
    begin (player);
  if (player->n_seen == player->child->warm_up + player->child->frames)
    end (player);
  return GST_PAD_PROBE_OK;
}

static gboolean
watch_sink (Player * player)
{
  GstIterator *sinks = gst_bin_iterate_sinks (GST_BIN (player->pipeline));
  GValue value = G_VALUE_INIT;
  gboolean found = gst_iterator_next (sinks, &value) == GST_ITERATOR_OK;

  if (found) {
    GstPad *pad = gst_element_get_static_pad (g_value_get_object (&value),
        "sink");

    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, see_frame, player, NULL);
    gst_object_unref (pad);
    g_value_unset (&value);
  }
  gst_iterator_free (sinks);
  return found;
}

static gboolean
wait_until_counted (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (bus, 300 * GST_SECOND,
      GST_MESSAGE_APPLICATION | GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  GstMessageType type = message ? GST_MESSAGE_TYPE (message) : 0;
  GError *error = NULL;
  gchar *debug = NULL;

  if (type == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, &debug);
    g_printerr ("%s\n%s\n", error->message, debug ? debug : "");
    g_clear_error (&error);
    g_free (debug);
  } else if (type != GST_MESSAGE_APPLICATION) {
    g_printerr ("the pipeline ended before enough frames were shown\n");
  }
  g_clear_pointer (&message, gst_message_unref);
  gst_object_unref (bus);
  return type == GST_MESSAGE_APPLICATION;
}

static void
write_report (const Player * player)
{
  void (*report) (FILE *) = (void (*)(FILE *)) dlsym (RTLD_DEFAULT,
      "malloc_owner_report");
  FILE *out = fdopen (player->child->report_fd, "w");

  fprintf (out, "faults %ld\nfds %d\n", player->faults,
      (gint) player->open_fds);
  if (report)
    report (out);
  fclose (out);
}

gint
frame_child_play (const FrameChild * child)
{
  Player player = {.child = child };
  GError *error = NULL;
  gboolean counted = FALSE;

  player.malloc_begin = (void (*)(void)) dlsym (RTLD_DEFAULT,
      "malloc_owner_begin");
  player.malloc_end = (void (*)(void)) dlsym (RTLD_DEFAULT, "malloc_owner_end");

  gst_init (NULL, NULL);
  player.pipeline = gst_parse_launch (child->pipeline, &error);
  if (error || !GST_IS_BIN (player.pipeline) || !watch_sink (&player)) {
    g_printerr ("no pipeline: %s\n", error ? error->message : "it has no sink");
    g_clear_error (&error);
    return 1;
  }

  gst_element_set_state (player.pipeline, GST_STATE_PLAYING);
  counted = wait_until_counted (player.pipeline);
  gst_element_set_state (player.pipeline, GST_STATE_NULL);
  gst_object_unref (player.pipeline);
  if (!counted)
    return 1;
  write_report (&player);
  return 0;
}
