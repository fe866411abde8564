/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * One atomic commit: collected, tested or applied, and the wait for the event
 * that says that it is on the screen. What to commit is decided by others.
 */
#pragma once

#include "kmsplane.h"

G_BEGIN_DECLS

/* A picture on a plane. Source in pixels of the framebuffer, target in pixels
 * of the mode. */
typedef struct
{
  const KmsPlane *plane;        /* borrowed; NULL: nothing */
  guint32 framebuffer_id;
  GstVideoRectangle source, target;
  gboolean has_encoding, has_range;
  guint64 encoding, range;
} KmsLayer;

typedef struct _KmsCommit KmsCommit;

typedef enum
{
  KMS_WAIT_DONE,
  KMS_WAIT_TIMEOUT,
  KMS_WAIT_CANCELLED,
  KMS_WAIT_ERROR
} KmsWait;

/* An empty commit for @device, to be used again and again by one thread. */
KmsCommit *kms_commit_new (KmsDevice * device);
void kms_commit_free (KmsCommit * commit);

/* Forgets what was collected. */
void kms_commit_begin (KmsCommit * commit);

/* Adds one property; nothing if the object does not have it. */
void kms_commit_set (KmsCommit * commit, guint32 object_id,
    const KmsProperty * property, guint64 value);

/* Adds everything that puts @layer on @crtc_id, or its framebuffer only. */
void kms_commit_set_layer (KmsCommit * commit, const KmsLayer * layer,
    guint32 crtc_id);
void kms_commit_set_framebuffer (KmsCommit * commit, const KmsPlane * plane,
    guint32 framebuffer_id);

/* Takes @plane off its CRTC. */
void kms_commit_clear_plane (KmsCommit * commit, const KmsPlane * plane);

/* Asks the kernel whether it would do it. 0 or a positive errno. */
gint kms_commit_test (KmsCommit * commit, gboolean modeset);

/* Does it without waiting; an event with @cookie comes when it is on the
 * screen. When the kernel is still busy with what another part of the program
 * committed, waits for that. 0 or a positive errno. */
gint kms_commit_flip (KmsCommit * commit, gboolean modeset, guint64 cookie);

/* Waits for the event of the flip with @cookie. Ends early when @cancel_fd
 * (-1: none) becomes readable. No lock is held and none may be. @error is set
 * for ERROR only. Two system calls if nothing disturbs. */
KmsWait kms_commit_wait (KmsDevice * device, guint64 cookie, gint cancel_fd,
    guint timeout_ms, GError ** error);

G_END_DECLS
