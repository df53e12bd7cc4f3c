#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is swapped out is not used, and is again when it comes back.

. "$(dirname "$0")/memory.sh"
. "$(dirname "$0")/../lib/swap.sh"

require_machine
require_cgroups

start_swap >"$TEST_DIR/why" 2>&1 ||
	ktap_skip_all "no swap in compressed memory: $(<"$TEST_DIR/why")"

require_module sweep_ms=100
start_monitor || ktap_bail "cannot listen to the events"

swapped() {	# swapped MIB: the process has so much out
	[ "$(sum_of VmSwap "/proc/$PID/status")" -ge $(($1 * MIB)) ]
}

# check_swapping NAME: an actor that is registered with a soft limit of 24 MiB
check_swapping() {
	local name=$1 peak

	mark "$name" "$PID"
	act small 32
	act touch 32
	check_grown "$name: 32 MiB" "$name" 32
	check "$name: above the soft limit" wait_event "$name" soft_limit
	field "$(purserctl show "$name" --json)" peak
	peak=$REPLY
	act pageout
	check "$name: swapped out" wait_for swapped 24
	check "$name: that is as much less" wait_so agrees "$name" 1 "$PID"
	check "$name: of usage, too" test "$(value "$name" usage)" -lt \
		$((12 * MIB))
	check "$name: below the soft limit" wait_event "$name" soft_clear
	check_record "$name: the peak stays" "$name" peak="$peak"
	act touch 32
	check_grown "$name: back again" "$name" 32
	check_event "$name: above the soft limit again" "$name" soft_limit \
		soft_crossings=2
	act free
	check_grown "$name: given back" "$name" 0
}

start_actor
register alone --soft-mib 24
check_swapping alone

# By another process
act small 32
address=$ANSWER
act touch 32
_run outside pageout "$PID" "$address" 32
if [ "$_status" -eq 3 ]; then
	ktap_skip "swapped out by another" "this kernel has no process_madvise()"
else
	check_eq "another swaps it out" "$_status$OUTPUT" 0
	check "it is out" wait_for swapped 24
	check "that is as much less" wait_so agrees alone 1 "$PID"
fi
end_actor alone

start_in_cgroup cgroup --soft-mib 24
check_swapping cgroup
end_actor cgroup

# What comes back is seen when it does.
start_actor
register back
act small 64
act touch 64
act pageout
check "64 MiB are out" wait_for swapped 48
wait_for agrees back 1 "$PID"
echo 60000 >/sys/module/purser/parameters/sweep_ms
purserctl set back --hard-mib 32
check_record "a hard limit of 32 is no harm" back state=running
order touch 64
check_killed "until they come back" back 32 1024 "$PID" 0 memory_actor

check_unload
ktap_end
