#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Without a namespace the first process does not take the others along: they live on
# and are held to the limit, and a stop is theirs. When the last is dead the record
# tells of why it died, and of how the first one did.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100

kill_first() {
	kill -KILL "$PID" && wait_for is_gone "$PID" &&
		record_is "$VICTIM" state=running exited_at=null
}

PREPARE=kill_first
BY_LIMIT="reason=hard_limit_killed signal=9 forced=false"
BY_STOP="reason=stopped signal=9"

survivor "workers" bare limit set stop slow_stop -- survive_block rest $TAKE_MIB
survivor "workers, stopped," bare stop -- survive_trace attached $TAKE_MIB
survivor "chains of orphans" bare limit stop -- survive_storm orphans $TAKE_MIB

# They end by themselves, one after the other

end_by_themselves() {
	local pid

	for pid in $(<"$CGROUP/cgroup.procs"); do
		record_is "$VICTIM" state=running || return
		kill -TERM "$pid" && wait_for is_gone "$pid" || return
	done
}

BY_LIMIT="reason=killed signal=9"
survivor "workers" bare themselves -- survive_block rest $TAKE_MIB

check_unload
ktap_end
