/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Framebuffers. All GEM handles live and die in this file.
 *
 * The kernel gives one handle a dma-buf and open of the node, whoever asks and
 * however often, and the first GEM_CLOSE ends it (include/uapi/drm/drm.h). So
 * a lock covers the time from the first PRIME_FD_TO_HANDLE to the last
 * GEM_CLOSE of an import, and each distinct handle is closed once.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "kmsframebuffer.h"

#include <errno.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define GST_CAT_DEFAULT kms_debug_category ()

#ifndef DRM_IOCTL_MODE_CLOSEFB
/* Linux 6.8, include/uapi/drm/drm_mode.h */
struct drm_mode_closefb
{
  guint32 fb_id;
  guint32 pad;
};
#define DRM_IOCTL_MODE_CLOSEFB DRM_IOWR (0xD0, struct drm_mode_closefb)
#endif

/* Plane alignment that every scan-out engine met so far accepts. */
#define BLANK_STRIDE_ALIGN 256

static gboolean
open_handles (KmsDevice * device, const GstDmabufFrame * frame,
    guint32 handles[4], GError ** error)
{
  guint i;

  for (i = 0; i < frame->layout.n_objects; i++) {
    gint errnum;

    if (drmPrimeFDToHandle (device->import_fd, frame->fds[i], &handles[i])
        == 0)
      continue;
    errnum = errno;
    handles[i] = 0;
    if (errnum == ENODEV && kms_device_probe (device))
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
          "%s: driver %s takes no memory of other devices", device->path,
          device->driver);
    else
      kms_device_set_error (device, errnum, error,
          "this dma-buf cannot be imported");
    return FALSE;
  }
  return TRUE;
}

static void
close_handles (KmsDevice * device, const guint32 handles[4])
{
  guint i, j;

  for (i = 0; i < 4; i++) {
    for (j = 0; j < i && handles[j] != handles[i]; j++);
    if (handles[i] != 0 && j == i)
      drmCloseBufferHandle (device->import_fd, handles[i]);
  }
}

static void
set_add_error (KmsDevice * device, gint errnum, const GstDmabufLayout * layout,
    const GstDmabufFormat * scanout, GError ** error)
{
  gchar *format, *text;

  if (errnum != EINVAL && errnum != ERANGE && errnum != ENOENT) {
    kms_device_set_error (device, errnum, error, "cannot make a framebuffer");
    return;
  }
  format = gst_dmabuf_format_to_string (scanout);
  text = gst_dmabuf_layout_to_string (layout);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
      "%s (driver %s) refuses a framebuffer of %s with layout %s: %s",
      device->path, device->driver, format, text, g_strerror (errnum));
  g_free (text);
  g_free (format);
}

/* @handles: one an object of @layout. Returns 0 or the errno. */
static gint
add_framebuffer (KmsDevice * device, const GstDmabufLayout * layout,
    const GstDmabufFormat * scanout, const guint32 handles[4], guint32 * id)
{
  guint32 bo[4] = { 0, }, pitches[4] = { 0, }, offsets[4] = { 0, };
  guint64 modifiers[4] = { 0, };
  gboolean explicit_modifier = device->has_modifiers
      && !gst_dmabuf_format_is_implicit (scanout);
  gint ret;
  guint i;

  for (i = 0; i < layout->n_planes; i++) {
    const GstDmabufPlane *plane = &layout->planes[i];

    if (plane->offset > G_MAXUINT32)
      return ERANGE;
    /* A handle is wanted for each plane, also when they share one. */
    bo[i] = handles[plane->object];
    pitches[i] = plane->stride;
    offsets[i] = plane->offset;
    modifiers[i] = scanout->modifier;
  }
  /* LINEAR is said too: without it the driver may read what it remembers of
   * the memory's tiling (DRM_FORMAT_MOD_LINEAR in drm_fourcc.h). */
  if (explicit_modifier)
    ret = drmModeAddFB2WithModifiers (device->import_fd, layout->width,
        layout->height, scanout->fourcc, bo, pitches, offsets, modifiers, id,
        DRM_MODE_FB_MODIFIERS);
  else
    ret = drmModeAddFB2 (device->import_fd, layout->width, layout->height,
        scanout->fourcc, bo, pitches, offsets, id, 0);
  return ret == 0 ? 0 : -ret;
}

