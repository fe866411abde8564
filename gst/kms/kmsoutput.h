/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * One display: a connector, the CRTC that feeds it, its modes, the planes on
 * that CRTC, and the state in which we found them all. Which mode and plane a
 * stream gets is decided in kmsfit; frames are shown by kmspresent.
 */
#pragma once

#include <xf86drmMode.h>

#include "kmscommit.h"
#include "kmsframebuffer.h"

G_BEGIN_DECLS

/* What an element's user asked for; zero means "any". */
typedef struct
{
  guint32 connector_id, plane_id;
  gboolean force_modesetting;   /* the video's own size as mode */
  gboolean can_scale;           /* try scaling; the kernel decides */
  GstVideoRectangle rectangle;  /* where to show; w 0: whole display */
} KmsOutputWish;

/* What is set: a mode, the video on one plane, and perhaps black under it. */
typedef struct
{
  gboolean valid;
  drmModeModeInfo mode;
  gboolean modeset;             /* differs from the mode before */
  KmsLayer video;
  KmsLayer backdrop;            /* plane NULL: none */
} KmsSetup;

/* Of one thread at a time, but for what is constant after creation: device,
 * ids, planes, formats, listed. */
typedef struct
{
  KmsDevice *device;
  KmsOutputWish wish;
  guint32 connector_id, connector_type, crtc_id;
  guint crtc_index;
  GArray *modes;                /* drmModeModeInfo, of the connector */
  GPtrArray *planes;            /* KmsPlane that may go on this CRTC */
  GstDmabufFormatSet *formats;  /* of all planes; see KmsPlane */
  GstDmabufFormatSet *listed;
  KmsProperty connector_crtc, crtc_active, crtc_mode;   /* values: found */
  drmModeModeInfo found_mode;
  gboolean found_active;

  KmsSetup setup;
  KmsCommit *commit;
  guint32 mode_blob;            /* of setup.mode; 0: none yet */
  KmsFramebuffer *backdrop;     /* nullable */
  KmsFramebuffer *old_backdrop; /* perhaps still on the screen; nullable */
} KmsOutput;

/* Finds the display that fits @wish on @device, and reads its state. NULL with
 * @error. (transfer full) */
KmsOutput *kms_output_new (KmsDevice * device, const KmsOutputWish * wish,
    GError ** error);

/* (nullable). Does not change what is on the screen, but what was shown there
 * from memory of this output goes. */
void kms_output_free (KmsOutput * output);

/* The mode that is on now, or the connector's preferred one. */
const drmModeModeInfo *kms_output_get_mode (const KmsOutput * output);

/* Makes @mode the property blob that output->mode_blob names. 0 or a positive
 * errno; then the old one is kept. */
gint kms_output_use_mode (KmsOutput * output, const drmModeModeInfo * mode);

/* Collects all of @setup, or the state that was found, in output->commit; the
 * latter without the pictures of @level 1, without anything on of @level 2. */
void kms_output_collect (KmsOutput * output, const KmsSetup * setup);
gboolean kms_output_collect_found (KmsOutput * output, guint level);

G_END_DECLS
