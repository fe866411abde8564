/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Generated text, tables, layouts and constraints: each is refused or taken as a
 * slow and simple reading of the same rules says, and nothing is read that is
 * not there (input has memory of exactly its size, for AddressSanitizer).
 */
#include <gst/dmabuf/gstdmabufformatset.h>
#include <gst/dmabuf/gstdmabuflayout.h>
#include <drm_mode.h>
#include "dmabuftest.h"
#include "hostile.h"

static void
check_error (const GError * error)
{
  fail_unless (error != NULL && error->domain == GST_DMABUF_ERROR);
  fail_unless (error->message[0] != '\0');
  fail_unless (g_utf8_validate (error->message, -1, NULL));
  fail_unless (strlen (error->message) < 1000);
}

GST_START_TEST (test_text)
{
  GRand *rand = g_rand_new_with_seed (1000 + __i__);
  guint n, good = 0;

  for (n = 0; n < 5000; n++) {
    gchar *text = hostile_text (rand), *printed;
    GstDmabufFormat format, again;
    GError *error = NULL;

    if (gst_dmabuf_format_parse (text, &format, &error)) {
      good++;
      printed = gst_dmabuf_format_to_string (&format);
      fail_unless (gst_dmabuf_format_parse (printed, &again, NULL));
      fail_unless (gst_dmabuf_format_equal (&format, &again), "%s", text);
      g_free (printed);
    } else {
      check_error (error);
      g_clear_error (&error);
    }
    g_free (text);
  }
  fail_unless (good > 100 && good < n / 2, "%u of %u", good, n);
  g_rand_free (rand);
}

GST_END_TEST;

/* IN_FORMATS */

/* Whether format index is named by an entry of the list of modifiers. */
static gboolean
blob_names (const guint8 * blob, guint index, guint64 modifier)
{
  struct drm_format_modifier_blob header;
  guint i;

  memcpy (&header, blob, sizeof (header));
  for (i = 0; i < header.count_modifiers; i++) {
    struct drm_format_modifier entry;

    memcpy (&entry, blob + header.modifiers_offset + i * sizeof (entry),
        sizeof (entry));
    if (entry.modifier == modifier && index >= entry.offset
        && index - entry.offset < 64
        && entry.formats >> (index - entry.offset) & 1)
      return TRUE;
  }
  return FALSE;
}

/* Each member is a pair of the blob. */
static void
check_members (const GstDmabufFormatSet * set, const guint8 * blob)
{
  struct drm_format_modifier_blob header;
  guint i, j;

  memcpy (&header, blob, sizeof (header));
  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++) {
    const GstDmabufFormat *format = gst_dmabuf_format_set_get_nth (set, i);
    gboolean found = FALSE;

    for (j = 0; j < header.count_formats && !found; j++) {
      guint32 fourcc;

      memcpy (&fourcc, blob + header.formats_offset + j * sizeof (fourcc),
          sizeof (fourcc));
      found = fourcc == format->fourcc
          && blob_names (blob, j, format->modifier);
    }
    fail_unless (found);
  }
}

/* Numbers that may be right: offsets near the lists, counts near their ends. */
static void
fill_blob (GRand * rand, guint8 * blob, gsize size)
{
  struct drm_format_modifier_blob header = {.version = FORMAT_BLOB_CURRENT };
  gsize i;

  for (i = 0; i < size; i++)
    blob[i] = g_rand_int_range (rand, 0, 8) ? g_rand_int_range (rand, 0, 4) :
        g_rand_int (rand);
  header.formats_offset = sizeof (header);
  header.count_formats = g_rand_int_range (rand, 0, 12);
  header.modifiers_offset = sizeof (header) + 4 * header.count_formats;
  header.count_modifiers = g_rand_int_range (rand, 0, 6);
  if (g_rand_int_range (rand, 0, 3) == 0) {
    guint32 *fields = (guint32 *) & header;

    fields[g_rand_int_range (rand, 2, 6)] = (guint32) hostile_number (rand);
  }
  if (size > 0)
    memcpy (blob, &header, MIN (size, sizeof (header)));
}

