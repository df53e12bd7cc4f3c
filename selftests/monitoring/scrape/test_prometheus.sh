#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
#
# A real Prometheus scrapes "purserctl metrics --listen", and a node exporter reads the file of
# --textfile.

. "$(dirname "$0")/../../lib/kselftest.sh"
. "$(dirname "$0")/../monitoring.sh"

require_program prometheus
require_program prometheus-node-exporter
require_module

JSON=$PURSER_BUILD/tests/bin/purserctl/json
SHOTS=$PURSER_ROOT/Documentation/screenshots
begin=$(date +%s)

end_process() {
	kill -KILL "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

# spawn COMMAND... - start it, end it with the test, and set PID
spawn() {
	"$@" </dev/null >>"$TEST_DIR/log" 2>&1 &
	PID=$!
	at_exit end_process "$PID"
}

# http PORT PATH - print the body of the answer
http() {
	local fd

	exec {fd}<>"/dev/tcp/127.0.0.1/$1" || return
	printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&"$fd"
	sed '1,/^\r$/d' <&"$fd"
	exec {fd}>&-
}

# query EXPRESSION - print the values that Prometheus has for it, one a line
query() {
	http 9090 "/api/v1/query?query=$1" | grep -o '"value":\[[^]]*\]' |
		sed 's/.*,"\(.*\)"\]/\1/'
}

is() {	# is EXPRESSION VALUE
	[ "$(query "$1")" = "$2" ]
}

# --- The server ---

mkfifo "$TEST_DIR/ready"
purserctl metrics --listen 127.0.0.1:0 --ready-fd 7 </dev/null 7>"$TEST_DIR/ready" &
at_exit end_process $!
read -r -t "$WAIT_CAP" address <"$TEST_DIR/ready"
[ "${address-}" ] || ktap_bail "there is no server"

spawn sleep 1000
purserctl register web "$PID" --soft-mib 40 --hard-mib 64 >/dev/null
web=$PID
spawn sleep 1000
purserctl register gone "$PID" >/dev/null
kill -KILL "$PID"
has_ended() {
	[[ $(purserctl show gone --json) == *'"state":"exited"'* ]]
}
check "a container ends" wait_for has_ended

# --- Prometheus ---

sed "s/127.0.0.1:9105/$address/; s/scrape_interval: .*/scrape_interval: 1s/" \
	"$FOLDER/prometheus.yml" >"$TEST_DIR/prometheus.yml"
cp "$FOLDER/alerts.yml" "$TEST_DIR/"
spawn prometheus --config.file="$TEST_DIR/prometheus.yml" \
	--storage.tsdb.path="$TEST_DIR/data" --web.listen-address=127.0.0.1:9090
check "Prometheus scrapes the server" wait_for is 'up{job="purser"}' 1
check "it has the kind of each end" \
	wait_for is 'purser_container_ends_total{reason="killed"}' 1
check "it has a limit" \
	wait_for is 'purser_container_memory_limit_bytes{container="web",limit="hard"}' 67108864
check_match "it has the usage" "$(query 'purser_container_memory_usage_bytes{container="web"}')" \
	'^[1-9][0-9]*$'
check_eq "it has the record of the ended container" \
	"$(query 'count(purser_container_end_time_seconds{container="gone",reason="killed"})')" 1
check_match "it has read OpenMetrics, which has units" \
	"$(http 9090 /api/v1/metadata?metric=purser_container_cpu_seconds)$(http 9090 /api/v1/targets/metadata?metric=purser_container_cpu_seconds)" \
	'"unit":"seconds"'

# dashboard - ask for each panel of the dashboard, and draw them, which fails without data
dashboard() {
	"$SHOTS/ask" http://127.0.0.1:9090 "$FOLDER/grafana.json" "$begin" 1 \
		>"$TEST_DIR/answers" &&
		"$SHOTS/draw_dashboard" "$FOLDER/grafana.json" "$TEST_DIR/answers" \
			>"$TEST_DIR/dashboard.svg"
}
check "each panel of the dashboard has data" wait_for dashboard

purserctl stop web --time 0 >/dev/null
check "it sees the stop" wait_for is 'purser_container_ends_total{reason="stopped"}' 1
check_eq "the alerts are loaded" \
	"$(http 9090 /api/v1/rules | "$JSON" '/data/groups/0/rules?length')" 2

# --- The node exporter ---

mkdir "$TEST_DIR/textfiles"
check "--textfile writes a file" purserctl metrics --textfile "$TEST_DIR/textfiles/purser.prom"
spawn prometheus-node-exporter --web.listen-address=127.0.0.1:9100 \
	--collector.disable-defaults --collector.textfile \
	--collector.textfile.directory="$TEST_DIR/textfiles"
exported() {
	http 9100 /metrics | grep -qxF "$1"
}
check "the node exporter has read it" \
	wait_for exported 'purser_container_ends_total{reason="stopped"} 1'
check "without an error" exported 'node_textfile_scrape_error 0'

kill -KILL "$web" 2>/dev/null
ktap_end
