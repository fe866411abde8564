/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Sets of formats: algebra on small and on generated sets, against a naive
 * model. Sets from binary tables: tests/check/libs/formatsetparse.c.
 */
#include <gst/dmabuf/gstdmabufformatset.h>
#include <drm_fourcc.h>
#include "dmabuftest.h"

/* What must hold for every set, however it was made. */
static void
check_invariants (const GstDmabufFormatSet * set)
{
  guint n = gst_dmabuf_format_set_get_n_formats (set), i, next = 0;
  GHashTable *seen = g_hash_table_new ((GHashFunc) gst_dmabuf_format_hash,
      (GEqualFunc) gst_dmabuf_format_equal);

  fail_unless (gst_dmabuf_format_set_is_empty (set) == (n == 0));
  for (i = 0; i < n; i++) {
    const GstDmabufFormat *format = gst_dmabuf_format_set_get_nth (set, i);

    fail_unless_equals_int (gst_dmabuf_format_set_get_rank (set, format), i);
    fail_unless (gst_dmabuf_format_set_contains (set, format));
    fail_unless (g_hash_table_add (seen, (gpointer) format), "twice");
  }
  g_hash_table_unref (seen);

  for (i = 0; i < gst_dmabuf_format_set_get_n_tranches (set); i++) {
    guint start, n_formats;

    gst_dmabuf_format_set_get_tranche (set, i, NULL, NULL, &start, &n_formats);
    fail_unless_equals_int (start, next);
    fail_unless (n_formats > 0);
    next = start + n_formats;
  }
  fail_unless_equals_int (next, n);
  fail_unless (gst_dmabuf_format_set_equal (set, set));
}

/* "NV12 XR24:0x1 | AR24": tranches with flags and device by their index. */
static GstDmabufFormatSet *
make_set (const gchar * text)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  gchar **words = g_strsplit (text, " ", -1), **word;
  GstDmabufFormatSet *set;
  guint tranche = 0;

  for (word = words; *word; word++) {
    GstDmabufFormat format;

    if (!**word)
      continue;
    if (strcmp (*word, "|") == 0) {
      tranche++;
      gst_dmabuf_format_set_builder_begin_tranche (builder, tranche & 1,
          tranche);
      continue;
    }
    fail_unless (gst_dmabuf_format_parse (*word, &format, NULL));
    gst_dmabuf_format_set_builder_add (builder, &format);
  }
  g_strfreev (words);
  set = gst_dmabuf_format_set_builder_end (builder);
  check_invariants (set);
  return set;
}

/* The reverse of make_set(), with devices as the numbers of tranches. */
static gchar *
print_set (const GstDmabufFormatSet * set)
{
  GString *text = g_string_new (NULL);
  guint i, j;

  for (i = 0; i < gst_dmabuf_format_set_get_n_tranches (set); i++) {
    GstDmabufTrancheFlags flags;
    guint64 device;
    guint start, n;

    gst_dmabuf_format_set_get_tranche (set, i, &flags, &device, &start, &n);
    fail_unless_equals_int (flags, device & 1);
    g_string_append_printf (text, "%s%d:", i ? " " : "", (gint) device);
    for (j = start; j < start + n; j++) {
      gchar *name = gst_dmabuf_format_to_string (gst_dmabuf_format_set_get_nth
          (set, j));

      g_string_append_printf (text, " %s", name);
      g_free (name);
    }
  }
  return g_string_free (text, FALSE);
}

static void
assert_set (GstDmabufFormatSet * set, const gchar * expected)
{
  gchar *text;

  check_invariants (set);
  text = print_set (set);
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
  gst_dmabuf_format_set_unref (set);
}

