#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Limits and stops kill processes that dump core into a pipe that nobody reads, and all
# other processes of their container.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100
cp "$PURSER_BUILD/tests/bin/kmod/dying" "$ROOT/bin/" ||
	ktap_bail "cannot find the program dying"

cp "$(type -P sleep)" "$TEST_DIR/reader"
was=$(</proc/sys/kernel/core_pattern)
restore_pattern() {
	echo "$was" >/proc/sys/kernel/core_pattern
	pkill -KILL -x reader || true
}
at_exit restore_pattern
echo "|$TEST_DIR/reader 100000" >/proc/sys/kernel/core_pattern ||
	ktap_bail "cannot set core_pattern"

for where in space bare; do
	survivor "a first process that dumps core" $where \
		limit stop slow_stop -- dying dumping $TAKE_MIB
	survivor "a child that dumps core" $where limit stop -- \
		survive_block dump $TAKE_MIB
done
survivor "a first process that dumps core" engine limit engine -- \
	dying dumping $TAKE_MIB

check_unload
ktap_end
