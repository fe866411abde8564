/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The converter's negotiation without an element: what leads where, at which
 * cost, and that the cheapest way is found among all.
 */
#include "dmabuftest.h"

#include <drm_fourcc.h>

#include "../../../gst/dmabuf/dmabufconvertcaps.h"

#define EXPLICIT "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format="
#define LEGACY "video/x-raw(memory:DMABuf),format="
#define SYSTEM "video/x-raw,format="
#define SIZE ",width=64,height=48,framerate=25/1"

/* NV12 in Vivante's 4x4 tiles, Samsung's 64x32, ARM's AFBC. */
#define VIVANTE "NV12:0x0600000000000001"
#define SAMSUNG "NV12:0x0400000000000001"
#define AFBC "NV12:0x0800000000000001"

static const DmabufConvertRules plain = { FALSE };
static const DmabufConvertRules linear = {.legacy_linear = TRUE };
static const DmabufConvertRules opaque = {.ignore_alpha = TRUE };
static const DmabufConvertRules no_copy = {.zero_copy = TRUE };

static const struct
{
  const gchar *from, *to;
  const DmabufConvertRules *rules;
  DmabufConvertPath path;
} paths[] = {
  {EXPLICIT "NV12", EXPLICIT "NV12", &plain, DMABUF_CONVERT_PASS},
  {EXPLICIT AFBC, EXPLICIT AFBC, &plain, DMABUF_CONVERT_PASS},
  {LEGACY "NV12", LEGACY "NV12", &plain, DMABUF_CONVERT_PASS},
  {EXPLICIT "NV12", SYSTEM "NV12", &plain, DMABUF_CONVERT_RELABEL},
  {SYSTEM "NV12", EXPLICIT "NV12", &plain, DMABUF_CONVERT_ADOPT},
  {EXPLICIT "NV12", LEGACY "NV12", &plain, DMABUF_CONVERT_NONE},
  {LEGACY "NV12", EXPLICIT "NV12", &plain, DMABUF_CONVERT_NONE},
  {LEGACY "NV12", SYSTEM "NV12", &plain, DMABUF_CONVERT_NONE},
  {EXPLICIT "NV12", LEGACY "NV12", &linear, DMABUF_CONVERT_RELABEL},
  {LEGACY "NV12", SYSTEM "NV12", &linear, DMABUF_CONVERT_RELABEL},
  {SYSTEM "NV12", LEGACY "NV12", &linear, DMABUF_CONVERT_ADOPT},
  {EXPLICIT "AR24", SYSTEM "BGRx", &plain, DMABUF_CONVERT_NONE},
  {EXPLICIT "AR24", SYSTEM "BGRx", &opaque, DMABUF_CONVERT_RELABEL},
  {SYSTEM "BGRx", SYSTEM "BGRA", &opaque, DMABUF_CONVERT_RELABEL},
  {LEGACY "BGRx", LEGACY "BGRA", &opaque, DMABUF_CONVERT_RELABEL},
  {EXPLICIT "NV12", SYSTEM "NV21", &plain, DMABUF_CONVERT_NONE},
  {EXPLICIT VIVANTE, EXPLICIT "NV12", &plain, DMABUF_CONVERT_DETILE},
  {EXPLICIT VIVANTE, SYSTEM "NV12", &plain, DMABUF_CONVERT_DETILE},
  {SYSTEM "NV12_4L4", EXPLICIT VIVANTE, &plain, DMABUF_CONVERT_ADOPT},
  {EXPLICIT VIVANTE, SYSTEM "NV12_4L4", &plain, DMABUF_CONVERT_RELABEL},
  {SYSTEM "NV12_4L4", SYSTEM "NV12", &plain, DMABUF_CONVERT_DETILE},
  {SYSTEM "NV12", EXPLICIT VIVANTE, &plain, DMABUF_CONVERT_TILE},
  {EXPLICIT VIVANTE, LEGACY "NV12", &plain, DMABUF_CONVERT_NONE},
  {EXPLICIT VIVANTE, LEGACY "NV12", &linear, DMABUF_CONVERT_DETILE},
  {EXPLICIT VIVANTE, EXPLICIT SAMSUNG, &plain, DMABUF_CONVERT_NONE},
  {EXPLICIT VIVANTE, SYSTEM "NV12", &no_copy, DMABUF_CONVERT_NONE},
  {EXPLICIT AFBC, SYSTEM "NV12", &plain, DMABUF_CONVERT_NONE},
  {EXPLICIT "NV15", SYSTEM "P010_10LE", &plain, DMABUF_CONVERT_UNPACK},
  {SYSTEM "P010_10LE", EXPLICIT "NV15", &plain, DMABUF_CONVERT_PACK},
  {EXPLICIT "NV15:0x0600000000000001", SYSTEM "P010_10LE", &plain,
      DMABUF_CONVERT_UNPACK},
  {LEGACY "NV12_4L4", SYSTEM "NV12", &linear, DMABUF_CONVERT_NONE},
  {LEGACY "NV12_4L4", SYSTEM "NV12_4L4", &linear, DMABUF_CONVERT_NONE},
  {LEGACY "NV12_4L4", LEGACY "NV12", &linear, DMABUF_CONVERT_NONE},
  {LEGACY "NV12_4L4", EXPLICIT "NV12", &linear, DMABUF_CONVERT_NONE},
  {SYSTEM "NV12", LEGACY "NV12_4L4", &linear, DMABUF_CONVERT_NONE},
  {LEGACY "NV12_4L4", LEGACY "NV12_4L4", &plain, DMABUF_CONVERT_PASS},
  {SYSTEM "A420", SYSTEM "A420", &plain, DMABUF_CONVERT_PASS},
};

