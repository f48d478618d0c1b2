#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares files, owners, modes, configuration files and dependencies of the Debian packages in a folder with the lists in
# contents/:
#   packaging/deb/check_contents.sh [--write] FOLDER
# --write: writes the lists instead. Names of libraries are compared without what differs between Debian 12 and 13.
set -euo pipefail
lists=$(dirname "${BASH_SOURCE[0]}")/contents
write=''
if [ "${1:-}" = --write ]; then write=yes; shift; fi
[ $# -eq 1 ] || { sed -n '3,6s/^# \{0,1\}//p' "$0"; exit 2; }

describe() {  # package
  local field
  for field in Depends Recommends Suggests; do
    dpkg-deb -f "$1" $field | tr ',' '\n' |
      sed -E "s/^ *//; s/ \([^)]*\)//; s/^(lib[a-z0-9.-]*[a-z0-9])t64$/\1/; s/^libjsoncpp[0-9]+$/libjsoncpp/; s/^/$field: /" | sort
  done
  if dpkg-deb -I "$1" conffiles >/dev/null 2>&1; then dpkg-deb -I "$1" conffiles | sed 's/^/Conffile: /'; fi
  dpkg-deb -c "$1" | awk '{ print $1, $2, $6 }'
}

failed=0
for package in libapache2-mod-sfjwt sfjwt-tools; do
  found=("$1/${package}"_*.deb)
  if [ ${#found[@]} -ne 1 ] || [ ! -e "${found[0]}" ]; then
    echo "$1 has not one package $package" >&2
    failed=1
  elif [ -n "$write" ]; then
    { echo '# SPDX-License-Identifier: Apache-2.0'; describe "${found[0]}"; } >"$lists/$package.list"
  elif ! difference=$(diff <(tail -n +2 "$lists/$package.list") <(describe "${found[0]}")); then
    echo "contents/$package.list (<) and the package (>) differ:" >&2
    echo "$difference" >&2
    failed=1
  fi
done
exit $failed
