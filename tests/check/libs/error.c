/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 */
#include <gst/dmabuf/gstdmabuferror.h>
#include <errno.h>
#include "dmabuftest.h"

static const struct
{
  gint errnum;
  GstDmabufError code;
} rows[] = {
  {EMFILE, GST_DMABUF_ERROR_EXHAUSTED},
  {ENOMEM, GST_DMABUF_ERROR_EXHAUSTED},
  {EACCES, GST_DMABUF_ERROR_REFUSED},
  {EBUSY, GST_DMABUF_ERROR_REFUSED},
  {ENOTTY, GST_DMABUF_ERROR_UNSUPPORTED},
  {ENOENT, GST_DMABUF_ERROR_UNSUPPORTED},
  {EINVAL, GST_DMABUF_ERROR_INVALID},
  {EIO, GST_DMABUF_ERROR_FAILED},
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
  gst_dmabuf_set_error_errno (NULL, EMFILE, "nobody listens");
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
  return s;
}

DMABUF_TEST_MAIN (error_suite)
