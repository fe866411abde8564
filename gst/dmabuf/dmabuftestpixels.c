/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * How one colour becomes the bytes of a block of a plane. One table says where
 * in the block each component lies; nothing else depends on the fourcc. Bit
 * positions are those of drm_fourcc.h: bit 0 is the lowest bit of the first
 * byte, whatever the byte order of the CPU.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabuftestpixels.h"

#include <drm_fourcc.h>

typedef enum
{
  NONE, R, G, B, A, X, Y, U, V
} Component;

typedef struct
{
  guint8 component;
  guint8 shift;                 /* lowest bit in the block */
  guint8 bits;                  /* 0 ends the list */
  guint8 pixel;                 /* which of the block's pixels is sampled */
} Field;

#define MAX_FIELDS 6

struct _DmabufTestPixels
{
  guint32 fourcc;
  Field planes[3][MAX_FIELDS];
};

/* *INDENT-OFF* */
#define RGBX(cc, bits, r, g, b, x, x_shift, x_bits) \
  { DRM_FORMAT_##cc, { { { R, r, bits }, { G, g, bits }, { B, b, bits }, \
      { x, x_shift, x_bits } } } }
#define RGB3(cc, r, r_bits, g, g_bits, b, b_bits) \
  { DRM_FORMAT_##cc, { { { R, r, r_bits }, { G, g, g_bits }, \
      { B, b, b_bits } } } }
#define SEMI(cc, shift, bits, u, v) \
  { DRM_FORMAT_##cc, { { { Y, shift, bits } }, \
      { { U, u, bits }, { V, v, bits } } } }
#define PLANAR(cc, second, third) \
  { DRM_FORMAT_##cc, { { { Y, 0, 8 } }, { { second, 0, 8 } }, \
      { { third, 0, 8 } } } }
#define YUV2(cc, bits, y0, u, y1, v) \
  { DRM_FORMAT_##cc, { { { Y, y0, bits, 0 }, { U, u, bits, 0 }, \
      { Y, y1, bits, 1 }, { V, v, bits, 0 } } } }
#define YUVX(cc, bits, y, u, v, x, x_shift, x_bits) \
  { DRM_FORMAT_##cc, { { { Y, y, bits }, { U, u, bits }, { V, v, bits }, \
      { x, x_shift, x_bits } } } }

static const DmabufTestPixels table[] = {
  RGBX (XRGB8888, 8, 16, 8, 0, X, 24, 8),
  RGBX (ARGB8888, 8, 16, 8, 0, A, 24, 8),
  RGBX (XBGR8888, 8, 0, 8, 16, X, 24, 8),
  RGBX (ABGR8888, 8, 0, 8, 16, A, 24, 8),
  RGBX (RGBX8888, 8, 24, 16, 8, X, 0, 8),
  RGBX (RGBA8888, 8, 24, 16, 8, A, 0, 8),
  RGBX (BGRX8888, 8, 8, 16, 24, X, 0, 8),
  RGBX (BGRA8888, 8, 8, 16, 24, A, 0, 8),
  SEMI (NV12, 0, 8, 0, 8),
  SEMI (NV21, 0, 8, 8, 0),
  SEMI (NV16, 0, 8, 0, 8),
  SEMI (NV61, 0, 8, 8, 0),
  SEMI (NV24, 0, 8, 0, 8),
  SEMI (NV42, 0, 8, 8, 0),
  SEMI (P010, 6, 10, 6, 22),
  SEMI (P012, 4, 12, 4, 20),
  SEMI (P016, 0, 16, 0, 16),
  SEMI (P210, 6, 10, 6, 22),
  PLANAR (YUV420, U, V),
  PLANAR (YVU420, V, U),
  PLANAR (YUV422, U, V),
  PLANAR (YVU422, V, U),
  PLANAR (YUV444, U, V),
  PLANAR (YVU444, V, U),
  PLANAR (YUV411, U, V),
  PLANAR (YUV410, U, V),
  PLANAR (YVU410, V, U),
  YUV2 (YUYV, 8, 0, 8, 16, 24),
  YUV2 (YVYU, 8, 0, 24, 16, 8),
  YUV2 (UYVY, 8, 8, 0, 24, 16),
  YUV2 (VYUY, 8, 8, 16, 24, 0),
  YUV2 (Y210, 10, 6, 22, 38, 54),
  YUV2 (Y212, 12, 4, 20, 36, 52),
  YUV2 (Y216, 16, 0, 16, 32, 48),
  YUVX (AYUV, 8, 16, 8, 0, A, 24, 8),
  YUVX (XYUV8888, 8, 16, 8, 0, X, 24, 8),
  YUVX (VUY888, 8, 0, 8, 16, NONE, 0, 0),
  YUVX (Y410, 10, 10, 0, 20, A, 30, 2),
  YUVX (XVYU2101010, 10, 10, 0, 20, X, 30, 2),
  YUVX (Y412, 12, 20, 4, 36, A, 52, 12),
  YUVX (Y416, 16, 16, 0, 32, A, 48, 16),
  RGBX (XRGB2101010, 10, 20, 10, 0, X, 30, 2),
  RGBX (ARGB2101010, 10, 20, 10, 0, A, 30, 2),
  RGBX (XBGR2101010, 10, 0, 10, 20, X, 30, 2),
  RGBX (ABGR2101010, 10, 0, 10, 20, A, 30, 2),
  RGBX (RGBX1010102, 10, 22, 12, 2, X, 0, 2),
  RGBX (RGBA1010102, 10, 22, 12, 2, A, 0, 2),
  RGBX (BGRX1010102, 10, 2, 12, 22, X, 0, 2),
  RGBX (BGRA1010102, 10, 2, 12, 22, A, 0, 2),
  RGBX (XRGB16161616, 16, 32, 16, 0, X, 48, 16),
  RGBX (ARGB16161616, 16, 32, 16, 0, A, 48, 16),
  RGBX (XBGR16161616, 16, 0, 16, 32, X, 48, 16),
  RGBX (ABGR16161616, 16, 0, 16, 32, A, 48, 16),
  RGB3 (RGB888, 16, 8, 8, 8, 0, 8),
  RGB3 (BGR888, 0, 8, 8, 8, 16, 8),
  RGB3 (RGB565, 11, 5, 5, 6, 0, 5),
  RGB3 (BGR565, 0, 5, 5, 6, 11, 5),
  RGBX (XRGB1555, 5, 10, 5, 0, X, 15, 1),
  RGBX (ARGB1555, 5, 10, 5, 0, A, 15, 1),
  RGBX (XBGR1555, 5, 0, 5, 10, X, 15, 1),
  RGBX (ABGR1555, 5, 0, 5, 10, A, 15, 1),
  { DRM_FORMAT_NV15, {
      { { Y, 0, 10, 0 }, { Y, 10, 10, 1 }, { Y, 20, 10, 2 }, { Y, 30, 10, 3 } },
      { { U, 0, 10, 0 }, { V, 10, 10, 0 }, { U, 20, 10, 1 }, { V, 30, 10, 1 } }
  } },
  { DRM_FORMAT_R8, { { { Y, 0, 8 } } } },
  { DRM_FORMAT_R16, { { { Y, 0, 16 } } } },
};
/* *INDENT-ON* */

