#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Memory: what is counted, and what the limits make of it.

. "$(dirname "$0")/kmod.sh"

require_module sweep_ms=20
start_monitor || ktap_bail "cannot listen to the events"

log_of() {	# log_of NAME KIND: the log's lines on that limit
	kernel_log | sed -n "s/.*\(purser: $2 limit container=$1 .*\)/\1/p"
}

# usage_is NAME LEAST MOST - in MiB
usage_is() {
	show "$1" && field "$RECORD" usage &&
		[ "$REPLY" -ge $(($2 * MIB)) ] && [ "$REPLY" -le $(($3 * MIB)) ]
}

# What is counted. A program has less than 8 MiB before it takes any. Kernels
# before 6.2 keep up to 64 pages a thread to themselves: what is taken here is
# a MiB more than what is to be seen.

start_ballast
register counted
check "a program alone has little" wait_for usage_is counted 0 8
tell take 0 33792
check "32 MiB more are seen" wait_for usage_is counted 32 40
field "$RECORD" usage
usage=$REPLY
check "rss is the same, without a cgroup" fields_are "$RECORD" rss="$usage"
field "$RECORD" peak
check "it is the peak" [ "$REPLY" -ge "$usage" ]
tell give 0
check "what is given back is seen" wait_for usage_is counted 0 8
field "$RECORD" peak
check "the peak stays" [ "$REPLY" -ge $((32 * MIB)) ]
check_eq "without limits nothing is told of" "$(events_of 1)" "registered"
clear_container counted

for how in --threads --sharing; do
	start_ballast $how 3
	register shared
	tell take 0 33792
	check "memory of one process and 3 of ${how#--} is counted once" \
		wait_for usage_is shared 32 40
	case $how in
	--threads) processes=1 ;;
	*) processes=4 ;;
	esac
	check "they are $processes" fields_are "$RECORD" processes=$processes
	# shellcheck disable=SC2086 # several
	kill -KILL $PIDS
	wait_for record_is shared state=exited
	purserctl unregister shared
done

start_ballast --vfork
register shared
tell take 0 33792
check "a child of vfork() has no memory of its own" \
	wait_for usage_is shared 32 40
check "and is a process" fields_are "$RECORD" processes=2
# shellcheck disable=SC2086 # several
kill -KILL $PIDS
wait_for record_is shared state=exited
purserctl unregister shared

start_ballast --processes 2
register several
tell take 1 33792
tell take 2 33792
check "memory of several processes is added up" wait_for usage_is several 64 80
kill -KILL "${PIDS##* }"
check "and what one had goes with it" wait_for usage_is several 32 50
# shellcheck disable=SC2086 # several
kill -KILL $PIDS
wait_for record_is several state=exited
purserctl unregister several

# The soft limit

start_ballast
register soft --soft-mib 32
field "$(purserctl show soft --json)" id
soft=$REPLY
tell take 0 16384
check "half of it" wait_for usage_is soft 16 24
tell take 0 20480
check_event "reached" soft soft_limit state=running soft_crossings=1 \
	soft_limit=$((32 * MIB))
field "$EVENT" usage
usage=$REPLY
check "the event has what was used" [ "$usage" -ge $((32 * MIB)) ]
tell take 0 8192
check "far above it" wait_for usage_is soft 44 52
tell give 0
check_event "far below it" soft soft_clear soft_crossings=1
field "$EVENT" usage
check "that is below 7/8" [ "$REPLY" -lt $((28 * MIB)) ]
tell take 0 35000
check_event "reached again" soft soft_limit soft_crossings=2
check_eq "each crossing was told of once" "$(events_of "$soft")" \
	"registered soft_limit soft_clear soft_limit"
check_match "and once in the log" "$(log_of soft soft)" \
	"^purser: soft limit container=soft pid=$PID usage=$usage \
limit=$((32 * MIB))"$'\n'"purser: soft limit container=soft pid=$PID \
usage=[0-9]+ limit=$((32 * MIB))$"

