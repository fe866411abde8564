/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * GstFdMemory with map functions of ours. The state of a mapping hangs on the
 * memory that owns the dma-buf; memory shared from it finds it through its
 * parent, so that all of them have one mapping and one bracket.
 *
 * States of a bracket: closed (n_maps 0, access 0); open for reading; open for
 * writing as well. The first map opens it, a map that needs more widens it, the
 * last unmap closes it with the flags that it has by then.
 */
#include "gstdmabufmappingprivate.h"

#include "gstdmabuferror.h"
#include "gstdmabuffence.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

GST_DEBUG_CATEGORY_STATIC (gst_dmabuf_mapping_debug);
#define GST_CAT_DEFAULT gst_dmabuf_mapping_debug

/* A flag of the memory itself: the pool reads it for each released buffer. */
#define MEMORY_FLAG_FENCED (GST_MEMORY_FLAG_LAST << 0)

/* DMA_BUF_IOCTL_SYNC cleans caches first and waits for fences afterwards
 * (dma_buf_begin_cpu_access() in drivers/dma-buf/dma-buf.c). Where DMA goes
 * past the caches, a line that is fetched between the two is stale: wait with
 * poll() before. On x86 DMA is coherent, and the call would buy nothing. */
#if defined (__x86_64__) || defined (__i386__)
#define FENCES_FIRST FALSE
#else
#define FENCES_FIRST TRUE
#endif

typedef struct
{
  gint fd;                      /* borrowed: the memory that has us closes it */
  gsize size_bytes;
  gboolean is_dmabuf;

  GMutex lock;                  /* protects what follows */
  guint8 *data;                 /* NULL before the first map */
  gboolean writable;
  guint n_maps;
  GstDmabufAccess access;       /* of the open bracket, 0 if it is closed */
} Mapping;

static GQuark mapping_quark;

static void
mapping_free (gpointer data)
{
  Mapping *mapping = data;

  if (mapping->n_maps > 0)
    GST_WARNING ("dma-buf %d is freed while it is mapped %u times",
        mapping->fd, mapping->n_maps);
  if (mapping->data)
    munmap (mapping->data, mapping->size_bytes);
  g_mutex_clear (&mapping->lock);
  g_free (mapping);
}

static GstMemory *
get_owner (GstMemory * memory)
{
  return memory->parent ? memory->parent : memory;
}

static Mapping *
get_mapping (GstMemory * memory)
{
  return gst_mini_object_get_qdata (GST_MINI_OBJECT_CAST (get_owner (memory)),
      mapping_quark);
}

static GstDmabufAccess
access_from_flags (GstMapFlags flags)
{
  GstDmabufAccess access = 0;

  if (flags & GST_MAP_READ)
    access |= GST_DMABUF_ACCESS_READ;
  if (flags & GST_MAP_WRITE)
    access |= GST_DMABUF_ACCESS_WRITE;
  /* Mapped for its address only: the CPU may still look. */
  return access ? access : GST_DMABUF_ACCESS_READ;
}

static gboolean
ensure_mapped (Mapping * mapping, GstDmabufAccess access, GError ** error)
{
  gint protection = PROT_READ | PROT_WRITE;
  gpointer data;

  if (mapping->data && (mapping->writable || access == GST_DMABUF_ACCESS_READ))
    return TRUE;
  if (mapping->data) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
        "dma-buf %d was shared for reading only", mapping->fd);
    return FALSE;
  }

  /* Read-write from the start, so that later maps need no mprotect();
   * populated, so that a frame is not written one page fault at a time. */
  data = mmap (NULL, mapping->size_bytes, protection,
      MAP_SHARED | MAP_POPULATE, mapping->fd, 0);
  if (data == MAP_FAILED && (errno == EACCES || errno == EPERM)
      && access == GST_DMABUF_ACCESS_READ) {
    protection = PROT_READ;
    data = mmap (NULL, mapping->size_bytes, protection,
        MAP_SHARED | MAP_POPULATE, mapping->fd, 0);
  }
  if (data == MAP_FAILED) {
    gst_dmabuf_set_error_errno (error, errno,
        "mapping %" G_GSIZE_FORMAT " bytes of dma-buf %d",
        mapping->size_bytes, mapping->fd);
    return FALSE;
  }
  mapping->data = data;
  mapping->writable = (protection & PROT_WRITE) != 0;
  return TRUE;
}

static gboolean
open_bracket (Mapping * mapping, GstDmabufAccess access, GError ** error)
{
  GstDmabufAccess wanted = mapping->access | access;

  if (wanted == mapping->access)
    return TRUE;
  if (mapping->is_dmabuf) {
    if (FENCES_FIRST && gst_dmabuf_wait_idle (mapping->fd, wanted, -1,
            GST_CLOCK_TIME_NONE, error) != GST_DMABUF_WAIT_DONE)
      return FALSE;
    if (!gst_dmabuf_sync_begin (mapping->fd, wanted, error))
      return FALSE;
  }
  mapping->access = wanted;
  return TRUE;
}

