/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Whether a layout stays inside of its memory objects. Everything in it but the
 * object sizes is the word of somebody who may be wrong or hostile, so nothing
 * is added or multiplied here without a check for overflow.
 */
#include "gstdmabuflayout.h"

static void
G_GNUC_PRINTF (3, 4)
set_invalid (const GstDmabufLayout * layout, GError ** error,
    const gchar * format, ...)
{
  gchar *name;
  va_list args;

  if (error == NULL)
    return;

  va_start (args, format);
  *error = g_error_new_valist (GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      format, args);
  va_end (args);
  name = gst_dmabuf_format_to_string (&layout->format);
  g_prefix_error (error, "%s %ux%u: ", name, layout->width, layout->height);
  g_free (name);
}

static gboolean
check_counts (const GstDmabufLayout * layout, GError ** error)
{
  guint i;

  if (layout->width == 0 || layout->height == 0) {
    set_invalid (layout, error, "the frame has no pixels");
    return FALSE;
  }
  if (layout->n_planes == 0 || layout->n_planes > GST_DMABUF_MAX_PLANES) {
    set_invalid (layout, error, "%u planes, there can be 1 to %d",
        layout->n_planes, GST_DMABUF_MAX_PLANES);
    return FALSE;
  }
  if (layout->n_objects == 0 || layout->n_objects > GST_DMABUF_MAX_PLANES) {
    set_invalid (layout, error, "%u memory objects, there can be 1 to %d",
        layout->n_objects, GST_DMABUF_MAX_PLANES);
    return FALSE;
  }
  for (i = 0; i < layout->n_planes; i++) {
    if (layout->planes[i].object >= layout->n_objects) {
      set_invalid (layout, error, "plane %u lies in object %u, there are %u",
          i, layout->planes[i].object, layout->n_objects);
      return FALSE;
    }
  }
  return TRUE;
}

/* What holds for any modifier, known or not. */
static gboolean
check_offset (const GstDmabufLayout * layout, guint plane, GError ** error)
{
  const GstDmabufPlane *p = &layout->planes[plane];
  gsize object_size = layout->object_sizes[p->object];

  if (p->offset >= object_size) {
    set_invalid (layout, error, "plane %u begins at %" G_GSIZE_FORMAT
        ", beyond the %" G_GSIZE_FORMAT " bytes of object %u", plane,
        p->offset, object_size, p->object);
    return FALSE;
  }
  /* Importers take 32-bit offsets: include/uapi/drm/drm_mode.h, struct
   * drm_mode_fb_cmd2, and zwp_linux_buffer_params_v1.add. */
  if ((guint64) p->offset > G_MAXUINT32) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "plane %u begins at %" G_GSIZE_FORMAT ", beyond the 4 GiB that "
        "importers can be told", plane, p->offset);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_linear_plane (const GstDmabufLayout * layout,
    const GstDmabufFormatInfo * info, guint plane, GError ** error)
{
  const GstDmabufPlane *p = &layout->planes[plane];
  guint64 object_size = layout->object_sizes[p->object];
  guint64 row_bytes =
      gst_dmabuf_format_info_plane_row_bytes (info, plane, layout->width);
  guint64 rows =
      gst_dmabuf_format_info_plane_height (info, plane, layout->height);
  guint64 end;

  if (p->stride < row_bytes) {
    set_invalid (layout, error, "plane %u has a stride of %u bytes, a row "
        "takes %" G_GUINT64_FORMAT, plane, p->stride, row_bytes);
    return FALSE;
  }
  if (__builtin_mul_overflow ((guint64) p->stride, rows - 1, &end)
      || __builtin_add_overflow (end, row_bytes, &end)
      || __builtin_add_overflow (end, (guint64) p->offset, &end)
      || end > object_size) {
    set_invalid (layout, error, "plane %u does not fit: offset %"
        G_GSIZE_FORMAT " + stride %u x %" G_GUINT64_FORMAT " rows + %"
        G_GUINT64_FORMAT " bytes is beyond the %" G_GUINT64_FORMAT
        " bytes of object %u", plane, p->offset, p->stride, rows - 1,
        row_bytes, object_size, p->object);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_linear (const GstDmabufLayout * layout, const GstDmabufFormatInfo * info,
    GError ** error)
{
  guint i;

  if (layout->n_planes != info->n_planes) {
    set_invalid (layout, error, "%u planes, the linear layout has %u",
        layout->n_planes, info->n_planes);
    return FALSE;
  }
  for (i = 0; i < layout->n_planes; i++) {
    if (!check_linear_plane (layout, info, i, error))
      return FALSE;
  }
  return TRUE;
}

/* A layout that only the driver knows, or GStreamer's tiles. Planes that a
 * modifier adds (the clear colour of Intel's CCS) may have no stride. */
static gboolean
check_opaque (const GstDmabufLayout * layout, const GstDmabufFormatInfo * info,
    GError ** error)
{
  guint colour_planes = info != NULL ? info->n_planes : 1;
  guint i;

  for (i = 0; i < layout->n_planes; i++) {
    const GstDmabufPlane *p = &layout->planes[i];
    gsize object_size = layout->object_sizes[p->object];

    if (p->stride == 0 && i < colour_planes) {
      set_invalid (layout, error, "plane %u has no stride", i);
      return FALSE;
    }
    /* The offset is known to be below the object's size. */
    if (p->size > object_size - p->offset) {
      set_invalid (layout, error, "plane %u does not fit: offset %"
          G_GSIZE_FORMAT " + %" G_GSIZE_FORMAT " bytes is beyond the %"
          G_GSIZE_FORMAT " bytes of object %u", i, p->offset, p->size,
          object_size, p->object);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
gst_dmabuf_layout_check (const GstDmabufLayout * layout, GError ** error)
{
  const GstDmabufFormatInfo *info;
  guint i;

  g_return_val_if_fail (layout != NULL, FALSE);

  if (!check_counts (layout, error))
    return FALSE;
  for (i = 0; i < layout->n_planes; i++) {
    if (!check_offset (layout, i, error))
      return FALSE;
  }

  info = gst_dmabuf_format_info_get (layout->format.fourcc);
  if (info != NULL && info->is_linear
      && gst_dmabuf_format_is_linear (&layout->format))
    return check_linear (layout, info, error);
  return check_opaque (layout, info, error);
}
