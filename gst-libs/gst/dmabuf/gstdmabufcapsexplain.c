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

static void
append_size (GString * words, const GstCaps * caps)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  const GValue *width = gst_structure_get_value (s, "width");
  const GValue *height = gst_structure_get_value (s, "height");
  gchar *w, *h;

  if (!width || !height)
    return;
  w = gst_value_serialize (width);
  h = gst_value_serialize (height);
  g_string_append_printf (words, ", %s x %s pixels", w, h);
  g_free (w);
  g_free (h);
}

gchar *
gst_dmabuf_caps_describe (const GstCaps * caps)
{
  GString *words = g_string_new (NULL);
  gchar *text;
  guint i;

  g_return_val_if_fail (GST_IS_CAPS (caps), NULL);

  if (gst_caps_is_empty (caps))
    return g_string_free (g_string_append (words, "nothing"), FALSE);
  if (gst_caps_is_any (caps))
    return g_string_free (g_string_append (words, "anything"), FALSE);

  for (i = 0; i < G_N_ELEMENTS (dialects); i++)
    append_formats (words, caps, i);
  if (words->len > 0) {
    append_size (words, caps);
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

static gboolean
is_twin (guint32 a, guint32 b)
{
  const GstDmabufFormatInfo *info = gst_dmabuf_format_info_get (a);
  const GstDmabufFormatInfo *other = gst_dmabuf_format_info_get (b);

  return (info && info->opaque_fourcc == b)
      || (other && other->opaque_fourcc == a);
}

static void
find_near_miss (const GstDmabufFormatSet * produced,
    const GstDmabufFormatSet * consumed, NearMiss * miss)
{
  guint i, j;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (produced); i++) {
    guint32 a = gst_dmabuf_format_set_get_nth (produced, i)->fourcc;

    for (j = 0; j < gst_dmabuf_format_set_get_n_formats (consumed); j++) {
      guint32 b = gst_dmabuf_format_set_get_nth (consumed, j)->fourcc;

      if (a == b && !miss->same)
        miss->same = a;
      if (!miss->produced_twin && is_twin (a, b)) {
        miss->produced_twin = a;
        miss->consumed_twin = b;
      }
    }
  }
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
    a = gst_dmabuf_fourcc_to_string (miss.same);
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
    if (!theirs || strstr (field, "format")
        || gst_value_intersect (NULL, ours, theirs)
        || !intersects_without (a, b, field))
      continue;
    p = gst_value_serialize (ours);
    c = gst_value_serialize (theirs);
    text = g_strdup_printf ("Formats agree, but not %s: upstream sends "
        "%.200s, downstream takes %.200s", field, p, c);
    g_free (p);
    g_free (c);
    return text;
  }
  return NULL;
}

static gchar *
explain_fields (const GstCaps * produced, const GstCaps * consumed)
{
  guint i, j;

  for (i = 0; i < gst_caps_get_size (produced); i++) {
    for (j = 0; j < gst_caps_get_size (consumed); j++) {
      gchar *text;

      if (!gst_caps_features_is_equal (gst_caps_get_features (produced, i),
              gst_caps_get_features (consumed, j)))
        continue;
      text = explain_structures (gst_caps_get_structure (produced, i),
          gst_caps_get_structure (consumed, j));
      if (text)
        return text;
    }
  }
  return NULL;
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
  if (field)
    return field;
  return g_strdup (shared ? "Formats agree, but several other fields do not" :
      "The two sides speak of different memory");
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
  GstPad *source = gst_object_ref (pad);
  GstCaps *caps = NULL;
  guint step;

  g_return_val_if_fail (GST_IS_PAD (pad), NULL);

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
