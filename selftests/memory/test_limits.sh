#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The limits act in the page fault that crosses them, and the record names the process
# that caused it. The sweep runs once a minute: no point may have to wait for it.

. "$(dirname "$0")/memory.sh"

require_module sweep_ms=60000
start_monitor || ktap_bail "cannot listen to the events"

# --- The soft limit ---

start_actor
register soft --soft-mib 32
field "$(purserctl show soft --json)" id
id=$REPLY
act anon 24
act anon 24
check_event "usage reaches the soft limit and makes an event" \
	soft soft_limit state=running \
	soft_crossings=1 soft_limit=$((32 * MIB))
field "$EVENT" usage
check "the module sees it near the limit" near "$REPLY" $((32 * MIB)) \
	$((SLACK + SLACK_PER_THREAD))
check "the event has a usage at or above the limit" test "$REPLY" -ge $((32 * MIB))
act free
check_event "usage falls far below the limit and makes an event" \
	soft soft_clear soft_crossings=1
field "$EVENT" usage
check "that event has a usage below 7/8 of the limit" test "$REPLY" -lt $((28 * MIB))
act anon 5
act free
act anon 24
check_event "usage reaches the limit again and makes an event" \
	soft soft_limit soft_crossings=2
check_eq "each crossing makes one event" "$(events_of "$id")" \
	"registered soft_limit soft_clear soft_limit"

# Between 7/8 of the limit and the limit there is no event.
act free
wait_event soft soft_clear
act anon 8
act anon 4
check_event "usage rises a little above the limit" soft soft_limit soft_crossings=3
act free
check "usage falls a little below the limit" wait_for agrees soft 1 "$PID"
act anon 4
act free
act anon 4
check "usage rises above the limit and falls below it again" wait_for agrees soft 1 "$PID"
check_eq "these small changes make no event" \
	"$(events_of "$id")" "registered soft_limit soft_clear \
soft_limit soft_clear soft_limit"
end_actor soft
check_eq "the end of the container makes no soft_clear" "$(events_of "$id")" "registered \
soft_limit soft_clear soft_limit soft_clear soft_limit stop_requested stop_forced \
exited unregistered"

# --- The peak between two sweeps ---

start_actor
register peak
act anon 24
act free
check "peak has memory that was taken and given back between two sweeps" \
	test "$(value peak peak)" -ge $((24 * MIB))
end_actor peak

# --- The hard limit, in every way to take memory ---
#
# The module may see it as late as the kernel's counters lag, and one page.

# check_way WAY OVER-KIB COMMAND... - an actor takes 64 MiB with that command
check_way() {
	start_actor
	register way --hard-mib 32
	order "${@:3}"
	check_killed "the hard limit ends a container that takes $1" \
		way 32 "$2" "$PID" 0 memory_actor
	check "$1: the process is dead" end_of "$PID"
	check_eq "$1: SIGKILL ended the process" "$LINE" "killed 9"
	exec {ORDERS}>&-
}

check_way "private memory" 1024 anon 64
check_way "huge pages" 3072 huge 64
check_way "memory of MAP_POPULATE" 3072 populate 64
check_way "shared memory" 1024 shared 64
check_way "a memfd" 1024 memfd 64

start_actor
register way --hard-mib 32
act anon 8
order grow 64
check_killed "the hard limit ends a container that takes memory by mremap()" \
	way 32 1024 "$PID" 0 memory_actor

start_actor
register way --hard-mib 32
order exec
wait_line ready
order anon 64
check_killed "the hard limit ends a container after an execve()" way 32 1024 "$PID" 0 exe

start_actor
register way --hard-mib 32
act vfork
order anon 64
check_killed "the hard limit ends a container whose child of vfork() takes memory" \
	way 32 1024 - 0 memory_actor

start_actor
register way --hard-mib 32
order threads 8 8
check_killed "the hard limit ends a container whose 8 threads take memory" \
	way 32 3072 "$PID" 0 memory_actor

