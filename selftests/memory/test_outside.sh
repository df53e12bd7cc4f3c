#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Another process fills memory of a container's process, see outside.c. That memory counts
# as the container's, and can exceed its limits.

. "$(dirname "$0")/memory.sh"

require_module sweep_ms=100
start_monitor || ktap_bail "cannot listen to the events"

# outside_can POINT ARGUMENT... - run outside.c; skip the point and fail if the kernel
# cannot do that
outside_can() {
	_run outside "${@:2}"
	if [ "$_status" -eq 3 ]; then
		ktap_skip "$1" "this kernel cannot do that to another process"
		return 1
	fi
	check_eq "another process fills memory by $1" "$_status$OUTPUT" 0
}

start_actor
register filled

for how in write mem; do
	act room 24
	mark filled "$PID"
	if outside_can "$how" $how "$PID" "$ANSWER" 24; then
		check_grown "rss and usage count memory filled by $how" filled 24
	fi
	act free
	check_grown "rss and usage fall when memory filled by $how is given back" filled 0
done

act missing 24
set -- "${ANSWERS[@]}"
mark filled "$PID"
check "another process fills memory by userfaultfd" outside copy "$PID" "$2" 24 "$1"
check_grown "rss and usage count memory filled by userfaultfd" filled 24
check "userfaultfd: rss agrees with the page tables" wait_so agrees filled 1 "$PID"
act free

# Huge pages are made of ranges in which only one small page was present.

thp=/sys/kernel/mm/transparent_hugepage/enabled
if [ -e $thp ]; then
	was=$(sed 's/.*\[\(.*\)\].*/\1/' $thp)
	at_exit eval "echo $was >$thp"
	echo never >$thp
	act room 24
	address=$ANSWER
	act sprinkle
	mark filled "$PID"
	if outside_can "MADV_COLLAPSE" collapse "$PID" "$address" 24; then
		check_grown "rss and usage count memory filled by MADV_COLLAPSE" filled 24
	fi
	act free
else
	ktap_skip "another process fills memory by MADV_COLLAPSE" \
		"this kernel was built without huge pages"
fi
end_actor filled

# --- The limits. The sweep runs once a minute: they must act without it ---

echo 60000 >/sys/module/purser/parameters/sweep_ms

# check_outside HOW-NAME HOW START [FD] - another process fills 48 MiB of a container with a
# soft limit of 16 MiB and a hard limit of 32 MiB
check_outside() {
	local outsider

	outside "$2" "$PID" "$3" 48 "${@:4}" >"$TEST_DIR/outside" 2>&1 &
	outsider=$!
	wait "$outsider" || true
	check "memory filled by $1 crosses the soft limit" wait_event victim soft_limit
	check_killed "memory filled by $1 crosses the hard limit" \
		victim 32 2048 "$outsider" 0 outside
}

for how in write mem; do
	start_actor
	register victim --soft-mib 16 --hard-mib 32
	act room 48
	check_outside "$how" $how "$ANSWER"
done

start_actor
register victim --soft-mib 16 --hard-mib 32
act missing 48
set -- "${ANSWERS[@]}"
check_outside "userfaultfd" copy "$2" "$1"

check_unload
ktap_end
