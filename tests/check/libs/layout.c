/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Layouts: computed ones are compared with GstVideoInfo's and checked for every
 * linear fourcc, and layouts from outside are bent one number at a time.
 */
#include "dmabuftest.h"

#include <drm_fourcc.h>
#include <gst/dmabuf/gstdmabuflayout.h>

static const struct
{
  guint width, height;
} sizes[] = {
  {1, 1}, {2, 2}, {3, 3}, {5, 7}, {16, 16}, {17, 1}, {1, 17}, {322, 241},
  {639, 479}, {641, 481}, {1366, 768}, {1919, 1079}, {1920, 1080}, {8193, 1},
  {3840, 2160}, {4093, 4095},
};

/* Where this library differs from GstVideoInfo on purpose: at sizes that are no
 * multiple of these, and why. */
static const struct
{
  GstVideoFormat format;
  guint width, height;
  const gchar *why;
} differences[] = {
  {GST_VIDEO_FORMAT_Y210, 2, 1, "rows of whole 8-byte blocks of 2 pixels"},
  {GST_VIDEO_FORMAT_Y212_LE, 2, 1, "rows of whole 8-byte blocks of 2 pixels"},
  {GST_VIDEO_FORMAT_NV12_10LE32, 6, 1, "chroma in whole 8-byte blocks"},
  {GST_VIDEO_FORMAT_NV16_10LE32, 6, 1, "chroma in whole 8-byte blocks"},
  {GST_VIDEO_FORMAT_I422_10LE, 1, 2, "no chroma row is shared by two rows"},
  {GST_VIDEO_FORMAT_I422_12LE, 1, 2, "no chroma row is shared by two rows"},
  {GST_VIDEO_FORMAT_GRAY10_LE32, 1, 2, "no row more than the picture has"},
  {GST_VIDEO_FORMAT_YUV9, 1, 4, "plane 0 has whole chroma rows, as in YU12"},
  {GST_VIDEO_FORMAT_YVU9, 1, 4, "plane 0 has whole chroma rows, as in YU12"},
};

static gboolean
is_intended_difference (GstVideoFormat format, guint width, guint height)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (differences); i++) {
    if (differences[i].format == format)
      return width % differences[i].width != 0
          || height % differences[i].height != 0;
  }
  return FALSE;
}

static const GstDmabufFormatInfo *
nth_linear (guint index)
{
  const GstDmabufFormatInfo *info = gst_dmabuf_format_info_nth (index);

  return info->is_linear ? info : NULL;
}

static GstDmabufFormat
linear (guint32 fourcc)
{
  return (GstDmabufFormat) GST_DMABUF_FORMAT_INIT (fourcc,
      GST_DMABUF_MOD_LINEAR);
}

static void
compare_with_video_info (const GstDmabufFormatInfo * info, guint width,
    guint height)
{
  GstDmabufFormat format = linear (info->fourcc);
  GstDmabufLayout layout;
  GstVideoInfo vinfo;
  guint i;

  fail_unless (gst_video_info_set_format (&vinfo, info->video_format, width,
          height));
  fail_unless (gst_dmabuf_layout_compute (&layout, &format, width, height, NULL,
          NULL));

#define SAME(what, ours, theirs) \
  fail_unless ((guint64) (ours) == (guint64) (theirs), \
      "%s %ux%u: %s is %" G_GUINT64_FORMAT ", GStreamer has %" \
      G_GUINT64_FORMAT, gst_video_format_to_string (info->video_format), \
      width, height, what, (guint64) (ours), (guint64) (theirs))

  SAME ("plane count", layout.n_planes, GST_VIDEO_INFO_N_PLANES (&vinfo));
  for (i = 0; i < layout.n_planes; i++) {
    SAME ("stride", layout.planes[i].stride,
        GST_VIDEO_INFO_PLANE_STRIDE (&vinfo, i));
    SAME ("offset", layout.planes[i].offset,
        GST_VIDEO_INFO_PLANE_OFFSET (&vinfo, i));
  }
  SAME ("size", layout.object_sizes[0], GST_VIDEO_INFO_SIZE (&vinfo));
#undef SAME
}

