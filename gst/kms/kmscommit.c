/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Atomic commits and their events (Documentation/gpu/drm-kms.rst, Atomic Mode
 * Setting).
 *
 * The ioctl takes four arrays (struct drm_mode_atomic in drm_mode.h). They are
 * kept from commit to commit: libdrm's drmModeAtomicCommit() would copy the
 * request and allocate them anew, six times for each frame.
 */
#define _GNU_SOURCE             /* ppoll */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "kmscommit.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define GST_CAT_DEFAULT kms_debug_category ()

#define N_TRIES 3

struct _KmsCommit
{
  KmsDevice *device;
  GArray *objects, *counts;     /* guint32: an object, how many properties */
  GArray *properties, *values;  /* guint32, guint64: of all, in that order */
};

KmsCommit *
kms_commit_new (KmsDevice * device)
{
  KmsCommit *commit = g_new0 (KmsCommit, 1);

  commit->device = kms_device_ref (device);
  commit->objects = g_array_new (FALSE, FALSE, sizeof (guint32));
  commit->counts = g_array_new (FALSE, FALSE, sizeof (guint32));
  commit->properties = g_array_new (FALSE, FALSE, sizeof (guint32));
  commit->values = g_array_new (FALSE, FALSE, sizeof (guint64));
  return commit;
}

void
kms_commit_free (KmsCommit * commit)
{
  if (!commit)
    return;
  g_array_unref (commit->objects);
  g_array_unref (commit->counts);
  g_array_unref (commit->properties);
  g_array_unref (commit->values);
  kms_device_unref (commit->device);
  g_free (commit);
}

void
kms_commit_begin (KmsCommit * commit)
{
  g_array_set_size (commit->objects, 0);
  g_array_set_size (commit->counts, 0);
  g_array_set_size (commit->properties, 0);
  g_array_set_size (commit->values, 0);
}

void
kms_commit_set (KmsCommit * commit, guint32 object_id,
    const KmsProperty * property, guint64 value)
{
  guint last = commit->objects->len - 1;
  guint32 none = 0;

  if (property->id == 0)
    return;
  /* An object may come again later: the kernel takes its properties in order,
   * and the last value counts. */
  if (commit->objects->len == 0
      || g_array_index (commit->objects, guint32, last) != object_id) {
    g_array_append_val (commit->objects, object_id);
    g_array_append_val (commit->counts, none);
    last = commit->objects->len - 1;
  }
  g_array_index (commit->counts, guint32, last)++;
  g_array_append_val (commit->properties, property->id);
  g_array_append_val (commit->values, value);
}

void
kms_commit_set_framebuffer (KmsCommit * commit, const KmsPlane * plane,
    guint32 framebuffer_id)
{
  kms_commit_set (commit, plane->id, &plane->properties[KMS_PLANE_FB_ID],
      framebuffer_id);
}

void
kms_commit_set_layer (KmsCommit * commit, const KmsLayer * layer,
    guint32 crtc_id)
{
  const GstVideoRectangle *source = &layer->source;
  const GstVideoRectangle *target = &layer->target;
  const KmsProperty *p = layer->plane->properties;
  guint32 id = layer->plane->id;

  kms_commit_set_framebuffer (commit, layer->plane, layer->framebuffer_id);
  kms_commit_set (commit, id, &p[KMS_PLANE_CRTC_ID], crtc_id);
  /* 16.16 fixed point */
  kms_commit_set (commit, id, &p[KMS_PLANE_SRC_X], (guint64) source->x << 16);
  kms_commit_set (commit, id, &p[KMS_PLANE_SRC_Y], (guint64) source->y << 16);
  kms_commit_set (commit, id, &p[KMS_PLANE_SRC_W], (guint64) source->w << 16);
  kms_commit_set (commit, id, &p[KMS_PLANE_SRC_H], (guint64) source->h << 16);
  kms_commit_set (commit, id, &p[KMS_PLANE_CRTC_X], (gint64) target->x);
  kms_commit_set (commit, id, &p[KMS_PLANE_CRTC_Y], (gint64) target->y);
  kms_commit_set (commit, id, &p[KMS_PLANE_CRTC_W], target->w);
  kms_commit_set (commit, id, &p[KMS_PLANE_CRTC_H], target->h);
  if (layer->has_encoding)
    kms_commit_set (commit, id, &p[KMS_PLANE_COLOR_ENCODING], layer->encoding);
  if (layer->has_range)
    kms_commit_set (commit, id, &p[KMS_PLANE_COLOR_RANGE], layer->range);
  /* The last user of the plane may have left it turned or faded. */
  kms_commit_set (commit, id, &p[KMS_PLANE_ROTATION], DRM_MODE_ROTATE_0);
  kms_commit_set (commit, id, &p[KMS_PLANE_ALPHA], 0xffff);
}

