/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the kernel says about descriptors that are dma-bufs, and that are not.
 */
#define _GNU_SOURCE             /* memfd_create */
#include <gst/dmabuf/gstdmabuferror.h>
#include <gst/dmabuf/gstdmabufexporterchoice.h>
#include <gst/dmabuf/gstdmabufidentity.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "dmabuftest.h"

static const struct
{
  const gchar *node;
  const gchar *spec;
  const gchar *name;
} rows[] = {
  {"/dev/dma_heap/system", "heap:system", "system"},
  {"/dev/udmabuf", "udmabuf", "udmabuf"},
};

static GstMemory *
alloc_memory (const gchar * spec)
{
  GError *error = NULL;
  GstDmabufExporter *exporter = gst_dmabuf_exporter_new_from_spec (spec,
      &error);
  GstMemory *memory;

  g_assert_no_error (error);
  memory = gst_dmabuf_exporter_alloc (exporter, 5000, &error);
  g_assert_no_error (error);
  gst_object_unref (exporter);
  return memory;
}

GST_START_TEST (test_dmabuf)
{
  GstMemory *memory;
  gsize size;
  gchar *name;
  gint fd;

  if (!dmabuf_test_have_device (rows[__i__].node))
    return;
  memory = alloc_memory (rows[__i__].spec);
  fd = gst_dmabuf_memory_get_fd (memory);

  fail_unless_equals_int (gst_dmabuf_fd_get_kind (fd), GST_DMABUF_FD_DMABUF);
  fail_unless (gst_dmabuf_fd_get_size (fd, &size, NULL));
  fail_unless_equals_uint64 (size, 8192);
  name = gst_dmabuf_fd_get_exporter_name (fd);
  fail_unless_equals_string (name, rows[__i__].name);
  g_free (name);
  gst_memory_unref (memory);
}

GST_END_TEST;

static void
check_identity (GstMemory * memory, GstMemory * other)
{
  GstDmabufIdentity identity, duplicate, different;
  gint fd = gst_dmabuf_memory_get_fd (memory);
  gint duplicate_fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);

  fail_unless (gst_dmabuf_identity_from_fd (fd, &identity, NULL));
  fail_unless (gst_dmabuf_identity_from_fd (duplicate_fd, &duplicate, NULL));
  fail_unless (gst_dmabuf_identity_from_fd (gst_dmabuf_memory_get_fd (other),
          &different, NULL));
  fail_unless (gst_dmabuf_identity_equal (&identity, &duplicate));
  fail_unless_equals_int (gst_dmabuf_identity_hash (&identity),
      gst_dmabuf_identity_hash (&duplicate));
  fail_if (gst_dmabuf_identity_equal (&identity, &different));
  close (duplicate_fd);
}

GST_START_TEST (test_identity)
{
  GstMemory *memory, *other;

  memory = alloc_memory ("memfd");
  other = alloc_memory ("memfd");
  check_identity (memory, other);
  gst_memory_unref (other);
  gst_memory_unref (memory);

  if (!dmabuf_test_have_device ("/dev/udmabuf"))
    return;
  memory = alloc_memory ("udmabuf");
  other = alloc_memory ("udmabuf");
  check_identity (memory, other);
  gst_memory_unref (other);
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_memfd)
{
  GstMemory *memory = alloc_memory ("memfd");
  gint fd = gst_dmabuf_memory_get_fd (memory);
  gsize size = 1;

  fail_unless_equals_int (lseek (fd, 100, SEEK_SET), 100);
  fail_unless_equals_int (gst_dmabuf_fd_get_kind (fd), GST_DMABUF_FD_MEMFD);
  fail_unless (gst_dmabuf_fd_get_size (fd, &size, NULL));
  fail_unless_equals_uint64 (size, 8192);
  /* The offset belongs to whoever shares the file. */
  fail_unless_equals_int (lseek (fd, 0, SEEK_CUR), 100);
  fail_unless (gst_dmabuf_fd_get_exporter_name (fd) == NULL);
  gst_memory_unref (memory);
}

GST_END_TEST;

GST_START_TEST (test_others)
{
  GError *error = NULL;
  gsize size = 77;
  GstDmabufIdentity identity = { 1, 2 };
  gint sockets[2], unsealed_fd, file_fd;

  fail_unless (socketpair (AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
  fail_unless_equals_int (gst_dmabuf_fd_get_kind (sockets[0]),
      GST_DMABUF_FD_OTHER);
  fail_if (gst_dmabuf_fd_get_size (sockets[0], &size, &error));
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  close (sockets[0]);
  close (sockets[1]);

  /* Its owner could shrink it under a mapping. */
  unsealed_fd = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  fail_unless_equals_int (gst_dmabuf_fd_get_kind (unsealed_fd),
      GST_DMABUF_FD_OTHER);
  close (unsealed_fd);

  file_fd = open ("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  fail_unless_equals_int (gst_dmabuf_fd_get_kind (file_fd),
      GST_DMABUF_FD_OTHER);
  close (file_fd);

  fail_unless_equals_int (gst_dmabuf_fd_get_kind (-1), GST_DMABUF_FD_OTHER);
  fail_if (gst_dmabuf_identity_from_fd (-1, &identity, &error));
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  fail_if (gst_dmabuf_fd_get_size (-1, &size, &error));
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
  fail_unless (gst_dmabuf_fd_get_exporter_name (-1) == NULL);

  /* Nothing is written on failure. */
  fail_unless_equals_uint64 (size, 77);
  fail_unless_equals_uint64 (identity.inode, 2);
}

GST_END_TEST;

static Suite *
identity_suite (void)
{
  Suite *s = suite_create ("identity");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_dmabuf, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, test_identity);
  tcase_add_test (tc, test_memfd);
  tcase_add_test (tc, test_others);
  return s;
}

DMABUF_TEST_MAIN (identity_suite)
