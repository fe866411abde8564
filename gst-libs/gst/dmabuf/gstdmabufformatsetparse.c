/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Sets from binary tables of the kernel and of a compositor, which are hostile
 * input: every count, offset, bit and index is checked against what is there
 * before it is used. libdrm's iterator over IN_FORMATS trusts the blob, so it
 * is not used.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufformatset.h"

#include <drm_mode.h>
#include <string.h>

/* One entry of zwp_linux_dmabuf_feedback_v1.format_table. */
typedef struct
{
  guint32 fourcc;
  guint32 padding;
  guint64 modifier;
} FeedbackEntry;

G_STATIC_ASSERT (sizeof (FeedbackEntry) == 16);

/* A list inside the blob, as the header describes it. */
typedef struct
{
  const gchar *name;
  guint64 offset, size;         /* bytes; 64 bits, so that sums cannot wrap */
} BlobPart;

static gboolean
check_part (const BlobPart * part, gsize blob_size, GError ** error)
{
  if (part->offset >= sizeof (struct drm_format_modifier_blob)
      && part->offset + part->size <= blob_size)
    return TRUE;

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "IN_FORMATS: the list of %s takes bytes %" G_GUINT64_FORMAT " to %"
      G_GUINT64_FORMAT " of a blob of %" G_GSIZE_FORMAT " bytes with a header "
      "of %" G_GSIZE_FORMAT, part->name, part->offset,
      part->offset + part->size, blob_size,
      sizeof (struct drm_format_modifier_blob));
  return FALSE;
}

static gboolean
check_header (const struct drm_format_modifier_blob *header, gsize blob_size,
    GError ** error)
{
  BlobPart formats = { "formats", header->formats_offset,
    (guint64) header->count_formats * sizeof (guint32)
  };
  BlobPart modifiers = { "modifiers", header->modifiers_offset,
    (guint64) header->count_modifiers * sizeof (struct drm_format_modifier)
  };

  if (!check_part (&formats, blob_size, error)
      || !check_part (&modifiers, blob_size, error))
    return FALSE;

  if (formats.size > 0 && modifiers.size > 0
      && formats.offset < modifiers.offset + modifiers.size
      && modifiers.offset < formats.offset + formats.size) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "IN_FORMATS: the lists of %u formats at %u and of %u modifiers at %u "
        "overlap", header->count_formats, header->formats_offset,
        header->count_modifiers, header->modifiers_offset);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_modifier (const struct drm_format_modifier *modifier, guint index,
    guint count_formats, GError ** error)
{
  guint64 highest;

  if (modifier->formats == 0)
    return TRUE;

  highest = (guint64) modifier->offset + 63
      - (guint) __builtin_clzll (modifier->formats);
  if (highest < count_formats)
    return TRUE;

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "IN_FORMATS: modifier %u names format %" G_GUINT64_FORMAT " of %u",
      index, highest, count_formats);
  return FALSE;
}

/* The lists, copied out of a blob that need not be aligned. */
typedef struct
{
  guint32 *formats;
  guint n_formats;
  struct drm_format_modifier *modifiers;
  guint n_modifiers;
} InFormats;

static void
in_formats_clear (InFormats * in)
{
  g_clear_pointer (&in->formats, g_free);
  g_clear_pointer (&in->modifiers, g_free);
}

/* memcpy() that may be asked for 0 bytes of a list that is not there. */
static gpointer
copy_list (const guint8 * start, gsize n, gsize element_size)
{
  gpointer list = g_malloc_n (n, element_size);

  if (n > 0)
    memcpy (list, start, n * element_size);
  return list;
}

static gboolean
in_formats_read (InFormats * in, const guint8 * blob, gsize size,
    GError ** error)
{
  struct drm_format_modifier_blob header;
  guint i;

  if (size < sizeof (header)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "IN_FORMATS: blob of %" G_GSIZE_FORMAT " bytes, its header takes %"
        G_GSIZE_FORMAT, size, sizeof (header));
    return FALSE;
  }
  memcpy (&header, blob, sizeof (header));
  if (header.version != FORMAT_BLOB_CURRENT) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "IN_FORMATS: version %u, only version %u is known", header.version,
        FORMAT_BLOB_CURRENT);
    return FALSE;
  }
  if (!check_header (&header, size, error))
    return FALSE;

  in->n_formats = header.count_formats;
  in->formats = copy_list (blob + header.formats_offset, in->n_formats,
      sizeof (*in->formats));
  in->n_modifiers = header.count_modifiers;
  in->modifiers = copy_list (blob + header.modifiers_offset, in->n_modifiers,
      sizeof (*in->modifiers));

  for (i = 0; i < in->n_formats; i++) {
    if (in->formats[i] == 0) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
          "IN_FORMATS: format %u of %u is 0", i, in->n_formats);
      return FALSE;
    }
  }
  for (i = 0; i < in->n_modifiers; i++)
    if (!check_modifier (&in->modifiers[i], i, in->n_formats, error))
      return FALSE;
  return TRUE;
}

