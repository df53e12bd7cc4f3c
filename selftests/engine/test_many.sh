#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# Forty containers run at once, and one of them prints 200,000 lines.

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
check_eq "$N starts at the same time succeed" "$failed" 0
check_eq "ps shows $N running containers" \
	"$(engine ps --json | grep -c '"state":"running"')" "$N"
check_eq "the kernel counts $N live containers" "$(purserctl info --json | "$JSON" /live)" \
	"$N"
check "ps agrees with the kernel while $N containers run" same_as_kernel
# shellcheck disable=SC2317 # run by wait_for
all_up() {
	local i

	for ((i = 0; i < N; i++)); do
		log_has "c$i" up || return
	done
}
check "each container has its line in its own log" wait_for all_up

# One container prints many lines meanwhile.
check "one container prints $LINES lines" engine run loud -- \
	seq -f 'line %.0f of many that one container writes' "$LINES"
check "its log has each line once and in order" cmp <(engine logs loud) \
	<(seq -f 'line %.0f of many that one container writes' "$LINES")

# shellcheck disable=SC2317 # run by check
first_line() {
	engine logs loud | head -n 1
}
check "logs succeeds if its reader closes the pipe" first_line
check_eq "logs prints no error about the closed pipe" "$OUTPUT" \
	"line 1 of many that one container writes"
# shellcheck disable=SC2317 # run by check_status
full_output() {
	engine logs loud >/dev/full
}
check_status "logs fails if it cannot write its output" 1 full_output
check_eq "logs reports the write error in one line" "$OUTPUT" \
	"engine: cannot write to standard output: No space left on device"

memory=$(awk '/^VmRSS/ { print $2 }' "/proc/$SUPERVISOR_PID/status")
ktap_diag "the supervisor's RSS is $memory KiB"
check "the supervisor's RSS is below 32 MiB" test "$memory" -lt 32768

# All containers end at once.
for ((i = 0; i < N; i++)); do
	kill -KILL "$(value "c$i" /pid)"
done
# shellcheck disable=SC2317 # run by wait_for
none_runs() {
	! engine ps --json | grep -q '"state":"running"'
}
check "ps shows that all containers have ended" wait_for none_runs
check_eq "ps shows SIGKILL as the reason of each end" \
	"$(engine ps --json | grep -c '"reason":"killed".*"signal":9')" "$N"
check "ps agrees with the kernel after the ends" same_as_kernel
check_eq "the supervisor has no child left" \
	"$(cat "/proc/$SUPERVISOR_PID/task/"*/children)" ""
check "no state folder is left" wait_for state_is_empty

ktap_end
