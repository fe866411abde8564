/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Atomic commits of the mock device, checked as the kernel's
 * drm_atomic_plane_check() and drm_atomic_helper_check_plane_state() do.
 */
#include "mockdrmprivate.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const drmModeModeInfo *
get_mode (const MockValues * values)
{
  GBytes *bytes = g_hash_table_lookup (mock_state.blobs,
      GUINT_TO_POINTER ((guint) values->crtc[MOCK_MODE_ID]));

  return bytes ? g_bytes_get_data (bytes, NULL) : NULL;
}

const drmModeModeInfo *
mock_drm_get_mode (void)
{
  return mock_state.now.crtc[MOCK_ACTIVE] ? get_mode (&mock_state.now) : NULL;
}

static gboolean
lists (const MockPlane * plane, guint32 fourcc)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (plane->formats); i++)
    if (fourcc != 0 && plane->formats[i] == fourcc)
      return TRUE;
  return FALSE;
}

static gboolean
covers (const guint64 * v, const drmModeModeInfo * mode)
{
  return (gint64) v[MOCK_CRTC_X] <= 0 && (gint64) v[MOCK_CRTC_Y] <= 0
      && (gint64) v[MOCK_CRTC_X] + (gint64) v[MOCK_CRTC_W] >= mode->hdisplay
      && (gint64) v[MOCK_CRTC_Y] + (gint64) v[MOCK_CRTC_H] >= mode->vdisplay;
}

static gint
check_plane (const MockValues * values, guint index)
{
  const MockPlane *plane = &mock_state.config.planes[index];
  const guint64 *v = values->planes[index];
  const MockFramebuffer *framebuffer;

  if ((v[MOCK_FB_ID] == 0) != (v[MOCK_CRTC_ID] == 0))
    return EINVAL;
  if (v[MOCK_FB_ID] == 0)
    return 0;
  if (v[MOCK_FB_ID] == MOCK_FOREIGN_FB)
    return mock_drm.foreign_fb_gone ? ENOENT : 0;
  framebuffer = g_hash_table_lookup (mock_state.framebuffers,
      GUINT_TO_POINTER ((guint) v[MOCK_FB_ID]));
  if (!framebuffer)
    return ENOENT;
  if (!lists (plane, framebuffer->fourcc) || !get_mode (values))
    return EINVAL;
  if ((v[MOCK_SRC_X] + v[MOCK_SRC_W]) >> 16 > framebuffer->width
      || (v[MOCK_SRC_Y] + v[MOCK_SRC_H]) >> 16 > framebuffer->height)
    return ENOSPC;
  if (!plane->can_scale && (v[MOCK_SRC_W] >> 16 != v[MOCK_CRTC_W]
          || v[MOCK_SRC_H] >> 16 != v[MOCK_CRTC_H]))
    return ERANGE;
  if (!plane->can_position && !covers (v, get_mode (values)))
    return EINVAL;
  return 0;
}

static gint
check (const MockValues * values, guint32 flags)
{
  const drmModeModeInfo *before = mock_drm_get_mode ();
  const drmModeModeInfo *after =
      values->crtc[MOCK_ACTIVE] ? get_mode (values) : NULL;
  gboolean modeset = !before != !after || (before
      && memcmp (before, after, sizeof (*before)) != 0);
  guint i;

  if (values->crtc[MOCK_ACTIVE] && !after)
    return EINVAL;
  if (modeset && !(flags & DRM_MODE_ATOMIC_ALLOW_MODESET))
    return EINVAL;
  if (mock_state.config.needs_primary && after
      && values->planes[0][MOCK_FB_ID] == 0)
    return EINVAL;
  for (i = 0; i < mock_state.config.n_planes; i++) {
    gint errnum = check_plane (values, i);

    if (errnum != 0)
      return errnum;
  }
  if (modeset && !(flags & DRM_MODE_ATOMIC_TEST_ONLY))
    mock_drm.n_modesets++;
  return 0;
}

void
mock_drm_send_events (void)
{
  gssize written = write (mock_state.kernel_fd, mock_state.events->data,
      mock_state.events->len);

  g_assert_cmpint (written, ==, mock_state.events->len);
  g_byte_array_set_size (mock_state.events, 0);
}

static void
queue_event (guint64 user_data)
{
  struct drm_event_vblank event = { {DRM_EVENT_FLIP_COMPLETE, sizeof (event)},
  user_data,
  };

  g_byte_array_append (mock_state.events, (guint8 *) & event, sizeof (event));
  if (!mock_drm.hold_events)
    mock_drm_send_events ();
}

static gint
find_fault (guint32 flags)
{
  if (mock_drm.gone)
    return ENODEV;
  if (mock_drm.n_once > 0) {
    mock_drm.n_once--;
    return mock_drm.once_errno;
  }
  if (flags & DRM_MODE_ATOMIC_TEST_ONLY)
    return 0;
  if (mock_drm.commit_errno)
    return mock_drm.commit_errno;
  return flags & DRM_MODE_ATOMIC_NONBLOCK ? mock_drm.flip_errno : 0;
}

static void
set_values (MockValues * values, const struct drm_mode_atomic *request)
{
  const guint32 *objects = (const guint32 *) (guintptr) request->objs_ptr;
  const guint32 *counts = (const guint32 *) (guintptr) request->count_props_ptr;
  const guint32 *property = (const guint32 *) (guintptr) request->props_ptr;
  const guint64 *value = (const guint64 *) (guintptr) request->prop_values_ptr;
  guint i, j;

  for (i = 0; i < request->count_objs; i++)
    for (j = 0; j < counts[i]; j++)
      *mock_value (values, objects[i], *property++ - MOCK_PROPERTY_BASE) =
          *value++;
}

gint
mock_drm_atomic (const struct drm_mode_atomic *request)
{
  guint32 flags = request->flags;
  MockValues values = mock_state.now;
  gint errnum = find_fault (flags);

  if (errnum != 0)
    return errnum;
  set_values (&values, request);
  errnum = check (&values, flags);
  if (flags & DRM_MODE_ATOMIC_TEST_ONLY) {
    mock_drm.n_tests++;
    return errnum;
  }
  if (errnum != 0)
    return errnum;
  mock_drm.n_commits++;
  mock_drm.n_blocking += !(flags & DRM_MODE_ATOMIC_NONBLOCK);
  mock_state.now = values;
  if (flags & DRM_MODE_PAGE_FLIP_EVENT)
    queue_event (request->user_data);
  return 0;
}
