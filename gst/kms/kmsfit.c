/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The search. From outside to inside:
 *
 *   place:  1. pixel for pixel, whole     2. scaled, whole    3. cropped
 *   mode:   the present one, those of the video's size (one made up for it on
 *           virtual displays), larger ones by size; with force-modesetting the
 *           video's size comes first
 *   plane:  primary alone, overlay alone, overlay over black on the primary
 *
 * The first that the kernel accepts is taken. Plane types and capability bits
 * are not asked: only a tested commit tells what a driver can do.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "kmsfit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xf86drm.h>

#define GST_CAT_DEFAULT kms_debug_category ()

typedef enum
{
  PLACE_EXACT,
  PLACE_SCALED,
  PLACE_CROPPED
} Place;

typedef struct
{
  KmsOutput *output;
  const KmsStream *stream;
  const KmsFramebuffer *framebuffer;
  GstVideoRectangle source;
  KmsSetup setup;               /* the candidate */
  gint errnum;                  /* of the last test */
  guint n_tests;
} Search;

/* Modes */

static gboolean
same_mode (const drmModeModeInfo * a, const drmModeModeInfo * b)
{
  return a->clock == b->clock && a->hdisplay == b->hdisplay
      && a->hsync_start == b->hsync_start && a->hsync_end == b->hsync_end
      && a->htotal == b->htotal && a->vdisplay == b->vdisplay
      && a->vsync_start == b->vsync_start && a->vsync_end == b->vsync_end
      && a->vtotal == b->vtotal && a->flags == b->flags;
}

/* Timings of no standard: a virtual display needs only that they add up. */
static gboolean
make_up_mode (guint width, guint height, drmModeModeInfo * mode)
{
  if (width > G_MAXUINT16 - 160 || height > G_MAXUINT16 - 32)
    return FALSE;
  memset (mode, 0, sizeof (*mode));
  mode->hdisplay = width;
  mode->hsync_start = width + 48;
  mode->hsync_end = width + 80;
  mode->htotal = width + 160;
  mode->vdisplay = height;
  mode->vsync_start = height + 3;
  mode->vsync_end = height + 7;
  mode->vtotal = height + 32;
  mode->vrefresh = 60;
  mode->clock = ((guint64) mode->htotal * mode->vtotal * 60 + 500) / 1000;
  mode->flags = DRM_MODE_FLAG_PHSYNC | DRM_MODE_FLAG_NVSYNC;
  mode->type = DRM_MODE_TYPE_USERDEF;
  g_snprintf (mode->name, sizeof (mode->name), "%ux%u", width, height);
  return TRUE;
}

static gboolean
is_virtual (const KmsOutput * output)
{
  return output->connector_type == DRM_MODE_CONNECTOR_VIRTUAL;
}

static gint
compare_areas (gconstpointer a, gconstpointer b)
{
  const drmModeModeInfo *one = a, *two = b;

  return one->hdisplay * one->vdisplay - two->hdisplay * two->vdisplay;
}

/* How far the refresh rate is from the stream's rate or a multiple of it. */
static gint
refresh_distance (const drmModeModeInfo * mode, const KmsStream * stream)
{
  gint rate, rest;

  if (stream->fps_n <= 0 || stream->fps_d <= 0)
    return mode->type & DRM_MODE_TYPE_PREFERRED ? 0 : 1;
  rate = MAX (stream->fps_n / stream->fps_d, 1);
  if ((gint) mode->vrefresh < rate)
    return rate - mode->vrefresh + 1000;
  rest = mode->vrefresh % rate;
  return MIN (rest, rate - rest);
}

/* The connector's modes of the video's size, best rate first. */
static void
append_equal (GArray * modes, const Search * search)
{
  const GArray *all = search->output->modes;
  const drmModeModeInfo *best = NULL;
  drmModeModeInfo made_up;
  guint i;

  for (i = 0; i < all->len; i++) {
    const drmModeModeInfo *mode = &g_array_index (all, drmModeModeInfo, i);

    if (mode->hdisplay != search->source.w
        || mode->vdisplay != search->source.h
        || (mode->flags & DRM_MODE_FLAG_INTERLACE))
      continue;
    if (!best || refresh_distance (mode, search->stream)
        < refresh_distance (best, search->stream))
      best = mode;
  }
  if (best)
    g_array_append_vals (modes, best, 1);
  if (is_virtual (search->output)
      && make_up_mode (search->source.w, search->source.h, &made_up))
    g_array_append_vals (modes, &made_up, 1);
}

