#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers that share a pid namespace, as those of a pod do. A process outside forks the
# first process of the second container into the namespace of the first container, and
# registers it before it calls execve(). Each process is a member of one container only.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

# check_processes POINT NAME N - the record counts N processes
check_processes() {
	check_record "$1" "$2" processes="$3"
}

# check_processes_soon POINT NAME N - likewise, after a while
check_processes_soon() {
	check "$1" wait_for record_is "$2" processes="$3"
}

# members_are N - the module counts N members in all containers
members_are() {
	[[ $(purserctl info --json) == *"\"members\":$1,"* ]]
}

POD=	# the PID of the first process in the namespace

# start_pod - register the container "pod": one process in a pid namespace of its own
start_pod() {
	spawn --pidns on_signal 15 default && wait_line ready && POD=$PID && register pod
}

# join NAME COMMAND... - fork a process into the namespace of the pod, register it as a
# container, and let it execute COMMAND
join() {
	spawn --join "$POD" --hold "${@:2}" && register "$1" && release "$PID"
}

# is_killed NAME - the container has ended because the kernel ended the namespace
is_killed() {
	record_is "$1" state=exited reason=killed signal=9 processes=0 || return
	field "$RECORD" comm
	[ "$REPLY" = kernel ]
}

# --- Registration ---

start_pod
show pod
field "$RECORD" pidns
pidns=$REPLY
spawn --join "$POD" --hold bash -c 'sleep 1000 & setsid sleep 1000 & (sleep 1000 &)
	echo ready; wait; wait'
check_processes "a process that enters the namespace is a member of its container" pod 2
check_answer "the registration is refused if the name is taken" \
	"EEXIST name: a live container has this name already" register name=pod pid="$PID"
check_processes "after a refusal it is still a member of the first container" pod 2
check "the process can be registered as a container" register web
web=$PID
check_processes "it is no member of the first container any more" pod 1
check_record "the new container is starting, with one process" web state=starting \
	reason=none processes=1 started_at=null pidns="$pidns" pid="$web"
check_record "a look-up by pid finds the new container" --pid="$web" state=starting
check "the module counts two members" members_are 2
release "$web"
check_event "its execve() starts the container" web started state=running
wait_line ready
check_processes "the processes that it starts are members of the new container" web 4
check_processes "they are no members of the first container" pod 1

# --- What is refused ---

# check_taken POINT PID - the process cannot be registered
check_taken() {
	check_answer "register refuses $1" \
		"EEXIST pid: the process is in a container already" \
		register name=x pid="$2"
}

check_taken "the first process of the namespace" "$POD"
check_taken "the first process of the second container" "$web"
check_taken "a child of the second container" "$(pgrep -P "$web" | head -n 1)"
check_taken "an orphan of the second container" "$(pgrep -P "$POD")"
spawn --join "$POD"
never=$PID
spawn --join "$POD" on_signal 15 default
wait_line ready
check_taken "a process that has entered the namespace and called execve()" "$PID"
check_processes "processes that only enter are members of the first container" pod 3
kill -KILL "$never" "$PID"
check_processes_soon "they are no members after their end" pod 1
spawn --join "$POD" --sibling --hold on_signal 15 default
entered=$PID
sibling_exists() {
	sibling=$(pgrep -P "$(awk '/^PPid:/ { print $2 }' "/proc/$entered/status")" |
		grep -vx "$entered")
	[ "$sibling" ]
}
check "a process that has entered starts a process whose parent is outside" \
	wait_for sibling_exists
check_taken "the process that a member has started with CLONE_PARENT" "$sibling"
check_processes "both are members of the first container" pod 3
kill -KILL "$entered" "$sibling"
check_processes_soon "both are no members after their end" pod 1
spawn --pidns
spawn --join "$PID" on_signal 15 default
wait_line ready
check "a process in a namespace that no container has can be registered" register free
clear_container free

# --- Deaths, in each order ---

kill -KILL "$web"
check_record "the second container lives on without its first process" web \
	state=running reason=none processes=3
check_processes "its orphans are no members of the first container" pod 1
# shellcheck disable=SC2046
kill -KILL $(pgrep -P "$POD")
check "the second container ends with its last process" wait_for record_is web \
	state=exited reason=killed signal=9 processes=0
check_record "the first container lives on" pod state=running processes=1
purserctl unregister web

