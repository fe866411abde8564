/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Caps of the three dialects into sets and back, filtered and fixated.
 */
#include <gst/dmabuf/gstdmabufcaps.h>
#include <drm_fourcc.h>
#include "dmabuftest.h"

/* GLib leaks an array for every 2,048 interned strings, and GStreamer has
 * nearly as many itself. */
#ifdef __SANITIZE_ADDRESS__
#define LONG_LIST 10
#else
#define LONG_LIST 10000
#endif

#define EXPLICIT "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format="
#define LEGACY "video/x-raw(memory:DMABuf),format="
#define SYSTEM "video/x-raw,format="
#define X_TILED "0x0100000000000001"
#define VIVANTE "0x0600000000000001"

static GstCaps *
caps_from (const gchar * text)
{
  GstCaps *caps = gst_caps_from_string (text);

  fail_unless (caps != NULL, "%s", text);
  return caps;
}

static void
assert_caps (GstCaps * caps, const gchar * expected)
{
  GstCaps *other = caps_from (expected);

  if (!gst_caps_is_strictly_equal (caps, other)) {
    gchar *text = gst_caps_to_string (caps);

    fail ("got %s, expected %s", text, expected);
    g_free (text);
  }
  gst_caps_unref (other);
  gst_caps_unref (caps);
}

static void
assert_formats (GstDmabufFormatSet * set, const gchar * expected)
{
  GString *text = g_string_new (NULL);
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++) {
    gchar *name = gst_dmabuf_format_to_string (gst_dmabuf_format_set_get_nth
        (set, i));

    g_string_append_printf (text, "%s%s", i ? " " : "", name);
    g_free (name);
  }
  g_assert_cmpstr (text->str, ==, expected);
  g_string_free (text, TRUE);
  gst_dmabuf_format_set_unref (set);
}

static GstDmabufFormatSet *
set_from (const gchar * text)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  gchar **words = g_strsplit (text, " ", -1), **word;

  for (word = words; *word; word++) {
    GstDmabufFormat format;

    if (!**word)
      continue;
    fail_unless (gst_dmabuf_format_parse (*word, &format, NULL));
    gst_dmabuf_format_set_builder_add (builder, &format);
  }
  g_strfreev (words);
  return gst_dmabuf_format_set_builder_end (builder);
}

static const struct
{
  const gchar *caps;
  GstDmabufDialect dialects;
  const gchar *formats;
} sets[] = {
  {"EMPTY", GST_DMABUF_DIALECT_ALL, ""},
  {"ANY", GST_DMABUF_DIALECT_ALL, ""},
  {EXPLICIT "{NV12, NV12:0x1, R8, XR24:" X_TILED "}", GST_DMABUF_DIALECT_ALL,
      "NV12 NV12:0x0000000000000001 R8   XR24:" X_TILED},
  /* what is no format, or says what it cannot, is passed over */
  {EXPLICIT "{NV12:0x, NV12:0xffffffffffffff, XR24, (int)3}",
      GST_DMABUF_DIALECT_ALL, "XR24"},
  {EXPLICIT "ZZZZ", GST_DMABUF_DIALECT_ALL, "ZZZZ"},
  {LEGACY "{NV12, NOSUCH, BGRx}", GST_DMABUF_DIALECT_ALL,
      "NV12:0x00ffffffffffffff XR24:0x00ffffffffffffff"},
  {SYSTEM "{NV12, NV12_4L4, GBR}", GST_DMABUF_DIALECT_ALL,
      "NV12 NV12:" VIVANTE},
  {EXPLICIT "NV12;" LEGACY "NV12;" SYSTEM "BGRx", GST_DMABUF_DIALECT_ALL,
      "NV12 NV12:0x00ffffffffffffff XR24"},
  {EXPLICIT "NV12;" LEGACY "NV12;" SYSTEM "BGRx", GST_DMABUF_DIALECT_LEGACY,
      "NV12:0x00ffffffffffffff"},
  {EXPLICIT "NV12;" LEGACY "NV12;" SYSTEM "BGRx",
      GST_DMABUF_DIALECT_EXPLICIT | GST_DMABUF_DIALECT_SYSTEM, "NV12 XR24"},
  /* both dialects in one structure */
  {"video/x-raw(memory:DMABuf),format={DMA_DRM,BGRx},drm-format=NV12",
      GST_DMABUF_DIALECT_ALL, "NV12 XR24:0x00ffffffffffffff"},
  {"video/x-raw(memory:DMABuf)", GST_DMABUF_DIALECT_ALL, ""},
  {"video/x-raw(memory:GLMemory),format=NV12", GST_DMABUF_DIALECT_ALL, ""},
  {"video/x-h264,format=NV12", GST_DMABUF_DIALECT_ALL, ""},
  /* types that nobody expects */
  {EXPLICIT "(int)5", GST_DMABUF_DIALECT_ALL, ""},
  {EXPLICIT "<NV12,XR24>", GST_DMABUF_DIALECT_ALL, ""},
  {EXPLICIT "{ XR24, { NV12, NV21 }, [ 1, 5 ] }", GST_DMABUF_DIALECT_ALL,
      "XR24"},
  {"video/x-raw(memory:DMABuf),format=(int)5,drm-format=NV12",
      GST_DMABUF_DIALECT_ALL, ""},
  {SYSTEM "{ NV12, (int)5, { I420 } }", GST_DMABUF_DIALECT_ALL, "NV12"},
  /* no memory is two kinds at once; fields of an image do not count */
  {"video/x-raw(memory:DMABuf,memory:GLMemory),format=NV12",
      GST_DMABUF_DIALECT_ALL, ""},
  {"video/x-raw(memory:DMABuf,format:Interlaced),format=NV12",
      GST_DMABUF_DIALECT_ALL, "NV12:0x00ffffffffffffff"},
  {"video/x-raw(format:Interlaced),format=NV12", GST_DMABUF_DIALECT_ALL,
      "NV12"},
};

