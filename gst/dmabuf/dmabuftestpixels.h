/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * How one colour becomes the bytes of a block of a plane, for every fourcc that
 * the test pattern paints, and back to brightness. It knows bits and colour
 * matrices; it knows nothing about pictures, memory or elements.
 */
#pragma once

#include <gst/video/video.h>
#include <gst/dmabuf/gstdmabufformatinfo.h>

G_BEGIN_DECLS

/* Straight (not premultiplied) R'G'B' and alpha, 0 to 65535 each. */
typedef struct
{
  guint16 r, g, b, a;
} DmabufTestColor;

/* Most pixels of a plane that one block covers. */
#define DMABUF_TEST_BLOCK_PIXELS 4

typedef struct _DmabufTestPixels DmabufTestPixels;

/* A fourcc together with the colours that its samples mean. Plain data, may be
 * copied; owns nothing. */
typedef struct
{
  const GstDmabufFormatInfo *info;
  const DmabufTestPixels *pixels;
  gint64 kr, kb;                /* weights of R' and B' in Y', in 1/10000 */
  gboolean limited;             /* 16..235, chroma 16..240, scaled by depth */
} DmabufTestEncoder;

/* Number of fourccs that can be painted, and the fourcc of one of them, in the
 * order in which the source prefers them when nobody else has an opinion.
 * Any thread. */
guint    dmabuf_test_pixels_n (void);
guint32  dmabuf_test_pixels_nth (guint i);

/* Prepares for fourcc with the matrix and range of colorimetry; what it leaves
 * unknown is taken as BT.601 limited range, for grey and RGB full range.
 * FALSE if the fourcc cannot be painted. Any thread. */
gboolean dmabuf_test_encoder_init (DmabufTestEncoder * encoder, guint32 fourcc,
    const GstVideoColorimetry * colorimetry);

/* Writes one block of plane to bytes, block_bytes[plane] of them. colors has
 * one colour for each of the block's pixels, block_width[plane] of them. */
void     dmabuf_test_encoder_write (const DmabufTestEncoder * encoder,
    guint plane, const DmabufTestColor * colors, guint8 * bytes);

/* Brightness 0 to 65535 of pixel x of a row that starts at bytes in plane 0: Y'
 * as it is stored, or green for RGB. Precise enough to tell black from white,
 * whatever the range. */
guint    dmabuf_test_pixels_read_luma (const DmabufTestEncoder * encoder,
    const guint8 * bytes, guint x);

/* 0xAARRGGBB as a colour. */
DmabufTestColor dmabuf_test_color_from_argb (guint32 argb);

G_END_DECLS
