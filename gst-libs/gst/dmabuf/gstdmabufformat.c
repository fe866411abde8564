/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Formats as values: parse, print, compare, describe. It takes a modifier apart
 * nowhere; the words for one come from a table of whole values and from libdrm.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufformat.h"

#include <drm_fourcc.h>
#include <stdlib.h>
#include <string.h>
#include <xf86drm.h>

G_STATIC_ASSERT (GST_DMABUF_MOD_LINEAR == DRM_FORMAT_MOD_LINEAR);
G_STATIC_ASSERT (GST_DMABUF_MOD_INVALID == DRM_FORMAT_MOD_INVALID);
G_STATIC_ASSERT (GST_DMABUF_FOURCC_BIG_ENDIAN == DRM_FORMAT_BIG_ENDIAN);

#define BIG_ENDIAN_SUFFIX "_BE"
#define MAX_MODIFIER_DIGITS 16

/* Bytes of somebody's text that an error repeats. */
#define MAX_QUOTED 64

G_DEFINE_BOXED_TYPE (GstDmabufFormat, gst_dmabuf_format,
    gst_dmabuf_format_copy, gst_dmabuf_format_free);

GstDmabufFormat *
gst_dmabuf_format_copy (const GstDmabufFormat * format)
{
  GstDmabufFormat *copy;

  g_return_val_if_fail (format != NULL, NULL);

  copy = g_new (GstDmabufFormat, 1);
  *copy = *format;
  return copy;
}

void
gst_dmabuf_format_free (GstDmabufFormat * format)
{
  g_free (format);
}

/* Characters that a fourcc is made of in text: a colon ends it, and a comma or
 * a brace would end it in the text of caps. */
static gboolean
is_fourcc_char (gchar c)
{
  return g_ascii_isalnum (c) || c == ' ';
}

static gboolean
fourcc_is_printable (guint32 fourcc)
{
  guint i;

  fourcc &= ~GST_DMABUF_FOURCC_BIG_ENDIAN;
  if (!g_ascii_isalnum (fourcc & 0xff))
    return FALSE;
  for (i = 1; i < 4; i++)
    if (!is_fourcc_char ((fourcc >> (8 * i)) & 0xff))
      return FALSE;
  return TRUE;
}

static gboolean
parse_fourcc (const gchar * text, gsize length, guint32 * fourcc)
{
  const gsize suffix_length = strlen (BIG_ENDIAN_SUFFIX);
  guint32 value = 0;
  guint i;

  if (length > suffix_length && memcmp (text + length - suffix_length,
          BIG_ENDIAN_SUFFIX, suffix_length) == 0) {
    value = GST_DMABUF_FOURCC_BIG_ENDIAN;
    length -= suffix_length;
  }
  if (length < 1 || length > 4 || text[0] == ' ')
    return FALSE;

  for (i = 0; i < 4; i++) {
    gchar c = i < length ? text[i] : ' ';

    if (!is_fourcc_char (c))
      return FALSE;
    value |= (guint32) (guchar) c << (8 * i);
  }
  *fourcc = value;
  return TRUE;
}

static gboolean
parse_modifier (const gchar * text, guint64 * modifier)
{
  guint64 value = 0;
  gsize length, i;

  if (text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
    return FALSE;
  text += 2;
  length = strlen (text);
  if (length < 1 || length > MAX_MODIFIER_DIGITS)
    return FALSE;

  for (i = 0; i < length; i++) {
    gint digit = g_ascii_xdigit_value (text[i]);

    if (digit < 0)
      return FALSE;
    value = value << 4 | (guint64) digit;
  }
  *modifier = value;
  return TRUE;
}

/* The text comes from caps or a person and may be no UTF-8, but messages must
 * be. */
static void
set_parse_error (GError ** error, const gchar * text, const gchar * why)
{
  gchar *start, *quoted;

  if (error == NULL)
    return;
  start = g_strndup (text, MAX_QUOTED);
  quoted = g_strescape (start, NULL);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "\"%s\" is no DRM format: %s", quoted, why);
  g_free (quoted);
  g_free (start);
}

gboolean
gst_dmabuf_format_parse (const gchar * text, GstDmabufFormat * format,
    GError ** error)
{
  GstDmabufFormat result = GST_DMABUF_FORMAT_INIT (0, GST_DMABUF_MOD_LINEAR);
  const gchar *colon;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (format != NULL, FALSE);

  colon = strchr (text, ':');
  if (!parse_fourcc (text, colon ? (gsize) (colon - text) : strlen (text),
          &result.fourcc)) {
    set_parse_error (error, text, "it should begin with a fourcc of one to "
        "four letters, digits and blanks, such as NV12");
    return FALSE;
  }
  if (colon && !parse_modifier (colon + 1, &result.modifier)) {
    set_parse_error (error, text, "the colon should be followed by 0x and one "
        "to " G_STRINGIFY (MAX_MODIFIER_DIGITS) " hexadecimal digits");
    return FALSE;
  }
  *format = result;
  return TRUE;
}

