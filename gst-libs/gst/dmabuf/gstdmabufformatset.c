/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Sets of formats and their algebra. A set keeps its members twice: by rank,
 * and sorted with the rank beside, so that each operation is one merge of
 * sorted arrays followed by one pass in order of rank.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufformatset.h"
#include "gstdmabufformatsetprivate.h"

#include <stdlib.h>

/* How much gst_dmabuf_format_set_to_string() says before it counts. */
#define MAX_SHOWN_FOURCCS 8
#define MAX_SHOWN_MODIFIERS 4

struct _GstDmabufFormatSetBuilder
{
  GArray *formats;              /* GstDmabufFormat, duplicates included */
  GArray *tranches;             /* GstDmabufTranche, n_formats not yet set */
};

G_DEFINE_BOXED_TYPE (GstDmabufFormatSet, gst_dmabuf_format_set,
    gst_dmabuf_format_set_ref, gst_dmabuf_format_set_unref);

static GstDmabufSortedFormat
make_sorted (const GstDmabufFormat * format, guint rank)
{
  GstDmabufSortedFormat sorted = { format->fourcc, rank, format->modifier };

  return sorted;
}

static gint
compare_sorted (const GstDmabufSortedFormat * a,
    const GstDmabufSortedFormat * b)
{
  if (a->fourcc != b->fourcc)
    return a->fourcc < b->fourcc ? -1 : 1;
  if (a->modifier != b->modifier)
    return a->modifier < b->modifier ? -1 : 1;
  return 0;
}

