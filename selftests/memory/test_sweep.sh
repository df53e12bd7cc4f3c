#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Without the page fault: each sweep measures, and what goes between two of them
# is subtracted without anybody telling. It cannot say whose fault it was.

. "$(dirname "$0")/memory.sh"

require_module sweep_ms=100 fault_accounting=0
start_monitor || ktap_bail "cannot listen to the events"

start_actor
register swept --soft-mib 32
field "$(purserctl show swept --json)" id
id=$REPLY
check "a program alone" wait_so agrees swept 1 "$PID"
mark swept "$PID"
act anon 24
check_grown "what it takes" swept 24
act free
check_grown "what it gives back" swept 0
act anon 24
check_grown "before execve()" swept 24
order exec
wait_line ready
check_grown "after it that is gone" swept 0

act fork 2
children=("${ANSWERS[@]}")
check "a fork" wait_so agrees swept 3 "$PID" "${children[@]}"
act child 0 anon 16
check "a child takes 16 MiB" wait_so agrees swept 3 "$PID" "${children[@]}"
act child 1 anon 20
check_event "two are above the soft limit" swept soft_limit soft_crossings=1 \
	processes=3
act child 0 exit
check_event "one leaves" swept soft_clear
check "what it had has left with it" wait_so agrees swept 2 "$PID" "${children[1]}"
kill -KILL "${children[1]}"
check "so has what the other had" wait_so agrees swept 1 "$PID"
check_eq "each was told of once" "$(events_of "$id")" \
	"registered soft_limit soft_clear"
end_actor swept

start_actor
register swept --hard-mib 32
act fork 2
order child 1 anon 64
check_event "a hard limit" swept hard_limit hard_limit=$((32 * MIB))
check_no_match "nobody has crossed it" "$EVENT" '"crossed_by":\{'
check_event "is the end" swept exited reason=hard_limit_killed signal=9
check "of all of it" wait_for eval '! pgrep -x memory_actor'
purserctl unregister swept

check_unload
ktap_end
