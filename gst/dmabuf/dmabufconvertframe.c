/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * One frame through the converter. Runs per frame in the streaming thread:
 * relabelling takes no system call, moving pixels one bracket for each dma-buf.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabufconvertframe.h"

#include <gst/dmabuf/gstdmabufframe.h>
#include <gst/dmabuf/gstdmabufmappedframe.h>
#include <gst/dmabuf/gstdmabufrelabel.h>
#include <gst/dmabuf/gstdmabuftile.h>

#include "dmabufallocation.h"

/* Waking a thread takes as long as tens of thousands of pixels; memory is busy
 * with a few threads. */
#define PIXELS_A_THREAD (512 * 1024)
#define MAX_AUTO_THREADS 4

/* As info, with an implicit format that rules call linear said to be so. */
static void
get_layout_info (const GstDmabufVideoInfo * info,
    const DmabufConvertRules * rules, GstDmabufVideoInfo * layout)
{
  *layout = *info;
  layout->format = dmabuf_convert_get_layout (&info->format, rules);
}

gboolean
dmabuf_convert_job_init (DmabufConvertJob * job, const GstCaps * in_caps,
    const GstCaps * out_caps, const DmabufConvertRules * rules, GError ** error)
{
  DmabufConvertEnd from, to;

  if (!gst_dmabuf_video_info_from_caps (&job->in_info, in_caps, error)
      || !gst_dmabuf_video_info_from_caps (&job->out_info, out_caps, error))
    return FALSE;

  get_layout_info (&job->in_info, rules, &job->in_layout);
  get_layout_info (&job->out_info, rules, &job->out_layout);
  from.dialect = job->in_info.dialect;
  from.format = job->in_info.format;
  to.dialect = job->out_info.dialect;
  to.format = job->out_info.format;
  job->path = dmabuf_convert_path_find (&from, &to, rules);
  gst_dmabuf_constraints_init (&job->constraints);
  job->has_video_meta = job->has_crop = FALSE;
  job->zero_copy = rules->zero_copy;
  if (job->path != DMABUF_CONVERT_NONE)
    return TRUE;

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "no path leads from one format to the other");
  return FALSE;
}

guint
dmabuf_convert_job_get_n_threads (const DmabufConvertJob * job)
{
  guint64 pixels = (guint64) GST_VIDEO_INFO_WIDTH (&job->out_info.vinfo)
      * (guint) GST_VIDEO_INFO_HEIGHT (&job->out_info.vinfo);
  guint by_size = (guint) MIN (pixels / PIXELS_A_THREAD, MAX_AUTO_THREADS);

  return MAX (1, MIN (by_size, g_get_num_processors ()));
}

static gboolean
fail_unusable (GError ** error, const gchar * what, guint plane, gsize value,
    gsize multiple)
{
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "downstream needs %s that are multiples of %" G_GSIZE_FORMAT
      ", plane %u has %" G_GSIZE_FORMAT, what, multiple, plane, value);
  return FALSE;
}

/* Downstream said what it needs; nothing of it can be mended without a copy. */
static gboolean
meets_constraints (const DmabufConvertJob * job, const GstDmabufFrame * frame,
    GError ** error)
{
  const GstDmabufConstraints *needs = &job->constraints;
  guint i;

  for (i = 0; i < frame->layout.n_planes; i++) {
    const GstDmabufPlane *plane = &frame->layout.planes[i];

    if (needs->stride_align > 1 && plane->stride % needs->stride_align)
      return fail_unusable (error, "strides", i, plane->stride,
          needs->stride_align);
    if (needs->offset_align > 1 && plane->offset % needs->offset_align)
      return fail_unusable (error, "offsets", i, plane->offset,
          needs->offset_align);
  }
  if (needs->max_objects == 0 || frame->layout.n_objects <= needs->max_objects)
    return TRUE;

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "downstream takes frames in at most %u dma-bufs, this one has %u",
      needs->max_objects, frame->layout.n_objects);
  return FALSE;
}

