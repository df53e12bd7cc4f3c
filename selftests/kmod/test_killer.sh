#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who sent the signal that ended a container.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

KERNEL='{"pid":0,"uid":0,"comm":"kernel"}'

# killer_is WANT - of the event that was waited for last
killer_is() {
	local re='"killer": ?(null|\{[^}]*\})'

	[[ $EVENT =~ $re ]] && [ "${BASH_REMATCH[1]// /}" = "$1" ] && return
	echo "wanted $1: $EVENT"
	return 1
}

# check_killed POINT NAME SIGNAL KILLER [KEY=VALUE...] - it ends so, by whom
check_killed() {
	check_event "$1" "$2" exited signal="$3" "${@:5}"
	check "$1: by whom" killer_is "$4"
}

# send PID SIGNAL COMM [UID] - from a process of that name, owned by that user
# and with the right to signal anybody; sets SENDER to its pid
send() {
	local script

	# shellcheck disable=SC2016 # it is for the inner shell
	script='printf %s "$1" >/proc/$$/comm && kill -s "$2" "$3" && echo $$'
	SENDER=$(setpriv --reuid "${4:-0}" --inh-caps +kill --ambient-caps +kill \
		bash -c "$script" bash "$3" "$2" "$1")
}

# Another process

start on_signal 15 default
register term
send "$PID" TERM assassin
check_killed "SIGTERM ends it" term 15 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"assassin\"}" reason=killed
check "the record has it too" purserctl show term --json
check_match "with the name that is gone by now" "$OUTPUT" assassin

start on_signal 15 default
register user
send "$PID" KILL "odd \"name\\" 1234
check_killed "SIGKILL by another user" user 9 \
	"{\"pid\":$SENDER,\"uid\":1234,\"comm\":\"odd\\\"name\\\\\"}" reason=killed

start --pidns on_signal 15 default
register init
send "$PID" TERM nobody
check_record "init of a namespace has no use for SIGTERM" init state=running
send "$PID" KILL somebody
check_killed "but dies of SIGKILL from outside" init 9 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"somebody\"}" reason=killed

start on_signal 10 catch
register handled
send "$PID" USR1 first
send "$PID" TERM second
check_killed "what it has handled is not what it dies of" handled 15 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"second\"}"

start on_signal 15 block
register blocked
send "$PID" TERM blocked
send "$PID" KILL last
check_killed "nor is what it has blocked" blocked 9 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"last\"}"

start threads 2
register threads
send "$PID" TERM outside
check_killed "a process of several threads" threads 15 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"outside\"}"

# The process held in its exit has got its last signal.
start on_signal 15 default
register twice
coproc hold_exit "$PID"
wait_line ready "${COPROC[0]}"
send "$PID" KILL winner
winner=$SENDER
wait_line held "${COPROC[0]}"
send "$PID" KILL loser
kill "$COPROC_PID"
check_killed "the first SIGKILL wins" twice 9 \
	"{\"pid\":$winner,\"uid\":0,\"comm\":\"winner\"}"

# Itself

spawn --hold dies raise 10
register itself
release "$PID"
check_killed "a process that signals itself" itself 10 \
	"{\"pid\":$PID,\"uid\":0,\"comm\":\"dies\"}" reason=killed

# The kernel

spawn --hold dies fault
register fault
release "$PID"
check_killed "a fault" fault 11 "$KERNEL" reason=killed

spawn --hold dies timer 14
register timer
release "$PID"
check_killed "a timer" timer 14 "$KERNEL" reason=killed

spawn --hold dies cpu-timer 14
register cpu
release "$PID"
check_killed "a timer of CPU time" cpu 14 "$KERNEL" reason=killed

start_ballast
register hard --hard-mib 16
order take 0 32768
check_killed "the hard limit" hard 9 "$KERNEL" reason=hard_limit_killed

# A stop: who asked for it, as long as it is done on its behalf

# stopped_by NAME [OPTION...] - stop it; sets STOPPER to what to find
stopped_by() {
	purserctl stop "$@" --no-wait &
	STOPPER="{\"pid\":$!,\"uid\":0,\"comm\":\"purserctl\"}"
	wait $!
}

start on_signal 15 default
register stop
stopped_by stop
check_killed "a stop by SIGTERM" stop 15 "$STOPPER" reason=stopped forced=false

start on_signal 15 block
register now
stopped_by now --time 0
check_killed "a stop by SIGKILL at once" now 9 "$STOPPER" reason=stopped \
	forced=true

start on_signal 15 block
register grace
stopped_by grace --time 1
check_killed "when the grace is over it is the kernel" grace 9 "$KERNEL" \
	reason=stopped forced=true

start on_signal 15 block
register other
stopped_by other --time 600
send "$PID" KILL other
check_killed "somebody else meanwhile" other 9 \
	"{\"pid\":$SENDER,\"uid\":0,\"comm\":\"other\"}" reason=stopped

# Nobody

start on_signal 15 exit 3
register code
send "$PID" TERM friend
check_event "one that returns" code exited exit_code=3 signal=null
check "was killed by nobody" killer_is null


check_unload
ktap_end