GST_START_TEST (test_default_is_that_of_gstreamer)
{
  guint i, j, compared = 0;

  for (i = 0; i < gst_dmabuf_format_info_n (); i++) {
    const GstDmabufFormatInfo *info = nth_linear (i);

    if (info == NULL || info->video_format == GST_VIDEO_FORMAT_UNKNOWN)
      continue;
    for (j = 0; j < G_N_ELEMENTS (sizes); j++) {
      if (!is_intended_difference (info->video_format, sizes[j].width,
              sizes[j].height))
        compare_with_video_info (info, sizes[j].width, sizes[j].height);
    }
    compared++;
  }
  /* 1.22 has this many; a table that lost its formats would pass otherwise. */
  fail_unless (compared >= 40, "compared %u formats", compared);
}

GST_END_TEST;

static const GstDmabufConstraints constraint_rows[] = {
  {0},
  {.stride_align = 2},
  {.stride_align = 16,.height_align = 16},
  {.stride_align = 64,.offset_align = 4096,.size_align = 4096},
  {.stride_align = 256,.offset_align = 256,.height_align = 32},
  {.stride_align = 96,.offset_align = 3,.size_align = 7},
  {.stride_align = 5},
  {.height_align = 3,.offset_align = 1000},
};

static void
check_constrained (const GstDmabufFormatInfo * info, guint width, guint height,
    const GstDmabufConstraints * constraints)
{
  GstDmabufFormat format = linear (info->fourcc);
  GstDmabufLayout layout;
  GError *error = NULL;
  const guint64 height_align = MAX (constraints->height_align, 1);
  guint64 room0 = 0, previous_end = 0;
  guint i;

  fail_unless (gst_dmabuf_layout_compute (&layout, &format, width, height,
          constraints, NULL));
  fail_unless (gst_dmabuf_layout_check (&layout, &error), "%s",
      error ? error->message : "");

  for (i = 0; i < layout.n_planes; i++) {
    const GstDmabufPlane *plane = &layout.planes[i];
    guint64 rows = gst_dmabuf_format_info_plane_height (info, i, height);
    guint64 row = gst_dmabuf_format_info_plane_row_bytes (info, i, width);

    fail_unless (plane->stride % MAX (constraints->stride_align, 1) == 0);
    fail_unless (plane->offset % MAX (constraints->offset_align, 1) == 0);
    fail_unless (plane->offset >= previous_end);
    fail_unless (plane->size == plane->stride * (rows - 1) + row);
    fail_unless (plane->offset + plane->stride * rows
        <= layout.object_sizes[0]);
    previous_end = plane->offset + plane->size;

    if (i == 0) {
      room0 = (layout.n_planes > 1 ? layout.planes[1].offset
          : layout.object_sizes[0]) / plane->stride;
      fail_unless (room0 >= (height + height_align - 1) / height_align
          * height_align);
    } else if (constraints->stride_align > 1) {
      /* As many pixels in a row of each plane: s0 / bytes a pixel. */
      guint64 pixels0 = (guint64) layout.planes[0].stride
          * info->block_width[0] * info->block_bytes[i];
      guint64 pixels = (guint64) plane->stride * info->block_width[i]
          * info->block_bytes[0];

      fail_unless (pixels << info->w_sub == pixels0,
          "%s: stride %u beside %u", info->description, plane->stride,
          layout.planes[0].stride);
    }
  }
  fail_unless (layout.object_sizes[0] % MAX (constraints->size_align, 1) == 0);
  assert_equals_int (layout.n_objects, 1);
}

GST_START_TEST (test_constraints_are_met)
{
  const GstDmabufConstraints *constraints = &constraint_rows[__i__];
  guint i, j;

  for (i = 0; i < gst_dmabuf_format_info_n (); i++) {
    const GstDmabufFormatInfo *info = nth_linear (i);

    for (j = 0; info != NULL && j < G_N_ELEMENTS (sizes); j++)
      check_constrained (info, sizes[j].width, sizes[j].height, constraints);
  }
}

GST_END_TEST;

