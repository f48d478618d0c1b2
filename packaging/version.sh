#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints the version of this checkout as packages write it, for example 1.0.0~rc1, which sorts before 1.0.0. It stands in
# CMakeLists.txt only.
set -euo pipefail
cmake=$(dirname "${BASH_SOURCE[0]}")/../CMakeLists.txt
version=$(sed -nE 's/^project\(mod_sfjwt VERSION ([0-9.]+) .*/\1/p' "$cmake")
prerelease=$(sed -nE 's/^set\(SFJWT_PRERELEASE "?([a-z0-9]*)"?\)$/\1/p' "$cmake")
[ -n "$version" ] || { echo "$0: no version in CMakeLists.txt" >&2; exit 1; }
echo "$version${prerelease:+~$prerelease}"
