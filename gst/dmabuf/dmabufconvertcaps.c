/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Caps on one side, caps on the other. Structures that differ in nothing but
 * formats are taken together, as a display's explicit, legacy and system caps
 * do, so that each side's formats become one list a dialect.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabufconvertcaps.h"

#include <string.h>

#include <gst/allocators/gstdmabuf.h>

#define N_DIALECTS 3

static const GstDmabufDialect dialects[N_DIALECTS] = {
  GST_DMABUF_DIALECT_EXPLICIT, GST_DMABUF_DIALECT_LEGACY,
  GST_DMABUF_DIALECT_SYSTEM,
};

/* Structures whose other fields are the same. */
typedef struct
{
  GstStructure *rest;           /* without format and drm-format */
  GstCaps *originals;
  GstDmabufFormatSet *sets[N_DIALECTS]; /* what originals name */
  gboolean any_dmabuf;          /* an original takes dma-bufs of any format */
  gboolean any_system;
} Group;

static void
group_free (Group * group)
{
  guint i;

  gst_structure_free (group->rest);
  gst_caps_unref (group->originals);
  for (i = 0; i < N_DIALECTS; i++)
    gst_dmabuf_format_set_unref (group->sets[i]);
  g_free (group);
}

static void
take_union (GstDmabufFormatSet ** set, GstDmabufFormatSet * more)
{
  GstDmabufFormatSet *all = gst_dmabuf_format_set_union (*set, more);

  gst_dmabuf_format_set_unref (*set);
  gst_dmabuf_format_set_unref (more);
  *set = all;
}

static void
take_minus (GstDmabufFormatSet ** set, const GstDmabufFormatSet * less)
{
  GstDmabufFormatSet *rest = gst_dmabuf_format_set_subtract (*set, less);

  gst_dmabuf_format_set_unref (*set);
  *set = rest;
}

/* Every GstVideoFormat that has a fourcc: what system caps without a format
 * mean. */
static GstDmabufFormatSet *
get_system_formats (void)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  GstDmabufFormat format;
  const GstVideoFormat *names;
  guint i, n;

  names = gst_video_formats_raw (&n);
  for (i = 0; i < gst_dmabuf_format_info_n (); i++) {
    const GstDmabufFormatInfo *info = gst_dmabuf_format_info_nth (i);

    format.fourcc = info->fourcc;
    format.modifier = GST_DMABUF_MOD_LINEAR;
    if (info->video_format != GST_VIDEO_FORMAT_UNKNOWN)
      gst_dmabuf_format_set_builder_add (builder, &format);
  }
  /* And GStreamer's tiled ones. */
  for (i = 0; i < n; i++) {
    if (gst_dmabuf_format_from_video_format (names[i], &format)
        && !gst_dmabuf_format_is_linear (&format))
      gst_dmabuf_format_set_builder_add (builder, &format);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

/* NV12_4L4 and its like. In dma-bufs of caps without a modifier they are a tiled
 * layout of which nobody says which: never the linear one. */
static gboolean
is_tiled (const GstVideoFormatInfo * finfo)
{
  return finfo && finfo->n_planes > 0 && GST_VIDEO_FORMAT_INFO_IS_TILED (finfo);
}

static gboolean
is_legacy_tiled (const GstStructure * s, const GstCapsFeatures * features)
{
  const gchar *name = gst_structure_get_string (s, "format");

  return name && gst_caps_features_contains (features,
      GST_CAPS_FEATURE_MEMORY_DMABUF)
      && is_tiled (gst_video_format_get_info (gst_video_format_from_string
          (name)));
}

/* Only whole frames of one view, progressive or interleaved, in memory that we
 * know, are other than opaque to us. What is not passes or is refused. */
static gboolean
can_change (const GstStructure * s, const GstCapsFeatures * features)
{
  const gchar *mode;

  if (gst_caps_features_is_any (features)
      || gst_caps_features_get_size (features) > 1
      || !(gst_caps_features_contains (features, GST_CAPS_FEATURE_MEMORY_DMABUF)
          || gst_caps_features_contains (features,
              GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY)))
    return FALSE;
  if (is_legacy_tiled (s, features))
    return FALSE;
  mode = gst_structure_get_string (s, "interlace-mode");
  if (mode && (!strcmp (mode, "alternate") || !strcmp (mode, "fields")))
    return FALSE;
  mode = gst_structure_get_string (s, "multiview-mode");
  return !mode || strcmp (mode, "separated") != 0;
}

static Group *
find_group (GPtrArray * groups, const GstStructure * s)
{
  GstStructure *rest = gst_structure_copy (s);
  Group *group;
  guint i;

  gst_structure_remove_fields (rest, "format", "drm-format", NULL);
  for (i = 0; i < groups->len; i++) {
    group = g_ptr_array_index (groups, i);
    if (gst_structure_is_equal (group->rest, rest)) {
      gst_structure_free (rest);
      return group;
    }
  }

  group = g_new0 (Group, 1);
  group->rest = rest;
  group->originals = gst_caps_new_empty ();
  for (i = 0; i < N_DIALECTS; i++)
    group->sets[i] = gst_dmabuf_format_set_new_empty ();
  g_ptr_array_add (groups, group);
  return group;
}

static void
read_formats (Group * group, const GstCaps * one)
{
  const GstStructure *s = gst_caps_get_structure (one, 0);
  GstCapsFeatures *features = gst_caps_get_features (one, 0);
  gboolean dmabuf, named = gst_structure_has_field (s, "format")
      && (gst_structure_has_field (s, "drm-format")
      || g_strcmp0 (gst_structure_get_string (s, "format"), "DMA_DRM") != 0);
  guint i;

  dmabuf =
      gst_caps_features_contains (features, GST_CAPS_FEATURE_MEMORY_DMABUF);
  if (!named && dmabuf)
    group->any_dmabuf = TRUE;
  else if (!named)
    group->any_system = TRUE;
  for (i = 0; named && i < N_DIALECTS; i++)
    take_union (&group->sets[i],
        gst_dmabuf_format_set_from_caps (one, dialects[i]));
}

static GPtrArray *
get_groups (const GstCaps * caps)
{
  GPtrArray *groups =
      g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  guint i, n = gst_caps_get_size (caps);

  for (i = 0; i < n; i++) {
    GstCaps *one = gst_caps_copy_nth (caps, i);
    GstStructure *s = gst_caps_get_structure (one, 0);
    Group *group = find_group (groups, s);

    if (can_change (s, gst_caps_get_features (one, 0)))
      read_formats (group, one);
    gst_caps_append (group->originals, one);
  }
  return groups;
}

/* All layouts that the group's frames can have, by any name. */
static GstDmabufFormatSet *
get_layouts (const Group * group, const DmabufConvertRules * rules)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  GstDmabufFormatSet *layouts;
  guint i, j;

  for (i = 0; i < N_DIALECTS; i++) {
    for (j = 0; j < gst_dmabuf_format_set_get_n_formats (group->sets[i]); j++) {
      GstDmabufFormat layout =
          dmabuf_convert_get_layout (gst_dmabuf_format_set_get_nth (group->sets
              [i], j), rules);

      gst_dmabuf_format_set_builder_add (builder, &layout);
    }
  }
  layouts = gst_dmabuf_format_set_builder_end (builder);
  if (group->any_system)
    take_union (&layouts, get_system_formats ());
  return layouts;
}

