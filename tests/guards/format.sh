#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every C++ file looks as clang-format 14 writes it (.clang-format), and every shell script can be read by bash. Other
# versions write some lines differently, so their verdict is not asked for (77: skipped).
set -euo pipefail
cd "$(dirname "$0")/../.."

failed=0
formatter=
for name in clang-format-14 clang-format; do
  if [[ $($name --version 2>/dev/null) == *" version 14."* ]]; then formatter=$name; break; fi
done
[ -n "$formatter" ] || echo "skipped: the format of C++ files, since clang-format here is not version 14"
while IFS= read -r -d '' file; do
  [ -f "$file" ] || continue
  case $file in
    *.sh) bash -n "$file" || failed=1 ;;
    *) [ -z "$formatter" ] || "$formatter" "$file" | cmp -s - "$file" || { echo "$file: clang-format -i it" >&2; failed=1; } ;;
  esac
done < <(git ls-files -z --cached --others --exclude-standard -- '*.cc' '*.h' '*.sh')
if [ $failed -eq 0 ] && [ -z "$formatter" ]; then exit 77; fi
exit $failed