# --- The process that crossed the limit ---

start_actor
register who --soft-mib 16 --hard-mib 32
act fork 2
children=("${ANSWERS[@]}")
act anon 12
act child 0 name someone
act child 0 uid 65534
act child 0 anon 8
check "one child crosses the soft limit" wait_event who soft_limit
act child 1 name "another one"
act child 1 uid 1
order child 1 anon 24
check_killed "another child crosses the hard limit, and the record names it" who 32 1024 \
	"${children[1]}" 1 "another one"
check "the hard limit kills its parent" wait_for is_gone "$PID"
check "the hard limit kills its sibling" wait_for is_gone "${children[0]}"

# --- A fork: without a cgroup, rss counts shared pages twice ---

start_actor
register fork --hard-mib 64
act anon 40
order fork 1
check_event "a fork crosses the hard limit" fork hard_limit
check_event "a fork ends the container" fork exited reason=hard_limit_killed
purserctl unregister fork

# --- The hard limit kills all processes of the container, and no other ---

spawn
beside=$PID
start_actor
register bare --hard-mib 48
act fork 2
family=("$PID" "${ANSWERS[@]}")
act child 0 fork 1
family+=("$ANSWER")
act orphan 8
family+=("$ANSWER")
act child 0 child 0 anon 8
check_record "a container has a bare process and 4 descendants" bare processes=5
order child 1 anon 48
check_killed "a descendant crosses the hard limit" \
	bare 48 1024 "${family[2]}" 0 memory_actor
for pid in "${family[@]}"; do
	check "process $pid of that container is dead" wait_for is_gone "$pid"
done
check "a process outside the container lives" kill -0 "$beside"

start_actor --pidns
register space --hard-mib 48
act fork 2
act orphan 8
order child 1 anon 64
check_killed "a process in a namespace crosses the hard limit" space 48 1024 -
check "no process of that container lives" wait_for eval '! pgrep -x memory_actor'

# More processes than the module kills in the interrupt. None is a child of another. The
# first one may be dead before the module kills the others.

start_actor
register many --hard-mib 320
act fork 1
child=$ANSWER
for ((i = 0; i < 80; i++)); do
	act orphan 1
done
check_record "a container has 80 orphans and 2 more processes" many processes=82
order child 0 anon 320
check_event "the hard limit ends that container" many exited reason=hard_limit_killed
check_match "the event names the process that crossed the limit" \
	"$EVENT" "\"crossed_by\":\{\"pid\":$child,"
check "all 82 processes are dead" wait_for eval '! pgrep -x memory_actor'
purserctl unregister many
exec {ORDERS}>&-

# --- New limits act at once ---

start_actor
register change
act anon 32
check "a soft limit below usage is set" purserctl set change --soft-mib 16
check_event "a new soft limit makes an event" change limits_changed soft_limit=$((16 * MIB))
check_event "a new soft limit below usage acts at once" change soft_limit soft_crossings=1
check "a soft limit far above usage is set" purserctl set change --soft-mib 1024
check_event "that makes the event soft_clear" change soft_clear
check "a hard limit above usage is set" purserctl set change --soft-mib 0 \
	--hard-mib 64
act anon 8
check_record "a hard limit above usage lets the container live" change state=running
check "a hard limit below usage is set" purserctl set change --hard-mib 16
check_event "a new hard limit below usage acts at once" \
	change hard_limit hard_limit=$((16 * MIB))
field "$EVENT" usage
check "the event has the present usage" test "$REPLY" -ge $((40 * MIB))
check_no_match "the event names no process, since none crossed the limit" \
	"$EVENT" '"crossed_by":\{'
check_event "the new hard limit ends the container" change exited reason=hard_limit_killed
check_no_match "the last event names no process either" "$EVENT" '"crossed_by":\{'

start_actor
act anon 32
check "a process above its hard limit is registered" register above --hard-mib 16
check_killed "the hard limit ends it at once" above 16 32768 -

check_unload
ktap_end
