/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * B1 to B5: frames detiled, tiled, unpacked and packed, against memcpy() of
 * the same bytes, GStreamer's converter and libyuv, on a ring of frames that no
 * cache holds and on one frame.
 */
#include "config.h"

#include <gst/dmabuf/gstdmabuftile.h>
#include <gst/video/video.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LIBYUV
#include <libyuv/convert.h>
#endif

#include "rounds.h"

#define MAX_FRAMES 128

typedef struct
{
  const gchar *title;
  const gchar *format;
  const gchar *gst_format;      /* what GStreamer calls it, if it does */
  gboolean is_mm21;
  gboolean is_mt2110t;
} Row;

static const Row rows[] = {
  {"B1 MM21", "NV12:0x0b00000000000001", "NV12_16L32S", TRUE, FALSE},
  {"B1 Samsung 64x32", "NV12:0x0400000000000001", "NV12_64Z32", FALSE, FALSE},
  {"B1 16x16", "NV12:0x0400000000000002", NULL, FALSE, FALSE},
  {"B1 Allwinner 32x32", "NV12:0x0900000000000001", "NV12_32L32", FALSE,
      FALSE},
  {"B1 SAND128", "NV12:0x0700000000000004", NULL, FALSE, FALSE},
  {"B1 NVIDIA, 16 GOBs", "NV12:0x0300000000606014", NULL, FALSE, FALSE},
  {"B3 Vivante 4x4", "NV12:0x0600000000000001", "NV12_4L4", FALSE, FALSE},
  {"B4 Intel X", "XR24:0x0100000000000001", NULL, FALSE, FALSE},
  {"B4 Intel Y", "XR24:0x0100000000000002", NULL, FALSE, FALSE},
  {"B4 Intel 4", "XR24:0x0100000000000009", NULL, FALSE, FALSE},
  {"B4 Vivante 4x4", "XR24:0x0600000000000001", NULL, FALSE, FALSE},
  {"B4 AMD 64K_S", "XR24:0x0200000000000901", NULL, FALSE, FALSE},
  {"B4 AMD GFX12 64K", "XR24:0x0200000000000305", NULL, FALSE, FALSE},
  {"B4 Arm U-interleaved", "XR24:0x0810000000000001", NULL, FALSE, FALSE},
  {"B5 MT2110T", "NV15:0x0b00000000010001", "MT2110T", FALSE, TRUE},
  {"B5 MT2110R", "NV15:0x0b00000000020001", "MT2110R", FALSE, FALSE},
  {"B5 P030 SAND128", "P030:0x0700000000000004", NULL, FALSE, FALSE},
  {"B5 NV15 4x4", "NV15:0x0600000000000001", "NV12_10LE40_4L4", FALSE, FALSE},
};

typedef struct
{
  const Row *row;
  gboolean is_tile;
  guint width, height;
  GstDmabufLayout tiled_layout, linear_layout;
  guint n_frames;               /* different ones */
  guint n_runs;                 /* conversions of a round */
  guint8 *tiled[MAX_FRAMES], *linear[MAX_FRAMES];
  gsize copy_bytes;
  GstVideoConverter *converter;
  GstVideoInfo tiled_info, linear_info;
} Bench;

static void
run_ours (gpointer user_data)
{
  Bench *bench = user_data;
  GstDmabufPixels tiled, linear;
  guint i;

  for (i = 0; i < bench->n_runs; i++) {
    guint frame = i % bench->n_frames;

    gst_dmabuf_pixels_init (&tiled, &bench->tiled_layout,
        &bench->tiled[frame], NULL);
    gst_dmabuf_pixels_init (&linear, &bench->linear_layout,
        &bench->linear[frame], NULL);
    if (!(bench->is_tile ? gst_dmabuf_tile (&tiled, &linear, NULL, NULL)
            : gst_dmabuf_detile (&linear, &tiled, NULL, NULL)))
      g_error ("%s cannot be converted", bench->row->format);
  }
}

