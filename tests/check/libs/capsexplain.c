/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The first reason and the nearest miss, for pairs of caps that do not meet.
 */
#include <gst/dmabuf/gstdmabufcapsexplain.h>
#include "dmabuftest.h"

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

GST_START_TEST (test_describe)
{
  GstCaps *caps = gst_caps_from_string ("audio/x-raw,rate=8000");
  gchar *text = gst_dmabuf_caps_describe (caps);

  fail_unless_equals_string (text, "audio/x-raw, rate=(int)8000");
  g_free (text);
  gst_caps_unref (caps);

  caps = gst_caps_new_any ();
  text = gst_dmabuf_caps_describe (caps);
  fail_unless_equals_string (text, "anything");
  g_free (text);
  gst_caps_unref (caps);
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
  tcase_add_test (tc, test_describe);
  tcase_add_test (tc, test_first_caps);
  return s;
}

DMABUF_TEST_MAIN (capsexplain_suite)
