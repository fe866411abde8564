/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The element dmabuftestsrc: properties, time, and the order of events. Which
 * formats are left is dmabuftestnegotiate's to say, which pool is
 * dmabufallocation's, and what is painted is dmabuftestpattern's.
 */

/**
 * SECTION:element-dmabuftestsrc
 * @title: dmabuftestsrc
 * @short_description: test pictures in dma-bufs
 *
 * Paints a test picture into dma-bufs, in any of some sixty DRM formats. It is
 * the way to try a display, an encoder or a converter: no camera and no decoder
 * is needed, and every pixel is known.
 *
 * The format is agreed with downstream. Everything that both sides can do goes
 * to the exporter in downstream's order of preference, one frame is allocated,
 * and the caps say what came out. Without an exporter on the machine,
 * downstream's pool is tried, then, for `video/x-raw` without a feature, plain
 * memory. Downstream's pool is preferred to the exporter unless #exporter is
 * set.
 *
 * Frames of at least 64x48 pixels carry their number at the top left as
 * 8 columns and 6 rows of black and white cells of 8x8 pixels: 32 bits of
 * counter, then a CRC of 16 bits, high bits first. Frames of at least 64x64
 * pixels have a moving bar at the bottom. #frame-counter turns both off.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 dmabuftestsrc ! dmabufkmssink
 * ]| Shows colour bars on a display.
 * |[
 * gst-launch-1.0 dmabuftestsrc num-buffers=1 pattern=gradient ! "video/x-raw(memory:DMABuf),format=DMA_DRM,drm-format=NV12,width=1920,height=1080" ! fakesink
 * ]| Makes one NV12 frame in a dma-buf.
 * |[
 * gst-launch-1.0 dmabuftestsrc exporter=memfd is-live=true ! videoconvert ! autovideosink
 * ]| Works on any machine: the memory only stands in for dma-bufs.
 *
 * Since: 0.1
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabuftestsrc.h"

#include <gst/allocators/gstdmabuf.h>

#include "dmabufallocation.h"
#include "dmabuftestchoice.h"
#include "dmabuftestenums.h"
#include "dmabuftestnegotiate.h"
#include "dmabuftestpainter.h"

GST_DEBUG_CATEGORY_STATIC (gst_dmabuf_test_src_debug);
#define GST_CAT_DEFAULT gst_dmabuf_test_src_debug

#define DEFAULT_PATTERN DMABUF_TEST_PATTERN_SMPTE
#define DEFAULT_FOREGROUND_COLOR 0xffffffff
#define DEFAULT_FRAME_COUNTER TRUE
#define DEFAULT_IS_LIVE FALSE
#define DEFAULT_LEGACY_LAYOUT DMABUF_TEST_LEGACY_LAYOUT_NONE
#define DEFAULT_TIMESTAMP_OFFSET 0

struct _GstDmabufTestSrc
{
  GstPushSrc parent;

  /* Properties, protected by the object lock. */
  DmabufTestPatternKind kind;
  guint foreground_color;
  gboolean frame_counter;
  gchar *exporter_spec;         /* NULL: automatic */
  DmabufTestLegacyLayout legacy_layout;
  gint64 timestamp_offset;
  gint picture_changed;         /* atomic: the streaming thread must look */

  /* For the statistics, protected by the object lock. */
  gchar *memory_name;
  GstDmabufDialect dialect;
  guint64 n_frames;             /* written by the streaming thread, atomic */

  /* The streaming thread's own. */
  GstDmabufExporter *exporter;  /* what the negotiation tried, may be NULL */
  gboolean only_exporter;       /* it was named by the user */
  GstDmabufVideoInfo info;
  DmabufTestPainter painter;
  gint64 offset_ns;             /* copy of timestamp_offset, free of locks */
  gboolean memory_known;
  GstClockTime base_time;       /* running time and */
  guint64 base_frame;           /* number of the first frame of these caps */
};

enum
{
  PROP_0,
  PROP_PATTERN,
  PROP_FOREGROUND_COLOR,
  PROP_FRAME_COUNTER,
  PROP_IS_LIVE,
  PROP_EXPORTER,
  PROP_LEGACY_LAYOUT,
  PROP_TIMESTAMP_OFFSET,
  PROP_STATS,
};

#define gst_dmabuf_test_src_parent_class parent_class
G_DEFINE_TYPE (GstDmabufTestSrc, gst_dmabuf_test_src, GST_TYPE_PUSH_SRC);

