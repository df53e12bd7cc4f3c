#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# When the kernel gives a PID again, the new process (the stranger) does not belong to
# the container of the old one: ending that container does not end the stranger.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100

# start_stranger PID - start a process with that PID; sets STRANGER to its parent
start_stranger() {
	exec {STRANGE}< <(exec lie_pid "$1" on_signal 15 default)
	STRANGER=$!
	at_exit stop_process "$STRANGER"
	wait_line ready "$STRANGE"
}

# start_stranger_on_trial - whether this kernel lets a program choose a PID
start_stranger_on_trial() {
	spawn true && end_of "$PID" && start_stranger "$PID"
}

if ! start_stranger_on_trial; then
	ktap_skip_all "this kernel lets no program choose a PID"
fi
kill -KILL "$PID"

# check_stranger WHERE - check that the stranger with the PID of the dead process
# belongs to no container, and can be registered as one
check_stranger() {
	check_answer "$1: the PID belongs to no container" \
		"ENOENT pid: no such container" get pid="$PID"
	check "$1: the stranger can be registered" \
		purserctl register stranger "$PID"
	check_record \
		"$1: the stranger is then the first process of its container" \
		stranger pid="$PID" state=running processes=1
	check "$1: the stranger can be unregistered" \
		purserctl unregister stranger
}

stranger_lives() {
	grep -qx 'State:.*sleeping)' "/proc/$PID/status" &&
		[ "$(<"/proc/$PID/comm")" = on_signal ]
}

# The PID of the first process of an ended container

spawn on_signal 15 default
wait_line ready
register ended
kill -KILL "$PID"
end_of "$PID"
wait_for live_is 0
check "ended: a stranger gets the PID" start_stranger "$PID"
check_stranger "ended"
check_refused "ended: the ended container cannot be stopped" \
	"the container has ended" \
	purserctl stop ended --time 0 --no-wait
check_eq "ended: the ioctl unregisters the ended container by that PID" \
	"$("$PURSER_BUILD/tests/bin/ioctl/monitor" unregister "$PID" ended)" OK
check "ended: the stranger lives" stranger_lives
kill -KILL "$PID"

# The PID of the dead first process of a container without a pid namespace, which
# lives on

kill_first() {
	kill -KILL "$PID" && wait_for is_gone "$PID"
}

for end in limit stop slow_stop; do
	VICTIM=victim$((${VICTIM#victim} + 1))
	check "$end: the container is ready" attack_bare "$VICTIM" --hard-mib \
		$LIMIT_MIB -- \
		survive_block rest $TAKE_MIB
	check "$end: its first process dies" kill_first
	check "$end: a stranger gets its PID" start_stranger "$PID"
	check_stranger "$end"
	"end_by_$end" >/dev/null 2>&1
	check_dead "$end" signal=9 processes=0
	check "$end: the stranger lives" stranger_lives
	kill -KILL "$PID"
done

# The PID of the first process, during the grace period of a stop

start on_signal 15 exit 3
register brief
check "grace: the container is stopped with a grace period" \
	purserctl stop brief --time 1 --no-wait
end_of "$PID"
check "grace: a stranger gets the PID" start_stranger "$PID"
nap 1.5 # the grace period is over: no SIGKILL may come
check "grace: the stranger lives" stranger_lives
kill -KILL "$PID"

# The PID of a member that is not the first process

# shellcheck disable=SC2016 # the other shell expands it
attack_bare others -- bash -c 'sleep 1000 & sleep 1000 & echo ready
	while wait -n; [ "$(jobs -p)" ]; do :; done' || ktap_bail "cannot start the container"
check_record "member: the container has three processes" others processes=3
PID=$(grep -vxm 1 "$PID" "$CGROUP/cgroup.procs")
check "member: a member dies" kill_first
check_record "member: the record counts two processes" others processes=2
check "member: a stranger gets its PID" start_stranger "$PID"
check_record "member: the record does not count the stranger" others processes=2
check_stranger "member"
check "member: the container is stopped" purserctl stop others --time 0
check "member: the stranger lives" stranger_lives
kill -KILL "$PID"

check_unload
ktap_end
