#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The metrics are those of the table, on stdout, in a file and over HTTP; the counters of ends
# do not decrease.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module exit_records=1

# end NAME SIGNAL - run a container of that name until the signal kills it
end() {
	spawn sleep 1000
	purserctl register "$1" "$PID" >/dev/null
	end_process "$PID"
	wait_for has "$1" /state exited
}

# sample LINE - print the value of the sample that begins so, in $text
sample() {
	sed -n "s/^$1 //p" <<<"$text"
}

# --- On standard output ---

spawn sleep 1000
web=$PID
purserctl register web "$web" --soft-mib 40 --hard-mib 64 >/dev/null
spawn sleep 1000
"$CLIENT" cookie odd "$PID" '{"oci":{},"name":"a \"b\" \\ c"}' >/dev/null
check "a container ends" end first
check "another one ends, which drops the first record" end second
text=$(purserctl metrics)
check_eq "the last line of OpenMetrics is the mark of its end" \
	"$(tail -n 1 <<<"$text")" "# EOF"
check_match "the module has its versions" "$(sample 'purser_module_info{.*}')" '^1$'
check_eq "the containers are counted by state" \
	"$(sample 'purser_containers{state="running"}')$(sample 'purser_containers{state="exited"}')" \
	21
check_eq "a container has its limits" \
	"$(sample 'purser_container_memory_limit_bytes{container="web",limit="soft"}') $(sample 'purser_container_memory_limit_bytes{container="web",limit="hard"}')" \
	"41943040 67108864"
check_eq "one without limits has none" "$(grep -c 'limit_bytes{container="odd"' <<<"$text")" 0
check_match "its usage is there" \
	"$(sample 'purser_container_memory_usage_bytes{container="web"}')" '^[1-9][0-9]+$'
check_match "its CPU time is in seconds" \
	"$(sample 'purser_container_cpu_seconds_total{container="web"}')" '^[0-9]+\.[0-9]{9}$'
check_eq "a label is escaped" "$(sample 'purser_container_info{container="odd",.*,label="a \\"b\\" \\\\ c"}')" 1
check_eq "the ended containers are counted, also those without a record" \
	"$(sample 'purser_container_ends_total{reason="killed"}')" 2
check_match "the last of them has the time of its end" \
	"$(sample 'purser_container_end_time_seconds{container="second",id="4",reason="killed"}')" \
	'^[0-9]{10}\.[0-9]{9}$'
check_eq "the first has none" "$(grep -c 'container="first"' <<<"$text")" 0
check_eq "an event is counted" "$(sample purser_events_total)" \
	"$(purserctl info --json | "$JSON" /events)"
# The series must differ, and each one must follow the TYPE of its family.
check_eq "no series is there twice" \
	"$(grep -v '^#' <<<"$text" | sed 's/ [^ ]*$//' | sort | uniq -d)" ""
lost=$(awk '$2 == "TYPE" { name = $3 } !/^#/ && index($1, name) != 1' <<<"$text")
check_eq "each sample follows its type" "$lost" ""
check "any user of the host can read the metrics" \
	as_nobody "$PURSER_BIN/purserctl" metrics
check_no_match "but not the labels" "$OUTPUT" 'label="a'

# --- In a file ---

file=$TEST_DIR/purser.prom
echo old >"$file"
chmod 600 "$file"
ln "$file" "$TEST_DIR/before"
check "--textfile succeeds" purserctl metrics --textfile "$file"
check_eq "it prints nothing" "$OUTPUT" ""
check_eq "the old file is not written to" "$(<"$TEST_DIR/before")" old
check_eq "the new file can be read by all" "$(stat -c %a "$file")" 644
check_match "it has the older format, which the node exporter reads" "$(<"$file")" \
	'# TYPE purser_events_total counter'
check_no_match "without the marks of OpenMetrics" "$(<"$file")" '# (EOF|UNIT)|info$'
check_eq "no temporary file is left" "$(find "$TEST_DIR" -name '.purser*')" ""
check "--format chooses the format" purserctl metrics --textfile "$file" --format openmetrics
check_eq "the file has it" "$(tail -n 1 "$file")" "# EOF"
refused "a folder that does not exist is an error" 1 \
	"cannot make a file in \"$TEST_DIR/no\": No such file or directory" \
	purserctl metrics --textfile "$TEST_DIR/no/x.prom"
mkdir "$TEST_DIR/folder"
refused "a folder cannot be replaced" 1 \
	"cannot write \"$TEST_DIR/folder\": Is a directory" \
	purserctl metrics --textfile "$TEST_DIR/folder"
check_eq "no temporary file is left then" "$(find "$TEST_DIR" -name '.folder*')" ""

# --- Over HTTP ---

# serve OPTION... - start the server, and set SERVER and PORT
serve() {
	local fifo=$TEST_DIR/.serve line=

	rm -f "$fifo"
	mkfifo "$fifo" || return
	purserctl metrics --listen 127.0.0.1:0 --ready-fd 7 "$@" 2>"$TEST_DIR/serve.err" \
		</dev/null 7>"$fifo" &
	SERVER=$!
	at_exit end_process "$SERVER"
	read -r -t "$WAIT_CAP" line <"$fifo"
	PORT=${line##*:}
	[ "$PORT" ]
}

# http LINE... - send a request of these lines; print the answer without carriage returns
http() {
	local fd

	exec {fd}<>"/dev/tcp/127.0.0.1/$PORT" || return
	printf '%s\r\n' "$@" '' >&"$fd"
	tr -d '\r' <&"$fd"
	exec {fd}>&-
}

serve || ktap_bail "there is no server"
text=$(http 'GET /metrics HTTP/1.1' 'Host: x' \
	'Accept: application/openmetrics-text;version=1.0.0,*/*;q=0.1')
check_match "GET gets the metrics" "$text" '^HTTP/1.1 200 OK'
check_match "as OpenMetrics, if it accepts that" "$text" \
	'Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8'
check_eq "they are whole" "$(tail -n 1 <<<"$text")" "# EOF"
check_eq "with the values of the table" \
	"$(sample 'purser_container_ends_total{reason="killed"}')" 2
check_match "any other client gets the older format" \
	"$(http 'GET /metrics HTTP/1.0')" 'Content-Type: text/plain; version=0.0.4'
check_match "another page is not found" "$(http 'GET / HTTP/1.0')" '^HTTP/1.1 404 '
check_match "another method is refused" "$(http 'POST /metrics HTTP/1.0')" '^HTTP/1.1 405 '

# The module goes and comes back under the server.
purserctl unregister web
purserctl unregister odd
check "the module can be unloaded under the server" wait_for rmmod purser
check_match "the metrics are unavailable then, and the answer says why" \
	"$(http 'GET /metrics HTTP/1.0')" \
	'^HTTP/1.1 503 .*the purser module is not loaded'
check_match "the server prints that" "$(<"$TEST_DIR/serve.err")" \
	'^purserctl: cannot reach the container table: the purser module is not loaded$'
check "the module can be loaded again" load_module
check_match "the server reads the new table" "$(http 'GET /metrics HTTP/1.0')" \
	'purser_container_ends_total\{reason="killed"\} 0'
status=0
kill "$SERVER"
wait "$SERVER" || status=$?
check_eq "the server ends with status 0 after SIGTERM" "$status" 0

ktap_end
