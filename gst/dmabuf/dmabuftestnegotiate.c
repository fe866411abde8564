/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What the source offers, and which ways are left when downstream has answered.
 * The allocator chooses: a candidate keeps the whole set of formats until an
 * exporter has made a frame out of it.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabuftestnegotiate.h"

#include <gst/dmabuf/gstdmabufcapsexplain.h>
#include <gst/dmabuf/gstdmabuftile.h>

#include "dmabuftestpixels.h"

#define DEFAULT_WIDTH 640
#define DEFAULT_HEIGHT 480
#define DEFAULT_FPS_N 30

/* A frame of this size in 32 bits a pixel is 1 GiB. What is larger is a mistake,
 * or an attack on the machine's memory. */
#define MAX_SIZE 16384

/* Rows are painted, tiles are made of them. */
static gboolean
can_paint (const GstDmabufFormat * format)
{
  const GstVideoColorimetry unknown = { 0 };
  DmabufTestEncoder encoder;
  GstDmabufTileInfo tile;

  if (gst_dmabuf_format_is_linear (format)
      && dmabuf_test_encoder_init (&encoder, format->fourcc, &unknown))
    return TRUE;
  return gst_dmabuf_tile_info_get (format, &tile, NULL)
      && !tile.needs_column_height
      && dmabuf_test_encoder_init (&encoder, tile.linear_fourcc, &unknown);
}

static void
add_paintable (GstDmabufFormatSetBuilder * builder, GstDmabufFormatSet * set)
{
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++) {
    const GstDmabufFormat *format = gst_dmabuf_format_set_get_nth (set, i);

    if (can_paint (format))
      gst_dmabuf_format_set_builder_add (builder, format);
  }
  gst_dmabuf_format_set_unref (set);
}

/* Linear formats, then tiled ones, then those of asked (nullable) whose
 * modifiers are too many to be listed. */
static GstDmabufFormatSet *
get_paintable (gboolean legacy, const GstCaps * asked)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  guint i;

  for (i = 0; i < dmabuf_test_pixels_n (); i++) {
    GstDmabufFormat format = { dmabuf_test_pixels_nth (i),
      GST_DMABUF_MOD_LINEAR
    };

    if (!can_paint (&format))
      continue;
    gst_dmabuf_format_set_builder_add (builder, &format);
    if (legacy) {
      format.modifier = GST_DMABUF_MOD_INVALID;
      gst_dmabuf_format_set_builder_add (builder, &format);
    }
  }
  for (i = 0; i < dmabuf_test_pixels_n (); i++)
    add_paintable (builder,
        gst_dmabuf_tile_get_formats (dmabuf_test_pixels_nth (i)));
  if (asked)
    add_paintable (builder, gst_dmabuf_format_set_from_caps (asked,
            GST_DMABUF_DIALECT_EXPLICIT));

  return gst_dmabuf_format_set_builder_end (builder);
}

GstCaps *
dmabuf_test_offer_new (gboolean legacy, const GstCaps * asked)
{
  GstDmabufFormatSet *set = get_paintable (legacy, asked);
  GstCaps *caps = gst_dmabuf_caps_from_set (set, GST_DMABUF_DIALECT_ALL);

  gst_dmabuf_format_set_unref (set);
  if (!gst_caps_is_empty (caps))
    gst_caps_set_simple (caps, "width", GST_TYPE_INT_RANGE, 1, MAX_SIZE,
        "height", GST_TYPE_INT_RANGE, 1, MAX_SIZE, NULL);

  return caps;
}

GstCaps *
dmabuf_test_any_modifier_new (void)
{
  GstCaps *caps = gst_caps_from_string ("video/x-raw(memory:DMABuf),"
      "format=DMA_DRM");

  gst_caps_set_simple (caps, "width", GST_TYPE_INT_RANGE, 1, MAX_SIZE,
      "height", GST_TYPE_INT_RANGE, 1, MAX_SIZE,
      "framerate", GST_TYPE_FRACTION_RANGE, 0, 1, G_MAXINT, 1, NULL);
  return caps;
}

static void
candidate_free (DmabufTestCandidate * candidate)
{
  gst_caps_unref (candidate->caps);
  gst_dmabuf_format_set_unref (candidate->set);
  g_free (candidate);
}

/* The set with each member as linear: what legacy caps leave unsaid, the user
 * has said. */
