/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Hostile frames before a display: each is refused with words before the kernel
 * sees it, and the display goes on working.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE             /* memfd_create, pipe2 */
#endif
#include "player.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <gst/allocators/gstdmabuf.h>
#include <gst/video/video.h>

#include <gst/dmabuf/gstdmabufexporterchoice.h>

#define WIDTH 320
#define HEIGHT 240
#define STRIDE (WIDTH * 4)
#define SIZE (STRIDE * HEIGHT)
#define PAGE 4096

#define EXPLICIT_CAPS "video/x-raw(memory:DMABuf),format=DMA_DRM," \
    "drm-format=XR24,width=320,height=240,framerate=30/1"
#define LEGACY_CAPS "video/x-raw(memory:DMABuf),format=BGRx,width=320," \
    "height=240,framerate=30/1"
#define SYSTEM_CAPS "video/x-raw,format=BGRx,width=320,height=240," \
    "framerate=30/1"

static GstMemory *
alloc_dmabuf (gsize size)
{
  GError *error = NULL;
  GstDmabufExporter *exporter =
      gst_dmabuf_exporter_new_from_spec ("udmabuf", &error);
  GstMemory *memory;

  fail_unless (exporter != NULL, "%s", error ? error->message : "");
  memory = gst_dmabuf_exporter_alloc (exporter, size, &error);
  fail_unless (memory != NULL, "%s", error ? error->message : "");
  gst_object_unref (exporter);
  return memory;
}

static GstBuffer *
make_buffer (gsize size)
{
  GstBuffer *buffer = gst_buffer_new ();

  gst_buffer_append_memory (buffer, alloc_dmabuf (size));
  return buffer;
}

static GstVideoMeta *
add_meta (GstBuffer * buffer, guint width, guint height)
{
  gsize offset[GST_VIDEO_MAX_PLANES] = { 0, };
  gint stride[GST_VIDEO_MAX_PLANES] = { width * 4, };

  return gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_BGRx, width, height, 1, offset, stride);
}

static GstBuffer *
make_good (void)
{
  GstBuffer *buffer = make_buffer (SIZE);

  add_meta (buffer, WIDTH, HEIGHT);
  return buffer;
}

/* A file that calls itself a dma-buf. */
static GstBuffer *
wrap_fd (gint fd)
{
  GstAllocator *allocator = gst_dmabuf_allocator_new ();
  GstBuffer *buffer = gst_buffer_new ();

  fail_unless (fd >= 0);
  gst_buffer_append_memory (buffer, gst_dmabuf_allocator_alloc (allocator, fd,
          SIZE));
  gst_object_unref (allocator);
  add_meta (buffer, WIDTH, HEIGHT);
  return buffer;
}

static GstBuffer *
make_file (void)
{
  return wrap_fd (open ("/proc/self/exe", O_RDONLY | O_CLOEXEC));
}

static GstBuffer *
make_unsealed_memfd (void)
{
  gint fd = memfd_create ("hostile", MFD_CLOEXEC);

  fail_unless (ftruncate (fd, SIZE) == 0);
  return wrap_fd (fd);
}

static GstBuffer *
make_pipe (void)
{
  gint fds[2];

  fail_unless (pipe2 (fds, O_CLOEXEC) == 0);
  close (fds[1]);
  return wrap_fd (fds[0]);
}

static GstBuffer *
make_closed_fd (void)
{
  GstAllocator *allocator = gst_dmabuf_allocator_new ();
  GstBuffer *buffer = gst_buffer_new ();

  gst_buffer_append_memory (buffer,
      gst_dmabuf_allocator_alloc_with_flags (allocator, 1 << 20, SIZE,
          GST_FD_MEMORY_FLAG_DONT_CLOSE));
  gst_object_unref (allocator);
  add_meta (buffer, WIDTH, HEIGHT);
  return buffer;
}

static GstBuffer *
make_plain_memory (void)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, SIZE, NULL);

  add_meta (buffer, WIDTH, HEIGHT);
  return buffer;
}

static GstBuffer *
make_empty (void)
{
  return gst_buffer_new ();
}

