/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A buffer as a canvas. gst_video_frame_map() would do for most, but it maps
 * plane by plane, and it refuses the GstVideoMeta of explicit caps that
 * GStreamer's own formats do not cover.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabuftestmap.h"

#include <gst/allocators/gstdmabuf.h>

static void
unmap_memories (DmabufTestMap * map)
{
  guint i;

  for (i = 0; i < map->n_memories; i++)
    gst_memory_unmap (map->memories[i].memory, &map->memories[i]);
}

/* The layout was checked against the kernel's sizes, but a foreign memory may
 * map less than its dma-buf. */
static gboolean
set_plane (DmabufTestMap * map, const GstDmabufFrame * frame, guint i,
    GError ** error)
{
  const GstDmabufPlane *plane = &frame->layout.planes[i];
  const GstMapInfo *info = &map->memories[plane->object];
  gsize start = info->memory->offset;

  if (plane->offset < start || plane->offset - start > info->size ||
      plane->size > info->size - (plane->offset - start)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "plane %u (%" G_GSIZE_FORMAT " bytes at %" G_GSIZE_FORMAT ") leaves "
        "its memory (%" G_GSIZE_FORMAT " bytes at %" G_GSIZE_FORMAT ")", i,
        plane->size, plane->offset, info->size, start);
    return FALSE;
  }
  map->canvas.data[i] = info->data + (plane->offset - start);
  map->canvas.stride[i] = plane->stride;

  return TRUE;
}

static gboolean
map_frame (DmabufTestMap * map, const GstDmabufFrame * frame, GError ** error)
{
  guint i;

  map->n_memories = 0;
  for (i = 0; i < frame->layout.n_objects; i++) {
    if (!gst_memory_map (frame->memories[i], &map->memories[i], GST_MAP_WRITE)) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
          "memory %u cannot be mapped for writing", i);
      unmap_memories (map);
      return FALSE;
    }
    map->n_memories++;
  }

  for (i = 0; i < frame->layout.n_planes; i++) {
    if (!set_plane (map, frame, i, error)) {
      unmap_memories (map);
      return FALSE;
    }
  }

  return TRUE;
}

static gboolean
map_video_frame (DmabufTestMap * map, GstBuffer * buffer,
    const GstVideoInfo * vinfo, GError ** error)
{
  guint i;

  map->n_memories = 0;
  if (!gst_video_frame_map (&map->frame, vinfo, buffer, GST_MAP_WRITE)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "the buffer's memory cannot be mapped for writing");
    return FALSE;
  }
  for (i = 0; i < GST_VIDEO_FRAME_N_PLANES (&map->frame); i++) {
    map->canvas.data[i] = GST_VIDEO_FRAME_PLANE_DATA (&map->frame, i);
    map->canvas.stride[i] = GST_VIDEO_FRAME_PLANE_STRIDE (&map->frame, i);
  }

  return TRUE;
}

gboolean
dmabuf_test_map (DmabufTestMap * map, GstBuffer * buffer,
    const GstDmabufVideoInfo * info, GError ** error)
{
  GstDmabufFrame frame;

  if (info->dialect == GST_DMABUF_DIALECT_SYSTEM &&
      gst_buffer_n_memory (buffer) > 0 &&
      !gst_is_dmabuf_memory (gst_buffer_peek_memory (buffer, 0)))
    return map_video_frame (map, buffer, &info->vinfo, error);

  return gst_dmabuf_frame_describe (&frame, buffer, info, error) &&
      map_frame (map, &frame, error);
}

void
dmabuf_test_unmap (DmabufTestMap * map)
{
  if (map->n_memories == 0)
    gst_video_frame_unmap (&map->frame);
  else
    unmap_memories (map);
}
