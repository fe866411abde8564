/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Frames, one after the other.
 *
 *   show (N) ──► commit N ──► [N pending, N-1 on screen] ──► flip event ──►
 *   N on screen, N-1 let go
 *
 * The kernel puts no fence on a dma-buf that is being scanned out, so only the
 * event of the replacement says that a buffer may be written again.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "kmspresent.h"

#include <errno.h>
#include <string.h>
#include <xf86drm.h>

#define GST_CAT_DEFAULT kms_debug_category ()

/* Some displays take a second to set a mode. */
#define FLIP_TIMEOUT_MS 3000
/* At the end nobody waits for a display that does not answer. */
#define LAST_FLIP_TIMEOUT_MS 100

/* A shown frame; empty: both NULL. */
typedef struct
{
  GstDmabufImport *import;
  GstBuffer *buffer;
} Held;

struct _KmsPresenter
{
  KmsOutput *output;
  KmsStream stream;
  gboolean changed;             /* commit everything, not only a framebuffer */
  gboolean shown_any;
  GstVideoRectangle source;     /* for which output->setup was made */
  Held on_screen, pending;
  gboolean flip_pending;
  guint32 cookie;               /* of the last flip; fits a pointer */
};

KmsPresenter *
kms_presenter_new (KmsOutput * output)
{
  KmsPresenter *presenter = g_new0 (KmsPresenter, 1);

  presenter->output = output;
  /* Others may send events with small numbers on a shared descriptor. */
  presenter->cookie = g_random_int ();
  return presenter;
}

KmsOutput *
kms_presenter_get_output (KmsPresenter * presenter)
{
  return presenter->output;
}

static void
let_go (Held * held)
{
  g_clear_pointer (&held->import, gst_dmabuf_import_unref);
  gst_clear_buffer (&held->buffer);
}

static void
hold (Held * held, GstDmabufImport * import, GstBuffer * buffer)
{
  held->import = gst_dmabuf_import_ref (import);
  held->buffer = gst_buffer_ref (buffer);
}

/* What was pending is on the screen now. */
static void
flip_done (KmsPresenter * presenter)
{
  KmsOutput *output = presenter->output;

  presenter->flip_pending = FALSE;
  let_go (&presenter->on_screen);
  presenter->on_screen = presenter->pending;
  memset (&presenter->pending, 0, sizeof (presenter->pending));
  if (output->old_backdrop && output->old_backdrop->id
      != output->setup.backdrop.framebuffer_id)
    g_clear_pointer (&output->old_backdrop, kms_framebuffer_free);
}

static KmsWait
wait_for_flip (KmsPresenter * presenter, gint cancel_fd, GError ** error)
{
  KmsDevice *device = presenter->output->device;
  KmsWait wait = kms_commit_wait (device, presenter->cookie, cancel_fd,
      FLIP_TIMEOUT_MS, error);

  if (wait == KMS_WAIT_DONE)
    flip_done (presenter);
  if (wait != KMS_WAIT_TIMEOUT)
    return wait;
  /* A removed device sends no more events. */
  if (!kms_device_probe (device))
    kms_device_set_error (device, ENODEV, error, "waiting for a page flip");
  else
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_FAILED,
        "%s: no answer to a page flip in %d ms", device->path, FLIP_TIMEOUT_MS);
  return KMS_WAIT_ERROR;
}

/* The frames themselves, or a picture around them. */
static gboolean
fit_or_surround (KmsPresenter * presenter, const KmsFramebuffer * blank,
    GstVideoRectangle * area, GError ** error)
{
  KmsStream *stream = &presenter->stream;
  GstVideoRectangle whole = { 0, 0, stream->width, stream->height };
  GError *reason = NULL;

  if (kms_fit (presenter->output, stream, blank, &whole, &reason))
    return TRUE;
  if (g_error_matches (reason, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED)
      && gst_dmabuf_format_is_linear (&stream->format)
      && kms_fit_canvas (presenter->output, stream, area)) {
    g_clear_error (&reason);
    return TRUE;
  }
  g_propagate_error (error, reason);
  return FALSE;
}

/* Whole, at the price of a copy; then what there is room for. */
static gboolean
fit_blank (KmsPresenter * presenter, const KmsFramebuffer * blank,
    GstVideoRectangle * area, GError ** error)
{
  KmsStream *stream = &presenter->stream;
  gboolean fits;

  stream->uncropped = TRUE;
  fits = fit_or_surround (presenter, blank, area, NULL);
  stream->uncropped = FALSE;
  if (!fits && !fit_or_surround (presenter, blank, area, error))
    return FALSE;
  presenter->source.w = stream->width;
  presenter->source.h = stream->height;
  return TRUE;
}

gboolean
kms_presenter_configure (KmsPresenter * presenter, KmsStream * stream,
    GstVideoRectangle * area, GError ** error)
{
  KmsOutput *output = presenter->output;
  KmsFramebuffer *blank;
  GstDmabufFormat scanout;
  GError *reason = NULL;
  gboolean fits;

  memset (area, 0, sizeof (*area));
  presenter->stream = *stream;
  presenter->changed = TRUE;
  /* No rectangle is like this one: the first frame is fitted. */
  memset (&presenter->source, 0, sizeof (presenter->source));

  if (!kms_plane_get_scanout_format (output->listed, &stream->format, &scanout)) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
        "no plane of %s takes this format", output->device->path);
    return FALSE;
  }
  blank = kms_framebuffer_new_blank (output->device, &scanout, stream->width,
      stream->height, &reason);
  if (!blank) {
    GST_DEBUG ("the first frame will be the test: %s", reason->message);
    g_clear_error (&reason);
    return !kms_device_is_gone (output->device);
  }
  fits = fit_blank (presenter, blank, area, error);
  kms_framebuffer_free (blank);
  if (fits)
    *stream = presenter->stream;
  return fits;
}

