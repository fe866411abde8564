/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * B9: map a frame, touch each of its pages, unmap it. Ours is the mapping of an
 * exporter's memory; the peers are GStreamer's allocators on the same file
 * descriptors; the limit is system memory, which is always mapped.
 */
#include "rounds.h"

#include <gst/allocators/gstdmabuf.h>
#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <stdlib.h>

#define PAGE_BYTES 4096
#define MAX_FRAMES 128

/* The same frames as memory of one kind. */
typedef struct
{
  GstMemory *memories[MAX_FRAMES];
  guint n;
  GstMapFlags flags;
} Ring;

static const struct
{
  const gchar *name;
  gsize bytes;                  /* of NV12 */
} sizes[] = {
  {"1366x768", 1366 * 768 * 3 / 2},
  {"1920x1088", 1920 * 1088 * 3 / 2},
  {"3840x2160", 3840 * 2160 * 3 / 2},
};

static void
touch_all (gpointer user_data)
{
  Ring *ring = user_data;
  guint sum = 0, i;
  gsize at;

  for (i = 0; i < ring->n; i++) {
    GstMapInfo map;

    if (!gst_memory_map (ring->memories[i], &map, ring->flags))
      g_error ("a frame cannot be mapped");
    for (at = 0; at < map.size; at += PAGE_BYTES) {
      if (ring->flags & GST_MAP_WRITE)
        ((volatile guint8 *) map.data)[at] = i;
      else
        sum += ((volatile guint8 *) map.data)[at];
    }
    gst_memory_unmap (ring->memories[i], &map);
  }
  /* The sum keeps the loads; nobody needs it. */
  g_assert (sum <= G_MAXUINT);
}

static void
ring_clear (Ring * ring)
{
  while (ring->n > 0)
    gst_memory_unref (ring->memories[--ring->n]);
}

static void
ring_fill (Ring * ring, GstDmabufExporter * exporter, gsize bytes, guint n)
{
  GError *error = NULL;

  for (ring->n = 0; ring->n < n; ring->n++) {
    ring->memories[ring->n] = exporter ?
        gst_dmabuf_exporter_alloc (exporter, bytes, &error) :
        gst_allocator_alloc (NULL, bytes, NULL);
    if (ring->memories[ring->n] == NULL)
      g_error ("no frame: %s", error ? error->message : "out of memory");
  }
}

static void
ring_borrow (Ring * ring, const Ring * owners, GstAllocator * allocator,
    GstFdMemoryFlags flags)
{
  for (ring->n = 0; ring->n < owners->n; ring->n++) {
    GstMemory *owner = owners->memories[ring->n];

    ring->memories[ring->n] = gst_fd_allocator_alloc (allocator,
        gst_fd_memory_get_fd (owner), owner->maxsize,
        flags | GST_FD_MEMORY_FLAG_DONT_CLOSE);
  }
}

static void
compare (GstDmabufExporter * exporter, guint size, GstMapFlags flags,
    gsize ring_bytes, guint n_rounds)
{
  gboolean simulated = gst_dmabuf_exporter_is_simulated (exporter);
  GstAllocator *allocator = simulated ? gst_fd_allocator_new () :
      gst_dmabuf_allocator_new ();
  Ring ours = {.flags = flags }, anew = ours, kept = ours, system = ours;
  const Contender contenders[] = {
    {"ours", touch_all, &ours},
    {simulated ? "GstFdAllocator" : "GstDmaBufAllocator", touch_all, &anew},
    {simulated ? "GstFdAllocator KEEP_MAPPED" :
          "GstDmaBufAllocator KEEP_MAPPED", touch_all, &kept},
    {"limit: system memory", touch_all, &system},
  };
  guint n = CLAMP (ring_bytes / sizes[size].bytes, 2, MAX_FRAMES);
  gchar *title;

  ring_fill (&ours, exporter, sizes[size].bytes, n);
  ring_fill (&system, NULL, ours.memories[0]->maxsize, n);
  ring_borrow (&anew, &ours, allocator, GST_FD_MEMORY_FLAG_NONE);
  ring_borrow (&kept, &ours, allocator, GST_FD_MEMORY_FLAG_KEEP_MAPPED);

  title = g_strdup_printf ("B9 %s: %s NV12, %u frames of %s",
      flags & GST_MAP_WRITE ? "write" : "read", sizes[size].name, n,
      gst_dmabuf_exporter_get_spec (exporter));
  rounds_compare (title, contenders, G_N_ELEMENTS (contenders), n, n_rounds);
  g_free (title);

  ring_clear (&anew);
  ring_clear (&kept);
  ring_clear (&ours);
  ring_clear (&system);
  gst_object_unref (allocator);
}

/* usage: bench-mapping [EXPORTER [ROUNDS [RING_MIB]]] */
int
main (int argc, char **argv)
{
  guint n_rounds = argc > 2 ? atoi (argv[2]) : 31;
  gsize ring_bytes = (argc > 3 ? atoi (argv[3]) : 128) * (gsize) 1048576;
  GstDmabufExporter *exporter;
  GError *error = NULL;
  guint i;

  gst_init (NULL, NULL);
  exporter = gst_dmabuf_exporter_new_from_spec (argc > 1 ? argv[1] : "memfd",
      &error);
  if (exporter == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  rounds_pin (0);
  for (i = 0; i < G_N_ELEMENTS (sizes); i++) {
    compare (exporter, i, GST_MAP_READ, ring_bytes, n_rounds);
    compare (exporter, i, GST_MAP_WRITE, ring_bytes, n_rounds);
  }
  gst_object_unref (exporter);
  return 0;
}
