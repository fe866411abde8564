/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A vkms device is a directory tree: making directories makes planes and the
 * like, links say what goes with what, and the file "enabled" plugs it in.
 */
#include "vkmsdevice.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define CONFIG_DIRECTORY "/sys/kernel/config/vkms"
#define NODE_DIRECTORY "/dev/dri"

struct _VkmsDevice
{
  gchar *directory;
  gchar *node;
};

/* In the order in which they are made; removed the other way round. */
static const gchar *const parts[] = {
  "", "planes/primary", "crtcs/crtc", "encoders/encoder",
  "connectors/connector"
};

static const gchar *const links[][2] = {
  {"planes/primary/possible_crtcs/crtc", "crtcs/crtc"},
  {"encoders/encoder/possible_crtcs/crtc", "crtcs/crtc"},
  {"connectors/connector/possible_encoders/encoder", "encoders/encoder"},
};

static gboolean
write_file (const VkmsDevice * device, const gchar * name, const gchar * text)
{
  gchar *path = g_build_filename (device->directory, name, NULL);
  gint fd = open (path, O_WRONLY | O_CLOEXEC);
  gssize written = fd < 0 ? -1 : write (fd, text, strlen (text));

  if (fd >= 0)
    close (fd);
  g_free (path);
  return written == (gssize) strlen (text);
}

static gboolean
make_parts (const VkmsDevice * device)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (parts); i++) {
    gchar *path = g_build_filename (device->directory, parts[i], NULL);
    gint made = g_mkdir (path, 0755);

    g_free (path);
    if (made != 0)
      return FALSE;
  }
  for (i = 0; i < G_N_ELEMENTS (links); i++) {
    gchar *path = g_build_filename (device->directory, links[i][0], NULL);
    gchar *target = g_build_filename (device->directory, links[i][1], NULL);
    gint made = symlink (target, path);

    g_free (path);
    g_free (target);
    if (made != 0)
      return FALSE;
  }
  return write_file (device, "planes/primary/type", "1")
      && write_file (device, "crtcs/crtc/writeback", "1")
      && write_file (device, "enabled", "1");
}

static GHashTable *
list_nodes (void)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      NULL);
  GDir *dir = g_dir_open (NODE_DIRECTORY, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "card"))
      g_hash_table_add (names, g_strdup (name));
  if (dir)
    g_dir_close (dir);
  return names;
}

/* The node that was not there before. */
static gchar *
find_new_node (GHashTable * before)
{
  GHashTable *after = list_nodes ();
  GHashTableIter iter;
  gpointer name;
  gchar *path = NULL;

  g_hash_table_iter_init (&iter, after);
  while (!path && g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_hash_table_contains (before, name))
      path = g_build_filename (NODE_DIRECTORY, name, NULL);
  g_hash_table_unref (after);
  return path;
}

VkmsDevice *
vkms_device_new (const gchar * name, GError ** error)
{
  VkmsDevice *device = g_new0 (VkmsDevice, 1);
  GHashTable *before = list_nodes ();

  device->directory = g_build_filename (CONFIG_DIRECTORY, name, NULL);
  if (make_parts (device))
    device->node = find_new_node (before);
  g_hash_table_unref (before);
  if (device->node)
    return device;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
      "no vkms device in %s: %s", device->directory, g_strerror (errno));
  vkms_device_free (device);
  return NULL;
}

const gchar *
vkms_device_get_node (const VkmsDevice * device)
{
  return device->node;
}

void
vkms_device_unplug (VkmsDevice * device)
{
  write_file (device, "enabled", "0");
}

void
vkms_device_free (VkmsDevice * device)
{
  guint i;

  vkms_device_unplug (device);
  for (i = G_N_ELEMENTS (links); i-- > 0;) {
    gchar *path = g_build_filename (device->directory, links[i][0], NULL);

    g_unlink (path);
    g_free (path);
  }
  for (i = G_N_ELEMENTS (parts); i-- > 0;) {
    gchar *path = g_build_filename (device->directory, parts[i], NULL);

    g_rmdir (path);
    g_free (path);
  }
  g_free (device->directory);
  g_free (device->node);
  g_free (device);
}