GST_START_TEST (test_in_formats)
{
  GRand *rand = g_rand_new_with_seed (2000 + __i__);
  guint n, good = 0;

  for (n = 0; n < 5000; n++) {
    gsize size = g_rand_int_range (rand, 0, 200);
    guint8 *blob = g_malloc (size);
    GError *error = NULL;
    GstDmabufFormatSet *set;

    fill_blob (rand, blob, size);
    set = gst_dmabuf_format_set_from_in_formats (blob, size, &error);
    if (set) {
      good++;
      check_members (set, blob);
      gst_dmabuf_format_set_unref (set);
    } else {
      check_error (error);
      g_clear_error (&error);
    }
    g_free (blob);
  }
  fail_unless (good > 100 && good < n, "%u of %u", good, n);
  g_rand_free (rand);
}

GST_END_TEST;

/* linux-dmabuf's table */

typedef struct
{
  guint32 fourcc, padding;
  guint64 modifier;
} Entry;

/* What must come out: the pairs in their order, each once; NULL if the tranche
 * names what is not there. */
static GArray *
model_feedback (const Entry * table, gsize size, const guint16 * indices,
    gsize n)
{
  GArray *formats = g_array_new (FALSE, FALSE, sizeof (GstDmabufFormat));
  gsize i, j;

  for (i = 0; i < n; i++) {
    GstDmabufFormat format;

    if (size % sizeof (*table) != 0 || indices[i] >= size / sizeof (*table)
        || table[indices[i]].fourcc == 0) {
      g_array_unref (formats);
      return NULL;
    }
    format.fourcc = table[indices[i]].fourcc;
    format.modifier = table[indices[i]].modifier;
    for (j = 0; j < formats->len; j++)
      if (gst_dmabuf_format_equal (&format, &g_array_index (formats,
                  GstDmabufFormat, j)))
        break;
    if (j == formats->len)
      g_array_append_val (formats, format);
  }
  return formats;
}

static void
compare_feedback (const GstDmabufFormatSet * set, const GArray * model)
{
  guint i;

  fail_unless_equals_int (gst_dmabuf_format_set_get_n_formats (set),
      model->len);
  for (i = 0; i < model->len; i++)
    fail_unless (gst_dmabuf_format_equal (gst_dmabuf_format_set_get_nth (set,
                i), &g_array_index (model, GstDmabufFormat, i)));
}

GST_START_TEST (test_feedback)
{
  GRand *rand = g_rand_new_with_seed (3000 + __i__);
  guint n, i, good = 0;

  for (n = 0; n < 3000; n++) {
    gsize n_entries = g_rand_int_range (rand, 0, 9);
    gsize size = n_entries * sizeof (Entry)
        + (g_rand_int_range (rand, 0, 8) ? 0 : g_rand_int_range (rand, 1, 16));
    Entry *table = g_malloc (size);
    guint16 indices[6];
    GstDmabufFeedbackTranche tranche =
        { indices, g_rand_int_range (rand, 1, 7), 0, 0 };
    GError *error = NULL;
    GstDmabufFormatSet *set;
    GArray *model;

    for (i = 0; i < size; i++)
      ((guint8 *) table)[i] = g_rand_int_range (rand, 0, 16) ? 0 : 1;
    for (i = 0; i < n_entries; i++)
      table[i].fourcc = g_rand_int_range (rand, 0, 30);
    for (i = 0; i < G_N_ELEMENTS (indices); i++)
      indices[i] = g_rand_int_range (rand, 0, 30) ? g_rand_int_range (rand, 0,
          n_entries + 1) : (guint16) hostile_number (rand);
    if (n_entries && g_rand_int_range (rand, 0, 3))
      for (i = 0; i < G_N_ELEMENTS (indices); i++)
        indices[i] %= n_entries;

    model = model_feedback (table, size, indices, tranche.n_indices);
    set = gst_dmabuf_format_set_from_feedback (table, size, &tranche, 1,
        &error);
    fail_unless ((set != NULL) == (model != NULL));
    if (set) {
      good++;
      compare_feedback (set, model);
      gst_dmabuf_format_set_unref (set);
      g_array_unref (model);
    } else {
      check_error (error);
      g_clear_error (&error);
    }
    g_free (table);
  }
  fail_unless (good > 300 && good < n, "%u of %u", good, n);
  g_rand_free (rand);
}

