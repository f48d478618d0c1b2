#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the source RPM and the binary RPMs of HEAD, into build/packages/:
#   packaging/build-rpm.sh [--nocheck] [--source-only] [--version VERSION] [--work FOLDER]
# --nocheck: leaves the tests out. --source-only: the source RPM alone. --version: other than that of CMakeLists.txt.
# --work: build below this folder; default: a temporary one. The folder does not change the packages, byte for byte.
# On Debian, rpmbuild cannot look up build dependencies (packaging/install-deps.sh soak installs what is needed), the
# compiler is g++-11, that of RHEL 9, unless CXX names another, and the binary RPMs are for tests: their dependencies are
# the libraries of Debian. What is published is the source RPM.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

wanted=-ba version='' work='' options=()
while [ $# -gt 0 ]; do
  case $1 in
    --nocheck) options+=(--without check) ;;
    --source-only) wanted=-bs ;;
    --version) version=$2; shift ;;
    --work) mkdir -p "$2" && work=$(cd "$2" && pwd); shift ;;
    *) sed -n '3,10s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
version=${version:-$("$checkout/packaging/version.sh")}
if [ -e /etc/debian_version ]; then
  options+=(--nodeps --define '_docdir_fmt %%{NAME}')
  # Debian's own steps after %install fail or do less than those of Fedora: compress manual pages, strip binaries.
  finish='find %{buildroot}%{_mandir} -type f -exec gzip -9n {} +'
  finish+=' && strip --strip-unneeded %{buildroot}%{_bindir}/sfjwtctl %{buildroot}%{_httpd_moddir}/mod_sfjwt.so'
  options+=(--define "__os_install_post $finish")
  if [ -z "${CXX:-}" ] && command -v g++-11 >/dev/null; then export CXX=g++-11; fi
fi

if [ -z "$work" ]; then
  work=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-rpm.XXXXXX")
  trap 'rm -rf "$work"' EXIT
fi
top=$work/rpmbuild
rm -rf "$top"
mkdir -p "$top"/{BUILD,BUILDROOT,RPMS,SOURCES,SPECS,SRPMS}
SOURCE_DATE_EPOCH=$(git -c safe.directory='*' -C "$checkout" log -1 --format=%ct HEAD)
export SOURCE_DATE_EPOCH

cp "$("$checkout/packaging/source-archive.sh" "$version")" "$top/SOURCES/"
git -c safe.directory='*' -C "$checkout" show HEAD:packaging/rpm/mod_sfjwt.spec |
  sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH" '+%a %b %d %Y')/" \
    >"$top/SPECS/mod_sfjwt.spec"
touch -d "@$SOURCE_DATE_EPOCH" "$top/SPECS/mod_sfjwt.spec" "$top"/SOURCES/*

# Times, the name of the machine and that of the folder would make two builds differ. The spec file that is stored in the
# source RPM names the folder as well, so it is the same for all: /mnt, of a namespace that ends with the build.
namespace=(unshare --mount)
[ "$(id -u)" -eq 0 ] || namespace+=(--map-root-user)
# shellcheck disable=SC2016
"${namespace[@]}" bash -euc 'mount --bind "$1" /mnt; shift; exec "$@"' - "$top" \
  rpmbuild $wanted "${options[@]}" --define '_topdir /mnt' --define '_buildhost localhost' \
  --define 'use_source_date_epoch_as_buildtime 1' --define 'clamp_mtime_to_source_date_epoch 1' /mnt/SPECS/mod_sfjwt.spec
find "$top/SRPMS" "$top/RPMS" -name '*.rpm' -exec mv -t "$checkout/build/packages" {} +