static gboolean
get_legacy (GstDmabufTestSrc * self)
{
  gboolean legacy;

  GST_OBJECT_LOCK (self);
  legacy = self->legacy_layout == DMABUF_TEST_LEGACY_LAYOUT_LINEAR;
  GST_OBJECT_UNLOCK (self);

  return legacy;
}

static GstCaps *
gst_dmabuf_test_src_get_caps (GstBaseSrc * src, GstCaps * filter)
{
  GstCaps *caps = dmabuf_test_offer_new (get_legacy (GST_DMABUF_TEST_SRC
          (src)), filter);
  GstCaps *result;

  /* Who links asks without a filter, and may mean a modifier of no list. */
  if (!filter) {
    gst_caps_append (caps, dmabuf_test_any_modifier_new ());
    return caps;
  }

  result = gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (caps);
  return result;
}

static void
post_negotiation_error (GstDmabufTestSrc * self, const GError * error)
{
  if (error->code == GST_DMABUF_ERROR_INVALID)
    GST_ELEMENT_ERROR (self, CORE, NEGOTIATION, ("%s", error->message), (NULL));
  else
    GST_ELEMENT_ERROR (self, RESOURCE, NO_SPACE_LEFT, ("%s", error->message),
        (NULL));
}

static gboolean
gst_dmabuf_test_src_negotiate (GstBaseSrc * src)
{
  GstDmabufTestSrc *self = GST_DMABUF_TEST_SRC (src);
  DmabufTestChoice choice;
  GError *error = NULL;
  gboolean ok, found;
  gchar *spec;

  GST_OBJECT_LOCK (self);
  spec = g_strcmp0 (self->exporter_spec, "auto") == 0 ? NULL :
      g_strdup (self->exporter_spec);
  GST_OBJECT_UNLOCK (self);
  found = dmabuf_test_choose (GST_BASE_SRC_PAD (src), spec, get_legacy (self),
      &choice, &error);
  g_clear_object (&self->exporter);
  self->only_exporter = spec != NULL;
  g_free (spec);
  if (!found) {
    post_negotiation_error (self, error);
    g_error_free (error);
    return FALSE;
  }

  self->exporter = choice.exporter;
  GST_INFO_OBJECT (self, "caps %" GST_PTR_FORMAT ", tried on %s", choice.caps,
      choice.exporter ? gst_dmabuf_exporter_get_spec (choice.exporter) :
      "no exporter");
  ok = gst_base_src_set_caps (src, choice.caps);
  gst_caps_unref (choice.caps);

  return ok;
}

/* Time of a frame that was not yet made, in running time without offset. */
static GstClockTime
get_frame_time (GstDmabufTestSrc * self, guint64 frame)
{
  const GstVideoInfo *vinfo = &self->info.vinfo;

  if (GST_VIDEO_INFO_FPS_N (vinfo) == 0)
    return self->base_time;

  return self->base_time + gst_util_uint64_scale (frame - self->base_frame,
      GST_VIDEO_INFO_FPS_D (vinfo) * GST_SECOND, GST_VIDEO_INFO_FPS_N (vinfo));
}

static gboolean
gst_dmabuf_test_src_set_caps (GstBaseSrc * src, GstCaps * caps)
{
  GstDmabufTestSrc *self = GST_DMABUF_TEST_SRC (src);
  GstDmabufVideoInfo info;
  GError *error = NULL;

  if (!gst_dmabuf_video_info_from_caps (&info, caps, &error)) {
    GST_ERROR_OBJECT (self, "%s", error->message);
    g_error_free (error);
    return FALSE;
  }

  /* A new rate starts where the old one ended. */
  if (self->info.dialect != GST_DMABUF_DIALECT_NONE)
    self->base_time = get_frame_time (self, self->n_frames);
  self->base_frame = self->n_frames;
  self->info = info;
  self->memory_known = FALSE;
  g_atomic_int_set (&self->picture_changed, TRUE);

  GST_OBJECT_LOCK (self);
  self->dialect = info.dialect;
  GST_OBJECT_UNLOCK (self);

  return TRUE;
}

static gboolean
gst_dmabuf_test_src_decide_allocation (GstBaseSrc * src, GstQuery * query)
{
  GstDmabufTestSrc *self = GST_DMABUF_TEST_SRC (src);
  GstBufferPool *current = gst_base_src_get_buffer_pool (src);
  GError *error = NULL;
  gboolean ok = dmabuf_decide_allocation (query, current, self->exporter,
      self->only_exporter, &error);

  gst_clear_object (&current);
  if (ok)
    return TRUE;

  GST_ELEMENT_ERROR (self, RESOURCE, NO_SPACE_LEFT, ("No buffers: %s",
          error->message), (NULL));
  g_error_free (error);
  return FALSE;
}

