#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The record names the process that sent the signal which ended the container.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

KERNEL='{"pid":0,"uid":0,"comm":"kernel"}'

# killer_is WANT - the last event has that killer
killer_is() {
	local re='"killer": ?(null|\{[^}]*\})'

	[[ $EVENT =~ $re ]] && [ "${BASH_REMATCH[1]// /}" = "$1" ] && return
	echo "the killer should be $1: $EVENT"
	return 1
}

# check_killed POINT NAME SIGNAL KILLER [KEY=VALUE...] - that signal ends the container,
# and that killer sent it
check_killed() {
	check_event "$1" "$2" exited signal="$3" "${@:5}"
	check "$1: the event names the killer" killer_is "$4"
}

# send PID SIGNAL COMM [UID] - send a signal from a process of that name, owned by that
# user and with CAP_KILL; set SENDER to its PID
send() {
	local script

	# shellcheck disable=SC2016 # it is for the inner shell
	script='printf %s "$1" >/proc/$$/comm && kill -s "$2" "$3" && echo $$'
	SENDER=$(setpriv --reuid "${4:-0}" --inh-caps +kill --ambient-caps +kill \
		bash -c "$script" bash "$3" "$2" "$1")
}

# --- Another process ---

start on_signal 15 default
register term
send "$PID" TERM assassin
check_killed "another process sends SIGTERM" term 15 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"assassin\"}" reason=killed
check "purserctl shows the record" purserctl show term --json
check_match "the record has the name of the killer, which has exited" "$OUTPUT" assassin

start on_signal 15 default
register user
send "$PID" KILL "odd \"name\\" 1234
check_killed "another user sends SIGKILL" user 9 \
	"{\"pid\":$SENDER,\"uid\":1234,\"comm\":\"odd\\\"name\\\\\"}" reason=killed

start --pidns on_signal 15 default
register init
send "$PID" TERM nobody
check_record "the init of a namespace survives SIGTERM without a handler" init state=running
send "$PID" KILL somebody
check_killed "a process outside sends SIGKILL to the init of a namespace" init 9 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"somebody\"}" reason=killed

start on_signal 10 catch
register handled
send "$PID" USR1 first
send "$PID" TERM second
check_killed "the sender of a handled signal is not the killer" handled 15 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"second\"}"

start on_signal 15 block
register blocked
send "$PID" TERM blocked
send "$PID" KILL last
check_killed "the sender of a blocked signal is not the killer" blocked 9 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"last\"}"

start threads 2
register threads
send "$PID" TERM outside
check_killed "another process sends SIGTERM to a process with threads" threads 15 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"outside\"}"

# A process that is held in its exit has got its last signal already.
start on_signal 15 default
register twice
coproc hold_exit "$PID"
wait_line ready "${COPROC[0]}"
send "$PID" KILL winner
winner=$SENDER
wait_line held "${COPROC[0]}"
send "$PID" KILL loser
kill "$COPROC_PID"
check_killed "the sender of the first SIGKILL is the killer" twice 9 \
	"{\"pid\":$winner,\"uid\":0,\"comm\":\"winner\"}"

# --- The process itself ---

spawn --hold dies raise 10
register itself
release "$PID"
check_killed "a process sends itself a signal" itself 10 \
	"{\"pid\":$PID,\"uid\":0,\"comm\":\"dies\"}" reason=killed

# --- The kernel ---

spawn --hold dies fault
register fault
release "$PID"
check_killed "a fault sends SIGSEGV" fault 11 "$KERNEL" reason=killed

spawn --hold dies timer 14
register timer
release "$PID"
check_killed "a timer sends SIGALRM" timer 14 "$KERNEL" reason=killed

spawn --hold dies cpu-timer 14
register cpu
release "$PID"
check_killed "a timer of CPU time sends SIGALRM" cpu 14 "$KERNEL" reason=killed

start_ballast
register hard --hard-mib 16
order take 0 32768
check_killed "the hard limit sends SIGKILL" hard 9 "$KERNEL" reason=hard_limit_killed

# --- A stop: the process that asked for it, unless the grace period is over ---

# stopped_by NAME [OPTION...] - stop the container; set STOPPER to the expected killer
stopped_by() {
	purserctl stop "$@" --no-wait &
	STOPPER="{\"pid\":$!,\"uid\":0,\"comm\":\"purserctl\"}"
	wait $!
}

start on_signal 15 default
register stop
stopped_by stop
check_killed "a stop sends SIGTERM" stop 15 "$STOPPER" reason=stopped forced=false

start on_signal 15 block
register now
stopped_by now --time 0
check_killed "a stop without grace sends SIGKILL" now 9 "$STOPPER" reason=stopped \
	forced=true

start on_signal 15 block
register grace
stopped_by grace --time 1
check_killed "the kernel sends SIGKILL when the grace is over" grace 9 "$KERNEL" \
	reason=stopped forced=true

start on_signal 15 block
register other
stopped_by other --time 600
send "$PID" KILL other
check_killed "another process sends SIGKILL during the grace" other 9 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"other\"}" reason=stopped

# --- No killer ---

start on_signal 15 exit 3
register code
send "$PID" TERM friend
check_event "a process exits in its signal handler" code exited exit_code=3 signal=null
check "a process that exits has no killer" killer_is null


check_unload
ktap_end