GST_START_TEST (test_set_from_caps)
{
  GstCaps *caps = caps_from (sets[__i__].caps);

  assert_formats (gst_dmabuf_format_set_from_caps (caps,
          sets[__i__].dialects), sets[__i__].formats);
  gst_caps_unref (caps);
}

GST_END_TEST;

#define ANY_SIZE ",width=[1,2147483647],height=[1,2147483647]," \
    "framerate=[0/1,2147483647/1]"

static const struct
{
  const gchar *set;
  GstDmabufDialect dialects;
  const gchar *caps;
} made[] = {
  {"", GST_DMABUF_DIALECT_ALL, "EMPTY"},
  {"NV12", GST_DMABUF_DIALECT_EXPLICIT, EXPLICIT "NV12" ANY_SIZE},
  {"NV12", GST_DMABUF_DIALECT_LEGACY, "EMPTY"},
  {"NV12", GST_DMABUF_DIALECT_SYSTEM, SYSTEM "NV12" ANY_SIZE},
  {"NV12:" X_TILED " NV12 XR24 NV12:0xffffffffffffff", GST_DMABUF_DIALECT_ALL,
      EXPLICIT "{NV12:" X_TILED ",NV12,XR24}" ANY_SIZE ";"
        LEGACY "NV12" ANY_SIZE ";" SYSTEM "{NV12,BGRx}" ANY_SIZE},
  /* two fourccs of one GstVideoFormat, and one that has none */
  {"GREY R8 NV42", GST_DMABUF_DIALECT_SYSTEM, SYSTEM "GRAY8" ANY_SIZE},
  /* GRAY8 would be read as R8, which is not there */
  {"GREY XV20 P030", GST_DMABUF_DIALECT_SYSTEM, SYSTEM "NV12_10LE32" ANY_SIZE},
  {"GREY:0xffffffffffffff", GST_DMABUF_DIALECT_LEGACY, "EMPTY"},
  {"NV12:" VIVANTE, GST_DMABUF_DIALECT_SYSTEM, SYSTEM "NV12_4L4" ANY_SIZE},
};

GST_START_TEST (test_caps_from_set)
{
  GstDmabufFormatSet *set = set_from (made[__i__].set);

  assert_caps (gst_dmabuf_caps_from_set (set, made[__i__].dialects),
      made[__i__].caps);
  gst_dmabuf_format_set_unref (set);
}

GST_END_TEST;

#define FILTER_SET "XR24:" X_TILED " NV12 XR24 NV12:0xffffffffffffff NV12:" \
    VIVANTE

