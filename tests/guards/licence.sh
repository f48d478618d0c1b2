#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every file has exactly one licence line, within the first three lines. Exceptions: settings of tools, files without comments
# or whose bytes are test data (JSON, messages), and the licence text itself.
set -euo pipefail
cd "$(dirname "$0")/../.."

failed=0
while IFS= read -r -d '' file; do
  [ -f "$file" ] || continue
  case $file in
    LICENSE | .clang-* | .gitignore | packaging/deb/source/format | *.xml | *.json | *.tsv | *.lock | tests/data/* | tests/fuzz/corpus/*/* | *.pem | *.der | *.png) continue ;;
  esac
  [ -s "$file" ] || continue
  lines=$(head -n 3 "$file" | grep -c 'SPDX-License-Identifier: Apache-2\.0' || true)
  if [ "$lines" != 1 ]; then
    echo "$file: $lines SPDX lines in its head, not one" >&2
    failed=1
  fi
done < <(git ls-files -z --cached --others --exclude-standard)
exit $failed