GST_END_TEST;

/* Layouts */

static const GstDmabufFormatInfo *
random_info (GRand * rand)
{
  return gst_dmabuf_format_info_nth (g_rand_int_range (rand, 0,
          gst_dmabuf_format_info_n ()));
}

/* Every byte of every row, with numbers that cannot overflow. */
static gboolean
model_plane_fits (const GstDmabufLayout * layout,
    const GstDmabufFormatInfo * info, guint i)
{
  const GstDmabufPlane *plane = &layout->planes[i];
  guint w = i ? info->w_sub : 0, h = i ? info->h_sub : 0;
  unsigned __int128 columns = ((unsigned __int128) layout->width
      + (1u << w) - 1) >> w;
  unsigned __int128 rows = ((unsigned __int128) layout->height
      + (1u << h) - 1) >> h;
  unsigned __int128 row = (columns + info->block_width[i] - 1)
      / info->block_width[i] * info->block_bytes[i];

  return plane->offset <= G_MAXUINT32 && plane->stride >= row
      && plane->offset + (rows - 1) * plane->stride + row
      <= layout->object_sizes[plane->object];
}

static gboolean
model_check (const GstDmabufLayout * layout, const GstDmabufFormatInfo * info)
{
  guint i;

  if (layout->width == 0 || layout->height == 0
      || layout->n_planes != info->n_planes || layout->n_objects == 0
      || layout->n_objects > GST_DMABUF_MAX_PLANES)
    return FALSE;
  for (i = 0; i < layout->n_planes; i++)
    if (layout->planes[i].object >= layout->n_objects)
      return FALSE;
  for (i = 0; i < layout->n_planes; i++)
    if (!model_plane_fits (layout, info, i))
      return FALSE;
  return TRUE;
}

/* A sound layout with one to three numbers changed. */
static gboolean
random_layout (GRand * rand, const GstDmabufFormatInfo * info,
    GstDmabufLayout * layout)
{
  GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (info->fourcc,
      GST_DMABUF_MOD_LINEAR);
  gint n = g_rand_int_range (rand, 0, 3);

  if (!gst_dmabuf_layout_compute (layout, &format, 1 + g_rand_int_range (rand,
              0, 100), 1 + g_rand_int_range (rand, 0, 100), NULL, NULL))
    return FALSE;
  while (n-- > 0) {
    guint64 number = hostile_number (rand);
    GstDmabufPlane *plane = &layout->planes[g_rand_int_range (rand, 0, 4)];

    switch (g_rand_int_range (rand, 0, 8)) {
      case 0:
        layout->width = (guint) number;
        break;
      case 1:
        layout->height = (guint) number;
        break;
      case 2:
        layout->n_planes = number % 6;
        break;
      case 3:
        layout->n_objects = number % 6;
        break;
      case 4:
        layout->object_sizes[number % 4] = hostile_number (rand);
        break;
      case 5:
        plane->object = number % 5;
        break;
      case 6:
        plane->offset = number;
        break;
      default:
        plane->stride = (guint) number;
        break;
    }
  }
  return TRUE;
}