static GstBuffer *
make_short (void)
{
  GstBuffer *buffer = make_buffer (SIZE - PAGE);

  add_meta (buffer, WIDTH, HEIGHT);
  return buffer;
}

/* The buffer says that it is large; the kernel knows better. */
static GstBuffer *
make_lying_size (void)
{
  GstMemory *memory = alloc_dmabuf (SIZE - PAGE);
  GstAllocator *allocator = gst_dmabuf_allocator_new ();
  GstBuffer *buffer = gst_buffer_new ();

  gst_buffer_append_memory (buffer, gst_dmabuf_allocator_alloc (allocator,
          fcntl (gst_dmabuf_memory_get_fd (memory), F_DUPFD_CLOEXEC, 0), SIZE));
  gst_memory_unref (memory);
  gst_object_unref (allocator);
  add_meta (buffer, WIDTH, HEIGHT);
  return buffer;
}

static GstBuffer *
make_offset_overflow (void)
{
  GstBuffer *buffer = make_buffer (SIZE);

  add_meta (buffer, WIDTH, HEIGHT)->offset[0] = G_MAXSIZE - STRIDE;
  return buffer;
}

static GstBuffer *
make_offset_beyond (void)
{
  GstBuffer *buffer = make_buffer (SIZE);

  add_meta (buffer, WIDTH, HEIGHT)->offset[0] = STRIDE;
  return buffer;
}

static GstBuffer *
make_stride_overflow (void)
{
  GstBuffer *buffer = make_buffer (SIZE);

  add_meta (buffer, WIDTH, HEIGHT)->stride[0] = G_MAXINT;
  return buffer;
}

static GstBuffer *
make_negative_stride (void)
{
  GstBuffer *buffer = make_buffer (SIZE);

  add_meta (buffer, WIDTH, HEIGHT)->stride[0] = -STRIDE;
  return buffer;
}

static GstBuffer *
make_small_stride (void)
{
  GstBuffer *buffer = make_buffer (SIZE);

  add_meta (buffer, WIDTH, HEIGHT)->stride[0] = 4;
  return buffer;
}

static GstBuffer *
make_five_planes (void)
{
  GstBuffer *buffer = make_buffer (SIZE);

  add_meta (buffer, WIDTH, HEIGHT)->n_planes = 5;
  return buffer;
}

static GstBuffer *
make_no_planes (void)
{
  GstBuffer *buffer = make_buffer (SIZE);

  add_meta (buffer, WIDTH, HEIGHT)->n_planes = 0;
  return buffer;
}

static GstBuffer *
make_other_size (void)
{
  GstBuffer *buffer = make_buffer (4 * SIZE);

  add_meta (buffer, 2 * WIDTH, 2 * HEIGHT);
  return buffer;
}

static GstBuffer *
make_smaller_size (void)
{
  GstBuffer *buffer = make_buffer (SIZE);

  add_meta (buffer, WIDTH / 2, HEIGHT / 2);
  return buffer;
}

static GstBuffer *
make_crop_outside (void)
{
  GstBuffer *buffer = make_good ();
  GstVideoCropMeta *crop = gst_buffer_add_video_crop_meta (buffer);

  crop->x = G_MAXUINT - 8;
  crop->y = 0;
  crop->width = WIDTH;
  crop->height = HEIGHT;
  return buffer;
}

/* A display would refuse a frame that does not fit its memory, too, and then a
 * copy would fail. So the words are those of the check that must come first. */
#define TOO_SHORT "is beyond the 303104 bytes of object 0"

