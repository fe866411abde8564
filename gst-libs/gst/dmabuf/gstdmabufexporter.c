/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * From a back end's descriptor to GstMemory: the size that the kernel says, a
 * name, the wrapping; and a frame in the first layout that the CPU knows for back
 * ends that only make memory.
 */
#include "gstdmabufexporter.h"
#include "gstdmabufexporterprivate.h"

#include "gstdmabuferror.h"
#include "gstdmabufformatinfo.h"
#include "gstdmabufidentity.h"
#include "gstdmabufmappingprivate.h"
#include "gstdmabuftile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysinfo.h>
#include <unistd.h>

GST_DEBUG_CATEGORY (gst_dmabuf_exporter_debug);
#define GST_CAT_DEFAULT gst_dmabuf_exporter_debug

/* DMA_BUF_NAME_LEN of include/linux/dma-buf.h, terminator included. */
#define NAME_SIZE 32

typedef struct
{
  gchar *spec;
  gboolean simulated;
} GstDmabufExporterPrivate;

enum
{
  PROP_0,
  PROP_SPEC,
  PROP_SIMULATED,
};

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (GstDmabufExporter, gst_dmabuf_exporter,
    GST_TYPE_DMABUF_ALLOCATOR, G_ADD_PRIVATE (GstDmabufExporter)
    GST_DEBUG_CATEGORY_INIT (gst_dmabuf_exporter_debug, "dmabufexport", 0,
        "dma-buf exporters"));

static GstDmabufExporterPrivate *
get_private (GstDmabufExporter * self)
{
  return gst_dmabuf_exporter_get_instance_private (self);
}

gint
gst_dmabuf_open_node (const gchar * path, gint flags,
    const GstDmabufRemedy * remedy, GError ** error)
{
  const gchar *advice = NULL;
  GError *cause = NULL;
  gint fd, errnum;

  do {
    fd = open (path, flags | O_CLOEXEC);
  } while (fd < 0 && errno == EINTR);
  if (fd >= 0)
    return fd;

  errnum = errno;
  if (errnum == ENOENT || errnum == ENODEV || errnum == ENXIO)
    advice = remedy->missing;
  else if (errnum == EACCES || errnum == EPERM)
    advice = remedy->denied;
  gst_dmabuf_set_error_errno (&cause, errnum, "opening %s", path);
  if (advice)
    g_set_error (error, cause->domain, cause->code, "%s (%s)", cause->message,
        advice);
  else
    g_propagate_error (error, g_error_copy (cause));
  g_error_free (cause);
  return -1;
}

gboolean
gst_dmabuf_round_to_pages (gsize size_bytes, gsize * rounded_bytes,
    GError ** error)
{
  gsize page = sysconf (_SC_PAGESIZE), sum;
  struct sysinfo info;
  guint64 ram_bytes = G_MAXSSIZE;

  /* The system heap takes page after page until there are none, and the kernel
   * starts to kill processes, before it says no. */
  if (sysinfo (&info) == 0)
    ram_bytes = (guint64) info.totalram * info.mem_unit;
  if (!g_size_checked_add (&sum, size_bytes, page - 1) || sum > ram_bytes) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_EXHAUSTED,
        "%" G_GSIZE_FORMAT " bytes are more than the %" G_GUINT64_FORMAT
        " bytes of memory here", size_bytes, ram_bytes);
    return FALSE;
  }
  *rounded_bytes = sum & ~(page - 1);
  return TRUE;
}

static void
name_dmabuf (GstDmabufExporter * self, gint fd)
{
  gchar name[NAME_SIZE];

  /* Only for people who look: a kernel that refuses it loses nothing. */
  g_snprintf (name, sizeof name, "gst %s", get_private (self)->spec);
  if (ioctl (fd, DMA_BUF_SET_NAME, name))
    GST_LOG_OBJECT (self, "no name for %d: %s", fd, g_strerror (errno));
}

/* Takes fd on success only. */
static GstMemory *
wrap_fd (GstDmabufExporter * self, gint fd, gsize wanted_bytes, GError ** error)
{
  gboolean simulated = get_private (self)->simulated;
  GstMemory *memory;
  gsize size_bytes;

  if (!gst_dmabuf_fd_get_size (fd, &size_bytes, error))
    return NULL;
  if (size_bytes < wanted_bytes) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "%s made %" G_GSIZE_FORMAT " bytes instead of %" G_GSIZE_FORMAT,
        get_private (self)->spec, size_bytes, wanted_bytes);
    return NULL;
  }
  if (!simulated)
    name_dmabuf (self, fd);

  memory = gst_dmabuf_mapping_wrap (GST_ALLOCATOR (self), fd, size_bytes,
      !simulated, GST_FD_MEMORY_FLAG_NONE);
  gst_memory_resize (memory, 0, wanted_bytes);
  return memory;
}

