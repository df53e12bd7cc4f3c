#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which processes are members of a container, in whatever way they come and go, and how
# much CPU time they have used. The module adds a process in its parent's fork and removes
# it in its own exit, so no point must wait for the module.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

# A container of four processes: a shell, a child, a child in a session of its own, and an
# orphan.
# shellcheck disable=SC2016
family='exec 2>/dev/null; sleep 1000 & setsid sleep 1000 & (sleep 1000 &); echo ready; wait; wait'

# check_processes POINT NAME N - the record counts N processes
check_processes() {
	check_record "$1" "$2" processes="$3"
}

# members_are N - the module counts N members in all containers
members_are() {
	[[ $(purserctl info --json) == *"\"members\":$1,"* ]]
}

children_of() {
	pgrep -P "$1"
}

# kill_and_wait PID... - kill these processes and wait until they are reaped
kill_and_wait() {
	local pid

	kill -KILL "$@"
	for pid; do
		wait_for is_gone "$pid" || return
	done
}

# --- A container with a pid namespace: all processes in the namespace ---

spawn --pidns --hold bash -c "$family"
register space
check_processes "a container begins with one process" space 1
release "$PID"
wait_line ready
check_processes "the processes that it starts are members" space 4
init=$PID
mapfile -t children < <(children_of "$init")
check_eq "the orphan is a child of the init" "${#children[@]}" 3
kill_and_wait "${children[0]}"
check_processes "a child that ends is no member any more" space 3

exec {OUT}< <(exec nsenter -t "$init" -p bash -c \
	'sleep 1000 & echo ready; wait' </dev/null)
at_exit stop_process $!
wait_line ready
entered=$(children_of $!)
check_processes "a process that enters the namespace and its child are members" space 5
kill_and_wait "$(children_of "$entered")" "$entered"
check_processes "they are no members after their end" space 3

exec {OUT}< <(exec nsenter -t "$init" -p threads 5 </dev/null)
at_exit stop_process $!
wait_line ready
threaded=$(children_of $!)
check_processes "a process with threads is one member" space 4
kill_and_wait "$threaded"
check_processes "a process with threads is no member after its end" space 3

check "the module counts the members of that container" members_are 3
clear_container space
check "the module counts no member after the end of the init" members_are 0

spawn --pidns bash -c "$family"
wait_line ready
register space
check_processes "processes from before the registration are members" space 4
purserctl unregister space
check "the module counts no member after unregister" members_are 0
register family
check_processes "a second registration finds the members again" family 4
kill -KILL "$PID"
check_event "the end of the init leaves no process in the event" family exited \
	state=exited reason=killed processes=0 outside=0
clear_container family

# --- Namespaces in the namespace ---

nested='echo ready; exec unshare --pid --fork --kill-child sleep 1000'
nest="unshare --pid --fork --kill-child bash -c '$nested' & wait; wait"

in_nested() {
	inner=$(pgrep -f '^sleep 1000$' --ns "$1" --nslist mnt --newest)
	[ "$inner" ]
}

# The processes are bash, unshare, unshare and sleep.
spawn --pidns --hold bash -c "$nest"
register outer
release "$PID"
wait_line ready
wait_for in_nested "$PID"
check_processes "processes in namespaces two levels deeper are members" outer 4
exec {OUT}< <(exec nsenter -t "$inner" -p on_signal 15 default </dev/null)
at_exit stop_process $!
wait_line ready
check_processes "a process that enters the innermost namespace is a member" outer 5
kill_and_wait "$(children_of $!)"
check_processes "that process is no member after its end" outer 4
purserctl unregister outer
register outer
check_processes "processes there from before the registration are members" outer 4
check_refused "register refuses the init of an inner namespace" \
	"in a container already" purserctl register inner "$inner"
clear_container outer
check "the module counts no member after the end of the outermost init" members_are 0

# --- As many levels of namespaces as the kernel allows: 32 below the host's ---

# check_depth LEVELS - a container of LEVELS nested namespaces, counting its own
check_depth() {
	local inner

	spawn --pidns --hold nest $(($1 - 1))
	register deep
	release "$PID"
	wait_line ready
	check_processes "the processes in $1 nested namespaces are members" deep "$1"
	inner=$(pgrep -x nest | tail -n 1)
	exec {OUT}< <(exec nsenter -t "$inner" -p on_signal 15 default </dev/null)
	at_exit stop_process $!
	wait_line ready
	check_processes "a process that enters the innermost of $1 is a member" \
		deep $(($1 + 1))
	purserctl unregister deep
	register deep
	check_processes "processes in $1 from before the registration are members" deep \
		$(($1 + 1))
	clear_container deep
	check "the module counts no member after the end of $1 namespaces" members_are 0
}

check_depth 5
check_depth 32

# --- An inner namespace that was registered first stays a container of its own ---

spawn --pidns bash -c "$nest"
wait_line ready
wait_for in_nested "$PID"
check "an inner namespace can be registered" \
	purserctl register inner "$inner"
check "the outer namespace can be registered after it" register outer
check_processes "the process of the inner namespace is the inner container's" inner 1
check_processes "the other processes are the outer container's" outer 3
exec {OUT}< <(exec nsenter -t "$inner" -p on_signal 15 default </dev/null)
at_exit stop_process $!
wait_line ready
check_processes "a process that enters the inner namespace is the inner container's" inner 2
check_processes "that process is not the outer container's" outer 3
clear_container outer
check "the end of the outer container ends the inner one" wait_for record_is inner \
	state=exited reason=killed signal=9 processes=0