gchar *
gst_dmabuf_fourcc_to_string (guint32 fourcc)
{
  guint32 chars = fourcc & ~GST_DMABUF_FOURCC_BIG_ENDIAN;

  if (!fourcc_is_printable (fourcc))
    return g_strdup_printf ("0x%08x", fourcc);
  return g_strdup_printf ("%c%c%c%c%s", chars & 0xff, chars >> 8 & 0xff,
      chars >> 16 & 0xff, chars >> 24,
      chars == fourcc ? "" : BIG_ENDIAN_SUFFIX);
}

gchar *
gst_dmabuf_format_to_string (const GstDmabufFormat * format)
{
  gchar *fourcc, *text;

  g_return_val_if_fail (format != NULL, NULL);

  fourcc = gst_dmabuf_fourcc_to_string (format->fourcc);
  if (format->modifier == GST_DMABUF_MOD_LINEAR)
    return fourcc;

  text = g_strdup_printf ("%s:0x%016" G_GINT64_MODIFIER "x", fourcc,
      format->modifier);
  g_free (fourcc);
  return text;
}

/* Words for whole modifiers, sorted by value. Values that newer versions of
 * drm_fourcc.h define are written out. */
static const struct
{
  guint64 modifier;
  const gchar *words;
} modifier_words[] = {
  {GST_DMABUF_MOD_LINEAR, "linear"},
  {GST_DMABUF_MOD_INVALID, "implicit layout"},
  {I915_FORMAT_MOD_X_TILED, "Intel X tiles"},
  {I915_FORMAT_MOD_Y_TILED, "Intel Y tiles"},
  {I915_FORMAT_MOD_Yf_TILED, "Intel Yf tiles"},
  {I915_FORMAT_MOD_Y_TILED_CCS, "Intel Y tiles, compressed"},
  {I915_FORMAT_MOD_Yf_TILED_CCS, "Intel Yf tiles, compressed"},
  {I915_FORMAT_MOD_Y_TILED_GEN12_RC_CCS,
      "Intel Y tiles, render-compressed"},
  {I915_FORMAT_MOD_Y_TILED_GEN12_MC_CCS,
      "Intel Y tiles, media-compressed"},
  {I915_FORMAT_MOD_Y_TILED_GEN12_RC_CCS_CC,
      "Intel Y tiles, render-compressed with clear color"},
  {I915_FORMAT_MOD_4_TILED, "Intel 4 tiles"},
  {DRM_FORMAT_MOD_NVIDIA_TEGRA_TILED, "NVIDIA Tegra 16x16 tiles"},
  {DRM_FORMAT_MOD_SAMSUNG_64_32_TILE, "Samsung 64x32 tiles"},
  {DRM_FORMAT_MOD_SAMSUNG_16_16_TILE, "Samsung 16x16 tiles"},
  {DRM_FORMAT_MOD_QCOM_COMPRESSED, "Qualcomm compressed"},
  {DRM_FORMAT_MOD_QCOM_TILED2, "Qualcomm tiles 2"},
  {DRM_FORMAT_MOD_QCOM_TILED3, "Qualcomm tiles 3"},
  {DRM_FORMAT_MOD_VIVANTE_TILED, "Vivante 4x4 tiles"},
  {DRM_FORMAT_MOD_VIVANTE_SUPER_TILED, "Vivante 64x64 super tiles"},
  {DRM_FORMAT_MOD_VIVANTE_SPLIT_TILED, "Vivante 4x4 split tiles"},
  {DRM_FORMAT_MOD_VIVANTE_SPLIT_SUPER_TILED,
      "Vivante 64x64 split super tiles"},
  {DRM_FORMAT_MOD_BROADCOM_VC4_T_TILED, "Broadcom VC4 T tiles"},
  {DRM_FORMAT_MOD_BROADCOM_SAND32, "Broadcom 32-byte columns"},
  {DRM_FORMAT_MOD_BROADCOM_SAND64, "Broadcom 64-byte columns"},
  {DRM_FORMAT_MOD_BROADCOM_SAND128, "Broadcom 128-byte columns"},
  {DRM_FORMAT_MOD_BROADCOM_SAND256, "Broadcom 256-byte columns"},
  {DRM_FORMAT_MOD_BROADCOM_UIF, "Broadcom UIF tiles"},
  {DRM_FORMAT_MOD_ARM_16X16_BLOCK_U_INTERLEAVED,
      "Arm 16x16 tiles, U-interleaved"},
  {DRM_FORMAT_MOD_ALLWINNER_TILED, "Allwinner 32x32 tiles"},
  {G_GUINT64_CONSTANT (0x0b00000000000001), "MediaTek 16x32 tiles"},
  {G_GUINT64_CONSTANT (0x0b00000000010001),
      "MediaTek 16x32 tiles, 10 bits with tiled low bits"},
  {G_GUINT64_CONSTANT (0x0b00000000020001),
      "MediaTek 16x32 tiles, 10 bits with raster low bits"},
};

