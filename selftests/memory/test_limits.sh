#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The limits act in the page fault that crosses them, and say whose it was. The
# sweep is far away: nothing here may have to wait for it.

. "$(dirname "$0")/memory.sh"

require_module sweep_ms=60000
start_monitor || ktap_bail "cannot listen to the events"

# The soft limit

start_actor
register soft --soft-mib 32
field "$(purserctl show soft --json)" id
id=$REPLY
act anon 24
act anon 24
check_event "the soft limit is reached" soft soft_limit state=running \
	soft_crossings=1 soft_limit=$((32 * MIB))
field "$EVENT" usage
check "it is seen when it is reached" near "$REPLY" $((32 * MIB)) \
	$((SLACK + SLACK_PER_THREAD))
check "from above" test "$REPLY" -ge $((32 * MIB))
act free
check_event "far below it" soft soft_clear soft_crossings=1
field "$EVENT" usage
check "is below 7/8" test "$REPLY" -lt $((28 * MIB))
act anon 5
act free
act anon 24
check_event "reached again" soft soft_limit soft_crossings=2
check_eq "each was told of once" "$(events_of "$id")" \
	"registered soft_limit soft_clear soft_limit"

# Between 7/8 and the limit there is no news.
act free
wait_event soft soft_clear
act anon 8
act anon 4
check_event "by a little" soft soft_limit soft_crossings=3
act free
check "a little below it" wait_for agrees soft 1 "$PID"
act anon 4
act free
act anon 4
check "and above it, again and again" wait_for agrees soft 1 "$PID"
check_eq "is no news" "$(events_of "$id")" "registered soft_limit soft_clear \
soft_limit soft_clear soft_limit"
end_actor soft
check_eq "nor is what its end gives back" "$(events_of "$id")" "registered \
soft_limit soft_clear soft_limit soft_clear soft_limit stop_requested stop_forced \
exited unregistered"

# The peak has what nobody was there to see.

start_actor
register peak
act anon 24
act free
check "the peak of what came and went" test "$(value peak peak)" -ge $((24 * MIB))
end_actor peak

# The hard limit, by every way to it. What it is seen at is no further above it
# than what the kernel keeps from its counters, and one page.

# check_way POINT OVER-KIB COMMAND... - by 64 MiB
check_way() {
	start_actor
	register way --hard-mib 32
	order "${@:3}"
	check_killed "$1" way 32 "$2" "$PID" 0 memory_actor
	check "$1: it is dead" end_of "$PID"
	check_eq "$1: by SIGKILL" "$LINE" "killed 9"
	exec {ORDERS}>&-
}

check_way "private memory" 1024 anon 64
check_way "huge pages" 3072 huge 64
check_way "MAP_POPULATE" 3072 populate 64
check_way "shared memory" 1024 shared 64
check_way "a memfd" 1024 memfd 64

start_actor
register way --hard-mib 32
act anon 8
order grow 64
check_killed "mremap() to more" way 32 1024 "$PID" 0 memory_actor

start_actor
register way --hard-mib 32
order exec
wait_line ready
order anon 64
check_killed "what execve() has made" way 32 1024 "$PID" 0 exe

start_actor
register way --hard-mib 32
act vfork
order anon 64
check_killed "the child of vfork()" way 32 1024 - 0 memory_actor

start_actor
register way --hard-mib 32
order threads 8 8
check_killed "8 threads at once" way 32 3072 "$PID" 0 memory_actor

# Whose fault it was

start_actor
register who --soft-mib 16 --hard-mib 32
act fork 2
children=("${ANSWERS[@]}")
act anon 12
act child 0 name someone
act child 0 uid 65534
act child 0 anon 8
check "one child takes it above the soft limit" wait_event who soft_limit
act child 1 name "another one"
act child 1 uid 1
order child 1 anon 24
check_killed "and one above the hard limit, who is named" who 32 1024 \
	"${children[1]}" 1 "another one"
check "its parent is dead" wait_for is_gone "$PID"
check "so is its brother" wait_for is_gone "${children[0]}"

# A fork alone, where each one's page tables count

start_actor
register fork --hard-mib 64
act anon 40
order fork 1
check_event "a fork" fork hard_limit
check_event "may be too much" fork exited reason=hard_limit_killed
purserctl unregister fork

# All of it, and nobody else

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
check_record "a bare process and who descends from it" bare processes=5
order child 1 anon 48
check_killed "crosses its limit" bare 48 1024 "${family[2]}" 0 memory_actor
for pid in "${family[@]}"; do
	check "process $pid of it is dead" wait_for is_gone "$pid"
done
check "one beside it lives" kill -0 "$beside"

start_actor --pidns
register space --hard-mib 48
act fork 2
act orphan 8
order child 1 anon 64
check_killed "so does a namespace" space 48 1024 -
check "none of it lives" wait_for eval '! pgrep -x memory_actor'

# More than are killed in the interrupt, none of whom dies with its parent. Init
# may be dead before the others are looked after.

start_actor
register many --hard-mib 320
act fork 1
child=$ANSWER
for ((i = 0; i < 80; i++)); do
	act orphan 1
done
check_record "80 that have no parent" many processes=82
order child 0 anon 320
check_event "are too much with one more" many exited reason=hard_limit_killed
check_match "who has" "$EVENT" "\"crossed_by\":\{\"pid\":$child,"
check "they all are dead" wait_for eval '! pgrep -x memory_actor'
purserctl unregister many
exec {ORDERS}>&-

# New limits for what runs act at once.

start_actor
register change
act anon 32
check "a soft limit below what is used" purserctl set change --soft-mib 16
check_event "is told of" change limits_changed soft_limit=$((16 * MIB))
check_event "and reached" change soft_limit soft_crossings=1
check "a soft limit far above" purserctl set change --soft-mib 1024
check_event "clears it" change soft_clear
check "a hard limit above what is used" purserctl set change --soft-mib 0 \
	--hard-mib 64
act anon 8
check_record "lets it live" change state=running
check "a hard limit below what is used" purserctl set change --hard-mib 16
check_event "is the end" change hard_limit hard_limit=$((16 * MIB))
field "$EVENT" usage
check "the event has what was used" test "$REPLY" -ge $((40 * MIB))
check_no_match "nobody has crossed it" "$EVENT" '"crossed_by":\{'
check_event "it is dead" change exited reason=hard_limit_killed
check_no_match "of nobody's doing" "$EVENT" '"crossed_by":\{'

start_actor
act anon 32
check "what is registered above its limit" register above --hard-mib 16
check_killed "dies at once" above 16 32768 -

check_unload
ktap_end
