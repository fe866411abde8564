/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The display that is a counter.
 */
#include "countersink.h"

#include <poll.h>

typedef struct
{
  GstDmabufVideoSinkClass parent_class;
} CounterSinkClass;

GType counter_sink_get_type (void);
G_DEFINE_TYPE (CounterSink, counter_sink, GST_TYPE_DMABUF_VIDEO_SINK);

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-raw(memory:DMABuf); video/x-raw"));

static GstDmabufFormatSet *
counter_sink_get_formats (GstDmabufVideoSink * sink, GError ** error)
{
  CounterSink *self = (CounterSink *) sink;
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  GstDmabufFormat tiled = { COUNTER_NV12, COUNTER_TILED }, nv12 =
      { COUNTER_NV12, 0 };
  GstDmabufFormat xr24 = { COUNTER_XR24, 0 };

  gst_dmabuf_format_set_builder_add (builder, &tiled);
  if (!self->tiled_only) {
    gst_dmabuf_format_set_builder_add (builder, &nv12);
    gst_dmabuf_format_set_builder_add (builder, &xr24);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

static void
counter_sink_get_limits (GstDmabufVideoSink * sink,
    GstDmabufSinkLimits * limits)
{
  limits->max_width = 4096;
  limits->max_height = 2160;
  limits->constraints.offset_align = 64;
  limits->can_crop = !((CounterSink *) sink)->whole_only;
  limits->can_import_simulated = ((CounterSink *) sink)->takes_simulated;
}

static gboolean
counter_sink_configure (GstDmabufVideoSink * sink,
    const GstDmabufVideoInfo * info, GError ** error)
{
  CounterSink *self = (CounterSink *) sink;

  if (self->canvas_width > 0)
    gst_dmabuf_video_sink_set_canvas (sink, self->canvas_width,
        self->canvas_height, &self->canvas_area);
  return TRUE;
}

static gpointer
counter_sink_import (GstDmabufVideoSink * sink, const GstDmabufFrame * frame,
    GError ** error)
{
  CounterSink *self = (CounterSink *) sink;

  if (self->import_error >= 0) {
    g_set_error (error, GST_DMABUF_ERROR, self->import_error,
        "the counter does not import");
    return NULL;
  }
  if (self->refuses_import) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
        "the counter says no");
    return NULL;
  }
  self->imports++;
  return g_malloc (1);
}

static void
counter_sink_free_import (GstDmabufVideoSink * sink, gpointer handle)
{
  g_free (handle);
  ((CounterSink *) sink)->frees++;
}

static void
let_go (CounterSink * self)
{
  g_clear_pointer (&self->on_screen, gst_dmabuf_import_unref);
  gst_clear_buffer (&self->on_screen_buffer);
}

static GstFlowReturn
counter_sink_show (GstDmabufVideoSink * sink, GstDmabufImport * import,
    const GstDmabufFrame * frame, GstBuffer * buffer, GError ** error)
{
  CounterSink *self = (CounterSink *) sink;
  struct pollfd cancel = { gst_dmabuf_video_sink_get_cancel_fd (sink), POLLIN };
  GstMapInfo map;

  if (g_atomic_int_get (&self->blocks)) {
    g_atomic_int_inc (&self->blocked);
    poll (&cancel, 1, -1);
    return GST_FLOW_FLUSHING;
  }
  if (self->show_error >= 0 && self->n_show_errors > 0) {
    self->n_show_errors--;
    g_set_error (error, GST_DMABUF_ERROR, self->show_error,
        "the counter does not show");
    return GST_FLOW_ERROR;
  }
  let_go (self);
  self->on_screen = gst_dmabuf_import_ref (import);
  self->on_screen_buffer = gst_buffer_ref (buffer);
  self->crop = frame->crop;
  self->layout = frame->layout;
  fail_unless (gst_memory_map (frame->memories[0], &map, GST_MAP_READ));
  self->first_byte = map.data[0];
  gst_memory_unmap (frame->memories[0], &map);
  self->shown++;
  return GST_FLOW_OK;
}

static gboolean
counter_sink_stop (GstBaseSink * sink)
{
  let_go ((CounterSink *) sink);
  return GST_BASE_SINK_CLASS (counter_sink_parent_class)->stop (sink);
}

static void
counter_sink_class_init (CounterSinkClass * klass)
{
  GstDmabufVideoSinkClass *sink_class = (GstDmabufVideoSinkClass *) klass;

  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass),
      &sink_template);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass),
      "Counter", "Sink/Video", "Counts", "the tests");
  GST_BASE_SINK_CLASS (klass)->stop = counter_sink_stop;
  sink_class->get_formats = counter_sink_get_formats;
  sink_class->get_limits = counter_sink_get_limits;
  sink_class->configure = counter_sink_configure;
  sink_class->import = counter_sink_import;
  sink_class->free_import = counter_sink_free_import;
  sink_class->show = counter_sink_show;
}

static void
counter_sink_init (CounterSink * self)
{
  self->takes_simulated = TRUE;
  self->import_error = self->show_error = -1;
  g_object_set (self, "exporter", "memfd", "sync", FALSE, "async", FALSE,
      "enable-last-sample", FALSE, NULL);
}

GstHarness *
counter_sink_harness_new (CounterSink ** sink)
{
  GstHarness *h;

  *sink = g_object_new (counter_sink_get_type (), NULL);
  gst_object_ref_sink (*sink);
  h = gst_harness_new_with_element (GST_ELEMENT (*sink), "sink", NULL);
  return h;
}

void
counter_sink_harness_end (GstHarness * h, CounterSink * sink)
{
  gst_harness_teardown (h);
  fail_unless (sink->imports == sink->frees,
      "%u imports, %u freed", sink->imports, sink->frees);
  gst_object_unref (sink);
}

guint64
counter_sink_get (CounterSink * sink, const gchar * name)
{
  GstStructure *stats;
  guint64 n = 0;
  guint small;

  g_object_get (sink, "stats", &stats, NULL);
  if (gst_structure_get_uint (stats, name, &small))
    n = small;
  else
    fail_unless (gst_structure_get_uint64 (stats, name, &n), "no %s", name);
  gst_structure_free (stats);
  return n;
}

GstBuffer *
counter_sink_plain_buffer (gsize size, guint8 byte)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (buffer, 0, byte, size);
  return buffer;
}