/* A part of a frame that fits, fits. */
static void
check_part (GRand * rand, const GstDmabufLayout * layout)
{
  GstDmabufLayout part = *layout;
  GstVideoRectangle r = { (gint) hostile_number (rand) & 63,
    (gint) hostile_number (rand) & 63, (gint) hostile_number (rand),
    (gint) hostile_number (rand)
  };
  GError *error = NULL;

  if (g_rand_boolean (rand)) {
    r.w &= 63;
    r.h &= 63;
  }
  if (gst_dmabuf_layout_crop (&part, &r, &error)) {
    gboolean ok = gst_dmabuf_layout_check (&part, &error);

    /* Only offsets beyond 4 GiB can become wrong. */
    fail_unless (ok || g_error_matches (error, GST_DMABUF_ERROR,
            GST_DMABUF_ERROR_UNSUPPORTED), "%s", error ? error->message : "");
  } else {
    check_error (error);
    fail_unless (gst_dmabuf_layout_equal (&part, layout));
  }
  g_clear_error (&error);
}

GST_START_TEST (test_layout_check)
{
  GRand *rand = g_rand_new_with_seed (4000 + __i__);
  guint n, good = 0, bad = 0;

  for (n = 0; n < 12000; n++) {
    const GstDmabufFormatInfo *info = random_info (rand);
    GstDmabufLayout layout;
    GError *error = NULL;
    gboolean ok;

    if (!random_layout (rand, info, &layout))
      continue;
    ok = gst_dmabuf_layout_check (&layout, &error);
    fail_unless (ok == model_check (&layout, info), "%s: %s",
        gst_dmabuf_layout_to_string (&layout), ok ? "passed" : error->message);
    fail_unless (gst_dmabuf_layout_equal (&layout, &layout));
    gst_dmabuf_layout_hash (&layout);
    if (ok) {
      good++;
      check_part (rand, &layout);
    } else {
      bad++;
      check_error (error);
      g_clear_error (&error);
    }
  }
  fail_unless (good > 1000 && bad > 1000, "%u, %u", good, bad);
  g_rand_free (rand);
}

GST_END_TEST;

/* Whatever else a modifier means, planes lie in their objects. */
GST_START_TEST (test_opaque_layout_check)
{
  GRand *rand = g_rand_new_with_seed (5000);
  guint n, i, good = 0;

  for (n = 0; n < 12000; n++) {
    const GstDmabufFormatInfo *info = random_info (rand);
    GstDmabufLayout layout;

    if (!random_layout (rand, info, &layout))
      continue;
    layout.format.modifier = hostile_number (rand) | 1;
    for (i = 0; i < GST_DMABUF_MAX_PLANES; i++)
      layout.planes[i].size = g_rand_boolean (rand) ? 0 : hostile_number (rand);
    if (!gst_dmabuf_layout_check (&layout, NULL))
      continue;
    good++;
    for (i = 0; i < layout.n_planes; i++) {
      const GstDmabufPlane *plane = &layout.planes[i];
      unsigned __int128 end = plane->offset;

      fail_unless (plane->object < layout.n_objects);
      fail_unless (plane->offset < layout.object_sizes[plane->object]);
      fail_unless (end + plane->size <= layout.object_sizes[plane->object]);
    }
    gst_dmabuf_layout_update_sizes (&layout);
  }
  fail_unless (good > 300, "%u", good);
  g_rand_free (rand);
}

GST_END_TEST;

static void
random_constraints (GRand * rand, GstDmabufConstraints * constraints)
{
  guint shift = g_rand_int_range (rand, 0, 33);

  *constraints = (GstDmabufConstraints) {
  .stride_align = (guint) (hostile_number (rand) >> shift),.offset_align =
        (guint) (hostile_number (rand) >> shift),.size_align =
        (guint) (hostile_number (rand) >> shift),.height_align =
        (guint) (hostile_number (rand) >> shift)};
}

