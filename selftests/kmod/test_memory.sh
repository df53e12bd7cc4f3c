#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Memory: what the module counts, and what it does at the limits.

. "$(dirname "$0")/kmod.sh"

require_module sweep_ms=20
start_monitor || ktap_bail "cannot listen to the events"

# log_of NAME KIND - print the kernel log's lines about that limit, "soft" or "hard"
log_of() {
	kernel_log | sed -n "s/.*\(purser: $2 limit container=$1 .*\)/\1/p"
}

# usage_is NAME LEAST MOST - usage is between LEAST and MOST, in MiB
usage_is() {
	show "$1" && field "$RECORD" usage &&
		[ "$REPLY" -ge $(($2 * MIB)) ] && [ "$REPLY" -le $(($3 * MIB)) ]
}

# --- What is counted ---
#
# A program has less than 8 MiB at its start. Kernels before 6.2 do not show up to 64 pages
# for each thread, so programs take one MiB more than the record must show.

start_ballast
register counted
check "a small program uses less than 8 MiB" wait_for usage_is counted 0 8
tell take 0 33792
check "usage counts 32 MiB that the program takes" wait_for usage_is counted 32 40
field "$RECORD" usage
usage=$REPLY
check "rss equals usage without a cgroup of its own" fields_are "$RECORD" rss="$usage"
field "$RECORD" peak
check "peak is at least usage" [ "$REPLY" -ge "$usage" ]
tell give 0
check "usage falls when the program gives memory back" wait_for usage_is counted 0 8
field "$RECORD" peak
check "peak stays when usage falls" [ "$REPLY" -ge $((32 * MIB)) ]
check_eq "without limits there is no event about memory" "$(events_of 1)" "registered"
clear_container counted

for how in --threads --sharing; do
	start_ballast $how 3
	register shared
	tell take 0 33792
	check "memory that a process and 3 ${how#--} share is counted once" \
		wait_for usage_is shared 32 40
	case $how in
	--threads) processes=1 ;;
	*) processes=4 ;;
	esac
	check "the record counts $processes processes with 3 ${how#--}" \
		fields_are "$RECORD" processes=$processes
	# shellcheck disable=SC2086 # several
	kill -KILL $PIDS
	wait_for record_is shared state=exited
	purserctl unregister shared
done

start_ballast --vfork
register shared
tell take 0 33792
check "memory that a parent and its child of vfork() share is counted once" \
	wait_for usage_is shared 32 40
check "a child of vfork() is counted as a process" fields_are "$RECORD" processes=2
# shellcheck disable=SC2086 # several
kill -KILL $PIDS
wait_for record_is shared state=exited
purserctl unregister shared

start_ballast --processes 2
register several
tell take 1 33792
tell take 2 33792
check "usage is the sum over several processes" wait_for usage_is several 64 80
kill -KILL "${PIDS##* }"
check "usage falls when one of several processes dies" wait_for usage_is several 32 50
# shellcheck disable=SC2086 # several
kill -KILL $PIDS
wait_for record_is several state=exited
purserctl unregister several

# --- The soft limit ---

start_ballast
register soft --soft-mib 32
field "$(purserctl show soft --json)" id
soft=$REPLY
tell take 0 16384
check "usage reaches half of the soft limit" wait_for usage_is soft 16 24
tell take 0 20480
check_event "the soft limit makes an event when usage reaches it" \
	soft soft_limit state=running soft_crossings=1 \
	soft_limit=$((32 * MIB))
field "$EVENT" usage
usage=$REPLY
check "the event soft_limit has a usage at or above the limit" \
	[ "$usage" -ge $((32 * MIB)) ]
tell take 0 8192
check "usage rises far above the soft limit" wait_for usage_is soft 44 52
tell give 0
check_event "usage far below the soft limit makes the event soft_clear" \
	soft soft_clear soft_crossings=1
field "$EVENT" usage
check "the event soft_clear has a usage below 7/8 of the limit" \
	[ "$REPLY" -lt $((28 * MIB)) ]
tell take 0 35000
check_event "a second crossing makes a second event" soft soft_limit soft_crossings=2
check_eq "each crossing makes one event" "$(events_of "$soft")" \
	"registered soft_limit soft_clear soft_limit"
check_match "each crossing makes one line in the kernel log" "$(log_of soft soft)" \
	"^purser: soft limit container=soft pid=$PID usage=$usage \
limit=$((32 * MIB))"$'\n'"purser: soft limit container=soft pid=$PID \
usage=[0-9]+ limit=$((32 * MIB))$"

