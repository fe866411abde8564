/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Planes of packed 10-bit samples. Whole groups are the kernels' work; single
 * samples, at the edges of a rectangle that cuts groups, are moved here.
 */
#include "gstdmabuftilejobprivate.h"

typedef struct
{
  guint samples;
  guint bytes;
} GroupSize;

static const GroupSize nv15_group = { 4, 5 };
static const GroupSize p030_group = { 3, 4 };

#define COLUMN_BAND_ROWS 32

/* Samples and rows of MediaTek's partitions, and their bytes. */
#define PARTITION_SAMPLES 16
#define PARTITION_ROWS 4
#define PARTITION_BYTES 80
#define PARTITION_LOW_BYTES 16

static guint
read_linear (const guint8 * linear)
{
  return linear[0] >> 6 | (guint) linear[1] << 2;
}

static void
write_linear (guint8 * linear, guint value)
{
  linear[0] = (guint8) (value << 6);
  linear[1] = (guint8) (value >> 2);
}

/* The sample that begins at bit @bit of @packed. It is never the last one of
 * those that fill their bytes: two bytes always hold it. */
static void
move_packed_sample (const GstDmabufTileJob * job, guint8 * packed, guint bit,
    guint8 * linear)
{
  guint8 *at = packed + bit / 8;
  guint shift = bit % 8, bits = at[0] | (guint) at[1] << 8;

  if (job->direction == GST_DMABUF_DETILE) {
    write_linear (linear, bits >> shift & 0x3ff);
    return;
  }
  bits = (bits & ~(0x3ffu << shift)) | read_linear (linear) << shift;
  at[0] = (guint8) bits;
  at[1] = (guint8) (bits >> 8);
}

static gboolean
can_stream (const GstDmabufTileJob * job, const GstDmabufTileGroups * groups)
{
  return job->stream && job->direction == GST_DMABUF_DETILE
      && (((gsize) groups->linear | groups->linear_stride) & 15) == 0;
}

static void
convert_groups (const GstDmabufTileJob * job, guint8 * packed, guint n_groups,
    guint8 * linear)
{
  gboolean is_nv15 = job->plane->coding == GST_DMABUF_TILE_NV15;
  GstDmabufTileGroups groups;

  groups.tiled = packed;
  groups.tiled_step = is_nv15 ? nv15_group.bytes : p030_group.bytes;
  groups.linear = linear;
  groups.linear_stride = job->linear_stride;
  groups.n_groups = n_groups;
  groups.stream = can_stream (job, &groups);
  (is_nv15 ? job->kernels->nv15 : job->kernels->p030)[job->direction] (&groups);
}

/* Samples x0 to x1 of a row of groups. */
static void
convert_run (const GstDmabufTileJob * job, guint8 * packed, guint x0, guint x1,
    guint8 * linear)
{
  gboolean is_nv15 = job->plane->coding == GST_DMABUF_TILE_NV15;
  GroupSize size = is_nv15 ? nv15_group : p030_group;
  guint x = x0, n_groups;

  for (; x < x1 && x % size.samples != 0; x++, linear += 2)
    move_packed_sample (job, packed + (gsize) x / size.samples * size.bytes,
        x % size.samples * 10, linear);

  n_groups = (x1 - x) / size.samples;
  if (n_groups > 0) {
    convert_groups (job, packed + (gsize) x / size.samples * size.bytes,
        n_groups, linear);
    x += n_groups * size.samples;
    linear += 2 * (gsize) (n_groups * size.samples);
  }

  for (; x < x1; x++, linear += 2)
    move_packed_sample (job, packed + (gsize) x / size.samples * size.bytes,
        x % size.samples * 10, linear);
}

static void
convert_linear (const GstDmabufTileJob * job)
{
  guint y;

  for (y = job->y0; y < job->y1; y++)
    convert_run (job, job->tiled + y * job->tiled_stride, job->x0, job->x1,
        job->linear + (y - job->y0) * job->linear_stride);
}

/* Rows y0 to y1 of columns, all of them, so that the rows of the linear frame
 * that are in use at a time are few. */
static void
convert_columns (const GstDmabufTileJob * job, guint y0, guint y1)
{
  guint width = job->plane->width / p030_group.bytes * p030_group.samples;
  guint column, y;

  for (column = job->x0 / width; column * width < job->x1; column++) {
    guint left = column * width;
    guint x0 = MAX (left, job->x0), x1 = MIN (left + width, job->x1);
    guint8 *packed = job->tiled
        + (column * job->column_height + y0) * (gsize) job->plane->width;
    guint8 *linear = job->linear + (y0 - job->y0) * job->linear_stride
        + (gsize) (x0 - job->x0) * 2;

    for (y = y0; y < y1; y++) {
      if (x1 - x0 == width)
        convert_groups (job, packed, width / p030_group.samples, linear);
      else
        convert_run (job, packed, x0 - left, x1 - left, linear);
      packed += job->plane->width;
      linear += job->linear_stride;
    }
  }
}