static const struct
{
  const gchar *a, *b;
  const gchar *intersection, *difference, *joined;
} rows[] = {
  {"", "", "", "", ""},
  {"NV12", "", "", "0: NV12", "0: NV12"},
  {"", "NV12", "", "", "0: NV12"},
  {"NV12 XR24", "NV12 XR24", "0: NV12 XR24", "", "0: NV12 XR24"},
  /* disjoint by modifier, and by fourcc */
  {"NV12 XR24", "NV12:0x1 AR24", "", "0: NV12 XR24",
      "0: NV12 XR24 0: NV12:0x0000000000000001 AR24"},
  /* reversed */
  {"NV12 XR24 AR24", "AR24 XR24 NV12", "0: NV12 XR24 AR24", "",
      "0: NV12 XR24 AR24"},
  /* duplicates: the best rank stays */
  {"NV12 XR24 NV12 NV12", "XR24 XR24", "0: XR24", "0: NV12", "0: NV12 XR24"},
  /* implicit is a member like any other, and matches itself only */
  {"NV12:0xffffffffffffff NV12", "NV12:0xffffffffffffff",
        "0: NV12:0x00ffffffffffffff", "0: NV12",
      "0: NV12:0x00ffffffffffffff NV12"},
  {"NV12", "NV12:0xffffffffffffff", "", "0: NV12",
      "0: NV12 0: NV12:0x00ffffffffffffff"},
  /* tranches: those of a, without empty ones, and a duplicate in a later one */
  {"| NV12 XR24 | NV12 AR24 | P010", "P010 XR24", "1: XR24 3: P010",
      "1: NV12 2: AR24", "1: NV12 XR24 2: AR24 3: P010"},
  {"| NV12 | XR24", "| AR24 NV12 | | P010 AR24", "1: NV12", "2: XR24",
      "1: NV12 2: XR24 1: AR24 3: P010"},
};

GST_START_TEST (test_algebra_rows)
{
  GstDmabufFormatSet *a = make_set (rows[__i__].a);
  GstDmabufFormatSet *b = make_set (rows[__i__].b);

  assert_set (gst_dmabuf_format_set_intersect (a, b), rows[__i__].intersection);
  assert_set (gst_dmabuf_format_set_subtract (a, b), rows[__i__].difference);
  assert_set (gst_dmabuf_format_set_union (a, b), rows[__i__].joined);
  gst_dmabuf_format_set_unref (a);
  gst_dmabuf_format_set_unref (b);
}

GST_END_TEST;

GST_START_TEST (test_equal_sees_all)
{
  static const gchar *const texts[] = {
    "", "NV12", "NV12 XR24", "XR24 NV12", "| NV12 XR24", "| NV12 | XR24",
    "| | NV12 XR24", "NV12:0x1 XR24",
  };
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (texts); i++) {
    for (j = 0; j < G_N_ELEMENTS (texts); j++) {
      GstDmabufFormatSet *a = make_set (texts[i]), *b = make_set (texts[j]);

      fail_unless (gst_dmabuf_format_set_equal (a, b) == (i == j), "%s, %s",
          texts[i], texts[j]);
      gst_dmabuf_format_set_unref (a);
      gst_dmabuf_format_set_unref (b);
    }
  }
}

GST_END_TEST;

GST_START_TEST (test_single_and_reference)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12, 0);
  GstDmabufFormatSet *set = gst_dmabuf_format_set_new_single (&format), *copy;

  copy = g_boxed_copy (GST_TYPE_DMABUF_FORMAT_SET, set);
  fail_unless (copy == set);
  gst_dmabuf_format_set_unref (set);
  assert_set (copy, "0: NV12");
  assert_set (gst_dmabuf_format_set_new_empty (), "");
}

GST_END_TEST;

GST_START_TEST (test_to_string)
{
  static const struct
  {
    const gchar *set, *text;
  } texts[] = {
    {"", "nothing"},
    {"NV12", "NV12 (linear)"},
    {"NV12 R8 NV12:0xffffffffffffff",
        "NV12, R8 (linear), NV12 (implicit layout)"},
    /* the order of the best members, not of numbers */
    {"XR24:0x0100000000000001 NV12 AR24:0x0100000000000001 XR24",
        "XR24, AR24 (Intel X tiles), NV12, XR24 (linear)"},
    {"NV12:0x1 NV12:0x2 NV12:0x3 NV12 NV12:0x5 NV12:0x6 R8:0x6",
        "NV12 (modifier 0x0000000000000001), "
          "NV12 (modifier 0x0000000000000002), "
          "NV12 (modifier 0x0000000000000003), NV12 (linear) "
          "and formats of 2 more modifiers"},
    {"A A B C D E F G H I J J:0x1",
        "A, B, C, D, E, F, G, H and 2 more (linear), "
          "J (modifier 0x0000000000000001)"},
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++) {
    GstDmabufFormatSet *set = make_set (texts[i].set);
    gchar *text = gst_dmabuf_format_set_to_string (set);

    g_assert_cmpstr (text, ==, texts[i].text);
    g_free (text);
    gst_dmabuf_format_set_unref (set);
  }
}

