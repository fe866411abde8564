/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Words for caps and for what keeps two of them apart. It runs when a
 * negotiation has failed, so it may take its time.
 */
#include "gstdmabufcapsexplain.h"

#include <string.h>

#include "gstdmabufformatinfo.h"

#define MAX_CAPS_TEXT 500
#define MAX_SHOWN_SIZES 3

/* Elements between a source and the one that refuses; a longer chain is not
 * worth the wait. */
#define MAX_STEPS 32

static const struct
{
  GstDmabufDialect dialect;
  const gchar *words;
} dialects[] = {
  {GST_DMABUF_DIALECT_EXPLICIT, "dma-bufs with a modifier"},
  {GST_DMABUF_DIALECT_LEGACY, "dma-bufs without a modifier"},
  {GST_DMABUF_DIALECT_SYSTEM, "any memory"},
};

/* Words for one side */

static void
append_formats (GString * words, const GstCaps * caps, guint i)
{
  GstDmabufFormatSet *set =
      gst_dmabuf_format_set_from_caps (caps, dialects[i].dialect);
  gchar *text;

  if (!gst_dmabuf_format_set_is_empty (set)) {
    text = gst_dmabuf_format_set_to_string (set);
    g_string_append_printf (words, "%s%s: %s", words->len ? "; " : "",
        dialects[i].words, text);
    g_free (text);
  }
  gst_dmabuf_format_set_unref (set);
}

static gboolean
is_unlimited (const GValue * value)
{
  return GST_VALUE_HOLDS_INT_RANGE (value)
      && gst_value_get_int_range_min (value) <= 1
      && gst_value_get_int_range_max (value) == G_MAXINT;
}

/* "640 x 480"; NULL if a structure has no size, or any. */
static gchar *
describe_size (const GstStructure * structure)
{
  const GValue *width = gst_structure_get_value (structure, "width");
  const GValue *height = gst_structure_get_value (structure, "height");
  gchar *w, *h, *text = NULL;

  if (!width || !height || (is_unlimited (width) && is_unlimited (height)))
    return NULL;
  w = gst_value_serialize (width);
  h = gst_value_serialize (height);
  if (w && h)
    text = g_strdup_printf ("%.100s x %.100s", w, h);
  g_free (w);
  g_free (h);
  return text;
}

/* Each size once: structures tend to have the same. */
static void
append_sizes (GString * words, const GstCaps * caps)
{
  GPtrArray *sizes = g_ptr_array_new_with_free_func (g_free);
  guint i;

  for (i = 0; i < gst_caps_get_size (caps); i++) {
    gchar *size = describe_size (gst_caps_get_structure (caps, i));

    if (size && !g_ptr_array_find_with_equal_func (sizes, size, g_str_equal,
            NULL))
      g_ptr_array_add (sizes, size);
    else
      g_free (size);
  }
  for (i = 0; i < MIN (sizes->len, MAX_SHOWN_SIZES); i++)
    g_string_append_printf (words, "%s%s", i ? " or " : ", ",
        (const gchar *) g_ptr_array_index (sizes, i));
  if (sizes->len > 0)
    g_string_append_printf (words, " pixels%s",
        sizes->len > MAX_SHOWN_SIZES ? " or other sizes" : "");
  g_ptr_array_unref (sizes);
}

gchar *
gst_dmabuf_caps_describe (const GstCaps * caps)
{
  GString *words;
  gchar *text;
  guint i;

  g_return_val_if_fail (GST_IS_CAPS (caps), NULL);

  if (gst_caps_is_empty (caps))
    return g_strdup ("nothing");
  if (gst_caps_is_any (caps))
    return g_strdup ("anything");

  words = g_string_new (NULL);
  for (i = 0; i < G_N_ELEMENTS (dialects); i++)
    append_formats (words, caps, i);
  if (words->len > 0) {
    append_sizes (words, caps);
    return g_string_free (words, FALSE);
  }

  text = gst_caps_to_string (caps);
  g_string_append_printf (words, "%.*s%s", MAX_CAPS_TEXT, text,
      strlen (text) > MAX_CAPS_TEXT ? "..." : "");
  g_free (text);
  return g_string_free (words, FALSE);
}

/* What keeps two apart */

/* A fourcc that is on both sides, and one that would be if alpha did not
 * matter. */
typedef struct
{
  guint32 same;
  guint32 produced_twin, consumed_twin;
} NearMiss;

static GHashTable *
collect_fourccs (const GstDmabufFormatSet * set)
{
  GHashTable *fourccs = g_hash_table_new (NULL, NULL);
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++)
    g_hash_table_add (fourccs, GUINT_TO_POINTER
        (gst_dmabuf_format_set_get_nth (set, i)->fourcc));
  return fourccs;
}

/* The fourcc of the same pixels with, or without, alpha; 0 if there is none. */
static guint32
get_twin (guint32 fourcc)
{
  const GstDmabufFormatInfo *info = gst_dmabuf_format_info_get (fourcc);

  if (!info)
    return 0;
  return info->has_alpha ? info->opaque_fourcc : info->alpha_fourcc;
}