/* What can be computed is sound and as was asked for. */
GST_START_TEST (test_layout_compute)
{
  GRand *rand = g_rand_new_with_seed (6000 + __i__);
  guint n, i, good = 0;

  for (n = 0; n < 6000; n++) {
    const GstDmabufFormatInfo *info = random_info (rand);
    GstDmabufFormat format = GST_DMABUF_FORMAT_INIT (info->fourcc, 0);
    GstDmabufConstraints wanted;
    GstDmabufLayout layout = {.width = 77 };
    GError *error = NULL;

    random_constraints (rand, &wanted);
    if (!gst_dmabuf_layout_compute (&layout, &format,
            (guint) hostile_number (rand), (guint) hostile_number (rand),
            &wanted, &error)) {
      check_error (error);
      g_clear_error (&error);
      fail_unless_equals_int (layout.width, 77);
      continue;
    }
    good++;
    fail_unless (model_check (&layout, info));
    fail_unless (layout.object_sizes[0] % MAX (wanted.size_align, 1) == 0);
    for (i = 0; i < layout.n_planes; i++) {
      fail_unless (layout.planes[i].stride % MAX (wanted.stride_align, 1) == 0);
      fail_unless (layout.planes[i].offset % MAX (wanted.offset_align, 1) == 0);
    }
  }
  fail_unless (good > 100 && good < n, "%u of %u", good, n);
  g_rand_free (rand);
}

GST_END_TEST;

/* A structure from anywhere: unsigned numbers of both widths, and other types. */
GST_START_TEST (test_constraints)
{
  static const gchar *const fields[] = {
    "stride-align", "offset-align", "size-align", "height-align",
    "max-objects", "flags", "max-address", "device", "other",
  };
  GRand *rand = g_rand_new_with_seed (7000);
  guint n, i, good = 0;

  for (n = 0; n < 1500; n++) {
    GstStructure *structure = gst_structure_new_empty ("GstDmabufConstraints");
    GstDmabufConstraints a, b;
    GError *error = NULL;

    for (i = 0; i < G_N_ELEMENTS (fields); i++) {
      guint64 number = hostile_number (rand);

      if (g_rand_int_range (rand, 0, 3) == 0)
        gst_structure_set (structure, fields[i], G_TYPE_UINT64, number, NULL);
      else if (g_rand_int_range (rand, 0, 3) == 0)
        gst_structure_set (structure, fields[i], G_TYPE_UINT,
            (guint) number & 4095, NULL);
      else if (g_rand_int_range (rand, 0, 40) == 0)
        gst_structure_set (structure, fields[i], G_TYPE_INT, (gint) number,
            NULL);
    }
    if (gst_dmabuf_constraints_from_structure (&a, structure, &error)) {
      good++;
      gst_structure_free (structure);
      structure = gst_dmabuf_constraints_to_structure (&a);
      fail_unless (gst_dmabuf_constraints_from_structure (&b, structure, NULL));
      fail_unless (gst_dmabuf_constraints_equal (&a, &b));
      fail_unless (gst_dmabuf_constraints_combine (&a, &b, &b, NULL));
      fail_unless (gst_dmabuf_constraints_equal (&a, &b));
    } else {
      check_error (error);
      g_clear_error (&error);
    }
    gst_structure_free (structure);
  }
  fail_unless (good > 30 && good < n, "%u of %u", good, n);
  g_rand_free (rand);
}

GST_END_TEST;

static Suite *
hostiledata_suite (void)
{
  Suite *s = suite_create ("hostiledata");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_text, 0, 2);
  tcase_add_loop_test (tc, test_in_formats, 0, 2);
  tcase_add_loop_test (tc, test_feedback, 0, 2);
  tcase_add_loop_test (tc, test_layout_check, 0, 2);
  tcase_add_test (tc, test_opaque_layout_check);
  tcase_add_loop_test (tc, test_layout_compute, 0, 2);
  tcase_add_test (tc, test_constraints);
  return s;
}

DMABUF_TEST_MAIN (hostiledata_suite)
