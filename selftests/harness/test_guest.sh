#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The functions of kselftest.sh that need the virtual machine: loading the module,
# waiting and cleaning up.

. "$(dirname "$0")/../lib/kselftest.sh"

require_module
check "require_module loads the module" module_is_loaded
check_match "kernel_log prints lines since the start of the test" \
	"$(kernel_log)" 'purser: '
check "unload_module unloads the module" unload_module
check_status "module_is_loaded fails without the module" 1 module_is_loaded
check "unload_module succeeds without the module" unload_module
check "load_module loads the module again" load_module

if [ "${PURSER_VM:-}" ]; then
	check_eq "the virtual machine has two CPUs by default" "$(nproc)" 2
else
	ktap_skip "the virtual machine has two CPUs by default" \
		"not the virtual machine"
fi
clocks=/sys/devices/system/clocksource/clocksource0
if grep -qw clocksource=hpet /proc/cmdline; then
	check_eq "the emulated machine's clock is the HPET, as it may stand still" \
		"$(cat $clocks/current_clocksource)" hpet
fi
check_eq "a slow kernel has a longer WAIT_CAP" "$WAIT_CAP" $((60 * ${PURSER_SLOW:-1}))

sleep 0.3 &
check "wait_for waits until the command succeeds" wait_for is_gone $!
WAIT_CAP=1
check_status "wait_for gives up after WAIT_CAP" 1 wait_for false

make_busybox_root "$TEST_DIR/root"
check "a busybox root runs a shell" \
	chroot "$TEST_DIR/root" /bin/sh -c 'ls /bin/memory_hog && id'

# inner BODY - run a test inside the test; sets OUTPUT and _status
inner() {
	{
		echo '#!/bin/bash'
		echo ". '$PURSER_ROOT/selftests/lib/kselftest.sh'"
		echo "$1"
	} >"$TEST_DIR/inner.sh"
	_run bash "$TEST_DIR/inner.sh"
}

inner 'ktap_pass a; at_exit touch '"$TEST_DIR"'/left; ktap_end'
check_eq "a test that passes exits with status 0" \
	"$_status $OUTPUT" $'0 TAP version 13\nok 1 a\n1..1'
check "a test runs its at_exit command" test -e "$TEST_DIR/left"
inner 'check a false; ktap_end'
check_match "a test that fails exits with status 1 and says why" \
	"$_status $OUTPUT" $'^1 .*\nnot ok 1 a\n# status 1: false'
inner 'ktap_skip a "no such thing"; ktap_end'
check_eq "a test that skips all points exits with status 4" "$_status" 4
inner 'ktap_pass a; exit 0'
check_match "a test that exits early bails out" \
	"$_status $OUTPUT" $'^1 .*\nBail out! '
# shellcheck disable=SC2016 # the inner test expands it
inner 'ktap_pass a; undefined=$nosuchvariable; ktap_end'
check_match "a test with an unset variable bails out" \
	"$_status $OUTPUT" $'^1 .*\nBail out! '
inner 'ktap_pass a; at_exit false; ktap_end'
check_match "a test whose at_exit command fails, fails" \
	"$_status $OUTPUT" '^1 .*cleaning up failed: false'
check_eq "no test leaves its folder behind" \
	"$(ls -d /tmp/purser-test.*)" "$TEST_DIR"

ktap_end
