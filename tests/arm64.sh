#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the module, sfjwtctl and the tests for 64-bit ARM with Debian's cross compiler, and runs the unit and differential
# tests under qemu's user emulation. There is no SSE2 there, so the portable code of mod_sfjwt/xml is what is tested.
#   tests/arm64.sh [core|xml|schema|soap|wsdl|keys|oauth|tokens|sharing|gateway|net|differential]...
# Default: all. Each program runs whole: qemu translates it anew each time it starts. Some take many minutes.
# Everything is in build/arm64: sysroot/ has the libraries, from the archive that this machine installs from, and is made
# once. Nothing is installed on the machine and no foreign architecture is added to it. Root only, as debootstrap is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH=$PATH:/usr/sbin:/sbin

skip() { echo "skipped: $1"; exit 0; }
[ "$(id -u)" -eq 0 ] || skip "only root runs debootstrap"
for tool in debootstrap aarch64-linux-gnu-g++ qemu-aarch64-static; do
  command -v $tool >/dev/null || skip "no $tool; packaging/install-deps.sh soak installs it"
done

build=$PWD/build/arm64
sysroot=$build/sysroot
packages=(libc6-dev "libstdc++-$(aarch64-linux-gnu-g++ -dumpversion)-dev" apache2-dev libssl-dev libxml2-dev libjsoncpp-dev libcurl4-openssl-dev libpcre2-dev
          zlib1g-dev libcli11-dev libgtest-dev libgmock-dev)

# Only unpacks: no script of any package runs.
make_sysroot() {
  local codename archive folder package
  # shellcheck disable=SC1091
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016
  archive=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$codename" '$2 == release && $3 == "main" { print $1; exit }')
  [ -n "$archive" ] || skip "this machine's apt has no archive of ${codename:-a Debian}"
  rm -rf "$sysroot" "$sysroot.new" "$sysroot.debs"
  mkdir -p "$sysroot.new"
  debootstrap --arch=arm64 --variant=minbase --download-only --include="$(IFS=,; echo "${packages[*]}")" \
    "$codename" "$sysroot.debs" "$archive" >"$build/debootstrap.log" 2>&1 || { tail -n 20 "$build/debootstrap.log"; return 1; }
  for folder in bin sbin lib; do
    mkdir -p "$sysroot.new/usr/$folder"
    ln -s "usr/$folder" "$sysroot.new/$folder"
  done
  for package in "$sysroot.debs"/var/cache/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$sysroot.new" --keep-directory-symlink
  done
  rm -rf --one-file-system "$sysroot.debs"
  mv "$sysroot.new" "$sysroot"
}

mkdir -p "$build"
[ -d "$sysroot" ] || make_sysroot

export PKG_CONFIG_LIBDIR=$sysroot/usr/lib/aarch64-linux-gnu/pkgconfig:$sysroot/usr/share/pkgconfig
export PKG_CONFIG_SYSROOT_DIR=$sysroot
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
  -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ -DCMAKE_SYSROOT="$sysroot" -DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER \
  -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=ONLY \
  -DCMAKE_CROSSCOMPILING_EMULATOR="$(command -v qemu-aarch64-static);-L;$sysroot"
cmake --build "$build" --parallel "$(nproc)"
file "$build/mod_sfjwt.so" | grep -q 'ARM aarch64'

# Left out: the comparison of the vector path with the portable one, which is the only one here and takes hours under qemu,
# and what depends on how the emulator, not the system, handles memory. The emulator forks for vfork, so that posix_spawn
# cannot tell why a program was not started.
export GTEST_FILTER='-Runs.*:GrowingBuffer.*:Program.AFailureIsNamedAndTheOutputIsNot'
[ $# -gt 0 ] || set -- core xml schema soap wsdl keys oauth tokens sharing gateway net differential
failed=()
for name; do
  echo "== $name"
  timeout 3000 qemu-aarch64-static -L "$sysroot" "$build/${name}_test" --gtest_brief=1 || failed+=("$name")
done
[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
