#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# From registration to an end that nobody asked for: states, events and status.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

# Registered before its execve()

spawn --hold on_signal 15 default
check "a process that has called no execve() is registered" register early
id_early=1
check_event "it is told of as starting" early registered \
	id=$id_early pid="$PID" state=starting reason=none started_at=null \
	processes=1
check_record "and is starting" early id=$id_early state=starting \
	started_at=null exited_at=null exit_code=null signal=null
release "$PID"
check_event "its execve() starts it" early started state=running reason=none
field "$EVENT" started_at
started_at=$REPLY
check_match "and has a time" "$started_at" '^[0-9]+$'
check_record "now it runs" early state=running started_at="$started_at"
wait_line ready
kill -TERM "$PID"
check_event "SIGTERM ends it" early exited state=exited reason=killed \
	signal=15 exit_code=null forced=false no_handler=false rss=0 usage=0
field "$EVENT" exited_at
check "its end comes after its start" [ "$REPLY" -gt "$started_at" ]
check_eq "each event came once, in order" "$(events_of $id_early)" \
	"registered started exited"

# Registered later

start on_signal 15 default
check "a process that runs is registered" register late
check_event "it is running at once" late registered id=2 state=running
check_record "since it was started" late state=running
check_no_match "which has a time" "$RECORD" '"started_at":null'
kill -TERM "$PID"
check_event "and ends" late exited state=exited
check_eq "nothing tells of a start that was before" "$(events_of 2)" \
	"registered exited"

spawn
register never
kill -KILL "$PID"
check_event "one that never calls execve() ends too" never exited \
	state=exited reason=killed signal=9 started_at=null

# A second execve() is not a second start

spawn --hold bash -c 'exec on_signal 15 default'
register again
release "$PID"
wait_line ready
kill -TERM "$PID"
wait_event again exited
field "$EVENT" id
check_eq "two calls of execve() are one start" "$(events_of "$REPLY")" \
	"registered started exited"

# Exit codes and signals: as wait() shows them

for code in 0 7 255; do
	spawn --hold bash -c "exit $code"
	register "code-$code"
	release "$PID"
	check_event "exit code $code" "code-$code" exited state=exited \
		reason=exited exit_code=$code signal=null forced=false
	end_of "$PID"
	check_eq "exit code $code is what wait() shows" "$LINE" "exited $code"
done

ulimit -c unlimited
for signal in 15 9 11; do
	start on_signal 15 default
	register "signal-$signal"
	kill -s "$signal" "$PID"
	check_event "signal $signal" "signal-$signal" exited state=exited \
		reason=killed signal=$signal exit_code=null forced=false
	end_of "$PID"
	check_eq "signal $signal is what wait() shows" "$LINE" "killed $signal"
done
ulimit -c 0

spawn --pidns --hold bash -c 'exit 9'
register space
release "$PID"
check_event "exit code of the init of a namespace" space exited \
	reason=exited exit_code=9
spawn --pidns on_signal 15 default
wait_line ready
register space
kill -KILL "$PID"
check_event "signal of the init of a namespace" space exited reason=killed \
	signal=9

spawn --hold no-such-command
register broken
release "$PID"
check_event "a failed execve() starts nothing" broken exited \
	reason=exited exit_code=127 started_at=null

# The main thread is the first to go

check_after_leader() {	# check_after_leader NAME HOW SIGNAL
	start threads --leader 5 "$2" 6
	register "$1"
	check_record "$1: the process outlives its main thread" "$1" \
		state=running processes=1
	kill -s "$3" "$PID"
	wait_event "$1" exited
	end_of "$PID"
	case $LINE in
	exited*) set -- "$1" reason=exited exit_code="${LINE#* }" signal=null ;;
	*) set -- "$1" reason=killed exit_code=null signal="${LINE#* }" ;;
	esac
	check "$1: the record has what wait() shows" fields_are "$EVENT" "${@:2}"
}

check_after_leader alone exit USR1
check_after_leader together exit_group USR1
check_after_leader killed exit KILL

# The kernel log

check_match "a registration is in the log" "$(kernel_log)" \
	"purser: registered container=early pid=[0-9]+ soft=0 hard=0"
check_match "an end by itself is in the log" "$(kernel_log)" \
	"purser: exited container=code-7 reason=exited code=7 signal=0 forced=0"
check_match "an end by a signal is in the log" "$(kernel_log)" \
	"purser: exited container=signal-11 reason=killed code=-1 signal=11"

check_unload
ktap_end
