/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The export macro, and nothing else.
 */
#pragma once

#include <gst/gst.h>

#ifndef GST_DMABUF_API
#ifdef BUILDING_GST_DMABUF
#define GST_DMABUF_API GST_API_EXPORT
#else
#define GST_DMABUF_API GST_API_IMPORT
#endif
#endif
