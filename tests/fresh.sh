#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the first steps on a fresh system: creates a minimal Debian in a temporary folder, clones HEAD into it, and runs the
# two commands of README.md there, conf/demo/run.sh --once and tests/run.sh.
#   tests/fresh.sh [--demo] [--cache DIR] [bookworm|trixie]...
# --demo: the demo only. --cache: keeps downloaded packages there for the next time. Default: bookworm and trixie.
# Root only; where it cannot be done it is skipped, with the reason. 8 GB of TMPDIR are needed. See tests/chroot.sh.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/chroot.sh
. "$checkout/tests/chroot.sh"

commands=('conf/demo/run.sh --once' tests/run.sh) cache='' suites=()
while [ $# -gt 0 ]; do
  case $1 in
    --demo) commands=('conf/demo/run.sh --once') ;;
    --cache) mkdir -p "$2" && cache=$(cd "$2" && pwd); shift ;;
    bookworm | trixie) suites+=("$1") ;;
    *) sed -n '3,7s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
[ ${#suites[@]} -gt 0 ] || suites=(bookworm trixie)

begin_chroots sfjwt-fresh 8

# shellcheck disable=SC2317
run_inside() {  # suite, commands...
  local suite=$1 root=$folder/$1 home=/root/mod_sfjwt command
  shift
  make_chroot "$suite" "$root"
  git -c safe.directory='*' clone -q --no-hardlinks "$checkout" "$root$home"
  if [ -d "$checkout/../shared/data" ]; then
    mkdir -p "$root/root/shared/data"
    mount --bind -o ro "$checkout/../shared/data" "$root/root/shared/data"
  fi
  for command; do
    echo "== $suite: $command"
    in_chroot "$root" "cd $home && $command" || return 1
  done
}
export -f run_inside
export checkout cache

git -C "$checkout" diff --quiet HEAD || echo "HEAD is tried; what is not committed is not in it"
failed=()
for suite in "${suites[@]}"; do
  begin=$SECONDS
  if in_namespace run_inside "$suite" "${commands[@]}"; then
    echo "== $suite: all is well, $((SECONDS - begin)) s"
  else
    failed+=("$suite")
    logs=$checkout/build/fresh-logs/$suite
    rm -rf "$logs"
    if [ -d "$folder/$suite/root/mod_sfjwt/build/test-logs" ]; then
      mkdir -p "${logs%/*}"
      cp -r "$folder/$suite/root/mod_sfjwt/build/test-logs" "$logs"
    fi
    echo "== $suite: FAILED after $((SECONDS - begin)) s${logs:+; logs, if there are any: $logs}"
  fi
  rm -rf --one-file-system "${folder:?}/$suite"
done
[ ${#failed[@]} -eq 0 ]
