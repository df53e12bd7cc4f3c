#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 10,000 events in a burst, listeners whose sockets hold next to nothing, and
# one that does not read at all: each prints every number once and in order, and
# none waits for another.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

n=10000

numbers() {	# numbers FILE: one a line; that each line is JSON is seen elsewhere
	sed 's/^{"seq":\([0-9]*\),.*/\1/' "$1"
}

in_a_row() {	# in_a_row FILE FIRST LAST
	cmp -s <(numbers "$1") <(seq "$2" "$3")
}

events_made() {
	purserctl info --json | "$JSON" /events
}

# events_missed PID - how many multicasts the sockets of that process had no
# room for, as the kernel counts them
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

# Less than a message: the kernel grants its minimum, which holds one.
tiny=(--json --rcvbuf 1)

# --- A log that holds them all ---

require_module event_log=16384
start_busy

start_monitor "$TEST_DIR/tiny" "${tiny[@]}" || ktap_bail "no monitor"
tiny_pid=$MONITOR
start_monitor "$TEST_DIR/large" --json || ktap_bail "no monitor"
large_pid=$MONITOR
start_monitor "$TEST_DIR/asleep" --json || ktap_bail "no monitor"
asleep=$MONITOR
kill -STOP "$asleep"
check "a listener that does not read" wait_for is_stopped "$asleep"

check "a burst, to its end" "$CLIENT" set busy $n
last=$((first + n))
check_eq "makes that many events" "$(events_made)" $last
check "a listener prints them" wait_for has_lines "$TEST_DIR/large" $n
check "each once, in order" in_a_row "$TEST_DIR/large" $((first + 1)) $last
check "so does one whose socket is tiny" \
	wait_for has_lines "$TEST_DIR/tiny" $n
check "each once, in order, the same" cmp "$TEST_DIR/tiny" "$TEST_DIR/large"
check_eq "of which nothing is said" \
	"$(cat "$TEST_DIR/tiny.err" "$TEST_DIR/large.err")" ""
missed=$(events_missed "$tiny_pid")
ktap_diag "the tiny socket had no room for $missed of them"
check "its socket had no room for many" [ "$missed" -gt 0 ]

check "all the while the other did not read" is_stopped "$asleep"
check_eq "nor print" "$(wc -l <"$TEST_DIR/asleep")" 0
check "and its socket had no room for many" \
	[ "$(events_missed "$asleep")" -gt 0 ]
check_eq "which the kernel does not count as dropped" \
	"$(purserctl info --json | "$JSON" /events_dropped)" 0
kill -CONT "$asleep"
check "woken up it prints them" wait_for has_lines "$TEST_DIR/asleep" $n
check "the same" cmp "$TEST_DIR/asleep" "$TEST_DIR/large"
check_eq "of which nothing is said" "$(<"$TEST_DIR/asleep.err")" ""

purserctl set busy --hard-mib 0
last=$((last + 1))
for name in tiny large asleep; do
	check "$name: it goes on" wait_for has_lines "$TEST_DIR/$name" $((n + 1))
	check "$name: with the next one" in_a_row \
		<(tail -n 1 "$TEST_DIR/$name") $last $last
done
for MONITOR in "$tiny_pid" "$large_pid" "$asleep"; do
	check_stops "it ends well"
done

# From number 0, the socket as tiny: all there is, then a burst on top.
start_monitor "$TEST_DIR/since" "${tiny[@]}" --since 0 || ktap_bail "no monitor"
check "another burst" "$CLIENT" set busy 2000
last=$((last + 2000))
check "from the first number on" wait_for has_lines "$TEST_DIR/since" $last
check "each once, in order" in_a_row "$TEST_DIR/since" 1 $last
check_eq "of which nothing is said" "$(<"$TEST_DIR/since.err")" ""
check_stops "it ends well"
purserctl unregister busy
check "the module unloads" wait_for unload_module

# --- A log that is far too small ---

# told FILE - all numbers that were printed, and all that are said to be lost, in
# the order of their numbers: each is there once where both are right
told() {
	{
		numbers "$1"
		sed -n 's/^purserctl: events \([0-9]*\) to \([0-9]*\) are lost: .*/\1 \2/p' \
			"$1.err" | while read -r a b; do seq "$a" "$b"; done
	} | sort -n
}

told_all() {	# told_all FILE FIRST LAST
	cmp -s <(told "$1") <(seq "$2" "$3")
}

check "the module loads with a short log" load_module event_log=64
start_busy
start_monitor "$TEST_DIR/short" "${tiny[@]}" || ktap_bail "no monitor"
check "a burst" "$CLIENT" set busy $n
last=$((first + n))
check "the last one is printed" wait_for grep -q "^{\"seq\":$last," \
	"$TEST_DIR/short"
check "each number is printed or said to be lost, and only one of them" \
	told_all "$TEST_DIR/short" $((first + 1)) $last
check_eq "the printed ones are in order" \
	"$(numbers "$TEST_DIR/short" | sort -nuc 2>&1)" ""
check_no_match "nothing else is said" \
	"$(grep -v 'are lost: the kernel does not hold them any more$' \
		"$TEST_DIR/short.err")" .
ktap_diag "$(wc -l <"$TEST_DIR/short") printed, $(wc -l <"$TEST_DIR/short.err") gaps"

# Held still, so that some are lost for certain, and it is known which.
kill -STOP "$MONITOR"
wait_for is_stopped "$MONITOR"
printed=$(wc -l <"$TEST_DIR/short") gaps=$(wc -l <"$TEST_DIR/short.err")
check "a burst while it does not read" "$CLIENT" set busy 1000
kill -CONT "$MONITOR"
check "the last one is printed" wait_for grep -q "^{\"seq\":$((last + 1000))," \
	"$TEST_DIR/short"
tail -n "+$((printed + 1))" "$TEST_DIR/short" >"$TEST_DIR/rest"
tail -n "+$((gaps + 1))" "$TEST_DIR/short.err" >"$TEST_DIR/rest.err"
check "each number is printed or said to be lost, and only one of them" \
	told_all "$TEST_DIR/rest" $((last + 1)) $((last + 1000))
check_match "those of which the log has kept no more" \
	"$(<"$TEST_DIR/rest.err")" \
	"^purserctl: events [0-9]+ to $((last + 1000 - 64)) are lost: the kernel does not hold them any more\$"
check_stops "it ends well"

ktap_end
