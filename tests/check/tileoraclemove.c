/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Moves the bytes and samples of a rectangle one by one, to where the formulas
 * of tileoracle.c say.
 */
#include "tileoracle.h"

typedef struct
{
  TileOraclePlane plane;
  gsize tiled_offset;
  gsize linear_offset;
  guint linear_stride;
  guint x0, x1, y0, y1;         /* bytes or samples, rows */
} Area;

static void
init_area (Area * area, const TileOracle * oracle,
    const GstDmabufLayout * tiled, const GstDmabufLayout * linear,
    const GstVideoRectangle * r, guint index)
{
  const GstDmabufFormatInfo *info =
      gst_dmabuf_format_info_get (linear->format.fourcc);
  guint unit = oracle->get_address != NULL ? 1 : 2;
  guint h_sub = index > 0 ? info->h_sub : 0;

  area->plane.oracle = oracle;
  area->plane.index = index;
  area->plane.stride = tiled->planes[index].stride;
  area->plane.n_rows =
      gst_dmabuf_format_info_plane_height (info, index, tiled->height);
  area->plane.pixel_bytes = info->block_bytes[index];
  area->tiled_offset = tiled->planes[index].offset;
  area->linear_offset = linear->planes[index].offset;
  area->linear_stride = linear->planes[index].stride;
  area->x0 = gst_dmabuf_format_info_plane_row_bytes (info, index, r->x) / unit;
  area->x1 = gst_dmabuf_format_info_plane_row_bytes (info, index,
      r->x + r->w) / unit;
  area->y0 = r->y >> h_sub;
  area->y1 = (r->y + r->h + (1 << h_sub) - 1) >> h_sub;
}

static void
move_sample (const Area * area, gboolean detile, guint8 * tiled,
    guint8 * linear, guint x, guint y)
{
  gsize low_byte, high_byte;
  guint low_shift, n_low, value;

  area->plane.oracle->get_sample (&area->plane, x, y, &low_byte, &low_shift,
      &n_low, &high_byte);
  tiled += area->tiled_offset;
  if (detile) {
    value = (tiled[low_byte] >> low_shift) & ((1 << n_low) - 1);
    value |= (guint) tiled[high_byte] << n_low;
    value = (value & 0x3ff) << 6;
    linear[0] = value & 0xff;
    linear[1] = value >> 8;
    return;
  }
  value = (linear[0] | linear[1] << 8) >> 6;
  tiled[low_byte] &= ~(((1 << n_low) - 1) << low_shift);
  tiled[low_byte] |= (value & ((1 << n_low) - 1)) << low_shift;
  tiled[high_byte] &= ~(0x3ff >> n_low);
  tiled[high_byte] |= value >> n_low;
}

static void
move_all (const TileOracle * oracle, gboolean detile,
    const GstDmabufLayout * tiled_layout, guint8 * tiled,
    const GstDmabufLayout * linear_layout, guint8 * linear,
    const GstVideoRectangle * r)
{
  guint unit = oracle->get_address != NULL ? 1 : 2, i, x, y;
  Area area;

  for (i = 0; i < tiled_layout->n_planes; i++) {
    init_area (&area, oracle, tiled_layout, linear_layout, r, i);
    for (y = area.y0; y < area.y1; y++) {
      guint8 *out = linear + area.linear_offset
          + (gsize) (y - area.y0) * area.linear_stride;

      for (x = area.x0; x < area.x1; x++, out += unit) {
        gsize at;

        if (oracle->get_address == NULL) {
          move_sample (&area, detile, tiled, out, x, y);
          continue;
        }
        at = area.tiled_offset + oracle->get_address (&area.plane, x, y);
        if (detile)
          *out = tiled[at];
        else
          tiled[at] = *out;
      }
    }
  }
}

void
tile_oracle_detile (const TileOracle * oracle,
    const GstDmabufLayout * tiled_layout, const guint8 * tiled,
    const GstDmabufLayout * linear_layout, guint8 * linear,
    const GstVideoRectangle * rectangle)
{
  move_all (oracle, TRUE, tiled_layout, (guint8 *) tiled, linear_layout,
      linear, rectangle);
}

void
tile_oracle_tile (const TileOracle * oracle,
    const GstDmabufLayout * tiled_layout, guint8 * tiled,
    const GstDmabufLayout * linear_layout, const guint8 * linear,
    const GstVideoRectangle * rectangle)
{
  move_all (oracle, FALSE, tiled_layout, tiled, linear_layout,
      (guint8 *) linear, rectangle);
}
