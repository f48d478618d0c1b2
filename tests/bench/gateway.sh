#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the module costs: a private httpd forwards the same 1 KB SOAP query to the same backend, once by a plain
# ProxyPass and once through the module, in turns within one run, and the CPU time of all its processes is counted.
#   tests/bench/gateway.sh [--https] [--pairs N] [--seconds S] [--mpm event|worker|prefork] [--instructions]
# --https: the backend speaks TLS. --instructions: httpd runs in callgrind, and its instructions are counted instead of
# its time, which other load on the machine does not change; the kernel's part is not in it.
# Default: 12 pairs of 2 seconds each, event, http. Load goes to 127.0.0.1 only.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
module=${SFJWT_MODULE:-$checkout/build/release/mod_sfjwt.so}
PATH=$PATH:/usr/sbin

pairs=12 seconds=2 scheme=http mpm=event unit=us connections=16 valgrind=()
while [ $# -gt 0 ]; do
  case $1 in
    --https) scheme=https ;;
    --pairs) pairs=$2; shift ;;
    --seconds) seconds=$2; shift ;;
    --mpm) mpm=$2; shift ;;
    --instructions) unit=k pairs=3 connections=1 ;;
    *) sed -n '3,8s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
[ -f "$module" ] || { echo "$module is not built (SFJWT_MODULE names another)" >&2; exit 1; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/sfjwt-bench.XXXXXX")
started=()
finish() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

fail() {
  echo "$1" >&2
  tail -n 20 "$folder"/*.log >&2 || true
  exit 1
}

wait_for() {  # what, command...
  local what=$1 end=$((SECONDS + 20))
  shift
  until "$@" 2>/dev/null; do
    [ $SECONDS -lt $end ] || fail "$what did not come"
    sleep 0.05
  done
}
answers() { (: </dev/tcp/127.0.0.1/"$1"); }
free_port() {
  /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Nobody needs to be root for this, and httpd will not serve as root.
as_user=() user=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
  user=www-data
  as_user=(setpriv "--reuid=$user" "--regid=$(id -g $user)" --clear-groups)
fi

# 1 KB with the e-mail in it.
prepare_request() {
  local text padding
  # %s is printf's.
  # shellcheck disable=SC2016
  text='<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="urn:partner.soap.sforce.com">
  <soapenv:Header><urn:SessionHeader><urn:sessionId>jane@corp.example</urn:sessionId></urn:SessionHeader></soapenv:Header>
  <soapenv:Body><urn:query><urn:queryString>SELECT Id, Name FROM Account WHERE Name IN (%s)</urn:queryString></urn:query></soapenv:Body>
</soapenv:Envelope>'
  padding=$(for i in $(seq 100 199); do printf "'Acme %d', " "$i"; done)
  # shellcheck disable=SC2059
  printf "$text" "${padding:0:$((1024 - ${#text} + 2))}" >"$folder/query.xml"
  cat >"$folder/post.lua" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "text/xml; charset=UTF-8"
wrk.headers["SOAPAction"] = '""'
wrk.body = io.open("$folder/query.xml"):read("*a")
LUA
}

start_token_endpoint() {
  (cd "$folder" && PYTHONPATH="$folder" PYTHONDONTWRITEBYTECODE=1 exec "${as_user[@]}" /usr/bin/python3 \
    -m fake_salesforce --folder "$folder/salesforce" </dev/null >"$folder/salesforce.log" 2>&1) &
  started+=($!)
  wait_for "the token endpoint" test -s "$folder/salesforce/state.json"
  salesforce_port=$(sed 's/.*"https_port": \([0-9]*\).*/\1/' "$folder/salesforce/state.json")
  client_id=$(sed 's/.*"client_id": "\([^"]*\)".*/\1/' "$folder/salesforce/state.json")
}

start_backend() {
  backend_port=$(free_port)
  local tls='' places='' place
  if [ $scheme = https ]; then
    tls="ssl_certificate $folder/salesforce/server.pem; ssl_certificate_key $folder/salesforce/server.key;"
  fi
  for place in client_body proxy fastcgi uwsgi scgi; do places+="${place}_temp_path $folder/nginx-$place; "; done
  cat >"$folder/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $folder/nginx.pid; error_log $folder/nginx.log;
events { worker_connections 512; }
http {
  access_log off; keepalive_requests 100000000; keepalive_timeout 600; $places
  server {
    listen 127.0.0.1:$backend_port$([ $scheme = http ] || echo ' ssl'); $tls
    location /services/Soap/ { default_type text/xml; return 200 '$(printf '<a>%0900d</a>' 0)'; }
  }
}
CONF
  "${as_user[@]}" nginx -c "$folder/nginx.conf" -e "$folder/nginx.log" </dev/null >"$folder/nginx-start.log" 2>&1 &
  started+=($!)
  wait_for "the backend" answers "$backend_port"
}

loads() {
  local modules name
  modules=$(apxs -q LIBEXECDIR)
  for name in "mpm_$mpm" authz_core filter deflate socache_shmcb ssl proxy proxy_http; do
    echo "LoadModule ${name}_module $modules/mod_$name.so"
  done
  for name in unixd log_config; do
    printf '<IfModule !%s_module>\n  LoadModule %s_module %s/mod_%s.so\n</IfModule>\n' $name $name "$modules" $name
  done
  echo "LoadModule sfjwt_module $folder/mod_sfjwt.so"
}

# No access log: with one, plain and module would both cost more, and the ratio would look better.
start_httpd() {
  httpd_port=$(free_port)
  cat >"$folder/httpd.conf" <<CONF
ServerRoot $folder
ServerName localhost
Listen 127.0.0.1:$httpd_port
PidFile $folder/httpd.pid
DefaultRuntimeDir $folder
ErrorLog $folder/error.log
SSLSessionCache shmcb:$folder/ssl_sessions(512000)
LogLevel warn
$(loads)
StartServers 1
MaxKeepAliveRequests 0
MaxConnectionsPerChild 0
<IfModule !mpm_prefork_module>
  ServerLimit 1
  ThreadsPerChild 32
  MinSpareThreads 1
  MaxSpareThreads 33
  MaxRequestWorkers 32
</IfModule>
SSLProxyEngine On
SSLProxyVerify require
SSLProxyCheckPeerName On
SSLProxyCheckPeerExpire On
SSLProxyCACertificateFile $folder/salesforce/ca.pem
<Location /plain/>
  ProxyPass $scheme://localhost:$backend_port/services/Soap/
</Location>
<Location /module/>
  ProxyPass $scheme://localhost:$backend_port/services/Soap/
  SFJwt On
  SFJwtWsdl $folder/sample-partner.wsdl
  SFJwtClientId $client_id
  SFJwtPrivateKey $folder/salesforce/connected-app.key
  SFJwtAudience production
  SFJwtTokenEndpoint https://localhost:$salesforce_port/services/oauth2/token
  SFJwtTokenCAFile $folder/salesforce/ca.pem
  SFJwtAllowSubject match .+@corp\.example
  SFJwtAllowInstance localhost
</Location>
CONF
  local foreground=(-D FOREGROUND)
  if [ $unit = k ]; then
    foreground=(-X)
    valgrind=(valgrind --tool=callgrind "--callgrind-out-file=$folder/callgrind" "--log-file=$folder/valgrind.log")
  fi
  (cd "$folder" && exec setsid "${as_user[@]}" "${valgrind[@]}" "$(command -v apache2 || command -v httpd)" \
    "${foreground[@]}" -f "$folder/httpd.conf" </dev/null >"$folder/httpd.log" 2>&1) &
  httpd=$!
  started+=("$httpd")
  wait_for httpd answers "$httpd_port"
}

# What is counted: thousands of instructions, or microseconds.
spent() {
  if [ $unit = k ]; then
    rm -f "$folder"/callgrind.*
    "${as_user[@]}" callgrind_control --dump "$httpd" >/dev/null 2>&1
    wait_for "the count" grep -qs '^totals:' "$folder"/callgrind.*
    awk '/^totals:/ { sum += $2 } END { print sum / 1000 }' "$folder"/callgrind.*
  else
    echo $(($(ticks) * 1000000 / $(getconf CLK_TCK)))
  fi
}

# Clock ticks of the parent, its children, and those of its children that ended.
ticks() {
  local pid sum=0 fields
  for pid in $httpd $(cat /proc/$httpd/task/$httpd/children); do
    fields=$(sed 's/.*) //' "/proc/$pid/stat")
    # shellcheck disable=SC2086
    set -- $fields
    sum=$((sum + ${12} + ${13}))
    if [ "$pid" = $httpd ]; then sum=$((sum + ${14} + ${15})); fi
  done
  echo $sum
}

# Prints what was spent per request, requests per second, p50 and p99 in milliseconds.
measure() {  # plain|module, seconds
  local before after
  before=$(spent)
  wrk --threads 1 --connections $connections --duration "$2s" --latency --script "$folder/post.lua" \
    "http://127.0.0.1:$httpd_port/$1/u/66.0" >"$folder/wrk.out"
  after=$(spent)
  [ $unit = us ] || before=0  # callgrind counts from the last dump on
  if grep -qE 'Non-2xx|Socket errors' "$folder/wrk.out"; then
    cat "$folder/wrk.out" >&2
    fail "not every request of $1 was answered with 200"
  fi
  awk -v before="$before" -v after="$after" '
    function ms(text) {
      if (text ~ /us$/) return text / 1000
      if (text ~ /ms$/) return text + 0
      return text * 1000
    }
    $1 == "50%" { p50 = ms($2) }
    $1 == "99%" { p99 = ms($2) }
    /requests in/ { requests = $1 }
    /Requests\/sec/ { rate = $2 }
    END { printf "%.2f %.0f %.3f %.3f\n", (after - before) / requests, rate, p50, p99 }' "$folder/wrk.out"
}

column_median() { awk -v c="$1" '{print $c}' "$2" | sort -g | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }

chmod 755 "$folder"
mkdir "$folder/fake_salesforce"
cp "$checkout"/tests/fake_salesforce/*.py "$folder/fake_salesforce"
cp "$module" "$folder/mod_sfjwt.so"
cp "$checkout/wsdl/sample-partner.wsdl" "$folder"
prepare_request
[ "$(id -u)" -ne 0 ] || chown -R "$user:" "$folder"
start_token_endpoint
start_backend
start_httpd

[ $unit = k ] && counted="instructions (k = 1,000)" || counted="CPU time"
echo "$counted of httpd: $mpm, $scheme backend, $(wc -c <"$folder/query.xml") bytes, $connections connections, $pairs pairs of $seconds s, $(nproc) CPUs"
printf 'pair    plain %2s  module %2s   ratio\n' $unit $unit
for path in plain module; do measure $path 1 >/dev/null; done
for pair in $(seq "$pairs"); do
  # Each goes first every other time: whatever drifts in the machine meets both.
  if [ $((pair % 2)) = 0 ]; then order=(plain module); else order=(module plain); fi
  for path in "${order[@]}"; do measure "$path" "$seconds" >"$folder/$path.last"; cat "$folder/$path.last" >>"$folder/$path.all"; done
  paste -d ' ' "$folder/plain.last" "$folder/module.last" | awk -v n="$pair" '
    { printf "%4d  %9.2f  %9.2f  %6.3f\n", n, $1, $5, $5 / $1; print $5 / $1 > "/dev/stderr" }' 2>>"$folder/ratios"
done
if [ -s "$folder/error.log" ] && grep -E ':(warn|error|crit)\]' "$folder/error.log" >&2; then fail "httpd complained"; fi

for path in plain module; do
  printf '%-6s median %6.2f %s per request, %6.0f requests/s, p50 %.2f ms, p99 %.2f ms\n' $path \
    "$(column_median 1 "$folder/$path.all")" $unit "$(column_median 2 "$folder/$path.all")" \
    "$(column_median 3 "$folder/$path.all")" "$(column_median 4 "$folder/$path.all")"
done
printf 'ratio  median of %d pairs: %.3f (%+.1f %% per request)\n' "$pairs" "$(column_median 1 "$folder/ratios")" \
  "$(column_median 1 "$folder/ratios" | awk '{print ($1 - 1) * 100}')"
