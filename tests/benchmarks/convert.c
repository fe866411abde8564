/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * B12: frames of 3840x2160 through whole elements, from one pad to another:
 * those that only need other words, those that have to move, and those that
 * become tiles and rows again. Beside them a deep copy for each element, as
 * elements make that know no better, and memcpy() of what has to be copied.
 */
#include "config.h"

#include <gst/dmabuf/dmabuf.h>
#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

#include "rounds.h"

#define SIZE "width=3840,height=2160,framerate=60/1"
#define SYSTEM_CAPS "video/x-raw,format=NV12," SIZE
#define N_RING 4

typedef struct
{
  GstElement *bin;
  GstPad *source, *sink;        /* ours, before and behind the bin */
  GstBufferPool *pool;          /* NULL: plain memory */
  GstBuffer *ring[N_RING];
  guint n_frames;
  guint n_copies;               /* that cannot be avoided */
  guint8 *scratch;
  gsize size;
} Chain;

static GstFlowReturn
drop_buffer (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
answer_query (GstPad * pad, GstObject * parent, GstQuery * query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return gst_pad_query_default (pad, parent, query);
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  return TRUE;
}

static void
open_chain (Chain * chain, const gchar * elements)
{
  GError *error = NULL;
  GstCaps *caps = gst_caps_from_string (SYSTEM_CAPS);
  GstSegment segment;
  GstPad *pad;

  chain->bin = gst_parse_bin_from_description (elements, TRUE, &error);
  if (error != NULL)
    g_error ("%s", error->message);
  chain->source = gst_pad_new ("source", GST_PAD_SRC);
  chain->sink = gst_pad_new ("sink", GST_PAD_SINK);
  gst_pad_set_chain_function (chain->sink, drop_buffer);
  gst_pad_set_query_function (chain->sink, answer_query);
  gst_pad_set_active (chain->source, TRUE);
  gst_pad_set_active (chain->sink, TRUE);
  pad = gst_element_get_static_pad (chain->bin, "sink");
  gst_pad_link (chain->source, pad);
  gst_object_unref (pad);
  pad = gst_element_get_static_pad (chain->bin, "src");
  gst_pad_link (pad, chain->sink);
  gst_object_unref (pad);
  gst_element_set_state (chain->bin, GST_STATE_PLAYING);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (chain->source, gst_event_new_stream_start ("bench"));
  if (!gst_pad_push_event (chain->source, gst_event_new_caps (caps)))
    g_error ("%s does not take its caps", elements);
  gst_pad_push_event (chain->source, gst_event_new_segment (&segment));
  gst_caps_unref (caps);
}

static void
make_frames (Chain * chain, const gchar * spec)
{
  GstCaps *caps = gst_caps_from_string (SYSTEM_CAPS);
  GstVideoInfo info;
  guint i;

  gst_video_info_from_caps (&info, caps);
  chain->size = info.size;
  chain->scratch = g_malloc0 (info.size);
  if (spec != NULL) {
    GstDmabufExporter *exporter = gst_dmabuf_exporter_new_from_spec (spec, NULL);
    GstStructure *config;

    if (exporter == NULL)
      g_error ("there is no exporter %s", spec);
    chain->pool = gst_dmabuf_pool_new (exporter);
    config = gst_buffer_pool_get_config (chain->pool);
    gst_buffer_pool_config_set_params (config, caps, info.size, N_RING, 0);
    gst_buffer_pool_set_config (chain->pool, config);
    gst_buffer_pool_set_active (chain->pool, TRUE);
    gst_object_unref (exporter);
  }
  for (i = 0; i < N_RING; i++) {
    if (chain->pool == NULL)
      chain->ring[i] = gst_buffer_new_allocate (NULL, info.size, NULL);
    else
      gst_buffer_pool_acquire_buffer (chain->pool, &chain->ring[i], NULL);
    gst_buffer_memset (chain->ring[i], 0, 16, info.size);
  }
  gst_caps_unref (caps);
}

static void
close_chain (Chain * chain)
{
  guint i;

  gst_element_set_state (chain->bin, GST_STATE_NULL);
  for (i = 0; i < N_RING; i++)
    gst_buffer_unref (chain->ring[i]);
  if (chain->pool != NULL) {
    gst_buffer_pool_set_active (chain->pool, FALSE);
    gst_object_unref (chain->pool);
  }
  gst_object_unref (chain->source);
  gst_object_unref (chain->sink);
  gst_object_unref (chain->bin);
  g_free (chain->scratch);
}

static void
run_chain (gpointer user_data)
{
  Chain *chain = user_data;
  guint i;

  for (i = 0; i < chain->n_frames; i++)
    if (gst_pad_push (chain->source,
            gst_buffer_ref (chain->ring[i % N_RING])) != GST_FLOW_OK)
      g_error ("a frame was refused");
}

/* What two elements cost that copy each buffer as a whole. */
static void
run_deep_copies (gpointer user_data)
{
  Chain *chain = user_data;
  guint i;

  for (i = 0; i < chain->n_frames; i++) {
    GstBuffer *once = gst_buffer_copy_deep (chain->ring[i % N_RING]);
    GstBuffer *twice = gst_buffer_copy_deep (once);

    gst_buffer_unref (once);
    gst_buffer_unref (twice);
  }
}

static void
run_memcpy (gpointer user_data)
{
  Chain *chain = user_data;
  guint i, copy;

  for (i = 0; i < chain->n_frames; i++) {
    GstMapInfo map;

    gst_buffer_map (chain->ring[i % N_RING], &map, GST_MAP_READ);
    for (copy = 0; copy < chain->n_copies; copy++)
      memcpy (chain->scratch, map.data, chain->size);
    gst_buffer_unmap (chain->ring[i % N_RING], &map);
  }
}

static void
compare (const gchar * title, const gchar * elements, const gchar * spec,
    guint n_copies, guint n_rounds)
{
  Chain chain = {.n_frames = 16,.n_copies = n_copies };
  Contender contenders[] = {
    {"ours", run_chain, &chain},
    {"a deep copy each", run_deep_copies, &chain},
    {"limit: memcpy", run_memcpy, &chain},
  };

  open_chain (&chain, elements);
  make_frames (&chain, spec);
  rounds_compare (title, contenders, n_copies > 0 ? 3 : 2, chain.n_frames,
      n_rounds);
  close_chain (&chain);
}

int
main (int argc, char **argv)
{
  const gchar *spec;
  guint n_rounds;
  gchar *upload, *tiles;

  gst_init (&argc, &argv);
  if (argc != 3) {
    g_printerr ("usage: bench-convert EXPORTER ROUNDS\n");
    return 2;
  }
  spec = argv[1];
  n_rounds = (guint) atoi (argv[2]);
  rounds_pin (0);

  upload = g_strdup_printf ("dmabufupload exporter=%s ! dmabufdownload", spec);
  tiles = g_strdup_printf ("dmabufupload exporter=%s ! dmabufconvert "
      "exporter=%s n-threads=1 ! video/x-raw(memory:DMABuf),format=DMA_DRM,"
      "drm-format=NV12:0x0b00000000000001 ! dmabufdownload n-threads=1", spec,
      spec);
  compare ("B12 up and down again, from our pool", upload, spec, 0, n_rounds);
  compare ("B12 up and down again, from plain memory", upload, NULL, 1,
      n_rounds);
  compare ("B12 up, to MM21 tiles, down again, from our pool", tiles, spec, 2,
      n_rounds);
  g_free (upload);
  g_free (tiles);
  return 0;
}
