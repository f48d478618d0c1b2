#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes what is published of HEAD, in build/release-VERSION/: the source archive, the Debian packages for this machine's
# release, the source RPM, an SBOM (SPDX 2.3) and SHA256SUMS of all of them.
#   packaging/release.sh [--check]
# --check: looks only whether the version is the same everywhere and builds nothing. DEB_BUILD_OPTIONS=nocheck leaves out
# the tests of the packages. Fails where the checkout has changes that are not committed.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$checkout"

check_only=''
case "${1:-}" in
  "") ;;
  --check) check_only=yes ;;
  *) sed -n '3,7s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
esac
version=$(packaging/version.sh)
release=${version%%\~*}

failed=0
complain() { echo "$0: $1" >&2; failed=1; }

# A pre-release may have its changes under [Unreleased]; a release may not.
if [ "$version" = "$release" ]; then
  grep -qE "^## \[${version//./\\.}\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$" CHANGELOG.md ||
    complain "CHANGELOG.md has no section \"## [$version] - DATE\""
  if sed -n '/^## \[Unreleased\]/,/^## \[[0-9]/p' CHANGELOG.md | grep -q '^\* '; then
    complain "CHANGELOG.md has changes under [Unreleased]"
  fi
elif ! grep -qE "^## \[(Unreleased|${release//./\\.})\]" CHANGELOG.md; then
  complain "CHANGELOG.md has neither [Unreleased] nor [$release]"
fi
grep -qE "^\| ${release%.*}( |\b)" SECURITY.md || complain "SECURITY.md does not say whether ${release%.*} is supported"
if [ -n "$(git status --porcelain)" ]; then complain "the checkout has changes that are not committed"; fi
[ $failed -eq 0 ] || exit 1
if [ -n "$check_only" ]; then
  echo "$version"
  exit
fi

out=build/release-$version
rm -rf "$out" build/packages
mkdir -p "$out"
packaging/build-deb.sh
packaging/build-rpm.sh --source-only
cp build/packages/*.tar.gz build/packages/*.deb build/packages/*.src.rpm "$out/"

# What was built says the version too.
work=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-release.XXXXXX")
trap 'rm -rf "$work"' EXIT
for package in "$out"/*.deb; do
  found=$(dpkg-deb -f "$package" Version)
  # shellcheck disable=SC1091
  [ "$found" = "$(packaging/version.sh --deb "$(. /etc/os-release && echo "$VERSION_CODENAME")")" ] ||
    complain "$package has version $found"
done
dpkg-deb -x "$out"/sfjwt-tools_*.deb "$work"
found=$("$work/usr/bin/sfjwtctl" --version)
[ "$found" = "sfjwtctl $version" ] || complain "sfjwtctl --version says $found"
found=$(rpm -qp --qf '%{VERSION}' "$out"/*.src.rpm)
[ "$found" = "$version" ] || complain "the source RPM has version $found"
[ -f "$out/mod_sfjwt-$version.tar.gz" ] || complain "there is no mod_sfjwt-$version.tar.gz"
[ $failed -eq 0 ] || exit 1

/usr/bin/python3 packaging/sbom.py "$version" "$(git log -1 --format=%ct)" "$out" >"$out/mod_sfjwt-$version.spdx.json"
(cd "$out" && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >"$work/SHA256SUMS")
mv "$work/SHA256SUMS" "$out/"
ls -l "$out"
