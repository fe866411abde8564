/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What Linux 7.2 says of each fourcc, so that our table has somebody to agree
 * with: drm_format_info() of drivers/gpu/drm/drm_fourcc.c, one row for all
 * fourccs of the same shape, and the fourccs of drm_fourcc.h that it has no
 * facts for.
 */
#pragma once

#include <glib.h>

/* bytes 0: no linear layout, or blocks of more rows than one. */
static const struct
{
  const gchar *fourccs;         /* of four characters each */
  guint8 n_planes, bytes[3], pixels[3];
  guint8 w_sub, h_sub;          /* factors */
  gboolean alpha, yuv;
} kernel_formats[] = {
  {"C1  D1  R1  ", 1, {1}, {8}, 1, 1, FALSE, FALSE},
  {"C2  D2  R2  ", 1, {1}, {4}, 1, 1, FALSE, FALSE},
  {"C4  D4  R4  ", 1, {1}, {2}, 1, 1, FALSE, FALSE},
  {"C8  D8  R8  RGB8BGR8", 1, {1}, {1}, 1, 1, FALSE, FALSE},
  {"R10 R12 XR12XB12RX12BX12XR15XB15RX15BX15RG16BG16",
      1, {2}, {1}, 1, 1, FALSE, FALSE},
  {"AR12AB12RA12BA12AR15AB15RA15BA15", 1, {2}, {1}, 1, 1, TRUE, FALSE},
  {"BG24RG24", 1, {3}, {1}, 1, 1, FALSE, FALSE},
  {"XR24XB24RX24BX24XR30XB30RX30BX30", 1, {4}, {1}, 1, 1, FALSE, FALSE},
  {"R5A8B5A8", 2, {2, 1}, {1, 1}, 1, 1, TRUE, FALSE},
  {"AR30AB30RA30BA30AR24AB24RA24BA24", 1, {4}, {1}, 1, 1, TRUE, FALSE},
  {"RG48BG48", 1, {6}, {1}, 1, 1, FALSE, FALSE},
  {"XR4HXB4HXR48XB48", 1, {8}, {1}, 1, 1, FALSE, FALSE},
  {"AR4HAB4HAB10AR48AB48", 1, {8}, {1}, 1, 1, TRUE, FALSE},
  {"R8A8B8A8", 2, {3, 1}, {1, 1}, 1, 1, TRUE, FALSE},
  {"XRA8XBA8RXA8BXA8", 2, {4, 1}, {1, 1}, 1, 1, TRUE, FALSE},
  {"YUV9YVU9", 3, {1, 1, 1}, {1, 1, 1}, 4, 4, FALSE, TRUE},
  {"YU11YV11", 3, {1, 1, 1}, {1, 1, 1}, 4, 1, FALSE, TRUE},
  {"YU12YV12", 3, {1, 1, 1}, {1, 1, 1}, 2, 2, FALSE, TRUE},
  {"YU16YV16", 3, {1, 1, 1}, {1, 1, 1}, 2, 1, FALSE, TRUE},
  {"YU24YV24", 3, {1, 1, 1}, {1, 1, 1}, 1, 1, FALSE, TRUE},
  {"GREY", 1, {1}, {1}, 1, 1, FALSE, TRUE},
  {"NV12NV21", 2, {1, 2}, {1, 1}, 2, 2, FALSE, TRUE},
  {"NV16NV61", 2, {1, 2}, {1, 1}, 2, 1, FALSE, TRUE},
  {"NV24NV42", 2, {1, 2}, {1, 1}, 1, 1, FALSE, TRUE},
  {"YUYVYVYUUYVYVYUY", 1, {2}, {1}, 2, 1, FALSE, TRUE},
  {"XYUVXY30XV30", 1, {4}, {1}, 1, 1, FALSE, TRUE},
  {"VU24", 1, {3}, {1}, 1, 1, FALSE, TRUE},
  {"AYUVY410", 1, {4}, {1}, 1, 1, TRUE, TRUE},
  {"Y210Y212Y216", 1, {4}, {1}, 2, 1, FALSE, TRUE},
  {"Y412Y416", 1, {8}, {1}, 1, 1, TRUE, TRUE},
  {"XV36XV48", 1, {8}, {1}, 1, 1, FALSE, TRUE},
  {"Y0L0Y0L2", 1, {0}, {0}, 2, 2, TRUE, TRUE},
  {"X0L0X0L2", 1, {0}, {0}, 2, 2, FALSE, TRUE},
  {"P010P012P016", 2, {2, 4}, {1, 1}, 2, 2, FALSE, TRUE},
  {"P210", 2, {2, 4}, {1, 1}, 2, 1, FALSE, TRUE},
  {"VU30", 1, {0}, {0}, 1, 1, FALSE, TRUE},
  {"YU08YU10", 1, {0}, {0}, 2, 2, FALSE, TRUE},
  {"NV15", 2, {5, 5}, {4, 2}, 2, 2, FALSE, TRUE},
  {"NV20", 2, {5, 5}, {4, 2}, 2, 1, FALSE, TRUE},
  {"NV30", 2, {5, 5}, {4, 2}, 1, 1, FALSE, TRUE},
  {"Q410Q401S410S412S416", 3, {2, 2, 2}, {1, 1, 1}, 1, 1, FALSE, TRUE},
  {"P030", 2, {4, 8}, {3, 3}, 2, 2, FALSE, TRUE},
  {"P230", 2, {4, 8}, {3, 3}, 2, 1, FALSE, TRUE},
  {"S010S012S016", 3, {2, 2, 2}, {1, 1, 1}, 2, 2, FALSE, TRUE},
  {"S210S212S216", 3, {2, 2, 2}, {1, 1, 1}, 2, 1, FALSE, TRUE},
  {"YPA4", 1, {4}, {3}, 1, 1, FALSE, TRUE},
  {"T430", 3, {4, 4, 4}, {3, 3, 3}, 1, 1, FALSE, TRUE},
};

static const gchar kernel_formats_without_facts[] =
    "R16 RG88GR88RG32GR32R  HGR HBGRHR  FGR FBGRFAB8FAVUYXVUY";
