#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The wall: the limits memory.max and pids.max of the container's cgroup. They stand
# behind the hard limit, which does not count memory that no page table maps, nor
# processes. A container takes each kind of memory twice: with the wall, which must stop
# it, and without, where it must get all of it. The second run proves that the program
# really takes what the wall should stop.
#
# timeout: 600

. "$(dirname "$0")/engine.sh"
. "$(dirname "$0")/../lib/swap.sh"

require_module
root=/sys/fs/cgroup/purser
for controller in memory pids; do
	grep -qw $controller /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "cgroup v2 has no $controller controller here"
done
require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
cp "$PURSER_TEST_BIN/take" "$TEST_DIR/root/bin/" || ktap_bail "cannot copy the program"

MIB=$((1 << 20))

# limits CGROUP - print the files that the wall consists of
limits() {
	cd "$root/$1" && echo "$(<memory.max) $(<memory.oom.group) $(<pids.max)" &&
		[ "$(<memory.max)" = "$(<memory.swap.max)" ]
}

# check_limits POINT WANT [OPTION...] - check the limits of a container with these options
check_limits() {
	engine start walled "${@:3}" -- sleep 100000 >/dev/null ||
		ktap_diag "the container does not start"
	check_eq "$1" "$(limits walled)" "$2"
	check_eq "$1: ps shows the same" \
		"$(value walled /memory_max) $(value walled /pids_max)" \
		"$(limits walled | sed 's/ [01] / /; s/max/0/g')"
	engine stop walled --signal KILL >/dev/null
}

# --- The values ---

check_limits "by default memory.max is 128 MiB and pids.max 2048" "$((128 * MIB)) 1 2048"
check_limits "memory.max is 64 MiB above a small hard limit" "$((96 * MIB)) 1 2048" \
	--hard-mib 32
check_limits "memory.max is twice a large hard limit" \
	"$((1000 * MIB)) 1 2048" --hard-mib 500
check_limits "without a hard limit memory.max is max" "max 0 2048" --hard-mib 0
check_limits "--memory-max-mib and --pids-max set the limits" "$((80 * MIB)) 1 17" \
	--memory-max-mib 80 --pids-max 17
check_limits "--memory-max-mib may equal the hard limit" \
	"$((64 * MIB)) 1 2048" --memory-max-mib 64
check_limits "--memory-max-mib needs no hard limit" "$((8 * MIB)) 1 2048" \
	--hard-mib 0 --memory-max-mib=8
check_limits "\"none\" removes both limits" \
	"max 0 max" --memory-max-mib none --pids-max=none

engine run over -- true
check_eq "ps shows no limits of an ended container" \
	"$(value over /memory_max /pids_max)" "null null"
BEFORE=$(traces)
untraced "--memory-max-mib below the hard limit" 2 \
	"start: memory.max of 31 MiB is below the hard limit of 32 MiB" \
	engine start no --hard-mib 32 --memory-max-mib 31 -- true
untraced "--memory-max-mib 0" 2 \
	'start: --memory-max-mib: "0" is out of range; it must be a whole number of MiB, at least 1, or "none"' \
	engine start no --memory-max-mib 0 -- true
untraced "--pids-max 0" 2 \
	'start: --pids-max: "0" is out of range; it must be a number from 1 to 4194304, or "none"' \
	engine start no --pids-max 0 -- true

# --- Memory ---

# take NAME OPTIONS KIND N [PATH] - start a container that takes N units of that kind
take() {
	local options

	read -ra options <<<"$2"
	engine start "$1" "$TEST_DIR/root" "${options[@]}" -- take "${@:3}" \
		>/dev/null
}

# said NAME - the container has printed something
said() {
	[ "$(engine logs "$1")" ]
}

# stopped_by_wall KIND - check that the container of that name was killed by the wall
stopped_by_wall() {
	check "$1: the container ends" wait_for has_ended "$1"
	check_eq "$1: the OOM killer of its cgroup killed all its processes" \
		"$(value "$1" /reason /oom_scope /signal /processes)" \
		'oom_killed cgroup 9 0'
	check_eq "$1: the container did not get all of the memory" "$(engine logs "$1")" ""
	ktap_diag "$1: peak of usage $(($(value "$1" /peak) / 1024)) KiB"
}

# check_wall KIND LIMITS N [PATH] - check that the wall stops a container that takes N, and
# that the container gets N without the wall
check_wall() {
	local kind=$1

	take "$kind" "$2" "$kind" "${@:3}"
	stopped_by_wall "$kind"
	rm -rf "$TEST_DIR/root/big"
	take "$kind" "$2 --memory-max-mib none" "$kind" "${@:3}"
	check "$kind: without the wall the container takes the memory" wait_for said "$kind"
	check_eq "$kind: without the wall the container gets all and lives" \
		"$(engine logs "$kind"; value "$kind" /state)" \
		"took $3"$'\nrunning'
	check "$kind: the cgroup's memory is then above the limit of the wall" test \
		"$(<"$root/$kind/memory.current")" -gt "$(wall_of "$2")"
	check "$kind: usage is then below the hard limit" test \
		"$(value "$kind" /usage)" -lt "$(value "$kind" /hard_limit)"
	engine stop "$kind" --signal KILL >/dev/null
}

