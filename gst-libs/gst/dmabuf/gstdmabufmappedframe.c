/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Planes at addresses. Dma-bufs are described by gstdmabufframe.c; other memory
 * is laid out here by the same rules, with a GstMemory for an object and its
 * size for what the kernel would say. gst_video_frame_map() would do for most,
 * but it maps plane by plane, believes any offset, and refuses the GstVideoMeta
 * of explicit caps.
 */
#include "gstdmabufmappedframe.h"

#include <string.h>

#include <gst/allocators/gstdmabuf.h>

#include "gstdmabufplanesourceprivate.h"

/* What is to be mapped. */
typedef struct
{
  GstDmabufLayout layout;
  GstMemory *memories[GST_DMABUF_MAX_PLANES];   /* instead of dma-bufs */
} Placement;

static guint
add_memory (Placement * placement, GstMemory * memory)
{
  GstDmabufLayout *layout = &placement->layout;
  guint i;

  for (i = 0; i < layout->n_objects; i++) {
    if (placement->memories[i] == memory)
      return i;
  }
  placement->memories[i] = memory;
  layout->object_sizes[i] = memory->size;
  layout->n_objects = i + 1;
  return i;
}

static gboolean
place_plane (Placement * placement, GstBuffer * buffer, guint index,
    gsize offset, GError ** error)
{
  GstDmabufPlane *plane = &placement->layout.planes[index];
  guint i, n_memories = gst_buffer_n_memory (buffer);

  plane->offset = offset;
  for (i = 0; i < n_memories; i++) {
    GstMemory *memory = gst_buffer_peek_memory (buffer, i);

    if (plane->offset < memory->size) {
      plane->object = add_memory (placement, memory);
      return TRUE;
    }
    plane->offset -= memory->size;
  }
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "plane %u begins at %" G_GSIZE_FORMAT ", beyond the %" G_GSIZE_FORMAT
      " bytes of the buffer", index, offset, offset - plane->offset);
  return FALSE;
}

/* Several memories may be parts of one dma-buf, and each maps its own part. */
static gboolean
place_dmabufs (Placement * placement, GstBuffer * buffer,
    const GstDmabufVideoInfo * info, GError ** error)
{
  GstDmabufPlaneSource source;
  GstDmabufFrame frame;
  guint i;

  if (!gst_dmabuf_frame_describe (&frame, buffer, info, error)
      || !gst_dmabuf_plane_source_from_buffer (&source, buffer, info, error))
    return FALSE;

  placement->layout = frame.layout;
  placement->layout.n_objects = 0;
  for (i = 0; i < source.n_planes; i++) {
    if (!place_plane (placement, buffer, i, source.offsets[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
place_memories (Placement * placement, GstBuffer * buffer,
    const GstDmabufVideoInfo * info, GError ** error)
{
  GstDmabufLayout *layout = &placement->layout;
  GstDmabufPlaneSource source;
  guint i;

  if (!gst_dmabuf_plane_source_from_buffer (&source, buffer, info, error))
    return FALSE;

  *placement = (Placement) { {
    .format = info->format,.width = source.width,.height =
          source.height,.n_planes = source.n_planes,}
  };
  for (i = 0; i < source.n_planes; i++) {
    if (!gst_dmabuf_plane_source_read_stride (&source, i, &layout->planes[i],
            error)
        || !place_plane (placement, buffer, i, source.offsets[i], error))
      return FALSE;
  }
  if (gst_dmabuf_format_is_linear (&layout->format))
    gst_dmabuf_layout_update_sizes (layout);
  return gst_dmabuf_layout_check (layout, error);
}

static gboolean
place (Placement * placement, GstBuffer * buffer,
    const GstDmabufVideoInfo * info, GError ** error)
{
  if (gst_dmabuf_format_is_implicit (&info->format)) {
    gchar *words = gst_dmabuf_format_describe (&info->format);

    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s is not for the CPU: only its driver knows the layout", words);
    g_free (words);
    return FALSE;
  }
  if (info->dialect == GST_DMABUF_DIALECT_SYSTEM
      && gst_buffer_n_memory (buffer) > 0
      && !gst_is_dmabuf_memory (gst_buffer_peek_memory (buffer, 0)))
    return place_memories (placement, buffer, info, error);
  return place_dmabufs (placement, buffer, info, error);
}

/* A foreign memory may map less than its dma-buf has. */
static gboolean
set_address (GstDmabufMappedFrame * mapped, const Placement * placement,
    guint index, GError ** error)
{
  const GstDmabufPlane *plane = &placement->layout.planes[index];
  const GstMapInfo *map = &mapped->maps[plane->object];

  if (plane->offset > map->size || plane->size > map->size - plane->offset) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "plane %u (%" G_GSIZE_FORMAT " bytes at %" G_GSIZE_FORMAT ") leaves "
        "its memory (%" G_GSIZE_FORMAT " bytes)", index, plane->size,
        plane->offset, map->size);
    return FALSE;
  }
  mapped->pixels.data[index] = map->data + plane->offset;
  mapped->pixels.sizes[index] = map->size - plane->offset;
  mapped->pixels.strides[index] = plane->stride;
  return TRUE;
}

gboolean
gst_dmabuf_mapped_frame_map (GstDmabufMappedFrame * mapped,
    GstBuffer * buffer, const GstDmabufVideoInfo * info, GstMapFlags flags,
    GError ** error)
{
  GstDmabufMappedFrame result = { {{0}} };
  Placement placement;
  guint i;

  g_return_val_if_fail (mapped != NULL, FALSE);
  g_return_val_if_fail (GST_IS_BUFFER (buffer), FALSE);
  g_return_val_if_fail (info != NULL, FALSE);

  if (!place (&placement, buffer, info, error))
    return FALSE;

  result.pixels.format = placement.layout.format;
  result.pixels.width = placement.layout.width;
  result.pixels.height = placement.layout.height;
  result.pixels.n_planes = placement.layout.n_planes;
  for (i = 0; i < placement.layout.n_objects; i++) {
    if (!gst_memory_map (placement.memories[i], &result.maps[i], flags)) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
          "memory %u of the buffer cannot be mapped for %s", i,
          (flags & GST_MAP_WRITE) ? "writing" : "reading");
      gst_dmabuf_mapped_frame_unmap (&result);
      return FALSE;
    }
    result.n_memories++;
  }
  for (i = 0; i < placement.layout.n_planes; i++) {
    if (!set_address (&result, &placement, i, error)) {
      gst_dmabuf_mapped_frame_unmap (&result);
      return FALSE;
    }
  }

  *mapped = result;
  return TRUE;
}

void
gst_dmabuf_mapped_frame_unmap (GstDmabufMappedFrame * mapped)
{
  guint i;

  g_return_if_fail (mapped != NULL);

  for (i = mapped->n_memories; i > 0; i--)
    gst_memory_unmap (mapped->maps[i - 1].memory, &mapped->maps[i - 1]);
  mapped->n_memories = 0;
}

static gboolean
has_same_bytes (const GstDmabufFormatInfo * a, const GstDmabufFormatInfo * b)
{
  return a->fourcc == b->fourcc || a->fourcc == b->opaque_fourcc
      || a->fourcc == b->alpha_fourcc;
}

static gboolean
check_copy (const GstDmabufFormatInfo * info, const GstDmabufPixels * to,
    const GstDmabufPixels * from, GError ** error)
{
  const GstDmabufFormatInfo *other =
      gst_dmabuf_format_info_get (to->format.fourcc);
  gchar *a, *b;

  if (info && other && info->is_linear && other->is_linear
      && has_same_bytes (info, other)
      && gst_dmabuf_format_is_linear (&to->format)
      && gst_dmabuf_format_is_linear (&from->format)
      && to->width == from->width && to->height == from->height
      && to->n_planes == info->n_planes && from->n_planes == info->n_planes)
    return TRUE;

  a = gst_dmabuf_format_describe (&from->format);
  b = gst_dmabuf_format_describe (&to->format);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "the rows of %s, %ux%u in %u planes, are not those of %s, %ux%u in %u "
      "planes", a, from->width, from->height, from->n_planes, b, to->width,
      to->height, to->n_planes);
  g_free (a);
  g_free (b);
  return FALSE;
}

