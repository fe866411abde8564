/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The enumerations of dmabuftestsrc's properties as GTypes.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "dmabuftestenums.h"

GType
dmabuf_test_pattern_kind_get_type (void)
{
  static const GEnumValue values[] = {
    {DMABUF_TEST_PATTERN_SMPTE, "SMPTE 75 % colour bars", "smpte"},
    {DMABUF_TEST_PATTERN_CHECKERS, "Squares of 32x32 pixels", "checkers"},
    {DMABUF_TEST_PATTERN_GRADIENT, "Ramps of red, green, blue and grey",
        "gradient"},
    {DMABUF_TEST_PATTERN_SOLID, "The foreground colour", "solid"},
    {0, NULL, NULL}
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstDmabufTestSrcPattern", values));

  return type;
}

GType
dmabuf_test_legacy_layout_get_type (void)
{
  static const GEnumValue values[] = {
    {DMABUF_TEST_LEGACY_LAYOUT_NONE, "Unknown: legacy caps are not used",
        "none"},
    {DMABUF_TEST_LEGACY_LAYOUT_LINEAR,
          "Linear: whoever takes legacy caps reads them so",
        "linear"},
    {0, NULL, NULL}
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstDmabufTestSrcLegacyLayout", values));

  return type;
}
