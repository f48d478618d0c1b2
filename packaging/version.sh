#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints the version of this checkout, which stands in CMakeLists.txt only:
#   packaging/version.sh                         as packages write it, for example 1.0.0~rc1, which sorts before 1.0.0
#   packaging/version.sh --deb bookworm|trixie   that of the Debian packages for this release
set -euo pipefail
cmake=$(dirname "${BASH_SOURCE[0]}")/../CMakeLists.txt
version=$(sed -nE 's/^project\(mod_sfjwt VERSION ([0-9.]+) .*/\1/p' "$cmake")
prerelease=$(sed -nE 's/^set\(SFJWT_PRERELEASE "?([a-z0-9]*)"?\)$/\1/p' "$cmake")
[ -n "$version" ] || { echo "$0: no version in CMakeLists.txt" >&2; exit 1; }

# With one tilde, 1.0.0~rc1~deb12u1 would be newer than 1.0.0~deb12u1, because r comes after d.
case "$*" in
  "") echo "$version${prerelease:+~$prerelease}" ;;
  "--deb bookworm") echo "$version${prerelease:+~~$prerelease}~deb12u1" ;;
  "--deb trixie") echo "$version${prerelease:+~~$prerelease}~deb13u1" ;;
  *) echo "$0: packages are built for bookworm and trixie only" >&2; exit 2 ;;
esac
