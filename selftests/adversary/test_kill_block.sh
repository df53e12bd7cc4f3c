#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Limits and stops kill processes that wait without end, are stopped or are frozen;
# see survive_block.c.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100
modprobe -q fuse || true # it may be built in or missing

for where in space bare; do
	survivor "parents that wait in vfork()" \
		$where limit stop slow_stop -- survive_block vfork $TAKE_MIB
	survivor "processes that wait for a FIFO and a pipe" \
		$where limit stop -- survive_block fifo $TAKE_MIB
	survivor "a process that waits for a FUSE server" $where limit stop \
		slow_stop -- \
		survive_block fuse $TAKE_MIB
done
survivor "parents that wait in vfork()" \
	engine limit engine -- survive_block vfork $TAKE_MIB

# All processes are stopped, or frozen.

stop_all() {
	local pid

	while read -r pid; do
		kill -STOP "$pid" || return
	done <"$CGROUP/cgroup.procs"
}

freeze_all() {
	echo 1 >"$CGROUP/cgroup.freeze" &&
		wait_for grep -qx 'frozen 1' "$CGROUP/cgroup.events"
}

PREPARE=stop_all
survivor "stopped processes" space set stop slow_stop -- survive_block rest $TAKE_MIB
survivor "stopped processes" bare set stop -- survive_block rest $TAKE_MIB
survivor "stopped processes" engine set engine -- survive_block rest $TAKE_MIB
PREPARE=freeze_all
survivor "frozen processes" space set stop slow_stop -- survive_block rest $TAKE_MIB
survivor "frozen processes" bare set stop -- survive_block rest $TAKE_MIB
survivor "frozen processes" engine set engine -- survive_block rest $TAKE_MIB

check_unload
ktap_end
