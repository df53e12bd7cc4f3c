#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In a container without a pid namespace the other processes outlive the first one. The
# limits still hold for them, and a stop still ends them. When the last process is dead,
# the record tells why it died and how the first process died.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100

kill_first() {
	kill -KILL "$PID" && wait_for is_gone "$PID" &&
		record_is "$VICTIM" state=running exited_at=null
}

PREPARE=kill_first
BY_LIMIT="reason=hard_limit_killed signal=9 forced=false"
BY_STOP="reason=stopped signal=9"

survivor "workers without their first process" \
	bare limit set stop slow_stop -- survive_block rest $TAKE_MIB
survivor "a stopped worker without its first process" \
	bare stop -- survive_trace attached $TAKE_MIB
survivor "chains of orphans without their first process" \
	bare limit stop -- survive_storm orphans $TAKE_MIB

# Workers that die one after the other

end_by_themselves() {
	local pid

	for pid in $(<"$CGROUP/cgroup.procs"); do
		record_is "$VICTIM" state=running || return
		kill -TERM "$pid" && wait_for is_gone "$pid" || return
	done
}

BY_LIMIT="reason=killed signal=9"
survivor "workers without their first process" \
	bare themselves -- survive_block rest $TAKE_MIB

check_unload
ktap_end
