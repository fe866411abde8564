/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Conversion of a rectangle: everything is checked here, before the first byte
 * is written, so that nothing below has to.
 */
#include "gstdmabuftilejobprivate.h"

#include <unistd.h>

#define DEFAULT_CACHE_SIZE (1024 * 1024)

static gboolean
G_GNUC_PRINTF (2, 3)
invalid (GError ** error, const gchar * format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        format, args);
  va_end (args);
  return FALSE;
}

/* Pixels of plane 0 that begin together in all planes. */
static guint
get_column_align (const GstDmabufFormatInfo * linear)
{
  return MAX (1u << linear->w_sub, linear->block_width[0]);
}

static gboolean
check_rectangle (const GstDmabufFormatInfo * linear,
    const GstDmabufPixels * tiled, const GstVideoRectangle * r, GError ** error)
{
  guint columns = get_column_align (linear), rows = 1u << linear->h_sub;

  if (r->x < 0 || r->y < 0 || r->w <= 0 || r->h <= 0
      || (guint64) r->x + r->w > tiled->width
      || (guint64) r->y + r->h > tiled->height)
    return invalid (error, "rectangle %d,%d %dx%d is not inside of a frame of "
        "%ux%u", r->x, r->y, r->w, r->h, tiled->width, tiled->height);
  if (r->x % columns != 0 || r->y % rows != 0)
    return invalid (error, "a part of this format begins at multiples of "
        "%u,%u, not at %d,%d", columns, rows, r->x, r->y);
  if ((r->w % columns != 0 && (guint) (r->x + r->w) != tiled->width)
      || (r->h % rows != 0 && (guint) (r->y + r->h) != tiled->height))
    return invalid (error, "a part of this format has a multiple of %ux%u "
        "pixels or ends at the edge of the frame, not %dx%d", columns, rows,
        r->w, r->h);
  return TRUE;
}

static gboolean
check_linear (const GstDmabufTileGeometry * tile,
    const GstDmabufPixels * linear, const GstVideoRectangle * r,
    GError ** error)
{
  const GstDmabufFormatInfo *info = tile->linear;
  guint i;

  if (linear->format.fourcc != info->fourcc
      || !gst_dmabuf_format_is_linear (&linear->format)) {
    gchar *is = gst_dmabuf_format_describe (&linear->format);
    gchar *wanted = gst_dmabuf_fourcc_to_string (info->fourcc);

    invalid (error, "the linear frame is %s, not %s", is, wanted);
    g_free (wanted);
    g_free (is);
    return FALSE;
  }
  if (linear->n_planes != info->n_planes)
    return invalid (error, "the linear frame has %u planes, not %u",
        linear->n_planes, info->n_planes);
  if (linear->width < (guint) r->w || linear->height < (guint) r->h)
    return invalid (error, "the linear frame has %ux%u pixels, the part %dx%d",
        linear->width, linear->height, r->w, r->h);

  for (i = 0; i < info->n_planes; i++) {
    guint64 row_bytes =
        gst_dmabuf_format_info_plane_row_bytes (info, i, (guint) r->w);
    guint64 rows = gst_dmabuf_format_info_plane_height (info, i, (guint) r->h);
    guint64 needed = linear->strides[i] * (rows - 1) + row_bytes;

    if (linear->data[i] == NULL)
      return invalid (error, "plane %u of the linear frame is not mapped", i);
    if (linear->strides[i] < row_bytes)
      return invalid (error, "plane %u of the linear frame has a stride of %u "
          "bytes, a row of %d pixels has %" G_GUINT64_FORMAT, i,
          linear->strides[i], r->w, row_bytes);
    if (needed > linear->sizes[i])
      return invalid (error, "plane %u of the linear frame has %"
          G_GSIZE_FORMAT " bytes, %dx%d pixels need %" G_GUINT64_FORMAT, i,
          linear->sizes[i], r->w, r->h, needed);
  }
  return TRUE;
}

static gboolean
check_tiled (const GstDmabufTileGeometry * tile, const GstDmabufPixels * tiled,
    GError ** error)
{
  guint i;

  if (!gst_dmabuf_tile_check_columns (tile, &tiled->format, error))
    return FALSE;
  if (tiled->width == 0 || tiled->height == 0)
    return invalid (error, "the tiled frame has %ux%u pixels", tiled->width,
        tiled->height);
  if (tiled->n_planes != tile->n_planes)
    return invalid (error, "the tiled frame has %u planes, not %u",
        tiled->n_planes, tile->n_planes);

  for (i = 0; i < tile->n_planes; i++) {
    guint64 needed;

    if (tiled->data[i] == NULL)
      return invalid (error, "plane %u of the tiled frame is not mapped", i);
    if (!gst_dmabuf_tile_check_stride (tile, i, tiled->strides[i],
            tiled->width, error))
      return FALSE;
    needed = gst_dmabuf_tile_plane_get_size (tile, i, tiled->strides[i],
        gst_dmabuf_format_info_plane_row_bytes (tile->info, i, tiled->width),
        gst_dmabuf_format_info_plane_height (tile->info, i, tiled->height));
    if (needed > tiled->sizes[i])
      return invalid (error, "plane %u of the tiled frame has %" G_GSIZE_FORMAT
          " bytes, %ux%u pixels in rows of %u bytes need %" G_GUINT64_FORMAT,
          i, tiled->sizes[i], tiled->width, tiled->height, tiled->strides[i],
          needed);
  }
  return TRUE;
}

