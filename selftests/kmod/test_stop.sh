#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Stops: with a grace period, by force, with a signal that cannot have an effect, and
# before or after another cause of death.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

# A grace period of a day: a container that ends in the test has not waited for it.
long=86400

# check_stop POINT NAME EVENTS KEY=VALUE... -- OPTION... - stop the container with these
# options; its last record has these values and its events are EVENTS. Then forget it.
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
	check_eq "$point: the events are \"$events\"" "$(events_of "$REPLY")" "$events"
	wait_for purserctl unregister "$name"
}

gently="registered stop_requested exited"
forced="registered stop_requested stop_forced exited"

# --- The signal ends the container ---

start on_signal 15 exit 3
register kind
check_stop "a process handles SIGTERM and exits" kind "$gently" \
	exit_code=3 signal=null forced=false no_handler=false -- --time $long
start on_signal 15 default
register kind
check_stop "SIGTERM kills a process without a handler" kind "$gently" \
	exit_code=null signal=15 forced=false no_handler=false -- --time $long
start on_signal 10 exit 4
register kind
check_stop "a process handles another signal and exits" kind "$gently" \
	exit_code=4 forced=false -- --signal USR1 --time $long
start on_signal 15 catch
register kind
check_stop "SIGKILL as the signal of the stop is not forced" kind "$gently" \
	signal=9 forced=false no_handler=false -- --signal KILL --time $long
spawn --pidns on_signal 15 exit 5
wait_line ready
register kind
check_stop "the init of a namespace handles SIGTERM and exits" kind "$gently" \
	exit_code=5 forced=false -- --time $long

# --- The signal does not end the container ---

start on_signal 15 catch
register deaf
check_stop "a process whose handler does nothing gets SIGKILL after the grace" deaf \
	"$forced" signal=9 exit_code=null forced=true no_handler=false -- \
	--time 0.3
start on_signal 15 catch
register deaf
check_stop "without grace the process gets SIGKILL at once" deaf "$forced" \
	signal=9 forced=true no_handler=false -- --time 0
start on_signal 15 exit 3
register deaf
check_stop "without grace the process does not get the signal" deaf "$forced" \
	signal=9 exit_code=null forced=true no_handler=false -- --time 0
spawn --pidns on_signal 15 block
wait_line ready
register deaf
check_stop "a process that blocks the signal gets SIGKILL after the grace" deaf "$forced" \
	signal=9 forced=true no_handler=false -- --time 0.3

# --- The signal cannot have an effect: SIGKILL follows without the grace period ---

start on_signal 15 ignore
register void
check_stop "a process ignores the signal" void "$forced" \
	signal=9 forced=true no_handler=true -- --time $long
start on_signal 15 default
register void
check_stop "a process ignores the signal by default" void "$forced" \
	signal=9 forced=true no_handler=true -- --signal WINCH --time $long
spawn --pidns on_signal 15 default
wait_line ready
register void
check_stop "the init of a namespace has no handler" void "$forced" \
	signal=9 forced=true no_handler=true -- --time $long
spawn --pidns on_signal 15 ignore
wait_line ready
register void
check_stop "the init of a namespace ignores the signal" void "$forced" \
	signal=9 forced=true no_handler=true -- --time $long

# --- A blocked signal can have an effect ---

spawn --pidns on_signal 15 wait 9
wait_line ready
register patient
check_stop "the init of a namespace blocks the signal and waits for it" patient \
	"$gently" exit_code=9 forced=false no_handler=false -- --time $long

# --- A forced stop kills all processes: of the namespace, or the descendants of a bare
# --- process

OTHER=	# the PID of the child

# stop_with_child [OPTION...] - start the container "whole" of a process and its child
stop_with_child() {
	spawn "$@" bash -c 'trap : TERM; sleep 1000 & echo "child $!"
		while :; do wait; done'
	wait_line 'child *'
	OTHER=$(pgrep -P "$PID")
	register whole
}

stop_with_child
check_stop "a bare process with a child is stopped" \
	whole "$forced" forced=true -- --time 0.2
check "the stop kills the child of a bare process" wait_for is_gone "$OTHER"
stop_with_child --pidns
check_stop "an init with a child is stopped" whole "$forced" forced=true -- --time 0.2
check "the stop kills the child of an init" wait_for is_gone "$OTHER"

# --- A second stop ---

start on_signal 15 catch
register twice
check "stop --no-wait returns before the end" \
	purserctl stop twice --time $long --no-wait
check_event "the event stop_requested has the state stopping" twice stop_requested \
	state=stopping reason=none
check_record "the record says stopping" twice state=stopping reason=none
check_refused "a second stop is refused" \
	'cannot stop "twice": the container is being stopped already' \
	purserctl stop twice --time $long --no-wait
