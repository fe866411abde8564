/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * From a configuration to a layout, by way of the exporter.
 */
#include "gstdmabufpool.h"
#include "gstdmabufpoolsetupprivate.h"

#include "gstdmabuferror.h"

#include <string.h>

#define CONSTRAINTS_FIELD "dmabuf-constraints"

void
gst_dmabuf_pool_setup_clear_memories (GstMemory *
    memories[GST_DMABUF_MAX_PLANES])
{
  guint i;

  for (i = 0; i < GST_DMABUF_MAX_PLANES; i++)
    g_clear_pointer (&memories[i], gst_memory_unref);
}

void
gst_dmabuf_pool_config_set_constraints (GstStructure * config,
    const GstDmabufConstraints * constraints)
{
  GstStructure *structure;

  g_return_if_fail (config != NULL && constraints != NULL);

  structure = gst_dmabuf_constraints_to_structure (constraints);
  gst_structure_set (config, CONSTRAINTS_FIELD, GST_TYPE_STRUCTURE, structure,
      NULL);
  gst_structure_free (structure);
}

gboolean
gst_dmabuf_pool_config_get_constraints (GstStructure * config,
    GstDmabufConstraints * constraints, GError ** error)
{
  const GValue *value;

  g_return_val_if_fail (config != NULL && constraints != NULL, FALSE);

  value = gst_structure_get_value (config, CONSTRAINTS_FIELD);
  if (value == NULL) {
    gst_dmabuf_constraints_init (constraints);
    return TRUE;
  }
  if (!GST_VALUE_HOLDS_STRUCTURE (value)
      || gst_value_get_structure (value) == NULL) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        CONSTRAINTS_FIELD " of a pool configuration is a %s",
        G_VALUE_TYPE_NAME (value));
    return FALSE;
  }
  return gst_dmabuf_constraints_from_structure (constraints,
      gst_value_get_structure (value), error);
}

/* The format to allocate. Caps that leave the modifier open get the layout of
 * their GstVideoFormat, which is what their reader will assume. */
static gboolean
choose_format (GstDmabufPoolSetup * setup, GError ** error)
{
  const GstDmabufVideoInfo *info = &setup->info;

  setup->format = info->format;
  if (!gst_dmabuf_format_is_implicit (&info->format))
    return TRUE;
  if (gst_dmabuf_format_from_video_format (GST_VIDEO_INFO_FORMAT (&info->vinfo),
          &setup->format))
    return TRUE;
  g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_UNSUPPORTED,
      "no layout is known for %s", gst_video_format_to_string
      (GST_VIDEO_INFO_FORMAT (&info->vinfo)));
  return FALSE;
}

gboolean
gst_dmabuf_pool_setup_parse (GstDmabufPoolSetup * setup,
    GstStructure * config, GError ** error)
{
  GstCaps *caps = NULL;

  memset (setup, 0, sizeof *setup);
  gst_video_alignment_reset (&setup->alignment);
  if (!gst_buffer_pool_config_get_params (config, &caps,
          &setup->wanted_size, &setup->min_buffers, &setup->max_buffers) || caps == NULL) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "the configuration has no caps");
    return FALSE;
  }
  if (setup->max_buffers != 0 && setup->min_buffers > setup->max_buffers) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "at least %u and at most %u buffers", setup->min_buffers,
        setup->max_buffers);
    return FALSE;
  }
  if (!gst_dmabuf_video_info_from_caps (&setup->info, caps, error)
      || !choose_format (setup, error)
      || !gst_dmabuf_pool_config_get_constraints (config, &setup->constraints,
          error))
    return FALSE;

  setup->poll_all = gst_buffer_pool_config_has_option (config,
      GST_BUFFER_POOL_OPTION_DMABUF_IDLE);
  setup->has_alignment = gst_buffer_pool_config_has_option (config,
      GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT)
      && gst_buffer_pool_config_get_video_alignment (config,
      &setup->alignment);
  return !setup->has_alignment
      || gst_dmabuf_constraints_add_video_alignment (&setup->constraints,
      &setup->alignment, error);
}

static gboolean
is_padded (const GstDmabufPoolSetup * setup)
{
  const GstVideoAlignment *a = &setup->alignment;

  return a->padding_left || a->padding_right || a->padding_top
      || a->padding_bottom;
}

/* Bytes of a memory that its buffer shows: what the planes need; what
 * GstVideoInfo says, for elements that go by the size alone; and what the
 * configuration asks for, for devices that demand more than the picture takes. */
static void
choose_sizes (GstDmabufPoolSetup * setup,
    GstMemory * memories[GST_DMABUF_MAX_PLANES])
{
  gsize whole = MAX (GST_VIDEO_INFO_SIZE (&setup->info.vinfo),
      setup->wanted_size);
  guint i;

  setup->size = 0;
  for (i = 0; i < setup->allocated.n_objects; i++) {
    setup->sizes[i] = memories[i]->size;
    if (setup->allocated.n_objects == 1)
      setup->sizes[i] = CLAMP (whole, memories[i]->size, memories[i]->maxsize);
    setup->size += setup->sizes[i];
  }
}

