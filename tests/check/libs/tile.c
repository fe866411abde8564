/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What is known of tiled formats, their layouts, and every way to hand in
 * something that does not fit. That the bytes go to the right places is tested
 * in tileconvert.c.
 */
#include "dmabuftest.h"

#include <drm_fourcc.h>
#include <sys/wait.h>

#include "tilebuffers.h"
#include "tileoracle.h"

static guint n_warnings;

static GLogWriterOutput
count_warnings (GLogLevelFlags level, const GLogField * fields, gsize n_fields,
    gpointer user_data)
{
  n_warnings += (level & G_LOG_LEVEL_WARNING) != 0;
  return G_LOG_WRITER_HANDLED;
}

/* In a child process, since the choice is made once for a process. Says how
 * many warnings there were, or -1 if the kernels are not the plain ones. */
static gint
count_warnings_for_cpu (const gchar * name)
{
  int status;
  pid_t child = fork ();

  fail_unless (child >= 0);
  if (child == 0) {
    g_setenv ("GST_DMABUF_CPU", name, TRUE);
    g_log_set_default_handler (g_log_default_handler, NULL);
    g_log_set_writer_func (count_warnings, NULL, NULL);
    if (strcmp (gst_dmabuf_tile_get_cpu (), "plain") != 0)
      _exit (99);
    gst_dmabuf_tile_get_cpu ();
    _exit (n_warnings);
  }
  fail_unless (waitpid (child, &status, 0) == child);
  fail_unless (WIFEXITED (status));
  return WEXITSTATUS (status) == 99 ? -1 : WEXITSTATUS (status);
}

GST_START_TEST (test_unknown_cpu)
{
  fail_unless_equals_int (count_warnings_for_cpu ("z80"), 1);
  fail_unless_equals_int (count_warnings_for_cpu ("plain"), 0);
}

GST_END_TEST;

static const struct
{
  const gchar *name;
  const gchar *linear;
  guint tile_width, tile_height, chroma_height;
} known[] = {
  {"NV12:0x0600000000000001", "NV12", 4, 4, 4},
  {"NV15:0x0600000000000001", "P010", 5, 4, 4},
  {"AB30:0x0600000000000001", "AB30", 16, 4, 0},
  {"NV12:0x0400000000000001", "NV12", 64, 32, 32},
  {"NV12:0x0b00000000000001", "NV12", 16, 32, 16},
  {"NV15:0x0b00000000010001", "P010", 20, 32, 16},
  {"NV12:0x0700000000000004", "NV12", 128, 1, 1},
  {"P030:0x0700000000067c04", "P010", 128, 1, 1},
  {"YUYV:0x0100000000000001", "YUYV", 512, 8, 0},
  {"NV12:0x0300000000606014", "NV12", 64, 128, 128},
  {"XR24:0x0200000000000305", "XR24", 512, 128, 0},
  {"NV15", "P010", 5, 1, 1},
};

GST_START_TEST (test_known)
{
  GstDmabufFormat format;
  GstDmabufTileInfo info;
  gchar *linear;

  fail_unless (gst_dmabuf_format_parse (known[__i__].name, &format, NULL));
  fail_unless (gst_dmabuf_tile_info_get (&format, &info, NULL));
  linear = gst_dmabuf_fourcc_to_string (info.linear_fourcc);
  fail_unless_equals_string (linear, known[__i__].linear);
  g_free (linear);
  fail_unless (gst_dmabuf_format_equal (&info.format, &format));
  fail_unless_equals_int (info.n_planes,
      known[__i__].chroma_height == 0 ? 1 : 2);
  fail_unless_equals_int (info.tile_width[0], known[__i__].tile_width);
  fail_unless_equals_int (info.tile_height[0], known[__i__].tile_height);
  fail_unless_equals_int (info.tile_height[1], known[__i__].chroma_height);
  fail_unless_equals_int (info.needs_column_height,
      strcmp (known[__i__].name, "NV12:0x0700000000000004") == 0);
}

