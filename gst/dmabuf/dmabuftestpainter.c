/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Paints buffers and remembers which of them have the background already.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabuftestpainter.h"

#include "dmabuftestmap.h"

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

gboolean
dmabuf_test_painter_set_picture (DmabufTestPainter * painter,
    const GstDmabufVideoInfo * info, DmabufTestPatternConfig config)
{
  static gint last_serial = 0;

  config.fourcc = info->format.fourcc;
  config.width = (guint) GST_VIDEO_INFO_WIDTH (&info->vinfo);
  config.height = (guint) GST_VIDEO_INFO_HEIGHT (&info->vinfo);
  config.colorimetry = info->vinfo.colorimetry;

  dmabuf_test_painter_clear (painter);
  painter->pattern = dmabuf_test_pattern_new (&config);
  painter->info = *info;
  painter->serial = (guint) g_atomic_int_add (&last_serial, 1) + 1;

  return painter->pattern != NULL;
}

void
dmabuf_test_painter_clear (DmabufTestPainter * painter)
{
  g_clear_pointer (&painter->pattern, dmabuf_test_pattern_free);
}

gboolean
dmabuf_test_painter_paint (DmabufTestPainter * painter, GstBuffer * buffer,
    guint32 counter, GError ** error)
{
  GstMiniObject *object = GST_MINI_OBJECT_CAST (buffer);
  GQuark quark = get_background_quark ();
  gpointer serial = GUINT_TO_POINTER (painter->serial);
  gboolean keeps;
  DmabufTestMap map;

  g_assert (painter->pattern != NULL);
  if (!dmabuf_test_map (&map, buffer, &painter->info, error))
    return FALSE;

  /* With system caps, an element may paint into our memory in place, and the
   * buffer comes back with that. Elements that take dma-bufs as such do not. */
  keeps = painter->info.dialect != GST_DMABUF_DIALECT_SYSTEM;
  if (!keeps || gst_mini_object_get_qdata (object, quark) != serial)
    dmabuf_test_pattern_paint_background (painter->pattern, &map.canvas);
  if (keeps)
    gst_mini_object_set_qdata (object, quark, serial, NULL);
  dmabuf_test_pattern_paint_frame (painter->pattern, &map.canvas, counter);
  dmabuf_test_unmap (&map);

  return TRUE;
}
