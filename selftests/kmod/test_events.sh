#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The event log: numbers without gaps, each event once, in order, as it was.

. "$(dirname "$0")/kmod.sh"

require_module event_log=65536

log_is_right() {	# log_is_right FILE [FIRST]: see events.awk
	awk -v first="${2:-1}" -f "$(dirname "$0")/events.awk" "$1"
}

events_made() {
	field "$(purserctl info --json)" events
	echo "$REPLY"
}

# A listener whose output is kept
mkfifo "$TEST_DIR/joined"
purserctl monitor --json --ready-fd 9 >"$TEST_DIR/monitor" \
	9>"$TEST_DIR/joined" &
LISTENER=$!
at_exit stop_process $LISTENER
read -r -t "$WAIT_CAP" _ <"$TEST_DIR/joined" || ktap_bail "nobody listens"

heard_all() {
	[ "$(wc -l <"$TEST_DIR/monitor")" -ge "$(events_made)" ]
}

# Some hundred events of all kinds, one after the other

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
check "60 containers come" requests "$TEST_DIR/requests"
stop_process $!
check "all end" wait_for live_is 0

purserctl events --json >"$TEST_DIR/log"
made=$(wc -l <"$TEST_DIR/log")
check_eq "the counter says how many events there were" "$(events_made)" "$made"
# A registration and a limit each; 15 are unregistered, the others end, 15 of
# them stopped, which is two events, and 15 killed for a limit, two as well.
check_eq "which is what was done" "$made" $((60 * 2 + 15 + 45 + 15 * 2 + 15 * 2))
check "they are numbered without gaps, each in its place" \
	log_is_right "$TEST_DIR/log"
check "the listener has heard all" wait_for heard_all
check "each once, in order, the same" cmp "$TEST_DIR/log" "$TEST_DIR/monitor"

# Each has the record as it was, not as it is

grep '"limits_changed"' "$TEST_DIR/log" | grep -o '"soft_limit":[0-9]*' |
	grep -v ':0$' >"$TEST_DIR/limits"
for ((i = 1; i <= 60; i++)); do
	echo "\"soft_limit\":$((1073741824 + i))"
done >"$TEST_DIR/limits.want"
check "limits are those of then" cmp "$TEST_DIR/limits" "$TEST_DIR/limits.want"
check_eq "states are those of then" \
	"$(grep '"registered"' "$TEST_DIR/log" | grep -c '"state":"running"')" 60

# A part of them

purserctl events --json --since 100 >"$TEST_DIR/since"
check "those behind number 100" \
	cmp "$TEST_DIR/since" <(tail -n +101 "$TEST_DIR/log")
check_eq "behind the last there is none" \
	"$(purserctl events --json --since "$made")" ""
check_eq "nor behind one that is still to come" \
	"$(purserctl events --json --since 18446744073709551615)" ""

# A burst from many sides. The listener sleeps meanwhile: what does not fit into
# its socket it has to ask for.

spawn
register standing
kill -STOP $LISTENER
check "a burst from many sides" hammer table 100
ktap_diag "$OUTPUT"
clear_container standing
check "all end" wait_for live_is 0
kill -CONT $LISTENER
check "the listener has heard all" wait_for heard_all
purserctl events --json >"$TEST_DIR/log"
check "they are in order, each in its place" log_is_right "$TEST_DIR/log"
check "the listener has each once" cmp "$TEST_DIR/log" "$TEST_DIR/monitor"
check_eq "none is dropped" \
	"$(purserctl info --json | grep -o '"events_dropped":[0-9]*')" \
	'"events_dropped":0'
check_unload

# A short log keeps the last of them

check "the module loads with a short log" load_module event_log=64
check_eq "and knows of no event" "$(events_made)" 0
exec {OUT}< <(exec spawn --count 50 </dev/null)
for ((i = 1; i <= 50; i++)); do
	read -r -t "$WAIT_CAP" -u "$OUT" pid
	echo "register name=e$i pid=$pid"
	echo "unregister name=e$i"
done >"$TEST_DIR/requests"
check "100 events" requests "$TEST_DIR/requests"
stop_process $!
check_eq "100 are counted" "$(events_made)" 100
purserctl events --json >"$TEST_DIR/log"
check_eq "64 are kept" "$(wc -l <"$TEST_DIR/log")" 64
check "they are the last ones" log_is_right "$TEST_DIR/log" 37
purserctl events --json --since 90 >"$TEST_DIR/since"
check "a part of them" cmp "$TEST_DIR/since" <(tail -n 10 "$TEST_DIR/log")

check_unload
ktap_end
