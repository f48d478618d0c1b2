#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What it costs to tell a valid request from others: our engine beside libxml2 (streaming and tree) and Xerces-C++ on the
# same messages, in turns within one run, and what hostile documents cost beside a good one.
#   tests/bench/validate.sh [--rounds N] [--instructions] [WSDL...]
# --instructions: counts those of one warm pass in callgrind too, which other load on the machine does not change; takes
# minutes for a large WSDL. Default: 15 rounds; enterprise-64 and partner-66 of ../shared where they are, and the
# samples of wsdl/.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$checkout/build/release

rounds=15 instructions='' wsdls=()
while [ $# -gt 0 ]; do
  case $1 in
    --rounds) rounds=$2; shift ;;
    --instructions) instructions=yes ;;
    -*) sed -n '3,8s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
    *) wsdls+=("$1") ;;
  esac
  shift
done
if [ ${#wsdls[@]} -eq 0 ]; then
  for name in enterprise-64.0 partner-66.0; do
    real=$checkout/../shared/data/wsdl/salesforce/$name.wsdl
    if [ -f "$real" ]; then wsdls+=("$real"); else echo "without $name: $real is not there"; fi
  done
  wsdls+=("$checkout"/wsdl/sample-{enterprise,partner}.wsdl)
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-validate.XXXXXX")
trap 'rm -rf "$folder"' EXIT
if ! (cd "$checkout" && cmake --preset release &&
  cmake --build --preset release --parallel "$(nproc)" --target validate_bench hostile_bench) >"$folder/build.log" 2>&1; then
  tail -n 20 "$folder/build.log" >&2
  echo "the benchmark cannot be built; packaging/install-deps.sh test installs libxerces-c-dev and valgrind" >&2
  exit 1
fi

# One row for each message and engine, from the dumps of callgrind.
count_instructions() {  # WSDL, messages...
  local dump
  valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file="$folder/callgrind" \
    "$build/validate_bench" 1 "$@" >"$folder/valgrind.log" 2>&1 ||
    { tail -n 20 "$folder/valgrind.log" >&2; return 1; }
  printf '\n%-28s%-26s%14s%12s%10s\n' '' '' instructions 'per byte' times
  for dump in $(printf '%s\n' "$folder"/callgrind.* | sort -V); do
    sed -nE 's/^desc: Trigger: Client Request: (.*)/\1/p; s/^(summary|totals): /\t/p' "$dump" | head -n 2 | tr -d '\n'
    echo
  done | while IFS=$'\t' read -r file engine count; do
    [ -n "$count" ] || continue
    printf '%s\t%s\t%s\t%s\n' "$file" "$engine" "$count" "$(stat -c %s "$folder/$(basename "$1" .wsdl)/$file")"
  done | awk -F'\t' '$1 != last { last = $1; ours = $3; shown = $1 }
    { printf "%-28s%-26s%14d%12.1f%9.1fx\n", shown, $2, $3, $3 / $4, $3 / ours; shown = "" }'
  rm -f "$folder"/callgrind*
}

for wsdl in "${wsdls[@]}"; do
  messages=$folder/$(basename "$wsdl" .wsdl)
  /usr/bin/python3 "$checkout/tests/bench/messages.py" "$wsdl" "$messages"
  set -- "$wsdl" "$messages"/{query,create-200,create-5mb,attachment-5mb}.xml
  "$build/validate_bench" "$rounds" "$@"
  [ -z "$instructions" ] || count_instructions "$@"
  echo
done
/usr/bin/python3 "$checkout/tests/bench/messages.py" "$checkout/wsdl/sample-partner.wsdl" "$folder/good"
"$build/hostile_bench" "$folder/good/create-5mb.xml"