/* Takes over what changed of caps and properties, and renders the picture anew.
 * In the steady state this is one atomic instruction. */
static gboolean
update_picture (GstDmabufTestSrc * self)
{
  DmabufTestPatternConfig config = { 0 };

  if (!g_atomic_int_compare_and_exchange (&self->picture_changed, TRUE, FALSE))
    return TRUE;

  GST_OBJECT_LOCK (self);
  config.kind = self->kind;
  config.argb = self->foreground_color;
  config.animated = self->frame_counter;
  self->offset_ns = self->timestamp_offset;
  GST_OBJECT_UNLOCK (self);

  return dmabuf_test_painter_set_picture (&self->painter, &self->info, config);
}

/* For the statistics: whose memory the first buffer of a negotiation has. */
static void
note_memory (GstDmabufTestSrc * self, GstBuffer * buffer)
{
  GstMemory *memory = gst_buffer_peek_memory (buffer, 0);
  const gchar *name = "system memory";

  if (memory->allocator && GST_IS_DMABUF_EXPORTER (memory->allocator))
    name = gst_dmabuf_exporter_get_spec (GST_DMABUF_EXPORTER
        (memory->allocator));
  else if (gst_is_dmabuf_memory (memory))
    name = "downstream";

  GST_OBJECT_LOCK (self);
  g_free (self->memory_name);
  self->memory_name = g_strdup (name);
  GST_OBJECT_UNLOCK (self);
  self->memory_known = TRUE;
}

static void
set_times (GstDmabufTestSrc * self, GstBuffer * buffer)
{
  GstClockTime time = get_frame_time (self, self->n_frames);
  GstClockTime end = get_frame_time (self, self->n_frames + 1);
  gint64 offset = self->offset_ns;

  GST_BUFFER_OFFSET (buffer) = self->n_frames;
  GST_BUFFER_OFFSET_END (buffer) = self->n_frames + 1;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = end > time ? end - time : GST_CLOCK_TIME_NONE;
  if (offset < 0 && (guint64) - offset > time)
    GST_BUFFER_PTS (buffer) = 0;
  else
    GST_BUFFER_PTS (buffer) = time + offset;
}

static GstFlowReturn
gst_dmabuf_test_src_fill (GstPushSrc * src, GstBuffer * buffer)
{
  GstDmabufTestSrc *self = GST_DMABUF_TEST_SRC (src);
  GError *error = NULL;

  /* A still picture: what else has no rate. */
  if (GST_VIDEO_INFO_FPS_N (&self->info.vinfo) == 0 &&
      self->n_frames > self->base_frame)
    return GST_FLOW_EOS;

  if (!update_picture (self))
    return GST_FLOW_NOT_NEGOTIATED;
  if (!dmabuf_test_painter_paint (&self->painter, buffer,
          (guint32) self->n_frames, &error)) {
    GST_ELEMENT_ERROR (self, RESOURCE, WRITE, ("A frame cannot be painted: %s",
            error->message), (NULL));
    g_error_free (error);
    return GST_FLOW_ERROR;
  }

  if (!self->memory_known)
    note_memory (self, buffer);
  set_times (self, buffer);
  __atomic_store_n (&self->n_frames, self->n_frames + 1, __ATOMIC_RELAXED);

  return GST_FLOW_OK;
}

static void
gst_dmabuf_test_src_get_times (GstBaseSrc * src, GstBuffer * buffer,
    GstClockTime * start, GstClockTime * end)
{
  *start = *end = GST_CLOCK_TIME_NONE;
  if (!gst_base_src_is_live (src) || !GST_BUFFER_PTS_IS_VALID (buffer))
    return;

  *start = GST_BUFFER_PTS (buffer);
  if (GST_BUFFER_DURATION_IS_VALID (buffer))
    *end = *start + GST_BUFFER_DURATION (buffer);
}

static gboolean
gst_dmabuf_test_src_start (GstBaseSrc * src)
{
  GstDmabufTestSrc *self = GST_DMABUF_TEST_SRC (src);

  __atomic_store_n (&self->n_frames, 0, __ATOMIC_RELAXED);
  self->base_frame = 0;
  self->base_time = 0;
  gst_dmabuf_video_info_init (&self->info);

  return TRUE;
}

