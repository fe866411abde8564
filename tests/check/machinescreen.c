/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The screenshot port of the emulated machine: one line with a path there, one
 * line with "ok" or an error back. Knows nothing of DRM.
 */
#include "machinescreen.h"

#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define PORT "/dev/virtio-ports/screenshot"

gboolean
machine_screen_keep (const gchar * path, GError ** error)
{
  FILE *port = fopen (PORT, "r+e");
  gchar answer[256] = "no answer";
  gboolean kept;

  if (!port) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
        PORT ": %s", g_strerror (errno));
    return FALSE;
  }
  setvbuf (port, NULL, _IONBF, 0);
  kept = fprintf (port, "%s\n", path) > 0
      && fgets (answer, sizeof answer, port) && strcmp (answer, "ok\n") == 0;
  if (!kept)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
        g_strchomp (answer));
  fclose (port);
  return kept;
}
