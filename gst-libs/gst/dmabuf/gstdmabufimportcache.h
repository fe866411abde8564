/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What a device made of a frame (a KMS framebuffer, a wl_buffer, a V4L2 slot),
 * remembered by the identity of the dma-bufs and the layout. It knows no
 * device: a handle is a pointer, and the cache's owner says how to free it.
 */
#pragma once

#include "gstdmabufframe.h"

G_BEGIN_DECLS

/**
 * GstDmabufImport:
 *
 * One imported frame: a reference-counted handle of the device. It may outlive
 * its cache entry and its cache, so that what is on screen stays valid.
 *
 * Since: 0.1
 */
typedef struct _GstDmabufImport GstDmabufImport;

/**
 * GstDmabufImportCache:
 *
 * Imports and refusals of one device, least recently used first out.
 * Thread-safe.
 *
 * An entry is found by the identities of the frame's dma-bufs and its whole
 * layout (format, size, offsets, strides), never by fd number or GstMemory. It
 * goes when
 *
 * - more than `max_entries` are there and it is the one not used for longest,
 * - the last GstMemory in this process of one of its dma-bufs has gone and
 *   `linger` further lookups did not ask for it again (see
 *   gst_dmabuf_import_cache_set_linger()); memory that is made for a dma-buf
 *   which had none left counts only after its fourth lookup in a row,
 * - the cache is cleared or freed.
 *
 * A device's import keeps the memory alive in the kernel, so an owner clears
 * the cache when its caps change: what is still shown survives by its own
 * reference.
 *
 * Since: 0.1
 */
typedef struct _GstDmabufImportCache GstDmabufImportCache;

/**
 * GstDmabufImportFree:
 * @handle: what was given to gst_dmabuf_import_cache_insert()
 * @user_data: the cache's user data
 *
 * Frees a handle. Called once a handle, with no lock of the library held, from
 * the thread that drops the last reference: that of a lookup or insert, of an
 * application that unrefs a GstMemory (only with a linger of 0), or of
 * gst_dmabuf_import_unref().
 *
 * Since: 0.1
 */
typedef void (*GstDmabufImportFree) (gpointer handle, gpointer user_data);

/**
 * GstDmabufImportCacheStats:
 * @hits: lookups that found an import
 * @misses: lookups that found nothing
 * @refusals: lookups that found a remembered refusal
 * @evicted: entries that made room for others
 * @dropped: entries whose dma-buf lost its last memory
 * @n_entries: entries now
 *
 * Counters since the cache was made.
 *
 * Since: 0.1
 */
typedef struct
{
  guint64 hits;
  guint64 misses;
  guint64 refusals;
  guint64 evicted;
  guint64 dropped;
  guint n_entries;
} GstDmabufImportCacheStats;

#define GST_TYPE_DMABUF_IMPORT (gst_dmabuf_import_get_type ())
#define GST_TYPE_DMABUF_IMPORT_CACHE (gst_dmabuf_import_cache_get_type ())

/**
 * gst_dmabuf_import_get_type:
 *
 * Returns: the boxed type of #GstDmabufImport
 *
 * Since: 0.1
 */
GST_DMABUF_API
GType         gst_dmabuf_import_get_type       (void);

/**
 * gst_dmabuf_import_ref:
 * @import: an import
 *
 * Returns: (transfer full): @import. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufImport * gst_dmabuf_import_ref        (GstDmabufImport *import);

/**
 * gst_dmabuf_import_unref:
 * @import: (transfer full): an import
 *
 * The last reference frees the handle with the cache's function, in the calling
 * thread. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_import_unref          (GstDmabufImport *import);

/**
 * gst_dmabuf_import_get_handle:
 * @import: an import
 *
 * Returns: (transfer none): the device's handle, valid while @import is held.
 *     Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
gpointer      gst_dmabuf_import_get_handle     (GstDmabufImport *import);

/**
 * gst_dmabuf_import_cache_get_type:
 *
 * Returns: the boxed type of #GstDmabufImportCache
 *
 * Since: 0.1
 */
GST_DMABUF_API
GType         gst_dmabuf_import_cache_get_type (void);

