/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * The tracer. The child runs free until its first mark, for a stop at each
 * system call is slow, most of all in an emulated machine. The first mark is a
 * signal that is not delivered: its thread waits until every other is traced.
 * The second one is a system call with a number that no kernel has.
 */
#define _GNU_SOURCE             /* __WALL */
#include "callcount.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARK_BEGIN SIGURG
#define MARK_END 5001

#define SYSCALL_STOP (SIGTRAP | 0x80)   /* PTRACE_O_TRACESYSGOOD */

typedef struct
{
  CallCounts *counts;
  gboolean counting;
  pid_t child;
  gint exit_status;
} Tracer;

static const struct
{
  glong number;
  const gchar *name;
} call_names[] = {
  {SYS_ioctl, "ioctl"}, {SYS_futex, "futex"}, {SYS_read, "read"},
  {SYS_write, "write"}, {SYS_ppoll, "ppoll"}, {SYS_mmap, "mmap"},
  {SYS_munmap, "munmap"}, {SYS_mprotect, "mprotect"}, {SYS_madvise, "madvise"},
  {SYS_close, "close"}, {SYS_openat, "openat"}, {SYS_fstat, "fstat"},
  {SYS_fstatfs, "fstatfs"}, {SYS_lseek, "lseek"}, {SYS_fcntl, "fcntl"},
  {SYS_eventfd2, "eventfd2"}, {SYS_clock_nanosleep, "clock_nanosleep"},
  {SYS_clock_gettime, "clock_gettime"}, {SYS_sched_yield, "sched_yield"},
  {SYS_clone, "clone"}, {SYS_exit, "exit"}, {SYS_dup, "dup"},
  {SYS_pselect6, "pselect6"}, {SYS_brk, "brk"}, {SYS_getpid, "getpid"},
#ifdef SYS_poll
  {SYS_poll, "poll"}, {SYS_select, "select"},
#endif
#ifdef SYS_clone3
  {SYS_clone3, "clone3"},
#endif
};

void
call_count_begin (void)
{
  /* Not raise(), which makes calls after the signal. */
  syscall (SYS_tgkill, getpid (), (pid_t) syscall (SYS_gettid), MARK_BEGIN);
}

void
call_count_end (void)
{
  syscall (MARK_END);
}

guint
call_count_open_fds (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  guint n = 0;

  if (dir == NULL)
    return 0;
  while (readdir (dir) != NULL)
    n++;
  closedir (dir);
  return n - 3;                 /* ".", "..", and that of the directory */
}

static void
count_ioctl (CallCounts * counts, guint64 request)
{
  guint i;

  for (i = 0; i < CALL_COUNT_REQUESTS - 1; i++) {
    if (counts->ioctls[i].request == 0)
      counts->ioctls[i].request = request;
    if (counts->ioctls[i].request == request) {
      counts->ioctls[i].n++;
      return;
    }
  }
}

static void
see_call (Tracer * tracer, guint64 number, const guint64 * arguments)
{
  CallCounts *counts = tracer->counts;

  if (number == MARK_END) {
    counts->complete = tracer->counting;
    tracer->counting = FALSE;
  } else if (tracer->counting && number != SYS_restart_syscall) {
    /* Our own stop at the begin interrupted the one that is restarted. A
     * clock is read without the kernel, vdso(7), unless the machine's is
     * unstable, as happens to emulated ones: listed, not in the sum. */
    counts->total += number != SYS_clock_gettime;
    if (number < CALL_COUNT_NUMBERS)
      counts->by_number[number]++;
    if (number == SYS_ioctl)
      count_ioctl (counts, arguments[1]);
  }
}

/* Stops one thread, and lets it go on traced. */
static void
trace_thread (Tracer * tracer, pid_t thread)
{
  gint status;

  /* A thread that is about to end cannot be traced and does not matter. */
  if (ptrace (PTRACE_INTERRUPT, thread, NULL, NULL) == 0
      && waitpid (thread, &status, __WALL) == thread && WIFSTOPPED (status))
    ptrace (PTRACE_SYSCALL, thread, NULL, NULL);
}

static void
begin_counting (Tracer * tracer, pid_t marking)
{
  gchar *path = g_strdup_printf ("/proc/%d/task", (gint) tracer->child);
  GDir *dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir))) {
    if (atoi (name) != marking)
      trace_thread (tracer, atoi (name));
  }
  g_clear_pointer (&dir, g_dir_close);
  g_free (path);
  tracer->counting = TRUE;
}

