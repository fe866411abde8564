/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The registry of dma-bufs: identity -> object. A GstMemory is connected with
 * its object by qdata, which goes in the memory's finalisation.
 *
 * Connecting allocates three times, for nothing if the memory is new in each
 * frame. So a memory is connected at once if its dma-buf is unknown or has other
 * memory alive, whose count must be right; but if only a cache remembers the
 * dma-buf, not before it was seen some times in a row.
 *
 * One lock guards the table and all counters. It is taken when a memory is
 * seen that is not connected, when a connected one dies, and by whoever wraps a
 * fd. Nothing is called back with it held, except the observers' hold().
 *
 * An entry may outlive the dma-buf, held by a cache. Then it names nothing, for
 * the kernel does not use an inode number of a dma-buf twice
 * (dma_buf_getfile() in drivers/dma-buf/dma-buf.c counts up in 64 bits).
 */
#include "gstdmabufobjectprivate.h"

#include "gstdmabuferror.h"

/* A memory that comes so often is no new one in each frame. Address and dma-buf
 * of new ones may be the same by chance: then every fourth is connected. */
#define CONNECTED_WHEN_SEEN 4

typedef struct
{
  GstDmabufObject public;

  /* Under the registry's lock. */
  guint refs;                   /* one of them is held for each memory */
  gint n_memories;              /* connected; read without the lock as well */
  GstMemory *wrapper;           /* weak: cleared when the memory is finalised */
  gconstpointer seen;           /* a memory that is not connected, perhaps dead */
  guint n_seen;                 /* times in a row */
} Object;

/* Qdata of a memory. Never replaced once it is set, so that readers need no
 * lock. */
typedef struct
{
  Object *object;
  GstMemory *memory;
} Link;

static GMutex registry_lock;
static GHashTable *registry;
static GSList *observers;       /* of GstDmabufObjectObserver */

static GQuark
get_link_quark (void)
{
  static GQuark quark = 0;

  if (G_UNLIKELY (quark == 0))
    quark = g_quark_from_static_string ("GstDmabufObject");
  return quark;
}

static guint
hash_identity (gconstpointer key)
{
  return gst_dmabuf_identity_hash (key);
}

static gboolean
equal_identities (gconstpointer a, gconstpointer b)
{
  return gst_dmabuf_identity_equal (a, b);
}

/* With the lock held. */
static Object *
lookup (const GstDmabufIdentity * identity)
{
  if (registry == NULL)
    registry = g_hash_table_new (hash_identity, equal_identities);
  return g_hash_table_lookup (registry, identity);
}

/* With the lock held. */
static void
drop_ref (Object * object)
{
  g_assert (object->refs > 0);
  if (--object->refs > 0)
    return;
  g_hash_table_remove (registry, &object->public.identity);
  g_free (object);
}

/* With the lock held: copies of the observers that can be called without. */
static GArray *
hold_observers (void)
{
  GArray *held = g_array_new (FALSE, FALSE, sizeof (GstDmabufObjectObserver));
  GSList *walk;

  for (walk = observers; walk != NULL; walk = walk->next) {
    GstDmabufObjectObserver *observer = walk->data;

    if (observer->hold (observer->data))
      g_array_append_vals (held, observer, 1);
  }
  return held;
}

static void
tell_observers (GArray * held, Object * object)
{
  guint i;

  for (i = 0; i < held->len; i++) {
    GstDmabufObjectObserver *observer =
        &g_array_index (held, GstDmabufObjectObserver, i);

    observer->gone (observer->data, &object->public);
    observer->release (observer->data);
  }
  g_array_free (held, TRUE);
}

/* The memory of a link is being finalised: its reference count is 0, but its
 * storage is still there. */
static void
link_free (gpointer data)
{
  Link *link = data;
  Object *object = link->object;
  GArray *held = NULL;

  g_mutex_lock (&registry_lock);
  if (object->wrapper == link->memory)
    object->wrapper = NULL;
  g_atomic_int_add (&object->n_memories, -1);
  /* The link's own reference is kept until the observers were told. */
  if (object->n_memories == 0 && object->refs > 1)
    held = hold_observers ();
  else
    drop_ref (object);
  g_mutex_unlock (&registry_lock);

  if (held != NULL) {
    tell_observers (held, object);
    gst_dmabuf_object_unref (&object->public);
  }
  g_free (link);
}

