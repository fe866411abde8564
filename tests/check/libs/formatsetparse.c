/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Sets from the kernel's IN_FORMATS and from a compositor's feedback: a
 * recorded blob, built ones, every truncation, and each field changed. Input is
 * copied into memory of exactly its size, so that AddressSanitizer sees each
 * byte read beyond it.
 */
#include <gst/dmabuf/gstdmabufformatset.h>
#include <drm_fourcc.h>
#include <drm_mode.h>
#include "data/in-formats-vkms.h"
#include "dmabuftest.h"

/* Parses a copy at an odd address: blobs need not be aligned. */
static GstDmabufFormatSet *
parse_in_formats (const guint8 * blob, gsize size, GError ** error)
{
  guint8 *memory = g_malloc (size + 1);
  GstDmabufFormatSet *set;

  memcpy (memory + 1, blob, size);
  set = gst_dmabuf_format_set_from_in_formats (memory + 1, size, error);
  g_free (memory);
  fail_unless (set != NULL || error == NULL || *error != NULL);
  return set;
}

static void
assert_in_formats_fail (const guint8 * blob, gsize size, GstDmabufError code)
{
  GError *error = NULL;
  GstDmabufFormatSet *set = parse_in_formats (blob, size, &error);

  fail_if (set != NULL);
  g_assert_error (error, GST_DMABUF_ERROR, code);
  g_clear_error (&error);
}

/* Members are formats that the blob can name, however it was damaged. */
static void
accept_or_refuse (const guint8 * blob, gsize size)
{
  GError *error = NULL;
  GstDmabufFormatSet *set = parse_in_formats (blob, size, &error);

  if (set) {
    g_assert_no_error (error);
    gst_dmabuf_format_set_unref (set);
  }
  g_clear_error (&error);
}

GST_START_TEST (test_recorded_vkms)
{
  GError *error = NULL;
  GstDmabufFormatSet *set = parse_in_formats (in_formats_vkms,
      sizeof (in_formats_vkms), &error);
  GstDmabufTrancheFlags flags;
  guint64 device;
  guint i, start, n;

  g_assert_no_error (error);
  fail_unless_equals_int (gst_dmabuf_format_set_get_n_formats (set), 33);
  g_assert_cmphex (gst_dmabuf_format_set_get_nth (set, 0)->fourcc, ==,
      DRM_FORMAT_ARGB8888);
  g_assert_cmphex (gst_dmabuf_format_set_get_nth (set, 32)->fourcc, ==,
      DRM_FORMAT_R8);
  for (i = 0; i < 33; i++)
    fail_unless (gst_dmabuf_format_is_linear (gst_dmabuf_format_set_get_nth
            (set, i)));
  fail_unless_equals_int (gst_dmabuf_format_set_get_n_tranches (set), 1);
  gst_dmabuf_format_set_get_tranche (set, 0, &flags, &device, &start, &n);
  fail_unless_equals_int (flags, GST_DMABUF_TRANCHE_SCANOUT);
  fail_unless (device == 0 && start == 0 && n == 33);
  gst_dmabuf_format_set_unref (set);
}

GST_END_TEST;

/* A blob like a large driver's: 130 formats, of which modifiers name some
 * through windows of 64. */
#define BUILT_FORMATS 130
#define BUILT_MODIFIERS 7

typedef struct
{
  struct drm_format_modifier_blob header;
  guint32 formats[BUILT_FORMATS];
  struct drm_format_modifier modifiers[BUILT_MODIFIERS];
} BuiltBlob;

static void
build_blob (BuiltBlob * blob)
{
  guint i;

  memset (blob, 0, sizeof (*blob));
  blob->header.version = FORMAT_BLOB_CURRENT;
  blob->header.count_formats = BUILT_FORMATS;
  blob->header.formats_offset = G_STRUCT_OFFSET (BuiltBlob, formats);
  blob->header.count_modifiers = BUILT_MODIFIERS;
  blob->header.modifiers_offset = G_STRUCT_OFFSET (BuiltBlob, modifiers);
  for (i = 0; i < BUILT_FORMATS; i++)
    blob->formats[i] = DRM_FORMAT_NV12 + i;

  /* Linear for all, in three windows; X tiles for the last of each window and
   * the very last; Y tiles for one window that begins in the middle. */
  for (i = 0; i < 3; i++) {
    blob->modifiers[i].formats = i < 2 ? G_MAXUINT64 : 3;
    blob->modifiers[i].offset = 64 * i;
    blob->modifiers[i].modifier = DRM_FORMAT_MOD_LINEAR;
    blob->modifiers[3 + i].formats = i < 2 ?
        G_GUINT64_CONSTANT (1) << 63 : G_GUINT64_CONSTANT (1) << 1;
    blob->modifiers[3 + i].offset = 64 * i;
    blob->modifiers[3 + i].modifier = I915_FORMAT_MOD_X_TILED;
  }
  blob->modifiers[6].formats = 1;
  blob->modifiers[6].offset = 100;
  blob->modifiers[6].modifier = I915_FORMAT_MOD_Y_TILED;
}

