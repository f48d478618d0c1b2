#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every C++ file looks as clang-format writes it (.clang-format), and every shell script can be read by bash.
set -euo pipefail
cd "$(dirname "$0")/../.."

failed=0
while IFS= read -r -d '' file; do
  [ -f "$file" ] || continue
  case $file in
    *.sh) bash -n "$file" || failed=1 ;;
    *) clang-format "$file" | cmp -s - "$file" || { echo "$file: clang-format -i it" >&2; failed=1; } ;;
  esac
done < <(git ls-files -z --cached --others --exclude-standard -- '*.cc' '*.h' '*.sh')
exit $failed
