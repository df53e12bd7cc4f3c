#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# With fault_accounting=0 only the sweep measures. It sees memory that is taken and given
# back, and it cannot tell which process crossed a limit.

. "$(dirname "$0")/memory.sh"

require_module sweep_ms=100 fault_accounting=0
start_monitor || ktap_bail "cannot listen to the events"

start_actor
register swept --soft-mib 32
field "$(purserctl show swept --json)" id
id=$REPLY
check "rss of a small program agrees with the page tables" wait_so agrees swept 1 "$PID"
mark swept "$PID"
act anon 24
check_grown "the sweep sees memory that is taken" swept 24
act free
check_grown "the sweep sees memory that is given back" swept 0
act anon 24
check_grown "memory counts before execve()" swept 24
order exec
wait_line ready
check_grown "memory of before does not count after execve()" swept 0

act fork 2
children=("${ANSWERS[@]}")
check "rss of three processes agrees with the page tables" \
	wait_so agrees swept 3 "$PID" "${children[@]}"
act child 0 anon 16
check "rss agrees with the page tables after a child takes 16 MiB" \
	wait_so agrees swept 3 "$PID" "${children[@]}"
act child 1 anon 20
check_event "two children together cross the soft limit" swept soft_limit soft_crossings=1 \
	processes=3
act child 0 exit
check_event "usage falls below the soft limit when a child exits" swept soft_clear
check "rss agrees with the page tables after a child's exit" \
	wait_so agrees swept 2 "$PID" "${children[1]}"
kill -KILL "${children[1]}"
check "rss agrees with the page tables after a child is killed" \
	wait_so agrees swept 1 "$PID"
check_eq "each crossing makes one event" "$(events_of "$id")" \
	"registered soft_limit soft_clear"
end_actor swept

start_actor
register swept --hard-mib 32
act fork 2
order child 1 anon 64
check_event "a child crosses the hard limit" swept hard_limit hard_limit=$((32 * MIB))
check_no_match "the event names no process" "$EVENT" '"crossed_by":\{'
check_event "the hard limit ends the container" \
	swept exited reason=hard_limit_killed signal=9
check "no process of the container is left" wait_for eval '! pgrep -x memory_actor'
purserctl unregister swept

check_unload
ktap_end
