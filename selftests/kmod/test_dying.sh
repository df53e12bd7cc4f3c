#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A first process that dies for a long time shields nobody: a limit and a stop kill
# the other processes of its namespace while a tracer holds it in its exit stop, and
# while it dumps core.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

# A reader of core dumps that reads nothing.
cp "$(type -P sleep)" "$TEST_DIR/reader"
was=$(</proc/sys/kernel/core_pattern)
restore_pattern() {
	echo "$was" >/proc/sys/kernel/core_pattern
	pkill -KILL -x reader || true
}
at_exit restore_pattern
echo "|$TEST_DIR/reader 100000" >/proc/sys/kernel/core_pattern ||
	ktap_bail "no core_pattern"

# Where a test has failed they would live for ever.
kill_survivors() {
	pkill -KILL -x dying || true
}
at_exit kill_survivors

members_are() {
	[[ $(purserctl info --json) == *"\"members\":$1,"* ]]
}

# die HOW [LIMIT] - the container "box", whose first process is in that state
die() {
	rm -f "$TEST_DIR/orders"
	mkfifo "$TEST_DIR/orders" && exec {ORDERS}<>"$TEST_DIR/orders" || return
	exec {OUT}< <(exec spawn --pidns --hold dying "$1" 256 \
		<"$TEST_DIR/orders")
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID &&
		register box "${@:2}" && release "$PID" && wait_line ready
}

# check_end POINT KEY=VALUE... - the container ends so, and nobody is left
check_end() {
	check_event "$1" box exited state=exited "${@:2}"
	check "$1: nobody lives" wait_for eval '! pgrep -x dying'
	check "$1: the books have nobody" wait_for record_is box processes=0
	check "$1: nor has the module" wait_for members_are 0
	kill_survivors
	wait_for live_is 0 && purserctl unregister box
	exec {ORDERS}>&-
}

# Held by a tracer: its end is decided, and the record tells of that end alone.

own_end="reason=exited exit_code=7 signal=null forced=false"

check "the first process is held in its exit" die held --hard-mib 48
check_record "that is no end yet" box state=running processes=2
order go
# shellcheck disable=SC2086 # words
check_end "the hard limit kills its tracer" $own_end

for grace in 0 1; do
	check "the first process is held in its exit" die held
	check_refused "a stop comes too late" \
		"the container is ending already" \
		purserctl stop box --time $grace --no-wait
	# shellcheck disable=SC2086 # words
	check_end "its SIGKILL follows, grace $grace" $own_end
done

# While it dumps core: SIGKILL is what it dies of then.

check "the first process dumps core" die dumping --hard-mib 48
check_record "that is no end yet" box state=running processes=2
order go
check_event "the hard limit is crossed" box hard_limit state=killing
check_end "the hard limit ends the dump" reason=hard_limit_killed signal=9

for grace in 0 1; do
	check "the first process dumps core" die dumping
	check "it can be stopped" purserctl stop box --time $grace --no-wait
	check_end "the stop ends the dump, grace $grace" \
		reason=stopped signal=9 forced=true
done

check_unload
ktap_end
