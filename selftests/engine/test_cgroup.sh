#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The container's own cgroup: it is born in it, sees nothing above it, and takes
# it along when it ends, however that happens and whatever has come to be in it.

. "$(dirname "$0")/engine.sh"

require_module
top=/sys/fs/cgroup
root=$top/purser
grep -qw memory "$top/cgroup.controllers" 2>/dev/null ||
	ktap_skip_all "no memory controller in the cgroup tree"
require_supervisor

# in_cgroup PID CGROUP - for wait_for
in_cgroup() {
	grep -qxF "0::$2" "/proc/$1/cgroup"
}

# outsider CGROUP - a process of the host in it, OUTSIDER
outsider() {
	sleep 100000 &
	OUTSIDER=$!
	disown
	echo "$OUTSIDER" >"$1/cgroup.procs"
}

# start NAME - one that waits; its init is in INIT
start() {
	engine start "$1" -- sleep 100000 >/dev/null || return
	INIT=$(value "$1" /pid)
}

check_eq "it makes a cgroup for all" "$(<"$root/cgroup.subtree_control")" \
	"cpuset memory pids"
check_eq "with no processes in it" "$(<"$root/cgroup.procs")" ""

# Born in it.
look='cat /proc/self/cgroup; ls -A /sys/fs/cgroup
	mkdir /sys/fs/cgroup/x && echo made; echo 0 >/sys/fs/cgroup/cgroup.procs
	exec memory_hog 24 86400000'
make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
check "a container" engine start web "$TEST_DIR/root" sh -c "$look"
check "has taken memory" wait_for log_has web 'memory_hog: 24 MiB allocated'
INIT=$(value web /pid)
check_eq "it is in its own cgroup" "$(<"/proc/$INIT/cgroup")" "0::/purser/web"
check "which is the root of all that it sees" log_has web 0::/
check_eq "of which it sees no files, and can make none" \
	"$(engine logs web | grep -v "^sh: can't create\|^mkdir: can't create")" \
	$'0::/\nmemory_hog: 24 MiB allocated'
check_eq "nobody else is in it" "$(<"$root/web/cgroup.procs")" "$INIT"
check "the memory that it took is charged there" \
	test "$(<"$root/web/memory.current")" -ge $((24 << 20))
check_eq "and not limited there but for the wall" \
	"$(cat "$root"/web/memory.{max,high,low,min} "$root"/{memory,pids}.max)" \
	$((128 << 20))$'\nmax\n0\n0\nmax\nmax'

# The end, of each kind.
check "stop" engine stop web
check "takes it along" test ! -e "$root/web"
check "an end by itself" engine run self -- true
check "takes it along, too" test ! -e "$root/self"
check_status "a start that fails" 127 engine start none -- nosuch
check "leaves none" test ! -e "$root/none"
start web
kill -KILL "$INIT"
check "kill -9 takes it along" wait_for value_is web /state exited
check_eq "before the container has ended" "$(ls -d "$root"/*/ 2>/dev/null)" ""

# What has come to be in it meanwhile.
start nest
mkdir -p "$root"/nest/a/{b,c}/{d,e}
echo "$INIT" >"$root/nest/a/b/d/cgroup.procs"
check "a container in a cgroup below its own" in_cgroup "$INIT" /purser/nest/a/b/d
kill -KILL "$INIT"
check "ends" wait_for value_is nest /state exited
check "and takes all of them along" test ! -e "$root/nest"
start guest
mkdir "$root/guest/below"
outsider "$root/guest/below"
check "with a process that is none of its own in it" \
	in_cgroup "$OUTSIDER" /purser/guest/below
check "a container ends" engine stop guest
check "and is gone, too" test ! -e "$root/guest"
check "the process was killed" wait_for is_gone "$OUTSIDER"
start frozen
outsider "$root/frozen"
echo 1 >"$root/frozen/cgroup.freeze"
check "one that is frozen" wait_for grep -qx 'frozen 1' "$root/frozen/cgroup.events"
kill -KILL "$INIT"
check "ends as well" wait_for value_is frozen /state exited
check "with all that is in it" wait_for is_gone "$OUTSIDER"
start removed
mkdir "$root/removed/below"
echo "$INIT" >"$top/cgroup.procs"
rmdir "$root"/removed{/below,}
check "one whose cgroup somebody has removed ends" engine stop removed

# A name with a dot could be that of a control file.
for name in memory.max cgroup.procs a.b; do
	check "a container may be called $name" start "$name"
	check "its cgroup is _$name" in_cgroup "$INIT" "/purser/_$name"
	check "it ends" engine stop "$name"
	check "and leaves none" test ! -e "$root/_$name"
done

# What a supervisor that was killed has left.
start web
mkdir "$root/web/below"
stop_supervisor KILL 2>/dev/null
check "containers of a dead supervisor live on" in_cgroup "$INIT" /purser/web
purserctl stop web >/dev/null
check "and leave their cgroup" test -e "$root/web/below"
start_supervisor || ktap_bail "no supervisor"
check "the next supervisor removes it" wait_for test ! -e "$root/web"
check "the next one of that name" start web
check "has a new one" in_cgroup "$INIT" /purser/web
engine stop web >/dev/null
mkdir -p "$root/web/below"
outsider "$root/web/below"
BEFORE=$(traces)
untraced "one with processes in it is refused" 1 \
	"container \"web\": its cgroup $root/web is left over from an earlier one and has processes in it" \
	engine start web -- true
check "and those are left alone" in_cgroup "$OUTSIDER" /purser/web/below
kill "$OUTSIDER"
wait_for is_gone "$OUTSIDER"
check "until they are gone" engine run web -- true
check "nothing is left" test ! -e "$root/web"
check_eq "no word of all that" "$(grep -v 'ready\|lives on' "$SUPERVISOR_LOG")" ""

# Several supervisors, one place.
mkdir "$root/other"
check "the supervisor ends" stop_supervisor
check "a cgroup of somebody else's is left" rmdir "$root/other"
start_supervisor || ktap_bail "no supervisor"
rmdir "$root"
check "the place was removed by somebody: it is made anew" start web
check "for the container" in_cgroup "$INIT" /purser/web
check_eq "with the controllers on" "$(<"$root/cgroup.subtree_control")" \
	"cpuset memory pids"
check "the supervisor ends" stop_supervisor
check "and leaves no cgroup" test ! -e "$root"
check_eq "no word of that" "$(grep -v 'ready\|lives on' "$SUPERVISOR_LOG")" ""

# A place of one's own.
mkdir "$top/mine"
at_exit rmdir "$top/mine"
start_supervisor "$PURSER_ROOTFS" --cgroup-root "$top/mine/box" ||
	ktap_bail "no supervisor"
check "a place of one's own" start web
check "is used" in_cgroup "$INIT" /mine/box/web
check "the memory controller is on there" test -e "$top/mine/box/web/memory.current"
check "the supervisor ends" stop_supervisor
check_eq "and leaves none" "$(ls -d "$top"/{mine/*/,purser} 2>/dev/null)" ""

ktap_end
