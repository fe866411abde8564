/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The first reason and the nearest miss, for pairs of caps that do not meet.
 */
#include <gst/dmabuf/gstdmabufcapsexplain.h>
#include "dmabuftest.h"

#define LONG_LIST 3000
#define DRM "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format="

static const struct
{
  const gchar *name, *produced, *consumed;
  const gchar *reason;          /* how the text begins */
} rows[] = {
  {"nothing downstream", "video/x-raw", "EMPTY",
      "Downstream takes nothing at all"},
  {"nothing upstream", "EMPTY", "video/x-raw",
      "Upstream offers nothing at all"},
  {"other modifier", DRM "NV12:0x0100000000000002", DRM "NV12",
      "Both sides have NV12"},
  {"alpha twin", DRM "XR24", DRM "{ AR24, NV12 }",
      "No format in common as dma-bufs with a modifier; nearest are XR24 "
        "upstream and AR24 downstream"},
  {"other fourcc", DRM "NV12", DRM "XR24",
      "No format in common as dma-bufs with a modifier."},
  {"system formats", "video/x-raw,format=I420", "video/x-raw,format=NV12",
      "No format in common as any memory."},
  {"dialects", "video/x-raw(memory:DMABuf),format=NV12", DRM "NV12",
      "The two sides speak of different memory"},
  {"width", "video/x-raw,format=NV12,width=9000,height=16",
        "video/x-raw,format=NV12,width=[1,8192],height=[1,8192]",
      "Formats agree, but not width: upstream sends 9000, downstream takes "
        "[ 1, 8192 ]"},
  {"framerate", DRM "NV12,framerate=30/1", DRM "NV12,framerate=60/1",
      "Formats agree, but not framerate"},
  {"two fields, no format", "video/x-raw,width=9000,height=9000",
        "video/x-raw,format=NV12,width=[1,8192],height=[1,8192]",
      "Several fields of the two sides exclude each other. Upstream offers "
        "video/x-raw"},
  {"media type", "video/x-h264", DRM "NV12",
      "Upstream sends video/x-h264, downstream takes video/x-raw. "},
  {"memory", "video/x-raw(memory:GLMemory),format=NV12", DRM "NV12",
      "The two sides speak of different memory. "},
  {"any memory", "video/x-raw(ANY),format=NV12,width=9000",
        "video/x-raw(memory:DMABuf),format=NV12,width=[1,8192]",
      "Formats agree, but not width: "},
  /* a field whose name only sounds like the format */
  {"other format", DRM "NV12,alignment-format=(string)a",
        DRM "NV12,alignment-format=(string)b",
      "Formats agree, but not alignment-format: "},
  {"blanks of a fourcc", DRM "\"R8  :0x0100000000000001\"", DRM "R8",
      "Both sides have R8 as dma-bufs"},
  {"alpha twin, other way round", DRM "{ NV12, AR24 }", DRM "XR24",
      "No format in common as dma-bufs with a modifier; nearest are AR24 "
        "upstream and XR24 downstream"},
  {"two fields", "video/x-raw,format=NV12,width=9000,height=9000",
        "video/x-raw,format=NV12,width=[1,8192],height=[1,8192]",
      "Formats agree, but several other fields do not"},
  {"colorimetry of the second structure",
        "video/x-raw(memory:DMABuf),format=NV12; "
        "video/x-raw,format=NV12,colorimetry=bt709",
        "video/x-raw,format=NV12,colorimetry=bt601",
      "Formats agree, but not colorimetry"},
};

GST_START_TEST (test_reason)
{
  GstCaps *produced = gst_caps_from_string (rows[__i__].produced);
  GstCaps *consumed = gst_caps_from_string (rows[__i__].consumed);
  gchar *text = gst_dmabuf_caps_explain_mismatch (produced, consumed);

  fail_unless (g_str_has_prefix (text, rows[__i__].reason), "%s: %s",
      rows[__i__].name, text);
  g_free (text);
  gst_caps_unref (produced);
  gst_caps_unref (consumed);
}

GST_END_TEST;

GST_START_TEST (test_no_mismatch)
{
  GstCaps *caps = gst_caps_from_string (DRM "NV12");
  gchar *text = gst_dmabuf_caps_explain_mismatch (caps, caps);

  fail_unless_equals_string (text, "The two sides have caps in common");
  g_free (text);
  gst_caps_unref (caps);
}

GST_END_TEST;

