#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Stopping: with grace, by force, where a signal can do nothing, and what comes
# before or after another cause of death.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

# A grace period that a test cannot wait for: whatever ends did not wait for it.
long=86400

# check_stop POINT NAME EVENTS KEY=VALUE... -- OPTION...
# Stop the container, with these options: its final record is so, and so are
# its events. It is forgotten then.
check_stop() {
	local point=$1 name=$2 events=$3 want=() record

	shift 3
	while [ "$1" != -- ]; do
		want+=("$1")
		shift
	done
	shift
	_run timeout "$WAIT_CAP" purserctl stop "$name" --json "$@"
	record=$OUTPUT
	check "$point" fields_are "$record" state=exited reason=stopped \
		"${want[@]}"
	field "$record" id
	check_eq "$point: its events" "$(events_of "$REPLY")" "$events"
	wait_for purserctl unregister "$name"
}

gently="registered stop_requested exited"
forced="registered stop_requested stop_forced exited"

# A signal that is heard

start on_signal 15 exit 3
register kind
check_stop "SIGTERM is heard" kind "$gently" \
	exit_code=3 signal=null forced=false no_handler=false -- --time $long
start on_signal 15 default
register kind
check_stop "SIGTERM that is not handled ends a process" kind "$gently" \
	exit_code=null signal=15 forced=false no_handler=false -- --time $long
start on_signal 10 exit 4
register kind
check_stop "another signal is heard" kind "$gently" \
	exit_code=4 forced=false -- --signal USR1 --time $long
start on_signal 15 catch
register kind
check_stop "SIGKILL as the signal is not force" kind "$gently" \
	signal=9 forced=false no_handler=false -- --signal KILL --time $long
spawn --pidns on_signal 15 exit 5
wait_line ready
register kind
check_stop "the init of a namespace hears it" kind "$gently" \
	exit_code=5 forced=false -- --time $long

# One that is not

start on_signal 15 catch
register deaf
check_stop "a handler that does nothing has its grace, then SIGKILL" deaf \
	"$forced" signal=9 exit_code=null forced=true no_handler=false -- \
	--time 0.3
start on_signal 15 catch
register deaf
check_stop "without grace SIGKILL comes at once" deaf "$forced" \
	signal=9 forced=true no_handler=false -- --time 0
start on_signal 15 exit 3
register deaf
check_stop "nor does the signal" deaf "$forced" \
	signal=9 exit_code=null forced=true no_handler=false -- --time 0
spawn --pidns on_signal 15 block
wait_line ready
register deaf
check_stop "a signal that is blocked for good has its grace" deaf "$forced" \
	signal=9 forced=true no_handler=false -- --time 0.3

# One that can do nothing: nobody waits for the grace period

start on_signal 15 ignore
register void
check_stop "a signal that is ignored" void "$forced" \
	signal=9 forced=true no_handler=true -- --time $long
start on_signal 15 default
register void
check_stop "a signal that is ignored by default" void "$forced" \
	signal=9 forced=true no_handler=true -- --signal WINCH --time $long
spawn --pidns on_signal 15 default
wait_line ready
register void
check_stop "the init of a namespace, which has no handler" void "$forced" \
	signal=9 forced=true no_handler=true -- --time $long
spawn --pidns on_signal 15 ignore
wait_line ready
register void
check_stop "the init of a namespace, which ignores it" void "$forced" \
	signal=9 forced=true no_handler=true -- --time $long

# One that is blocked can do something

spawn --pidns on_signal 15 wait 9
wait_line ready
register patient
check_stop "the init of a namespace that waits for the signal" patient \
	"$gently" exit_code=9 forced=false no_handler=false -- --time $long

# By force, all of it: the namespace, and whoever descends from a bare process

OTHER=

stop_with_child() {
	spawn "$@" bash -c 'trap : TERM; sleep 1000 & echo "child $!"
		while :; do wait; done'
	wait_line 'child *'
	OTHER=$(pgrep -P "$PID")
	register whole
}

stop_with_child
check_stop "a bare process with a child" whole "$forced" forced=true -- --time 0.2
check "its child is killed too" wait_for is_gone "$OTHER"
stop_with_child --pidns
check_stop "an init with a child" whole "$forced" forced=true -- --time 0.2
check "its child is killed too" wait_for is_gone "$OTHER"

# Twice

start on_signal 15 catch
register twice
check "a stop that nobody waits for" \
	purserctl stop twice --time $long --no-wait
check_event "it is marked before the signal" twice stop_requested \
	state=stopping reason=none
check_record "it is being stopped" twice state=stopping reason=none
check_refused "it is not stopped twice" \
	'cannot stop "twice": the container is being stopped already' \
	purserctl stop twice --time $long --no-wait
check_answer "the error is EALREADY" \
	"EALREADY name: the container is being stopped already" \
	stop name=twice grace-ms=$((long * 1000))
