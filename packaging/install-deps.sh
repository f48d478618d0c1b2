#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what this project needs from the distribution's packages, and only what is missing.
#   packaging/install-deps.sh build   compilers and libraries to build the module
#   packaging/install-deps.sh demo    build + what conf/demo/run.sh starts
#   packaging/install-deps.sh test    all (default)
set -euo pipefail

build=(g++ cmake make pkg-config apache2 apache2-dev libssl-dev libxml2-dev libjsoncpp-dev
       libcurl4-openssl-dev libpcre2-dev zlib1g-dev libgtest-dev libgmock-dev)
demo=(openssl curl python3 python3-aiohttp python3-jwt python3-cryptography)
test=(clang clang-format clang-tidy libclang-rt-14-dev libbenchmark-dev libxerces-c-dev valgrind binutils python3-pytest
      python3-lxml python3-zeep python3-h2 php-cli php-soap nginx-light redis-server wrk man-db libapache2-mod-security2)

case "${1:-test}" in
  build) wanted=("${build[@]}") ;;
  demo) wanted=("${build[@]}" "${demo[@]}") ;;
  test) wanted=("${build[@]}" "${demo[@]}" "${test[@]}") ;;
  *) echo "usage: $0 [build|demo|test]" >&2; exit 2 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "$0: not root and no sudo; install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
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

echo "installing: ${missing[*]}"
"${as_root[@]}" apt-get -qq update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" >/dev/null
