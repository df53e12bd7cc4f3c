#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Makes each memory allocation of each command fail in turn, on a kernel with fault
# injection. The command must return an error and change nothing, or succeed.
# timeout: 900

. "$(dirname "$0")/../kmod/kmod.sh"

require_machine
failslab=/sys/kernel/debug/failslab
if ! [ -d "$failslab" ] || ! [ -e /proc/thread-self/fail-nth ]; then
	ktap_skip_all "this kernel was built without fault injection"
fi
require_module
PATH=$PURSER_BUILD/tests/bin/kmod:$PATH

# Only the allocation that a thread selects by fail-nth fails. The kernel prints no stack.
setup_failslab() {
	echo N >"$failslab/ignore-gfp-wait" && echo N >"$failslab/cache-filter" &&
		echo N >"$failslab/task-filter" && echo 0 >"$failslab/probability" &&
		echo -1 >"$failslab/times" && echo 0 >"$failslab/verbose"
}

check "the kernel's fault injection can be set up" setup_failslab

# trial NAME POINT - run that trial of failslab.c
trial() {
	check "$2 fails or succeeds completely if an allocation fails" failslab "$1"
	ktap_diag "$OUTPUT"
}

# The first container also attaches the tracepoints, and the last one detaches them.
trial register "register"
check_match "register made allocations that failed" "$OUTPUT" ': [1-9][0-9]* allocations'
trial ioctl-register-pidns "MONITOR_REGISTER of a pid namespace"
trial unregister "unregister of a live container"
trial ioctl-unregister "MONITOR_UNREGISTER"

# A further container keeps the tracepoints attached: that saves time.
spawn
register standing
trial register-bare "register without a cookie"
trial register-pidns "register of a pid namespace"
trial unregister-pidns "unregister of a pid namespace"
trial unregister-ended "unregister of an ended container"
trial get "get"
trial set "set"
trial stop "stop with a signal that is handled"
trial stop-term "stop with a signal that kills"
trial stop-now "stop without grace"
trial stop-no-handler "stop with a signal that an init does not handle"
trial info "info"
trial ioctl-register "MONITOR_REGISTER"
trial ioctl-unregister-ended "MONITOR_UNREGISTER of an ended container"

# --- Dumps of more than one message: 60 records and their events ---

spawn --count 60
crowd=("$PID")
while [ ${#crowd[@]} -lt 60 ] && read -r -t "$WAIT_CAP" -u "$OUT" PID; do
	crowd+=("$PID")
done
for i in "${!crowd[@]}"; do
	echo "register name=crowd$i pid=${crowd[i]}"
done >"$TEST_DIR/requests"
check "60 containers are registered" requests "$TEST_DIR/requests"
trial list "a dump of records"
trial event-get "a dump of events"
for i in "${!crowd[@]}"; do
	echo "unregister name=crowd$i"
done >"$TEST_DIR/requests"
check "the 60 containers are unregistered" requests "$TEST_DIR/requests"

# --- The fork probe: it cannot make the fork fail. The next sweep adds the child ---

check "fork survives failing allocations" failfork
ktap_diag "$OUTPUT"
mapfile -t untracked < <(sed -n 's/^untracked //p' <<<"$OUTPUT")
check "at least one child could not be tracked at its fork" [ "${#untracked[@]}" -gt 0 ]
for pid in "${untracked[@]}"; do
	check_match "the kernel log names the child $pid that could not be tracked" \
		"$(kernel_log)" \
		"purser: no memory to track pid=$pid container=failfork"
done

clear_container standing
purserctl events --json >"$TEST_DIR/events"
check "the event log has no fault" \
	awk -f "$(dirname "$0")/../kmod/events.awk" "$TEST_DIR/events"
check_unload
if [ -w /sys/kernel/debug/kmemleak ]; then
	check "no kernel memory was leaked" "$PURSER_ROOT/selftests/vm/check-leaks"
else
	ktap_skip "no kernel memory was leaked" "this kernel has no kmemleak"
fi
ktap_end
