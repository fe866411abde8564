/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Layouts of tiled frames: computed from a format, a size and constraints, and
 * checked whoever computed them. Numbers from outside are multiplied with
 * checks only; sizes beyond 4 GiB are refused, so that offsets inside of a
 * plane fit 32 bits.
 */
#include "gstdmabuftilegeometryprivate.h"

#include <string.h>

/* Rows of luma that a SAND column has room for: what the decoders of the
 * Raspberry Pi align to. */
#define COLUMN_ROWS_ALIGN 16
#define MAX_TILE_ALIGN 4096

typedef struct
{
  GstDmabufTileGeometry tile;
  GstDmabufConstraints wanted;
  guint64 row_bytes[GST_DMABUF_MAX_PLANES];
  guint64 strides[GST_DMABUF_MAX_PLANES];
  guint64 rooms[GST_DMABUF_MAX_PLANES]; /* rows */
} Request;

static guint64
round_up (guint64 value, guint64 align)
{
  guint64 sum = value + align - 1;

  return sum - sum % align;
}

static guint64
common_divisor (guint64 a, guint64 b)
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
  *out = a / common_divisor (a, b) * b;
  return *out <= G_MAXUINT32;
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

gboolean
gst_dmabuf_tile_info_get (const GstDmabufFormat * format,
    GstDmabufTileInfo * info, GError ** error)
{
  GstDmabufTileGeometry geometry;
  guint i;

  g_return_val_if_fail (format != NULL, FALSE);

  if (!gst_dmabuf_tile_geometry_get (&geometry, format, error))
    return FALSE;
  if (info == NULL)
    return TRUE;

  memset (info, 0, sizeof (*info));
  info->format = *format;
  info->linear_fourcc = geometry.linear->fourcc;
  info->n_planes = geometry.n_planes;
  info->needs_column_height =
      geometry.has_columns && geometry.column_height == 0;
  for (i = 0; i < geometry.n_planes; i++) {
    info->tile_width[i] = geometry.planes[i].width;
    info->tile_height[i] = geometry.planes[i].height;
  }
  return TRUE;
}

/* Semi-planar frames have strides that follow from luma's: the same with
 * chroma at half the width, twice as much at full width. */
static guint
get_stride_factor (const GstDmabufFormatInfo * info, guint plane)
{
  return plane > 0 && info->w_sub == 0 ? 2 : 1;
}

static gboolean
compute_strides (Request * request)
{
  const GstDmabufTileGeometry *tile = &request->tile;
  guint64 align = MAX (request->wanted.stride_align, 1), least = 0;
  guint i;

  /* Each plane's stride is a multiple of the alignment if luma's is: the
   * factors are whole numbers. */
  for (i = 0; i < tile->n_planes; i++) {
    guint factor = get_stride_factor (tile->info, i);

    if (!common_multiple (align, tile->planes[i].width
            * (tile->planes[i].order == GST_DMABUF_TILE_ORDER_Z ? 2 : 1),
            &align))
      return FALSE;
    least = MAX (least, (request->row_bytes[i] + factor - 1) / factor);
  }
  least = round_up (least, align);
  for (i = 0; i < tile->n_planes; i++) {
    request->strides[i] = least * get_stride_factor (tile->info, i);
    if (request->strides[i] > G_MAXUINT32)
      return FALSE;
  }
  return TRUE;
}

static void
compute_rooms (Request * request, guint height)
{
  const GstDmabufTileGeometry *tile = &request->tile;
  guint64 room;
  guint i;

  room = round_up (height, MAX (request->wanted.height_align, 1));
  for (i = 0; i < tile->n_planes; i++) {
    guint sub = i > 0 ? tile->info->h_sub : 0;
    guint64 rows = (room + (1u << sub) - 1) >> sub;

    request->rooms[i] = round_up (rows, tile->planes[i].height);
  }
}