/* With the lock held. Takes a reference for the memory. */
static void
connect_memory (Object * object, GstMemory * memory)
{
  Link *link = g_new (Link, 1);

  link->object = object;
  link->memory = memory;
  object->refs++;
  g_atomic_int_inc (&object->n_memories);
  object->seen = NULL;
  object->n_seen = 0;
  gst_mini_object_set_qdata (GST_MINI_OBJECT_CAST (memory), get_link_quark (),
      link, link_free);
}

static Object *
ask_kernel (gint fd, const GstDmabufIdentity * identity, GError ** error)
{
  GstDmabufFdKind kind = gst_dmabuf_fd_get_kind (fd);
  Object *object;
  gsize size;

  if (kind == GST_DMABUF_FD_OTHER) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "file descriptor %d (inode %" G_GUINT64_FORMAT " of device 0x%"
        G_GINT64_MODIFIER "x) is neither a dma-buf nor a sealed memfd", fd,
        identity->inode, identity->device);
    return NULL;
  }
  if (!gst_dmabuf_fd_get_size (fd, &size, error))
    return NULL;

  object = g_new0 (Object, 1);
  object->public.identity = *identity;
  object->public.size = size;
  object->public.kind = kind;
  object->refs = 1;
  return object;
}

/* With the lock held: puts an object into the table, unless another thread was
 * faster; then that one is used. Takes over the caller's reference. */
static Object *
publish (Object * object)
{
  Object *other = lookup (&object->public.identity);

  if (other == NULL) {
    g_hash_table_insert (registry, &object->public.identity, object);
    return object;
  }
  other->refs++;
  g_free (object);
  return other;
}

GstDmabufObject *
gst_dmabuf_object_from_fd (gint fd, GError ** error)
{
  GstDmabufIdentity identity;
  Object *object;

  if (!gst_dmabuf_identity_from_fd (fd, &identity, error))
    return NULL;

  g_mutex_lock (&registry_lock);
  object = lookup (&identity);
  if (object != NULL)
    object->refs++;
  g_mutex_unlock (&registry_lock);
  if (object != NULL)
    return &object->public;

  object = ask_kernel (fd, &identity, error);
  if (object == NULL)
    return NULL;

  g_mutex_lock (&registry_lock);
  object = publish (object);
  g_mutex_unlock (&registry_lock);
  return &object->public;
}

/* With the lock held. Another thread may have seen the same memory for the
 * first time in this moment, and a link is never replaced. */
static void
connect_once (Object * object, GstMemory * memory)
{
  if (gst_mini_object_get_qdata (GST_MINI_OBJECT_CAST (memory),
          get_link_quark ()) == NULL)
    connect_memory (object, memory);
}

static GstMemory *
get_owner (GstMemory * memory)
{
  return memory->parent != NULL ? memory->parent : memory;
}

/* GStreamer guards qdata with a lock of its own, for some instructions. */
static Object *
get_connected (GstMemory * owner)
{
  Link *link = gst_mini_object_get_qdata (GST_MINI_OBJECT_CAST (owner),
      get_link_quark ());

  return link != NULL ? link->object : NULL;
}

/* With the lock held. */
static gboolean
is_worth_connecting (Object * object, gconstpointer memory)
{
  if (object->n_memories > 0)
    return TRUE;
  if (object->seen != memory) {
    object->seen = memory;
    object->n_seen = 0;
  }
  return ++object->n_seen >= CONNECTED_WHEN_SEEN;
}