/* Layouts by hand, from drm_fourcc.h and the documented rules. */
static const struct
{
  guint32 fourcc;
  guint width, height;
  GstDmabufConstraints constraints;
  guint n_planes, strides[4];
  gsize offsets[4], size;
} known[] = {
  {DRM_FORMAT_XRGB8888, 1920, 1080, {0}, 1, {7680}, {0}, 8294400},
  {DRM_FORMAT_NV12, 1920, 1080, {.height_align = 16}, 2, {1920, 1920},
      {0, 2088960}, 3133440},
  {DRM_FORMAT_NV12, 5, 5, {0}, 2, {8, 8}, {0, 48}, 72},
  {DRM_FORMAT_YUV420, 10, 2, {0}, 3, {12, 8, 8}, {0, 24, 32}, 40},
  {DRM_FORMAT_YUV420, 10, 2, {.stride_align = 8}, 3, {16, 8, 8}, {0, 32, 40},
      48},
  {DRM_FORMAT_YUV420, 640, 480, {.stride_align = 96}, 3, {768, 384, 384},
      {0, 368640, 460800}, 552960},
  {DRM_FORMAT_NV24, 10, 2, {.stride_align = 16}, 2, {16, 32}, {0, 32}, 96},
  {DRM_FORMAT_NV15, 6, 4, {0}, 2, {10, 10}, {0, 40}, 60},
  {DRM_FORMAT_NV15, 6, 4, {.stride_align = 64}, 2, {64, 64}, {0, 256}, 384},
  {DRM_FORMAT_P010, 3, 3, {0}, 2, {8, 8}, {0, 32}, 48},
  {DRM_FORMAT_R8, 3, 2, {.size_align = 4096}, 1, {4}, {0}, 4096},
  {DRM_FORMAT_YUYV, 3, 1, {0}, 1, {8}, {0}, 8},
};

GST_START_TEST (test_known_layouts)
{
  GstDmabufFormat format = linear (known[__i__].fourcc);
  GstDmabufLayout layout;
  guint i;

  fail_unless (gst_dmabuf_layout_compute (&layout, &format, known[__i__].width,
          known[__i__].height, &known[__i__].constraints, NULL));
  assert_equals_int (layout.n_planes, known[__i__].n_planes);
  for (i = 0; i < layout.n_planes; i++) {
    assert_equals_int (layout.planes[i].stride, known[__i__].strides[i]);
    assert_equals_uint64 (layout.planes[i].offset, known[__i__].offsets[i]);
  }
  assert_equals_uint64 (layout.object_sizes[0], known[__i__].size);
}

GST_END_TEST;

static const struct
{
  GstDmabufFormat format;
  guint width, height;
  GstDmabufConstraints constraints;
  GstDmabufError code;
} uncomputable[] = {
  {{DRM_FORMAT_NV12, 0}, 0, 1080, {0}, GST_DMABUF_ERROR_INVALID},
  {{DRM_FORMAT_NV12, 0}, 1920, 0, {0}, GST_DMABUF_ERROR_INVALID},
  {{DRM_FORMAT_NV12, GST_DMABUF_MOD_INVALID}, 64, 64, {0},
      GST_DMABUF_ERROR_UNSUPPORTED},
  {{DRM_FORMAT_NV12, 1}, 64, 64, {0}, GST_DMABUF_ERROR_UNSUPPORTED},
  {{0x5a5a5a5a, 0}, 64, 64, {0}, GST_DMABUF_ERROR_UNSUPPORTED},
  {{DRM_FORMAT_XRGB8888, 0}, 65535, 65535, {0}, GST_DMABUF_ERROR_UNSUPPORTED},
  {{DRM_FORMAT_NV12, 0}, 65535, 65535, {0}, GST_DMABUF_ERROR_UNSUPPORTED},
  {{DRM_FORMAT_R8, 0}, 65536, 65536, {0}, GST_DMABUF_ERROR_UNSUPPORTED},
  {{DRM_FORMAT_XRGB8888, 0}, G_MAXUINT, 1, {0}, GST_DMABUF_ERROR_UNSUPPORTED},
  {{DRM_FORMAT_ABGR16161616F, 0}, G_MAXUINT, G_MAXUINT, {0},
      GST_DMABUF_ERROR_UNSUPPORTED},
  {{DRM_FORMAT_YUV420, 0}, G_MAXUINT, G_MAXUINT, {.stride_align = 1 << 30,
          .height_align = 1 << 30}, GST_DMABUF_ERROR_UNSUPPORTED},
  {{DRM_FORMAT_NV12, 0}, 64, 64, {.stride_align = G_MAXUINT,.offset_align =
            G_MAXUINT}, GST_DMABUF_ERROR_UNSUPPORTED},
};

GST_START_TEST (test_uncomputable)
{
  GstDmabufLayout layout = {.width = 12345 };
  GError *error = NULL;

  fail_if (gst_dmabuf_layout_compute (&layout, &uncomputable[__i__].format,
          uncomputable[__i__].width, uncomputable[__i__].height,
          &uncomputable[__i__].constraints, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          uncomputable[__i__].code), "%s", error->message);
  assert_equals_int (layout.width, 12345);
  g_clear_error (&error);
}

GST_END_TEST;