/* Half of what is read and written altogether. */
static void
run_memcpy (gpointer user_data)
{
  Bench *bench = user_data;
  guint i;

  for (i = 0; i < bench->n_runs; i++) {
    if (bench->is_tile)
      memcpy (bench->tiled[i % bench->n_frames],
          bench->linear[i % bench->n_frames], bench->copy_bytes);
    else
      memcpy (bench->linear[i % bench->n_frames],
          bench->tiled[i % bench->n_frames], bench->copy_bytes);
  }
}

static void
map_frame (GstVideoFrame * frame, const GstVideoInfo * info, guint8 * data,
    GstMapFlags flags)
{
  GstBuffer *buffer = gst_buffer_new_wrapped_full (0, data, info->size, 0,
      info->size, NULL, NULL);

  if (!gst_video_frame_map (frame, info, buffer, flags))
    g_error ("a frame cannot be mapped");
  gst_buffer_unref (buffer);
}

static void
run_converter (gpointer user_data)
{
  Bench *bench = user_data;
  GstVideoFrame tiled, linear;
  guint i;

  for (i = 0; i < bench->n_runs; i++) {
    map_frame (&tiled, &bench->tiled_info, bench->tiled[i % bench->n_frames],
        bench->is_tile ? GST_MAP_WRITE : GST_MAP_READ);
    map_frame (&linear, &bench->linear_info, bench->linear[i % bench->n_frames],
        bench->is_tile ? GST_MAP_READ : GST_MAP_WRITE);
    if (bench->is_tile)
      gst_video_converter_frame (bench->converter, &linear, &tiled);
    else
      gst_video_converter_frame (bench->converter, &tiled, &linear);
    gst_video_frame_unmap (&tiled);
    gst_video_frame_unmap (&linear);
  }
}

#ifdef HAVE_LIBYUV
static void
run_libyuv (gpointer user_data)
{
  Bench *bench = user_data;
  const GstDmabufPlane *t = bench->tiled_layout.planes;
  const GstDmabufPlane *l = bench->linear_layout.planes;
  guint i;

  for (i = 0; i < bench->n_runs; i++) {
    guint8 *in = bench->tiled[i % bench->n_frames], *out =
        bench->linear[i % bench->n_frames];

    if (bench->row->is_mm21)
      MM21ToNV12 (in, t[0].stride, in + t[1].offset, t[1].stride, out,
          l[0].stride, out + l[1].offset, l[1].stride, bench->width,
          bench->height);
    else
      MT2TToP010 (in, t[0].stride, in + t[1].offset, t[1].stride,
          (guint16 *) out, l[0].stride / 2, (guint16 *) (out + l[1].offset),
          l[1].stride / 2, bench->width, bench->height);
  }
}
#endif

/* The converter is given frames of the same size in GStreamer's layout. */
static void
make_converter (Bench * bench)
{
  GstVideoFormat tiled = GST_VIDEO_FORMAT_UNKNOWN;
  const GstDmabufFormatInfo *info =
      gst_dmabuf_format_info_get (bench->linear_layout.format.fourcc);

  bench->converter = NULL;
  if (bench->row->gst_format != NULL)
    tiled = gst_video_format_from_string (bench->row->gst_format);
  if (tiled == GST_VIDEO_FORMAT_UNKNOWN)
    return;
  gst_video_info_set_format (&bench->tiled_info, tiled, bench->width,
      bench->height);
  gst_video_info_set_format (&bench->linear_info, info->video_format,
      bench->width, bench->height);
  if (bench->is_tile)
    bench->converter = gst_video_converter_new (&bench->linear_info,
        &bench->tiled_info, NULL);
  else
    bench->converter = gst_video_converter_new (&bench->tiled_info,
        &bench->linear_info, NULL);
}