static gboolean
gst_dmabuf_test_src_stop (GstBaseSrc * src)
{
  GstDmabufTestSrc *self = GST_DMABUF_TEST_SRC (src);

  dmabuf_test_painter_clear (&self->painter);
  g_clear_object (&self->exporter);

  return TRUE;
}

static const gchar *
get_dialect_name (GstDmabufDialect dialect)
{
  switch (dialect) {
    case GST_DMABUF_DIALECT_EXPLICIT:
      return "explicit";
    case GST_DMABUF_DIALECT_LEGACY:
      return "legacy";
    case GST_DMABUF_DIALECT_SYSTEM:
      return "system";
    default:
      return "none";
  }
}

static GstStructure *
make_stats (GstDmabufTestSrc * self)
{
  GstStructure *stats;

  GST_OBJECT_LOCK (self);
  stats = gst_structure_new ("application/x-dmabuftestsrc-stats",
      "frames", G_TYPE_UINT64, __atomic_load_n (&self->n_frames,
          __ATOMIC_RELAXED),
      "exporter", G_TYPE_STRING,
      self->memory_name ? self->memory_name : "none",
      "dialect", G_TYPE_STRING, get_dialect_name (self->dialect),
      "copies", G_TYPE_UINT64, G_GUINT64_CONSTANT (0), NULL);
  GST_OBJECT_UNLOCK (self);

  return stats;
}

static void
gst_dmabuf_test_src_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstDmabufTestSrc *self = GST_DMABUF_TEST_SRC (object);

  if (id == PROP_IS_LIVE) {
    gst_base_src_set_live (GST_BASE_SRC (self), g_value_get_boolean (value));
    return;
  }

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_PATTERN:
      self->kind = g_value_get_enum (value);
      break;
    case PROP_FOREGROUND_COLOR:
      self->foreground_color = g_value_get_uint (value);
      break;
    case PROP_FRAME_COUNTER:
      self->frame_counter = g_value_get_boolean (value);
      break;
    case PROP_EXPORTER:
      g_free (self->exporter_spec);
      self->exporter_spec = g_value_dup_string (value);
      break;
    case PROP_LEGACY_LAYOUT:
      self->legacy_layout = g_value_get_enum (value);
      break;
    case PROP_TIMESTAMP_OFFSET:
      self->timestamp_offset = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
  g_atomic_int_set (&self->picture_changed, TRUE);
}

