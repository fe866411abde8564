/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Which exporter is chosen, and what is said about those that are not.
 */
#define _GNU_SOURCE             /* faccessat */
#include <gst/dmabuf/gstdmabuferror.h>
#include <gst/dmabuf/gstdmabufexporterchoice.h>

#include <drm_fourcc.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "dmabuftest.h"

static void
forget_environment (void)
{
  g_unsetenv (GST_DMABUF_EXPORTER_ENV);
}

static void
expect_choice (const gchar * spec, const GstDmabufConstraints * constraints,
    const gchar * expected)
{
  GError *error = NULL;
  GstDmabufExporter *exporter = gst_dmabuf_exporter_choose (spec, NULL,
      constraints, &error);

  g_assert_no_error (error);
  fail_unless_equals_string (gst_dmabuf_exporter_get_spec (exporter),
      expected);
  gst_object_unref (exporter);
}

static void
expect_refusal (const gchar * spec, const GstDmabufFormatSet * set,
    const GstDmabufConstraints * constraints, GstDmabufError code,
    const gchar * said)
{
  GError *error = NULL;

  fail_unless (gst_dmabuf_exporter_choose (spec, set, constraints, &error)
      == NULL);
  g_assert_error (error, GST_DMABUF_ERROR, code);
  fail_unless (strstr (error->message, said) != NULL, "\"%s\" is not in \"%s\"",
      said, error->message);
  g_clear_error (&error);
}

GST_START_TEST (test_by_name)
{
  expect_choice ("memfd", NULL, "memfd");

  g_setenv (GST_DMABUF_EXPORTER_ENV, "memfd", TRUE);
  expect_choice (NULL, NULL, "memfd");
  expect_choice ("auto", NULL, "memfd");
  expect_choice ("", NULL, "memfd");

  /* What the caller says counts more. */
  g_setenv (GST_DMABUF_EXPORTER_ENV, "nonsense", TRUE);
  expect_choice ("memfd", NULL, "memfd");
  expect_refusal (NULL, NULL, NULL, GST_DMABUF_ERROR_INVALID, "nonsense");
  expect_refusal (NULL, NULL, NULL, GST_DMABUF_ERROR_INVALID,
      GST_DMABUF_EXPORTER_ENV);
}

GST_END_TEST;

static const gchar *const bad_specs[] = {
  "nonsense", "memfd:", "memfd:1", "udmabuf:x", "heap:", "heap:/etc/passwd",
  "dumb:", ":", " memfd", "HEAP:system",
};

GST_START_TEST (test_bad_spec)
{
  GError *error = NULL;

  expect_refusal (bad_specs[__i__], NULL, NULL, GST_DMABUF_ERROR_INVALID,
      bad_specs[__i__]);
  fail_unless (gst_dmabuf_exporter_new_from_spec (bad_specs[__i__], &error)
      == NULL);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID);
  g_clear_error (&error);
}

GST_END_TEST;

GST_START_TEST (test_automatic)
{
  GstDmabufConstraints constraints;

  if (!dmabuf_test_have_device ("/dev/dma_heap/system")
      || !dmabuf_test_have_device ("/dev/dma_heap/default_cma_region"))
    return;
  expect_choice (NULL, NULL, "heap:system");
  gst_dmabuf_constraints_init (&constraints);
  expect_choice (NULL, &constraints, "heap:system");
  constraints.flags = GST_DMABUF_CONSTRAINT_CONTIGUOUS;
  expect_choice (NULL, &constraints, "heap:default_cma_region");
  constraints.flags = GST_DMABUF_CONSTRAINT_SCANOUT;
  expect_choice (NULL, &constraints, "heap:default_cma_region");
}

GST_END_TEST;

GST_START_TEST (test_dumb_of_a_device)
{
  GstDmabufExporter *dumb, *found;
  GstDmabufConstraints constraints;
  GError *error = NULL;
  struct stat status;
  const gchar *node;

  if (!dmabuf_test_have_device ("/dev/dri/card0"))
    return;
  dumb = gst_dmabuf_exporter_new_from_spec ("dumb", &error);
  g_assert_no_error (error);
  node = gst_dmabuf_exporter_get_spec (dumb) + strlen ("dumb:");
  fail_unless (stat (node, &status) == 0);

  /* Its own device reaches the memory, whatever the address. */
  gst_dmabuf_constraints_init (&constraints);
  constraints.flags = GST_DMABUF_CONSTRAINT_SCANOUT
      | GST_DMABUF_CONSTRAINT_CONTIGUOUS;
  constraints.device = status.st_rdev;
  constraints.max_address = G_MAXUINT32;
  found = gst_dmabuf_exporter_choose (NULL, NULL, &constraints, &error);
  g_assert_no_error (error);
  fail_unless_equals_string (gst_dmabuf_exporter_get_spec (found),
      gst_dmabuf_exporter_get_spec (dumb));
  gst_object_unref (found);

  /* Another one may not. */
  constraints.device = 0;
  expect_refusal (gst_dmabuf_exporter_get_spec (dumb), NULL, &constraints,
      GST_DMABUF_ERROR_UNSUPPORTED, "contiguous");
  gst_object_unref (dumb);
}

GST_END_TEST;

