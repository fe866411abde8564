/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * CREATE_DUMB and PRIME export. Turns a layout into the width, height and bits
 * a pixel of a dumb buffer, and lays out again with the pitch that the kernel
 * chose. Never imports, never shows anything.
 */
#include "gstdmabufdumbexporter.h"
#include "gstdmabufexporterprivate.h"

#include "gstdmabuferror.h"
#include "gstdmabufformatinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define MAX_NODES 64

/* Rows of a buffer that has no picture, for gst_dmabuf_exporter_alloc(). */
#define PLAIN_ROW_BYTES 4096

struct _GstDmabufDumbExporter
{
  GstDmabufExporter parent_instance;

  gint drm_fd;
  guint64 device;               /* st_rdev */
};

G_DEFINE_TYPE (GstDmabufDumbExporter, gst_dmabuf_dumb_exporter,
    GST_TYPE_DMABUF_EXPORTER);

typedef struct
{
  guint32 width;                /* in pixels of bits_per_pixel */
  guint32 height;
  guint32 bits_per_pixel;
} Geometry;

/* A dumb buffer whose rows have row_bytes each, with room for size_bytes.
 *
 * 8, 16, 24 and 32 bits are what drm_mode_create_dumb allows new code to ask
 * for. One packed plane of such pixels says so; everything else (several
 * planes, 48 or 64 bits a pixel, two pixels in four bytes) is only bytes. */
static gboolean
choose_geometry (const GstDmabufFormatInfo * info, guint row_bytes,
    gsize size_bytes, Geometry * geometry, GError ** error)
{
  guint pixel_bytes = 1;
  gsize rows = size_bytes / row_bytes + (size_bytes % row_bytes != 0);

  if (info && info->n_planes == 1 && info->block_width[0] == 1
      && info->block_bytes[0] <= 4 && row_bytes % info->block_bytes[0] == 0)
    pixel_bytes = info->block_bytes[0];
  else if (row_bytes % 4 == 0 && info && info->n_planes == 1)
    pixel_bytes = 4;

  /* drm_mode_create_dumb() in drivers/gpu/drm/drm_dumb_buffers.c. */
  if (rows > G_MAXUINT32 / row_bytes) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "%" G_GSIZE_FORMAT " bytes are more than the 4 GiB of a dumb buffer",
        size_bytes);
    return FALSE;
  }
  geometry->width = row_bytes / pixel_bytes;
  geometry->height = rows;
  geometry->bits_per_pixel = pixel_bytes * 8;
  return TRUE;
}

/* Makes a buffer, shares it and forgets its handle: the dma-buf keeps it alive.
 * The handle is ours alone, for nobody has the dma-buf yet to import it. */
static gint
create_dumb (GstDmabufDumbExporter * self, const Geometry * geometry,
    guint * pitch_bytes, GError ** error)
{
  const gchar *spec = gst_dmabuf_exporter_get_spec (GST_DMABUF_EXPORTER (self));
  struct drm_mode_create_dumb create = {
    .width = geometry->width,
    .height = geometry->height,
    .bpp = geometry->bits_per_pixel,
  };
  struct drm_mode_destroy_dumb destroy;
  gint dmabuf_fd = -1, errnum = 0;

  if (drmIoctl (self->drm_fd, DRM_IOCTL_MODE_CREATE_DUMB, &create)) {
    gst_dmabuf_set_error_errno (error, errno,
        "making a dumb buffer of %ux%u, %u bits, on %s", geometry->width,
        geometry->height, geometry->bits_per_pixel, spec);
    return -1;
  }
  if (drmPrimeHandleToFD (self->drm_fd, create.handle,
          DRM_CLOEXEC | DRM_RDWR, &dmabuf_fd)) {
    errnum = errno;
    dmabuf_fd = -1;
  }
  destroy.handle = create.handle;
  drmIoctl (self->drm_fd, DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);

  if (dmabuf_fd < 0) {
    gst_dmabuf_set_error_errno (error, errnum, "sharing a dumb buffer of %s",
        spec);
    return -1;
  }
  *pitch_bytes = create.pitch;
  return dmabuf_fd;
}

/* The layout whose first plane has exactly pitch_bytes. Every stride becomes a
 * multiple of the alignment, and those of chroma planes may be a half or a
 * quarter of the first. */