GST_END_TEST;

static const struct
{
  const gchar *name;
  const gchar *words;           /* part of the message */
} refused[] = {
  {"NV12", "NV12, linear: there is nothing to convert"},
  {"NV12:0x00ffffffffffffff", "implicit layout: only the driver"},
  {"XR24:0x0100000000000004", "Intel Y tiles, compressed: the pixels are"},
  {"XR24:0x010000000000000d", "compressed and only hardware"},
  {"XR24:0x0200000000002901", "compressed"},
  {"XR24:0x0300000000e0801c", "compressed"},
  {"NV12:0x0500000000000001", "Qualcomm compressed: the pixels are compressed"},
  {"XR24:0x0800000000000041", "compressed"},
  {"XR24:0x0820000000000001", "compressed"},
  {"NV12:0x0a00000000000001", "compressed"},
  {"XR24:0x0500000000000003", "Qualcomm tiles 3: this layout is not known"},
  {"XR24:0x0600000000000003", "Vivante 4x4 split tiles: this layout is not"},
  {"XR24:0x0200000000000a01", "how this fourcc is laid out"},
  {"XR24:0x0400000000000001", "Samsung 64x32 tiles: it is not known how"},
  {"YU12:0x0100000000000001", "Intel X tiles: it is not known how"},
  {"RG24:0x0100000000000001", "it is not known how"},
  {"NV12:0x0300000000606016", "not known"},
  {"NV12:0x7f00000000000001", "modifier 0x7f00000000000001: this layout"},
  {"ZZZZ:0x0100000000000001", "it is not known how"},
};

GST_START_TEST (test_refused)
{
  GstDmabufTileInfo info, before;
  GstDmabufLayout layout;
  GstDmabufFormat format;
  GError *error = NULL;

  memset (&info, 0x5a, sizeof (info));
  before = info;
  fail_unless (gst_dmabuf_format_parse (refused[__i__].name, &format, NULL));
  fail_if (gst_dmabuf_tile_info_get (&format, &info, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_UNSUPPORTED));
  if (strstr (error->message, refused[__i__].words) == NULL)
    fail ("\"%s\" has no \"%s\"", error->message, refused[__i__].words);
  g_clear_error (&error);
  fail_unless (memcmp (&info, &before, sizeof (info)) == 0);
  fail_if (gst_dmabuf_tile_layout_compute (&layout, &format, 64, 64, NULL,
          NULL));
}

GST_END_TEST;

static const struct
{
  const gchar *name;
  guint width, height;
  guint stride, chroma_offset, size;
} layouts[] = {
  {"NV12:0x0600000000000001", 1920, 1080, 1920, 2073600, 3110400},
  /* 542 rows of chroma have 136 rows of tiles. */
  {"NV12:0x0600000000000001", 1366, 1083, 1368, 1482912, 2227104},
  {"NV15:0x0600000000000001", 1920, 1080, 2400, 2592000, 3888000},
  {"NV12:0x0b00000000000001", 1920, 1080, 1920, 2088960, 3133440},
  /* Tiles two abreast; 17 rows of them for chroma. */
  {"NV12:0x0400000000000001", 1366, 1080, 1408, 1531904, 2297856},
  {"NV15:0x0b00000000010001", 1920, 1080, 2400, 2611200, 3916800},
  /* 1088 + 544 rows in 15 columns. */
  {"NV12:0x0700000000000004", 1920, 1080, 1920, 139264, 3133440},
  {"P030:0x0700000000000004", 1920, 1080, 2560, 139264, 4177920},
  {"XR24:0x0100000000000001", 1366, 768, 5632, 0, 4325376},
  {"NV12:0x0100000000000002", 100, 100, 128, 16384, 24576},
};

