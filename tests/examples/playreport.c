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

/* Without the fields whose value is what a reader takes for granted.
 * (transfer full) */
static gchar *
describe_caps (GstSample * sample)
{
  static const struct
  {
    const gchar *field, *value;
  } plain[] = {
    {"interlace-mode", "progressive"}, {"pixel-aspect-ratio", "1/1"},
    {"multiview-mode", "mono"}, {"multiview-flags", NULL}
  };
  GstCaps *caps = gst_caps_copy (gst_sample_get_caps (sample));
  GstStructure *structure = gst_caps_get_structure (caps, 0);
  gchar *text;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (plain); i++) {
    const GValue *value = gst_structure_get_value (structure, plain[i].field);
    gchar *found = value ? gst_value_serialize (value) : NULL;

    if (found && (!plain[i].value || g_str_equal (found, plain[i].value)))
      gst_structure_remove_field (structure, plain[i].field);
    g_free (found);
  }
  text = gst_caps_to_string (caps);
  gst_caps_unref (caps);
  return text;
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
  caps = describe_caps (sample);
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
    good = play (pipeline) && report (display)
        && report_picture (writeback, argv[2], argv[1]);
    gst_element_set_state (pipeline, GST_STATE_NULL);
    gst_object_unref (display);
    gst_object_unref (pipeline);
  }
  g_clear_pointer (&writeback, kms_writeback_close);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
