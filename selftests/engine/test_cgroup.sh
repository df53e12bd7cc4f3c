#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The container's own cgroup: the container starts in it and sees nothing above it. The
# supervisor removes the cgroup when the container ends, whatever the reason, and whatever
# somebody has put into the cgroup.

. "$(dirname "$0")/engine.sh"

require_module
top=/sys/fs/cgroup
root=$top/purser
grep -qw memory "$top/cgroup.controllers" 2>/dev/null ||
	ktap_skip_all "cgroup v2 has no memory controller here"
require_supervisor

# in_cgroup PID CGROUP - the process is in that cgroup
in_cgroup() {
	grep -qxF "0::$2" "/proc/$1/cgroup"
}

# outsider CGROUP - start OUTSIDER, a process of the host, and move it into that cgroup
outsider() {
	sleep 100000 &
	OUTSIDER=$!
	disown
	echo "$OUTSIDER" >"$1/cgroup.procs"
}

# start NAME - start a container that sleeps; set INIT to the PID of its init
start() {
	engine start "$1" -- sleep 100000 >/dev/null || return
	INIT=$(value "$1" /pid)
}

check_eq "the supervisor makes a cgroup with the controllers for containers" \
	"$(<"$root/cgroup.subtree_control")" \
	"cpuset memory pids"
check_eq "no process is in that cgroup" "$(<"$root/cgroup.procs")" ""

# --- The start ---

look='cat /proc/self/cgroup; ls -A /sys/fs/cgroup
	mkdir /sys/fs/cgroup/x && echo made; echo 0 >/sys/fs/cgroup/cgroup.procs
	exec memory_hog 24 86400000'
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
check "a container starts" engine start web "$TEST_DIR/root" sh -c "$look"
check "the container allocates 24 MiB" wait_for log_has web 'memory_hog: 24 MiB allocated'
INIT=$(value web /pid)
check_eq "the container is in its own cgroup" "$(<"/proc/$INIT/cgroup")" "0::/purser/web"
check "the container sees its cgroup as the root of the tree" log_has web 0::/
check_eq "the container sees no files of cgroups, and can make none" \
	"$(engine logs web | grep -v "^sh: can't create\|^mkdir: can't create")" \
	$'0::/\nmemory_hog: 24 MiB allocated'
check_eq "only the container is in its cgroup" "$(<"$root/web/cgroup.procs")" "$INIT"
check "the container's memory is charged to its cgroup" \
	test "$(<"$root/web/memory.current")" -ge $((24 << 20))
check_eq "the cgroup has memory.max and pids.max, and no other limit" \
	"$(cat "$root"/web/memory.{max,high,low,min} "$root"/{memory,pids}.max)" \
	$((128 << 20))$'\nmax\n0\n0\nmax\nmax'

# --- Ends of each kind ---

check "engine stops the container" engine stop web
check "its cgroup is removed after a stop" test ! -e "$root/web"
check "a container exits" engine run self -- true
check "its cgroup is removed after an exit" test ! -e "$root/self"
check_status "a start fails" 127 engine start none -- nosuch
check "a failed start leaves no cgroup" test ! -e "$root/none"
start web
kill -KILL "$INIT"
check "a container ends by SIGKILL" wait_for has_ended web
check_eq "the cgroup is removed before ps shows the end" \
	"$(ls -d "$root"/*/ 2>/dev/null)" ""

# --- What somebody has put into the cgroup ---

start nest
mkdir -p "$root"/nest/a/{b,c}/{d,e}
echo "$INIT" >"$root/nest/a/b/d/cgroup.procs"
check "a container is moved to a cgroup below its own" in_cgroup "$INIT" /purser/nest/a/b/d
kill -KILL "$INIT"
check "the container ends there" wait_for has_ended nest
check "all cgroups below its own are removed" test ! -e "$root/nest"
start guest
mkdir "$root/guest/below"
outsider "$root/guest/below"
check "a process of the host is in a cgroup below the container's" \
	in_cgroup "$OUTSIDER" /purser/guest/below
