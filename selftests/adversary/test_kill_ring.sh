#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Processes that trace each other, where kill(1) can do nothing any more: each waits in
# its exit for another one, and SIGKILL is a signal that all have got already. Limits
# and stops end them, see survive_trace.c.

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

# The end of the first process is its own, but the others do not outlive it.
BY_LIMIT="reason=exited exit_code=7 forced=false"
survivor "a first process that leaves two that trace each other" space limit -- \
	survive_trace left $TAKE_MIB

# Without a namespace they live on, until somebody stops them.
kill_first() {
	kill -KILL "$PID" && wait_for is_gone "$PID"
}
PREPARE=kill_first
BY_LIMIT="reason=hard_limit_killed signal=9"
BY_STOP="reason=stopped signal=9"
survivor "two that trace each other, left alone," bare limit stop -- \
	survive_trace pair $TAKE_MIB

check_unload
ktap_end
