#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's OOM killer: whom it has chosen, and for want of what.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

cgroup=/sys/fs/cgroup/purser-test
grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
	ktap_skip_all "no memory controller in the cgroup tree"
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir "$cgroup" "$cgroup/inner" 2>/dev/null
at_exit rmdir "$cgroup/inner" "$cgroup"
echo +memory >"$cgroup/cgroup.subtree_control"
echo $((24 * MIB)) >"$cgroup/memory.max"
echo 0 >"$cgroup/memory.swap.max" 2>/dev/null

# check_oom POINT NAME SCOPE - the OOM killer ends it
check_oom() {
	check_event "$1" "$2" exited reason=oom_killed signal=9 oom_scope="$3" \
		exit_code=null
	check_match "$1: the kernel has killed it" "$EVENT" '"comm": ?"kernel"'
}

# score PID N - how willingly it is chosen
score() {
	echo "$2" >"/proc/$1/oom_score_adj"
}

start_ballast
echo "$PID" >"$cgroup/inner/cgroup.procs"
register cgroup
order take 0 65536
check_oom "above the limit of a cgroup above its own" cgroup cgroup

start_ballast -- --pidns
echo "$PID" >"$cgroup/inner/cgroup.procs"
register init
order take 0 65536
check_oom "init of a pid namespace" init cgroup

start_ballast
register global
score "$PID" 1000
echo f >/proc/sysrq-trigger
check_oom "chosen for the whole machine" global global

# The limit of a cgroup is not in question when the machine is short.
start_ballast
echo "$PID" >"$cgroup/inner/cgroup.procs"
register both
tell take 0 8192
score "$PID" 1000
echo f >/proc/sysrq-trigger
check_oom "in a cgroup with room" both global

# A victim that is not init

start_ballast --processes 1
for pid in $PIDS; do
	echo "$pid" >"$cgroup/inner/cgroup.procs"
done
register child
score "${PIDS##* }" 1000
order take 1 65536
check "a child of it is chosen" wait_for record_is child processes=1
check_record "the container goes on" child state=running oom_scope=null
kill -KILL "$PID"
check_event "and ends for another reason" child exited reason=killed signal=9 \
	oom_scope=null

# All of a cgroup at once

start_ballast --processes 1
for pid in $PIDS; do
	echo "$pid" >"$cgroup/inner/cgroup.procs"
done
echo 1 >"$cgroup/memory.oom.group"
register group
score "${PIDS##* }" 1000
order take 1 65536
check_oom "the whole cgroup goes" group cgroup
echo 0 >"$cgroup/memory.oom.group"

# The first cause wins

start_ballast -- env --block-signal=TERM
echo "$PID" >"$cgroup/inner/cgroup.procs"
register stopped
purserctl stop stopped --time 600 --no-wait
order take 0 65536
check_event "a stop comes first" stopped exited reason=stopped signal=9 \
	forced=false oom_scope=null

check_unload
ktap_end
