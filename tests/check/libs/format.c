/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Formats as values: every spelling that parses, every one that must not, and
 * words for what libdrm can name.
 */
#include <gst/dmabuf/gstdmabufformat.h>
#include <drm_fourcc.h>
#include <xf86drm.h>
#include "dmabuftest.h"

static const struct
{
  const gchar *text;
  guint32 fourcc;
  guint64 modifier;
  const gchar *canonical;
} good[] = {
  {"NV12", DRM_FORMAT_NV12, 0, "NV12"},
  {"NV12:0x0", DRM_FORMAT_NV12, 0, "NV12"},
  {"NV12:0x0000000000000000", DRM_FORMAT_NV12, 0, "NV12"},
  {"NV12:0x1", DRM_FORMAT_NV12, 1, "NV12:0x0000000000000001"},
  {"NV12:0X1", DRM_FORMAT_NV12, 1, "NV12:0x0000000000000001"},
  {"NV12:0x0100000000000002", DRM_FORMAT_NV12, I915_FORMAT_MOD_Y_TILED,
      "NV12:0x0100000000000002"},
  {"NV12:0x100000000000002", DRM_FORMAT_NV12, I915_FORMAT_MOD_Y_TILED,
      "NV12:0x0100000000000002"},
  {"XR24:0xABCDEF", DRM_FORMAT_XRGB8888, 0xabcdef, "XR24:0x0000000000abcdef"},
  {"XR24:0xffffffffffffffff", DRM_FORMAT_XRGB8888, G_MAXUINT64,
      "XR24:0xffffffffffffffff"},
  {"NV12:0xffffffffffffff", DRM_FORMAT_NV12, DRM_FORMAT_MOD_INVALID,
      "NV12:0x00ffffffffffffff"},
  {"R8", DRM_FORMAT_R8, 0, "R8  "},
  {"R8  ", DRM_FORMAT_R8, 0, "R8  "},
  {"R8:0x2", DRM_FORMAT_R8, 2, "R8  :0x0000000000000002"},
  {"R16", DRM_FORMAT_R16, 0, "R16 "},
  {"R  H", 'R' | ' ' << 8 | ' ' << 16 | 'H' << 24, 0, "R  H"},
  {"XR15_BE", DRM_FORMAT_XRGB1555 | DRM_FORMAT_BIG_ENDIAN, 0, "XR15_BE"},
  {"XR15_BE:0x1", DRM_FORMAT_XRGB1555 | DRM_FORMAT_BIG_ENDIAN, 1,
      "XR15_BE:0x0000000000000001"},
  {"R8_BE", DRM_FORMAT_R8 | DRM_FORMAT_BIG_ENDIAN, 0, "R8  _BE"},
  {"ZZZZ", 'Z' | 'Z' << 8 | 'Z' << 16 | 'Z' << 24, 0, "ZZZZ"},
};

static const gchar *const bad[] = {
  "", " ", "    ", " NV12", "NV12 ", "NV123", ":", ":0x1", "NV12:", "NV12:0",
  "NV12:0x", "NV12:0x ", "NV12: 0x1", "NV12:0x1 ", "NV12:0x1garbage",
  "NV12:x1", "NV12:1", "NV12:0x0x0100000000000002", "NV12:0x-1", "NV12:-0x1",
  "NV12:+0x1", "NV12:0x10000000000000000", "NV12:0x00000000000000001",
  "NV12:0x1:0x1", "NV12::0x1", "NV12_BE_BE", "NV12_LE", "_BE", "NV,2", "NV{2",
  "NV\t2", "NV12\n", "NV1\xc3\xa9", "LINEAR", "NV12:LINEAR", "0x3231564e",
};

