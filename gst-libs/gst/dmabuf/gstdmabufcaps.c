/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Caps into sets of formats and back. All work on formats is done on sets;
 * caps are taken apart and put together structure by structure, because
 * gst_caps_simplify() and gst_caps_subtract() take quadratic time, or more, on
 * long lists of drm-format.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufcaps.h"
#include "gstdmabufcapsprivate.h"
#include "gstdmabufformatsetprivate.h"

#include <string.h>

/* Number of strings in a field, -1 if it is absent, which means any; a field of
 * another type holds none. */
static gint
count_strings (const GValue * value)
{
  if (!value)
    return -1;
  if (GST_VALUE_HOLDS_LIST (value))
    return (gint) gst_value_list_get_size (value);
  return G_VALUE_HOLDS_STRING (value) ? 1 : 0;
}

/* The string at index, NULL if there is something else. */
static const gchar *
get_string (const GValue * value, guint index)
{
  if (GST_VALUE_HOLDS_LIST (value))
    value = gst_value_list_get_value (value, index);
  return G_VALUE_HOLDS_STRING (value) ? g_value_get_string (value) : NULL;
}

static gboolean
has_string (const GValue * value, const gchar * text)
{
  gint i, n = count_strings (value);

  for (i = 0; i < n; i++)
    if (g_strcmp0 (get_string (value, i), text) == 0)
      return TRUE;
  return n < 0;
}

/* Strings that are no explicit format name nothing that we could ever have, so
 * they are passed over; first_error says what was wrong with the first one. */
static void
add_drm_formats (GstDmabufFormatSetBuilder * builder, const GValue * value,
    GError ** first_error)
{
  gint i, n = count_strings (value);

  for (i = 0; i < n; i++) {
    const gchar *text = get_string (value, i);
    GError **error = first_error && !*first_error ? first_error : NULL;
    GstDmabufFormat format;

    if (!text) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
          "entry %d of a list of DRM formats is no string", i);
    } else if (gst_dmabuf_format_parse (text, &format, error)) {
      if (!gst_dmabuf_format_is_implicit (&format))
        gst_dmabuf_format_set_builder_add (builder, &format);
      else
        g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
            "\"%s\" is an implicit layout, which caps cannot say", text);
    }
  }
}

static void
append_string (GValue * list, const gchar * interned)
{
  GValue item = G_VALUE_INIT;

  g_value_init (&item, G_TYPE_STRING);
  g_value_set_interned_string (&item, interned);
  gst_value_list_append_and_take_value (list, &item);
}

/* A list of one string is that string, as in the text of caps. */
static void
unwrap_single (GValue * list)
{
  GValue single = G_VALUE_INIT;

  if (gst_value_list_get_size (list) != 1)
    return;
  g_value_init (&single, G_TYPE_STRING);
  g_value_copy (gst_value_list_get_value (list, 0), &single);
  g_value_unset (list);
  *list = single;
}

/* Neither implicit layouts nor fourccs of strange characters, which a peer's
 * table may hold, can be said. */
static gboolean
has_spelling (const GstDmabufFormat * format, const gchar * text)
{
  GstDmabufFormat again;

  return !gst_dmabuf_format_is_implicit (format)
      && gst_dmabuf_format_parse (text, &again, NULL)
      && gst_dmabuf_format_equal (format, &again);
}

static GValue *
make_drm_format_value (const GstDmabufFormatSet * set)
{
  GValue *value = g_new0 (GValue, 1);
  guint i;

  gst_value_list_init (value, set->n_formats);
  for (i = 0; i < set->n_formats; i++) {
    gchar *text = gst_dmabuf_format_to_string (&set->formats[i]);

    if (has_spelling (&set->formats[i], text))
      append_string (value, g_intern_string (text));
    g_free (text);
  }
  unwrap_single (value);
  return value;
}

/* Borrowed from the set, and constant. */
static const GValue *
get_drm_format_value (const GstDmabufFormatSet * set)
{
  /* Filling the cache does not change what the set is. */
  gpointer *cache = &((GstDmabufFormatSet *) set)->drm_format_value;
  GValue *value = g_atomic_pointer_get (cache);

  if (value)
    return value;
  value = make_drm_format_value (set);
  if (!g_atomic_pointer_compare_and_exchange (cache, NULL, value)) {
    /* Another thread was faster. */
    g_value_unset (value);
    g_free (value);
    value = g_atomic_pointer_get (cache);
  }
  return value;
}

