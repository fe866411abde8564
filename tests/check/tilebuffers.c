/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Frames for tests of tile conversion.
 */
#include "tilebuffers.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void
guarded_memory_init (GuardedMemory * memory, gsize size)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);

  memory->size = size;
  memory->mapped_size = (size + page - 1) / page * page + page;
  memory->mapped = mmap (NULL, memory->mapped_size, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fail_unless (memory->mapped != MAP_FAILED);
  memory->data = memory->mapped + memory->mapped_size - page - size;
  fail_unless_equals_int (mprotect (memory->data + size, page, PROT_NONE), 0);
}

void
guarded_memory_clear (GuardedMemory * memory)
{
  munmap (memory->mapped, memory->mapped_size);
}

void
fill_noise (guint8 * data, gsize size, guint32 seed)
{
  guint32 state = seed * 2654435761u + 1;
  gsize i;

  for (i = 0; i < size; i += 4) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    memcpy (data + i, &state, MIN (4, size - i));
  }
}

static void
trim_object (GstDmabufLayout * layout)
{
  guint i;

  layout->object_sizes[0] = 0;
  for (i = 0; i < layout->n_planes; i++)
    layout->object_sizes[0] = MAX (layout->object_sizes[0],
        layout->planes[i].offset + layout->planes[i].size);
}

void
make_tiled_layout (GstDmabufLayout * layout, const gchar * name, guint width,
    guint height, gboolean loose)
{
  GError *error = NULL;
  GstDmabufFormat format;
  guint i;

  fail_unless (gst_dmabuf_format_parse (name, &format, NULL));
  if (!gst_dmabuf_tile_layout_compute (layout, &format,
          loose ? width + 600 : width, height, NULL, &error))
    fail ("%s %ux%u: %s", name, width, height, error->message);
  layout->width = width;
  if (loose) {
    for (i = 0; i < layout->n_planes; i++)
      layout->planes[i].offset += 4104;
  }
  gst_dmabuf_tile_layout_update_sizes (layout);
  trim_object (layout);
}

void
make_linear_layout (GstDmabufLayout * layout, guint32 fourcc, guint width,
    guint height, gboolean loose)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (fourcc, 0);
  GstDmabufConstraints constraints;
  guint i;

  gst_dmabuf_constraints_init (&constraints);
  if (loose)
    constraints.stride_align = 88;
  fail_unless (gst_dmabuf_layout_compute (layout, &format, width, height,
          &constraints, NULL));
  if (loose) {
    for (i = 0; i < layout->n_planes; i++)
      layout->planes[i].offset += 24;
  }
  gst_dmabuf_layout_update_sizes (layout);
  trim_object (layout);
}

guint32
get_linear_fourcc (const gchar * name)
{
  GstDmabufTileInfo info;
  GstDmabufFormat format;

  fail_unless (gst_dmabuf_format_parse (name, &format, NULL));
  fail_unless (gst_dmabuf_tile_info_get (&format, &info, NULL));
  return info.linear_fourcc;
}

void
make_pixels (GstDmabufPixels * pixels, const GstDmabufLayout * layout,
    guint8 * object)
{
  GError *error = NULL;

  if (!gst_dmabuf_pixels_init (pixels, layout, &object, &error))
    fail ("%s", error->message);
}