/* Broadcom's columns have a height, which is a parameter of the modifier. */
static gchar *
describe_columns (guint64 modifier)
{
  guint64 plain = fourcc_mod_broadcom_mod (modifier);
  gchar *column, *words;

  if (modifier >> 56 != DRM_FORMAT_MOD_VENDOR_BROADCOM || plain == modifier
      || plain < DRM_FORMAT_MOD_BROADCOM_SAND32
      || plain > DRM_FORMAT_MOD_BROADCOM_SAND256)
    return NULL;
  column = gst_dmabuf_modifier_describe (plain);
  words = g_strdup_printf ("%s of %u rows", column,
      (guint) fourcc_mod_broadcom_param (modifier));
  g_free (column);
  return words;
}

/* libdrm lists the options of Arm's compression and leaves its name to the
 * reader. */
static gchar *
describe_arm_compression (guint64 modifier, gchar * options)
{
  guint type = (guint) (modifier >> 52) & 0xf;
  gsize length = strlen (options);

  if (length > 0 && options[length - 1] == ',')
    options[length - 1] = '\0';
  return g_strdup_printf ("Arm %s, compressed (%s)",
      type == DRM_FORMAT_MOD_ARM_TYPE_AFBC ? "AFBC" : "AFRC", options);
}

static gboolean
is_arm_compression (guint64 modifier)
{
  guint type = (guint) (modifier >> 52) & 0xf;

  return modifier >> 56 == DRM_FORMAT_MOD_VENDOR_ARM
      && (type == DRM_FORMAT_MOD_ARM_TYPE_AFBC
      || type == DRM_FORMAT_MOD_ARM_TYPE_AFRC);
}

gchar *
gst_dmabuf_modifier_describe (guint64 modifier)
{
  gchar *vendor, *name, *words;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (modifier_words); i++)
    if (modifier_words[i].modifier == modifier)
      return g_strdup (modifier_words[i].words);
  words = describe_columns (modifier);
  if (words)
    return words;

  /* libdrm's strings come from malloc. */
  vendor = drmGetFormatModifierVendor (modifier);
  name = drmGetFormatModifierName (modifier);
  if (name && is_arm_compression (modifier))
    words = describe_arm_compression (modifier, name);
  else if (vendor && name)
    words = g_strdup_printf ("%s %s", vendor, name);
  else if (vendor && modifier >> 56 != DRM_FORMAT_MOD_VENDOR_NONE)
    words = g_strdup_printf ("%s modifier 0x%016" G_GINT64_MODIFIER "x",
        vendor, modifier);
  else
    words = g_strdup_printf ("modifier 0x%016" G_GINT64_MODIFIER "x", modifier);
  free (vendor);
  free (name);
  return words;
}

gchar *
gst_dmabuf_format_describe (const GstDmabufFormat * format)
{
  gchar *fourcc, *modifier, *text;

  g_return_val_if_fail (format != NULL, NULL);

  fourcc = gst_dmabuf_fourcc_to_string (format->fourcc);
  modifier = gst_dmabuf_modifier_describe (format->modifier);
  text = g_strdup_printf ("%s, %s", g_strchomp (fourcc), modifier);
  g_free (modifier);
  g_free (fourcc);
  return text;
}

gboolean
gst_dmabuf_format_is_linear (const GstDmabufFormat * format)
{
  g_return_val_if_fail (format != NULL, FALSE);

  return format->modifier == GST_DMABUF_MOD_LINEAR;
}

gboolean
gst_dmabuf_format_is_implicit (const GstDmabufFormat * format)
{
  g_return_val_if_fail (format != NULL, FALSE);

  return format->modifier == GST_DMABUF_MOD_INVALID;
}

gboolean
gst_dmabuf_format_equal (const GstDmabufFormat * a, const GstDmabufFormat * b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->fourcc == b->fourcc && a->modifier == b->modifier;
}

gint
gst_dmabuf_format_compare (const GstDmabufFormat * a, const GstDmabufFormat * b)
{
  g_return_val_if_fail (a != NULL && b != NULL, 0);

  if (a->fourcc != b->fourcc)
    return a->fourcc < b->fourcc ? -1 : 1;
  if (a->modifier != b->modifier)
    return a->modifier < b->modifier ? -1 : 1;
  return 0;
}

guint
gst_dmabuf_format_hash (const GstDmabufFormat * format)
{
  guint64 hash;

  g_return_val_if_fail (format != NULL, 0);

  /* Modifiers differ in a few high and a few low bits: a multiplication by an
   * odd constant (2^64 / golden ratio) spreads both into the upper half. */
  hash = (format->modifier ^ format->fourcc)
      * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash >> 32);
}
