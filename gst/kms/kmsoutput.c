/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Displays: found, read, and collected into commits.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "kmsoutput.h"

#include <string.h>
#include <xf86drm.h>

#define GST_CAT_DEFAULT kms_debug_category ()

static gboolean
is_display (const drmModeConnector * connector)
{
  return connector->connection == DRM_MODE_CONNECTED
      && connector->connector_type != DRM_MODE_CONNECTOR_WRITEBACK
      && connector->count_modes > 0;
}

static guint32
get_crtc_of (KmsDevice * device, guint32 connector_id)
{
  static const gchar *const names[] = { "CRTC_ID" };
  KmsObject object = { connector_id, DRM_MODE_OBJECT_CONNECTOR };
  KmsProperty property;

  kms_device_read_properties (device, &object, names, 1, &property);
  return property.value;
}

/* The wanted connector; without a wish one that shows something already,
 * before one that does not. */
static drmModeConnector *
choose_connector (KmsDevice * device, const drmModeRes * resources,
    guint32 wanted_id)
{
  drmModeConnector *dark_one = NULL;
  gint i;

  for (i = 0; i < resources->count_connectors; i++) {
    guint32 id = resources->connectors[i];
    drmModeConnector *connector;

    if (wanted_id != 0 && id != wanted_id)
      continue;
    connector = drmModeGetConnector (device->fd, id);
    if (!connector)
      continue;
    if (is_display (connector)) {
      if (wanted_id != 0 || get_crtc_of (device, id) != 0) {
        drmModeFreeConnector (dark_one);
        return connector;
      }
      if (!dark_one) {
        dark_one = connector;
        continue;
      }
    }
    drmModeFreeConnector (connector);
  }
  return dark_one;
}

static gboolean
is_crtc_free (KmsDevice * device, const drmModeRes * resources,
    guint32 crtc_id, guint32 connector_id)
{
  gint i;

  for (i = 0; i < resources->count_connectors; i++)
    if (resources->connectors[i] != connector_id
        && get_crtc_of (device, resources->connectors[i]) == crtc_id)
      return FALSE;
  return TRUE;
}

/* The CRTC that feeds the connector now, or a free one that could. */
static gboolean
choose_crtc (KmsOutput * output, const drmModeRes * resources,
    const drmModeConnector * connector)
{
  guint32 present = get_crtc_of (output->device, connector->connector_id);
  guint32 possible =
      drmModeConnectorGetPossibleCrtcs (output->device->fd, connector);
  gint i;

  for (i = 0; i < resources->count_crtcs && i < 32; i++) {
    guint32 id = resources->crtcs[i];

    if (present != 0 ? id != present : ((possible & (1u << i)) == 0
            || !is_crtc_free (output->device, resources, id,
                connector->connector_id)))
      continue;
    output->crtc_id = id;
    output->crtc_index = i;
    return TRUE;
  }
  return FALSE;
}

static void
read_state (KmsOutput * output)
{
  static const gchar *const connector_names[] = { "CRTC_ID" };
  static const gchar *const crtc_names[] = { "ACTIVE", "MODE_ID" };
  KmsObject connector = { output->connector_id, DRM_MODE_OBJECT_CONNECTOR };
  KmsObject crtc = { output->crtc_id, DRM_MODE_OBJECT_CRTC };
  KmsProperty properties[2];
  drmModePropertyBlobRes *blob;

  kms_device_read_properties (output->device, &connector, connector_names, 1,
      &output->connector_crtc);
  kms_device_read_properties (output->device, &crtc, crtc_names, 2, properties);
  output->crtc_active = properties[0];
  output->crtc_mode = properties[1];
  if (!output->crtc_active.value || !output->crtc_mode.value
      || output->connector_crtc.value != output->crtc_id)
    return;
  blob = drmModeGetPropertyBlob (output->device->fd, output->crtc_mode.value);
  if (blob && blob->length == sizeof (struct drm_mode_modeinfo)) {
    /* The two structures are the same, one the kernel's, one libdrm's. */
    memcpy (&output->found_mode, blob->data, sizeof (output->found_mode));
    output->found_active = TRUE;
  }
  if (blob)
    drmModeFreePropertyBlob (blob);
}