/* For each format the modifiers that name it, in their order: those of format i
 * are modifiers[first[i]] to modifiers[first[i + 1] - 1]. */
typedef struct
{
  gsize *first;
  guint *modifiers;
} Pairs;

/* Two passes over the set bits, so that a long blob takes no longer than its
 * pairs are many. */
static void
collect_pairs (const InFormats * in, Pairs * pairs)
{
  gsize *next = g_new0 (gsize, (gsize) in->n_formats + 2);
  guint64 bits;
  guint i;

  for (i = 0; i < in->n_modifiers; i++)
    for (bits = in->modifiers[i].formats; bits != 0; bits &= bits - 1)
      next[in->modifiers[i].offset + __builtin_ctzll (bits) + 2]++;
  for (i = 2; i < in->n_formats + 2; i++)
    next[i] += next[i - 1];

  pairs->modifiers = g_new (guint, next[in->n_formats + 1]);
  /* Filling moves each start to the place of the following one. */
  for (i = 0; i < in->n_modifiers; i++)
    for (bits = in->modifiers[i].formats; bits != 0; bits &= bits - 1)
      pairs->modifiers[next[in->modifiers[i].offset
              + __builtin_ctzll (bits) + 1]++] = i;
  pairs->first = next;
}

GstDmabufFormatSet *
gst_dmabuf_format_set_from_in_formats (gconstpointer blob, gsize size,
    GError ** error)
{
  GstDmabufFormatSetBuilder *builder;
  InFormats in = { NULL, };
  Pairs pairs;
  gsize j;
  guint i;

  g_return_val_if_fail (blob != NULL || size == 0, NULL);

  if (!in_formats_read (&in, blob, size, error)) {
    in_formats_clear (&in);
    return NULL;
  }

  collect_pairs (&in, &pairs);
  builder = gst_dmabuf_format_set_builder_new ();
  gst_dmabuf_format_set_builder_begin_tranche (builder,
      GST_DMABUF_TRANCHE_SCANOUT, 0);
  for (i = 0; i < in.n_formats; i++) {
    for (j = pairs.first[i]; j < pairs.first[i + 1]; j++) {
      GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (in.formats[i],
          in.modifiers[pairs.modifiers[j]].modifier);

      gst_dmabuf_format_set_builder_add (builder, &format);
    }
  }
  g_free (pairs.first);
  g_free (pairs.modifiers);
  in_formats_clear (&in);
  return gst_dmabuf_format_set_builder_end (builder);
}

static gboolean
add_tranche (GstDmabufFormatSetBuilder * builder, const guint8 * table,
    gsize n_entries, const GstDmabufFeedbackTranche * tranche, GError ** error)
{
  gsize i;

  gst_dmabuf_format_set_builder_begin_tranche (builder, tranche->flags,
      tranche->device);
  for (i = 0; i < tranche->n_indices; i++) {
    guint index = tranche->indices[i];
    GstDmabufFormat format;
    FeedbackEntry entry;

    if (index >= n_entries) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
          "dma-buf feedback: index %u into a format table of %" G_GSIZE_FORMAT
          " entries", index, n_entries);
      return FALSE;
    }
    memcpy (&entry, table + index * sizeof (entry), sizeof (entry));
    if (entry.fourcc == 0) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
          "dma-buf feedback: entry %u of the format table has fourcc 0", index);
      return FALSE;
    }
    format.fourcc = entry.fourcc;
    format.modifier = entry.modifier;
    gst_dmabuf_format_set_builder_add (builder, &format);
  }
  return TRUE;
}

GstDmabufFormatSet *
gst_dmabuf_format_set_from_feedback (gconstpointer table, gsize size,
    const GstDmabufFeedbackTranche * tranches, guint n_tranches,
    GError ** error)
{
  GstDmabufFormatSetBuilder *builder;
  GstDmabufFormatSet *set;
  gboolean ok = TRUE;
  guint i;

  g_return_val_if_fail (table != NULL || size == 0, NULL);
  g_return_val_if_fail (tranches != NULL || n_tranches == 0, NULL);

  if (size % sizeof (FeedbackEntry) != 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "dma-buf feedback: format table of %" G_GSIZE_FORMAT " bytes, which is "
        "no multiple of %" G_GSIZE_FORMAT, size, sizeof (FeedbackEntry));
    return NULL;
  }

  builder = gst_dmabuf_format_set_builder_new ();
  for (i = 0; i < n_tranches && ok; i++)
    ok = add_tranche (builder, table, size / sizeof (FeedbackEntry),
        &tranches[i], error);
  set = gst_dmabuf_format_set_builder_end (builder);
  if (!ok)
    g_clear_pointer (&set, gst_dmabuf_format_set_unref);
  return set;
}