static KmsFramebuffer *
framebuffer_new (KmsDevice * device, guint32 id, guint32 dumb_handle,
    const GstDmabufLayout * layout, const GstDmabufFormat * scanout)
{
  KmsFramebuffer *framebuffer = g_new (KmsFramebuffer, 1);

  framebuffer->device = kms_device_ref (device);
  framebuffer->id = id;
  framebuffer->dumb_handle = dumb_handle;
  framebuffer->format = *scanout;
  framebuffer->width = layout->width;
  framebuffer->height = layout->height;
  framebuffer->leaves_screen = FALSE;
  return framebuffer;
}

KmsFramebuffer *
kms_framebuffer_import (KmsDevice * device, const GstDmabufFrame * frame,
    const GstDmabufFormat * scanout, GError ** error)
{
  guint32 handles[4] = { 0, };
  guint32 id = 0;
  gboolean opened;
  gint errnum = 0;

  g_mutex_lock (&device->import_lock);
  opened = open_handles (device, frame, handles, error);
  if (opened)
    errnum = add_framebuffer (device, &frame->layout, scanout, handles, &id);
  close_handles (device, handles);
  g_mutex_unlock (&device->import_lock);

  if (!opened)
    return NULL;
  if (errnum != 0) {
    set_add_error (device, errnum, &frame->layout, scanout, error);
    return NULL;
  }
  GST_DEBUG ("framebuffer %u of %ux%u", id, frame->layout.width,
      frame->layout.height);
  return framebuffer_new (device, id, 0, &frame->layout, scanout);
}

/* Dumb memory big enough for @layout; its own pitch does not matter. */
static gint
create_dumb (KmsDevice * device, const GstDmabufLayout * layout,
    guint32 * handle)
{
  guint64 size = 0, made;
  guint32 pitch, stride = layout->planes[0].stride;
  guint i;

  for (i = 0; i < layout->n_planes; i++)
    size = MAX (size, (guint64) layout->planes[i].offset
        + layout->planes[i].size);
  if (stride % 4 != 0 || size / stride >= G_MAXUINT32)
    return ERANGE;
  return -drmModeCreateDumbBuffer (device->import_fd, stride / 4,
      size / stride + (size % stride != 0), 32, 0, handle, &pitch, &made);
}

KmsFramebuffer *
kms_framebuffer_new_blank (KmsDevice * device, const GstDmabufFormat * format,
    guint width, guint height, GError ** error)
{
  GstDmabufFormat linear =
      GST_DMABUF_FORMAT_INIT (format->fourcc, GST_DMABUF_MOD_LINEAR);
  GstDmabufConstraints constraints;
  GstDmabufLayout layout;
  guint32 handles[4] = { 0, };
  guint32 id = 0;
  gint errnum;

  if (!gst_dmabuf_format_is_linear (format)
      && !gst_dmabuf_format_is_implicit (format)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "no tiled memory of the device's own");
    return NULL;
  }
  gst_dmabuf_constraints_init (&constraints);
  constraints.stride_align = BLANK_STRIDE_ALIGN;
  constraints.max_objects = 1;
  if (!gst_dmabuf_layout_compute (&layout, &linear, width, height,
          &constraints, error))
    return NULL;

  errnum = create_dumb (device, &layout, &handles[0]);
  if (errnum != 0) {
    kms_device_set_error (device, errnum, error, "cannot create a dumb buffer");
    return NULL;
  }
  errnum = add_framebuffer (device, &layout, format, handles, &id);
  if (errnum != 0) {
    drmModeDestroyDumbBuffer (device->import_fd, handles[0]);
    set_add_error (device, errnum, &layout, format, error);
    return NULL;
  }
  return framebuffer_new (device, id, handles[0], &layout, format);
}

void
kms_framebuffer_free (KmsFramebuffer * framebuffer)
{
  struct drm_mode_closefb close_fb = { 0, };
  gint fd;

  if (!framebuffer)
    return;
  fd = framebuffer->device->import_fd;
  close_fb.fb_id = framebuffer->id;
  if (framebuffer->leaves_screen
      || drmIoctl (fd, DRM_IOCTL_MODE_CLOSEFB, &close_fb) != 0)
    drmModeRmFB (fd, framebuffer->id);
  if (framebuffer->dumb_handle != 0)
    drmModeDestroyDumbBuffer (fd, framebuffer->dumb_handle);
  kms_device_unref (framebuffer->device);
  g_free (framebuffer);
}