static const struct
{
  const gchar *caps, *filtered;
} filters[] = {
  {"EMPTY", "EMPTY"},
  /* order of the set; unknown fields, sizes and other features stay */
  {EXPLICIT "{NV12,AR24,XR24,XR24:" X_TILED "},width=[16,64],x-mine=(int)7",
      EXPLICIT "{XR24:" X_TILED ",NV12,XR24},width=[16,64],x-mine=(int)7"},
  {EXPLICIT "NV12:0x0,width=16", EXPLICIT "NV12,width=16"},
  {EXPLICIT "{AR24,NV12:0x}", "EMPTY"},
  {"video/x-raw(memory:DMABuf,meta:Mine),format=DMA_DRM,drm-format=NV12",
      "video/x-raw(memory:DMABuf,meta:Mine),format=DMA_DRM,drm-format=NV12"},
  {LEGACY "{BGRx,NV12}", LEGACY "NV12"},
  {SYSTEM "{I420,BGRx,NV12_4L4,NV12},height=480",
      SYSTEM "{NV12,BGRx,NV12_4L4},height=480"},
  {SYSTEM "I420", "EMPTY"},
  {"video/x-raw,height=480", SYSTEM "{NV12,BGRx,NV12_4L4},height=480"},
  {"video/x-raw(memory:DMABuf),height=480",
      EXPLICIT "{XR24:" X_TILED ",NV12,XR24,NV12:" VIVANTE "},height=480;"
        LEGACY "NV12,height=480"},
  {"video/x-raw(memory:DMABuf),format={NV12,DMA_DRM},drm-format=NV12",
      EXPLICIT "NV12;" LEGACY "NV12"},
  {"video/x-raw(ANY),format={NV12,BGRx},height=480",
      LEGACY "NV12,height=480;" SYSTEM "{NV12,BGRx},height=480"},
  {"video/x-raw(memory:GLMemory),format=NV12;" SYSTEM "NV12", SYSTEM "NV12"},
  {"video/x-h264;" SYSTEM "NV12;" EXPLICIT "NV12",
      SYSTEM "NV12;" EXPLICIT "NV12"},
};

GST_START_TEST (test_filter_caps)
{
  GstDmabufFormatSet *set = set_from (FILTER_SET);
  GstCaps *caps = caps_from (filters[__i__].caps);

  assert_caps (gst_dmabuf_caps_filter_set (caps, set), filters[__i__].filtered);
  gst_caps_unref (caps);
  gst_dmabuf_format_set_unref (set);
}

GST_END_TEST;

GST_START_TEST (test_filter_any_caps)
{
  GstDmabufFormatSet *set = set_from ("NV12");
  GstCaps *any = gst_caps_new_any ();

  assert_caps (gst_dmabuf_caps_filter_set (any, set),
      EXPLICIT "NV12" ANY_SIZE ";" SYSTEM "NV12" ANY_SIZE);
  gst_caps_unref (any);
  gst_dmabuf_format_set_unref (set);
}

GST_END_TEST;

static const struct
{
  const gchar *caps, *format;
  GstDmabufDialect dialect;
  const gchar *fixated;         /* NULL if nothing fits */
} fixations[] = {
  {EXPLICIT "{XR24,NV12},width=[16,64];" SYSTEM "NV12", "NV12",
      GST_DMABUF_DIALECT_EXPLICIT, EXPLICIT "NV12,width=[16,64]"},
  {EXPLICIT "{XR24,NV12};" SYSTEM "{BGRx,NV12},height=[1,9]", "NV12",
      GST_DMABUF_DIALECT_SYSTEM, SYSTEM "NV12,height=[1,9]"},
  {EXPLICIT "XR24,width=1;" EXPLICIT "{NV12},width=2", "NV12",
      GST_DMABUF_DIALECT_EXPLICIT, EXPLICIT "NV12,width=2"},
  {LEGACY "{BGRx,NV12}", "NV12:0xffffffffffffff", GST_DMABUF_DIALECT_LEGACY,
      LEGACY "NV12"},
  {"video/x-raw(memory:DMABuf),width=5", "NV12:" X_TILED,
      GST_DMABUF_DIALECT_EXPLICIT, EXPLICIT "NV12:" X_TILED ",width=5"},
  {"video/x-raw(ANY),width=5", "NV12", GST_DMABUF_DIALECT_SYSTEM,
      SYSTEM "NV12,width=5"},
  {EXPLICIT "NV12", "XR24", GST_DMABUF_DIALECT_EXPLICIT, NULL},
  {EXPLICIT "NV12", "NV12", GST_DMABUF_DIALECT_SYSTEM, NULL},
  {LEGACY "NV12", "NV12", GST_DMABUF_DIALECT_LEGACY, NULL},
  {"video/x-raw(memory:DMABuf)", "NV12:0xffffffffffffff",
      GST_DMABUF_DIALECT_EXPLICIT, NULL},
  {"EMPTY", "NV12", GST_DMABUF_DIALECT_EXPLICIT, NULL},
};

