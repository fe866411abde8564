/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * From a GstBuffer and its caps to planes in dma-bufs. What the numbers must
 * satisfy is known by gstdmabuflayoutcheck.c, what the kernel says of a memory
 * by gstdmabufobject.c; here GstVideoMeta, GstVideoInfo and GstMemory are read.
 */
#include "gstdmabufframe.h"

#include <gst/allocators/allocators.h>

#include "gstdmabufobjectprivate.h"
#include "gstdmabufplanesourceprivate.h"

static gboolean
G_GNUC_PRINTF (2, 3)
fail_invalid (GError ** error, const gchar * format, ...)
{
  va_list args;

  if (error == NULL)
    return FALSE;
  va_start (args, format);
  *error = g_error_new_valist (GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      format, args);
  va_end (args);
  return FALSE;
}

static guint
add_object (GstDmabufFrame * frame, const GstDmabufObject * object,
    GstMemory * memory)
{
  guint i;

  for (i = 0; i < frame->layout.n_objects; i++) {
    if (gst_dmabuf_identity_equal (&frame->identities[i], &object->identity))
      return i;
  }
  frame->layout.object_sizes[i] = object->size;
  frame->layout.n_objects = i + 1;
  frame->identities[i] = object->identity;
  frame->memories[i] = memory;
  frame->fds[i] = gst_fd_memory_get_fd (memory);
  frame->simulated |= object->kind == GST_DMABUF_FD_MEMFD;
  return i;
}

static gboolean
fail_no_dmabuf (const GstDmabufFrame * frame, const GstMemory * memory,
    guint plane, GError ** error)
{
  const gchar *type = memory->allocator != NULL ?
      memory->allocator->mem_type : NULL;

  if (frame->dialect == GST_DMABUF_DIALECT_SYSTEM) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "plane %u lies in %s, which is no dma-buf", plane,
        type ? type : "memory of an unknown kind");
    return FALSE;
  }
  return fail_invalid (error, "the caps promise dma-bufs, but plane %u lies in "
      "%s", plane, type ? type : "memory of an unknown kind");
}

/* Finds the memory in which a plane begins and turns the offset in the buffer
 * into one in the memory's dma-buf. Memories are borrowed, so that a frame
 * costs no reference counting. */
static gboolean
place_plane (GstDmabufFrame * frame, guint index, gsize offset, GError ** error)
{
  GstDmabufPlane *plane = &frame->layout.planes[index];
  guint n_memories = gst_buffer_n_memory (frame->buffer);
  GstDmabufObject object;
  GstMemory *memory = NULL;
  gsize rest = offset;
  guint i;

  for (i = 0; i < n_memories; i++) {
    memory = gst_buffer_peek_memory (frame->buffer, i);
    if (rest < memory->size)
      break;
    rest -= memory->size;
  }
  if (i == n_memories)
    return fail_invalid (error, "plane %u begins at %" G_GSIZE_FORMAT
        ", beyond the %" G_GSIZE_FORMAT " bytes of the buffer", index, offset,
        offset - rest);
  if (!gst_is_dmabuf_memory (memory))
    return fail_no_dmabuf (frame, memory, index, error);

  if (!gst_dmabuf_object_look (memory, &object, error))
    return FALSE;
  if (!g_size_checked_add (&plane->offset, rest, memory->offset))
    return fail_invalid (error, "plane %u begins at %" G_GSIZE_FORMAT
        " of a memory that begins at %" G_GSIZE_FORMAT, index, rest,
        memory->offset);
  plane->object = add_object (frame, &object, memory);
  return TRUE;
}

static gboolean
read_planes (GstDmabufFrame * frame, const GstDmabufPlaneSource * source,
    GError ** error)
{
  guint i;

  frame->layout.width = source->width;
  frame->layout.height = source->height;
  frame->layout.n_planes = source->n_planes;
  for (i = 0; i < source->n_planes; i++) {
    if (!gst_dmabuf_plane_source_read_stride (source, i,
            &frame->layout.planes[i], error)
        || !place_plane (frame, i, source->offsets[i], error))
      return FALSE;
  }
  if (gst_dmabuf_format_is_linear (&frame->layout.format))
    gst_dmabuf_layout_update_sizes (&frame->layout);
  return TRUE;
}

