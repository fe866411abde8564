/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * From foreign fds to a GstBuffer, in two halves: the first only looks, and
 * everything that can be wrong with the input is found by it; the second takes
 * ownership, and only duplicating a borrowed fd can still fail there. Which
 * memory stands for a dma-buf already is known by gstdmabufobject.c.
 */
#define _GNU_SOURCE             /* F_DUPFD_CLOEXEC */
#include "gstdmabufframe.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "gstdmabufmappingprivate.h"
#include "gstdmabufobjectprivate.h"
#include "gstdmabufplanesourceprivate.h"

typedef struct
{
  /* Folded: each dma-buf once. */
  GstDmabufLayout layout;
  GstDmabufObject *objects[GST_DMABUF_MAX_PLANES];
  GstMemory *memories[GST_DMABUF_MAX_PLANES];
  gint fds[GST_DMABUF_MAX_PLANES];
  gboolean used_fds[GST_DMABUF_MAX_PLANES];
} Wrapping;

typedef struct
{
  GDestroyNotify notify;
  gpointer user_data;
} Release;

static GstAllocator *
get_allocator (void)
{
  static GstAllocator *allocator = NULL;

  if (g_once_init_enter (&allocator)) {
    GstAllocator *made = gst_dmabuf_allocator_new ();

    gst_dmabuf_mapping_install (made);
    GST_OBJECT_FLAG_SET (made, GST_OBJECT_FLAG_MAY_BE_LEAKED);
    g_once_init_leave (&allocator, made);
  }
  return allocator;
}

static void
wrapping_clear (Wrapping * wrapping)
{
  guint i;

  for (i = 0; i < GST_DMABUF_MAX_PLANES; i++) {
    g_clear_pointer (&wrapping->memories[i], gst_memory_unref);
    g_clear_pointer (&wrapping->objects[i], gst_dmabuf_object_unref);
  }
}

/* Asks the kernel what the fds are; two of the same dma-buf become one object.
 * The plane indices of the layout follow. */
static gboolean
look_at_fds (Wrapping * wrapping, const GstDmabufLayout * layout,
    const gint fds[4], GError ** error)
{
  guint folded[GST_DMABUF_MAX_PLANES] = { 0 };
  guint i, j, n = 0;

  for (i = 0; i < layout->n_objects; i++) {
    GstDmabufObject *object = gst_dmabuf_object_from_fd (fds[i], error);

    if (object == NULL)
      return FALSE;
    for (j = 0; j < n && wrapping->objects[j] != object; j++);
    folded[i] = j;
    if (j < n) {
      gst_dmabuf_object_unref (object);
      continue;
    }
    wrapping->objects[n] = object;
    wrapping->fds[n] = fds[i];
    wrapping->layout.object_sizes[n] = object->size;
    n++;
  }
  for (i = n; i < GST_DMABUF_MAX_PLANES; i++)
    wrapping->layout.object_sizes[i] = 0;
  wrapping->layout.n_objects = n;
  for (i = 0; i < layout->n_planes; i++)
    wrapping->layout.planes[i].object = folded[layout->planes[i].object];
  return TRUE;
}

static gboolean
check_counts (const GstDmabufLayout * layout, GError ** error)
{
  guint i;

  /* The rest of gst_dmabuf_layout_check() has to wait for the sizes. */
  if (layout->n_planes == 0 || layout->n_planes > GST_DMABUF_MAX_PLANES
      || layout->n_objects == 0 || layout->n_objects > GST_DMABUF_MAX_PLANES) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "%u planes in %u memory objects, there can be 1 to %d of both",
        layout->n_planes, layout->n_objects, GST_DMABUF_MAX_PLANES);
    return FALSE;
  }
  for (i = 0; i < layout->n_planes; i++) {
    if (layout->planes[i].object >= layout->n_objects) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
          "plane %u lies in object %u, there are %u", i,
          layout->planes[i].object, layout->n_objects);
      return FALSE;
    }
  }
  return TRUE;
}

static GstMemory *
make_memory (const GstDmabufObject * object, gint fd)
{
  gint fd_flags = fcntl (fd, F_GETFD);

  /* A taken fd may have come without it. */
  if (fd_flags >= 0 && (fd_flags & FD_CLOEXEC) == 0)
    fcntl (fd, F_SETFD, fd_flags | FD_CLOEXEC);

  return gst_dmabuf_mapping_wrap (get_allocator (), fd, object->size,
      object->kind == GST_DMABUF_FD_DMABUF, GST_FD_MEMORY_FLAG_NONE);
}

/* Cannot fail for a fd that is taken: then nothing has to be given back. */
static gboolean
acquire_memories (Wrapping * wrapping, gboolean take, GError ** error)
{
  guint i;

  for (i = 0; i < wrapping->layout.n_objects; i++) {
    GstDmabufObject *object = wrapping->objects[i];
    gint fd = wrapping->fds[i];

    wrapping->memories[i] = gst_dmabuf_object_ref_wrapper (object);
    if (wrapping->memories[i] != NULL)
      continue;

    if (!take) {
      fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
      if (fd < 0) {
        gst_dmabuf_set_error_errno (error, errno, "duplicating the fd of a "
            "dma-buf of %" G_GSIZE_FORMAT " bytes", object->size);
        return FALSE;
      }
    }
    wrapping->used_fds[i] = take;
    wrapping->memories[i] =
        gst_dmabuf_object_set_wrapper (object, make_memory (object, fd));
  }
  return TRUE;
}

