/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The order of costs as code.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabufconvertpath.h"

#include <gst/dmabuf/gstdmabuftile.h>

static const gchar *const names[] = {
  [DMABUF_CONVERT_PASS] = "pass",
  [DMABUF_CONVERT_RELABEL] = "relabel",
  [DMABUF_CONVERT_ADOPT] = "adopt",
  [DMABUF_CONVERT_DETILE] = "detile",
  [DMABUF_CONVERT_UNPACK] = "unpack",
  [DMABUF_CONVERT_TILE] = "tile",
  [DMABUF_CONVERT_PACK] = "pack",
  [DMABUF_CONVERT_NONE] = "none",
};

const gchar *
dmabuf_convert_path_get_name (DmabufConvertPath path)
{
  return names[path];
}

GstDmabufFormat
dmabuf_convert_get_layout (const GstDmabufFormat * format,
    const DmabufConvertRules * rules)
{
  GstDmabufFormat layout = *format;

  if (rules->legacy_linear && gst_dmabuf_format_is_implicit (format))
    layout.modifier = GST_DMABUF_MOD_LINEAR;
  return layout;
}

/* The fourcc with the same bytes and alpha the other way, or 0. */
static guint32
get_twin (guint32 fourcc)
{
  const GstDmabufFormatInfo *info = gst_dmabuf_format_info_get (fourcc);

  if (!info)
    return 0;
  return info->opaque_fourcc ? info->opaque_fourcc : info->alpha_fourcc;
}

static gboolean
is_same_bytes (const GstDmabufFormat * a, const GstDmabufFormat * b,
    const DmabufConvertRules * rules)
{
  if (a->modifier != b->modifier)
    return FALSE;
  return a->fourcc == b->fourcc
      || (rules->ignore_alpha && get_twin (a->fourcc) == b->fourcc);
}

/* Whether rows is what the CPU makes of tiles. Alpha is the same to it: it moves
 * whole pixels. */
static gboolean
is_linear_of (const GstDmabufFormat * rows, const GstDmabufFormat * tiles,
    const DmabufConvertRules * rules, gboolean * packed)
{
  GstDmabufFormat linear = { 0, GST_DMABUF_MOD_LINEAR };
  GstDmabufTileInfo info;

  if (!gst_dmabuf_tile_info_get (tiles, &info, NULL)
      || info.needs_column_height)
    return FALSE;
  linear.fourcc = info.linear_fourcc;
  *packed = info.linear_fourcc != tiles->fourcc;
  return is_same_bytes (&linear, rows, rules);
}

/* The path of two layouts that differ in more than their words. */
static DmabufConvertPath
find_cpu_path (const GstDmabufFormat * from, const GstDmabufFormat * to,
    const DmabufConvertRules * rules)
{
  gboolean packed;

  if (rules->zero_copy)
    return DMABUF_CONVERT_NONE;
  if (is_linear_of (to, from, rules, &packed))
    return packed ? DMABUF_CONVERT_UNPACK : DMABUF_CONVERT_DETILE;
  if (is_linear_of (from, to, rules, &packed))
    return packed ? DMABUF_CONVERT_PACK : DMABUF_CONVERT_TILE;
  return DMABUF_CONVERT_NONE;
}

DmabufConvertPath
dmabuf_convert_path_find (const DmabufConvertEnd * from,
    const DmabufConvertEnd * to, const DmabufConvertRules * rules)
{
  GstDmabufFormat source, target;

  if (from->dialect == to->dialect
      && gst_dmabuf_format_equal (&from->format, &to->format))
    return DMABUF_CONVERT_PASS;

  source = dmabuf_convert_get_layout (&from->format, rules);
  target = dmabuf_convert_get_layout (&to->format, rules);
  if (is_same_bytes (&source, &target, rules)) {
    return from->dialect == GST_DMABUF_DIALECT_SYSTEM
        && to->dialect != GST_DMABUF_DIALECT_SYSTEM
        ? DMABUF_CONVERT_ADOPT : DMABUF_CONVERT_RELABEL;
  }
  if (gst_dmabuf_format_is_implicit (&source)
      || gst_dmabuf_format_is_implicit (&target))
    return DMABUF_CONVERT_NONE;
  return find_cpu_path (&source, &target, rules);
}

/* Which formats lead where */

GstDmabufFormatSet *
dmabuf_convert_get_twins (const GstDmabufFormatSet * set,
    const DmabufConvertRules * rules)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  guint i, n = gst_dmabuf_format_set_get_n_formats (set);

  for (i = 0; i < n; i++)
    gst_dmabuf_format_set_builder_add (builder,
        gst_dmabuf_format_set_get_nth (set, i));
  for (i = 0; rules->ignore_alpha && i < n; i++) {
    GstDmabufFormat twin = *gst_dmabuf_format_set_get_nth (set, i);

    twin.fourcc = get_twin (twin.fourcc);
    if (twin.fourcc != 0)
      gst_dmabuf_format_set_builder_add (builder, &twin);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}

static void
add_tiles (GstDmabufFormatSetBuilder * builder, guint32 linear_fourcc)
{
  GstDmabufFormatSet *set = gst_dmabuf_tile_get_formats (linear_fourcc);
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++)
    gst_dmabuf_format_set_builder_add (builder,
        gst_dmabuf_format_set_get_nth (set, i));
  gst_dmabuf_format_set_unref (set);
}

static void
add_partners (GstDmabufFormatSetBuilder * builder,
    const GstDmabufFormat * format, const DmabufConvertRules * rules)
{
  GstDmabufFormat linear = { 0, GST_DMABUF_MOD_LINEAR };
  guint32 twin = rules->ignore_alpha ? get_twin (format->fourcc) : 0;
  GstDmabufTileInfo info;

  if (gst_dmabuf_tile_info_get (format, &info, NULL)
      && !info.needs_column_height) {
    linear.fourcc = info.linear_fourcc;
    gst_dmabuf_format_set_builder_add (builder, &linear);
    linear.fourcc = twin && info.linear_fourcc == format->fourcc ? twin : 0;
    if (linear.fourcc)
      gst_dmabuf_format_set_builder_add (builder, &linear);
  }
  if (!gst_dmabuf_format_is_linear (format))
    return;
  add_tiles (builder, format->fourcc);
  if (twin)
    add_tiles (builder, twin);
}

/* Whether the CPU leads from any format of set to this one, or back. */
static gboolean
is_partner (const GstDmabufFormat * format, const GstDmabufFormatSet * set,
    const DmabufConvertRules * rules)
{
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++) {
    const GstDmabufFormat *other = gst_dmabuf_format_set_get_nth (set, i);

    if (find_cpu_path (format, other, rules) != DMABUF_CONVERT_NONE)
      return TRUE;
  }
  return FALSE;
}

GstDmabufFormatSet *
dmabuf_convert_get_cpu_partners (const GstDmabufFormatSet * set,
    const GstDmabufFormatSet * hint, const DmabufConvertRules * rules)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  guint i;

  if (rules->zero_copy)
    return gst_dmabuf_format_set_builder_end (builder);
  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++)
    add_partners (builder, gst_dmabuf_format_set_get_nth (set, i), rules);
  for (i = 0; hint && i < gst_dmabuf_format_set_get_n_formats (hint); i++) {
    const GstDmabufFormat *asked = gst_dmabuf_format_set_get_nth (hint, i);

    if (is_partner (asked, set, rules))
      gst_dmabuf_format_set_builder_add (builder, asked);
  }
  return gst_dmabuf_format_set_builder_end (builder);
}
