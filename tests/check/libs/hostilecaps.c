/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Generated caps: fields of any type, lists of anything, features mixed. What
 * is made of them must hold whatever they are.
 */
#include <gst/dmabuf/gstdmabufcapsexplain.h>
#include <drm_fourcc.h>
#include "dmabuftest.h"
#include "hostile.h"

#define ROUNDS 1000

/* Of well-formed text, so that caps of two kinds meet now and then. */
static const gchar *const drm_formats[] = {
  "NV12", "XR24", "NV12:0x0100000000000001", "NV12:0x1", "R8", "R8  ", "GREY",
  "NV12:0x0", "NV12:0xffffffffffffff", "ZZZZ", "AR24", "YU08:0x5",
};

static const gchar *const video_formats[] = {
  "DMA_DRM", "NV12", "NV12_4L4", "BGRx", "GRAY8", "GBR", "ENCODED", "UNKNOWN",
  "nonsense", "I420", "BGRA",
};

#define PICK(rand, list) \
    list[g_rand_int_range (rand, 0, G_N_ELEMENTS (list))]

static void
set_random_string (GRand * rand, GValue * value, const gchar * const *strings,
    guint n_strings)
{
  g_value_init (value, G_TYPE_STRING);
  if (g_rand_int_range (rand, 0, 8) == 0)
    g_value_take_string (value, hostile_text (rand));
  else
    g_value_set_string (value, strings[g_rand_int_range (rand, 0, n_strings)]);
}

/* Of strings, numbers or lists: GStreamer takes no lists of several types. */
static void
set_random_list (GRand * rand, GValue * value, const gchar * const *strings,
    guint n_strings)
{
  gint n = g_rand_int_range (rand, 0, 5), kind = g_rand_int_range (rand, 0, 12);

  g_value_init (value, GST_TYPE_LIST);
  while (n-- > 0) {
    GValue item = G_VALUE_INIT, inner = G_VALUE_INIT;

    switch (kind) {
      case 0:
        g_value_init (&item, G_TYPE_INT);
        g_value_set_int (&item, (gint) hostile_number (rand));
        break;
      case 1:
        g_value_init (&item, GST_TYPE_LIST);
        set_random_string (rand, &inner, strings, n_strings);
        gst_value_list_append_and_take_value (&item, &inner);
        break;
      default:
        set_random_string (rand, &item, strings, n_strings);
        break;
    }
    gst_value_list_append_and_take_value (value, &item);
  }
}

/* Mostly one of the strings, or a list of them. */
static void
set_random_value (GRand * rand, GValue * value, const gchar * const *strings,
    guint n_strings)
{
  switch (g_rand_int_range (rand, 0, 16)) {
    case 0:
      g_value_init (value, G_TYPE_INT);
      g_value_set_int (value, (gint) hostile_number (rand));
      break;
    case 1:
      g_value_init (value, GST_TYPE_ARRAY);
      break;
    case 2:
      g_value_init (value, GST_TYPE_INT_RANGE);
      gst_value_set_int_range (value, 1, 64);
      break;
    case 3:
    case 4:
    case 5:
      set_random_list (rand, value, strings, n_strings);
      break;
    default:
      set_random_string (rand, value, strings, n_strings);
      break;
  }
}

/* GStreamer itself refuses text that is no UTF-8 in a field, but not in lists. */
static void
set_random_field (GRand * rand, GstStructure * structure, const gchar * name,
    const gchar * const *strings, guint n_strings)
{
  GValue value = G_VALUE_INIT;

  set_random_value (rand, &value, strings, n_strings);
  if (!G_VALUE_HOLDS_STRING (&value)
      || g_utf8_validate (g_value_get_string (&value), -1, NULL))
    gst_structure_set_value (structure, name, &value);
  g_value_unset (&value);
}

static void
set_random_size (GRand * rand, GstStructure * structure, const gchar * name)
{
  switch (g_rand_int_range (rand, 0, 8)) {
    case 0:
      break;
    case 1:
      gst_structure_set (structure, name, GST_TYPE_INT_RANGE, 1, 8192, NULL);
      break;
    case 2:
      gst_structure_set (structure, name, G_TYPE_INT,
          (gint) hostile_number (rand), NULL);
      break;
    case 3:
      gst_structure_set (structure, name, G_TYPE_STRING, "wide", NULL);
      break;
    case 4:
      gst_structure_set (structure, name, G_TYPE_INT, 65535, NULL);
      break;
    default:
      gst_structure_set (structure, name, G_TYPE_INT, g_rand_int_range (rand,
              1, 400), NULL);
      break;
  }
}