static gboolean
can_be_system (const DmabufConvertJob * job, GstBuffer * buffer,
    GError ** error)
{
  if (job->has_video_meta
      || dmabuf_has_default_layout (buffer, &job->out_info.vinfo))
    return TRUE;
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "downstream does not read GstVideoMeta, and the frame has not the "
      "strides of its caps");
  return FALSE;
}

/* A picture that is larger than its caps shows the wrong part of itself to an
 * element that does not know crops. */
static gboolean
can_be_cropped (const DmabufConvertJob * job, GstBuffer * buffer,
    GError ** error)
{
  const GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);

  if (job->has_crop || !meta || !gst_buffer_get_video_crop_meta (buffer)
      || (meta->width == (guint) GST_VIDEO_INFO_WIDTH (&job->in_info.vinfo)
          && meta->height ==
          (guint) GST_VIDEO_INFO_FIELD_HEIGHT (&job->in_info.vinfo)))
    return TRUE;
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "downstream does not crop, and the picture in memory is %ux%u",
      meta->width, meta->height);
  return FALSE;
}

gboolean
dmabuf_convert_can_relabel (const DmabufConvertJob * job, GstBuffer * buffer,
    GError ** error)
{
  gboolean to_system = job->out_info.dialect == GST_DMABUF_DIALECT_SYSTEM;
  GstDmabufFrame frame;

  if (!can_be_cropped (job, buffer, error))
    return FALSE;
  /* Plain memory is for those who map it to check. */
  if (to_system && job->in_info.dialect == GST_DMABUF_DIALECT_SYSTEM)
    return can_be_system (job, buffer, error);
  return gst_dmabuf_frame_describe (&frame, buffer, &job->in_layout, error)
      && (to_system ? can_be_system (job, buffer, error)
      : meets_constraints (job, &frame, error));
}

GstBuffer *
dmabuf_convert_relabel (const DmabufConvertJob * job, GstBuffer * buffer,
    GError ** error)
{
  return gst_dmabuf_buffer_relabel (buffer, &job->in_layout, &job->out_info,
      error);
}

/* The part of the picture in memory that the caps are about. */
static gboolean
get_part (const DmabufConvertJob * job, GstBuffer * in,
    const GstDmabufPixels * pixels, GstVideoRectangle * part, GError ** error)
{
  const GstVideoCropMeta *crop = gst_buffer_get_video_crop_meta (in);
  guint width = (guint) GST_VIDEO_INFO_WIDTH (&job->out_info.vinfo);
  guint height = (guint) GST_VIDEO_INFO_HEIGHT (&job->out_info.vinfo);

  part->x = part->y = 0;
  part->w = (gint) width;
  part->h = (gint) height;
  if (pixels->width == width && pixels->height == height)
    return TRUE;
  if (crop && pixels->width >= width && pixels->height >= height
      && crop->x <= pixels->width - width
      && crop->y <= pixels->height - height) {
    part->x = (gint) crop->x;
    part->y = (gint) crop->y;
    return TRUE;
  }
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "the picture in memory is %ux%u, the caps are %ux%u, and no crop says "
      "which part of it", pixels->width, pixels->height, width, height);
  return FALSE;
}

/* One frame between tiles and rows, shared by several threads. */
typedef struct
{
  const GstDmabufPixels *tiles;
  const GstDmabufPixels *rows;  /* as large as part */
  GstVideoRectangle part;       /* of tiles */
  gboolean to_rows;
  guint band_rows;              /* of plane 0 */
  GError *errors[DMABUF_CONVERT_MAX_THREADS];
} Share;

static void
do_share (guint number, guint n_parts, gpointer data)
{
  Share *share = data;
  guint begin = MIN (number * share->band_rows, (guint) share->part.h);
  guint end = MIN (begin + share->band_rows, (guint) share->part.h);
  GstVideoRectangle in_rows = { 0, (gint) begin, share->part.w,
    (gint) (end - begin)
  };
  GstVideoRectangle in_tiles = in_rows;
  GstDmabufPixels rows = *share->rows;
  GError **error = &share->errors[number];

  if (end == begin)
    return;
  in_tiles.x += share->part.x;
  in_tiles.y += share->part.y;
  if (n_parts > 1 && !gst_dmabuf_pixels_crop (&rows, &in_rows, error))
    return;
  if (share->to_rows)
    gst_dmabuf_detile (&rows, share->tiles, &in_tiles, error);
  else
    gst_dmabuf_tile (share->tiles, &rows, &in_tiles, error);
}

