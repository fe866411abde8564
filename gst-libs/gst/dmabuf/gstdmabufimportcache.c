/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Imports by identity and layout. Which dma-bufs are alive is told by
 * gstdmabufobject.c; what a handle is, only the owner of the cache knows.
 *
 * Life of an entry:
 *
 *   inserted -> live -(last memory of a dma-buf gone)-> orphan
 *   orphan -(looked up with memory that is known)-> live
 *   orphan -(looked up with memory that may be new in each frame)-> orphan, anew
 *   orphan -(linger lookups later, or at once if linger is 0)-> dropped
 *   live or orphan -(least recently used, replaced, cleared)-> dropped
 *
 * A dropped entry leaves the table under the lock and is freed after it, for
 * that may free a handle, which is the owner's code.
 */
#include "gstdmabufimportcache.h"

#include "gstdmabufobjectprivate.h"

struct _GstDmabufImport
{
  gint refs;                    /* atomic */
  GstDmabufImportCache *cache;  /* for its free function; holds no entries */
  gpointer handle;
};

/* Borrowed: from a frame, or from the entry that it belongs to. */
typedef struct
{
  const GstDmabufIdentity *identities;
  const GstDmabufLayout *layout;
} Key;

typedef struct _Entry Entry;

struct _Entry
{
  Key key;
  GstDmabufIdentity identities[GST_DMABUF_MAX_PLANES];
  GstDmabufLayout layout;
  GstDmabufImport *import;      /* NULL: refused */
  GError *refusal;
  GstDmabufObject *objects[GST_DMABUF_MAX_PLANES];

  gboolean orphan;
  guint64 orphaned_at;          /* lookups of the cache by then */
  GList orphan_link;            /* in the cache's orphans; data is the entry */

  Entry *newer, *older;
};

struct _GstDmabufImportCache
{
  gint refs;                    /* atomic: users of the cache and imports */
  gint users;                   /* atomic: users only; 0 empties the cache */
  guint max_entries;
  GstDmabufImportFree free_func;
  gpointer user_data;
  GDestroyNotify destroy;

  GMutex lock;                  /* protects what follows */
  guint linger;
  GHashTable *entries;          /* Key in Entry -> Entry */
  Entry *newest, *oldest;
  GQueue orphans;               /* of Entry, orphaned first at the head */
  guint64 lookups;
  GstDmabufImportCacheStats stats;
};

G_DEFINE_BOXED_TYPE (GstDmabufImport, gst_dmabuf_import, gst_dmabuf_import_ref,
    gst_dmabuf_import_unref);
G_DEFINE_BOXED_TYPE (GstDmabufImportCache, gst_dmabuf_import_cache,
    gst_dmabuf_import_cache_ref, gst_dmabuf_import_cache_unref);

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;
  guint hash = gst_dmabuf_layout_hash (key->layout);
  guint i;

  for (i = 0; i < key->layout->n_objects; i++)
    hash = hash * 31 + gst_dmabuf_identity_hash (&key->identities[i]);
  return hash;
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const Key *key_a = a, *key_b = b;
  guint i;

  if (key_a->layout->n_objects != key_b->layout->n_objects)
    return FALSE;
  for (i = 0; i < key_a->layout->n_objects; i++) {
    if (!gst_dmabuf_identity_equal (&key_a->identities[i],
            &key_b->identities[i]))
      return FALSE;
  }
  return gst_dmabuf_layout_equal (key_a->layout, key_b->layout);
}

static void
cache_drop_ref (GstDmabufImportCache * cache)
{
  if (!g_atomic_int_dec_and_test (&cache->refs))
    return;
  g_assert (g_hash_table_size (cache->entries) == 0);
  g_hash_table_unref (cache->entries);
  g_mutex_clear (&cache->lock);
  if (cache->destroy != NULL)
    cache->destroy (cache->user_data);
  g_free (cache);
}

/* Without the lock. */
static void
entries_free (Entry * list)
{
  while (list != NULL) {
    Entry *next = list->older;
    guint i;

    if (list->import != NULL)
      gst_dmabuf_import_unref (list->import);
    g_clear_error (&list->refusal);
    for (i = 0; i < list->layout.n_objects; i++)
      g_clear_pointer (&list->objects[i], gst_dmabuf_object_unref);
    g_free (list);
    list = next;
  }
}

