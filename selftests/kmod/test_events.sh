#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The event log: events have numbers without gaps. Each event comes once, in order, with
# the record as it was at that time.

. "$(dirname "$0")/kmod.sh"

require_module event_log=65536

# log_is_right FILE [FIRST] - events.awk finds no fault in these events
log_is_right() {
	awk -v first="${2:-1}" -f "$(dirname "$0")/events.awk" "$1"
}

# events_made - print the kernel's counter of events
events_made() {
	field "$(purserctl info --json)" events
	echo "$REPLY"
}

# A listener writes all events to a file.
mkfifo "$TEST_DIR/joined"
purserctl monitor --json --ready-fd 9 >"$TEST_DIR/monitor" \
	9>"$TEST_DIR/joined" &
LISTENER=$!
at_exit stop_process $LISTENER
read -r -t "$WAIT_CAP" _ <"$TEST_DIR/joined" || ktap_bail "cannot listen to the events"

# heard_all - the listener has printed as many events as the kernel has made
heard_all() {
	[ "$(wc -l <"$TEST_DIR/monitor")" -ge "$(events_made)" ]
}

# --- Some hundred events of all kinds, one after the other ---

exec {OUT}< <(exec spawn --count 60 </dev/null)
at_exit stop_process $!
for ((i = 1; i <= 60; i++)); do
	read -r -t "$WAIT_CAP" -u "$OUT" pid
	echo "register name=e$i pid=$pid"
	echo "set name=e$i soft-limit=$((1073741824 + i))"
	case $((i % 4)) in
	0) echo "stop name=e$i grace-ms=0" ;;
	1) echo "unregister name=e$i" ;;
	2) echo "set name=e$i soft-limit=0 hard-limit=1" ;;
	3) ;;
	esac
done >"$TEST_DIR/requests"
check "60 containers are registered and changed" requests "$TEST_DIR/requests"
stop_process $!
check "the 60 containers end" wait_for live_is 0

purserctl events --json >"$TEST_DIR/log"
made=$(wc -l <"$TEST_DIR/log")
check_eq "the counter equals the number of events in the log" "$(events_made)" "$made"
# Each has a registration and a change of limits. 15 are unregistered, the other 45 exit.
# 15 of these are stopped and 15 are killed for a limit, each with two more events.
check_eq "each action made its events" "$made" $((60 * 2 + 15 + 45 + 15 * 2 + 15 * 2))
check "the events have numbers without gaps, in a legal order" \
	log_is_right "$TEST_DIR/log"
check "the listener gets all events" wait_for heard_all
check "the listener prints the same events as the log" \
	cmp "$TEST_DIR/log" "$TEST_DIR/monitor"

# --- An event has the record as it was at that time ---

grep '"limits_changed"' "$TEST_DIR/log" | grep -o '"soft_limit":[0-9]*' |
	grep -v ':0$' >"$TEST_DIR/limits"
for ((i = 1; i <= 60; i++)); do
	echo "\"soft_limit\":$((1073741824 + i))"
done >"$TEST_DIR/limits.want"
check "limits_changed has the limit that was set, not a later one" \
	cmp "$TEST_DIR/limits" "$TEST_DIR/limits.want"
check_eq "registered has the state at the registration, not a later one" \
	"$(grep '"registered"' "$TEST_DIR/log" | grep -c '"state":"running"')" 60

# --- A part of the log ---

purserctl events --json --since 100 >"$TEST_DIR/since"
check "--since 100 prints the events after number 100" \
	cmp "$TEST_DIR/since" <(tail -n +101 "$TEST_DIR/log")
check_eq "--since with the last number prints nothing" \
	"$(purserctl events --json --since "$made")" ""
check_eq "--since with a number in the future prints nothing" \
	"$(purserctl events --json --since 18446744073709551615)" ""

# --- A burst from many processes ---
#
# The listener is stopped meanwhile: it must ask the kernel for the events that did not fit
# into its socket.

spawn
register standing
kill -STOP $LISTENER
check "many processes register, stop and unregister containers" hammer table 100
ktap_diag "$OUTPUT"
clear_container standing
check "all containers of the burst end" wait_for live_is 0
kill -CONT $LISTENER
check "the listener gets all events of the burst" wait_for heard_all
purserctl events --json >"$TEST_DIR/log"
check "the events of the burst have numbers without gaps, in a legal order" \
	log_is_right "$TEST_DIR/log"
check "the listener prints each event of the burst once" \
	cmp "$TEST_DIR/log" "$TEST_DIR/monitor"
check_eq "the kernel has dropped no event" \
	"$(purserctl info --json | grep -o '"events_dropped":[0-9]*')" \
	'"events_dropped":0'
check_unload

# --- A short log keeps the last events ---

check "the module can be loaded with a log of 64 events" load_module event_log=64
check_eq "a newly loaded module has made no event" "$(events_made)" 0
exec {OUT}< <(exec spawn --count 50 </dev/null)
for ((i = 1; i <= 50; i++)); do
	read -r -t "$WAIT_CAP" -u "$OUT" pid
	echo "register name=e$i pid=$pid"
	echo "unregister name=e$i"
done >"$TEST_DIR/requests"
check "50 containers are registered and unregistered" requests "$TEST_DIR/requests"
stop_process $!
check_eq "the counter says 100 events" "$(events_made)" 100
purserctl events --json >"$TEST_DIR/log"
check_eq "the log keeps 64 events" "$(wc -l <"$TEST_DIR/log")" 64
check "the log keeps the last events" log_is_right "$TEST_DIR/log" 37
purserctl events --json --since 90 >"$TEST_DIR/since"
check "--since 90 prints the last ten events" \
	cmp "$TEST_DIR/since" <(tail -n 10 "$TEST_DIR/log")

check_unload
ktap_end
