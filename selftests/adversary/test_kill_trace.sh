#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Limits and stops kill processes that ptrace holds, also in their exit; see
# survive_trace.c.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100
cp "$PURSER_BUILD/tests/bin/kmod/dying" "$ROOT/bin/" ||
	ktap_bail "cannot find the program dying"

for where in space bare; do
	survivor "a first process that a child holds by ptrace" \
		$where limit stop slow_stop -- survive_trace seized $TAKE_MIB
	survivor "a traced child" \
		$where limit stop -- survive_trace tracer $TAKE_MIB
	survivor "a child that is traced by PTRACE_ATTACH" \
		$where limit stop -- survive_trace attached $TAKE_MIB
done
survivor "a first process that a child holds by ptrace" \
	engine limit engine -- survive_trace seized $TAKE_MIB

# The first process exits by itself; SIGKILL must reach the others.

BY_LIMIT="reason=exited exit_code=7 forced=false"
BY_STOP=$BY_LIMIT
survivor "an exited first process that a child holds by ptrace" \
	space limit stop slow_stop -- dying held $TAKE_MIB
survivor "an exited first process that a child holds by ptrace" engine limit \
	engine -- \
	dying held $TAKE_MIB

check_unload
ktap_end
