/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The writeback connector of vkms (Documentation/gpu/vkms.rst; Writeback
 * Connectors in Documentation/gpu/drm-kms.rst).
 */
#include "kmswriteback.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define XRGB8888 0x34325258     /* fourcc XR24 */
/* An emulated machine may be slow. */
#define FENCE_TIMEOUT_MS 60000

struct _KmsWriteback
{
  gint fd;
  guint32 connector_id;
};

/* Memory into which the kernel writes. */
typedef struct
{
  guint32 width, height, handle, pitch, framebuffer_id;
  guint64 size;
  guint8 *data;
} Target;

static void
set_error (GError ** error, gint errnum, const gchar * what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errnum), "%s: %s",
      what, g_strerror (errnum));
}

static guint64
read_property (gint fd, guint32 object, guint32 type, const gchar * name,
    guint32 * id)
{
  drmModeObjectProperties *all = drmModeObjectGetProperties (fd, object, type);
  guint64 value = 0;
  guint i;

  *id = 0;
  for (i = 0; all && i < all->count_props; i++) {
    drmModePropertyRes *property = drmModeGetProperty (fd, all->props[i]);

    if (property && strcmp (property->name, name) == 0) {
      *id = property->prop_id;
      value = all->prop_values[i];
    }
    drmModeFreeProperty (property);
  }
  drmModeFreeObjectProperties (all);
  return value;
}

static gboolean
is_vkms (gint fd)
{
  drmVersion *version = drmGetVersion (fd);
  gboolean is = version && strcmp (version->name, "vkms") == 0;

  if (version)
    drmFreeVersion (version);
  return is;
}

static gint
open_vkms (const gchar * path)
{
  guint i;

  if (path)
    return open (path, O_RDWR | O_CLOEXEC);
  for (i = 0; i < 64; i++) {
    gchar *node = g_strdup_printf ("/dev/dri/card%u", i);
    gint fd = open (node, O_RDWR | O_CLOEXEC);

    g_free (node);
    if (fd >= 0 && is_vkms (fd))
      return fd;
    if (fd >= 0)
      close (fd);
  }
  errno = ENOENT;
  return -1;
}

static guint32
find_connector (gint fd)
{
  drmModeRes *resources = drmModeGetResources (fd);
  guint32 id = 0;
  gint i;

  for (i = 0; resources && i < resources->count_connectors && !id; i++) {
    drmModeConnector *connector =
        drmModeGetConnector (fd, resources->connectors[i]);

    if (connector
        && connector->connector_type == DRM_MODE_CONNECTOR_WRITEBACK)
      id = connector->connector_id;
    drmModeFreeConnector (connector);
  }
  drmModeFreeResources (resources);
  return id;
}

KmsWriteback *
kms_writeback_open (const gchar * path, GError ** error)
{
  KmsWriteback *writeback = g_new0 (KmsWriteback, 1);

  writeback->fd = open_vkms (path);
  if (writeback->fd < 0) {
    set_error (error, errno, path ? path : "no device of driver vkms");
    g_free (writeback);
    return NULL;
  }
  /* Writeback connectors are offered to atomic clients only. */
  if (drmSetClientCap (writeback->fd, DRM_CLIENT_CAP_ATOMIC, 1) != 0
      || drmSetClientCap (writeback->fd, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS,
          1) != 0) {
    set_error (error, errno, "no writeback connectors");
    kms_writeback_close (writeback);
    return NULL;
  }
  if (!drmIsMaster (writeback->fd) && drmSetMaster (writeback->fd) != 0) {
    set_error (error, errno, "another program is master of the display");
    kms_writeback_close (writeback);
    return NULL;
  }
  writeback->connector_id = find_connector (writeback->fd);
  if (writeback->connector_id == 0) {
    set_error (error, ENOENT, "no writeback connector");
    kms_writeback_close (writeback);
    return NULL;
  }
  return writeback;
}

void
kms_writeback_close (KmsWriteback * writeback)
{
  close (writeback->fd);
  g_free (writeback);
}

gint
kms_writeback_get_fd (KmsWriteback * writeback)
{
  return writeback->fd;
}

/* The CRTC that is on, and the size of its mode. */
static guint32
find_crtc (gint fd, Target * target)
{
  drmModeRes *resources = drmModeGetResources (fd);
  guint32 id = 0;
  gint i;

  for (i = 0; resources && i < resources->count_crtcs && !id; i++) {
    drmModeCrtc *crtc = drmModeGetCrtc (fd, resources->crtcs[i]);

    if (crtc && crtc->mode_valid) {
      id = crtc->crtc_id;
      target->width = crtc->mode.hdisplay;
      target->height = crtc->mode.vdisplay;
    }
    drmModeFreeCrtc (crtc);
  }
  drmModeFreeResources (resources);
  return id;
}

