/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Where the specifications say that the bytes and samples of a tiled frame are,
 * one at a time and with divisions. Shares no line and no table with the
 * library; for tests only.
 */
#pragma once

#include <gst/dmabuf/gstdmabuflayout.h>

typedef struct TileOracle TileOracle;

/* The plane that an address is asked of. */
typedef struct
{
  const TileOracle *oracle;
  guint index;
  guint stride;
  guint n_rows;                 /* of the plane, without padding */
  guint pixel_bytes;
} TileOraclePlane;

struct TileOracle
{
  const gchar *name;            /* a format, as gst_dmabuf_format_parse() */
  guint tile_width;             /* pixels of plane 0 that make whole tiles */
  guint tile_height;
  gboolean is_first_tier;       /* tested at all sizes */
  /* Of byte x of row y, from the start of the plane. NULL for formats with
   * samples. */
  gsize (*get_address) (const TileOraclePlane * plane, guint x, guint y);
  /* Of sample x of row y: the byte whose bits begin at @shift, and of how many
   * bits it has only the low ones, up to 10. The rest follows in @high: */
  void (*get_sample) (const TileOraclePlane * plane, guint x, guint y,
      gsize * low_byte, guint * low_shift, guint * n_low, gsize * high_byte);
};

extern const TileOracle tile_oracles[];
extern const guint n_tile_oracles;

const TileOracle *tile_oracle_find (const gchar * name);

/* Writes to @linear (P010 or as many bytes as the tiled frame) what @tiled
 * holds, or the reverse; in the rectangle only. Both have layouts, at @tiled
 * and @linear are byte 0 of their only objects. */
void tile_oracle_detile (const TileOracle * oracle,
    const GstDmabufLayout * tiled_layout, const guint8 * tiled,
    const GstDmabufLayout * linear_layout, guint8 * linear,
    const GstVideoRectangle * rectangle);
void tile_oracle_tile (const TileOracle * oracle,
    const GstDmabufLayout * tiled_layout, guint8 * tiled,
    const GstDmabufLayout * linear_layout, const guint8 * linear,
    const GstVideoRectangle * rectangle);
