/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Which DRM device is taken. A device is left alone when another program is
 * its master: that program's picture is on the display, and setting ours would
 * take it away.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "kmsdeviceprivate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define GST_CAT_DEFAULT kms_debug_category ()
#define DRI_DIRECTORY "/dev/dri"

static gint
compare_nodes (gconstpointer a, gconstpointer b)
{
  const gchar *one = *(const gchar * const *) a;
  const gchar *two = *(const gchar * const *) b;

  return atoi (one + strlen ("card")) - atoi (two + strlen ("card"));
}

/* Names under /dev/dri, by number. Not drmGetDevices2(): it knows only some
 * buses and leaves out the devices of others. */
static GPtrArray *
list_nodes (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (DRI_DIRECTORY, 0, NULL);
  const gchar *name;

  if (!dir)
    return names;
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "card")
        && g_ascii_isdigit (name[strlen ("card")]))
      g_ptr_array_add (names, g_strdup (name));
  g_dir_close (dir);
  g_ptr_array_sort (names, compare_nodes);
  return names;
}

/* "name (pid N)" of the program that is master, if debugfs is readable. */
static gchar *
find_master (KmsDevice * device)
{
  gchar *path = g_strdup_printf ("/sys/kernel/debug/dri/%u/clients",
      minor (device->devno));
  gchar *text = NULL, *holder = NULL;
  gchar **lines;
  guint i;

  if (!g_file_get_contents (path, &text, NULL, NULL)) {
    g_free (path);
    return NULL;
  }
  lines = g_strsplit (text, "\n", -1);
  for (i = 0; lines[i] && !holder; i++) {
    gchar command[64], master;
    guint pid, dev;

    /* Columns: command, process, device, is it master. */
    if (sscanf (lines[i], " %63s %u %u %c", command, &pid, &dev, &master) != 4
        || master != 'y')
      continue;
    holder = pid == (guint) getpid ()?
        g_strdup_printf ("this program itself (process %u), perhaps for "
        "another sink", pid) :
        g_strdup_printf ("%s (process %u)", command, pid);
  }
  g_strfreev (lines);
  g_free (text);
  g_free (path);
  return holder;
}

static gboolean
become_master (KmsDevice * device, GError ** error)
{
  gchar *holder;

  if (drmIsMaster (device->fd))
    return TRUE;
  /* An application that hands over its fd is master itself; without that,
   * nothing can be shown, and we do not take it in the application's name. */
  if (!device->adopted && drmSetMaster (device->fd) == 0)
    return TRUE;

  holder = find_master (device);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
      "%s (driver %s): %ssomebody else is master of this display: %s",
      device->path, device->driver, device->adopted ?
      "the application that opened it is not its master, or " : "",
      holder ? holder : "a desktop session or another program that sets modes");
  g_free (holder);
  return FALSE;
}

static gboolean
has_connected_connector (KmsDevice * device, GError ** error)
{
  drmModeRes *resources = drmModeGetResources (device->fd);
  gboolean connected = FALSE;
  gint i;

  for (i = 0; resources && i < resources->count_connectors && !connected; i++) {
    drmModeConnector *connector =
        drmModeGetConnector (device->fd, resources->connectors[i]);

    if (!connector)
      continue;
    connected = connector->connection == DRM_MODE_CONNECTED
        && connector->connector_type != DRM_MODE_CONNECTOR_WRITEBACK
        && connector->count_modes > 0;
    drmModeFreeConnector (connector);
  }
  if (resources)
    drmModeFreeResources (resources);
  if (!connected)
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s (driver %s): no connector has a display connected", device->path,
        device->driver);
  return connected;
}

static gboolean
is_wanted (KmsDevice * device, const KmsDeviceWish * wish, GError ** error)
{
  if (wish->driver && g_strcmp0 (wish->driver, device->driver) != 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s is of driver %s, not %s", device->path, device->driver,
        wish->driver);
    return FALSE;
  }
  if (wish->bus_id && g_strcmp0 (wish->bus_id, device->bus_id) != 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s is at bus id %s, not %s", device->path,
        device->bus_id ? device->bus_id : "(none)", wish->bus_id);
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_usable (KmsDevice * device, const KmsDeviceWish * wish, GError ** error)
{
  return is_wanted (device, wish, error)
      && kms_device_check (device, error)
      && become_master (device, error)
      && has_connected_connector (device, error);
}

static KmsDevice *
try_path (const gchar * path, const KmsDeviceWish * wish, GError ** error)
{
  KmsDevice *device = kms_device_open (path, error);

  if (device && !is_usable (device, wish, error)) {
    kms_device_unref (device);
    return NULL;
  }
  return device;
}

static KmsDevice *
try_nodes (GPtrArray * names, const KmsDeviceWish * wish, GString * reasons)
{
  KmsDevice *virtual_one = NULL;
  guint i;

  for (i = 0; i < names->len; i++) {
    gchar *path = g_build_filename (DRI_DIRECTORY,
        g_ptr_array_index (names, i), NULL);
    GError *reason = NULL;
    KmsDevice *device = try_path (path, wish, &reason);

    g_free (path);
    if (!device) {
      GST_DEBUG ("left: %s", reason->message);
      g_string_append_printf (reasons, "\n  %s", reason->message);
      g_clear_error (&reason);
      continue;
    }
    /* A display that somebody can see comes before the kernel's test one. */
    if (g_strcmp0 (device->driver, "vkms") != 0) {
      kms_device_unref (virtual_one);
      return device;
    }
    if (virtual_one)
      kms_device_unref (device);
    else
      virtual_one = device;
  }
  return virtual_one;
}

static KmsDevice *
use_fd (const KmsDeviceWish * wish, GError ** error)
{
  KmsDevice *device = kms_device_adopt (wish->fd, error);

  if (device && !is_usable (device, wish, error)) {
    kms_device_unref (device);
    return NULL;
  }
  return device;
}

KmsDevice *
kms_device_find (const KmsDeviceWish * wish, GError ** error)
{
  GString *reasons;
  GPtrArray *names;
  KmsDevice *device;

  if (wish->fd >= 0)
    return use_fd (wish, error);
  if (wish->path)
    return try_path (wish->path, wish, error);

  reasons = g_string_new (NULL);
  names = list_nodes ();
  device = try_nodes (names, wish, reasons);
  if (!device && names->len == 0)
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "this system has no display device: no card in " DRI_DIRECTORY);
  else if (!device)
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "no display device can be used:%s", reasons->str);
  g_ptr_array_unref (names);
  g_string_free (reasons, TRUE);
  if (device)
    GST_INFO ("using %s, driver %s%s", device->path, device->driver,
        device->has_modifiers ? "" : ", without modifiers");
  return device;
}