GST_START_TEST (test_fixate)
{
  GstCaps *caps = caps_from (fixations[__i__].caps);
  GstDmabufFormat format;
  gboolean ok;

  fail_unless (gst_dmabuf_format_parse (fixations[__i__].format, &format,
          NULL));
  ok = gst_dmabuf_caps_fixate_format (caps, &format, fixations[__i__].dialect);
  fail_unless (ok == (fixations[__i__].fixated != NULL));
  assert_caps (caps, ok ? fixations[__i__].fixated : fixations[__i__].caps);
}

GST_END_TEST;

GST_START_TEST (test_value)
{
  GstDmabufFormatSet *set = set_from ("NV12 NV12:0xffffffffffffff XR24:"
      X_TILED);
  GValue value = G_VALUE_INIT, again = G_VALUE_INIT;
  GError *error = NULL;

  gst_dmabuf_format_set_to_value (set, &value);
  fail_unless (GST_VALUE_HOLDS_LIST (&value));
  fail_unless_equals_int (gst_value_list_get_size (&value), 2);
  assert_formats (gst_dmabuf_format_set_from_value (&value, &error),
      "NV12 XR24:" X_TILED);
  g_assert_no_error (error);

  /* The second time it is the same strings. */
  gst_dmabuf_format_set_to_value (set, &again);
  fail_unless (g_value_get_string (gst_value_list_get_value (&value, 0))
      == g_value_get_string (gst_value_list_get_value (&again, 0)));
  g_value_unset (&again);
  g_value_unset (&value);
  gst_dmabuf_format_set_unref (set);

  set = set_from ("NV12:0xffffffffffffff XR24");
  gst_dmabuf_format_set_to_value (set, &value);
  g_assert_cmpstr (g_value_get_string (&value), ==, "XR24");
  g_value_unset (&value);
  gst_dmabuf_format_set_unref (set);

  set = set_from ("");
  gst_dmabuf_format_set_to_value (set, &value);
  fail_unless_equals_int (gst_value_list_get_size (&value), 0);
  g_value_unset (&value);
  gst_dmabuf_format_set_unref (set);
}

GST_END_TEST;

/* A peer's table may name a fourcc that has no letters. */
GST_START_TEST (test_unspeakable_fourcc)
{
  GstDmabufFormat strange = GST_DMABUF_FORMAT_INIT (0x01020304, 0);
  GstDmabufFormat nv12 = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12, 0);
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  GstDmabufFormatSet *set, *back;
  GstCaps *caps = caps_from ("video/x-raw(memory:DMABuf),width=5");
  GValue value = G_VALUE_INIT;
  GError *error = NULL;

  gst_dmabuf_format_set_builder_add (builder, &strange);
  gst_dmabuf_format_set_builder_add (builder, &nv12);
  set = gst_dmabuf_format_set_builder_end (builder);
  gst_dmabuf_format_set_to_value (set, &value);
  back = gst_dmabuf_format_set_from_value (&value, &error);
  g_assert_no_error (error);
  assert_formats (back, "NV12");
  g_value_unset (&value);
  gst_dmabuf_format_set_unref (set);

  fail_if (gst_dmabuf_caps_fixate_format (caps, &strange,
          GST_DMABUF_DIALECT_EXPLICIT));
  assert_caps (caps, "video/x-raw(memory:DMABuf),width=5");
}

GST_END_TEST;

/* Strings of a list are not checked by GStreamer. */
GST_START_TEST (test_no_utf8)
{
  GValue list = G_VALUE_INIT, item = G_VALUE_INIT;
  GError *error = NULL;

  g_value_init (&list, GST_TYPE_LIST);
  g_value_init (&item, G_TYPE_STRING);
  g_value_set_string (&item, "NV12:\xff\xfe");
  gst_value_list_append_value (&list, &item);
  g_value_set_string (&item, NULL);
  gst_value_list_append_value (&list, &item);
  fail_if (gst_dmabuf_format_set_from_value (&list, &error));
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  fail_unless (g_utf8_validate (error->message, -1, NULL));
  g_clear_error (&error);
  g_value_unset (&item);
  g_value_unset (&list);
}