static const struct
{
  const gchar *caps, *text;
} descriptions[] = {
  {"audio/x-raw,rate=8000", "audio/x-raw, rate=(int)8000"},
  {"ANY", "anything"},
  {"EMPTY", "nothing"},
  {DRM "{ NV12, XR24 },width=[1,2147483647],height=[1,2147483647]",
      "dma-bufs with a modifier: NV12, XR24 (linear)"},
  {DRM "NV12,width=640,height=480; video/x-raw,format=I420,width=640,"
        "height=480",
      "dma-bufs with a modifier: NV12 (linear); any memory: YU12 (linear), "
        "640 x 480 pixels"},
  {"video/x-raw,format=I420,width=640,height=480; video/x-raw,format=NV12,"
        "width=[16,64],height=16",
      "any memory: YU12, NV12 (linear), 640 x 480 or [ 16, 64 ] x 16 pixels"},
  {"video/x-raw,format=I420,width=1,height=1; video/x-raw,format=I420,width=2,"
        "height=1; video/x-raw,format=I420,width=3,height=1; "
        "video/x-raw,format=I420,width=4,height=1",
      "any memory: YU12 (linear), 1 x 1 or 2 x 1 or 3 x 1 pixels or other "
        "sizes"},
};

GST_START_TEST (test_describe)
{
  GstCaps *caps = gst_caps_from_string (descriptions[__i__].caps);
  gchar *text = gst_dmabuf_caps_describe (caps);

  fail_unless_equals_string (text, descriptions[__i__].text);
  g_free (text);
  gst_caps_unref (caps);
}

GST_END_TEST;

static GstCaps *
make_long_list (guint first_modifier)
{
  GString *text = g_string_new (DRM "{");
  GstCaps *caps;
  guint i;

  for (i = 0; i < LONG_LIST; i++)
    g_string_append_printf (text, "%sXR24:0x%08x", i ? "," : "",
        first_modifier + i);
  caps = gst_caps_from_string (g_string_append (text, "}")->str);
  g_string_free (text, TRUE);
  return caps;
}

/* What somebody reads stays short, however long the lists of both sides. */
GST_START_TEST (test_long_lists)
{
  GstCaps *produced = make_long_list (1);
  GstCaps *consumed = make_long_list (1 << 20);
  gchar *text = gst_dmabuf_caps_explain_mismatch (produced, consumed);

  fail_unless (g_str_has_prefix (text, "Both sides have XR24 as dma-bufs"));
  fail_unless (strlen (text) < 1000, "%s", text);
  g_free (text);
  gst_caps_unref (consumed);
  gst_caps_unref (produced);
}

GST_END_TEST;

/* A filter that excludes everything hides the sink; the look behind it finds
 * what the sink takes. */
GST_START_TEST (test_first_caps)
{
  GstElement *filter = gst_check_setup_element ("capsfilter");
  GstElement *sink = gst_check_setup_element ("capsfilter");
  GstPad *pad = gst_pad_new ("src", GST_PAD_SRC), *peer;
  GstCaps *caps, *nv12 = gst_caps_from_string ("video/x-raw,format=NV12");
  gchar *name = NULL;

  g_object_set (sink, "name", "theend", "caps", nv12, NULL);
  gst_caps_unref (nv12);
  caps = gst_caps_from_string ("video/x-raw,format=I420");
  g_object_set (filter, "caps", caps, NULL);
  gst_caps_unref (caps);
  fail_unless (gst_element_link_pads_full (filter, "src", sink, "sink",
          GST_PAD_LINK_CHECK_NOTHING));
  peer = gst_element_get_static_pad (filter, "sink");
  fail_unless_equals_int (gst_pad_link_full (pad, peer,
          GST_PAD_LINK_CHECK_NOTHING), GST_PAD_LINK_OK);

  caps = gst_pad_peer_query_caps (pad, NULL);
  fail_unless (gst_caps_is_empty (caps));
  gst_caps_unref (caps);
  caps = gst_dmabuf_pad_query_first_caps (pad, &name);
  fail_unless (caps != NULL);
  fail_unless_equals_string (name, "theend");
  g_free (name);
  gst_caps_unref (caps);

  gst_pad_unlink (pad, peer);
  gst_element_unlink (filter, sink);
  gst_object_unref (peer);
  gst_object_unref (pad);
  gst_check_teardown_element (filter);
  gst_check_teardown_element (sink);
}

GST_END_TEST;

static Suite *
capsexplain_suite (void)
{
  Suite *s = suite_create ("capsexplain");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_reason, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, test_no_mismatch);
  tcase_add_loop_test (tc, test_describe, 0, G_N_ELEMENTS (descriptions));
  tcase_add_test (tc, test_long_lists);
  tcase_add_test (tc, test_first_caps);
  return s;
}

DMABUF_TEST_MAIN (capsexplain_suite)
