/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The converter's enumerations as GObject types.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabufconvertenums.h"

GType
dmabuf_convert_legacy_layout_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    {DMABUF_CONVERT_LEGACY_LAYOUT_IMPLICIT,
        "What only the driver knows: such frames pass or are refused",
        "implicit"},
    {DMABUF_CONVERT_LEGACY_LAYOUT_LINEAR,
        "Rows in order, in both directions", "linear"},
    {0, NULL, NULL}
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstDmabufConvertLegacyLayout", values));
  return type;
}
