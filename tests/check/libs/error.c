/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The code that each errno becomes, and the limit that a message names.
 */
#include <gst/dmabuf/gstdmabuferror.h>
#include <errno.h>
#include <sys/resource.h>
#include "dmabuftest.h"

static const struct
{
  gint errnum;
  GstDmabufError code;
} rows[] = {
  {EMFILE, GST_DMABUF_ERROR_EXHAUSTED},
  {ENFILE, GST_DMABUF_ERROR_EXHAUSTED},
  {ENOMEM, GST_DMABUF_ERROR_EXHAUSTED},
  {ENOSPC, GST_DMABUF_ERROR_EXHAUSTED},
  {EDQUOT, GST_DMABUF_ERROR_EXHAUSTED},
  {EACCES, GST_DMABUF_ERROR_REFUSED},
  {EPERM, GST_DMABUF_ERROR_REFUSED},
  {EBUSY, GST_DMABUF_ERROR_REFUSED},
  {ENOTTY, GST_DMABUF_ERROR_UNSUPPORTED},
  {ENOSYS, GST_DMABUF_ERROR_UNSUPPORTED},
  {EOPNOTSUPP, GST_DMABUF_ERROR_UNSUPPORTED},
  {ENOENT, GST_DMABUF_ERROR_UNSUPPORTED},
  {ENODEV, GST_DMABUF_ERROR_UNSUPPORTED},
  {ENXIO, GST_DMABUF_ERROR_UNSUPPORTED},
  {EINVAL, GST_DMABUF_ERROR_INVALID},
  {EBADF, GST_DMABUF_ERROR_INVALID},
  {ERANGE, GST_DMABUF_ERROR_INVALID},
  {EOVERFLOW, GST_DMABUF_ERROR_INVALID},
  {EIO, GST_DMABUF_ERROR_FAILED},
  {EFAULT, GST_DMABUF_ERROR_FAILED},
  {ETIMEDOUT, GST_DMABUF_ERROR_FAILED},
  {EINTR, GST_DMABUF_ERROR_FAILED},
};

GST_START_TEST (test_errno_is_sorted)
{
  GError *error = NULL;

  gst_dmabuf_set_error_errno (&error, rows[__i__].errnum, "open %s", "node");
  g_assert_error (error, GST_DMABUF_ERROR, rows[__i__].code);
  fail_unless (g_str_has_prefix (error->message, "open node: "));
  fail_unless (strstr (error->message, g_strerror (rows[__i__].errnum)));
  g_clear_error (&error);
}

GST_END_TEST;

GST_START_TEST (test_limit_is_named)
{
  GError *error = NULL;

  gst_dmabuf_set_error_errno (&error, EMFILE, "dup");
  fail_unless (strstr (error->message, "RLIMIT_NOFILE is "));
  g_clear_error (&error);
  gst_dmabuf_set_error_errno (&error, ENFILE, "open");
  fail_unless (strstr (error->message, "/proc/sys/fs/file-max"));
  g_clear_error (&error);
  gst_dmabuf_set_error_errno (NULL, EMFILE, "nobody listens");
}

GST_END_TEST;

/* Of memory there is a limit to name only where one was set. */
GST_START_TEST (test_limit_of_memory)
{
  const struct rlimit limited = { G_GUINT64_CONSTANT (1) << 46, RLIM_INFINITY };
  struct rlimit before;
  GError *error = NULL;

  fail_unless (getrlimit (RLIMIT_AS, &before) == 0);
  if (before.rlim_cur == RLIM_INFINITY) {
    gst_dmabuf_set_error_errno (&error, ENOMEM, "alloc");
    fail_if (strstr (error->message, "RLIMIT"), "%s", error->message);
    g_clear_error (&error);
  }
  if (before.rlim_max != RLIM_INFINITY || setrlimit (RLIMIT_AS, &limited) != 0)
    return;
  gst_dmabuf_set_error_errno (&error, ENOMEM, "alloc");
  fail_unless (setrlimit (RLIMIT_AS, &before) == 0);
  fail_unless (strstr (error->message, "RLIMIT_AS is 70368744177664"), "%s",
      error->message);
  g_clear_error (&error);
}

GST_END_TEST;

static Suite *
error_suite (void)
{
  Suite *s = suite_create ("error");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_errno_is_sorted, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, test_limit_is_named);
  tcase_add_test (tc, test_limit_of_memory);
  return s;
}

DMABUF_TEST_MAIN (error_suite)
