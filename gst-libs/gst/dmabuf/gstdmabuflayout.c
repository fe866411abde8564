/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Linear layouts from a format, a size and constraints. The facts about bytes
 * and subsampling are those of gstdmabufformatinfo; whether a layout from
 * elsewhere can be trusted is decided in gstdmabuflayoutcheck.c.
 *
 * Numbers are computed in 64 bits from 32-bit input: a row is below 2^36 bytes
 * and an alignment at most 2^30, so that only products of strides and rows and
 * sums of planes need overflow checks. The result fits 32 bits or is an error.
 */
#include "gstdmabuflayout.h"

/* GstVideoInfo's default strides are multiples of this. */
#define DEFAULT_STRIDE_ALIGN 4

typedef struct
{
  const GstDmabufFormatInfo *info;
  guint64 row_bytes[GST_DMABUF_MAX_PLANES];
  guint64 strides[GST_DMABUF_MAX_PLANES];
  /* Rows that there is room for, padding included. */
  guint64 rooms[GST_DMABUF_MAX_PLANES];
} Geometry;

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
common_multiple (guint64 a, guint64 b, guint64 * out)
{
  return !__builtin_mul_overflow (a / greatest_common_divisor (a, b), b, out);
}

static gboolean
round_up (guint64 value, guint64 align, guint64 * out)
{
  guint64 sum;

  if (__builtin_add_overflow (value, align - 1, &sum))
    return FALSE;
  *out = sum - sum % align;
  return TRUE;
}

static gboolean
fail_too_large (const GstDmabufFormat * format, guint width, guint height,
    GError ** error)
{
  gchar *name = gst_dmabuf_format_to_string (format);

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "%s %ux%u does not fit the 4 GiB that DRM's 32-bit offsets and strides "
      "can describe", name, width, height);
  g_free (name);
  return FALSE;
}

static const GstDmabufFormatInfo *
get_linear_info (const GstDmabufFormat * format, GError ** error)
{
  const GstDmabufFormatInfo *info = gst_dmabuf_format_info_get (format->fourcc);
  gchar *name;

  if (info != NULL && info->is_linear && gst_dmabuf_format_is_linear (format))
    return info;

  name = gst_dmabuf_format_to_string (format);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      info == NULL ? "the layout of %s is not known: the fourcc is not in the "
      "table" : "the layout of %s is not known: it is not linear", name);
  g_free (name);
  return NULL;
}

/* Stride of a plane : stride of plane 0, in lowest terms, so that both have the
 * same number of pixels. */
static void
get_stride_ratio (const GstDmabufFormatInfo * info, guint plane,
    guint64 * numerator, guint64 * denominator)
{
  guint64 n = (guint64) info->block_bytes[plane] * info->block_width[0];
  guint64 d = (guint64) info->block_bytes[0] * info->block_width[plane];
  guint64 common;

  if (plane > 0)
    d <<= info->w_sub;
  common = greatest_common_divisor (n, d);
  *numerator = n / common;
  *denominator = d / common;
}

/* NV15 and its relatives pack 4 pixels into 5 bytes. GstVideoInfo rounds their
 * strides to whole groups only, and 4-byte rounding would break groups. */
static guint64
get_default_stride_align (const GstDmabufFormatInfo * info)
{
  return info->block_bytes[0] == 5 ? 1 : DEFAULT_STRIDE_ALIGN;
}

static gboolean
compute_default_strides (Geometry * geometry)
{
  guint64 align = get_default_stride_align (geometry->info);
  guint i;

  for (i = 0; i < geometry->info->n_planes; i++) {
    if (!round_up (geometry->row_bytes[i], align, &geometry->strides[i]))
      return FALSE;
  }
  return TRUE;
}

/* Finds the least stride of plane 0 for which every plane's stride, at its
 * ratio to plane 0's, is a multiple of the alignment and has room for a row.
 * With ratio n:d in lowest terms, stride0 * n / d is a multiple of the
 * alignment if stride0 is one of alignment * d. */
static gboolean
compute_related_strides (Geometry * geometry, guint64 wanted_align)
{
  const GstDmabufFormatInfo *info = geometry->info;
  guint64 align, align0 = 1, least0 = 0, stride0, n, d;
  guint i;

  if (!common_multiple (get_default_stride_align (info), wanted_align, &align))
    return FALSE;

  for (i = 0; i < info->n_planes; i++) {
    get_stride_ratio (info, i, &n, &d);
    if (!common_multiple (align0, align * d, &align0))
      return FALSE;
    least0 = MAX (least0, (geometry->row_bytes[i] * d + n - 1) / n);
  }
  if (!round_up (least0, align0, &stride0) || stride0 > G_MAXUINT32)
    return FALSE;

  for (i = 0; i < info->n_planes; i++) {
    get_stride_ratio (info, i, &n, &d);
    geometry->strides[i] = stride0 / d * n;
  }
  return TRUE;
}

