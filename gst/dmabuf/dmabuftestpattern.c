/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The test picture. Every pattern has at most four different rows; they are
 * rendered once, and painting copies them. It knows where things are in the
 * picture; dmabuftestpixels knows how they become bytes.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabuftestpattern.h"

#include <string.h>

#include "dmabuftestpixels.h"

#define MAX_ROWS 4
#define CELL DMABUF_TEST_COUNTER_CELL
#define COUNTER_BYTES 6
#define CHECKER_SIZE 32
#define BAR_WIDTH 16
#define BAR_STEP 8
#define MAX_BLOCK_BYTES 8

typedef struct
{
  gsize row_bytes;
  guint n_rows;
  guint8 *rows[MAX_ROWS];       /* the different rows of the background */
  guint8 *strip;                /* a row being composed, row_bytes */
  guint8 black[MAX_BLOCK_BYTES];
  guint8 white[MAX_BLOCK_BYTES];
} Plane;

struct _DmabufTestPattern
{
  DmabufTestPatternConfig config;
  DmabufTestEncoder encoder;
  guint n_row_kinds;
  guint strip_y;                /* first row of the bar's strip, or height */
  gboolean has_counter;
  Plane planes[4];
};

/* The colours of the three parts of SMPTE EG 1 bars, at 75 %. */
static const guint32 smpte_top[] = {
  0xffbfbfbf, 0xffbfbf00, 0xff00bfbf, 0xff00bf00, 0xffbf00bf, 0xffbf0000,
  0xff0000bf
};

static const guint32 smpte_middle[] = {
  0xff0000bf, 0xff000000, 0xffbf00bf, 0xff000000, 0xff00bfbf, 0xff000000,
  0xffbfbfbf
};

/* -I, white, +Q and black, with a step that is just above black. Blacker than
 * black cannot be said in RGB. */
static const guint32 smpte_bottom[] = {
  0xff00214c, 0xff00214c, 0xffffffff, 0xffffffff, 0xff32006a, 0xff32006a,
  0xff000000, 0xff000000, 0xff000000, 0xff000000, 0xff0a0a0a, 0xff000000
};

static guint
count_row_kinds (DmabufTestPatternKind kind)
{
  switch (kind) {
    case DMABUF_TEST_PATTERN_SMPTE:
      return 3;
    case DMABUF_TEST_PATTERN_CHECKERS:
      return 2;
    case DMABUF_TEST_PATTERN_GRADIENT:
      return 4;
    default:
      return 1;
  }
}

/* Which of the pattern's rows is row y of the picture. */
static guint
get_row_kind (const DmabufTestPatternConfig * config, guint y)
{
  guint64 height = config->height;

  switch (config->kind) {
    case DMABUF_TEST_PATTERN_SMPTE:
      return y < height * 2 / 3 ? 0 : y < height * 3 / 4 ? 1 : 2;
    case DMABUF_TEST_PATTERN_CHECKERS:
      return (y / CHECKER_SIZE) & 1;
    case DMABUF_TEST_PATTERN_GRADIENT:
      return MIN ((guint) (y * G_GUINT64_CONSTANT (4) / height), 3);
    default:
      return 0;
  }
}

static DmabufTestColor
get_smpte_color (const DmabufTestPatternConfig * config, guint row, guint x)
{
  guint64 width = config->width;

  switch (row) {
    case 0:
      return dmabuf_test_color_from_argb (smpte_top[x * 7 / width]);
    case 1:
      return dmabuf_test_color_from_argb (smpte_middle[x * 7 / width]);
    default:
      return dmabuf_test_color_from_argb (smpte_bottom[x * 12 / width]);
  }
}

/* Ramps of red, green, blue and grey, dark at the left. */
static DmabufTestColor
get_ramp_color (const DmabufTestPatternConfig * config, guint row, guint x)
{
  guint16 level = (guint16) (x * G_GUINT64_CONSTANT (65535) /
      MAX (config->width - 1, 1));
  DmabufTestColor color = {
    .r = row == 0 || row == 3 ? level : 0,
    .g = row == 1 || row == 3 ? level : 0,
    .b = row == 2 || row == 3 ? level : 0,
    .a = 65535,
  };

  return color;
}

static DmabufTestColor
get_color (const DmabufTestPatternConfig * config, guint row, guint x)
{
  /* The last block of an odd width reaches beyond the picture. */
  x = MIN (x, config->width - 1);

  switch (config->kind) {
    case DMABUF_TEST_PATTERN_SMPTE:
      return get_smpte_color (config, row, x);
    case DMABUF_TEST_PATTERN_GRADIENT:
      return get_ramp_color (config, row, x);
    case DMABUF_TEST_PATTERN_CHECKERS:
      if (((x / CHECKER_SIZE) & 1) != row)
        return dmabuf_test_color_from_argb (0xff404040);
      break;
    default:
      break;
  }

  return dmabuf_test_color_from_argb (config->argb);
}

