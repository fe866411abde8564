/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Where an application finds what a display of this library did: its `stats`,
 * its last sample, and what the kernel says of that sample's memory.
 */
#include "sinkreport.h"

#include <stdio.h>
#include <gst/allocators/gstdmabuf.h>
#include <gst/dmabuf/dmabuf.h>

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

gboolean
sink_report_print (GstElement * display)
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
