/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Displays for the mock device, named after what makes them differ.
 */
#pragma once

#include "mockdrm.h"

#define MOCK_MODE(w, h, hz, type_) { \
  .clock = ((w) + 160) * ((h) + 32) / 1000 * (hz) , \
  .hdisplay = (w), .hsync_start = (w) + 48, .hsync_end = (w) + 80, \
  .htotal = (w) + 160, .vdisplay = (h), .vsync_start = (h) + 3, \
  .vsync_end = (h) + 7, .vtotal = (h) + 32, .vrefresh = (hz), \
  .type = (type_) }

static const drmModeModeInfo mock_modes[] = {
  MOCK_MODE (1024, 768, 60, DRM_MODE_TYPE_PREFERRED),
  MOCK_MODE (1920, 1080, 60, 0),
  MOCK_MODE (1920, 1080, 50, 0),
  MOCK_MODE (1920, 1080, 24, 0),
  MOCK_MODE (800, 600, 60, 0),
  {0},
};

#define MOCK_FORMATS_RGB { DRM_FORMAT_XRGB8888 }
#define MOCK_FORMATS_ALL { DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888, \
    DRM_FORMAT_NV12, DRM_FORMAT_YUV420 }
#define MOCK_LINEAR { DRM_FORMAT_MOD_LINEAR, DRM_FORMAT_MOD_INVALID }

/* One plane that can be anywhere, like vkms. */
static const MockConfig mock_free = {
  .driver = "mock", .connector_type = DRM_MODE_CONNECTOR_VIRTUAL,
  .modes = mock_modes, .n_planes = 1,
  .planes = {{DRM_PLANE_TYPE_PRIMARY, MOCK_FORMATS_ALL, MOCK_LINEAR, FALSE,
          TRUE}},
};

/* One plane that must fill the mode, on a display that takes any mode, like
 * an emulated graphics card. */
static const MockConfig mock_rigid = {
  .driver = "mock", .connector_type = DRM_MODE_CONNECTOR_VIRTUAL,
  .modes = mock_modes, .n_planes = 1,
  .planes = {{DRM_PLANE_TYPE_PRIMARY, MOCK_FORMATS_RGB, MOCK_LINEAR, FALSE,
          FALSE}},
};

/* A television: fixed modes, the primary plane fills the mode, an overlay
 * shows video and scales. */
static const MockConfig mock_television = {
  .driver = "mock", .connector_type = DRM_MODE_CONNECTOR_HDMIA,
  .modes = mock_modes, .n_planes = 3, .needs_primary = TRUE, .was_on = TRUE,
  .planes = {
      {DRM_PLANE_TYPE_PRIMARY, MOCK_FORMATS_RGB, MOCK_LINEAR, FALSE, FALSE},
      {DRM_PLANE_TYPE_OVERLAY, MOCK_FORMATS_ALL, MOCK_LINEAR, TRUE, TRUE},
      {DRM_PLANE_TYPE_CURSOR, MOCK_FORMATS_ALL, MOCK_LINEAR, FALSE, TRUE}},
};
