/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The element dmabufkmssink: properties, states, and what the base class asks
 * of a display. The device, its planes and its commits are in the kms files;
 * there is no ioctl here.
 */

/**
 * SECTION:element-dmabufkmssink
 *
 * Shows video on a display of the system, without a display server, from
 * dma-bufs that the display controller reads itself. It finds a display that
 * nobody else uses, a mode that fits and a plane that takes the format, and
 * puts back at the end what was there before.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 dmabuftestsrc ! dmabufkmssink
 * ]|
 *
 * Since: 0.1
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "gstdmabufkmssink.h"

#include "kmspresent.h"
#include "kmsrectangle.h"

GST_DEBUG_CATEGORY_STATIC (gst_dmabuf_kms_sink_debug);
#define GST_CAT_DEFAULT gst_dmabuf_kms_sink_debug

#define DEFAULT_CAN_SCALE TRUE
#define DEFAULT_FORCE_MODESETTING FALSE
#define DEFAULT_RESTORE_CRTC TRUE

struct _GstDmabufKmsSink
{
  GstDmabufVideoSink parent;

  /* Object lock. */
  gchar *driver_name, *bus_id, *device_path;
  gint fd;
  gint connector_id, plane_id;  /* -1: any */
  gboolean force_modesetting, restore_crtc, can_scale;
  GstVideoRectangle rectangle;
  gint display_width, display_height;

  /* Set between start() and stop(); constant but for the presenter's inside,
   * which belongs to the streaming thread. The pointers are also read by
   * queries, at any time: they change under the object lock. */
  KmsDevice *device;
  KmsPresenter *presenter;
};

enum
{
  PROP_0,
  PROP_DRIVER_NAME,
  PROP_BUS_ID,
  PROP_DEVICE,
  PROP_FD,
  PROP_CONNECTOR_ID,
  PROP_PLANE_ID,
  PROP_FORCE_MODESETTING,
  PROP_RESTORE_CRTC,
  PROP_CAN_SCALE,
  PROP_RENDER_RECTANGLE,
  PROP_DISPLAY_WIDTH,
  PROP_DISPLAY_HEIGHT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-raw(memory:DMABuf), "
        "width = (int) [ 1, MAX ], height = (int) [ 1, MAX ], "
        "framerate = (fraction) [ 0, MAX ]; "
        "video/x-raw, "
        "width = (int) [ 1, MAX ], height = (int) [ 1, MAX ], "
        "framerate = (fraction) [ 0, MAX ]"));

#define gst_dmabuf_kms_sink_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE (GstDmabufKmsSink, gst_dmabuf_kms_sink,
    GST_TYPE_DMABUF_VIDEO_SINK,
    GST_DEBUG_CATEGORY_INIT (gst_dmabuf_kms_sink_debug, "dmabufkmssink", 0,
        "KMS video sink"));
GST_ELEMENT_REGISTER_DEFINE (dmabufkmssink, "dmabufkmssink", GST_RANK_NONE,
    GST_TYPE_DMABUF_KMS_SINK);

/* States */

static KmsDevice *
find_device (GstDmabufKmsSink * self, GError ** error)
{
  KmsDeviceWish wish;
  gchar *driver, *bus_id, *path;
  KmsDevice *device;

  GST_OBJECT_LOCK (self);
  driver = g_strdup (self->driver_name);
  bus_id = g_strdup (self->bus_id);
  path = g_strdup (self->device_path);
  wish.fd = self->fd;
  GST_OBJECT_UNLOCK (self);

  wish.driver = driver;
  wish.bus_id = bus_id;
  wish.path = path;
  device = kms_device_find (&wish, error);
  g_free (driver);
  g_free (bus_id);
  g_free (path);
  return device;
}

static KmsOutput *
open_output (GstDmabufKmsSink * self, KmsDevice * device, GError ** error)
{
  KmsOutputWish wish = { 0, };

  GST_OBJECT_LOCK (self);
  wish.connector_id = MAX (self->connector_id, 0);
  wish.plane_id = MAX (self->plane_id, 0);
  wish.force_modesetting = self->force_modesetting;
  wish.can_scale = self->can_scale;
  wish.rectangle = self->rectangle;
  GST_OBJECT_UNLOCK (self);
  return kms_output_new (device, &wish, error);
}

static void
publish_size (GstDmabufKmsSink * self, gint width, gint height)
{
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = self->display_width != width || self->display_height != height;
  self->display_width = width;
  self->display_height = height;
  GST_OBJECT_UNLOCK (self);

  if (!changed)
    return;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DISPLAY_WIDTH]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DISPLAY_HEIGHT]);
}

