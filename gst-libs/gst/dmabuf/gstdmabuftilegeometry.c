/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The table of tile geometries, and why a format is not in it. An equation
 * spells the address of a byte inside of its tile, lowest bit first: "x4 y5" is
 * four bits of x, counted in bytes, then five bits of y, the tile of MM21.
 * "u4" is four times a pair of bits, x^y and y; "t1" is x^y and x.
 */
#include "gstdmabuftilegeometryprivate.h"

#include <drm_fourcc.h>
#include <string.h>

/* Newer than the oldest libdrm that we build with. */
#define MOD_MTK_16L_32S G_GUINT64_CONSTANT (0x0b00000000000001)
#define MOD_MT2110T G_GUINT64_CONSTANT (0x0b00000000010001)
#define MOD_MT2110R G_GUINT64_CONSTANT (0x0b00000000020001)

#define ALL_BITS G_MAXUINT64
#define SAND_SHIFT 8
#define SAND_BITS ((G_GUINT64_CONSTANT (1) << 48) - 1)
#define SAND_MASK (~(SAND_BITS << SAND_SHIFT))
/* Number of GOBs that are stacked. */
#define GOBS_MASK (~G_GUINT64_CONSTANT (0xf))
#define MAX_GOBS_LOG2 5

#define AMD(version, tile) \
    (AMD_FMT_MOD | AMD_FMT_MOD_SET (TILE_VERSION, version) \
     | AMD_FMT_MOD_SET (TILE, tile))
#define NVIDIA(s, g, k) DRM_FORMAT_MOD_NVIDIA_BLOCK_LINEAR_2D (0, s, g, k, 0)

#define MAX_BYTES G_GUINT64_CONSTANT (0xffffffff)

/* Fourccs of rows that hold for more than one. */
#define ANY_FOURCC 0
#define RGB_1 1
#define RGB_2 2
#define RGB_4 4
#define RGB_8 8

typedef struct
{
  guint64 modifier;
  guint64 mask;                 /* bits of the modifier to compare */
  guint32 fourcc;               /* or ANY_FOURCC, or an RGB_ size of a pixel */
  GstDmabufTileOrder order;
  GstDmabufTileCoding coding;
  guint width;                  /* 0: the equation says it */
  guint height[2];              /* with width: luma, chroma */
  const gchar *equation[2];     /* luma, chroma; NULL: as luma */
  guint max_bits;               /* 0: the whole equation */
} Row;

#define BYTES GST_DMABUF_TILE_ORDER_ROWS, GST_DMABUF_TILE_BYTES, 0, {0, 0}