# Between 7/8 of the limit and the limit there is no event.
purserctl set soft --soft-mib 1024
check_event "a much higher soft limit makes the event soft_clear" soft soft_clear
tell give 0
tell take 0 30000
purserctl set soft --soft-mib 31
wait_event soft limits_changed
field "$(purserctl show soft --json)" soft_crossings
crossings=$REPLY
check "usage is below the new soft limit" usage_is soft 29 31
tell take 0 2048
check_event "usage above the new soft limit makes the event soft_limit" soft soft_limit
tell give 0
tell take 0 29000
wait_event soft soft_clear
check_eq "soft_crossings counts one more crossing" \
	"$(purserctl show soft --json | grep -o '"soft_crossings":[0-9]*')" \
	"\"soft_crossings\":$((crossings + 1))"
clear_container soft

# If usage falls below the limit, but not below 7/8 of it, a second crossing makes no
# second event.
start_ballast --processes 1
register edge --soft-mib 64
field "$(purserctl show edge --json)" id
edge=$REPLY
tell take 0 61440
tell take 1 6144
check_event "two processes together reach the soft limit" edge soft_limit
tell give 1
check "usage falls below the limit and not below 7/8 of it" wait_for usage_is edge 57 63
tell take 1 6144
check "usage reaches the limit again" wait_for usage_is edge 64 80
check_eq "that makes no event" "$(events_of "$edge")" \
	"registered soft_limit"
# shellcheck disable=SC2086 # several
kill -KILL $PIDS
wait_for record_is edge state=exited
purserctl unregister edge

# --- The hard limit ---

spawn
outside=$PID
start_ballast --processes 2 -- --pidns
register hard --soft-mib 32 --hard-mib 64
tell take 1 28672
tell take 2 24576
check_event "the processes of a namespace reach the soft limit" hard soft_limit
check "their sum is below the hard limit" \
	wait_for usage_is hard 52 64
order take 0 24576
check_event "their sum exceeds the hard limit, none of them alone does" \
	hard hard_limit state=killing \
	reason=none hard_limit=$((64 * MIB)) processes=3
field "$EVENT" usage
usage=$REPLY
check "the event hard_limit has a usage above the limit" [ "$usage" -gt $((64 * MIB)) ]
check_event "the hard limit ends the container" \
	hard exited reason=hard_limit_killed signal=9 \
	exit_code=null forced=false rss=0 usage=0
field "$EVENT" peak
check "the last event has a peak at or above that usage" [ "$REPLY" -ge "$usage" ]
field "$EVENT" id
check_eq "each event comes once" "$(events_of "$REPLY")" \
	"registered soft_limit hard_limit exited"
check_eq "the hard limit makes one line in the kernel log" "$(log_of hard hard)" \
	"purser: hard limit container=hard pid=$PID usage=$usage limit=$((64 * MIB))"
check "no container is live after that" wait_for live_is 0

start_ballast --processes 2
register bare --hard-mib 64
tell take 1 28672
tell take 2 24576
check "a bare process and its children are below their hard limit" \
	wait_for usage_is bare 52 64
order take 0 24576
check_event "the hard limit ends a bare process and its children" \
	bare exited reason=hard_limit_killed signal=9
for pid in $PIDS; do
	check "process $pid of that container is dead" wait_for is_gone "$pid"
done
check "a process outside the container lives" kill -0 "$outside"

start_ballast
tell take 0 33792
check "a process above its hard limit can be registered" \
	register above --hard-mib 16
check_event "the hard limit ends it at once" above exited reason=hard_limit_killed

# --- Limits that change ---
#
# The sweep runs once a minute: the limits must act without it.

echo 60000 >/sys/module/purser/parameters/sweep_ms
start_ballast
tell take 0 33792
register change --soft-mib 64 --hard-mib 128
check "the soft limit of a live container can be set" purserctl set change --soft-mib 16
check_event "a new limit makes an event with both limits" \
	change limits_changed soft_limit=$((16 * MIB)) \
	hard_limit=$((128 * MIB))
check_event "a new soft limit below usage acts at once" change soft_limit
check_refused "set refuses a soft limit above the hard one" \
	"the hard limit is below the soft limit" \
	purserctl set change --soft-mib 129
check_record "the refused request changes no limit" change soft_limit=$((16 * MIB)) \
	hard_limit=$((128 * MIB))
check "the soft limit can be removed" purserctl set change --soft-mib 0
check_event "removing the soft limit makes an event" change limits_changed soft_limit=0
check "a hard limit below usage can be set" purserctl set change --hard-mib 8
check_event "a new hard limit below usage acts at once" change hard_limit state=killing
check_event "a new hard limit below usage ends the container" \
	change exited reason=hard_limit_killed
check_refused "set refuses a limit of an ended container" \
	"the container has ended" purserctl set change --hard-mib 8

check_unload
ktap_end
