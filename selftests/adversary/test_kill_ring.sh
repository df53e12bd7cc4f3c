#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Limits and stops end processes that trace each other, which kill(1) cannot: each waits
# in its exit for another one, and the kernel drops a second SIGKILL. See
# survive_trace.c.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100

for where in space bare; do
	survivor "two that trace each other" $where limit stop -- \
		survive_trace pair $TAKE_MIB
done
survivor "two that trace each other" engine limit engine -- \
	survive_trace pair $TAKE_MIB
survivor "five that trace each other" space limit slow_stop -- \
	survive_trace ring $TAKE_MIB

# The first process exits by itself, and the others must not outlive it.
BY_LIMIT="reason=exited exit_code=7 forced=false"
survivor "two that trace each other when their first process exits" \
	space limit -- survive_trace left $TAKE_MIB

# Without a pid namespace they live on until a limit or a stop ends them.
kill_first() {
	kill -KILL "$PID" && wait_for is_gone "$PID"
}
PREPARE=kill_first
BY_LIMIT="reason=hard_limit_killed signal=9"
BY_STOP="reason=stopped signal=9"
survivor "two that trace each other without their first process" \
	bare limit stop -- survive_trace pair $TAKE_MIB

check_unload
ktap_end
