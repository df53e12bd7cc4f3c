#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# The supervisor copes with clients that send nothing, die half way or never read, and
# with 100,000 malformed requests.

# shellcheck disable=SC2015,SC2016,SC2034
. "$(dirname "$0")/inject.sh"

N=${1:-100000}

require_module
require_supervisor
for i in {1..20}; do
	start_request "c$i" "" sleep 1000
done | client talk 4 >/dev/null
mkfifo "$TEST_DIR/hold" && exec {HOLD}<>"$TEST_DIR/hold" ||
	ktap_bail "cannot make a FIFO"
engine ps >/dev/null
before=$(descriptors)
# This container has ended by the time the number of descriptors is compared.
engine start web -- sleep 1000 >/dev/null

# settled - the supervisor has as many descriptors as before, for wait_for
settled() {
	[ "$(descriptors)" -eq "$before" ]
}

# --- Silent clients, as many as the supervisor accepts ---

prlimit --pid "$SUPERVISOR_PID" --nofile=400
# shellcheck disable=SC2094
(ulimit -n 4096; exec "$CLIENT" "$RUN_DIR/engine.sock" silent 2000 <"$TEST_DIR/hold" >"$TEST_DIR/silent") &
silent=$!
check "silent: many clients connect and send nothing" \
	wait_for test -s "$TEST_DIR/silent"
ktap_diag "$(<"$TEST_DIR/silent") of them, the supervisor has $(descriptors) descriptors"
check "silent: the supervisor keeps descriptors free" test "$(descriptors)" -lt 350
check_eq "silent: another client is told that there are too many" \
	"$(engine ps 2>&1)" "engine: too many clients"
check_eq "silent: the supervisor prints one line about it" \
	"$(grep -c 'which is the maximum' "$SUPERVISOR_LOG")" 1
check "silent: a container can still be stopped" purserctl stop web --signal KILL
check "silent: the log of that container is completed" \
	wait_for eval '[ ! -e "$RUN_DIR/containers/web" ]'
ticks=$(ticks)
nap 1
check "silent: the supervisor does not spin" test $(($(ticks) - ticks)) -lt 50
kill "$silent"
wait "$silent" 2>/dev/null
check "silent: the supervisor closes their connections" wait_for settled
check "silent: ps works after that" engine ps
check "silent: a container can be started after that" \
	engine run other -- sh -c 'echo up'
check_eq "silent: the new container has its log" "$(engine logs other)" up

# --- Clients that die half way ---

for i in {1..50}; do
	client half '{"v":1,"op":"st' 0
	client half '{"v":1,"op":"ps"}' 100
	client half '{"v":1,"op":"ps"}' 1
	client half '{"v":1,"op":"wait","id":"c1"}' 0
done
check "half: the supervisor closes the connections of dead clients" wait_for settled
check "half: ps equals the kernel's table" same_as_kernel
start_request gone "" sleep 1000 >"$TEST_DIR/gone"
client half "$(<"$TEST_DIR/gone")" 1
check "half: a container starts although its client has died" \
	wait_for value_is gone /state running
before=$(descriptors)

# --- A client that never reads ---

memory=$(memory)
"$CLIENT" "$RUN_DIR/engine.sock" deaf '{"v":1,"op":"ps"}'$'\n' 100000 <"$TEST_DIR/hold" \
	>"$TEST_DIR/deaf" &
deaf=$!
check "deaf: a client sends requests and never reads" \
	wait_for test -s "$TEST_DIR/deaf"
ktap_diag "it could ask $(<"$TEST_DIR/deaf") times"
check "deaf: the supervisor serves other clients" engine ps
check "deaf: the supervisor's memory does not grow, $memory to $(memory) KiB" \
	test "$(memory)" -lt $((memory + 1024))
ticks=$(ticks)
nap 1
check "deaf: the supervisor does not spin" test $(($(ticks) - ticks)) -lt 50
kill "$deaf"
wait "$deaf" 2>/dev/null
check "deaf: the supervisor closes the connection" wait_for settled

# --- Malformed requests ---

# Send some first, so that memory that the supervisor allocates once is allocated.
client malformed 1 1000 10 >/dev/null
client malformed 2 1000 1000 >/dev/null
memory=$(memory)
for seed in 1 2 3 4; do
	# Send them over many connections, and over few.
	per=$((seed % 2 ? 5 : 5000))
	check \
		"seed $seed: $((N / 4)) malformed requests are sent, $per on a connection" \
		client malformed "$seed" $((N / 4)) "$per"
	check_match "seed $seed: each request has an answer" \
		"$OUTPUT" "^$((N / 4)) answers"
	check "seed $seed: ps equals the kernel's table" same_as_kernel
done
ktap_diag "the supervisor had $memory KiB and has $(memory) KiB"
check "malformed: the supervisor's memory does not grow" \
	test "$(memory)" -lt $((memory + 512))
check "malformed: the supervisor closes all connections" wait_for settled
check_eq "all containers live" \
	"$(engine ps --json | grep -c '"state":"running"')" 21
check "the supervisor has not died" kill -0 "$SUPERVISOR_PID"
check "the supervisor stops" stop_supervisor

ktap_end
