/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Private: what a format set is made of.
 */
#pragma once

#include "gstdmabufformatset.h"

G_BEGIN_DECLS

/* A member in the sorted array: 16 bytes, so that a merge of two sets reads
 * both arrays in order and nothing else. */
typedef struct
{
  guint32 fourcc;
  guint32 rank;
  guint64 modifier;
} GstDmabufSortedFormat;

typedef struct
{
  GstDmabufTrancheFlags flags;
  guint64 device;
  guint first;
  guint n_formats;
} GstDmabufTranche;

struct _GstDmabufFormatSet
{
  gatomicrefcount refs;

  guint n_formats;
  GstDmabufFormat *formats;     /* by rank */
  GstDmabufSortedFormat *sorted;        /* by fourcc, then modifier */

  guint n_tranches;
  GstDmabufTranche *tranches;   /* consecutive, none empty */

  /* GValue that gstdmabufcaps.c made of the set, or NULL: set once, atomically,
   * then constant; freed with the set. */
  gpointer drm_format_value;
};

G_END_DECLS
