#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A runtime that was written for the ioctl interface alone, and never heard of
# netlink, works on the same table.

. "$(dirname "$0")/ioctl.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

run_classic() {	# run_classic ARGUMENT...: what it prints, on a line
	OUTPUT=$(classic "$@" 2>&1 </dev/null | tr '\n' ' ')
}

run_classic web 0 0 bash -c 'exit 7'
check_match "a command that ends by itself" "$OUTPUT" \
	'^registered [0-9]+ exited 7 unregistered $'
check_event "it was registered" web registered state=starting
check_event "it was started" web started
check_event "it has ended" web exited reason=exited exit_code=7
check_event "its record was forgotten" web unregistered state=exited
check_eq "nothing is left" "$(purserctl list --json)" "[]"

run_classic hog $((16 * MIB)) $((32 * MIB)) memory_hog 64 0
check_match "a command above its hard limit" "$OUTPUT" \
	'^registered [0-9]+ killed 9 unregistered $'
check_event "it was registered with its limits" hog registered \
	soft_limit=$((16 * MIB)) hard_limit=$((32 * MIB))
check_event "it ended for that" hog exited reason=hard_limit_killed signal=9
check_match "the kernel's log tells of the limit" "$(kernel_log)" \
	'purser: hard limit container=hog '

# While it runs, others may look and act.

exec {OUT}< <(exec classic long 0 0 sleep 1000 2>&1 </dev/null)
at_exit stop_process $!
wait_line 'registered *'
check "one that runs is found" wait_for record_is long state=running \
	pid="${LINE#registered }"
check_status "its id is taken" 1 classic long 0 0 true
check_match "and that is said" "$OUTPUT" 'cannot register: File exists'
check "it can be stopped over netlink" purserctl stop long
check "the runtime sees that" wait_line 'killed 9'
check "and can say goodbye to it" wait_line unregistered
check_event "it was stopped" long exited reason=stopped forced=true

check_unload
ktap_end
