#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the kernel counts by user or for the whole machine, and a container could use
# up: root of a container is the same user as root of the host. Each limit is tried
# from inside; the host takes one more then.

# shellcheck source=isolation.sh
. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
cp "$PURSER_TEST_BIN/user_quotas" "$TEST_DIR/root/bin/" || ktap_bail "no program"
make_busybox_root "$TEST_DIR/other" || ktap_bail "no second root"

took() {
	engine logs "$1" 2>/dev/null | grep -q "^$1 "
}

# take KIND - a container of that name takes all that it can; sets TOOK and ERROR
take() {
	engine start "$1" "$TEST_DIR/root" -- user_quotas "$1" >/dev/null ||
		ktap_bail "the container for $1 does not start"
	wait_for took "$1" || ktap_bail "$1 are taken without an end"
	read -r _ TOOK ERROR < <(engine logs "$1")
	ktap_diag "$1: $TOOK"
}

give_back() {
	engine stop "$1" --signal KILL >/dev/null
}

# one KIND - what the host's root gets, who asks for one
one() {
	"$PURSER_TEST_BIN/user_quotas" "$1" 1
}

# all_of KIND - a process of the host's root takes all of them, until it is killed
all_of() {
	coproc TAKER { exec "$PURSER_TEST_BIN/user_quotas" "$1"; }
	read -r line <&"${TAKER[0]}"
}

# check_half KIND ERROR - a container takes what there is for it, the host has more;
# without the limit, one process takes the other's share too
check_half() {
	take "$1"
	check_eq "$1: a container comes to an end" "$ERROR" "$2"
	check_eq "$1: there is one more for the host" "$(one "$1")" "$1 1 -"
	give_back "$1"
	all_of "$1"
	check_eq "$1: without the container's limit there is none" "$(one "$1")" \
		"$1 0 $2"
	kill "$TAKER_PID" && wait "$TAKER_PID" 2>/dev/null
}

check_half signals EAGAIN
mkdir -p /dev/mqueue
mountpoint -q /dev/mqueue || mount -t mqueue mqueue /dev/mqueue
check_half queues EMFILE
rm -f /dev/mqueue/quota-*

take terminals
check_eq "terminals: a container has 256" "$TOOK $ERROR" "256 ENOSPC"
give_back terminals

take dev
check_eq "files in /dev: it comes to an end" "$ERROR" ENOSPC
check "of which there are a thousand" test "$TOOK" -le 1024 -a "$TOOK" -ge 900
give_back dev
take shm
check_eq "files in /dev/shm: it comes to an end" "$ERROR" ENOSPC
check "of which there are sixteen thousand" test "$TOOK" -le 16384
give_back shm

# --- Instances of inotify, which no limit of a process is for ---

take inotify
check_eq "inotify: a container takes all" "$ERROR" EMFILE
check_eq "there is none for the host" "$(one inotify)" "inotify 0 EMFILE"

mkfifo "$TEST_DIR/other/tmp/go"
# shellcheck disable=SC2016
engine start writer "$TEST_DIR/other" -- sh -c \
	'echo first; read -r line </tmp/go; echo "$line"' >/dev/null
engine logs -f writer >"$TEST_DIR/followed" 2>&1 &
follower=$!
check "logs -f prints what there is" wait_for grep -qx first "$TEST_DIR/followed"
echo second >"$TEST_DIR/other/tmp/go"
check "and what comes" wait_for grep -qx second "$TEST_DIR/followed"
check_status "until the container has ended" 0 wait "$follower"
check_eq "all of it" "$(<"$TEST_DIR/followed")" $'first\nsecond'
give_back inotify

# --- Contexts of asynchronous I/O, of which the machine has so many ---

take aio
check_eq "aio: a container takes all" "$ERROR" EAGAIN
check_eq "there is none for the host" "$(one aio)" "aio 0 EAGAIN"
give_back aio
check_eq "until the container has ended" "$(one aio)" "aio 1 -"

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
		check_eq "its cgroup has the CPUs asked for" \
			"$(<$cpuset/bound/cpuset.cpus)" 0
		[ "$on" ] || echo 0-1 >$cpuset/bound/cpuset.cpus
		echo go >"$TEST_DIR/other/tmp/go"
		wait_for bound
		if [ "$on" ]; then
			check_eq "a container cannot leave them" "$(mask bound)" \
				"mask 1"
		else
			check_eq "without that it can" "$(mask bound)" "mask 3"
		fi
		engine stop bound --signal KILL >/dev/null
	done
else
	ktap_skip "a container cannot leave its CPUs" "no cpuset controller"
fi

# --- The kernel's choice when memory is short ---

echo -500 >"/proc/$SUPERVISOR_PID/oom_score_adj"
# shellcheck disable=SC2016
engine run spared "$TEST_DIR/other" -- sh -c 'cat /proc/self/oom_score_adj
	echo -1 >/proc/self/oom_score_adj || echo refused
	echo 1 >/proc/self/oom_score_adj && echo raised' 2>/dev/null
check_eq "the supervisor is spared, its containers are not" \
	"$(cat "/proc/$SUPERVISOR_PID/oom_score_adj"; engine logs spared |
		grep -v 'sh:')" $'-500\n0\nrefused\nraised'

ktap_end