static void
publish_mode (GstDmabufKmsSink * self)
{
  const drmModeModeInfo *mode =
      kms_output_get_mode (kms_presenter_get_output (self->presenter));

  publish_size (self, mode->hdisplay, mode->vdisplay);
}

static gboolean
open_display (GstDmabufKmsSink * self, GError ** error)
{
  KmsDevice *device = find_device (self, error);
  KmsPresenter *presenter;
  KmsOutput *output;

  if (!device)
    return FALSE;
  output = open_output (self, device, error);
  if (!output) {
    kms_device_unref (device);
    return FALSE;
  }
  presenter = kms_presenter_new (output);
  GST_OBJECT_LOCK (self);
  self->device = device;
  self->presenter = presenter;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
gst_dmabuf_kms_sink_start (GstBaseSink * bsink)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (bsink);
  GError *error = NULL;

  if (!GST_BASE_SINK_CLASS (parent_class)->start (bsink))
    return FALSE;
  if (open_display (self, &error)) {
    publish_mode (self);
    return TRUE;
  }
  GST_ELEMENT_ERROR (self, RESOURCE, OPEN_READ_WRITE,
      ("No display can be used."), ("%s", error->message));
  g_clear_error (&error);
  GST_BASE_SINK_CLASS (parent_class)->stop (bsink);
  return FALSE;
}

static gboolean
gst_dmabuf_kms_sink_stop (GstBaseSink * bsink)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (bsink);
  KmsPresenter *presenter;
  KmsDevice *device;
  gboolean restore, stopped;

  GST_OBJECT_LOCK (self);
  restore = self->restore_crtc;
  presenter = g_steal_pointer (&self->presenter);
  device = g_steal_pointer (&self->device);
  GST_OBJECT_UNLOCK (self);

  kms_presenter_free (presenter, restore);
  /* The base class frees what is left of imports; they know the device. */
  stopped = GST_BASE_SINK_CLASS (parent_class)->stop (bsink);
  kms_device_unref (device);
  publish_size (self, 0, 0);
  return stopped;
}

/* What the base class asks */

static GstDmabufFormatSet *
gst_dmabuf_kms_sink_get_formats (GstDmabufVideoSink * sink, GError ** error)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (sink);
  GstDmabufFormatSet *formats = NULL;

  GST_OBJECT_LOCK (self);
  if (self->presenter)
    formats = gst_dmabuf_format_set_ref (kms_presenter_get_output
        (self->presenter)->formats);
  GST_OBJECT_UNLOCK (self);
  if (!formats)
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "the display is not open");
  return formats;
}

static void
gst_dmabuf_kms_sink_get_limits (GstDmabufVideoSink * sink,
    GstDmabufSinkLimits * limits)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (sink);
  const KmsDevice *device;

  GST_OBJECT_LOCK (self);
  device = self->device;
  if (device) {
    limits->min_width = MAX (device->min_width, 1);
    limits->min_height = MAX (device->min_height, 1);
    limits->max_width = device->max_width;
    limits->max_height = device->max_height;
    limits->n_held = 2;
    limits->can_crop = !device->ignores_source_position;
    limits->constraints.flags = GST_DMABUF_CONSTRAINT_SCANOUT;
    limits->constraints.device = device->devno;
  }
  GST_OBJECT_UNLOCK (self);
}

static gboolean
gst_dmabuf_kms_sink_configure (GstDmabufVideoSink * sink,
    const GstDmabufVideoInfo * info, GError ** error)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (sink);
  const GstVideoInfo *vinfo = &info->vinfo;
  KmsStream stream = {
    .format = info->format,
    .width = GST_VIDEO_INFO_WIDTH (vinfo),
    .height = GST_VIDEO_INFO_HEIGHT (vinfo),
    .fps_n = GST_VIDEO_INFO_FPS_N (vinfo),
    .fps_d = GST_VIDEO_INFO_FPS_D (vinfo),
    .par_n = GST_VIDEO_INFO_PAR_N (vinfo),
    .par_d = GST_VIDEO_INFO_PAR_D (vinfo),
    .is_yuv = info->info && info->info->is_yuv,
    .colorimetry = GST_VIDEO_INFO_COLORIMETRY (vinfo),
  };
  GstVideoRectangle area;

  if (stream.par_n <= 0 || stream.par_d <= 0)
    stream.par_n = stream.par_d = 1;
  if (!kms_presenter_configure (self->presenter, &stream, &area, error))
    return FALSE;
  if (area.w > 0)
    gst_dmabuf_video_sink_set_canvas (sink, stream.width, stream.height, &area);
  publish_mode (self);
  return TRUE;
}