guint
dmabuf_test_pixels_n (void)
{
  return G_N_ELEMENTS (table);
}

guint32
dmabuf_test_pixels_nth (guint i)
{
  g_assert (i < G_N_ELEMENTS (table));

  return table[i].fourcc;
}

static const DmabufTestPixels *
find_pixels (guint32 fourcc)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (table); i++) {
    if (table[i].fourcc == fourcc)
      return &table[i];
  }

  return NULL;
}

/* The table above and the library's own must mean the same blocks. */
static gboolean
fields_fit (const DmabufTestPixels * pixels, const GstDmabufFormatInfo * info)
{
  guint plane, i;

  for (plane = 0; plane < info->n_planes; plane++) {
    if (plane >= G_N_ELEMENTS (pixels->planes) ||
        info->block_width[plane] > DMABUF_TEST_BLOCK_PIXELS ||
        pixels->planes[plane][0].bits == 0)
      return FALSE;
    for (i = 0; i < MAX_FIELDS && pixels->planes[plane][i].bits; i++) {
      const Field *field = &pixels->planes[plane][i];

      if (field->shift + field->bits > 8 * info->block_bytes[plane] ||
          field->pixel >= info->block_width[plane])
        return FALSE;
    }
  }

  return TRUE;
}

static void
set_weights (DmabufTestEncoder * encoder, GstVideoColorMatrix matrix)
{
  switch (matrix) {
    case GST_VIDEO_COLOR_MATRIX_BT709:
      encoder->kr = 2126;
      encoder->kb = 722;
      break;
    case GST_VIDEO_COLOR_MATRIX_BT2020:
      encoder->kr = 2627;
      encoder->kb = 593;
      break;
    case GST_VIDEO_COLOR_MATRIX_SMPTE240M:
      encoder->kr = 2120;
      encoder->kb = 870;
      break;
    case GST_VIDEO_COLOR_MATRIX_FCC:
      encoder->kr = 3000;
      encoder->kb = 1100;
      break;
    default:
      encoder->kr = 2990;
      encoder->kb = 1140;
      break;
  }
}