static gboolean
place_planes (const Request * request, GstDmabufLayout * layout)
{
  const GstDmabufTileGeometry *tile = &request->tile;
  guint64 offset = 0, size, align;
  guint i;

  for (i = 0; i < tile->n_planes; i++) {
    const GstDmabufTilePlane *plane = &tile->planes[i];
    gboolean is_power = (plane->bytes & (plane->bytes - 1)) == 0;

    if (!common_multiple (MAX (request->wanted.offset_align, 1),
            is_power ? MIN (plane->bytes, MAX_TILE_ALIGN) : 1, &align))
      return FALSE;
    offset = round_up (offset, align);
    /* All tiles of the last row, too. */
    size = gst_dmabuf_tile_plane_get_size (tile, i, request->strides[i],
        request->strides[i], request->rooms[i]);
    if (size == G_MAXUINT64 || offset > G_MAXUINT32)
      return FALSE;

    layout->planes[i].offset = (gsize) offset;
    layout->planes[i].stride = (guint) request->strides[i];
    offset += size;
  }
  offset = round_up (offset, MAX (request->wanted.size_align, 1));
  layout->object_sizes[0] = (gsize) offset;
  return offset <= G_MAXUINT32;
}

static gboolean
fail_column (const GstDmabufLayout * layout, guint64 height, GError ** error)
{
  gchar *name = gst_dmabuf_format_to_string (&layout->format);

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "%s: columns of %" G_GUINT64_FORMAT " rows cannot hold luma and chroma "
      "of %ux%u", name, height, layout->width, layout->height);
  g_free (name);
  return FALSE;
}

/* Luma lies at the top of each column, chroma below it. Two thirds of the
 * column are luma's, whoever chose the height, or as many as the alignment of
 * chroma's offset allows. Returns luma's rows, 0 if it does not fit. */
static guint64
divide_column (Request * request, GstDmabufLayout * layout)
{
  GstDmabufTileGeometry *tile = &request->tile;
  guint64 offset_align = MAX (request->wanted.offset_align, 1);
  guint64 chroma = (layout->height + (guint64) 1) / 2, luma, align;
  guint64 rows_align = offset_align
      / common_divisor (offset_align, tile->planes[0].width);

  if (tile->column_height == 0) {
    if (!common_multiple (rows_align, COLUMN_ROWS_ALIGN, &align)
        || !common_multiple (align, MAX (request->wanted.height_align, 1),
            &align))
      return 0;
    luma = round_up (layout->height, align);
    tile->column_height = luma / 2 * 3;
    layout->format.modifier = gst_dmabuf_tile_set_column_height
        (layout->format.modifier, tile->column_height);
    return luma;
  }
  luma = tile->column_height - tile->column_height / 3;
  luma -= luma % rows_align;
  if (luma < layout->height)
    luma = round_up (layout->height, rows_align);
  return luma + chroma <= tile->column_height ? luma : 0;
}

static gboolean
place_columns (Request * request, GstDmabufLayout * layout, GError ** error)
{
  guint64 width = request->tile.planes[0].width, luma, n, size;
  guint i;

  luma = divide_column (request, layout);
  if (luma == 0)
    return fail_column (layout, request->tile.column_height, error);

  n = (request->row_bytes[0] + width - 1) / width;
  if (__builtin_mul_overflow (n * width, request->tile.column_height, &size)
      || size > G_MAXUINT32)
    return fail_too_large (&layout->format, layout->width, layout->height,
        error);
  size = round_up (size, MAX (request->wanted.size_align, 1));
  if (size > G_MAXUINT32)
    return fail_too_large (&layout->format, layout->width, layout->height,
        error);

  for (i = 0; i < request->tile.n_planes; i++)
    layout->planes[i].stride = (guint) request->strides[i];
  layout->planes[1].offset = (gsize) (luma * width);
  layout->object_sizes[0] = (gsize) size;
  return TRUE;
}

