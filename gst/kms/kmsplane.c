/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Planes, read once when a device is opened.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "kmsplane.h"

#include <gst/dmabuf/gstdmabufformatinfo.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define GST_CAT_DEFAULT kms_debug_category ()

static const gchar *const property_names[N_KMS_PLANE_PROPERTIES] = {
  "FB_ID", "CRTC_ID", "SRC_X", "SRC_Y", "SRC_W", "SRC_H",
  "CRTC_X", "CRTC_Y", "CRTC_W", "CRTC_H",
  "COLOR_ENCODING", "COLOR_RANGE", "rotation", "alpha",
  "type", "IN_FORMATS",
};

static GstDmabufFormatSet *
read_in_formats (KmsDevice * device, guint32 blob_id)
{
  drmModePropertyBlobRes *blob = drmModeGetPropertyBlob (device->fd, blob_id);
  GstDmabufFormatSet *set = NULL;
  GError *error = NULL;

  if (!blob)
    return NULL;
  set = gst_dmabuf_format_set_from_in_formats (blob->data, blob->length,
      &error);
  if (!set) {
    GST_WARNING ("%s: IN_FORMATS: %s", device->path, error->message);
    g_clear_error (&error);
  }
  drmModeFreePropertyBlob (blob);
  return set;
}

/* A driver without modifiers shows what its own memory says, which for memory
 * of others and for dumb buffers is linear. */
static GstDmabufFormatSet *
read_linear_formats (const drmModePlane * info)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  guint i;

  for (i = 0; i < info->count_formats; i++) {
    GstDmabufFormat format =
        GST_DMABUF_FORMAT_INIT (info->formats[i], GST_DMABUF_MOD_LINEAR);

    gst_dmabuf_format_set_builder_add (builder, &format);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

static void
begin_tranche (GstDmabufFormatSetBuilder * builder, const KmsDevice * device)
{
  gst_dmabuf_format_set_builder_begin_tranche (builder,
      GST_DMABUF_TRANCHE_SCANOUT, device->devno);
}

/* In the driver's order. */
static void
add_listed (GstDmabufFormatSetBuilder * builder,
    const GstDmabufFormatSet * listed, gboolean with_alpha)
{
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (listed); i++) {
    const GstDmabufFormat *format = gst_dmabuf_format_set_get_nth (listed, i);
    const GstDmabufFormatInfo *info =
        gst_dmabuf_format_info_get (format->fourcc);

    if ((info && info->has_alpha) == with_alpha)
      gst_dmabuf_format_set_builder_add (builder, format);
  }
}

/* The driver resolves the layout of memory that came without a modifier. */
static void
add_implicit (GstDmabufFormatSetBuilder * builder, const drmModePlane * info)
{
  guint i;

  for (i = 0; i < info->count_formats; i++) {
    GstDmabufFormat format =
        GST_DMABUF_FORMAT_INIT (info->formats[i], GST_DMABUF_MOD_INVALID);

    gst_dmabuf_format_set_builder_add (builder, &format);
  }
}

/* There is nothing behind the video that alpha could let through. */
static void
add_alpha_twins (GstDmabufFormatSetBuilder * builder,
    const GstDmabufFormatSet * set)
{
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++) {
    GstDmabufFormat format = *gst_dmabuf_format_set_get_nth (set, i);
    const GstDmabufFormatInfo *info =
        gst_dmabuf_format_info_get (format.fourcc);

    if (!info || info->alpha_fourcc == 0)
      continue;
    format.fourcc = info->alpha_fourcc;
    gst_dmabuf_format_set_builder_add (builder, &format);
  }
}

static void
read_formats (KmsDevice * device, KmsPlane * plane, const drmModePlane * info)
{
  const KmsProperty *in_formats = &plane->properties[KMS_PLANE_IN_FORMATS];
  GstDmabufFormatSetBuilder *builder;

  if (device->has_modifiers && in_formats->id != 0 && in_formats->value != 0)
    plane->listed = read_in_formats (device, in_formats->value);
  if (!plane->listed)
    plane->listed = read_linear_formats (info);

  builder = gst_dmabuf_format_set_builder_new ();
  begin_tranche (builder, device);
  add_listed (builder, plane->listed, FALSE);
  begin_tranche (builder, device);
  add_listed (builder, plane->listed, TRUE);
  begin_tranche (builder, device);
  add_implicit (builder, info);
  begin_tranche (builder, device);
  add_alpha_twins (builder, plane->listed);
  plane->formats = gst_dmabuf_format_set_builder_end (builder);
}

