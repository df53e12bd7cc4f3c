#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# More events than the supervisor's socket holds, and more than the kernel keeps:
# what happened meanwhile is known all the same.

. "$(dirname "$0")/inject.sh"

# drops - what the supervisor's sockets had to drop; its port numbers end in its PID
drops() {
	awk -v pid="$SUPERVISOR_PID" '
		$3 % 4194304 == pid && $2 == 16 { n += $9 }
		END { print n + 0 }' /proc/net/netlink
}

# missed N - what a supervisor that stands still misses, with N events at the end
missed() {
	local n=$1 run status=0 before

	engine run gone -- true || return
	engine start unregistered -- sleep 1000 >/dev/null || return
	engine start killed -- sleep 1000 >/dev/null || return
	engine start busy -- sleep 1000 >/dev/null || return
	engine run told -- sleep 1000 >"$TEST_DIR/told" 2>&1 &
	run=$!
	wait_for value_is told /state running
	before=$(drops)

	kill -STOP "$SUPERVISOR_PID"
	# What matters is neither among the first, which the socket holds, nor
	# among the last, which the kernel has.
	"$SET" set busy "$n"
	purserctl unregister gone
	purserctl unregister unregistered
	kill -KILL "$(purserctl show killed --json | "$JSON" /pid)"
	purserctl stop told --signal KILL >/dev/null
	"$SET" set busy "$n"
	kill -CONT "$SUPERVISOR_PID"

	check "events were dropped" test "$(drops)" -gt "$before"
	check "a record that was dropped is no more" wait_for forgotten gone
	check "one that was killed has ended" \
		wait_for value_is killed /reason killed
	status=0
	wait "$run" || status=$?
	check_eq "who waited is told: $(<"$TEST_DIR/told")" "$status" 137
	check "limits are the last ones" value_is busy /hard_limit $((n << 30))
	check "ps has the kernel's rows" same_as_kernel
	check_status "one without a record cannot be stopped" 1 \
		engine stop unregistered
	check_match "for it was unregistered" "$OUTPUT" 'it was unregistered'
	pkill -KILL -P "$SUPERVISOR_PID" sleep
	check "all have ended" wait_for value_is busy /state exited
	check "and one of which nobody told" wait_for forgotten unregistered
	check_eq "the supervisor said nothing" \
		"$(grep -v 'supervisor ready' "$SUPERVISOR_LOG")" ""
}

require_module
require_supervisor
missed 4000
stop_supervisor || ktap_bail "the supervisor does not end"
unload_module || ktap_bail "the module does not go"

# Of 4000 events that were missed the kernel has 64.
load_module event_log=64 || ktap_bail "the module does not come"
require_supervisor
missed 4001

ktap_end
