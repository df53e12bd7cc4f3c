#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests in shell share, where the module is: loading, waiting, cleaning
# up.

. "$(dirname "$0")/../lib/kselftest.sh"

require_module
check "the module is loaded" module_is_loaded
check_match "the kernel log since the test's start is at hand" "$(kernel_log)" \
	'purser: '
check "it can be unloaded" unload_module
check_status "and then is not loaded" 1 module_is_loaded
check "unloading it once more is no error" unload_module
check "it can be loaded again" load_module

if [ "${PURSER_VM:-}" ]; then
	check_eq "two CPUs, unless a test wants others" "$(nproc)" 2
else
	ktap_skip "two CPUs, unless a test wants others" "not the virtual machine"
fi
clocks=/sys/devices/system/clocksource/clocksource0
if grep -qw clocksource=hpet /proc/cmdline; then
	check_eq "its clock is not the TSC of a machine that may stand still" \
		"$(cat $clocks/current_clocksource)" hpet
fi
check_eq "a kernel that is slow has more time" "$WAIT_CAP" $((60 * ${PURSER_SLOW:-1}))

sleep 0.3 &
check "what will be true is waited for" wait_for is_gone $!
WAIT_CAP=1
check_status "what will not be is given up" 1 wait_for false

make_busybox_root "$TEST_DIR/root"
check "a busybox root runs a shell" \
	chroot "$TEST_DIR/root" /bin/sh -c 'ls /bin/memory_hog && id'

# A test within the test: how it ends and what it leaves.
inner() {	# inner BODY: sets OUTPUT and _status
	{
		echo '#!/bin/bash'
		echo ". '$PURSER_ROOT/selftests/lib/kselftest.sh'"
		echo "$1"
	} >"$TEST_DIR/inner.sh"
	_run bash "$TEST_DIR/inner.sh"
}

inner 'ktap_pass a; at_exit touch '"$TEST_DIR"'/left; ktap_end'
check_eq "a test that passes" "$_status $OUTPUT" \
	$'0 TAP version 13\nok 1 a\n1..1'
check "cleaned up" test -e "$TEST_DIR/left"
inner 'check a false; ktap_end'
check_match "a test that fails" "$_status $OUTPUT" $'^1 .*\nnot ok 1 a\n# status 1: false'
inner 'ktap_skip a "no such thing"; ktap_end'
check_eq "a test all skipped" "$_status" 4
inner 'ktap_pass a; exit 0'
check_match "a test that stops early" "$_status $OUTPUT" $'^1 .*\nBail out! '
# shellcheck disable=SC2016 # it is for the inner one
inner 'ktap_pass a; undefined=$nosuchvariable; ktap_end'
check_match "a test with a mistake in it" "$_status $OUTPUT" $'^1 .*\nBail out! '
inner 'ktap_pass a; at_exit false; ktap_end'
check_match "a test that cannot clean up" "$_status $OUTPUT" \
	'^1 .*cleaning up failed: false'
check_eq "no test leaves its folder behind" \
	"$(ls -d /tmp/purser-test.*)" "$TEST_DIR"

ktap_end