/* One pass over each side: a peer's list may be long. */
static void
find_near_miss (const GstDmabufFormatSet * produced,
    const GstDmabufFormatSet * consumed, NearMiss * miss)
{
  GHashTable *fourccs = collect_fourccs (consumed);
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (produced); i++) {
    guint32 a = gst_dmabuf_format_set_get_nth (produced, i)->fourcc;
    guint32 twin = get_twin (a);

    if (!miss->same && g_hash_table_contains (fourccs, GUINT_TO_POINTER (a)))
      miss->same = a;
    if (!miss->produced_twin && twin != 0
        && g_hash_table_contains (fourccs, GUINT_TO_POINTER (twin))) {
      miss->produced_twin = a;
      miss->consumed_twin = twin;
    }
  }
  g_hash_table_unref (fourccs);
}

/* NULL if the formats of this dialect have something in common. */
static gchar *
explain_formats (const GstDmabufFormatSet * produced,
    const GstDmabufFormatSet * consumed, const gchar * dialect)
{
  GstDmabufFormatSet *both =
      gst_dmabuf_format_set_intersect (produced, consumed);
  gboolean agree = !gst_dmabuf_format_set_is_empty (both);
  NearMiss miss = { 0, 0, 0 };
  gchar *a, *b, *text;

  gst_dmabuf_format_set_unref (both);
  if (agree)
    return NULL;

  find_near_miss (produced, consumed, &miss);
  if (miss.same) {
    a = g_strchomp (gst_dmabuf_fourcc_to_string (miss.same));
    text = g_strdup_printf ("Both sides have %s as %s, but in other layouts "
        "(modifiers)", a, dialect);
    g_free (a);
    return text;
  }
  if (miss.produced_twin) {
    a = gst_dmabuf_fourcc_to_string (miss.produced_twin);
    b = gst_dmabuf_fourcc_to_string (miss.consumed_twin);
    text = g_strdup_printf ("No format in common as %s; nearest are %s "
        "upstream and %s downstream, which differ in alpha only", dialect, a,
        b);
    g_free (a);
    g_free (b);
    return text;
  }
  return g_strdup_printf ("No format in common as %s", dialect);
}

static gboolean
intersects_without (const GstStructure * a, const GstStructure * b,
    const gchar * field)
{
  GstStructure *less_a = gst_structure_copy (a);
  GstStructure *less_b = gst_structure_copy (b);
  gboolean ok;

  gst_structure_remove_field (less_a, field);
  gst_structure_remove_field (less_b, field);
  ok = gst_structure_can_intersect (less_a, less_b);
  gst_structure_free (less_a);
  gst_structure_free (less_b);
  return ok;
}

/* The field that alone keeps two structures apart, or NULL. */
static gchar *
explain_structures (const GstStructure * a, const GstStructure * b)
{
  gint i;

  for (i = 0; i < gst_structure_n_fields (a); i++) {
    const gchar *field = gst_structure_nth_field_name (a, i);
    const GValue *ours = gst_structure_get_value (a, field);
    const GValue *theirs = gst_structure_get_value (b, field);
    gchar *p, *c, *text;

    /* Formats are the sets' business: another dialect is no other format. */
    if (!theirs || strcmp (field, "format") == 0
        || strcmp (field, "drm-format") == 0
        || gst_value_intersect (NULL, ours, theirs)
        || !intersects_without (a, b, field))
      continue;
    p = gst_value_serialize (ours);
    c = gst_value_serialize (theirs);
    text = g_strdup_printf ("Formats agree, but not %s: upstream sends "
        "%.200s, downstream takes %.200s", field, p ? p : "something else",
        c ? c : "something else");
    g_free (p);
    g_free (c);
    return text;
  }
  return NULL;
}

static gboolean
same_features (const GstCaps * produced, guint i, const GstCaps * consumed,
    guint j)
{
  const GstCapsFeatures *a = gst_caps_get_features (produced, i);
  const GstCapsFeatures *b = gst_caps_get_features (consumed, j);

  return gst_caps_features_is_any (a) || gst_caps_features_is_any (b)
      || gst_caps_features_is_equal (a, b);
}

static gchar *
explain_fields (const GstCaps * produced, const GstCaps * consumed)
{
  guint i, j;

  for (i = 0; i < gst_caps_get_size (produced); i++) {
    for (j = 0; j < gst_caps_get_size (consumed); j++) {
      gchar *text;

      if (!same_features (produced, i, consumed, j))
        continue;
      text = explain_structures (gst_caps_get_structure (produced, i),
          gst_caps_get_structure (consumed, j));
      if (text)
        return text;
    }
  }
  return NULL;
}

static gboolean
names_formats (const GstCaps * caps)
{
  GstDmabufFormatSet *set =
      gst_dmabuf_format_set_from_caps (caps, GST_DMABUF_DIALECT_ALL);
  gboolean names = !gst_dmabuf_format_set_is_empty (set);

  gst_dmabuf_format_set_unref (set);
  return names;
}

