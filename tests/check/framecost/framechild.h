/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The measured process: plays a pipeline and sets marks around frames that
 * reach its sink. Knows GStreamer, not who counts.
 */
#pragma once

#include <glib.h>
#include <stdio.h>

typedef struct
{
  const gchar *pipeline;        /* gst-launch syntax, with one sink */
  guint warm_up;                /* frames before the first mark */
  guint frames;                 /* frames between the marks */
  gint report_fd;
} FrameChild;

/* Plays until the second mark and writes "faults N", "fds N" and, under
 * mallocowner, its report to report_fd. Returns an exit status; after an error
 * the reason is on stderr. */
gint frame_child_play (const FrameChild * child);