/* The same with the better rank first among equals, which qsort() may swap. */
static gint
compare_sorted_and_rank (gconstpointer a, gconstpointer b)
{
  const GstDmabufSortedFormat *x = a, *y = b;
  gint result = compare_sorted (x, y);

  if (result != 0)
    return result;
  return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static GstDmabufFormatSet *
set_alloc (guint n_formats, guint n_tranches)
{
  GstDmabufFormatSet *set = g_new0 (GstDmabufFormatSet, 1);

  g_atomic_ref_count_init (&set->refs);
  set->n_formats = n_formats;
  set->formats = g_new (GstDmabufFormat, n_formats);
  set->sorted = g_new (GstDmabufSortedFormat, n_formats);
  set->n_tranches = n_tranches;
  set->tranches = g_new0 (GstDmabufTranche, n_tranches);
  return set;
}

static GstDmabufFormatSet *
set_ref_const (const GstDmabufFormatSet * set)
{
  return gst_dmabuf_format_set_ref ((GstDmabufFormatSet *) set);
}

/* Copies the tranches of a, with the members of which keep is TRUE. */
static void
copy_kept_tranches (GstDmabufFormatSet * result, const GstDmabufFormatSet * a,
    const guint8 * keep)
{
  guint first = 0, i, j;

  result->n_tranches = 0;
  for (i = 0; i < a->n_tranches; i++) {
    GstDmabufTranche tranche = a->tranches[i];
    guint n = 0;

    for (j = 0; j < tranche.n_formats; j++)
      n += keep[tranche.first + j] ? 1 : 0;
    if (n == 0)
      continue;
    tranche.first = first;
    tranche.n_formats = n;
    result->tranches[result->n_tranches++] = tranche;
    first += n;
  }
}

/* The members of a for whose rank keep is TRUE; n_kept is their number. */
static GstDmabufFormatSet *
set_new_kept (const GstDmabufFormatSet * a, const guint8 * keep, guint n_kept)
{
  GstDmabufFormatSet *result = set_alloc (n_kept, a->n_tranches);
  guint *new_rank = g_new (guint, a->n_formats);
  guint rank, i, n = 0;

  for (rank = 0; rank < a->n_formats; rank++) {
    new_rank[rank] = n;
    if (keep[rank])
      result->formats[n++] = a->formats[rank];
  }
  g_assert (n == n_kept);

  for (i = 0, n = 0; i < a->n_formats; i++) {
    if (!keep[a->sorted[i].rank])
      continue;
    result->sorted[n] = a->sorted[i];
    result->sorted[n++].rank = new_rank[a->sorted[i].rank];
  }
  g_free (new_rank);

  copy_kept_tranches (result, a, keep);
  return result;
}

static GstDmabufFormatSet *
set_new_kept_or_ref (const GstDmabufFormatSet * a, const guint8 * keep,
    guint n_kept)
{
  return n_kept == a->n_formats ? set_ref_const (a)
      : set_new_kept (a, keep, n_kept);
}

GstDmabufFormatSetBuilder *
gst_dmabuf_format_set_builder_new (void)
{
  GstDmabufFormatSetBuilder *builder = g_new (GstDmabufFormatSetBuilder, 1);

  builder->formats = g_array_new (FALSE, FALSE, sizeof (GstDmabufFormat));
  builder->tranches = g_array_new (FALSE, FALSE, sizeof (GstDmabufTranche));
  return builder;
}

void
gst_dmabuf_format_set_builder_begin_tranche (GstDmabufFormatSetBuilder *
    builder, GstDmabufTrancheFlags flags, guint64 device)
{
  GstDmabufTranche tranche = {.flags = flags,.device = device };

  g_return_if_fail (builder != NULL);

  tranche.first = builder->formats->len;
  g_array_append_val (builder->tranches, tranche);
}

void
gst_dmabuf_format_set_builder_add (GstDmabufFormatSetBuilder * builder,
    const GstDmabufFormat * format)
{
  g_return_if_fail (builder != NULL);
  g_return_if_fail (format != NULL && format->fourcc != 0);

  if (builder->tranches->len == 0)
    gst_dmabuf_format_set_builder_begin_tranche (builder,
        GST_DMABUF_TRANCHE_NONE, 0);
  g_array_append_val (builder->formats, *format);
}

/* A set as it was collected, in which members may be there more than once. */
static GstDmabufFormatSet *
set_new_collected (const GstDmabufFormatSetBuilder * builder)
{
  guint n = builder->formats->len, n_tranches = builder->tranches->len, i;
  GstDmabufFormatSet *set = set_alloc (n, n_tranches);

  for (i = 0; i < n; i++) {
    set->formats[i] = g_array_index (builder->formats, GstDmabufFormat, i);
    set->sorted[i] = make_sorted (&set->formats[i], i);
  }
  if (n > 1)
    qsort (set->sorted, n, sizeof (*set->sorted), compare_sorted_and_rank);

  for (i = 0; i < n_tranches; i++) {
    GstDmabufTranche *tranche = &set->tranches[i];
    guint end = i + 1 < n_tranches ? g_array_index (builder->tranches,
        GstDmabufTranche, i + 1).first : n;

    *tranche = g_array_index (builder->tranches, GstDmabufTranche, i);
    tranche->n_formats = end - tranche->first;
  }
  return set;
}

GstDmabufFormatSet *
gst_dmabuf_format_set_builder_end (GstDmabufFormatSetBuilder * builder)
{
  GstDmabufFormatSet *collected, *result;
  guint8 *keep;
  guint i, n_kept = 0;

  g_return_val_if_fail (builder != NULL, NULL);

  collected = set_new_collected (builder);
  keep = g_new0 (guint8, collected->n_formats);
  for (i = 0; i < collected->n_formats; i++) {
    const GstDmabufSortedFormat *entry = &collected->sorted[i];

    if (i > 0 && compare_sorted (entry - 1, entry) == 0)
      continue;
    keep[entry->rank] = TRUE;
    n_kept++;
  }
  result = set_new_kept (collected, keep, n_kept);

  g_free (keep);
  gst_dmabuf_format_set_unref (collected);
  g_array_unref (builder->formats);
  g_array_unref (builder->tranches);
  g_free (builder);
  return result;
}

GstDmabufFormatSet *
gst_dmabuf_format_set_new_empty (void)
{
  return set_alloc (0, 0);
}

GstDmabufFormatSet *
gst_dmabuf_format_set_new_single (const GstDmabufFormat * format)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();

  gst_dmabuf_format_set_builder_add (builder, format);
  return gst_dmabuf_format_set_builder_end (builder);
}

GstDmabufFormatSet *
gst_dmabuf_format_set_ref (GstDmabufFormatSet * set)
{
  g_return_val_if_fail (set != NULL, NULL);

  g_atomic_ref_count_inc (&set->refs);
  return set;
}

void
gst_dmabuf_format_set_unref (GstDmabufFormatSet * set)
{
  g_return_if_fail (set != NULL);

  if (!g_atomic_ref_count_dec (&set->refs))
    return;
  if (set->drm_format_value) {
    g_value_unset (set->drm_format_value);
    g_free (set->drm_format_value);
  }
  g_free (set->formats);
  g_free (set->sorted);
  g_free (set->tranches);
  g_free (set);
}

gboolean
gst_dmabuf_format_set_is_empty (const GstDmabufFormatSet * set)
{
  return gst_dmabuf_format_set_get_n_formats (set) == 0;
}

