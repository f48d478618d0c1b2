#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the module costs: a private httpd forwards the same messages to the same backend, once by a plain ProxyPass and once
# through the module (strict validation), in turns within one run; the CPU time of all its processes is counted, and the
# connections the backend sees.
#   tests/bench/gateway.sh [--backend http|https] [--message query|create-200|create-5mb] [--pairs N] [--seconds S]
#                          [--mpm event|worker|prefork] [--instructions] [--pairs-shown]
# --backend, --message: this one only, may be given twice. --instructions: httpd runs in callgrind, and its instructions
# are counted instead of its time, which other load on the machine does not change; the kernel's part is not in it.
# Default: a query of 0.8 KB, creates of 128 KB and 5 MB, each over http and https, 12 pairs of 2 seconds, event: 5 minutes.
# Load goes to 127.0.0.1 only.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
module=${SFJWT_MODULE:-$checkout/build/release/mod_sfjwt.so}
PATH=$PATH:/usr/sbin

pairs=12 seconds=2 mpm=event unit=us connections=16 valgrind=() schemes=() messages=() pairs_shown=''
while [ $# -gt 0 ]; do
  case $1 in
    --backend) schemes+=("$2"); shift ;;
    --message) messages+=("$2"); shift ;;
    --pairs) pairs=$2; shift ;;
    --seconds) seconds=$2; shift ;;
    --mpm) mpm=$2; shift ;;
    --instructions) unit=k pairs=3 connections=1 ;;
    --pairs-shown) pairs_shown=yes ;;
    *) sed -n '3,12s/^# \{0,1\}//p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
