/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
 *
 * Counts the system calls of a function, all of them, by asking the kernel to
 * turn each into a signal (seccomp, SECCOMP_RET_TRAP). The calls are not made,
 * so it is for functions that should make none. Include it in one file of a
 * program only; x86-64 and aarch64.
 */
#pragma once

#include "dmabuftest.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static volatile gint syscall_count_traps;
static volatile gint syscall_count_last;

static void
syscall_count_trap (int number, siginfo_t * info, void *context)
{
  g_atomic_int_inc (&syscall_count_traps);
  syscall_count_last = info->si_syscall;
}

typedef struct
{
  void (*function) (gpointer);
  gpointer data;
  gint n_calls;
} SyscallCount;

static void *
syscall_count_thread (void *data)
{
  /* What the handler itself and the end of the thread need goes through. */
  struct sock_filter code[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigreturn, 1, 0),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_TRAP),
  };
  struct sock_fprog program = {.len = G_N_ELEMENTS (code),.filter = code };
  SyscallCount *count = data;

  /* GStreamer's checks make system calls: none of them from here on. */
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
      && prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0) {
    count->function (count->data);
    count->n_calls = g_atomic_int_get (&syscall_count_traps);
  }
  /* The C library's own end of a thread makes more calls. */
  syscall (SYS_exit, 0);
  return NULL;
}

/* Runs function in a thread of its own; returns how many system calls it made,
 * and the number of the last one; -1 if the kernel cannot count. */
static inline gint
syscall_count (void (*function) (gpointer), gpointer data, gint * last)
{
  struct sigaction action = {
    .sa_sigaction = syscall_count_trap,
    .sa_flags = SA_SIGINFO,
  };
  SyscallCount count = {.function = function,.data = data,.n_calls = -1 };
  pthread_t thread;

  g_atomic_int_set (&syscall_count_traps, 0);
  fail_unless (sigaction (SIGSYS, &action, NULL) == 0);
  fail_unless (pthread_create (&thread, NULL, syscall_count_thread, &count)
      == 0);
  pthread_join (thread, NULL);
  *last = syscall_count_last;
  return count.n_calls;
}