/* Plane 0 has whole chroma rows, so that each other plane has its share. */
static gboolean
compute_rooms (Geometry * geometry, guint height, guint64 height_align)
{
  guint64 align, room;
  guint i;

  if (!common_multiple (G_GUINT64_CONSTANT (1) << geometry->info->h_sub,
          height_align, &align) || !round_up (height, align, &room))
    return FALSE;

  geometry->rooms[0] = room;
  for (i = 1; i < geometry->info->n_planes; i++)
    geometry->rooms[i] = room >> geometry->info->h_sub;
  return TRUE;
}

static gboolean
place_planes (const Geometry * geometry, GstDmabufLayout * layout,
    guint64 offset_align, guint64 size_align)
{
  guint64 offset = 0, bytes;
  guint i;

  for (i = 0; i < layout->n_planes; i++) {
    if (geometry->strides[i] > G_MAXUINT32
        || !round_up (offset, offset_align, &offset)
        || __builtin_mul_overflow (geometry->strides[i], geometry->rooms[i],
            &bytes) || offset > G_MAXUINT32)
      return FALSE;

    layout->planes[i].object = 0;
    layout->planes[i].offset = (gsize) offset;
    layout->planes[i].stride = (guint) geometry->strides[i];

    if (__builtin_add_overflow (offset, bytes, &offset))
      return FALSE;
  }
  if (!round_up (offset, size_align, &offset) || offset > G_MAXUINT32)
    return FALSE;

  layout->n_objects = 1;
  layout->object_sizes[0] = (gsize) offset;
  return TRUE;
}

gboolean
gst_dmabuf_layout_compute (GstDmabufLayout * layout,
    const GstDmabufFormat * format, guint width, guint height,
    const GstDmabufConstraints * constraints, GError ** error)
{
  GstDmabufLayout result = { {0} };
  GstDmabufConstraints wanted;
  Geometry geometry = { NULL };
  guint i;

  g_return_val_if_fail (layout != NULL && format != NULL, FALSE);

  if (width == 0 || height == 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "a frame of %ux%u pixels has no layout", width, height);
    return FALSE;
  }
  geometry.info = get_linear_info (format, error);
  if (geometry.info == NULL)
    return FALSE;

  gst_dmabuf_constraints_init (&wanted);
  if (constraints != NULL
      && !gst_dmabuf_constraints_combine (&wanted, constraints, &wanted, error))
    return FALSE;

  result.format = *format;
  result.width = width;
  result.height = height;
  result.n_planes = geometry.info->n_planes;
  for (i = 0; i < result.n_planes; i++)
    geometry.row_bytes[i] =
        gst_dmabuf_format_info_plane_row_bytes (geometry.info, i, width);

  if (!(wanted.stride_align > 1
          ? compute_related_strides (&geometry, wanted.stride_align)
          : compute_default_strides (&geometry))
      || !compute_rooms (&geometry, height, wanted.height_align)
      || !place_planes (&geometry, &result, wanted.offset_align,
          wanted.size_align))
    return fail_too_large (format, width, height, error);

  gst_dmabuf_layout_update_sizes (&result);
  *layout = result;
  return TRUE;
}

void
gst_dmabuf_layout_update_sizes (GstDmabufLayout * layout)
{
  const GstDmabufFormatInfo *info;
  gboolean linear;
  guint i;

  g_return_if_fail (layout != NULL);

  info = gst_dmabuf_format_info_get (layout->format.fourcc);
  linear = info != NULL && info->is_linear
      && gst_dmabuf_format_is_linear (&layout->format);

  for (i = 0; i < MIN (layout->n_planes, GST_DMABUF_MAX_PLANES); i++) {
    GstDmabufPlane *plane = &layout->planes[i];
    guint64 rows, size;

    plane->size = 0;
    if (!linear || i >= info->n_planes || layout->height == 0)
      continue;
    rows = gst_dmabuf_format_info_plane_height (info, i, layout->height);
    size = plane->stride * (rows - 1);
    if (__builtin_add_overflow (size,
            gst_dmabuf_format_info_plane_row_bytes (info, i, layout->width),
            &size))
      size = G_MAXUINT64;
    plane->size = (gsize) MIN (size, (guint64) G_MAXSIZE);
  }
}

/* Pixels of plane 0 that whole blocks and whole chroma samples of every plane
 * share. Small numbers of the table: cannot overflow. */
static guint
get_column_granularity (const GstDmabufFormatInfo * info)
{
  guint64 columns = 1;
  guint i;

  for (i = 0; i < info->n_planes; i++)
    common_multiple (columns,
        (guint64) info->block_width[i] << (i > 0 ? info->w_sub : 0), &columns);
  return (guint) columns;
}

gboolean
gst_dmabuf_layout_pad (const GstDmabufFormat * format,
    GstVideoAlignment * alignment, guint * width, guint * height,
    GError ** error)
{
  const GstDmabufFormatInfo *info;
  guint64 left = 0, top = 0, padded_width, padded_height;

  g_return_val_if_fail (format != NULL && alignment != NULL, FALSE);
  g_return_val_if_fail (width != NULL && height != NULL, FALSE);

  info = get_linear_info (format, error);
  if (info == NULL)
    return FALSE;

  /* Sums of 32-bit numbers and roundings to small ones: no overflow. */
  round_up (alignment->padding_left, get_column_granularity (info), &left);
  round_up (alignment->padding_top, 1u << info->h_sub, &top);
  padded_width = *width + left + alignment->padding_right;
  padded_height = *height + top + alignment->padding_bottom;
  if (padded_width > G_MAXINT || padded_height > G_MAXINT)
    return fail_too_large (format, *width, *height, error);

  alignment->padding_left = (guint) left;
  alignment->padding_top = (guint) top;
  *width = (guint) padded_width;
  *height = (guint) padded_height;
  return TRUE;
}