GST_START_TEST (test_largest)
{
  GstDmabufFormat format = linear (DRM_FORMAT_R8);
  GstDmabufLayout layout;

  /* 65535 * 65536 is the last size of a 65535-pixel square below 4 GiB. */
  fail_unless (gst_dmabuf_layout_compute (&layout, &format, 65535, 65535, NULL,
          NULL));
  assert_equals_uint64 (layout.object_sizes[0],
      G_GUINT64_CONSTANT (4294901760));
  fail_unless (gst_dmabuf_layout_check (&layout, NULL));
}

GST_END_TEST;

/* NV12 64x64 in one object, the last row of chroma as short as it may be. */
static const GstDmabufLayout sound = {
  {DRM_FORMAT_NV12, 0}, 64, 64, 2,
  {{0, 0, 80, 0}, {0, 8192, 80, 0}}, 1, {8192 + 80 * 31 + 64}
};

static const struct
{
  const gchar *name, *says;
  GstDmabufError code;
  gsize field;                  /* offset of the number to change */
  gsize bytes;
  guint64 value;
} broken[] = {
#define N(field) G_STRUCT_OFFSET (GstDmabufLayout, field), \
    sizeof (((GstDmabufLayout *) 0)->field)
  {"no width", "0x64", GST_DMABUF_ERROR_INVALID, N (width), 0},
  {"no height", "64x0", GST_DMABUF_ERROR_INVALID, N (height), 0},
  {"no plane", "0 planes", GST_DMABUF_ERROR_INVALID, N (n_planes), 0},
  {"one plane", "1 planes", GST_DMABUF_ERROR_INVALID, N (n_planes), 1},
  {"three planes", "3 planes", GST_DMABUF_ERROR_INVALID, N (n_planes), 3},
  {"five planes", "5 planes", GST_DMABUF_ERROR_INVALID, N (n_planes), 5},
  {"2^32 - 1 planes", "4294967295 planes", GST_DMABUF_ERROR_INVALID,
      N (n_planes), G_MAXUINT},
  {"no object", "0 memory", GST_DMABUF_ERROR_INVALID, N (n_objects), 0},
  {"five objects", "5 memory", GST_DMABUF_ERROR_INVALID, N (n_objects), 5},
  {"object index", "object 1", GST_DMABUF_ERROR_INVALID, N (planes[1].object),
      1},
  {"object index, far", "object 4294967295", GST_DMABUF_ERROR_INVALID,
      N (planes[0].object), G_MAXUINT},
  {"stride of zero", "stride of 0 ", GST_DMABUF_ERROR_INVALID,
      N (planes[0].stride), 0},
  {"stride below a row", "stride of 63 ", GST_DMABUF_ERROR_INVALID,
      N (planes[1].stride), 63},
  {"stride beyond", "stride 4294967295", GST_DMABUF_ERROR_INVALID,
      N (planes[1].stride), G_MAXUINT},
  {"offset one too far", "offset 8193", GST_DMABUF_ERROR_INVALID,
      N (planes[1].offset), 8193},
  {"offset at the end", "begins at 10736", GST_DMABUF_ERROR_INVALID,
      N (planes[1].offset), 10736},
  {"offset that wraps", "18446744073709551615", GST_DMABUF_ERROR_INVALID,
      N (planes[1].offset), G_MAXUINT64},
  {"one byte short", "10735 bytes of object 0", GST_DMABUF_ERROR_INVALID,
      N (object_sizes[0]), 10735},
  {"a page short", "6640 bytes of object 0", GST_DMABUF_ERROR_INVALID,
      N (object_sizes[0]), 10736 - 4096},
  {"empty object", "beyond the 0 bytes", GST_DMABUF_ERROR_INVALID,
      N (object_sizes[0]), 0},
  {"twice the width", "stride of 80 ", GST_DMABUF_ERROR_INVALID, N (width),
      128},
  {"largest width", "a row takes", GST_DMABUF_ERROR_INVALID, N (width),
      G_MAXUINT},
  {"taller", "beyond", GST_DMABUF_ERROR_INVALID, N (height), 66},
  {"largest height", "beyond", GST_DMABUF_ERROR_INVALID, N (height),
      G_MAXUINT},
#undef N
};

static void
bend (GstDmabufLayout * layout, gsize field, gsize bytes, guint64 value)
{
  guint32 narrow = (guint32) value;

  if (bytes == sizeof (narrow))
    memcpy ((guint8 *) layout + field, &narrow, bytes);
  else
    memcpy ((guint8 *) layout + field, &value, bytes);
}

