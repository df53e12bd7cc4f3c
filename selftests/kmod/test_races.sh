#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Many at once, at the same few containers. What was done is judged by the event
# log, by the table that is left, and by the kernel's log.

. "$(dirname "$0")/kmod.sh"

[ "$(nproc)" -gt 1 ] || ktap_skip_all "needs two processors"
require_module event_log=65536 exit_records=8 sweep_ms=10

log_is_right() {
	purserctl events --json >"$TEST_DIR/log" &&
		awk -f "$(dirname "$0")/events.awk" "$TEST_DIR/log"
}

table_is_right() {
	local json ended=0 line

	json=$(purserctl list --json)
	while read -r line; do
		[[ $line == *'"id":'* ]] || continue
		field "$line" state
		[ "$REPLY" = exited ] || return
		ended=$((ended + 1))
	done <<<"$json"
	[[ $(purserctl info --json) == \
		*"\"live\":0,\"ended\":$ended,\"members\":0,"* ]]
}

# The last one that goes detaches the tracepoints, the first one that comes
# attaches them: that takes its time, and then nobody meets anybody.
check "register, stop, unregister, set, get, list, kill" hammer table 30
ktap_diag "$OUTPUT"
spawn
register standing
check "and again while another one lives" hammer table 150
ktap_diag "$OUTPUT"
clear_container standing
check "all end" wait_for live_is 0
check "the events make sense" log_is_right
check "the table and its counters agree" table_is_right

check "what was never registered is never found" hammer ghost 3000
ktap_diag "$OUTPUT"
check "all end" wait_for live_is 0
check "the table and its counters agree" table_is_right
check "the events make sense" log_is_right

# A registration that comes while the module goes

load_and_unload() {
	local i

	for ((i = 0; i < 30; i++)); do
		insmod "$PURSER_KO" || return
		wait_for rmmod purser || return
	done
}

check "the module unloads" wait_for unload_module
exec {OUT}< <(exec hammer unload </dev/null)
HAMMER=$!
at_exit stop_process $HAMMER
wait_line ready
check "it is loaded and unloaded while somebody registers" load_and_unload
kill -TERM $HAMMER
check "who was never told nonsense" wait_line 'unload *'
ktap_diag "$LINE"

check "the module loads" load_module
check_unload
ktap_end
