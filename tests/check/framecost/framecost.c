/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * What a pipeline costs for each frame that it shows, as numbers that do not
 * depend on the speed of the machine: system calls, mappings, page faults,
 * opened descriptors, allocations. With limits it is a test.
 *
 * The pipeline plays twice, in processes of their own: once traced, for system
 * calls and faults, and once with an allocator that counts, whose walks through
 * the stack would cause faults.
 */
#include "callcount.h"
#include "framechild.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_SKIPPED 77

/* Code that runs for the first time and threads of GStreamer's that end are no
 * cost of a frame, and a step that is there in each frame is 1. */
#define STRAY_PER_FRAME 0.25

typedef struct
{
  gint warm_up, frames;
  gdouble max_calls, max_mallocs;
  gboolean limits, table;
  gchar *owners, *mallocs_library, *needs;
} Options;

typedef struct
{
  const gchar *program;
  const Options *options;
  const gchar *pipeline;
  gint report_fd;
  gboolean count_mallocs;
} Run;

typedef struct
{
  CallCounts calls;
  gdouble faults, opened_fds;   /* these and below: per frame */
  gdouble mallocs_all, mallocs_direct, mallocs_behalf;
  gchar *owners;                /* who allocated */
} Costs;

static gint
exec_child (gpointer user_data)
{
  const Run *run = user_data;
  gchar *report_fd = g_strdup_printf ("--report-fd=%d", run->report_fd);
  gchar *warm_up = g_strdup_printf ("--warm-up=%d", run->options->warm_up);
  gchar *frames = g_strdup_printf ("--frames=%d", run->options->frames);

  if (run->count_mallocs)
    g_setenv ("LD_PRELOAD", run->options->mallocs_library, TRUE);
  execl (run->program, run->program, report_fd, warm_up, frames,
      run->pipeline, NULL);
  return 127;
}

static gboolean
run_untraced (Run * run, gint * exit_status)
{
  pid_t child = fork ();
  gint status;

  if (child == 0)
    _exit (exec_child (run));
  if (child < 0 || waitpid (child, &status, 0) != child)
    return FALSE;
  *exit_status = WIFEXITED (status) ? WEXITSTATUS (status) : 128;
  return TRUE;
}

/* What the child wrote to its report, or NULL if it failed. */
static gchar *
run_child (Run * run, CallCounts * counts)
{
  FILE *report = tmpfile ();
  GError *error = NULL;
  gchar text[16384];
  gint status = 1;
  gboolean ok;
  gsize n;

  if (report == NULL)
    return NULL;
  run->report_fd = fileno (report);
  ok = counts ? call_count_run (exec_child, run, counts, &status, &error)
      : run_untraced (run, &status);
  if (error)
    g_printerr ("%s\n", error->message);
  g_clear_error (&error);
  rewind (report);
  n = fread (text, 1, sizeof text - 1, report);
  text[n] = '\0';
  fclose (report);
  if (ok && status != 0)
    g_printerr ("the measured process ended with %d\n", status);
  return ok && status == 0 ? g_strdup (text) : NULL;
}

static gboolean
is_owner (const Options * options, const gchar * module)
{
  gchar **names = g_strsplit (options->owners, ",", -1);
  gboolean found = FALSE;
  guint i;

  for (i = 0; names[i]; i++)
    found = found || g_str_has_prefix (module, names[i]);
  g_strfreev (names);
  return found;
}

static void
read_report (const gchar * report, const Options * options, Costs * costs)
{
  gchar **lines = g_strsplit (report, "\n", -1);
  GString *owners = g_string_new (NULL);
  gchar module[128];
  gulong n, direct, behalf;
  glong value;
  guint i;

  for (i = 0; lines[i]; i++) {
    if (sscanf (lines[i], "faults %ld", &value) == 1)
      costs->faults = value / (gdouble) options->frames;
    if (sscanf (lines[i], "fds %ld", &value) == 1)
      costs->opened_fds = value / (gdouble) options->frames;
    if (sscanf (lines[i], "total %lu", &n) == 1)
      costs->mallocs_all = n / (gdouble) options->frames;
    if (sscanf (lines[i], "malloc %lu %lu %127s", &direct, &behalf,
            module) != 3)
      continue;
    g_string_append_printf (owners, "%s%s %.2f (%.2f)",
        owners->len ? ", " : "", module, direct / (gdouble) options->frames,
        behalf / (gdouble) options->frames);
    if (is_owner (options, module)) {
      costs->mallocs_direct += direct / (gdouble) options->frames;
      costs->mallocs_behalf += behalf / (gdouble) options->frames;
    }
  }
  g_strfreev (lines);
  g_free (costs->owners);
  costs->owners = g_string_free (owners, FALSE);
}

static gboolean
measure (Run * run, Costs * costs)
{
  Costs traced = { 0, };
  gchar *report;

  run->count_mallocs = FALSE;
  report = run_child (run, &traced.calls);
  if (report == NULL || !traced.calls.complete)
    return FALSE;
  read_report (report, run->options, &traced);
  g_free (report);
  /* Whatever was opened was closed again, or is open still. */
  traced.opened_fds += traced.calls.by_number[SYS_close]
      / (gdouble) run->options->frames;

  *costs = traced;
  if (run->options->mallocs_library == NULL)
    return TRUE;
  run->count_mallocs = TRUE;
  report = run_child (run, NULL);
  if (report == NULL)
    return FALSE;
  read_report (report, run->options, costs);
  costs->faults = traced.faults;
  costs->opened_fds = traced.opened_fds;
  g_free (report);
  return TRUE;
}