GST_START_TEST (test_check_refuses)
{
  GstDmabufLayout layout = sound;
  GError *error = NULL;

  fail_unless (gst_dmabuf_layout_check (&layout, NULL));
  bend (&layout, broken[__i__].field, broken[__i__].bytes, broken[__i__].value);
  fail_if (gst_dmabuf_layout_check (&layout, &error), "%s passed",
      broken[__i__].name);
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR, broken[__i__].code));
  fail_unless (strstr (error->message, broken[__i__].says) != NULL,
      "%s: '%s' is not in '%s'", broken[__i__].name, broken[__i__].says,
      error->message);
  fail_if (gst_dmabuf_layout_check (&layout, NULL));
  g_clear_error (&error);
}

GST_END_TEST;

GST_START_TEST (test_check_offset_beyond_32_bits)
{
  GstDmabufLayout layout = sound;
  GError *error = NULL;

  layout.planes[1].offset = (gsize) G_MAXUINT32 + 1;
  layout.object_sizes[0] = (gsize) G_MAXUINT32 *2;
  fail_if (gst_dmabuf_layout_check (&layout, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_UNSUPPORTED));
  g_clear_error (&error);
}

GST_END_TEST;

GST_START_TEST (test_check_object_per_plane)
{
  GstDmabufLayout layout = sound;

  layout.n_objects = 2;
  layout.planes[1].object = 1;
  layout.planes[1].offset = 0;
  layout.object_sizes[0] = 80 * 63 + 64;
  layout.object_sizes[1] = 80 * 31 + 64;
  fail_unless (gst_dmabuf_layout_check (&layout, NULL));
  layout.object_sizes[1]--;
  fail_if (gst_dmabuf_layout_check (&layout, NULL));
}

GST_END_TEST;

/* Of an implicit, a vendor's and an unknown layout only bounds are known. */
static const GstDmabufFormat opaque_formats[] = {
  {DRM_FORMAT_NV12, GST_DMABUF_MOD_INVALID},
  {DRM_FORMAT_NV12, I915_FORMAT_MOD_Y_TILED},
  {0x5a5a5a5a, 0x0500000000001234},
};

GST_START_TEST (test_check_opaque)
{
  GstDmabufLayout layout = sound;

  layout.format = opaque_formats[__i__];
  layout.object_sizes[0] = 8193;
  fail_unless (gst_dmabuf_layout_check (&layout, NULL));

  layout.n_planes = 4;
  layout.planes[2] = (GstDmabufPlane) {
  0, 4096, 0, 0};
  layout.planes[3] = (GstDmabufPlane) {
  0, 8192, 0, 1};
  fail_unless (gst_dmabuf_layout_check (&layout, NULL));
  layout.planes[3].size = 2;
  fail_if (gst_dmabuf_layout_check (&layout, NULL));
  layout.planes[3].size = G_MAXSIZE;
  fail_if (gst_dmabuf_layout_check (&layout, NULL));

  layout = sound;
  layout.format = opaque_formats[__i__];
  layout.object_sizes[0] = 8192;
  fail_if (gst_dmabuf_layout_check (&layout, NULL));
  layout.object_sizes[0] = 8193;
  layout.planes[0].stride = 0;
  fail_if (gst_dmabuf_layout_check (&layout, NULL));
}

GST_END_TEST;

GST_START_TEST (test_equal_and_hash)
{
  GstDmabufLayout a = sound, b = sound;
  guint i;

  b.planes[0].size = 77;
  fail_unless (gst_dmabuf_layout_equal (&a, &b));
  fail_unless (gst_dmabuf_layout_hash (&a) == gst_dmabuf_layout_hash (&b));
  b = sound;
  b.format.modifier = GST_DMABUF_MOD_INVALID;
  fail_if (gst_dmabuf_layout_equal (&a, &b));

  for (i = 0; i < G_N_ELEMENTS (broken); i++) {
    b = sound;
    bend (&b, broken[i].field, broken[i].bytes, broken[i].value);
    fail_if (gst_dmabuf_layout_equal (&a, &b), "%s", broken[i].name);
  }
}

GST_END_TEST;

GST_START_TEST (test_to_string_of_anything)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (broken); i++) {
    GstDmabufLayout layout = sound;
    gchar *text;

    bend (&layout, broken[i].field, broken[i].bytes, broken[i].value);
    text = gst_dmabuf_layout_to_string (&layout);
    fail_unless (g_str_has_prefix (text, "NV12"));
    g_free (text);
  }
}

