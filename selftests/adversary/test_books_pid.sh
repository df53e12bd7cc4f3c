#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A PID that is used again means the process that has it now: to no container that it
# was of before. What such a container does and suffers is not that process'.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100

# start_stranger PID - one that has it, sets STRANGER to its parent
start_stranger() {
	exec {STRANGE}< <(exec lie_pid "$1" on_signal 15 default)
	STRANGER=$!
	at_exit stop_process "$STRANGER"
	wait_line ready "$STRANGE"
}

start_stranger_on_trial() {
	spawn true && end_of "$PID" && start_stranger "$PID"
}

if ! start_stranger_on_trial; then
	ktap_skip_all "nobody can choose a PID on this kernel"
fi
kill -KILL "$PID"

# check_stranger WHERE - the process with the PID that the victim had
check_stranger() {
	check_answer "$1: the PID is no container's" \
		"ENOENT pid: no such container" get pid="$PID"
	check "$1: it can be one's first process" \
		purserctl register stranger "$PID"
	check_record "$1: which it then is" stranger pid="$PID" state=running \
		processes=1
	check "$1: and is not, when that is forgotten" \
		purserctl unregister stranger
}

stranger_lives() {
	grep -qx 'State:.*sleeping)' "/proc/$PID/status" &&
		[ "$(<"/proc/$PID/comm")" = on_signal ]
}

# Of a container that has ended

spawn on_signal 15 default
wait_line ready
register ended
kill -KILL "$PID"
end_of "$PID"
wait_for live_is 0
check "the PID of one that has ended is used again" start_stranger "$PID"
check_stranger "ended"
check_refused "ended: it is not stopped" "the container has ended" \
	purserctl stop ended --time 0 --no-wait
check_eq "ended: the ioctl forgets the record that had the PID" \
	"$("$PURSER_BUILD/tests/bin/ioctl/monitor" unregister "$PID" ended)" OK
check "ended: the other process lives" stranger_lives
kill -KILL "$PID"

# Of the first process, in a container without a namespace that lives on

kill_first() {
	kill -KILL "$PID" && wait_for is_gone "$PID"
}

for end in limit stop slow_stop; do
	VICTIM=victim$((${VICTIM#victim} + 1))
	check "$end: a container" attack_bare "$VICTIM" --hard-mib $LIMIT_MIB -- \
		survive_block rest $TAKE_MIB
	check "$end: its first process is dead" kill_first
	check "$end: its PID is used again" start_stranger "$PID"
	check_stranger "$end"
	"end_by_$end" >/dev/null 2>&1
	check_dead "$end" signal=9 processes=0
	check "$end: the other process lives" stranger_lives
	kill -KILL "$PID"
done

# Of the first process, when a stop has its grace still

start on_signal 15 exit 3
register brief
check "a stop that is heard" purserctl stop brief --time 1 --no-wait
end_of "$PID"
check "grace: the PID is used again" start_stranger "$PID"
nap 1.5 # no SIGKILL comes when the grace would be over
check "grace: the other process lives" stranger_lives
kill -KILL "$PID"

# Of a member

# shellcheck disable=SC2016 # for another shell
attack_bare others -- bash -c 'sleep 1000 & sleep 1000 & echo ready
	while wait -n; [ "$(jobs -p)" ]; do :; done' || ktap_bail "no container"
check_record "a container of three" others processes=3
PID=$(grep -vxm 1 "$PID" "$CGROUP/cgroup.procs")
check "a member is dead" kill_first
check_record "which is one less" others processes=2
check "member: its PID is used again" start_stranger "$PID"
check_record "member: which is not one more" others processes=2
check_stranger "member"
check "member: they are stopped" purserctl stop others --time 0
check "member: the other process lives" stranger_lives
kill -KILL "$PID"

check_unload
ktap_end