guint
gst_dmabuf_format_set_get_n_formats (const GstDmabufFormatSet * set)
{
  g_return_val_if_fail (set != NULL, 0);

  return set->n_formats;
}

const GstDmabufFormat *
gst_dmabuf_format_set_get_nth (const GstDmabufFormatSet * set, guint index)
{
  g_return_val_if_fail (set != NULL && index < set->n_formats, NULL);

  return &set->formats[index];
}

guint
gst_dmabuf_format_set_get_n_tranches (const GstDmabufFormatSet * set)
{
  g_return_val_if_fail (set != NULL, 0);

  return set->n_tranches;
}

void
gst_dmabuf_format_set_get_tranche (const GstDmabufFormatSet * set, guint index,
    GstDmabufTrancheFlags * flags, guint64 * device, guint * first,
    guint * n_formats)
{
  const GstDmabufTranche *tranche;

  g_return_if_fail (set != NULL && index < set->n_tranches);

  tranche = &set->tranches[index];
  if (flags)
    *flags = tranche->flags;
  if (device)
    *device = tranche->device;
  if (first)
    *first = tranche->first;
  if (n_formats)
    *n_formats = tranche->n_formats;
}

gint
gst_dmabuf_format_set_get_rank (const GstDmabufFormatSet * set,
    const GstDmabufFormat * format)
{
  GstDmabufSortedFormat key;
  guint low = 0, high;

  g_return_val_if_fail (set != NULL && format != NULL, -1);

  key = make_sorted (format, 0);
  high = set->n_formats;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    gint order = compare_sorted (&key, &set->sorted[middle]);

    if (order == 0)
      return (gint) set->sorted[middle].rank;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return -1;
}

gboolean
gst_dmabuf_format_set_contains (const GstDmabufFormatSet * set,
    const GstDmabufFormat * format)
{
  return gst_dmabuf_format_set_get_rank (set, format) >= 0;
}

/* Members of a that are, or are not, in b. */
static GstDmabufFormatSet *
set_new_compared (const GstDmabufFormatSet * a, const GstDmabufFormatSet * b,
    gboolean keep_common)
{
  GstDmabufFormatSet *result;
  guint8 *keep = g_new0 (guint8, a->n_formats);
  guint i, j = 0, n_kept = 0;

  for (i = 0; i < a->n_formats; i++) {
    const GstDmabufSortedFormat *entry = &a->sorted[i];
    gint order = -1;

    while (j < b->n_formats
        && (order = compare_sorted (entry, &b->sorted[j])) > 0)
      j++;
    if (j == b->n_formats)
      order = -1;
    if ((order == 0) == keep_common) {
      keep[entry->rank] = TRUE;
      n_kept++;
    }
  }
  result = set_new_kept_or_ref (a, keep, n_kept);
  g_free (keep);
  return result;
}

GstDmabufFormatSet *
gst_dmabuf_format_set_intersect (const GstDmabufFormatSet * a,
    const GstDmabufFormatSet * b)
{
  g_return_val_if_fail (a != NULL && b != NULL, NULL);

  return set_new_compared (a, b, TRUE);
}

GstDmabufFormatSet *
gst_dmabuf_format_set_subtract (const GstDmabufFormatSet * a,
    const GstDmabufFormatSet * b)
{
  g_return_val_if_fail (a != NULL && b != NULL, NULL);

  return set_new_compared (a, b, FALSE);
}

/* a followed by b, which have no member in common. */
static GstDmabufFormatSet *
set_new_joined (const GstDmabufFormatSet * a, const GstDmabufFormatSet * b)
{
  GstDmabufFormatSet *set = set_alloc (a->n_formats + b->n_formats,
      a->n_tranches + b->n_tranches);
  guint i, j = 0, n = 0;

  for (i = 0; i < a->n_formats; i++)
    set->formats[i] = a->formats[i];
  for (i = 0; i < b->n_formats; i++)
    set->formats[a->n_formats + i] = b->formats[i];

  for (i = 0; i < a->n_formats || j < b->n_formats;) {
    if (j == b->n_formats || (i < a->n_formats
            && compare_sorted (&a->sorted[i], &b->sorted[j]) < 0)) {
      set->sorted[n++] = a->sorted[i++];
    } else {
      set->sorted[n] = b->sorted[j++];
      set->sorted[n++].rank += a->n_formats;
    }
  }

  for (i = 0; i < a->n_tranches; i++)
    set->tranches[i] = a->tranches[i];
  for (i = 0; i < b->n_tranches; i++) {
    set->tranches[a->n_tranches + i] = b->tranches[i];
    set->tranches[a->n_tranches + i].first += a->n_formats;
  }
  return set;
}

