/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The base class of displays. It negotiates, proposes a pool, validates,
 * remembers imports, stages what cannot be imported, and counts. A subclass
 * says what it accepts, imports one frame, and shows it.
 */
#pragma once

#include <gst/video/gstvideosink.h>

#include "gstdmabufcaps.h"
#include "gstdmabufconstraints.h"
#include "gstdmabufframe.h"
#include "gstdmabufimportcache.h"

G_BEGIN_DECLS

#define GST_TYPE_DMABUF_VIDEO_SINK (gst_dmabuf_video_sink_get_type ())
GST_DMABUF_API
G_DECLARE_DERIVABLE_TYPE (GstDmabufVideoSink, gst_dmabuf_video_sink, GST,
    DMABUF_VIDEO_SINK, GstVideoSink)

/**
 * GstDmabufZeroCopy:
 * @GST_DMABUF_ZERO_COPY_PREFER: a frame that cannot be imported is staged:
 *     copied once into memory that can. Each reason is announced once per
 *     negotiation and counted in `stats`.
 * @GST_DMABUF_ZERO_COPY_REQUIRE: such a frame is an element error.
 *
 * What a sink does with a frame that its display cannot import.
 *
 * Since: 0.1
 */
typedef enum
{
  GST_DMABUF_ZERO_COPY_PREFER,
  GST_DMABUF_ZERO_COPY_REQUIRE,
} GstDmabufZeroCopy;

#define GST_TYPE_DMABUF_ZERO_COPY (gst_dmabuf_zero_copy_get_type ())
GST_DMABUF_API
GType gst_dmabuf_zero_copy_get_type (void);

/**
 * GstDmabufSinkLimits:
 * @min_width: smallest width in pixels that can be shown, at least 1
 * @min_height: smallest height in pixels that can be shown, at least 1
 * @max_width: largest width in pixels
 * @max_height: largest height in pixels
 * @n_held: buffers that the subclass keeps while playing (one on screen, one
 *     on its way there: 2); the proposed pool is made large enough for them
 * @can_crop: the display can show a part of a frame (#GstDmabufFrame.crop)
 * @can_import_simulated: the "display" is a program that takes memory which
 *     is no real dma-buf; for tests
 * @constraints: what the display needs of a layout and its memory
 *
 * What one display can take, beside its formats.
 *
 * Since: 0.1
 */
typedef struct
{
  guint min_width, min_height;
  guint max_width, max_height;
  guint n_held;
  gboolean can_crop;
  gboolean can_import_simulated;
  GstDmabufConstraints constraints;

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING];
} GstDmabufSinkLimits;

/**
 * GstDmabufVideoSinkClass:
 * @parent_class: the parent class; a subclass that overrides start(), stop(),
 *     unlock() or unlock_stop() of GstBaseSink chains up
 * @get_formats: the formats that the open display takes, in order
 *     of preference (transfer full), or NULL with @error set. An implicit
 *     member means that legacy caps can be imported. Called with no lock held,
 *     after start() and after gst_dmabuf_video_sink_formats_changed().
 * @get_limits: fills in what the open display takes beside formats; @limits
 *     comes with defaults (1x1 to 16384x16384, two held, no crop)
 * @configure: prepares the display for @info; called before the first frame of
 *     new caps, in the streaming thread. It may call
 *     gst_dmabuf_video_sink_set_canvas(). FALSE with @error refuses the caps.
 * @import: makes the display's own handle of @frame, which has been checked
 *     against its memory; it may outlive the frame, not the sink. NULL with
 *     @error when the display refuses: this refusal is remembered. Also called
 *     to test memory before it is proposed upstream, then perhaps from another
 *     thread than the streaming thread: subclasses lock what they share.
 * @free_import: releases a handle of @import. Called from any thread, never
 *     with a lock of this library held.
 * @show: puts the imported frame on the display and keeps what it needs of
 *     @import and @buffer (by reference) until something else is on screen.
 *     Returns %GST_FLOW_FLUSHING when the cancel fd became readable while it
 *     waited, %GST_FLOW_ERROR with @error set, %GST_FLOW_OK otherwise. After
 *     FLUSHING it is called again with the same frame if the pipeline was only
 *     paused. An @error of %GST_DMABUF_ERROR_REFUSED counts as a refused
 *     import; after %GST_DMABUF_ERROR_EXHAUSTED the frame is dropped and the
 *     next one tried, for about a second of frames; others end the stream.
 *
 * Since: 0.1
 */
