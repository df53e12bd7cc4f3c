#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Processes that are never the same ones when somebody looks: limits and stops kill all
# of them, see survive_storm.c.

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
survivor "a first process that leaves in a storm" space limit -- \
	survive_storm leave $TAKE_MIB

check_unload
ktap_end