purserctl unregister inner

# --- A container of a bare process: its descendants ---

spawn --hold bash -c "$family"
register bare
release "$PID"
wait_line ready
check_processes "a bare process and those it starts are members" bare 4
mapfile -t children < <(children_of "$PID")
check_eq "the orphan has another parent" "${#children[@]}" 2
start on_signal 15 default
check_processes "a process that does not descend from it is no member" bare 4
show bare
field "$RECORD" pid
orphan=$(pgrep -nx -P 1 sleep)
kill_and_wait "$REPLY"
check_record "the other processes stay members after the first one's death" bare \
	state=running reason=none processes=3
check "the other processes live after the first one's death" \
	test -e "/proc/${children[0]}" -a -e "/proc/$orphan"
kill_and_wait "${children[@]}"
check_processes "processes that end after that are no members any more" bare 1
kill_and_wait "$orphan"
check "the container ends with its last process" \
	wait_for record_is bare state=exited processes=0 \
	reason=killed signal=9
purserctl unregister bare

spawn bash -c 'exec 2>/dev/null
	bash -c "sleep 1000 & echo ready; wait" & wait; exec on_signal 15 default'
wait_line ready
register bare
check_processes "children and grandchildren from before the registration are members" bare 3
child=$(children_of "$PID")
grandchild=$(children_of "$child")
kill_and_wait "$child"
check_processes "a child of a bare process is no member after its end" bare 2
kill_and_wait "$grandchild"
check_processes "an orphan is no member after its end" bare 1
clear_container bare

# --- A zombie is no member ---

is_zombie() {
	[[ $(<"/proc/$1/stat") == *') Z '* ]]
}

# shellcheck disable=SC2016
spawn bash -c 'sleep 1000 & echo $!; echo ready; exec sleep 1000'
wait_line '[0-9]*'
child=$LINE
wait_line ready
register zombie
check_processes "a process that does not wait for its child, and the child, are members" \
	zombie 2
kill -KILL "$child"
check "the child becomes a zombie" wait_for is_zombie "$child"
check_processes "the zombie is no member" zombie 1
clear_container zombie

# --- A child that is a container of its own ---

spawn bash -c 'bash -c "trap \"sleep 1000 & echo more\" USR1
	echo ready; while :; do wait; done" & echo $!; wait'
wait_line '[0-9]*'
inner=$LINE
wait_line ready
purserctl register inner "$inner" >/dev/null
check "a process whose child is a container can be registered" register outer
check_processes "the child is no member of its parent's container" outer 1
kill -USR1 "$inner"
wait_line more
check_processes "a process that the child starts is a member of the child's container" \
	inner 2
check_processes "that process is no member of the parent's container" outer 1
check "the module counts three members in both containers" members_are 3
clear_container outer
check_record "the end of the parent's container does not end the child's" \
	inner state=running processes=2
clear_container inner
check "the module counts no member after the end of both" members_are 0

# --- Threads ---

start threads 20
register threads
check_processes "a process with 20 threads is one member" threads 1
clear_container threads

spawn --hold bash -c 'on_signal 15 default & echo $!; exec threads 3'
register exec
release "$PID"
wait_line ready
wait_line ready
check_processes "an execve() does not change the number of processes" exec 2
kill -KILL "$(children_of "$PID")"
check "the end of a child is counted after an execve()" wait_for record_is exec processes=1
clear_container exec

# --- CPU time ---
#
# The record must have at least the time that wait4() has returned, of threads that have
# ended, in the first process and in a child that has ended. Each of the two processes may
# use one more tick after it has read its clock.

spawn --hold spend 150
register spender
release "$PID"
wait_line 'spent *'
spent=$((${LINE#spent } / 1000))
check "four threads use four times 150 ms" [ "$spent" -ge 600 ]
kill -TERM "$PID"
wait_for record_is spender state=exited
show spender
field "$RECORD" cpu_time
check "the record has at least the $spent ms that wait4() returned" \
	[ $((REPLY / 1000000 + 20)) -ge "$spent" ]
purserctl unregister spender

# The first process uses 150 ms and a child, which has ended, 250 ms.

# cpu_time_is_at_least NAME MS - set REPLY to the CPU time in the record
cpu_time_is_at_least() {
	show "$1" && field "$RECORD" cpu_time && [ "$REPLY" -ge $(($2 * 1000000)) ]
}

spawn --hold burn 150 250
register busy
release "$PID"
wait_line "done"
check "the record has the CPU time of a process and its ended child" \
	wait_for cpu_time_is_at_least busy 400
before=$REPLY
kill -TERM "$PID"
wait_for record_is busy state=exited
check "the record of an ended container keeps the CPU time" cpu_time_is_at_least busy 400
check "the CPU time does not decrease" [ "$REPLY" -ge "$before" ]
cpu_time=$REPLY
field "$RECORD" started_at
started_at=$REPLY
field "$RECORD" exited_at
check "the CPU time is at most what the machine's processors have" \
	[ "$cpu_time" -le $(((REPLY - started_at) * $(nproc))) ]

check_unload
ktap_end
