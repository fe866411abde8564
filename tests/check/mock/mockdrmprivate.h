/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The inside of the mock device, shared by its files: mockdrm.c (objects,
 * memory), mockdrmdevice.c (what a device says of itself), mockdrmcommit.c.
 */
#pragma once

#include "mockdrm.h"

G_BEGIN_DECLS

#define MOCK_PROPERTY_BASE 1000

/* Order and number match property_names[] in mockdrm.c. */
typedef enum
{
  MOCK_FB_ID,
  MOCK_CRTC_ID,
  MOCK_SRC_X,
  MOCK_SRC_Y,
  MOCK_SRC_W,
  MOCK_SRC_H,
  MOCK_CRTC_X,
  MOCK_CRTC_Y,
  MOCK_CRTC_W,
  MOCK_CRTC_H,
  MOCK_COLOR_ENCODING,
  MOCK_COLOR_RANGE,
  MOCK_TYPE,
  MOCK_IN_FORMATS,
  MOCK_ACTIVE,
  MOCK_MODE_ID,
  N_MOCK_PROPERTIES
} MockProperty;

typedef struct
{
  guint64 connector[N_MOCK_PROPERTIES];
  guint64 crtc[N_MOCK_PROPERTIES];
  guint64 planes[MOCK_MAX_PLANES][N_MOCK_PROPERTIES];
} MockValues;

typedef struct
{
  guint width, height;
  guint32 fourcc;
} MockFramebuffer;

typedef struct
{
  MockConfig config;
  MockValues now;
  gint fd, kernel_fd;           /* events go from kernel_fd to fd */
  GHashTable *handles, *framebuffers, *blobs;
  GByteArray *events;           /* held back */
  guint32 next_id, next_handle;
} MockState;

extern MockState mock_state;

guint64 *mock_value (MockValues * values, guint32 object,
    MockProperty property);

/* DRM_IOCTL_MODE_ATOMIC: 0 or a positive errno. */
gint mock_drm_atomic (const struct drm_mode_atomic *request);

/* Stores the IN_FORMATS blob of @plane, returns its id. */
guint32 mock_drm_make_in_formats (const MockPlane * plane);

G_END_DECLS
