#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the source archive of HEAD, build/packages/mod_sfjwt-VERSION.tar.gz, and prints its name:
#   packaging/source-archive.sh [VERSION]
# VERSION: other than that of CMakeLists.txt. The archive has the generated manual in manual/, since pandoc is not in the
# repositories of every system that the module is built on, and not every version of it writes the same. The bytes depend
# on the commit and on pandoc alone.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=${1:-$("$checkout/packaging/version.sh")}
name=mod_sfjwt-$version

work=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-source.XXXXXX")
trap 'rm -rf "$work"' EXIT
git() { command git -c safe.directory='*' -C "$checkout" "$@"; }
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct HEAD)
export SOURCE_DATE_EPOCH

mkdir "$work/$name"
git archive HEAD | tar -x -C "$work/$name"
"$work/$name/packaging/manual/build.sh" "$work/$name/manual" >&2

mkdir -p "$checkout/build/packages"
tar -c -C "$work" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX "$name" |
  gzip -9n >"$work/$name.tar.gz"
mv "$work/$name.tar.gz" "$checkout/build/packages/"
echo "$checkout/build/packages/$name.tar.gz"