/* Rows of plane 0 after which a new tile begins in every plane. */
static guint
get_tile_rows (const GstDmabufFormat * format)
{
  const GstDmabufFormatInfo *info = gst_dmabuf_format_info_get (format->fourcc);
  GstDmabufTileInfo tile;
  guint i, rows = 1;

  if (!info || !gst_dmabuf_tile_info_get (format, &tile, NULL))
    return 1;
  /* All are powers of two. */
  for (i = 0; i < tile.n_planes; i++)
    rows = MAX (rows, tile.tile_height[i] << (i > 0 ? info->h_sub : 0));
  return rows;
}

static gboolean
convert_tiles (Share * share, DmabufConvertWorkers * workers, GError ** error)
{
  guint n = workers ? dmabuf_convert_workers_get_n (workers) : 1, i;
  guint tile_rows = get_tile_rows (&share->tiles->format), bands;
  gboolean ok = TRUE;

  bands = ((guint) share->part.h + tile_rows - 1) / tile_rows;
  /* A crop that begins inside of a tile, and rows that have no parts. */
  if ((guint) share->part.y % tile_rows != 0)
    n = 1;
  n = CLAMP (n, 1, MIN (bands, DMABUF_CONVERT_MAX_THREADS));
  share->band_rows = (bands + n - 1) / n * tile_rows;
  if (n > 1)
    dmabuf_convert_workers_run (workers, n, do_share, share);
  else
    do_share (0, 1, share);

  for (i = 0; i < n; i++) {
    if (!share->errors[i])
      continue;
    if (ok)
      g_propagate_error (error, share->errors[i]);
    else
      g_error_free (share->errors[i]);
    ok = FALSE;
  }
  return ok;
}

static gboolean transfer (DmabufConvertPath path,
    DmabufConvertWorkers * workers, const GstDmabufPixels * to,
    const GstDmabufPixels * from, const GstVideoRectangle * part,
    GError ** error);

/* Tiles into other tiles of the same kind, by way of rows: strides may differ,
 * and a crop need not begin where a tile does. Allocates, for a frame that
 * nobody wanted to be copied. */
static gboolean
move_tiles (DmabufConvertWorkers * workers, const GstDmabufPixels * to,
    const GstDmabufPixels * from, const GstVideoRectangle * part,
    GError ** error)
{
  GstVideoRectangle all = { 0, 0, part->w, part->h };
  GstDmabufFormat linear = { 0, GST_DMABUF_MOD_LINEAR };
  guint8 *objects[GST_DMABUF_MAX_PLANES] = { NULL, };
  GstDmabufTileInfo info;
  GstDmabufLayout layout;
  GstDmabufPixels rows;
  gboolean ok;

  if (!gst_dmabuf_tile_info_get (&from->format, &info, error))
    return FALSE;
  linear.fourcc = info.linear_fourcc;
  if (!gst_dmabuf_layout_compute (&layout, &linear, (guint) part->w,
          (guint) part->h, NULL, error))
    return FALSE;
  objects[0] = g_try_malloc (layout.object_sizes[0]);
  if (!objects[0]) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "no memory for the %" G_GSIZE_FORMAT " bytes of a frame in rows",
        layout.object_sizes[0]);
    return FALSE;
  }
  ok = gst_dmabuf_pixels_init (&rows, &layout, objects, error)
      && transfer (DMABUF_CONVERT_DETILE, workers, &rows, from, part, error)
      && transfer (DMABUF_CONVERT_TILE, workers, to, &rows, &all, error);
  g_free (objects[0]);
  return ok;
}

