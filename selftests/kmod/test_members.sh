#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which processes belong to a container, however they came and went, and what
# CPU time they have used. A process is counted in its parent's fork and out in
# its own exit: no point here has to wait for the module.

. "$(dirname "$0")/kmod.sh"

require_module

# What a container does: a child, one in a session of its own, and one whose
# parent has gone; with itself four processes.
# shellcheck disable=SC2016
family='exec 2>/dev/null; sleep 1000 & setsid sleep 1000 & (sleep 1000 &); echo ready; wait; wait'

# check_processes POINT NAME N
check_processes() {
	check_record "$1" "$2" processes="$3"
}

members_are() {
	[[ $(purserctl info --json) == *"\"members\":$1,"* ]]
}

children_of() {
	pgrep -P "$1"
}

kill_and_wait() {	# kill_and_wait PID...
	local pid

	kill -KILL "$@"
	for pid; do
		wait_for is_gone "$pid" || return
	done
}

# A namespace: its processes

spawn --pidns --hold bash -c "$family"
register space
check_processes "one process is registered" space 1
release "$PID"
wait_line ready
check_processes "with what it starts there are four" space 4
init=$PID
mapfile -t children < <(children_of "$init")
check_eq "an orphan is there" "${#children[@]}" 3
kill_and_wait "${children[0]}"
check_processes "a child that ends is one less" space 3

exec {OUT}< <(exec nsenter -t "$init" -p bash -c \
	'sleep 1000 & echo ready; wait' </dev/null)
at_exit stop_process $!
wait_line ready
entered=$(children_of $!)
check_processes "one that enters and its child are two more" space 5
kill_and_wait "$(children_of "$entered")" "$entered"
check_processes "and leave" space 3

exec {OUT}< <(exec nsenter -t "$init" -p threads 5 </dev/null)
at_exit stop_process $!
wait_line ready
threaded=$(children_of $!)
check_processes "threads are not counted" space 4
kill_and_wait "$threaded"
check_processes "nor when they end" space 3

check "the members are those of the container" members_are 3
clear_container space
check "all have gone with the init" members_are 0

spawn --pidns bash -c "$family"
wait_line ready
register space
check_processes "what ran before the registration is found" space 4
purserctl unregister space
check "the members are let go when it is unregistered" members_are 0
register space
check_processes "and found again" space 4
clear_container space

# Namespaces in the namespace

nested='echo ready; exec unshare --pid --fork --kill-child sleep 1000'
nest="unshare --pid --fork --kill-child bash -c '$nested' & wait; wait"

in_nested() {
	inner=$(pgrep -f '^sleep 1000$' --ns "$1" --nslist mnt --newest)
	[ "$inner" ]
}

# bash, unshare, unshare, sleep
spawn --pidns --hold bash -c "$nest"
register outer
release "$PID"
wait_line ready
wait_for in_nested "$PID"
check_processes "namespaces in it, two levels down" outer 4
exec {OUT}< <(exec nsenter -t "$inner" -p on_signal 15 default </dev/null)
at_exit stop_process $!
wait_line ready
check_processes "one that enters the innermost" outer 5
kill_and_wait "$(children_of $!)"
check_processes "and leaves" outer 4
purserctl unregister outer
register outer
check_processes "what runs in them before the registration" outer 4
check_refused "an inner one is no container of its own" \
	"in a container already" purserctl register inner "$inner"
clear_container outer
check "all have gone with the outermost init" members_are 0

# As deep as the kernel goes: 32 levels below the host's, the container's own
# among them

check_depth() {	# check_depth LEVELS: of the container's, and below
	local inner

	spawn --pidns --hold nest $(($1 - 1))
	register deep
	release "$PID"
	wait_line ready
	check_processes "$1 namespaces in one another" deep "$1"
	inner=$(pgrep -x nest | tail -n 1)
	exec {OUT}< <(exec nsenter -t "$inner" -p on_signal 15 default </dev/null)
	at_exit stop_process $!
	wait_line ready
	check_processes "one that enters the last of $1" deep $(($1 + 1))
	purserctl unregister deep
	register deep
	check_processes "what runs in $1 before the registration" deep \
		$(($1 + 1))
	clear_container deep
	check "all $1 have gone" members_are 0
}

check_depth 5
check_depth 32

# An inner namespace that was there first is not taken over

spawn --pidns bash -c "$nest"
wait_line ready
wait_for in_nested "$PID"
check "an inner namespace is registered" \
	purserctl register inner "$inner"
check "then the outer one" register outer
check_processes "the inner one keeps its process" inner 1
check_processes "the outer one has the others" outer 3
exec {OUT}< <(exec nsenter -t "$inner" -p on_signal 15 default </dev/null)
at_exit stop_process $!
wait_line ready
check_processes "one that enters the inner one belongs to it" inner 2
check_processes "and not to the outer one" outer 3
clear_container outer
check "the inner one dies with it" wait_for record_is inner \
	state=exited reason=killed signal=9 processes=0
