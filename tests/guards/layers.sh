#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which folder may include which, downwards only. The tables list, for each folder, the others that it may include, and for
# each library the folders that may include it.
set -euo pipefail
cd "$(dirname "$0")/../../mod_sfjwt"

declare -A below=(
  [core]=''
  [xml]='core'
  [schema]='xml core'
  [soap]='schema xml core'
  [wsdl]='soap schema xml core'
  [keys]='core'
  [oauth]='keys core'
  [tokens]='oauth keys core'
  [sharing]='tokens oauth keys core'
  [net]='oauth keys core'
  [login]='soap schema xml tokens oauth keys core'
  [gateway]='login soap schema xml tokens oauth keys core'
  [httpd]='gateway login wsdl net sharing soap schema xml tokens oauth keys core'
  [tools]='gateway login wsdl net sharing soap schema xml tokens oauth keys core'
)
httpd='httpd\.h|http_[a-z]*\.h|ap[ru]?_[a-z0-9_]*\.h|mod_(proxy|core|ssl|status|auth)\.h|util_[a-z]*\.h'
declare -A library=(
  ['libxml/']='wsdl'
  ['json/']='oauth'
  ['curl/']='net'
  ['openssl/']='keys oauth tokens sharing net tools'
  ['pcre2']='schema gateway'
  ['zlib']='net'
  ['CLI/']='tools'
  ["$httpd"]='httpd/httpd_headers.h'
)

failed=0
complain() {  # why, lines found
  printf '%s:\n%s\n' "$1" "$2" >&2
  failed=1
}
includes() {  # pattern of included names, folders...
  local pattern=$1
  shift
  grep -rnE --include='*.h' --include='*.cc' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($pattern)" "$@"
}

for folder in */; do
  folder=${folder%/}
  if [ -z "${below[$folder]+known}" ]; then
    complain 'a folder without a place among the layers' "$folder"
    continue
  fi
  for other in "${!below[@]}"; do
    case " $folder ${below[$folder]} " in *" $other "*) continue ;; esac
    if found=$(includes "mod_sfjwt/$other/" "$folder"); then complain "$folder includes $other" "$found"; fi
  done
done
for header in "${!library[@]}"; do
  if found=$(includes "$header" . | grep -vE "^\./($(tr ' ' '|' <<<"${library[$header]}"))[/:]"); then
    complain "$header is included outside ${library[$header]}" "$found"
  fi
done
exit $failed