/* Constraints know no least size, but a size that is a multiple of one that is
 * too large for the layout is that one. */
static gboolean
demand_size (GstDmabufPoolSetup * setup, GError ** error)
{
  guint64 align = MAX (setup->constraints.size_align, 1);
  guint64 size = (setup->wanted_size + align - 1) / align * align;

  if (size > G_MAXUINT) {
    g_set_error (error, GST_DMABUF_ERROR, GST_DMABUF_ERROR_INVALID,
        "buffers of %u bytes, in multiples of %u, are too large",
        setup->wanted_size, setup->constraints.size_align);
    return FALSE;
  }
  setup->constraints.size_align = (guint) size;
  return TRUE;
}

gboolean
gst_dmabuf_pool_setup_alloc (const GstDmabufPoolSetup * setup,
    GstDmabufExporter * exporter, GstDmabufLayout * layout,
    GstMemory * memories[GST_DMABUF_MAX_PLANES], GError ** error)
{
  GstVideoAlignment alignment = setup->alignment;
  guint width = GST_VIDEO_INFO_WIDTH (&setup->info.vinfo);
  guint height = GST_VIDEO_INFO_FIELD_HEIGHT (&setup->info.vinfo);
  GstDmabufFormatSet *set;
  gboolean done;

  if (is_padded (setup) && !gst_dmabuf_layout_pad (&setup->format, &alignment,
          &width, &height, error))
    return FALSE;
  set = gst_dmabuf_format_set_new_single (&setup->format);
  done = gst_dmabuf_exporter_alloc_frame (exporter, set, width, height,
      &setup->constraints, layout, memories, error);
  gst_dmabuf_format_set_unref (set);
  return done;
}

/* As gst_dmabuf_pool_setup_alloc() for the first frame, which shows whether the
 * layout alone is large enough. */
static gboolean
alloc_first (GstDmabufPoolSetup * setup, GstDmabufExporter * exporter,
    GstMemory * memories[GST_DMABUF_MAX_PLANES], GError ** error)
{
  if (!gst_dmabuf_pool_setup_alloc (setup, exporter, &setup->allocated,
          memories, error))
    return FALSE;
  if (setup->allocated.n_objects > 1
      || memories[0]->maxsize >= setup->wanted_size)
    return TRUE;

  gst_dmabuf_pool_setup_clear_memories (memories);
  return demand_size (setup, error)
      && gst_dmabuf_pool_setup_alloc (setup, exporter, &setup->allocated,
      memories, error);
}

/* Finds out what the exporter makes of a configuration, by making it. */
gboolean
gst_dmabuf_pool_setup_complete (GstDmabufPoolSetup * setup,
    GstDmabufExporter * exporter, GstMemory * memories[GST_DMABUF_MAX_PLANES],
    GError ** error)
{
  GstVideoRectangle rectangle = {
    .w = GST_VIDEO_INFO_WIDTH (&setup->info.vinfo),
    .h = GST_VIDEO_INFO_FIELD_HEIGHT (&setup->info.vinfo),
  };
  guint width = rectangle.w, height = rectangle.h;

  if (!alloc_first (setup, exporter, memories, error))
    return FALSE;

  setup->visible = setup->allocated;
  if (is_padded (setup)) {
    /* Rounds left and top, as it did for the allocation. */
    gst_dmabuf_layout_pad (&setup->format, &setup->alignment, &width, &height,
        NULL);
    rectangle.x = setup->alignment.padding_left;
    rectangle.y = setup->alignment.padding_top;
    if (!gst_dmabuf_layout_crop (&setup->visible, &rectangle, error)) {
      gst_dmabuf_pool_setup_clear_memories (memories);
      return FALSE;
    }
  }
  choose_sizes (setup, memories);
  return TRUE;
}

void
gst_dmabuf_pool_setup_write (const GstDmabufPoolSetup * setup,
    GstDmabufExporter * exporter, GstStructure * config)
{
  GstCaps *caps;
  guint size, min_buffers, max_buffers;

  gst_buffer_pool_config_get_params (config, &caps, &size, &min_buffers,
      &max_buffers);
  gst_buffer_pool_config_set_params (config, caps, setup->size, min_buffers,
      max_buffers);
  gst_buffer_pool_config_set_allocator (config, GST_ALLOCATOR (exporter),
      NULL);
  if (!gst_buffer_pool_config_has_option (config,
          GST_BUFFER_POOL_OPTION_VIDEO_META))
    gst_buffer_pool_config_add_option (config,
        GST_BUFFER_POOL_OPTION_VIDEO_META);
  if (setup->has_alignment)
    gst_buffer_pool_config_set_video_alignment (config, &setup->alignment);
}
