/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Constraints as values: combined, and carried in a GstStructure and in an
 * ALLOCATION query. What they do to a layout is known by gstdmabuflayout.c, what
 * they ask of memory by the exporters.
 */
#include "gstdmabufconstraints.h"

#define STRUCTURE_NAME "GstDmabufConstraints"
#define META_API_NAME "GstDmabufConstraintsAPI"

/* Documented with GstVideoMeta. */
#define VIDEO_META_PARAMS_NAME "video-meta"

/* Beyond this no plane would fit the 4 GiB of a frame anyway, and the rounding
 * of two aligned 32-bit values stays far from 64 bits. */
#define MAX_ALIGN (G_GUINT64_CONSTANT (1) << 30)

G_DEFINE_BOXED_TYPE (GstDmabufConstraints, gst_dmabuf_constraints,
    gst_dmabuf_constraints_copy, gst_dmabuf_constraints_free);

static guint64
greatest_common_divisor (guint64 a, guint64 b)
{
  while (b != 0) {
    guint64 rest = a % b;

    a = b;
    b = rest;
  }
  return a;
}

static gboolean
combine_align (const gchar * what, guint a, guint b, guint * out,
    GError ** error)
{
  guint64 common;

  a = MAX (a, 1);
  b = MAX (b, 1);
  /* 32 bits times 32 bits: cannot overflow. */
  common = a / greatest_common_divisor (a, b) * (guint64) b;
  if (common > MAX_ALIGN) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "%s of %u and of %u bytes have no common multiple up to %"
        G_GUINT64_FORMAT, what, a, b, (guint64) MAX_ALIGN);
    return FALSE;
  }
  *out = (guint) common;
  return TRUE;
}

/* 0 is "any", so the lower limit is the lower of those that are not 0. */
static guint64
combine_limit (guint64 a, guint64 b)
{
  if (a == 0 || b == 0)
    return MAX (a, b);
  return MIN (a, b);
}

void
gst_dmabuf_constraints_init (GstDmabufConstraints * constraints)
{
  g_return_if_fail (constraints != NULL);

  *constraints = (GstDmabufConstraints) {
  .stride_align = 1,.offset_align = 1,.size_align = 1,.height_align = 1,};
}

GstDmabufConstraints *
gst_dmabuf_constraints_copy (const GstDmabufConstraints * constraints)
{
  g_return_val_if_fail (constraints != NULL, NULL);

  return g_memdup2 (constraints, sizeof (*constraints));
}

void
gst_dmabuf_constraints_free (GstDmabufConstraints * constraints)
{
  g_free (constraints);
}

gboolean
gst_dmabuf_constraints_equal (const GstDmabufConstraints * a,
    const GstDmabufConstraints * b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return MAX (a->stride_align, 1) == MAX (b->stride_align, 1)
      && MAX (a->offset_align, 1) == MAX (b->offset_align, 1)
      && MAX (a->size_align, 1) == MAX (b->size_align, 1)
      && MAX (a->height_align, 1) == MAX (b->height_align, 1)
      && a->max_objects == b->max_objects && a->flags == b->flags
      && a->max_address == b->max_address && a->device == b->device;
}

gboolean
gst_dmabuf_constraints_combine (const GstDmabufConstraints * a,
    const GstDmabufConstraints * b, GstDmabufConstraints * out, GError ** error)
{
  GstDmabufConstraints both;

  g_return_val_if_fail (a != NULL && b != NULL && out != NULL, FALSE);

  gst_dmabuf_constraints_init (&both);
  if (!combine_align ("stride alignments", a->stride_align, b->stride_align,
          &both.stride_align, error)
      || !combine_align ("offset alignments", a->offset_align, b->offset_align,
          &both.offset_align, error)
      || !combine_align ("size alignments", a->size_align, b->size_align,
          &both.size_align, error)
      || !combine_align ("height alignments", a->height_align, b->height_align,
          &both.height_align, error))
    return FALSE;

  if (a->device != 0 && b->device != 0 && a->device != b->device) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "memory for device 0x%" G_GINT64_MODIFIER "x cannot be asked to reach "
        "device 0x%" G_GINT64_MODIFIER "x too", a->device, b->device);
    return FALSE;
  }

  both.max_objects = (guint) combine_limit (a->max_objects, b->max_objects);
  both.max_address = combine_limit (a->max_address, b->max_address);
  both.device = a->device != 0 ? a->device : b->device;
  both.flags = a->flags | b->flags;
  *out = both;
  return TRUE;
}

