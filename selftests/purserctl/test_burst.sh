#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A burst of 10,000 events. A listener with a tiny socket and one that does not read at all
# must both print every event once and in order, and must not make another listener wait.
# If the kernel's event log is too small, they must report which events are lost.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

n=10000

numbers() {	# numbers FILE: print the numbers of the events
	sed 's/^{"seq":\([0-9]*\),.*/\1/' "$1"
}

in_a_row() {	# in_a_row FILE FIRST LAST: it has these events, in order
	cmp -s <(numbers "$1") <(seq "$2" "$3")
}

events_made() {
	purserctl info --json | "$JSON" /events
}

# events_missed PID - print how many multicast messages the kernel has dropped because the
# sockets of that process were full
events_missed() {
	local inodes

	inodes=$(readlink "/proc/$1/fd/"* 2>/dev/null |
		sed -n 's/^socket:\[\(.*\)\]$/\1/p')
	awk -v inodes="$inodes" '
		BEGIN { split(inodes, list); for (i in list) ours[list[i]] }
		$NF in ours && $4 != "00000000" { n += $(NF - 1) }
		END { print n + 0 }' /proc/net/netlink
}

is_stopped() {	# is_stopped PID
	[[ $(</proc/"$1"/stat) == *') T '* ]]
}

start_busy() {
	spawn sleep 1000
	purserctl register busy "$PID" >/dev/null || ktap_bail "no container"
	first=$(events_made)
}

# A size below the kernel's minimum: the kernel uses its minimum, which holds one message.
tiny=(--json --rcvbuf 1)

# --- The kernel's log holds all events ---

require_module event_log=16384
start_busy

start_monitor "$TEST_DIR/tiny" "${tiny[@]}" || ktap_bail "no monitor"
tiny_pid=$MONITOR
start_monitor "$TEST_DIR/large" --json || ktap_bail "no monitor"
large_pid=$MONITOR
start_monitor "$TEST_DIR/asleep" --json || ktap_bail "no monitor"
asleep=$MONITOR
kill -STOP "$asleep"
check "a listener is stopped and does not read" wait_for is_stopped "$asleep"

check "a burst of changes succeeds" "$CLIENT" set busy $n
last=$((first + n))
check_eq "each change is an event" "$(events_made)" $last
check "a listener prints all events" wait_for has_lines "$TEST_DIR/large" $n
check "it prints each event once, in order" \
	in_a_row "$TEST_DIR/large" $((first + 1)) $last
check "a listener with a tiny socket prints all events" \
	wait_for has_lines "$TEST_DIR/tiny" $n
check "it prints the same as the other listener" cmp "$TEST_DIR/tiny" "$TEST_DIR/large"
check_eq "both print nothing on stderr" \
	"$(cat "$TEST_DIR/tiny.err" "$TEST_DIR/large.err")" ""
missed=$(events_missed "$tiny_pid")
ktap_diag "the tiny socket was full for $missed events"
check "the tiny socket was full for some events" [ "$missed" -gt 0 ]

check "the third listener is still stopped" is_stopped "$asleep"
check_eq "it has printed nothing" "$(wc -l <"$TEST_DIR/asleep")" 0
check "its socket was full for some events" \
	[ "$(events_missed "$asleep")" -gt 0 ]
check_eq "the kernel does not count them as dropped" \
	"$(purserctl info --json | "$JSON" /events_dropped)" 0
kill -CONT "$asleep"
check "it prints all events after it continues" wait_for has_lines "$TEST_DIR/asleep" $n
check "it prints the same as the other listener" cmp "$TEST_DIR/asleep" "$TEST_DIR/large"
check_eq "it prints nothing on stderr" "$(<"$TEST_DIR/asleep.err")" ""

purserctl set busy --hard-mib 0
last=$((last + 1))
for name in tiny large asleep; do
	check "$name: the listener prints the next event" \
		wait_for has_lines "$TEST_DIR/$name" $((n + 1))
	check "$name: all events are in order" in_a_row \
		<(tail -n 1 "$TEST_DIR/$name") $last $last
done
for MONITOR in "$tiny_pid" "$large_pid" "$asleep"; do
	check_stops "the listener exits with status 0"
done

# With --since 0 and a tiny socket: all events in the log, and a burst meanwhile.
start_monitor "$TEST_DIR/since" "${tiny[@]}" --since 0 || ktap_bail "no monitor"
check "another burst succeeds" "$CLIENT" set busy 2000
last=$((last + 2000))
check "monitor --since 0 prints all events" wait_for has_lines "$TEST_DIR/since" $last
check "it prints each event once, in order" in_a_row "$TEST_DIR/since" 1 $last
check_eq "it prints nothing on stderr" "$(<"$TEST_DIR/since.err")" ""
check_stops "it exits with status 0"
purserctl unregister busy
check "the module unloads" wait_for unload_module

# --- The kernel's log is too small ---

# told FILE - print the numbers of all events that were printed or reported as lost, sorted.
# If both are right, each number occurs once.
told() {
	{
		numbers "$1"
		sed -n 's/^purserctl: events \([0-9]*\) to \([0-9]*\) are lost: .*/\1 \2/p' \
			"$1.err" | while read -r a b; do seq "$a" "$b"; done
	} | sort -n
}

told_all() {	# told_all FILE FIRST LAST: that is so for these events
	cmp -s <(told "$1") <(seq "$2" "$3")
}

check "the module loads with a short log" load_module event_log=64
start_busy
start_monitor "$TEST_DIR/short" "${tiny[@]}" || ktap_bail "no monitor"
check "a burst succeeds" "$CLIENT" set busy $n
last=$((first + n))
check "the listener prints the last event" wait_for grep -q "^{\"seq\":$last," \
	"$TEST_DIR/short"
check "each event is either printed or reported as lost" \
	told_all "$TEST_DIR/short" $((first + 1)) $last
check_eq "the printed events are in order" \
	"$(numbers "$TEST_DIR/short" | sort -nuc 2>&1)" ""
check_no_match "stderr has only reports of lost events" \
	"$(grep -v 'are lost: the kernel does not hold them any more$' \
		"$TEST_DIR/short.err")" .
ktap_diag "$(wc -l <"$TEST_DIR/short") printed, $(wc -l <"$TEST_DIR/short.err") gaps"

# Stop the listener during a burst: then it is known which events are lost.
kill -STOP "$MONITOR"
wait_for is_stopped "$MONITOR"
printed=$(wc -l <"$TEST_DIR/short") gaps=$(wc -l <"$TEST_DIR/short.err")
check "a burst succeeds while the listener is stopped" "$CLIENT" set busy 1000
kill -CONT "$MONITOR"
check "the listener prints the last event" \
	wait_for grep -q "^{\"seq\":$((last + 1000))," \
	"$TEST_DIR/short"
tail -n "+$((printed + 1))" "$TEST_DIR/short" >"$TEST_DIR/rest"
tail -n "+$((gaps + 1))" "$TEST_DIR/short.err" >"$TEST_DIR/rest.err"
check "each event is either printed or reported as lost" \
	told_all "$TEST_DIR/rest" $((last + 1)) $((last + 1000))
check_match "all events that have left the log are reported as lost" \
	"$(<"$TEST_DIR/rest.err")" \
	"^purserctl: events [0-9]+ to $((last + 1000 - 64)) are lost: the kernel does not hold them any more\$"
check_stops "the listener exits with status 0"

ktap_end