struct _GstDmabufVideoSinkClass
{
  GstVideoSinkClass parent_class;

  GstDmabufFormatSet *(*get_formats)  (GstDmabufVideoSink *self,
                                       GError **error);
  void                (*get_limits)   (GstDmabufVideoSink *self,
                                       GstDmabufSinkLimits *limits);
  gboolean            (*configure)    (GstDmabufVideoSink *self,
                                       const GstDmabufVideoInfo *info,
                                       GError **error);
  gpointer            (*import)       (GstDmabufVideoSink *self,
                                       const GstDmabufFrame *frame,
                                       GError **error);
  void                (*free_import)  (GstDmabufVideoSink *self,
                                       gpointer handle);
  GstFlowReturn       (*show)         (GstDmabufVideoSink *self,
                                       GstDmabufImport *import,
                                       const GstDmabufFrame *frame,
                                       GstBuffer *buffer,
                                       GError **error);

  /*< private >*/
  gpointer _gst_reserved[GST_PADDING_LARGE];
};

/**
 * gst_dmabuf_video_sink_formats_changed:
 * @self: a #GstDmabufVideoSink
 *
 * Asks the subclass for its formats again. If, and only if, they differ from
 * before, RECONFIGURE goes upstream; frames in flight go on being shown. Any
 * thread, with no lock held.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void     gst_dmabuf_video_sink_formats_changed (GstDmabufVideoSink *self);

/**
 * gst_dmabuf_video_sink_get_cancel_fd:
 * @self: a #GstDmabufVideoSink between start() and stop()
 *
 * The descriptor that a subclass adds to each poll() in which it waits: it is
 * readable from unlock() to unlock_stop(), and the wait must then end with
 * %GST_FLOW_FLUSHING. Never read from it.
 *
 * Returns: a file descriptor, owned by @self, or -1 before start()
 *
 * Since: 0.1
 */
GST_DMABUF_API
gint     gst_dmabuf_video_sink_get_cancel_fd   (GstDmabufVideoSink *self);

/**
 * gst_dmabuf_video_sink_set_canvas:
 * @self: a #GstDmabufVideoSink, inside of its configure()
 * @width: width in pixels of the pictures that the display shows
 * @height: height in pixels
 * @area: where the frames are to be in such a picture, in pixels; it may reach
 *     out of it
 *
 * For a display that shows the frames that configure() was asked about as a part
 * of larger pictures only (one plane that has to fill the screen). Each frame is
 * then copied into the middle of @area of a black picture, pixel for pixel and
 * cut off where there is no room, and this is what import() and show() get. It
 * is staging for the reason `display-size`: announced, counted, and an error
 * with `zero-copy=require`. Holds until the next configure(). The formats have
 * to be linear and known to GStreamer, or the caps are refused.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void     gst_dmabuf_video_sink_set_canvas      (GstDmabufVideoSink *self,
                                                guint width, guint height,
                                                const GstVideoRectangle *area);

/**
 * gst_dmabuf_video_sink_drop_imports:
 * @self: a #GstDmabufVideoSink
 *
 * Forgets every remembered import and refusal, for a subclass whose device was
 * replaced. Imports that are still shown live until they are let go.
 *
 * Since: 0.1
 */
GST_DMABUF_API
void     gst_dmabuf_video_sink_drop_imports    (GstDmabufVideoSink *self);

G_END_DECLS
