#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Limits and stops kill processes that fork, exit, start threads or call execve() without
# end; see survive_storm.c.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100

for where in space bare; do
	survivor "execve() without end" $where limit stop -- \
		survive_storm exec $TAKE_MIB
	survivor "threads without end" $where limit stop -- \
		survive_storm threads $TAKE_MIB
	survivor "forks without end" $where limit stop slow_stop -- \
		survive_storm forks $TAKE_MIB
	survivor "orphans without end" $where limit stop slow_stop -- \
		survive_storm orphans $TAKE_MIB
done
survivor "forks without end" engine limit engine -- survive_storm forks $TAKE_MIB
survivor "orphans without end" engine limit engine -- \
	survive_storm orphans $TAKE_MIB

BY_LIMIT="reason=exited exit_code=7"
survivor "orphans without end when their first process exits" \
	space limit -- survive_storm leave $TAKE_MIB

check_unload
ktap_end
