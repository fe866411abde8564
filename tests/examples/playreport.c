/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Plays a pipeline into the dmabufkmssink called "display" and reports what
 * came of it: the caps, frames shown and copied, whose memory it was, and a
 * picture of what the display showed at the end. Knows two ways to see a
 * display: vkms's writeback connector, and the emulated machine's own (see
 * tests/vm/run --help).
 *
 * playreport PICTURE.png writeback|machine|none PIPELINE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gst/allocators/gstdmabuf.h>
#include <gst/dmabuf/dmabuf.h>
#include <gst/gst.h>

#include "kmswriteback.h"
#include "machinescreen.h"

/* TRUE on EOS; the last frame stays on the display until the pipeline stops. */
static gboolean
play (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  gboolean ended;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  ended = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  if (!ended) {
    GError *error = NULL;
    gchar *debug = NULL;

    gst_message_parse_error (message, &error, &debug);
    fprintf (stderr, "%s: %s\n%s\n", GST_OBJECT_NAME (message->src),
        error->message, debug ? debug : "");
    g_error_free (error);
    g_free (debug);
  }
  gst_message_unref (message);
  gst_object_unref (bus);
  return ended;
}

static gboolean
take_picture (KmsWriteback * writeback, const gchar * path, GError ** error)
{
  Picture *picture;
  gboolean written;

  if (!writeback)
    return machine_screen_keep (path, error);
  picture = kms_writeback_capture (writeback, error);
  if (!picture)
    return FALSE;
  written = picture_write_png (picture, path, error);
  picture_free (picture);
  return written;
}

/* What the kernel says of the last frame's memory. */
static gchar *
find_exporter (GstSample * sample)
{
  GstMemory *memory =
      gst_buffer_peek_memory (gst_sample_get_buffer (sample), 0);

  if (!gst_is_dmabuf_memory (memory))
    return g_strdup ("none, this is no dma-buf");
  return gst_dmabuf_fd_get_exporter_name (gst_dmabuf_memory_get_fd (memory));
}

static gboolean
report (GstElement * display)
{
  GstSample *sample = NULL;
  GstStructure *stats = NULL;
  guint frames = 0, staged = 0;
  gchar *caps, *exporter;

  g_object_get (display, "stats", &stats, "last-sample", &sample, NULL);
  if (!sample) {
    fprintf (stderr, "no frame reached the display\n");
    return FALSE;
  }
  caps = gst_caps_to_string (gst_sample_get_caps (sample));
  exporter = find_exporter (sample);
  gst_structure_get_uint (stats, "frames", &frames);
  gst_structure_get_uint (stats, "staged", &staged);
  printf ("  caps          %s\n", caps);
  printf ("  frames shown  %u\n", frames);
  printf ("  copied by us  %u\n", staged);
  printf ("  exporter      %s\n", exporter);
  g_free (exporter);
  g_free (caps);
  gst_structure_free (stats);
  gst_sample_unref (sample);
  return frames > 0 && staged == 0;
}

int
main (int argc, char **argv)
{
  KmsWriteback *writeback = NULL;
  GstElement *pipeline, *display;
  GError *error = NULL;
  gboolean good;

  gst_init (&argc, &argv);
  if (argc != 4) {
    fprintf (stderr, "usage: playreport PICTURE.png writeback|machine|none "
        "PIPELINE\n");
    return 2;
  }
  pipeline = gst_parse_launch (argv[3], &error);
  if (!pipeline)
    g_error ("%s", error->message);
  display = gst_bin_get_by_name (GST_BIN (pipeline), "display");
  if (!display)
    g_error ("no dmabufkmssink name=display in the pipeline");
  if (strcmp (argv[2], "writeback") == 0) {
    writeback = kms_writeback_open (NULL, &error);
    if (!writeback)
      g_error ("%s", error->message);
    g_object_set (display, "fd", kms_writeback_get_fd (writeback), NULL);
  }

  good = play (pipeline) && report (display);
  if (good && strcmp (argv[2], "none") != 0) {
    good = take_picture (writeback, argv[1], &error);
    printf ("  picture       %s\n", good ? argv[1] : error->message);
  }
  g_clear_error (&error);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_clear_pointer (&writeback, kms_writeback_close);
  gst_object_unref (display);
  gst_object_unref (pipeline);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