/* With the lock held. */
static void
unlink_entry (GstDmabufImportCache * cache, Entry * entry)
{
  if (entry->newer != NULL)
    entry->newer->older = entry->older;
  else
    cache->newest = entry->older;
  if (entry->older != NULL)
    entry->older->newer = entry->newer;
  else
    cache->oldest = entry->newer;
}

/* With the lock held. */
static void
link_newest (GstDmabufImportCache * cache, Entry * entry)
{
  entry->newer = NULL;
  entry->older = cache->newest;
  if (cache->newest != NULL)
    cache->newest->newer = entry;
  else
    cache->oldest = entry;
  cache->newest = entry;
}

/* With the lock held. */
static void
set_orphan (GstDmabufImportCache * cache, Entry * entry, gboolean orphan)
{
  if (entry->orphan)
    g_queue_unlink (&cache->orphans, &entry->orphan_link);
  entry->orphan = orphan;
  if (orphan) {
    entry->orphaned_at = cache->lookups;
    g_queue_push_tail_link (&cache->orphans, &entry->orphan_link);
  }
}

/* With the lock held: takes an entry out and puts it on the list of those that
 * are freed after the lock. */
static void
drop_entry (GstDmabufImportCache * cache, Entry * entry, Entry ** dropped)
{
  unlink_entry (cache, entry);
  g_hash_table_remove (cache->entries, &entry->key);
  set_orphan (cache, entry, FALSE);
  entry->older = *dropped;
  *dropped = entry;
}

/* With the lock held: drops the orphans of more than linger lookups. */
static void
drop_orphans (GstDmabufImportCache * cache, guint64 linger, Entry ** dropped)
{
  Entry *entry;

  while ((entry = g_queue_peek_head (&cache->orphans)) != NULL
      && cache->lookups - entry->orphaned_at > linger) {
    drop_entry (cache, entry, dropped);
    cache->stats.dropped++;
  }
}

static gboolean
hold_cache (gpointer data)
{
  GstDmabufImportCache *cache = data;
  gint users;

  /* The registry's lock is held: a cache without users waits for it to take its
   * observer away, and must not be revived. */
  do {
    users = g_atomic_int_get (&cache->users);
    if (users == 0)
      return FALSE;
  } while (!g_atomic_int_compare_and_exchange (&cache->users, users,
          users + 1));
  return TRUE;
}

static gboolean
has_object (const Entry * entry, const GstDmabufObject * object)
{
  guint i;

  for (i = 0; i < entry->layout.n_objects; i++) {
    if (entry->objects[i] == object)
      return TRUE;
  }
  return FALSE;
}

/* The last memory of a dma-buf went. If another is being made for it in this
 * moment, the next lookup turns the orphan into a live entry again. */
static void
object_gone (gpointer data, GstDmabufObject * object)
{
  GstDmabufImportCache *cache = data;
  Entry *dropped = NULL, *entry, *newer;

  g_mutex_lock (&cache->lock);
  for (entry = cache->oldest; entry != NULL; entry = newer) {
    newer = entry->newer;
    if (!has_object (entry, object))
      continue;
    if (cache->linger == 0) {
      drop_entry (cache, entry, &dropped);
      cache->stats.dropped++;
    } else if (!entry->orphan) {
      set_orphan (cache, entry, TRUE);
    }
  }
  g_mutex_unlock (&cache->lock);
  entries_free (dropped);
}

static void
release_cache (gpointer data)
{
  gst_dmabuf_import_cache_unref (data);
}

static GstDmabufObjectObserver
get_observer (GstDmabufImportCache * cache)
{
  return (GstDmabufObjectObserver) {
  hold_cache, object_gone, release_cache, cache};
}

GstDmabufImport *
gst_dmabuf_import_ref (GstDmabufImport * import)
{
  g_return_val_if_fail (import != NULL, NULL);

  g_atomic_int_inc (&import->refs);
  return import;
}

