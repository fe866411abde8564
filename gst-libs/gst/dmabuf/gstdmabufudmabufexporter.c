/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * UDMABUF_CREATE of one memfd for each dma-buf, and what its EINVAL means.
 */
#include "gstdmabufudmabufexporter.h"
#include "gstdmabufexporterprivate.h"

#include "gstdmabuferror.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NODE "/dev/udmabuf"
#define SIZE_LIMIT_PARAMETER "/sys/module/udmabuf/parameters/size_limit_mb"

struct _GstDmabufUdmabufExporter
{
  GstDmabufExporter parent_instance;
};

G_DEFINE_TYPE (GstDmabufUdmabufExporter, gst_dmabuf_udmabuf_exporter,
    GST_TYPE_DMABUF_EXPORTER);

/* The limit in bytes, or 0 if it cannot be read. */
static guint64
read_size_limit (void)
{
  gchar *text = NULL;
  guint64 limit_mb = 0;

  if (g_file_get_contents (SIZE_LIMIT_PARAMETER, &text, NULL, NULL))
    limit_mb = g_ascii_strtoull (text, NULL, 10);
  g_free (text);
  return limit_mb * 1024 * 1024;
}

static void
set_create_error (GError ** error, gint errnum, gsize size_bytes)
{
  guint64 limit_bytes = errnum == EINVAL ? read_size_limit () : 0;

  /* udmabuf_create() in drivers/dma-buf/udmabuf.c has one EINVAL for all that
   * it dislikes, and we keep the rest of its rules. */
  if (limit_bytes != 0 && size_bytes > limit_bytes) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "%" G_GSIZE_FORMAT " bytes are more than udmabuf.size_limit_mb=%"
        G_GUINT64_FORMAT " allows (raise it in " SIZE_LIMIT_PARAMETER
        " or on the kernel command line)", size_bytes,
        limit_bytes / (1024 * 1024));
    return;
  }
  gst_dmabuf_set_error_errno (error, errnum,
      "making a udmabuf of %" G_GSIZE_FORMAT " bytes", size_bytes);
}

static gint
open_device (GError ** error)
{
  static const GstDmabufRemedy remedy = {
    .missing = "modprobe udmabuf, or a kernel with CONFIG_UDMABUF",
    .denied = "udev rule KERNEL==\"udmabuf\", GROUP=\"kvm\", MODE=\"0660\","
        " and this user in that group",
  };

  return gst_dmabuf_open_node (NODE, O_RDWR, &remedy, error);
}

static gint
alloc_fd (GstDmabufExporter * exporter, gsize size_bytes, GError ** error)
{
  struct udmabuf_create request = {.flags = UDMABUF_FLAGS_CLOEXEC };
  gsize rounded_bytes;
  gint device_fd, memfd_fd, dmabuf_fd, errnum;

  if (!gst_dmabuf_round_to_pages (size_bytes, &rounded_bytes, error))
    return -1;
  memfd_fd = gst_dmabuf_create_sealed_memfd (rounded_bytes, error);
  if (memfd_fd < 0)
    return -1;
  /* Allocations are rare, and a pool that somebody leaks keeps its exporter: no
   * descriptor is held between them. */
  device_fd = open_device (error);
  if (device_fd < 0) {
    close (memfd_fd);
    return -1;
  }

  request.memfd = memfd_fd;
  request.size = rounded_bytes;
  do {
    dmabuf_fd = ioctl (device_fd, UDMABUF_CREATE, &request);
  } while (dmabuf_fd < 0 && errno == EINTR);
  errnum = errno;
  /* The dma-buf pins the pages; the memfd has done its work. */
  close (memfd_fd);
  close (device_fd);

  if (dmabuf_fd < 0) {
    set_create_error (error, errnum, rounded_bytes);
    return -1;
  }
  return dmabuf_fd;
}

GstDmabufExporter *
gst_dmabuf_udmabuf_exporter_new (GError ** error)
{
  gint device_fd = open_device (error);

  if (device_fd < 0)
    return NULL;
  close (device_fd);
  return g_object_ref_sink (g_object_new (GST_TYPE_DMABUF_UDMABUF_EXPORTER,
          "spec", "udmabuf", NULL));
}

static void
gst_dmabuf_udmabuf_exporter_init (GstDmabufUdmabufExporter * self)
{
}

static void
gst_dmabuf_udmabuf_exporter_class_init (GstDmabufUdmabufExporterClass * klass)
{
  GST_DMABUF_EXPORTER_CLASS (klass)->alloc_fd = alloc_fd;
}
