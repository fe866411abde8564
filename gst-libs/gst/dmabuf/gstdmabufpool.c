/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Buffers with their GstVideoMeta, and the functions of GstBufferPool on top of
 * the pool's own setup and queue. Those of the parent class that wake a
 * descriptor for each buffer are all replaced: its queue stays empty.
 */
#include "gstdmabufpool.h"
#include "gstdmabufpoolqueueprivate.h"
#include "gstdmabufpoolsetupprivate.h"

#include "gstdmabuferror.h"
#include "gstdmabufframe.h"

#include <errno.h>
#include <string.h>

GST_DEBUG_CATEGORY (gst_dmabuf_pool_debug);
#define GST_CAT_DEFAULT gst_dmabuf_pool_debug

struct _GstDmabufPool
{
  GstBufferPool parent_instance;

  GstDmabufExporter *exporter;
  gboolean configured;          /* these two: object lock, or active */
  GstDmabufPoolSetup setup;

  /* The frame that showed that a configuration is possible: becomes the first
   * buffer. Object lock. */
  GstMemory *spare[GST_DMABUF_MAX_PLANES];

  GstDmabufPoolQueue queue;
  gint n_buffers;               /* alive, wherever they are; atomic */
};

G_DEFINE_TYPE_WITH_CODE (GstDmabufPool, gst_dmabuf_pool, GST_TYPE_BUFFER_POOL,
    GST_DEBUG_CATEGORY_INIT (gst_dmabuf_pool_debug, "dmabufpool", 0,
        "pool of dma-bufs"));

/* The parent class keeps a configuration that was refused as if it were in
 * force: buffers of the one before it must not go out under its name. */
static void
forget_config (GstDmabufPool * self)
{
  GstMemory *memories[GST_DMABUF_MAX_PLANES];

  GST_OBJECT_LOCK (self);
  self->configured = FALSE;
  memcpy (memories, self->spare, sizeof memories);
  memset (self->spare, 0, sizeof self->spare);
  GST_OBJECT_UNLOCK (self);
  gst_dmabuf_pool_setup_clear_memories (memories);
}

static gboolean
set_config (GstBufferPool * pool, GstStructure * config)
{
  GstDmabufPool *self = GST_DMABUF_POOL (pool);
  GstMemory *memories[GST_DMABUF_MAX_PLANES] = { NULL, };
  GError *error = NULL;
  GstDmabufPoolSetup setup;

  /* The frame of an earlier try must not count against the exporter. */
  forget_config (self);
  if (!gst_dmabuf_pool_setup_parse (&setup, config, &error)
      || !gst_dmabuf_pool_setup_complete (&setup, self->exporter, memories,
          &error)) {
    GST_WARNING_OBJECT (self, "cannot use %" GST_PTR_FORMAT ": %s", config,
        error->message);
    g_clear_error (&error);
    return FALSE;
  }
  if (setup.size > G_MAXUINT) {
    GST_WARNING_OBJECT (self, "a buffer has %" G_GSIZE_FORMAT " bytes, too "
        "many for a GstBufferPool", setup.size);
    gst_dmabuf_pool_setup_clear_memories (memories);
    return FALSE;
  }

  gst_dmabuf_pool_setup_write (&setup, self->exporter, config);
  GST_OBJECT_LOCK (self);
  self->setup = setup;
  self->configured = TRUE;
  memcpy (self->spare, memories, sizeof memories);
  GST_OBJECT_UNLOCK (self);
  GST_INFO_OBJECT (self, "%" G_GSIZE_FORMAT " bytes a buffer, from %s",
      setup.size, gst_dmabuf_exporter_get_spec (self->exporter));

  return GST_BUFFER_POOL_CLASS (gst_dmabuf_pool_parent_class)
      ->set_config (pool, config);
}

static gboolean
mark_meta_pooled (GstBuffer * buffer, GstMeta ** meta, gpointer user_data)
{
  GST_META_FLAG_SET (*meta, GST_META_FLAG_POOLED);
  GST_META_FLAG_SET (*meta, GST_META_FLAG_LOCKED);
  return TRUE;
}

