# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
#
# How a script builds: on this system, or inside the other root file system
# that $root names. To be sourced, after steps.sh.

# Runs a command of the build where the build belongs.
on_root() {
  if [ "${root:-/}" = / ]; then
    "$@"
  else
    tests/vm/in-root "$root" -- "$@"
  fi
}

# build DIRECTORY MESON-OPTION...: one script at a time in one directory.
build() {
  local directory=$1
  shift
  step "building in $directory"
  mkdir -p "$(dirname "$directory")"
  (
    flock 9
    if [ ! -e "$directory/build.ninja" ]; then
      quietly "$directory.log" on_root \
        meson setup "$directory" "$@" || exit 1
    fi
    quietly "$directory.log" on_root ninja -C "$directory"
  ) 9> "$directory.lock"
}
