/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A display that is a counter: a subclass of GstDmabufVideoSink that takes
 * simulated memory, shows nothing, and refuses, blocks or runs out of things
 * where a test tells it to.
 */
#pragma once

#include <gst/check/gstharness.h>
#include <gst/dmabuf/gstdmabuferror.h>
#include <gst/dmabuf/gstdmabufvideosink.h>

#include "dmabuftest.h"

G_BEGIN_DECLS

#define COUNTER_NV12 GST_MAKE_FOURCC ('N', 'V', '1', '2')
#define COUNTER_XR24 GST_MAKE_FOURCC ('X', 'R', '2', '4')
#define COUNTER_TILED G_GUINT64_CONSTANT (0x0400000000000001)

typedef struct
{
  GstDmabufVideoSink parent;

  /* What it does next; set by tests at will. */
  gboolean takes_simulated;     /* TRUE at first */
  gboolean refuses_import;
  gboolean tiled_only;          /* takes the tiled format only */
  gboolean whole_only;          /* cannot crop */
  gint import_error, show_error;        /* a GstDmabufError, or -1 */
  guint n_show_errors;          /* how often show_error happens */
  gint blocks;                  /* atomic: show() waits for the cancel fd */
  guint canvas_width, canvas_height;    /* 0: shows frames of any size */
  GstVideoRectangle canvas_area;

  /* What it did. */
  guint imports, frees, shown;
  gint blocked;                 /* atomic: how often show() waits or waited */
  GstDmabufImport *on_screen;
  GstBuffer *on_screen_buffer;
  guint8 first_byte;            /* of what is on the screen */
  GstVideoRectangle crop;
  GstDmabufLayout layout;
} CounterSink;

/* A playing harness with a sink, and its end: every import was freed, and the
 * sink is (both are the caller's). */
GstHarness *counter_sink_harness_new (CounterSink ** sink);
void counter_sink_harness_end (GstHarness * h, CounterSink * sink);

/* One of the counters in its stats. */
guint64 counter_sink_get (CounterSink * sink, const gchar * name);

/* A buffer of plain memory, each byte the same. (transfer full) */
GstBuffer *counter_sink_plain_buffer (gsize size, guint8 byte);

G_END_DECLS
