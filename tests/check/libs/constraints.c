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
  {.offset_align = 3,.size_align = 7,.height_align = 10,.max_objects = 4},
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
  fail_unless (is_multiple (ab.offset_align, a->offset_align));
  fail_unless (is_multiple (ab.size_align, a->size_align));
  fail_unless (is_multiple (ab.height_align, a->height_align));
  fail_unless ((ab.flags & a->flags) == a->flags);
  fail_unless (a->max_objects == 0 || (ab.max_objects > 0
          && ab.max_objects <= a->max_objects));
  fail_unless (a->max_address == 0 || (ab.max_address > 0
          && ab.max_address <= a->max_address));
  fail_unless (a->device == 0 || ab.device == a->device);
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
  alignment.stride_align[2] = G_MAXUINT >> 1;
  fail_if (gst_dmabuf_constraints_add_video_alignment (&out, &alignment,
          &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_UNSUPPORTED));
  g_clear_error (&error);
  alignment.stride_align[2] = G_MAXUINT;
  fail_if (gst_dmabuf_constraints_add_video_alignment (&out, &alignment, NULL));
  assert_equals_int (out.stride_align, 384);
}

GST_END_TEST;

static GstQuery *
new_query (void)
{
  GstCaps *caps = gst_caps_from_string ("video/x-raw,format=NV12,width=16,"
      "height=16");
  GstQuery *query = gst_query_new_allocation (caps, TRUE);

  gst_caps_unref (caps);
  return query;
}

GST_START_TEST (test_query_round_trip)
{
  const GstDmabufConstraints *a = &samples[__i__];
  const guint align = MAX (a->stride_align, 1);
  const GstStructure *params;
  GstDmabufConstraints back;
  GstQuery *query = new_query ();
  guint index, mask;

  gst_dmabuf_constraints_add_to_query (a, query);
  fail_unless (gst_dmabuf_constraints_from_query (&back, query, NULL));
  fail_unless (gst_dmabuf_constraints_equal (a, &back));

  /* GstVideoMeta has documented parameters or none: elements of others log a
   * warning about any other. */
  fail_unless (gst_query_find_allocation_meta (query, GST_VIDEO_META_API_TYPE,
          &index));
  gst_query_parse_nth_allocation_meta (query, index, &params);
  fail_unless ((params != NULL) == (align > 1 && (align & (align - 1)) == 0));
  if (params) {
    fail_unless (gst_structure_has_name (params, "video-meta"));
    assert_equals_int (gst_structure_n_fields (params), 8);
    fail_unless (gst_structure_get_uint (params, "stride-align1", &mask));
    assert_equals_int (mask, align - 1);
    fail_unless (gst_structure_get_uint (params, "padding-left", &mask));
    assert_equals_int (mask, 0);
  }
  gst_query_unref (query);
}

GST_END_TEST;

static void
add_video_meta (GstQuery * query, const gchar * text)
{
  GstStructure *params = gst_structure_from_string (text, NULL);

  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, params);
  gst_structure_free (params);
}

GST_START_TEST (test_query_of_others)
{
  GstDmabufConstraints out = samples[2];
  GstQuery *query = new_query ();
  GError *error = NULL;

  fail_unless (gst_dmabuf_constraints_from_query (&out, query, NULL));
  fail_unless (gst_dmabuf_constraints_equal (&out, &samples[0]));
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  fail_unless (gst_dmabuf_constraints_from_query (&out, query, NULL));
  fail_unless (gst_dmabuf_constraints_equal (&out, &samples[0]));
  gst_query_unref (query);

  query = new_query ();
  add_video_meta (query,
      "video-meta,padding-top=(uint)2,padding-bottom=(uint)0,"
      "padding-left=(uint)0,padding-right=(uint)0,stride-align0=(uint)31,"
      "stride-align1=(uint)63,stride-align2=(uint)0,stride-align3=(int)7");
  fail_unless (gst_dmabuf_constraints_from_query (&out, query, NULL));
  assert_equals_int (out.stride_align, 64);
  gst_query_unref (query);

  query = new_query ();
  add_video_meta (query, "video-meta,stride-align0=(uint)32");
  fail_if (gst_dmabuf_constraints_from_query (&out, query, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  assert_equals_int (out.stride_align, 64);
  g_clear_error (&error);
  gst_query_unref (query);
}

GST_END_TEST;

/* An element at each end of a tee's branch. */
static GstPad *
add_branch (GstElement * tee, const GstDmabufConstraints * constraints,
    GstPadQueryFunction answer)
{
  GstPad *sink = gst_pad_new (NULL, GST_PAD_SINK);
  GstPad *source = gst_element_request_pad_simple (tee, "src_%u");

  gst_pad_set_element_private (sink, (gpointer) constraints);
  gst_pad_set_query_function (sink, answer);
  gst_pad_set_active (sink, TRUE);
  fail_unless_equals_int (gst_pad_link (source, sink), GST_PAD_LINK_OK);
  gst_object_unref (source);
  return sink;
}

static gboolean
answer_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return gst_pad_query_default (pad, parent, query);
  gst_dmabuf_constraints_add_to_query (gst_pad_get_element_private (pad),
      query);
  return TRUE;
}

/* Two displays behind a tee: the frames must still have a GstVideoMeta. */
GST_START_TEST (test_query_through_tee)
{
  static const GstDmabufConstraints one = {.offset_align = 64,.max_objects = 3,
    .flags = GST_DMABUF_CONSTRAINT_SCANOUT
  };
  static const GstDmabufConstraints other = {.offset_align = 96 };
  GstElement *tee = gst_check_setup_element ("tee");
  GstPad *sink = gst_element_get_static_pad (tee, "sink");
  GstPad *branches[2];
  GstDmabufConstraints out;
  GstQuery *query = new_query ();
  guint i;

  branches[0] = add_branch (tee, &one, answer_query);
  branches[1] = add_branch (tee, &other, answer_query);
  fail_unless_equals_int (gst_element_set_state (tee, GST_STATE_PAUSED),
      GST_STATE_CHANGE_SUCCESS);
  fail_unless (gst_pad_query (sink, query));
  fail_unless (gst_query_find_allocation_meta (query, GST_VIDEO_META_API_TYPE,
          NULL));
  fail_unless (gst_dmabuf_constraints_from_query (&out, query, NULL));
#if GST_CHECK_VERSION (1, 26, 0)
  assert_equals_int (out.offset_align, 192);
  assert_equals_int (out.max_objects, 3);
  assert_equals_int (out.flags, GST_DMABUF_CONSTRAINT_SCANOUT);
#else
  fail_unless (gst_dmabuf_constraints_equal (&out, &samples[0]));
#endif

  gst_query_unref (query);
  gst_element_set_state (tee, GST_STATE_NULL);
  for (i = 0; i < G_N_ELEMENTS (branches); i++) {
    GstPad *source = gst_pad_get_peer (branches[i]);

    gst_pad_unlink (source, branches[i]);
    gst_element_release_request_pad (tee, source);
    gst_object_unref (source);
    gst_object_unref (branches[i]);
  }
  gst_object_unref (sink);
  gst_check_teardown_element (tee);
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
  tcase_add_loop_test (tcase, test_query_round_trip, 0, n);
  tcase_add_test (tcase, test_query_of_others);
  tcase_add_test (tcase, test_query_through_tee);
  return suite;
}

DMABUF_TEST_MAIN (constraints_suite)
