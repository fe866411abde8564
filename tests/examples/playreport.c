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
#include <gst/gst.h>

#include "kmswriteback.h"
#include "machinescreen.h"
#include "sinkreport.h"

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

/* Tells where the picture of the display is, or why there is none. */
static gboolean
report_picture (KmsWriteback * writeback, const gchar * eye, const gchar * path)
{
  GError *error = NULL;

  if (strcmp (eye, "none") == 0) {
    printf ("  picture       none: nothing can read this display back\n");
    return TRUE;
  }
  if (take_picture (writeback, path, &error)) {
    printf ("  picture       %s\n", path);
    return TRUE;
  }
  printf ("  picture       none: %s\n", error->message);
  g_error_free (error);
  return FALSE;
}

/* The pipeline, with the display that @writeback looks at if there is one.
 * NULL after a message. */
static GstElement *
make_pipeline (const gchar * text, KmsWriteback * writeback,
    GstElement ** display)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (text, &error);

  if (error) {
    fprintf (stderr, "%s\n", error->message);
    g_clear_error (&error);
    gst_clear_object (&pipeline);
    return NULL;
  }
  if (GST_IS_BIN (pipeline))
    *display = gst_bin_get_by_name (GST_BIN (pipeline), "display");
  if (!*display) {
    fprintf (stderr, "no dmabufkmssink name=display in the pipeline\n");
    gst_object_unref (pipeline);
    return NULL;
  }
  if (writeback)
    g_object_set (*display, "fd", kms_writeback_get_fd (writeback), NULL);
  return pipeline;
}

int
main (int argc, char **argv)
{
  KmsWriteback *writeback = NULL;
  GstElement *pipeline, *display = NULL;
  GError *error = NULL;
  gboolean good = FALSE;

  gst_init (&argc, &argv);
  if (argc != 4) {
    fprintf (stderr, "usage: playreport PICTURE.png writeback|machine|none "
        "PIPELINE\n");
    return 2;
  }
  if (strcmp (argv[2], "writeback") == 0)
    writeback = kms_writeback_open (NULL, &error);
  if (error) {
    fprintf (stderr, "%s\n", error->message);
    g_error_free (error);
    return EXIT_FAILURE;
  }
  pipeline = make_pipeline (argv[3], writeback, &display);
  if (pipeline) {
    good = play (pipeline) && sink_report_print (display)
        && report_picture (writeback, argv[2], argv[1]);
    gst_element_set_state (pipeline, GST_STATE_NULL);
    gst_object_unref (display);
    gst_object_unref (pipeline);
  }
  g_clear_pointer (&writeback, kms_writeback_close);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