static GstCaps *
make_caps (const gchar * text)
{
  gchar *full = g_strconcat (text, SIZE, NULL);
  GstCaps *caps = gst_caps_from_string (full);

  fail_unless (caps != NULL, "%s", full);
  g_free (full);
  return caps;
}

GST_START_TEST (test_path)
{
  GstCaps *from = make_caps (paths[__i__].from);
  GstCaps *to = make_caps (paths[__i__].to);
  DmabufConvertPath path, chosen;
  GstCaps *reached, *fixed;

  path = dmabuf_convert_caps_get_path (from, to, paths[__i__].rules);
  fail_unless (path == paths[__i__].path, "%s to %s: %s instead of %s",
      paths[__i__].from, paths[__i__].to, dmabuf_convert_path_get_name (path),
      dmabuf_convert_path_get_name (paths[__i__].path));

  /* Transforming in either direction finds exactly what there is a path for. */
  reached = dmabuf_convert_transform_caps (from, to, paths[__i__].rules);
  fail_unless (gst_caps_can_intersect (reached, to) ==
      (path != DMABUF_CONVERT_NONE), "%s does %sreach %s", paths[__i__].from,
      path == DMABUF_CONVERT_NONE ? "" : "not ", paths[__i__].to);
  gst_caps_unref (reached);
  reached = dmabuf_convert_transform_caps (to, from, paths[__i__].rules);
  fail_unless (gst_caps_can_intersect (reached, from) ==
      (path != DMABUF_CONVERT_NONE));
  gst_caps_unref (reached);

  fixed = dmabuf_convert_fixate (from, TRUE, to, paths[__i__].rules, &chosen);
  assert_equals_int (chosen, path);
  fail_unless (path == DMABUF_CONVERT_NONE ? gst_caps_is_empty (fixed) :
      gst_caps_is_equal (fixed, to));
  gst_caps_unref (fixed);
  gst_caps_unref (from);
  gst_caps_unref (to);
}

GST_END_TEST;

