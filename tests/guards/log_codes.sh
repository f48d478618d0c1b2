#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every code in the source has its section in conf/log-codes.md, every section there has a code in the source, and none
# appears twice. A section about a refusal begins with the title it has in the table of reasons, and only such a section
# begins with one.
set -euo pipefail
cd "$(dirname "$0")/../.."

source=$(grep -rhoE 'SFJ[0-9]{4}' mod_sfjwt | sort -u)
page=$(grep -oE '^## SFJ[0-9]{4}$' conf/log-codes.md | cut -c4-)

[ -n "$source" ] || { echo "no code found in the source" >&2; exit 1; }
failed=0
if ! difference=$(diff <(echo "$source") <(echo "$page")); then
  echo "codes of the source (<) and of conf/log-codes.md (>) differ, or are not in order:" >&2
  echo "$difference" >&2
  failed=1
fi
others=$(grep -rhoE 'SFJ[0-9]{4}' conf/*.md README.md CHANGELOG.md | sort -u | comm -13 <(echo "$source") -)
[ -z "$others" ] || { echo "in the documents, and in no source: $others" >&2; failed=1; }
table=$(sed -nE '/"SFJ[0-9]{4}"/{s/.*"(SFJ[0-9]{4})".*/\1/;N;s/\n *"(.*)"\},$/ \1/p}' mod_sfjwt/gateway/reason.cc | sort)
titles=$(awk '/^## SFJ/ { code = $2 } /^\*\*.*\*\*$/ && code { gsub(/^\*\*|\*\*$/, ""); print code, $0 } !/^(## .*)?$/ { code = "" }' \
  conf/log-codes.md | sort)
[ -n "$table" ] || { echo "no row found in the table of reasons" >&2; failed=1; }
if ! difference=$(diff <(echo "$table") <(echo "$titles")); then
  echo "titles of the table of reasons (<) and of conf/log-codes.md (>) differ:" >&2
  echo "$difference" >&2
  failed=1
fi
exit $failed
