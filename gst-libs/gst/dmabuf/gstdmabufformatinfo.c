/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Look-ups in the table of formats. It turns the table of names into rows and
 * indices once, and knows nothing about a single format.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufformatinfo.h"
#include "gstdmabufformattable.h"

#include <stdlib.h>

typedef struct
{
  GstVideoFormat video_format;
  GstDmabufFormat format;
} VideoFormatEntry;

/* Made once, then only read. */
typedef struct
{
  GstDmabufFormatInfo *infos;   /* sorted by fourcc */
  guint n_infos;
  VideoFormatEntry *entries;    /* sorted by video_format */
  guint n_entries;
} FormatIndex;

static guint32
fourcc_from_chars (const gchar * c)
{
  return (guint32) (guchar) c[0] | (guint32) (guchar) c[1] << 8
      | (guint32) (guchar) c[2] << 16 | (guint32) (guchar) c[3] << 24;
}

static gint
compare_infos (gconstpointer a, gconstpointer b)
{
  const GstDmabufFormatInfo *x = a, *y = b;

  return x->fourcc < y->fourcc ? -1 : x->fourcc > y->fourcc;
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const VideoFormatEntry *x = a, *y = b;

  return x->video_format < y->video_format ? -1
      : x->video_format > y->video_format;
}

static GstVideoFormat
video_format_from_name (const gchar * name)
{
  return name ? gst_video_format_from_string (name) : GST_VIDEO_FORMAT_UNKNOWN;
}

static void
info_from_row (GstDmabufFormatInfo * info, const GstDmabufFormatRow * row)
{
  guint i;

  info->fourcc = fourcc_from_chars (row->fourcc);
  if (row->flags & GST_DMABUF_ROW_BIG_ENDIAN)
    info->fourcc |= GST_DMABUF_FOURCC_BIG_ENDIAN;
  info->video_format = video_format_from_name (row->video_format);
  info->description = row->description;
  info->n_planes = row->n_planes;
  info->is_linear = !(row->flags & GST_DMABUF_ROW_NOT_LINEAR);
  info->is_yuv = (row->flags & GST_DMABUF_ROW_YUV) != 0;
  info->is_gray = (row->flags & GST_DMABUF_ROW_GRAY) != 0;
  info->has_alpha = (row->flags & GST_DMABUF_ROW_ALPHA) != 0;
  info->depth = row->depth;
  info->w_sub = row->w_sub;
  info->h_sub = row->h_sub;
  info->opaque_fourcc = fourcc_from_chars (row->opaque);
  for (i = 0; i < GST_DMABUF_MAX_PLANES; i++) {
    info->block_bytes[i] = row->block_bytes[i];
    info->block_width[i] = row->block_width[i];
  }
}

static GstDmabufFormatInfo *
find_info (const FormatIndex * index, guint32 fourcc)
{
  GstDmabufFormatInfo key = {.fourcc = fourcc };

  return bsearch (&key, index->infos, index->n_infos, sizeof (key),
      compare_infos);
}

static void
add_entry (FormatIndex * index, GstVideoFormat video_format,
    const GstDmabufFormat * format)
{
  if (video_format == GST_VIDEO_FORMAT_UNKNOWN)
    return;
  index->entries[index->n_entries].video_format = video_format;
  index->entries[index->n_entries].format = *format;
  index->n_entries++;
}

static FormatIndex *
make_index (void)
{
  FormatIndex *index = g_new0 (FormatIndex, 1);
  guint i;

  index->n_infos = gst_dmabuf_n_format_rows;
  index->infos = g_new0 (GstDmabufFormatInfo, index->n_infos);
  index->entries = g_new0 (VideoFormatEntry,
      gst_dmabuf_n_format_rows + gst_dmabuf_n_tiled_rows);

  for (i = 0; i < index->n_infos; i++) {
    const GstDmabufFormatRow *row = &gst_dmabuf_format_rows[i];
    GstDmabufFormatInfo *info = &index->infos[i];

    info_from_row (info, row);
    if (!(row->flags & GST_DMABUF_ROW_SECOND)) {
      GstDmabufFormat linear =
          GST_DMABUF_FORMAT_INIT (info->fourcc, GST_DMABUF_MOD_LINEAR);

      add_entry (index, info->video_format, &linear);
    }
  }
  for (i = 0; i < gst_dmabuf_n_tiled_rows; i++) {
    const GstDmabufTiledRow *row = &gst_dmabuf_tiled_rows[i];

    add_entry (index, video_format_from_name (row->video_format), &row->format);
  }
  qsort (index->infos, index->n_infos, sizeof (*index->infos), compare_infos);
  qsort (index->entries, index->n_entries, sizeof (*index->entries),
      compare_entries);

  for (i = 0; i < index->n_infos; i++) {
    GstDmabufFormatInfo *opaque =
        find_info (index, index->infos[i].opaque_fourcc);

    if (opaque)
      opaque->alpha_fourcc = index->infos[i].fourcc;
  }
  return index;
}