static gboolean
layout_with_pitch (GstDmabufLayout * layout, guint pitch_bytes,
    const GstDmabufConstraints * constraints, GError ** error)
{
  GstDmabufConstraints with_pitch;
  GstDmabufLayout computed;
  guint wanted_align = 1, shift;

  if (constraints)
    with_pitch = *constraints;
  else
    gst_dmabuf_constraints_init (&with_pitch);
  if (with_pitch.stride_align > 1)
    wanted_align = with_pitch.stride_align;

  for (shift = 0; shift <= 2; shift++) {
    guint align = pitch_bytes >> shift;

    if (align == 0 || align << shift != pitch_bytes
        || align % wanted_align != 0)
      break;
    with_pitch.stride_align = align;
    if (!gst_dmabuf_layout_compute (&computed, &layout->format, layout->width,
            layout->height, &with_pitch, error))
      return FALSE;
    if (computed.planes[0].stride == pitch_bytes) {
      *layout = computed;
      return TRUE;
    }
  }
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "rows of %u bytes, aligned to %u, do not fit the kernel's pitch of %u",
      layout->planes[0].stride, wanted_align, pitch_bytes);
  return FALSE;
}

/* Takes what the kernel made: its pitch, if it differs, needs a layout of its
 * own, which may need more rows than the first guess. */
static gint
create_for_layout (GstDmabufDumbExporter * self, GstDmabufLayout * layout,
    const GstDmabufConstraints * constraints, GError ** error)
{
  const GstDmabufFormatInfo *info =
      gst_dmabuf_format_info_get (layout->format.fourcc);
  guint attempt;

  for (attempt = 0; attempt < 2; attempt++) {
    guint stride = layout->planes[0].stride, pitch_bytes;
    Geometry geometry;
    gint fd;

    if (!choose_geometry (info, stride, layout->object_sizes[0], &geometry,
            error))
      return -1;
    fd = create_dumb (self, &geometry, &pitch_bytes, error);
    if (fd < 0)
      return -1;
    if (pitch_bytes == stride)
      return fd;
    close (fd);
    if (!layout_with_pitch (layout, pitch_bytes, constraints, error))
      return -1;
  }
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "the kernel keeps no pitch of %u bytes", layout->planes[0].stride);
  return -1;
}

static gboolean
alloc_frame (GstDmabufExporter * exporter, const GstDmabufFormatSet * set,
    guint width, guint height, const GstDmabufConstraints * constraints,
    GstDmabufLayout * layout, gint fds[4], GError ** error)
{
  GstDmabufDumbExporter *self = GST_DMABUF_DUMB_EXPORTER (exporter);
  guint i, n = gst_dmabuf_format_set_get_n_formats (set);
  GError *reason = NULL;
  GstDmabufLayout computed;
  gchar *text;

  for (i = 0; i < n; i++) {
    const GstDmabufFormat *format = gst_dmabuf_format_set_get_nth (set, i);
    gint fd;

    if (!gst_dmabuf_format_is_linear (format))
      continue;
    g_clear_error (&reason);
    if (!gst_dmabuf_layout_compute (&computed, format, width, height,
            constraints, &reason))
      continue;
    fd = create_for_layout (self, &computed, constraints, &reason);
    if (fd < 0)
      continue;
    fds[0] = fd;
    *layout = computed;
    return TRUE;
  }

  if (reason) {
    g_propagate_error (error, reason);
    return FALSE;
  }
  text = gst_dmabuf_format_set_to_string (set);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "dumb buffers are linear, and %s is wanted", text);
  g_free (text);
  return FALSE;
}

static gint
alloc_fd (GstDmabufExporter * exporter, gsize size_bytes, GError ** error)
{
  Geometry geometry;
  guint pitch_bytes;

  if (!choose_geometry (NULL, PLAIN_ROW_BYTES, size_bytes, &geometry, error))
    return -1;
  return create_dumb (GST_DMABUF_DUMB_EXPORTER (exporter), &geometry,
      &pitch_bytes, error);
}

/* Whether two device numbers are nodes of one device (a display and its render
 * node, for instance). */
static gboolean
is_same_device (guint64 a, guint64 b)
{
  drmDevicePtr device_a = NULL, device_b = NULL;
  gboolean same = a == b;

  if (!same && drmGetDeviceFromDevId (a, 0, &device_a) == 0
      && drmGetDeviceFromDevId (b, 0, &device_b) == 0)
    same = drmDevicesEqual (device_a, device_b);
  drmFreeDevice (&device_a);
  drmFreeDevice (&device_b);
  return same;
}

static gboolean
satisfies (GstDmabufExporter * exporter,
    const GstDmabufConstraints * constraints, GError ** error)
{
  GstDmabufDumbExporter *self = GST_DMABUF_DUMB_EXPORTER (exporter);

  /* The device's own memory is where the device reaches it, in the shape that
   * it scans out; nothing is known about other devices. */
  if (constraints->device != 0
      && is_same_device (constraints->device, self->device)) {
    GstDmabufConstraints rest = *constraints;

    rest.flags &= ~GST_DMABUF_CONSTRAINT_CONTIGUOUS;
    rest.max_address = 0;
    return GST_DMABUF_EXPORTER_CLASS (gst_dmabuf_dumb_exporter_parent_class)
        ->satisfies (exporter, &rest, error);
  }
  return GST_DMABUF_EXPORTER_CLASS (gst_dmabuf_dumb_exporter_parent_class)
      ->satisfies (exporter, constraints, error);
}

