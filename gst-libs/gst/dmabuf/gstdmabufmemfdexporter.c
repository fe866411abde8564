/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Sealed memfds: as memory of the simulated exporter, and as what udmabuf turns
 * into a dma-buf.
 */
#define _GNU_SOURCE             /* memfd_create, F_ADD_SEALS */
#include "gstdmabufmemfdexporter.h"
#include "gstdmabufexporterprivate.h"

#include "gstdmabuferror.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Headers of glibc before 2.38 lack it; the running kernel is asked. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

struct _GstDmabufMemfdExporter
{
  GstDmabufExporter parent_instance;
};

G_DEFINE_TYPE (GstDmabufMemfdExporter, gst_dmabuf_memfd_exporter,
    GST_TYPE_DMABUF_EXPORTER);

static gint
truncate_restarting (gint fd, gsize size_bytes)
{
  gint result;

  do {
    result = ftruncate (fd, size_bytes);
  } while (result != 0 && errno == EINTR);
  return result;
}

static gint
create_memfd (void)
{
  guint flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  gint fd = memfd_create ("gst-dmabuf", flags | MFD_NOEXEC_SEAL);

  /* A hardened system (vm.memfd_noexec=2) insists on it, and kernels before 6.3
   * do not know it. */
  if (fd < 0 && errno == EINVAL)
    fd = memfd_create ("gst-dmabuf", flags);
  return fd;
}

gint
gst_dmabuf_create_sealed_memfd (gsize size_bytes, GError ** error)
{
  gint fd = create_memfd ();

  if (fd < 0) {
    gst_dmabuf_set_error_errno (error, errno, "memfd_create");
    return -1;
  }
  /* SHRINK is what udmabuf asks for and what makes mappings safe from SIGBUS;
   * the others keep whoever receives the memfd from changing its mind. */
  if (truncate_restarting (fd, size_bytes)
      || fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) {
    gst_dmabuf_set_error_errno (error, errno,
        "making a memfd of %" G_GSIZE_FORMAT " bytes", size_bytes);
    close (fd);
    return -1;
  }
  return fd;
}

static gint
alloc_fd (GstDmabufExporter * exporter, gsize size_bytes, GError ** error)
{
  gsize rounded_bytes;

  /* Whole pages, as real dma-bufs have. */
  if (!gst_dmabuf_round_to_pages (size_bytes, &rounded_bytes, error))
    return -1;
  return gst_dmabuf_create_sealed_memfd (rounded_bytes, error);
}

GstDmabufExporter *
gst_dmabuf_memfd_exporter_new (void)
{
  return g_object_ref_sink (g_object_new (GST_TYPE_DMABUF_MEMFD_EXPORTER,
          "spec", "memfd", "simulated", TRUE, NULL));
}

static void
gst_dmabuf_memfd_exporter_init (GstDmabufMemfdExporter * self)
{
}

static void
gst_dmabuf_memfd_exporter_class_init (GstDmabufMemfdExporterClass * klass)
{
  GST_DMABUF_EXPORTER_CLASS (klass)->alloc_fd = alloc_fd;
}
