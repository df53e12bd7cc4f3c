#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The wall behind the hard limit: memory that no page table maps, and processes.
# Each way to take them is tried twice: with the wall, which ends the container or
# refuses, and without it, where all is had. Without that the first proved nothing.
#
# timeout: 600

. "$(dirname "$0")/engine.sh"
. "$(dirname "$0")/../lib/swap.sh"

require_module
root=/sys/fs/cgroup/purser
for controller in memory pids; do
	grep -qw $controller /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "no $controller controller in the cgroup tree"
done
require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
cp "$PURSER_TEST_BIN/take" "$TEST_DIR/root/bin/" || ktap_bail "no program"

MIB=$((1 << 20))

# limits CGROUP - of all kinds that a wall is made of, as words
limits() {
	cd "$root/$1" && echo "$(<memory.max) $(<memory.oom.group) $(<pids.max)" &&
		[ "$(<memory.max)" = "$(<memory.swap.max)" ]
}

# check_limits POINT WANT [OPTION...] - of a container with these options
check_limits() {
	engine start walled "${@:3}" -- sleep 100000 >/dev/null ||
		ktap_diag "it does not start"
	check_eq "$1" "$(limits walled)" "$2"
	check_eq "$1: engine ps shows them" \
		"$(value walled /memory_max) $(value walled /pids_max)" \
		"$(limits walled | sed 's/ [01] / /; s/max/0/g')"
	engine stop walled --signal KILL >/dev/null
}

# --- The values ---

check_limits "without options" "$((128 * MIB)) 1 2048"
check_limits "a small hard limit: 64 MiB above it" "$((96 * MIB)) 1 2048" \
	--hard-mib 32
check_limits "a large one: twice as much" "$((1000 * MIB)) 1 2048" --hard-mib 500
check_limits "no hard limit: nothing to stand behind" "max 0 2048" --hard-mib 0
check_limits "values of one's own" "$((80 * MIB)) 1 17" \
	--memory-max-mib 80 --pids-max 17
check_limits "as low as the hard limit" "$((64 * MIB)) 1 2048" --memory-max-mib 64
check_limits "without a hard limit" "$((8 * MIB)) 1 2048" \
	--hard-mib 0 --memory-max-mib=8
check_limits "switched off" "max 0 max" --memory-max-mib none --pids-max=none

engine run over -- true
check_eq "a container that has ended has none" \
	"$(value over /memory_max /pids_max)" "null null"
BEFORE=$(traces)
untraced "a wall in front of the hard limit" 2 \
	"start: memory.max of 31 MiB is below the hard limit of 32 MiB" \
	engine start no --hard-mib 32 --memory-max-mib 31 -- true
untraced "no memory at all" 2 \
	'start: memory.max "0": neither a whole number of MiB above 0 nor "none"' \
	engine start no --memory-max-mib 0 -- true
untraced "no process at all" 2 \
	'start: pids.max "0": neither a number from 1 to 4194304 nor "none"' \
	engine start no --pids-max 0 -- true

# --- Memory ---

# take NAME OPTIONS KIND N [PATH] - a container that takes it, the log below
take() {
	local options

	read -ra options <<<"$2"
	engine start "$1" "$TEST_DIR/root" "${options[@]}" -- take "${@:3}" \
		>/dev/null
}

# said NAME - the last line of its log, once there is one; for wait_for
said() {
	[ "$(engine logs "$1")" ]
}

has_ended() {
	value_is "$1" /state exited
}

# stopped_by_wall KIND LINE - the container of that name has run into the wall
stopped_by_wall() {
	check "$1: the wall ends it" wait_for has_ended "$1"
	check_eq "$1: for want of memory in its cgroup, with all of it" \
		"$(value "$1" /reason /oom_scope /signal /processes)" \
		'oom_killed cgroup 9 0'
	check_eq "$1: it did not get all" "$(engine logs "$1")" ""
	ktap_diag "$1: peak of usage $(($(value "$1" /peak) / 1024)) KiB"
}

# check_wall KIND LIMITS N [PATH] - N is too much for them, and not without
check_wall() {
	local kind=$1

	take "$kind" "$2" "$kind" "${@:3}"
	stopped_by_wall "$kind"
	rm -rf "$TEST_DIR/root/big"
	take "$kind" "$2 --memory-max-mib none" "$kind" "${@:3}"
	check "$kind: without the wall it gets all" wait_for said "$kind"
	check_eq "$kind: and lives" \
		"$(engine logs "$kind"; value "$kind" /state)" \
		"took $3"$'\nrunning'
	check "$kind: above what the wall was" test \
		"$(<"$root/$kind/memory.current")" -gt "$(wall_of "$2")"
	check "$kind: usage is below the hard limit" test \
		"$(value "$kind" /usage)" -lt "$(value "$kind" /hard_limit)"
	engine stop "$kind" --signal KILL >/dev/null
}

# wall_of OPTIONS - in bytes
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
# There may be no more than 16384 of them.
check_wall inodes "--hard-mib 4 --memory-max-mib 8" 16000 /dev/shm

take private "--hard-mib 8 --memory-max-mib 64" private 40
check "memory that is mapped" wait_for has_ended private
check_eq "ends it at the hard limit, before the wall" \
	"$(value private /reason)" hard_limit_killed

# --- Swap ---

# What does not fit below memory.max goes there, up to as much again.

# take_swapping NAME - 64 MiB, twice what memory and swap are worth, when /go is there
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
	check "without memory.swap.max it gets all" wait_for said unswapped
	check_eq "and lives, in swap" "$(value unswapped /state)" running
	engine stop unswapped --signal KILL >/dev/null
else
	ktap_skip "swap" "no swap in compressed memory: $(<"$TEST_DIR/why")"
fi

# --- Processes ---

# host_forks - whoever is not in that container can
host_forks() {
	local i

	for i in {1..20}; do
		(exit 7)
		[ $? -eq 7 ] || return
	done
}

# check_storm KIND - 3000 of them are too many, and not without pids.max
check_storm() {
	local again='Resource temporarily unavailable'

	take "$1" "--hard-mib 256" "$1" 3000
	check "$1: a storm of them" wait_for said "$1"
	check_eq "$1: stops at pids.max, the first one counted" \
		"$(engine logs "$1")" "took 2047 of 3000: $again"
	check_eq "$1: the container lives, with so many" \
		"$(value "$1" /state) $(<"$root/$1/pids.current")" "running 2048"
	check "$1: the host makes processes all the same" host_forks
	check "$1: and containers" engine run other -- true
	check "$1: it can be stopped" engine stop "$1" --signal KILL
	take "$1" "--hard-mib 256 --pids-max none" "$1" 3000
	check "$1: without pids.max" wait_for said "$1"
	check_eq "$1: it gets all" \
		"$(engine logs "$1") $(<"$root/$1/pids.current")" "took 3000 3001"
	check "$1: it can be stopped" engine stop "$1" --signal KILL
}

check_storm threads
check_storm processes

# --- What comes later leaves it where it is ---

engine start stays --hard-mib 32 --pids-max 9 -- sleep 100000 >/dev/null
before=$(limits stays)
check "other limits" purserctl set stays --soft-mib 500 --hard-mib 500
check_eq "do not move the wall" "$(limits stays)" "$before"
die
start_supervisor || ktap_bail "no supervisor"
check_eq "nor does the next supervisor" "$(limits stays)" "$before"
check_eq "which shows it" "$(value stays /memory_max /pids_max)" \
	"$((96 * MIB)) 9"
check_eq "nothing was complained of" "$(grep -v ready "$SUPERVISOR_LOG")" ""

ktap_end