/* Closes what was taken and is not needed: dma-bufs that had a memory already,
 * and second fds of one dma-buf. The same number twice is closed once. */
static void
close_spare_fds (const Wrapping * wrapping, const gint fds[4], guint n)
{
  guint i, j;

  for (i = 0; i < n; i++) {
    gboolean keep = FALSE;

    for (j = 0; j < i && !keep; j++)
      keep = fds[j] == fds[i];
    for (j = 0; j < wrapping->layout.n_objects && !keep; j++)
      keep = wrapping->used_fds[j] && wrapping->fds[j] == fds[i];
    if (!keep)
      close (fds[i]);
  }
}

static void
run_release (gpointer data)
{
  Release *release = data;

  release->notify (release->user_data);
  g_free (release);
}

/* A buffer may be copied while its memory is shared. GstParentBufferMeta goes
 * along with each copy, so an empty parent that all of them hold dies with the
 * last one. */
static void
add_release (GstBuffer * buffer, GDestroyNotify notify, gpointer user_data)
{
  GstBuffer *parent = gst_buffer_new ();
  Release *release = g_new (Release, 1);

  release->notify = notify;
  release->user_data = user_data;
  gst_mini_object_set_qdata (GST_MINI_OBJECT_CAST (parent),
      g_quark_from_static_string ("GstDmabufRelease"), release, run_release);
  gst_buffer_add_parent_buffer_meta (buffer, parent);
  gst_buffer_unref (parent);
}

static GstBuffer *
make_buffer (Wrapping * wrapping, const GstDmabufVideoInfo * info)
{
  GstBuffer *buffer = gst_buffer_new ();
  guint i;

  for (i = 0; i < wrapping->layout.n_objects; i++)
    gst_buffer_append_memory (buffer, g_steal_pointer (&wrapping->memories[i]));
  gst_dmabuf_buffer_add_video_meta (buffer, &wrapping->layout, info);
  return buffer;
}

GstBuffer *
gst_dmabuf_buffer_new_wrapped (const GstDmabufLayout * layout,
    const gint fds[4], GstDmabufWrapFlags flags, GDestroyNotify notify,
    gpointer user_data, GstCaps ** caps_out, GError ** error)
{
  gboolean take = (flags & GST_DMABUF_WRAP_TAKE_FDS) != 0;
  GstDmabufVideoInfo info;
  GstBuffer *buffer = NULL;
  Wrapping wrapping = { {{0}} };

  g_return_val_if_fail (layout != NULL && fds != NULL, NULL);

  if (!check_counts (layout, error)
      || !gst_dmabuf_video_info_set_format (&info,
          gst_dmabuf_format_is_implicit (&layout->format) ?
          GST_DMABUF_DIALECT_LEGACY : GST_DMABUF_DIALECT_EXPLICIT,
          &layout->format, layout->width, layout->height, error))
    return NULL;

  wrapping.layout = *layout;
  if (look_at_fds (&wrapping, layout, fds, error)
      && gst_dmabuf_layout_check (&wrapping.layout, error)
      && acquire_memories (&wrapping, take, error)) {
    if (take)
      close_spare_fds (&wrapping, fds, layout->n_objects);
    buffer = make_buffer (&wrapping, &info);
    if (notify != NULL)
      add_release (buffer, notify, user_data);
    if (caps_out != NULL)
      *caps_out = gst_dmabuf_video_info_to_caps (&info);
  }
  wrapping_clear (&wrapping);
  return buffer;
}

GstVideoMeta *
gst_dmabuf_buffer_add_video_meta (GstBuffer * buffer,
    const GstDmabufLayout * layout, const GstDmabufVideoInfo * info)
{
  gsize starts[GST_DMABUF_MAX_PLANES] = { 0 };
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 0 };
  gint strides[GST_VIDEO_MAX_PLANES] = { 0 };
  const GstVideoFormatInfo *finfo;
  GstVideoFormat format;
  gsize start = 0;
  guint i;

  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);
  g_return_val_if_fail (layout != NULL && info != NULL, NULL);

  if (gst_buffer_n_memory (buffer) != layout->n_objects
      || layout->n_planes > GST_DMABUF_MAX_PLANES)
    return NULL;
  for (i = 0; i < layout->n_objects; i++) {
    starts[i] = start;
    start += gst_buffer_peek_memory (buffer, i)->size;
  }

  format = gst_dmabuf_video_info_get_meta_format (info);
  finfo = gst_video_format_get_info (format);
  for (i = 0; i < layout->n_planes; i++) {
    if (layout->planes[i].object >= layout->n_objects
        || layout->planes[i].stride > G_MAXINT)
      return NULL;
    offsets[i] = starts[layout->planes[i].object] + layout->planes[i].offset;
    strides[i] = gst_dmabuf_plane_source_make_stride (finfo, layout, i);
  }
  return gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      format, layout->width, layout->height, layout->n_planes, offsets,
      strides);
}