GST_END_TEST;

/* Generated sets. The universe is small, so that sets overlap. */

static GstDmabufFormat
random_format (GRand * rand, guint universe)
{
  guint value = g_rand_int_range (rand, 0, universe);
  guint64 modifier = value / 40;
  GstDmabufFormat format;

  if (modifier == 3)
    modifier = DRM_FORMAT_MOD_INVALID;
  else if (modifier % 3 == 1)
    modifier |= G_GUINT64_CONSTANT (1) << 56;
  format.fourcc = DRM_FORMAT_NV12 + value % 40;
  format.modifier = modifier;
  return format;
}

static GstDmabufFormatSet *
random_set (GRand * rand, guint n, guint universe)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  guint i;

  for (i = 0; i < n; i++) {
    GstDmabufFormat format = random_format (rand, universe);

    if (g_rand_int_range (rand, 0, 50) == 0) {
      guint64 device = g_rand_int_range (rand, 0, 4);

      gst_dmabuf_format_set_builder_begin_tranche (builder, device & 1, device);
    }
    gst_dmabuf_format_set_builder_add (builder, &format);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

/* The members of a that b has, or has not, one by one. */
static void
check_against_model (const GstDmabufFormatSet * result,
    const GstDmabufFormatSet * a, const GstDmabufFormatSet * b, gboolean common)
{
  guint i, j, n = 0, n_b = gst_dmabuf_format_set_get_n_formats (b);

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (a); i++) {
    const GstDmabufFormat *format = gst_dmabuf_format_set_get_nth (a, i);
    gboolean found = FALSE;

    for (j = 0; j < n_b && !found; j++)
      found = gst_dmabuf_format_equal (format,
          gst_dmabuf_format_set_get_nth (b, j));
    if (found != common)
      continue;
    fail_unless (gst_dmabuf_format_equal (format,
            gst_dmabuf_format_set_get_nth (result, n)));
    n++;
  }
  fail_unless_equals_int (gst_dmabuf_format_set_get_n_formats (result), n);
}

/* Tranche of a format, by flags and device. */
static guint64
tranche_device (const GstDmabufFormatSet * set, const GstDmabufFormat * format)
{
  gint rank = gst_dmabuf_format_set_get_rank (set, format);
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_tranches (set); i++) {
    guint64 device;
    guint start, n;

    gst_dmabuf_format_set_get_tranche (set, i, NULL, &device, &start, &n);
    if (rank >= (gint) start && rank < (gint) (start + n))
      return device;
  }
  fail ("no tranche for rank %d", rank);
  return 0;
}

