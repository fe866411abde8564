/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the kernel says about a descriptor that is said to be a dma-buf: is it
 * one, which one, how large, who exported it. Nothing that a peer says about
 * these is ever trusted.
 *
 * Kernel: Documentation/driver-api/dma-buf.rst (lseek, fdinfo).
 */
#pragma once

#include "dmabuf-prelude.h"

G_BEGIN_DECLS

/**
 * GstDmabufIdentity:
 * @device: the file system, st_dev of fstat()
 * @inode: st_ino of fstat(), unique for each dma-buf while it lives
 *
 * Which dma-buf a descriptor means. Two descriptors of one dma-buf have the
 * same identity, in every process; a descriptor's number means nothing. An
 * identity is valid while somebody keeps the dma-buf alive.
 *
 * Since: 0.1
 */
typedef struct
{
  guint64 device;
  guint64 inode;
} GstDmabufIdentity;

/**
 * GstDmabufFdKind:
 * @GST_DMABUF_FD_DMABUF: a dma-buf
 * @GST_DMABUF_FD_MEMFD: a memfd sealed against shrinking (`F_SEAL_SHRINK`, so
 *     that a mapping of it cannot raise SIGBUS), which stands in for a dma-buf
 *     where CPU code is tested (the simulated exporter); no device imports it
 * @GST_DMABUF_FD_OTHER: anything else, or no open descriptor at all
 *
 * What a descriptor is.
 *
 * Since: 0.1
 */
typedef enum
{
  GST_DMABUF_FD_DMABUF,
  GST_DMABUF_FD_MEMFD,
  GST_DMABUF_FD_OTHER,
} GstDmabufFdKind;

/**
 * gst_dmabuf_identity_from_fd:
 * @fd: a descriptor, borrowed
 * @identity: (out caller-allocates): its identity, written only on success
 * @error: (nullable): return location for an error
 *
 * Asks the kernel which dma-buf (or other file) @fd means. One system call.
 *
 * Returns: TRUE, or FALSE with INVALID if @fd is no open descriptor. Any
 * thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_identity_from_fd    (gint                fd,
                                                GstDmabufIdentity  *identity,
                                                GError            **error);

/**
 * gst_dmabuf_identity_equal:
 * @a: an identity
 * @b: another
 *
 * Returns: TRUE if both are the same dma-buf. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_identity_equal      (const GstDmabufIdentity *a,
                                                const GstDmabufIdentity *b);

/**
 * gst_dmabuf_identity_hash:
 * @identity: an identity
 *
 * Returns: a hash that goes with gst_dmabuf_identity_equal(). Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
guint           gst_dmabuf_identity_hash       (const GstDmabufIdentity *identity);

/**
 * gst_dmabuf_fd_get_kind:
 * @fd: a descriptor, borrowed
 *
 * Asks the kernel what @fd is: the file system's magic number tells a dma-buf,
 * the seals tell a memfd. At most two system calls.
 *
 * Returns: its kind. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufFdKind gst_dmabuf_fd_get_kind         (gint                fd);

/**
 * gst_dmabuf_fd_get_size:
 * @fd: a dma-buf or memfd, borrowed
 * @size_bytes: (out): its size in bytes, written only on success
 * @error: (nullable): return location for an error
 *
 * Asks the kernel how large the memory behind @fd is.
 *
 * Returns: TRUE, or FALSE with INVALID if @fd is no open descriptor or has no
 * size (a pipe, a socket). Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gboolean        gst_dmabuf_fd_get_size         (gint                fd,
                                                gsize              *size_bytes,
                                                GError            **error);

/**
 * gst_dmabuf_fd_get_exporter_name:
 * @fd: a dma-buf, borrowed
 *
 * Reads the name of the kernel module that exported a dma-buf from
 * /proc/self/fdinfo, for messages.
 *
 * Returns: (transfer full) (nullable): the name, such as "system", "udmabuf" or
 * "vgem"; NULL if @fd is no dma-buf or /proc is not mounted. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gchar *         gst_dmabuf_fd_get_exporter_name (gint               fd);

G_END_DECLS
