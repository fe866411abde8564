# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 the gst-plugins-dmabuf authors
#
# Where Debian's packages come from on this system, and how to read a suite
# that the system does not list without touching its settings. To be sourced.

# The mirror that the system's own apt settings name, in either of their two
# formats: apt itself reads them. Prints nothing when there is none.
debian_mirror() {
  command -v apt-get >/dev/null || return 0
  {
    apt-get indextargets --format '$(REPO_URI)' \
      'Created-By: Packages' 'Origin: Debian' 'Label: Debian'
    # Without downloaded lists apt knows no origin: take our own suite.
    apt-get indextargets --no-release-info --format '$(REPO_URI)' \
      'Created-By: Packages' "Release: $(debian_suite)"
  } 2>/dev/null | head -n 1
}

debian_suite() {
  (. /etc/os-release && echo "$VERSION_CODENAME")
}

# debian_source_line SUITE: one line for a sources.list, signatures checked
# with Debian's own keys.
debian_source_line() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg options=
  [ -r $keyring ] && options="[signed-by=$keyring] "
  echo "deb $options$(debian_mirror) $1 main"
}

# private_apt_setup DIR SUITE: an apt of its own in DIR that knows SUITE only.
private_apt_setup() {
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial" "$1/preferences.d"
  : > "$1/status"
  debian_source_line "$2" > "$1/sources.list"
  cat > "$1/apt.conf" <<CONF
Dir::State "$1";
Dir::State::Lists "$1/lists";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
Dir::Etc::SourceList "$1/sources.list";
Dir::Etc::SourceParts "-";
Dir::Etc::Preferences "$1/preferences";
Dir::Etc::PreferencesParts "$1/preferences.d";
APT::Default-Release "";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
}

# private_apt DIR PROGRAM ARGUMENT...: apt-get or apt-cache with that apt.
private_apt() {
  local directory=$1
  shift
  APT_CONFIG=$directory/apt.conf "$@"
}
