#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's OOM killer ends a container. The record says so, and whether a cgroup or
# the whole machine was out of memory.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

cgroup=/sys/fs/cgroup/purser-test
grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
	ktap_skip_all "cgroup v2 has no memory controller here"
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir "$cgroup" "$cgroup/inner" 2>/dev/null
at_exit rmdir "$cgroup/inner" "$cgroup"
echo +memory >"$cgroup/cgroup.subtree_control"
echo $((24 * MIB)) >"$cgroup/memory.max"
echo 0 >"$cgroup/memory.swap.max" 2>/dev/null

# check_oom POINT NAME SCOPE - the OOM killer ends the container, and the scope is SCOPE
check_oom() {
	check_event "$1" "$2" exited reason=oom_killed signal=9 oom_scope="$3" \
		exit_code=null
	check_match "$1: the event names the kernel as the killer" \
		"$EVENT" '"comm": ?"kernel"'
}

# score PID N - make the OOM killer more willing to choose the process
score() {
	echo "$2" >"/proc/$1/oom_score_adj"
}

start_ballast
echo "$PID" >"$cgroup/inner/cgroup.procs"
register cgroup
order take 0 65536
check_oom "a process exceeds the limit of a parent of its cgroup" cgroup cgroup

start_ballast -- --pidns
echo "$PID" >"$cgroup/inner/cgroup.procs"
register init
order take 0 65536
check_oom "the init of a pid namespace exceeds it" init cgroup

start_ballast
register global
score "$PID" 1000
echo f >/proc/sysrq-trigger
check_oom "the OOM killer chooses a process for the whole machine" global global

# The scope is global although the process is in a cgroup with a limit.
start_ballast
echo "$PID" >"$cgroup/inner/cgroup.procs"
register both
tell take 0 8192
score "$PID" 1000
echo f >/proc/sysrq-trigger
check_oom "the OOM killer chooses a process in a cgroup for the whole machine" both global

# --- A victim that is not the first process ---

start_ballast --processes 1
for pid in $PIDS; do
	echo "$pid" >"$cgroup/inner/cgroup.procs"
done
register child
score "${PIDS##* }" 1000
order take 1 65536
check "the OOM killer chooses a child of a container" wait_for record_is child processes=1
check_record "the container runs on without the child" child state=running oom_scope=null
kill -KILL "$PID"
check_event "that container ends for another reason later" \
	child exited reason=killed signal=9 \
	oom_scope=null

# --- All processes of a cgroup at once ---

start_ballast --processes 1
for pid in $PIDS; do
	echo "$pid" >"$cgroup/inner/cgroup.procs"
done
echo 1 >"$cgroup/memory.oom.group"
register group
score "${PIDS##* }" 1000
order take 1 65536
check_oom "the OOM killer kills the whole cgroup" group cgroup
echo 0 >"$cgroup/memory.oom.group"

# --- The first cause wins ---

start_ballast -- env --block-signal=TERM
echo "$PID" >"$cgroup/inner/cgroup.procs"
register stopped
purserctl stop stopped --time 600 --no-wait
order take 0 65536
check_event "a container that is being stopped stays stopped" \
	stopped exited reason=stopped signal=9 \
	forced=false oom_scope=null

check_unload
ktap_end