gboolean
gst_dmabuf_constraints_add_video_alignment (GstDmabufConstraints * constraints,
    const GstVideoAlignment * alignment, GError ** error)
{
  GstDmabufConstraints sum;
  guint i;

  g_return_val_if_fail (constraints != NULL && alignment != NULL, FALSE);

  sum = *constraints;
  for (i = 0; i < GST_VIDEO_MAX_PLANES; i++) {
    guint mask = alignment->stride_align[i];

    if ((mask & (mask + 1)) != 0 || mask == G_MAXUINT) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
          "stride alignment 0x%x of plane %u is not a power of two less one",
          mask, i);
      return FALSE;
    }
    if (!combine_align ("stride alignments", sum.stride_align, mask + 1,
            &sum.stride_align, error))
      return FALSE;
  }
  *constraints = sum;
  return TRUE;
}

GstStructure *
gst_dmabuf_constraints_to_structure (const GstDmabufConstraints * constraints)
{
  const GstDmabufConstraints *c = constraints;
  GstStructure *structure;

  g_return_val_if_fail (constraints != NULL, NULL);

  structure = gst_structure_new_empty (STRUCTURE_NAME);
  if (c->stride_align > 1)
    gst_structure_set (structure, "stride-align", G_TYPE_UINT, c->stride_align,
        NULL);
  if (c->offset_align > 1)
    gst_structure_set (structure, "offset-align", G_TYPE_UINT, c->offset_align,
        NULL);
  if (c->size_align > 1)
    gst_structure_set (structure, "size-align", G_TYPE_UINT, c->size_align,
        NULL);
  if (c->height_align > 1)
    gst_structure_set (structure, "height-align", G_TYPE_UINT, c->height_align,
        NULL);
  if (c->max_objects != 0)
    gst_structure_set (structure, "max-objects", G_TYPE_UINT, c->max_objects,
        NULL);
  if (c->flags != GST_DMABUF_CONSTRAINT_NONE)
    gst_structure_set (structure, "flags", G_TYPE_UINT, (guint) c->flags, NULL);
  if (c->max_address != 0)
    gst_structure_set (structure, "max-address", G_TYPE_UINT64, c->max_address,
        NULL);
  if (c->device != 0)
    gst_structure_set (structure, "device", G_TYPE_UINT64, c->device, NULL);
  return structure;
}

/* Reads an unsigned field of either width. An absent field leaves the value. */
static gboolean
read_number (const GstStructure * structure, const gchar * name, guint64 limit,
    guint64 * number, GError ** error)
{
  const GValue *value = gst_structure_get_value (structure, name);
  guint64 read;

  if (value == NULL)
    return TRUE;

  if (G_VALUE_HOLDS_UINT (value)) {
    read = g_value_get_uint (value);
  } else if (G_VALUE_HOLDS_UINT64 (value)) {
    read = g_value_get_uint64 (value);
  } else {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "constraint %s is a %s, not an unsigned number", name,
        G_VALUE_TYPE_NAME (value));
    return FALSE;
  }
  if (read > limit) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "constraint %s is %" G_GUINT64_FORMAT ", the limit is %"
        G_GUINT64_FORMAT, name, read, limit);
    return FALSE;
  }
  *number = read;
  return TRUE;
}

gboolean
gst_dmabuf_constraints_from_structure (GstDmabufConstraints * constraints,
    const GstStructure * structure, GError ** error)
{
  guint64 stride = 1, offset = 1, size = 1, height = 1;
  guint64 objects = 0, flags = 0, address = 0, device = 0;

  g_return_val_if_fail (constraints != NULL && structure != NULL, FALSE);

  if (!gst_structure_has_name (structure, STRUCTURE_NAME)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "structure %s does not hold constraints",
        gst_structure_get_name (structure));
    return FALSE;
  }
  if (!read_number (structure, "stride-align", MAX_ALIGN, &stride, error)
      || !read_number (structure, "offset-align", MAX_ALIGN, &offset, error)
      || !read_number (structure, "size-align", MAX_ALIGN, &size, error)
      || !read_number (structure, "height-align", MAX_ALIGN, &height, error)
      || !read_number (structure, "max-objects", G_MAXUINT, &objects, error)
      || !read_number (structure, "flags", G_MAXUINT, &flags, error)
      || !read_number (structure, "max-address", G_MAXUINT64, &address, error)
      || !read_number (structure, "device", G_MAXUINT64, &device, error))
    return FALSE;

  /* A need that is not known cannot be met, so it must not be dropped. */
  if ((flags & ~(guint64) GST_DMABUF_CONSTRAINT_FLAGS_ALL) != 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "constraint flags 0x%" G_GINT64_MODIFIER "x are not all known", flags);
    return FALSE;
  }

  *constraints = (GstDmabufConstraints) {
  .stride_align = (guint) stride,.offset_align = (guint) offset,.size_align =
        (guint) size,.height_align = (guint) height,.max_objects =
        (guint) objects,.flags =
        (GstDmabufConstraintFlags) flags,.max_address = address,.device =
        device,};
  return TRUE;
}

