#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests the first steps on a fresh system: creates a minimal Debian in a temporary folder, clones HEAD into it, and runs the
# two commands of README.md there, conf/demo/run.sh --once and tests/run.sh.
#   tests/fresh.sh [--demo] [--cache DIR] [bookworm|trixie]...
# --demo: the demo only. --cache: keeps downloaded packages there for the next time. Default: bookworm and trixie.
# The archive is the one this machine installs from. Root only; where it cannot be done it is skipped, with the reason.
# Nothing is mounted outside a namespace that ends with the script; 8 GB of TMPDIR are needed.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
needed=8  # GB
PATH=$PATH:/usr/sbin:/sbin

commands=('conf/demo/run.sh --once' tests/run.sh) cache='' suites=()
while [ $# -gt 0 ]; do
  case $1 in
    --demo) commands=('conf/demo/run.sh --once') ;;
    --cache) mkdir -p "$2" && cache=$(cd "$2" && pwd); shift ;;
    bookworm | trixie) suites+=("$1") ;;
    *) sed -n '3,8s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
[ ${#suites[@]} -gt 0 ] || suites=(bookworm trixie)

skip() { echo "skipped: $1"; exit 0; }

# Prints the URI of the machine's archive whose release ends so ("" or -security).
archive() { awk -v release="$codename$1" '$2 == release && $3 == "main" { print $1; exit }' <<<"$archives"; }

[ "$(id -u)" -eq 0 ] || skip "a chroot is made by root only"
[ -n "$(command -v debootstrap)" ] || skip "no debootstrap; packaging/install-deps.sh test installs it"
unshare --mount --pid --fork --mount-proc true 2>/dev/null || skip "no namespace can be made here (unshare)"
# shellcheck disable=SC1091
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
# shellcheck disable=SC2016
archives=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages')
debian=$(archive '') security=$(archive -security)
[ -n "$debian" ] || skip "this machine's apt has no archive of ${codename:-a Debian}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-fresh.XXXXXX")
inside=
finish() {
  trap - EXIT INT TERM
  # With the first process of the namespace all others in it end, and its mounts.
  if [ -n "$inside" ] && kill -KILL "$inside" 2>/dev/null; then wait "$inside" 2>/dev/null || true; fi
  rm -rf --one-file-system "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

[ "$(df --output=avail -BG "$folder" | tail -n 1 | tr -dc 0-9)" -ge $needed ] || skip "$folder has less than $needed GB left"
if ! mknod "$folder/null" c 1 3 || ! true >"$folder/null"; then skip "no devices can be made in $folder"; fi

# All of this runs as the first process of a namespace.
# shellcheck disable=SC2317
run_inside() {  # suite, commands...
  local suite=$1 root=$folder/$1 home=/root/mod_sfjwt command
  shift
  echo "== $suite: a minimal system from $debian"
  [ -z "$cache" ] || mkdir -p "$cache/$suite"
  debootstrap --variant=minbase ${cache:+--cache-dir="$cache/$suite"} "$suite" "$root" "$debian" >"$folder/debootstrap.log" 2>&1 ||
    { tail -n 20 "$folder/debootstrap.log"; return 1; }
  {
    echo "deb $debian $suite main"
    echo "deb $debian $suite-updates main"
    [ -z "$security" ] || echo "deb $security $suite-security main"
  } >"$root/etc/apt/sources.list"
  printf '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n' >"$root/etc/hosts"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount --rbind -o ro /sys "$root/sys"
  [ -z "$cache" ] || mount --bind "$cache/$suite" "$root/var/cache/apt/archives"
  git -c safe.directory='*' clone -q --no-hardlinks "$checkout" "$root$home"
  if [ -d "$checkout/../shared/data" ]; then
    mkdir -p "$root/root/shared/data"
    mount --bind -o ro "$checkout/../shared/data" "$root/root/shared/data"
  fi
  for command; do
    echo "== $suite: $command"
    chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
      LANG=C.UTF-8 CI=true NO_COLOR=1 /bin/bash -c "cd $home && $command" </dev/null || return 1
  done
}
export -f run_inside
export checkout folder cache debian security

git -C "$checkout" diff --quiet HEAD || echo "HEAD is tried; what is not committed is not in it"
failed=()
for suite in "${suites[@]}"; do
  begin=$SECONDS
  # In the background, so that a signal is heeded at once.
  unshare --mount --pid --fork --kill-child --mount-proc bash -euo pipefail -c 'run_inside "$@"' - "$suite" "${commands[@]}" &
  inside=$!
  if wait "$inside"; then
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
  inside=
  rm -rf --one-file-system "${folder:?}/$suite"
done
[ ${#failed[@]} -eq 0 ]