GstMemory *
gst_dmabuf_exporter_alloc (GstDmabufExporter * self, gsize size_bytes,
    GError ** error)
{
  GstMemory *memory;
  gint fd;

  g_return_val_if_fail (GST_IS_DMABUF_EXPORTER (self), NULL);
  g_return_val_if_fail (size_bytes > 0, NULL);

  fd = GST_DMABUF_EXPORTER_GET_CLASS (self)->alloc_fd (self, size_bytes, error);
  if (fd < 0)
    return NULL;
  memory = wrap_fd (self, fd, size_bytes, error);
  if (memory == NULL)
    close (fd);
  return memory;
}

static void
close_all (gint fds[4])
{
  guint i;

  for (i = 0; i < GST_DMABUF_MAX_PLANES; i++) {
    if (fds[i] >= 0)
      close (fds[i]);
    fds[i] = -1;
  }
}

/* Bytes of an object that planes use, which may be fewer than it has. */
static gsize
used_bytes (const GstDmabufLayout * layout, guint object)
{
  gsize used = 0;
  guint i;

  for (i = 0; i < layout->n_planes; i++) {
    const GstDmabufPlane *plane = &layout->planes[i];

    /* Cannot overflow: gst_dmabuf_layout_check() passed. */
    if (plane->object == object)
      used = MAX (used, plane->offset + plane->size);
  }
  return used ? used : layout->object_sizes[object];
}

/* Checks what a back end made against the kernel, and wraps it. Takes the
 * descriptors in any case. */
static gboolean
wrap_frame (GstDmabufExporter * self, GstDmabufLayout * layout, gint fds[4],
    GstMemory * memories[4], GError ** error)
{
  gsize used[GST_DMABUF_MAX_PLANES];
  guint i;

  for (i = 0; i < layout->n_objects; i++) {
    if (!gst_dmabuf_fd_get_size (fds[i], &layout->object_sizes[i], error))
      goto failed;
  }
  if (!gst_dmabuf_layout_check (layout, error))
    goto failed;
  for (i = 0; i < layout->n_objects; i++)
    used[i] = used_bytes (layout, i);

  for (i = 0; i < layout->n_objects; i++) {
    memories[i] = wrap_fd (self, fds[i], used[i], error);
    if (memories[i] == NULL)
      goto failed;
    fds[i] = -1;
  }
  return TRUE;

failed:
  close_all (fds);
  for (i = 0; i < GST_DMABUF_MAX_PLANES; i++)
    g_clear_pointer (&memories[i], gst_memory_unref);
  return FALSE;
}

gboolean
gst_dmabuf_exporter_alloc_frame (GstDmabufExporter * self,
    const GstDmabufFormatSet * set, guint width, guint height,
    const GstDmabufConstraints * constraints, GstDmabufLayout * layout,
    GstMemory * memories[4], GError ** error)
{
  GstDmabufExporterClass *klass;
  GstMemory *made[GST_DMABUF_MAX_PLANES] = { NULL, };
  gint fds[GST_DMABUF_MAX_PLANES] = { -1, -1, -1, -1 };
  GstDmabufLayout result;

  g_return_val_if_fail (GST_IS_DMABUF_EXPORTER (self), FALSE);
  g_return_val_if_fail (set != NULL && layout != NULL, FALSE);
  g_return_val_if_fail (memories != NULL, FALSE);

  klass = GST_DMABUF_EXPORTER_GET_CLASS (self);
  memset (&result, 0, sizeof result);
  if (constraints && !klass->satisfies (self, constraints, error))
    return FALSE;
  if (!klass->alloc_frame_fds (self, set, width, height, constraints, &result, fds,
          error))
    return FALSE;
  if (!wrap_frame (self, &result, fds, made, error))
    return FALSE;

  *layout = result;
  memcpy (memories, made, sizeof made);
  return TRUE;
}

GstDmabufFormatSet *
gst_dmabuf_exporter_get_formats (GstDmabufExporter * self)
{
  g_return_val_if_fail (GST_IS_DMABUF_EXPORTER (self), NULL);

  return GST_DMABUF_EXPORTER_GET_CLASS (self)->get_formats (self);
}

