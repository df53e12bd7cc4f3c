#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# Clients that say nothing, that die half way, that never read, and 100,000
# requests that make no sense.

# shellcheck disable=SC2015,SC2016,SC2034
. "$(dirname "$0")/inject.sh"

N=${1:-100000}

require_module
require_supervisor
for i in {1..20}; do
	start_request "c$i" "" sleep 1000
done | client talk 4 >/dev/null
mkfifo "$TEST_DIR/hold" && exec {HOLD}<>"$TEST_DIR/hold" || ktap_bail "no FIFO"
engine ps >/dev/null
before=$(descriptors)
# It will not be there any more when that is looked at.
engine start web -- sleep 1000 >/dev/null

# settled - no descriptor but those from before, for wait_for
settled() {
	[ "$(descriptors)" -eq "$before" ]
}

# --- Silent ones, until there is no descriptor ---

prlimit --pid "$SUPERVISOR_PID" --nofile=400
# shellcheck disable=SC2094
(ulimit -n 4096; exec "$CLIENT" "$RUN_DIR/engine.sock" silent 2000 <"$TEST_DIR/hold" >"$TEST_DIR/silent") &
silent=$!
check "many clients connect and say nothing" wait_for test -s "$TEST_DIR/silent"
ktap_diag "$(<"$TEST_DIR/silent") of them, the supervisor has $(descriptors) descriptors"
check "the supervisor is not at its limit" test "$(descriptors)" -lt 350
check_eq "who comes late is told" "$(engine ps 2>&1)" "engine: too many clients"
check_eq "the supervisor says it once" \
	"$(grep -c 'as many as there may be' "$SUPERVISOR_LOG")" 1
check "a container ends all the same" purserctl stop web --signal KILL
check "and its log is complete" wait_for eval \
	'[ ! -e "$RUN_DIR/containers/web" ]'
ticks=$(ticks)
nap 1
check "it does not spin" test $(($(ticks) - ticks)) -lt 50
kill "$silent"
wait "$silent" 2>/dev/null
check "they are gone" wait_for settled
check "ps works" engine ps
check "a container can be started" engine run other -- sh -c 'echo up'
check_eq "and has its log" "$(engine logs other)" up

# --- Those that die ---

for i in {1..50}; do
	client half '{"v":1,"op":"st' 0
	client half '{"v":1,"op":"ps"}' 100
	client half '{"v":1,"op":"ps"}' 1
	client half '{"v":1,"op":"wait","id":"c1"}' 0
done
check "half a request, half an answer: nothing is left" wait_for settled
check "ps works" same_as_kernel
start_request gone "" sleep 1000 >"$TEST_DIR/gone"
client half "$(<"$TEST_DIR/gone")" 1
check "who goes while its container starts has started it" \
	wait_for value_is gone /state running
before=$(descriptors)

# --- One that never reads ---

memory=$(memory)
"$CLIENT" "$RUN_DIR/engine.sock" deaf '{"v":1,"op":"ps"}'$'\n' 100000 <"$TEST_DIR/hold" \
	>"$TEST_DIR/deaf" &
deaf=$!
check "one asks and never reads" wait_for test -s "$TEST_DIR/deaf"
ktap_diag "it could ask $(<"$TEST_DIR/deaf") times"
check "others are served" engine ps
check "it takes no memory, $memory to $(memory) KiB" \
	test "$(memory)" -lt $((memory + 1024))
ticks=$(ticks)
nap 1
check "nor time" test $(($(ticks) - ticks)) -lt 50
kill "$deaf"
wait "$deaf" 2>/dev/null
check "it leaves nothing" wait_for settled

# --- Those of no sense ---

# Once, so that what is allocated for good is there.
client malformed 1 1000 10 >/dev/null
client malformed 2 1000 1000 >/dev/null
memory=$(memory)
for seed in 1 2 3 4; do
	# Over many connections, and over few.
	per=$((seed % 2 ? 5 : 5000))
	check "$((N / 4)) malformed requests, $per on a connection" \
		client malformed "$seed" $((N / 4)) "$per"
	check_match "$OUTPUT: one for each" "$OUTPUT" "^$((N / 4)) answers"
	check "ps works" same_as_kernel
done
ktap_diag "the supervisor had $memory KiB and has $(memory) KiB"
check "the supervisor has not grown" test "$(memory)" -lt $((memory + 512))
check "and lets go of all" wait_for settled
check_eq "all containers live" \
	"$(engine ps --json | grep -c '"state":"running"')" 21
check "the supervisor is the same" kill -0 "$SUPERVISOR_PID"
check "and ends as it should" stop_supervisor

ktap_end
