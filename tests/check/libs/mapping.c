/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * How memory of each exporter is mapped: one mapping, one bracket, fences.
 */
#include <gst/dmabuf/gstdmabuffence.h>

#include "exporterrows.h"
#include "ioctlcount.h"
#include "swsync.h"

#define START_READ (DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ)
#define END_READ (DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ)
#define START_WRITE (DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE)
#define END_WRITE (DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE)
#define START_RW (DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW)
#define END_RW (DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW)

static void
expect_sync (gboolean simulated, guint flags, gint n)
{
  fail_unless_equals_int (ioctl_count_sync (flags), simulated ? 0 : n);
}

/* One mapping and one bracket, whoever maps and however often. */
GST_START_TEST (test_map)
{
  const Row *row = &rows[__i__];
  gboolean simulated = row->node == NULL;
  GstMemory *memory = alloc_row (row), *chroma;
  GstMapInfo map, chroma_map, again;
  guint8 *data;

  if (memory == NULL)
    return;
  ioctl_reset_counts ();
  fail_unless (gst_memory_map (memory, &map, GST_MAP_READWRITE));
  expect_sync (simulated, START_RW, 1);
  data = map.data;
  fail_unless_equals_uint64 (map.size, SIZE);
  data[0] = 11;
  data[SIZE - 1] = 12;
  data[5000] = 13;
  gst_memory_unmap (memory, &map);
  expect_sync (simulated, END_RW, 1);

  /* A write map after it: same place, no mprotect(). */
  fail_unless (gst_memory_map (memory, &map, GST_MAP_WRITE));
  fail_unless (map.data == data);
  map.data[1] = 14;
  gst_memory_unmap (memory, &map);
  expect_sync (simulated, START_WRITE, 1);
  expect_sync (simulated, END_WRITE, 1);

  ioctl_reset_counts ();
  chroma = gst_memory_share (memory, 5000, 100);
  fail_unless (gst_is_dmabuf_memory (chroma));
  fail_unless (gst_memory_map (memory, &map, GST_MAP_READ));
  fail_unless (gst_memory_map (memory, &again, GST_MAP_READ));
  fail_unless (gst_memory_map (chroma, &chroma_map, GST_MAP_READ));
  fail_unless (chroma_map.data == data + 5000);
  fail_unless_equals_int (chroma_map.data[0], 13);
  fail_unless_equals_uint64 (chroma_map.size, 100);
  gst_memory_unmap (memory, &map);
  gst_memory_unmap (memory, &again);
  fail_unless_equals_int (ioctl_count_sync (END_READ), 0);
  gst_memory_unmap (chroma, &chroma_map);
  expect_sync (simulated, START_READ, 1);
  expect_sync (simulated, END_READ, 1);
  fail_unless_equals_int (ioctl_count_all_sync (), simulated ? 0 : 2);

  gst_memory_unref (chroma);
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_widened_bracket)
{
  const Row *row = &rows[__i__];
  gboolean simulated = row->node == NULL;
  GstMemory *memory = alloc_row (row), *part;
  GstMapInfo map, part_map;

  if (memory == NULL)
    return;
  part = gst_memory_share (memory, 0, 100);
  ioctl_reset_counts ();
  fail_unless (gst_memory_map (part, &part_map, GST_MAP_READ));
  fail_unless (gst_memory_map (memory, &map, GST_MAP_WRITE));
  map.data[0] = 42;
  fail_unless_equals_int (part_map.data[0], 42);
  gst_memory_unmap (memory, &map);
  fail_unless_equals_int (ioctl_count_sync (END_RW), 0);
  gst_memory_unmap (part, &part_map);

  expect_sync (simulated, START_READ, 1);
  expect_sync (simulated, START_RW, 1);
  expect_sync (simulated, END_RW, 1);
  fail_unless_equals_int (ioctl_count_all_sync (), simulated ? 0 : 3);
  gst_memory_unref (part);
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_sync_fails)
{
  const Row *row = &rows[__i__];
  GstMemory *memory = alloc_row (row);
  GstMapInfo map;

  if (memory == NULL)
    return;
  if (row->node == NULL) {
    gst_memory_unref (memory);
    return;
  }
  ioctl_sync_failures = 1;
  ioctl_sync_errno = EIO;
  fail_if (gst_memory_map (memory, &map, GST_MAP_READ));

  /* Interrupted is not failed. */
  ioctl_reset_counts ();
  ioctl_sync_failures = 3;
  ioctl_sync_errno = EINTR;
  fail_unless (gst_memory_map (memory, &map, GST_MAP_READ));
  ioctl_sync_failures = 2;
  ioctl_sync_errno = EAGAIN;
  gst_memory_unmap (memory, &map);
  fail_unless_equals_int (ioctl_count_sync (START_READ), 1);
  fail_unless_equals_int (ioctl_count_sync (END_READ), 1);
  gst_memory_unref (memory);
}

GST_END_TEST;

static gpointer
advance_when_mapping (gpointer data)
{
  while (ioctl_count_all_sync () == 0)
    g_thread_yield ();
  sw_sync_advance (GPOINTER_TO_INT (data), 1);
  return NULL;
}