# wall_of OPTIONS - print memory.max of a container with these options, in bytes
wall_of() {
	local name=probe options

	read -ra options <<<"$1"
	engine start $name "${options[@]}" -- sleep 100000 >/dev/null
	cat "$root/$name/memory.max"
	engine stop $name --signal KILL >/dev/null
}

check_wall memfd "--hard-mib 32" 200
small="--hard-mib 8 --memory-max-mib 16"
check_wall sysv "$small" 24
check_wall tables "$small" 24
check_wall pipes "$small" 24
check_wall sockets "$small" 24
check_wall file "$small" 24 /dev/shm/big
# A tmpfs has at most 16384 inodes here.
check_wall inodes "--hard-mib 4 --memory-max-mib 8" 16000 /dev/shm

take private "--hard-mib 8 --memory-max-mib 64" private 40
check "a container that takes mapped memory ends" wait_for has_ended private
check_eq "the hard limit ends that container before the wall" \
	"$(value private /reason)" hard_limit_killed

# --- Swap ---

# A container can swap as much as memory.max.

# take_swapping NAME - start a container that takes 64 MiB, twice the sum of its memory and
# swap, when /go exists
take_swapping() {
	rm -f "$TEST_DIR/root/go"
	engine start "$1" "$TEST_DIR/root" --hard-mib 8 --memory-max-mib 16 -- \
		sh -c 'until [ -e /go ]; do sleep 1; done; exec take memfd 64' \
		>/dev/null
}

if start_swap >"$TEST_DIR/why" 2>&1; then
	take_swapping swap
	touch "$TEST_DIR/root/go"
	stopped_by_wall swap
	take_swapping unswapped
	echo max >"$root/unswapped/memory.swap.max"
	touch "$TEST_DIR/root/go"
	check "without memory.swap.max the container takes all of the memory" \
		wait_for said unswapped
	check_eq "without memory.swap.max the container lives" \
		"$(value unswapped /state)" running
	engine stop unswapped --signal KILL >/dev/null
else
	ktap_skip "swap" "cannot swap to zram: $(<"$TEST_DIR/why")"
fi

# --- Processes ---

# host_forks - processes of the host can fork
host_forks() {
	local i

	for i in {1..20}; do
		(exit 7)
		[ $? -eq 7 ] || return
	done
}

# check_storm KIND - check that pids.max stops a container that makes 3000 threads or
# processes, and that it gets them without pids.max
check_storm() {
	local again='Resource temporarily unavailable'

	take "$1" "--hard-mib 256" "$1" 3000
	check "$1: the container makes as many as it can" wait_for said "$1"
	check_eq "$1: pids.max stops it at 2047, besides its first process" \
		"$(engine logs "$1")" "took 2047 of 3000: $again"
	check_eq "$1: the container lives with 2048 of them" \
		"$(value "$1" /state) $(<"$root/$1/pids.current")" "running 2048"
	check "$1: the host can make processes meanwhile" host_forks
	check "$1: another container runs meanwhile" engine run other -- true
	check "$1: the container can be stopped" engine stop "$1" --signal KILL
	take "$1" "--hard-mib 256 --pids-max none" "$1" 3000
	check "$1: without pids.max the container makes as many as it wants" \
		wait_for said "$1"
	check_eq "$1: without pids.max the container gets all 3000" \
		"$(engine logs "$1") $(<"$root/$1/pids.current")" "took 3000 3001"
	check "$1: that container can be stopped" engine stop "$1" --signal KILL
}

check_storm threads
check_storm processes

# --- Later changes do not move the wall ---

engine start stays --hard-mib 32 --pids-max 9 -- sleep 100000 >/dev/null
before=$(limits stays)
check "purserctl sets other limits" purserctl set stays --soft-mib 500 --hard-mib 500
check_eq "limits that purserctl sets do not move the wall" "$(limits stays)" "$before"
die
start_supervisor || ktap_bail "cannot start a supervisor"
check_eq "the next supervisor does not move the wall" "$(limits stays)" "$before"
check_eq "ps of the next supervisor shows the wall" "$(value stays /memory_max /pids_max)" \
	"$((96 * MIB)) 9"
check_eq "the supervisor printed no complaint" "$(grep -v ready "$SUPERVISOR_LOG")" ""

ktap_end