/* Reads part of from and fills to. */
static gboolean
transfer (DmabufConvertPath path, DmabufConvertWorkers * workers,
    const GstDmabufPixels * to, const GstDmabufPixels * from,
    const GstVideoRectangle * part, GError ** error)
{
  GstDmabufPixels rows = *from;
  Share share = {.to_rows = path == DMABUF_CONVERT_DETILE
        || path == DMABUF_CONVERT_UNPACK
  };

  if (share.to_rows) {
    share.tiles = from;
    share.rows = to;
    share.part = *part;
    return convert_tiles (&share, workers, error);
  }

  if (path <= DMABUF_CONVERT_ADOPT
      && !gst_dmabuf_format_is_linear (&from->format))
    return move_tiles (workers, to, from, part, error);
  if ((from->width != to->width || from->height != to->height)
      && !gst_dmabuf_pixels_crop (&rows, part, error))
    return FALSE;
  if (path != DMABUF_CONVERT_TILE && path != DMABUF_CONVERT_PACK)
    return gst_dmabuf_pixels_copy (to, &rows, error);
  share.tiles = to;
  share.rows = &rows;
  share.part.w = (gint) to->width;
  share.part.h = (gint) to->height;
  return convert_tiles (&share, workers, error);
}

/* Metas that say where planes are belong to the memory, and a crop that was
 * carried out is over. */
static gboolean
copy_meta (GstBuffer * in, GstMeta ** meta, gpointer user_data)
{
  GstBuffer *out = user_data;
  const GstMetaInfo *info = (*meta)->info;
  GstMetaTransformCopy copy = { FALSE, 0, -1 };

  if (info->api == GST_VIDEO_META_API_TYPE
      || info->api == GST_VIDEO_CROP_META_API_TYPE
      || info->api == GST_PARENT_BUFFER_META_API_TYPE
      || gst_meta_api_type_has_tag (info->api, _gst_meta_tag_memory)
      || !info->transform_func)
    return TRUE;
  info->transform_func (out, *meta, in, _gst_meta_transform_copy, &copy);
  return TRUE;
}

static void
copy_metas (GstBuffer * in, GstBuffer * out, gboolean cropped)
{
  const GstVideoCropMeta *crop = gst_buffer_get_video_crop_meta (in);
  GstVideoMeta *old = gst_buffer_get_video_meta (in);
  GstVideoMeta *meta = gst_buffer_get_video_meta (out);

  gst_buffer_copy_into (out, in,
      GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  gst_buffer_foreach_meta (in, copy_meta, out);
  if (meta)
    meta->flags = old ? old->flags : GST_VIDEO_FRAME_FLAG_NONE;
  if (crop && !cropped) {
    GstVideoCropMeta *copy = gst_buffer_add_video_crop_meta (out);

    copy->x = crop->x;
    copy->y = crop->y;
    copy->width = crop->width;
    copy->height = crop->height;
  }
}

gboolean
dmabuf_convert_pixels (const DmabufConvertJob * job,
    DmabufConvertWorkers * workers, GstBuffer * in, GstBuffer * out,
    GError ** error)
{
  GstDmabufMappedFrame from, to;
  GstVideoRectangle part;
  gboolean ok, cropped;

  if (!gst_dmabuf_mapped_frame_map (&from, in, &job->in_layout, GST_MAP_READ,
          error))
    return FALSE;
  if (!get_part (job, in, &from.pixels, &part, error)
      || !gst_dmabuf_mapped_frame_map (&to, out, &job->out_layout,
          GST_MAP_WRITE, error)) {
    gst_dmabuf_mapped_frame_unmap (&from);
    return FALSE;
  }
  cropped = from.pixels.width != to.pixels.width
      || from.pixels.height != to.pixels.height;
  ok = transfer (job->path, workers, &to.pixels, &from.pixels, &part, error);
  gst_dmabuf_mapped_frame_unmap (&to);
  gst_dmabuf_mapped_frame_unmap (&from);
  if (ok)
    copy_metas (in, out, cropped);
  return ok;
}