gboolean
gst_dmabuf_exporter_satisfies (GstDmabufExporter * self,
    const GstDmabufConstraints * constraints, GError ** error)
{
  g_return_val_if_fail (GST_IS_DMABUF_EXPORTER (self), FALSE);
  g_return_val_if_fail (constraints != NULL, FALSE);

  return GST_DMABUF_EXPORTER_GET_CLASS (self)->satisfies (self, constraints,
      error);
}

const gchar *
gst_dmabuf_exporter_get_spec (GstDmabufExporter * self)
{
  g_return_val_if_fail (GST_IS_DMABUF_EXPORTER (self), NULL);

  return get_private (self)->spec;
}

gboolean
gst_dmabuf_exporter_is_simulated (GstDmabufExporter * self)
{
  g_return_val_if_fail (GST_IS_DMABUF_EXPORTER (self), FALSE);

  return get_private (self)->simulated;
}

void
gst_dmabuf_buffer_mark_fenced (GstBuffer * buffer)
{
  guint i, n;

  g_return_if_fail (GST_IS_BUFFER (buffer));

  n = gst_buffer_n_memory (buffer);
  for (i = 0; i < n; i++) {
    GstMemory *memory = gst_buffer_peek_memory (buffer, i);

    if (GST_IS_DMABUF_EXPORTER (memory->allocator))
      gst_dmabuf_mapping_mark_fenced (memory);
  }
}

static void
add_all (GstDmabufFormatSetBuilder * builder, GstDmabufFormatSet * set)
{
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++)
    gst_dmabuf_format_set_builder_add (builder,
        gst_dmabuf_format_set_get_nth (set, i));
  gst_dmabuf_format_set_unref (set);
}

/* What the CPU can lay out: nobody but it shares plain memory's layouts. */
static GstDmabufFormatSet *
get_cpu_formats (GstDmabufExporter * self)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  guint i;

  for (i = 0; i < gst_dmabuf_format_info_n (); i++) {
    const GstDmabufFormatInfo *info = gst_dmabuf_format_info_nth (i);
    GstDmabufFormat format =
        GST_DMABUF_FORMAT_INIT (info->fourcc, GST_DMABUF_MOD_LINEAR);

    if (!info->is_linear)
      continue;
    gst_dmabuf_format_set_builder_add (builder, &format);
    add_all (builder, gst_dmabuf_tile_get_formats (info->fourcc));
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

static gboolean
alloc_objects (GstDmabufExporter * self, const GstDmabufLayout * layout,
    gint fds[4], GError ** error)
{
  gint made[GST_DMABUF_MAX_PLANES] = { -1, -1, -1, -1 };
  guint i;

  for (i = 0; i < layout->n_objects; i++) {
    made[i] = GST_DMABUF_EXPORTER_GET_CLASS (self)->alloc_fd (self,
        layout->object_sizes[i], error);
    if (made[i] < 0) {
      close_all (made);
      return FALSE;
    }
  }
  memcpy (fds, made, sizeof made);
  return TRUE;
}

static gboolean
compute_layout (GstDmabufLayout * layout, const GstDmabufFormat * format,
    guint width, guint height, const GstDmabufConstraints * constraints,
    GError ** error)
{
  /* Some linear formats that pack 10 bits are both. */
  if (gst_dmabuf_format_is_linear (format))
    return gst_dmabuf_layout_compute (layout, format, width, height,
        constraints, error);
  return gst_dmabuf_tile_layout_compute (layout, format, width, height,
      constraints, error);
}

/* The layout of the first format of set that is linear, or is not. FALSE
 * without error if there is none. */
static gboolean
compute_first (const GstDmabufFormatSet * set, gboolean linear, guint width,
    guint height, const GstDmabufConstraints * constraints,
    GstDmabufLayout * layout, GError ** error)
{
  guint i, n = gst_dmabuf_format_set_get_n_formats (set);

  for (i = 0; i < n; i++) {
    const GstDmabufFormat *format = gst_dmabuf_format_set_get_nth (set, i);

    if (gst_dmabuf_format_is_linear (format) != linear
        || gst_dmabuf_format_is_implicit (format))
      continue;
    g_clear_error (error);
    if (compute_layout (layout, format, width, height, constraints, error))
      return TRUE;
  }
  return FALSE;
}

/* Linear first: tiles cost the CPU, and a device that has other memory for them
 * has another exporter. */
static gboolean
alloc_first_known (GstDmabufExporter * self, const GstDmabufFormatSet * set,
    guint width, guint height, const GstDmabufConstraints * constraints,
    GstDmabufLayout * layout, gint fds[4], GError ** error)
{
  GstDmabufLayout computed;
  GError *reason = NULL;
  gchar *text;

  if (compute_first (set, TRUE, width, height, constraints, &computed, &reason)
      || compute_first (set, FALSE, width, height, constraints, &computed,
          &reason)) {
    g_clear_error (&reason);
    if (!alloc_objects (self, &computed, fds, error))
      return FALSE;
    *layout = computed;
    return TRUE;
  }

  if (reason) {
    g_propagate_error (error, reason);
    return FALSE;
  }
  text = gst_dmabuf_format_set_to_string (set);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "%s makes layouts that the CPU knows, and %s is wanted",
      get_private (self)->spec, text);
  g_free (text);
  return FALSE;
}

