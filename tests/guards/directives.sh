#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every directive of the table has its section in conf/directives.md and its commented line in conf/sfjwt.conf, every
# one of those is in the table, and none appears twice. Every relaxation of SFJwtValidate is in conf/directives.md.
set -euo pipefail
cd "$(dirname "$0")/../.."

table=$(grep -oE '"SFJwt[A-Za-z]*"' mod_sfjwt/httpd/config/directives.cc | tr -d '"' | sort)
reference=$(grep -oE '^## SFJwt[A-Za-z]*$' conf/directives.md | cut -c4- | sort)
sample=$(grep -oE '^ *#SFJwt[A-Za-z]*' conf/sfjwt.conf | tr -d ' #' | sort)

[ -n "$table" ] || { echo "no directive found in the table" >&2; exit 1; }
failed=0
compare() {  # name, list
  if ! difference=$(diff <(echo "$table") <(echo "$2")); then
    echo "directives of the table (<) and of $1 (>) differ:" >&2
    echo "$difference" >&2
    failed=1
  fi
}
compare conf/directives.md "$reference"
compare conf/sfjwt.conf "$sample"
twice=$(echo "$table" | uniq -d)
[ -z "$twice" ] || { echo "twice in the table: $twice" >&2; failed=1; }
relaxations=$(grep -oE '\{"[a-z-]+", &Relaxations' mod_sfjwt/schema/validation.h | cut -d'"' -f2)
explained=$(grep -oE '^\| `[a-z]+-?[a-z-]*` \|.*\|.*\|$' conf/directives.md | cut -d'`' -f2)
[ -n "$relaxations" ] || { echo "no relaxation found in validation.h" >&2; failed=1; }
for relaxation in $relaxations; do
  grep -qxF -- "$relaxation" <<<"$explained" ||
    { echo "relaxation $relaxation is not explained in conf/directives.md" >&2; failed=1; }
done
exit $failed
