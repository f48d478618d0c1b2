#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every file of ours says its licence on exactly one line, within the first three. Without: settings of tools, what has
# no comments or whose bytes are the data (JSON, messages), and the licence text itself.
set -euo pipefail
cd "$(dirname "$0")/../.."

failed=0
while IFS= read -r -d '' file; do
  [ -f "$file" ] || continue
  case $file in
    LICENSE | .clang-* | .gitignore | *.xml | *.json | *.tsv | *.lock | tests/data/* | tests/fuzz/corpus/*/* | *.pem | *.der | *.png) continue ;;
  esac
  [ -s "$file" ] || continue
  lines=$(head -n 3 "$file" | grep -c 'SPDX-License-Identifier: Apache-2\.0' || true)
  if [ "$lines" != 1 ]; then
    echo "$file: $lines SPDX lines in its head, not one" >&2
    failed=1
  fi
done < <(git ls-files -z --cached --others --exclude-standard)
exit $failed