gboolean
dmabuf_test_encoder_init (DmabufTestEncoder * encoder, guint32 fourcc,
    const GstVideoColorimetry * colorimetry)
{
  const GstDmabufFormatInfo *info = gst_dmabuf_format_info_get (fourcc);
  const DmabufTestPixels *pixels = find_pixels (fourcc);

  if (!info || !pixels || !fields_fit (pixels, info))
    return FALSE;

  encoder->info = info;
  encoder->pixels = pixels;
  set_weights (encoder, colorimetry->matrix);
  encoder->limited = colorimetry->range == GST_VIDEO_COLOR_RANGE_16_235 ||
      (colorimetry->range == GST_VIDEO_COLOR_RANGE_UNKNOWN && info->is_yuv);

  return TRUE;
}

/* numerator / denominator rounded to nearest, halves away from zero. */
static gint64
divide (gint64 numerator, gint64 denominator)
{
  gint64 half = denominator / 2;

  return (numerator + (numerator < 0 ? -half : half)) / denominator;
}

/* value 0..65535 as a sample of so many bits. */
static guint64
quantize_level (gint64 value, guint bits, gboolean limited)
{
  gint64 max = (G_GINT64_CONSTANT (1) << bits) - 1;

  if (!limited || bits < 8)
    return (guint64) divide (value * max, 65535);

  return (guint64) divide ((16 * 65535 + 219 * value) *
      (G_GINT64_CONSTANT (1) << (bits - 8)), 65535);
}

/* value -32768..32768, the chroma difference, as a sample of so many bits. */
static guint64
quantize_difference (gint64 value, guint bits, gboolean limited)
{
  gint64 max = (G_GINT64_CONSTANT (1) << bits) - 1;
  gint64 centre = G_GINT64_CONSTANT (1) << (bits - 1);

  if (!limited)
    return (guint64) CLAMP (centre + divide (value * max, 65535), 0, max);

  return (guint64) (centre + divide (224 * value *
          (G_GINT64_CONSTANT (1) << (bits - 8)), 65535));
}

static guint64
sample (const DmabufTestEncoder * encoder, const Field * field,
    const DmabufTestColor * color)
{
  gint64 kr = encoder->kr, kb = encoder->kb;
  gint64 luma = kr * color->r + (10000 - kr - kb) * color->g + kb * color->b;

  switch (field->component) {
    case R:
      return quantize_level (color->r, field->bits, encoder->limited);
    case G:
      return quantize_level (color->g, field->bits, encoder->limited);
    case B:
      return quantize_level (color->b, field->bits, encoder->limited);
    case A:
      return quantize_level (color->a, field->bits, FALSE);
    case Y:
      return quantize_level (divide (luma, 10000), field->bits,
          encoder->limited);
    case U:
      return quantize_difference (divide (10000 * (gint64) color->b - luma,
              2 * (10000 - kb)), field->bits, encoder->limited);
    case V:
      return quantize_difference (divide (10000 * (gint64) color->r - luma,
              2 * (10000 - kr)), field->bits, encoder->limited);
    default:
      /* What nobody shall look at is opaque to those who do. */
      return quantize_level (65535, field->bits, FALSE);
  }
}

void
dmabuf_test_encoder_write (const DmabufTestEncoder * encoder, guint plane,
    const DmabufTestColor * colors, guint8 * bytes)
{
  const Field *fields = encoder->pixels->planes[plane];
  guint64 word = 0;
  guint i;

  for (i = 0; i < MAX_FIELDS && fields[i].bits; i++)
    word |= sample (encoder, &fields[i],
        &colors[fields[i].pixel]) << fields[i].shift;

  for (i = 0; i < encoder->info->block_bytes[plane]; i++)
    bytes[i] = (guint8) (word >> (8 * i));
}

guint
dmabuf_test_pixels_read_luma (const DmabufTestEncoder * encoder,
    const guint8 * bytes, guint x)
{
  const Field *fields = encoder->pixels->planes[0];
  guint block_width = encoder->info->block_width[0];
  guint block_bytes = encoder->info->block_bytes[0];
  const guint8 *block = bytes + (gsize) (x / block_width) * block_bytes;
  guint64 word = 0, max;
  guint i;

  for (i = 0; i < block_bytes; i++)
    word |= (guint64) block[i] << (8 * i);

  for (i = 0; i < MAX_FIELDS && fields[i].bits; i++) {
    if ((fields[i].component != Y && fields[i].component != G) ||
        fields[i].pixel != x % block_width)
      continue;
    max = (G_GUINT64_CONSTANT (1) << fields[i].bits) - 1;
    return (guint) (((word >> fields[i].shift) & max) * 65535 / max);
  }

  return 0;
}

DmabufTestColor
dmabuf_test_color_from_argb (guint32 argb)
{
  DmabufTestColor color = {
    .r = (guint16) (((argb >> 16) & 0xff) * 257),
    .g = (guint16) (((argb >> 8) & 0xff) * 257),
    .b = (guint16) ((argb & 0xff) * 257),
    .a = (guint16) ((argb >> 24) * 257),
  };

  return color;
}
