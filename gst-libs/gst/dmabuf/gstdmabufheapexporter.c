/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * DMA_HEAP_IOCTL_ALLOC on one node of /dev/dma_heap, and the names under which
 * kernels offer the CMA heap.
 */
#include "gstdmabufheapexporter.h"
#include "gstdmabufexporterprivate.h"

#include "gstdmabuferror.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DIRECTORY "/dev/dma_heap"

/* One area of memory under several names, newest first
 * (Documentation/userspace-api/dma-buf-heaps.rst,
 * drivers/dma-buf/heaps/cma_heap.c). */
static const gchar *const cma_names[] = {
  "default_cma_region", "reserved", "linux,cma", "default-pool",
};

struct _GstDmabufHeapExporter
{
  GstDmabufExporter parent_instance;

  gchar *path;
  gboolean contiguous;
};

G_DEFINE_TYPE (GstDmabufHeapExporter, gst_dmabuf_heap_exporter,
    GST_TYPE_DMABUF_EXPORTER);

static gboolean
is_cma_name (const gchar * name)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cma_names); i++) {
    if (strcmp (cma_names[i], name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Turns "cma" into the name that this kernel uses, or the newest if none. */
static const gchar *
resolve_name (const gchar * name)
{
  guint i;

  if (strcmp (name, "cma") != 0)
    return name;
  for (i = 0; i < G_N_ELEMENTS (cma_names); i++) {
    gchar *path = g_build_filename (DIRECTORY, cma_names[i], NULL);
    gboolean exists = access (path, F_OK) == 0;

    g_free (path);
    if (exists)
      return cma_names[i];
  }
  return cma_names[0];
}

/* "the heaps here: a, b", for the message about one that is missing. */
static gchar *
describe_heaps (void)
{
  GDir *dir = g_dir_open (DIRECTORY, 0, NULL);
  GString *text = g_string_new (NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir)))
    g_string_append_printf (text, "%s%s", text->len ? ", " : "", name);
  if (dir)
    g_dir_close (dir);

  if (text->len == 0)
    g_string_assign (text,
        "no heap at all: a kernel with CONFIG_DMABUF_HEAPS is needed");
  else
    g_string_prepend (text, "the heaps here: ");
  return g_string_free (text, FALSE);
}

/* Finds out whether a heap can be opened, and what would help if not. */
static gboolean
check_heap (const gchar * path, const gchar * name, GError ** error)
{
  gchar *heaps = describe_heaps ();
  gchar *rule = g_strdup_printf ("udev rule SUBSYSTEM==\"dma_heap\", "
      "KERNEL==\"%s\", GROUP=\"video\", MODE=\"0660\", and this user in that "
      "group", name);
  GstDmabufRemedy remedy = {.missing = heaps,.denied = rule };
  gint heap_fd = gst_dmabuf_open_node (path, O_RDONLY, &remedy, error);

  if (heap_fd >= 0)
    close (heap_fd);
  g_free (rule);
  g_free (heaps);
  return heap_fd >= 0;
}

GstDmabufExporter *
gst_dmabuf_heap_exporter_new (const gchar * heap_name, GError ** error)
{
  GstDmabufHeapExporter *self;
  const gchar *name;
  gchar *spec, *path;

  g_return_val_if_fail (heap_name != NULL, NULL);

  if (*heap_name == '\0' || *heap_name == '.' || strchr (heap_name, '/')) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "\"%s\" is no name of a dma-heap", heap_name);
    return NULL;
  }
  name = resolve_name (heap_name);
  path = g_build_filename (DIRECTORY, name, NULL);
  if (!check_heap (path, name, error)) {
    g_free (path);
    return NULL;
  }

  spec = g_strconcat ("heap:", name, NULL);
  self = g_object_new (GST_TYPE_DMABUF_HEAP_EXPORTER, "spec", spec, NULL);
  self->path = path;
  self->contiguous = is_cma_name (name);
  g_free (spec);
  return g_object_ref_sink (GST_DMABUF_EXPORTER (self));
}

gboolean
gst_dmabuf_heap_exporter_is_contiguous (GstDmabufHeapExporter * self)
{
  g_return_val_if_fail (GST_IS_DMABUF_HEAP_EXPORTER (self), FALSE);

  return self->contiguous;
}

static gint
alloc_fd (GstDmabufExporter * exporter, gsize size_bytes, GError ** error)
{
  GstDmabufHeapExporter *self = GST_DMABUF_HEAP_EXPORTER (exporter);
  static const GstDmabufRemedy none = { NULL, NULL };
  struct dma_heap_allocation_data request = {
    .fd_flags = O_RDWR | O_CLOEXEC,
  };
  gsize rounded_bytes;
  gint heap_fd, result, errnum;

  if (!gst_dmabuf_round_to_pages (size_bytes, &rounded_bytes, error))
    return -1;
  request.len = rounded_bytes;

  /* Allocations are rare, and a pool that somebody leaks keeps its exporter: no
   * descriptor is held between them. */
  heap_fd = gst_dmabuf_open_node (self->path, O_RDONLY, &none, error);
  if (heap_fd < 0)
    return -1;
  do {
    result = ioctl (heap_fd, DMA_HEAP_IOCTL_ALLOC, &request);
  } while (result != 0 && errno == EINTR);
  errnum = errno;
  close (heap_fd);
  if (result != 0) {
    gst_dmabuf_set_error_errno (error, errnum,
        "allocating %" G_GSIZE_FORMAT " bytes from %s", size_bytes,
        gst_dmabuf_exporter_get_spec (exporter));
    return -1;
  }
  return request.fd;
}

static gboolean
satisfies (GstDmabufExporter * exporter,
    const GstDmabufConstraints * constraints, GError ** error)
{
  GstDmabufConstraints rest = *constraints;

  if (GST_DMABUF_HEAP_EXPORTER (exporter)->contiguous)
    rest.flags &= ~GST_DMABUF_CONSTRAINT_CONTIGUOUS;
  return GST_DMABUF_EXPORTER_CLASS (gst_dmabuf_heap_exporter_parent_class)
      ->satisfies (exporter, &rest, error);
}

static void
gst_dmabuf_heap_exporter_finalize (GObject * object)
{
  g_free (GST_DMABUF_HEAP_EXPORTER (object)->path);
  G_OBJECT_CLASS (gst_dmabuf_heap_exporter_parent_class)->finalize (object);
}

static void
gst_dmabuf_heap_exporter_init (GstDmabufHeapExporter * self)
{
}

static void
gst_dmabuf_heap_exporter_class_init (GstDmabufHeapExporterClass * klass)
{
  G_OBJECT_CLASS (klass)->finalize = gst_dmabuf_heap_exporter_finalize;
  GST_DMABUF_EXPORTER_CLASS (klass)->alloc_fd = alloc_fd;
  GST_DMABUF_EXPORTER_CLASS (klass)->satisfies = satisfies;
}