GST_START_TEST (test_windows_of_64)
{
  static const struct
  {
    guint index;
    guint64 modifier;
  } tiled[] = {
    {63, I915_FORMAT_MOD_X_TILED}, {127, I915_FORMAT_MOD_X_TILED},
    {129, I915_FORMAT_MOD_X_TILED}, {100, I915_FORMAT_MOD_Y_TILED},
  };
  BuiltBlob blob;
  GstDmabufFormatSet *set;
  GError *error = NULL;
  guint i;

  build_blob (&blob);
  set = parse_in_formats ((guint8 *) & blob, sizeof (blob), &error);
  g_assert_no_error (error);
  fail_unless_equals_int (gst_dmabuf_format_set_get_n_formats (set),
      BUILT_FORMATS + G_N_ELEMENTS (tiled));
  for (i = 0; i < G_N_ELEMENTS (tiled); i++) {
    GstDmabufFormat format = { DRM_FORMAT_NV12 + tiled[i].index,
      tiled[i].modifier
    };
    gint rank = gst_dmabuf_format_set_get_rank (set, &format);

    fail_unless (rank > 0);
    /* Right behind the linear layout of the same fourcc. */
    g_assert_cmphex (gst_dmabuf_format_set_get_nth (set, rank - 1)->fourcc, ==,
        format.fourcc);
    fail_unless (gst_dmabuf_format_is_linear (gst_dmabuf_format_set_get_nth
            (set, rank - 1)));
  }
  gst_dmabuf_format_set_unref (set);
}

GST_END_TEST;

GST_START_TEST (test_in_formats_truncated)
{
  BuiltBlob blob;
  gsize size;

  for (size = 0; size < sizeof (in_formats_vkms); size++)
    assert_in_formats_fail (in_formats_vkms, size, GST_DMABUF_ERROR_INVALID);
  build_blob (&blob);
  for (size = 0; size < sizeof (blob); size++)
    assert_in_formats_fail ((guint8 *) & blob, size, GST_DMABUF_ERROR_INVALID);
}

GST_END_TEST;

/* Fields of the header and one value for each that leads out of the blob. */
GST_START_TEST (test_in_formats_out_of_range)
{
  static const guint32 far_values[] = {
    0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffc, 0x40000000, 0x20000000,
    0x0aaaaaab, 1 << 20,
  };
  BuiltBlob blob;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (far_values); i++) {
    build_blob (&blob);
    blob.header.count_formats = far_values[i];
    assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
        GST_DMABUF_ERROR_INVALID);
    build_blob (&blob);
    blob.header.formats_offset = far_values[i];
    assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
        GST_DMABUF_ERROR_INVALID);
    build_blob (&blob);
    blob.header.count_modifiers = far_values[i];
    assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
        GST_DMABUF_ERROR_INVALID);
    build_blob (&blob);
    blob.header.modifiers_offset = far_values[i];
    assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
        GST_DMABUF_ERROR_INVALID);
    build_blob (&blob);
    blob.modifiers[6].offset = far_values[i];
    assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
        GST_DMABUF_ERROR_INVALID);
  }
}

GST_END_TEST;

/* One more, one less, and what just overlaps. */
GST_START_TEST (test_in_formats_limits)
{
  BuiltBlob blob;
  guint i;

  build_blob (&blob);
  blob.header.count_formats--;  /* now bits lead beyond the list */
  assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
      GST_DMABUF_ERROR_INVALID);
  build_blob (&blob);
  blob.header.count_formats++;  /* overlaps the modifiers */
  assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
      GST_DMABUF_ERROR_INVALID);
  build_blob (&blob);
  blob.header.count_modifiers++;
  assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
      GST_DMABUF_ERROR_INVALID);
  build_blob (&blob);
  blob.header.formats_offset = 20;      /* inside the header */
  assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
      GST_DMABUF_ERROR_INVALID);
  build_blob (&blob);
  blob.formats[77] = 0;
  assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
      GST_DMABUF_ERROR_INVALID);
  for (i = 0; i < 4; i++) {
    build_blob (&blob);
    blob.header.version = i == 3 ? G_MAXUINT32 : i;
    if (i != FORMAT_BLOB_CURRENT)
      assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
          GST_DMABUF_ERROR_UNSUPPORTED);
  }

  /* The highest bit of each window, one by one. */
  for (i = 0; i < 64; i++) {
    build_blob (&blob);
    blob.modifiers[2].formats = G_GUINT64_CONSTANT (1) << i;
    if (i >= 2)
      assert_in_formats_fail ((guint8 *) & blob, sizeof (blob),
          GST_DMABUF_ERROR_INVALID);
    else
      accept_or_refuse ((guint8 *) & blob, sizeof (blob));
  }

  /* No formats and no modifiers are a set without members. */
  memset (&blob, 0, sizeof (blob));
  blob.header.version = FORMAT_BLOB_CURRENT;
  blob.header.formats_offset = blob.header.modifiers_offset =
      sizeof (blob.header);
  {
    GstDmabufFormatSet *set = parse_in_formats ((guint8 *) & blob,
        sizeof (blob.header), NULL);

    fail_unless (set != NULL && gst_dmabuf_format_set_is_empty (set));
    gst_dmabuf_format_set_unref (set);
  }
}

