/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Ratios of wall-clock times; counts come from a child of its own each, that
 * has done the work once before it is counted.
 */
#define _GNU_SOURCE             /* sched_setaffinity */
#include "rounds.h"

#include "callcount.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#define MAX_CONTENDERS 8
#define MAX_ROUNDS 101

typedef struct
{
  const Contender *contender;
  glong *faults;                /* shared with the child */
} Counting;

void
rounds_pin (guint cpu)
{
  cpu_set_t set;

  CPU_ZERO (&set);
  CPU_SET (cpu, &set);
  if (sched_setaffinity (0, sizeof set, &set) != 0)
    g_printerr ("cannot stay on CPU %u\n", cpu);
}

static gdouble
time_run (const Contender * contender)
{
  struct timespec before, after;

  clock_gettime (CLOCK_MONOTONIC, &before);
  contender->run (contender->user_data);
  clock_gettime (CLOCK_MONOTONIC, &after);
  return (after.tv_sec - before.tv_sec) * 1e9 + after.tv_nsec - before.tv_nsec;
}

static glong
get_faults (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

static gint
run_counted (gpointer user_data)
{
  Counting *counting = user_data;
  const Contender *contender = counting->contender;
  glong before;

  /* Twice: memory shared with the parent is faulted in once more. */
  contender->run (contender->user_data);
  contender->run (contender->user_data);
  call_count_end ();            /* binds the symbol: a mark without effect */
  before = get_faults ();
  call_count_begin ();
  contender->run (contender->user_data);
  call_count_end ();
  *counting->faults = get_faults () - before;
  return 0;
}

static void
print_counts (const Contender * contender, guint n_frames)
{
  Counting counting = { contender, NULL };
  CallCounts counts;
  GError *error = NULL;
  gchar *text;
  gint status;

  counting.faults = mmap (NULL, sizeof (glong), PROT_READ | PROT_WRITE,
      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert (counting.faults != MAP_FAILED);
  if (!call_count_run (run_counted, &counting, &counts, &status, &error)) {
    g_print ("  (%s)\n", error->message);
    g_clear_error (&error);
  } else {
    text = call_count_describe (&counts, n_frames);
    g_print ("  %8.2f  %8.2f  %s\n", counts.total / (gdouble) n_frames,
        *counting.faults / (gdouble) n_frames, text);
    g_free (text);
  }
  munmap (counting.faults, sizeof (glong));
}

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return (x > y) - (x < y);
}

void
rounds_compare (const gchar * title, const Contender * contenders,
    guint n_contenders, guint n_frames, guint n_rounds)
{
  static gdouble ratios[MAX_CONTENDERS][MAX_ROUNDS];
  gdouble times[MAX_CONTENDERS];
  guint i, round;

  g_assert (n_contenders <= MAX_CONTENDERS && n_rounds <= MAX_ROUNDS);
  for (i = 0; i < n_contenders; i++)
    contenders[i].run (contenders[i].user_data);
  for (round = 0; round < n_rounds; round++) {
    for (i = 0; i < n_contenders; i++)
      times[i] = time_run (&contenders[i]);
    times[0] = (times[0] + time_run (&contenders[0])) / 2;
    for (i = 0; i < n_contenders; i++)
      ratios[i][round] = times[i] / times[0];
  }

  g_print ("%s\n  %-34s  %8s  %8s  %8s  %8s  %8s\n", title, "", "median",
      "min", "max", "calls", "faults");
  for (i = 0; i < n_contenders; i++) {
    qsort (ratios[i], n_rounds, sizeof (gdouble), compare_doubles);
    if (n_rounds > 0)
      g_print ("  %-34s  %8.2f  %8.2f  %8.2f", contenders[i].name,
          ratios[i][n_rounds / 2], ratios[i][0], ratios[i][n_rounds - 1]);
    else
      g_print ("  %-34s  %8s  %8s  %8s", contenders[i].name, "-", "-", "-");
    print_counts (&contenders[i], n_frames);
  }
  g_print ("\n");
}