GST_START_TEST (test_layout)
{
  GstDmabufFormat format;
  GstDmabufLayout layout;
  guint i;

  fail_unless (gst_dmabuf_format_parse (layouts[__i__].name, &format, NULL));
  fail_unless (gst_dmabuf_tile_layout_compute (&layout, &format,
          layouts[__i__].width, layouts[__i__].height, NULL, NULL));
  fail_unless_equals_int (layout.planes[0].stride, layouts[__i__].stride);
  fail_unless_equals_int (layout.planes[0].offset, 0);
  fail_unless_equals_int (layout.planes[1].offset,
      layouts[__i__].chroma_offset);
  fail_unless_equals_int (layout.object_sizes[0], layouts[__i__].size);
  fail_unless (gst_dmabuf_tile_layout_check (&layout, NULL));
  for (i = 0; i < layout.n_planes; i++)
    fail_unless (layout.planes[i].size > 0);
}

GST_END_TEST;

GST_START_TEST (test_layout_constraints)
{
  const TileOracle *oracle = &tile_oracles[__i__];
  GstDmabufConstraints wanted;
  GstDmabufFormat format;
  GstDmabufLayout layout;
  guint i;

  gst_dmabuf_constraints_init (&wanted);
  wanted.stride_align = 192;
  wanted.offset_align = 128;
  wanted.size_align = 10000;
  wanted.height_align = 48;
  fail_unless (gst_dmabuf_format_parse (oracle->name, &format, NULL));
  fail_unless (gst_dmabuf_tile_layout_compute (&layout, &format, 500, 300,
          &wanted, NULL));
  for (i = 0; i < layout.n_planes; i++) {
    fail_unless_equals_int (layout.planes[i].stride % 192, 0);
    fail_unless_equals_int (layout.planes[i].offset % 128, 0);
  }
  fail_unless_equals_int (layout.object_sizes[0] % 10000, 0);
  fail_unless (gst_dmabuf_tile_layout_check (&layout, NULL));
}

GST_END_TEST;