static void
make_layouts (Bench * bench)
{
  GstDmabufFormat format;
  GstDmabufTileInfo info;
  GstDmabufFormat linear = { 0, GST_DMABUF_MOD_LINEAR };

  if (!gst_dmabuf_format_parse (bench->row->format, &format, NULL)
      || !gst_dmabuf_tile_layout_compute (&bench->tiled_layout, &format,
          bench->width, bench->height, NULL, NULL)
      || !gst_dmabuf_tile_info_get (&format, &info, NULL))
    g_error ("%s has no layout", bench->row->format);
  linear.fourcc = info.linear_fourcc;
  if (!gst_dmabuf_layout_compute (&bench->linear_layout, &linear,
          bench->width, bench->height, NULL, NULL))
    g_error ("no linear layout");
}

static void
add_contender (Contender * contenders, guint * n, const gchar * name,
    void (*run) (gpointer), Bench * bench)
{
  contenders[*n].name = name;
  contenders[*n].run = run;
  contenders[*n].user_data = bench;
  (*n)++;
}

static void
compare (const Row * row, gboolean is_tile, gsize ring_bytes, guint n_rounds)
{
  Bench bench = {.row = row,.is_tile = is_tile,.width = 1920,.height = 1088 };
  Contender contenders[4] = {
    {"ours", run_ours, &bench},
    {"limit: memcpy", run_memcpy, &bench},
  };
  gsize tiled_size, linear_size;
  guint n = 2, i;
  gchar *title;

  make_layouts (&bench);
  make_converter (&bench);
  tiled_size = bench.tiled_layout.object_sizes[0];
  linear_size = bench.linear_layout.object_sizes[0];
  bench.copy_bytes = MIN ((tiled_size + linear_size) / 2,
      MIN (tiled_size, linear_size) / 64 * 64 * 2);
  if (bench.converter != NULL) {
    tiled_size = MAX (tiled_size, bench.tiled_info.size);
    linear_size = MAX (linear_size, bench.linear_info.size);
    add_contender (contenders, &n, "GstVideoConverter", run_converter, &bench);
  }
#ifdef HAVE_LIBYUV
  if ((row->is_mm21 || row->is_mt2110t) && !is_tile)
    add_contender (contenders, &n, "libyuv", run_libyuv, &bench);
#endif
  /* memcpy() of half of all bytes reaches beyond the smaller frame. */
  tiled_size = MAX (tiled_size, bench.copy_bytes);
  linear_size = MAX (linear_size, bench.copy_bytes);

  bench.n_frames = CLAMP (ring_bytes / (tiled_size + linear_size), 1,
      MAX_FRAMES);
  bench.n_runs = MAX (bench.n_frames, 16);
  for (i = 0; i < bench.n_frames; i++) {
    bench.tiled[i] = g_aligned_alloc (1, tiled_size, 4096);
    bench.linear[i] = g_aligned_alloc (1, linear_size, 4096);
    memset (bench.tiled[i], 0x55, tiled_size);
    memset (bench.linear[i], 0xaa, linear_size);
  }
  title = g_strdup_printf ("%s, %s: %ux%u, %u frames, %s", row->title,
      is_tile ? "tile" : "detile", bench.width, bench.height, bench.n_frames,
      gst_dmabuf_tile_get_cpu ());
  rounds_compare (title, contenders, n, bench.n_runs, n_rounds);
  g_free (title);

  for (i = 0; i < bench.n_frames; i++) {
    g_aligned_free (bench.tiled[i]);
    g_aligned_free (bench.linear[i]);
  }
  g_clear_pointer (&bench.converter, gst_video_converter_free);
}

/* usage: bench-tile [ROUNDS [RING_MIB [PART_OF_TITLE]]] */
int
main (int argc, char **argv)
{
  guint n_rounds = argc > 1 ? atoi (argv[1]) : 31;
  gsize ring_bytes = (argc > 2 ? atoi (argv[2]) : 512) * (gsize) 1048576;
  guint i;

  gst_init (NULL, NULL);
  rounds_pin (0);
  for (i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (argc > 3 && strstr (rows[i].title, argv[3]) == NULL)
      continue;
    compare (&rows[i], FALSE, ring_bytes, n_rounds);
    compare (&rows[i], TRUE, ring_bytes, n_rounds);
  }
  return 0;
}
