/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The dma-bufs that this process knows, inside the library: one object for
 * each, however many fds and GstMemory stand for it. An object tells what the
 * kernel said once, which memory wraps it, and when its last memory goes. Knows
 * nothing of layouts.
 */
#pragma once

#include <gst/allocators/allocators.h>

#include "gstdmabufidentity.h"

G_BEGIN_DECLS

/**
 * GstDmabufObject:
 * @identity: which dma-buf
 * @size: bytes, from the kernel; a dma-buf never changes its size
 * @kind: dma-buf or memfd, never another
 *
 * These fields never change. The object lives while a GstMemory of the dma-buf
 * or a reference does.
 */
typedef struct
{
  GstDmabufIdentity identity;
  gsize size;
  GstDmabufFdKind kind;
} GstDmabufObject;

/**
 * gst_dmabuf_object_look:
 * @memory: made by a GstDmaBufAllocator, or a part of such memory
 * @facts: (out caller-allocates): a copy of the public fields, which may outlive
 *     the object; written only on success
 *
 * What is known of a memory's dma-buf. The first call for a dma-buf takes system
 * calls and allocates. Later ones take neither, if the memory is the same; for
 * new memory of a dma-buf that only a cache remembers they take one fstat.
 *
 * Returns: TRUE, or FALSE with an error. Any thread.
 */
gboolean         gst_dmabuf_object_look        (GstMemory *memory,
                                                GstDmabufObject *facts,
                                                GError **error);

/**
 * gst_dmabuf_object_from_memory:
 * @memory: made by a GstDmaBufAllocator, or a part of such memory
 *
 * Connects @memory with its object, so that the observers learn when it goes.
 *
 * Returns: (transfer full): the object, or %NULL with an error. Any thread.
 */
GstDmabufObject *gst_dmabuf_object_from_memory (GstMemory *memory,
                                                GError **error);

/**
 * gst_dmabuf_object_from_fd:
 * @fd: borrowed
 *
 * One system call if the dma-buf is known already.
 *
 * Returns: (transfer full): the object, or %NULL with an error. Any thread.
 */
GstDmabufObject *gst_dmabuf_object_from_fd     (gint fd, GError **error);

GstDmabufObject *gst_dmabuf_object_ref         (GstDmabufObject *object);
void             gst_dmabuf_object_unref       (GstDmabufObject *object);

/**
 * gst_dmabuf_object_has_memory:
 *
 * Returns: whether a GstMemory of the dma-buf is alive and connected, in this
 *     moment. Atomic. Any thread.
 */
gboolean         gst_dmabuf_object_has_memory  (GstDmabufObject *object);

/**
 * gst_dmabuf_object_ref_wrapper:
 *
 * Returns: (transfer full) (nullable): the memory that was set with
 *     gst_dmabuf_object_set_wrapper(), if it is alive. Any thread.
 */
GstMemory *      gst_dmabuf_object_ref_wrapper (GstDmabufObject *object);

/**
 * gst_dmabuf_object_set_wrapper:
 * @memory: (transfer full): memory of this dma-buf that nobody else has seen
 *
 * Makes @memory the one that stands for the dma-buf, unless another thread was
 * faster: then @memory is dropped.
 *
 * Returns: (transfer full): the memory that stands for the dma-buf. Any thread.
 */
GstMemory *      gst_dmabuf_object_set_wrapper (GstDmabufObject *object,
                                                GstMemory *memory);

/**
 * GstDmabufObjectObserver:
 * @hold: takes a reference on @data unless it is being freed. The registry's
 *     lock is held: take no other lock.
 * @gone: the last memory of the object went. No lock is held; any thread.
 * @release: gives the reference back, without a lock
 * @data: for the three
 *
 * Who wants to know when a dma-buf lost its last memory. Only objects on which
 * somebody holds a reference are told about.
 */
typedef struct
{
  gboolean (*hold) (gpointer data);
  void (*gone) (gpointer data, GstDmabufObject * object);
  void (*release) (gpointer data);
  gpointer data;
} GstDmabufObjectObserver;

void             gst_dmabuf_object_add_observer    (
                                    const GstDmabufObjectObserver *observer);
void             gst_dmabuf_object_remove_observer (
                                    const GstDmabufObjectObserver *observer);

G_END_DECLS