GST_END_TEST;

/* 200,000 formats and as many modifiers that name one each. Looking for each
 * format in each modifier would run into the time limit of the test. */
GST_START_TEST (test_in_formats_long)
{
  const guint n = 200000;
  struct drm_format_modifier_blob header = {.version = FORMAT_BLOB_CURRENT,
    .count_formats = n,.formats_offset = sizeof (header),
    .count_modifiers = n,.modifiers_offset = sizeof (header) + 4 * n
  };
  gsize size = header.modifiers_offset
      + n * sizeof (struct drm_format_modifier);
  guint8 *blob = g_malloc0 (size);
  GstDmabufFormatSet *set;
  guint32 i;

  memcpy (blob, &header, sizeof (header));
  for (i = 0; i < n; i++) {
    struct drm_format_modifier modifier = {.formats = 1,.offset = n - 1 - i,
      .modifier = i
    };
    guint32 fourcc = i + 1;

    memcpy (blob + header.formats_offset + 4 * i, &fourcc, sizeof (fourcc));
    memcpy (blob + header.modifiers_offset + i * sizeof (modifier), &modifier,
        sizeof (modifier));
  }
  set = gst_dmabuf_format_set_from_in_formats (blob, size, NULL);
  fail_unless_equals_int (gst_dmabuf_format_set_get_n_formats (set), n);
  for (i = 0; i < n; i++) {
    const GstDmabufFormat *format = gst_dmabuf_format_set_get_nth (set, i);

    fail_unless (format->fourcc == i + 1 && format->modifier == n - 1 - i);
  }
  gst_dmabuf_format_set_unref (set);
  g_free (blob);
}

GST_END_TEST;

/* Every byte takes every value; then random bytes, many at a time. */
GST_START_TEST (test_in_formats_mutated)
{
  guint8 *blob = g_memdup2 (in_formats_vkms, sizeof (in_formats_vkms));
  GRand *rand = g_rand_new_with_seed (7);
  gsize i;
  guint n;

  for (i = 0; i < sizeof (in_formats_vkms); i++) {
    for (n = 0; n < 256; n++) {
      blob[i] = (guint8) n;
      accept_or_refuse (blob, sizeof (in_formats_vkms));
    }
    blob[i] = in_formats_vkms[i];
  }
  for (n = 0; n < 20000; n++) {
    guint changes = g_rand_int_range (rand, 1, 6);
    gsize size = g_rand_int_range (rand, 24, sizeof (in_formats_vkms) + 1);

    memcpy (blob, in_formats_vkms, sizeof (in_formats_vkms));
    while (changes--)
      blob[g_rand_int_range (rand, 4, g_rand_boolean (rand) ? 24 :
              sizeof (in_formats_vkms))] = (guint8) g_rand_int (rand);
    accept_or_refuse (blob, size);
  }
  g_rand_free (rand);
  g_free (blob);
}

GST_END_TEST;

typedef struct
{
  guint32 fourcc;
  guint32 padding;
  guint64 modifier;
} TableEntry;

static const TableEntry table[] = {
  {DRM_FORMAT_XRGB8888, 0xdeadbeef, DRM_FORMAT_MOD_LINEAR},
  {DRM_FORMAT_XRGB8888, 0, I915_FORMAT_MOD_X_TILED},
  {DRM_FORMAT_NV12, 0, DRM_FORMAT_MOD_LINEAR},
  {DRM_FORMAT_NV12, 0, DRM_FORMAT_MOD_INVALID},
  {DRM_FORMAT_XRGB8888, 0, DRM_FORMAT_MOD_LINEAR},      /* again */
  {DRM_FORMAT_P010, 0, DRM_FORMAT_MOD_LINEAR},
};

static const guint16 scanout[] = { 1, 0 };
static const guint16 rest[] = { 4, 0, 2, 3, 5 };

static const GstDmabufFeedbackTranche tranches[] = {
  {scanout, G_N_ELEMENTS (scanout), GST_DMABUF_TRANCHE_SCANOUT, 0xe201},
  {NULL, 0, GST_DMABUF_TRANCHE_NONE, 5},
  {rest, G_N_ELEMENTS (rest), GST_DMABUF_TRANCHE_NONE, 0xe280},
};

