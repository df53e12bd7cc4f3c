#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Stops without force: the record is marked before the signal is sent, and the module never
# sends SIGKILL in place of the signal.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

gently="registered stop_requested exited"
forced="registered stop_requested stop_forced exited"

# check_stop POINT NAME SIGNAL KEY=VALUE... - send the signal with a stop without force.
# The container ends with these values and without the event stop_forced.
check_stop() {
	local point=$1 name=$2 signal=$3

	shift 3
	check_match "$point: the kernel accepts the stop" \
		"$(request stop name="$name" stop-signal="$signal" no-force=1 2>&1)" '^OK'
	check_event "$point" "$name" exited reason=stopped forced=false no_handler=false \
		"$@"
	field "$EVENT" id
	check_eq "$point: the events are \"$gently\"" "$(events_of "$REPLY")" "$gently"
	purserctl unregister "$name"
}

# send NAME SIGNAL - likewise, and print the kernel's answer
send() {
	request stop name="$1" stop-signal="$2" no-force=1 2>&1
}

# --- The signal ends the container ---

start on_signal 15 exit 3
register kind
check_stop "a process handles SIGTERM and exits" kind 15 exit_code=3 signal=null \
	killer=null
start on_signal 15 default
register kind
check_stop "SIGTERM kills a process without a handler" kind 15 exit_code=null signal=15
spawn --pidns on_signal 15 exit 5
wait_line ready
register kind
check_stop "the init of a namespace handles SIGTERM and exits" kind 15 exit_code=5
spawn --pidns on_signal 15 ignore
wait_line ready
register kind
check_stop "SIGKILL kills the init of a namespace" kind 9 signal=9 exit_code=null
spawn bash -c 'sleep 1000 & echo "child $!"; wait'
wait_line 'child *'
register kind
check_stop "SIGKILL kills a process and its child" kind 9 signal=9
check "the child of that process is dead" wait_for is_gone "${LINE#child }"
spawn --pidns --hold on_signal 15 default
register kind
check_stop "SIGKILL ends a container that is starting" kind 9 signal=9 started_at=null

# --- The signal has no effect, and the container lives on ---

# check_lives POINT NAME SIGNAL - the container lives on after a stop without force
check_lives() {
	check_match "$1: the kernel accepts the stop" "$(send "$2" "$3")" '^OK'
	check_event "$1: there is the event stop_requested" "$2" stop_requested \
		state=stopping reason=none
	nap 0.3
	check_record "$1" "$2" state=stopping reason=none forced=false no_handler=false
	clear_container "$2"
}

start on_signal 15 ignore
register deaf
check_lives "a process that ignores SIGTERM lives on" deaf 15
spawn --pidns on_signal 15 default
wait_line ready
register deaf
check_lives "the init of a namespace without a handler lives on" deaf 15
start on_signal 15 catch
register deaf
check_lives "a process whose handler does nothing lives on" deaf 15
start on_signal 15 default
register deaf
check_lives "a process that ignores SIGWINCH by default lives on" deaf 28

# --- Another request follows ---

# The signal 10 makes this process exit; the other signals only reach it.
spawn bash -c 'trap "echo term" TERM; trap "exit 7" USR1; echo ready
	while :; do sleep 1000 & wait; done'
wait_line ready
register twice
check_match "the first SIGTERM is accepted" "$(send twice 15)" '^OK'
check "the first SIGTERM arrives" wait_line term
check_match "the second SIGTERM is accepted" "$(send twice 15)" '^OK'
check "the second SIGTERM arrives" wait_line term
check_refused "a stop with force is refused after that" \
	"the container is being stopped already" \
	purserctl stop twice --time 3600 --no-wait
check_match "SIGUSR1 is accepted after that" "$(send twice 10)" '^OK'
check_record "the stop has not forced anything" twice forced=false
clear_container twice

start on_signal 15 catch
register sooner
check_match "SIGTERM is accepted" "$(send sooner 15)" '^OK'
check_refused "a stop with a grace period is refused" \
	"the container is being stopped already" \
	purserctl stop sooner --time 0.2 --no-wait
check_event "SIGKILL follows when that grace period is over" sooner exited \
	reason=stopped signal=9 forced=true no_handler=false
field "$EVENT" id
check_eq "each event comes once" "$(events_of "$REPLY")" "$forced"
purserctl unregister sooner

start on_signal 15 catch
register first
purserctl stop first --time 86400 --no-wait
check_match "SIGKILL without force is accepted during a stop" "$(send first 9)" '^OK'
check_event "that SIGKILL ends the container and is not forced" first exited \
	reason=stopped signal=9 forced=false
field "$EVENT" id
check_eq "the second request makes no event" "$(events_of "$REPLY")" "$gently"
field "$EVENT" comm
check_eq "the killer is the process that sent SIGKILL" "$REPLY" request
purserctl unregister first

start on_signal 15 catch
register named
send named 15 >/dev/null
check_match "a second signal is accepted" "$(send named 10)" '^OK'
check_event "a later signal ends the container" named exited reason=stopped signal=10
field "$EVENT" comm
check_eq "the killer is the process that sent that signal" "$REPLY" request
purserctl unregister named

# --- Another cause came before ---

start on_signal 15 catch
register late
kill -KILL "$PID"
wait_event late exited
check_answer "a container that has ended gets no signal" \
	"ESRCH name: the container has ended" \
	stop name=late no-force=1
check_record "its reason stays" late reason=killed signal=9
purserctl unregister late

start_ballast && hold "$PID"
register heavy --hard-mib 16
order take 0 32768
check_event "a process crosses its hard limit" heavy hard_limit state=killing
check "SIGKILL of the hard limit reaches the process" wait_line held "$HELD"
check_match "a signal without force is accepted during the kill" "$(send heavy 15)" '^OK'
check_record "it does not change the record" heavy state=killing reason=none
let_go
check_event "the hard limit stays the reason" heavy exited reason=hard_limit_killed \
	signal=9 forced=false
field "$EVENT" id
check_eq "the signal without force makes no event" "$(events_of "$REPLY")" \
	"registered hard_limit exited"
purserctl unregister heavy

# --- Requests that are wrong ---

start on_signal 15 catch
register wrong
check_answer "no-force and grace-ms together are refused" \
	"EINVAL no-force: no-force takes no grace-ms" \
	stop name=wrong no-force=1 grace-ms=100
check_match "no-force with a value is refused" \
	"$(request stop name=wrong no-force=hex:01000000 2>&1)" '^(ERANGE|EINVAL) no-force: '
check_answer "an unknown container gets no signal" \
	"ENOENT name: no such container" stop name=nobody no-force=1
check_record "the refused requests changed nothing" wrong state=running reason=none
clear_container wrong

# --- A stop without force leaves no timer ---

start on_signal 15 exit 0
register brief
send brief 15 >/dev/null
check_event "a container is stopped" brief exited reason=stopped exit_code=0
stop_process "$MONITOR_PID"
check_unload
ktap_end
