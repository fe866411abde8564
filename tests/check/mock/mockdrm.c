/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Objects, properties, memory and events of the mock device. Commits are in
 * mockdrmcommit.c.
 */
#include "mockdrmprivate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

MockDrm mock_drm;
MockState mock_state;

static const gchar *const property_names[N_MOCK_PROPERTIES] = {
  "FB_ID", "CRTC_ID", "SRC_X", "SRC_Y", "SRC_W", "SRC_H", "CRTC_X", "CRTC_Y",
  "CRTC_W", "CRTC_H", "COLOR_ENCODING", "COLOR_RANGE", "type", "IN_FORMATS",
  "ACTIVE", "MODE_ID",
};

static const MockProperty connector_properties[] = { MOCK_CRTC_ID };
static const MockProperty crtc_properties[] = { MOCK_ACTIVE, MOCK_MODE_ID };
static const MockProperty plane_properties[] = {
  MOCK_FB_ID, MOCK_CRTC_ID, MOCK_SRC_X, MOCK_SRC_Y, MOCK_SRC_W, MOCK_SRC_H,
  MOCK_CRTC_X, MOCK_CRTC_Y, MOCK_CRTC_W, MOCK_CRTC_H, MOCK_COLOR_ENCODING,
  MOCK_COLOR_RANGE, MOCK_TYPE, MOCK_IN_FORMATS
};

guint64 *
mock_value (MockValues * values, guint32 object, MockProperty property)
{
  if (object == MOCK_CONNECTOR)
    return &values->connector[property];
  if (object == MOCK_CRTC)
    return &values->crtc[property];
  g_assert_cmpuint (object - MOCK_PLANE, <, mock_state.config.n_planes);
  return &values->planes[object - MOCK_PLANE][property];
}

guint64
mock_drm_get (guint32 object, const gchar * name)
{
  guint i;

  for (i = 0; i < N_MOCK_PROPERTIES; i++)
    if (strcmp (property_names[i], name) == 0)
      return *mock_value (&mock_state.now, object, i);
  g_error ("no property %s", name);
}

/* Memory and framebuffers */

void
mock_drm_set_handle (guint32 handle)
{
  mock_state.next_handle = handle;
}

int
drmPrimeFDToHandle (int fd, int prime_fd, uint32_t * handle)
{
  if (mock_drm.gone || (mock_drm.prime_errno
          && mock_drm.n_primes >= mock_drm.prime_good)) {
    errno = mock_drm.gone ? ENODEV : mock_drm.prime_errno;
    return -1;
  }
  mock_drm.n_primes++;
  *handle = mock_state.next_handle ? mock_state.next_handle : prime_fd + 100;
  if (g_hash_table_add (mock_state.handles, GUINT_TO_POINTER (*handle)))
    mock_drm.n_handles++;
  return 0;
}

int
drmCloseBufferHandle (int fd, uint32_t handle)
{
  mock_drm.n_gem_closes++;
  if (!g_hash_table_remove (mock_state.handles, GUINT_TO_POINTER (handle))) {
    mock_drm.n_bad_gem_closes++;
    errno = EINVAL;
    return -1;
  }
  mock_drm.n_handles--;
  return 0;
}

int
drmModeCreateDumbBuffer (int fd, uint32_t width, uint32_t height,
    uint32_t bpp, uint32_t flags, uint32_t * handle, uint32_t * pitch,
    uint64_t * size)
{
  if (mock_drm.gone || mock_drm.dumb_errno)
    return mock_drm.gone ? -ENODEV : -mock_drm.dumb_errno;
  mock_drm.n_dumbs++;
  *handle = 5000 + mock_state.next_id++;
  *pitch = width * bpp / 8;
  *size = (guint64) * pitch * height;
  return 0;
}

int
drmModeDestroyDumbBuffer (int fd, uint32_t handle)
{
  mock_drm.n_dumbs--;
  return 0;
}