static gboolean
is_complete (const KmsPlane * plane)
{
  guint i;

  for (i = KMS_PLANE_FB_ID; i <= KMS_PLANE_CRTC_H; i++)
    if (plane->properties[i].id == 0)
      return FALSE;
  return plane->properties[KMS_PLANE_TYPE].id != 0;
}

static void
plane_free (gpointer data)
{
  KmsPlane *plane = data;

  g_clear_pointer (&plane->formats, gst_dmabuf_format_set_unref);
  g_clear_pointer (&plane->listed, gst_dmabuf_format_set_unref);
  g_free (plane);
}

static KmsPlane *
plane_read (KmsDevice * device, guint32 id)
{
  KmsObject object = { id, DRM_MODE_OBJECT_PLANE };
  drmModePlane *info = drmModeGetPlane (device->fd, id);
  KmsPlane *plane;

  if (!info)
    return NULL;
  plane = g_new0 (KmsPlane, 1);
  plane->id = id;
  plane->possible_crtcs = info->possible_crtcs;
  if (!kms_device_read_properties (device, &object, property_names,
          N_KMS_PLANE_PROPERTIES, plane->properties) || !is_complete (plane)) {
    GST_DEBUG ("plane %u lacks properties", id);
    drmModeFreePlane (info);
    plane_free (plane);
    return NULL;
  }
  plane->type = plane->properties[KMS_PLANE_TYPE].value;
  read_formats (device, plane, info);
  drmModeFreePlane (info);
  GST_DEBUG ("plane %u, %s: %u formats", id, kms_plane_get_type_name (plane),
      gst_dmabuf_format_set_get_n_formats (plane->listed));
  return plane;
}

GPtrArray *
kms_planes_read (KmsDevice * device)
{
  GPtrArray *planes = g_ptr_array_new_with_free_func (plane_free);
  drmModePlaneRes *resources = drmModeGetPlaneResources (device->fd);
  guint i;

  for (i = 0; resources && i < resources->count_planes; i++) {
    KmsPlane *plane = plane_read (device, resources->planes[i]);

    if (plane)
      g_ptr_array_add (planes, plane);
  }
  if (resources)
    drmModeFreePlaneResources (resources);
  return planes;
}

/* Implicit frames are looked up by fourcc alone. */
static gboolean
lists (const GstDmabufFormatSet * listed, const GstDmabufFormat * format)
{
  guint i;

  if (!gst_dmabuf_format_is_implicit (format))
    return gst_dmabuf_format_set_contains (listed, format);
  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (listed); i++)
    if (gst_dmabuf_format_set_get_nth (listed, i)->fourcc == format->fourcc)
      return TRUE;
  return FALSE;
}

gboolean
kms_plane_get_scanout_format (const GstDmabufFormatSet * listed,
    const GstDmabufFormat * format, GstDmabufFormat * scanout)
{
  const GstDmabufFormatInfo *info;
  GstDmabufFormat wanted = *format;

  if (!lists (listed, &wanted)) {
    info = gst_dmabuf_format_info_get (format->fourcc);
    if (!info || info->opaque_fourcc == 0)
      return FALSE;
    wanted.fourcc = info->opaque_fourcc;
    if (!lists (listed, &wanted))
      return FALSE;
  }
  *scanout = wanted;
  return TRUE;
}

/* Names are those of drm_plane_create_color_properties() in the kernel. */
gboolean
kms_plane_get_color_encoding (KmsDevice * device, const KmsPlane * plane,
    const GstVideoColorimetry * colorimetry, guint64 * value)
{
  const gchar *name = "ITU-R BT.709 YCbCr";

  if (colorimetry->matrix == GST_VIDEO_COLOR_MATRIX_BT601)
    name = "ITU-R BT.601 YCbCr";
  else if (colorimetry->matrix == GST_VIDEO_COLOR_MATRIX_BT2020)
    name = "ITU-R BT.2020 YCbCr";
  return kms_device_get_enum (device,
      plane->properties[KMS_PLANE_COLOR_ENCODING].id, name, value);
}

gboolean
kms_plane_get_color_range (KmsDevice * device, const KmsPlane * plane,
    const GstVideoColorimetry * colorimetry, guint64 * value)
{
  const gchar *name = "YCbCr limited range";

  if (colorimetry->range == GST_VIDEO_COLOR_RANGE_0_255)
    name = "YCbCr full range";
  return kms_device_get_enum (device,
      plane->properties[KMS_PLANE_COLOR_RANGE].id, name, value);
}

const gchar *
kms_plane_get_type_name (const KmsPlane * plane)
{
  switch (plane->type) {
    case DRM_PLANE_TYPE_PRIMARY:
      return "primary";
    case DRM_PLANE_TYPE_CURSOR:
      return "cursor";
    default:
      return "overlay";
  }
}