GstDmabufFormatSet *
gst_dmabuf_format_set_union (const GstDmabufFormatSet * a,
    const GstDmabufFormatSet * b)
{
  GstDmabufFormatSet *rest, *result;

  g_return_val_if_fail (a != NULL && b != NULL, NULL);

  rest = gst_dmabuf_format_set_subtract (b, a);
  result = rest->n_formats == 0 ? set_ref_const (a) : set_new_joined (a, rest);
  gst_dmabuf_format_set_unref (rest);
  return result;
}

GstDmabufFormatSet *
gst_dmabuf_format_set_filter (const GstDmabufFormatSet * set,
    GstDmabufFormatFunc func, gpointer user_data)
{
  GstDmabufFormatSet *result;
  guint8 *keep;
  guint i, n_kept = 0;

  g_return_val_if_fail (set != NULL && func != NULL, NULL);

  keep = g_new0 (guint8, set->n_formats);
  for (i = 0; i < set->n_formats; i++) {
    keep[i] = func (&set->formats[i], user_data) ? TRUE : FALSE;
    n_kept += keep[i];
  }
  result = set_new_kept_or_ref (set, keep, n_kept);
  g_free (keep);
  return result;
}

gboolean
gst_dmabuf_format_set_same_members (const GstDmabufFormatSet * a,
    const GstDmabufFormatSet * b)
{
  guint i;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a->n_formats != b->n_formats)
    return FALSE;
  for (i = 0; i < a->n_formats; i++)
    if (compare_sorted (&a->sorted[i], &b->sorted[i]) != 0)
      return FALSE;
  return TRUE;
}

gboolean
gst_dmabuf_format_set_equal (const GstDmabufFormatSet * a,
    const GstDmabufFormatSet * b)
{
  guint i;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a == b)
    return TRUE;
  if (a->n_formats != b->n_formats || a->n_tranches != b->n_tranches)
    return FALSE;
  for (i = 0; i < a->n_formats; i++)
    if (!gst_dmabuf_format_equal (&a->formats[i], &b->formats[i]))
      return FALSE;
  for (i = 0; i < a->n_tranches; i++) {
    const GstDmabufTranche *x = &a->tranches[i], *y = &b->tranches[i];

    if (x->flags != y->flags || x->device != y->device
        || x->n_formats != y->n_formats)
      return FALSE;
  }
  return TRUE;
}

/* Appends "NV12, XR24 and 2 more (linear)": the members with this modifier. */
static void
append_modifier (GString * text, const GstDmabufFormatSet * set,
    guint64 modifier)
{
  gchar *words = gst_dmabuf_modifier_describe (modifier);
  guint i, n = 0;

  for (i = 0; i < set->n_formats; i++) {
    gchar *name;

    if (set->formats[i].modifier != modifier || n++ >= MAX_SHOWN_FOURCCS)
      continue;
    name = gst_dmabuf_fourcc_to_string (set->formats[i].fourcc);
    g_string_append_printf (text, "%s%s", text->len ? ", " : "",
        g_strchomp (name));
    g_free (name);
  }
  if (n > MAX_SHOWN_FOURCCS)
    g_string_append_printf (text, " and %u more", n - MAX_SHOWN_FOURCCS);
  g_string_append_printf (text, " (%s)", words);
  g_free (words);
}

gchar *
gst_dmabuf_format_set_to_string (const GstDmabufFormatSet * set)
{
  GHashTable *seen;
  GString *text;
  guint i, n_modifiers;

  g_return_val_if_fail (set != NULL, NULL);

  if (set->n_formats == 0)
    return g_strdup ("nothing");

  text = g_string_new (NULL);
  seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (i = 0; i < set->n_formats; i++) {
    guint64 *modifier = &set->formats[i].modifier;

    if (g_hash_table_add (seen, modifier)
        && g_hash_table_size (seen) <= MAX_SHOWN_MODIFIERS)
      append_modifier (text, set, *modifier);
  }
  n_modifiers = g_hash_table_size (seen);
  if (n_modifiers > MAX_SHOWN_MODIFIERS)
    g_string_append_printf (text, " and formats of %u more modifiers",
        n_modifiers - MAX_SHOWN_MODIFIERS);
  g_hash_table_unref (seen);
  return g_string_free (text, FALSE);
}
