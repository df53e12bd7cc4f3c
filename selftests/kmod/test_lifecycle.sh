#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# From registration to an end that nobody asked for: states, events and status.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

# The first process of a pid namespace, registered before its execve()

spawn --pidns --hold on_signal 15 exit 0
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
kill -KILL "$PID"
check_event "SIGKILL ends it" early exited state=exited reason=killed \
	signal=9 exit_code=null forced=false no_handler=false rss=0 usage=0
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

spawn --pidns
register never
check_record "one that never calls execve() is starting" never state=starting
kill -KILL "$PID"
check_event "and ends too" never exited \
	state=exited reason=killed signal=9 started_at=null

# Without a namespace: a daemon is registered by the pid of its first process, which
# may have forked and never called execve()

spawn
check "a daemon that has called no execve() is registered" register daemon
check_event "it is running at once" daemon registered \
	state=running reason=none processes=1
check_no_match "since it was started" "$EVENT" '"started_at":null'
check_record "and is running" daemon state=running
kill -KILL "$PID"
check_event "it ends" daemon exited state=exited reason=killed signal=9
field "$EVENT" id
check_eq "nothing tells of a start" "$(events_of "$REPLY")" "registered exited"

spawn --hold on_signal 15 default
register late-exec
release "$PID"
wait_line ready
kill -TERM "$PID"
check_event "one that calls execve() later ends" late-exec exited signal=15
field "$EVENT" id
check_eq "that is no start either" "$(events_of "$REPLY")" "registered exited"

# A second execve() is not a second start

spawn --pidns --hold bash -c 'exec on_signal 15 exit 0'
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

spawn --pidns --hold no-such-command
register broken
release "$PID"
check_event "a failed execve() starts nothing" broken exited \
	reason=exited exit_code=127 started_at=null

# The main thread is the first to go

as_wait_shows() {	# as_wait_shows JSON: of the process PID
	end_of "$PID"
	case $LINE in
	exited*) fields_are "$1" reason=exited exit_code="${LINE#* }" signal=null ;;
	*) fields_are "$1" reason=killed exit_code=null signal="${LINE#* }" ;;
	esac
}

check_after_leader() {	# check_after_leader NAME HOW SIGNAL [SPAWN-OPTION]
	start "${@:4}" threads --leader 3 "$2" 5
	register "$1"
	check_record "$1: the process outlives its main thread" "$1" \
		state=running processes=1
	kill -s "$3" "$PID"
	wait_event "$1" exited
	check "$1: the record has what wait() shows" as_wait_shows "$EVENT"
	ktap_diag "$LINE"
}

check_after_leader alone exit USR1
check_after_leader together exit_group USR1
check_after_leader killed exit KILL
check_after_leader first-alone exit USR1 --pidns
check_after_leader first-together exit_group USR1 --pidns
check_after_leader first-killed exit KILL --pidns

# Threads that end at once, each with a code of its own

races() {	# races N [SPAWN-OPTION]
	local i

	for ((i = 0; i < $1; i++)); do
		spawn "${@:2}" --hold threads --race 8
		register "race$i" && release "$PID" &&
			wait_event "race$i" exited && as_wait_shows "$EVENT" ||
			return
		purserctl unregister "race$i"
	done
}

check "threads that end at once: what wait() shows" races 10
check "likewise of the first process of a namespace" races 10 --pidns

# Without a namespace it ends with its last process, with the status of its first

# A daemon whose worker goes on
# shellcheck disable=SC2016 # for another shell
master='exec 2>/dev/null; "$@" & echo "worker $!"; wait'

start_master() {	# start_master NAME WORKER [ARGUMENT...]
	spawn --hold bash -c "$master" bash "${@:2}"
	register "$1" && release "$PID" && wait_line 'worker *' &&
		WORKER=${LINE#worker }
}

kill_master() {
	kill -KILL "$PID" && end_of "$PID"
}

check "a master and its worker" start_master master on_signal 15 exit 5
check "which runs" wait_line ready
check_record "they are two" master state=running processes=2
check "the master dies" kill_master
check_record "the worker lives on without its master" master state=running \
	processes=1 exited_at=null
check_eq "which is no end" "$(purserctl events --json | grep -c '"exited".*"master"')" 0
kill -TERM "$WORKER"
check_event "the end of the last one is its end" master exited state=exited \
	reason=killed signal=9 exit_code=null processes=0
check_match "by whom the master was killed" "$EVENT" "\"killer\":\{\"pid\":$$,"
check "its record is kept" wait_for live_is 0
purserctl unregister master

check "a master and its worker" start_master stopped on_signal 15 exit 5
check "which runs" wait_line ready
check "the master dies" kill_master
check "it is stopped, when its master has gone" purserctl stop stopped \
	--time 86400 --no-wait
check_event "that is told" stopped stop_requested state=stopping
check "the worker gets the signal" wait_for is_gone "$WORKER"
check_event "and is the last" stopped exited reason=stopped forced=false \
	signal=9 processes=0

check "a master and its worker" start_master limited memory_hog 8 100
check "the master dies" kill_master
check "a limit that the worker will be above" \
	purserctl set limited --hard-mib 64
check_event "is crossed" limited hard_limit state=killing
check "and kills the worker" wait_for is_gone "$WORKER"
check_event "and that is the end" limited exited \
	reason=hard_limit_killed signal=9 processes=0

# The kernel log

check_match "a registration is in the log" "$(kernel_log)" \
	"purser: registered container=early pid=[0-9]+ soft=0 hard=0"
check_match "an end by itself is in the log" "$(kernel_log)" \
	"purser: exited container=code-7 reason=exited code=7 signal=0 forced=0"
check_match "an end by a signal is in the log" "$(kernel_log)" \
	"purser: exited container=signal-11 reason=killed code=-1 signal=11"

check_unload
ktap_end
