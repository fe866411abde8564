/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * fstat, fstatfs, lseek and fdinfo of a descriptor. Does not log.
 */
#define _GNU_SOURCE             /* F_GET_SEALS */
#include "gstdmabufidentity.h"

#include "gstdmabuferror.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef DMA_BUF_MAGIC
#define DMA_BUF_MAGIC 0x444d4142        /* "DMAB", include/uapi/linux/magic.h */
#endif

gboolean
gst_dmabuf_identity_from_fd (gint fd, GstDmabufIdentity * identity,
    GError ** error)
{
  struct stat status;

  g_return_val_if_fail (identity != NULL, FALSE);

  if (fstat (fd, &status)) {
    gst_dmabuf_set_error_errno (error, errno, "fstat of descriptor %d", fd);
    return FALSE;
  }
  identity->device = status.st_dev;
  identity->inode = status.st_ino;
  return TRUE;
}

gboolean
gst_dmabuf_identity_equal (const GstDmabufIdentity * a,
    const GstDmabufIdentity * b)
{
  return a->inode == b->inode && a->device == b->device;
}

guint
gst_dmabuf_identity_hash (const GstDmabufIdentity * identity)
{
  /* Inodes of dma-bufs count up from 1: the multiplier spreads them. */
  guint64 mixed = (identity->inode ^ (identity->device << 32))
      * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (guint) (mixed >> 32);
}

GstDmabufFdKind
gst_dmabuf_fd_get_kind (gint fd)
{
  struct statfs fs;
  gint seals;

  if (fstatfs (fd, &fs))
    return GST_DMABUF_FD_OTHER;
  if ((guint32) fs.f_type == DMA_BUF_MAGIC)
    return GST_DMABUF_FD_DMABUF;
  seals = fcntl (fd, F_GET_SEALS);
  if (seals >= 0 && (seals & F_SEAL_SHRINK))
    return GST_DMABUF_FD_MEMFD;
  return GST_DMABUF_FD_OTHER;
}

gboolean
gst_dmabuf_fd_get_size (gint fd, gsize * size_bytes, GError ** error)
{
  struct stat status;
  off_t end;

  g_return_val_if_fail (size_bytes != NULL, FALSE);

  if (fstat (fd, &status)) {
    gst_dmabuf_set_error_errno (error, errno, "fstat of descriptor %d", fd);
    return FALSE;
  }
  /* A regular file (memfd) has a file offset, which is shared with everyone who
   * has the descriptor: leave it alone. The inode of a dma-buf has no type. */
  if (S_ISREG (status.st_mode)) {
    *size_bytes = status.st_size;
    return TRUE;
  }

  end = lseek (fd, 0, SEEK_END);
  if (end < 0) {
    gint errnum = errno == ESPIPE ? EINVAL : errno;

    gst_dmabuf_set_error_errno (error, errnum, "size of descriptor %d", fd);
    return FALSE;
  }
  lseek (fd, 0, SEEK_SET);
  *size_bytes = end;
  return TRUE;
}

gchar *
gst_dmabuf_fd_get_exporter_name (gint fd)
{
  gchar *path = g_strdup_printf ("/proc/self/fdinfo/%d", fd);
  gchar *text = NULL, *name = NULL, *found, *end;

  if (g_file_get_contents (path, &text, NULL, NULL)) {
    found = strstr (text, "exp_name:");
    if (found) {
      found += strlen ("exp_name:");
      end = strchrnul (found, '\n');
      name = g_strstrip (g_strndup (found, end - found));
    }
  }
  g_free (text);
  g_free (path);
  return name;
}