/* Legacy caps name implicit formats: those that rules call linear. */
static GstDmabufFormatSet *
get_spelled (const GstDmabufFormatSet * layouts, GstDmabufDialect dialect,
    const DmabufConvertRules * rules)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (layouts); i++) {
    GstDmabufFormat format = *gst_dmabuf_format_set_get_nth (layouts, i);

    if (dialect == GST_DMABUF_DIALECT_LEGACY && rules->legacy_linear
        && gst_dmabuf_format_is_linear (&format))
      format.modifier = GST_DMABUF_MOD_INVALID;
    if (gst_dmabuf_format_is_implicit (&format) ==
        (dialect == GST_DMABUF_DIALECT_LEGACY))
      gst_dmabuf_format_set_builder_add (builder, &format);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

/* Appends layouts in every dialect, but for what was said already, and
 * remembers that it has been said. */
static void
append_spelled (GstCaps * result, Group * group,
    const GstDmabufFormatSet * layouts, const DmabufConvertRules * rules)
{
  guint i;

  for (i = 0; i < N_DIALECTS; i++) {
    GstDmabufFormatSet *set = get_spelled (layouts, dialects[i], rules);
    GstCaps *any = gst_caps_new_empty ();

    take_minus (&set, group->sets[i]);
    gst_caps_append_structure_full (any, gst_structure_copy (group->rest),
        dialects[i] == GST_DMABUF_DIALECT_SYSTEM ? NULL :
        gst_caps_features_new (GST_CAPS_FEATURE_MEMORY_DMABUF, NULL));
    gst_caps_append (result, gst_dmabuf_caps_filter_set (any, set));
    gst_caps_unref (any);
    take_union (&group->sets[i], set);
  }
}

/* Dma-bufs of any format can come from, or become, any format that is known:
 * which one, only fixed caps tell. */
static void
append_any (GstCaps * result, const Group * group)
{
  if (!group->any_dmabuf)
    return;
  gst_caps_append_structure_full (result, gst_structure_copy (group->rest),
      gst_caps_features_new (GST_CAPS_FEATURE_MEMORY_DMABUF, NULL));
  if (!group->any_system)
    gst_caps_append_structure_full (result, gst_structure_copy (group->rest),
        NULL);
}

/* Who asks about nothing in particular, as pads do that are being linked, may
 * mean a modifier of no list. */
static void
append_any_modifier (GstCaps * result, const Group * group)
{
  GstStructure *s = gst_structure_copy (group->rest);

  gst_structure_set (s, "format", G_TYPE_STRING, "DMA_DRM", NULL);
  gst_caps_append_structure_full (result, s,
      gst_caps_features_new (GST_CAPS_FEATURE_MEMORY_DMABUF, NULL));
}

GstCaps *
dmabuf_convert_transform_caps (const GstCaps * caps, const GstCaps * hint,
    const DmabufConvertRules * rules)
{
  GPtrArray *groups = get_groups (caps);
  GstDmabufFormatSet *asked = NULL;
  GstCaps *result = gst_caps_new_empty (), *cpu = gst_caps_new_empty ();
  guint i;

  if (hint)
    asked = gst_dmabuf_format_set_from_caps (hint, GST_DMABUF_DIALECT_ALL);
  for (i = 0; i < groups->len; i++) {
    Group *group = g_ptr_array_index (groups, i);
    GstDmabufFormatSet *layouts = get_layouts (group, rules), *more;

    gst_caps_append (result, gst_caps_ref (group->originals));
    more = dmabuf_convert_get_twins (layouts, rules);
    append_spelled (result, group, more, rules);
    gst_dmabuf_format_set_unref (more);
    append_any (result, group);
    more = dmabuf_convert_get_cpu_partners (layouts, asked, rules);
    append_spelled (cpu, group, more, rules);
    if (!hint && !gst_dmabuf_format_set_is_empty (more))
      append_any_modifier (cpu, group);
    gst_dmabuf_format_set_unref (more);
    gst_dmabuf_format_set_unref (layouts);
  }
  gst_caps_append (result, cpu);
  g_clear_pointer (&asked, gst_dmabuf_format_set_unref);
  g_ptr_array_unref (groups);
  return result;
}

/* Choice */

typedef struct
{
  DmabufConvertEnd fixed;
  gboolean is_input;
  const DmabufConvertRules *rules;

  DmabufConvertPath path;
  guint structure;
  DmabufConvertEnd end;
} Search;

static gboolean
get_end (const GstCaps * caps, DmabufConvertEnd * end)
{
  GstDmabufVideoInfo info;

  if (!gst_dmabuf_video_info_from_caps (&info, caps, NULL)
      || (info.dialect == GST_DMABUF_DIALECT_LEGACY
          && is_tiled (info.vinfo.finfo)))
    return FALSE;
  end->dialect = info.dialect;
  end->format = info.format;
  return TRUE;
}

static void
consider (Search * search, guint structure, GstDmabufDialect dialect,
    const GstDmabufFormatSet * set)
{
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++) {
    DmabufConvertEnd end = { dialect, *gst_dmabuf_format_set_get_nth (set, i) };
    DmabufConvertPath path = search->is_input
        ? dmabuf_convert_path_find (&search->fixed, &end, search->rules)
        : dmabuf_convert_path_find (&end, &search->fixed, search->rules);

    if (path < search->path) {
      search->path = path;
      search->structure = structure;
      search->end = end;
    }
  }
}

