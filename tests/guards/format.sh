#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every C++ file looks as clang-format writes it (.clang-format), and every shell script can be read by bash.
set -euo pipefail
cd "$(dirname "$0")/../.."

files() { git ls-files -z --cached --others --exclude-standard -- "$@" | while IFS= read -r -d '' file; do
  [ ! -f "$file" ] || printf '%s\0' "$file"
done; }
files '*.cc' '*.h' | xargs -0 clang-format --dry-run -Werror
files '*.sh' | xargs -0 -n 1 bash -n