static GstDmabufFormatSet *
make_linear (GstDmabufFormatSet * set)
{
  GstDmabufFormatSetBuilder *builder = gst_dmabuf_format_set_builder_new ();
  guint i;

  for (i = 0; i < gst_dmabuf_format_set_get_n_formats (set); i++) {
    GstDmabufFormat format = *gst_dmabuf_format_set_get_nth (set, i);

    format.modifier = GST_DMABUF_MOD_LINEAR;
    gst_dmabuf_format_set_builder_add (builder, &format);
  }
  gst_dmabuf_format_set_unref (set);

  return gst_dmabuf_format_set_builder_end (builder);
}

/* What caps of one structure have of ours, in the order of the original
 * structure where that named formats, else in ours. */
static GstDmabufFormatSet *
get_ordered_set (const GstCaps * filtered, const GstCaps * original,
    GstDmabufDialect dialect)
{
  GstDmabufFormatSet *left, *named, *first, *ordered;

  left = gst_dmabuf_format_set_from_caps (filtered, dialect);
  named = gst_dmabuf_format_set_from_caps (original, dialect);
  first = gst_dmabuf_format_set_intersect (named, left);
  ordered = gst_dmabuf_format_set_union (first, left);
  gst_dmabuf_format_set_unref (left);
  gst_dmabuf_format_set_unref (named);
  gst_dmabuf_format_set_unref (first);

  return ordered;
}