static void
render_row (const DmabufTestPattern * pattern, guint plane, guint row,
    guint8 * bytes)
{
  const GstDmabufFormatInfo *info = pattern->encoder.info;
  guint w_sub = plane > 0 ? info->w_sub : 0;
  guint block_width = info->block_width[plane];
  guint block_bytes = info->block_bytes[plane];
  gsize n_blocks = pattern->planes[plane].row_bytes / block_bytes, block;
  DmabufTestColor colors[DMABUF_TEST_BLOCK_PIXELS];
  guint i;

  for (block = 0; block < n_blocks; block++) {
    for (i = 0; i < block_width; i++)
      colors[i] = get_color (&pattern->config, row,
          (guint) (block * block_width + i) << w_sub);
    dmabuf_test_encoder_write (&pattern->encoder, plane, colors,
        bytes + block * block_bytes);
  }
}

static void
render_block (const DmabufTestPattern * pattern, guint plane, guint32 argb,
    guint8 * bytes)
{
  DmabufTestColor colors[DMABUF_TEST_BLOCK_PIXELS];
  guint i;

  for (i = 0; i < DMABUF_TEST_BLOCK_PIXELS; i++)
    colors[i] = dmabuf_test_color_from_argb (argb);
  dmabuf_test_encoder_write (&pattern->encoder, plane, colors, bytes);
}

static void
render_plane (DmabufTestPattern * pattern, guint i)
{
  Plane *plane = &pattern->planes[i];
  guint row;

  plane->row_bytes = gst_dmabuf_format_info_plane_row_bytes
      (pattern->encoder.info, i, pattern->config.width);
  g_assert (pattern->encoder.info->block_bytes[i] <= MAX_BLOCK_BYTES);

  plane->strip = g_malloc0 (plane->row_bytes);
  for (row = 0; row < pattern->n_row_kinds; row++) {
    plane->rows[row] = g_malloc0 (plane->row_bytes);
    render_row (pattern, i, row, plane->rows[row]);
  }
  render_block (pattern, i, 0xff000000, plane->black);
  render_block (pattern, i, 0xffffffff, plane->white);
}

DmabufTestPattern *
dmabuf_test_pattern_new (const DmabufTestPatternConfig * config)
{
  DmabufTestEncoder encoder;
  DmabufTestPattern *pattern;
  guint i;

  if (config->width == 0 || config->height == 0 ||
      !dmabuf_test_encoder_init (&encoder, config->fourcc,
          &config->colorimetry))
    return NULL;

  pattern = g_new0 (DmabufTestPattern, 1);
  pattern->config = *config;
  pattern->encoder = encoder;
  pattern->n_row_kinds = count_row_kinds (config->kind);
  pattern->has_counter = config->animated &&
      config->width >= DMABUF_TEST_COUNTER_WIDTH &&
      config->height >= DMABUF_TEST_COUNTER_HEIGHT;
  /* 64 rows leave the strip 8, below the counter. */
  pattern->strip_y = pattern->has_counter && config->height >= 64 ?
      GST_ROUND_DOWN_8 (config->height - config->height / 8) : config->height;

  for (i = 0; i < encoder.info->n_planes; i++)
    render_plane (pattern, i);

  return pattern;
}

void
dmabuf_test_pattern_free (DmabufTestPattern * pattern)
{
  guint i, row;

  for (i = 0; i < G_N_ELEMENTS (pattern->planes); i++) {
    for (row = 0; row < MAX_ROWS; row++)
      g_free (pattern->planes[i].rows[row]);
    g_free (pattern->planes[i].strip);
  }
  g_free (pattern);
}

void
dmabuf_test_pattern_paint_background (DmabufTestPattern * pattern,
    const DmabufTestCanvas * canvas)
{
  const GstDmabufFormatInfo *info = pattern->encoder.info;
  guint i, row;

  for (i = 0; i < info->n_planes; i++) {
    const Plane *plane = &pattern->planes[i];
    guint n_rows = gst_dmabuf_format_info_plane_height (info, i,
        pattern->config.height);
    guint h_sub = i > 0 ? info->h_sub : 0;
    guint8 *bytes = canvas->data[i];

    for (row = 0; row < n_rows; row++) {
      guint kind = get_row_kind (&pattern->config, row << h_sub);

      memcpy (bytes, plane->rows[kind], plane->row_bytes);
      bytes += canvas->stride[i];
    }
  }
}

/* Fills the blocks of pixels first to end (multiples of the cell size, or
 * beyond the right edge) of a row of plane i. */
static void
fill_blocks (const DmabufTestPattern * pattern, guint i, guint8 * row,
    const guint8 * block, const guint range[2])
{
  const GstDmabufFormatInfo *info = pattern->encoder.info;
  guint pixels = info->block_width[i] << (i > 0 ? info->w_sub : 0);
  guint bytes = info->block_bytes[i];
  gsize end = pattern->planes[i].row_bytes / bytes;
  gsize b;

  end = MIN (end, range[1] / pixels);
  for (b = range[0] / pixels; b < end; b++)
    memcpy (row + b * bytes, block, bytes);
}