GST_START_TEST (test_parse_and_print)
{
  GstDmabufFormat format, again;
  GError *error = NULL;
  gchar *text;

  fail_unless (gst_dmabuf_format_parse (good[__i__].text, &format, &error));
  g_assert_no_error (error);
  g_assert_cmphex (format.fourcc, ==, good[__i__].fourcc);
  g_assert_cmphex (format.modifier, ==, good[__i__].modifier);

  text = gst_dmabuf_format_to_string (&format);
  g_assert_cmpstr (text, ==, good[__i__].canonical);
  fail_unless (gst_dmabuf_format_parse (text, &again, NULL));
  fail_unless (gst_dmabuf_format_equal (&format, &again));
  g_free (text);

  g_assert_cmpint (gst_dmabuf_format_is_linear (&format), ==,
      good[__i__].modifier == DRM_FORMAT_MOD_LINEAR);
  g_assert_cmpint (gst_dmabuf_format_is_implicit (&format), ==,
      good[__i__].modifier == DRM_FORMAT_MOD_INVALID);
}

GST_END_TEST;

GST_START_TEST (test_no_format)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (7, 7);
  GError *error = NULL;

  fail_if (gst_dmabuf_format_parse (bad[__i__], &format, &error),
      "\"%s\" parses", bad[__i__]);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  fail_if (gst_dmabuf_format_parse (bad[__i__], &format, NULL));
  fail_unless (format.fourcc == 7 && format.modifier == 7,
      "output written on failure");
}

GST_END_TEST;

/* Text from caps may be anything, what an error repeats of it may not. */
static const gchar *const strange[] = {
  "\xff\xfe", "NV1\xc3\xa9", "NV12:\xc3", "\n\x1b[31mNV12", "NV12:0x1\x80",
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa9",
};

GST_START_TEST (test_message_is_text)
{
  GstDmabufFormat format;
  GError *error = NULL;
  const gchar *c;

  fail_if (gst_dmabuf_format_parse (strange[__i__], &format, &error));
  for (c = error->message; *c; c++)
    fail_unless (g_ascii_isprint (*c), "0x%x in a message", (guchar) * c);
  fail_unless (strlen (error->message) < 400);
  g_clear_error (&error);
}

GST_END_TEST;

/* Changes each character of good texts into every other one: whatever still
 * parses must print as something that parses to the same. */
GST_START_TEST (test_mutations)
{
  gchar text[64];
  gsize i, length = strlen (good[__i__].text);
  gint c;

  for (i = 0; i < length; i++) {
    for (c = 1; c < 256; c++) {
      GstDmabufFormat format, again;
      gchar *printed;

      strcpy (text, good[__i__].text);
      text[i] = (gchar) c;
      if (!gst_dmabuf_format_parse (text, &format, NULL))
        continue;
      printed = gst_dmabuf_format_to_string (&format);
      fail_unless (gst_dmabuf_format_parse (printed, &again, NULL),
          "\"%s\" printed as \"%s\"", text, printed);
      fail_unless (gst_dmabuf_format_equal (&format, &again));
      g_free (printed);
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_unprintable_fourcc)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (0x01020304, 0);
  gchar *text = gst_dmabuf_format_to_string (&format);

  g_assert_cmpstr (text, ==, "0x01020304");
  fail_if (gst_dmabuf_format_parse (text, &format, NULL));
  g_free (text);

  text = gst_dmabuf_fourcc_to_string (DRM_FORMAT_R8);
  g_assert_cmpstr (text, ==, "R8  ");
  g_free (text);
}

GST_END_TEST;

static const struct
{
  guint32 fourcc;
  guint64 modifier;
  const gchar *words;
} described[] = {
  {DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR, "XR24, linear"},
  {DRM_FORMAT_R8, DRM_FORMAT_MOD_LINEAR, "R8, linear"},
  {DRM_FORMAT_NV12, DRM_FORMAT_MOD_INVALID, "NV12, implicit layout"},
  {DRM_FORMAT_NV12, DRM_FORMAT_MOD_SAMSUNG_64_32_TILE,
      "NV12, Samsung 64x32 tiles"},
  {DRM_FORMAT_XRGB8888, I915_FORMAT_MOD_X_TILED, "XR24, Intel X tiles"},
  {DRM_FORMAT_NV12, G_GUINT64_CONSTANT (0x0b00000000000001),
      "NV12, MediaTek 16x32 tiles"},
  /* libdrm's words */
  {DRM_FORMAT_XRGB8888,
      DRM_FORMAT_MOD_ARM_AFBC (AFBC_FORMAT_MOD_BLOCK_SIZE_16x16 |
            AFBC_FORMAT_MOD_SPARSE), "XR24, Arm AFBC, compressed "
          "(BLOCK_SIZE=16x16,MODE=SPARSE)"},
  {DRM_FORMAT_XRGB8888,
        DRM_FORMAT_MOD_ARM_AFBC (AFBC_FORMAT_MOD_BLOCK_SIZE_16x16),
      "XR24, Arm AFBC, compressed (BLOCK_SIZE=16x16)"},
  {DRM_FORMAT_NV12, DRM_FORMAT_MOD_BROADCOM_SAND128_COL_HEIGHT (1632),
      "NV12, Broadcom 128-byte columns of 1632 rows"},
  {DRM_FORMAT_XRGB8888, I915_FORMAT_MOD_4_TILED_DG2_RC_CCS,
      "XR24, INTEL 4_TILED_DG2_RC_CCS"},
  /* a vendor but no name, and neither */
  {DRM_FORMAT_XRGB8888, G_GUINT64_CONSTANT (0x0500000000abcdef),
      "XR24, QCOM modifier 0x0500000000abcdef"},
  {DRM_FORMAT_XRGB8888, G_GUINT64_CONSTANT (0xfe00000000000001),
      "XR24, modifier 0xfe00000000000001"},
  {DRM_FORMAT_XRGB8888, 42, "XR24, modifier 0x000000000000002a"},
};

GST_START_TEST (test_describe)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (described[__i__].fourcc,
      described[__i__].modifier);
  gchar *text = gst_dmabuf_format_describe (&format);

  g_assert_cmpstr (text, ==, described[__i__].words);
  g_free (text);
}

