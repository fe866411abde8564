/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Constraints: combining is tested as algebra, structures as outside input.
 */
#include "dmabuftest.h"

#include <gst/dmabuf/gstdmabufconstraints.h>

static const GstDmabufConstraints samples[] = {
  {0},
  {.stride_align = 1,.offset_align = 1,.size_align = 1,.height_align = 1},
  {.stride_align = 64,.offset_align = 4096,.size_align = 4096},
  {.stride_align = 96,.height_align = 16,.max_objects = 2},
  {.stride_align = 5,.max_objects = 1,.flags =
        GST_DMABUF_CONSTRAINT_CONTIGUOUS},
  {.flags = GST_DMABUF_CONSTRAINT_SCANOUT | GST_DMABUF_CONSTRAINT_CPU_CACHED,
      .max_address = 0xffffffff},
  {.device = 0xe200,.max_address = 0x7fffffffff},
};

static gboolean
is_multiple (guint a, guint of)
{
  return a % MAX (of, 1) == 0;
}

GST_START_TEST (test_combine_is_an_algebra)
{
  guint i = __i__ / G_N_ELEMENTS (samples), j = __i__ % G_N_ELEMENTS (samples);
  const GstDmabufConstraints *a = &samples[i], *b = &samples[j];
  GstDmabufConstraints ab, ba, again, none;

  fail_unless (gst_dmabuf_constraints_combine (a, b, &ab, NULL));
  fail_unless (gst_dmabuf_constraints_combine (b, a, &ba, NULL));
  fail_unless (gst_dmabuf_constraints_equal (&ab, &ba));

  fail_unless (gst_dmabuf_constraints_combine (&ab, b, &again, NULL));
  fail_unless (gst_dmabuf_constraints_equal (&ab, &again));

  gst_dmabuf_constraints_init (&none);
  fail_unless (gst_dmabuf_constraints_combine (a, &none, &again, NULL));
  fail_unless (gst_dmabuf_constraints_equal (a, &again));

  fail_unless (is_multiple (ab.stride_align, a->stride_align));
  fail_unless (is_multiple (ab.stride_align, b->stride_align));
  fail_unless (is_multiple (ab.height_align, a->height_align));
  fail_unless ((ab.flags & a->flags) == a->flags);
}

GST_END_TEST;

GST_START_TEST (test_combine_takes_the_least)
{
  GstDmabufConstraints out = samples[2];

  /* In place, and 64 and 96 make 192, not 6144. */
  fail_unless (gst_dmabuf_constraints_combine (&out, &samples[3], &out, NULL));
  assert_equals_int (out.stride_align, 192);
  assert_equals_int (out.offset_align, 4096);
  assert_equals_int (out.height_align, 16);
  assert_equals_int (out.max_objects, 2);
  fail_unless (gst_dmabuf_constraints_combine (&out, &samples[4], &out, NULL));
  assert_equals_int (out.stride_align, 960);
  assert_equals_int (out.max_objects, 1);
}

GST_END_TEST;

GST_START_TEST (test_combine_refuses)
{
  GstDmabufConstraints big = {.stride_align = 1 << 30 };
  GstDmabufConstraints odd = {.stride_align = 3 };
  GstDmabufConstraints here = {.device = 1 }, there = {.device = 2 };
  GstDmabufConstraints out = samples[3];
  GError *error = NULL;

  fail_if (gst_dmabuf_constraints_combine (&big, &odd, &out, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_UNSUPPORTED));
  fail_unless (strstr (error->message, "1073741824") != NULL, "%s",
      error->message);
  g_clear_error (&error);

  fail_if (gst_dmabuf_constraints_combine (&here, &there, &out, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_UNSUPPORTED));
  g_clear_error (&error);
  fail_unless (gst_dmabuf_constraints_equal (&out, &samples[3]));
}

GST_END_TEST;