check_record "which changes nothing" twice state=stopping forced=false
kill -KILL "$PID"
check_event "a stranger's SIGKILL comes second: stopped, not forced" twice \
	exited reason=stopped signal=9 forced=false
check_refused "what has ended is not stopped" \
	'cannot stop "twice": the container has ended' purserctl stop twice
check_answer "the error is ESRCH" "ESRCH name: the container has ended" \
	stop name=twice
check_refused "what there never was is not stopped" "no such container" \
	purserctl stop nobody

# Twice: the earlier of the two ends of grace counts

for grace in 0 0.3; do
	start on_signal 15 catch
	register sooner
	purserctl stop sooner --time $long --no-wait
	check_refused "a stop with less grace, $grace, is refused, too" \
		"the container is being stopped already" \
		purserctl stop sooner --time $grace --no-wait
	check_event "but its grace counts" sooner stop_forced \
		state=stopping forced=true no_handler=false
	check_event "and it ends" sooner exited reason=stopped signal=9 \
		forced=true
	field "$EVENT" id
	check_eq "each event came once" "$(events_of "$REPLY")" "$forced"
	purserctl unregister sooner
done

# One process sends both, so that the first grace is not over before the second
# request comes, however slow this machine is.
start on_signal 15 catch
register later
answers=$(printf 'stop name=later grace-ms=%s\n' 500 $((long * 1000)) |
	request --lines 2>&1)
check_match "a stop with more grace" "$answers" \
	'^OK.*EALREADY .*: the container is being stopped already$'
check_event "does not put it off" later exited reason=stopped signal=9 forced=true
purserctl unregister later

# The start comes after the stop

spawn --pidns --hold on_signal 15 default
register backward
purserctl stop backward --time $long --signal USR2 --no-wait
check_event "one that is starting can be stopped" backward exited \
	reason=stopped signal=9 forced=true no_handler=true started_at=null

# While it exits. The process is held there: it has got its last signal, and its
# memory is still there.

hold() {	# hold PID: until let_go; sets HELD to where hold_exit.c speaks
	rm -f "$TEST_DIR/hold"
	mkfifo "$TEST_DIR/hold" || return
	exec {HELD}< <(exec hold_exit "$1" <"$TEST_DIR/hold")
	at_exit stop_process $!
	exec {hold_end}>"$TEST_DIR/hold"
	wait_line ready "$HELD"
}

let_go() {
	exec {hold_end}>&-
}

start_ballast && hold "$PID"
register heavy --hard-mib 16
order take 0 32768
check_event "above its hard limit" heavy hard_limit state=killing reason=none
check "SIGKILL has reached it" wait_line held "$HELD"
check_record "it is being killed" heavy state=killing reason=none
check_refused "it is not stopped then" \
	"the container is being killed for its hard limit" \
	purserctl stop heavy --no-wait
check_answer "the error is EALREADY" \
	"EALREADY name: the container is being killed for its hard limit" \
	stop name=heavy
check_record "which changes nothing" heavy state=killing reason=none
let_go
check_event "the limit stays the reason" heavy exited \
	reason=hard_limit_killed signal=9 forced=false no_handler=false
field "$EVENT" id
check_eq "no stop is told of" "$(events_of "$REPLY")" \
	"registered hard_limit exited"

start_ballast -- env --block-signal=TERM && hold "$PID"
tell take 0 32768
register late
check "a stop" purserctl stop late --time $long --no-wait
check "a limit that it is above" purserctl set late --hard-mib 16
check_event "is told of, but it is being stopped" late hard_limit \
	state=stopping reason=none
check "SIGKILL has reached it" wait_line held "$HELD"
check_record "it is being stopped all the same" late state=stopping
let_go
check_event "the stop stays the reason" late exited reason=stopped \
	signal=9 forced=false

start_ballast && hold "$PID"
tell take 0 32768
register dying
kill -KILL "$PID"
check "somebody's SIGKILL has reached it" wait_line held "$HELD"
check_answer "then it is not stopped" \
	"EALREADY name: the container is ending already" stop name=dying
check "a limit that it is above" purserctl set dying --hard-mib 16
check_record "does not make it the cause" dying state=running reason=none
let_go
check_event "the first cause stays the reason" dying exited reason=killed \
	signal=9 forced=false no_handler=false
field "$EVENT" id
check_eq "the limit is told of, and nothing else" "$(events_of "$REPLY")" \
	"registered limits_changed hard_limit exited"

# The timer of a grace period that is not used up does not outlive the module.

quick_stop_and_unload() {
	local i

	for ((i = 0; i < 3; i++)); do
		start on_signal 15 default && register brief &&
			purserctl stop brief --time 0.4 >/dev/null &&
			wait_for rmmod purser || return
		nap 0.5
		insmod "$PURSER_KO" || return
	done
}

stop_process "$MONITOR_PID"
check "nobody is registered any more" wait_for live_is 0
check "the module goes before a grace period is over" quick_stop_and_unload

check_unload
ktap_end