# Between 7/8 and the whole there is no news.
purserctl set soft --soft-mib 1024
check_event "a limit far away clears it" soft soft_clear
tell give 0
tell take 0 30000
purserctl set soft --soft-mib 31
wait_event soft limits_changed
field "$(purserctl show soft --json)" soft_crossings
crossings=$REPLY
check "below it" usage_is soft 29 31
tell take 0 2048
check_event "above it" soft soft_limit
tell give 0
tell take 0 29000
wait_event soft soft_clear
check_eq "it was told of once more" \
	"$(purserctl show soft --json | grep -o '"soft_crossings":[0-9]*')" \
	"\"soft_crossings\":$((crossings + 1))"
clear_container soft

# Not told again between 7/8 and the limit: below the limit but not by much it
# stays reached, and no second event comes when it is reached again.
start_ballast --processes 1
register edge --soft-mib 64
field "$(purserctl show edge --json)" id
edge=$REPLY
tell take 0 61440
tell take 1 6144
check_event "the limit is reached by two" edge soft_limit
tell give 1
check "less than the limit, more than 7/8 of it" wait_for usage_is edge 57 63
tell take 1 6144
check "reached again" wait_for usage_is edge 64 80
check_eq "that is no news" "$(events_of "$edge")" \
	"registered soft_limit"
# shellcheck disable=SC2086 # several
kill -KILL $PIDS
wait_for record_is edge state=exited
purserctl unregister edge

# The hard limit

spawn
outside=$PID
start_ballast --processes 2 -- --pidns
register hard --soft-mib 32 --hard-mib 64
tell take 1 28672
tell take 2 24576
check_event "a namespace reaches its soft limit" hard soft_limit
check "no process is above the hard limit, all are below" \
	wait_for usage_is hard 52 64
order take 0 24576
check_event "their sum is above the hard limit" hard hard_limit state=killing \
	reason=none hard_limit=$((64 * MIB)) processes=3
field "$EVENT" usage
usage=$REPLY
check "the event has what was used" [ "$usage" -gt $((64 * MIB)) ]
check_event "that is the end" hard exited reason=hard_limit_killed signal=9 \
	exit_code=null forced=false rss=0 usage=0
field "$EVENT" peak
check "the peak is kept" [ "$REPLY" -ge "$usage" ]
field "$EVENT" id
check_eq "each event came once" "$(events_of "$REPLY")" \
	"registered soft_limit hard_limit exited"
check_eq "one line is in the log" "$(log_of hard hard)" \
	"purser: hard limit container=hard pid=$PID usage=$usage limit=$((64 * MIB))"
check "all its processes are dead" wait_for live_is 0

start_ballast --processes 2
register bare --hard-mib 64
tell take 1 28672
tell take 2 24576
check "a bare process and its children, below" wait_for usage_is bare 52 64
order take 0 24576
check_event "above" bare exited reason=hard_limit_killed signal=9
for pid in $PIDS; do
	check "process $pid of it is dead" wait_for is_gone "$pid"
done
check "one beside it is not" kill -0 "$outside"

start_ballast
tell take 0 33792
check "a process is registered above its hard limit" \
	register above --hard-mib 16
check_event "that kills it at once" above exited reason=hard_limit_killed

# Limits that change. The sweep is far away: they act by themselves.

echo 60000 >/sys/module/purser/parameters/sweep_ms
start_ballast
tell take 0 33792
register change --soft-mib 64 --hard-mib 128
check "lower limits" purserctl set change --soft-mib 16
check_event "are told of" change limits_changed soft_limit=$((16 * MIB)) \
	hard_limit=$((128 * MIB))
check_event "the soft one acts at once" change soft_limit
check_refused "a soft limit above the hard one is refused" \
	"the hard limit is below the soft limit" \
	purserctl set change --soft-mib 129
check_record "and changes nothing" change soft_limit=$((16 * MIB)) \
	hard_limit=$((128 * MIB))
check "no limit is a limit too" purserctl set change --soft-mib 0
check_event "it is told of" change limits_changed soft_limit=0
check "a lower hard limit" purserctl set change --hard-mib 8
check_event "acts at once" change hard_limit state=killing
check_event "that is the end" change exited reason=hard_limit_killed
check_refused "what has ended has no limits" \
	"the container has ended" purserctl set change --hard-mib 8

check_unload
ktap_end
