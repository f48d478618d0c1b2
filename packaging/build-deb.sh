#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages from a clean export of HEAD, into build/packages/:
#   packaging/build-deb.sh [--release bookworm|trixie] [--work FOLDER]
# --release: the release that the packages are for; default: that of this machine. It ends their version: ~deb12u1.
# --work: build below this folder; default: a temporary one. It does not change the packages, byte for byte.
# DEB_BUILD_OPTIONS=nocheck leaves the tests out; parallel=N is heeded. packaging/install-deps.sh soak installs what is
# needed.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

release='' work=''
while [ $# -gt 0 ]; do
  case $1 in
    --release) release=$2; shift ;;
    --work) mkdir -p "$2" && work=$(cd "$2" && pwd); shift ;;
    *) sed -n '3,9s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
# shellcheck disable=SC1091
[ -n "$release" ] || release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

if [ -z "$work" ]; then
  work=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-deb.XXXXXX")
  trap 'rm -rf "$work"' EXIT
fi
git() { command git -c safe.directory='*' -C "$checkout" "$@"; }
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct HEAD)
export SOURCE_DATE_EPOCH

rm -rf "$work/mod-sfjwt"
mkdir "$work/mod-sfjwt"
git archive HEAD | tar -x -C "$work/mod-sfjwt"
cd "$work/mod-sfjwt"
cp -r packaging/deb debian
version=$(packaging/version.sh --deb "$release")
maintainer=$(sed -n 's/^Maintainer: //p' debian/control)
cat >debian/changelog <<CHANGELOG
mod-sfjwt ($version) $release; urgency=medium

  * /usr/share/doc/libapache2-mod-sfjwt/NEWS.gz says what is new in this
    version.

 -- $maintainer  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
CHANGELOG

dpkg-buildpackage --unsigned-source --unsigned-changes
mkdir -p "$checkout/build/packages"
mv "$work"/mod-sfjwt_* "$work"/*.deb "$checkout/build/packages/"
