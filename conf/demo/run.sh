#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds mod_sfjwt, starts a private httpd and a simulated Salesforce on this machine, and sends a SOAP request through
# both. Installs missing packages from the distribution, and upgrades shared libraries that they depend on. Apart from
# that it writes to build/ in the checkout and to one temporary directory only.
#   conf/demo/run.sh          keeps both running so that you can try them, and prints how to stop them
#   conf/demo/run.sh --once   stops them at the end; the exit status is 0 only if every step succeeded
set -euo pipefail

once=
case "${1:-}" in
  "") ;;
  --once) once=yes ;;
  *) sed -n '3,7s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
esac

demo=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$demo/../.." && pwd)
email=jane@corp.example
password=password-of-the-demo
python=/usr/bin/python3
folder=
step="starting"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' yellow=$'\e[33m' plain=$'\e[0m'
else
  bold='' dim='' green='' red='' yellow='' plain=''
fi

title() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
ok() { printf '  %s✓%s %s\n' "$green" "$plain" "$1"; }
quote() { sed "s/^/  $dim│$plain /"; }
# Highlights the content of sessionId.
point_at() { sed "s/<urn:sessionId>\([^<]*\)</<urn:sessionId>$bold$yellow\1$plain</"; }
fail() { printf '  %s✗%s %s\n' "$red" "$plain" "$1" >&2; exit 1; }
show() { PYTHONPATH="$folder" PYTHONDONTWRITEBYTECODE=1 "$python" "$folder/show.py" "$@"; }

# Stops what was started. May be called again after that.
stop_all() {
  [ -z "$folder" ] || [ ! -x "$folder/stop" ] || "$folder/stop" || true
}

finish() {
  local code=$?
  trap - EXIT
  if [ "$code" -ne 0 ] && [ "$code" -ne 130 ]; then
    printf '\n%sThe demo failed while %s.%s\n' "$red$bold" "$step" "$plain" >&2
    local log
    for log in "$folder"/logs/*.log "$folder"/logs/error_log; do
      [ -s "$log" ] || continue
      printf '\nThe end of %s:\n' "$(basename "$log")" >&2
      tail -n 25 "$log" >&2
    done
  fi
  if [ "$code" -ne 0 ] || [ -n "$once" ]; then stop_all; fi
  if [ -n "$folder" ] && [ ! -x "$folder/stop" ]; then rm -rf "$folder"; fi
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Runs a command quietly; its output is shown only if it fails.
quietly() {
  local output
  output=$(mktemp)
  if ! "$@" >"$output" 2>&1; then
    tail -n 40 "$output" >&2
    rm -f "$output"
    return 1
  fi
  rm -f "$output"
}

# Waits until a command succeeds. The timeout is long because machines may be slow.
wait_for() {
  local end=$((SECONDS + 30))
  until "$@" 2>/dev/null; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

build() {
  step="installing packages"
  "$checkout/packaging/install-deps.sh" demo
  step="building the module"
  (cd "$checkout" && quietly cmake --preset release &&
    quietly cmake --build --preset release --parallel "$(nproc)" --target mod_sfjwt)
  ok "built      build/release/mod_sfjwt.so"
}

# Collects the files of the servers in one directory. It belongs to the user that runs them, which is never root.
prepare_folder() {
  step="preparing the directory"
  folder=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-demo.XXXXXX")
  mkdir "$folder"/{logs,run,fake_salesforce}
  cp "$checkout/build/release/mod_sfjwt.so" "$checkout/wsdl/sample-partner.wsdl" \
    "$demo"/{httpd.conf,query.xml,login.xml,show.py} "$folder"
  cp "$checkout"/tests/fake_salesforce/*.py "$folder/fake_salesforce"
  echo "$email:$(openssl passwd -apr1 "$password")" >"$folder/users"
  write_stop
  run_as=()
  user=$(id -un)
  if [ "$(id -u)" -eq 0 ]; then
    for user in www-data apache nobody; do
      if id "$user" >/dev/null 2>&1; then break; fi
    done
    run_as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
    chown -R "$user:" "$folder"
  fi
}

write_stop() {
  cat >"$folder/stop" <<STOP
#!/bin/sh
# Stops the demo and removes its directory.
cd "$folder" || exit 1
for file in run/httpd.pid run/salesforce.pid; do
  [ -s "\$file" ] || continue
  pid=\$(cat "\$file")
  kill "\$pid" 2>/dev/null
  while kill -0 "\$pid" 2>/dev/null; do sleep 0.1; done
done
cd / && rm -rf "$folder"
STOP
  chmod 755 "$folder/stop"
}

start_salesforce() {
  step="starting the simulated Salesforce"
  (cd "$folder" && PYTHONDONTWRITEBYTECODE=1 exec setsid "${run_as[@]}" "$python" -m fake_salesforce \
    --folder salesforce </dev/null >logs/salesforce.log 2>&1) &
  echo $! >"$folder/run/salesforce.pid"
  state="$folder/salesforce/state.json"
  wait_for test -s "$state" || fail "it did not start"
  salesforce_port=$(sed 's/.*"https_port": \([0-9]*\).*/\1/' "$state")
  client_id=$(sed 's/.*"client_id": "\([^"]*\)".*/\1/' "$state")
  ok "Salesforce https://localhost:$salesforce_port ${dim}simulated, with its own CA; it verifies every JWT$plain"
}

start_gateway() {
  step="starting httpd with the module"
  local httpd apxs attempt
  httpd=$(PATH=$PATH:/usr/sbin command -v apache2 || PATH=$PATH:/usr/sbin command -v httpd)
  apxs=$(command -v apxs || command -v apxs2)
  for attempt in 1 2 3 4 5; do
    gateway_port=$(show port)
    printf 'Define %s %s\n' modules "$("$apxs" -q LIBEXECDIR)" gateway_port "$gateway_port" \
      salesforce_port "$salesforce_port" client_id "$client_id" >"$folder/defines.conf"
    "${run_as[@]}" "$httpd" -d "$folder" -f httpd.conf >"$folder/logs/start.log" 2>&1 && break
    # Another process may have taken the port in the meantime. Anything else is an error.
    if [ "$attempt" = 5 ] || ! grep -q "could not bind" "$folder/logs/start.log"; then fail "httpd did not start"; fi
  done
  wait_for test -s "$folder/run/httpd.pid" || fail "httpd did not start"
  url="http://127.0.0.1:$gateway_port/services/Soap/u/66.0"
  wait_for connects || fail "httpd does not respond"
  ok "gateway    http://127.0.0.1:$gateway_port ${dim}a private httpd, user $user$plain"
}

connects() { (: </dev/tcp/127.0.0.1/"$gateway_port"); }

# Prints the status. The response is in run/response.xml.
post() {
  curl -sS --max-time 30 -o "$folder/run/response.xml" -w '%{http_code}' --data-binary "@$1" \
    -H 'Content-Type: text/xml; charset=utf-8' -H 'SOAPAction: ""' "$url"
}

# Sends the query and checks that the response is that of a query.
send_query() {
  local status
  status=$(post "$folder/query.xml")
  if [ "$status" != 200 ] || ! grep -q '<queryResponse>' "$folder/run/response.xml"; then
    show pretty "$folder/run/response.xml" | quote
    fail "the gateway responded with status $status"
  fi
}

first_request() {
  title "1  What the application sends: an e-mail address in place of the session id"
  quote <"$folder/query.xml" | point_at
  step="sending the first request"
  send_query

  title "2  What the gateway does: it signs a JWT and requests a token for this user (RFC 7523)"
  step="checking the assertion that Salesforce received"
  show assertion "$state" >"$folder/run/assertion" || fail "Salesforce received no valid assertion"
  quote <"$folder/run/assertion"
  [ "$(show fetched "$state" "$email")" = 1 ] || fail "there should be exactly one token request"
  ok "Salesforce received one token request and accepted it"

  title "3  What Salesforce received: the token (masked here) in place of the e-mail address"
  step="comparing what Salesforce received with what was sent"
  show received "$state" "$folder/query.xml" "$email" >"$folder/run/received" || fail "it is not what was sent"
  quote <"$folder/run/received" | point_at
  ok "all other bytes are unchanged"

  title "4  What the application receives: the response from Salesforce, status 200"
  show pretty "$folder/run/response.xml" | quote
}

second_request() {
  title "5  The same request again: the token comes from the cache"
  step="sending the second request"
  send_query
  show received "$state" "$folder/query.xml" "$email" >/dev/null || fail "the second request was changed"
  [ "$(show fetched "$state" "$email")" = 1 ] || fail "the gateway requested a second token"
  step="reading the access log"
  wait_for grep -q 'token=hit' "$folder/logs/access_log" || fail "the access log has no token=hit"
  grep 'operation=query' "$folder/logs/access_log" | quote
  ok "no further token request"
}

refused_request() {
  title "6  A request for a user who is not allowed by the configuration"
  step="sending a request for a user who is not allowed"
  sed 's/jane@corp.example/eve@elsewhere.example/' "$folder/query.xml" >"$folder/run/eve.xml"
  local before status
  before=$(show fetched "$state" "eve@elsewhere.example")
  status=$(post "$folder/run/eve.xml")
  show pretty "$folder/run/response.xml" | quote
  if [ "$status" != 500 ] || ! grep -q 'Fault>' "$folder/run/response.xml"; then fail "there should be a SOAP fault"; fi
  [ "$before" = "$(show fetched "$state" "eve@elsewhere.example")" ] || fail "the gateway requested a token"
  ok "a SOAP fault, and no token request"
}

login_request() {
  title "7  An application that logs in: the gateway answers login() itself"
  step="logging in"
  quote <"$folder/login.xml"
  local status
  status=$(post "$folder/login.xml")
  handle=$(sed -n 's/.*<sessionId>\(sfjwt-[^<]*\)<.*/\1/p' "$folder/run/response.xml")
  if [ "$status" != 200 ] || [ -z "$handle" ]; then
    show pretty "$folder/run/response.xml" | quote
    fail "the gateway responded with status $status"
  fi
  ok "httpd has checked the password; the response contains:"
  show pretty "$folder/run/response.xml" | grep -E '<(serverUrl|sessionId|userName)>' | sed "s/$handle/${handle:0:16}********/" | quote
  step="sending a request with the session id of the login"
  sed "s/$email/$handle/" "$folder/query.xml" >"$folder/run/with-handle.xml"
  status=$(post "$folder/run/with-handle.xml")
  [ "$status" = 200 ] || fail "the gateway responded with status $status"
  show received "$state" "$folder/query.xml" "$email" >/dev/null || fail "Salesforce did not receive the token"
  ok "a query with this session id: Salesforce received the token of $email"
  step="logging out"
  sed 's|<urn:query>.*|<urn:logout/>|; /queryString/d; /<.urn:query>/d' "$folder/run/with-handle.xml" >"$folder/run/logout.xml"
  [ "$(post "$folder/run/logout.xml")" = 200 ] || fail "logout failed"
  post "$folder/run/with-handle.xml" >/dev/null
  grep -q 'INVALID_SESSION_ID' "$folder/run/response.xml" || fail "the session id should be refused after logout"
  ok "after logout, the gateway refuses it: INVALID_SESSION_ID"
}

check_logs() {
  title "8  What the logs contain"
  step="checking the logs for errors and secrets"
  # Two warnings are expected: the refusal of step 6, with an SFJ code, and AH01882, if mod_ssl was built with a newer
  # libssl3 than is installed and packages are not upgraded.
  if grep -sE ':(warn|error|crit|alert|emerg)\]|exit signal' "$folder/logs/error_log" | grep -vE 'SFJ[0-9]|ssl:warn.*AH01882'; then
    fail "the error log contains unexpected messages"
  fi
  show secrets "$state" "$folder"/logs/* "$folder/run/response.xml" || fail "a log or the response contains a secret"
  if grep -qF -e "$handle" -e "$password" "$folder"/logs/*; then fail "a log contains a password or a session id"; fi
  ok "no token, assertion, password or session id of a login in any log; no token or assertion in any response"
}

say_how_to_go_on() {
  title "Both servers are running. Try requests of your own"
  cat <<TEXT
  send the query         curl -s -H 'Content-Type: text/xml' --data-binary @$folder/query.xml $url
  requests received      curl -s --cacert $folder/salesforce/ca.pem https://localhost:$salesforce_port/_control/requests
  token requests         curl -s --cacert $folder/salesforce/ca.pem https://localhost:$salesforce_port/_control/state
  the configuration      $folder/httpd.conf
  the logs               $folder/logs/

${bold}Stop it:$plain  $folder/stop

TEXT
}

title "mod_sfjwt: calls to the Salesforce SOAP APIs with an e-mail address in place of the session id"
build
prepare_folder
start_salesforce
start_gateway
first_request
second_request
refused_request
login_request
check_logs
if [ -n "$once" ]; then title "Every step succeeded."; else say_how_to_go_on; fi
