/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Goes through candidates in order and collects the reason against each one.
 */
#include "gstdmabufexporterchoice.h"

#include "gstdmabufdumbexporter.h"
#include "gstdmabuferror.h"
#include "gstdmabufheapexporter.h"
#include "gstdmabufmemfdexporter.h"
#include "gstdmabufudmabufexporter.h"
#include "gstdmabuftile.h"

#include <stdlib.h>
#include <string.h>
#include <xf86drm.h>

GST_DEBUG_CATEGORY_EXTERN (gst_dmabuf_exporter_debug);
#define GST_CAT_DEFAULT gst_dmabuf_exporter_debug

#define MAX_CANDIDATES 4

typedef struct
{
  const GstDmabufFormatSet *set;
  const GstDmabufConstraints *constraints;
  GstDmabufExporterTest test;
  gpointer user_data;
} Wish;

GstDmabufExporter *
gst_dmabuf_exporter_new_from_spec (const gchar * spec, GError ** error)
{
  const gchar *argument;

  g_return_val_if_fail (spec != NULL, NULL);

  argument = strchr (spec, ':');
  if (argument)
    argument++;

  if (strcmp (spec, "heap") == 0)
    return gst_dmabuf_heap_exporter_new ("system", error);
  if (g_str_has_prefix (spec, "heap:"))
    return gst_dmabuf_heap_exporter_new (argument, error);
  if (strcmp (spec, "udmabuf") == 0)
    return gst_dmabuf_udmabuf_exporter_new (error);
  if (strcmp (spec, "dumb") == 0)
    return gst_dmabuf_dumb_exporter_new (NULL, error);
  if (g_str_has_prefix (spec, "dumb:") && *argument != '\0')
    return gst_dmabuf_dumb_exporter_new (argument, error);
  if (strcmp (spec, "memfd") == 0)
    return gst_dmabuf_memfd_exporter_new ();

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "\"%s\" is no exporter: heap:NAME, udmabuf, dumb:NODE or memfd are",
      spec);
  return NULL;
}

/* A layout whose modifier has a parameter is in no list. Who makes those of the
 * CPU that are listed makes this one. */
static gboolean
makes (const GstDmabufFormatSet * own, const GstDmabufFormat * format)
{
  GstDmabufFormatSet *listed;
  GstDmabufTileInfo tile;
  gboolean found;

  if (gst_dmabuf_format_set_contains (own, format))
    return TRUE;
  if (!gst_dmabuf_tile_info_get (format, &tile, NULL))
    return FALSE;
  listed = gst_dmabuf_tile_get_formats (tile.linear_fourcc);
  found = !gst_dmabuf_format_set_is_empty (listed)
      && gst_dmabuf_format_set_contains (own,
      gst_dmabuf_format_set_get_nth (listed, 0));
  gst_dmabuf_format_set_unref (listed);
  return found;
}

static gboolean
makes_any_of (GstDmabufExporter * exporter, const GstDmabufFormatSet * set,
    GError ** error)
{
  GstDmabufFormatSet *own = gst_dmabuf_exporter_get_formats (exporter);
  guint i, n = gst_dmabuf_format_set_get_n_formats (set);
  gboolean found = FALSE;
  gchar *text;

  for (i = 0; i < n && !found; i++)
    found = makes (own, gst_dmabuf_format_set_get_nth (set, i));
  gst_dmabuf_format_set_unref (own);
  if (found)
    return TRUE;

  text = gst_dmabuf_format_set_to_string (set);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "makes none of %s", text);
  g_free (text);
  return FALSE;
}

static gboolean
suits (GstDmabufExporter * exporter, const Wish * wish, GError ** error)
{
  if (wish->set && !makes_any_of (exporter, wish->set, error))
    return FALSE;
  if (wish->constraints && !gst_dmabuf_exporter_satisfies (exporter,
          wish->constraints, error))
    return FALSE;
  return wish->test == NULL || wish->test (exporter, wish->user_data, error);
}

static GstDmabufExporter *
try_spec (const gchar * spec, const Wish * wish, GError ** error)
{
  GstDmabufExporter *exporter = gst_dmabuf_exporter_new_from_spec (spec, error);

  if (exporter == NULL)
    return NULL;
  if (!suits (exporter, wish, error)) {
    gst_object_unref (exporter);
    return NULL;
  }
  if (gst_dmabuf_exporter_is_simulated (exporter))
    GST_WARNING ("%s was asked for: its memory is simulated, no device can "
        "import it", spec);
  else
    GST_INFO ("exporter is %s", gst_dmabuf_exporter_get_spec (exporter));
  return exporter;
}