#if GST_CHECK_VERSION (1, 26, 0)
/* For a tee: what satisfies both of its branches. */
static gboolean
aggregate_params (GstStructure ** aggregated, const GstStructure * params0,
    const GstStructure * params1)
{
  GstDmabufConstraints a, b;

  if (!params0 || !params1
      || !gst_dmabuf_constraints_from_structure (&a, params0, NULL)
      || !gst_dmabuf_constraints_from_structure (&b, params1, NULL)
      || !gst_dmabuf_constraints_combine (&a, &b, &a, NULL))
    return FALSE;
  *aggregated = gst_dmabuf_constraints_to_structure (&a);
  return TRUE;
}
#endif

/* The tag makes elements that put memory of their own in between drop it. */
static GType
get_meta_api (void)
{
  static gsize type = 0;
  static const gchar *tags[] = { GST_META_TAG_MEMORY_STR, NULL };

  if (g_once_init_enter (&type)) {
    GType registered = gst_meta_api_type_register (META_API_NAME, tags);

#if GST_CHECK_VERSION (1, 26, 0)
    gst_meta_api_type_set_params_aggregator (registered, aggregate_params);
#endif
    g_once_init_leave (&type, registered);
  }
  return (GType) type;
}

/* NULL if GstVideoMeta has nothing to say, so that nobody has to read it. */
static GstStructure *
make_video_meta_params (const GstDmabufConstraints * constraints)
{
  guint align = MAX (constraints->stride_align, 1), mask = align - 1, i;
  GstVideoAlignment alignment;
  GstStructure *params;

  if (align == 1 || (align & mask) != 0)
    return NULL;
  gst_video_alignment_reset (&alignment);
  for (i = 0; i < GST_VIDEO_MAX_PLANES; i++)
    alignment.stride_align[i] = mask;
  params = gst_structure_new_empty (VIDEO_META_PARAMS_NAME);
  gst_buffer_pool_config_set_video_alignment (params, &alignment);
  return params;
}

void
gst_dmabuf_constraints_add_to_query (const GstDmabufConstraints * constraints,
    GstQuery * query)
{
  GstStructure *params, *video_params;

  g_return_if_fail (constraints != NULL);
  g_return_if_fail (GST_IS_QUERY (query)
      && GST_QUERY_TYPE (query) == GST_QUERY_ALLOCATION);

  video_params = make_video_meta_params (constraints);
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, video_params);
  g_clear_pointer (&video_params, gst_structure_free);

  params = gst_dmabuf_constraints_to_structure (constraints);
  gst_query_add_allocation_meta (query, get_meta_api (), params);
  gst_structure_free (params);
}

static const GstStructure *
get_meta_params (GstQuery * query, GType api)
{
  const GstStructure *params = NULL;
  guint index;

  if (gst_query_find_allocation_meta (query, api, &index))
    gst_query_parse_nth_allocation_meta (query, index, &params);
  return params;
}

static gboolean
add_video_meta_params (GstDmabufConstraints * constraints,
    const GstStructure * params, GError ** error)
{
  static const gchar *const fields[GST_VIDEO_MAX_PLANES] = {
    "stride-align0", "stride-align1", "stride-align2", "stride-align3"
  };
  GstVideoAlignment alignment;
  guint i;

  gst_video_alignment_reset (&alignment);
  for (i = 0; i < GST_VIDEO_MAX_PLANES; i++)
    gst_structure_get_uint (params, fields[i], &alignment.stride_align[i]);
  return gst_dmabuf_constraints_add_video_alignment (constraints, &alignment,
      error);
}

gboolean
gst_dmabuf_constraints_from_query (GstDmabufConstraints * constraints,
    GstQuery * query, GError ** error)
{
  const GstStructure *params, *video_params;
  GstDmabufConstraints result;

  g_return_val_if_fail (constraints != NULL, FALSE);
  g_return_val_if_fail (GST_IS_QUERY (query)
      && GST_QUERY_TYPE (query) == GST_QUERY_ALLOCATION, FALSE);

  gst_dmabuf_constraints_init (&result);
  params = get_meta_params (query, get_meta_api ());
  if (params && !gst_dmabuf_constraints_from_structure (&result, params, error))
    return FALSE;
  video_params = get_meta_params (query, GST_VIDEO_META_API_TYPE);
  if (video_params && !add_video_meta_params (&result, video_params, error))
    return FALSE;
  *constraints = result;
  return TRUE;
}