/* What to deliver to the thread when it goes on: its signal, or none. */
static gint
see_stop (Tracer * tracer, pid_t thread, gint status)
{
  struct __ptrace_syscall_info info;

  if (WSTOPSIG (status) == SYSCALL_STOP) {
    if (ptrace (PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) > 0
        && info.op == PTRACE_SYSCALL_INFO_ENTRY)
      see_call (tracer, info.entry.nr, (const guint64 *) info.entry.args);
    return 0;
  }
  /* Birth of a thread, exec, or a stop that we asked for. */
  if (status >> 16 != 0)
    return 0;
  if (WSTOPSIG (status) == MARK_BEGIN && !tracer->counting) {
    begin_counting (tracer, thread);
    return 0;
  }
  return WSTOPSIG (status);
}

static void
trace_until_exit (Tracer * tracer)
{
  gint status, number;
  pid_t thread;

  while ((thread = waitpid (-1, &status, __WALL)) > 0 || errno == EINTR) {
    if (thread <= 0)
      continue;
    if (WIFSTOPPED (status)) {
      number = see_stop (tracer, thread, status);
      /* Fails if the thread was killed meanwhile, which is seen next. */
      ptrace (tracer->counting ? PTRACE_SYSCALL : PTRACE_CONT, thread, NULL,
          GINT_TO_POINTER (number));
    } else if (thread == tracer->child) {
      tracer->exit_status = WIFSIGNALED (status) ?
          128 + WTERMSIG (status) : WEXITSTATUS (status);
    }
  }
}

static void G_GNUC_NORETURN
run_child (CallCountChild child, gpointer user_data, gint go_fd)
{
  gchar go;

  while (read (go_fd, &go, 1) < 0 && errno == EINTR)
    continue;
  close (go_fd);
  _exit (child (user_data));
}

gboolean
call_count_run (CallCountChild child, gpointer user_data, CallCounts * counts,
    gint * exit_status, GError ** error)
{
  const gulong options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE
      | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  Tracer tracer = {.counts = counts };
  gint go_fds[2], errnum = 0;

  memset (counts, 0, sizeof *counts);
  if (pipe (go_fds) != 0)
    goto failed;
  tracer.child = fork ();
  if (tracer.child < 0)
    goto failed;
  if (tracer.child == 0) {
    close (go_fds[1]);
    run_child (child, user_data, go_fds[0]);
  }

  close (go_fds[0]);
  if (ptrace (PTRACE_SEIZE, tracer.child, NULL, options) != 0) {
    errnum = errno;
    kill (tracer.child, SIGKILL);
  }
  close (go_fds[1]);            /* the child goes on */
  trace_until_exit (&tracer);
  errno = errnum;
  if (errnum != 0)
    goto failed;
  *exit_status = tracer.exit_status;
  return TRUE;

failed:
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
      "cannot trace a child: %s", g_strerror (errno));
  return FALSE;
}

static void
append_call (GString * text, gint number, gdouble per_frame)
{
  guint i;

  g_string_append (text, text->len > 0 ? ", " : "");
  for (i = 0; i < G_N_ELEMENTS (call_names); i++) {
    if (call_names[i].number == number)
      break;
  }
  if (i < G_N_ELEMENTS (call_names))
    g_string_append_printf (text, "%s %.2f", call_names[i].name, per_frame);
  else
    g_string_append_printf (text, "call %d %.2f", number, per_frame);
}

gchar *
call_count_describe (const CallCounts * counts, guint n_frames)
{
  GString *text = g_string_new (NULL);
  guint64 bound = G_MAXUINT64, most;
  gint i;

  /* One round for each different count, from the highest down. */
  do {
    most = 0;
    for (i = 0; i < CALL_COUNT_NUMBERS; i++) {
      if (counts->by_number[i] < bound)
        most = MAX (most, counts->by_number[i]);
    }
    for (i = 0; most > 0 && i < CALL_COUNT_NUMBERS; i++) {
      if (counts->by_number[i] == most)
        append_call (text, i, most / (gdouble) n_frames);
    }
    bound = most;
  } while (most > 0);
  if (text->len == 0)
    g_string_append (text, "none");
  return g_string_free (text, FALSE);
}
