/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The error domain, and how an errno becomes one of its codes.
 */
#include "gstdmabuferror.h"

#include <errno.h>
#include <sys/resource.h>

G_DEFINE_QUARK (gst-dmabuf-error-quark, gst_dmabuf_error);

GstDmabufError
gst_dmabuf_error_from_errno (gint errnum)
{
  switch (errnum) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOSPC:
    case EDQUOT:
      return GST_DMABUF_ERROR_EXHAUSTED;
    case EACCES:
    case EPERM:
    case EBUSY:
      return GST_DMABUF_ERROR_REFUSED;
    case ENOTTY:
    case ENOSYS:
    case EOPNOTSUPP:
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return GST_DMABUF_ERROR_UNSUPPORTED;
    case EINVAL:
    case EBADF:
    case ERANGE:
    case EOVERFLOW:
      return GST_DMABUF_ERROR_INVALID;
    default:
      return GST_DMABUF_ERROR_FAILED;
  }
}

static gchar *
describe_limit (gint errnum)
{
  struct rlimit limit;

  if (errnum == EMFILE && getrlimit (RLIMIT_NOFILE, &limit) == 0)
    return g_strdup_printf (" (RLIMIT_NOFILE is %" G_GUINT64_FORMAT ")",
        (guint64) limit.rlim_cur);
  if (errnum == ENFILE)
    return g_strdup (" (the system's limit is in /proc/sys/fs/file-max)");
  if (errnum == ENOMEM && getrlimit (RLIMIT_AS, &limit) == 0
      && limit.rlim_cur != RLIM_INFINITY)
    return g_strdup_printf (" (RLIMIT_AS is %" G_GUINT64_FORMAT ")",
        (guint64) limit.rlim_cur);
  return g_strdup ("");
}

void
gst_dmabuf_set_error_errno (GError ** error, gint errnum,
    const gchar * format, ...)
{
  gchar *what, *limit;
  va_list args;

  if (error == NULL)
    return;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  limit = describe_limit (errnum);

  g_set_error (error, GST_DMABUF_ERROR, gst_dmabuf_error_from_errno (errnum),
      "%s: %s%s", what, g_strerror (errnum), limit);

  g_free (limit);
  g_free (what);
}
