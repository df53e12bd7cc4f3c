#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Memory that a process did not touch itself: others fill it, see outside.c.
# It counts as its own, and goes beyond its limits.

. "$(dirname "$0")/memory.sh"

require_module sweep_ms=100
start_monitor || ktap_bail "cannot listen to the events"

# outside_can POINT ARGUMENT... - returns 1, with a point, where the kernel cannot
outside_can() {
	_run outside "${@:2}"
	if [ "$_status" -eq 3 ]; then
		ktap_skip "$1" "this kernel cannot do that to another process"
		return 1
	fi
	check_eq "$1: done" "$_status$OUTPUT" 0
}

start_actor
register filled

for how in write mem; do
	act room 24
	mark filled "$PID"
	if outside_can "by $how" $how "$PID" "$ANSWER" 24; then
		check_grown "by $how: it is there" filled 24
	fi
	act free
	check_grown "by $how: given back" filled 0
done

act missing 24
set -- "${ANSWERS[@]}"
mark filled "$PID"
check "by userfaultfd: done" outside copy "$PID" "$2" 24 "$1"
check_grown "by userfaultfd: it is there" filled 24
check "by userfaultfd: as in the page tables" wait_so agrees filled 1 "$PID"
act free

# A huge page of which but one small one was there

thp=/sys/kernel/mm/transparent_hugepage/enabled
if [ -e $thp ]; then
	was=$(sed 's/.*\[\(.*\)\].*/\1/' $thp)
	at_exit eval "echo $was >$thp"
	echo never >$thp
	act room 24
	address=$ANSWER
	act sprinkle
	mark filled "$PID"
	if outside_can "by MADV_COLLAPSE" collapse "$PID" "$address" 24; then
		check_grown "by MADV_COLLAPSE: it is there" filled 24
	fi
	act free
else
	ktap_skip "by MADV_COLLAPSE" "this kernel was built without huge pages"
fi
end_actor filled

# The limits. No sweep is near: it is seen when it happens.

echo 60000 >/sys/module/purser/parameters/sweep_ms

# check_outside POINT HOW START [FD] - to a process with 48 MiB more than its
# soft limit of 16, and its hard limit is 32
check_outside() {
	local outsider

	outside "$2" "$PID" "$3" 48 "${@:4}" >"$TEST_DIR/outside" 2>&1 &
	outsider=$!
	wait "$outsider" || true
	check "$1: the soft limit" wait_event victim soft_limit
	check_killed "$1: the hard limit" victim 32 2048 "$outsider" 0 outside
}

for how in write mem; do
	start_actor
	register victim --soft-mib 16 --hard-mib 32
	act room 48
	check_outside "by $how" $how "$ANSWER"
done

start_actor
register victim --soft-mib 16 --hard-mib 32
act missing 48
set -- "${ANSWERS[@]}"
check_outside "by userfaultfd" copy "$2" "$1"

check_unload
ktap_end