void
gst_dmabuf_import_unref (GstDmabufImport * import)
{
  GstDmabufImportCache *cache;

  g_return_if_fail (import != NULL);

  if (!g_atomic_int_dec_and_test (&import->refs))
    return;
  cache = import->cache;
  if (cache->free_func != NULL)
    cache->free_func (import->handle, cache->user_data);
  g_free (import);
  cache_drop_ref (cache);
}

gpointer
gst_dmabuf_import_get_handle (GstDmabufImport * import)
{
  g_return_val_if_fail (import != NULL, NULL);

  return import->handle;
}

GstDmabufImportCache *
gst_dmabuf_import_cache_new (guint max_entries, GstDmabufImportFree free_func,
    gpointer user_data)
{
  return gst_dmabuf_import_cache_new_full (max_entries, free_func, user_data,
      NULL);
}

GstDmabufImportCache *
gst_dmabuf_import_cache_new_full (guint max_entries,
    GstDmabufImportFree free_func, gpointer user_data, GDestroyNotify destroy)
{
  GstDmabufImportCache *cache;
  GstDmabufObjectObserver observer;

  g_return_val_if_fail (max_entries > 0, NULL);

  cache = g_new0 (GstDmabufImportCache, 1);
  cache->refs = 1;
  cache->users = 1;
  cache->max_entries = max_entries;
  cache->linger = max_entries;
  cache->free_func = free_func;
  cache->user_data = user_data;
  cache->destroy = destroy;
  cache->entries = g_hash_table_new (hash_key, equal_keys);
  g_mutex_init (&cache->lock);

  observer = get_observer (cache);
  gst_dmabuf_object_add_observer (&observer);
  return cache;
}

GstDmabufImportCache *
gst_dmabuf_import_cache_ref (GstDmabufImportCache * cache)
{
  g_return_val_if_fail (cache != NULL, NULL);

  g_atomic_int_inc (&cache->users);
  return cache;
}

void
gst_dmabuf_import_cache_unref (GstDmabufImportCache * cache)
{
  GstDmabufObjectObserver observer;

  g_return_if_fail (cache != NULL);

  if (!g_atomic_int_dec_and_test (&cache->users))
    return;
  observer = get_observer (cache);
  gst_dmabuf_object_remove_observer (&observer);
  gst_dmabuf_import_cache_clear (cache);
  cache_drop_ref (cache);
}

void
gst_dmabuf_import_cache_set_linger (GstDmabufImportCache * cache, guint lookups)
{
  Entry *dropped = NULL, *entry;

  g_return_if_fail (cache != NULL);

  g_mutex_lock (&cache->lock);
  cache->linger = lookups;
  while (lookups == 0 && (entry = g_queue_peek_head (&cache->orphans)) != NULL) {
    drop_entry (cache, entry, &dropped);
    cache->stats.dropped++;
  }
  g_mutex_unlock (&cache->lock);
  entries_free (dropped);
}

static gboolean
has_memories (const Entry * entry)
{
  guint i;

  for (i = 0; i < entry->layout.n_objects; i++) {
    if (!gst_dmabuf_object_has_memory (entry->objects[i]))
      return FALSE;
  }
  return TRUE;
}

/* With the lock held. */
static void
touch_entry (GstDmabufImportCache * cache, Entry * entry)
{
  /* Who looks a frame up holds its memories, but nobody may tell us when they
   * go: then the time of the orphan begins anew. */
  if (entry->orphan)
    set_orphan (cache, entry, !has_memories (entry));
  if (cache->newest != entry) {
    unlink_entry (cache, entry);
    link_newest (cache, entry);
  }
}

