# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
#
# What the project needs of a system, and how a Debian gets it. To be sourced.
# The rest of the scripts name sets of this table and know no packages.

# Columns: set, kind (program, module = pkg-config name, element = GStreamer
# element, file), what is needed, Debian's package.
requirements() {
  cat <<'TABLE'
build    program  cc                                build-essential
build    program  pkg-config                        pkg-config
build    program  python3                           python3
build    program  meson                             meson
build    program  ninja                             ninja-build
build    module   glib-2.0>=2.74                    libglib2.0-dev
build    module   gstreamer-1.0>=1.22               libgstreamer1.0-dev
build    module   gstreamer-check-1.0>=1.22         libgstreamer1.0-dev
build    module   gstreamer-video-1.0>=1.22         libgstreamer-plugins-base1.0-dev
build    module   gstreamer-allocators-1.0>=1.22    libgstreamer-plugins-base1.0-dev
build    module   libdrm>=2.4.114                   libdrm-dev
gir      module   gobject-introspection-1.0         libgirepository1.0-dev
test     program  gst-launch-1.0                    gstreamer1.0-tools
test     program  ctags                             universal-ctags
test     element  videoconvert                      gstreamer1.0-plugins-base
test     element  v4l2src                           gstreamer1.0-plugins-good
test     element  vp8dec                            gstreamer1.0-plugins-good
test     element  matroskademux                     gstreamer1.0-plugins-good
test     element  gdpdepay                          gstreamer1.0-plugins-bad
test     element  kmssink                           gstreamer1.0-plugins-bad
machine  program  python3                           python3
machine  program  qemu-system-x86_64                qemu-system-x86
kernel   program  make                              build-essential
kernel   program  flex                              flex
kernel   program  bison                             bison
kernel   program  bc                                bc
kernel   program  lz4                               lz4
kernel   program  xz                                xz-utils
kernel   file     /usr/include/libelf.h             libelf-dev
kernel   file     /usr/share/keyrings/debian-archive-keyring.gpg  debian-archive-keyring
root     program  mmdebstrap                        mmdebstrap
bench    program  strace                            strace
TABLE
}

requirement_met() {
  case $1 in
    program) PATH=$PATH:/usr/sbin:/sbin command -v "$2" >/dev/null ;;
    module) pkg-config --exists "${2/>=/ >= }" 2>/dev/null ;;
    element) gst-inspect-1.0 --exists "$2" 2>/dev/null ;;
    file) [ -e "$2" ] ;;
  esac
}

# missing_requirements SET...: lines "kind name package".
missing_requirements() {
  local set kind name package
  requirements | while read -r set kind name package; do
    case " $* " in
      *" $set "*) ;;
      *) continue ;;
    esac
    requirement_met "$kind" "$name" || echo "$kind $name $package"
  done
}

# required_packages SET...: the packages of these sets, met or not.
required_packages() {
  local set kind name package
  requirements | while read -r set kind name package; do
    case " $* " in
      *" $set "*) echo "$package" ;;
    esac
  done | sort -u
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "not root, and there is no sudo: cannot run: $*" >&2
    return 1
  fi
}

list_missing() {
  echo "$1" | while read -r kind name package; do
    echo "  $kind $name   (Debian: $package)"
  done | sort -u >&2
}

# Follows apt's output, one line for each stage of it.
show_apt_stages() {
  local line stage last=
  while read -r line; do
    case $line in
      "Need to get "*) stage=${line,} ;;
      "Unpacking "*) stage=unpacking ;;
      "Setting up "*) stage="setting up" ;;
      *) continue ;;
    esac
    # Packages are unpacked and set up in several rounds.
    case $last in *"$stage"*) continue ;; esac
    last+=" $stage"
    echo "          $stage"
  done
}

install_packages() {
  local log status
  log=$(mktemp)
  echo "        installing $# of Debian's packages and what they need"
  {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
      as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        apt-get install -y -q --no-install-recommends "$@"
  } 2>&1 | tee "$log" | show_apt_stages
  status=${PIPESTATUS[0]}
  if [ "$status" != 0 ]; then
    tail -n 15 "$log" >&2
    echo "Debian's packages could not be installed. That takes root or sudo," \
      "a network, and a mirror that apt knows. By hand:" >&2
    echo "  apt-get install $*" >&2
  fi
  rm -f "$log"
  return "$status"
}

# ensure_requirements SET...: installs what is missing, or says what is.
ensure_requirements() {
  local missing packages
  missing=$(missing_requirements "$@")
  [ -n "$missing" ] || return 0
  if command -v apt-get >/dev/null; then
    mapfile -t packages < <(cut -d ' ' -f 3 <<< "$missing" | sort -u)
    install_packages "${packages[@]}" || return 1
    missing=$(missing_requirements "$@")
    [ -n "$missing" ] || return 0
  fi
  echo "missing on this system:" >&2
  list_missing "$missing"
  return 1
}