static gboolean
check_plane (const GstDmabufPixels * pixels, guint index, gsize row_bytes,
    guint rows, GError ** error)
{
  gsize stride = pixels->strides[index], need;

  if (stride >= row_bytes && g_size_checked_mul (&need, stride, rows - 1)
      && g_size_checked_add (&need, need, row_bytes)
      && need <= pixels->sizes[index])
    return TRUE;
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "plane %u needs %u rows of %" G_GSIZE_FORMAT " bytes at stride %"
      G_GSIZE_FORMAT ", there are %" G_GSIZE_FORMAT " bytes", index, rows,
      row_bytes, stride, pixels->sizes[index]);
  return FALSE;
}

static void
copy_plane (const GstDmabufPixels * to, const GstDmabufPixels * from,
    guint index, gsize row_bytes, guint rows)
{
  gsize to_stride = to->strides[index], from_stride = from->strides[index];
  guint row;

  if (to_stride == row_bytes && from_stride == row_bytes) {
    memcpy (to->data[index], from->data[index], row_bytes * rows);
    return;
  }
  for (row = 0; row < rows; row++)
    memcpy (to->data[index] + row * to_stride,
        from->data[index] + row * from_stride, row_bytes);
}

gboolean
gst_dmabuf_pixels_copy (const GstDmabufPixels * to,
    const GstDmabufPixels * from, GError ** error)
{
  const GstDmabufFormatInfo *info;
  gsize row_bytes[GST_DMABUF_MAX_PLANES];
  guint rows[GST_DMABUF_MAX_PLANES];
  guint i;

  g_return_val_if_fail (to != NULL, FALSE);
  g_return_val_if_fail (from != NULL, FALSE);

  info = gst_dmabuf_format_info_get (from->format.fourcc);
  if (!check_copy (info, to, from, error))
    return FALSE;
  for (i = 0; i < info->n_planes; i++) {
    row_bytes[i] = gst_dmabuf_format_info_plane_row_bytes (info, i,
        from->width);
    rows[i] = gst_dmabuf_format_info_plane_height (info, i, from->height);
    if (!check_plane (from, i, row_bytes[i], rows[i], error)
        || !check_plane (to, i, row_bytes[i], rows[i], error))
      return FALSE;
  }
  for (i = 0; i < info->n_planes; i++)
    copy_plane (to, from, i, row_bytes[i], rows[i]);
  return TRUE;
}