static gdouble
calls_per_frame (const Costs * costs, const Options * options, glong number)
{
  return costs->calls.by_number[number] / (gdouble) options->frames;
}

static void
show (const Costs * costs, const Options * options, const gchar * pipeline)
{
  gchar *calls = call_count_describe (&costs->calls, options->frames);
  gdouble total = costs->calls.total / (gdouble) options->frames;
  guint i;

  if (options->table) {
    g_print ("frame\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%s\n", pipeline,
        total, calls_per_frame (costs, options, SYS_mmap)
        + calls_per_frame (costs, options, SYS_munmap), costs->faults,
        costs->opened_fds, costs->mallocs_direct, costs->mallocs_all, calls);
    g_free (calls);
    return;
  }
  g_print ("%s\nper frame, of %d frames:\n", pipeline, options->frames);
  g_print ("  system calls  %.2f (%s)\n", total, calls);
  for (i = 0; costs->calls.ioctls[i].request != 0; i++)
    g_print ("    ioctl 0x%08" G_GINT64_MODIFIER "x  %.2f\n",
        costs->calls.ioctls[i].request,
        costs->calls.ioctls[i].n / (gdouble) options->frames);
  g_print ("  page faults   %.2f\n", costs->faults);
  g_print ("  opened fds    %.2f\n", costs->opened_fds);
  g_print ("  mallocs       %.2f of ours, %.2f on our behalf, %.2f in all\n",
      costs->mallocs_direct, costs->mallocs_behalf, costs->mallocs_all);
  g_print ("    %s\n", costs->owners ? costs->owners : "not counted");
  g_free (calls);
}

static gboolean
within (const gchar * what, gdouble value, gdouble limit)
{
  if (value <= limit)
    return TRUE;
  g_printerr ("%s: %.2f a frame, at most %.2f\n", what, value, limit);
  return FALSE;
}

static gboolean
check_limits (const Costs * costs, const Options * options)
{
  gboolean ok = within ("system calls",
      costs->calls.total / (gdouble) options->frames,
      options->max_calls + STRAY_PER_FRAME);

  ok &= within ("mmap", calls_per_frame (costs, options, SYS_mmap), 0);
  ok &= within ("munmap", calls_per_frame (costs, options, SYS_munmap), 0);
  ok &= within ("page faults", costs->faults, STRAY_PER_FRAME);
  ok &= within ("opened descriptors", costs->opened_fds, 0);
  if (options->mallocs_library)
    ok &= within ("mallocs of ours", costs->mallocs_direct,
        options->max_mallocs);
  return ok;
}

static gboolean
have_device (const gchar * path)
{
  return path == NULL || access (path, R_OK | W_OK) == 0
      || g_strcmp0 (g_getenv ("GST_DMABUF_TEST_DEVICES"), "required") == 0;
}

int
main (int argc, char **argv)
{
  Options options = {.warm_up = 30,.frames = 100 };
  gint report_fd = -1;
  GOptionEntry entries[] = {
    {"frames", 0, 0, G_OPTION_ARG_INT, &options.frames, "frames to count", "N"},
    {"warm-up", 0, 0, G_OPTION_ARG_INT, &options.warm_up, "frames before", "N"},
    {"max-calls", 0, 0, G_OPTION_ARG_DOUBLE, &options.max_calls,
        "fail above N system calls a frame, or any mapping, fault or fd", "N"},
    {"max-mallocs", 0, 0, G_OPTION_ARG_DOUBLE, &options.max_mallocs,
        "fail above N allocations a frame by the owners", "N"},
    {"owners", 0, 0, G_OPTION_ARG_STRING, &options.owners,
        "beginnings of the shared objects whose allocations count", "A,B"},
    {"mallocs", 0, 0, G_OPTION_ARG_FILENAME, &options.mallocs_library,
        "the library that counts allocations", "FILE"},
    {"needs", 0, 0, G_OPTION_ARG_FILENAME, &options.needs,
        "skip where this device is missing and not required", "NODE"},
    {"table", 0, 0, G_OPTION_ARG_NONE, &options.table, "one line", NULL},
    {"report-fd", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &report_fd, NULL,
        NULL},
    {NULL}
  };
  GOptionContext *context = g_option_context_new ("PIPELINE");
  GError *error = NULL;
  Costs costs = { 0, };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2) {
    g_printerr ("%s\n", error ? error->message : "one pipeline is needed");
    return 2;
  }
  g_option_context_free (context);
  if (report_fd >= 0)
    return frame_child_play (&(FrameChild) {
        argv[1], options.warm_up, options.frames, report_fd});

  if (!have_device (options.needs)) {
    g_printerr ("SKIP: no %s on this system\n", options.needs);
    return EXIT_SKIPPED;
  }
  if (options.owners == NULL)
    options.owners = g_strdup ("libgstdmabuf,libgstkms");
  if (!measure (&(Run) {"/proc/self/exe", &options, argv[1]}, &costs))
    return 1;
  show (&costs, &options, argv[1]);
  g_free (costs.owners);
  return options.max_calls == 0 || check_limits (&costs, &options) ? 0 : 1;
}
