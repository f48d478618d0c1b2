#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What an administrator does with the Debian packages, in a minimal Debian each: builds them in a system of their own, then
# installs them in one without a compiler, follows README.md from there to the first answered request, upgrades under
# load, disables, removes and purges them, and compares the file system with that before.
#   packaging/test.sh [--suite bookworm|trixie] [--cache DIR] [--packages DIR]
# --suite: this one only. --cache: keeps downloaded packages and compiled objects there. --packages: does not build, but
# tests the packages in DIR (of one suite). What was built is in build/packages/SUITE. Root only; where it cannot be done
# it is skipped, with the reason. See tests/chroot.sh.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/chroot.sh
. "$checkout/tests/chroot.sh"

cache='' given='' suites=(bookworm trixie)
while [ $# -gt 0 ]; do
  case $1 in
    --suite) suites=("$2"); shift ;;
    --cache) mkdir -p "$2" && cache=$(cd "$2" && pwd); shift ;;
    --packages) given=$(cd "$2" && pwd); shift ;;
    *) sed -n '3,11s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
begin_chroots sfjwt-packages 6

# Builds the packages in a system that has their Build-Depends and git, and runs their tests there.
# shellcheck disable=SC2317
build_packages() {  # suite, where they go
  local suite=$1 packages=$2 root=$folder/$1-build
  make_chroot "$suite" "$root"
  git -c safe.directory='*' clone -q --no-hardlinks "$checkout" "$root/root/mod_sfjwt"
  echo "== $suite: building the packages"
  in_chroot "$root" "set -e; cd /root; mkdir needs; cp -r mod_sfjwt/packaging/deb needs/debian
    apt-get -qq update; export DEBIAN_FRONTEND=noninteractive
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d
    apt-get -qq -y --no-install-recommends install git dpkg-dev lintian ${cache:+ccache}
    apt-get -qq -y --no-install-recommends build-dep ./needs" >"$folder/build.log" 2>&1 || { tail -n 40 "$folder/build.log"; return 1; }
  local launcher=''
  if [ -n "$cache" ]; then
    mkdir -p "$cache/$suite-ccache" "$root/root/.ccache"
    mount --bind "$cache/$suite-ccache" "$root/root/.ccache"
    launcher='CCACHE_DIR=/root/.ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache'
  fi
  in_chroot "$root" "cd /root/mod_sfjwt && $launcher DEB_BUILD_OPTIONS='parallel=$(nproc) ${DEB_BUILD_OPTIONS:-}' \
    packaging/build-deb.sh --work /root/work" >"$folder/build.log" 2>&1 || { tail -n 60 "$folder/build.log"; return 1; }
  grep -E '^[0-9]+% tests passed' "$folder/build.log" || true
  echo "== $suite: lintian"
  in_chroot "$root" "cd /root/mod_sfjwt/build/packages && lintian --allow-root --pedantic --fail-on error,warning *.changes" ||
    return 1
  rm -rf "$packages"
  mkdir -p "$packages"
  cp "$root"/root/mod_sfjwt/build/packages/* "$packages/"
}

# The same package as a later version.
# shellcheck disable=SC2317
later_version() {  # package, folder
  local unpacked=$2/unpacked
  dpkg-deb -R "$1" "$unpacked"
  sed -i 's/^Version: .*/&+later1/' "$unpacked/DEBIAN/control"
  dpkg-deb --root-owner-group -b "$unpacked" "$2" >/dev/null
  rm -rf "$unpacked"
}

