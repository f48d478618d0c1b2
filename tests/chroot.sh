# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Minimal Debian systems in a temporary folder, for scripts that source this: tests/fresh.sh and packaging/test.sh. The
# archive is the one this machine installs from. Nothing is mounted outside a namespace that ends with the script.

PATH=$PATH:/usr/sbin:/sbin
inside=  # the first process of the namespace

skip() { echo "skipped: $1"; exit 0; }

# Prints the URI of the machine's archive whose release ends so ("" or -security).
archive() { awk -v release="$codename$1" '$2 == release && $3 == "main" { print $1; exit }' <<<"$archives"; }

# Makes the folder, which is removed with the script, and finds the archives. Root only; where it cannot be done the
# script ends, with the reason.
begin_chroots() {  # name, GB that are needed
  [ "$(id -u)" -eq 0 ] || skip "a chroot is made by root only"
  [ -n "$(command -v debootstrap)" ] || skip "no debootstrap; packaging/install-deps.sh test installs it"
  unshare --mount --pid --fork --mount-proc true 2>/dev/null || skip "no namespace can be made here (unshare)"
  # shellcheck disable=SC1091
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016
  archives=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages')
  debian=$(archive '') security=$(archive -security)
  [ -n "$debian" ] || skip "this machine's apt has no archive of ${codename:-a Debian}"
  export debian security

  folder=$(mktemp -d "${TMPDIR:-/tmp}/$1.XXXXXX")
  export folder
  trap end_chroots EXIT
  trap 'exit 130' INT TERM
  [ "$(df --output=avail -BG "$folder" | tail -n 1 | tr -dc 0-9)" -ge "$2" ] || skip "$folder has less than $2 GB left"
  if ! mknod "$folder/null" c 1 3 || ! true >"$folder/null"; then skip "no devices can be made in $folder"; fi
}

# shellcheck disable=SC2317
end_chroots() {
  trap - EXIT INT TERM
  # With the first process of the namespace all others in it end, and its mounts.
  if [ -n "$inside" ] && kill -KILL "$inside" 2>/dev/null; then wait "$inside" 2>/dev/null || true; fi
  rm -rf --one-file-system "$folder"
}

# Runs an exported function as the first process of a namespace, in the background, so that a signal is heeded at once.
in_namespace() {  # function, arguments...
  # shellcheck disable=SC2016
  unshare --mount --pid --fork --kill-child --mount-proc bash -euo pipefail -c '"$@"' - "$@" &
  inside=$!
  local code=0
  wait "$inside" || code=$?
  inside=
  return $code
}

# In a namespace: a minimal system in this folder. Packages are kept in $cache, if that is set.
# shellcheck disable=SC2317
make_chroot() {  # suite, folder
  local suite=$1 root=$2 kept=${cache:+$cache/$1}
  echo "== $suite: a minimal system from $debian"
  [ -z "$kept" ] || mkdir -p "$kept"
  debootstrap --variant=minbase ${kept:+--cache-dir="$kept"} "$suite" "$root" "$debian" >"$folder/debootstrap.log" 2>&1 ||
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
  [ -z "$kept" ] || mount --bind "$kept" "$root/var/cache/apt/archives"
}

# In a namespace: a command of bash in the system, with nothing of this machine's environment.
# shellcheck disable=SC2317
in_chroot() {  # folder, command
  chroot "$1" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LANG=C.UTF-8 CI=true NO_COLOR=1 /bin/bash -c "$2" </dev/null
}
export -f make_chroot in_chroot
