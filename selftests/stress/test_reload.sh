#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module is loaded and unloaded many times under load.
#
# usage: test_reload.sh [CYCLES]
# timeout: 900

. "$(dirname "$0")/../kmod/kmod.sh"

cycles=${1:-$((200 / ${PURSER_SLOW:-1}))}

require_no_module
[ "$(nproc)" -gt 1 ] || ktap_skip_all "the test needs two processors"

# Without debugging information the module loads much faster.
check "the module is copied without debugging information" \
	strip -g -o "$TEST_DIR/purser.ko" "$PURSER_KO"
check "the module can be loaded and unloaded $cycles times under load" \
	reload "$cycles" "$TEST_DIR/purser.ko" event_log=64
ktap_diag "$OUTPUT"
for customer in list events info listen register half monitor fork; do
	check_match "requests of the thread '$customer' succeeded" "$OUTPUT" \
		"$customer: served [1-9]"
done
check "the module is unloaded at the end" test ! -e /sys/module/purser
check "its device is gone" test ! -e /dev/container_monitor
check_eq "its worker thread is gone" "$(worker_threads)" 0
check "the module can be loaded again" load_module
check_eq "its table is empty" "$(purserctl list --json)" "[]"
check_unload
ktap_end
