#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A runtime that was written for the ioctl interface alone, without netlink, works
# on the same table.

. "$(dirname "$0")/ioctl.sh"

require_module
start_monitor || ktap_bail "cannot monitor the events"

# run_classic ARGUMENT... - run classic.c; OUTPUT is what it prints, on one line
run_classic() {
	OUTPUT=$(classic "$@" 2>&1 </dev/null | tr '\n' ' ')
}

run_classic web 0 0 bash -c 'exit 7'
check_match "the runtime reports the exit code of its command" \
	"$OUTPUT" '^registered [0-9]+ exited 7 unregistered $'
check_event "the kernel tells that it was registered" web registered state=starting
check_event "the kernel tells that it has started" web started
check_event "the kernel tells its exit code" web exited reason=exited exit_code=7
check_event "the kernel tells that its record is gone" web unregistered state=exited
check_eq "the table is empty" "$(purserctl list --json)" "[]"

run_classic hog $((16 * MIB)) $((32 * MIB)) memory_hog 64 0
check_match "the runtime reports SIGKILL for a command above its hard limit" \
	"$OUTPUT" \
	'^registered [0-9]+ killed 9 unregistered $'
check_event "the kernel tells the limits that it was registered with" \
	hog registered soft_limit=$((16 * MIB)) hard_limit=$((32 * MIB))
check_event "the kernel tells that the hard limit killed it" \
	hog exited reason=hard_limit_killed signal=9
check_match "the kernel log names the hard limit and its container" \
	"$(kernel_log)" 'purser: hard limit container=hog '

# netlink clients see and control the container while it runs.

exec {OUT}< <(exec classic long 0 0 sleep 1000 2>&1 </dev/null)
at_exit stop_process $!
wait_line 'registered *'
check "purserctl shows the container while it runs" wait_for record_is long \
	state=running \
	pid="${LINE#registered }"
check_status "the runtime cannot register a second container of that id" \
	1 classic long 0 0 true
check_match "the runtime says that the id exists" \
	"$OUTPUT" 'cannot register: File exists'
check "purserctl stops the container" purserctl stop long
check "the runtime reports that the container was killed" wait_line 'killed 9'
check "the runtime unregisters the ended container" wait_line unregistered
check_event "the kernel tells that it was stopped by force" \
	long exited reason=stopped forced=true

check_unload
ktap_end