static gboolean
check_rectangle (const GstDmabufFormatInfo * info,
    const GstDmabufLayout * layout, const GstVideoRectangle * r,
    GError ** error)
{
  guint columns = get_column_granularity (info), rows = 1u << info->h_sub;

  if (r->x < 0 || r->y < 0 || r->w <= 0 || r->h <= 0
      || (guint64) r->x + r->w > layout->width
      || (guint64) r->y + r->h > layout->height) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "rectangle %d,%d %dx%d is not inside of a frame of %ux%u",
        r->x, r->y, r->w, r->h, layout->width, layout->height);
    return FALSE;
  }
  if (r->x % columns != 0 || r->y % rows != 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "a part of this format begins at multiples of %u,%u, not at %d,%d",
        columns, rows, r->x, r->y);
    return FALSE;
  }
  return TRUE;
}

gboolean
gst_dmabuf_layout_crop (GstDmabufLayout * layout,
    const GstVideoRectangle * rectangle, GError ** error)
{
  const GstDmabufFormatInfo *info;
  GstDmabufLayout result;
  guint i;

  g_return_val_if_fail (layout != NULL && rectangle != NULL, FALSE);

  info = get_linear_info (&layout->format, error);
  if (info == NULL || !check_rectangle (info, layout, rectangle, error))
    return FALSE;

  result = *layout;
  result.width = (guint) rectangle->w;
  result.height = (guint) rectangle->h;
  for (i = 0; i < MIN (result.n_planes, info->n_planes); i++) {
    guint64 x = (guint64) rectangle->x >> (i > 0 ? info->w_sub : 0);
    guint64 y = (guint64) rectangle->y >> (i > 0 ? info->h_sub : 0);
    guint64 offset = y * result.planes[i].stride
        + x / info->block_width[i] * info->block_bytes[i];

    if (__builtin_add_overflow (offset, result.planes[i].offset,
            &result.planes[i].offset))
      return fail_too_large (&layout->format, layout->width, layout->height,
          error);
  }
  gst_dmabuf_layout_update_sizes (&result);
  *layout = result;
  return TRUE;
}

gboolean
gst_dmabuf_layout_equal (const GstDmabufLayout * a, const GstDmabufLayout * b)
{
  guint i;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (!gst_dmabuf_format_equal (&a->format, &b->format)
      || a->width != b->width || a->height != b->height
      || a->n_planes != b->n_planes || a->n_objects != b->n_objects)
    return FALSE;

  for (i = 0; i < MIN (a->n_planes, GST_DMABUF_MAX_PLANES); i++) {
    if (a->planes[i].object != b->planes[i].object
        || a->planes[i].offset != b->planes[i].offset
        || a->planes[i].stride != b->planes[i].stride)
      return FALSE;
  }
  for (i = 0; i < MIN (a->n_objects, GST_DMABUF_MAX_PLANES); i++) {
    if (a->object_sizes[i] != b->object_sizes[i])
      return FALSE;
  }
  return TRUE;
}

guint
gst_dmabuf_layout_hash (const GstDmabufLayout * layout)
{
  guint hash, i;

  g_return_val_if_fail (layout != NULL, 0);

  hash = gst_dmabuf_format_hash (&layout->format);
  hash = hash * 31 + layout->width;
  hash = hash * 31 + layout->height;
  for (i = 0; i < MIN (layout->n_planes, GST_DMABUF_MAX_PLANES); i++) {
    hash = hash * 31 + layout->planes[i].object;
    hash = hash * 31 + (guint) layout->planes[i].offset;
    hash = hash * 31 + layout->planes[i].stride;
  }
  return hash;
}

gchar *
gst_dmabuf_layout_to_string (const GstDmabufLayout * layout)
{
  GString *text;
  gchar *name;
  guint i;

  g_return_val_if_fail (layout != NULL, NULL);

  name = gst_dmabuf_format_to_string (&layout->format);
  text = g_string_new (name);
  g_free (name);
  g_string_append_printf (text, " %ux%u", layout->width, layout->height);

  for (i = 0; i < MIN (layout->n_planes, GST_DMABUF_MAX_PLANES); i++)
    g_string_append_printf (text, ", plane %u: object %u offset %"
        G_GSIZE_FORMAT " stride %u", i, layout->planes[i].object,
        layout->planes[i].offset, layout->planes[i].stride);
  for (i = 0; i < MIN (layout->n_objects, GST_DMABUF_MAX_PLANES); i++)
    g_string_append_printf (text, ", object %u: %" G_GSIZE_FORMAT " bytes", i,
        layout->object_sizes[i]);
  return g_string_free (text, FALSE);
}
