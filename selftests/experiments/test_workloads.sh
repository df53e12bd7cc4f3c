#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The options of the workloads that the experiments use.

. "$(dirname "$0")/../lib/kselftest.sh"

# lines REGEX COMMAND... - print how many lines of its output match
lines() {
	local regex=$1

	shift
	"$@" | grep -cE "^$regex\$"
}

check_eq "cpu_hog prints its work each second" \
	"$(lines 'cpu_hog: [12] s, [0-9]+ units' cpu_hog 2)" 2
check_eq "cpu_hog does a fixed amount of work and prints the time" \
	"$(lines 'cpu_hog: done: 3 units in [0-9]+ us \([0-9a-f]+\)' \
		cpu_hog --units 3)" 1
# same UNITS - print the check sum of that much work
same() {
	cpu_hog --units "$1" | sed 's/.*(//'
}
check_eq "cpu_hog does the same work each time" "$(same 3)" "$(same 3)"
check "cpu_hog does other work for another amount" test "$(same 3)" != "$(same 4)"
check_status "cpu_hog refuses an amount and a time" 2 cpu_hog --units 3 1
check_status "cpu_hog refuses zero work" 2 cpu_hog --units 0
check_status "cpu_hog refuses an amount that is no number" 2 cpu_hog --units much
check_status "cpu_hog refuses two times" 2 cpu_hog 1 2
check_status "cpu_hog refuses an unknown option" 2 cpu_hog --nosuch

check_eq "io_pulse prints a line for each pulse" \
	"$(lines 'io_pulse: [123] of 3, 8 bytes synced' io_pulse 3 0)" 3
check_eq "io_pulse prints when it is done" \
	"$(lines 'io_pulse: done: 3 pulses' io_pulse 3 0)" 1
check_eq "io_pulse prints no pulses while it measures latencies" \
	"$(lines 'io_pulse: .* synced' io_pulse --latency 3 0)" 0

io_pulse --latency 50 1 >"$TEST_DIR/latency"
check_eq "the histogram counts each wake-up once" \
	"$(sed -n 's/^io_pulse: woken after [0-9]* us: //p' "$TEST_DIR/latency" |
		awk '{ n += $1 } END { print n }')" 50
check "the histogram is sorted" sort -c -n -u \
	<(sed -n 's/^io_pulse: woken after \([0-9]*\) us: .*/\1/p' "$TEST_DIR/latency")
check_match "io_pulse prints percentiles" "$(<"$TEST_DIR/latency")" \
	'wake-ups: 50, median [0-9]+ us, p90 [0-9]+ us, p99 [0-9]+ us, largest [0-9]+ us'
check_eq "the largest latency is the last of the histogram" \
	"$(sed -n 's/.*largest \([0-9]*\) us$/\1/p' "$TEST_DIR/latency")" \
	"$(sed -n 's/^io_pulse: woken after \([0-9]*\) us: .*/\1/p' \
		"$TEST_DIR/latency" | tail -n 1)"
check_status "io_pulse refuses too many arguments" 2 io_pulse 1 1 1
check_status "io_pulse refuses an unknown option" 2 io_pulse --nosuch

# through_gate COMMAND... - run a workload, open its gate after its first line, and print
# its output
through_gate() {
	local line pid

	rm -f "$TEST_DIR/gate"
	mkfifo "$TEST_DIR/gate"
	"$@" >"$TEST_DIR/gate" &
	pid=$!
	{
		read -r line
		echo "$line"
		kill -USR1 "$pid"
		cat
	} <"$TEST_DIR/gate"
	wait "$pid"
}

for workload in "cpu_hog --gate --units 1" "io_pulse --gate 1 0"; do
	# shellcheck disable=SC2086 # it is split into words
	out=$(through_gate $workload)
	check_match "${workload%% *} waits at its gate" "$out" \
		"^${workload%% *}: at the gate"$'\n'".*done: "
done

ktap_end