static void
append_larger (GArray * modes, const Search * search)
{
  const GArray *all = search->output->modes;
  GArray *larger = g_array_new (FALSE, FALSE, sizeof (drmModeModeInfo));
  guint i;

  for (i = 0; i < all->len; i++) {
    const drmModeModeInfo *mode = &g_array_index (all, drmModeModeInfo, i);

    if (mode->hdisplay >= search->source.w
        && mode->vdisplay >= search->source.h
        && !(mode->flags & DRM_MODE_FLAG_INTERLACE))
      g_array_append_vals (larger, mode, 1);
  }
  g_array_sort (larger, compare_areas);
  g_array_append_vals (modes, larger->data, larger->len);
  g_array_unref (larger);
}

static GArray *
list_modes (const Search * search)
{
  GArray *modes = g_array_new (FALSE, FALSE, sizeof (drmModeModeInfo));
  gboolean forced = search->output->wish.force_modesetting;

  if (forced)
    append_equal (modes, search);
  g_array_append_vals (modes, kms_output_get_mode (search->output), 1);
  if (!forced)
    append_equal (modes, search);
  append_larger (modes, search);
  return modes;
}

/* Places */

/* The size of @source with square pixels, in @area whole and centred. */
static void
scale_into (const Search * search, const GstVideoRectangle * area,
    GstVideoRectangle * target)
{
  guint64 width = (guint64) search->source.w * search->stream->par_n;
  guint64 height = (guint64) search->source.h * search->stream->par_d;
  guint64 fitting = gst_util_uint64_scale (height, area->w, width);

  if (fitting < (guint64) area->h) {
    target->w = area->w;
    target->h = MAX (1, fitting);
  } else {
    target->h = area->h;
    target->w = CLAMP (gst_util_uint64_scale (width, area->h, height), 1,
        (guint64) area->w);
  }
  target->x = area->x + (area->w - target->w) / 2;
  target->y = area->y + (area->h - target->h) / 2;
}

/* The middle of @source that @area has room for, pixel for pixel. */
static void
crop_into (const GstVideoRectangle * area, GstVideoRectangle * source,
    GstVideoRectangle * target)
{
  gint width = MIN (source->w, area->w), height = MIN (source->h, area->h);

  /* Even, so that halved chroma is cut where luma is. */
  source->x += ((source->w - width) / 2) & ~1;
  source->y += ((source->h - height) / 2) & ~1;
  source->w = width;
  source->h = height;
  target->w = width;
  target->h = height;
  target->x = area->x + (area->w - width) / 2;
  target->y = area->y + (area->h - height) / 2;
}

static gboolean
has_rectangle (const Search * search)
{
  const GstVideoRectangle *wish = &search->output->wish.rectangle;

  return wish->w > 0 && wish->h > 0 && !search->stream->fills_display;
}

/* Fills in source and target; FALSE if @place makes no sense here. */
static gboolean
put (Search * search, const drmModeModeInfo * mode, Place place)
{
  gboolean given = has_rectangle (search), fits, square;
  GstVideoRectangle area = { 0, 0, mode->hdisplay, mode->vdisplay };
  KmsLayer *video = &search->setup.video;

  if (given)
    area = search->output->wish.rectangle;
  fits = search->source.w <= area.w && search->source.h <= area.h;
  square = search->stream->par_n == search->stream->par_d;
  video->source = search->source;
  if (place == PLACE_SCALED) {
    if (!search->output->wish.can_scale || (fits && square && !given))
      return FALSE;
    scale_into (search, &area, &video->target);
    return TRUE;
  }
  if (fits != (place == PLACE_EXACT))
    return FALSE;
  crop_into (&area, &video->source, &video->target);
  return TRUE;
}

/* Planes */

static gboolean
test (Search * search, gboolean modeset)
{
  search->setup.modeset = modeset;
  kms_output_collect (search->output, &search->setup);
  search->n_tests++;
  search->errnum = kms_commit_test (search->output->commit, modeset);
  GST_LOG ("mode %s, %dx%d at %d,%d on %s plane %u%s: %s",
      search->setup.mode.name, search->setup.video.target.w,
      search->setup.video.target.h, search->setup.video.target.x,
      search->setup.video.target.y,
      kms_plane_get_type_name (search->setup.video.plane),
      search->setup.video.plane->id,
      search->setup.backdrop.plane ? " over black" : "",
      g_strerror (search->errnum));
  return search->errnum == 0;
}

static gboolean
try_planes (Search * search, const KmsPlane * plane, const KmsPlane * backdrop)
{
  KmsOutput *output = search->output;
  KmsLayer *video = &search->setup.video;
  gboolean same = (output->setup.valid
      && same_mode (&search->setup.mode, &output->setup.mode)) ||
      (!output->setup.valid && output->found_active
      && same_mode (&search->setup.mode, &output->found_mode));

  video->plane = plane;
  video->framebuffer_id = search->framebuffer->id;
  if (search->stream->is_yuv) {
    video->has_encoding = kms_plane_get_color_encoding (output->device, plane,
        &search->stream->colorimetry, &video->encoding);
    video->has_range = kms_plane_get_color_range (output->device, plane,
        &search->stream->colorimetry, &video->range);
  }
  search->setup.backdrop.plane = backdrop;
  return (same && test (search, FALSE)) || test (search, TRUE);
}