/* What is left to say when no format and no single field is to blame. */
static gchar *
explain_rest (const GstCaps * produced, const GstCaps * consumed,
    gboolean formats_agree)
{
  /* Formats of dialects that do not meet are frames in different memory. */
  gboolean other_dialects = !formats_agree && names_formats (produced)
      && names_formats (consumed);
  gboolean same_name = FALSE;
  guint i, j;

  for (i = 0; i < gst_caps_get_size (produced); i++) {
    const gchar *name =
        gst_structure_get_name (gst_caps_get_structure (produced, i));

    for (j = 0; j < gst_caps_get_size (consumed); j++) {
      if (!gst_structure_has_name (gst_caps_get_structure (consumed, j), name))
        continue;
      same_name = TRUE;
      if (!other_dialects && same_features (produced, i, consumed, j))
        return g_strdup (formats_agree ?
            "Formats agree, but several other fields do not" :
            "Several fields of the two sides exclude each other");
    }
  }
  if (same_name)
    return g_strdup ("The two sides speak of different memory");
  return g_strdup_printf ("Upstream sends %s, downstream takes %s",
      gst_structure_get_name (gst_caps_get_structure (produced, 0)),
      gst_structure_get_name (gst_caps_get_structure (consumed, 0)));
}

static gchar *
explain_reason (const GstCaps * produced, const GstCaps * consumed)
{
  gchar *first = NULL, *field;
  gboolean shared = FALSE, agree = FALSE;
  guint i;

  if (gst_caps_is_empty (consumed))
    return g_strdup ("Downstream takes nothing at all");
  if (gst_caps_is_empty (produced))
    return g_strdup ("Upstream offers nothing at all");

  for (i = 0; i < G_N_ELEMENTS (dialects); i++) {
    GstDmabufFormatSet *a =
        gst_dmabuf_format_set_from_caps (produced, dialects[i].dialect);
    GstDmabufFormatSet *b =
        gst_dmabuf_format_set_from_caps (consumed, dialects[i].dialect);

    if (!gst_dmabuf_format_set_is_empty (a)
        && !gst_dmabuf_format_set_is_empty (b)) {
      gchar *text = explain_formats (a, b, dialects[i].words);

      shared = TRUE;
      agree |= text == NULL;
      if (first == NULL)
        first = text;
      else
        g_free (text);
    }
    gst_dmabuf_format_set_unref (a);
    gst_dmabuf_format_set_unref (b);
  }

  if (shared && !agree)
    return first;
  g_free (first);
  field = explain_fields (produced, consumed);
  return field ? field : explain_rest (produced, consumed, shared);
}

gchar *
gst_dmabuf_caps_explain_mismatch (const GstCaps * produced,
    const GstCaps * consumed)
{
  gchar *reason, *ours, *theirs, *text;

  g_return_val_if_fail (GST_IS_CAPS (produced), NULL);
  g_return_val_if_fail (GST_IS_CAPS (consumed), NULL);

  if (gst_caps_can_intersect (produced, consumed))
    return g_strdup ("The two sides have caps in common");

  reason = explain_reason (produced, consumed);
  ours = gst_dmabuf_caps_describe (produced);
  theirs = gst_dmabuf_caps_describe (consumed);
  text = g_strdup_printf ("%s. Upstream offers %s. Downstream takes %s.",
      reason, ours, theirs);
  g_free (reason);
  g_free (ours);
  g_free (theirs);
  return text;
}

/* Looking further downstream */

/* The source pad of an element with one of them, or NULL. */
static GstPad *
get_only_source_pad (GstElement * element)
{
  GstPad *pad = NULL;

  GST_OBJECT_LOCK (element);
  if (element->numsrcpads == 1 && element->numsinkpads == 1)
    pad = gst_object_ref (element->srcpads->data);
  GST_OBJECT_UNLOCK (element);
  return pad;
}

GstCaps *
gst_dmabuf_pad_query_first_caps (GstPad * pad, gchar ** element_name)
{
  GstPad *source;
  GstCaps *caps = NULL;
  guint step;

  g_return_val_if_fail (GST_IS_PAD (pad), NULL);

  source = gst_object_ref (pad);
  for (step = 0; source && !caps && step < MAX_STEPS; step++) {
    GstPad *sink = gst_pad_get_peer (source);
    GstElement *element = sink ? gst_pad_get_parent_element (sink) : NULL;

    g_clear_object (&source);
    if (sink)
      caps = gst_pad_query_caps (sink, NULL);
    if (caps && gst_caps_is_empty (caps))
      gst_clear_caps (&caps);
    if (caps && element_name)
      *element_name = element ? gst_object_get_name (GST_OBJECT (element))
          : g_strdup ("downstream");
    if (!caps && element)
      source = get_only_source_pad (element);
    g_clear_object (&element);
    g_clear_object (&sink);
  }
  g_clear_object (&source);
  return caps;
}