gboolean
gst_dmabuf_tile_layout_compute (GstDmabufLayout * layout,
    const GstDmabufFormat * format, guint width, guint height,
    const GstDmabufConstraints * constraints, GError ** error)
{
  GstDmabufLayout result = { {0} };
  Request request;
  guint i;

  g_return_val_if_fail (layout != NULL && format != NULL, FALSE);

  if (width == 0 || height == 0) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "a frame of %ux%u pixels has no layout", width, height);
    return FALSE;
  }
  if (!gst_dmabuf_tile_geometry_get (&request.tile, format, error))
    return FALSE;
  gst_dmabuf_constraints_init (&request.wanted);
  if (constraints != NULL
      && !gst_dmabuf_constraints_combine (&request.wanted, constraints,
          &request.wanted, error))
    return FALSE;

  result.format = *format;
  result.width = width;
  result.height = height;
  result.n_planes = request.tile.n_planes;
  result.n_objects = 1;
  for (i = 0; i < result.n_planes; i++)
    request.row_bytes[i] =
        gst_dmabuf_format_info_plane_row_bytes (request.tile.info, i, width);

  if (!compute_strides (&request))
    return fail_too_large (format, width, height, error);
  if (request.tile.has_columns) {
    if (!place_columns (&request, &result, error))
      return FALSE;
  } else {
    compute_rooms (&request, height);
    if (!place_planes (&request, &result))
      return fail_too_large (format, width, height, error);
  }
  gst_dmabuf_tile_layout_update_sizes (&result);
  *layout = result;
  return TRUE;
}

static guint64
get_plane_size (const GstDmabufTileGeometry * tile,
    const GstDmabufLayout * layout, guint plane)
{
  return gst_dmabuf_tile_plane_get_size (tile, plane,
      layout->planes[plane].stride,
      gst_dmabuf_format_info_plane_row_bytes (tile->info, plane, layout->width),
      gst_dmabuf_format_info_plane_height (tile->info, plane, layout->height));
}

void
gst_dmabuf_tile_layout_update_sizes (GstDmabufLayout * layout)
{
  GstDmabufTileGeometry tile;
  guint i;

  g_return_if_fail (layout != NULL);

  for (i = 0; i < GST_DMABUF_MAX_PLANES; i++)
    layout->planes[i].size = 0;
  if (layout->width == 0 || layout->height == 0
      || !gst_dmabuf_tile_geometry_get (&tile, &layout->format, NULL))
    return;
  for (i = 0; i < MIN (layout->n_planes, tile.n_planes); i++) {
    guint64 size = get_plane_size (&tile, layout, i);

    if (size != G_MAXUINT64)
      layout->planes[i].size = (gsize) size;
  }
}

/* The stride holds a row and is whole tiles. */
gboolean
gst_dmabuf_tile_check_stride (const GstDmabufTileGeometry * tile, guint index,
    guint stride, guint width, GError ** error)
{
  const GstDmabufTilePlane *plane = &tile->planes[index];
  guint64 row_bytes =
      gst_dmabuf_format_info_plane_row_bytes (tile->info, index, width);
  guint align = plane->width;

  if (plane->order == GST_DMABUF_TILE_ORDER_COLUMNS
      || plane->order == GST_DMABUF_TILE_ORDER_LINEAR)
    align = 1;
  else if (plane->order == GST_DMABUF_TILE_ORDER_Z)
    align *= 2;
  if (stride >= row_bytes && stride % align == 0)
    return TRUE;

  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "plane %u has a stride of %u bytes; a row of %u pixels has %"
      G_GUINT64_FORMAT " and a stride is a multiple of %u", index, stride,
      width, row_bytes, align);
  return FALSE;
}

gboolean
gst_dmabuf_tile_check_columns (const GstDmabufTileGeometry * tile,
    const GstDmabufFormat * format, GError ** error)
{
  gchar *words;

  if (!tile->has_columns || tile->column_height != 0)
    return TRUE;
  words = gst_dmabuf_format_describe (format);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
      "%s: the modifier does not say how high the columns are", words);
  g_free (words);
  return FALSE;
}