/* One row of 4x4 tiles. */
static void
convert_nv15_tiles (const GstDmabufTileJob * job, guint tile_row)
{
  guint8 *tiles = job->tiled + job->tiled_stride * 4 * tile_row;
  guint y0 = MAX (tile_row * 4, job->y0);
  guint y1 = MIN (tile_row * 4 + 4, job->y1);
  guint first = (job->x0 + 3) / 4, end = job->x1 / 4, x, y;
  GstDmabufTileGroups groups;

  if (y1 - y0 < 4 || first > end) {
    first = job->x1;
    end = 0;
  } else if (first < end) {
    groups.tiled = tiles + first * (gsize) 20;
    groups.tiled_step = 20;
    groups.linear = job->linear + (y0 - job->y0) * job->linear_stride
        + (gsize) (first * 4 - job->x0) * 2;
    groups.linear_stride = job->linear_stride;
    groups.n_groups = end - first;
    groups.stream = can_stream (job, &groups);
    job->kernels->nv15_quads[job->direction] (&groups);
  }

  for (y = y0; y < y1; y++) {
    guint8 *linear = job->linear + (y - job->y0) * job->linear_stride;

    for (x = job->x0; x < job->x1; x++) {
      if (x / 4 >= first && x / 4 < end) {
        x = end * 4 - 1;
        continue;
      }
      move_packed_sample (job, tiles + (gsize) x / 4 * 20 + y % 4 * 5,
          x % 4 * 10, linear + (gsize) (x - job->x0) * 2);
    }
  }
}

static void
move_mt2110_sample (const GstDmabufTileJob * job, guint8 * partition,
    guint x, guint y, guint8 * linear)
{
  gboolean raster = job->plane->coding == GST_DMABUF_TILE_MT2110R;
  guint8 *low = partition + (raster ? y * 4 + x / 4 : x);
  guint8 *high = partition + PARTITION_LOW_BYTES + y * PARTITION_SAMPLES + x;
  guint shift = raster ? x % 4 * 2 : y * 2, value;

  if (job->direction == GST_DMABUF_DETILE) {
    write_linear (linear, (guint) * high << 2 | (*low >> shift & 3));
    return;
  }
  value = read_linear (linear);
  *high = (guint8) (value >> 2);
  *low = (guint8) ((*low & ~(3u << shift)) | (value & 3) << shift);
}

/* Four rows of partitions, or a part of them: rows y0 to y1. */
static void
convert_partitions (const GstDmabufTileJob * job, guint y0, guint y1)
{
  const GstDmabufTilePlane *plane = job->plane;
  guint8 *base = job->tiled
      + y0 / plane->height * (job->tiled_stride * plane->height)
      + y0 % plane->height / PARTITION_ROWS * PARTITION_BYTES;
  guint first = (job->x0 + PARTITION_SAMPLES - 1) / PARTITION_SAMPLES;
  guint end = job->x1 / PARTITION_SAMPLES, x, y;
  GstDmabufTileGroups groups;

  if (y1 - y0 < PARTITION_ROWS || first > end) {
    first = job->x1;
    end = 0;
  } else if (first < end) {
    groups.tiled = base + first * (gsize) plane->bytes;
    groups.tiled_step = plane->bytes;
    groups.linear = job->linear + (y0 - job->y0) * job->linear_stride
        + (gsize) (first * PARTITION_SAMPLES - job->x0) * 2;
    groups.linear_stride = job->linear_stride;
    groups.n_groups = end - first;
    groups.stream = can_stream (job, &groups);
    (plane->coding == GST_DMABUF_TILE_MT2110R ? job->kernels->mt2110r
        : job->kernels->mt2110t)[job->direction] (&groups);
  }

  for (y = y0; y < y1; y++) {
    guint8 *linear = job->linear + (y - job->y0) * job->linear_stride;

    for (x = job->x0; x < job->x1; x++) {
      guint column = x / PARTITION_SAMPLES;

      if (column >= first && column < end) {
        x = end * PARTITION_SAMPLES - 1;
        continue;
      }
      move_mt2110_sample (job, base + (gsize) column * plane->bytes,
          x % PARTITION_SAMPLES, y % PARTITION_ROWS,
          linear + (gsize) (x - job->x0) * 2);
    }
  }
}

void
gst_dmabuf_tile_convert_samples (const GstDmabufTileJob * job)
{
  guint y, next;

  if (job->plane->order == GST_DMABUF_TILE_ORDER_LINEAR) {
    convert_linear (job);
    return;
  }
  if (job->plane->order == GST_DMABUF_TILE_ORDER_COLUMNS) {
    for (y = job->y0; y < job->y1; y = next) {
      next = MIN (y + COLUMN_BAND_ROWS, job->y1);
      convert_columns (job, y, next);
    }
    return;
  }
  /* Tiles of 4 rows, or partitions of 4. */
  for (y = job->y0; y < job->y1; y = next) {
    next = MIN (y / 4 * 4 + 4, job->y1);
    if (job->plane->coding == GST_DMABUF_TILE_NV15)
      convert_nv15_tiles (job, y / 4);
    else
      convert_partitions (job, y, next);
  }
}
