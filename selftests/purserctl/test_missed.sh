#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# More events than a listener's socket holds: what it missed it takes from the
# kernel's log, and what has left that too it says in one line.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

# The socket holds 2 MiB, which is fewer events than these.
log=4096
require_module event_log=$log

spawn sleep 1000
purserctl register busy "$PID" >/dev/null || ktap_bail "no container"

in_a_row() {	# in_a_row FILE FIRST LAST
	cmp -s <("$JSON" /seq <"$1") <(seq "$2" "$3")
}

# Held still while the events come, for which its socket has no room.
start_monitor "$TEST_DIR/one" --json --rcvbuf 65536 || ktap_bail "no monitor"
kill -STOP "$MONITOR"
check "fewer events than the log holds" "$CLIENT" set busy 4000
kill -CONT "$MONITOR"
check "all are printed" wait_for has_lines "$TEST_DIR/one" 4000
check "each once, in order" in_a_row "$TEST_DIR/one" 2 4001
check "and as they were" cmp -s \
	<("$JSON" /container/hard_limit <"$TEST_DIR/one") \
	<(for ((i = 1; i <= 4000; i++)); do echo $((i << 30)); done)
check_eq "of which nothing is said" "$(<"$TEST_DIR/one.err")" ""
purserctl set busy --hard-mib 0
check "it goes on" wait_for has_lines "$TEST_DIR/one" 4001
check "in order" in_a_row "$TEST_DIR/one" 2 4002

kill -STOP "$MONITOR"
check "more events than the log holds" "$CLIENT" set busy 6000
kill -CONT "$MONITOR"
last=$(purserctl info --json | "$JSON" /events)
check_eq "so many were made" "$last" 10002
check "the last one is printed" wait_for grep -q "^{\"seq\":$last," \
	"$TEST_DIR/one"
check_eq "nothing twice, nothing out of order" \
	"$("$JSON" /seq <"$TEST_DIR/one" | sort -nuc 2>&1)" ""
err=$(<"$TEST_DIR/one.err")
check_match "one line tells what is lost" "$err" \
	'^purserctl: events [0-9]+ to [0-9]+ are lost: the kernel does not hold them any more$'
read -r _ _ first _ until _ <<<"$err"
check "which is all that is not printed" cmp -s \
	<("$JSON" /seq <"$TEST_DIR/one") \
	<(seq 2 "$((first - 1))"; seq "$((until + 1))" "$last")
check_stops "it ends well"

# The log alone.
status=0
purserctl events --json >"$TEST_DIR/all" 2>"$TEST_DIR/all.err" || status=$?
check "events prints what the log holds" in_a_row "$TEST_DIR/all" \
	$((last - log + 1)) "$last"
check_eq "from which nothing is missing" "$status $(<"$TEST_DIR/all.err")" "0 "
status=0
purserctl events --since $((last - log)) --json >"$TEST_DIR/all" \
	2>"$TEST_DIR/all.err" || status=$?
check "events --since, all still there" in_a_row "$TEST_DIR/all" \
	$((last - log + 1)) "$last"
check_eq "is told by the status" "$status $(<"$TEST_DIR/all.err")" "0 "
status=0
purserctl events --since 3 --json >"$TEST_DIR/since" \
	2>"$TEST_DIR/since.err" || status=$?
check_eq "events --since says what is lost" "$(<"$TEST_DIR/since.err")" \
	"purserctl: events 4 to $((last - log)) are lost: the kernel does not hold them any more"
check_eq "as does its status" "$status" 6
check "and prints the rest" in_a_row "$TEST_DIR/since" $((last - log + 1)) \
	"$last"

# A stop that waits while the end of its container gets lost.
spawn_ready "$ON_SIGNAL" 15 catch || ktap_bail "no process"
target=$PID
purserctl register target "$target" >/dev/null || ktap_bail "no container"
purserctl stop target --time 86400 >"$TEST_DIR/out" 2>&1 &
waiting=$!
at_exit end_process "$waiting"
check "a stop that waits" \
	wait_for has target /state stopping
kill -STOP "$waiting"
check "events that fill its socket" "$CLIENT" set busy 3000
kill -KILL "$target"
check "the end" wait_for has target /state exited
check "and events that push it out of the log" "$CLIENT" set busy $((2 * log))
kill -CONT "$waiting"
status=0
wait "$waiting" || status=$?
check_eq "the stop learns of it all the same" "$status $(<"$TEST_DIR/out")" \
	"0 target: stopped(SIGKILL)"

ktap_end