/* "dumb:NODE" of the device with this number, or "dumb". */
static gchar *
dumb_spec_for_device (guint64 device)
{
  drmDevicePtr found = NULL;
  gchar *spec = NULL;

  if (device != 0 && drmGetDeviceFromDevId (device, 0, &found) == 0
      && (found->available_nodes & (1 << DRM_NODE_PRIMARY)))
    spec = g_strconcat ("dumb:", found->nodes[DRM_NODE_PRIMARY], NULL);
  drmFreeDevice (&found);
  return spec ? spec : g_strdup ("dumb");
}

static guint
list_candidates (const GstDmabufConstraints * constraints,
    gchar * specs[MAX_CANDIDATES])
{
  GstDmabufConstraintFlags device_flags = GST_DMABUF_CONSTRAINT_SCANOUT
      | GST_DMABUF_CONSTRAINT_CONTIGUOUS;
  guint n = 0;

  if (constraints && (constraints->flags & device_flags)) {
    specs[n++] = g_strdup ("heap:cma");
    specs[n++] = dumb_spec_for_device (constraints->device);
    specs[n++] = g_strdup ("heap:system");
    specs[n++] = g_strdup ("udmabuf");
  } else {
    specs[n++] = g_strdup ("heap:system");
    specs[n++] = g_strdup ("udmabuf");
    specs[n++] = g_strdup ("heap:cma");
  }
  return n;
}

static GstDmabufExporter *
choose_automatically (const Wish * wish, GError ** error)
{
  gchar *specs[MAX_CANDIDATES];
  GstDmabufExporter *exporter = NULL;
  GString *reasons = g_string_new (NULL);
  guint i, n = list_candidates (wish->constraints, specs);

  for (i = 0; i < n && exporter == NULL; i++) {
    GError *reason = NULL;

    exporter = try_spec (specs[i], wish, &reason);
    if (exporter == NULL) {
      const gchar *text = reason ? reason->message : "no reason given";

      GST_DEBUG ("not %s: %s", specs[i], text);
      g_string_append_printf (reasons, "; %s: %s", specs[i], text);
      g_clear_error (&reason);
    }
  }
  if (exporter == NULL)
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "no exporter of dma-bufs can be used%s", reasons->str);

  for (i = 0; i < n; i++)
    g_free (specs[i]);
  g_string_free (reasons, TRUE);
  return exporter;
}

static gboolean
is_automatic (const gchar * spec)
{
  return spec == NULL || *spec == '\0' || strcmp (spec, "auto") == 0;
}

static GstDmabufExporter *
choose (const gchar * spec, const Wish * wish, GError ** error)
{
  const gchar *source = "";
  GstDmabufExporter *exporter;

  /* Registers the debug category, before the first exporter exists. */
  g_type_ensure (GST_TYPE_DMABUF_EXPORTER);

  if (is_automatic (spec)) {
    spec = g_getenv (GST_DMABUF_EXPORTER_ENV);
    source = " (from " GST_DMABUF_EXPORTER_ENV ")";
  }
  if (is_automatic (spec))
    return choose_automatically (wish, error);

  exporter = try_spec (spec, wish, error);
  if (exporter == NULL)
    g_prefix_error (error, "exporter %s%s cannot be used: ", spec, source);
  return exporter;
}

GstDmabufExporter *
gst_dmabuf_exporter_choose (const gchar * spec,
    const GstDmabufFormatSet * set, const GstDmabufConstraints * constraints,
    GError ** error)
{
  Wish wish = {.set = set,.constraints = constraints };

  return choose (spec, &wish, error);
}

GstDmabufExporter *
gst_dmabuf_exporter_choose_tested (const gchar * spec,
    const GstDmabufFormatSet * set, const GstDmabufConstraints * constraints,
    GstDmabufExporterTest test, gpointer user_data, GError ** error)
{
  Wish wish = {
    .set = set,
    .constraints = constraints,
    .test = test,
    .user_data = user_data,
  };

  g_return_val_if_fail (test != NULL, NULL);

  return choose (spec, &wish, error);
}
