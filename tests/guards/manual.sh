#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The documents of the packages can be made: no link in them is broken, and man finds no fault with the manual page but
# for examples wider than a terminal. Without pandoc: skipped (77).
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v pandoc >/dev/null || { echo "skipped: no pandoc"; exit 77; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
packaging/manual/build.sh "$folder"
warnings=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings=all -E UTF-8 -l "$folder/mod_sfjwt.5" 2>&1 >/dev/null |
  grep -v "can't break line" || true)
if [ -n "$warnings" ]; then
  echo "mod_sfjwt.5: $warnings" >&2
  exit 1
fi
