#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what this project needs from the distribution's packages, and only what is missing. Shared libraries older
# than the archive's are upgraded with it: a server built against a newer OpenSSL than the one installed warns at start.
#   packaging/install-deps.sh build   compilers and libraries to build the module
#   packaging/install-deps.sh demo    build + what conf/demo/run.sh starts
#   packaging/install-deps.sh test    demo + what tests/run.sh needs (default)
#   packaging/install-deps.sh soak    test + what tests/run.sh --soak and packaging/release.sh need
set -euo pipefail

build=(g++ cmake make pkg-config apache2 apache2-dev libssl-dev libxml2-dev libjsoncpp-dev
       libcurl4-openssl-dev libpcre2-dev zlib1g-dev libcli11-dev libgtest-dev libgmock-dev)
demo=(openssl curl python3 python3-aiohttp python3-jwt python3-cryptography)
test=(git debootstrap clang clang-format clang-tidy libbenchmark-dev libxerces-c-dev valgrind binutils python3-pytest
      gcovr python3-lxml python3-zeep python3-suds libsoap-lite-perl python3-h2 php-cli php-soap nginx-light
      redis-server wrk man-db libapache2-mod-security2 gsoap libgsoap-dev file pandoc slapd ldap-utils)
soak=(dpkg-dev debhelper lintian iproute2 rpm rpmlint g++-aarch64-linux-gnu qemu-user-static)
# Of what is installed already, by pattern: their names change with the ABI.
libraries=('libssl[0-9]*' 'libapr1*' 'libaprutil1*' 'libcurl[0-9]*' 'libxml2*' 'libpcre2-[0-9]*' zlib1g 'libjsoncpp[0-9]*'
           'libnghttp2-[0-9]*')

case "${1:-test}" in
  build) wanted=("${build[@]}") ;;
  demo) wanted=("${build[@]}" "${demo[@]}") ;;
  test) wanted=("${build[@]}" "${demo[@]}" "${test[@]}") ;;
  soak) wanted=("${build[@]}" "${demo[@]}" "${test[@]}" "${soak[@]}") ;;
  *) echo "usage: $0 [build|demo|test|soak]" >&2; exit 2 ;;
esac

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Prints the sanitizers' runtime of the distribution's default clang.
clang_runtime() {
  if installed clang; then dpkg-query -W -f '${Depends}\n' clang; else apt-cache depends clang; fi |
    sed -n 's/.*clang-\([0-9]\+\).*/libclang-rt-\1-dev/p' | head -n 1
}

# Prints what is not installed of what is wanted; some names depend on what the distribution has.
missing_packages() {
  local package runtime names=("${wanted[@]}")
  if [[ " ${wanted[*]} " == *" clang "* ]]; then
    runtime=$(clang_runtime)
    names+=(${runtime:+"$runtime"})
    if apt-cache show g++-11 >/dev/null 2>&1; then names+=(g++-11); fi  # the compiler of RHEL 9
  fi
  for package in "${names[@]}"; do
    installed "$package" || echo "$package"
  done
}

# Prints the libraries older than what the local package lists offer. Asks no server, and leaves alone what is on hold.
outdated_libraries() {
  local present
  mapfile -t present < <(dpkg-query -W -f '${Status}:${Package}\n' "${libraries[@]}" 2>/dev/null |
    sed -n 's/^install ok installed://p' | sort -u)
  [ ${#present[@]} -eq 0 ] || apt-get -qq -s --only-upgrade install "${present[@]}" 2>/dev/null |
    sed -n 's/^Inst \([^ ]*\) \[.*/\1/p'
}

# Whether httpd will warn that its mod_ssl was built with a newer OpenSSL (AH01882): then the package lists are too old.
mod_ssl_is_newer() {
  local built loaded
  built=$(grep -aoEm1 'OpenSSL [0-9]+\.[0-9]+\.[0-9]+' "$(apxs -q LIBEXECDIR)/mod_ssl.so" | head -n 1) || return 1
  loaded=$(dpkg-query -W -f '${Version}\n' 'libssl[0-9]*' 2>/dev/null | sort -V | tail -n 1)
  [ -n "$loaded" ] && dpkg --compare-versions "${built#OpenSSL }" gt "${loaded%%-*}"
}

mapfile -t missing < <(missing_packages)
mapfile -t outdated < <(outdated_libraries)
lists_too_old=
if [ ${#missing[@]} -gt 0 ] || { [ ${#outdated[@]} -eq 0 ] && mod_ssl_is_newer; }; then lists_too_old=yes; fi
[ -n "$lists_too_old" ] || [ ${#outdated[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null; then
    as_root=(sudo)
  elif [ ${#missing[@]} -gt 0 ]; then
    echo "$0: not root and no sudo; install: ${missing[*]}" >&2
    exit 1
  else
    echo "$0: not root and no sudo; left as they are, though older than the archive's: ${outdated[*]:-libssl}" >&2
    exit 0
  fi
fi

# The packages of servers start a service on installation; this project only starts private instances.
policy=/usr/sbin/policy-rc.d
own_policy=
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
  "${as_root[@]}" chmod 755 $policy
  own_policy=yes
fi
remove_policy() { [ -z "$own_policy" ] || "${as_root[@]}" rm -f $policy; }
trap remove_policy EXIT
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -qq -y --no-install-recommends "$@" >/dev/null; }

if [ -n "$lists_too_old" ]; then
  if ! apt update && [ ${#missing[@]} -gt 0 ]; then exit 1; fi
  mapfile -t missing < <(missing_packages)
  mapfile -t outdated < <(outdated_libraries)
fi
if [ ${#outdated[@]} -gt 0 ]; then
  echo "upgrading: ${outdated[*]}"
  # What is there works; a server that cannot be reached is no reason to do nothing.
  apt --only-upgrade --no-remove install "${outdated[@]}" || echo "$0: going on with the older ones" >&2
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing: ${missing[*]}"
  apt install "${missing[@]}"
fi