void
kms_commit_clear_plane (KmsCommit * commit, const KmsPlane * plane)
{
  kms_commit_set_framebuffer (commit, plane, 0);
  kms_commit_set (commit, plane->id, &plane->properties[KMS_PLANE_CRTC_ID], 0);
}

static gint
commit_with (KmsCommit * commit, guint32 flags, guint64 cookie)
{
  struct drm_mode_atomic request = {
    .flags = flags,
    .count_objs = commit->objects->len,
    .objs_ptr = (guintptr) commit->objects->data,
    .count_props_ptr = (guintptr) commit->counts->data,
    .props_ptr = (guintptr) commit->properties->data,
    .prop_values_ptr = (guintptr) commit->values->data,
    .user_data = cookie,
  };

  gint errnum;
  guint i;

  /* A commit changes nothing or everything. What the kernel cannot allocate in
   * one moment it often can in the next, and the other ways out are worse: a
   * lost frame, a worse mode, a display that is not put back. */
  for (i = 0; i < N_TRIES; i++) {
    errnum = drmIoctl (commit->device->fd, DRM_IOCTL_MODE_ATOMIC, &request)
        == 0 ? 0 : errno;
    if (errnum != ENOMEM)
      break;
  }
  return errnum;
}

gint
kms_commit_test (KmsCommit * commit, gboolean modeset)
{
  return commit_with (commit, DRM_MODE_ATOMIC_TEST_ONLY
      | (modeset ? DRM_MODE_ATOMIC_ALLOW_MODESET : 0), 0);
}

gint
kms_commit_flip (KmsCommit * commit, gboolean modeset, guint64 cookie)
{
  guint32 flags = DRM_MODE_PAGE_FLIP_EVENT
      | (modeset ? DRM_MODE_ATOMIC_ALLOW_MODESET : 0);
  gint errnum = commit_with (commit, flags | DRM_MODE_ATOMIC_NONBLOCK, cookie);

  if (errnum != EBUSY)
    return errnum;
  GST_DEBUG ("a commit of somebody else is under way, waiting for it");
  return commit_with (commit, flags, cookie);
}

/* Looks for the flip with @cookie in @size bytes of events. */
static gboolean
find_flip (const guint8 * data, gsize size, guint64 cookie)
{
  gboolean found = FALSE;
  gsize at = 0;

  while (size - at >= sizeof (struct drm_event)) {
    struct drm_event event;
    struct drm_event_vblank flip;

    memcpy (&event, data + at, sizeof (event));
    if (event.length < sizeof (event) || event.length > size - at)
      break;
    if (event.type == DRM_EVENT_FLIP_COMPLETE && event.length >= sizeof (flip)) {
      memcpy (&flip, data + at, sizeof (flip));
      /* A late event of an earlier flip does not count. */
      found |= flip.user_data == cookie;
    }
    at += event.length;
  }
  return found;
}

static gint
wait_readable (struct pollfd fds[2], gint64 left)
{
  struct timespec timeout;

  if (left < 0)
    left = 0;
  timeout.tv_sec = left / G_USEC_PER_SEC;
  timeout.tv_nsec = (left % G_USEC_PER_SEC) * 1000;
  return ppoll (fds, 2, &timeout, NULL);
}

KmsWait
kms_commit_wait (KmsDevice * device, guint64 cookie, gint cancel_fd,
    guint timeout_ms, GError ** error)
{
  gint64 left = (gint64) timeout_ms * 1000;
  gint64 deadline = g_get_monotonic_time () + left;
  guint8 data[1024];

  /* Usually one round: the clock, which some machines cannot read without a
   * system call, is read again only for another. */
  for (;; left = deadline - g_get_monotonic_time ()) {
    struct pollfd fds[2] = { {device->fd, POLLIN, 0}, {cancel_fd, POLLIN, 0} };
    gint ready = wait_readable (fds, left);
    gssize size;

    if (ready < 0 && (errno == EINTR || errno == EAGAIN))
      continue;
    if (ready < 0) {
      kms_device_set_error (device, errno, error, "waiting for a page flip");
      return KMS_WAIT_ERROR;
    }
    if (ready == 0)
      return KMS_WAIT_TIMEOUT;
    /* The flip first: when both are there, its buffer can be let go. */
    if (fds[0].revents & POLLIN) {
      size = read (device->fd, data, sizeof (data));
      if (size > 0 && find_flip (data, size, cookie))
        return KMS_WAIT_DONE;
      if (size < 0 && errno != EINTR && errno != EAGAIN) {
        kms_device_set_error (device, errno, error, "reading a page flip");
        return KMS_WAIT_ERROR;
      }
    } else if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
      g_atomic_int_set (&device->gone, TRUE);
      kms_device_set_error (device, ENODEV, error, "waiting for a page flip");
      return KMS_WAIT_ERROR;
    }
    if (fds[1].revents != 0)
      return KMS_WAIT_CANCELLED;
  }
}
