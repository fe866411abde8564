/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * GstVideoFormats and the drm-format of the same bytes, as GStreamer's own table
 * has them, read and not run: `video-info-dma.c` of a development version
 * between 1.26 and 1.28, with the formats whose documentation says 1.28. That
 * version still called the 10 and 12-bit planar ones I010 and so on, names that
 * the kernel never took; here they have those of drm_fourcc.h. A name that the
 * running GStreamer lacks is passed over.
 */
#pragma once

#include <glib.h>

static const struct
{
  const gchar *video_format, *drm_format;
} gstreamer_formats[] = {
  {"YUY2", "YUYV"},
  {"YVYU", "YVYU"},
  {"UYVY", "UYVY"},
  {"VYUY", "VYUY"},
  {"VUYA", "AYUV"},
  {"NV12", "NV12"},
  {"NV12_4L4", "NV12:0x0600000000000001"},
  {"NV12_64Z32", "NV12:0x0400000000000001"},
  {"NV12_16L32S", "NV12:0x0b00000000000001"},
  {"MT2110T", "NV15:0x0b00000000010001"},
  {"MT2110R", "NV15:0x0b00000000020001"},
  {"NV21", "NV21"},
  {"NV16", "NV16"},
  {"NV61", "NV61"},
  {"NV24", "NV24"},
  {"YUV9", "YUV9"},
  {"YVU9", "YVU9"},
  {"Y41B", "YU11"},
  {"I420", "YU12"},
  {"I420_10LE", "S010"},
  {"I422_10LE", "S210"},
  {"Y444_10LE", "S410"},
  {"I420_12LE", "S012"},
  {"I422_12LE", "S212"},
  {"Y444_12LE", "S412"},
  {"YV12", "YV12"},
  {"Y42B", "YU16"},
  {"Y444", "YU24"},
  {"RGB15", "XR15"},
  {"RGB16", "RG16"},
  {"BGR16", "BG16"},
  {"RGB", "BG24"},
  {"BGR", "RG24"},
  {"RGBA", "AB24"},
  {"RGBx", "XB24"},
  {"BGRA", "AR24"},
  {"BGRx", "XR24"},
  {"ARGB", "BA24"},
  {"xRGB", "BX24"},
  {"ABGR", "RA24"},
  {"xBGR", "RX24"},
  {"Y410", "Y410"},
  {"Y412_LE", "Y412"},
  {"Y210", "Y210"},
  {"Y212_LE", "Y212"},
  {"NV12_10LE40", "NV15"},
  {"NV12_10LE40_4L4", "NV15:0x0600000000000001"},
  {"P010_10LE", "P010"},
  {"P012_LE", "P012"},
  {"BGR10A2_LE", "AR30"},
  {"RGB10A2_LE", "AB30"},
  {"BGR10x2_LE", "XR30"},
  {"RGB10x2_LE", "XB30"},
  {"GRAY8", "R8  "},
  {"GRAY16_LE", "R16 "},
  {"GRAY16_BE", "R16 _BE"},
  {"NV16_10LE40", "NV20"},
};