static gboolean
target_init (Target * target, gint fd, GError ** error)
{
  guint32 handles[4] = { 0, }, pitches[4] = { 0, }, offsets[4] = { 0, };
  guint64 map_offset;
  gint ret;

  ret = drmModeCreateDumbBuffer (fd, target->width, target->height, 32, 0,
      &target->handle, &target->pitch, &target->size);
  if (ret != 0) {
    set_error (error, -ret, "memory for the picture");
    return FALSE;
  }
  handles[0] = target->handle;
  pitches[0] = target->pitch;
  ret = drmModeAddFB2 (fd, target->width, target->height, XRGB8888, handles,
      pitches, offsets, &target->framebuffer_id, 0);
  if (ret == 0)
    ret = drmModeMapDumbBuffer (fd, target->handle, &map_offset);
  if (ret != 0) {
    set_error (error, -ret, "framebuffer for the picture");
    return FALSE;
  }
  target->data = mmap (NULL, target->size, PROT_READ, MAP_SHARED, fd,
      map_offset);
  if (target->data == MAP_FAILED) {
    target->data = NULL;
    set_error (error, errno, "mapping the picture");
    return FALSE;
  }
  return TRUE;
}

static void
target_clear (Target * target, gint fd)
{
  if (target->data)
    munmap (target->data, target->size);
  if (target->framebuffer_id)
    drmModeRmFB (fd, target->framebuffer_id);
  if (target->handle)
    drmModeDestroyDumbBuffer (fd, target->handle);
}

static void
add (drmModeAtomicReq * request, gint fd, guint32 connector,
    const gchar * name, guint64 value)
{
  guint32 id;

  read_property (fd, connector, DRM_MODE_OBJECT_CONNECTOR, name, &id);
  drmModeAtomicAddProperty (request, connector, id, value);
}

/* Attaches the connector to @crtc and writes one picture, or detaches it if
 * @target is NULL. */
static gint
commit (KmsWriteback * writeback, guint32 crtc, const Target * target,
    gint * fence_fd)
{
  drmModeAtomicReq *request = drmModeAtomicAlloc ();
  gint ret;

  add (request, writeback->fd, writeback->connector_id, "CRTC_ID",
      target ? crtc : 0);
  if (target) {
    add (request, writeback->fd, writeback->connector_id, "WRITEBACK_FB_ID",
        target->framebuffer_id);
    add (request, writeback->fd, writeback->connector_id,
        "WRITEBACK_OUT_FENCE_PTR", (guintptr) fence_fd);
  }
  ret = drmModeAtomicCommit (writeback->fd, request,
      DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
  drmModeAtomicFree (request);
  return -ret;
}

static gint
wait_for_fence (gint fence_fd)
{
  struct pollfd fd = { fence_fd, POLLIN, 0 };
  gint ready;

  do
    ready = poll (&fd, 1, FENCE_TIMEOUT_MS);
  while (ready < 0 && errno == EINTR);
  if (ready < 0)
    return errno;
  return ready == 1 ? 0 : ETIMEDOUT;
}

static Picture *
copy_picture (const Target * target)
{
  Picture *picture = picture_new (target->width, target->height);
  guint x, y;

  for (y = 0; y < target->height; y++) {
    const guint8 *row = target->data + (gsize) y * target->pitch;
    guint32 *pixels = picture->pixels + (gsize) y * picture->width;

    for (x = 0; x < target->width; x++, row += 4)
      pixels[x] = row[2] << 16 | row[1] << 8 | row[0];
  }
  return picture;
}

Picture *
kms_writeback_capture (KmsWriteback * writeback, GError ** error)
{
  Target target = { 0, };
  Picture *picture = NULL;
  gint fence_fd = -1, errnum;
  guint32 crtc = find_crtc (writeback->fd, &target);

  if (crtc == 0) {
    set_error (error, ENODATA, "the display is off");
    return NULL;
  }
  if (target_init (&target, writeback->fd, error)) {
    errnum = commit (writeback, crtc, &target, &fence_fd);
    if (errnum == 0)
      errnum = wait_for_fence (fence_fd);
    if (errnum == 0)
      picture = copy_picture (&target);
    else
      set_error (error, errnum, "writing the picture back");
    if (fence_fd >= 0)
      close (fence_fd);
    commit (writeback, crtc, NULL, NULL);
  }
  target_clear (&target, writeback->fd);
  return picture;
}
