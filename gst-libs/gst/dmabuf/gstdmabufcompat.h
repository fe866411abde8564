/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Private: what newer versions of GStreamer have and 1.22 has not. Each is
 * looked up by name, so that a build against the old one uses it on the new one.
 */
#pragma once

#include <gst/allocators/gstdmabuf.h>
#include <gst/video/video.h>

G_BEGIN_DECLS

/* Content of the field "format" of explicit caps. */
#define GST_DMABUF_COMPAT_DMA_DRM "DMA_DRM"

/* GST_VIDEO_FORMAT_DMA_DRM (Since: 1.24), GST_VIDEO_FORMAT_UNKNOWN before. */
static inline GstVideoFormat
gst_dmabuf_compat_get_dma_drm (void)
{
#if GST_CHECK_VERSION (1, 24, 0)
  return GST_VIDEO_FORMAT_DMA_DRM;
#else
  static gsize once = 0;

  /* The value is kept plus 1, because 0 means that it is not known yet. */
  if (g_once_init_enter (&once))
    g_once_init_leave (&once,
        1 + (gsize) gst_video_format_from_string (GST_DMABUF_COMPAT_DMA_DRM));
  return (GstVideoFormat) (once - 1);
#endif
}

G_END_DECLS
