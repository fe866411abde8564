# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
#
# How a script shows what it is doing: one line a step with the time since the
# start; the output of a quiet step is shown only when it fails. To be sourced.

steps_started=$SECONDS

step() {
  local elapsed=$((SECONDS - steps_started))
  printf '[%2d:%02d] %s\n' $((elapsed / 60)) $((elapsed % 60)) "$*"
}

# quietly LOG COMMAND...: runs it; on failure shows the end of its output.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  "$@" > "$log" 2>&1 && return
  tail -n 40 "$log"
  step "failed: $* (the whole output is in $log)"
  return 1
}