static gpointer
gst_dmabuf_kms_sink_import (GstDmabufVideoSink * sink,
    const GstDmabufFrame * frame, GError ** error)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (sink);
  KmsOutput *output = kms_presenter_get_output (self->presenter);
  GstDmabufFormat scanout;

  if (!kms_plane_get_scanout_format (output->listed, &frame->layout.format,
          &scanout)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "no plane takes this format");
    return NULL;
  }
  return kms_framebuffer_import (self->device, frame, &scanout, error);
}

static void
gst_dmabuf_kms_sink_free_import (GstDmabufVideoSink * sink, gpointer handle)
{
  kms_framebuffer_free (handle);
}

static GstFlowReturn
gst_dmabuf_kms_sink_show (GstDmabufVideoSink * sink,
    GstDmabufImport * import, const GstDmabufFrame * frame,
    GstBuffer * buffer, GError ** error)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (sink);
  GstVideoRectangle source =
      { 0, 0, frame->layout.width, frame->layout.height };

  if (frame->has_crop)
    source = frame->crop;
  switch (kms_presenter_show (self->presenter, import, buffer, &source,
          gst_dmabuf_video_sink_get_cancel_fd (sink), error)) {
    case KMS_WAIT_DONE:
      return GST_FLOW_OK;
    case KMS_WAIT_CANCELLED:
      return GST_FLOW_FLUSHING;
    default:
      return GST_FLOW_ERROR;
  }
}

/* Properties */

static void
replace_string (gchar ** string, const GValue * value)
{
  g_free (*string);
  *string = g_value_dup_string (value);
}