static void
gst_dmabuf_test_src_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstDmabufTestSrc *self = GST_DMABUF_TEST_SRC (object);

  if (id == PROP_IS_LIVE) {
    g_value_set_boolean (value, gst_base_src_is_live (GST_BASE_SRC (self)));
    return;
  }
  if (id == PROP_STATS) {
    g_value_take_boxed (value, make_stats (self));
    return;
  }

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_PATTERN:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_FOREGROUND_COLOR:
      g_value_set_uint (value, self->foreground_color);
      break;
    case PROP_FRAME_COUNTER:
      g_value_set_boolean (value, self->frame_counter);
      break;
    case PROP_EXPORTER:
      g_value_set_string (value, self->exporter_spec);
      break;
    case PROP_LEGACY_LAYOUT:
      g_value_set_enum (value, self->legacy_layout);
      break;
    case PROP_TIMESTAMP_OFFSET:
      g_value_set_int64 (value, self->timestamp_offset);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_dmabuf_test_src_finalize (GObject * object)
{
  GstDmabufTestSrc *self = GST_DMABUF_TEST_SRC (object);

  g_free (self->exporter_spec);
  g_free (self->memory_name);

  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
install_picture_properties (GObjectClass * klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
      GST_PARAM_MUTABLE_PLAYING;

  g_object_class_install_property (klass, PROP_PATTERN,
      g_param_spec_enum ("pattern", "Pattern",
          "What fills the frame (default: smpte)", DMABUF_TEST_TYPE_PATTERN,
          DEFAULT_PATTERN, flags));
  g_object_class_install_property (klass, PROP_FOREGROUND_COLOR,
      g_param_spec_uint ("foreground-color", "Foreground colour",
          "Colour of solid and of the bright squares of checkers, as "
          "0xAARRGGBB, alpha not premultiplied (default: opaque white)", 0,
          G_MAXUINT32, DEFAULT_FOREGROUND_COLOR, flags));
  g_object_class_install_property (klass, PROP_FRAME_COUNTER,
      g_param_spec_boolean ("frame-counter", "Frame counter",
          "Draw the number of the frame as black and white cells at the top "
          "left, and a moving bar at the bottom, on frames of at least 64x48 "
          "and 64x64 pixels (default: true)", DEFAULT_FRAME_COUNTER, flags));
  g_object_class_install_property (klass, PROP_TIMESTAMP_OFFSET,
      g_param_spec_int64 ("timestamp-offset", "Timestamp offset",
          "Added to each timestamp, in nanoseconds; a time before 0 becomes 0 "
          "(default: 0)", -G_MAXINT64, G_MAXINT64, DEFAULT_TIMESTAMP_OFFSET,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
install_memory_properties (GObjectClass * klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
      GST_PARAM_MUTABLE_READY;

  g_object_class_install_property (klass, PROP_IS_LIVE,
      g_param_spec_boolean ("is-live", "Is live",
          "Make each frame at its time, as a camera does (default: false)",
          DEFAULT_IS_LIVE, flags));
  g_object_class_install_property (klass, PROP_EXPORTER,
      g_param_spec_string ("exporter", "Exporter",
          "Where dma-bufs come from, and nowhere else: heap:NAME, udmabuf, "
          "dumb:DEVICE, or memfd, which only simulates them; auto or none: "
          "downstream's pool if it has one, else whatever works (default: "
          "none)", NULL, flags));
  g_object_class_install_property (klass, PROP_LEGACY_LAYOUT,
      g_param_spec_enum ("legacy-layout", "Legacy layout",
          "What dma-bufs of caps without a modifier contain; with none, such "
          "caps are not used (default: none)", DMABUF_TEST_TYPE_LEGACY_LAYOUT,
          DEFAULT_LEGACY_LAYOUT, flags));
  g_object_class_install_property (klass, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Frames made; exporter whose memory they are in; dialect of the "
          "caps (explicit, legacy or system); frames copied, which is always "
          "0", GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
gst_dmabuf_test_src_class_init (GstDmabufTestSrcClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *src_class = GST_BASE_SRC_CLASS (klass);
  GstPushSrcClass *push_class = GST_PUSH_SRC_CLASS (klass);
  GstCaps *caps = dmabuf_test_offer_new (TRUE, NULL);

  GST_DEBUG_CATEGORY_INIT (gst_dmabuf_test_src_debug, "dmabuftestsrc", 0,
      "test pictures in dma-bufs");

  object_class->set_property = gst_dmabuf_test_src_set_property;
  object_class->get_property = gst_dmabuf_test_src_get_property;
  object_class->finalize = gst_dmabuf_test_src_finalize;
  install_picture_properties (object_class);
  install_memory_properties (object_class);

  gst_caps_append (caps, dmabuf_test_any_modifier_new ());
  gst_element_class_add_pad_template (element_class,
      gst_pad_template_new ("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps));
  gst_caps_unref (caps);
  gst_element_class_set_static_metadata (element_class,
      "DMA-BUF test source", "Source/Video",
      "Paints test pictures with a readable frame counter into dma-bufs of many "
      "DRM formats", "the gst-plugins-dmabuf authors");
  gst_type_mark_as_plugin_api (DMABUF_TEST_TYPE_PATTERN, 0);
  gst_type_mark_as_plugin_api (DMABUF_TEST_TYPE_LEGACY_LAYOUT, 0);

  src_class->get_caps = gst_dmabuf_test_src_get_caps;
  src_class->negotiate = gst_dmabuf_test_src_negotiate;
  src_class->set_caps = gst_dmabuf_test_src_set_caps;
  src_class->decide_allocation = gst_dmabuf_test_src_decide_allocation;
  src_class->get_times = gst_dmabuf_test_src_get_times;
  src_class->start = gst_dmabuf_test_src_start;
  src_class->stop = gst_dmabuf_test_src_stop;
  push_class->fill = gst_dmabuf_test_src_fill;
}

static void
gst_dmabuf_test_src_init (GstDmabufTestSrc * self)
{
  self->kind = DEFAULT_PATTERN;
  self->foreground_color = DEFAULT_FOREGROUND_COLOR;
  self->frame_counter = DEFAULT_FRAME_COUNTER;
  self->legacy_layout = DEFAULT_LEGACY_LAYOUT;
  self->timestamp_offset = DEFAULT_TIMESTAMP_OFFSET;
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
  gst_base_src_set_live (GST_BASE_SRC (self), DEFAULT_IS_LIVE);
}
