#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the RPMs of HEAD twice and judges them: both builds are equal, rpmlint has no complaint, files, owners, modes and
# dependencies are those of tests/packaging/rpm.list, there are no scripts, and the packages can be installed, installed
# again and removed. Then the installed module and tool serve a request with the httpd of this machine and the simulated Salesforce.
#   packaging/test-rpm.sh [--nocheck] [--update] [--packages FOLDER]
# --nocheck: the tests of the source do not run in the build. --update: writes the list instead of comparing it.
# --packages: judges the packages in this folder, and builds none.
# Root only, since owners count. What is on the machine is left alone: rpm installs below a temporary folder.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$checkout"

check=yes update='' given=''
while [ $# -gt 0 ]; do
  case $1 in
    --nocheck) check='' ;;
    --update) update=yes ;;
    --packages) given=$(cd "$2" && pwd); shift ;;
    *) sed -n '3,9s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
skip() { echo "skipped: $1"; exit 0; }
[ "$(id -u)" -eq 0 ] || skip "only root installs packages"
for tool in rpmbuild rpmlint pandoc; do
  command -v $tool >/dev/null || skip "no $tool; packaging/install-deps.sh soak installs it"
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-test-rpm.XXXXXX")
chmod 755 "$folder"
trap 'rm -rf --one-file-system "$folder"' EXIT
fail() { echo "$0: $1" >&2; exit 1; }

build() {  # folder for the packages, arguments of build-rpm.sh...
  local packages=$folder/$1
  shift
  rm -f build/packages/*.rpm
  packaging/build-rpm.sh "$@" >"$folder/build.log" 2>&1 || { tail -n 60 "$folder/build.log"; fail "the build failed"; }
  mkdir "$packages"
  cp build/packages/*.rpm "$packages/"
}

version=$(packaging/version.sh)
if [ -n "$given" ]; then
  cp -r "$given" "$folder/first"
else
  echo "== build, and again in another folder"
  # Not from the cache of the compiler, which would not see what differs.
  CCACHE_DISABLE=1 build again --nocheck --work "$folder/another/folder"
  build first --nocheck
  for package in "$folder"/first/*.rpm; do
    cmp "$package" "$folder/again/${package##*/}" || fail "two builds differ"
  done
  # With other options the packages are others: their headers have the spec as it was expanded.
  if [ -n "$check" ]; then
    echo "== build, with the tests of the source"
    build checked
  fi
fi

echo "== rpmlint"
rpmlint --config packaging/rpm/rpmlint.toml "$folder"/first/*.rpm | tee "$folder/rpmlint.log"
grep -q ' 0 errors, 0 warnings' "$folder/rpmlint.log" || fail "rpmlint complains"

echo "== files and dependencies"
# Versions of symbols are those of the machine, and so are the links by build id that some versions of rpm add.
describe() {
  local name package
  for name in mod_sfjwt sfjwt-tools; do
    package=$(find "$folder/first" -name "$name-[0-9]*.rpm" ! -name '*.src.rpm')
    echo "[$name]"
    rpm -qp --qf '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILENAMES} %{FILEFLAGS:fflags}\n]' "$package" |
      grep -v '/\.build-id' | sed 's/ $//'
    rpm -qp --requires "$package" | sed 's/^/requires: /' | grep -vE 'rpmlib\(|\((GLIBC|GLIBCXX|CXXABI|GCC|OPENSSL|LIBXML2|CURL)[A-Z_0-9.]*\)|\(\)\(64bit\)\(|rtld' | sort -u
    rpm -qp --recommends "$package" | sed 's/^/recommends: /'
    rpm -qp --provides "$package" | sed 's/^/provides: /'
    rpm -qp --scripts "$package" | sed 's/^/script: /'
    rpm -qp --triggers "$package" | sed 's/^/trigger: /'
  done | sed -e "s/$version-[0-9]*/VERSION/g" -e "s/($(rpm --eval '%{_arch}' | tr _ -))/(ARCH)/"
}
describe >"$folder/rpm.list"
if [ -n "$update" ]; then
  { head -n 3 tests/packaging/rpm.list | grep '^#'; cat "$folder/rpm.list"; } >"$folder/new.list"
  cp "$folder/new.list" tests/packaging/rpm.list
fi
grep -v '^#' tests/packaging/rpm.list | diff -u - "$folder/rpm.list" || fail "tests/packaging/rpm.list says otherwise; see --update"

echo "== install"
root=$folder/root
mkdir "$root"
# The libraries are those of this machine, which rpm does not know. Debian's rpm says that alien should be used.
in_root() { rpm --root "$root" --dbpath /var/lib/rpm --nodeps "$@" 2> >(grep -v "^rpm: " >&2); }
mapfile -t packages < <(find "$folder/first" -name '*.rpm' ! -name '*.src.rpm' ! -name '*-debug*.rpm')
in_root --install "${packages[@]}"
in_root --verify mod_sfjwt sfjwt-tools || fail "not as packaged"

echo "== a request"
PYTHONDONTWRITEBYTECODE=1 SFJWT_ROOT=$root /usr/bin/python3 -m pytest -q -p no:cacheprovider tests/packaging/installed.py

echo "== reinstallation and removal"
configuration=$root/etc/httpd/conf.d/sfjwt.conf
echo '# ours' >>"$configuration"
echo key >"$root/etc/httpd/sfjwt/client.key"
in_root --upgrade --replacepkgs "${packages[@]}"
[ "$(tail -n 1 "$configuration")" = '# ours' ] || fail "rpm changed a configuration file of the administrator"
in_root --erase mod_sfjwt sfjwt-tools
left=$(cd "$root" && find . \( -type f -o -type l \) ! -path './var/lib/rpm/*' | sort | tr '\n' ' ')
[ "$left" = './etc/httpd/conf.d/sfjwt.conf.rpmsave ./etc/httpd/sfjwt/client.key ' ] || fail "the removal left: $left"
echo "== all is well"