static void
gst_dmabuf_kms_sink_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_DRIVER_NAME:
      replace_string (&self->driver_name, value);
      break;
    case PROP_BUS_ID:
      replace_string (&self->bus_id, value);
      break;
    case PROP_DEVICE:
      replace_string (&self->device_path, value);
      break;
    case PROP_FD:
      self->fd = g_value_get_int (value);
      break;
    case PROP_CONNECTOR_ID:
      self->connector_id = g_value_get_int (value);
      break;
    case PROP_PLANE_ID:
      self->plane_id = g_value_get_int (value);
      break;
    case PROP_FORCE_MODESETTING:
      self->force_modesetting = g_value_get_boolean (value);
      break;
    case PROP_RESTORE_CRTC:
      self->restore_crtc = g_value_get_boolean (value);
      break;
    case PROP_CAN_SCALE:
      self->can_scale = g_value_get_boolean (value);
      break;
    case PROP_RENDER_RECTANGLE:
      kms_rectangle_from_value (&self->rectangle, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_dmabuf_kms_sink_get_property (GObject * object, guint id,
    GValue * value, GParamSpec * pspec)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_DRIVER_NAME:
      g_value_set_string (value, self->driver_name);
      break;
    case PROP_BUS_ID:
      g_value_set_string (value, self->bus_id);
      break;
    case PROP_DEVICE:
      g_value_set_string (value, self->device_path);
      break;
    case PROP_FD:
      g_value_set_int (value, self->fd);
      break;
    case PROP_CONNECTOR_ID:
      g_value_set_int (value, self->connector_id);
      break;
    case PROP_PLANE_ID:
      g_value_set_int (value, self->plane_id);
      break;
    case PROP_FORCE_MODESETTING:
      g_value_set_boolean (value, self->force_modesetting);
      break;
    case PROP_RESTORE_CRTC:
      g_value_set_boolean (value, self->restore_crtc);
      break;
    case PROP_CAN_SCALE:
      g_value_set_boolean (value, self->can_scale);
      break;
    case PROP_RENDER_RECTANGLE:
      kms_rectangle_to_value (&self->rectangle, value);
      break;
    case PROP_DISPLAY_WIDTH:
      g_value_set_int (value, self->display_width);
      break;
    case PROP_DISPLAY_HEIGHT:
      g_value_set_int (value, self->display_height);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_dmabuf_kms_sink_finalize (GObject * object)
{
  GstDmabufKmsSink *self = GST_DMABUF_KMS_SINK (object);

  g_free (self->driver_name);
  g_free (self->bus_id);
  g_free (self->device_path);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

#define READY_FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS \
    | GST_PARAM_MUTABLE_READY)
#define READ_FLAGS (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)

static void
install_device_properties (void)
{
  properties[PROP_DRIVER_NAME] = g_param_spec_string ("driver-name",
      "Driver name", "Take only a display of this DRM driver (NULL = any)",
      NULL, READY_FLAGS);
  properties[PROP_BUS_ID] = g_param_spec_string ("bus-id", "Bus id",
      "Take only the device at this bus id, such as pci:0000:00:02.0 "
      "(NULL = any)", NULL, READY_FLAGS);
  properties[PROP_DEVICE] = g_param_spec_string ("device", "Device",
      "Take the device with this node, such as /dev/dri/card0 (NULL = find "
      "one)", NULL, READY_FLAGS);
  properties[PROP_FD] = g_param_spec_int ("fd", "File descriptor",
      "Use this open DRM device, of which the application is master; it stays "
      "the application's, who must read no events from it meanwhile (-1 = "
      "open a device)", -1, G_MAXINT, -1, READY_FLAGS);
  properties[PROP_CONNECTOR_ID] = g_param_spec_int ("connector-id",
      "Connector id", "Show on this connector (-1 = one with a display)", -1,
      G_MAXINT, -1, READY_FLAGS);
  properties[PROP_PLANE_ID] = g_param_spec_int ("plane-id", "Plane id",
      "Show on this plane (-1 = one that takes the format)", -1, G_MAXINT, -1,
      READY_FLAGS);
}

static void
install_picture_properties (void)
{
  properties[PROP_FORCE_MODESETTING] =
      g_param_spec_boolean ("force-modesetting", "Force modesetting",
      "Set a mode of the video's size, with the refresh rate nearest to its "
      "frame rate, also when the present mode has room for it",
      DEFAULT_FORCE_MODESETTING, READY_FLAGS);
  properties[PROP_RESTORE_CRTC] = g_param_spec_boolean ("restore-crtc",
      "Restore CRTC", "At the end, put back the mode and the pictures that "
      "were on the display", DEFAULT_RESTORE_CRTC, READY_FLAGS);
  properties[PROP_CAN_SCALE] = g_param_spec_boolean ("can-scale", "Can scale",
      "Ask the display to scale where the video has another size than its "
      "place or no square pixels; whether it can is found out",
      DEFAULT_CAN_SCALE, READY_FLAGS);
  properties[PROP_RENDER_RECTANGLE] = kms_rectangle_param_spec (
      "render-rectangle", "Render rectangle", "Where to show, as <x, y, "
      "width, height> in pixels of the display (empty = in the middle)",
      READY_FLAGS);
}

static void
install_size_properties (void)
{
  properties[PROP_DISPLAY_WIDTH] = g_param_spec_int ("display-width",
      "Display width", "Width of the display's mode in pixels (0 = no display "
      "open)", 0, G_MAXINT, 0, READ_FLAGS);
  properties[PROP_DISPLAY_HEIGHT] = g_param_spec_int ("display-height",
      "Display height", "Height of the display's mode in pixels (0 = no "
      "display open)", 0, G_MAXINT, 0, READ_FLAGS);
}

static void
gst_dmabuf_kms_sink_class_init (GstDmabufKmsSinkClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSinkClass *basesink_class = GST_BASE_SINK_CLASS (klass);
  GstDmabufVideoSinkClass *sink_class = GST_DMABUF_VIDEO_SINK_CLASS (klass);

  object_class->set_property = gst_dmabuf_kms_sink_set_property;
  object_class->get_property = gst_dmabuf_kms_sink_get_property;
  object_class->finalize = gst_dmabuf_kms_sink_finalize;
  install_device_properties ();
  install_picture_properties ();
  install_size_properties ();
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gst_element_class_set_static_metadata (element_class, "KMS dma-buf sink",
      "Sink/Video",
      "Shows dma-bufs on a display through atomic mode setting (KMS), "
      "without copies and without a display server",
      "the gst-plugins-dmabuf authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);

  basesink_class->start = GST_DEBUG_FUNCPTR (gst_dmabuf_kms_sink_start);
  basesink_class->stop = GST_DEBUG_FUNCPTR (gst_dmabuf_kms_sink_stop);

  sink_class->get_formats = gst_dmabuf_kms_sink_get_formats;
  sink_class->get_limits = gst_dmabuf_kms_sink_get_limits;
  sink_class->configure = gst_dmabuf_kms_sink_configure;
  sink_class->import = gst_dmabuf_kms_sink_import;
  sink_class->free_import = gst_dmabuf_kms_sink_free_import;
  sink_class->show = gst_dmabuf_kms_sink_show;
}

static void
gst_dmabuf_kms_sink_init (GstDmabufKmsSink * self)
{
  self->fd = -1;
  self->connector_id = -1;
  self->plane_id = -1;
  self->force_modesetting = DEFAULT_FORCE_MODESETTING;
  self->restore_crtc = DEFAULT_RESTORE_CRTC;
  self->can_scale = DEFAULT_CAN_SCALE;
}