/* The memory of set_config() for the first buffer, new memory afterwards. */
static gboolean
take_memories (GstDmabufPool * self,
    GstMemory * memories[GST_DMABUF_MAX_PLANES], GError ** error)
{
  GstDmabufLayout layout;

  GST_OBJECT_LOCK (self);
  memcpy (memories, self->spare, sizeof self->spare);
  memset (self->spare, 0, sizeof self->spare);
  GST_OBJECT_UNLOCK (self);
  if (memories[0])
    return TRUE;

  if (!gst_dmabuf_pool_setup_alloc (&self->setup, self->exporter, &layout,
          memories, error))
    return FALSE;
  if (!gst_dmabuf_layout_equal (&layout, &self->setup.allocated)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "%s made another layout than for the first buffer",
        gst_dmabuf_exporter_get_spec (self->exporter));
    gst_dmabuf_pool_setup_clear_memories (memories);
    return FALSE;
  }
  return TRUE;
}

static GstFlowReturn
alloc_buffer (GstBufferPool * pool, GstBuffer ** buffer,
    GstBufferPoolAcquireParams * params)
{
  GstDmabufPool *self = GST_DMABUF_POOL (pool);
  GstMemory *memories[GST_DMABUF_MAX_PLANES] = { NULL, };
  GstVideoMeta *meta;
  GError *error = NULL;
  guint i;

  if (!take_memories (self, memories, &error)) {
    GST_WARNING_OBJECT (self, "no buffer: %s", error->message);
    g_clear_error (&error);
    return GST_FLOW_ERROR;
  }

  *buffer = gst_buffer_new ();
  for (i = 0; i < self->setup.allocated.n_objects; i++) {
    gst_memory_resize (memories[i], 0, self->setup.sizes[i]);
    gst_buffer_append_memory (*buffer, memories[i]);
  }
  meta = gst_dmabuf_buffer_add_video_meta (*buffer, &self->setup.visible,
      &self->setup.info);
  if (meta == NULL) {
    GST_WARNING_OBJECT (self, "no GstVideoMeta can say this layout");
    gst_clear_buffer (buffer);
    return GST_FLOW_ERROR;
  }
  /* Not gst_video_meta_set_alignment(), which refuses strides that are larger
   * than it would choose itself. */
  meta->alignment = self->setup.alignment;
  gst_buffer_foreach_meta (*buffer, mark_meta_pooled, NULL);
  GST_BUFFER_FLAG_UNSET (*buffer, GST_BUFFER_FLAG_TAG_MEMORY);
  return GST_FLOW_OK;
}

/* Never counts beyond the limit, not even for a moment: a waiter that looked
 * in that moment would go to sleep, and nobody would wake it. */
static gboolean
reserve_buffer (GstDmabufPool * self)
{
  guint n;

  do {
    n = g_atomic_int_get (&self->n_buffers);
    if (self->setup.max_buffers != 0 && n >= self->setup.max_buffers)
      return FALSE;
  } while (!g_atomic_int_compare_and_exchange (&self->n_buffers, n, n + 1));
  return TRUE;
}

/* A new buffer, unless there are as many as there may be. */
static GstFlowReturn
grow (GstDmabufPool * self, GstBuffer ** buffer)
{
  GstFlowReturn result;

  if (!reserve_buffer (self))
    return GST_FLOW_EOS;
  result = alloc_buffer (GST_BUFFER_POOL (self), buffer, NULL);
  if (result != GST_FLOW_OK) {
    g_atomic_int_add (&self->n_buffers, -1);
    /* Somebody may have gone to sleep because this one was counted. */
    gst_dmabuf_pool_queue_wake (&self->queue);
  }
  return result;
}

static gboolean
may_go_on (gpointer user_data)
{
  GstDmabufPool *self = user_data;
  guint n = g_atomic_int_get (&self->n_buffers);

  return GST_BUFFER_POOL_IS_FLUSHING (GST_BUFFER_POOL_CAST (self))
      || gst_atomic_queue_length (self->queue.free_buffers) > 0
      || self->setup.max_buffers == 0 || n < self->setup.max_buffers;
}

static GstFlowReturn
try_acquire (GstDmabufPool * self, GstBuffer ** buffer)
{
  guint n_given_up;

  if (GST_BUFFER_POOL_IS_FLUSHING (GST_BUFFER_POOL_CAST (self)))
    return GST_FLOW_FLUSHING;

  *buffer = gst_dmabuf_pool_queue_pop (&self->queue);
  if (*buffer)
    return GST_FLOW_OK;

  *buffer = gst_dmabuf_pool_queue_pop_idle (&self->queue, &n_given_up);
  g_atomic_int_add (&self->n_buffers, -(gint) n_given_up);
  if (*buffer)
    return GST_FLOW_OK;

  return grow (self, buffer);
}