/* *INDENT-OFF* */
static const Row rows[] = {
  {GST_DMABUF_MOD_LINEAR, ALL_BITS, DRM_FORMAT_NV15,
      GST_DMABUF_TILE_ORDER_LINEAR, GST_DMABUF_TILE_NV15, 5, {1, 1}, {NULL}, 0},
  {GST_DMABUF_MOD_LINEAR, ALL_BITS, DRM_FORMAT_P030,
      GST_DMABUF_TILE_ORDER_LINEAR, GST_DMABUF_TILE_P030, 4, {1, 1}, {NULL}, 0},

  {I915_FORMAT_MOD_X_TILED, ALL_BITS, ANY_FOURCC, BYTES, {"x9 y3", NULL}, 0},
  {I915_FORMAT_MOD_Y_TILED, ALL_BITS, ANY_FOURCC, BYTES, {"x4 y5 x3", NULL}, 0},
  {I915_FORMAT_MOD_4_TILED, ALL_BITS, ANY_FOURCC, BYTES,
      {"x4 y2 x2 y1 x1 y2", NULL}, 0},

  /* The table of igt's lib/igt_amd.c. */
  {AMD (AMD_FMT_MOD_TILE_VER_GFX9, AMD_FMT_MOD_TILE_GFX9_64K_S), ALL_BITS,
      RGB_1, BYTES, {"x4 y5 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  {AMD (AMD_FMT_MOD_TILE_VER_GFX9, AMD_FMT_MOD_TILE_GFX9_64K_S), ALL_BITS,
      RGB_2, BYTES, {"x4 y3 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  {AMD (AMD_FMT_MOD_TILE_VER_GFX9, AMD_FMT_MOD_TILE_GFX9_64K_S), ALL_BITS,
      RGB_4, BYTES, {"x4 y3 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  {AMD (AMD_FMT_MOD_TILE_VER_GFX9, AMD_FMT_MOD_TILE_GFX9_64K_S), ALL_BITS,
      RGB_8, BYTES, {"x4 y2 x2 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  /* AMD's addrlib has the same patterns for D as for S here: for 16 bits on
   * GFX10, whose value is GFX9's, for 32 bits on GFX10, and for all on GFX11.
   * GFX9's own for 32 bits is another. */
  {AMD (AMD_FMT_MOD_TILE_VER_GFX9, AMD_FMT_MOD_TILE_GFX9_64K_D), ALL_BITS,
      RGB_2, BYTES, {"x4 y3 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  {AMD (AMD_FMT_MOD_TILE_VER_GFX10, AMD_FMT_MOD_TILE_GFX9_64K_D), ALL_BITS,
      RGB_4, BYTES, {"x4 y3 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  {AMD (AMD_FMT_MOD_TILE_VER_GFX11, AMD_FMT_MOD_TILE_GFX9_64K_D), ALL_BITS,
      RGB_1, BYTES, {"x4 y5 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  {AMD (AMD_FMT_MOD_TILE_VER_GFX11, AMD_FMT_MOD_TILE_GFX9_64K_D), ALL_BITS,
      RGB_2, BYTES, {"x4 y3 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  {AMD (AMD_FMT_MOD_TILE_VER_GFX11, AMD_FMT_MOD_TILE_GFX9_64K_D), ALL_BITS,
      RGB_4, BYTES, {"x4 y3 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  {AMD (AMD_FMT_MOD_TILE_VER_GFX11, AMD_FMT_MOD_TILE_GFX9_64K_D), ALL_BITS,
      RGB_8, BYTES, {"x4 y2 x2 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, 0},
  /* GFX12: one pattern for each size of a pixel, cut off at the size of a
   * block. addrlib's gfx12SwizzlePattern.h. */
#define GFX12(tile, bits) \
  {AMD (5, tile), ALL_BITS, RGB_1, BYTES, \
      {"x2 y1 x1 y2 x1 y2 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, bits}, \
  {AMD (5, tile), ALL_BITS, RGB_2, BYTES, \
      {"x2 y1 x1 y1 x1 y1 x1 y1 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, bits}, \
  {AMD (5, tile), ALL_BITS, RGB_4, BYTES, \
      {"x3 y1 x1 y1 x1 y2 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, bits}, \
  {AMD (5, tile), ALL_BITS, RGB_8, BYTES, \
      {"x4 y1 x2 y2 x1 y1 x1 y1 x1 y1 x1 y1 x1", NULL}, bits}
  GFX12 (1, 8),
  GFX12 (2, 12),
  GFX12 (3, 16),
  GFX12 (4, 18),

  /* A GOB is 64x8 bytes. Tegra's before Xavier is that of chapter 20 of the
   * Tegra X1 manual, the other one that of Mesa's driver for Turing. */
  {NVIDIA (0, 0, 0), GOBS_MASK, ANY_FOURCC, BYTES, {"x4 y1 x1 y2 x1", NULL}, 0},
  {NVIDIA (0, 0, 0xfe), GOBS_MASK, ANY_FOURCC, BYTES,
      {"x4 y1 x1 y2 x1", NULL}, 0},
  {NVIDIA (1, 0, 0xfe), GOBS_MASK, ANY_FOURCC, BYTES,
      {"x4 y2 x1 y1 x1", NULL}, 0},
  {NVIDIA (1, 2, 0x06), GOBS_MASK, ANY_FOURCC, BYTES,
      {"x4 y2 x1 y1 x1", NULL}, 0},

  {DRM_FORMAT_MOD_SAMSUNG_64_32_TILE, ALL_BITS, DRM_FORMAT_NV12,
      GST_DMABUF_TILE_ORDER_Z, GST_DMABUF_TILE_BYTES, 0, {0, 0},
      {"x6 y5", NULL}, 0},
  /* V4L2: chroma has the tiles of luma. In drm_fourcc.h it has half the rows.
   * Decoders are V4L2's. */
  {DRM_FORMAT_MOD_SAMSUNG_16_16_TILE, ALL_BITS, DRM_FORMAT_NV12, BYTES,
      {"x4 y4", NULL}, 0},

  /* V4L2 again: chroma tiles are 4 bytes wide, 2 pairs. In drm_fourcc.h they
   * are 4 pixels, 8 bytes. */
  {DRM_FORMAT_MOD_VIVANTE_TILED, ALL_BITS, DRM_FORMAT_NV12, BYTES,
      {"x2 y2", NULL}, 0},
  {DRM_FORMAT_MOD_VIVANTE_TILED, ALL_BITS, DRM_FORMAT_NV15,
      GST_DMABUF_TILE_ORDER_ROWS, GST_DMABUF_TILE_NV15, 5, {4, 4}, {NULL}, 0},
  {DRM_FORMAT_MOD_VIVANTE_TILED, ALL_BITS, RGB_2, BYTES, {"x3 y2", NULL}, 0},
  {DRM_FORMAT_MOD_VIVANTE_TILED, ALL_BITS, RGB_4, BYTES, {"x4 y2", NULL}, 0},
  {DRM_FORMAT_MOD_VIVANTE_SUPER_TILED, ALL_BITS, RGB_2, BYTES,
      {"x3 y2 x1 y2 x3 y2", NULL}, 0},
  {DRM_FORMAT_MOD_VIVANTE_SUPER_TILED, ALL_BITS, RGB_4, BYTES,
      {"x4 y2 x1 y2 x3 y2", NULL}, 0},

  {DRM_FORMAT_MOD_BROADCOM_VC4_T_TILED, ALL_BITS, RGB_2,
      GST_DMABUF_TILE_ORDER_SERPENTINE, GST_DMABUF_TILE_BYTES, 0, {0, 0},
      {"x4 y2 x2 y2 t1", NULL}, 0},
  {DRM_FORMAT_MOD_BROADCOM_VC4_T_TILED, ALL_BITS, RGB_4,
      GST_DMABUF_TILE_ORDER_SERPENTINE, GST_DMABUF_TILE_BYTES, 0, {0, 0},
      {"x4 y2 x2 y2 t1", NULL}, 0},
#define SAND(modifier, fourcc, coding, equation) \
  {modifier, SAND_MASK, fourcc, GST_DMABUF_TILE_ORDER_COLUMNS, coding, 0, \
      {0, 0}, {equation, NULL}, 0}
  SAND (DRM_FORMAT_MOD_BROADCOM_SAND32, DRM_FORMAT_NV12,
      GST_DMABUF_TILE_BYTES, "x5"),
  SAND (DRM_FORMAT_MOD_BROADCOM_SAND64, DRM_FORMAT_NV12,
      GST_DMABUF_TILE_BYTES, "x6"),
  SAND (DRM_FORMAT_MOD_BROADCOM_SAND128, DRM_FORMAT_NV12,
      GST_DMABUF_TILE_BYTES, "x7"),
  SAND (DRM_FORMAT_MOD_BROADCOM_SAND128, DRM_FORMAT_P030,
      GST_DMABUF_TILE_P030, "x7"),
  SAND (DRM_FORMAT_MOD_BROADCOM_SAND256, DRM_FORMAT_NV12,
      GST_DMABUF_TILE_BYTES, "x8"),

  {DRM_FORMAT_MOD_ARM_16X16_BLOCK_U_INTERLEAVED, ALL_BITS, RGB_2, BYTES,
      {"x1 u4", NULL}, 0},
  {DRM_FORMAT_MOD_ARM_16X16_BLOCK_U_INTERLEAVED, ALL_BITS, RGB_4, BYTES,
      {"x2 u4", NULL}, 0},

  {DRM_FORMAT_MOD_ALLWINNER_TILED, ALL_BITS, DRM_FORMAT_NV12, BYTES,
      {"x5 y5", NULL}, 0},

  {MOD_MTK_16L_32S, ALL_BITS, DRM_FORMAT_NV12, BYTES, {"x4 y5", "x4 y4"}, 0},
  {MOD_MT2110T, ALL_BITS, DRM_FORMAT_NV15, GST_DMABUF_TILE_ORDER_ROWS,
      GST_DMABUF_TILE_MT2110T, 20, {32, 16}, {NULL}, 0},
  {MOD_MT2110R, ALL_BITS, DRM_FORMAT_NV15, GST_DMABUF_TILE_ORDER_ROWS,
      GST_DMABUF_TILE_MT2110R, 20, {32, 16}, {NULL}, 0},
};
/* *INDENT-ON* */

/* Whole bytes a pixel, a power of two of them, in at most two planes. */
static gboolean
has_plain_pixels (const GstDmabufFormatInfo * info)
{
  guint i;

  if (!info->is_linear || info->n_planes > 2)
    return FALSE;
  for (i = 0; i < info->n_planes; i++) {
    if (info->block_width[i] > 2
        || (info->block_bytes[i] & (info->block_bytes[i] - 1)) != 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
row_has_fourcc (const Row * row, const GstDmabufFormatInfo * info)
{
  if (row->fourcc == ANY_FOURCC)
    return has_plain_pixels (info);
  if (row->fourcc <= RGB_8)
    return info->is_linear && info->n_planes == 1 && !info->is_yuv
        && info->block_width[0] == 1 && info->block_bytes[0] == row->fourcc;
  return row->fourcc == info->fourcc;
}

static gboolean
row_has_modifier (const Row * row, guint64 modifier)
{
  if ((modifier & row->mask) != row->modifier)
    return FALSE;
  return row->mask != GOBS_MASK || (modifier & ~GOBS_MASK) <= MAX_GOBS_LOG2;
}

/* Gives the bit of the address to the next bit of x or y, or of both. */
static void
add_address_bit (GstDmabufTilePlane * plane, guint * n_x, guint * n_y,
    gboolean of_x, gboolean of_y, guint32 bit)
{
  if (of_x)
    plane->x_bits[*n_x] |= bit;
  if (of_y)
    plane->y_bits[*n_y] |= bit;
}

static void
parse_equation (GstDmabufTilePlane * plane, const gchar * equation,
    guint max_bits, guint more_rows)
{
  guint n_x = 0, n_y = 0, n = 0, i;
  gboolean together = TRUE;

  for (; *equation != '\0'; equation += equation[2] == ' ' ? 3 : 2) {
    for (i = 0; i < (guint) (equation[1] - '0'); i++) {
      gboolean is_x = equation[0] == 'x', is_y = equation[0] == 'y';

      if (max_bits != 0 && n == max_bits)
        break;
      together = together && is_x;
      add_address_bit (plane, &n_x, &n_y, !is_y, !is_x, 1u << n);
      if (!is_x && !is_y) {
        n++;
        add_address_bit (plane, &n_x, &n_y, equation[0] == 't',
            equation[0] == 'u', 1u << n);
      }
      n++;
      n_x += !is_y;
      n_y += !is_x;
    }
    if (together)
      plane->span = 1u << n;
  }
  for (i = 0; i < more_rows; i++)
    plane->y_bits[n_y++] = 1u << n++;

  plane->width = 1u << n_x;
  plane->height = 1u << n_y;
  plane->bytes = 1u << n;
}

static void
set_plane (GstDmabufTilePlane * plane, const Row * row, guint index,
    guint64 modifier)
{
  const gchar *equation = row->equation[index];

  plane->order = row->order;
  plane->coding = row->coding;
  if (equation == NULL)
    equation = row->equation[0];
  if (equation != NULL) {
    parse_equation (plane, equation, row->max_bits,
        row->mask == GOBS_MASK ? (guint) (modifier & ~GOBS_MASK) : 0);
    return;
  }
  plane->width = row->width;
  plane->height = row->height[index];
  plane->bytes = row->width * plane->height;
  plane->span = row->width;
}

static gboolean
is_compressed (guint64 modifier)
{
  guint64 low = modifier & 0xff;

  switch (modifier >> 56) {
    case DRM_FORMAT_MOD_VENDOR_INTEL:
      return (low >= 4 && low <= 8) || (low >= 10 && low <= 17);
    case DRM_FORMAT_MOD_VENDOR_AMD:
      return AMD_FMT_MOD_GET (DCC, modifier) != 0;
    case DRM_FORMAT_MOD_VENDOR_NVIDIA:
      return (modifier & 0x10) != 0 && ((modifier >> 23) & 7) != 0;
    case DRM_FORMAT_MOD_VENDOR_QCOM:
      return modifier == DRM_FORMAT_MOD_QCOM_COMPRESSED;
    case DRM_FORMAT_MOD_VENDOR_ARM:
      /* The types of AFBC and AFRC. */
      return ((modifier >> 52) & 0xf) == 0 || ((modifier >> 52) & 0xf) == 2;
    case DRM_FORMAT_MOD_VENDOR_AMLOGIC:
      return TRUE;
    case 0x0c:                 /* Apple, newer than our oldest libdrm */
      return low == 2;
    default:
      return FALSE;
  }
}

static gboolean
refuse (const GstDmabufFormat * format, gboolean knows_modifier,
    GError ** error)
{
  const gchar *why;
  gchar *words;

  if (error == NULL)
    return FALSE;

  if (gst_dmabuf_format_is_linear (format))
    why = "there is nothing to convert";
  else if (gst_dmabuf_format_is_implicit (format))
    why = "only the driver knows where the pixels are";
  else if (is_compressed (format->modifier))
    why = "the pixels are compressed and only hardware can read them";
  else if (knows_modifier)
    why = "it is not known how this fourcc is laid out so";
  else
    why = "this layout is not known to the CPU";

  words = gst_dmabuf_format_describe (format);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "%s: %s", words, why);
  g_free (words);
  return FALSE;
}

gboolean
gst_dmabuf_tile_geometry_get (GstDmabufTileGeometry * geometry,
    const GstDmabufFormat * format, GError ** error)
{
  const GstDmabufFormatInfo *info = gst_dmabuf_format_info_get (format->fourcc);
  const Row *row = NULL;
  gboolean knows_modifier = FALSE;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows) && row == NULL; i++) {
    if (!row_has_modifier (&rows[i], format->modifier))
      continue;
    knows_modifier = TRUE;
    if (info != NULL && row_has_fourcc (&rows[i], info))
      row = &rows[i];
  }
  if (row == NULL)
    return refuse (format, knows_modifier, error);

  memset (geometry, 0, sizeof (*geometry));
  geometry->info = info;
  geometry->linear = row->coding == GST_DMABUF_TILE_BYTES ? info
      : gst_dmabuf_format_info_get (DRM_FORMAT_P010);
  geometry->n_planes = info->n_planes;
  if (row->mask == SAND_MASK) {
    geometry->has_columns = TRUE;
    geometry->column_height = (format->modifier >> SAND_SHIFT) & SAND_BITS;
  }
  for (i = 0; i < info->n_planes; i++)
    set_plane (&geometry->planes[i], row, MIN (i, 1), format->modifier);
  return TRUE;
}

guint64
gst_dmabuf_tile_set_column_height (guint64 modifier, guint64 height)
{
  return (modifier & SAND_MASK) | (height & SAND_BITS) << SAND_SHIFT;
}

guint64
gst_dmabuf_tile_get_index (const GstDmabufTilePlane * plane, guint64 n_columns,
    guint64 n_rows, guint64 column, guint64 row)
{
  gboolean odd = (row & 1) != 0;

  if (plane->order == GST_DMABUF_TILE_ORDER_SERPENTINE && odd)
    return row * n_columns + (n_columns - 1 - column);
  if (plane->order != GST_DMABUF_TILE_ORDER_Z)
    return row * n_columns + column;

  /* Two rows are one sequence of groups of 2x2; of each pair of groups the
   * first begins above, the second below. A last row without a partner is
   * plain. */
  if (odd)
    return (row - 1) * n_columns + column + 2 + (column & ~(guint64) 3);
  if (row + 1 == n_rows)
    return row * n_columns + column;
  return row * n_columns + column + ((column + 2) & ~(guint64) 3);
}

static guint64
get_columns_size (const GstDmabufTileGeometry * geometry,
    const GstDmabufTilePlane * plane, guint64 row_bytes, guint64 n_rows)
{
  guint64 n = (row_bytes + plane->width - 1) / plane->width, size;

  if (__builtin_mul_overflow ((n - 1) * plane->width, geometry->column_height,
          &size) || size > MAX_BYTES)
    return G_MAXUINT64;
  size += n_rows * plane->width;
  return size > MAX_BYTES ? G_MAXUINT64 : size;
}

guint64
gst_dmabuf_tile_plane_get_size (const GstDmabufTileGeometry * geometry,
    guint index, guint64 stride, guint64 row_bytes, guint64 n_rows)
{
  const GstDmabufTilePlane *plane = &geometry->planes[index];
  guint64 n_columns, n_tile_rows, n_tiles, size;

  if (plane->order == GST_DMABUF_TILE_ORDER_COLUMNS)
    return get_columns_size (geometry, plane, row_bytes, n_rows);
  if (plane->order == GST_DMABUF_TILE_ORDER_LINEAR) {
    size = stride * (n_rows - 1) + row_bytes;
    return size > MAX_BYTES ? G_MAXUINT64 : size;
  }

  n_tile_rows = (n_rows + plane->height - 1) / plane->height;
  n_columns = stride / plane->width;
  /* In the last row of tiles, only those that have pixels. */
  if (plane->order == GST_DMABUF_TILE_ORDER_ROWS)
    n_tiles = n_columns * (n_tile_rows - 1)
        + (row_bytes + plane->width - 1) / plane->width;
  else
    n_tiles = n_columns * n_tile_rows;
  if (__builtin_mul_overflow (n_tiles, (guint64) plane->bytes, &size)
      || size > MAX_BYTES)
    return G_MAXUINT64;
  return size;
}
