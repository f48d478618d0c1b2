#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What tokens cost: a hit in the shared table, the memory for a million users, and a fetch at a token endpoint.
#   tests/bench/tokens.sh [--rounds N]
# Fails when a hit in the table costs 0.5 us of CPU or more, when a million users do not fit into 512 MB, or when fetches
# are more than one request each or do not share their connection. Other load on the machine makes hits dearer: the least
# of N rounds (default 5) counts.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bench=$checkout/build/release/tokens_bench

rounds=5
case ${1:-} in
  --rounds) rounds=$2 ;;
  ?*) sed -n '3,7s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
esac

folder=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-tokens.XXXXXX")
trap 'rm -rf "$folder"' EXIT
if ! (cd "$checkout" && cmake --preset release && cmake --build --preset release --parallel "$(nproc)" --target tokens_bench) \
  >"$folder/build.log" 2>&1; then
  tail -n 20 "$folder/build.log" >&2
  exit 1
fi

failed=0
/usr/bin/python3 "$checkout/tests/bench/token_endpoint.py" "$bench" "$folder" 300 || failed=1
openssl genrsa -out "$folder/key" 2048 2>/dev/null
"$bench" hits "$rounds" "$folder/key" || failed=1
"$bench" million || failed=1
exit $failed