int
drmModeAddFB2WithModifiers (int fd, uint32_t width, uint32_t height,
    uint32_t fourcc, const uint32_t handles[4], const uint32_t pitches[4],
    const uint32_t offsets[4], const uint64_t modifiers[4], uint32_t * id,
    uint32_t flags)
{
  MockFramebuffer *framebuffer;

  if (mock_drm.gone || mock_drm.addfb_errno)
    return mock_drm.gone ? -ENODEV : -mock_drm.addfb_errno;
  mock_drm.add_flags = flags;
  mock_drm.add_fourcc = fourcc;
  memcpy (mock_drm.add_handles, handles, sizeof (mock_drm.add_handles));
  memcpy (mock_drm.add_pitches, pitches, sizeof (mock_drm.add_pitches));
  memcpy (mock_drm.add_offsets, offsets, sizeof (mock_drm.add_offsets));
  memset (mock_drm.add_modifiers, 0, sizeof (mock_drm.add_modifiers));
  if (modifiers)
    memcpy (mock_drm.add_modifiers, modifiers, sizeof (mock_drm.add_modifiers));
  framebuffer = g_new (MockFramebuffer, 1);
  framebuffer->width = width;
  framebuffer->height = height;
  framebuffer->fourcc = fourcc;
  *id = 2000 + mock_state.next_id++;
  g_hash_table_insert (mock_state.framebuffers, GUINT_TO_POINTER (*id),
      framebuffer);
  mock_drm.n_fbs++;
  return 0;
}

int
drmModeAddFB2 (int fd, uint32_t width, uint32_t height, uint32_t fourcc,
    const uint32_t handles[4], const uint32_t pitches[4],
    const uint32_t offsets[4], uint32_t * id, uint32_t flags)
{
  return drmModeAddFB2WithModifiers (fd, width, height, fourcc, handles,
      pitches, offsets, NULL, id, flags);
}

static void
remove_framebuffer (guint32 id)
{
  if (g_hash_table_remove (mock_state.framebuffers, GUINT_TO_POINTER (id)))
    mock_drm.n_fbs--;
}

int
drmModeRmFB (int fd, uint32_t id)
{
  mock_drm.n_rmfb++;
  remove_framebuffer (id);
  return 0;
}

int
drmIoctl (int fd, unsigned long request, void *arg)
{
  if (request == DRM_IOCTL_MODE_ATOMIC) {
    errno = mock_drm_atomic (arg);
    return errno == 0 ? 0 : -1;
  }
  /* The only other direct call of ours is CLOSEFB; its argument starts with
   * the id. */
  if (!mock_drm.have_closefb) {
    errno = EINVAL;
    return -1;
  }
  mock_drm.n_closefb++;
  remove_framebuffer (*(guint32 *) arg);
  return 0;
}

/* Blobs */

int
drmModeCreatePropertyBlob (int fd, const void *data, size_t size,
    uint32_t * id)
{
  if (mock_drm.gone)
    return -ENODEV;
  *id = 3000 + mock_state.next_id++;
  g_hash_table_insert (mock_state.blobs, GUINT_TO_POINTER (*id),
      g_bytes_new (data, size));
  mock_drm.n_blobs++;
  return 0;
}

int
drmModeDestroyPropertyBlob (int fd, uint32_t id)
{
  /* A blob in use is kept by the kernel: the mock keeps all. */
  mock_drm.n_blobs--;
  return 0;
}

drmModePropertyBlobPtr
drmModeGetPropertyBlob (int fd, uint32_t id)
{
  GBytes *bytes = g_hash_table_lookup (mock_state.blobs,
      GUINT_TO_POINTER (id));
  drmModePropertyBlobPtr blob;
  gsize size;

  if (!bytes)
    return NULL;
  blob = g_new0 (drmModePropertyBlobRes, 1);
  blob->id = id;
  blob->data = g_memdup2 (g_bytes_get_data (bytes, &size),
      g_bytes_get_size (bytes));
  blob->length = size;
  return blob;
}

void
drmModeFreePropertyBlob (drmModePropertyBlobPtr blob)
{
  if (blob)
    g_free (blob->data);
  g_free (blob);
}

/* Properties */

static void
fill_properties (drmModeObjectProperties * all, guint32 object,
    const MockProperty * properties, guint n)
{
  guint i;

  all->props = g_new0 (uint32_t, n);
  all->prop_values = g_new0 (uint64_t, n);
  all->count_props = n;
  for (i = 0; i < n; i++) {
    all->props[i] = MOCK_PROPERTY_BASE + properties[i];
    all->prop_values[i] = *mock_value (&mock_state.now, object, properties[i]);
  }
}

drmModeObjectPropertiesPtr
drmModeObjectGetProperties (int fd, uint32_t object, uint32_t type)
{
  drmModeObjectProperties *all;

  if (mock_drm.gone)
    return NULL;
  all = g_new0 (drmModeObjectProperties, 1);
  if (type == DRM_MODE_OBJECT_CONNECTOR)
    fill_properties (all, object, connector_properties,
        G_N_ELEMENTS (connector_properties));
  else if (type == DRM_MODE_OBJECT_CRTC)
    fill_properties (all, object, crtc_properties,
        G_N_ELEMENTS (crtc_properties));
  else
    fill_properties (all, object, plane_properties,
        G_N_ELEMENTS (plane_properties));
  return all;
}

