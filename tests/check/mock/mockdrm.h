/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A display device that exists in this process only: linked into a test, it
 * takes the place of libdrm's functions. It checks atomic commits as the
 * kernel's helpers do (formats, modes, scaling, positions), sends page-flip
 * events, counts what is alive, and fails where it is told to.
 */
#pragma once

#include <drm_fourcc.h>
#include <glib.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

G_BEGIN_DECLS

#define MOCK_CONNECTOR 10
#define MOCK_CRTC 20
#define MOCK_PLANE 30           /* the first; the next is 31 */
#define MOCK_MAX_PLANES 4
#define MOCK_FOREIGN_FB 999     /* a framebuffer of the program before us */

typedef struct
{
  guint64 type;                 /* DRM_PLANE_TYPE_ */
  guint32 formats[8];           /* ends with 0 */
  guint64 modifiers[4];         /* ends with DRM_FORMAT_MOD_INVALID */
  gboolean can_scale;
  gboolean can_position;        /* need not cover the whole mode */
} MockPlane;

typedef struct
{
  const gchar *driver;
  gboolean no_atomic, no_modifiers, no_prime, not_master, not_connected;
  gboolean needs_primary;       /* CRTC on without primary plane: EINVAL */
  guint32 connector_type;
  const drmModeModeInfo *modes; /* ends with clock 0 */
  MockPlane planes[MOCK_MAX_PLANES];
  guint n_planes;
  gboolean was_on;              /* modes[0] and MOCK_FOREIGN_FB at start */
} MockConfig;

/* What happens next, and what happened. Read and written by tests at will. */
typedef struct
{
  /* Faults; 0: none. */
  gint prime_errno;             /* of each PRIME_FD_TO_HANDLE ... */
  guint prime_good;             /* ... after so many good ones */
  gint addfb_errno;
  gint dumb_errno;
  gint flip_errno;              /* of each NONBLOCK commit */
  gint commit_errno;            /* of each commit that is no test */
  gint once_errno;              /* of the next commits, tests too ... */
  guint n_once;                 /* ... so many */
  gboolean gone;                /* everything: ENODEV */
  gboolean hold_events;         /* until mock_drm_send_events () */
  gboolean foreign_fb_gone;
  gboolean have_closefb;

  /* Records. */
  guint n_tests, n_commits, n_modesets, n_blocking;
  guint n_primes, n_gem_closes, n_bad_gem_closes;
  guint n_fbs, n_handles, n_dumbs, n_blobs;     /* alive */
  guint n_rmfb, n_closefb;
  guint32 add_flags, add_handles[4], add_offsets[4], add_pitches[4];
  guint64 add_modifiers[4];
  guint32 add_fourcc;
} MockDrm;

extern MockDrm mock_drm;

/* Makes the device new. Returns a descriptor of it, owned by the mock until
 * mock_drm_stop(). */
gint mock_drm_start (const MockConfig * config);
void mock_drm_stop (void);

/* Committed value of property @name of an object; fails the test if there is
 * no such property. */
guint64 mock_drm_get (guint32 object, const gchar * name);

/* The mode that is on; NULL if the CRTC is off. */
const drmModeModeInfo *mock_drm_get_mode (void);

/* Events held back so far. */
void mock_drm_send_events (void);

/* The same handle for each import of this number: as if two descriptors were
 * one dma-buf. 0: by descriptor. */
void mock_drm_set_handle (guint32 handle);

G_END_DECLS