/* Nothing that another try could change. */
static gboolean
is_final (gint errnum)
{
  return errnum == EACCES || errnum == ENODEV || errnum == ENOMEM;
}

static gboolean
takes_video (const Search * search, const KmsPlane * plane, guint64 type)
{
  const KmsOutputWish *wish = &search->output->wish;
  GstDmabufFormat scanout;

  if (wish->plane_id != 0 && plane->id != wish->plane_id)
    return FALSE;
  return plane->type == type && kms_plane_get_scanout_format (plane->listed,
      &search->framebuffer->format, &scanout)
      && scanout.fourcc == search->framebuffer->format.fourcc;
}

static const KmsPlane *
find_primary (const KmsOutput * output)
{
  guint i;

  for (i = 0; i < output->planes->len; i++) {
    const KmsPlane *plane = g_ptr_array_index (output->planes, i);

    if (plane->type == DRM_PLANE_TYPE_PRIMARY)
      return plane;
  }
  return NULL;
}

static gboolean
try_each (Search * search, guint64 type, const KmsPlane * backdrop)
{
  guint i;

  for (i = 0; i < search->output->planes->len; i++) {
    const KmsPlane *plane = g_ptr_array_index (search->output->planes, i);

    if (plane != backdrop && !is_final (search->errnum)
        && takes_video (search, plane, type)
        && try_planes (search, plane, backdrop))
      return TRUE;
  }
  return FALSE;
}

/* Black of the mode's size. The one before may still be on the screen. */
static gboolean
make_backdrop (Search * search, const KmsPlane * primary)
{
  static const GstDmabufFormat black =
      GST_DMABUF_FORMAT_INIT (GST_MAKE_FOURCC ('X', 'R', '2', '4'),
      GST_DMABUF_MOD_LINEAR);
  KmsOutput *output = search->output;
  const drmModeModeInfo *mode = &search->setup.mode;
  KmsLayer *layer = &search->setup.backdrop;
  GError *error = NULL;

  if (!output->backdrop || output->backdrop->width != mode->hdisplay
      || output->backdrop->height != mode->vdisplay) {
    KmsFramebuffer *made = kms_framebuffer_new_blank (output->device, &black,
        mode->hdisplay, mode->vdisplay, &error);

    if (!made) {
      GST_DEBUG ("no black: %s", error->message);
      g_clear_error (&error);
      return FALSE;
    }
    if (output->old_backdrop)
      kms_framebuffer_free (output->backdrop);
    else
      output->old_backdrop = output->backdrop;
    output->backdrop = made;
  }
  memset (layer, 0, sizeof (*layer));
  layer->framebuffer_id = output->backdrop->id;
  layer->source.w = layer->target.w = mode->hdisplay;
  layer->source.h = layer->target.h = mode->vdisplay;
  return TRUE;
}

static gboolean
try_mode (Search * search, const drmModeModeInfo * mode, Place place)
{
  const KmsPlane *primary = find_primary (search->output);

  const GstVideoRectangle *source = &search->setup.video.source;

  memset (&search->setup, 0, sizeof (search->setup));
  search->setup.mode = *mode;
  if (!put (search, mode, place))
    return FALSE;
  search->errnum = kms_output_use_mode (search->output, mode);
  if (search->errnum != 0)
    return FALSE;
  if (search->output->device->ignores_source_position
      && (source->x != 0 || source->y != 0))
    return FALSE;
  if (try_each (search, DRM_PLANE_TYPE_PRIMARY, NULL)
      || try_each (search, DRM_PLANE_TYPE_OVERLAY, NULL))
    return TRUE;
  if (search->output->wish.plane_id != 0
      && try_each (search, DRM_PLANE_TYPE_CURSOR, NULL))
    return TRUE;
  return primary && primary->id != search->output->wish.plane_id
      && make_backdrop (search, primary)
      && try_each (search, DRM_PLANE_TYPE_OVERLAY, primary);
}

static gboolean
search_all (Search * search)
{
  GArray *modes = list_modes (search);
  gboolean square = search->stream->par_n == search->stream->par_d;
  gboolean scale_first = has_rectangle (search) || !square;
  const Place places[] = {
    scale_first ? PLACE_SCALED : PLACE_EXACT,
    scale_first ? PLACE_EXACT : PLACE_SCALED,
    PLACE_CROPPED
  };
  guint n_places = G_N_ELEMENTS (places) - search->stream->uncropped;
  gboolean found = FALSE;
  guint i, j;

  for (i = 0; i < n_places && !found; i++)
    for (j = 0; j < modes->len && !found && !is_final (search->errnum); j++) {
      found = try_mode (search, &g_array_index (modes, drmModeModeInfo, j),
          places[i]);
      /* Another mode makes room, which only whole pictures need. */
      if (places[i] != PLACE_EXACT)
        break;
    }
  g_array_unref (modes);
  return found;
}