static gboolean
fit (KmsPresenter * presenter, const KmsFramebuffer * framebuffer,
    const GstVideoRectangle * source, GError ** error)
{
  if (!kms_fit (presenter->output, &presenter->stream, framebuffer, source,
          error))
    return FALSE;
  presenter->source = *source;
  presenter->changed = TRUE;
  return TRUE;
}

static gint
commit (KmsPresenter * presenter, guint32 framebuffer_id)
{
  KmsOutput *output = presenter->output;
  KmsSetup *setup = &output->setup;
  gboolean all = presenter->changed;

  setup->video.framebuffer_id = framebuffer_id;
  if (all) {
    kms_output_collect (output, setup);
  } else {
    kms_commit_begin (output->commit);
    kms_commit_set_framebuffer (output->commit, setup->video.plane,
        framebuffer_id);
  }
  return kms_commit_flip (output->commit, all && setup->modeset,
      ++presenter->cookie);
}

static gboolean
same_rectangle (const GstVideoRectangle * a, const GstVideoRectangle * b)
{
  return a->x == b->x && a->y == b->y && a->w == b->w && a->h == b->h;
}

/* Blank memory passed the test, or another crop did; real memory may need
 * another plane. */
static gboolean
commit_frame (KmsPresenter * presenter, const KmsFramebuffer * framebuffer,
    const GstVideoRectangle * source, GError ** error)
{
  gboolean fitted = FALSE;
  gint errnum;

  if (!presenter->output->setup.valid
      || !same_rectangle (&presenter->source, source)) {
    if (!fit (presenter, framebuffer, source, error))
      return FALSE;
    fitted = TRUE;
  }
  errnum = commit (presenter, framebuffer->id);
  if ((errnum == EINVAL || errnum == ERANGE || errnum == ENOSPC) && !fitted) {
    if (!fit (presenter, framebuffer, source, error))
      return FALSE;
    errnum = commit (presenter, framebuffer->id);
  }
  if (errnum == 0)
    return TRUE;
  kms_device_set_commit_error (presenter->output->device, errnum, error,
      "showing a frame");
  return FALSE;
}

KmsWait
kms_presenter_show (KmsPresenter * presenter, GstDmabufImport * import,
    GstBuffer * buffer, const GstVideoRectangle * source, gint cancel_fd,
    GError ** error)
{
  const KmsFramebuffer *framebuffer = gst_dmabuf_import_get_handle (import);

  if (presenter->flip_pending) {
    /* The same frame again after a wait that was cancelled: it is there. */
    gboolean again = presenter->pending.import == import
        && same_rectangle (&presenter->source, source);
    KmsWait wait = wait_for_flip (presenter, cancel_fd, error);

    if (wait != KMS_WAIT_DONE || again)
      return wait;
  }
  if (!commit_frame (presenter, framebuffer, source, error))
    return KMS_WAIT_ERROR;
  presenter->changed = FALSE;
  presenter->shown_any = TRUE;
  hold (&presenter->pending, import, buffer);
  presenter->flip_pending = TRUE;
  return wait_for_flip (presenter, cancel_fd, error);
}

/* Nothing of ours stays when the kernel did not take what was there before. */
static void
leave_screen (KmsPresenter * presenter)
{
  KmsOutput *output = presenter->output;
  KmsFramebuffer *shown[] = { output->backdrop, output->old_backdrop,
    presenter->on_screen.import ?
        gst_dmabuf_import_get_handle (presenter->on_screen.import) : NULL,
    presenter->pending.import ?
        gst_dmabuf_import_get_handle (presenter->pending.import) : NULL,
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (shown); i++)
    if (shown[i])
      shown[i]->leaves_screen = TRUE;
}

/* Puts back as much as the kernel still takes: pictures of programs that are
 * gone are gone too. */
static void
restore_found (KmsPresenter * presenter)
{
  KmsOutput *output = presenter->output;
  gint errnum = EINVAL;
  guint level;

  for (level = 0; level < 3 && errnum != 0 && errnum != EACCES
      && errnum != ENODEV; level++) {
    if (!kms_output_collect_found (output, level))
      continue;
    errnum = kms_commit_flip (output->commit, TRUE, ++presenter->cookie);
    GST_DEBUG ("%s: restoring, level %u: %s", output->device->path, level,
        g_strerror (errnum));
  }
  if (errnum == 0)
    kms_commit_wait (output->device, presenter->cookie, -1,
        LAST_FLIP_TIMEOUT_MS, NULL);
  else if (errnum != EACCES && errnum != ENODEV)
    leave_screen (presenter);
}

void
kms_presenter_free (KmsPresenter * presenter, gboolean restore)
{
  KmsDevice *device;
  gboolean answers = TRUE;

  if (!presenter)
    return;
  device = presenter->output->device;
  if (presenter->flip_pending && !kms_device_is_gone (device))
    answers = kms_commit_wait (device, presenter->cookie, -1,
        LAST_FLIP_TIMEOUT_MS, NULL) == KMS_WAIT_DONE;
  if (restore && presenter->shown_any && answers
      && !kms_device_is_gone (device))
    restore_found (presenter);
  let_go (&presenter->pending);
  let_go (&presenter->on_screen);
  kms_output_free (presenter->output);
  g_free (presenter);
}
