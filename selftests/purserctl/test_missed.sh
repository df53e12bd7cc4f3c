#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Events that do not fit into a listener's socket: the listener reads them from the kernel's
# log, and reports in one line which events have left the log.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

# The number of events in the log; the socket holds 2 MiB, which are fewer events.
log=4096
require_module event_log=$log

spawn sleep 1000
purserctl register busy "$PID" >/dev/null || ktap_bail "no container"

in_a_row() {	# in_a_row FILE FIRST LAST: it has these events, in order
	cmp -s <("$JSON" /seq <"$1") <(seq "$2" "$3")
}

# Stop the listener while there are more events than fit into its socket.
start_monitor "$TEST_DIR/one" --json --rcvbuf 65536 || ktap_bail "no monitor"
kill -STOP "$MONITOR"
check "there are fewer events than the log holds" "$CLIENT" set busy 4000
kill -CONT "$MONITOR"
check "the listener prints all of them" wait_for has_lines "$TEST_DIR/one" 4000
check "it prints each event once, in order" in_a_row "$TEST_DIR/one" 2 4001
check "each event has the record of its time" cmp -s \
	<("$JSON" /container/hard_limit <"$TEST_DIR/one") \
	<(for ((i = 1; i <= 4000; i++)); do echo $((i << 30)); done)
check_eq "it prints nothing on stderr" "$(<"$TEST_DIR/one.err")" ""
purserctl set busy --hard-mib 0
check "it prints the next event" wait_for has_lines "$TEST_DIR/one" 4001
check "all events are in order" in_a_row "$TEST_DIR/one" 2 4002

kill -STOP "$MONITOR"
check "there are more events than the log holds" "$CLIENT" set busy 6000
kill -CONT "$MONITOR"
last=$(purserctl info --json | "$JSON" /events)
check_eq "each change was an event" "$last" 10002
check "the listener prints the last event" wait_for grep -q "^{\"seq\":$last," \
	"$TEST_DIR/one"
check_eq "no event is printed twice or out of order" \
	"$("$JSON" /seq <"$TEST_DIR/one" | sort -nuc 2>&1)" ""
err=$(<"$TEST_DIR/one.err")
check_match "one line reports the lost events" "$err" \
	'^purserctl: events [0-9]+ to [0-9]+ are lost: the kernel does not hold them any more$'
read -r _ _ first _ until _ <<<"$err"
check "all other events are printed" cmp -s \
	<("$JSON" /seq <"$TEST_DIR/one") \
	<(seq 2 "$((first - 1))"; seq "$((until + 1))" "$last")
check_stops "it exits with status 0"

# Reading only the log.
status=0
purserctl events --json >"$TEST_DIR/all" 2>"$TEST_DIR/all.err" || status=$?
check "events prints the events in the log" in_a_row "$TEST_DIR/all" \
	$((last - log + 1)) "$last"
check_eq "it exits with status 0 and prints nothing on stderr" \
	"$status $(<"$TEST_DIR/all.err")" "0 "
status=0
purserctl events --since $((last - log)) --json >"$TEST_DIR/all" \
	2>"$TEST_DIR/all.err" || status=$?
check "events --since prints the later events in the log" in_a_row "$TEST_DIR/all" \
	$((last - log + 1)) "$last"
check_eq "it exits with status 0 if none is lost" "$status $(<"$TEST_DIR/all.err")" "0 "
status=0
purserctl events --since 3 --json >"$TEST_DIR/since" \
	2>"$TEST_DIR/since.err" || status=$?
check_eq "events --since reports the lost events" "$(<"$TEST_DIR/since.err")" \
	"purserctl: events 4 to $((last - log)) are lost: the kernel does not hold them any more"
check_eq "it exits with status 6 then" "$status" 6
check "it prints the other events" in_a_row "$TEST_DIR/since" $((last - log + 1)) \
	"$last"

# A stop waits while the event of its container's end leaves the log.
spawn_ready "$ON_SIGNAL" 15 catch || ktap_bail "no process"
target=$PID
purserctl register target "$target" >/dev/null || ktap_bail "no container"
purserctl stop target --time 86400 >"$TEST_DIR/out" 2>&1 &
waiting=$!
at_exit end_process "$waiting"
check "a stop waits for the end" \
	wait_for has target /state stopping
kill -STOP "$waiting"
check "many events fill its socket" "$CLIENT" set busy 3000
kill -KILL "$target"
check "the container ends" wait_for has target /state exited
check "more events push the end out of the log" "$CLIENT" set busy $((2 * log))
kill -CONT "$waiting"
status=0
wait "$waiting" || status=$?
check_eq "the stop reports the end nevertheless" "$status $(<"$TEST_DIR/out")" \
	"0 target: stopped(SIGKILL)"

ktap_end