void
drmModeFreeObjectProperties (drmModeObjectPropertiesPtr all)
{
  if (all) {
    g_free (all->props);
    g_free (all->prop_values);
  }
  g_free (all);
}

static void
add_enum (drmModePropertyRes * property, const gchar * name, guint64 value)
{
  struct drm_mode_property_enum *entry =
      &property->enums[property->count_enums++];

  entry->value = value;
  g_strlcpy (entry->name, name, sizeof (entry->name));
}

drmModePropertyPtr
drmModeGetProperty (int fd, uint32_t id)
{
  drmModePropertyRes *property = g_new0 (drmModePropertyRes, 1);

  g_assert_cmpuint (id - MOCK_PROPERTY_BASE, <, N_MOCK_PROPERTIES);
  property->prop_id = id;
  g_strlcpy (property->name, property_names[id - MOCK_PROPERTY_BASE],
      sizeof (property->name));
  property->enums = g_new0 (struct drm_mode_property_enum, 4);
  if (id - MOCK_PROPERTY_BASE == MOCK_COLOR_ENCODING) {
    add_enum (property, "ITU-R BT.601 YCbCr", 0);
    add_enum (property, "ITU-R BT.709 YCbCr", 1);
    add_enum (property, "ITU-R BT.2020 YCbCr", 2);
  } else if (id - MOCK_PROPERTY_BASE == MOCK_COLOR_RANGE) {
    add_enum (property, "YCbCr limited range", 0);
    add_enum (property, "YCbCr full range", 1);
  }
  return property;
}

void
drmModeFreeProperty (drmModePropertyPtr property)
{
  if (property)
    g_free (property->enums);
  g_free (property);
}

/* Start and stop */

static void
set_up_plane (guint index)
{
  const MockPlane *plane = &mock_state.config.planes[index];
  guint64 *values = mock_state.now.planes[index];

  values[MOCK_TYPE] = plane->type;
  values[MOCK_COLOR_RANGE] = 1;
  if (!mock_state.config.no_modifiers)
    values[MOCK_IN_FORMATS] = mock_drm_make_in_formats (plane);
}

/* As another program left it. */
static void
set_up_found (const drmModeModeInfo * mode)
{
  guint64 *primary = mock_state.now.planes[0];
  uint32_t blob = 0;

  drmModeCreatePropertyBlob (0, mode, sizeof (*mode), &blob);
  mock_state.now.crtc[MOCK_ACTIVE] = 1;
  mock_state.now.crtc[MOCK_MODE_ID] = blob;
  mock_state.now.connector[MOCK_CRTC_ID] = MOCK_CRTC;
  primary[MOCK_FB_ID] = MOCK_FOREIGN_FB;
  primary[MOCK_CRTC_ID] = MOCK_CRTC;
  primary[MOCK_SRC_W] = (guint64) mode->hdisplay << 16;
  primary[MOCK_SRC_H] = (guint64) mode->vdisplay << 16;
  primary[MOCK_CRTC_W] = mode->hdisplay;
  primary[MOCK_CRTC_H] = mode->vdisplay;
}

gint
mock_drm_start (const MockConfig * config)
{
  gint ends[2];
  guint i;

  memset (&mock_drm, 0, sizeof (mock_drm));
  memset (&mock_state, 0, sizeof (mock_state));
  mock_state.config = *config;
  mock_state.handles = g_hash_table_new (NULL, NULL);
  mock_state.framebuffers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  mock_state.blobs = g_hash_table_new_full (NULL, NULL, NULL,
      (GDestroyNotify) g_bytes_unref);
  mock_state.events = g_byte_array_new ();
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    g_error ("socketpair");
  mock_state.fd = ends[0];
  mock_state.kernel_fd = ends[1];
  for (i = 0; i < config->n_planes; i++)
    set_up_plane (i);
  if (config->was_on)
    set_up_found (&config->modes[0]);
  mock_drm.n_blobs = 0;
  return mock_state.fd;
}

void
mock_drm_stop (void)
{
  close (mock_state.fd);
  close (mock_state.kernel_fd);
  g_hash_table_unref (mock_state.handles);
  g_hash_table_unref (mock_state.framebuffers);
  g_hash_table_unref (mock_state.blobs);
  g_byte_array_unref (mock_state.events);
}