static gboolean
satisfies_by_default (GstDmabufExporter * self,
    const GstDmabufConstraints * constraints, GError ** error)
{
  const gchar *spec = get_private (self)->spec;

  if (constraints->flags & GST_DMABUF_CONSTRAINT_CONTIGUOUS) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "memory of %s is not physically contiguous", spec);
    return FALSE;
  }
  if (constraints->max_address != 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s cannot promise memory below address 0x%" G_GINT64_MODIFIER "x",
        spec, constraints->max_address);
    return FALSE;
  }
  return TRUE;
}

/* gst_allocator_alloc(): for elements that were given an exporter as allocator
 * and know nothing of formats. */
static GstMemory *
alloc_plain (GstAllocator * allocator, gsize size, GstAllocationParams * params)
{
  GstDmabufExporter *self = GST_DMABUF_EXPORTER (allocator);
  GError *error = NULL;
  GstMemory *memory;
  gsize total;

  if (!g_size_checked_add (&total, size, params->prefix)
      || !g_size_checked_add (&total, total, params->padding)) {
    GST_WARNING_OBJECT (self, "size %" G_GSIZE_FORMAT " overflows", size);
    return NULL;
  }
  memory = gst_dmabuf_exporter_alloc (self, MAX (total, 1), &error);
  if (memory == NULL) {
    GST_WARNING_OBJECT (self, "cannot allocate: %s", error->message);
    g_clear_error (&error);
    return NULL;
  }
  gst_memory_resize (memory, params->prefix, size);
  /* New dma-bufs are zeros all over. */
  GST_MINI_OBJECT_FLAG_SET (memory, params->flags
      & (GST_MEMORY_FLAG_ZERO_PREFIXED | GST_MEMORY_FLAG_ZERO_PADDED));
  return memory;
}

static void
set_property (GObject * object, guint id, const GValue * value,
    GParamSpec * pspec)
{
  GstDmabufExporterPrivate *priv = get_private (GST_DMABUF_EXPORTER (object));

  switch (id) {
    case PROP_SPEC:
      priv->spec = g_value_dup_string (value);
      break;
    case PROP_SIMULATED:
      priv->simulated = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
get_property (GObject * object, guint id, GValue * value, GParamSpec * pspec)
{
  GstDmabufExporterPrivate *priv = get_private (GST_DMABUF_EXPORTER (object));

  switch (id) {
    case PROP_SPEC:
      g_value_set_string (value, priv->spec);
      break;
    case PROP_SIMULATED:
      g_value_set_boolean (value, priv->simulated);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
gst_dmabuf_exporter_finalize (GObject * object)
{
  g_free (get_private (GST_DMABUF_EXPORTER (object))->spec);
  G_OBJECT_CLASS (gst_dmabuf_exporter_parent_class)->finalize (object);
}

static void
gst_dmabuf_exporter_init (GstDmabufExporter * self)
{
  gst_dmabuf_mapping_install (GST_ALLOCATOR (self));
  /* Unlike the parent class, which can only wrap. */
  GST_OBJECT_FLAG_UNSET (self, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC);
}

static void
gst_dmabuf_exporter_class_init (GstDmabufExporterClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = gst_dmabuf_exporter_finalize;
  GST_ALLOCATOR_CLASS (klass)->alloc = alloc_plain;
  klass->get_formats = get_cpu_formats;
  klass->alloc_frame_fds = alloc_first_known;
  klass->satisfies = satisfies_by_default;

  /**
   * GstDmabufExporter:spec:
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SPEC,
      g_param_spec_string ("spec", "Spec",
          "Text that names the exporter, such as heap:system", "",
          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
  /**
   * GstDmabufExporter:simulated:
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SIMULATED,
      g_param_spec_boolean ("simulated", "Simulated",
          "Whether the memory only stands in for a dma-buf", FALSE,
          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
}