/* The words are those that tell this fault from others. */
static const struct
{
  const gchar *name;
  GstBuffer *(*make) (void);
  const gchar *caps;
  const gchar *words;
} rows[] = {
  {"a file", make_file, EXPLICIT_CAPS, "dma-buf"},
  {"an unsealed memfd", make_unsealed_memfd, EXPLICIT_CAPS, "dma-buf"},
  {"an unsealed memfd, legacy caps", make_unsealed_memfd, LEGACY_CAPS,
      "dma-buf"},
  {"a pipe", make_pipe, EXPLICIT_CAPS, "dma-buf"},
  {"a closed fd", make_closed_fd, EXPLICIT_CAPS, "descriptor"},
  {"plain memory", make_plain_memory, EXPLICIT_CAPS, "dma-buf"},
  {"plain memory, legacy caps", make_plain_memory, LEGACY_CAPS, "dma-buf"},
  {"no memory", make_empty, EXPLICIT_CAPS, "0 bytes"},
  {"one page short", make_short, EXPLICIT_CAPS, TOO_SHORT},
  {"one page short, system caps", make_short, SYSTEM_CAPS, TOO_SHORT},
  {"a size that is no truth", make_lying_size, EXPLICIT_CAPS, TOO_SHORT},
  {"a size that is no truth, system caps", make_lying_size, SYSTEM_CAPS,
      TOO_SHORT},
  {"offset overflow", make_offset_overflow, EXPLICIT_CAPS,
      "18446744073709550335"},
  {"offset too large", make_offset_beyond, EXPLICIT_CAPS,
      "plane 0 does not fit: offset 1280 "},
  {"stride overflow", make_stride_overflow, EXPLICIT_CAPS,
      "plane 0 does not fit: offset 0 + stride 2147483647 "},
  {"negative stride", make_negative_stride, EXPLICIT_CAPS,
      "a stride of -1280 bytes"},
  {"small stride", make_small_stride, EXPLICIT_CAPS,
      "a stride of 4 bytes, a row takes 1280"},
  {"five planes", make_five_planes, EXPLICIT_CAPS, "has 5 planes"},
  {"no planes", make_no_planes, EXPLICIT_CAPS, "has 0 planes"},
  {"larger meta", make_other_size, EXPLICIT_CAPS, "640x480"},
  {"smaller meta", make_smaller_size, EXPLICIT_CAPS, "160x120"},
  {"crop outside", make_crop_outside, EXPLICIT_CAPS, "crop"},
};

static void
push (GstElement * source, GstBuffer * buffer)
{
  GstFlowReturn ret;

  g_signal_emit_by_name (source, "push-buffer", buffer, &ret);
  gst_buffer_unref (buffer);
}

/* A good frame is shown, the bad one is an error. */
GST_START_TEST (test_bad_frame)
{
  KmsWriteback *writeback = player_open_display ();
  GstElement *source;
  Player player;
  Picture *picture;
  gchar *error;

  if (!writeback)
    return;
  player_init_printf (&player, writeback, "appsrc name=source format=time"
      " caps=\"%s\" ! dmabufkmssink name=sink sync=false"
      " force-modesetting=true", rows[__i__].caps);
  source = gst_bin_get_by_name (GST_BIN (player.pipeline), "source");
  /* Legacy caps need a display that says it imports implicit layouts. */
  push (source, make_good ());
  push (source, rows[__i__].make ());
  error = player_play_to_error (&player);
  fail_unless (strstr (error, rows[__i__].words) != NULL, "%s: %s",
      rows[__i__].name, error);
  fail_unless_equals_int (player_get_counter (&player, "frames"), 1);
  fail_unless_equals_int (player_get_counter (&player, "staged"), 0);
  picture = player_capture (&player, WIDTH, HEIGHT);
  fail_unless_equals_int (picture_get (picture, 10, 10), 0);
  picture_free (picture);
  g_free (error);
  gst_object_unref (source);
  player_clear (&player);

  player_init (&player, writeback, "dmabuftestsrc num-buffers=1"
      " ! dmabufkmssink name=sink");
  player_play (&player);
  player_expect_no_copies (&player, 1);
  player_clear (&player);
  kms_writeback_close (writeback);
}

GST_END_TEST;

static Suite *
badframes_suite (void)
{
  Suite *s = suite_create ("pipelines/badframes");
  TCase *tc = tcase_create ("vkms");

  suite_add_tcase (s, tc);
  dmabuf_test_check_fds (tc);
  tcase_add_loop_test (tc, test_bad_frame, 0, G_N_ELEMENTS (rows));
  return s;
}

DMABUF_TEST_MAIN (badframes_suite)