GST_START_TEST (test_feedback)
{
  static const GstDmabufFormat expected[] = {
    {DRM_FORMAT_XRGB8888, I915_FORMAT_MOD_X_TILED},
    {DRM_FORMAT_XRGB8888, DRM_FORMAT_MOD_LINEAR},
    {DRM_FORMAT_NV12, DRM_FORMAT_MOD_LINEAR},
    {DRM_FORMAT_NV12, DRM_FORMAT_MOD_INVALID},
    {DRM_FORMAT_P010, DRM_FORMAT_MOD_LINEAR},
  };
  GError *error = NULL;
  GstDmabufFormatSet *set = gst_dmabuf_format_set_from_feedback (table,
      sizeof (table), tranches, G_N_ELEMENTS (tranches), &error);
  GstDmabufTrancheFlags flags;
  guint64 device;
  guint i, start, n;

  g_assert_no_error (error);
  fail_unless_equals_int (gst_dmabuf_format_set_get_n_formats (set),
      G_N_ELEMENTS (expected));
  for (i = 0; i < G_N_ELEMENTS (expected); i++)
    fail_unless (gst_dmabuf_format_equal (&expected[i],
            gst_dmabuf_format_set_get_nth (set, i)));

  fail_unless_equals_int (gst_dmabuf_format_set_get_n_tranches (set), 2);
  gst_dmabuf_format_set_get_tranche (set, 0, &flags, &device, &start, &n);
  fail_unless (flags == GST_DMABUF_TRANCHE_SCANOUT && device == 0xe201
      && start == 0 && n == 2);
  gst_dmabuf_format_set_get_tranche (set, 1, &flags, &device, &start, &n);
  fail_unless (flags == GST_DMABUF_TRANCHE_NONE && device == 0xe280
      && start == 2 && n == 3);
  gst_dmabuf_format_set_unref (set);

  set = gst_dmabuf_format_set_from_feedback (NULL, 0, NULL, 0, &error);
  g_assert_no_error (error);
  fail_unless (gst_dmabuf_format_set_is_empty (set));
  gst_dmabuf_format_set_unref (set);
}

GST_END_TEST;

static void
assert_feedback_fails (gconstpointer data, gsize size,
    const GstDmabufFeedbackTranche * list, guint n)
{
  gpointer memory = g_memdup2 (data, size);
  GError *error = NULL;

  fail_if (gst_dmabuf_format_set_from_feedback (memory, size, list, n, &error));
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  g_free (memory);
}

GST_START_TEST (test_feedback_truncated)
{
  gsize size;

  for (size = 0; size < sizeof (table); size++)
    assert_feedback_fails (table, size, tranches, G_N_ELEMENTS (tranches));
}

GST_END_TEST;

GST_START_TEST (test_feedback_indices)
{
  TableEntry zero[] = { {0, 0, 0}
  };
  guint16 indices[G_N_ELEMENTS (rest)];
  GstDmabufFeedbackTranche tranche = { indices, G_N_ELEMENTS (rest), 0, 0 };
  guint i, value;

  for (i = 0; i < G_N_ELEMENTS (rest); i++) {
    memcpy (indices, rest, sizeof (rest));
    for (value = 0; value <= G_MAXUINT16; value += value < 16 ? 1 : 251) {
      GstDmabufFormatSet *set;

      indices[i] = (guint16) value;
      if (value >= G_N_ELEMENTS (table)) {
        assert_feedback_fails (table, sizeof (table), &tranche, 1);
        continue;
      }
      set = gst_dmabuf_format_set_from_feedback (table, sizeof (table),
          &tranche, 1, NULL);
      fail_unless (set != NULL);
      gst_dmabuf_format_set_unref (set);
    }
    indices[i] = G_MAXUINT16;
    assert_feedback_fails (table, sizeof (table), &tranche, 1);
  }

  indices[0] = 0;
  tranche.n_indices = 1;
  assert_feedback_fails (zero, sizeof (zero), &tranche, 1);
}

GST_END_TEST;

static Suite *
formatsetparse_suite (void)
{
  Suite *s = suite_create ("formatsetparse");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_recorded_vkms);
  tcase_add_test (tc, test_windows_of_64);
  tcase_add_test (tc, test_in_formats_truncated);
  tcase_add_test (tc, test_in_formats_out_of_range);
  tcase_add_test (tc, test_in_formats_limits);
  tcase_add_test (tc, test_in_formats_long);
  tcase_add_test (tc, test_in_formats_mutated);
  tcase_add_test (tc, test_feedback);
  tcase_add_test (tc, test_feedback_truncated);
  tcase_add_test (tc, test_feedback_indices);
  return s;
}

DMABUF_TEST_MAIN (formatsetparse_suite)
