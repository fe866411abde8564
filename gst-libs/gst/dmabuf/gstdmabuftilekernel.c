/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Chooses the set of kernels, once for the process.
 */
#include "gstdmabuftile.h"
#include "gstdmabuftilekernelsetsprivate.h"

#include <string.h>

#define CPU_VARIABLE "GST_DMABUF_CPU"

static gboolean
has_always (void)
{
  return TRUE;
}

#if defined (__x86_64__) || defined (__i386__)
static gboolean
has_sse2 (void)
{
  return __builtin_cpu_supports ("sse2");
}

static gboolean
has_ssse3 (void)
{
  return __builtin_cpu_supports ("ssse3");
}

static gboolean
has_avx2 (void)
{
  return __builtin_cpu_supports ("avx2");
}

static gboolean
has_avx512 (void)
{
  return __builtin_cpu_supports ("avx512f")
      && __builtin_cpu_supports ("avx512bw")
      && __builtin_cpu_supports ("avx512vl");
}
#endif

/* The best one last. */
static const struct
{
  const GstDmabufTileKernels *kernels;
    gboolean (*is_supported) (void);
} sets[] = {
  {&gst_dmabuf_tile_kernels_plain, has_always},
#if defined (__x86_64__) || defined (__i386__)
  {&gst_dmabuf_tile_kernels_sse2, has_sse2},
  {&gst_dmabuf_tile_kernels_ssse3, has_ssse3},
  {&gst_dmabuf_tile_kernels_avx2, has_avx2},
  {&gst_dmabuf_tile_kernels_avx512, has_avx512},
#elif defined (__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  {&gst_dmabuf_tile_kernels_neon, has_always},
#endif
};

static const GstDmabufTileKernels *
choose_best (void)
{
  guint i = G_N_ELEMENTS (sets) - 1;

  while (!sets[i].is_supported ())
    i--;
  return sets[i].kernels;
}

static const GstDmabufTileKernels *
choose_named (const gchar * name)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (sets); i++) {
    if (strcmp (sets[i].kernels->name, name) != 0)
      continue;
    if (sets[i].is_supported ())
      return sets[i].kernels;
    g_warning (CPU_VARIABLE "=%s: this CPU does not have it, frames are "
        "converted in plain C", name);
    return &gst_dmabuf_tile_kernels_plain;
  }
  g_warning (CPU_VARIABLE "=%s: this is no instruction set that frames are "
      "converted with here, plain C is used", name);
  return &gst_dmabuf_tile_kernels_plain;
}

const GstDmabufTileKernels *
gst_dmabuf_tile_kernels_get (void)
{
  static gsize chosen = 0;

  /* Taken once; afterwards this is one atomic read a plane. */
  if (g_once_init_enter (&chosen)) {
    const gchar *name = g_getenv (CPU_VARIABLE);
    const GstDmabufTileKernels *kernels;

    if (name != NULL && name[0] != '\0')
      kernels = choose_named (name);
    else
      kernels = choose_best ();
    g_once_init_leave (&chosen, (gsize) kernels);
  }
  return (const GstDmabufTileKernels *) chosen;
}

const gchar *
gst_dmabuf_tile_get_cpu (void)
{
  return gst_dmabuf_tile_kernels_get ()->name;
}