join web on_signal 15 default
wait_line ready
join db bash -c 'sleep 1000 & echo ready; wait'
wait_line ready
check_processes "a third container in the namespace has its own members" db 2
check_processes "the second container has its own members" web 1
kill -KILL "$POD"
check_event "the first container ends with its first process" pod exited reason=killed \
	signal=9
check "the second container ends with the namespace, killed by the kernel" \
	wait_for is_killed web
check "the third container ends with the namespace, killed by the kernel" \
	wait_for is_killed db
check "the module counts no member" members_are 0
purserctl unregister pod
purserctl unregister web
purserctl unregister db

start_pod
join stopped on_signal 15 catch
wait_line ready
purserctl stop stopped --time 86400 --no-wait
clear_container pod
check_event "a container whose stop was requested before that is stopped" stopped exited \
	reason=stopped signal=9 forced=false
purserctl unregister stopped

start_pod
join signalled on_signal 15 default
wait_line ready
kill -TERM "$PID"
check_event "a signal to the first process of the second container ends it" signalled exited \
	reason=killed signal=15
check_match "the killer is known" "$EVENT" "\"killer\":\{\"pid\":$$,"
purserctl unregister signalled
spawn --join "$POD" --hold on_signal 15 default
register early
kill -KILL "$PID"
check_event "a second container can end before it has started" early exited \
	reason=killed signal=9 started_at=null
purserctl unregister early
join code bash -c 'exit 3'
check_event "the exit status of the second container is known" code exited reason=exited \
	exit_code=3
purserctl unregister code
check_record "the first container lives on after all of these" pod state=running \
	processes=1

# --- Stops and limits end one container only ---

join web bash -c 'sleep 1000 & echo ready; trap "" TERM; wait; wait'
wait_line ready
purserctl stop web --time 0 >/dev/null
check_record "a stop kills all processes of the second container" web state=exited \
	reason=stopped processes=0
check_record "it does not kill the first container" pod state=running processes=1
purserctl unregister web

mkfifo "$TEST_DIR/orders"
exec {ORDERS}<>"$TEST_DIR/orders"
exec {OUT}< <(exec spawn --join "$POD" --hold ballast <"$TEST_DIR/orders")
at_exit stop_process $!
read -r -t "$WAIT_CAP" -u "$OUT" PID
register heavy --hard-mib 64
release "$PID"
wait_line 'ready *'
tell take 0 24576
show heavy
field "$RECORD" rss
check "the memory of the second container is in its record" [ "$REPLY" -gt $((24 * MIB)) ]
show pod
field "$RECORD" rss
check "it is not in the record of the first container" [ "$REPLY" -lt $((16 * MIB)) ]
order take 0 131072
check_event "the hard limit of the second container ends it" heavy exited \
	reason=hard_limit_killed signal=9
check_record "it does not end the first container" pod state=running reason=none \
	processes=1
purserctl unregister heavy

# --- The first container is unregistered ---

join web bash -c 'trap "sleep 1000 & echo more" USR2; echo ready; while :; do wait; done'
wait_line ready
web=$PID
purserctl unregister pod
check_record "the second container stays in the table" web state=running processes=1
kill -USR2 "$web"
wait_line more
check_processes "its new processes are members" web 2
purserctl register pod "$POD" >/dev/null
check_processes "the first container can be registered again, without them" pod 1
check_processes "they stay members of the second container" web 2
clear_container web
check_record "the first container lives on" pod state=running processes=1
clear_container pod
check "the module counts no member after the end of both" members_are 0

# --- Registrations at the same time as deaths ---

# race N - N times, a process enters and is registered while it or the pod is killed
race() {
	local i victim

	for ((i = 0; i < $1; i++)); do
		start_pod && spawn --join "$POD" --hold || return
		victim=$POD
		((i % 2)) || victim=$PID
		kill -KILL "$victim" &
		purserctl register web "$PID" >/dev/null 2>&1
		wait $!
		if ((i % 2 == 0)); then
			show pod && fields_are "$RECORD" state=running || return
			kill -KILL "$POD"
		fi
		kill -KILL "$PID" 2>/dev/null
		wait_for members_are 0 && wait_for live_is 0 || return
		purserctl unregister pod || return
		! show web || purserctl unregister web || return
	done
}

check "40 registrations at the same time as deaths leave nothing behind" race 40

stop_process "$MONITOR_PID"
check_unload
ktap_end