static void
fixate_picture (GstStructure * s)
{
  gst_structure_fixate_field_nearest_int (s, "width", DEFAULT_WIDTH);
  gst_structure_fixate_field_nearest_int (s, "height", DEFAULT_HEIGHT);
  gst_structure_fixate_field_nearest_fraction (s, "framerate", DEFAULT_FPS_N,
      1);
  if (gst_structure_has_field (s, "pixel-aspect-ratio"))
    gst_structure_fixate_field_nearest_fraction (s, "pixel-aspect-ratio", 1, 1);
  else
    gst_structure_set (s, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
}

/* The structure with a picture that can be made, or NULL. */
static GstStructure *
intersect_picture (const GstStructure * s)
{
  GstStructure *possible, *result;

  possible = gst_structure_new ("video/x-raw",
      "width", GST_TYPE_INT_RANGE, 1, MAX_SIZE,
      "height", GST_TYPE_INT_RANGE, 1, MAX_SIZE,
      "framerate", GST_TYPE_FRACTION_RANGE, 0, 1, G_MAXINT, 1,
      "interlace-mode", G_TYPE_STRING, "progressive", NULL);
  result = gst_structure_intersect (s, possible);
  gst_structure_free (possible);
  if (result)
    fixate_picture (result);

  return result;
}

static void
add_candidate (GPtrArray * candidates, const GstCaps * original,
    const GstCaps * filtered, guint index)
{
  static const GstDmabufDialect dialects[] = { GST_DMABUF_DIALECT_EXPLICIT,
    GST_DMABUF_DIALECT_LEGACY, GST_DMABUF_DIALECT_SYSTEM
  };
  GstCaps *one = gst_caps_copy_nth (filtered, index);
  DmabufTestCandidate *candidate;
  GstStructure *picture;
  gint width = 0, height = 0;
  guint i;

  picture = intersect_picture (gst_caps_get_structure (one, 0));
  for (i = 0; picture && i < G_N_ELEMENTS (dialects); i++) {
    GstDmabufFormatSet *set = get_ordered_set (one, original, dialects[i]);

    if (gst_dmabuf_format_set_is_empty (set)) {
      gst_dmabuf_format_set_unref (set);
      continue;
    }
    if (dialects[i] == GST_DMABUF_DIALECT_LEGACY)
      set = make_linear (set);

    gst_structure_get_int (picture, "width", &width);
    gst_structure_get_int (picture, "height", &height);
    candidate = g_new0 (DmabufTestCandidate, 1);
    candidate->dialect = dialects[i];
    candidate->set = set;
    candidate->width = (guint) width;
    candidate->height = (guint) height;
    candidate->caps = gst_caps_new_empty ();
    gst_caps_append_structure_full (candidate->caps,
        gst_structure_copy (picture),
        gst_caps_features_copy (gst_caps_get_features (one, 0)));
    g_ptr_array_add (candidates, candidate);
  }

  if (picture)
    gst_structure_free (picture);
  gst_caps_unref (one);
}

GPtrArray *
dmabuf_test_candidates_new (const GstCaps * peer, gboolean legacy)
{
  GPtrArray *candidates;
  GstDmabufFormatSet *ours;
  GstCaps *wanted, *one, *filtered;
  guint i, j;

  wanted = gst_caps_is_any (peer) ? dmabuf_test_offer_new (legacy, NULL) :
      gst_caps_copy (peer);
  candidates = g_ptr_array_new_with_free_func ((GDestroyNotify)
      candidate_free);

  for (i = 0; i < gst_caps_get_size (wanted); i++) {
    one = gst_caps_copy_nth (wanted, i);
    ours = get_paintable (legacy, one);
    filtered = gst_dmabuf_caps_filter_set (one, ours);
    gst_dmabuf_format_set_unref (ours);
    for (j = 0; j < gst_caps_get_size (filtered); j++)
      add_candidate (candidates, one, filtered, j);
    gst_caps_unref (filtered);
    gst_caps_unref (one);
  }

  gst_caps_unref (wanted);
  return candidates;
}

typedef struct
{
  const DmabufTestCandidate *candidate;
  GstDmabufFormat format;
} Trial;

static gboolean
allocate_one (GstDmabufExporter * exporter, gpointer user_data, GError ** error)
{
  Trial *trial = user_data;
  GstDmabufLayout layout;
  GstMemory *memories[GST_DMABUF_MAX_PLANES] = { NULL, };
  guint i;

  if (!gst_dmabuf_exporter_alloc_frame (exporter, trial->candidate->set,
          trial->candidate->width, trial->candidate->height, NULL, &layout,
          memories, error))
    return FALSE;

  trial->format = layout.format;
  for (i = 0; i < layout.n_objects; i++)
    gst_memory_unref (memories[i]);

  return TRUE;
}

GstDmabufExporter *
dmabuf_test_candidate_try (const DmabufTestCandidate * candidate,
    const gchar * spec, GstDmabufFormat * format, GError ** error)
{
  Trial trial = { candidate, };
  GstDmabufExporter *exporter;

  exporter = gst_dmabuf_exporter_choose_tested (spec, candidate->set, NULL,
      allocate_one, &trial, error);
  if (exporter)
    *format = trial.format;

  return exporter;
}

/* Says colorimetry even where both sides would guess the same. */
static void
add_colorimetry (GstCaps * caps)
{
  GstDmabufVideoInfo info;
  gchar *colorimetry;

  if (gst_structure_has_field (gst_caps_get_structure (caps, 0),
          "colorimetry") ||
      !gst_dmabuf_video_info_from_caps (&info, caps, NULL) ||
      !info.info->is_yuv)
    return;

  colorimetry = gst_video_colorimetry_to_string (&info.vinfo.colorimetry);
  if (colorimetry)
    gst_caps_set_simple (caps, "colorimetry", G_TYPE_STRING, colorimetry, NULL);
  g_free (colorimetry);
}

GstCaps *
dmabuf_test_candidate_fix (const DmabufTestCandidate * candidate,
    const GstDmabufFormat * format)
{
  GstCaps *caps = gst_caps_copy (candidate->caps);
  GstDmabufFormat named = *format;

  if (candidate->dialect == GST_DMABUF_DIALECT_LEGACY)
    named.modifier = GST_DMABUF_MOD_INVALID;
  if (!gst_dmabuf_caps_fixate_format (caps, &named, candidate->dialect))
    g_assert_not_reached ();
  caps = gst_caps_fixate (caps);
  add_colorimetry (caps);

  return caps;
}

/* The library's words; an empty answer has a reason that people overlook. */
static gchar *
describe_peer (const GstCaps * caps)
{
  if (gst_caps_is_empty (caps))
    return g_strdup ("nothing (do a caps filter and what is behind it exclude "
        "each other?)");
  return gst_dmabuf_caps_describe (caps);
}

static const gchar *
get_reason (const GstCaps * peer, gboolean legacy)
{
  GstDmabufFormatSet *ours = get_paintable (legacy, peer);
  GstCaps *common = gst_dmabuf_caps_filter_set (peer, ours);
  const gchar *reason = gst_caps_is_empty (common) ?
      "No format in common with downstream" :
      "Formats agree with downstream, but not size, frame rate or interlacing";

  gst_caps_unref (common);
  gst_dmabuf_format_set_unref (ours);
  return reason;
}

gchar *
dmabuf_test_explain_failure (const GstCaps * peer, gboolean legacy,
    const GError * memory)
{
  GstCaps *offer = dmabuf_test_offer_new (legacy, NULL);
  gchar *ours = gst_dmabuf_caps_describe (offer);
  gchar *theirs = describe_peer (peer);
  gchar *text;

  if (memory)
    text = g_strdup_printf ("No memory for the frames: %s. This source makes "
        "%s. Downstream takes %s.", memory->message, ours, theirs);
  else
    text = g_strdup_printf ("%s. This source makes %s. Downstream takes %s.",
        get_reason (peer, legacy), ours, theirs);
  g_free (ours);
  g_free (theirs);
  gst_caps_unref (offer);

  return text;
}
