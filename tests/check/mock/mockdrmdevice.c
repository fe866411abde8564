/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the mock device says of itself: driver, capabilities, connector, CRTC
 * and planes.
 */
#include "mockdrmprivate.h"

#include <errno.h>
#include <string.h>

drmVersionPtr
drmGetVersion (int fd)
{
  drmVersionPtr version = g_new0 (drmVersion, 1);

  version->name = g_strdup (mock_state.config.driver);
  return version;
}

void
drmFreeVersion (drmVersionPtr version)
{
  if (version)
    g_free (version->name);
  g_free (version);
}

int
drmGetNodeTypeFromFd (int fd)
{
  return DRM_NODE_PRIMARY;
}

/* No node: imports go through the descriptor that the test gave. */
char *
drmGetDeviceNameFromFd2 (int fd)
{
  return NULL;
}

int
drmSetClientCap (int fd, uint64_t cap, uint64_t value)
{
  if (cap != DRM_CLIENT_CAP_ATOMIC || !mock_state.config.no_atomic)
    return 0;
  errno = EOPNOTSUPP;
  return -1;
}

int
drmGetCap (int fd, uint64_t cap, uint64_t * value)
{
  if (mock_drm.gone) {
    errno = ENODEV;
    return -1;
  }
  *value = 1;
  if (cap == DRM_CAP_PRIME)
    *value = mock_state.config.no_prime ? 0 : 3;
  else if (cap == DRM_CAP_ADDFB2_MODIFIERS)
    *value = !mock_state.config.no_modifiers;
  return 0;
}

int
drmIsMaster (int fd)
{
  return !mock_state.config.not_master;
}

int
drmSetMaster (int fd)
{
  errno = EBUSY;
  return mock_state.config.not_master ? -1 : 0;
}

int
drmDropMaster (int fd)
{
  return 0;
}

static uint32_t *
single_id (uint32_t id)
{
  uint32_t *ids = g_new (uint32_t, 1);

  *ids = id;
  return ids;
}

drmModeResPtr
drmModeGetResources (int fd)
{
  drmModeResPtr resources;

  if (mock_drm.gone)
    return NULL;
  resources = g_new0 (drmModeRes, 1);
  resources->count_crtcs = 1;
  resources->crtcs = single_id (MOCK_CRTC);
  resources->count_connectors = 1;
  resources->connectors = single_id (MOCK_CONNECTOR);
  resources->min_width = resources->min_height = 1;
  resources->max_width = resources->max_height = 8192;
  return resources;
}

void
drmModeFreeResources (drmModeResPtr resources)
{
  if (resources) {
    g_free (resources->crtcs);
    g_free (resources->connectors);
  }
  g_free (resources);
}

drmModeConnectorPtr
drmModeGetConnector (int fd, uint32_t id)
{
  const drmModeModeInfo *modes = mock_state.config.modes;
  drmModeConnectorPtr connector = g_new0 (drmModeConnector, 1);

  connector->connector_id = id;
  connector->connector_type = mock_state.config.connector_type;
  connector->connection = mock_state.config.not_connected ?
      DRM_MODE_DISCONNECTED : DRM_MODE_CONNECTED;
  while (modes[connector->count_modes].clock != 0)
    connector->count_modes++;
  connector->modes = g_memdup2 (modes,
      connector->count_modes * sizeof (*modes));
  return connector;
}

void
drmModeFreeConnector (drmModeConnectorPtr connector)
{
  if (connector)
    g_free (connector->modes);
  g_free (connector);
}

uint32_t
drmModeConnectorGetPossibleCrtcs (int fd, const drmModeConnector * connector)
{
  return 1;
}

drmModePlaneResPtr
drmModeGetPlaneResources (int fd)
{
  drmModePlaneResPtr resources = g_new0 (drmModePlaneRes, 1);
  guint i;

  resources->count_planes = mock_state.config.n_planes;
  resources->planes = g_new (uint32_t, MOCK_MAX_PLANES);
  for (i = 0; i < mock_state.config.n_planes; i++)
    resources->planes[i] = MOCK_PLANE + i;
  return resources;
}

void
drmModeFreePlaneResources (drmModePlaneResPtr resources)
{
  if (resources)
    g_free (resources->planes);
  g_free (resources);
}

static guint
count_formats (const MockPlane * plane)
{
  guint n = 0;

  while (n < G_N_ELEMENTS (plane->formats) && plane->formats[n] != 0)
    n++;
  return n;
}

drmModePlanePtr
drmModeGetPlane (int fd, uint32_t id)
{
  const MockPlane *plane = &mock_state.config.planes[id - MOCK_PLANE];
  drmModePlanePtr info = g_new0 (drmModePlane, 1);

  info->plane_id = id;
  info->possible_crtcs = 1;
  info->count_formats = count_formats (plane);
  info->formats = g_memdup2 (plane->formats, sizeof (plane->formats));
  return info;
}

void
drmModeFreePlane (drmModePlanePtr info)
{
  if (info)
    g_free (info->formats);
  g_free (info);
}

guint32
mock_drm_make_in_formats (const MockPlane * plane)
{
  struct drm_format_modifier_blob header = { 1, };
  guint n_formats = count_formats (plane), n_modifiers = 0, i;
  guint8 data[512] = { 0, };
  gsize size;
  uint32_t id;

  while (plane->modifiers[n_modifiers] != DRM_FORMAT_MOD_INVALID)
    n_modifiers++;
  header.count_formats = n_formats;
  header.formats_offset = sizeof (header);
  header.count_modifiers = n_modifiers;
  header.modifiers_offset = (sizeof (header) + n_formats * 4 + 7) & ~7u;
  memcpy (data, &header, sizeof (header));
  memcpy (data + header.formats_offset, plane->formats, n_formats * 4);
  for (i = 0; i < n_modifiers; i++) {
    struct drm_format_modifier entry = { (1u << n_formats) - 1, 0, 0,
      plane->modifiers[i]
    };

    memcpy (data + header.modifiers_offset + i * sizeof (entry), &entry,
        sizeof (entry));
  }
  size = header.modifiers_offset + n_modifiers
      * sizeof (struct drm_format_modifier);
  drmModeCreatePropertyBlob (0, data, size, &id);
  return id;
}
