/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * kms-writeback [-d NODE] [-o FILE.png] PIPELINE...
 *
 * Runs a pipeline, written as for gst-launch-1.0, in which a dmabufkmssink is
 * named "display", on a display of the kernel's vkms driver, and keeps what
 * the display shows at the end of the stream, before the sink puts back what
 * was there. Prints the caps that were negotiated and the sink's statistics.
 */
#include <gst/gst.h>
#include <stdlib.h>

#include "kmswriteback.h"

static gchar *device, *output;

static const GOptionEntry options[] = {
  {"device", 'd', 0, G_OPTION_ARG_FILENAME, &device,
      "The display's node (default: the first of driver vkms)", "NODE"},
  {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      "Keep what the display showed at the end", "FILE.png"},
  {NULL}
};

static void
fail (const gchar * message)
{
  g_printerr ("kms-writeback: %s\n", message);
  exit (1);
}

static void
print_results (GstElement * display)
{
  GstPad *pad = gst_element_get_static_pad (display, "sink");
  GstCaps *caps = gst_pad_get_current_caps (pad);
  GstStructure *stats = NULL;
  gchar *text;

  text = caps ? gst_caps_to_string (caps) : g_strdup ("none");
  g_print ("caps: %s\n", text);
  g_free (text);
  g_object_get (display, "stats", &stats, NULL);
  text = stats ? gst_structure_to_string (stats) : g_strdup ("none");
  g_print ("stats: %s\n", text);
  g_free (text);
  gst_clear_structure (&stats);
  gst_clear_caps (&caps);
  gst_object_unref (pad);
}

/* Until the end of the stream; exits on an error. */
static void
play (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  GError *error = NULL;
  gchar *detail = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, &detail);
    g_printerr ("%s\n", detail ? detail : "");
    gst_element_set_state (pipeline, GST_STATE_NULL);
    fail (error->message);
  }
  gst_message_unref (message);
  gst_object_unref (bus);
}

static void
capture (KmsWriteback * writeback)
{
  GError *error = NULL;
  Picture *picture = kms_writeback_capture (writeback, &error);

  if (!picture || (output && !picture_write_png (picture, output, &error)))
    fail (error->message);
  g_print ("display: %ux%u\n", picture->width, picture->height);
  if (output)
    g_print ("picture: %s\n", output);
  picture_free (picture);
}

int
main (int argc, char **argv)
{
  GOptionContext *context = g_option_context_new ("PIPELINE...");
  GstElement *pipeline, *display;
  KmsWriteback *writeback;
  GError *error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  g_option_context_set_strict_posix (context, TRUE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    fail (error->message);
  g_option_context_free (context);

  pipeline = gst_parse_launchv ((const gchar **) argv + 1, &error);
  if (!pipeline || error)
    fail (error->message);
  display = GST_IS_BIN (pipeline) ?
      gst_bin_get_by_name (GST_BIN (pipeline), "display") : NULL;
  if (!display)
    fail ("no element of the pipeline is named display");
  writeback = kms_writeback_open (device, &error);
  if (!writeback)
    fail (error->message);

  g_object_set (display, "fd", kms_writeback_get_fd (writeback), NULL);
  play (pipeline);
  print_results (display);
  capture (writeback);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (display);
  gst_object_unref (pipeline);
  kms_writeback_close (writeback);
  return 0;
}
