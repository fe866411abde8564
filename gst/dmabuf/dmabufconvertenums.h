/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The converter's enumerations.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What dma-bufs of caps without a modifier contain. */
typedef enum
{
  DMABUF_CONVERT_LEGACY_LAYOUT_IMPLICIT,
  DMABUF_CONVERT_LEGACY_LAYOUT_LINEAR,
} DmabufConvertLegacyLayout;

#define DMABUF_CONVERT_TYPE_LEGACY_LAYOUT \
    (dmabuf_convert_legacy_layout_get_type ())
GType dmabuf_convert_legacy_layout_get_type (void);

G_END_DECLS
