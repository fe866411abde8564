/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * One DRM device, opened by us or handed over by the application. Which of
 * several devices is taken is decided in kmsdevicesearch.c.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "kmsdeviceprivate.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define GST_CAT_DEFAULT kms_debug_category ()

GstDebugCategory *
kms_debug_category (void)
{
  static gsize category = 0;

  if (g_once_init_enter (&category)) {
    GstDebugCategory *made = _gst_debug_category_new ("dmabufkms", 0,
        "KMS displays");

    g_once_init_leave (&category, GPOINTER_TO_SIZE (made));
  }
  return GSIZE_TO_POINTER (category);
}

static gboolean
has_cap (gint fd, guint64 cap, guint64 bits)
{
  uint64_t value = 0;

  return drmGetCap (fd, cap, &value) == 0 && (value & bits) != 0;
}

static gboolean
check_caps (KmsDevice * device, GError ** error)
{
  if (drmSetClientCap (device->fd, DRM_CLIENT_CAP_UNIVERSAL_PLANES, 1) != 0
      || drmSetClientCap (device->fd, DRM_CLIENT_CAP_ATOMIC, 1) != 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s (driver %s) has no atomic mode setting", device->path,
        device->driver);
    return FALSE;
  }
  if (!has_cap (device->fd, DRM_CAP_PRIME, DRM_PRIME_CAP_IMPORT)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s (driver %s) cannot import dma-bufs", device->path, device->driver);
    return FALSE;
  }
  device->has_modifiers = has_cap (device->fd, DRM_CAP_ADDFB2_MODIFIERS, 1);
  device->has_dumb = has_cap (device->fd, DRM_CAP_DUMB_BUFFER, 1);
  /* Accepted in a test, then another part is shown, and Linux 7.2 writes past
   * the end of its video memory when the part lies far enough from 0,0
   * (drivers/gpu/drm/tiny/bochs.c). */
  device->ignores_source_position =
      g_strcmp0 (device->driver, "bochs-drm") == 0;
  return TRUE;
}

static gboolean
read_resources (KmsDevice * device, GError ** error)
{
  drmModeRes *resources = drmModeGetResources (device->fd);

  if (!resources) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s (driver %s) has no displays", device->path, device->driver);
    return FALSE;
  }
  device->min_width = resources->min_width;
  device->min_height = resources->min_height;
  device->max_width = resources->max_width;
  device->max_height = resources->max_height;
  drmModeFreeResources (resources);
  return TRUE;
}

/* From sysfs: the kernel's own answer needs a master. "pci:0000:00:02.0" for
 * PCI, the bare name for other buses, as drmGetBusid() spells them. */
static gchar *
read_bus_id (guint64 devno)
{
  gchar *link = g_strdup_printf ("/sys/dev/char/%u:%u/device", major (devno),
      minor (devno));
  gchar *bus_link = g_build_filename (link, "subsystem", NULL);
  gchar *device_path = realpath (link, NULL);
  gchar *bus_path = realpath (bus_link, NULL);
  gchar *bus_id = NULL;

  if (device_path && bus_path) {
    gchar *name = g_path_get_basename (device_path);

    bus_id = g_strconcat (g_str_has_suffix (bus_path, "/pci") ? "pci:" : "",
        name, NULL);
    g_free (name);
  }
  free (bus_path);
  free (device_path);
  g_free (bus_link);
  g_free (link);
  return bus_id;
}

/* Some drivers (vkms) answer ioctls of a removed device as if it were there
 * and only refuse to show anything. */
static gboolean
is_registered (const KmsDevice * device)
{
  gchar *path;
  gboolean exists;

  path = g_strdup_printf ("/sys/dev/char/%u:%u", major (device->devno),
      minor (device->devno));
  exists = access (path, F_OK) == 0;
  g_free (path);
  return exists;
}

