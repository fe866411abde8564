/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * One plane of a DRM device: the formats that it lists and the properties that
 * a commit sets. What a commit does with them is in kmscommit.
 */
#pragma once

#include <gst/video/video.h>

#include <gst/dmabuf/gstdmabufformatset.h>

#include "kmsdevice.h"

G_BEGIN_DECLS

/* Order and number match property_names[] in kmsplane.c. */
typedef enum
{
  KMS_PLANE_FB_ID,
  KMS_PLANE_CRTC_ID,
  KMS_PLANE_SRC_X,
  KMS_PLANE_SRC_Y,
  KMS_PLANE_SRC_W,
  KMS_PLANE_SRC_H,
  KMS_PLANE_CRTC_X,
  KMS_PLANE_CRTC_Y,
  KMS_PLANE_CRTC_W,
  KMS_PLANE_CRTC_H,
  KMS_PLANE_COLOR_ENCODING,
  KMS_PLANE_COLOR_RANGE,
  KMS_PLANE_ROTATION,
  KMS_PLANE_ALPHA,
  KMS_PLANE_TYPE,
  KMS_PLANE_IN_FORMATS,
  N_KMS_PLANE_PROPERTIES
} KmsPlaneProperty;

typedef struct
{
  guint32 id;
  guint32 possible_crtcs;       /* bit per CRTC index */
  guint64 type;                 /* DRM_PLANE_TYPE_ */
  /* What it lists, first without alpha (a source that can make both makes
   * none: there is nothing behind the video), then with; then, in tranches of
   * their own, the same with the modifier unsaid, and formats with alpha that
   * can be shown as their opaque twins. */
  GstDmabufFormatSet *formats;
  GstDmabufFormatSet *listed;   /* only what the kernel lists */
  KmsProperty properties[N_KMS_PLANE_PROPERTIES];       /* values: at open */
} KmsPlane;

/* Every plane of @device that has the properties of atomic mode setting; empty
 * if there are none. (transfer full) (element-type KmsPlane) */
GPtrArray *kms_planes_read (KmsDevice * device);

/* The format under which a frame of @format becomes a framebuffer for a plane
 * that lists @listed: itself, or its opaque twin. FALSE if neither is there. */
gboolean kms_plane_get_scanout_format (const GstDmabufFormatSet * listed,
    const GstDmabufFormat * format, GstDmabufFormat * scanout);

/* Numbers of COLOR_ENCODING and COLOR_RANGE for a YUV frame of @colorimetry;
 * FALSE if the plane has no such property or not that value. */
gboolean kms_plane_get_color_encoding (KmsDevice * device,
    const KmsPlane * plane, const GstVideoColorimetry * colorimetry,
    guint64 * value);
gboolean kms_plane_get_color_range (KmsDevice * device,
    const KmsPlane * plane, const GstVideoColorimetry * colorimetry,
    guint64 * value);

const gchar *kms_plane_get_type_name (const KmsPlane * plane);

G_END_DECLS
