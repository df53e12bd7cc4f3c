#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers from their registration to an end without a stop: states, events, and exit
# status.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

# --- The first process of a pid namespace, registered before its execve() ---

spawn --pidns --hold on_signal 15 exit 0
check "a process that has not called execve() can be registered" register early
id_early=1
check_event "the event says starting before the execve()" early registered \
	id=$id_early pid="$PID" state=starting reason=none started_at=null \
	processes=1
check_record "the record says starting before the execve()" \
	early id=$id_early state=starting \
	started_at=null exited_at=null exit_code=null signal=null
release "$PID"
check_event "the execve() makes the event started" early started state=running reason=none
field "$EVENT" started_at
started_at=$REPLY
check_match "the event started has a time" "$started_at" '^[0-9]+$'
check_record "the record says running after the execve()" \
	early state=running started_at="$started_at"
wait_line ready
kill -KILL "$PID"
check_event "SIGKILL makes the event exited" early exited state=exited reason=killed \
	signal=9 exit_code=null forced=false no_handler=false rss=0 usage=0
field "$EVENT" exited_at
check "the time of the end is after the time of the start" [ "$REPLY" -gt "$started_at" ]
check_eq "each event comes once and in order" "$(events_of $id_early)" \
	"registered started exited"

# --- A process that is registered after its execve() ---

start on_signal 15 default
check "a process that has called execve() can be registered" register late
check_event "the event says running after the execve()" late registered id=2 state=running
check_record "the record says running at once" late state=running
check_no_match "the record has a time of the start" "$RECORD" '"started_at":null'
kill -TERM "$PID"
check_event "SIGTERM makes the event exited" late exited state=exited
check_eq "there is no event started for an execve() before the registration" \
	"$(events_of 2)" \
	"registered exited"

spawn --pidns
register never
check_record "a process that never calls execve() stays starting" never state=starting
kill -KILL "$PID"
check_event "SIGKILL ends a container that is starting" never exited \
	state=exited reason=killed signal=9 started_at=null

# --- Without a namespace: a daemon may have forked and never call execve() ---

spawn
check "a daemon that has not called execve() can be registered" register daemon
check_event "the event says running for a daemon without an execve()" daemon registered \
	state=running reason=none processes=1
check_no_match "the event has a time of the daemon's start" "$EVENT" '"started_at":null'
check_record "the record says running for a daemon without an execve()" daemon state=running
kill -KILL "$PID"
check_event "SIGKILL ends the daemon" daemon exited state=exited reason=killed signal=9
field "$EVENT" id
check_eq "there is no event started for the daemon" \
	"$(events_of "$REPLY")" "registered exited"

spawn --hold on_signal 15 default
register late-exec
release "$PID"
wait_line ready
kill -TERM "$PID"
check_event "a daemon that calls execve() later ends" late-exec exited signal=15
field "$EVENT" id
check_eq "the later execve() of a daemon is no start" \
	"$(events_of "$REPLY")" "registered exited"

# --- A second execve() is not a second start ---

spawn --pidns --hold bash -c 'exec on_signal 15 exit 0'
register again
release "$PID"
wait_line ready
kill -TERM "$PID"
wait_event again exited
field "$EVENT" id
check_eq "two calls of execve() make one event started" "$(events_of "$REPLY")" \
	"registered started exited"

# --- Exit codes and signals are those that wait() returns ---

for code in 0 7 255; do
	spawn --hold bash -c "exit $code"
	register "code-$code"
	release "$PID"
	check_event "the event has exit code $code" "code-$code" exited state=exited \
		reason=exited exit_code=$code signal=null forced=false
	end_of "$PID"
	check_eq "wait() returns exit code $code, too" "$LINE" "exited $code"
done

ulimit -c unlimited
for signal in 15 9 11; do
	start on_signal 15 default
	register "signal-$signal"
	kill -s "$signal" "$PID"
	check_event "the event has signal $signal" "signal-$signal" exited state=exited \
		reason=killed signal=$signal exit_code=null forced=false
	end_of "$PID"
	check_eq "wait() returns signal $signal, too" "$LINE" "killed $signal"
done
ulimit -c 0

spawn --pidns --hold bash -c 'exit 9'
register space
release "$PID"
check_event "the event has the exit code of the init of a namespace" space exited \
	reason=exited exit_code=9
spawn --pidns on_signal 15 default
wait_line ready
register space
kill -KILL "$PID"
check_event "the event has the signal of the init of a namespace" \
	space exited reason=killed \
	signal=9

spawn --pidns --hold no-such-command
register broken
release "$PID"
check_event "a failed execve() is no start" broken exited \
	reason=exited exit_code=127 started_at=null

