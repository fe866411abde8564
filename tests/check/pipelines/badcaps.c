/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Hostile caps before a display: from a launch line, where they must end in
 * words, and from a program that sends them without having asked.
 */
#include "player.h"

#define N_ENTRIES 10000

/* The error of a pipeline that must not play; it may fail to be made. */
static gchar *
get_launch_error (KmsWriteback * writeback, const gchar * launch)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch_full (launch, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);
  Player player;
  gchar *text;

  if (error) {
    text = g_strdup (error->message);
    g_clear_error (&error);
    if (pipeline)
      gst_object_unref (pipeline);
    return text;
  }
  gst_object_unref (pipeline);
  player_init (&player, writeback, launch);
  text = player_play_to_error (&player);
  player_clear (&player);
  return text;
}

static const gchar *const bad_caps[] = {
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12,width=0,height=0",
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12,width=1,height=1",
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12,width=8193,"
      "height=1",
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12,width=65535,"
      "height=65535",
  "video/x-raw,format=NV12,width=0,height=0",
  "video/x-raw,format=NV12,width=1,height=1",
  "video/x-raw,format=NV12,width=8193,height=1",
  "video/x-raw,format=NV12,width=65535,height=65535",
  "video/x-raw,format=NV12,width=2147483647,height=2147483647",
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12:0x",
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12:0x0",
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=ZZZZ",
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=(string)\"\"",
  "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12:0x00ffffffffffffff",
  "video/x-raw(memory:DMABuf),format=DMA_DRM,"
      "drm-format=NV12:0x0123456789abcdef0",
  "video/x-raw(memory:DMABuf),format=DMA_DRM",
  "video/x-raw,format=DMA_DRM,drm-format=NV12",
};

static const gchar *const sources[] = {
  "dmabuftestsrc num-buffers=2", "videotestsrc num-buffers=2",
};

GST_START_TEST (test_bad_caps_on_a_launch_line)
{
  KmsWriteback *writeback = player_open_display ();
  guint i;

  if (!writeback)
    return;
  for (i = 0; i < G_N_ELEMENTS (sources); i++) {
    gchar *launch = g_strdup_printf ("%s ! %s ! dmabufkmssink name=sink",
        sources[i], bad_caps[__i__]);
    gchar *error;

    /* Caps without a drm-format leave the choice, which the source takes. */
    if (g_str_has_suffix (bad_caps[__i__], "DMA_DRM") && i == 0) {
      g_free (launch);
      continue;
    }
    error = get_launch_error (writeback, launch);
    fail_unless (strlen (error) > 0);
    g_free (error);
    g_free (launch);
  }
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* appsrc sends its caps whatever was answered to queries. */
GST_START_TEST (test_bad_caps_unasked)
{
  KmsWriteback *writeback = player_open_display ();
  GstElement *source;
  GstBuffer *buffer;
  GstFlowReturn ret;
  GstCaps *caps;
  Player player;
  gchar *error;

  if (!writeback)
    return;
  player_init (&player, writeback,
      "appsrc name=source format=time ! dmabufkmssink name=sink");
  source = gst_bin_get_by_name (GST_BIN (player.pipeline), "source");
  caps = gst_caps_from_string (bad_caps[__i__]);
  fail_unless (caps != NULL);
  if (!gst_caps_is_fixed (caps))
    caps = gst_caps_fixate (caps);
  g_object_set (source, "caps", caps, NULL);
  gst_caps_unref (caps);
  buffer = gst_buffer_new_allocate (NULL, 4096, NULL);
  g_signal_emit_by_name (source, "push-buffer", buffer, &ret);
  gst_buffer_unref (buffer);
  error = player_play_to_error (&player);
  fail_unless_equals_int (player_get_counter (&player, "frames"), 0);
  g_free (error);
  gst_object_unref (source);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* 10,000 tiled formats, and perhaps a linear one at their end. */
static GstCaps *
make_long_list (const gchar * last)
{
  GstCaps *caps = gst_caps_from_string ("video/x-raw(memory:DMABuf),"
      "format=DMA_DRM,width=320,height=240,framerate=30/1");
  GValue list = G_VALUE_INIT, item = G_VALUE_INIT;
  guint i;

  g_value_init (&list, GST_TYPE_LIST);
  g_value_init (&item, G_TYPE_STRING);
  for (i = 1; i < N_ENTRIES; i++) {
    g_value_take_string (&item, g_strdup_printf ("NV12:0x%016x", i));
    gst_value_list_append_value (&list, &item);
  }
  g_value_set_string (&item, last);
  gst_value_list_append_value (&list, &item);
  gst_caps_set_value (caps, "drm-format", &list);
  g_value_unset (&item);
  g_value_unset (&list);
  return caps;
}

static void
init_with_long_list (Player * player, KmsWriteback * writeback,
    const gchar * last)
{
  GstCaps *caps = make_long_list (last);
  GstElement *filter;

  player_init (player, writeback, "dmabuftestsrc num-buffers=2"
      " ! capsfilter name=filter ! dmabufkmssink name=sink");
  filter = gst_bin_get_by_name (GST_BIN (player->pipeline), "filter");
  g_object_set (filter, "caps", caps, NULL);
  gst_object_unref (filter);
  gst_caps_unref (caps);
}

GST_START_TEST (test_long_list)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  gchar *error;

  if (!writeback)
    return;
  init_with_long_list (&player, writeback, "NV12");
  player_play (&player);
  player_expect_no_copies (&player, 2);
  player_clear (&player);

  init_with_long_list (&player, writeback, "NV12:0x00ffffff00000000");
  error = player_play_to_error (&player);
  fail_unless (strlen (error) < 10000, "a message of %u bytes",
      (guint) strlen (error));
  g_free (error);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
badcaps_suite (void)
{
  Suite *s = suite_create ("pipelines/badcaps");
  TCase *tc = tcase_create ("vkms");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_bad_caps_on_a_launch_line, 0,
      G_N_ELEMENTS (bad_caps));
  tcase_add_loop_test (tc, test_bad_caps_unasked, 0, G_N_ELEMENTS (bad_caps));
  tcase_add_test (tc, test_long_list);
  return s;
}

DMABUF_TEST_MAIN (badcaps_suite)