static void
paint_strip (DmabufTestPattern * pattern, const DmabufTestCanvas * canvas,
    guint i, guint32 counter)
{
  const GstDmabufFormatInfo *info = pattern->encoder.info;
  const Plane *plane = &pattern->planes[i];
  guint span = GST_ROUND_UP_8 (pattern->config.width);
  guint x = (guint) ((guint64) counter * BAR_STEP % span);
  const guint all[2] = { 0, span };
  const guint bar[2] = { x, x + BAR_WIDTH };
  guint row = pattern->strip_y >> (i > 0 ? info->h_sub : 0);
  guint end = gst_dmabuf_format_info_plane_height (info, i,
      pattern->config.height);

  fill_blocks (pattern, i, plane->strip, plane->black, all);
  fill_blocks (pattern, i, plane->strip, plane->white, bar);
  for (; row < end; row++)
    memcpy (canvas->data[i] + (gssize) row * canvas->stride[i], plane->strip,
        plane->row_bytes);
}

static guint16
compute_crc (const guint8 bytes[4])
{
  guint crc = 0xffff, i, bit;

  for (i = 0; i < 4; i++) {
    crc ^= (guint) bytes[i] << 8;
    for (bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  }

  return (guint16) crc;
}

static void
paint_counter (DmabufTestPattern * pattern, const DmabufTestCanvas * canvas,
    guint i, const guint8 bytes[COUNTER_BYTES])
{
  const GstDmabufFormatInfo *info = pattern->encoder.info;
  const Plane *plane = &pattern->planes[i];
  guint cell_rows = CELL >> (i > 0 ? info->h_sub : 0);
  guint pixels = info->block_width[i] << (i > 0 ? info->w_sub : 0);
  gsize n = (gsize) DMABUF_TEST_COUNTER_WIDTH / pixels * info->block_bytes[i];
  guint8 *out = canvas->data[i];
  guint y, x, row;

  for (y = 0; y < COUNTER_BYTES; y++) {
    for (x = 0; x < 8; x++) {
      const guint range[2] = { x * CELL, (x + 1) * CELL };

      fill_blocks (pattern, i, plane->strip,
          bytes[y] & (0x80 >> x) ? plane->white : plane->black, range);
    }
    for (row = 0; row < cell_rows; row++) {
      memcpy (out, plane->strip, n);
      out += canvas->stride[i];
    }
  }
}

void
dmabuf_test_pattern_paint_frame (DmabufTestPattern * pattern,
    const DmabufTestCanvas * canvas, guint32 counter)
{
  guint8 bytes[COUNTER_BYTES];
  guint16 crc;
  guint i;

  if (!pattern->has_counter)
    return;

  GST_WRITE_UINT32_BE (bytes, counter);
  crc = compute_crc (bytes);
  GST_WRITE_UINT16_BE (bytes + 4, crc);

  for (i = 0; i < pattern->encoder.info->n_planes; i++) {
    if (pattern->strip_y < pattern->config.height)
      paint_strip (pattern, canvas, i, counter);
    paint_counter (pattern, canvas, i, bytes);
  }
}

/* Mean brightness of the inner half of a cell, 0 to 65535. */
static guint
read_cell (const DmabufTestEncoder * encoder, const guint8 * plane,
    gssize stride, guint column, guint row)
{
  guint sum = 0, x, y;

  for (y = CELL / 4; y < CELL * 3 / 4; y++) {
    const guint8 *bytes = plane + (gssize) (row * CELL + y) * stride;

    for (x = CELL / 4; x < CELL * 3 / 4; x++)
      sum += dmabuf_test_pixels_read_luma (encoder, bytes, column * CELL + x);
  }

  return sum / (CELL / 2 * CELL / 2);
}

gboolean
dmabuf_test_pattern_read_counter (guint32 fourcc, const guint8 * plane,
    gssize stride, guint32 * counter)
{
  const GstVideoColorimetry unknown = { 0 };
  DmabufTestEncoder encoder;
  guint8 bytes[COUNTER_BYTES] = { 0 };
  guint row, column;

  if (!dmabuf_test_encoder_init (&encoder, fourcc, &unknown))
    return FALSE;

  for (row = 0; row < COUNTER_BYTES; row++) {
    for (column = 0; column < 8; column++) {
      guint level = read_cell (&encoder, plane, stride, column, row);

      if (level > 65535 / 3 && level < 65535 * 2 / 3)
        return FALSE;
      if (level >= 65535 * 2 / 3)
        bytes[row] |= 0x80 >> column;
    }
  }
  if (GST_READ_UINT16_BE (bytes + 4) != compute_crc (bytes))
    return FALSE;

  *counter = GST_READ_UINT32_BE (bytes);
  return TRUE;
}