/* Keeps the planes that this CRTC can have and no other has now. */
static void
choose_planes (KmsOutput * output)
{
  guint i = 0;

  output->planes = kms_planes_read (output->device);
  while (i < output->planes->len) {
    const KmsPlane *plane = g_ptr_array_index (output->planes, i);
    guint64 crtc = plane->properties[KMS_PLANE_CRTC_ID].value;

    if ((plane->possible_crtcs & (1u << output->crtc_index)) == 0
        || (crtc != 0 && crtc != output->crtc_id))
      g_ptr_array_remove_index (output->planes, i);
    else
      i++;
  }
}

/* A cursor plane is for cursors: small, and moved by other rules. */
static gboolean
is_for_video (const KmsOutput * output, const KmsPlane * plane)
{
  if (output->wish.plane_id != 0)
    return plane->id == output->wish.plane_id;
  return plane->type != DRM_PLANE_TYPE_CURSOR;
}

static void
unite (GstDmabufFormatSet ** all, GstDmabufFormatSet * some)
{
  GstDmabufFormatSet *both = gst_dmabuf_format_set_union (*all, some);

  gst_dmabuf_format_set_unref (*all);
  *all = both;
}

static gboolean
collect_formats (KmsOutput * output, GError ** error)
{
  guint i, pass;

  output->formats = gst_dmabuf_format_set_new_empty ();
  output->listed = gst_dmabuf_format_set_new_empty ();
  /* The primary plane first: it costs no second one. */
  for (pass = 0; pass < 2; pass++) {
    for (i = 0; i < output->planes->len; i++) {
      KmsPlane *plane = g_ptr_array_index (output->planes, i);

      if (!is_for_video (output, plane)
          || (plane->type == DRM_PLANE_TYPE_PRIMARY) != (pass == 0))
        continue;
      unite (&output->formats, plane->formats);
      unite (&output->listed, plane->listed);
    }
  }
  if (!gst_dmabuf_format_set_is_empty (output->formats))
    return TRUE;
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "%s: CRTC %u has no %s that shows video", output->device->path,
      output->crtc_id, output->wish.plane_id ? "such plane" : "free plane");
  return FALSE;
}

static gboolean
open_output (KmsOutput * output, const drmModeRes * resources, GError ** error)
{
  drmModeConnector *connector = choose_connector (output->device, resources,
      output->wish.connector_id);
  gboolean found;

  if (!connector) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s: no display is connected%s", output->device->path,
        output->wish.connector_id ? " to the wanted connector" : "");
    return FALSE;
  }
  output->connector_id = connector->connector_id;
  output->connector_type = connector->connector_type;
  output->modes = g_array_sized_new (FALSE, FALSE, sizeof (drmModeModeInfo),
      connector->count_modes);
  g_array_append_vals (output->modes, connector->modes, connector->count_modes);
  found = choose_crtc (output, resources, connector);
  drmModeFreeConnector (connector);
  if (!found) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s: no free CRTC for connector %u", output->device->path,
        output->connector_id);
    return FALSE;
  }
  read_state (output);
  choose_planes (output);
  return collect_formats (output, error);
}

KmsOutput *
kms_output_new (KmsDevice * device, const KmsOutputWish * wish, GError ** error)
{
  drmModeRes *resources = drmModeGetResources (device->fd);
  KmsOutput *output;
  gboolean opened;

  if (!resources) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "%s: cannot list displays", device->path);
    return NULL;
  }
  output = g_new0 (KmsOutput, 1);
  output->device = kms_device_ref (device);
  output->wish = *wish;
  output->commit = kms_commit_new (device);
  opened = open_output (output, resources, error);
  drmModeFreeResources (resources);
  if (!opened) {
    kms_output_free (output);
    return NULL;
  }
  GST_INFO ("%s: connector %u, CRTC %u, %u planes, mode %s%s", device->path,
      output->connector_id, output->crtc_id, output->planes->len,
      kms_output_get_mode (output)->name, output->found_active ? "" : " (off)");
  return output;
}

