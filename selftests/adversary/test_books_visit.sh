#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Visitors: processes of another cgroup that enter the namespace of a container, and
# leave. Each is a member while it is there, and takes nothing of what the others share
# along; see also lie_kin.c.

. "$(dirname "$0")/kill.sh"

PATH=$PURSER_BUILD/tests/bin/memory:$PATH

begin sweep_ms=100

# start_server - five children that share 20 MiB with the first process: 120 MiB in
# their page tables, under a limit of 64
start_server() {
	VICTIM=victim$((${VICTIM#victim} + 1))
	attack_space "$VICTIM" --hard-mib 64 -- memory_actor &&
		order anon 20 && wait_line 'done*' &&
		order fork 5 && wait_line 'done*' &&
		wait_for record_is "$VICTIM" processes=6 outside=0
}

usage() {
	show "$VICTIM" && field "$RECORD" usage && echo $((REPLY / MIB))
}

usage_is_within() {	# usage_is_within MIB MIB
	local mib

	mib=$(usage) && [ "$mib" -ge "$1" ] && [ "$mib" -le "$2" ] && return
	echo "$mib MiB"
	return 1
}

# visit COMMAND... - from the cgroup of this shell, as nsenter(1) does it; it stays
# until go_home, where it reads its input
visit() {
	exec {VISIT}< <(exec nsenter -t "$PID" -p -m "$@" <"$TEST_DIR/home")
	VISITOR=$!
	at_exit stop_process "$VISITOR"
	exec {HOME_FD}>"$TEST_DIR/home"
}

go_home() {
	exec {HOME_FD}>&-
	wait_for is_gone "$VISITOR"
}

mkfifo "$TEST_DIR/home"

check "a server with five children" start_server
check "they share what they have" usage_is_within 19 30
field "$RECORD" rss
check "which is in all their page tables" [ "$REPLY" -ge $((110 * MIB)) ]

for i in 1 2; do
	check "a visitor comes: $i" visit cat
	check "it is a member, from outside: $i" \
		wait_for record_is "$VICTIM" processes=7 outside=1
	check "what the others share is shared still: $i" usage_is_within 19 32
	check "it leaves: $i" go_home
	check "nobody is from outside: $i" \
		wait_for record_is "$VICTIM" processes=6 outside=0 state=running
	check "and all is as it was: $i" usage_is_within 19 30
done

# It brings what it has

visit memory_actor
wait_line ready "$VISIT"
echo "anon 20" >&"$HOME_FD"
wait_line 'done*' "$VISIT"
check "a visitor takes 20 MiB" wait_for usage_is_within 39 52
check_record "which is in usage, with what the others share" "$VICTIM" \
	outside=1 processes=7 state=running
check "it leaves" go_home
check "and takes it along" wait_for usage_is_within 19 30
check_record "nobody is from outside" "$VICTIM" outside=0 processes=6

# It takes too much

visit memory_actor
wait_line ready "$VISIT"
echo "anon 128" >&"$HOME_FD"
check_event "a visitor takes more than the limit" "$VICTIM" hard_limit
check "and dies with all the others" wait_for is_gone "$VISITOR"
exec {HOME_FD}>&-
check_dead "a visitor that takes too much" reason=hard_limit_killed signal=9

# The children of a visitor, whose parent goes

check "a server with five children" start_server
visit bash -c 'cat <&0 & disown; echo ready'
wait_line ready "$VISIT"
check "a visitor goes, and leaves a child" wait_for is_gone "$VISITOR"
check "which is a visitor too" wait_for record_is "$VICTIM" outside=1 processes=7
end_by_stop >/dev/null 2>&1
check_dead "a server with a visitor, stopped" reason=stopped
exec {HOME_FD}>&-

check_unload
ktap_end