GST_START_TEST (test_layout_refuses)
{
  GstDmabufFormat mm21 = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12,
      G_GUINT64_CONSTANT (0x0b00000000000001));
  GstDmabufFormat sand = GST_DMABUF_FORMAT_INIT (DRM_FORMAT_NV12,
      G_GUINT64_CONSTANT (0x0700000000006404));
  GstDmabufLayout layout;
  GError *error = NULL;

  fail_if (gst_dmabuf_tile_layout_compute (&layout, &mm21, 0, 8, NULL, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  g_clear_error (&error);
  fail_if (gst_dmabuf_tile_layout_compute (&layout, &mm21, G_MAXUINT,
          G_MAXUINT, NULL, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_UNSUPPORTED));
  g_clear_error (&error);
  fail_if (gst_dmabuf_tile_layout_compute (&layout, &mm21, 65536, 65536, NULL,
          NULL));
  /* 100 rows: 67 for luma, 33 for chroma. */
  fail_unless (gst_dmabuf_tile_layout_compute (&layout, &sand, 64, 66, NULL,
          NULL));
  fail_if (gst_dmabuf_tile_layout_compute (&layout, &sand, 64, 68, NULL,
          &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  g_clear_error (&error);
}

GST_END_TEST;

/* Every geometry: one byte less than needed is refused, and so is a stride of
 * half a tile more. */
GST_START_TEST (test_check_refuses)
{
  const TileOracle *oracle = &tile_oracles[__i__];
  GstDmabufLayout layout, good;
  GError *error = NULL;

  make_tiled_layout (&good, oracle->name, 130, 70, TRUE);
  fail_unless (gst_dmabuf_tile_layout_check (&good, NULL));

  layout = good;
  layout.object_sizes[0]--;
  fail_if (gst_dmabuf_tile_layout_check (&layout, &error));
  fail_unless (g_error_matches (error, GST_DMABUF_ERROR,
          GST_DMABUF_ERROR_INVALID));
  g_clear_error (&error);

  layout = good;
  layout.planes[0].stride = 1;
  fail_if (gst_dmabuf_tile_layout_check (&layout, NULL));

  layout = good;
  layout.n_planes++;
  layout.planes[layout.n_planes - 1] = layout.planes[0];
  fail_if (gst_dmabuf_tile_layout_check (&layout, NULL));

  layout = good;
  layout.height = G_MAXUINT;
  fail_if (gst_dmabuf_tile_layout_check (&layout, NULL));
  layout.height = good.height;
  layout.width = G_MAXUINT;
  fail_if (gst_dmabuf_tile_layout_check (&layout, NULL));
}

GST_END_TEST;

GST_START_TEST (test_check_stride_is_whole_tiles)
{
  GstDmabufLayout layout;

  make_tiled_layout (&layout, "NV12:0x0b00000000000001", 128, 64, TRUE);
  layout.planes[1].stride -= 8;
  fail_if (gst_dmabuf_tile_layout_check (&layout, NULL));

  /* Samsung's tiles come in pairs. */
  make_tiled_layout (&layout, "NV12:0x0400000000000001", 128, 64, TRUE);
  layout.planes[0].stride -= 64;
  fail_if (gst_dmabuf_tile_layout_check (&layout, NULL));

  make_tiled_layout (&layout, "NV12:0x0700000000067c04", 128, 64, TRUE);
  layout.format.modifier = G_GUINT64_CONSTANT (0x0700000000000004);
  fail_if (gst_dmabuf_tile_layout_check (&layout, NULL));
}

GST_END_TEST;

/* Bends one thing of a good conversion. */
typedef struct
{
  GstDmabufPixels tiled, linear;
  GstVideoRectangle r;
} Call;

static void
bend (Call * call, guint how)
{
  switch (how) {
    case 0:
      call->r.x = -2;
      break;
    case 1:
      call->r.w = 130;
      break;
    case 2:
      call->r.h = 0;
      break;
    case 3:
      call->r.x = 1;
      break;
    case 4:
      call->r.y = 3;
      break;
    case 5:
      call->r.w = 63;
      break;
    case 6:
      call->r.h = 31;
      break;
    case 7:
      call->r.y = G_MAXINT - 1;
      break;
    case 8:
      call->tiled.sizes[1]--;
      break;
    case 9:
      call->linear.sizes[0]--;
      break;
    case 10:
      call->linear.strides[1] = 126;
      break;
    case 11:
      call->tiled.strides[0] = 120;
      break;
    case 12:
      call->linear.format.fourcc = DRM_FORMAT_NV21;
      break;
    case 13:
      call->linear.format.modifier = call->tiled.format.modifier;
      break;
    case 14:
      call->linear.n_planes = 1;
      break;
    case 15:
      call->tiled.n_planes = 3;
      break;
    case 16:
      call->linear.height = 63;
      break;
    case 17:
      call->linear.data[1] = NULL;
      break;
    case 18:
      call->tiled.data[0] = NULL;
      break;
    case 19:
      call->tiled.width = 0;
      break;
    case 20:
      call->tiled.height = 65;
      break;
    case 21:
      call->tiled.format.modifier = GST_DMABUF_MOD_INVALID;
      break;
    case 22:
      call->tiled.strides[1] = 0;
      break;
    default:
      g_assert_not_reached ();
  }
}

#define N_BENDS 23

GST_START_TEST (test_bad_input)
{
  GstDmabufLayout tiled_layout, linear_layout;
  GuardedMemory tiled, linear, before;
  GError *error = NULL;
  Call call;

  make_tiled_layout (&tiled_layout, "NV12:0x0b00000000000001", 128, 64, FALSE);
  make_linear_layout (&linear_layout, DRM_FORMAT_NV12, 128, 64, FALSE);
  guarded_memory_init (&tiled, tiled_layout.object_sizes[0]);
  guarded_memory_init (&linear, linear_layout.object_sizes[0]);
  guarded_memory_init (&before, linear.size + tiled.size);
  fill_noise (before.data, before.size, 1);
  memcpy (linear.data, before.data, linear.size);
  memcpy (tiled.data, before.data + linear.size, tiled.size);

  make_pixels (&call.tiled, &tiled_layout, tiled.data);
  make_pixels (&call.linear, &linear_layout, linear.data);
  /* Nothing behind plane 0 belongs to it. */
  call.linear.sizes[0] = 128 * 64;
  call.r.x = call.r.y = 0;
  call.r.w = 128;
  call.r.h = 64;
  bend (&call, __i__);

  fail_if (gst_dmabuf_detile (&call.linear, &call.tiled, &call.r, &error));
  fail_unless (error != NULL && error->domain == GST_DMABUF_ERROR);
  g_clear_error (&error);
  fail_if (gst_dmabuf_tile (&call.tiled, &call.linear, &call.r, &error));
  fail_unless (error != NULL);
  g_clear_error (&error);
  fail_if (gst_dmabuf_tile (&call.tiled, &call.linear, &call.r, NULL));
  fail_unless (memcmp (linear.data, before.data, linear.size) == 0);
  fail_unless (memcmp (tiled.data, before.data + linear.size, tiled.size) == 0);

  guarded_memory_clear (&tiled);
  guarded_memory_clear (&linear);
  guarded_memory_clear (&before);
}

GST_END_TEST;

GST_START_TEST (test_crop)
{
  GstVideoRectangle part = { 2, 4, 8, 6 }, odd = { 1, 0, 2, 2 };
  GstDmabufPixels pixels, before;
  GstDmabufLayout layout;
  GuardedMemory memory;

  make_linear_layout (&layout, DRM_FORMAT_NV12, 64, 32, FALSE);
  guarded_memory_init (&memory, layout.object_sizes[0]);
  make_pixels (&pixels, &layout, memory.data);
  before = pixels;
  fail_if (gst_dmabuf_pixels_crop (&pixels, &odd, NULL));
  fail_unless (memcmp (&pixels, &before, sizeof (pixels)) == 0);
  fail_unless (gst_dmabuf_pixels_crop (&pixels, &part, NULL));
  fail_unless_equals_int (pixels.width, 8);
  fail_unless_equals_int (pixels.height, 6);
  fail_unless_equals_int (pixels.data[0] - before.data[0], 4 * 64 + 2);
  fail_unless_equals_int (pixels.data[1] - before.data[1], 2 * 64 + 2);
  fail_unless_equals_int (before.sizes[1] - pixels.sizes[1], 2 * 64 + 2);

  pixels = before;
  pixels.format.modifier = 1;
  fail_if (gst_dmabuf_pixels_crop (&pixels, &part, NULL));
  guarded_memory_clear (&memory);
}

GST_END_TEST;

static Suite *
tile_suite (void)
{
  Suite *suite = suite_create ("tile");
  TCase *tcase = tcase_create ("general");

  suite_add_tcase (suite, tcase);
  dmabuf_test_check_fds (tcase);
  /* First: nothing has been converted yet. */
  tcase_add_test (tcase, test_unknown_cpu);
  tcase_add_loop_test (tcase, test_known, 0, G_N_ELEMENTS (known));
  tcase_add_loop_test (tcase, test_refused, 0, G_N_ELEMENTS (refused));
  tcase_add_loop_test (tcase, test_layout, 0, G_N_ELEMENTS (layouts));
  tcase_add_loop_test (tcase, test_layout_constraints, 0, n_tile_oracles);
  tcase_add_test (tcase, test_layout_refuses);
  tcase_add_loop_test (tcase, test_check_refuses, 0, n_tile_oracles);
  tcase_add_test (tcase, test_check_stride_is_whole_tiles);
  tcase_add_loop_test (tcase, test_bad_input, 0, N_BENDS);
  tcase_add_test (tcase, test_crop);
  return suite;
}

DMABUF_TEST_MAIN (tile_suite)
