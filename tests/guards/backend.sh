#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Facts about Salesforce are only in gateway/salesforce*.h; the rest of the library gets them as parameters. Comments may name
# Salesforce, and so may messages of httpd/ and tools/; examples in messages of httpd/config and tools may show the facts.
set -euo pipefail
cd "$(dirname "$0")/../../mod_sfjwt"

# Names that only its WSDLs have, also those that other WSDLs might have in another sense.
words='"(convertLead|leadConverts|DeployOptions|testLevel|retrieveRequest|mergeRequests|cancelDeploy|undelete|getUserInfo|LoginFault)"'
facts='sforce\.com|\.force\.com|SessionHeader|sessionId|[sS]erverUrl|passwordExpired|organizationId|INVALID_SESSION|\b00D|/services/|(login|test|my)\.salesforce'
name='salesforce'

code() {  # folders... : lines of code without comments, includes and the name of the constant
  grep -rnE --include='*.h' --include='*.cc' '' "$@" | grep -v '^gateway/salesforce[a-z_]*\.h:' |
    sed -E 's,^([^:]*:[0-9]+:)(.*[[:space:]])?//.*,\1\2,; /:[0-9]+:#include/d; s/\bkSalesforce\b//g'
}

failed=0
complain() {  # why, lines found
  printf '%s:\n%s\n' "$1" "$2" >&2
  failed=1
}
[ -f gateway/salesforce.h ] || complain 'missing' 'gateway/salesforce.h'
rooms=(core xml schema wsdl soap login keys oauth tokens sharing net gateway)
if found=$(code "${rooms[@]}" httpd | grep -v '^httpd/config/' | grep -E "$facts|$words"); then
  complain 'a fact about Salesforce outside gateway/salesforce.h' "$found"
fi
if found=$(grep -rn --include='*.h' --include='*.cc' '\bkSalesforce\b' "${rooms[@]}" | grep -v '^gateway/salesforce[a-z_]*\.h:'); then
  complain 'kSalesforce is taken for granted; the family is a parameter below httpd and tools' "$found"
fi
if found=$(code "${rooms[@]}" | grep -iE "$name"); then
  complain 'Salesforce is named outside gateway/salesforce.h, httpd and tools' "$found"
fi
exit $failed