static void
check_laws (const GstDmabufFormatSet * a, const GstDmabufFormatSet * b)
{
  GstDmabufFormatSet *ab = gst_dmabuf_format_set_intersect (a, b);
  GstDmabufFormatSet *ba = gst_dmabuf_format_set_intersect (b, a);
  GstDmabufFormatSet *a_b = gst_dmabuf_format_set_subtract (a, b);
  GstDmabufFormatSet *b_a = gst_dmabuf_format_set_subtract (b, a);
  GstDmabufFormatSet *u = gst_dmabuf_format_set_union (a, b);
  GstDmabufFormatSet *v = gst_dmabuf_format_set_union (b, a);
  GstDmabufFormatSet *t;
  guint i;

  check_invariants (ab);
  check_invariants (a_b);
  check_invariants (u);
  check_against_model (ab, a, b, TRUE);
  check_against_model (a_b, a, b, FALSE);
  fail_unless (gst_dmabuf_format_set_same_members (ab, ba));
  fail_unless (gst_dmabuf_format_set_same_members (u, v));

  /* a is (a and b) or (a but not b); neither half has a member of the other */
  t = gst_dmabuf_format_set_union (ab, a_b);
  fail_unless (gst_dmabuf_format_set_same_members (t, a));
  gst_dmabuf_format_set_unref (t);
  t = gst_dmabuf_format_set_intersect (ab, a_b);
  fail_unless (gst_dmabuf_format_set_is_empty (t));
  gst_dmabuf_format_set_unref (t);
  /* the union is a, in a's order and tranches, then b without a */
  t = gst_dmabuf_format_set_subtract (u, b_a);
  fail_unless (gst_dmabuf_format_set_equal (t, a));
  gst_dmabuf_format_set_unref (t);
  t = gst_dmabuf_format_set_subtract (u, a);
  fail_unless (gst_dmabuf_format_set_equal (t, b_a));
  gst_dmabuf_format_set_unref (t);
  /* absorption and idempotence */
  t = gst_dmabuf_format_set_intersect (a, u);
  fail_unless (gst_dmabuf_format_set_equal (t, a));
  gst_dmabuf_format_set_unref (t);
  t = gst_dmabuf_format_set_union (a, ab);
  fail_unless (gst_dmabuf_format_set_equal (t, a));
  gst_dmabuf_format_set_unref (t);

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (ab); i++) {
    const GstDmabufFormat *format = gst_dmabuf_format_set_get_nth (ab, i);

    fail_unless (tranche_device (ab, format) == tranche_device (a, format));
  }

  gst_dmabuf_format_set_unref (ab);
  gst_dmabuf_format_set_unref (ba);
  gst_dmabuf_format_set_unref (a_b);
  gst_dmabuf_format_set_unref (b_a);
  gst_dmabuf_format_set_unref (u);
  gst_dmabuf_format_set_unref (v);
}

GST_START_TEST (test_laws_on_generated_sets)
{
  static const guint sizes[] = { 0, 1, 2, 3, 10, 64, 65, 300 };
  GRand *rand = g_rand_new_with_seed (20260101 + __i__);
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (sizes); i++) {
    for (j = 0; j < G_N_ELEMENTS (sizes); j++) {
      GstDmabufFormatSet *a = random_set (rand, sizes[i], 400);
      GstDmabufFormatSet *b = random_set (rand, sizes[j], 400);

      check_invariants (a);
      check_laws (a, b);
      check_laws (a, a);
      gst_dmabuf_format_set_unref (a);
      gst_dmabuf_format_set_unref (b);
    }
  }
  g_rand_free (rand);
}

GST_END_TEST;

GST_START_TEST (test_laws_on_2000_members)
{
  GRand *rand = g_rand_new_with_seed (2000);
  GstDmabufFormatSet *a = random_set (rand, 2600, 5000);
  GstDmabufFormatSet *b = random_set (rand, 2600, 5000);

  fail_unless (gst_dmabuf_format_set_get_n_formats (a) >= 1900);
  check_laws (a, b);
  gst_dmabuf_format_set_unref (a);
  gst_dmabuf_format_set_unref (b);
  g_rand_free (rand);
}

GST_END_TEST;

static gboolean
keep_linear (const GstDmabufFormat * format, gpointer user_data)
{
  (*(guint *) user_data)++;
  return gst_dmabuf_format_is_linear (format);
}

GST_START_TEST (test_filter)
{
  GstDmabufFormatSet *set = make_set ("| NV12 NV12:0x1 | XR24:0x1 | XR24");
  guint calls = 0;

  assert_set (gst_dmabuf_format_set_filter (set, keep_linear, &calls),
      "1: NV12 3: XR24");
  fail_unless_equals_int (calls, 4);
  gst_dmabuf_format_set_unref (set);
}

GST_END_TEST;

static Suite *
formatset_suite (void)
{
  Suite *s = suite_create ("formatset");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_algebra_rows, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, test_equal_sees_all);
  tcase_add_test (tc, test_single_and_reference);
  tcase_add_test (tc, test_to_string);
  tcase_add_loop_test (tc, test_laws_on_generated_sets, 0, 5);
  tcase_add_test (tc, test_laws_on_2000_members);
  tcase_add_test (tc, test_filter);
  return s;
}

DMABUF_TEST_MAIN (formatset_suite)
