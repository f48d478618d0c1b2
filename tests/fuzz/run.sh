#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Looks for new inputs that break a target, with libFuzzer and both sanitizers.
#   tests/fuzz/run.sh SECONDS [TARGET...]     all targets by default, one after the other
# What it learns stays below build/fuzz/corpus; an input that breaks something is kept in build/fuzz/findings, and
# belongs into tests/fuzz/corpus/TARGET once it is understood.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:?usage: tests/fuzz/run.sh SECONDS [TARGET...]}
shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for folder in tests/fuzz/corpus/*/; do targets+=("$(basename "$folder")"); done
fi

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --parallel "$(nproc)" --target fuzz_targets >/dev/null

# A target that is stopped leaves its temporary files.
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-fuzzing.XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

dictionary() {
  case $1 in
    envelope | content_coding) echo -dict=tests/fuzz/soap.dict ;;
    wsdl) echo -dict=tests/fuzz/wsdl.dict ;;
  esac
}

failed=()
for target in "${targets[@]}"; do
  learnt=build/fuzz/corpus/$target
  mkdir -p "$learnt" build/fuzz/findings
  log=build/fuzz/findings/$target.log
  # No dictionary is no argument.
  # shellcheck disable=SC2046
  if "build/fuzz/${target}_fuzz" $(dictionary "$target") -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -max_len=20000 -artifact_prefix="build/fuzz/findings/$target-" "$learnt" "tests/fuzz/corpus/$target" >"$log" 2>&1
  then
    echo "$target: nothing found, $(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log") runs in $seconds s"
  else
    echo "$target: something found, see $log"
    grep -E '^(ERROR|SUMMARY)|does not hold|Test unit written|runtime error' "$log" || true
    failed+=("$target")
  fi
done
[ ${#failed[@]} -eq 0 ]
