#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# --cpu-max: the limit of a container's CPU time, and what becomes of nice values.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

CGROUPS=/sys/fs/cgroup/purser
grep -qw cpu /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
	ktap_skip_all "there is no cpu controller of cgroup v2"

engine start plain -- sleep 1000 >/dev/null
check "without the option the controller stays off" test ! -e "$CGROUPS/plain/cpu.max"
engine start half --cpu-max 0.5 --nice 5 -- cpu_hog 1000 >/dev/null
check_eq "the kernel has the limit" "$(<"$CGROUPS/half/cpu.max")" "50000 100000"
check_eq "the cgroup has the share of the nice value" "$(<"$CGROUPS/half/cpu.weight.nice")" 5
check_eq "a container that ran before has no limit" "$(<"$CGROUPS/plain/cpu.max")" \
	"max 100000"

throttled() {
	[ "$(awk '$1 == "nr_throttled" { print $2 }' "$CGROUPS/half/cpu.stat")" -gt 2 ]
}
check "a hog is throttled" wait_for throttled
engine start third --cpu-max 0.3 -- sleep 1000 >/dev/null
check "stop" engine stop half --time 0
check_eq "the controller stays on for another one" "$(<"$CGROUPS/third/cpu.max")" "30000 100000"
die
next
check "stop" engine stop third --time 0
check "after the last one it is off again" test ! -e "$CGROUPS/plain/cpu.max"

# --- Another supervisor that shares the tree ---

# It would hold this lock, shared while it sets a limit, and not shared while it turns the
# controller off.
if [ -e "$CGROUPS/cgroup.kill" ]; then
	exec 7>"$CGROUPS/cgroup.kill"
	flock -s 7
	check "a start does not wait for one that sets a limit" \
		engine start half --cpu-max 0.5 -- sleep 1000
	check "stop" engine stop half --time 0
	check "the controller stays on for it" test -e "$CGROUPS/plain/cpu.max"
	flock -x 7
	engine start half --cpu-max 0.4 -- sleep 1000 >"$TEST_DIR/half" 7>&- &
	START=$!
	is_waiting() {
		grep -q -- "-> FLOCK.*:$(stat -c %i "$CGROUPS/cgroup.kill") " /proc/locks
	}
	check "a start waits for one that turns it off" wait_for is_waiting
	check_eq "it has no limit yet" "$(<"$CGROUPS/half/cpu.max")" "max 100000"
	echo -cpu >"$CGROUPS/cgroup.subtree_control"
	exec 7>&-
	check "then it starts" wait "$START"
	check_eq "and has its limit" "$(<"$CGROUPS/half/cpu.max")" "40000 100000"
	check "stop" engine stop half --time 0
	check "and the controller is off again" test ! -e "$CGROUPS/plain/cpu.max"
fi
check "stop" engine stop plain --time 0

ktap_end
