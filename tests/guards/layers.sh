#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Who may include whom: httpd -> gateway, net -> oauth, soap -> core. The library knows neither httpd nor APR; soap and
# oauth do not know each other; httpd's headers come through httpd/httpd_headers.h alone.
set -euo pipefail
cd "$(dirname "$0")/../../mod_sfjwt"

failed=0
forbid() {  # why, pattern of included names, folders...
  local why=$1 pattern=$2 found
  shift 2
  if found=$(grep -rnE --include='*.h' --include='*.cc' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($pattern)" "$@"); then
    echo "$why:" >&2
    echo "$found" >&2
    failed=1
  fi
}

httpd='httpd\.h|http_[a-z]*\.h|ap[ru]?_[a-z0-9_]*\.h|mod_(proxy|core|ssl|status)\.h|util_[a-z]*\.h'
forbid 'the library includes httpd or APR' "$httpd" core soap oauth gateway net tools
# shellcheck disable=SC2046
forbid 'httpd headers not through httpd_headers.h' "$httpd" $(find httpd -type f ! -name httpd_headers.h)
forbid 'core includes another folder' 'mod_sfjwt/(soap|oauth|gateway|net|httpd|tools)/' core
forbid 'soap includes more than core' 'mod_sfjwt/(oauth|gateway|net|httpd|tools)/' soap
forbid 'oauth includes more than core' 'mod_sfjwt/(soap|gateway|net|httpd|tools)/' oauth
forbid 'gateway includes what is above it' 'mod_sfjwt/(net|httpd|tools)/' gateway
forbid 'net includes more than oauth and core' 'mod_sfjwt/(soap|gateway|httpd|tools)/' net
forbid 'tools includes httpd' 'mod_sfjwt/httpd/' tools
forbid 'httpd reads XML or JSON itself' '(libxml|json)/' httpd gateway
exit $failed