check "the container with that process ends" engine stop guest
check "the cgroup with that process is removed" test ! -e "$root/guest"
check "the supervisor kills that process" wait_for is_gone "$OUTSIDER"
start frozen
outsider "$root/frozen"
echo 1 >"$root/frozen/cgroup.freeze"
check "a container's cgroup is frozen" \
	wait_for grep -qx 'frozen 1' "$root/frozen/cgroup.events"
kill -KILL "$INIT"
check "the frozen container ends" wait_for has_ended frozen
check "a process of the host in the frozen cgroup dies" wait_for is_gone "$OUTSIDER"
start removed
mkdir "$root/removed/below"
echo "$INIT" >"$top/cgroup.procs"
rmdir "$root"/removed{/below,}
check "engine stops a container whose cgroup somebody has removed" engine stop removed

# A container's name with a dot may be the name of a control file.
for name in memory.max cgroup.procs a.b; do
	check "a container with the name $name starts" start "$name"
	check "$name: the cgroup is _$name" in_cgroup "$INIT" "/purser/_$name"
	check "$name: the container ends" engine stop "$name"
	check "$name: the cgroup is removed" test ! -e "$root/_$name"
done

# --- Cgroups that a killed supervisor has left ---

start web
mkdir "$root/web/below"
stop_supervisor KILL 2>/dev/null
check "a container survives its supervisor" in_cgroup "$INIT" /purser/web
purserctl stop web >/dev/null
check "its cgroup stays if it ends without a supervisor" test -e "$root/web/below"
start_supervisor || ktap_bail "cannot start a supervisor"
check "the next supervisor removes that cgroup" wait_for test ! -e "$root/web"
check "a container with the same name starts" start web
check "that container has a new cgroup" in_cgroup "$INIT" /purser/web
engine stop web >/dev/null
mkdir -p "$root/web/below"
outsider "$root/web/below"
BEFORE=$(traces)
untraced "a start is refused if an old cgroup of that name has processes" 1 \
	"container \"web\": its cgroup $root/web belongs to an earlier container and has processes in it" \
	engine start web -- true
check "the supervisor does not kill these processes" in_cgroup "$OUTSIDER" /purser/web/below
kill "$OUTSIDER"
wait_for is_gone "$OUTSIDER"
check "a start succeeds after these processes have ended" engine run web -- true
check "no cgroup of that container is left" test ! -e "$root/web"
check_eq "the supervisor printed no complaint" \
	"$(grep -v 'ready\|is alive but not' "$SUPERVISOR_LOG")" ""

# --- Somebody changes the cgroup of all containers ---

mkdir "$root/other"
check "the supervisor ends with a foreign cgroup beside those of containers" stop_supervisor
check "the supervisor does not remove the foreign cgroup" rmdir "$root/other"
start_supervisor || ktap_bail "cannot start a supervisor"
rmdir "$root"
check "a container starts after somebody removed the cgroup of all containers" start web
check "that container has a cgroup" in_cgroup "$INIT" /purser/web
check_eq "the supervisor made the cgroup of all containers again, with controllers" \
	"$(<"$root/cgroup.subtree_control")" \
	"cpuset memory pids"
check "the supervisor ends" stop_supervisor
check "the supervisor removes the cgroup of all containers" test ! -e "$root"
check_eq "the supervisor printed no complaint about that" \
	"$(grep -v 'ready\|is alive but not' "$SUPERVISOR_LOG")" ""

# --- Another cgroup for all containers ---

mkdir "$top/mine"
at_exit rmdir "$top/mine"
start_supervisor "$PURSER_ROOTFS" --cgroup-root "$top/mine/box" ||
	ktap_bail "cannot start a supervisor"
check "a container starts with --cgroup-root" start web
check "its cgroup is below --cgroup-root" in_cgroup "$INIT" /mine/box/web
check "the memory controller is enabled there" test -e "$top/mine/box/web/memory.current"
check "the supervisor with --cgroup-root ends" stop_supervisor
check_eq "no cgroup is left below --cgroup-root" \
	"$(ls -d "$top"/{mine/*/,purser} 2>/dev/null)" ""

ktap_end