void
gst_dmabuf_format_set_to_value (const GstDmabufFormatSet * set, GValue * value)
{
  const GValue *cached;

  g_return_if_fail (set != NULL && value != NULL);

  cached = get_drm_format_value (set);
  g_value_init (value, G_VALUE_TYPE (cached));
  g_value_copy (cached, value);
}

GstDmabufFormatSet *
gst_dmabuf_format_set_from_value (const GValue * value, GError ** error)
{
  GstDmabufFormatSetBuilder *builder;
  GstDmabufFormatSet *set;
  GError *first_error = NULL;

  g_return_val_if_fail (value != NULL, NULL);

  if (!GST_VALUE_HOLDS_LIST (value) && !G_VALUE_HOLDS_STRING (value)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "DRM formats should be a string or a list of strings, not a %s",
        G_VALUE_TYPE_NAME (value));
    return NULL;
  }

  builder = gst_dmabuf_format_set_builder_new ();
  add_drm_formats (builder, value, &first_error);
  set = gst_dmabuf_format_set_builder_end (builder);
  if (first_error) {
    g_propagate_error (error, first_error);
    g_clear_pointer (&set, gst_dmabuf_format_set_unref);
  }
  return set;
}

/* Which dialects a structure can be read in: what its memory allows, as far as
 * its field "format" names something of it. */
static GstDmabufDialect
get_dialects (const GstStructure * structure, const GstCapsFeatures * features)
{
  const GValue *format =
      gst_structure_get_value (structure, GST_DMABUF_CAPS_FORMAT);
  GstDmabufDialect dialects = GST_DMABUF_DIALECT_NONE;

  if (!gst_structure_has_name (structure, GST_DMABUF_CAPS_NAME))
    return GST_DMABUF_DIALECT_NONE;

  switch (gst_dmabuf_caps_get_memory (features)) {
    case GST_DMABUF_CAPS_MEMORY_DMABUF:
      dialects = GST_DMABUF_DIALECT_EXPLICIT | GST_DMABUF_DIALECT_LEGACY;
      break;
    case GST_DMABUF_CAPS_MEMORY_SYSTEM:
      dialects = GST_DMABUF_DIALECT_SYSTEM;
      break;
    case GST_DMABUF_CAPS_MEMORY_ANY:
      dialects = GST_DMABUF_DIALECT_ALL;
      break;
    case GST_DMABUF_CAPS_MEMORY_OTHER:
      break;
  }
  if (!has_string (format, GST_DMABUF_COMPAT_DMA_DRM))
    dialects &= ~GST_DMABUF_DIALECT_EXPLICIT;
  return dialects;
}

/* What the field "format" calls a format; NULL if it has no name there. */
static const gchar *
get_format_name (const GstDmabufFormat * format, GstDmabufDialect dialect)
{
  GstVideoFormat video_format =
      gst_dmabuf_caps_get_video_format (format, dialect);

  return video_format == GST_VIDEO_FORMAT_UNKNOWN ? NULL
      : gst_video_format_to_string (video_format);
}

static void
add_named_formats (GstDmabufFormatSetBuilder * builder, const GValue * value,
    GstDmabufDialect dialect)
{
  gint i, n = count_strings (value);

  for (i = 0; i < n; i++) {
    const gchar *name = get_string (value, i);
    GstDmabufFormat format;

    if (!name || !gst_dmabuf_format_from_video_format
        (gst_video_format_from_string (name), &format))
      continue;
    if (dialect == GST_DMABUF_DIALECT_LEGACY)
      format.modifier = GST_DMABUF_MOD_INVALID;
    gst_dmabuf_format_set_builder_add (builder, &format);
  }
}

