#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Processes that wait for what never comes, are stopped, or frozen: limits and stops
# kill all of them, see survive_block.c.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100
modprobe -q fuse || true # it may be built in, or not be there

for where in space bare; do
	survivor "vfork" $where limit stop slow_stop -- \
		survive_block vfork $TAKE_MIB
	survivor "FIFOs" $where limit stop -- survive_block fifo $TAKE_MIB
	survivor "FUSE" $where limit stop slow_stop -- \
		survive_block fuse $TAKE_MIB
done
survivor "vfork" engine limit engine -- survive_block vfork $TAKE_MIB

# Stopped, or frozen, all of them

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
survivor "stopped" space set stop slow_stop -- survive_block rest $TAKE_MIB
survivor "stopped" bare set stop -- survive_block rest $TAKE_MIB
survivor "stopped" engine set engine -- survive_block rest $TAKE_MIB
PREPARE=freeze_all
survivor "frozen" space set stop slow_stop -- survive_block rest $TAKE_MIB
survivor "frozen" bare set stop -- survive_block rest $TAKE_MIB
survivor "frozen" engine set engine -- survive_block rest $TAKE_MIB

check_unload
ktap_end