static void
read_names (KmsDevice * device, const gchar * path)
{
  drmVersion *version = drmGetVersion (device->fd);
  struct stat st;

  device->driver = g_strdup (version ? version->name : "unknown");
  if (version)
    drmFreeVersion (version);
  if (fstat (device->fd, &st) == 0)
    device->devno = st.st_rdev;
  if (path)
    device->path = g_strdup (path);
  else
    device->path = g_strdup_printf ("fd %d", device->fd);
  device->bus_id = read_bus_id (device->devno);
  device->in_sysfs = is_registered (device);
}

/* A framebuffer made on one open of the node can be shown through another, so
 * imports need not share GEM handles with the application's own ones (closing
 * a handle twice would free the other party's). An open that cannot be had
 * (no permission) leaves the application's descriptor. */
static gint
open_for_import (gint fd)
{
  gchar *path = drmGetDeviceNameFromFd2 (fd);
  gint import_fd = -1;

  if (path)
    import_fd = open (path, O_RDWR | O_CLOEXEC);
  if (import_fd >= 0 && drmIsMaster (import_fd)) {
    /* Nobody is master: then @fd must become it, not this one. */
    drmDropMaster (import_fd);
  }
  free (path);
  return import_fd >= 0 ? import_fd : fd;
}

static KmsDevice *
device_new (gint fd, const gchar * path, gboolean adopted)
{
  KmsDevice *device = g_new0 (KmsDevice, 1);

  device->refcount = 1;
  device->fd = fd;
  device->import_fd = adopted ? open_for_import (fd) : fd;
  device->adopted = adopted;
  g_mutex_init (&device->import_lock);
  read_names (device, path);
  return device;
}

/* Descriptors of applications that sinks of this process use now (gint in a
 * pointer): whoever reads an event takes it from all others. */
static GMutex adopted_lock;
static GSList *adopted;

static gboolean
is_same_file (gint a, gint b)
{
  /* ENOSYS on kernels without it: then the copies look different. */
  return syscall (SYS_kcmp, getpid (), getpid (), KCMP_FILE, a, b) == 0;
}

static gboolean
claim (gint fd, GError ** error)
{
  gboolean used = FALSE;
  GSList *l;

  g_mutex_lock (&adopted_lock);
  for (l = adopted; l && !used; l = l->next)
    used = is_same_file (GPOINTER_TO_INT (l->data), fd);
  if (!used)
    adopted = g_slist_prepend (adopted, GINT_TO_POINTER (fd));
  g_mutex_unlock (&adopted_lock);
  if (used)
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
        "another sink of this program uses this descriptor, and would take "
        "the events of this one");
  return !used;
}

static void
unclaim (gint fd)
{
  g_mutex_lock (&adopted_lock);
  adopted = g_slist_remove (adopted, GINT_TO_POINTER (fd));
  g_mutex_unlock (&adopted_lock);
}

/* @name: "fd 3", or a path */
static gboolean
check_node (gint fd, const gchar * name, GError ** error)
{
  gint type = drmGetNodeTypeFromFd (fd);

  if (type == DRM_NODE_PRIMARY)
    return TRUE;
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "%s is %s, not the primary node of a DRM device (/dev/dri/card…), which "
      "alone can set a display", name,
      type == DRM_NODE_RENDER ? "a render node" : "something else");
  return FALSE;
}

KmsDevice *
kms_device_open (const gchar * path, GError ** error)
{
  KmsDevice *device;
  gint fd = open (path, O_RDWR | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0) {
    gst_dmabuf_set_error_errno (error, errno, "cannot open %s", path);
    return NULL;
  }
  if (!check_node (fd, path, error)) {
    close (fd);
    return NULL;
  }
  device = device_new (fd, path, FALSE);
  GST_DEBUG ("%s: driver %s, bus %s", path, device->driver,
      GST_STR_NULL (device->bus_id));
  return device;
}

KmsDevice *
kms_device_adopt (gint fd, GError ** error)
{
  gint own = fcntl (fd, F_DUPFD_CLOEXEC, 3);
  KmsDevice *device = NULL;
  gchar *name;

  if (own < 0) {
    gst_dmabuf_set_error_errno (error, errno, "cannot duplicate fd %d", fd);
    return NULL;
  }
  name = g_strdup_printf ("fd %d", fd);
  if (check_node (own, name, error) && claim (own, error))
    device = device_new (own, NULL, TRUE);
  else
    close (own);
  g_free (name);
  return device;
}