GST_START_TEST (test_structure_round_trip)
{
  const GstDmabufConstraints *a = &samples[__i__];
  GstStructure *structure = gst_dmabuf_constraints_to_structure (a);
  gchar *text = gst_structure_to_string (structure);
  GstStructure *parsed = gst_structure_from_string (text, NULL);
  GstDmabufConstraints back;

  fail_unless (gst_dmabuf_constraints_from_structure (&back, structure, NULL));
  fail_unless (gst_dmabuf_constraints_equal (a, &back), "%s", text);
  fail_unless (gst_dmabuf_constraints_from_structure (&back, parsed, NULL));
  fail_unless (gst_dmabuf_constraints_equal (a, &back), "%s", text);

  gst_structure_free (parsed);
  gst_structure_free (structure);
  g_free (text);
}

GST_END_TEST;

static const gchar *bad_structures[] = {
  "SomethingElse, stride-align=(uint)64;",
  "GstDmabufConstraints, stride-align=(int)64;",
  "GstDmabufConstraints, stride-align=(string)64;",
  "GstDmabufConstraints, stride-align=(uint)1073741825;",
  "GstDmabufConstraints, offset-align=(guint64)18446744073709551615;",
  "GstDmabufConstraints, max-objects=(guint64)4294967296;",
  "GstDmabufConstraints, flags=(uint)8;",
  "GstDmabufConstraints, device=(double)1.0;",
};

GST_START_TEST (test_bad_structure)
{
  GstStructure *structure = gst_structure_from_string (bad_structures[__i__],
      NULL);
  GstDmabufConstraints out = samples[2];
  GError *error = NULL;

  fail_unless (structure != NULL);
  fail_if (gst_dmabuf_constraints_from_structure (&out, structure, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  fail_unless (gst_dmabuf_constraints_equal (&out, &samples[2]));
  g_clear_error (&error);
  gst_structure_free (structure);
}

GST_END_TEST;

GST_START_TEST (test_unknown_field_is_ignored)
{
  GstStructure *structure = gst_structure_from_string
      ("GstDmabufConstraints, stride-align=(uint)8, colour=(string)blue;",
      NULL);
  GstDmabufConstraints out;

  fail_unless (gst_dmabuf_constraints_from_structure (&out, structure, NULL));
  assert_equals_int (out.stride_align, 8);
  gst_structure_free (structure);
}

GST_END_TEST;

GST_START_TEST (test_video_alignment)
{
  GstDmabufConstraints out = {.stride_align = 48 };
  GstVideoAlignment alignment;
  GError *error = NULL;

  gst_video_alignment_reset (&alignment);
  fail_unless (gst_dmabuf_constraints_add_video_alignment (&out, &alignment,
          NULL));
  assert_equals_int (out.stride_align, 48);

  alignment.stride_align[0] = 31;
  alignment.stride_align[1] = 127;
  fail_unless (gst_dmabuf_constraints_add_video_alignment (&out, &alignment,
          NULL));
  assert_equals_int (out.stride_align, 384);

  alignment.stride_align[2] = 32;
  fail_if (gst_dmabuf_constraints_add_video_alignment (&out, &alignment,
          &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  g_clear_error (&error);
  alignment.stride_align[2] = G_MAXUINT;
  fail_if (gst_dmabuf_constraints_add_video_alignment (&out, &alignment, NULL));
  assert_equals_int (out.stride_align, 384);
}

GST_END_TEST;

static Suite *
constraints_suite (void)
{
  Suite *suite = suite_create ("constraints");
  TCase *tcase = tcase_create ("general");
  const gint n = G_N_ELEMENTS (samples);

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_combine_is_an_algebra, 0, n * n);
  tcase_add_test (tcase, test_combine_takes_the_least);
  tcase_add_test (tcase, test_combine_refuses);
  tcase_add_loop_test (tcase, test_structure_round_trip, 0, n);
  tcase_add_loop_test (tcase, test_bad_structure, 0,
      G_N_ELEMENTS (bad_structures));
  tcase_add_test (tcase, test_unknown_field_is_ignored);
  tcase_add_test (tcase, test_video_alignment);
  return suite;
}

DMABUF_TEST_MAIN (constraints_suite)
