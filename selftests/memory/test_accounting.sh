#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Memory of processes without a cgroup of their own, however it is taken and
# given back: rss is what their page tables hold, each one's once, and usage is
# the same.

. "$(dirname "$0")/memory.sh"

require_module sweep_ms=100

# check_taken POINT NAME MIB COMMAND... - the actor takes so much and gives it back
check_taken() {
	mark "$2" "$PID"
	act "${@:4}"
	check_grown "$1" "$2" "$3"
	check "$1: as in the page tables" wait_so agrees "$2" 1 "$PID"
	act free
	check_grown "$1: given back" "$2" 0
}

start_actor
register one
check "a program alone" wait_so agrees one 1 "$PID"
check "usage is rss, without a cgroup" same_figures one

check_taken "private memory" one 24 anon 24
check_taken "MAP_POPULATE" one 24 populate 24
check_taken "shared memory" one 24 shared 24
check_taken "a memfd" one 24 memfd 24
check_taken "shm_open()" one 24 shm 24
check "usage is rss again" same_figures one

# Huge pages

if [ -e /sys/kernel/mm/transparent_hugepage/enabled ]; then
	mark one "$PID"
	act huge 24
	check "there are huge pages" test \
		"$(sum_of AnonHugePages "/proc/$PID/smaps_rollup")" -ge $((16 * MIB))
	check_grown "they count as what they hold" one 24
	act free
	check_grown "huge pages given back" one 0
else
	ktap_skip "huge pages" "this kernel was built without them"
fi

# Other ways to less and to more

mark one "$PID"
act anon 16
act dontneed
check_grown "madvise(MADV_DONTNEED)" one 0
act touch 16
check_grown "touched again" one 16
act grow 8
check_grown "mremap() to more" one 24
act move
check_grown "mremap() to another place" one 24
check "that is what the page tables hold" wait_so agrees one 1 "$PID"
field "$RECORD" peak
check "the peak has seen it" test "$REPLY" -ge $((24 * MIB))
before=$REPLY
act free
check_grown "munmap()" one 0
check "the peak stays" fields_are "$RECORD" peak="$before"

# What is mapped and not touched is not there.
act room 64
check_grown "address space alone" one 0
act small 24
act look
check_grown "nor is what was only read" one 0
act touch 24
check_grown "until it is written to" one 24
act free
act free

# execve()

mark one "$PID"
act anon 24
check_grown "before execve()" one 24
order exec
wait_line ready
check_grown "after it that is gone" one 0
check_record "it is the same process" one processes=1 pid="$PID"
end_actor one

# Threads: one mm, taken by all of them at once

start_actor
register threads
mark threads "$PID"
act threads 8 4
check_grown "8 threads that take 4 MiB each" threads 32 9
check_record "are one process" threads processes=1
check "and what its page tables hold" wait_so agrees threads 9 "$PID"
end_actor threads

# Processes

start_actor
register several
mark several "$PID"
act fork 4
children=("${ANSWERS[@]}")
check "a fork alone" wait_so agrees several 5 "$PID" "${children[@]}"
mark several "$PID" "${children[@]}"
act children anon 8
check_grown "4 processes that take 8 MiB each" several 32 5
check_record "are 5 with their parent" several processes=5
act child 0 exit
check_eq "one of them exits" "$ANSWER" "gone"
check "and what it had goes with it" wait_so agrees several 4 "$PID" \
	"${children[@]:1}"
check_record "4 are left" several processes=4
kill -KILL "${children[1]}"
check "one is killed" wait_so agrees several 3 "$PID" "${children[@]:2}"
act orphan 8
orphan=$ANSWER
check "one has lost its parent" wait_so agrees several 4 "$PID" \
	"${children[@]:2}" "$orphan"
check_record "it is counted" several processes=4
kill -KILL "$orphan"
end_actor several

# Copy on write: rss has a page once for each process that maps it, before and
# after it is one's own.

start_actor
register copies
act anon 16
act fork 3
children=("${ANSWERS[@]}")
mark copies "$PID" "${children[@]}"
check "3 children share 16 MiB" test "$RSS_BEFORE" -ge $((4 * 16 * MIB - SLACK))
act children touch 16
check_grown "and unshare it" copies 0 4
check "which is no news to their page tables" wait_so agrees copies 4 "$PID" \
	"${children[@]}"
check "nor is usage another figure" same_figures copies
end_actor copies

# vfork(): one mm, of two

start_actor
register both
mark both "$PID"
act vfork
check_record "a child of vfork()" both processes=2
check_grown "shares the memory of its parent" both 0
act anon 24
check_grown "what it takes counts once" both 24
act exit
check_record "it has left" both processes=1
check_grown "the memory has not" both 24
end_actor both

check_unload
ktap_end
