/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Compares ways of doing the same work within one process, in turns, and
 * counts their system calls and page faults. Knows nothing of the work.
 */
#pragma once

#include <glib.h>

typedef struct
{
  const gchar *name;
  void (*run) (gpointer user_data);     /* the work of n_frames frames */
  gpointer user_data;
} Contender;

/* The first contender is ours. Prints, for each: the median and the extremes
 * over all rounds of its time divided by ours, and what a frame costs in system
 * calls and page faults. Ours runs first and last in each round. Without rounds there are
 * counts only, for machines whose time says nothing. */
void rounds_compare (const gchar * title, const Contender * contenders,
    guint n_contenders, guint n_frames, guint n_rounds);

/* Keeps the calling thread on one CPU, if there are as many. */
void rounds_pin (guint cpu);
