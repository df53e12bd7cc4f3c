#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Pages that are swapped out do not count. They count again when they come back.

. "$(dirname "$0")/memory.sh"
. "$(dirname "$0")/../lib/swap.sh"

require_machine
require_cgroups

start_swap >"$TEST_DIR/why" 2>&1 ||
	ktap_skip_all "cannot swap to zram: $(<"$TEST_DIR/why")"

require_module sweep_ms=100
start_monitor || ktap_bail "cannot listen to the events"

# swapped MIB - at least MIB of the process are swapped out
swapped() {
	[ "$(sum_of VmSwap "/proc/$PID/status")" -ge $(($1 * MIB)) ]
}

# check_swapping NAME - an actor with a soft limit of 24 MiB is swapped out and back
check_swapping() {
	local name=$1 peak

	mark "$name" "$PID"
	act small 32
	act touch 32
	check_grown "$name: rss and usage count 32 MiB" "$name" 32
	check "$name: usage crosses the soft limit" wait_event "$name" soft_limit
	field "$(purserctl show "$name" --json)" peak
	peak=$REPLY
	act pageout
	check "$name: the memory is swapped out" wait_for swapped 24
	check "$name: rss agrees with the page tables after that" \
		wait_so agrees "$name" 1 "$PID"
	check "$name: usage is below 12 MiB after that" test "$(value "$name" usage)" -lt \
		$((12 * MIB))
	check "$name: usage falls below the soft limit" wait_event "$name" soft_clear
	check_record "$name: peak stays" "$name" peak="$peak"
	act touch 32
	check_grown "$name: rss and usage count the memory when it is back" "$name" 32
	check_event "$name: usage crosses the soft limit again" "$name" soft_limit \
		soft_crossings=2
	act free
	check_grown "$name: rss and usage fall when the memory is given back" "$name" 0
}

start_actor
register alone --soft-mib 24
check_swapping alone

# Another process swaps it out.
act small 32
address=$ANSWER
act touch 32
_run outside pageout "$PID" "$address" 32
if [ "$_status" -eq 3 ]; then
	ktap_skip "another process swaps the memory out" \
		"this kernel has no process_madvise()"
else
	check_eq "another process swaps the memory out" "$_status$OUTPUT" 0
	check "the memory is swapped out after that" wait_for swapped 24
	check "rss agrees with the page tables after that" wait_so agrees alone 1 "$PID"
fi
end_actor alone

start_in_cgroup cgroup --soft-mib 24
check_swapping cgroup
end_actor cgroup

# The limit acts when pages come back, without the sweep.
start_actor
register back
act small 64
act touch 64
act pageout
check "64 MiB are swapped out" wait_for swapped 48
wait_for agrees back 1 "$PID"
echo 60000 >/sys/module/purser/parameters/sweep_ms
purserctl set back --hard-mib 32
check_record "a hard limit below the swapped memory does not kill" back state=running
order touch 64
check_killed "the hard limit acts when the memory comes back" \
	back 32 1024 "$PID" 0 memory_actor

check_unload
ktap_end
