#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The complete check, on a fresh Debian 12 or 13 (as root or with sudo): installs the required packages of the distribution,
# builds, runs every test, and ends with a list of failures.
#   tests/run.sh           everything that fits into a quarter of an hour
#   tests/run.sh --soak    besides: g++-11, clang-tidy, ThreadSanitizer, fuzzing, more mutants, every MPM, the benchmark,
#                          the packages, 64-bit ARM, and the same once more in a fresh Debian 12 and 13 (hours)
#   tests/run.sh --coverage  instead: which lines of the library the tests run; fails below 95 %
# Output of each step: build/test-logs/. CI=true: no colour.
set -uo pipefail

soak='' coverage=''
case "${1:-}" in
  "") ;;
  --soak) soak=yes ;;
  --coverage) coverage=yes ;;
  *) sed -n '3,9s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

logs=build/test-logs
jobs=$(nproc)
rm -rf "$logs"
mkdir -p "$logs"

if [ -t 1 ] && [ "${CI:-}" != true ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' yellow=$'\e[33m' plain=$'\e[0m'
else
  bold='' green='' red='' yellow='' plain=''
fi

# All processes of a step have their files below this folder, so that leftover ones can be distinguished from those of
# others. Servers read there as another user.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-tests.XXXXXX")
chmod 755 "$scratch"
export TMPDIR=$scratch
export PYTHONDONTWRITEBYTECODE=1
export CTEST_PARALLEL_LEVEL=$jobs

failed=()
step_pid=

# Processes whose command line or folder is below the scratch folder.
left_behind() {
  local process
  for process in /proc/[0-9]*; do
    if [[ $(readlink "$process/cwd" 2>/dev/null) == "$scratch"* ]] ||
      { tr '\0' ' ' <"$process/cmdline"; } 2>/dev/null | grep -qF "$scratch/"; then
      echo "${process#/proc/}"
    fi
  done
}

# shellcheck disable=SC2317
stop_step() {
  [ -z "$step_pid" ] || kill -TERM -- "-$step_pid" 2>/dev/null
  local pid
  for pid in $(left_behind); do kill -TERM "$pid" 2>/dev/null; done
}

# shellcheck disable=SC2317
interrupted() {
  trap - INT TERM
  stop_step
  sleep 1
  rm -rf "$scratch"
  exit 130
}
trap interrupted INT TERM

# Runs one step with its output in a log; what matters of it is shown, all of its end when it fails.
step() {  # name, title, command...
  local name=$1 title=$2 begin=$SECONDS code pid leftover=()
  shift 2
  printf '%s%-58s%s' "$bold" "$title" "$plain"
  setsid "$@" >"$logs/$name.log" 2>&1 </dev/null &
  step_pid=$!
  wait "$step_pid"
  code=$?
  step_pid=
  mapfile -t leftover < <(left_behind)
  if [ ${#leftover[@]} -gt 0 ]; then
    for pid in "${leftover[@]}"; do
      echo "left behind: $pid $(tr '\0' ' ' <"/proc/$pid/cmdline")" >>"$logs/$name.log"
      kill "$pid" 2>/dev/null
    done
    code=1
  fi
  if [ $code -eq 0 ]; then
    printf ' %sok%s      %4d s\n' "$green" "$plain" $((SECONDS - begin))
    noteworthy "$name"
    return 0
  fi
  printf ' %sFAILED%s  %4d s   %s\n' "$red" "$plain" $((SECONDS - begin)) "$logs/$name.log"
  what_failed "$logs/$name.log" | tail -n 120 | sed 's/^/    /'
  failed+=("$title")
  return 1
}

# The log without the tests that passed or were skipped; GoogleTest adds the bytes of parameters to names.
what_failed() {
  sed -E 's/(  # |, where )GetParam\(\) = [^>]*>//; s/ \.{4,}/ .../' "$1" |
    grep -vE '^ +Start +[0-9]+: |\.\.\. +Passed |\*\*\*Skipped|\(Skipped\)$'
}

# Sums and skipped tests, so that green is not taken for more than it is.
noteworthy() {  # name of a step
  local log=$logs/$1.log last=build/${1#test-}/Testing/Temporary/LastTest.log skipped
  [[ $1 == test-* ]] || { grep -E '^skipped: ' "$log" | sed "s/^skipped: /    ${yellow}skipped:$plain /"; return 0; }
  grep -E '^[0-9]+% tests passed' "$log" | sed 's/^/    /'
  grep -hE '^[0-9]+ passed' "$last" | sed 's/^/    pytest: /'
  skipped=$(what_skipped "$log" "$last")
  [ -z "$skipped" ] || printf '%s\n' "$skipped" | cut -c1-160 | sed "s/^/    ${yellow}skipped:$plain /"
}

# One line per suite of ctest with how many were skipped, and pytest's own lines, which have the reason.
what_skipped() {  # log of ctest, LastTest.log
  grep -E '\(Skipped\)$' "$1" | sed -E 's/^[^-]*- //; s/  # GetParam.*//; s/ \(Skipped\)$//; s#/[^/]*$##' | sort | uniq -c |
    awk '{print $2 ($1 > 1 ? " (" $1 ")" : "")}'
  grep -hE '^(SKIPPED|skipped:) ' "$2" | sed -E 's/^(SKIPPED|skipped:) //'
}

# shellcheck disable=SC2317
build() {  # preset, targets...
  local preset=$1 targets
  shift
  targets=("${@/#/--target=}")
  cmake --preset "$preset" && cmake --build --preset "$preset" --parallel "$jobs" "${targets[@]}"
}

# shellcheck disable=SC2317
tidy() {
  git ls-files 'mod_sfjwt/*.cc' | xargs -P "$jobs" -n 4 clang-tidy --quiet -p build/clang
}

# What several threads have in common is tokens, and the way to the token endpoint.
# shellcheck disable=SC2317
threads() {
  build tsan oauth_test net_test && build/tsan/oauth_test && build/tsan/net_test
}

# Children of httpd count as another user, in the files that others have begun.
# shellcheck disable=SC2317
covered() {
  build coverage sanitized_tests differential_test mod_sfjwt sfjwtctl fault_injection || return
  find build/coverage -name '*.gcda' -delete
  find build/coverage -type d -exec chmod a+rwx {} +
  (umask 000 && ctest --preset coverage --timeout 3000 -L 'unit|differential|fuzz|conformance|pytest')
}

# shellcheck disable=SC2317
coverage_report() {
  mkdir -p build/coverage/report
  gcovr --root . --object-directory build/coverage --filter mod_sfjwt/ --exclude 'mod_sfjwt/(httpd|tools)/' \
    --txt - --html-details build/coverage/report/index.html --fail-under-line 95 build/coverage/mod_sfjwt
}

# shellcheck disable=SC2317
every_mpm() {
  local mpm
  for mpm in event worker prefork; do
    SFJWT_SOAK=yes SFJWT_MPM=$mpm SFJWT_MODULE=$PWD/build/release/mod_sfjwt.so /usr/bin/python3 -m pytest -q -p no:cacheprovider \
      tests/httpd || return 1
  done
}
export -f build tidy threads covered coverage_report every_mpm
export jobs

finish() {
  echo
  if [ ${#failed[@]} -eq 0 ]; then
    rm -rf "$scratch"
    printf '%sAll is well.%s %d s\n' "$green$bold" "$plain" $((SECONDS - begin))
    exit 0
  fi
  printf '%s%d failed%s after %d s; what they left is in %s\n' "$red$bold" ${#failed[@]} "$plain" $((SECONDS - begin)) "$scratch"
  printf '  %s\n' "${failed[@]}"
  exit 1
}

begin=$SECONDS
step packages "packages" packaging/install-deps.sh "${soak:+soak}" || { echo "nothing can be done without them" >&2; exit 1; }

if [ -n "$coverage" ]; then
  step test-coverage "build and tests, with counters" bash -c covered
  step coverage "lines of the library that they run" bash -c coverage_report
  sed -n 's/^TOTAL.* \([0-9]*%\).*/    \1, line by line: build\/coverage\/report\/index.html/p' "$logs/coverage.log"
  finish
fi

if step build-release "build: release, g++" bash -c 'build release'; then
  step test-release "tests: unit, differential, fuzz corpora, guards, httpd" \
    ctest --preset release --timeout 1500
fi
# Memory is touched where foreign bytes are read; httpd around the module is not sanitized.
if step build-asan "build: ASan and UBSan" bash -c 'build asan sanitized_tests'; then
  step test-asan "tests: unit, fuzz corpora, httpd, with ASan and UBSan" \
    ctest --preset asan -L 'unit|fuzz|sanitized' --timeout 900
fi
step build-clang "build: library, module and sfjwtctl with clang++" bash -c 'build clang sfjwt mod_sfjwt sfjwtctl'

if [ -n "$soak" ]; then
  if command -v g++-11 >/dev/null; then
    step build-g++-11 "build: module and sfjwtctl with g++-11" bash -c 'build g++-11 mod_sfjwt sfjwtctl'
  fi
  step tidy "clang-tidy" bash -c tidy
  step threads "tokens with ThreadSanitizer" bash -c threads
  step mutants "two million mutants beside libxml2" env SFJWT_MUTANTS=2000000 SFJWT_MUTANT_SEED=10000000 \
    build/release/differential_test
  step fuzz "fuzzing, 10 minutes each" tests/fuzz/run.sh 600
  step mpms "httpd tests with every MPM" bash -c every_mpm
  step tokens "what tokens cost" tests/bench/tokens.sh
  step bench "what the module costs" tests/bench/gateway.sh && tail -n 7 "$logs/bench.log" | sed 's/^/    /'
  step rpm "RPMs: built twice, installed, a request" packaging/test-rpm.sh
  step arm64 "64-bit ARM: unit and differential tests under qemu" tests/arm64.sh
  step fresh "the same in a fresh Debian 12 and 13" tests/fresh.sh
  step deb "the Debian packages, as an administrator uses them" packaging/test.sh
  step validate "what checking costs, beside libxml2 and Xerces-C++" tests/bench/validate.sh --instructions
fi
step demo "conf/demo/run.sh --once" conf/demo/run.sh --once

finish
