/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Small frames for the tests of the import cache, and the cache in short words.
 * Define _GNU_SOURCE before anything is included.
 */
#pragma once

#include "dmabufbackend.h"

#include <drm_fourcc.h>
#include <fcntl.h>
#include <gst/allocators/gstdmabuf.h>
#include <gst/dmabuf/gstdmabufimportcache.h>

#define PAGE 4096
#define SIZE 16

static GstDmabufVideoInfo info;

static inline void
setup (void)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_XRGB8888, 0);

  dmabuf_test_fds_setup ();
  fail_unless (gst_dmabuf_video_info_set_format (&info,
          GST_DMABUF_DIALECT_EXPLICIT, &format, SIZE, SIZE, NULL));
}

static inline void
count (gpointer handle, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
}

static inline GstBuffer *
wrap_memory (GstMemory * memory, GstDmabufFrame * frame)
{
  GstBuffer *buffer = gst_buffer_new ();
  GError *error = NULL;

  gst_buffer_append_memory (buffer, memory);
  fail_unless (gst_dmabuf_frame_describe (frame, buffer, &info, &error), "%s",
      error ? error->message : "");
  return buffer;
}

static inline GstBuffer *
make_frame (GstDmabufExporter * exporter, GstDmabufFrame * frame)
{
  return wrap_memory (dmabuf_backend_alloc (exporter, PAGE), frame);
}

/* Another GstMemory for the dma-buf behind a fd, as naive sources make one for
 * each frame. */
static inline GstBuffer *
make_frame_again (gint fd, GstDmabufFrame * frame)
{
  GstAllocator *allocator = gst_dmabuf_allocator_new ();
  GstMemory *memory = gst_dmabuf_allocator_alloc (allocator,
      fcntl (fd, F_DUPFD_CLOEXEC, 0), PAGE);

  gst_object_unref (allocator);
  return wrap_memory (memory, frame);
}

static inline void
insert (GstDmabufImportCache * cache, const GstDmabufFrame * frame, gint handle)
{
  gst_dmabuf_import_unref (gst_dmabuf_import_cache_insert (cache, frame,
          GINT_TO_POINTER (handle)));
}

/* The handle, 0 for a miss. */
static inline gint
look_up (GstDmabufImportCache * cache, const GstDmabufFrame * frame)
{
  GstDmabufImport *import;
  gboolean found;
  gint handle;

  import = gst_dmabuf_import_cache_lookup (cache, frame, NULL, &found);
  fail_unless (found == (import != NULL));
  if (import == NULL)
    return 0;
  handle = GPOINTER_TO_INT (gst_dmabuf_import_get_handle (import));
  gst_dmabuf_import_unref (import);
  return handle;
}

static inline GstDmabufImportCacheStats
get_stats (GstDmabufImportCache * cache)
{
  GstDmabufImportCacheStats stats;

  gst_dmabuf_import_cache_get_stats (cache, &stats);
  return stats;
}
