/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * One DRM device: its file descriptors, what it can do, and whether we may set
 * its display. Knows nothing of connectors, planes or frames.
 */
#pragma once

#include <gst/gst.h>

#include <gst/dmabuf/gstdmabuferror.h>

G_BEGIN_DECLS

/* The log category "dmabufkms" of all kms files. Any thread. */
GstDebugCategory *kms_debug_category (void);

/* Refcounted. Every field but gone is constant after creation. */
typedef struct
{
  gint refcount;                /* atomic */
  gint fd;                      /* commits and events; closed with the device */
  gint import_fd;               /* GEM handles and framebuffers: an open of our
                                 * own, so that nobody shares our handles; may
                                 * equal fd; closed with the device */
  gboolean adopted;             /* fd came from the application */
  gchar *path;                  /* of the node, or "fd N" */
  gchar *driver;
  gchar *bus_id;                /* nullable */
  guint64 devno;                /* dev_t of the node */
  gboolean has_modifiers;       /* DRM_CAP_ADDFB2_MODIFIERS */
  gboolean has_dumb;
  gboolean ignores_source_position;     /* shows 0,0 whatever SRC_X, Y say */
  guint min_width, min_height, max_width, max_height;   /* of framebuffers */

  gboolean in_sysfs;            /* sysfs showed it when it was opened */
  GMutex import_lock;           /* held from PRIME_FD_TO_HANDLE to GEM_CLOSE */
  gint gone;                    /* atomic: an ioctl said ENODEV */
} KmsDevice;

/* A connector, CRTC or plane: its id and its DRM_MODE_OBJECT_ type. */
typedef struct
{
  guint32 id, type;
} KmsObject;

/* A property of a mode object; id 0 if the object does not have it. */
typedef struct
{
  guint32 id;
  guint64 value;                /* when it was read */
} KmsProperty;

/* What an element's user asked for; zero and NULL mean "any". */
typedef struct
{
  gint fd;                      /* -1: none */
  const gchar *path;
  const gchar *driver;
  const gchar *bus_id;
} KmsDeviceWish;

/* Opens the device that fits @wish: the given fd (duplicated), or the first
 * node under /dev/dri that has the wanted name, atomic KMS, PRIME import, a
 * connected connector, and nobody else's picture on it. NULL with @error; it
 * names each node that was tried and why it was left. (transfer full) */
KmsDevice *kms_device_find (const KmsDeviceWish * wish, GError ** error);

KmsDevice *kms_device_ref (KmsDevice * device);

/* (nullable). The last unref closes both descriptors. Any thread. */
void kms_device_unref (KmsDevice * device);

/* Sets @error from @errnum like gst_dmabuf_set_error_errno(); if @errnum may
 * mean that the device is gone, and it is, FAILED. Any thread. */
void kms_device_set_error (KmsDevice * device, gint errnum, GError ** error,
    const gchar * what);

/* The same for a commit: a display that another program took over and whatever
 * else is not the frame's fault is FAILED, want of memory EXHAUSTED. */
void kms_device_set_commit_error (KmsDevice * device, gint errnum,
    GError ** error, const gchar * what);

/* TRUE once the kernel said that the device was removed. Any thread. */
gboolean kms_device_is_gone (KmsDevice * device);

/* Asks the kernel whether the device is still there. Any thread. */
gboolean kms_device_probe (KmsDevice * device);

/* Reads the properties of a mode object: entry i of @properties gets id and
 * present value of the one called @names[i], or id 0 if there is none. FALSE if
 * the object is not there. */
gboolean kms_device_read_properties (KmsDevice * device,
    const KmsObject * object, const gchar * const *names, guint n,
    KmsProperty * properties);

/* The number behind @name of an enum property; FALSE, and @value untouched, if
 * it has no such name or @property_id is 0. */
gboolean kms_device_get_enum (KmsDevice * device, guint32 property_id,
    const gchar * name, guint64 * value);

G_END_DECLS
