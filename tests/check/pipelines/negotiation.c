/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What sources and the display agree upon when nobody tells them, two displays
 * at one source, and what is said when there is nothing to agree upon.
 */
#include "player.h"
#include "vkmsdevice.h"

#include <gst/dmabuf/gstdmabufcaps.h>

#define N_FRAMES 5

static const gchar *const any_format[] = {
  "videotestsrc pattern=smpte75", "dmabuftestsrc",
};

/* Of all that source and display can do: no alpha, as there is none to show. */
static void
expect_xr24 (const Player * player)
{
  GstCaps *caps = player_get_caps (player);
  GstDmabufVideoInfo info;

  fail_unless (gst_dmabuf_video_info_from_caps (&info, caps, NULL));
  fail_unless_equals_int_hex (info.format.fourcc,
      GST_MAKE_FOURCC ('X', 'R', '2', '4'));
  gst_caps_unref (caps);
}

/* Nothing but the two elements. The source writes into the sink's memory, or
 * the sink copies; either way stats says so. */
GST_START_TEST (test_no_caps_filter)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;
  Picture *picture;
  gchar *exporter;

  if (!writeback)
    return;
  player_init_printf (&player, writeback,
      "%s num-buffers=%u ! dmabufkmssink name=sink sync=false",
      any_format[__i__], N_FRAMES);
  player_play (&player);
  expect_xr24 (&player);
  picture = player_capture (&player, __i__ == 0 ? 320 : 640,
      __i__ == 0 ? 240 : 480);
  player_expect_bars (picture, 4, any_format[__i__]);
  fail_unless_equals_int (player_get_counter (&player, "frames"), N_FRAMES);
  fail_unless_equals_int (player_get_counter (&player, "staged"), 0);
  exporter = player_get_exporter (&player);
  fail_if (g_str_equal (exporter, ""));
  g_free (exporter);
  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static GstPadProbeReturn
replace_by_system_memory (GstPad * pad, GstPadProbeInfo * info,
    gpointer user_data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstBuffer *copy = gst_buffer_copy_deep (buffer);
  GstBuffer *plain = gst_buffer_new_allocate (NULL, gst_buffer_get_size (copy),
      NULL);
  GstMapInfo map;

  fail_unless (gst_buffer_map (copy, &map, GST_MAP_READ));
  gst_buffer_fill (plain, 0, map.data, map.size);
  gst_buffer_unmap (copy, &map);
  gst_buffer_copy_into (plain, buffer, GST_BUFFER_COPY_METADATA, 0, -1);
  gst_buffer_unref (copy);
  gst_buffer_unref (buffer);
  GST_PAD_PROBE_INFO_DATA (info) = plain;
  return GST_PAD_PROBE_OK;
}

/* Memory that is no dma-buf is shown all the same, and each copy is counted
 * and announced. */
