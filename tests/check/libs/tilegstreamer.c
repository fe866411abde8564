/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The tiled formats that the GStreamer that runs can unpack itself: both must
 * see the same picture. Which ones there are depends on its version.
 */
#include "dmabuftest.h"

#include <drm_fourcc.h>

#include "tilebuffers.h"

static const struct
{
  const gchar *video_format;
  const gchar *name;
  guint since_minor;            /* of GStreamer 1.x */
  gboolean any_width;           /* GStreamer's MT2110 leaves out a last part of
                                 * a tile */
} formats[] = {
  {"NV12_4L4", "NV12:0x0600000000000001", 22, TRUE},
  {"NV12_64Z32", "NV12:0x0400000000000001", 22, TRUE},
  {"NV12_32L32", "NV12:0x0900000000000001", 22, TRUE},
  {"NV12_16L32S", "NV12:0x0b00000000000001", 22, TRUE},
  {"NV12_10LE40_4L4", "NV15:0x0600000000000001", 24, TRUE},
  {"MT2110T", "NV15:0x0b00000000010001", 24, FALSE},
  {"MT2110R", "NV15:0x0b00000000020001", 24, FALSE},
};

static const struct
{
  guint width, height;
} sizes[] = { {64, 64}, {1920, 1080}, {336, 98}, {1366, 768}, {130, 70} };

/* GStreamer's layout in our words. */
static void
make_layout (GstDmabufLayout * layout, const GstVideoInfo * info,
    const gchar * name)
{
  GstDmabufTileInfo tile;
  guint i;

  memset (layout, 0, sizeof (*layout));
  fail_unless (gst_dmabuf_format_parse (name, &layout->format, NULL));
  fail_unless (gst_dmabuf_tile_info_get (&layout->format, &tile, NULL));
  layout->width = GST_VIDEO_INFO_WIDTH (info);
  layout->height = GST_VIDEO_INFO_HEIGHT (info);
  layout->n_planes = GST_VIDEO_INFO_N_PLANES (info);
  layout->n_objects = 1;
  layout->object_sizes[0] = info->size;
  for (i = 0; i < layout->n_planes; i++) {
    layout->planes[i].offset = info->offset[i];
    layout->planes[i].stride =
        GST_VIDEO_TILE_X_TILES (info->stride[i]) * tile.tile_width[i];
  }
}

/* A line of 8 or 16-bit pixels: alpha, luma, two of chroma. */
static guint
get_component (const guint8 * line, gboolean deep, guint x, guint component)
{
  if (deep)
    return ((const guint16 *) line)[x * 4 + component];
  return line[x * 4 + component];
}

static guint
get_linear (const guint8 * row, gboolean deep, guint x)
{
  return deep ? row[x * 2] | (guint) row[x * 2 + 1] << 8 : row[x];
}

static void
compare (const GstVideoInfo * info, guint8 * data,
    const GstDmabufPixels * linear, const gchar * what)
{
  guint width = linear->width, height = linear->height, x, y;
  gboolean deep = linear->format.fourcc == DRM_FORMAT_P010;
  gpointer planes[GST_VIDEO_MAX_PLANES] = { data + info->offset[0],
    data + info->offset[1]
  };
  guint8 *line = g_malloc0 ((width + 64) * 8);

  for (y = 0; y < height; y++) {
    const guint8 *luma = linear->data[0] + (gsize) y * linear->strides[0];
    const guint8 *chroma =
        linear->data[1] + (gsize) (y / 2) * linear->strides[1];

    info->finfo->unpack_func (info->finfo, GST_VIDEO_PACK_FLAG_TRUNCATE_RANGE,
        line, planes, info->stride, 0, y, width);
    for (x = 0; x < width; x++) {
      if (get_component (line, deep, x, 1) != get_linear (luma, deep, x))
        fail ("%s %ux%u: luma %u,%u is %x, not %x", what, width, height, x, y,
            get_linear (luma, deep, x), get_component (line, deep, x, 1));
      if (get_component (line, deep, x, 2)
          != get_linear (chroma, deep, x / 2 * 2)
          || get_component (line, deep, x, 3)
          != get_linear (chroma, deep, x / 2 * 2 + 1))
        fail ("%s %ux%u: chroma of %u,%u differs", what, width, height, x, y);
    }
  }
  g_free (line);
}

static void
check_size (guint row, guint width, guint height)
{
  GstDmabufLayout tiled_layout, linear_layout;
  GstDmabufPixels tiled, linear;
  GuardedMemory tiled_memory, linear_memory;
  GstVideoFormat format =
      gst_video_format_from_string (formats[row].video_format);
  GError *error = NULL;
  GstVideoInfo info;

  fail_unless (gst_video_info_set_format (&info, format, width, height));
  make_layout (&tiled_layout, &info, formats[row].name);
  make_linear_layout (&linear_layout, get_linear_fourcc (formats[row].name),
      width, height, FALSE);
  guarded_memory_init (&tiled_memory, info.size);
  guarded_memory_init (&linear_memory, linear_layout.object_sizes[0]);
  fill_noise (tiled_memory.data, tiled_memory.size, width);
  make_pixels (&tiled, &tiled_layout, tiled_memory.data);
  make_pixels (&linear, &linear_layout, linear_memory.data);

  if (!gst_dmabuf_detile (&linear, &tiled, NULL, &error))
    fail ("%s: %s", formats[row].name, error->message);
  compare (&info, tiled_memory.data, &linear, formats[row].video_format);

  /* What we pack, GStreamer unpacks. */
  fill_noise (tiled_memory.data, tiled_memory.size, height);
  fail_unless (gst_dmabuf_tile (&tiled, &linear, NULL, NULL));
  compare (&info, tiled_memory.data, &linear, formats[row].video_format);

  guarded_memory_clear (&tiled_memory);
  guarded_memory_clear (&linear_memory);
}

GST_START_TEST (test_same_picture)
{
  guint major, minor, micro, nano, i;

  gst_version (&major, &minor, &micro, &nano);
  if (gst_video_format_from_string (formats[__i__].video_format)
      == GST_VIDEO_FORMAT_UNKNOWN) {
    fail_unless (minor < formats[__i__].since_minor);
    return;
  }
  for (i = 0; i < G_N_ELEMENTS (sizes); i++) {
    if (formats[__i__].any_width || sizes[i].width % 16 == 0)
      check_size (__i__, sizes[i].width, sizes[i].height);
  }
}

GST_END_TEST;

static Suite *
tilegstreamer_suite (void)
{
  Suite *suite = suite_create ("tilegstreamer");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_loop_test (tcase, test_same_picture, 0, G_N_ELEMENTS (formats));
  return suite;
}

DMABUF_TEST_MAIN (tilegstreamer_suite)
