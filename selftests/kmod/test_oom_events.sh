#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container that is killed for its hard limit is counted as "oom_kill" in memory.events of
# its cgroup, and readers that wait for a change of that file wake up. Runtimes and
# orchestrators report OOMKilled because of this.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

top=/sys/fs/cgroup/purser-events
cgroup=$top/inner
grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
	ktap_skip_all "cgroup v2 has no memory controller here"
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir "$top" || ktap_bail "cannot make a cgroup"
at_exit rmdir "$top"
echo +memory >"$top/cgroup.subtree_control"
at_exit eval "rmdir $cgroup 2>/dev/null || :"

# kills FOLDER - print how many kills the cgroup has counted
kills() {
	sed -n 's/^oom_kill //p' "$1/memory.events"
}

# start_held - make a cgroup and a process in it, which becomes ballast.c when released
start_held() {
	mkdir "$cgroup" || return
	rm -f "$TEST_DIR/.orders"
	mkfifo "$TEST_DIR/.orders" && exec {ORDERS}<>"$TEST_DIR/.orders" || return
	exec {OUT}< <(exec spawn --hold ballast <"$TEST_DIR/.orders")
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID && echo "$PID" >"$cgroup/cgroup.procs"
}

# --- The hard limit counts ---

start_held || ktap_bail "cannot start a process in a cgroup"
register box --hard-mib 32
exec {CHANGES}< <(exec on_change "$cgroup/memory.events")
at_exit stop_process $!
check "a program watches memory.events" wait_line ready "$CHANGES"
before=$(kills "$top")
release "$PID"
wait_line 'ready *'
order take 0 65536
check_event "the hard limit ends the container" box exited reason=hard_limit_killed
check_eq "memory.events has one kill" "$(kills "$cgroup")" 1
check_eq "memory.events.local has one kill" \
	"$(sed -n 's/^oom_kill //p' "$cgroup/memory.events.local")" 1
check_eq "memory.events of the parent has one more kill" "$(kills "$top")" $((before + 1))
check "the program that watches memory.events is woken and reads the kill" \
	wait_line 'changed *oom_kill 1,*' "$CHANGES"
purserctl unregister box
check "the cgroup can be removed" wait_for rmdir "$cgroup"

# --- Other ends do not count ---

start_held
register killed --hard-mib 512
release "$PID"
wait_line 'ready *'
kill -KILL "$PID"
check_event "SIGKILL ends a container" killed exited reason=killed
check_eq "memory.events has no kill" "$(kills "$cgroup")" 0
purserctl unregister killed
wait_for rmdir "$cgroup"

start_held
register stopped --hard-mib 512
release "$PID"
wait_line 'ready *'
tell take 0 65536
purserctl stop stopped --time 0 >/dev/null
check_eq "memory.events has no kill after a stop" "$(kills "$cgroup")" 0
purserctl unregister stopped
wait_for rmdir "$cgroup"

# Another process is in the cgroup, so the cgroup is not the container's own.
start_held
spawn sleep 1000
echo "$PID" >"$cgroup/cgroup.procs"
other=$PID
PID=$(grep -vx "$other" "$cgroup/cgroup.procs")
register shared --hard-mib 32
release "$PID"
order take 0 65536
check_event "the hard limit ends a container in a shared cgroup" shared exited \
	reason=hard_limit_killed
check_eq "memory.events of a shared cgroup has no kill" "$(kills "$cgroup")" 0
kill -KILL "$other"
purserctl unregister shared
wait_for rmdir "$cgroup"

# --- A cgroup that is removed as soon as it is empty ---

# kill_and_remove N - N containers are killed for their memory and their cgroups removed
kill_and_remove() {
	local i

	for ((i = 0; i < $1; i++)); do
		start_held && register gone --hard-mib 32 && release "$PID" || return
		order take 0 65536
		until rmdir "$cgroup" 2>/dev/null; do :; done
		wait_for record_is gone state=exited reason=hard_limit_killed &&
			purserctl unregister gone || return
	done
}

check "20 cgroups are removed at the same time as they are notified" kill_and_remove 20

stop_process "$MONITOR_PID"
check_unload
ktap_end