gboolean
gst_dmabuf_tile_layout_check (const GstDmabufLayout * layout, GError ** error)
{
  GstDmabufTileGeometry tile;
  GstDmabufLayout checked;
  guint i;

  g_return_val_if_fail (layout != NULL, FALSE);

  if (!gst_dmabuf_tile_geometry_get (&tile, &layout->format, error)
      || !gst_dmabuf_tile_check_columns (&tile, &layout->format, error))
    return FALSE;
  /* Counts, objects and offsets first: the rest indexes with them. */
  checked = *layout;
  for (i = 0; i < GST_DMABUF_MAX_PLANES; i++)
    checked.planes[i].size = 0;
  if (!gst_dmabuf_layout_check (&checked, error))
    return FALSE;
  if (layout->n_planes != tile.n_planes) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "%u planes, the format has %u", layout->n_planes, tile.n_planes);
    return FALSE;
  }
  for (i = 0; i < layout->n_planes; i++) {
    const GstDmabufPlane *plane = &layout->planes[i];
    guint64 size = get_plane_size (&tile, layout, i);

    if (!gst_dmabuf_tile_check_stride (&tile, i, plane->stride, layout->width,
            error))
      return FALSE;
    /* gst_dmabuf_layout_check() has seen that the offset is in the object. */
    if (size > layout->object_sizes[plane->object] - plane->offset) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
          "plane %u of %ux%u needs %" G_GUINT64_FORMAT " bytes from %"
          G_GSIZE_FORMAT " on, its object has %" G_GSIZE_FORMAT, i,
          layout->width, layout->height, size, plane->offset,
          layout->object_sizes[plane->object]);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_plainly_linear (const GstDmabufFormat * format)
{
  return gst_dmabuf_format_is_linear (format)
      && !gst_dmabuf_tile_info_get (format, NULL, NULL);
}

gboolean
gst_dmabuf_pixels_init (GstDmabufPixels * pixels,
    const GstDmabufLayout * layout, guint8 * const *objects, GError ** error)
{
  gboolean linear;
  guint i;

  g_return_val_if_fail (pixels != NULL && layout != NULL, FALSE);
  g_return_val_if_fail (objects != NULL, FALSE);

  linear = is_plainly_linear (&layout->format);
  if (!(linear ? gst_dmabuf_layout_check (layout, error)
          : gst_dmabuf_tile_layout_check (layout, error)))
    return FALSE;

  memset (pixels, 0, sizeof (*pixels));
  pixels->format = layout->format;
  pixels->width = layout->width;
  pixels->height = layout->height;
  pixels->n_planes = layout->n_planes;
  for (i = 0; i < layout->n_planes; i++) {
    const GstDmabufPlane *plane = &layout->planes[i];

    pixels->data[i] = objects[plane->object] + plane->offset;
    pixels->strides[i] = plane->stride;
    pixels->sizes[i] = layout->object_sizes[plane->object] - plane->offset;
  }
  return TRUE;
}

gboolean
gst_dmabuf_pixels_crop (GstDmabufPixels * pixels,
    const GstVideoRectangle * rectangle, GError ** error)
{
  GstDmabufLayout layout = { {0} };
  guint i;

  g_return_val_if_fail (pixels != NULL && rectangle != NULL, FALSE);

  if (!is_plainly_linear (&pixels->format)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "only linear pixels can be cropped");
    return FALSE;
  }
  layout.format = pixels->format;
  layout.width = pixels->width;
  layout.height = pixels->height;
  layout.n_planes = MIN (pixels->n_planes, GST_DMABUF_MAX_PLANES);
  for (i = 0; i < layout.n_planes; i++)
    layout.planes[i].stride = pixels->strides[i];
  if (!gst_dmabuf_layout_crop (&layout, rectangle, error))
    return FALSE;
  for (i = 0; i < layout.n_planes; i++) {
    if (layout.planes[i].offset > pixels->sizes[i]) {
      g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
          "plane %u has %" G_GSIZE_FORMAT " bytes, the part begins at %"
          G_GSIZE_FORMAT, i, pixels->sizes[i], layout.planes[i].offset);
      return FALSE;
    }
  }

  pixels->width = layout.width;
  pixels->height = layout.height;
  for (i = 0; i < layout.n_planes; i++) {
    pixels->data[i] += layout.planes[i].offset;
    pixels->sizes[i] -= layout.planes[i].offset;
  }
  return TRUE;
}