GST_END_TEST;

static gboolean
is_named_by_libdrm (guint64 modifier)
{
  gchar *name = drmGetFormatModifierName (modifier);
  gboolean named = name != NULL;

  free (name);
  return named;
}

static void
check_description (guint64 modifier)
{
  gchar *text = gst_dmabuf_modifier_describe (modifier);
  gchar *digits = g_strdup_printf ("0x%016" G_GINT64_MODIFIER "x", modifier);

  if (is_named_by_libdrm (modifier))
    fail_if (strstr (text, digits), "%s", text);
  else
    fail_unless (strstr (text, digits) || modifier >> 56 == 0xb
        || strstr (text, "columns of")
        || modifier == DRM_FORMAT_MOD_INVALID, "%s: %s", digits, text);
  fail_unless (g_utf8_validate (text, -1, NULL) && strlen (text) > 3, "%s",
      text);
  g_free (digits);
  g_free (text);
}

/* Whatever modifier libdrm names, the hexadecimal digits are not shown; of all
 * others, they are. MediaTek's and Broadcom's have words that libdrm lacks. */
GST_START_TEST (test_describe_what_libdrm_names)
{
  GRand *rand = g_rand_new_with_seed (114);
  guint64 vendor, low;
  guint i;

  for (vendor = 0; vendor < 16; vendor++) {
    for (low = 0; low < 64; low++) {
      check_description (vendor << 56 | low);
      check_description (vendor << 56 | low << 52 | low);
    }
    for (i = 0; i < 500; i++)
      check_description (vendor << 56 | ((guint64) g_rand_int (rand) << 32
              | g_rand_int (rand)) >> 8);
  }
  g_rand_free (rand);
}

GST_END_TEST;