check_answer "the errno of a second stop is EALREADY" \
	"EALREADY name: the container is being stopped already" \
	stop name=twice grace-ms=$((long * 1000))
check_record "a second stop does not change the record" twice state=stopping forced=false
kill -KILL "$PID"
check_event "SIGKILL of another process during a stop: stopped, not forced" twice \
	exited reason=stopped signal=9 forced=false
check_refused "a stop of an ended container is refused" \
	'cannot stop "twice": the container has ended' purserctl stop twice
check_answer "the errno of a stop of an ended container is ESRCH" \
	"ESRCH name: the container has ended" \
	stop name=twice
check_refused "a stop of an unknown container is refused" "no such container" \
	purserctl stop nobody

# --- Of two grace periods, the one that is over first counts ---

for grace in 0 0.3; do
	start on_signal 15 catch
	register sooner
	purserctl stop sooner --time $long --no-wait
	check_refused "a second stop with less grace, $grace s, is refused" \
		"the container is being stopped already" \
		purserctl stop sooner --time $grace --no-wait
	check_event "SIGKILL follows after that grace of $grace s" sooner stop_forced \
		state=stopping forced=true no_handler=false
	check_event "the container ends after that grace of $grace s" \
		sooner exited reason=stopped signal=9 \
		forced=true
	field "$EVENT" id
	check_eq "with that grace of $grace s each event comes once" \
		"$(events_of "$REPLY")" "$forced"
	purserctl unregister sooner
done

# One process sends both requests, so that the first grace period is not over before the
# second request, however slow this machine is.
start on_signal 15 catch
register later
answers=$(printf 'stop name=later grace-ms=%s\n' 500 $((long * 1000)) |
	request --lines 2>&1)
check_match "a second stop with more grace is refused" "$answers" \
	'^OK.*EALREADY .*: the container is being stopped already$'
check_event "a second stop with more grace does not prolong the first" \
	later exited reason=stopped signal=9 forced=true
purserctl unregister later

# --- A stop before the start ---

spawn --pidns --hold on_signal 15 default
register backward
purserctl stop backward --time $long --signal USR2 --no-wait
check_event "a container that is starting can be stopped" backward exited \
	reason=stopped signal=9 forced=true no_handler=true started_at=null

# --- A stop while the process exits ---
#
# A tracer holds the process in its exit: it has got its last signal and still has its
# memory.

start_ballast && hold "$PID"
register heavy --hard-mib 16
order take 0 32768
check_event "a process crosses its hard limit" heavy hard_limit state=killing reason=none
check "SIGKILL of the hard limit reaches the process" wait_line held "$HELD"
check_record "the record says killing" heavy state=killing reason=none
check_refused "a stop during the kill is refused" \
	"the container is being killed for its hard limit" \
	purserctl stop heavy --no-wait
check_answer "the errno of a stop during the kill is EALREADY" \
	"EALREADY name: the container is being killed for its hard limit" \
	stop name=heavy
check_record "a stop during the kill does not change the record" \
	heavy state=killing reason=none
let_go
check_event "the hard limit stays the reason after a later stop" heavy exited \
	reason=hard_limit_killed signal=9 forced=false no_handler=false
field "$EVENT" id
check_eq "a refused stop makes no event" "$(events_of "$REPLY")" \
	"registered hard_limit exited"

start_ballast -- env --block-signal=TERM && hold "$PID"
tell take 0 32768
register late
check "a process that blocks the signal is stopped" \
	purserctl stop late --time $long --no-wait
check "a hard limit below its memory is set during the stop" \
	purserctl set late --hard-mib 16
check_event "the hard limit makes an event with the state stopping" late hard_limit \
	state=stopping reason=none
check "SIGKILL reaches the process" wait_line held "$HELD"
check_record "the record still says stopping" late state=stopping
let_go
check_event "the stop stays the reason after a later hard limit" \
	late exited reason=stopped \
	signal=9 forced=false

start_ballast && hold "$PID"
tell take 0 32768
register dying
kill -KILL "$PID"
check "SIGKILL of another process reaches the process" wait_line held "$HELD"
check_answer "a stop during an exit is refused" \
	"EALREADY name: the container is ending already" stop name=dying
check "a hard limit below its memory is set during the exit" \
	purserctl set dying --hard-mib 16
check_record "the hard limit does not become the cause" dying state=running reason=none
let_go
check_event "SIGKILL stays the reason after a later hard limit" dying exited reason=killed \
	signal=9 forced=false no_handler=false
field "$EVENT" id
check_eq "the hard limit makes an event and the stop makes none" "$(events_of "$REPLY")" \
	"registered limits_changed hard_limit exited"

# --- The timer of a grace period does not outlive the module ---

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
check "no container is live" wait_for live_is 0
check "the module can be unloaded before a grace period is over" quick_stop_and_unload

check_unload
ktap_end
