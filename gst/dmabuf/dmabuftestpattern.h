/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The test picture: paints a pattern, a moving bar and a frame counter on
 * planes that somebody mapped, and reads the counter back. It knows pictures;
 * it knows nothing about buffers, dma-bufs or elements, so that any test can
 * use it.
 *
 * The picture
 * -----------
 * The background fills the frame and is the same in every frame. On frames of
 * at least 64x64 pixels the bottom eighth, from row
 * ROUND_DOWN_8 (height - height / 8) on, is black with a white bar of 16 pixels
 * that moves right by 8 pixels a frame.
 *
 * The frame counter
 * -----------------
 * On frames of at least 64x48 pixels the top left corner has 8 columns and 6
 * rows of cells, each 8x8 pixels, white for 1 and black for 0:
 *
 *   row 0  bits 31..24 of the counter, the highest bit at the left
 *   row 1  bits 23..16
 *   row 2  bits 15..8
 *   row 3  bits  7..0
 *   row 4  bits 15..8 of a CRC of the four bytes above, row 0 first
 *   row 5  bits  7..0 of that CRC
 *
 * The CRC is CRC-16 with polynomial 0x1021, start value 0xffff, no reflection,
 * no final XOR: neither an all-black nor an all-white corner is valid. Cells
 * are aligned to 8 pixels so that chroma subsampling and the block transforms
 * of codecs leave them intact. Smaller frames have no counter and no bar.
 */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

#define DMABUF_TEST_COUNTER_CELL 8
#define DMABUF_TEST_COUNTER_WIDTH 64
#define DMABUF_TEST_COUNTER_HEIGHT 48

typedef enum
{
  DMABUF_TEST_PATTERN_SMPTE,
  DMABUF_TEST_PATTERN_CHECKERS,
  DMABUF_TEST_PATTERN_GRADIENT,
  DMABUF_TEST_PATTERN_SOLID,
} DmabufTestPatternKind;

/* What to paint. */
typedef struct
{
  guint32 fourcc;
  guint width, height;          /* pixels */
  GstVideoColorimetry colorimetry;      /* matrix and range are used */
  DmabufTestPatternKind kind;
  guint32 argb;                 /* 0xAARRGGBB; the colour of SOLID, and the
                                   bright squares of CHECKERS */
  gboolean animated;            /* draw the moving bar and the counter */
} DmabufTestPatternConfig;

/* Where to paint: the first byte and the bytes a row of each plane. Mapped and
 * large enough; strides may be negative. */
typedef struct
{
  guint8 *data[4];
  gssize stride[4];
} DmabufTestCanvas;

/* A picture, its rows rendered already: painting is copying. Used by one thread
 * at a time. */
typedef struct _DmabufTestPattern DmabufTestPattern;

/* Returns: (transfer full) (nullable): a picture, or NULL if the fourcc cannot
 * be painted or the size is empty. */
DmabufTestPattern *dmabuf_test_pattern_new (
    const DmabufTestPatternConfig * config);

void     dmabuf_test_pattern_free (DmabufTestPattern * pattern);

/* Paints everything but the bar and the counter, every visible byte. Allocates
 * nothing, never reads the canvas (it may be uncached). */
void     dmabuf_test_pattern_paint_background (DmabufTestPattern * pattern,
    const DmabufTestCanvas * canvas);

/* Paints the bar and the counter of a frame on a canvas that has the
 * background and whatever bar and counter. Allocates nothing, never reads the
 * canvas. */
void     dmabuf_test_pattern_paint_frame (DmabufTestPattern * pattern,
    const DmabufTestCanvas * canvas, guint32 counter);

/* Reads the counter from a picture. Only plane 0 is needed (luma, or packed
 * pixels); the picture may have been through a limited-range conversion.
 *
 * @fourcc: of the picture that is read, any that can be painted
 * @plane: the top left pixel of the frame in plane 0; for packed pixels this
 *     may lie inside a larger picture
 * @stride: bytes a row
 * @counter: (out): set on success only
 *
 * At least 64x48 pixels must be readable.
 *
 * Returns: FALSE if there is no counter: a cell is neither black nor white, or
 *     the CRC is wrong.
 */
gboolean dmabuf_test_pattern_read_counter (guint32 fourcc,
    const guint8 * plane, gssize stride, guint32 * counter);

G_END_DECLS
