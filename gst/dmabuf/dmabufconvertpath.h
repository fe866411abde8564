/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What a frame of one format costs to become one of another: the order of
 * costs, and which formats lead to which. It knows no caps and no buffers.
 */
#pragma once

#include <gst/dmabuf/gstdmabufformatset.h>
#include <gst/dmabuf/gstdmabufvideoinfo.h>

G_BEGIN_DECLS

/* How a frame gets from one side to the other; the cheaper, the smaller. A path
 * that relabels or adopts still copies a frame whose memory downstream cannot
 * use, which only the buffer shows. */
typedef enum
{
  DMABUF_CONVERT_PASS,          /* nothing changes */
  DMABUF_CONVERT_RELABEL,       /* other words for the same memory */
  DMABUF_CONVERT_ADOPT,         /* the same, if upstream takes our pool */
  DMABUF_CONVERT_DETILE,        /* the CPU reads tiles, writes rows */
  DMABUF_CONVERT_UNPACK,        /* and widens packed 10-bit samples */
  DMABUF_CONVERT_TILE,          /* the CPU reads rows, writes tiles */
  DMABUF_CONVERT_PACK,          /* and packs 10-bit samples */
  DMABUF_CONVERT_NONE,          /* impossible */
} DmabufConvertPath;

/* What the user allows. */
typedef struct
{
  gboolean legacy_linear;       /* implicit layouts are linear ones */
  gboolean ignore_alpha;        /* AR24 may become XR24 and the reverse */
  gboolean zero_copy;           /* no path on which the CPU touches pixels */
} DmabufConvertRules;

/* One side, as its caps spell it. */
typedef struct
{
  GstDmabufDialect dialect;
  GstDmabufFormat format;       /* implicit under legacy caps */
} DmabufConvertEnd;

/* The cheapest path of a frame of from to one of to. */
DmabufConvertPath dmabuf_convert_path_find (const DmabufConvertEnd * from,
    const DmabufConvertEnd * to, const DmabufConvertRules * rules);

/* "relabel" and so on, for statistics and messages. */
const gchar *dmabuf_convert_path_get_name (DmabufConvertPath path);

/* What the layout of format is in truth: linear where rules say that an
 * implicit one is. */
GstDmabufFormat dmabuf_convert_get_layout (const GstDmabufFormat * format,
    const DmabufConvertRules * rules);

/* The formats that have the same bytes as those of set under rules, set itself
 * included, and in its order. Returns: (transfer full). */
GstDmabufFormatSet *dmabuf_convert_get_twins (const GstDmabufFormatSet * set,
    const DmabufConvertRules * rules);

/* The formats that the CPU makes of those of set, or makes those of set of, as
 * far as they can be listed, and those of hint (nullable). What it reads it also
 * writes. Returns: (transfer full). */
GstDmabufFormatSet *dmabuf_convert_get_cpu_partners (
    const GstDmabufFormatSet * set, const GstDmabufFormatSet * hint,
    const DmabufConvertRules * rules);

G_END_DECLS