GST_START_TEST (test_reasons)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12,
      I915_FORMAT_MOD_Y_TILED_CCS);
  GstDmabufFormatSet *set = gst_dmabuf_format_set_new_single (&format);
  GstDmabufConstraints constraints;

  expect_refusal ("memfd", set, NULL, GST_DMABUF_ERROR_UNSUPPORTED, "NV12");
  expect_refusal (NULL, set, NULL, GST_DMABUF_ERROR_UNSUPPORTED,
      "heap:system: ");
  expect_refusal (NULL, set, NULL, GST_DMABUF_ERROR_UNSUPPORTED,
      "; udmabuf: ");
  expect_refusal (NULL, set, NULL, GST_DMABUF_ERROR_UNSUPPORTED,
      "; heap:cma: ");
  gst_dmabuf_constraints_init (&constraints);
  constraints.flags = GST_DMABUF_CONSTRAINT_SCANOUT;
  expect_refusal (NULL, set, &constraints, GST_DMABUF_ERROR_UNSUPPORTED,
      "; dumb: ");
  gst_dmabuf_format_set_unref (set);

  constraints.flags = GST_DMABUF_CONSTRAINT_CONTIGUOUS;
  expect_refusal ("memfd", NULL, &constraints, GST_DMABUF_ERROR_UNSUPPORTED,
      "not physically contiguous");
}

GST_END_TEST;

static gboolean
refuse_first (GstDmabufExporter * exporter, gpointer user_data, GError ** error)
{
  guint *n_calls = user_data;

  if ((*n_calls)++ > 0)
    return TRUE;
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
      "the display does not import it");
  return FALSE;
}

GST_START_TEST (test_tested)
{
  GError *error = NULL;
  GstDmabufExporter *exporter;
  guint n_calls = 0;

  fail_unless (gst_dmabuf_exporter_choose_tested ("memfd", NULL, NULL,
          refuse_first, &n_calls, &error) == NULL);
  fail_unless_equals_int (n_calls, 1);
  g_assert_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED);
  fail_unless (strstr (error->message, "does not import it") != NULL);
  g_clear_error (&error);
  exporter = gst_dmabuf_exporter_choose_tested ("memfd", NULL, NULL,
      refuse_first, &n_calls, &error);
  g_assert_no_error (error);
  gst_object_unref (exporter);

  if (!dmabuf_test_have_device ("/dev/dma_heap/system")
      || !dmabuf_test_have_device ("/dev/udmabuf"))
    return;
  n_calls = 0;
  exporter = gst_dmabuf_exporter_choose_tested (NULL, NULL, NULL, refuse_first,
      &n_calls, &error);
  g_assert_no_error (error);
  fail_unless_equals_int (n_calls, 2);
  fail_unless_equals_string (gst_dmabuf_exporter_get_spec (exporter),
      "udmabuf");
  gst_object_unref (exporter);
}

GST_END_TEST;

/* A user who may not open the nodes is told which rule would let them. */
GST_START_TEST (test_denied)
{
  if (geteuid () != 0 || !dmabuf_test_have_device ("/dev/dma_heap/system")
      || !dmabuf_test_have_device ("/dev/udmabuf"))
    return;
  /* Tests run in a process of their own each. */
  fail_unless (seteuid (65534) == 0);
  if (faccessat (AT_FDCWD, "/dev/dma_heap/system", R_OK, AT_EACCESS) == 0) {
    fail_unless (seteuid (0) == 0);
    return;
  }
  expect_refusal ("heap:system", NULL, NULL, GST_DMABUF_ERROR_REFUSED,
      "udev rule SUBSYSTEM==\"dma_heap\"");
  expect_refusal (NULL, NULL, NULL, GST_DMABUF_ERROR_UNSUPPORTED,
      "udev rule SUBSYSTEM==\"dma_heap\"");
  expect_refusal (NULL, NULL, NULL, GST_DMABUF_ERROR_UNSUPPORTED,
      "udev rule KERNEL==\"udmabuf\"");
  fail_unless (seteuid (0) == 0);
}

GST_END_TEST;

/* memfd stands in for nothing unless somebody asked. */
GST_START_TEST (test_never_simulated)
{
  GstDmabufExporter *exporter = gst_dmabuf_exporter_choose (NULL, NULL, NULL,
      NULL);

  if (exporter == NULL)
    return;
  fail_if (gst_dmabuf_exporter_is_simulated (exporter));
  gst_object_unref (exporter);
}

GST_END_TEST;

static Suite *
exporterchoice_suite (void)
{
  Suite *s = suite_create ("exporterchoice");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, forget_environment, NULL);
  dmabuf_test_check_fds (tc);
  tcase_add_test (tc, test_by_name);
  tcase_add_loop_test (tc, test_bad_spec, 0, G_N_ELEMENTS (bad_specs));
  tcase_add_test (tc, test_automatic);
  tcase_add_test (tc, test_dumb_of_a_device);
  tcase_add_test (tc, test_reasons);
  tcase_add_test (tc, test_tested);
  tcase_add_test (tc, test_denied);
  tcase_add_test (tc, test_never_simulated);
  return s;
}

DMABUF_TEST_MAIN (exporterchoice_suite)