# --- The main thread exits before the other threads ---

# as_wait_shows JSON - the event has what wait() returns for the process PID
as_wait_shows() {
	end_of "$PID"
	case $LINE in
	exited*) fields_are "$1" reason=exited exit_code="${LINE#* }" signal=null ;;
	*) fields_are "$1" reason=killed exit_code=null signal="${LINE#* }" ;;
	esac
}

# check_after_leader NAME HOW SIGNAL [SPAWN-OPTION] - the main thread of a process exits,
# then SIGNAL makes the others exit in the way HOW
check_after_leader() {
	start "${@:4}" threads --leader 3 "$2" 5
	register "$1"
	check_record "$1: the container runs on after its main thread" "$1" \
		state=running processes=1
	kill -s "$3" "$PID"
	wait_event "$1" exited
	check "$1: the event has what wait() returns" as_wait_shows "$EVENT"
	ktap_diag "$LINE"
}

check_after_leader alone exit USR1
check_after_leader together exit_group USR1
check_after_leader killed exit KILL
check_after_leader first-alone exit USR1 --pidns
check_after_leader first-together exit_group USR1 --pidns
check_after_leader first-killed exit KILL --pidns

# --- Threads that exit at the same time, each with another code ---

# races N [SPAWN-OPTION] - N such processes end with what wait() returns
races() {
	local i

	for ((i = 0; i < $1; i++)); do
		spawn "${@:2}" --hold threads --race 8
		register "race$i" && release "$PID" &&
			wait_event "race$i" exited && as_wait_shows "$EVENT" ||
			return
		purserctl unregister "race$i"
	done
}

check "threads exit at the same time: the event has what wait() returns" races 10
check "likewise for the first process of a namespace" races 10 --pidns

# --- A container without a namespace ends with its last process. It has the exit status
# --- of its first process

# A daemon whose worker outlives its master.
# shellcheck disable=SC2016 # for another shell
master='exec 2>/dev/null; "$@" & echo "worker $!"; wait'

# start_master NAME WORKER [ARGUMENT...] - start a container of a master and its WORKER
start_master() {
	spawn --hold bash -c "$master" bash "${@:2}"
	register "$1" && release "$PID" && wait_line 'worker *' &&
		WORKER=${LINE#worker }
}

kill_master() {
	kill -KILL "$PID" && end_of "$PID"
}

check "a master starts its worker" start_master master on_signal 15 exit 5
check "the worker runs" wait_line ready
check_record "the record counts master and worker" master state=running processes=2
check "the master is killed" kill_master
check_record "the container runs on with the worker alone" master state=running \
	processes=1 exited_at=null
check_eq "the master's death makes no event exited" \
	"$(purserctl events --json | grep -c '"exited".*"master"')" 0
kill -TERM "$WORKER"
check_event "the end of the worker ends the container, with the master's status" \
	master exited state=exited \
	reason=killed signal=9 exit_code=null processes=0
check_match "the event names the killer of the master" "$EVENT" "\"killer\":\{\"pid\":$$,"
check "no container is live after that" wait_for live_is 0
purserctl unregister master

check "a second master starts its worker" start_master stopped on_signal 15 exit 5
check "the worker of the second master runs" wait_line ready
check "the second master is killed" kill_master
check "the container accepts a stop after its master's death" purserctl stop stopped \
	--time 86400 --no-wait
check_event "the stop makes an event" stopped stop_requested state=stopping
check "the worker gets the signal of the stop" wait_for is_gone "$WORKER"
check_event "the stopped container ends with its worker" \
	stopped exited reason=stopped forced=false \
	signal=9 processes=0

check "a third master starts a worker that takes memory" \
	start_master limited memory_hog 8 100
check "the third master is killed" kill_master
check "the container gets a hard limit after its master's death" \
	purserctl set limited --hard-mib 64
check_event "the worker crosses the hard limit" limited hard_limit state=killing
check "the hard limit kills the worker" wait_for is_gone "$WORKER"
check_event "the container ends for its hard limit" limited exited \
	reason=hard_limit_killed signal=9 processes=0

# --- The kernel log ---

check_match "the kernel log has the registration" "$(kernel_log)" \
	"purser: registered container=early pid=[0-9]+ soft=0 hard=0"
check_match "the kernel log has an exit with its code" "$(kernel_log)" \
	"purser: exited container=code-7 reason=exited code=7 signal=0 forced=0"
check_match "the kernel log has an end by a signal" "$(kernel_log)" \
	"purser: exited container=signal-11 reason=killed code=-1 signal=11"

check_unload
ktap_end
