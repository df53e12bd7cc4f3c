#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Machines where a container cannot have a cgroup of its own: the supervisor
# says so once, why, and goes on without.

. "$(dirname "$0")/engine.sh"

require_module
top=/sys/fs/cgroup
grep -qw memory "$top/cgroup.controllers" 2>/dev/null ||
	ktap_skip_all "no memory controller in the cgroup tree"

# In front of engine: the machine as the script "mounts" makes it, for whatever
# it starts.
mkdir "$TEST_DIR/bin"
cat >"$TEST_DIR/bin/engine" <<END
#!/bin/sh
exec unshare --mount sh -c '. "$TEST_DIR/mounts"; exec $PURSER_BIN/engine "\$@"' \
	engine "\$@"
END
chmod +x "$TEST_DIR/bin/engine"
PATH=$TEST_DIR/bin:$PATH

# without NAME WHERE WHY MOUNTS [OPTION...]
without() {
	local name=$1 where=$2 why=$3 own

	echo "$4" >"$TEST_DIR/mounts"
	shift 4
	rm -f "$SUPERVISOR_LOG"
	own=$(</proc/self/cgroup)
	check "$name: the supervisor starts" start_supervisor \
		"$PURSER_ROOTFS" "$@"
	check "$name: so does a container" engine start one -- sleep 100000
	check_status "$name: and another" 3 engine run two -- sh -c 'exit 3'
	refused "$name: with a wall of one's own" 1 \
		"container \"no\": there is no memory.max to set; the supervisor said why when it started" \
		engine start no --memory-max-mib 64 -- true
	check "$name: without any" engine run two --memory-max-mib none \
		--pids-max none -- true
	check_eq "$name: they are where the supervisor is" \
		"$(grep ^0:: "/proc/$(value one /pid)/cgroup")" \
		"$(grep ^0:: "/proc/$SUPERVISOR_PID/cgroup")"
	check "$name: the supervisor ends" stop_supervisor
	check_eq "$name: this was said" \
		"$(grep -v 'supervisor ready' "$SUPERVISOR_LOG")" \
		"engine: containers get no cgroup of their own: $where: $why"
	check "$name: no cgroup is left" test ! -e "$top/purser"
	check_eq "$name: nobody was moved" "$(</proc/self/cgroup)" "$own"
}

off() {
	echo -memory >"$top/cgroup.subtree_control"
}
at_exit off

without "nothing mounted" /proc/self/mountinfo "cgroup v2 is not mounted" \
	"umount $top"
without "hidden" /proc/self/mountinfo "cgroup v2 is not mounted" \
	"mount -t tmpfs tmpfs $top"
without "v1 alone" /proc/self/mountinfo "cgroup v1 is mounted, v2 is not" \
	"umount $top; mount -t cgroup -o none,name=purser-test cgroup $top"

off
mkdir "$top/poor"
at_exit rmdir "$top/poor"
without "no memory controller" "$top" "the memory controller is not there" \
	"mount --bind $top/poor $top"

without "read-only" "$top" "Read-only file system" "mount -o remount,bind,ro $top"
echo +memory >"$top/cgroup.subtree_control"
without "read-only, the controller on" "$top/purser" "Read-only file system" \
	"mount -o remount,bind,ro $top"
mkdir "$top/purser"
echo +memory >"$top/purser/cgroup.subtree_control"
echo "mount -o remount,bind,ro $top" >"$TEST_DIR/mounts"
rm -f "$SUPERVISOR_LOG"
check "read-only, all there: the supervisor starts" start_supervisor
check_status "so does a container" 3 engine run two -- sh -c 'exit 3'
check "the supervisor ends" stop_supervisor
check_match "it has said why" "$(<"$SUPERVISOR_LOG")" \
	"no cgroup of their own: $top/purser: Read-only file system"
rmdir "$top/purser"

# No processes in a cgroup whose controllers are on for those below.
mkdir "$top/busy"
at_exit rmdir "$top/busy"
sleep 100000 &
busy=$!
echo "$busy" >"$top/busy/cgroup.procs"
without "in use" "$top/busy" \
	"processes in it keep the memory controller from being turned on" : \
	--cgroup-root "$top/busy/box"
kill "$busy"
wait "$busy"

without "not in a cgroup" "$TEST_DIR/box" "not a folder in a cgroup of version 2" \
	: --cgroup-root "$TEST_DIR/box"
without "a place that is not there" "$top/none/box" "No such file or directory" \
	: --cgroup-root "$top/none/box"

# All but the pids controller: the mount shows a part of the tree that has none.
echo "+memory -pids -cpuset" >"$top/cgroup.subtree_control"
mkdir "$top/few"
at_exit rmdir "$top/few"
echo "mount --bind $top/few $top" >"$TEST_DIR/mounts"
rm -f "$SUPERVISOR_LOG"
check "no pids controller: the supervisor starts" start_supervisor
check "so does a container" engine start one --hard-mib 32 -- sleep 100000
check_eq "its memory has a wall, its processes have none" \
	"$(value one /memory_max /pids_max)" "$((96 << 20)) 0"
refused "with a limit of one's own" 1 \
	'container "no": there is no pids.max to set; the supervisor said why when it started' \
	engine start no --pids-max 10 -- true
check "the supervisor ends" stop_supervisor
check_eq "this was said, once" \
	"$(grep -v 'supervisor ready' "$SUPERVISOR_LOG")" \
	"engine: the number of processes of containers is not limited: $top: the pids controller is not there
engine: processes in containers can leave the CPUs that --cpus names: $top: the cpuset controller is not there"

ktap_end
