/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * A shared object for LD_PRELOAD that counts allocations by the module (program
 * or shared object) that wanted them: the nearest on the call stack that is not
 * a mere provider. Providers of the first kind are the C library, GLib and
 * libdrm: g_malloc() and drmModeAtomicAlloc() allocate for whoever calls them.
 * A second count passes over GStreamer's libraries as well, so that a buffer or
 * an event counts for the element that made it.
 *
 * Nothing is counted before malloc_owner_begin(), nor while counting.
 */
#define _GNU_SOURCE             /* dl_iterate_phdr */
#include <execinfo.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MODULES 256
#define MAX_RANGES 512
#define MAX_DEPTH 48
#define EXPORT __attribute__ ((visibility ("default")))

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *pointer, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

EXPORT void malloc_owner_begin (void);
EXPORT void malloc_owner_end (void);
EXPORT void malloc_owner_report (FILE * out);

typedef enum
{
  MODULE_USER,
  MODULE_FRAMEWORK,             /* passed over by the second count */
  MODULE_PROVIDER,              /* passed over by both */
} ModuleKind;

typedef struct
{
  char name[96];
  ModuleKind kind;
  atomic_ulong n_direct;
  atomic_ulong n_behalf;
} Module;

typedef struct
{
  ElfW (Addr) start, end;
  Module *module;
} Range;

static Module modules[MAX_MODULES];
static Range ranges[MAX_RANGES];
static int n_modules, n_ranges;
static atomic_int counting;
static atomic_ulong n_total;
/* initial-exec: the first access of another model may itself allocate. */
static __thread int busy __attribute__ ((tls_model ("initial-exec")));

static int
begins_with_one_of (const char *name, const char *const *beginnings)
{
  for (; *beginnings; beginnings++) {
    if (strncmp (name, *beginnings, strlen (*beginnings)) == 0)
      return 1;
  }
  return 0;
}

static ModuleKind
classify (const char *name)
{
  static const char *const providers[] = { "libc.so", "libc-", "libglib-2.0",
    "libgobject-2.0", "libgmodule-2.0", "libdrm.so", "ld-linux", "libpthread",
    "libmallocowner", NULL
  };
  static const char *const frameworks[] = { "libgstreamer-1.0", "libgstbase-1.0",
    "libgstvideo-1.0", "libgstallocators-1.0", NULL
  };

  if (begins_with_one_of (name, providers))
    return MODULE_PROVIDER;
  return begins_with_one_of (name, frameworks) ? MODULE_FRAMEWORK : MODULE_USER;
}

static int
add_module (struct dl_phdr_info *info, size_t size, void *user_data)
{
  const char *slash = strrchr (info->dlpi_name, '/');
  const char *name = slash ? slash + 1 : info->dlpi_name;
  Module *module = &modules[n_modules];
  int i;

  if (n_modules == MAX_MODULES)
    return 0;
  n_modules++;
  snprintf (module->name, sizeof module->name, "%s", *name ? name : "program");
  module->kind = classify (module->name);
  for (i = 0; i < info->dlpi_phnum && n_ranges < MAX_RANGES; i++) {
    const ElfW (Phdr) * header = &info->dlpi_phdr[i];

    if (header->p_type != PT_LOAD || !(header->p_flags & PF_X))
      continue;
    ranges[n_ranges].start = info->dlpi_addr + header->p_vaddr;
    ranges[n_ranges].end = ranges[n_ranges].start + header->p_memsz;
    ranges[n_ranges].module = module;
    n_ranges++;
  }
  return 0;
}

static Module *
find_module (const void *address)
{
  int i;

  for (i = 0; i < n_ranges; i++) {
    if ((ElfW (Addr)) address >= ranges[i].start
        && (ElfW (Addr)) address < ranges[i].end)
      return ranges[i].module;
  }
  return NULL;
}

static void
count_allocation (void)
{
  void *stack[MAX_DEPTH];
  Module *module;
  int depth, i, direct_done = 0;

  if (!atomic_load (&counting) || busy)
    return;
  busy = 1;
  atomic_fetch_add (&n_total, 1);
  depth = backtrace (stack, MAX_DEPTH);
  for (i = 0; i < depth; i++) {
    module = find_module (stack[i]);
    if (!module || module->kind == MODULE_PROVIDER)
      continue;
    if (!direct_done)
      atomic_fetch_add (&module->n_direct, 1);
    direct_done = 1;
    if (module->kind == MODULE_USER) {
      atomic_fetch_add (&module->n_behalf, 1);
      break;
    }
  }
  busy = 0;
}

void
malloc_owner_begin (void)
{
  void *stack[4];

  busy = 1;
  backtrace (stack, 4);         /* loads the unwinder */
  dl_iterate_phdr (add_module, NULL);
  busy = 0;
  atomic_store (&counting, 1);
}

void
malloc_owner_end (void)
{
  atomic_store (&counting, 0);
}

/* Lines "malloc DIRECT BEHALF MODULE", and "total N". */
void
malloc_owner_report (FILE * out)
{
  int i;

  fprintf (out, "total %lu\n", atomic_load (&n_total));
  for (i = 0; i < n_modules; i++) {
    if (modules[i].n_direct || modules[i].n_behalf)
      fprintf (out, "malloc %lu %lu %s\n", atomic_load (&modules[i].n_direct),
          atomic_load (&modules[i].n_behalf), modules[i].name);
  }
}

EXPORT void *
malloc (size_t size)
{
  count_allocation ();
  return __libc_malloc (size);
}

EXPORT void *
calloc (size_t n, size_t size)
{
  count_allocation ();
  return __libc_calloc (n, size);
}

EXPORT void *
realloc (void *pointer, size_t size)
{
  count_allocation ();
  return __libc_realloc (pointer, size);
}

EXPORT void *
memalign (size_t alignment, size_t size)
{
  count_allocation ();
  return __libc_memalign (alignment, size);
}

EXPORT void *
aligned_alloc (size_t alignment, size_t size)
{
  count_allocation ();
  return __libc_memalign (alignment, size);
}

EXPORT int
posix_memalign (void **pointer, size_t alignment, size_t size)
{
  void *result;

  count_allocation ();
  result = __libc_memalign (alignment, size);
  if (!result)
    return 12;                  /* ENOMEM */
  *pointer = result;
  return 0;
}