static void
set_search_error (const Search * search, GError ** error)
{
  KmsDevice *device = search->output->device;
  gchar *format;

  if (is_final (search->errnum) && search->errnum != ENODEV) {
    kms_device_set_commit_error (device, search->errnum, error,
        "testing a commit");
    return;
  }
  if (!kms_device_probe (device)) {
    kms_device_set_error (device, ENODEV, error, "testing a commit");
    return;
  }
  format = gst_dmabuf_format_to_string (&search->framebuffer->format);
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_REFUSED,
      "%s (driver %s) refuses %s %dx%d in every mode and plane "
      "(%u commits tested, last answer: %s)", device->path, device->driver,
      format, search->source.w, search->source.h, search->n_tests,
      search->n_tests ? g_strerror (search->errnum) : "none fits");
  g_free (format);
}

static gboolean
is_outside (const GstVideoRectangle * target, const drmModeModeInfo * mode)
{
  return target->x >= mode->hdisplay || target->y >= mode->vdisplay
      || target->x + target->w <= 0 || target->y + target->h <= 0;
}

gboolean
kms_fit (KmsOutput * output, const KmsStream * stream,
    const KmsFramebuffer * framebuffer, const GstVideoRectangle * source,
    GError ** error)
{
  Search search = { output, stream, framebuffer, *source, };
  const KmsLayer *video = &search.setup.video;

  if (!search_all (&search)) {
    set_search_error (&search, error);
    if (output->setup.valid)
      kms_output_use_mode (output, &output->setup.mode);
    return FALSE;
  }
  search.setup.valid = TRUE;
  output->setup = search.setup;
  GST_INFO ("%s: mode %s%s, %dx%d shown at %d,%d as %dx%d on %s plane %u%s",
      output->device->path, search.setup.mode.name,
      search.setup.modeset ? " (new)" : "", video->source.w, video->source.h,
      video->target.x, video->target.y, video->target.w, video->target.h,
      kms_plane_get_type_name (video->plane), video->plane->id,
      search.setup.backdrop.plane ? " over black" : "");
  if (video->source.w < source->w || video->source.h < source->h)
    GST_WARNING ("%s: the display has no mode large enough for %dx%d and does "
        "not scale: %dx%d are shown", output->device->path, source->w,
        source->h, video->source.w, video->source.h);
  if (is_outside (&video->target, &search.setup.mode))
    GST_WARNING ("%s: nothing can be seen, the place at %d,%d is outside of "
        "the display's %dx%d", output->device->path, video->target.x,
        video->target.y, search.setup.mode.hdisplay,
        search.setup.mode.vdisplay);
  return TRUE;
}

static gboolean
try_canvas (KmsOutput * output, const KmsStream * stream)
{
  GstVideoRectangle whole = { 0, 0, stream->width, stream->height };
  KmsFramebuffer *blank = kms_framebuffer_new_blank (output->device,
      &stream->format, stream->width, stream->height, NULL);
  gboolean fits = blank && kms_fit (output, stream, blank, &whole, NULL);

  kms_framebuffer_free (blank);
  return fits;
}

/* Whether all of the video can be seen in a picture of @mode's size. */
static gboolean
has_room (const Search * search, const drmModeModeInfo * mode)
{
  const GstVideoRectangle *wish = &search->output->wish.rectangle;
  gboolean fits = mode->hdisplay >= search->source.w
      && mode->vdisplay >= search->source.h;

  return fits && (!has_rectangle (search)
      || (wish->w >= search->source.w && wish->h >= search->source.h));
}

gboolean
kms_fit_canvas (KmsOutput * output, KmsStream * stream,
    GstVideoRectangle * area)
{
  Search search = { output, stream, NULL, {0, 0, stream->width, stream->height},
  };
  GArray *modes = list_modes (&search);
  KmsStream canvas = *stream;
  gboolean found = FALSE;
  guint i;

  canvas.fills_display = TRUE;
  canvas.par_n = canvas.par_d = 1;
  for (i = 0; i < modes->len && !found; i++) {
    const drmModeModeInfo *mode = &g_array_index (modes, drmModeModeInfo, i);

    canvas.width = mode->hdisplay;
    canvas.height = mode->vdisplay;
    found = (!stream->uncropped || has_room (&search, mode))
        && try_canvas (output, &canvas);
  }
  g_array_unref (modes);
  if (!found)
    return FALSE;
  area->x = area->y = 0;
  area->w = canvas.width;
  area->h = canvas.height;
  if (has_rectangle (&search))
    *area = output->wish.rectangle;
  *stream = canvas;
  return TRUE;
}