/* The functions of a frame are called by the class only, and a checked cast would
 * be a third of their work. */
static GstDmabufPool *
as_pool (GstBufferPool * pool)
{
  return (GstDmabufPool *) pool;
}

static GstFlowReturn
acquire_buffer (GstBufferPool * pool, GstBuffer ** buffer,
    GstBufferPoolAcquireParams * params)
{
  GstDmabufPool *self = as_pool (pool);
  gboolean dont_wait = params
      && (params->flags & GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT);
  gboolean waited = FALSE;
  GstFlowReturn result;

  while ((result = try_acquire (self, buffer)) == GST_FLOW_EOS && !dont_wait) {
    GST_LOG_OBJECT (self, "waiting for a buffer");
    gst_dmabuf_pool_queue_wait (&self->queue, may_go_on, self);
    waited = TRUE;
  }
  /* This waiter may have taken a wake-up that was good for others as well. */
  if (waited && may_go_on (self))
    gst_dmabuf_pool_queue_wake (&self->queue);
  return result;
}

static gboolean
remove_meta_unpooled (GstBuffer * buffer, GstMeta ** meta, gpointer user_data)
{
  if (!GST_META_FLAG_IS_SET (*meta, GST_META_FLAG_POOLED)) {
    GST_META_FLAG_UNSET (*meta, GST_META_FLAG_LOCKED);
    *meta = NULL;
  }
  return TRUE;
}

/* Whether the memory of a buffer that came back is the pool's, and nobody
 * else's. Who took it out with gst_buffer_get_memory() has a reference, but no
 * lock that gst_memory_is_writable() would see. */
static gboolean
is_intact (GstDmabufPool * self, GstBuffer * buffer)
{
  guint i, n = self->setup.allocated.n_objects;

  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_TAG_MEMORY)
      || gst_buffer_n_memory (buffer) != n)
    return FALSE;
  for (i = 0; i < n; i++) {
    GstMemory *memory = gst_buffer_peek_memory (buffer, i);

    if (GST_MINI_OBJECT_REFCOUNT_VALUE (memory) != 1
        || !gst_memory_is_writable (memory))
      return FALSE;
  }
  return TRUE;
}

static void
reset_buffer (GstBufferPool * pool, GstBuffer * buffer)
{
  GstDmabufPool *self = as_pool (pool);
  guint i;

  GST_BUFFER_FLAGS (buffer) &= GST_BUFFER_FLAG_TAG_MEMORY;
  GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_OFFSET (buffer) = GST_BUFFER_OFFSET_NONE;
  GST_BUFFER_OFFSET_END (buffer) = GST_BUFFER_OFFSET_NONE;
  gst_buffer_foreach_meta (buffer, remove_meta_unpooled, NULL);

  /* Others see the size of a memory that they share. */
  if (!is_intact (self, buffer)) {
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_TAG_MEMORY);
    return;
  }
  for (i = 0; i < self->setup.allocated.n_objects; i++) {
    GstMemory *memory = gst_buffer_peek_memory (buffer, i);

    if (memory->offset != 0 || memory->size != self->setup.sizes[i])
      gst_memory_resize (memory, -(gssize) memory->offset,
          self->setup.sizes[i]);
  }
}

static void
release_buffer (GstBufferPool * pool, GstBuffer * buffer)
{
  GstDmabufPool *self = as_pool (pool);

  /* As reset_buffer() found it. */
  if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_TAG_MEMORY)) {
    gst_dmabuf_pool_queue_push (&self->queue, buffer, self->setup.poll_all);
    return;
  }
  GST_DEBUG_OBJECT (self, "memory of %p was exchanged or is in use, freed",
      buffer);
  gst_buffer_unref (buffer);
  g_atomic_int_add (&self->n_buffers, -1);
  gst_dmabuf_pool_queue_wake (&self->queue);
}