GstDmabufFormatSet *
gst_dmabuf_format_set_from_caps (const GstCaps * caps,
    GstDmabufDialect dialects)
{
  GstDmabufFormatSetBuilder *builder;
  guint i;

  g_return_val_if_fail (caps != NULL, NULL);

  builder = gst_dmabuf_format_set_builder_new ();
  for (i = 0; i < gst_caps_get_size (caps); i++) {
    const GstStructure *structure = gst_caps_get_structure (caps, i);
    const GValue *format =
        gst_structure_get_value (structure, GST_DMABUF_CAPS_FORMAT);
    GstDmabufDialect found = dialects & get_dialects (structure,
        gst_caps_get_features (caps, i));

    if (found & GST_DMABUF_DIALECT_EXPLICIT)
      add_drm_formats (builder, gst_structure_get_value (structure,
              GST_DMABUF_CAPS_DRM_FORMAT), NULL);
    if (found & GST_DMABUF_DIALECT_LEGACY)
      add_named_formats (builder, format, GST_DMABUF_DIALECT_LEGACY);
    if (found & GST_DMABUF_DIALECT_SYSTEM)
      add_named_formats (builder, format, GST_DMABUF_DIALECT_SYSTEM);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

/* Names of the members of set, each once, if allowed has them. */
static void
make_names_value (const GstDmabufFormatSet * set, GstDmabufDialect dialect,
    const GValue * allowed, GValue * value)
{
  GHashTable *seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint i;

  gst_value_list_init (value, 0);
  for (i = 0; i < set->n_formats; i++) {
    const gchar *name = get_format_name (&set->formats[i], dialect);

    if (name && g_hash_table_add (seen, (gpointer) name)
        && has_string (allowed, name))
      append_string (value, g_intern_string (name));
  }
  g_hash_table_unref (seen);
  unwrap_single (value);
}

static GstCapsFeatures *
make_features (const GstCapsFeatures * features, GstDmabufDialect dialect)
{
  if (features && !gst_caps_features_is_any (features))
    return gst_caps_features_copy (features);
  return gst_caps_features_new (dialect == GST_DMABUF_DIALECT_SYSTEM ?
      GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY : GST_CAPS_FEATURE_MEMORY_DMABUF,
      NULL);
}

/* Appends the structure with these formats; nothing if there are none. */
static void
append_with_formats (GstCaps * caps, const GstStructure * structure,
    const GstCapsFeatures * features, GstDmabufDialect dialect,
    const GValue * formats)
{
  GstStructure *copy;

  if (count_strings (formats) == 0)
    return;

  copy = gst_structure_copy (structure);
  if (dialect == GST_DMABUF_DIALECT_EXPLICIT) {
    gst_structure_set (copy, GST_DMABUF_CAPS_FORMAT, G_TYPE_STRING,
        GST_DMABUF_COMPAT_DMA_DRM, NULL);
    gst_structure_set_value (copy, GST_DMABUF_CAPS_DRM_FORMAT, formats);
  } else {
    gst_structure_set_value (copy, GST_DMABUF_CAPS_FORMAT, formats);
    gst_structure_remove_field (copy, GST_DMABUF_CAPS_DRM_FORMAT);
  }
  gst_caps_append_structure_full (caps, copy,
      make_features (features, dialect));
}

static void
append_explicit (GstCaps * caps, const GstStructure * structure,
    const GstCapsFeatures * features, const GstDmabufFormatSet * set)
{
  const GValue *allowed =
      gst_structure_get_value (structure, GST_DMABUF_CAPS_DRM_FORMAT);
  GstDmabufFormatSetBuilder *builder;
  GstDmabufFormatSet *others, *common;

  if (!allowed) {
    append_with_formats (caps, structure, features,
        GST_DMABUF_DIALECT_EXPLICIT, get_drm_format_value (set));
    return;
  }
  builder = gst_dmabuf_format_set_builder_new ();
  add_drm_formats (builder, allowed, NULL);
  others = gst_dmabuf_format_set_builder_end (builder);
  common = gst_dmabuf_format_set_intersect (set, others);
  append_with_formats (caps, structure, features, GST_DMABUF_DIALECT_EXPLICIT,
      get_drm_format_value (common));
  gst_dmabuf_format_set_unref (common);
  gst_dmabuf_format_set_unref (others);
}

static void
append_named (GstCaps * caps, const GstStructure * structure,
    const GstCapsFeatures * features, const GstDmabufFormatSet * set,
    GstDmabufDialect dialect)
{
  GValue names = G_VALUE_INIT;

  make_names_value (set, dialect,
      gst_structure_get_value (structure, GST_DMABUF_CAPS_FORMAT), &names);
  append_with_formats (caps, structure, features, dialect, &names);
  g_value_unset (&names);
}

static void
append_dialects (GstCaps * caps, const GstStructure * structure,
    const GstCapsFeatures * features, const GstDmabufFormatSet * set,
    GstDmabufDialect dialects)
{
  if (dialects & GST_DMABUF_DIALECT_EXPLICIT)
    append_explicit (caps, structure, features, set);
  if (dialects & GST_DMABUF_DIALECT_LEGACY)
    append_named (caps, structure, features, set, GST_DMABUF_DIALECT_LEGACY);
  if (dialects & GST_DMABUF_DIALECT_SYSTEM)
    append_named (caps, structure, features, set, GST_DMABUF_DIALECT_SYSTEM);
}

GstCaps *
gst_dmabuf_caps_from_set (const GstDmabufFormatSet * set,
    GstDmabufDialect dialects)
{
  GstCaps *caps;
  GstStructure *any;

  g_return_val_if_fail (set != NULL, NULL);

  caps = gst_caps_new_empty ();
  any = gst_structure_new (GST_DMABUF_CAPS_NAME,
      "width", GST_TYPE_INT_RANGE, 1, G_MAXINT,
      "height", GST_TYPE_INT_RANGE, 1, G_MAXINT,
      "framerate", GST_TYPE_FRACTION_RANGE, 0, 1, G_MAXINT, 1, NULL);
  append_dialects (caps, any, NULL, set, dialects);
  gst_structure_free (any);
  return caps;
}

GstCaps *
gst_dmabuf_caps_filter_set (const GstCaps * caps,
    const GstDmabufFormatSet * set)
{
  GstCaps *result;
  guint i;

  g_return_val_if_fail (caps != NULL && set != NULL, NULL);

  if (gst_caps_is_any (caps))
    return gst_dmabuf_caps_from_set (set, GST_DMABUF_DIALECT_ALL);

  result = gst_caps_new_empty ();
  for (i = 0; i < gst_caps_get_size (caps); i++) {
    const GstStructure *structure = gst_caps_get_structure (caps, i);
    const GstCapsFeatures *features = gst_caps_get_features (caps, i);

    append_dialects (result, structure, features, set,
        get_dialects (structure, features));
  }
  return result;
}

static gboolean
structure_takes (const GstStructure * structure, const GstDmabufFormat * format,
    GstDmabufDialect dialect)
{
  const GValue *value;
  const gchar *name;
  gint i, n;

  if (dialect != GST_DMABUF_DIALECT_EXPLICIT) {
    name = get_format_name (format, dialect);
    return name && has_string (gst_structure_get_value (structure,
            GST_DMABUF_CAPS_FORMAT), name);
  }

  value = gst_structure_get_value (structure, GST_DMABUF_CAPS_DRM_FORMAT);
  n = count_strings (value);
  for (i = 0; i < n; i++) {
    const gchar *text = get_string (value, i);
    GstDmabufFormat other;

    if (text && gst_dmabuf_format_parse (text, &other, NULL)
        && gst_dmabuf_format_equal (&other, format))
      return TRUE;
  }
  return n < 0 && !gst_dmabuf_format_is_implicit (format);
}

gboolean
gst_dmabuf_caps_fixate_format (GstCaps * caps, const GstDmabufFormat * format,
    GstDmabufDialect dialect)
{
  GstDmabufFormatSet *set;
  GstCaps *fixated;
  guint i, n;

  g_return_val_if_fail (caps != NULL && gst_caps_is_writable (caps), FALSE);
  g_return_val_if_fail (format != NULL, FALSE);
  g_return_val_if_fail (dialect == GST_DMABUF_DIALECT_EXPLICIT
      || dialect == GST_DMABUF_DIALECT_LEGACY
      || dialect == GST_DMABUF_DIALECT_SYSTEM, FALSE);

  n = gst_caps_get_size (caps);
  for (i = 0; i < n; i++)
    if ((get_dialects (gst_caps_get_structure (caps, i),
                gst_caps_get_features (caps, i)) & dialect)
        && structure_takes (gst_caps_get_structure (caps, i), format, dialect))
      break;
  if (i == n)
    return FALSE;

  fixated = gst_caps_new_empty ();
  set = gst_dmabuf_format_set_new_single (format);
  append_dialects (fixated, gst_caps_get_structure (caps, i),
      gst_caps_get_features (caps, i), set, dialect);
  gst_dmabuf_format_set_unref (set);
  if (gst_caps_is_empty (fixated)) {
    gst_caps_unref (fixated);
    return FALSE;
  }

  while (n-- > 0)
    gst_caps_remove_structure (caps, n);
  gst_caps_append (caps, fixated);
  return TRUE;
}