/* Of several, the cheapest; of equals, the first. */
static const struct
{
  const gchar *from, *candidates, *result;
} choices[] = {
  {EXPLICIT VIVANTE, SYSTEM "NV12; " EXPLICIT "NV12", SYSTEM "NV12"},
  {EXPLICIT VIVANTE, EXPLICIT "NV12; " SYSTEM "NV12", EXPLICIT "NV12"},
  {EXPLICIT VIVANTE, SYSTEM "NV12; " SYSTEM "NV12_4L4", SYSTEM "NV12_4L4"},
  {EXPLICIT VIVANTE, SYSTEM "{NV12,NV12_4L4}; " EXPLICIT "{NV12," VIVANTE "}",
      EXPLICIT VIVANTE},
  {EXPLICIT "NV12", EXPLICIT "{" SAMSUNG "," VIVANTE "}; " SYSTEM "NV12",
      SYSTEM "NV12"},
  {EXPLICIT "NV12", EXPLICIT "{" SAMSUNG "," VIVANTE "}", EXPLICIT SAMSUNG},
  {SYSTEM "NV12", EXPLICIT "{XR24," VIVANTE ",NV12}", EXPLICIT "NV12"},
  {EXPLICIT "NV12", "video/x-raw", SYSTEM "NV12"},
  {EXPLICIT VIVANTE, "video/x-raw", SYSTEM "NV12_4L4"},
  {SYSTEM "NV12", "video/x-raw(memory:DMABuf)", EXPLICIT "NV12"},
};

static GstCaps *
make_candidates (const gchar * text)
{
  GstCaps *caps = gst_caps_from_string (text);
  guint i;

  fail_unless (caps != NULL, "%s", text);
  for (i = 0; i < gst_caps_get_size (caps); i++)
    gst_structure_set (gst_caps_get_structure (caps, i), "width", G_TYPE_INT,
        64, "height", G_TYPE_INT, 48, "framerate", GST_TYPE_FRACTION, 25, 1,
        NULL);
  return caps;
}

GST_START_TEST (test_choice)
{
  GstCaps *from = make_caps (choices[__i__].from);
  GstCaps *candidates = make_candidates (choices[__i__].candidates);
  GstCaps *expected = make_caps (choices[__i__].result), *result;
  DmabufConvertPath path;

  result = dmabuf_convert_fixate (from, TRUE, candidates, &plain, &path);
  fail_unless (gst_caps_is_equal (result, expected),
      "%" GST_PTR_FORMAT " instead of %" GST_PTR_FORMAT, result, expected);
  gst_caps_unref (result);
  gst_caps_unref (expected);
  gst_caps_unref (candidates);
  gst_caps_unref (from);
}

GST_END_TEST;

/* A number that is the same on every machine. */
static guint
next_random (guint32 * state, guint below)
{
  *state = *state * 1664525u + 1013904223u;
  return (*state >> 8) % below;
}

static const gchar *const explicit_names[] = {
  "NV12", "NV21", "YU12", "AR24", "XR24", "P010", "NV15", VIVANTE, SAMSUNG,
  AFBC, "XR24:0x0100000000000001", "AR24:0x0100000000000002",
  "NV15:0x0600000000000001",
};

static const gchar *const system_names[] = {
  "NV12", "NV21", "I420", "BGRA", "BGRx", "P010_10LE", "NV12_4L4", "NV12_64Z32",
};

static GstCaps *
make_random_caps (guint32 * state, guint n)
{
  GstCaps *caps = gst_caps_new_empty ();

  while (n-- > 0) {
    GstCaps *one;
    gchar *text;

    switch (next_random (state, 3)) {
      case 0:
        text = g_strconcat (EXPLICIT, explicit_names[next_random (state,
                    G_N_ELEMENTS (explicit_names))], NULL);
        break;
      case 1:
        text = g_strconcat (LEGACY, system_names[next_random (state, 6)], NULL);
        break;
      default:
        text = g_strconcat (SYSTEM, system_names[next_random (state,
                    G_N_ELEMENTS (system_names))], NULL);
        break;
    }
    one = make_caps (text);
    gst_caps_append (caps, one);
    g_free (text);
  }
  return caps;
}

