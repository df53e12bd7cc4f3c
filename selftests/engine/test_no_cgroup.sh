#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# On machines where a container cannot have a cgroup of its own, the supervisor reports
# the reason once and starts containers without one.

. "$(dirname "$0")/engine.sh"

require_module
top=/sys/fs/cgroup
grep -qw memory "$top/cgroup.controllers" 2>/dev/null ||
	ktap_skip_all "cgroup v2 has no memory controller here"

# A wrapper of engine: it runs the script "mounts" in a new mount namespace, and then
# engine in there.
mkdir "$TEST_DIR/bin"
cat >"$TEST_DIR/bin/engine" <<END
#!/bin/sh
exec unshare --mount sh -c '. "$TEST_DIR/mounts"; exec $PURSER_BIN/engine "\$@"' \
	engine "\$@"
END
chmod +x "$TEST_DIR/bin/engine"
PATH=$TEST_DIR/bin:$PATH

# without NAME WHERE WHY MOUNTS [OPTION...] - check that the supervisor starts containers
# after the commands MOUNTS, and reports WHY no cgroup can be made in WHERE
without() {
	local name=$1 where=$2 why=$3 own

	echo "$4" >"$TEST_DIR/mounts"
	shift 4
	rm -f "$SUPERVISOR_LOG"
	own=$(</proc/self/cgroup)
	check "$name: the supervisor starts" start_supervisor \
		"$PURSER_ROOTFS" "$@"
	check "$name: a container starts" engine start one -- sleep 100000
	check_status "$name: run returns the exit code of a container" 3 \
		engine run two -- sh -c 'exit 3'
	refused "$name: a start with --memory-max-mib is refused" 1 \
		"container \"no\": there is no memory.max to set; the supervisor said why when it started" \
		engine start no --memory-max-mib 64 -- true
	check "$name: a container without limits of a cgroup runs" \
		engine run two --memory-max-mib none \
		--pids-max none -- true
	check_eq "$name: containers are in the supervisor's cgroup" \
		"$(grep ^0:: "/proc/$(value one /pid)/cgroup")" \
		"$(grep ^0:: "/proc/$SUPERVISOR_PID/cgroup")"
	check "$name: the supervisor ends" stop_supervisor
	check_eq "$name: the supervisor reports the reason" \
		"$(grep -v 'supervisor ready' "$SUPERVISOR_LOG")" \
		"engine: containers get no cgroup of their own: $where: $why"
	check "$name: no cgroup is left" test ! -e "$top/purser"
	check_eq "$name: the test's own cgroup is unchanged" "$(</proc/self/cgroup)" "$own"
}

off() {
	echo -memory >"$top/cgroup.subtree_control"
}
at_exit off

without "no cgroup file system" /proc/self/mountinfo "cgroup v2 is not mounted" \
	"umount $top"
without "a tmpfs hides cgroup v2" /proc/self/mountinfo "cgroup v2 is not mounted" \
	"mount -t tmpfs tmpfs $top"
without "only cgroup v1" /proc/self/mountinfo "cgroup v1 is mounted, v2 is not" \
	"umount $top; mount -t cgroup -o none,name=purser-test cgroup $top"

off
mkdir "$top/poor"
at_exit rmdir "$top/poor"
without "no memory controller" "$top" "the memory controller is not there" \
	"mount --bind $top/poor $top"

without "read-only cgroup v2" "$top" "Read-only file system" "mount -o remount,bind,ro $top"
echo +memory >"$top/cgroup.subtree_control"
without "read-only cgroup v2 with the controller enabled" "$top/purser" "Read-only file system" \
	"mount -o remount,bind,ro $top"
mkdir "$top/purser"
echo +memory >"$top/purser/cgroup.subtree_control"
echo "mount -o remount,bind,ro $top" >"$TEST_DIR/mounts"
rm -f "$SUPERVISOR_LOG"
check "read-only, the cgroup exists: the supervisor starts" start_supervisor
check_status "read-only, the cgroup exists: a container runs" 3 \
	engine run two -- sh -c 'exit 3'
check "read-only, the cgroup exists: the supervisor ends" stop_supervisor
check_match "read-only, the cgroup exists: the supervisor reports the reason" \
	"$(<"$SUPERVISOR_LOG")" \
	"no cgroup of their own: $top/purser: Read-only file system"
rmdir "$top/purser"

# A cgroup with processes cannot enable controllers for cgroups below it.
mkdir "$top/busy"
at_exit rmdir "$top/busy"
sleep 100000 &
busy=$!
echo "$busy" >"$top/busy/cgroup.procs"
without "a cgroup with processes" "$top/busy" \
	"processes in it keep the memory controller from being turned on" : \
	--cgroup-root "$top/busy/box"
kill "$busy"
wait "$busy"

without "a --cgroup-root that is no cgroup" "$TEST_DIR/box" "not a folder in a cgroup of version 2" \
	: --cgroup-root "$TEST_DIR/box"
without "a --cgroup-root that does not exist" "$top/none/box" "No such file or directory" \
	: --cgroup-root "$top/none/box"

# The mount shows a part of the tree that has no pids and no cpuset controller.
echo "+memory -pids -cpuset" >"$top/cgroup.subtree_control"
mkdir "$top/few"
at_exit rmdir "$top/few"
echo "mount --bind $top/few $top" >"$TEST_DIR/mounts"
rm -f "$SUPERVISOR_LOG"
check "no pids controller: the supervisor starts" start_supervisor
check "no pids controller: a container starts" \
	engine start one --hard-mib 32 -- sleep 100000
check_eq "no pids controller: the container has memory.max and no pids.max" \
	"$(value one /memory_max /pids_max)" "$((96 << 20)) 0"
refused "no pids controller: a start with --pids-max is refused" 1 \
	'container "no": there is no pids.max to set; the supervisor said why when it started' \
	engine start no --pids-max 10 -- true
check "no pids controller: the supervisor ends" stop_supervisor
check_eq "no pids controller: the supervisor reports each missing controller once" \
	"$(grep -v 'supervisor ready' "$SUPERVISOR_LOG")" \
	"engine: the number of processes of containers is not limited: $top: the pids controller is not there
engine: processes in containers can leave the CPUs that --cpus names: $top: the cpuset controller is not there"

ktap_end
