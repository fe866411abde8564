/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A harness around dmabuftestsrc, and a check of its frames, byte by byte,
 * against a painter that starts from nothing.
 */
#pragma once

#include "dmabuftest.h"

#include <gst/allocators/gstdmabuf.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include <drm_fourcc.h>

#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <gst/dmabuf/gstdmabufframe.h>

#include "../../../gst/dmabuf/dmabuftestpattern.h"

#define EXPLICIT "video/x-raw(memory:DMABuf),format=DMA_DRM,"
#define LEGACY "video/x-raw(memory:DMABuf),"
#define SIZE "width=128,height=96,framerate=25/1"

/* Exporters to test on. Where devices are required, all of them are there. */
G_GNUC_UNUSED static const gchar *const specs[] = {
  "memfd", "heap:system", "udmabuf"
};

static inline gboolean
have_exporter (const gchar * spec)
{
  GstDmabufExporter *exporter = gst_dmabuf_exporter_new_from_spec (spec, NULL);

  if (exporter) {
    gst_object_unref (exporter);
    return TRUE;
  }
  if (g_strcmp0 (g_getenv ("GST_DMABUF_TEST_DEVICES"), "required") == 0)
    fail ("exporter %s is missing, and devices are required here", spec);
  g_printerr ("SKIP: no exporter %s on this system\n", spec);

  return FALSE;
}

static inline GstHarness *
make_harness (const gchar * properties, const gchar * sink_caps)
{
  gchar *launch = g_strdup_printf ("dmabuftestsrc name=src %s", properties);
  GstHarness *h = gst_harness_new_parse (launch);

  gst_harness_set_sink_caps_str (h, sink_caps);
  /* Downstream of a real source holds a few buffers, not all. */
  gst_harness_set_blocking_push_mode (h);
  g_free (launch);
  return h;
}

static inline GstElement *
get_source (GstHarness * h)
{
  GstElement *source = gst_harness_find_element (h, "dmabuftestsrc");

  fail_unless (source != NULL);
  /* The harness keeps it alive. */
  gst_object_unref (source);
  return source;
}

/* What the caps that arrived say. */
static inline GstDmabufVideoInfo
get_info (GstHarness * h)
{
  GstCaps *caps = gst_pad_get_current_caps (h->sinkpad);
  GstDmabufVideoInfo info;
  GError *error = NULL;

  fail_unless (caps != NULL);
  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, &error), "%s",
      error ? error->message : "");
  gst_caps_unref (caps);
  return info;
}

static inline gchar *
get_stat (GstHarness * h, const gchar * field)
{
  GstStructure *stats = NULL;
  gchar *text;

  g_object_get (get_source (h), "stats", &stats, NULL);
  text = g_strdup (gst_structure_get_string (stats, field));
  gst_structure_free (stats);
  return text;
}

static inline void
check_stat (GstHarness * h, const gchar * field, const gchar * expected)
{
  gchar *text = get_stat (h, field);

  fail_unless_equals_string (text, expected);
  g_free (text);
}

/* Maps all dma-bufs of a buffer for reading. */
typedef struct
{
  GstDmabufFrame frame;
  GstMapInfo maps[4];
  const guint8 *planes[4];
} Mapped;

static inline void
map_buffer (Mapped * mapped, GstBuffer * buffer,
    const GstDmabufVideoInfo * info)
{
  GError *error = NULL;
  guint i;

  fail_unless (gst_dmabuf_frame_describe (&mapped->frame, buffer, info,
          &error), "%s", error ? error->message : "");
  for (i = 0; i < mapped->frame.layout.n_objects; i++)
    fail_unless (gst_memory_map (mapped->frame.memories[i], &mapped->maps[i],
            GST_MAP_READ));
  for (i = 0; i < mapped->frame.layout.n_planes; i++) {
    const GstDmabufPlane *plane = &mapped->frame.layout.planes[i];

    mapped->planes[i] = mapped->maps[plane->object].data + plane->offset;
  }
}

static inline void
unmap_buffer (Mapped * mapped)
{
  guint i;

  for (i = 0; i < mapped->frame.layout.n_objects; i++)
    gst_memory_unmap (mapped->frame.memories[i], &mapped->maps[i]);
}

/* The whole picture must be that of a painter which starts from nothing. */
static inline void
check_picture (GstBuffer * buffer, const GstDmabufVideoInfo * info,
    DmabufTestPatternConfig config, guint32 counter)
{
  gchar *name = gst_dmabuf_fourcc_to_string (info->format.fourcc);
  DmabufTestPattern *pattern;
  DmabufTestCanvas canvas;
  Mapped mapped;
  guint i, row;

  config.fourcc = info->format.fourcc;
  config.width = GST_VIDEO_INFO_WIDTH (&info->vinfo);
  config.height = GST_VIDEO_INFO_HEIGHT (&info->vinfo);
  config.colorimetry = info->vinfo.colorimetry;
  pattern = dmabuf_test_pattern_new (&config);
  fail_unless (pattern != NULL);

  map_buffer (&mapped, buffer, info);
  for (i = 0; i < info->info->n_planes; i++) {
    canvas.stride[i] = gst_dmabuf_format_info_plane_row_bytes (info->info, i,
        config.width);
    canvas.data[i] = g_malloc0 (canvas.stride[i] *
        gst_dmabuf_format_info_plane_height (info->info, i, config.height));
  }
  dmabuf_test_pattern_paint_background (pattern, &canvas);
  dmabuf_test_pattern_paint_frame (pattern, &canvas, counter);

  for (i = 0; i < info->info->n_planes; i++) {
    guint rows = gst_dmabuf_format_info_plane_height (info->info, i,
        config.height);

    for (row = 0; row < rows; row++)
      fail_unless (memcmp (canvas.data[i] + row * canvas.stride[i],
              mapped.planes[i] + row * mapped.frame.layout.planes[i].stride,
              canvas.stride[i]) == 0, "%s: plane %u differs in row %u", name,
          i, row);
    g_free (canvas.data[i]);
  }

  unmap_buffer (&mapped);
  dmabuf_test_pattern_free (pattern);
  g_free (name);
}

G_GNUC_UNUSED static const DmabufTestPatternConfig default_picture = {
  .kind = DMABUF_TEST_PATTERN_SMPTE,
  .argb = 0xffffffff,
  .animated = TRUE,
};

static inline guint32
read_counter (GstBuffer * buffer, const GstDmabufVideoInfo * info)
{
  guint32 counter = 0;
  Mapped mapped;

  map_buffer (&mapped, buffer, info);
  fail_unless (dmabuf_test_pattern_read_counter (info->format.fourcc,
          mapped.planes[0], mapped.frame.layout.planes[0].stride, &counter));
  unmap_buffer (&mapped);
  return counter;
}

/* Lets the source run until it fails, and returns what it says. */
static inline gchar *
run_until_error (const gchar * properties, const gchar * sink_caps)
{
  GstHarness *h = make_harness (properties, sink_caps);
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GError *error = NULL;
  gchar *text;

  gst_element_set_bus (h->element, bus);
  gst_harness_play (h);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_ERROR);
  gst_message_parse_error (message, &error, NULL);
  text = g_strdup (error->message);
  GST_INFO ("said: %s", text);
  g_error_free (error);
  gst_message_unref (message);
  gst_element_set_bus (h->element, NULL);
  gst_harness_teardown (h);
  gst_object_unref (bus);

  return text;
}

static inline void
check_mentions (const gchar * text, const gchar * word)
{
  fail_unless (strstr (text, word) != NULL, "\"%s\" does not mention %s", text,
      word);
}