/* The part of the crop that lies on the frame. */
static gboolean
read_crop (GstDmabufFrame * frame, const GstVideoCropMeta * crop,
    GError ** error)
{
  guint width = frame->layout.width, height = frame->layout.height;

  if (crop == NULL) {
    frame->crop.w = (gint) width;
    frame->crop.h = (gint) height;
    return TRUE;
  }
  if (crop->x >= width || crop->y >= height || crop->width == 0
      || crop->height == 0)
    return fail_invalid (error, "a crop to %ux%u at %u,%u leaves nothing of "
        "%ux%u", crop->width, crop->height, crop->x, crop->y, width, height);

  frame->has_crop = TRUE;
  frame->crop.x = (gint) crop->x;
  frame->crop.y = (gint) crop->y;
  frame->crop.w = (gint) MIN (crop->width, width - crop->x);
  frame->crop.h = (gint) MIN (crop->height, height - crop->y);
  return TRUE;
}

gboolean
gst_dmabuf_frame_describe (GstDmabufFrame * frame, GstBuffer * buffer,
    const GstDmabufVideoInfo * info, GError ** error)
{
  GstDmabufFrame result = { buffer };
  GstDmabufPlaneSource source = { NULL };
  guint i;

  g_return_val_if_fail (frame != NULL, FALSE);
  g_return_val_if_fail (GST_IS_BUFFER (buffer), FALSE);
  g_return_val_if_fail (info != NULL, FALSE);

  if (info->format.fourcc == 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "DRM has no name for the format %s",
        gst_video_format_to_string (GST_VIDEO_INFO_FORMAT (&info->vinfo)));
    return FALSE;
  }

  result.layout.format = info->format;
  result.dialect = info->dialect;
  result.colorimetry = GST_VIDEO_INFO_COLORIMETRY (&info->vinfo);
  for (i = 0; i < GST_DMABUF_MAX_PLANES; i++)
    result.fds[i] = -1;

  if (!gst_dmabuf_plane_source_from_buffer (&source, buffer, info, error)
      || !read_planes (&result, &source, error)
      || !gst_dmabuf_layout_check (&result.layout, error)
      || !read_crop (&result, gst_buffer_get_video_crop_meta (buffer), error))
    return FALSE;

  *frame = result;
  return TRUE;
}

gboolean
gst_dmabuf_frame_describe_sample (GstDmabufFrame * frame, GstSample * sample,
    GstDmabufVideoInfo * info_out, GError ** error)
{
  GstDmabufVideoInfo info;
  GstBuffer *buffer;
  GstCaps *caps;

  g_return_val_if_fail (frame != NULL, FALSE);
  g_return_val_if_fail (GST_IS_SAMPLE (sample), FALSE);

  buffer = gst_sample_get_buffer (sample);
  caps = gst_sample_get_caps (sample);
  if (buffer == NULL || caps == NULL)
    return fail_invalid (error, "the sample has no %s",
        buffer == NULL ? "buffer" : "caps");
  if (!gst_dmabuf_video_info_from_caps (&info, caps, error)
      || !gst_dmabuf_frame_describe (frame, buffer, &info, error))
    return FALSE;

  if (info_out != NULL)
    *info_out = info;
  return TRUE;
}

gboolean
gst_dmabuf_memory_identify (GstMemory * memory, GstDmabufIdentity * identity,
    gsize * size, GstDmabufFdKind * kind, GError ** error)
{
  GstDmabufObject object;

  g_return_val_if_fail (memory != NULL, FALSE);

  if (!gst_is_dmabuf_memory (memory)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "the memory is no dma-buf");
    return FALSE;
  }
  if (!gst_dmabuf_object_look (memory, &object, error))
    return FALSE;

  if (identity != NULL)
    *identity = object.identity;
  if (size != NULL)
    *size = object.size;
  if (kind != NULL)
    *kind = object.kind;
  return TRUE;
}