GST_END_TEST;

GST_START_TEST (test_pad_and_crop)
{
  GstDmabufFormat format = linear (DRM_FORMAT_NV12);
  GstDmabufFormat packed = linear (DRM_FORMAT_NV15);
  GstVideoAlignment alignment;
  GstVideoRectangle rectangle = { 0, 0, 30, 20 };
  guint width = 30, height = 20;
  GstDmabufLayout layout;

  gst_video_alignment_reset (&alignment);
  alignment.padding_left = 3;
  alignment.padding_top = 1;
  alignment.padding_right = 6;
  alignment.padding_bottom = 7;
  fail_unless (gst_dmabuf_layout_pad (&format, &alignment, &width, &height,
          NULL));
  assert_equals_int (alignment.padding_left, 4);
  assert_equals_int (alignment.padding_top, 2);
  assert_equals_int (width, 40);
  assert_equals_int (height, 29);

  fail_unless (gst_dmabuf_layout_compute (&layout, &format, width, height, NULL,
          NULL));
  rectangle.x = 4;
  rectangle.y = 2;
  fail_unless (gst_dmabuf_layout_crop (&layout, &rectangle, NULL));
  assert_equals_int (layout.width, 30);
  assert_equals_int (layout.height, 20);
  assert_equals_int (layout.planes[0].stride, 40);
  assert_equals_uint64 (layout.planes[0].offset, 2 * 40 + 4);
  assert_equals_uint64 (layout.planes[1].offset, 30 * 40 + 40 + 4);
  assert_equals_uint64 (layout.planes[1].size, 40 * 9 + 30);
  fail_unless (gst_dmabuf_layout_check (&layout, NULL));

  /* 5-byte groups of 4 pixels are not cut. */
  fail_unless (gst_dmabuf_layout_compute (&layout, &packed, 64, 64, NULL,
          NULL));
  rectangle.x = 6;
  fail_if (gst_dmabuf_layout_crop (&layout, &rectangle, NULL));
  rectangle.x = 8;
  fail_unless (gst_dmabuf_layout_crop (&layout, &rectangle, NULL));
  assert_equals_uint64 (layout.planes[0].offset, 2 * 80 + 10);
  assert_equals_uint64 (layout.planes[1].offset, 64 * 80 + 80 + 10);
}

GST_END_TEST;

static const GstVideoRectangle bad_rectangles[] = {
  {-2, 0, 10, 10}, {0, -2, 10, 10}, {0, 0, 0, 10}, {0, 0, 10, 0},
  {0, 0, 66, 10}, {0, 0, 10, 66}, {60, 0, 6, 10}, {1, 0, 10, 10},
  {0, 1, 10, 10}, {G_MAXINT - 1, 0, G_MAXINT, 10}, {0, 0, -10, 10},
};

GST_START_TEST (test_crop_refuses)
{
  GstDmabufLayout layout = sound;
  GError *error = NULL;

  fail_if (gst_dmabuf_layout_crop (&layout, &bad_rectangles[__i__], &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  fail_unless (gst_dmabuf_layout_equal (&layout, &sound));
  g_clear_error (&error);
}

GST_END_TEST;

static Suite *
layout_suite (void)
{
  Suite *suite = suite_create ("layout");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  tcase_add_test (tcase, test_default_is_that_of_gstreamer);
  tcase_add_loop_test (tcase, test_constraints_are_met, 0,
      G_N_ELEMENTS (constraint_rows));
  tcase_add_loop_test (tcase, test_known_layouts, 0, G_N_ELEMENTS (known));
  tcase_add_loop_test (tcase, test_uncomputable, 0,
      G_N_ELEMENTS (uncomputable));
  tcase_add_test (tcase, test_largest);
  tcase_add_loop_test (tcase, test_check_refuses, 0, G_N_ELEMENTS (broken));
  tcase_add_test (tcase, test_check_offset_beyond_32_bits);
  tcase_add_test (tcase, test_check_object_per_plane);
  tcase_add_loop_test (tcase, test_check_opaque, 0,
      G_N_ELEMENTS (opaque_formats));
  tcase_add_test (tcase, test_equal_and_hash);
  tcase_add_test (tcase, test_to_string_of_anything);
  tcase_add_test (tcase, test_pad_and_crop);
  tcase_add_loop_test (tcase, test_crop_refuses, 0,
      G_N_ELEMENTS (bad_rectangles));
  return suite;
}

DMABUF_TEST_MAIN (layout_suite)