static gboolean
check_device (gint drm_fd, const gchar * name, GError ** error)
{
  guint64 dumb = 0, prime = 0;

  if (drmGetNodeTypeFromFd (drm_fd) < 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "%s is no DRM device", name);
    return FALSE;
  }
  if (drmGetNodeTypeFromFd (drm_fd) != DRM_NODE_PRIMARY) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s is no primary node (card*), and dumb buffers need one", name);
    return FALSE;
  }
  if (drmGetCap (drm_fd, DRM_CAP_DUMB_BUFFER, &dumb) || dumb == 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s makes no dumb buffers", name);
    return FALSE;
  }
  if (drmGetCap (drm_fd, DRM_CAP_PRIME, &prime)
      || (prime & DRM_PRIME_CAP_EXPORT) == 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s does not share its buffers (no PRIME export)", name);
    return FALSE;
  }
  return TRUE;
}

/* Takes drm_fd. */
static GstDmabufExporter *
new_take_fd (gint drm_fd, const gchar * name, GError ** error)
{
  GstDmabufDumbExporter *self;
  struct stat status;
  gchar *spec;

  if (!check_device (drm_fd, name, error)) {
    close (drm_fd);
    return NULL;
  }
  spec = g_strconcat ("dumb:", name, NULL);
  self = g_object_new (GST_TYPE_DMABUF_DUMB_EXPORTER, "spec", spec, NULL);
  self->drm_fd = drm_fd;
  if (fstat (drm_fd, &status) == 0)
    self->device = status.st_rdev;
  g_free (spec);
  return g_object_ref_sink (GST_DMABUF_EXPORTER (self));
}

static GstDmabufExporter *
new_for_node (const gchar * node, GError ** error)
{
  static const GstDmabufRemedy remedy = {
    .missing = "no such display device; see /dev/dri",
    .denied = "this user must be in the group \"video\", or have the seat",
  };
  gint drm_fd = gst_dmabuf_open_node (node, O_RDWR, &remedy, error);

  if (drm_fd < 0)
    return NULL;
  /* Whoever opens a primary node first becomes DRM master without asking
   * (drm_master_open() in drivers/gpu/drm/drm_auth.c), and would keep a display
   * server or a sink from it. */
  if (drmIsMaster (drm_fd))
    drmDropMaster (drm_fd);
  return new_take_fd (drm_fd, node, error);
}

GstDmabufExporter *
gst_dmabuf_dumb_exporter_new (const gchar * device, GError ** error)
{
  GstDmabufExporter *found = NULL;
  GError *first = NULL;
  guint i;

  if (device)
    return new_for_node (device, error);

  for (i = 0; i < MAX_NODES && found == NULL; i++) {
    gchar *node = g_strdup_printf (DRM_DEV_NAME, DRM_DIR_NAME, (gint) i);

    if (access (node, F_OK) == 0)
      found = new_for_node (node, first ? NULL : &first);
    g_free (node);
  }
  if (found) {
    g_clear_error (&first);
    return found;
  }
  if (first)
    g_propagate_error (error, first);
  else
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "there is no display device in " DRM_DIR_NAME);
  return NULL;
}

GstDmabufExporter *
gst_dmabuf_dumb_exporter_new_for_fd (gint drm_fd, GError ** error)
{
  GstDmabufExporter *self;
  gchar *name;
  gint own_fd = fcntl (drm_fd, F_DUPFD_CLOEXEC, 0);

  if (own_fd < 0) {
    gst_dmabuf_set_error_errno (error, errno, "duplicating descriptor %d",
        drm_fd);
    return NULL;
  }
  name = drmGetDeviceNameFromFd2 (own_fd);
  self = new_take_fd (own_fd, name ? name : "the descriptor", error);
  free (name);
  return self;
}

static void
gst_dmabuf_dumb_exporter_finalize (GObject * object)
{
  GstDmabufDumbExporter *self = GST_DMABUF_DUMB_EXPORTER (object);

  if (self->drm_fd >= 0)
    close (self->drm_fd);
  G_OBJECT_CLASS (gst_dmabuf_dumb_exporter_parent_class)->finalize (object);
}

static void
gst_dmabuf_dumb_exporter_init (GstDmabufDumbExporter * self)
{
  self->drm_fd = -1;
}

static void
gst_dmabuf_dumb_exporter_class_init (GstDmabufDumbExporterClass * klass)
{
  GstDmabufExporterClass *exporter_class = GST_DMABUF_EXPORTER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_dmabuf_dumb_exporter_finalize;
  exporter_class->alloc_fd = alloc_fd;
  exporter_class->alloc_frame_fds = alloc_frame;
  exporter_class->satisfies = satisfies;
}