static const FormatIndex *
get_index (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) make_index ());
  return (const FormatIndex *) once;
}

static const VideoFormatEntry *
find_entry (GstVideoFormat video_format)
{
  const FormatIndex *index = get_index ();
  VideoFormatEntry key = {.video_format = video_format };

  return bsearch (&key, index->entries, index->n_entries, sizeof (key),
      compare_entries);
}

const GstDmabufFormatInfo *
gst_dmabuf_format_info_get (guint32 fourcc)
{
  return find_info (get_index (), fourcc);
}

const GstDmabufFormatInfo *
gst_dmabuf_format_info_from_video_format (GstVideoFormat video_format)
{
  const VideoFormatEntry *entry = find_entry (video_format);

  if (!entry || entry->format.modifier != GST_DMABUF_MOD_LINEAR)
    return NULL;
  return gst_dmabuf_format_info_get (entry->format.fourcc);
}

gboolean
gst_dmabuf_format_from_video_format (GstVideoFormat video_format,
    GstDmabufFormat * format)
{
  const VideoFormatEntry *entry = find_entry (video_format);

  g_return_val_if_fail (format != NULL, FALSE);

  if (!entry)
    return FALSE;
  *format = entry->format;
  return TRUE;
}

GstVideoFormat
gst_dmabuf_format_to_video_format (const GstDmabufFormat * format)
{
  const GstDmabufFormatInfo *info;
  guint i;

  g_return_val_if_fail (format != NULL, GST_VIDEO_FORMAT_UNKNOWN);

  if (format->modifier == GST_DMABUF_MOD_LINEAR) {
    info = gst_dmabuf_format_info_get (format->fourcc);
    return info ? info->video_format : GST_VIDEO_FORMAT_UNKNOWN;
  }
  for (i = 0; i < gst_dmabuf_n_tiled_rows; i++)
    if (gst_dmabuf_format_equal (&gst_dmabuf_tiled_rows[i].format, format))
      return video_format_from_name (gst_dmabuf_tiled_rows[i].video_format);
  return GST_VIDEO_FORMAT_UNKNOWN;
}

guint
gst_dmabuf_format_info_n (void)
{
  return gst_dmabuf_n_format_rows;
}

const GstDmabufFormatInfo *
gst_dmabuf_format_info_nth (guint index)
{
  g_return_val_if_fail (index < gst_dmabuf_n_format_rows, NULL);

  return &get_index ()->infos[index];
}

static guint
scale_down (guint value, guint shift)
{
  return (guint) (((guint64) value + (1U << shift) - 1) >> shift);
}

guint
gst_dmabuf_format_info_plane_width (const GstDmabufFormatInfo * info,
    guint plane, guint width)
{
  g_return_val_if_fail (info != NULL && plane < info->n_planes, 0);

  return plane == 0 ? width : scale_down (width, info->w_sub);
}

guint
gst_dmabuf_format_info_plane_height (const GstDmabufFormatInfo * info,
    guint plane, guint height)
{
  g_return_val_if_fail (info != NULL && plane < info->n_planes, 0);

  return plane == 0 ? height : scale_down (height, info->h_sub);
}

guint64
gst_dmabuf_format_info_plane_row_bytes (const GstDmabufFormatInfo * info,
    guint plane, guint width)
{
  guint64 plane_width, block_width;

  g_return_val_if_fail (info != NULL && plane < info->n_planes, 0);
  g_return_val_if_fail (info->is_linear, 0);

  plane_width = gst_dmabuf_format_info_plane_width (info, plane, width);
  block_width = info->block_width[plane];
  return (plane_width + block_width - 1) / block_width
      * info->block_bytes[plane];
}
