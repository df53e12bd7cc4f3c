#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# More events than the supervisor's socket holds, and more than the kernel keeps, get
# lost: the supervisor learns all the same what has happened.

. "$(dirname "$0")/inject.sh"

# drops - print how many messages the supervisor's sockets have dropped. The kernel's
# list has a socket's port number, whose low bits are the PID.
drops() {
	awk -v pid="$SUPERVISOR_PID" '
		$3 % 4194304 == pid && $2 == 16 { n += $9 }
		END { print n + 0 }' /proc/net/netlink
}

# missed N - check what a supervisor knows after it was stopped during many events, the
# last of which set the limits to N GiB
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
	# The events that matter are lost: they are neither among the first, which
	# the socket holds, nor among the last, which the kernel keeps.
	"$SET" set busy "$n"
	purserctl unregister gone
	purserctl unregister unregistered
	kill -KILL "$(purserctl show killed --json | "$JSON" /pid)"
	purserctl stop told --signal KILL >/dev/null
	"$SET" set busy "$n"
	kill -CONT "$SUPERVISOR_PID"

	check "$n: the supervisor's socket drops events" test "$(drops)" -gt "$before"
	check "$n: the supervisor forgets a container without a record" \
		wait_for forgotten gone
	check "$n: the supervisor knows that a container was killed" \
		wait_for value_is killed /reason killed
	status=0
	wait "$run" || status=$?
	check_eq "$n: engine run returns the status of its container" "$status" 137
	check "$n: the supervisor knows the last limits" \
		value_is busy /hard_limit $((n << 30))
	check "$n: ps equals the kernel's table" same_as_kernel
	check "$n: engine stop ends the unregistered container" \
		engine stop unregistered --time 0
	pkill -KILL -P "$SUPERVISOR_PID" sleep
	check "$n: the supervisor knows that the last container has ended" \
		wait_for has_ended busy
	check "$n: the supervisor forgets the unregistered container" \
		wait_for forgotten unregistered
	check_eq "$n: the supervisor prints no complaint" \
		"$(grep -v 'supervisor ready' "$SUPERVISOR_LOG")" ""
}

require_module
require_supervisor
missed 4000
stop_supervisor || ktap_bail "the supervisor does not stop"
unload_module || ktap_bail "the module does not unload"

# The kernel keeps only 64 of the 4000 events that are missed.
load_module event_log=64 || ktap_bail "the module does not load"
require_supervisor
missed 4001

ktap_end