GstDmabufImport *
gst_dmabuf_import_cache_lookup (GstDmabufImportCache * cache,
    const GstDmabufFrame * frame, GError ** refusal, gboolean * found)
{
  GstDmabufImport *import = NULL;
  GError *refused = NULL;
  Entry *dropped = NULL, *entry;
  Key key;

  g_return_val_if_fail (cache != NULL && frame != NULL, NULL);

  key = (Key) {
  frame->identities, &frame->layout};

  /* Once a frame, and held for one probe: entries go in whatever thread drops a
   * memory, so the table cannot do without. */
  g_mutex_lock (&cache->lock);
  cache->lookups++;
  entry = g_hash_table_lookup (cache->entries, &key);
  if (entry == NULL) {
    cache->stats.misses++;
  } else {
    touch_entry (cache, entry);
    if (entry->import != NULL) {
      cache->stats.hits++;
      import = gst_dmabuf_import_ref (entry->import);
    } else {
      cache->stats.refusals++;
      refused = refusal != NULL ? g_error_copy (entry->refusal) : NULL;
    }
  }
  drop_orphans (cache, cache->linger, &dropped);
  g_mutex_unlock (&cache->lock);

  entries_free (dropped);
  if (found != NULL)
    *found = entry != NULL;
  if (refused != NULL)
    g_propagate_error (refusal, refused);
  return import;
}

/* NULL if a descriptor of the frame was closed, or means another dma-buf by now:
 * what was imported then, nobody knows. */
static Entry *
entry_new (const GstDmabufFrame * frame)
{
  Entry *entry = g_new0 (Entry, 1);
  guint i;

  entry->layout = frame->layout;
  entry->key = (Key) {
  entry->identities, &entry->layout};
  entry->orphan_link.data = entry;
  for (i = 0; i < entry->layout.n_objects; i++) {
    GstDmabufObject *object =
        gst_dmabuf_object_from_memory (frame->memories[i], NULL);

    entry->objects[i] = object;
    entry->identities[i] = frame->identities[i];
    if (object == NULL || !gst_dmabuf_identity_equal (&object->identity,
            &frame->identities[i])) {
      entries_free (entry);
      return NULL;
    }
  }
  return entry;
}

static void
insert_entry (GstDmabufImportCache * cache, Entry * entry)
{
  Entry *dropped = NULL, *old;

  g_mutex_lock (&cache->lock);
  old = g_hash_table_lookup (cache->entries, &entry->key);
  if (old != NULL)
    drop_entry (cache, old, &dropped);
  while (g_hash_table_size (cache->entries) >= cache->max_entries) {
    drop_entry (cache, cache->oldest, &dropped);
    cache->stats.evicted++;
  }
  g_hash_table_insert (cache->entries, &entry->key, entry);
  link_newest (cache, entry);
  g_mutex_unlock (&cache->lock);
  entries_free (dropped);
}

GstDmabufImport *
gst_dmabuf_import_cache_insert (GstDmabufImportCache * cache,
    const GstDmabufFrame * frame, gpointer handle)
{
  GstDmabufImport *import;
  Entry *entry;

  g_return_val_if_fail (cache != NULL && frame != NULL, NULL);

  import = g_new (GstDmabufImport, 1);
  import->refs = 1;
  import->cache = cache;
  import->handle = handle;
  g_atomic_int_inc (&cache->refs);

  entry = entry_new (frame);
  if (entry != NULL) {
    entry->import = gst_dmabuf_import_ref (import);
    insert_entry (cache, entry);
  }
  return import;
}

void
gst_dmabuf_import_cache_insert_refusal (GstDmabufImportCache * cache,
    const GstDmabufFrame * frame, const GError * error)
{
  Entry *entry;

  g_return_if_fail (cache != NULL && frame != NULL && error != NULL);

  entry = entry_new (frame);
  if (entry == NULL)
    return;
  entry->refusal = g_error_copy (error);
  insert_entry (cache, entry);
}

void
gst_dmabuf_import_cache_clear (GstDmabufImportCache * cache)
{
  Entry *dropped = NULL;

  g_return_if_fail (cache != NULL);

  g_mutex_lock (&cache->lock);
  while (cache->oldest != NULL)
    drop_entry (cache, cache->oldest, &dropped);
  g_mutex_unlock (&cache->lock);
  entries_free (dropped);
}

void
gst_dmabuf_import_cache_get_stats (GstDmabufImportCache * cache,
    GstDmabufImportCacheStats * stats)
{
  g_return_if_fail (cache != NULL && stats != NULL);

  g_mutex_lock (&cache->lock);
  *stats = cache->stats;
  stats->n_entries = g_hash_table_size (cache->entries);
  g_mutex_unlock (&cache->lock);
}