/**
 * gst_dmabuf_import_cache_new: (skip)
 * @max_entries: most entries, at least 1
 * @free_func: (nullable): frees a handle
 * @user_data: for @free_func; must live until the cache and every import of it
 *     are gone
 *
 * Returns: (transfer full): an empty cache. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufImportCache * gst_dmabuf_import_cache_new (guint max_entries,
                                                GstDmabufImportFree free_func,
                                                gpointer user_data);

/**
 * gst_dmabuf_import_cache_new_full:
 * @max_entries: most entries, at least 1
 * @free_func: (nullable) (scope notified): frees a handle
 * @user_data: for @free_func
 * @destroy: (nullable): frees @user_data, after the cache and its last import
 *     are gone, in the thread that dropped the last of them
 *
 * Returns: (transfer full): an empty cache. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufImportCache * gst_dmabuf_import_cache_new_full (guint max_entries,
                                                GstDmabufImportFree free_func,
                                                gpointer user_data,
                                                GDestroyNotify destroy);

/**
 * gst_dmabuf_import_cache_ref:
 * @cache: a cache
 *
 * Returns: (transfer full): @cache. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufImportCache * gst_dmabuf_import_cache_ref (GstDmabufImportCache *cache);

/**
 * gst_dmabuf_import_cache_unref:
 * @cache: (transfer full): a cache
 *
 * The last reference clears the cache. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_import_cache_unref    (GstDmabufImportCache *cache);

/**
 * gst_dmabuf_import_cache_set_linger:
 * @cache: a cache
 * @lookups: how many lookups an entry survives the last GstMemory of its
 *     dma-buf; `max_entries` by default, 0 to drop it with the memory
 *
 * A source that wraps the same dma-bufs into new GstMemory for each frame
 * leaves moments without any memory of a dma-buf. With a linger of at least the
 * number of dma-bufs that it cycles through, its frames are imported once. It
 * counts lookups, not time, so that a source of any speed is served alike; dead
 * dma-bufs are kept no longer than that many frames. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_import_cache_set_linger (GstDmabufImportCache *cache,
                                                guint lookups);

/**
 * gst_dmabuf_import_cache_lookup:
 * @cache: a cache
 * @frame: a described frame
 * @refusal: (out) (optional) (transfer full): the remembered error, if the
 *     import was refused
 * @found: (out) (optional): %TRUE for an import or a refusal, %FALSE if the
 *     frame has to be imported
 *
 * Looks a frame up and marks it as used. A hit takes one lock, no allocation
 * and no system call. (@refusal may be set while %NULL is returned, like an
 * error.) Any thread.
 *
 * Returns: (transfer full) (nullable): the import
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufImport * gst_dmabuf_import_cache_lookup (GstDmabufImportCache *cache,
                                                const GstDmabufFrame *frame,
                                                GError **refusal,
                                                gboolean *found);

/**
 * gst_dmabuf_import_cache_insert:
 * @cache: a cache
 * @frame: a described frame whose buffer is held
 * @handle: (transfer full): what the device made of it
 *
 * Remembers an import. If an import of the same frame is there already (two
 * threads imported it at once), it is replaced; who holds it keeps it. If a
 * descriptor of the frame was closed meanwhile, nothing is remembered. Any
 * thread.
 *
 * Returns: (transfer full): the new import
 *
 * Since: 0.1
 */
GST_DMABUF_API
GstDmabufImport * gst_dmabuf_import_cache_insert (GstDmabufImportCache *cache,
                                                const GstDmabufFrame *frame,
                                                gpointer handle);

/**
 * gst_dmabuf_import_cache_insert_refusal:
 * @cache: a cache
 * @frame: a described frame whose buffer is held
 * @error: why the device refused it; copied
 *
 * Remembers that a frame cannot be imported, so that it is tried once and not
 * for each frame. Only for refusals that would come again: not for EXHAUSTED.
 * Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_import_cache_insert_refusal (GstDmabufImportCache *cache,
                                                const GstDmabufFrame *frame,
                                                const GError *error);

/**
 * gst_dmabuf_import_cache_clear:
 * @cache: a cache
 *
 * Drops every entry. Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_import_cache_clear    (GstDmabufImportCache *cache);

/**
 * gst_dmabuf_import_cache_get_stats:
 * @cache: a cache
 * @stats: (out caller-allocates): counters
 *
 * Any thread.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void          gst_dmabuf_import_cache_get_stats (GstDmabufImportCache *cache,
                                                GstDmabufImportCacheStats *stats);

G_END_DECLS