GST_START_TEST (test_copies_are_counted)
{
  KmsWriteback *writeback = player_open_display ();
  GstMessage *message;
  GstPad *pad;
  Player player;
  Picture *picture;

  if (!writeback)
    return;
  player_init_printf (&player, writeback,
      "videotestsrc pattern=smpte75 num-buffers=%u ! dmabufkmssink name=sink sync=false",
      N_FRAMES);
  pad = gst_element_get_static_pad (player.sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, replace_by_system_memory,
      NULL, NULL);
  gst_object_unref (pad);
  gst_element_set_state (player.pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (player.bus, PLAYER_PATIENCE,
      GST_MESSAGE_ELEMENT);
  fail_unless (message != NULL);
  fail_unless (gst_message_has_name (message, "dmabuf-staging"));
  gst_message_unref (message);
  player_play (&player);
  picture = player_capture (&player, 320, 240);
  player_expect_bars (picture, 4, "copied");
  fail_unless_equals_int (player_get_counter (&player, "staged"), N_FRAMES);
  fail_unless_equals_int (player_get_counter (&player,
          "staged-system-memory"), N_FRAMES);
  picture_free (picture);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static VkmsDevice *
make_second_display (void)
{
  GError *error = NULL;
  VkmsDevice *device = vkms_device_new ("second", &error);

  fail_unless (device != NULL, "%s", error ? error->message : "");
  return device;
}

/* One source, two displays: both import the same memory. */
GST_START_TEST (test_two_displays)
{
  KmsWriteback *writeback = player_open_display (), *other_writeback;
  GError *error = NULL;
  VkmsDevice *device;
  Player player, other;
  Picture *picture;

  if (!writeback)
    return;
  device = make_second_display ();
  other_writeback = kms_writeback_open (vkms_device_get_node (device), &error);
  fail_unless (other_writeback != NULL, "%s", error ? error->message : "");

  player_init_printf (&player, writeback,
      "dmabuftestsrc num-buffers=%u ! video/x-raw(memory:DMABuf),format=DMA_DRM"
      ",drm-format=NV12,width=320,height=240 ! tee name=t"
      " t. ! queue ! dmabufkmssink name=sink sync=false zero-copy=require"
      " t. ! queue ! dmabufkmssink name=other sync=false zero-copy=require"
      " fd=%d", N_FRAMES, kms_writeback_get_fd (other_writeback));
  other = player;
  other.writeback = other_writeback;
  other.sink = gst_bin_get_by_name (GST_BIN (player.pipeline), "other");
  player_play (&player);

  picture = player_capture (&player, 320, 240);
  fail_unless_equals_int (player_read_counter (picture), N_FRAMES - 1);
  player_expect_bars (picture, 4, "first display");
  picture_free (picture);
  picture = player_capture (&other, 320, 240);
  fail_unless_equals_int (player_read_counter (picture), N_FRAMES - 1);
  player_expect_bars (picture, 4, "second display");
  picture_free (picture);
  player_expect_no_copies (&player, N_FRAMES);
  player_expect_no_copies (&other, N_FRAMES);

  gst_object_unref (other.sink);
  player_clear (&player);
  kms_writeback_close (other_writeback);
  vkms_device_free (device);
  kms_writeback_close (writeback);
}

GST_END_TEST;

/* Sources that are forced to what the display does not take, and how the lists
 * of either side begin. */
#define DISPLAY_LIST "XR24, XB24, RG24, BG24"
#define SOURCE_LIST "XR24, AR24, XB24, AB24"

static const struct
{
  const gchar *source, *theirs;
} nothing_in_common[] = {
  {"dmabuftestsrc ! video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=YUYV",
      SOURCE_LIST},
  {"dmabuftestsrc ! video/x-raw,format=YUY2", SOURCE_LIST},
  {"videotestsrc ! video/x-raw,format=YUY2", "YUYV (linear)"},
};

/* Text of all errors until the one that has both words, or until EOS. */
static gchar *
collect_errors (Player * player, const gchar * one, const gchar * two)
{
  GString *all = g_string_new (NULL);
  gboolean done = FALSE;

  gst_element_set_state (player->pipeline, GST_STATE_PLAYING);
  while (!done) {
    GstMessage *message = gst_bus_timed_pop_filtered (player->bus,
        PLAYER_PATIENCE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    GError *error;

    fail_unless (message != NULL, "%s", all->str);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
      gst_message_parse_error (message, &error, NULL);
      g_string_append_printf (all, "%s\n", error->message);
      done = strstr (error->message, one) && strstr (error->message, two);
      g_error_free (error);
    } else {
      fail ("errors: %s", all->str);
    }
    gst_message_unref (message);
  }
  return g_string_free (all, FALSE);
}

/* Sources of others say no more than "not negotiated"; the sink, which knows
 * both sides, speaks after them. */
GST_START_TEST (test_nothing_in_common)
{
  KmsWriteback *writeback = player_open_display ();
  Player player;

  if (!writeback)
    return;
  player_init_printf (&player, writeback,
      "%s ! dmabufkmssink name=sink zero-copy=require",
      nothing_in_common[__i__].source);
  g_free (collect_errors (&player, nothing_in_common[__i__].theirs,
          DISPLAY_LIST));
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
negotiation_suite (void)
{
  Suite *s = suite_create ("pipelines/negotiation");
  TCase *tc = tcase_create ("vkms");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_no_caps_filter, 0, G_N_ELEMENTS (any_format));
  tcase_add_test (tc, test_copies_are_counted);
  tcase_add_test (tc, test_two_displays);
  tcase_add_loop_test (tc, test_nothing_in_common, 0,
      G_N_ELEMENTS (nothing_in_common));
  return s;
}

DMABUF_TEST_MAIN (negotiation_suite)