static GstCapsFeatures *
random_features (GRand * rand)
{
  static const gchar *const texts[] = {
    "memory:SystemMemory", "memory:DMABuf", "memory:DMABuf", "memory:DMABuf",
    "memory:GLMemory", "memory:DMABuf, format:Interlaced",
    "memory:DMABuf, memory:GLMemory", "meta:Mine",
    "memory:SystemMemory, memory:DMABuf",
  };

  if (g_rand_int_range (rand, 0, 10) == 0)
    return gst_caps_features_new_any ();
  return gst_caps_features_from_string (PICK (rand, texts));
}

static GstStructure *
random_structure (GRand * rand)
{
  static const gchar *const names[] = {
    "video/x-raw", "video/x-raw", "video/x-raw", "video/x-raw", "video/x-h264",
  };
  static const gchar *const fields[] = {
    "colorimetry", "chroma-site", "interlace-mode", "multiview-mode",
    "field-order", "framerate", "pixel-aspect-ratio", "views", "x-mine",
  };
  static const gchar *const texts[] = {
    "bt709", "mpeg2", "alternate", "interleaved", "nonsense", "2:4:5:4",
    "1:4:0:0", "side-by-side", "none+h-cosited", "sRGB",
  };
  GstStructure *structure = gst_structure_new_empty (PICK (rand, names));
  gint n = g_rand_int_range (rand, 0, 3);

  if (g_rand_int_range (rand, 0, 5))
    set_random_field (rand, structure, "format", video_formats,
        G_N_ELEMENTS (video_formats));
  if (g_rand_int_range (rand, 0, 3))
    gst_structure_set (structure, "format", G_TYPE_STRING, "DMA_DRM", NULL);
  if (g_rand_int_range (rand, 0, 5))
    set_random_field (rand, structure, "drm-format", drm_formats,
        G_N_ELEMENTS (drm_formats));
  set_random_size (rand, structure, "width");
  set_random_size (rand, structure, "height");
  while (n-- > 0)
    set_random_field (rand, structure, PICK (rand, fields), texts,
        G_N_ELEMENTS (texts));
  return structure;
}

static GstCaps *
random_caps (GRand * rand)
{
  GstCaps *caps = gst_caps_new_empty ();
  gint n = g_rand_int_range (rand, 0, 4);

  if (g_rand_int_range (rand, 0, 50) == 0) {
    gst_caps_unref (caps);
    return gst_caps_new_any ();
  }
  while (n-- > 0)
    gst_caps_append_structure_full (caps, random_structure (rand),
        random_features (rand));
  return caps;
}

