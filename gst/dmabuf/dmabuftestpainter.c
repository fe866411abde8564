/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Paints buffers and remembers which of them have the background already.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabuftestpainter.h"

#include <gst/dmabuf/gstdmabufmappedframe.h>

#include "dmabuftestpixels.h"

/* Qdata of a buffer: the serial of the picture whose background it has. It
 * stays with a buffer that goes back to its pool. */
static GQuark
get_background_quark (void)
{
  static gsize quark;

  if (g_once_init_enter (&quark))
    g_once_init_leave (&quark,
        g_quark_from_static_string ("dmabuf-test-background"));

  return (GQuark) quark;
}

static DmabufTestCanvas
get_canvas (const GstDmabufPixels * pixels)
{
  DmabufTestCanvas canvas = { {NULL} };
  guint i;

  for (i = 0; i < pixels->n_planes; i++) {
    canvas.data[i] = pixels->data[i];
    canvas.stride[i] = (gssize) pixels->strides[i];
  }
  return canvas;
}

/* Memory for the rows of a tiled picture, with the background in it. */
static gboolean
make_rows (DmabufTestPainter * painter, guint32 fourcc, guint width,
    guint height)
{
  const GstDmabufFormat linear =
      GST_DMABUF_FORMAT_INIT (fourcc, GST_DMABUF_MOD_LINEAR);
  GstDmabufLayout layout;
  DmabufTestCanvas canvas;

  if (!gst_dmabuf_layout_compute (&layout, &linear, width, height, NULL, NULL))
    return FALSE;
  painter->memory = g_try_malloc0 (layout.object_sizes[0]);
  if (!painter->memory || !gst_dmabuf_pixels_init (&painter->rows, &layout,
          &painter->memory, NULL))
    return FALSE;

  canvas = get_canvas (&painter->rows);
  dmabuf_test_pattern_paint_background (painter->pattern, &canvas);
  return TRUE;
}

gboolean
dmabuf_test_painter_set_picture (DmabufTestPainter * painter,
    const GstDmabufVideoInfo * info, DmabufTestPatternConfig config)
{
  static gint last_serial = 0;
  GstDmabufTileInfo tile;
  DmabufTestEncoder encoder;
  gboolean tiled;

  /* Some linear formats that pack 10 bits are painted as they are. */
  tiled = !(gst_dmabuf_format_is_linear (&info->format)
      && dmabuf_test_encoder_init (&encoder, info->format.fourcc,
          &info->vinfo.colorimetry))
      && gst_dmabuf_tile_info_get (&info->format, &tile, NULL);
  config.fourcc = tiled ? tile.linear_fourcc : info->format.fourcc;
  config.width = (guint) GST_VIDEO_INFO_WIDTH (&info->vinfo);
  config.height = (guint) GST_VIDEO_INFO_HEIGHT (&info->vinfo);
  config.colorimetry = info->vinfo.colorimetry;

  dmabuf_test_painter_clear (painter);
  painter->pattern = dmabuf_test_pattern_new (&config);
  painter->info = *info;
  painter->serial = (guint) g_atomic_int_add (&last_serial, 1) + 1;

  return painter->pattern != NULL && (!tiled || make_rows (painter,
          config.fourcc, config.width, config.height));
}

void
dmabuf_test_painter_clear (DmabufTestPainter * painter)
{
  g_clear_pointer (&painter->pattern, dmabuf_test_pattern_free);
  g_clear_pointer (&painter->memory, g_free);
}

static void
paint_rows (DmabufTestPainter * painter, GstBuffer * buffer,
    const DmabufTestCanvas * canvas, guint32 counter)
{
  GstMiniObject *object = GST_MINI_OBJECT_CAST (buffer);
  GQuark quark = get_background_quark ();
  gpointer serial = GUINT_TO_POINTER (painter->serial);
  gboolean keeps;

  /* With system caps, an element may paint into our memory in place, and the
   * buffer comes back with that. Elements that take dma-bufs as such do not. */
  keeps = painter->info.dialect != GST_DMABUF_DIALECT_SYSTEM;
  if (!keeps || gst_mini_object_get_qdata (object, quark) != serial)
    dmabuf_test_pattern_paint_background (painter->pattern, canvas);
  if (keeps)
    gst_mini_object_set_qdata (object, quark, serial, NULL);
  dmabuf_test_pattern_paint_frame (painter->pattern, canvas, counter);
}

/* The whole picture each time: what moves does not lie in whole tiles. */
static gboolean
paint_tiles (DmabufTestPainter * painter, const GstDmabufPixels * tiles,
    guint32 counter, GError ** error)
{
  DmabufTestCanvas canvas = get_canvas (&painter->rows);

  dmabuf_test_pattern_paint_frame (painter->pattern, &canvas, counter);
  return gst_dmabuf_tile (tiles, &painter->rows, NULL, error);
}

gboolean
dmabuf_test_painter_paint (DmabufTestPainter * painter, GstBuffer * buffer,
    guint32 counter, GError ** error)
{
  /* The user said that caps without a modifier are linear. */
  GstDmabufVideoInfo info = painter->info;
  GstDmabufMappedFrame mapped;
  DmabufTestCanvas canvas;
  gboolean ok = TRUE;

  g_assert (painter->pattern != NULL);
  if (info.dialect == GST_DMABUF_DIALECT_LEGACY)
    info.format.modifier = GST_DMABUF_MOD_LINEAR;
  if (!gst_dmabuf_mapped_frame_map (&mapped, buffer, &info, GST_MAP_WRITE,
          error))
    return FALSE;

  if (painter->memory) {
    ok = paint_tiles (painter, &mapped.pixels, counter, error);
  } else {
    canvas = get_canvas (&mapped.pixels);
    paint_rows (painter, buffer, &canvas, counter);
  }
  gst_dmabuf_mapped_frame_unmap (&mapped);

  return ok;
}
