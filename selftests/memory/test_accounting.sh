#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Memory of containers without a cgroup of their own. In whatever way processes take
# memory and give it back, rss is what their page tables map, each address space once, and
# usage equals rss.

. "$(dirname "$0")/memory.sh"

require_module sweep_ms=100

# check_taken POINT NAME MIB COMMAND... - the actor takes MIB and gives it back
check_taken() {
	mark "$2" "$PID"
	act "${@:4}"
	check_grown "rss and usage count $1" "$2" "$3"
	check "$1: rss agrees with the page tables" wait_so agrees "$2" 1 "$PID"
	act free
	check_grown "rss and usage fall when $1 is given back" "$2" 0
}

start_actor
register one
check "rss of a small program agrees with the page tables" wait_so agrees one 1 "$PID"
check "usage equals rss without a cgroup" same_figures one

check_taken "private memory" one 24 anon 24
check_taken "memory of MAP_POPULATE" one 24 populate 24
check_taken "shared memory" one 24 shared 24
check_taken "a memfd" one 24 memfd 24
check_taken "memory of shm_open()" one 24 shm 24
check "usage equals rss after all of that" same_figures one

# --- Huge pages ---

if [ -e /sys/kernel/mm/transparent_hugepage/enabled ]; then
	mark one "$PID"
	act huge 24
	check "the actor gets huge pages" test \
		"$(sum_of AnonHugePages "/proc/$PID/smaps_rollup")" -ge $((16 * MIB))
	check_grown "rss and usage count huge pages with their size" one 24
	act free
	check_grown "rss and usage fall when huge pages are given back" one 0
else
	ktap_skip "huge pages" "this kernel was built without them"
fi

# --- madvise(), mremap() and munmap() ---

mark one "$PID"
act anon 16
act dontneed
check_grown "rss and usage fall by MADV_DONTNEED" one 0
act touch 16
check_grown "rss and usage count pages that are touched again" one 16
act grow 8
check_grown "rss and usage count what mremap() adds" one 24
act move
check_grown "mremap() to another address changes no figure" one 24
check "rss agrees with the page tables after mremap()" wait_so agrees one 1 "$PID"
field "$RECORD" peak
check "peak is at least 24 MiB" test "$REPLY" -ge $((24 * MIB))
before=$REPLY
act free
check_grown "rss and usage fall by munmap()" one 0
check "peak stays after munmap()" fields_are "$RECORD" peak="$before"

# Memory that is mapped and not touched.
act room 64
check_grown "memory that is not touched does not count" one 0
act small 24
act read
check_grown "memory that is only read does not count" one 0
act touch 24
check_grown "memory counts when it is written to" one 24
act free
act free

# --- execve() ---

mark one "$PID"
act anon 24
check_grown "memory counts before execve()" one 24
order exec
wait_line ready
check_grown "memory of before does not count after execve()" one 0
check_record "the record has the same process after execve()" one processes=1 pid="$PID"
end_actor one

# --- Threads: they share one address space ---

start_actor
register threads
mark threads "$PID"
act threads 8 4
check_grown "rss and usage count what 8 threads take, 4 MiB each" threads 32 9
check_record "8 threads are one process" threads processes=1
check "rss of 8 threads agrees with the page tables" wait_so agrees threads 9 "$PID"
end_actor threads

# --- Processes ---

start_actor
register several
mark several "$PID"
act fork 4
children=("${ANSWERS[@]}")
check "rss of a parent and 4 children agrees with the page tables" \
	wait_so agrees several 5 "$PID" "${children[@]}"
mark several "$PID" "${children[@]}"
act children anon 8
check_grown "rss and usage count what 4 children take, 8 MiB each" several 32 5
check_record "the record counts 5 processes" several processes=5
act child 0 exit
check_eq "a child exits" "$ANSWER" "gone"
check "rss agrees with the page tables after a child's exit" \
	wait_so agrees several 4 "$PID" \
	"${children[@]:1}"
check_record "the record counts 4 processes after that" several processes=4
kill -KILL "${children[1]}"
check "rss agrees with the page tables after a child is killed" \
	wait_so agrees several 3 "$PID" "${children[@]:2}"
act orphan 8
orphan=$ANSWER
check "rss agrees with the page tables of an orphan and the others" \
	wait_so agrees several 4 "$PID" \
	"${children[@]:2}" "$orphan"
check_record "the record counts the orphan" several processes=4
kill -KILL "$orphan"
end_actor several

# --- Copy on write: rss counts a page once for each process that maps it, before and after
# --- a process gets its own copy

start_actor
register copies
act anon 16
act fork 3
children=("${ANSWERS[@]}")
mark copies "$PID" "${children[@]}"
check "rss counts 16 MiB four times that a parent and 3 children share" \
	test "$RSS_BEFORE" -ge $((4 * 16 * MIB - SLACK))
act children touch 16
check_grown "copies of the shared pages change no figure" copies 0 4
check "rss agrees with the page tables after the copies" wait_so agrees copies 4 "$PID" \
	"${children[@]}"
check "usage equals rss after the copies" same_figures copies
end_actor copies

# --- vfork(): parent and child share one address space ---

start_actor
register both
mark both "$PID"
act vfork
check_record "the record counts a child of vfork()" both processes=2
check_grown "a child of vfork() adds no memory" both 0
act anon 24
check_grown "memory that a child of vfork() takes counts once" both 24
act exit
check_record "the child of vfork() exits" both processes=1
check_grown "memory that the child took stays with its parent" both 24
end_actor both

check_unload
ktap_end
