#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# Forty containers at once, and one with much to say.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

N=40
LINES=200000

pids=()
for ((i = 0; i < N; i++)); do
	engine start "c$i" -- sh -c 'echo up; exec sleep 1000' >/dev/null &
	pids+=($!)
done
failed=0
for pid in "${pids[@]}"; do
	wait "$pid" || failed=$((failed + 1))
done
check_eq "$N starts at once" "$failed" 0
check_eq "all run at once" \
	"$(engine ps --json | grep -c '"state":"running"')" "$N"
check_eq "the kernel has as many" "$(purserctl info --json | "$JSON" /live)" \
	"$N"
check "ps has the kernel's rows" same_as_kernel
# shellcheck disable=SC2317 # run by wait_for
all_up() {
	local i

	for ((i = 0; i < N; i++)); do
		log_has "c$i" up || return
	done
}
check "each has its log" wait_for all_up

# A loud one among them. In order, whole, and nothing twice.
check "$LINES lines from one container" engine run loud -- \
	seq -f 'line %.0f of many that one container writes' "$LINES"
check "all of them are in its log, in order" cmp <(engine logs loud) \
	<(seq -f 'line %.0f of many that one container writes' "$LINES")

# shellcheck disable=SC2317 # run by check
first_line() {
	engine logs loud | head -n 1
}
check "who reads a part of a log" first_line
check_eq "gets that, and no complaint" "$OUTPUT" \
	"line 1 of many that one container writes"
# shellcheck disable=SC2317 # run by check_status
full_output() {
	engine logs loud >/dev/full
}
check_status "output that cannot be written is an error" 1 full_output
check_eq "of one line" "$OUTPUT" \
	"engine: writing to standard output: No space left on device"

memory=$(awk '/^VmRSS/ { print $2 }' "/proc/$SUPERVISOR_PID/status")
ktap_diag "the supervisor has $memory KiB"
check "the supervisor stays small" test "$memory" -lt 32768

# All end at once.
for ((i = 0; i < N; i++)); do
	kill -KILL "$(value "c$i" /pid)"
done
# shellcheck disable=SC2317 # run by wait_for
none_runs() {
	! engine ps --json | grep -q '"state":"running"'
}
check "all end" wait_for none_runs
check_eq "each killed by somebody" \
	"$(engine ps --json | grep -c '"reason":"killed".*"signal":9')" "$N"
check "ps has the kernel's rows" same_as_kernel
check_eq "no child is left" "$(cat "/proc/$SUPERVISOR_PID/task/"*/children)" ""
check "nor a state folder" wait_for state_is_empty

ktap_end
