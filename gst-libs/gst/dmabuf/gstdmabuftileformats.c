/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Which layouts there are to offer. Modifiers are tried, not listed by fourcc:
 * gstdmabuftilegeometry.c is the one that knows.
 */
#include "gstdmabuftile.h"

#include <drm_fourcc.h>

/* Those without a parameter. */
static const guint64 modifiers[] = {
  DRM_FORMAT_MOD_LINEAR,
  DRM_FORMAT_MOD_VIVANTE_TILED,
  DRM_FORMAT_MOD_VIVANTE_SUPER_TILED,
  DRM_FORMAT_MOD_SAMSUNG_64_32_TILE,
  DRM_FORMAT_MOD_SAMSUNG_16_16_TILE,
  DRM_FORMAT_MOD_ALLWINNER_TILED,
  /* MediaTek's 16x32 tiles, with 8 bits, and 10 in two ways */
  G_GUINT64_CONSTANT (0x0b00000000000001),
  G_GUINT64_CONSTANT (0x0b00000000010001),
  G_GUINT64_CONSTANT (0x0b00000000020001),
  I915_FORMAT_MOD_X_TILED,
  I915_FORMAT_MOD_Y_TILED,
  I915_FORMAT_MOD_4_TILED,
  DRM_FORMAT_MOD_BROADCOM_VC4_T_TILED,
  DRM_FORMAT_MOD_ARM_16X16_BLOCK_U_INTERLEAVED,
};

/* Fourccs whose samples become wider when the CPU reads them. */
static const guint32 packed_fourccs[] = { DRM_FORMAT_NV15, DRM_FORMAT_P030 };

static void
add_formats (GstDmabufFormatSetBuilder * builder, guint32 fourcc,
    guint32 linear_fourcc)
{
  GstDmabufTileInfo info;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (modifiers); i++) {
    GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (fourcc, modifiers[i]);

    if (gst_dmabuf_tile_info_get (&format, &info, NULL)
        && info.linear_fourcc == linear_fourcc)
      gst_dmabuf_format_set_builder_add (builder, &format);
  }
}

GstDmabufFormatSet *
gst_dmabuf_tile_get_formats (guint32 linear_fourcc)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  guint i;

  add_formats (builder, linear_fourcc, linear_fourcc);
  for (i = 0; i < G_N_ELEMENTS (packed_fourccs); i++)
    add_formats (builder, packed_fourccs[i], linear_fourcc);
  return gst_dmabuf_format_set_builder_end (builder);
}