[ ${#schemes[@]} -gt 0 ] || schemes=(http https)
[ ${#messages[@]} -gt 0 ] || messages=(query create-200 create-5mb)
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

prepare_messages() {
  local message
  /usr/bin/python3 "$checkout/tests/bench/messages.py" "$folder/sample-partner.wsdl" "$folder"
  for message in "${messages[@]}"; do
    [ -f "$folder/$message.xml" ] || { echo "there is no message $message" >&2; exit 1; }
    cat >"$folder/$message.lua" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "text/xml; charset=UTF-8"
wrk.headers["SOAPAction"] = '""'
wrk.body = io.open("$folder/$message.xml"):read("*a")
LUA
  done
}

start_token_endpoint() {
  (cd "$folder" && PYTHONPATH="$folder" PYTHONDONTWRITEBYTECODE=1 exec "${as_user[@]}" /usr/bin/python3 \
    -m fake_salesforce --folder "$folder/salesforce" </dev/null >"$folder/salesforce.log" 2>&1) &
  started+=($!)
  wait_for "the token endpoint" test -s "$folder/salesforce/state.json"
  salesforce_port=$(sed 's/.*"https_port": \([0-9]*\).*/\1/' "$folder/salesforce/state.json")
  client_id=$(sed 's/.*"client_id": "\([^"]*\)".*/\1/' "$folder/salesforce/state.json")
}

# Reads every request to its end before it answers: else it would answer large ones early, which Salesforce does not.
start_backend() {
  local places='' place
  http_port=$(free_port) https_port=$(free_port) end_port=$(free_port)
  for place in client_body proxy fastcgi uwsgi scgi; do places+="${place}_temp_path $folder/nginx-$place; "; done
  cat >"$folder/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $folder/nginx.pid; error_log $folder/nginx.log;
events { worker_connections 512; }
http {
  access_log off; keepalive_requests 100000000; keepalive_timeout 600; $places
  client_max_body_size 0; client_body_buffer_size 8m;
  upstream end { server 127.0.0.1:$end_port; keepalive 64; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:$http_port;
    listen 127.0.0.1:$https_port ssl;
    ssl_certificate $folder/salesforce/server.pem; ssl_certificate_key $folder/salesforce/server.key;
    location /services/Soap/ {
      proxy_pass http://end; proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
    location /status { stub_status; }
  }
  server {
    listen 127.0.0.1:$end_port;
    location / { default_type text/xml; return 200 '$(printf '<a>%0900d</a>' 0)'; }
  }
}
CONF
  "${as_user[@]}" nginx -c "$folder/nginx.conf" -e "$folder/nginx.log" </dev/null >"$folder/nginx-start.log" 2>&1 &
  started+=($!)
  wait_for "the backend" answers "$http_port"
}

# How many connections the backend has accepted, those of this question and of its own other half among them.
accepted() { curl -s "http://127.0.0.1:$http_port/status" | awk '/^server accepts/ { getline; print $1 }'; }

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

locations() {  # scheme, port
  cat <<CONF
<Location /plain-$1/>
  ProxyPass $1://localhost:$2/services/Soap/
</Location>
<Location /module-$1/>
  ProxyPass $1://localhost:$2/services/Soap/
  SFJwt On
  SFJwtWsdl $folder/sample-partner.wsdl
  SFJwtValidate strict
  SFJwtClientId $client_id
  SFJwtPrivateKey $folder/salesforce/connected-app.key
  SFJwtAudience production
  SFJwtTokenEndpoint https://localhost:$salesforce_port/services/oauth2/token
  SFJwtTokenCAFile $folder/salesforce/ca.pem
  SFJwtAllowSubject match .+@corp\.example
  SFJwtAllowInstance localhost
</Location>
CONF
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
$(for scheme in http https; do locations "$scheme" "$([ $scheme = http ] && echo "$http_port" || echo "$https_port")"; done)
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

# Prints what was spent per request, requests per second, p50 and p99 in milliseconds, and new backend connections.
measure() {  # plain|module, scheme, message, seconds
  local before after connected
  connected=$(accepted)
  before=$(spent)
  wrk --threads 1 --connections $connections --duration "$4s" --latency --script "$folder/$3.lua" \
    "http://127.0.0.1:$httpd_port/$1-$2/u/66.0" >"$folder/wrk.out"
  after=$(spent)
  connected=$(($(accepted) - connected - 1))
  [ $unit = us ] || before=0  # callgrind counts from the last dump on
  if grep -qE 'Non-2xx|Socket errors' "$folder/wrk.out"; then
    cat "$folder/wrk.out" >&2
    fail "not every request of $1 was answered with 200"
  fi
  awk -v before="$before" -v after="$after" -v connected="$connected" '
    function ms(text) {
      if (text ~ /us$/) return text / 1000
      if (text ~ /ms$/) return text + 0
      return text * 1000
    }
    $1 == "50%" { p50 = ms($2) }
    $1 == "99%" { p99 = ms($2) }
    /requests in/ { requests = $1 }
    /Requests\/sec/ { rate = $2 }
    END { printf "%.2f %.0f %.3f %.3f %d\n", (after - before) / requests, rate, p50, p99, connected }' "$folder/wrk.out"
}

column_median() { awk -v c="$1" '{print $c}' "$2" | sort -g | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }

# Both in turns, and a row of the table.
compare() {  # scheme, message
  local pair path order
  rm -f "$folder"/{plain,module}.all "$folder/ratios"
  for path in plain module; do measure $path "$1" "$2" 1 >/dev/null; done
  for pair in $(seq "$pairs"); do
    # Each goes first every other time: whatever drifts in the machine meets both.
    if [ $((pair % 2)) = 0 ]; then order=(plain module); else order=(module plain); fi
    for path in "${order[@]}"; do
      measure "$path" "$1" "$2" "$seconds" >"$folder/$path.last"
      cat "$folder/$path.last" >>"$folder/$path.all"
    done
    paste -d ' ' "$folder"/{plain,module}.last | awk '{ print $6 / $1 }' >>"$folder/ratios"
    [ -z "$pairs_shown" ] || paste -d ' ' "$folder"/{plain,module}.last | awk '{ print "    " $1, $6, $6 / $1 }'
  done
  row "$1" "$2"
}

row() {  # scheme, message
  local path values=()
  for path in plain module; do
    values+=("$(column_median 1 "$folder/$path.all")" "$(column_median 3 "$folder/$path.all")"
      "$(column_median 4 "$folder/$path.all")" "$(awk '{ sum += $5 } END { print sum }' "$folder/$path.all")")
  done
  printf '%-12s%-8s%10.1f%10.1f%8.3f%9.2f%8.2f%9.2f%8.2f%7d%7d\n' "$2" "$1" "${values[0]}" "${values[4]}" \
    "$(column_median 1 "$folder/ratios")" "${values[1]}" "${values[5]}" "${values[2]}" "${values[6]}" "${values[3]}" "${values[7]}"
}

chmod 755 "$folder"
mkdir "$folder/fake_salesforce"
cp "$checkout"/tests/fake_salesforce/*.py "$folder/fake_salesforce"
cp "$module" "$folder/mod_sfjwt.so"
cp "$checkout/wsdl/sample-partner.wsdl" "$folder"
prepare_messages
[ "$(id -u)" -ne 0 ] || chown -R "$user:" "$folder"
start_token_endpoint
start_backend
start_httpd

[ $unit = k ] && counted="instructions (k = 1,000)" || counted="CPU time"
echo "$counted of httpd per request, plain mod_proxy and the module: $mpm, $connections connections, medians of $pairs pairs of $seconds s, $(nproc) CPUs"
printf '%-12s%-8s%10s%10s%8s%17s%17s%14s\n' '' '' "plain $unit" "module $unit" ratio 'p50 ms' 'p99 ms' 'connections'
for scheme in "${schemes[@]}"; do
  for message in "${messages[@]}"; do compare "$scheme" "$message"; done
done
if [ -s "$folder/error.log" ] && grep -E ':(warn|error|crit)\]' "$folder/error.log" | grep -vE 'AH02608|AH01097|AH01882' >&2; then fail "httpd complained"; fi
