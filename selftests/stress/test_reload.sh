#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module is loaded and unloaded again and again under load.
#
# usage: test_reload.sh [CYCLES]
# timeout: 900

. "$(dirname "$0")/../kmod/kmod.sh"

cycles=${1:-$((200 / ${PURSER_SLOW:-1}))}

require_no_module
[ "$(nproc)" -gt 1 ] || ktap_skip_all "the test needs two processors"

# Most of the time would go into reading what is there for debuggers.
check "the module is copied" strip -g -o "$TEST_DIR/purser.ko" "$PURSER_KO"
check "$cycles times loaded and unloaded under load" \
	reload "$cycles" "$TEST_DIR/purser.ko" event_log=64
ktap_diag "$OUTPUT"
for customer in list events info listen register half monitor fork; do
	check_match "who did '$customer' was served" "$OUTPUT" \
		"$customer: served [1-9]"
done
check "nobody has the module now" test ! -e /sys/module/purser
check "nor the device" test ! -e /dev/container_monitor
check_eq "nor is its worker left" "$(worker_threads)" 0
check "it can be loaded once more" load_module
check_eq "and is empty" "$(purserctl list --json)" "[]"
check_unload
ktap_end
