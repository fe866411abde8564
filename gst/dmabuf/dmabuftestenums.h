/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The enumerations of dmabuftestsrc's properties as GTypes, nothing else.
 */
#pragma once

#include "dmabuftestpattern.h"

G_BEGIN_DECLS

/* What the user says of dma-bufs under caps that do not say it. */
typedef enum
{
  DMABUF_TEST_LEGACY_LAYOUT_NONE,
  DMABUF_TEST_LEGACY_LAYOUT_LINEAR,
} DmabufTestLegacyLayout;

#define DMABUF_TEST_TYPE_PATTERN (dmabuf_test_pattern_kind_get_type ())
GType dmabuf_test_pattern_kind_get_type (void);

#define DMABUF_TEST_TYPE_LEGACY_LAYOUT (dmabuf_test_legacy_layout_get_type ())
GType dmabuf_test_legacy_layout_get_type (void);

G_END_DECLS
