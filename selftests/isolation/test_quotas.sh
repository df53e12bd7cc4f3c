#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container cannot use up what the kernel counts by user or for the whole machine,
# although root of a container is the same user as root of the host. A container takes
# all that it gets of each kind; then the host must get one more.

# shellcheck source=isolation.sh
. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
cp "$PURSER_TEST_BIN/user_quotas" "$TEST_DIR/root/bin/" ||
	ktap_bail "cannot copy the program"
make_busybox_root "$TEST_DIR/other" || ktap_bail "cannot make a second root"

took() {
	engine logs "$1" 2>/dev/null | grep -q "^$1 "
}

# take KIND - let a container of that name take all that it gets; sets TOOK and ERROR
take() {
	engine start "$1" "$TEST_DIR/root" -- user_quotas "$1" >/dev/null ||
		ktap_bail "the container for $1 does not start"
	wait_for took "$1" || ktap_bail "$1: the container reaches no limit"
	read -r _ TOOK ERROR < <(engine logs "$1")
	ktap_diag "$1: $TOOK"
}

give_back() {
	engine stop "$1" --signal KILL >/dev/null
}

# one KIND - let root of the host take one, and print the result
one() {
	"$PURSER_TEST_BIN/user_quotas" "$1" 1
}

# all_of KIND - let a process of root of the host take all and hold them
all_of() {
	coproc TAKER { exec "$PURSER_TEST_BIN/user_quotas" "$1"; }
	read -r line <&"${TAKER[0]}"
}

# check_half KIND ERROR - check that the host can take one more than a container can, and
# that it cannot without the container's limit
check_half() {
	take "$1"
	check_eq "$1: a container reaches its limit" "$ERROR" "$2"
	check_eq "$1: the host gets one more" "$(one "$1")" "$1 1 -"
	give_back "$1"
	all_of "$1"
	check_eq "$1: without the container's limit the host gets none" \
		"$(one "$1")" \
		"$1 0 $2"
	kill "$TAKER_PID" && wait "$TAKER_PID" 2>/dev/null
}

check_half signals EAGAIN
mkdir -p /dev/mqueue
mountpoint -q /dev/mqueue || mount -t mqueue mqueue /dev/mqueue
check_half queues EMFILE
rm -f /dev/mqueue/quota-*

take terminals
check_eq "terminals: a container gets 256" "$TOOK $ERROR" "256 ENOSPC"
give_back terminals

take dev
check_eq "files in /dev: a container reaches its limit" "$ERROR" ENOSPC
check "files in /dev: a container gets about a thousand" \
	test "$TOOK" -le 1024 -a "$TOOK" -ge 900
give_back dev
take shm
check_eq "files in /dev/shm: a container reaches its limit" "$ERROR" ENOSPC
check "files in /dev/shm: a container gets at most 16384" test "$TOOK" -le 16384
give_back shm

# --- Instances of inotify: no limit of a container applies to them ---

take inotify
check_eq "inotify: a container takes all instances" "$ERROR" EMFILE
check_eq "inotify: the host gets none" "$(one inotify)" "inotify 0 EMFILE"

mkfifo "$TEST_DIR/other/tmp/go"
# shellcheck disable=SC2016
engine start writer "$TEST_DIR/other" -- sh -c \
	'echo first; read -r line </tmp/go; echo "$line"' >/dev/null
engine logs -f writer >"$TEST_DIR/followed" 2>&1 &
follower=$!
check "inotify: logs -f prints the existing line" \
	wait_for grep -qx first "$TEST_DIR/followed"
echo second >"$TEST_DIR/other/tmp/go"
check "inotify: logs -f prints a new line" \
	wait_for grep -qx second "$TEST_DIR/followed"
check_status "inotify: logs -f exits when the container has ended" 0 wait "$follower"
check_eq "inotify: logs -f has printed both lines" \
	"$(<"$TEST_DIR/followed")" $'first\nsecond'
give_back inotify

# --- Contexts of asynchronous I/O: the machine has a fixed number ---

take aio
check_eq "aio: a container takes all contexts" "$ERROR" EAGAIN
check_eq "aio: the host gets none" "$(one aio)" "aio 0 EAGAIN"
give_back aio
check_eq "aio: the host gets one when the container has ended" "$(one aio)" "aio 1 -"

# --- CPUs ---

mask() {
	engine logs "$1" | tail -n 1
}

cpuset=/sys/fs/cgroup/purser
# shellcheck disable=SC2016
rebind='read -r line </tmp/go; taskset -p 3 $$ >/dev/null 2>&1; taskset -p $$ |
	sed "s/.*: /mask /"; read -r line </tmp/go'
bound() {
	engine logs bound | grep -q '^mask '
}

if grep -qw cpuset $cpuset/cgroup.subtree_control; then
	for on in 1 ""; do
		engine start bound "$TEST_DIR/other" --cpus 0 -- sh -c "$rebind" \
			>/dev/null
		check_eq "the container's cgroup has the CPUs of --cpus" \
			"$(<$cpuset/bound/cpuset.cpus)" 0
		[ "$on" ] || echo 0-1 >$cpuset/bound/cpuset.cpus
		echo go >"$TEST_DIR/other/tmp/go"
		wait_for bound
		if [ "$on" ]; then
			check_eq "a container cannot leave its CPUs" \
				"$(mask bound)" "mask 1"
		else
			check_eq \
				"without the cgroup's limit it can leave its CPUs" "$(mask bound)" "mask 3"
		fi
		engine stop bound --signal KILL >/dev/null
	done
else
	ktap_skip "a container cannot leave its CPUs" "no cpuset controller"
fi

# --- oom_score_adj: whom the kernel kills when memory is short ---

echo -500 >"/proc/$SUPERVISOR_PID/oom_score_adj"
# shellcheck disable=SC2016
engine run spared "$TEST_DIR/other" -- sh -c 'cat /proc/self/oom_score_adj
	echo -1 >/proc/self/oom_score_adj || echo refused
	echo 1 >/proc/self/oom_score_adj && echo raised' 2>/dev/null
check_eq "containers do not inherit the supervisor's low oom_score_adj" \
	"$(cat "/proc/$SUPERVISOR_PID/oom_score_adj"; engine logs spared |
		grep -v 'sh:')" $'-500\n0\nrefused\nraised'

ktap_end