static void
consider_structure (Search * search, guint structure, GstCaps * one,
    const GstCaps * fixed)
{
  GstDmabufFormatSet *set;
  GstCaps *possible, *named;
  guint i;

  /* A structure that names no format takes what there is for the fixed side. */
  possible = dmabuf_convert_transform_caps (fixed, one, search->rules);
  named = gst_caps_intersect_full (one, possible, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (possible);
  for (i = 0; i < N_DIALECTS; i++) {
    set = gst_dmabuf_format_set_from_caps (named, dialects[i]);
    consider (search, structure, dialects[i], set);
    gst_dmabuf_format_set_unref (set);
  }
  gst_caps_unref (named);
}

GstCaps *
dmabuf_convert_fixate (const GstCaps * fixed, gboolean is_input,
    const GstCaps * candidates, const DmabufConvertRules * rules,
    DmabufConvertPath * path)
{
  Search search = {.is_input = is_input,.rules = rules,.path =
        DMABUF_CONVERT_NONE
  };
  GstCaps *result;
  guint i;

  *path = DMABUF_CONVERT_NONE;
  if (!get_end (fixed, &search.fixed)) {
    /* What we cannot read may pass all the same. */
    if (!gst_caps_is_subset (fixed, candidates))
      return gst_caps_new_empty ();
    *path = DMABUF_CONVERT_PASS;
    return gst_caps_copy (fixed);
  }
  for (i = 0; i < gst_caps_get_size (candidates); i++) {
    GstCaps *one = gst_caps_copy_nth (candidates, i);

    consider_structure (&search, i, one, fixed);
    gst_caps_unref (one);
  }
  if (search.path == DMABUF_CONVERT_NONE)
    return gst_caps_new_empty ();

  result = gst_caps_copy_nth (candidates, search.structure);
  if (!gst_dmabuf_caps_fixate_format (result, &search.end.format,
          search.end.dialect)) {
    gst_caps_unref (result);
    return gst_caps_new_empty ();
  }
  *path = search.path;
  return gst_caps_fixate (result);
}

DmabufConvertPath
dmabuf_convert_caps_get_path (const GstCaps * input, const GstCaps * output,
    const DmabufConvertRules * rules)
{
  DmabufConvertEnd from, to;

  if (gst_caps_is_equal (input, output))
    return DMABUF_CONVERT_PASS;
  if (!get_end (input, &from) || !get_end (output, &to))
    return DMABUF_CONVERT_NONE;
  return dmabuf_convert_path_find (&from, &to, rules);
}