static gboolean
stop (GstBufferPool * pool)
{
  GstDmabufPool *self = GST_DMABUF_POOL (pool);
  gint n = gst_dmabuf_pool_queue_close (&self->queue);

  if (g_atomic_int_add (&self->n_buffers, -n) != n)
    GST_WARNING_OBJECT (self, "%d buffers are not accounted for",
        g_atomic_int_get (&self->n_buffers));
  return TRUE;
}

static gboolean
start (GstBufferPool * pool)
{
  GstDmabufPool *self = GST_DMABUF_POOL (pool);
  GError *error = NULL;
  GstBuffer *buffer;
  guint i;

  if (!self->configured) {
    GST_WARNING_OBJECT (self, "the last configuration was refused");
    return FALSE;
  }
  if (!gst_dmabuf_pool_queue_open (&self->queue, &error)) {
    GST_WARNING_OBJECT (self, "cannot start: %s", error->message);
    g_clear_error (&error);
    return FALSE;
  }
  for (i = 0; i < self->setup.min_buffers; i++) {
    if (grow (self, &buffer) != GST_FLOW_OK) {
      stop (pool);
      return FALSE;
    }
    gst_dmabuf_pool_queue_push (&self->queue, buffer, FALSE);
  }
  return TRUE;
}

static void
flush_start (GstBufferPool * pool)
{
  gst_dmabuf_pool_queue_wake (&GST_DMABUF_POOL (pool)->queue);
}

/* The parent class now reads a descriptor until that succeeds or errno is not
 * EWOULDBLOCK, and does not set it where it has no descriptor. */
static void
flush_stop (GstBufferPool * pool)
{
  errno = 0;
}

static const gchar **
get_options (GstBufferPool * pool)
{
  static const gchar *options[] = {
    GST_BUFFER_POOL_OPTION_VIDEO_META,
    GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT,
    GST_BUFFER_POOL_OPTION_DMABUF_IDLE,
    NULL
  };

  return options;
}

GstBufferPool *
gst_dmabuf_pool_new (GstDmabufExporter * exporter)
{
  GstDmabufPool *self;
  GstPoll *poll;

  g_return_val_if_fail (GST_IS_DMABUF_EXPORTER (exporter), NULL);

  /* What the parent class is about to make, and would not miss. */
  poll = gst_poll_new_timer ();
  if (!poll)
    return NULL;
  gst_poll_free (poll);

  self = g_object_new (GST_TYPE_DMABUF_POOL, NULL);
  self->exporter = gst_object_ref (exporter);
  return g_object_ref_sink (GST_BUFFER_POOL (self));
}

GstDmabufExporter *
gst_dmabuf_pool_get_exporter (GstDmabufPool * self)
{
  g_return_val_if_fail (GST_IS_DMABUF_POOL (self), NULL);

  return self->exporter;
}

gboolean
gst_dmabuf_pool_get_layout (GstDmabufPool * self, GstDmabufLayout * layout)
{
  gboolean configured;

  g_return_val_if_fail (GST_IS_DMABUF_POOL (self) && layout != NULL, FALSE);

  GST_OBJECT_LOCK (self);
  configured = self->configured;
  if (configured)
    *layout = self->setup.visible;
  GST_OBJECT_UNLOCK (self);
  return configured;
}

static void
gst_dmabuf_pool_finalize (GObject * object)
{
  GstDmabufPool *self = GST_DMABUF_POOL (object);

  gst_dmabuf_pool_setup_clear_memories (self->spare);
  gst_dmabuf_pool_queue_clear (&self->queue);
  gst_clear_object (&self->exporter);
  G_OBJECT_CLASS (gst_dmabuf_pool_parent_class)->finalize (object);
}

static void
gst_dmabuf_pool_init (GstDmabufPool * self)
{
  gst_dmabuf_pool_queue_init (&self->queue);
}

static void
gst_dmabuf_pool_class_init (GstDmabufPoolClass * klass)
{
  GstBufferPoolClass *pool_class = GST_BUFFER_POOL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gst_dmabuf_pool_finalize;
  pool_class->get_options = get_options;
  pool_class->set_config = set_config;
  pool_class->start = start;
  pool_class->stop = stop;
  pool_class->alloc_buffer = alloc_buffer;
  pool_class->acquire_buffer = acquire_buffer;
  pool_class->reset_buffer = reset_buffer;
  pool_class->release_buffer = release_buffer;
  pool_class->flush_start = flush_start;
  pool_class->flush_stop = flush_stop;
}