gboolean
gst_dmabuf_object_look (GstMemory * memory, GstDmabufObject * facts,
    GError ** error)
{
  GstMemory *owner = get_owner (memory);
  Object *object = get_connected (owner);
  GstDmabufIdentity identity;
  GstDmabufObject *made;

  if (G_LIKELY (object != NULL)) {
    *facts = object->public;
    return TRUE;
  }
  /* A source that wraps its dma-bufs anew comes here with each frame: one fstat
   * and one lock if a cache knows the dma-buf. */
  if (!gst_dmabuf_identity_from_fd (gst_fd_memory_get_fd (owner), &identity,
          error))
    return FALSE;
  g_mutex_lock (&registry_lock);
  object = lookup (&identity);
  if (object != NULL) {
    *facts = object->public;
    if (is_worth_connecting (object, owner))
      connect_once (object, owner);
  }
  g_mutex_unlock (&registry_lock);
  if (object != NULL)
    return TRUE;

  made = gst_dmabuf_object_from_memory (owner, error);
  if (made == NULL)
    return FALSE;
  *facts = *made;
  gst_dmabuf_object_unref (made);
  return TRUE;
}

GstDmabufObject *
gst_dmabuf_object_from_memory (GstMemory * memory, GError ** error)
{
  GstMemory *owner = get_owner (memory);
  Object *object = get_connected (owner);
  GstDmabufObject *found;

  if (object != NULL)
    return gst_dmabuf_object_ref (&object->public);

  found = gst_dmabuf_object_from_fd (gst_fd_memory_get_fd (owner), error);
  if (found == NULL)
    return NULL;
  g_mutex_lock (&registry_lock);
  connect_once ((Object *) found, owner);
  g_mutex_unlock (&registry_lock);
  return found;
}

GstDmabufObject *
gst_dmabuf_object_ref (GstDmabufObject * object)
{
  g_mutex_lock (&registry_lock);
  ((Object *) object)->refs++;
  g_mutex_unlock (&registry_lock);
  return object;
}

void
gst_dmabuf_object_unref (GstDmabufObject * object)
{
  g_mutex_lock (&registry_lock);
  drop_ref ((Object *) object);
  g_mutex_unlock (&registry_lock);
}

gboolean
gst_dmabuf_object_has_memory (GstDmabufObject * object)
{
  return g_atomic_int_get (&((Object *) object)->n_memories) > 0;
}

/* With the lock held. A memory whose count fell to 0 is on its way to
 * link_free(), which waits for our lock: it must not be revived, which
 * gst_memory_ref() would do. */
static GstMemory *
try_ref_wrapper (Object * object)
{
  GstMemory *memory = object->wrapper;
  gint count;

  if (memory == NULL)
    return NULL;
  do {
    count = g_atomic_int_get (&GST_MINI_OBJECT_REFCOUNT (memory));
    if (count == 0)
      return NULL;
  } while (!g_atomic_int_compare_and_exchange
      (&GST_MINI_OBJECT_REFCOUNT (memory), count, count + 1));
  return memory;
}

GstMemory *
gst_dmabuf_object_ref_wrapper (GstDmabufObject * object)
{
  GstMemory *memory;

  g_mutex_lock (&registry_lock);
  memory = try_ref_wrapper ((Object *) object);
  g_mutex_unlock (&registry_lock);
  return memory;
}

GstMemory *
gst_dmabuf_object_set_wrapper (GstDmabufObject * object, GstMemory * memory)
{
  GstMemory *other;

  g_mutex_lock (&registry_lock);
  other = try_ref_wrapper ((Object *) object);
  if (other == NULL) {
    connect_memory ((Object *) object, memory);
    ((Object *) object)->wrapper = memory;
  }
  g_mutex_unlock (&registry_lock);

  if (other == NULL)
    return memory;
  gst_memory_unref (memory);
  return other;
}

void
gst_dmabuf_object_add_observer (const GstDmabufObjectObserver * observer)
{
  GstDmabufObjectObserver *copy = g_memdup2 (observer, sizeof (*observer));

  g_mutex_lock (&registry_lock);
  observers = g_slist_prepend (observers, copy);
  g_mutex_unlock (&registry_lock);
}

void
gst_dmabuf_object_remove_observer (const GstDmabufObjectObserver * observer)
{
  GSList *walk;

  g_mutex_lock (&registry_lock);
  for (walk = observers; walk != NULL; walk = walk->next) {
    GstDmabufObjectObserver *candidate = walk->data;

    if (candidate->data == observer->data) {
      g_free (candidate);
      observers = g_slist_delete_link (observers, walk);
      break;
    }
  }
  g_mutex_unlock (&registry_lock);
}