static void
init_job (GstDmabufTileJob * job, const GstDmabufTileGeometry * tile,
    const GstDmabufPixels * tiled, const GstVideoRectangle * r, guint index)
{
  const GstDmabufFormatInfo *info = tile->linear;
  guint h_sub = index > 0 ? info->h_sub : 0;
  guint64 x0, x1;

  /* Bytes of the linear frame; the 16-bit one has two a sample. */
  x0 = gst_dmabuf_format_info_plane_row_bytes (info, index, (guint) r->x);
  x1 = gst_dmabuf_format_info_plane_row_bytes (info, index,
      (guint) (r->x + r->w));
  job->plane = &tile->planes[index];
  if (job->plane->coding != GST_DMABUF_TILE_BYTES) {
    x0 /= 2;
    x1 /= 2;
  }
  job->x0 = (guint) x0;
  job->x1 = (guint) x1;
  job->y0 = (guint) r->y >> h_sub;
  job->y1 = gst_dmabuf_format_info_plane_height (info, index,
      (guint) (r->y + r->h));
  job->tiled = tiled->data[index];
  job->tiled_stride = tiled->strides[index];
  job->column_height = (gsize) tile->column_height;
  job->n_tile_rows = (gst_dmabuf_format_info_plane_height (info, index,
          tiled->height) + job->plane->height - 1) / job->plane->height;
}

/* A frame that is larger than a CPU's own cache is not there any more when it
 * is read, wherever that is; then it need not push out what is. Half a frame
 * less of memory is moved if the old content is not fetched first. */
static gboolean
is_large (const GstDmabufTileGeometry * tile, const GstDmabufPixels * linear,
    const GstVideoRectangle * r)
{
  static gsize cache_size = 0;
  gsize size = 0;
  guint i;

  if (g_once_init_enter (&cache_size)) {
    glong cache = 0;

#ifdef _SC_LEVEL2_CACHE_SIZE
    cache = sysconf (_SC_LEVEL2_CACHE_SIZE);
#endif
    g_once_init_leave (&cache_size, cache > 0 ? cache : DEFAULT_CACHE_SIZE);
  }
  for (i = 0; i < tile->n_planes; i++)
    size += (gsize) linear->strides[i]
        * gst_dmabuf_format_info_plane_height (tile->linear, i, (guint) r->h);
  return size > cache_size;
}

static gboolean
convert (const GstDmabufPixels * linear, const GstDmabufPixels * tiled,
    const GstVideoRectangle * rectangle, GstDmabufTileDirection direction,
    GError ** error)
{
  GstDmabufTileGeometry tile;
  const GstDmabufTileKernels *kernels;
  GstVideoRectangle whole;
  gboolean stream;
  guint i;

  if (!gst_dmabuf_tile_geometry_get (&tile, &tiled->format, error)
      || !check_tiled (&tile, tiled, error))
    return FALSE;
  if (rectangle == NULL) {
    whole.x = whole.y = 0;
    whole.w = (gint) MIN (tiled->width, (guint) G_MAXINT);
    whole.h = (gint) MIN (tiled->height, (guint) G_MAXINT);
    rectangle = &whole;
  }
  if (!check_rectangle (tile.linear, tiled, rectangle, error)
      || !check_linear (&tile, linear, rectangle, error))
    return FALSE;

  kernels = gst_dmabuf_tile_kernels_get ();
  stream = kernels->finish_streams != NULL
      && is_large (&tile, linear, rectangle);
  for (i = 0; i < tile.n_planes; i++) {
    GstDmabufTileJob job;

    init_job (&job, &tile, tiled, rectangle, i);
    job.kernels = kernels;
    job.stream = stream;
    job.direction = direction;
    job.linear = linear->data[i];
    job.linear_stride = linear->strides[i];
    if (job.plane->coding == GST_DMABUF_TILE_BYTES)
      gst_dmabuf_tile_convert_bytes (&job);
    else
      gst_dmabuf_tile_convert_samples (&job);
  }
  if (stream)
    kernels->finish_streams ();
  return TRUE;
}

gboolean
gst_dmabuf_detile (const GstDmabufPixels * linear,
    const GstDmabufPixels * tiled, const GstVideoRectangle * rectangle,
    GError ** error)
{
  g_return_val_if_fail (linear != NULL && tiled != NULL, FALSE);

  return convert (linear, tiled, rectangle, GST_DMABUF_DETILE, error);
}

gboolean
gst_dmabuf_tile (const GstDmabufPixels * tiled,
    const GstDmabufPixels * linear, const GstVideoRectangle * rectangle,
    GError ** error)
{
  g_return_val_if_fail (linear != NULL && tiled != NULL, FALSE);

  return convert (linear, tiled, rectangle, GST_DMABUF_TILE, error);
}