/* Against a search that knows nothing: every structure is tried alone. */
static void
try_random_choice (guint number)
{
  guint32 state = number + 1;
  DmabufConvertRules rules = { next_random (&state, 2),
    next_random (&state, 2), next_random (&state, 4) == 0
  };
  GstCaps *from = make_random_caps (&state, 1);
  GstCaps *candidates = make_random_caps (&state, 1 + next_random (&state, 6));
  DmabufConvertPath best = DMABUF_CONVERT_NONE, path;
  GstCaps *expected = NULL, *result, *reached;
  guint i;

  for (i = 0; i < gst_caps_get_size (candidates); i++) {
    GstCaps *one = gst_caps_copy_nth (candidates, i);

    path = dmabuf_convert_caps_get_path (from, one, &rules);
    if (path < best) {
      best = path;
      gst_caps_replace (&expected, one);
    }
    gst_caps_unref (one);
  }

  result = dmabuf_convert_fixate (from, TRUE, candidates, &rules, &path);
  assert_equals_int (path, best);
  fail_unless (expected ? gst_caps_is_equal (result, expected) :
      gst_caps_is_empty (result), "%" GST_PTR_FORMAT " instead of %"
      GST_PTR_FORMAT, result, expected);
  reached = dmabuf_convert_transform_caps (candidates, from, &rules);
  fail_unless (gst_caps_can_intersect (reached, from) == (expected != NULL));

  gst_caps_unref (reached);
  gst_caps_unref (result);
  gst_clear_caps (&expected);
  gst_caps_unref (candidates);
  gst_caps_unref (from);
}

GST_START_TEST (test_random_choices)
{
  guint i;

  for (i = 0; i < 200; i++)
    try_random_choice (i);
}

GST_END_TEST;

/* What is not a whole frame of one view passes, and leads nowhere else. */
GST_START_TEST (test_opaque_caps)
{
  static const gchar *const opaque_caps[] = {
    "video/x-raw(memory:DMABuf,format:Interlaced),format=NV12,width=64,"
        "height=48,interlace-mode=alternate",
    "video/x-raw(format:Interlaced),format=NV12,width=64,height=48,"
        "interlace-mode=alternate",
    "video/x-raw(memory:GLMemory),format=RGBA,width=64,height=48",
    "video/x-raw,format=NV12,width=64,height=48,multiview-mode=separated",
  };
  GstCaps *caps = gst_caps_from_string (opaque_caps[__i__]), *reached;

  reached = dmabuf_convert_transform_caps (caps, caps, &linear);
  fail_unless (gst_caps_is_equal (reached, caps), "%" GST_PTR_FORMAT, reached);
  gst_caps_unref (reached);
  gst_caps_unref (caps);
}

GST_END_TEST;

/* Fields that we do not know stay. */
GST_START_TEST (test_fields_stay)
{
  GstCaps *caps = gst_caps_from_string (EXPLICIT "NV12,width=64,height=48,"
      "colorimetry=bt2020,chroma-site=cosited,interlace-mode=interleaved,"
      "field-order=top-field-first,mastering-display-info=(string)x,odd=(int)7");
  GstCaps *reached, *expected;

  expected = gst_caps_from_string ("video/x-raw,format=NV12,width=64,height=48,"
      "colorimetry=bt2020,chroma-site=cosited,interlace-mode=interleaved,"
      "field-order=top-field-first,mastering-display-info=(string)x,odd=(int)7");
  reached = dmabuf_convert_transform_caps (caps, NULL, &plain);
  fail_unless (gst_caps_is_subset (expected, reached), "%" GST_PTR_FORMAT,
      reached);
  gst_caps_unref (expected);
  gst_caps_unref (reached);
  gst_caps_unref (caps);
}

GST_END_TEST;

static Suite *
convert_caps_suite (void)
{
  Suite *suite = suite_create ("convertcaps");
  TCase *tcase = tcase_create ("caps");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, test_path, 0, G_N_ELEMENTS (paths));
  tcase_add_loop_test (tcase, test_choice, 0, G_N_ELEMENTS (choices));
  tcase_add_test (tcase, test_random_choices);
  tcase_add_loop_test (tcase, test_opaque_caps, 0, 4);
  tcase_add_test (tcase, test_fields_stay);
  return suite;
}

DMABUF_TEST_MAIN (convert_caps_suite)
