#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the documents of a package from those of the repository, with pandoc:
#   packaging/manual/build.sh FOLDER
# FOLDER/manual/*.html   the documents as HTML, which link to each other and to the examples
# FOLDER/examples/       configurations
# FOLDER/mod_sfjwt.5     the directives as a manual page
# FOLDER/NEWS            what changed
# FOLDER/manual and FOLDER/examples belong side by side into the documentation of the package. A link that does not lead
# anywhere there is an error. SOURCE_DATE_EPOCH, if set, is the date of the manual page.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '3,9s/^# \{0,1\}//p' "$0"; exit 2; }
own=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
cd "$own/../.."

version=$(packaging/version.sh)
day=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%d)
rm -rf "$folder/manual" "$folder/examples"
mkdir -p "$folder/manual" "$folder/examples"
cp -r conf/examples/* conf/sfjwt.conf wsdl/sample-*.wsdl "$folder/examples/"
cp "$own/manual.css" "$folder/manual/"
cp CHANGELOG.md "$folder/NEWS"

# links.lua has the same names.
while read -r source page; do
  pandoc --from gfm --to html5 --standalone --toc --toc-depth 2 --section-divs --no-highlight --wrap preserve \
    --template "$own/page.html" --lua-filter "$own/links.lua" --metadata "version=$version" "$source" --output "$folder/manual/$page.html"
done <<'PAGES'
README.md index
conf/directives.md directives
conf/login.md login
conf/log-codes.md log-codes
wsdl/README.md wsdl
CHANGELOG.md changelog
PAGES

pandoc --from gfm --to man --standalone --lua-filter "$own/links.lua" --metadata title=mod_sfjwt --metadata section=5 \
  --metadata "date=$day" --metadata "footer=mod_sfjwt $version" \
  --metadata "header=Directives of mod_sfjwt" conf/directives.md --output "$folder/mod_sfjwt.5"

python3 "$own/check_links.py" "$folder"/manual/*.html
