#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A first process that takes long to die does not protect the others: a limit and a stop
# kill the other processes of its namespace while a tracer holds the first one in its exit
# stop, and while it dumps core.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

# The reader of core dumps is a "sleep": it reads nothing.
cp "$(type -P sleep)" "$TEST_DIR/reader"
was=$(</proc/sys/kernel/core_pattern)
restore_pattern() {
	echo "$was" >/proc/sys/kernel/core_pattern
	pkill -KILL -x reader || true
}
at_exit restore_pattern
echo "|$TEST_DIR/reader 100000" >/proc/sys/kernel/core_pattern ||
	ktap_bail "cannot set core_pattern"

# If a point fails, its processes may live on.
kill_survivors() {
	pkill -KILL -x dying || true
}
at_exit kill_survivors

members_are() {
	[[ $(purserctl info --json) == *"\"members\":$1,"* ]]
}

# die HOW [LIMIT] - make the container "box", whose first process dies in that way
die() {
	rm -f "$TEST_DIR/orders"
	mkfifo "$TEST_DIR/orders" && exec {ORDERS}<>"$TEST_DIR/orders" || return
	exec {OUT}< <(exec spawn --pidns --hold dying "$1" 256 \
		<"$TEST_DIR/orders")
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID &&
		register box "${@:2}" && release "$PID" && wait_line ready
}

# check_end POINT KEY=VALUE... - the container ends with these values, and no process of
# it is left
check_end() {
	check_event "$1" box exited state=exited "${@:2}"
	check "$1: no process of it lives" wait_for eval '! pgrep -x dying'
	check "$1: the record counts no process" wait_for record_is box processes=0
	check "$1: the module counts no member" wait_for members_are 0
	kill_survivors
	wait_for live_is 0 && purserctl unregister box
	exec {ORDERS}>&-
}

# --- A tracer holds the first process. Its exit code is fixed and stays the reason ---

# Before 6.0 the kernel does not mark a process with one thread that calls _exit(), so for all that
# can be seen it lives; and wait() reports the SIGKILL that comes then.
if kernel_is_since 6 0; then
	held="reason=exited exit_code=7 signal=null forced=false"
	killed=$held
else
	held="reason=stopped exit_code=null signal=9 forced=true"
	killed="reason=hard_limit_killed exit_code=null signal=9"
fi

check "a tracer holds the first process in its exit" die held --hard-mib 48
check_record "the held container has not ended" box state=running processes=2
order go
# shellcheck disable=SC2086 # words
check_end "the hard limit kills its tracer" $killed

for grace in 0 1; do
	check "a tracer holds the first process in its exit, grace $grace" die held
	if kernel_is_since 6 0; then
		check_refused "a stop with grace $grace is refused since the container is ending" \
			"the container is ending already" \
			purserctl stop box --time $grace --no-wait
	else
		check "a stop with grace $grace is accepted" \
			purserctl stop box --time $grace --no-wait
	fi
	# shellcheck disable=SC2086 # words
	check_end "the stop with grace $grace kills the tracer" $held
done

# --- The first process dumps core, and SIGKILL ends that ---

check "the first process dumps core" die dumping --hard-mib 48
check_record "the dumping container has not ended" box state=running processes=2
order go
check_event "another process crosses the hard limit" box hard_limit state=killing
check_end "the hard limit ends the dump" reason=hard_limit_killed signal=9

for grace in 0 1; do
	check "the first process dumps core, grace $grace" die dumping
	check "the dumping container accepts a stop with grace $grace" \
		purserctl stop box --time $grace --no-wait
	check_end "the stop with grace $grace ends the dump" \
		reason=stopped signal=9 forced=true
done

check_unload
ktap_end