# Every file and directory with its mode, owner and, if it is a file or a link, contents. Left out is what others write:
# shellcheck disable=SC2317
snapshot() {  # folder
  local left_out=(
    ./proc ./sys ./dev ./run ./tmp ./root  # not of the system, or where the test works
    ./var/lib/dpkg ./var/lib/apt ./var/cache/apt ./var/cache/debconf  # what the package management writes down
    ./etc/ld.so.cache ./var/cache/ldconfig ./var/cache/man            # made anew whenever files come or go
    ./var/log                                                        # logs stay
    ./etc/ssl/certs/ssl-cert-snakeoil.pem ./etc/ssl/private/ssl-cert-snakeoil.key  # random, made by the package ssl-cert
    # What a2enmod and a2ensite remember of the administrator's commands; nothing of it may name the module.
    ./var/lib/apache2/module ./var/lib/apache2/site
  )
  local tests=(-false) path
  for path in "${left_out[@]}"; do tests+=(-o -path "$path"); done
  (cd "$1" && find . -xdev \( "${tests[@]}" \) -prune -o \( -type f -printf '%M %U %G %p ' -exec sha256sum {} \; \) \
    -o -printf '%M %U %G %p %l\n') | sed 's# \./[^ ]*$##' | LC_ALL=C sort -k4
}

# The snapshot of a copy of the system in which is installed what apt would install besides the packages.
# shellcheck disable=SC2317
snapshot_of_dependencies() {  # system, copy
  local names
  names=$(in_chroot "$1" "apt-get -s install /root/*.deb" | awk '$1 == "Inst" && $2 !~ /sfjwt/ { print $2 }')
  cp -ax "$1" "$2"
  mount -t proc proc "$2/proc"
  mount --rbind /dev "$2/dev"
  [ -z "$cache" ] || mount --bind "$cache/$suite" "$2/var/cache/apt/archives"
  in_chroot "$2" "export DEBIAN_FRONTEND=noninteractive; apt-get -qq -y --no-install-recommends install ${names//$'\n'/ }" \
    >"$folder/install.log" 2>&1 || { tail "$folder/install.log" >&2; return 1; }
  rm "$2/usr/sbin/policy-rc.d"
  snapshot "$2"
}

fail() { echo "FAILED: $1"; exit 1; }

# What README.md has the administrator type between the headings, as the words of a shell: `sudo` and `openssl` lines.
# shellcheck disable=SC2317
readme_commands() {  # from this heading, to this heading
  sed -n "/^### $1/,/^### $2/p" "$checkout/README.md" | grep -E '^    (sudo|openssl) ' | grep -vE '^    sudo dnf ' | cut -c5-
}

# shellcheck disable=SC2317
readme_block() {  # language
  sed -n '/^## Installation/,$p' "$checkout/README.md" | sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" | sed '1d; /^```$/,$d'
}