static GstDmabufFormatSet *
random_set (GRand * rand)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  gint n = g_rand_int_range (rand, 0, 12);
  GstDmabufFormat format;

  while (n-- > 0) {
    fail_unless (gst_dmabuf_format_parse (PICK (rand, drm_formats), &format,
            NULL));
    if (g_rand_int_range (rand, 0, 10) == 0)
      format.fourcc = (guint32) hostile_number (rand) | 1;
    gst_dmabuf_format_set_builder_add (builder, &format);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

static void
check_error (const GError * error)
{
  fail_unless (error != NULL && error->domain == GST_DMABUF_ERROR);
  fail_unless (g_utf8_validate (error->message, -1, NULL));
  fail_unless (error->message[0] != '\0' && strlen (error->message) < 1000);
}

/* a is in b. */
static gboolean
is_subset (const GstDmabufFormatSet * a, const GstDmabufFormatSet * b)
{
  GstDmabufFormatSet *rest = gst_dmabuf_format_set_subtract (a, b);
  gboolean subset = gst_dmabuf_format_set_is_empty (rest);

  gst_dmabuf_format_set_unref (rest);
  return subset;
}

static gboolean
all_have_formats (const GstCaps * caps)
{
  guint i;

  for (i = 0; i < gst_caps_get_size (caps); i++) {
    const GstStructure *s = gst_caps_get_structure (caps, i);
    const gchar *format = gst_structure_get_string (s, "format");

    if (!gst_structure_has_field (s, "format")
        || gst_structure_has_field (s, "drm-format") !=
        (g_strcmp0 (format, "DMA_DRM") == 0))
      return FALSE;
  }
  return TRUE;
}

/* Filtering gives what the set has, in caps that name formats, and does nothing
 * more the second time. */
GST_START_TEST (test_filter)
{
  GRand *rand = g_rand_new_with_seed (100 + __i__);
  guint n, left = 0;

  for (n = 0; n < ROUNDS; n++) {
    GstCaps *caps = random_caps (rand), *once, *twice;
    GstDmabufFormatSet *set = random_set (rand), *found;

    once = gst_dmabuf_caps_filter_set (caps, set);
    twice = gst_dmabuf_caps_filter_set (once, set);
    fail_unless (gst_caps_is_strictly_equal (once, twice),
        "%s", gst_caps_to_string (caps));
    fail_unless (all_have_formats (once), "%s", gst_caps_to_string (once));
    found = gst_dmabuf_format_set_from_caps (once,
        GST_DMABUF_DIALECT_EXPLICIT | GST_DMABUF_DIALECT_NONE);
    fail_unless (is_subset (found, set), "%s", gst_caps_to_string (once));
    left += !gst_caps_is_empty (once);

    gst_dmabuf_format_set_unref (found);
    gst_dmabuf_format_set_unref (set);
    gst_caps_unref (twice);
    gst_caps_unref (once);
    gst_caps_unref (caps);
  }
  fail_unless (left > ROUNDS / 10 && left < ROUNDS, "%u", left);
  g_rand_free (rand);
}

GST_END_TEST;

/* What a set becomes in caps comes back from them. */
GST_START_TEST (test_set_and_caps)
{
  GRand *rand = g_rand_new_with_seed (200 + __i__);
  guint n;

  for (n = 0; n < ROUNDS; n++) {
    GstDmabufFormatSet *set = random_set (rand), *back;
    GstCaps *caps = gst_dmabuf_caps_from_set (set, GST_DMABUF_DIALECT_EXPLICIT);
    GValue value = G_VALUE_INIT;

    back = gst_dmabuf_format_set_from_caps (caps, GST_DMABUF_DIALECT_ALL);
    fail_unless (is_subset (back, set));
    gst_dmabuf_format_set_unref (back);

    gst_dmabuf_format_set_to_value (set, &value);
    back = gst_dmabuf_format_set_from_value (&value, NULL);
    fail_unless (back != NULL && is_subset (back, set));
    g_value_unset (&value);
    gst_dmabuf_format_set_unref (back);
    gst_caps_unref (caps);
    gst_dmabuf_format_set_unref (set);
  }
  g_rand_free (rand);
}

GST_END_TEST;

/* A choice leaves one structure, of that dialect and with that format. */
GST_START_TEST (test_fixate)
{
  static const GstDmabufDialect dialects[] = {
    GST_DMABUF_DIALECT_EXPLICIT, GST_DMABUF_DIALECT_LEGACY,
    GST_DMABUF_DIALECT_SYSTEM,
  };
  GRand *rand = g_rand_new_with_seed (300 + __i__);
  guint n, chosen = 0;

  for (n = 0; n < ROUNDS; n++) {
    GstCaps *caps = random_caps (rand), *before;
    GstDmabufDialect dialect = PICK (rand, dialects);
    GstDmabufFormatSet *found;
    GstDmabufFormat format;

    if (gst_caps_is_any (caps)) {
      gst_caps_unref (caps);
      continue;
    }
    fail_unless (gst_dmabuf_format_parse (PICK (rand, drm_formats), &format,
            NULL));
    before = gst_caps_copy (caps);
    if (gst_dmabuf_caps_fixate_format (caps, &format, dialect)) {
      chosen++;
      fail_unless_equals_int (gst_caps_get_size (caps), 1);
      found = gst_dmabuf_format_set_from_caps (caps, dialect);
      fail_unless_equals_int (gst_dmabuf_format_set_get_n_formats (found), 1);
      if (dialect == GST_DMABUF_DIALECT_EXPLICIT)
        fail_unless (gst_dmabuf_format_set_contains (found, &format));
      gst_dmabuf_format_set_unref (found);
    } else {
      fail_unless (gst_caps_is_strictly_equal (caps, before));
    }
    gst_caps_unref (before);
    gst_caps_unref (caps);
  }
  fail_unless (chosen > 20, "%u", chosen);
  g_rand_free (rand);
}

GST_END_TEST;

static void
check_info (const GstDmabufVideoInfo * info, const GstCaps * caps)
{
  GstCaps *back = gst_dmabuf_video_info_to_caps (info);
  GstDmabufVideoInfo again;
  GError *error = NULL;

  fail_unless (info->info->fourcc == info->format.fourcc);
  fail_unless (info->dialect == gst_dmabuf_caps_get_dialect (caps));
  fail_unless (gst_caps_is_fixed (back));
  fail_unless (gst_dmabuf_video_info_from_caps (&again, back, &error),
      "%s: %s", gst_caps_to_string (back), error ? error->message : "");
  /* A rate that is not said is written as 0/1, which GStreamer flags. */
  again.vinfo.flags &= ~GST_VIDEO_FLAG_VARIABLE_FPS;
  again.vinfo.flags |= info->vinfo.flags & GST_VIDEO_FLAG_VARIABLE_FPS;
  fail_unless (again.dialect == info->dialect);
  fail_unless (gst_dmabuf_format_equal (&again.format, &info->format));
  fail_unless (gst_video_info_is_equal (&again.vinfo, &info->vinfo),
      "%s from %s", gst_caps_to_string (back), gst_caps_to_string (caps));
  gst_dmabuf_video_info_get_meta_format (info);
  gst_caps_unref (back);
}

GST_START_TEST (test_video_info)
{
  GRand *rand = g_rand_new_with_seed (400 + __i__);
  guint n, good = 0;

  for (n = 0; n < ROUNDS; n++) {
    GstCaps *caps = gst_caps_new_empty ();
    GstDmabufVideoInfo info;
    GError *error = NULL;

    gst_caps_append_structure_full (caps, random_structure (rand),
        random_features (rand));
    gst_dmabuf_video_info_init (&info);
    if (gst_dmabuf_video_info_from_caps (&info, caps, &error)) {
      good++;
      check_info (&info, caps);
    } else {
      check_error (error);
      fail_unless (info.info == NULL);
      g_clear_error (&error);
    }
    gst_caps_unref (caps);
  }
  fail_unless (good > ROUNDS / 50, "%u", good);
  g_rand_free (rand);
}

GST_END_TEST;

/* Words are text, and not too many. */
static void
check_words (gchar * text, gsize most)
{
  fail_unless (text != NULL && text[0] != '\0');
  fail_unless (g_utf8_validate (text, -1, NULL));
  fail_unless (strlen (text) < most, "%s", text);
  g_free (text);
}

GST_START_TEST (test_words)
{
  GRand *rand = g_rand_new_with_seed (500 + __i__);
  guint n;

  for (n = 0; n < ROUNDS; n++) {
    GstCaps *a = random_caps (rand), *b = random_caps (rand);
    GstDmabufFormatSet *set = random_set (rand);

    check_words (gst_dmabuf_caps_describe (a), 3000);
    check_words (gst_dmabuf_caps_explain_mismatch (a, b), 7000);
    check_words (gst_dmabuf_format_set_to_string (set), 1000);
    gst_dmabuf_format_set_unref (set);
    gst_caps_unref (a);
    gst_caps_unref (b);
  }
  g_rand_free (rand);
}

GST_END_TEST;

static Suite *
hostilecaps_suite (void)
{
  Suite *s = suite_create ("hostilecaps");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_filter, 0, 2);
  tcase_add_loop_test (tc, test_set_and_caps, 0, 2);
  tcase_add_loop_test (tc, test_fixate, 0, 2);
  tcase_add_loop_test (tc, test_video_info, 0, 4);
  tcase_add_loop_test (tc, test_words, 0, 2);
  return s;
}

DMABUF_TEST_MAIN (hostilecaps_suite)