static void
close_bracket (Mapping * mapping)
{
  GError *error = NULL;

  if (mapping->is_dmabuf
      && !gst_dmabuf_sync_end (mapping->fd, mapping->access, &error)) {
    GST_WARNING ("what the CPU wrote may be lost: %s", error->message);
    g_clear_error (&error);
  }
  mapping->access = 0;
}

static gpointer
map_memory (GstMemory * memory, GstMapInfo * info, gsize maxsize)
{
  Mapping *mapping = get_mapping (memory);
  GstDmabufAccess access = access_from_flags (info->flags);
  GError *error = NULL;
  gpointer data = NULL;

  /* Memory that is shared read-only has readers in several threads at once: the
   * count and the bracket go together. The lock is uncontended otherwise. A
   * second mapper has to wait for the same fences, so it may wait here. */
  g_mutex_lock (&mapping->lock);
  if (ensure_mapped (mapping, access, &error)
      && open_bracket (mapping, access, &error)) {
    mapping->n_maps++;
    data = mapping->data;
  }
  g_mutex_unlock (&mapping->lock);

  if (data == NULL) {
    GST_WARNING ("cannot map: %s", error->message);
    g_clear_error (&error);
  }
  return data;
}

static void
unmap_memory (GstMemory * memory, GstMapInfo * info)
{
  Mapping *mapping = get_mapping (memory);

  g_mutex_lock (&mapping->lock);
  g_assert (mapping->n_maps > 0);
  if (--mapping->n_maps == 0)
    close_bracket (mapping);
  g_mutex_unlock (&mapping->lock);
}

/* The fallback of GstAllocator maps what gst_allocator_alloc() returned without
 * looking whether it returned anything, and copies what lies behind the memory
 * if it is asked to. */
static GstMemory *
copy_memory (GstMemory * memory, gssize offset, gssize size)
{
  GstMapInfo from, to;
  GstAllocator *allocator = memory->allocator;
  GstMemory *copy = NULL;

  if (offset < 0 || (gsize) offset > memory->size || size < -1
      || (size > 0 && (gsize) size > memory->size - offset)) {
    GST_WARNING ("no copy of %" G_GSSIZE_FORMAT " bytes at %" G_GSSIZE_FORMAT
        " of a memory of %" G_GSIZE_FORMAT, size, offset, memory->size);
    return NULL;
  }
  if (!gst_memory_map (memory, &from, GST_MAP_READ))
    return NULL;

  /* What only wraps foreign fds makes no memory: a copy is system memory. */
  if (GST_OBJECT_FLAG_IS_SET (allocator, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC))
    allocator = NULL;

  if (size == -1)
    size = from.size - offset;

  copy = gst_allocator_alloc (allocator, size, NULL);
  if (copy && gst_memory_map (copy, &to, GST_MAP_WRITE)) {
    memcpy (to.data, from.data + offset, size);
    gst_memory_unmap (copy, &to);
  } else {
    g_clear_pointer (&copy, gst_memory_unref);
  }
  gst_memory_unmap (memory, &from);
  return copy;
}

static void
initialize_once (void)
{
  static gsize initialized = 0;

  if (g_once_init_enter (&initialized)) {
    mapping_quark = g_quark_from_static_string ("GstDmabufMapping");
    GST_DEBUG_CATEGORY_INIT (gst_dmabuf_mapping_debug, "dmabufmap", 0,
        "CPU access to dma-bufs");
    g_once_init_leave (&initialized, 1);
  }
}

void
gst_dmabuf_mapping_install (GstAllocator * allocator)
{
  initialize_once ();

  allocator->mem_map_full = map_memory;
  allocator->mem_unmap_full = unmap_memory;
  allocator->mem_copy = copy_memory;
}

GstMemory *
gst_dmabuf_mapping_wrap (GstAllocator * allocator, gint fd,
    gsize maxsize_bytes, gboolean is_dmabuf, GstFdMemoryFlags flags)
{
  GstMemory *memory = gst_dmabuf_allocator_alloc_with_flags (allocator, fd,
      maxsize_bytes, flags & GST_FD_MEMORY_FLAG_DONT_CLOSE);
  Mapping *mapping = g_new0 (Mapping, 1);

  mapping->fd = fd;
  mapping->size_bytes = maxsize_bytes;
  mapping->is_dmabuf = is_dmabuf;
  g_mutex_init (&mapping->lock);
  gst_mini_object_set_qdata (GST_MINI_OBJECT_CAST (memory), mapping_quark,
      mapping, mapping_free);
  return memory;
}

void
gst_dmabuf_mapping_mark_fenced (GstMemory * memory)
{
  g_atomic_int_or (&get_owner (memory)->mini_object.flags, MEMORY_FLAG_FENCED);
}

gboolean
gst_dmabuf_mapping_is_fenced (GstMemory * memory)
{
  return (g_atomic_int_get (&memory->mini_object.flags) & MEMORY_FLAG_FENCED)
      != 0;
}

void
gst_dmabuf_mapping_clear_fenced (GstMemory * memory)
{
  g_atomic_int_and (&memory->mini_object.flags, ~(guint) MEMORY_FLAG_FENCED);
}