void
kms_output_free (KmsOutput * output)
{
  if (!output)
    return;
  if (output->mode_blob != 0)
    drmModeDestroyPropertyBlob (output->device->fd, output->mode_blob);
  kms_framebuffer_free (output->backdrop);
  kms_framebuffer_free (output->old_backdrop);
  kms_commit_free (output->commit);
  g_clear_pointer (&output->formats, gst_dmabuf_format_set_unref);
  g_clear_pointer (&output->listed, gst_dmabuf_format_set_unref);
  g_clear_pointer (&output->planes, g_ptr_array_unref);
  g_clear_pointer (&output->modes, g_array_unref);
  kms_device_unref (output->device);
  g_free (output);
}

const drmModeModeInfo *
kms_output_get_mode (const KmsOutput * output)
{
  guint i;

  if (output->setup.valid)
    return &output->setup.mode;
  if (output->found_active)
    return &output->found_mode;
  for (i = 0; i < output->modes->len; i++) {
    const drmModeModeInfo *mode =
        &g_array_index (output->modes, drmModeModeInfo, i);

    if (mode->type & DRM_MODE_TYPE_PREFERRED)
      return mode;
  }
  return &g_array_index (output->modes, drmModeModeInfo, 0);
}

gint
kms_output_use_mode (KmsOutput * output, const drmModeModeInfo * mode)
{
  guint32 blob = 0;
  gint ret = drmModeCreatePropertyBlob (output->device->fd, mode,
      sizeof (*mode), &blob);

  if (ret != 0)
    return -ret;
  /* A blob that is in use lives on in the kernel. */
  if (output->mode_blob != 0)
    drmModeDestroyPropertyBlob (output->device->fd, output->mode_blob);
  output->mode_blob = blob;
  return 0;
}

static void
collect_mode (KmsOutput * output, guint32 blob)
{
  KmsCommit *commit = output->commit;

  kms_commit_set (commit, output->connector_id, &output->connector_crtc,
      blob != 0 ? output->crtc_id : 0);
  kms_commit_set (commit, output->crtc_id, &output->crtc_mode, blob);
  kms_commit_set (commit, output->crtc_id, &output->crtc_active, blob != 0);
}

void
kms_output_collect (KmsOutput * output, const KmsSetup * setup)
{
  guint i;

  kms_commit_begin (output->commit);
  collect_mode (output, output->mode_blob);
  for (i = 0; i < output->planes->len; i++) {
    const KmsPlane *plane = g_ptr_array_index (output->planes, i);

    if (plane != setup->video.plane && plane != setup->backdrop.plane)
      kms_commit_clear_plane (output->commit, plane);
  }
  if (setup->backdrop.plane)
    kms_commit_set_layer (output->commit, &setup->backdrop, output->crtc_id);
  if (setup->video.plane)
    kms_commit_set_layer (output->commit, &setup->video, output->crtc_id);
}

static void
collect_found_plane (KmsOutput * output, const KmsPlane * plane)
{
  guint i;

  for (i = 0; i < KMS_PLANE_TYPE; i++)
    kms_commit_set (output->commit, plane->id, &plane->properties[i],
        plane->properties[i].value);
}

gboolean
kms_output_collect_found (KmsOutput * output, guint level)
{
  gboolean on = level < 2 && output->found_active;
  guint i;

  if (on && kms_output_use_mode (output, &output->found_mode) != 0)
    return FALSE;
  kms_commit_begin (output->commit);
  collect_mode (output, on ? output->mode_blob : 0);
  for (i = 0; i < output->planes->len; i++) {
    const KmsPlane *plane = g_ptr_array_index (output->planes, i);

    if (level == 0 && plane->properties[KMS_PLANE_FB_ID].value != 0)
      collect_found_plane (output, plane);
    else
      kms_commit_clear_plane (output->commit, plane);
  }
  return TRUE;
}
