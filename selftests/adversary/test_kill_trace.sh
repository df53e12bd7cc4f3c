#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Processes that hold each other by ptrace, in their exit above all: limits and stops
# kill all of them, see survive_trace.c.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100
cp "$PURSER_BUILD/tests/bin/kmod/dying" "$ROOT/bin/" || ktap_bail "no program"

for where in space bare; do
	survivor "a first process that a child holds" $where \
		limit stop slow_stop -- survive_trace seized $TAKE_MIB
	survivor "a child that is traced" $where limit stop -- \
		survive_trace tracer $TAKE_MIB
	survivor "a child that is attached to" $where limit stop -- \
		survive_trace attached $TAKE_MIB
done
survivor "a first process that a child holds" engine limit engine -- \
	survive_trace seized $TAKE_MIB

# Its end is its own, but SIGKILL comes to the others.

BY_LIMIT="reason=exited exit_code=7 forced=false"
BY_STOP=$BY_LIMIT
survivor "a first process that has exited, and is held" space \
	limit stop slow_stop -- dying held $TAKE_MIB
survivor "a first process that has exited, and is held" engine limit engine -- \
	dying held $TAKE_MIB

check_unload
ktap_end