gboolean
kms_device_check (KmsDevice * device, GError ** error)
{
  return check_caps (device, error) && read_resources (device, error);
}

KmsDevice *
kms_device_ref (KmsDevice * device)
{
  g_atomic_int_inc (&device->refcount);
  return device;
}

void
kms_device_unref (KmsDevice * device)
{
  if (!device || !g_atomic_int_dec_and_test (&device->refcount))
    return;
  if (device->import_fd != device->fd)
    close (device->import_fd);
  if (device->adopted)
    unclaim (device->fd);
  close (device->fd);
  g_mutex_clear (&device->import_lock);
  g_free (device->path);
  g_free (device->driver);
  g_free (device->bus_id);
  g_free (device);
}

gboolean
kms_device_is_gone (KmsDevice * device)
{
  return g_atomic_int_get (&device->gone);
}

gboolean
kms_device_probe (KmsDevice * device)
{
  uint64_t value;

  if ((drmGetCap (device->fd, DRM_CAP_DUMB_BUFFER, &value) != 0
          && (errno == ENODEV || errno == EIO))
      /* A container may have no sysfs at all. */
      || (device->in_sysfs && !is_registered (device)))
    g_atomic_int_set (&device->gone, TRUE);
  return !kms_device_is_gone (device);
}

void
kms_device_set_error (KmsDevice * device, gint errnum, GError ** error,
    const gchar * what)
{
  /* ENODEV alone may also mean that something else is missing. */
  if ((errnum == ENODEV || errnum == EIO || errnum == ENXIO)
      && !kms_device_probe (device)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "%s: %s: the device was removed (%s)", device->path, what,
        g_strerror (errnum));
    return;
  }
  gst_dmabuf_set_error_errno (error, errnum, "%s: %s", device->path, what);
}

void
kms_device_set_commit_error (KmsDevice * device, gint errnum, GError ** error,
    const gchar * what)
{
  if (errnum == ENOMEM || !kms_device_probe (device))
    kms_device_set_error (device, errnum == ENOMEM ? ENOMEM : ENODEV, error,
        what);
  else
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED, "%s: %s: %s",
        device->path, errnum == EACCES ?
        "another program took this display over" : what, g_strerror (errnum));
}

/* Stores @property in the entry of @properties whose name it has. */
static void
store_property (const drmModePropertyRes * property, guint64 value,
    const gchar * const *names, guint n, KmsProperty * properties)
{
  guint i;

  for (i = 0; i < n; i++) {
    if (g_strcmp0 (property->name, names[i]) != 0)
      continue;
    properties[i].id = property->prop_id;
    properties[i].value = value;
    return;
  }
}

gboolean
kms_device_read_properties (KmsDevice * device, const KmsObject * object,
    const gchar * const *names, guint n, KmsProperty * properties)
{
  drmModeObjectProperties *all =
      drmModeObjectGetProperties (device->fd, object->id, object->type);
  guint i;

  memset (properties, 0, n * sizeof (*properties));
  if (!all)
    return FALSE;
  for (i = 0; i < all->count_props; i++) {
    drmModePropertyRes *property =
        drmModeGetProperty (device->fd, all->props[i]);

    if (!property)
      continue;
    store_property (property, all->prop_values[i], names, n, properties);
    drmModeFreeProperty (property);
  }
  drmModeFreeObjectProperties (all);
  return TRUE;
}

gboolean
kms_device_get_enum (KmsDevice * device, guint32 property_id,
    const gchar * name, guint64 * value)
{
  drmModePropertyRes *property;
  gboolean found = FALSE;
  gint i;

  if (property_id == 0)
    return FALSE;
  property = drmModeGetProperty (device->fd, property_id);
  for (i = 0; property && i < property->count_enums && !found; i++) {
    found = g_strcmp0 (property->enums[i].name, name) == 0;
    if (found)
      *value = property->enums[i].value;
  }
  if (property)
    drmModeFreeProperty (property);
  return found;
}
