#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each allocation of each command fails in turn: the command says so and has
# changed nothing, or is done. On a kernel with fault injection.
# timeout: 900

. "$(dirname "$0")/../kmod/kmod.sh"

require_machine
failslab=/sys/kernel/debug/failslab
if ! [ -d "$failslab" ] || ! [ -e /proc/thread-self/fail-nth ]; then
	ktap_skip_all "this kernel was built without fault injection"
fi
require_module
PATH=$PURSER_BUILD/tests/bin/kmod:$PATH

# Only what a thread asks for by fail-nth fails, and without a stack in the log.
setup_failslab() {
	echo N >"$failslab/ignore-gfp-wait" && echo N >"$failslab/cache-filter" &&
		echo N >"$failslab/task-filter" && echo 0 >"$failslab/probability" &&
		echo -1 >"$failslab/times" && echo 0 >"$failslab/verbose"
}

check "failing is set up" setup_failslab

trial() {	# trial NAME POINT
	check "$2" failslab "$1"
	ktap_diag "$OUTPUT"
}

# The first container attaches the tracepoints, too, and the last detaches them.
trial register "register"
check_match "allocations do fail" "$OUTPUT" ': [1-9][0-9]* allocations'
trial ioctl-register-pidns "MONITOR_REGISTER of a pid namespace"
trial unregister "unregister a live one"
trial ioctl-unregister "MONITOR_UNREGISTER"

# With one that stands there they are spared the time that this takes.
spawn
register standing
trial register-bare "register without a cookie"
trial register-pidns "register what has a pid namespace of its own"
trial unregister-pidns "unregister one with a pid namespace"
trial unregister-ended "forget an ended one"
trial get "get"
trial set "set"
trial stop "stop, by a signal that is handled"
trial stop-term "stop, by a signal that ends it"
trial stop-now "stop at once"
trial stop-no-handler "stop, by a signal that the kernel would drop"
trial info "info"
trial ioctl-register "MONITOR_REGISTER"
trial ioctl-unregister-ended "MONITOR_UNREGISTER of an ended one"

# Dumps of more than one message: 60 records, and the events that made them

spawn --count 60
crowd=("$PID")
while [ ${#crowd[@]} -lt 60 ] && read -r -t "$WAIT_CAP" -u "$OUT" PID; do
	crowd+=("$PID")
done
for i in "${!crowd[@]}"; do
	echo "register name=crowd$i pid=${crowd[i]}"
done >"$TEST_DIR/requests"
check "a crowd is registered" requests "$TEST_DIR/requests"
trial list "a dump of records"
trial event-get "a dump of events"
for i in "${!crowd[@]}"; do
	echo "unregister name=crowd$i"
done >"$TEST_DIR/requests"
check "a crowd is unregistered" requests "$TEST_DIR/requests"

# The fork probe: it cannot refuse. The next sweep finds the child.

check "fork" failfork
ktap_diag "$OUTPUT"
mapfile -t untracked < <(sed -n 's/^untracked //p' <<<"$OUTPUT")
check "one child could not be tracked" [ "${#untracked[@]}" -gt 0 ]
for pid in "${untracked[@]}"; do
	check_match "and the kernel's log says so: $pid" "$(kernel_log)" \
		"purser: no memory to track pid=$pid container=failfork"
done

clear_container standing
purserctl events --json >"$TEST_DIR/events"
check "the events make sense" \
	awk -f "$(dirname "$0")/../kmod/events.awk" "$TEST_DIR/events"
check_unload
if [ -w /sys/kernel/debug/kmemleak ]; then
	check "no memory has leaked" "$PURSER_ROOT/selftests/vm/check-leaks"
else
	ktap_skip "no memory has leaked" "this kernel has no kmemleak"
fi
ktap_end