GST_START_TEST (test_describe_known_modifiers)
{
  static const guint64 named[] = {
    I915_FORMAT_MOD_Y_TILED, I915_FORMAT_MOD_Yf_TILED,
    I915_FORMAT_MOD_Y_TILED_CCS, I915_FORMAT_MOD_Yf_TILED_CCS,
    I915_FORMAT_MOD_Y_TILED_GEN12_RC_CCS, I915_FORMAT_MOD_Y_TILED_GEN12_MC_CCS,
    I915_FORMAT_MOD_Y_TILED_GEN12_RC_CCS_CC, I915_FORMAT_MOD_4_TILED,
    I915_FORMAT_MOD_4_TILED_DG2_MC_CCS, I915_FORMAT_MOD_4_TILED_DG2_RC_CCS_CC,
    DRM_FORMAT_MOD_SAMSUNG_16_16_TILE, DRM_FORMAT_MOD_QCOM_COMPRESSED,
    DRM_FORMAT_MOD_VIVANTE_TILED, DRM_FORMAT_MOD_VIVANTE_SUPER_TILED,
    DRM_FORMAT_MOD_VIVANTE_SPLIT_TILED,
    DRM_FORMAT_MOD_VIVANTE_SPLIT_SUPER_TILED,
    DRM_FORMAT_MOD_NVIDIA_TEGRA_TILED,
    DRM_FORMAT_MOD_NVIDIA_BLOCK_LINEAR_2D (0, 1, 2, 6, 4),
    DRM_FORMAT_MOD_BROADCOM_VC4_T_TILED, DRM_FORMAT_MOD_BROADCOM_SAND128,
    DRM_FORMAT_MOD_BROADCOM_UIF, DRM_FORMAT_MOD_ARM_16X16_BLOCK_U_INTERLEAVED,
    DRM_FORMAT_MOD_ALLWINNER_TILED,
    DRM_FORMAT_MOD_AMLOGIC_FBC (AMLOGIC_FBC_LAYOUT_BASIC, 0),
    AMD_FMT_MOD | AMD_FMT_MOD_SET (TILE_VERSION, AMD_FMT_MOD_TILE_VER_GFX9)
        | AMD_FMT_MOD_SET (TILE, AMD_FMT_MOD_TILE_GFX9_64K_S),
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (named); i++) {
    gchar *text = gst_dmabuf_modifier_describe (named[i]);

    fail_if (strstr (text, "0x"), "%s", text);
    fail_unless (is_named_by_libdrm (named[i]), "%s", text);
    g_free (text);
  }
}

GST_END_TEST;

GST_START_TEST (test_order_and_hash)
{
  static const GstDmabufFormat formats[] = {
    {DRM_FORMAT_NV12, 0}, {DRM_FORMAT_NV12, 1},
    {DRM_FORMAT_NV12, DRM_FORMAT_MOD_INVALID},
    {DRM_FORMAT_NV12, G_GUINT64_CONSTANT (0x0100000000000001)},
    {DRM_FORMAT_NV12, G_MAXUINT64},
    {DRM_FORMAT_XRGB8888, 0},
    {DRM_FORMAT_XRGB8888 | DRM_FORMAT_BIG_ENDIAN, 0},
  };
  gint i, j, n = G_N_ELEMENTS (formats);
  GstDmabufFormat *copy;

  for (i = 0; i < n; i++) {
    for (j = 0; j < n; j++) {
      gint order = gst_dmabuf_format_compare (&formats[i], &formats[j]);

      fail_unless (i < j ? order < 0 : i > j ? order > 0 : order == 0);
      fail_unless (gst_dmabuf_format_equal (&formats[i], &formats[j])
          == (i == j));
      fail_unless (i == j || gst_dmabuf_format_hash (&formats[i])
          != gst_dmabuf_format_hash (&formats[j]));
    }
    copy = g_boxed_copy (GST_TYPE_DMABUF_FORMAT, &formats[i]);
    fail_unless (gst_dmabuf_format_equal (copy, &formats[i]));
    fail_unless_equals_int (gst_dmabuf_format_hash (copy),
        gst_dmabuf_format_hash (&formats[i]));
    g_boxed_free (GST_TYPE_DMABUF_FORMAT, copy);
  }
}

GST_END_TEST;

static Suite *
format_suite (void)
{
  Suite *s = suite_create ("format");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_parse_and_print, 0, G_N_ELEMENTS (good));
  tcase_add_loop_test (tc, test_no_format, 0, G_N_ELEMENTS (bad));
  tcase_add_loop_test (tc, test_message_is_text, 0, G_N_ELEMENTS (strange));
  tcase_add_loop_test (tc, test_mutations, 0, G_N_ELEMENTS (good));
  tcase_add_test (tc, test_unprintable_fourcc);
  tcase_add_loop_test (tc, test_describe, 0, G_N_ELEMENTS (described));
  tcase_add_test (tc, test_describe_what_libdrm_names);
  tcase_add_test (tc, test_describe_known_modifiers);
  tcase_add_test (tc, test_order_and_hash);
  return s;
}

DMABUF_TEST_MAIN (format_suite)