/* The fence signals after the bracket was asked for, not before. */
GST_START_TEST (test_map_waits_for_fence)
{
  const Row *row = &rows[__i__];
  GstMemory *memory;
  GstMapInfo map;
  GThread *thread;
  gint timeline_fd, fence_fd, fd;

  if (row->node == NULL || !dmabuf_test_have_device (SW_SYNC_NODE))
    return;
  memory = alloc_row (row);
  if (memory == NULL)
    return;
  fd = gst_dmabuf_memory_get_fd (memory);
  timeline_fd = sw_sync_open ();
  fence_fd = sw_sync_fence (timeline_fd, 1);
  fail_unless (gst_dmabuf_fence_import (fd, fence_fd, GST_DMABUF_ACCESS_WRITE,
          NULL));

  ioctl_reset_counts ();
  thread = g_thread_new ("advance", advance_when_mapping,
      GINT_TO_POINTER (timeline_fd));
  fail_unless (gst_memory_map (memory, &map, GST_MAP_READ));
  fail_if (gst_dmabuf_is_busy (fd, GST_DMABUF_ACCESS_READ));
  gst_memory_unmap (memory, &map);
  g_thread_join (thread);

  close (fence_fd);
  close (timeline_fd);
  gst_memory_unref (memory);
}

GST_END_TEST;

#define N_ROUNDS 2000

static gpointer
map_often (gpointer data)
{
  GstMemory *memory = data;
  guint i;

  for (i = 0; i < N_ROUNDS; i++) {
    GstMapInfo map;

    fail_unless (gst_memory_map (memory, &map, GST_MAP_READ));
    fail_unless_equals_int (map.data[0], 77);
    gst_memory_unmap (memory, &map);
  }
  return NULL;
}

GST_START_TEST (test_threads)
{
  const Row *row = &rows[__i__];
  GstMemory *memory = alloc_row (row);
  GThread *threads[4];
  GstMapInfo map;
  guint i;

  if (memory == NULL)
    return;
  fail_unless (gst_memory_map (memory, &map, GST_MAP_WRITE));
  map.data[0] = 77;
  gst_memory_unmap (memory, &map);

  ioctl_reset_counts ();
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("map", map_often, memory);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  fail_unless_equals_int (ioctl_count_sync (START_READ),
      ioctl_count_sync (END_READ));
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_copy)
{
  GstMemory *memory = alloc_row (&rows[__i__]), *copy;
  GstMapInfo map;

  if (memory == NULL)
    return;
  fail_unless (gst_memory_map (memory, &map, GST_MAP_WRITE));
  map.data[0] = 1;
  map.data[4000] = 2;
  gst_memory_unmap (memory, &map);

  copy = gst_memory_copy (memory, 0, -1);
  fail_unless (gst_is_dmabuf_memory (copy));
  fail_unless (copy->allocator == memory->allocator);
  fail_unless (gst_dmabuf_memory_get_fd (copy) !=
      gst_dmabuf_memory_get_fd (memory));
  fail_unless_equals_uint64 (copy->size, SIZE);
  fail_unless (gst_memory_map (copy, &map, GST_MAP_READ));
  fail_unless_equals_int (map.data[0], 1);
  fail_unless_equals_int (map.data[4000], 2);
  gst_memory_unmap (copy, &map);
  gst_memory_unref (copy);

  copy = gst_memory_copy (memory, 4000, 10);
  fail_unless_equals_uint64 (copy->size, 10);
  fail_unless (gst_memory_map (copy, &map, GST_MAP_READ));
  fail_unless_equals_int (map.data[0], 2);
  gst_memory_unmap (copy, &map);
  gst_memory_unref (copy);

  /* Nothing outside of the memory, though the dma-buf is longer. */
  fail_unless (gst_memory_copy (memory, SIZE + 1, -1) == NULL);
  fail_unless (gst_memory_copy (memory, SIZE - 1, 2) == NULL);
  fail_unless (gst_memory_copy (memory, -1, 10) == NULL);
  gst_memory_unref (memory);
}

GST_END_TEST;

/* Elements that were given an exporter as a mere allocator. */
GST_START_TEST (test_as_allocator)
{
  GstDmabufExporter *exporter = open_row (&rows[__i__]);
  GstAllocationParams params = {
    .flags = GST_MEMORY_FLAG_ZERO_PADDED,
    .prefix = 16,
    .padding = 32,
  };
  GstBuffer *buffer;
  GstMemory *memory;

  if (exporter == NULL)
    return;
  fail_if (GST_OBJECT_FLAG_IS_SET (exporter, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC));
  buffer = gst_buffer_new_allocate (GST_ALLOCATOR (exporter), 1000, &params);
  fail_unless (buffer != NULL);
  memory = gst_buffer_peek_memory (buffer, 0);
  fail_unless (gst_is_dmabuf_memory (memory));
  fail_unless_equals_uint64 (memory->size, 1000);
  fail_unless_equals_uint64 (memory->offset, 16);
  fail_unless (memory->maxsize >= 1000 + 16 + 32);
  fail_unless (GST_MEMORY_IS_ZERO_PADDED (memory));
  gst_buffer_fill (buffer, 0, "dma", 4);
  fail_unless (gst_buffer_memcmp (buffer, 0, "dma", 4) == 0);
  gst_buffer_unref (buffer);

  params.prefix = G_MAXSIZE - 10;
  fail_unless (gst_allocator_alloc (GST_ALLOCATOR (exporter), 1000, &params)
      == NULL);
  gst_object_unref (exporter);
}

GST_END_TEST;

static Suite *
mapping_suite (void)
{
  Suite *s = suite_create ("mapping");
  TCase *tc = tcase_create ("general");
  gint n = G_N_ELEMENTS (rows);

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_map, 0, n);
  tcase_add_loop_test (tc, test_widened_bracket, 0, n);
  tcase_add_loop_test (tc, test_sync_fails, 0, n);
  tcase_add_loop_test (tc, test_map_waits_for_fence, 0, n);
  tcase_add_loop_test (tc, test_threads, 0, n);
  tcase_add_loop_test (tc, test_copy, 0, n);
  tcase_add_loop_test (tc, test_as_allocator, 0, n);
  return s;
}

DMABUF_TEST_MAIN (mapping_suite)