GST_END_TEST;

GST_START_TEST (test_bad_value)
{
  static const gchar *const bad[] = {
    "x,v=(int)5", "x,v=NV12:0x", "x,v={NV12,(int)5}", "x,v={NV12,NV12:0x}",
    "x,v=NV12:0xffffffffffffff", "x,v=<NV12>",
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (bad); i++) {
    GstStructure *structure = gst_structure_from_string (bad[i], NULL);
    GError *error = NULL;

    fail_if (gst_dmabuf_format_set_from_value (gst_structure_get_value
            (structure, "v"), &error));
    g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
    g_clear_error (&error);
    gst_structure_free (structure);
  }
}

GST_END_TEST;

/* Long lists of a peer: each step is one pass. Quadratic code would run into
 * the time limit of the test. */
GST_START_TEST (test_long_list)
{
  GString *text = g_string_new (EXPLICIT "{");
  GstDmabufFormatSet *set, *half;
  GstCaps *caps, *filtered;
  guint i;

  for (i = 0; i < LONG_LIST; i++)
    g_string_append_printf (text, "%sXR24:0x%016x", i ? "," : "", i + 1);
  g_string_append (text, "}");
  caps = caps_from (text->str);
  g_string_free (text, TRUE);

  set = gst_dmabuf_format_set_from_caps (caps, GST_DMABUF_DIALECT_ALL);
  fail_unless_equals_int (gst_dmabuf_format_set_get_n_formats (set), LONG_LIST);
  filtered = gst_dmabuf_caps_filter_set (caps, set);
  half = gst_dmabuf_format_set_from_caps (filtered, GST_DMABUF_DIALECT_ALL);
  fail_unless (gst_dmabuf_format_set_equal (set, half));
  gst_caps_unref (filtered);
  gst_dmabuf_format_set_unref (half);

  filtered = gst_dmabuf_caps_from_set (set, GST_DMABUF_DIALECT_ALL);
  fail_unless_equals_int (gst_caps_get_size (filtered), 1);
  fail_unless (gst_dmabuf_caps_fixate_format (filtered,
          gst_dmabuf_format_set_get_nth (set, LONG_LIST - 1),
          GST_DMABUF_DIALECT_EXPLICIT));
  gst_caps_unref (filtered);
  gst_dmabuf_format_set_unref (set);
  gst_caps_unref (caps);
}

GST_END_TEST;

static gpointer
use_set (gpointer user_data)
{
  GstDmabufFormatSet *set = user_data;
  guint i;

  for (i = 0; i < 200; i++) {
    GstCaps *caps = gst_dmabuf_caps_from_set (set, GST_DMABUF_DIALECT_ALL);

    assert_formats (gst_dmabuf_format_set_from_caps (caps,
            GST_DMABUF_DIALECT_EXPLICIT), "NV12 XR24");
    gst_caps_unref (caps);
  }
  return NULL;
}

GST_START_TEST (test_threads_share_a_set)
{
  GstDmabufFormatSet *set = set_from ("NV12 XR24");
  GThread *threads[4];
  guint i;

  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("user", use_set, set);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  gst_dmabuf_format_set_unref (set);
}

GST_END_TEST;

static Suite *
caps_suite (void)
{
  Suite *s = suite_create ("caps");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_set_from_caps, 0, G_N_ELEMENTS (sets));
  tcase_add_loop_test (tc, test_caps_from_set, 0, G_N_ELEMENTS (made));
  tcase_add_loop_test (tc, test_filter_caps, 0, G_N_ELEMENTS (filters));
  tcase_add_test (tc, test_filter_any_caps);
  tcase_add_loop_test (tc, test_fixate, 0, G_N_ELEMENTS (fixations));
  tcase_add_test (tc, test_value);
  tcase_add_test (tc, test_bad_value);
  tcase_add_test (tc, test_unspeakable_fourcc);
  tcase_add_test (tc, test_no_utf8);
  tcase_add_test (tc, test_long_list);
  tcase_add_test (tc, test_threads_share_a_set);
  return s;
}

DMABUF_TEST_MAIN (caps_suite)
