#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Visitors are processes of another cgroup that enter the pid namespace of a container.
# A visitor is a member until it exits. Pages that the other members share stay
# counted once while it is there and when it has gone. See also lie_kin.c.

. "$(dirname "$0")/kill.sh"

PATH=$PURSER_BUILD/tests/bin/memory:$PATH

begin sweep_ms=100

# start_server - start a container of six processes that share 20 MiB: their page
# tables hold 120 MiB, and the hard limit is 64 MiB
start_server() {
	VICTIM=victim$((${VICTIM#victim} + 1))
	attack_space "$VICTIM" --hard-mib 64 -- memory_actor &&
		order anon 20 && wait_line 'done*' &&
		order fork 5 && wait_line 'done*' &&
		wait_for record_is "$VICTIM" processes=6 outside=0
}

# usage - print the usage of the container in MiB
usage() {
	show "$VICTIM" && field "$RECORD" usage && echo $((REPLY / MIB))
}

# usage_is_within MIB MIB - the usage is not below the first and not above the second
usage_is_within() {
	local mib

	mib=$(usage) && [ "$mib" -ge "$1" ] && [ "$mib" -le "$2" ] && return
	echo "$mib MiB"
	return 1
}

# visit COMMAND... - run COMMAND as a visitor, by nsenter from the cgroup of this shell.
# Its input ends at go_home().
visit() {
	exec {VISIT}< <(exec nsenter -t "$PID" -p -m "$@" <"$TEST_DIR/home")
	VISITOR=$!
	at_exit stop_process "$VISITOR"
	exec {HOME_FD}>"$TEST_DIR/home"
}

# go_home - end the visitor's input and wait for its exit
go_home() {
	exec {HOME_FD}>&-
	wait_for is_gone "$VISITOR"
}

mkfifo "$TEST_DIR/home"

check "a server with five children starts" start_server
check "the usage counts shared pages once" usage_is_within 19 30
field "$RECORD" rss
check "the RSS counts shared pages in each process" [ "$REPLY" -ge $((110 * MIB)) ]

for i in 1 2; do
	check "visit $i: a visitor enters" visit cat
	check "visit $i: the record counts the visitor as a member from outside" \
		wait_for record_is "$VICTIM" processes=7 outside=1
	check "visit $i: the usage still counts shared pages once" \
		usage_is_within 19 32
	check "visit $i: the visitor leaves" go_home
	check "visit $i: the record counts no member from outside" \
		wait_for record_is "$VICTIM" processes=6 outside=0 state=running
	check "visit $i: the usage is as before" usage_is_within 19 30
done

# A visitor that takes memory

visit memory_actor
wait_line ready "$VISIT"
echo "anon 20" >&"$HOME_FD"
wait_line 'done*' "$VISIT"
check "the usage counts the 20 MiB that a visitor takes" \
	wait_for usage_is_within 39 52
check_record "the visitor that took 20 MiB is a member from outside" \
	"$VICTIM" outside=1 processes=7 state=running
check "the visitor that took 20 MiB leaves" go_home
check "the usage falls by the visitor's memory" wait_for usage_is_within 19 30
check_record "the record counts no member from outside" "$VICTIM" outside=0 processes=6

# A visitor that takes more than the hard limit

visit memory_actor
wait_line ready "$VISIT"
echo "anon 128" >&"$HOME_FD"
check_event "a visitor that takes too much crosses the hard limit" \
	"$VICTIM" hard_limit
check "that visitor dies" wait_for is_gone "$VISITOR"
exec {HOME_FD}>&-
check_dead "the container of that visitor" reason=hard_limit_killed signal=9

# A visitor that exits and leaves a child

check "a server with five children starts" start_server
visit bash -c 'cat <&0 & disown; echo ready'
wait_line ready "$VISIT"
check "a visitor exits and leaves a child" wait_for is_gone "$VISITOR"
check "the child is a member from outside" \
	wait_for record_is "$VICTIM" outside=1 processes=7
end_by_stop >/dev/null 2>&1
check_dead "a stopped server with a visitor" reason=stopped
exec {HOME_FD}>&-

check_unload
ktap_end