purserctl unregister inner

# A bare process: what descends from it

spawn --hold bash -c "$family"
register bare
release "$PID"
wait_line ready
check_processes "a bare process and what it starts" bare 4
mapfile -t children < <(children_of "$PID")
check_eq "the orphan is not its child any more" "${#children[@]}" 2
start on_signal 15 default
check_processes "a process beside it is not of it" bare 4
show bare
field "$RECORD" pid
orphan=$(pgrep -nx -P 1 sleep)
kill_and_wait "$REPLY"
check_record "its first process is dead, the others are its members still" bare \
	state=running reason=none processes=3
check "and live" test -e "/proc/${children[0]}" -a -e "/proc/$orphan"
kill_and_wait "${children[@]}"
check_processes "they end, one after the other" bare 1
kill_and_wait "$orphan"
check "it ends with the last" wait_for record_is bare state=exited processes=0 \
	reason=killed signal=9
purserctl unregister bare

spawn bash -c 'exec 2>/dev/null
	bash -c "sleep 1000 & echo ready; wait" & wait; exec on_signal 15 default'
wait_line ready
register bare
check_processes "its children and theirs are found" bare 3
child=$(children_of "$PID")
grandchild=$(children_of "$child")
kill_and_wait "$child"
check_processes "a child that ends is one less" bare 2
kill_and_wait "$grandchild"
check_processes "so is an orphan" bare 1
clear_container bare

# Who has ended is not counted, though nobody has waited for him

is_zombie() {
	[[ $(<"/proc/$1/stat") == *') Z '* ]]
}

# shellcheck disable=SC2016
spawn bash -c 'sleep 1000 & echo $!; echo ready; exec sleep 1000'
wait_line '[0-9]*'
child=$LINE
wait_line ready
register zombie
check_processes "one that never waits for its child" zombie 2
kill -KILL "$child"
check "the child is a zombie" wait_for is_zombie "$child"
check_processes "who is not counted" zombie 1
clear_container zombie

# Two that do not mix

spawn bash -c 'bash -c "trap \"sleep 1000 & echo more\" USR1
	echo ready; while :; do wait; done" & echo $!; wait'
wait_line '[0-9]*'
inner=$LINE
wait_line ready
purserctl register inner "$inner" >/dev/null
check "a process is registered whose child is a container" register outer
check_processes "the child is not its member" outer 1
kill -USR1 "$inner"
wait_line more
check_processes "what the child starts is the child's" inner 2
check_processes "and not of its parent" outer 1
check "three in all" members_are 3
clear_container outer
check_record "its end is none of the child's" inner state=running processes=2
clear_container inner
check "nobody is left" members_are 0

# Threads

start threads 20
register threads
check_processes "20 threads are one process" threads 1
clear_container threads

spawn --hold bash -c 'on_signal 15 default & echo $!; exec threads 3'
register exec
release "$PID"
wait_line ready
wait_line ready
check_processes "an execve() leaves the count alone" exec 2
kill -KILL "$(children_of "$PID")"
check "nor does it hide a child's end" wait_for record_is exec processes=1
clear_container exec

# CPU time. By the processes' own clocks: 150 ms of the first, 250 ms of one
# that has ended.

# Threads that have ended, of the container's first process and of a child that
# has: no less than wait4() has shown. Either process may have a tick that its
# last look at the clock did not see.

spawn --hold spend 150
register spender
release "$PID"
wait_line 'spent *'
spent=$((${LINE#spent } / 1000))
check "four threads have used four times 150 ms" [ "$spent" -ge 600 ]
kill -TERM "$PID"
wait_for record_is spender state=exited
show spender
field "$RECORD" cpu_time
check "all that is in the record: $spent ms" \
	[ $((REPLY / 1000000 + 20)) -ge "$spent" ]
purserctl unregister spender

cpu_time_is_at_least() {	# cpu_time_is_at_least NAME MS
	show "$1" && field "$RECORD" cpu_time && [ "$REPLY" -ge $(($2 * 1000000)) ]
}

spawn --hold burn 150 250
register busy
release "$PID"
wait_line "done"
check "both are in the record" wait_for cpu_time_is_at_least busy 400
before=$REPLY
kill -TERM "$PID"
wait_for record_is busy state=exited
check "the time stays with the record" cpu_time_is_at_least busy 400
check "and does not run backwards" [ "$REPLY" -ge "$before" ]
cpu_time=$REPLY
field "$RECORD" started_at
started_at=$REPLY
field "$RECORD" exited_at
check "there is no more than the machine has" \
	[ "$cpu_time" -le $(((REPLY - started_at) * $(nproc))) ]

check_unload
ktap_end