# The chroot has no init and no sudo; systemctl does what the unit of Debian does.
# shellcheck disable=SC2317
type_commands() {  # system, commands
  in_chroot "$1" "set -e; cd /root; export DEBIAN_FRONTEND=noninteractive
    sudo() { \"\$@\"; }
    systemctl() { [ \"\$1 \$2\" = 'restart apache2' ]; apache2ctl start; }
    $2"
}

# One request by the README's words; prints the status, and leaves the response in response.xml.
# shellcheck disable=SC2317
readme_request() {
  (
    cd "$folder"
    curl() { command curl -sS -o response.xml -w '%{http_code}\n' --resolve gateway.corp.example:443:127.0.0.1 "$@"; }
    eval "$(readme_block sh)"
  )
}

# shellcheck disable=SC2317
control() {  # path, arguments of curl
  local path=$1
  shift
  curl -sS --fail --cacert "$folder/salesforce/ca.pem" "https://localhost:$port/_control/$path" "$@"
}

# shellcheck disable=SC2317
token_requests() { control state | sed -E 's/.*"token_requests": ([0-9]+).*/\1/'; }

# shellcheck disable=SC2317
start_salesforce() {
  (cd "$checkout/tests" && PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 -m fake_salesforce --folder "$folder/salesforce") \
    </dev/null >"$folder/salesforce.log" 2>&1 &
  salesforce=$!
  local end=$((SECONDS + 30))
  until [ -s "$folder/salesforce/state.json" ]; do [ $SECONDS -lt $end ] || fail "the simulated Salesforce did not start"; sleep 0.1; done
  port=$(sed 's/.*"https_port": \([0-9]*\).*/\1/' "$folder/salesforce/state.json")
  client_id=$(sed 's/.*"client_id": "\([^"]*\)".*/\1/' "$folder/salesforce/state.json")
}

# Files of the module that processes of httpd have mapped, without those of a generation that is ending.
# shellcheck disable=SC2317
mapped_modules() { cat /proc/[0-9]*/maps 2>/dev/null | awk '/mod_sfjwt\.so/ { print $5, $7 }' | sort -u; }

# shellcheck disable=SC2317
wait_until() {  # seconds, command...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.5; done
}

# shellcheck disable=SC2317
only_mapped() { [ "$(mapped_modules)" = "$1" ]; }

# shellcheck disable=SC2317
more_answered() { [ "$(wc -l <"$folder/statuses")" -ge "$1" ]; }

# Requests at a bounded rate until the file "enough" is there, at least 50. Each status goes to a file.
# shellcheck disable=SC2317
load() {
  local count=0
  while [ $count -lt 50 ] || [ ! -e "$folder/enough" ]; do
    readme_request >>"$folder/statuses" 2>&1 || echo "curl failed" >>"$folder/statuses"
    count=$((count + 1))
    sleep 0.05
  done
}

# In a network of its own, where ports 80 and 443 are free: from the README's step 4 to the purge.
# shellcheck disable=SC2317
use_packages() {  # system, packages
  local root=$1 packages=$2 status
  ip link set lo up
  start_salesforce
  echo "-- the administrator's files"
  printf '127.0.0.1\tgateway.corp.example\n' >>"$root/etc/hosts"
  in_chroot "$root" "cd /root && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=gateway.corp.example \
    -addext subjectAltName=DNS:gateway.corp.example -keyout gateway.key -out gateway.crt 2>/dev/null"
  cp "$root/root/gateway.crt" "$folder/ca.crt"
  cp "$checkout/wsdl/sample-partner.wsdl" "$root/root/partner.wsdl"
  cp "$folder/salesforce/ca.pem" "$root/root/salesforce.pem"
  type_commands "$root" "$(readme_commands '2\.' '3\.')" 2>/dev/null
  in_chroot "$root" "openssl x509 -in /root/sfjwt.crt -pubkey -noout" >"$folder/public.pem"
  python3 -c 'import json, sys; print(json.dumps({"public_keys": [open(sys.argv[1]).read()]}))' "$folder/public.pem" |
    control settings --json @- >/dev/null
  readme_block apache | sed "s#example\.my\.salesforce\.com/#localhost:$port/#; s#example\.my\.salesforce\.com#localhost#
    s#3MVG9exampleConsumerKey#$client_id#; s#192\.0\.2\.0/24#127.0.0.1#; s#/etc/ssl/certs/ca-certificates.crt#/root/salesforce.pem#
    s#\( *\)SFJwtAudience.*#&\n\1SFJwtTokenEndpoint https://localhost:$port/services/oauth2/token\n\1SFJwtTokenCAFile /root/salesforce.pem#" \
    >"$root/etc/apache2/sites-available/salesforce.conf"

  echo "-- README, step 4"
  # Without an init system, services are touched only where a policy says so.
  printf '#!/bin/sh\nexit 0\n' >"$root/usr/sbin/policy-rc.d"
  type_commands "$root" "$(readme_commands '4\.' '5\.')" || fail "a command of the README"
  echo "-- README, step 5"
  wait_until 15 readme_answers || fail "the first request: $(readme_request; cat "$folder/response.xml")"
  echo "-- answered $(($(date +%s) - since)) s after apt install began"
  in_chroot "$root" 'sfjwtctl key /root/sfjwt.key --certificate /root/sfjwt.crt && sfjwtctl validate --help >/dev/null' ||
    fail "sfjwtctl"

  echo "-- an upgrade under load"
  local fetched old new
  fetched=$(token_requests)
  old=$(mapped_modules)
  load &
  local loader=$!
  sleep 1
  in_chroot "$root" "export DEBIAN_FRONTEND=noninteractive; apt-get -qq -y install /root/later/*.deb" >"$folder/upgrade.log" 2>&1 ||
    { cat "$folder/upgrade.log"; fail "the upgrade"; }
  new="$(stat -c %i "$root/usr/lib/apache2/modules/mod_sfjwt.so") "
  wait_until 60 only_mapped "$new" || { cat "$folder/upgrade.log"; fail "httpd has mapped $(mapped_modules) and not $new alone (before: $old)"; }
  local answered
  answered=$(wc -l <"$folder/statuses")
  wait_until 60 more_answered $((answered + 20)) || fail "no requests after the upgrade"
  touch "$folder/enough"
  wait "$loader"
  [ "$old" != "$new" ] || fail "the upgrade brought the same file"
  status=$(sort "$folder/statuses" | uniq -c)
  [ "$(sort -u "$folder/statuses")" = 200 ] || fail "requests during the upgrade: $status"
  [ "$(token_requests)" = "$fetched" ] || fail "$fetched token requests before the upgrade, $(token_requests) after it"
  echo "-- $status, no token request; the new module is mapped"
  in_chroot "$root" 'dpkg-query -W -f "\${Package} \${Version}\n" libapache2-mod-sfjwt sfjwt-tools'

  echo "-- a2dismod, and an upgrade that leaves it disabled"
  in_chroot "$root" "a2dissite -q salesforce && a2dismod -q sfjwt && apache2ctl graceful" >/dev/null
  wait_until 60 only_mapped "" || fail "httpd has mapped a disabled module: $(mapped_modules)"
  in_chroot "$root" "dpkg -i /root/later/*.deb" >"$folder/upgrade.log" 2>&1 || { cat "$folder/upgrade.log"; fail "the same once more"; }
  [ ! -e "$root/etc/apache2/mods-enabled/sfjwt.load" ] || fail "an upgrade enables a module that was disabled"
  in_chroot "$root" "a2enmod -q sfjwt && a2ensite -q salesforce && apache2ctl graceful" >/dev/null
  wait_until 15 readme_answers || fail "a request after a2enmod"

  echo "-- remove"
  in_chroot "$root" "a2dissite -q salesforce && apt-get -qq -y remove libapache2-mod-sfjwt sfjwt-tools" >"$folder/remove.log" 2>&1 ||
    { cat "$folder/remove.log"; fail "the removal"; }
  [ ! -e "$root/etc/apache2/mods-enabled/sfjwt.load" ] || fail "the module is enabled after its removal"
  [ -e "$root/etc/apache2/mods-available/sfjwt.conf" ] || fail "the removal took the configuration"
  [ -e "$root/etc/apache2/sfjwt/client.key" ] || fail "the removal took the key"
  wait_until 60 only_mapped "" || fail "httpd has mapped a removed module: $(mapped_modules)"
  in_chroot "$root" "apache2ctl configtest" 2>/dev/null || fail "configtest after the removal"
  echo "-- installed again, and purged"
  in_chroot "$root" "dpkg -i /root/later/*.deb" >"$folder/upgrade.log" 2>&1 || { cat "$folder/upgrade.log"; fail "the installation after a removal"; }
  [ -e "$root/etc/apache2/mods-enabled/sfjwt.load" ] || fail "the module is not enabled when it is installed again"
  in_chroot "$root" "apt-get -qq -y purge libapache2-mod-sfjwt sfjwt-tools" >"$folder/remove.log" 2>&1 ||
    { cat "$folder/remove.log"; fail "the purge"; }
  [ -e "$root/etc/apache2/sfjwt/client.key" ] || fail "the purge took the key"
  in_chroot "$root" "apache2ctl stop" 2>/dev/null
  kill "$salesforce"
}

# shellcheck disable=SC2317
readme_answers() { [ "$(readme_request 2>/dev/null)" = 200 ] && grep -q '<userName>jane@corp.example' "$folder/response.xml"; }

# shellcheck disable=SC2317
test_suite() {  # suite
  local suite=$1 root=$folder/$1 packages=${given:-$checkout/build/packages/$1} since
  [ -n "$given" ] || build_packages "$suite" "$packages"
  echo "== $suite: files, owners, modes and dependencies of the packages"
  "$checkout/packaging/deb/check_contents.sh" "$packages" || fail "the packages are not as in packaging/deb/contents"
  make_chroot "$suite" "$root"
  mkdir "$root/root/later"
  cp "$packages"/libapache2-mod-sfjwt_*.deb "$packages"/sfjwt-tools_*.deb "$root/root/"
  for package in "$root"/root/*.deb; do later_version "$package" "$root/root/later"; done
  # Services are started when the README says so, and not on this machine's port 80.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  in_chroot "$root" "apt-get -qq update"
  echo "== $suite: the same system with what the packages depend on, for comparison"
  snapshot_of_dependencies "$root" "$folder/$suite-compared" >"$folder/before"
  echo 'APT::Get::Assume-Yes "true"; quiet "1";' >"$root/etc/apt/apt.conf.d/90yes"

  since=$(date +%s)
  export since
  echo "== $suite: README, step 1"
  type_commands "$root" "$(readme_commands '1\.' '2\.')" >"$folder/install.log" 2>&1 || { tail -n 40 "$folder/install.log"; fail "apt install"; }
  [ -z "$(chroot "$root" sh -c 'command -v c++ gcc')" ] || fail "there is a compiler"
  [ -e "$root/etc/apache2/mods-enabled/sfjwt.load" ] || fail "the module is not enabled by its installation"
  [ ! -e "$root/etc/apache2/mods-enabled/ssl.load" ] || fail "the installation has enabled mod_ssl"
  # shellcheck disable=SC2016
  unshare --net bash -euo pipefail -c 'use_packages "$@"' - "$root" "$packages"

  echo "== $suite: the administrator removes what README had him make; what is left"
  rm -r "$root/usr/sbin/policy-rc.d" "$root/etc/apt/apt.conf.d/90yes" "$root"/etc/apache2/sfjwt/{client,gateway}.* "$root/etc/apache2/sfjwt/partner.wsdl" \
    "$root/etc/apache2/sites-available/salesforce.conf"
  rmdir "$root/etc/apache2/sfjwt"
  [ -z "$(find "$root" -xdev -iname '*sfjwt*' ! -path "$root/root/*" ! -path '*/var/cache/apt/*')" ] ||
    fail "left: $(find "$root" -xdev -iname '*sfjwt*' ! -path "$root/root/*" ! -path '*/var/cache/apt/*')"
  in_chroot "$root" "a2dismod -q -f ssl socache_shmcb unique_id proxy_http proxy" >/dev/null
  printf '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n' >"$root/etc/hosts"
  snapshot "$root" >"$folder/after"
  diff "$folder/before" "$folder/after" || fail "the file system is not as it was before"
}
for name in build_packages later_version snapshot snapshot_of_dependencies fail readme_commands readme_block type_commands readme_request readme_answers control \
  token_requests start_salesforce mapped_modules wait_until only_mapped more_answered load use_packages test_suite; do
  export -f "${name?}"
done
export checkout cache given

git -C "$checkout" diff --quiet HEAD || echo "HEAD is built; what is not committed is not in it"
failed=()
for suite in "${suites[@]}"; do
  begin=$SECONDS
  if in_namespace test_suite "$suite"; then
    echo "== $suite: all is well, $((SECONDS - begin)) s"
  else
    failed+=("$suite")
    echo "== $suite: FAILED after $((SECONDS - begin)) s"
  fi
  rm -rf --one-file-system "${folder:?}"/*
done
[ ${#failed[@]} -eq 0 ]
