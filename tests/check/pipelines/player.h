/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A pipeline that ends in a display of the kernel's vkms driver: plays it,
 * tells what came of it, and reads what the display shows. The test fails
 * where the pipeline does something else than was asked for. It knows neither
 * which pipelines there are nor what their pictures should be.
 */
#pragma once

#include "dmabuftest.h"
#include "kmswriteback.h"

G_BEGIN_DECLS

/* Longer than any step takes in an emulated machine: a step that takes longer
 * hangs. */
#define PLAYER_PATIENCE (60 * GST_SECOND)

typedef struct
{
  KmsWriteback *writeback;      /* borrowed, may be NULL */
  GstElement *pipeline;
  GstElement *sink;             /* the element called "sink" */
  GstBus *bus;
} Player;

/* Becomes the master of vkms's display. NULL if the test has to end here, as
 * there is no such device. */
KmsWriteback *player_open_display (void);

/* The pipeline of a launch line whose last element is called "sink". It gets
 * the display of writeback, if there is one. */
void player_init (Player * player, KmsWriteback * writeback,
    const gchar * launch);
void player_init_printf (Player * player, KmsWriteback * writeback,
    const gchar * format, ...) G_GNUC_PRINTF (3, 4);

/* To NULL, and everything is freed. */
void player_clear (Player * player);

/* Sets the state and waits until it is reached. An error is a failure. */
void player_set_state (Player * player, GstState state);

/* To PLAYING and until EOS. An error is a failure. The last frame stays on the
 * display until player_clear(). */
void player_play (Player * player);

/* To PLAYING and until an error, EOS is a failure. Returns the error's text and
 * its debug text, in one string. (transfer full) */
gchar *player_play_to_error (Player * player);

/* To PLAYING, until either. TRUE on EOS; the error's text as above, or NULL. */
gboolean player_play_either (Player * player, gchar ** error);

/* One of the sink's counters, and its text "exporter". */
guint player_get_counter (const Player * player, const gchar * name);
gchar *player_get_exporter (const Player * player);

/* The caps that the sink got. (transfer full) */
GstCaps *player_get_caps (const Player * player);

/* Fails unless n frames were shown or more, and none was copied or dropped. */
void player_expect_no_copies (const Player * player, guint n);

/* What is on the display: the part where a centred frame of this size is. */
Picture *player_capture (const Player * player, guint width, guint height);

/* The part of a picture where a centred frame is. (transfer full) */
Picture *player_cut_centre (const Picture * whole, guint width, guint height);

/* The number that dmabuftestsrc left in the picture; fails without one. */
guint player_read_counter (const Picture * picture);

/* A row between the counter and the lower end of the colour bars, for pictures
 * of at least 96 rows. */
guint player_bars_row (const Picture * picture);

/* Fails unless the upper part of the picture has dmabuftestsrc's or
 * videotestsrc's seven colour bars. */
void player_expect_bars (const Picture * picture, guint tolerance,
    const gchar * what);

/* In place of dmabuf_test_check_fds() where elements of V4L2 are in the
 * pipeline: those of GStreamer 1.22 leave a device and sockets open. No dma-buf
 * and no display may be left. */
#define player_check_dmabufs(tcase) \
  tcase_add_checked_fixture (tcase, player_dmabufs_setup, \
      player_dmabufs_teardown)
void player_dmabufs_setup (void);
void player_dmabufs_teardown (void);

G_END_DECLS
