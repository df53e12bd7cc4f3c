#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Without the module, every command says so and exits with status 4.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_no_module

line='cannot reach the container table: the purser module is not loaded'
refused "list" 4 "$line" purserctl list
refused "list --json" 4 "$line" purserctl list --json
refused "show" 4 "$line" purserctl show web
refused "register" 4 "$line" purserctl register web $$
refused "unregister" 4 "$line" purserctl unregister web
refused "set" 4 "$line" purserctl set web --soft-mib 1
refused "stop" 4 "$line" purserctl stop web
refused "stop --no-wait" 4 "$line" purserctl stop web --no-wait
refused "info" 4 "$line" purserctl info
refused "monitor" 4 "$line" purserctl monitor
refused "events" 4 "$line" purserctl events
refused "also to other users" 4 "$line" as_nobody purserctl list

# A handle that was open when the module went, and when it came again.
load_module || ktap_bail "cannot load the module"
coproc HANDLE { "$CLIENT" handle; }
# shellcheck disable=SC2154 # coproc sets it
at_exit end_process "$HANDLE_PID"
ask() {
	local answer=

	echo >&"${HANDLE[1]}"
	read -r -t "$WAIT_CAP" -u "${HANDLE[0]}" answer
	echo "$answer"
}
check_eq "an open handle works" "$(ask)" "live 0"
check "the module goes" unload_module
check_eq "the handle says so" "$(ask)" \
	"error 19: the purser module is not loaded"
check "the module comes again" load_module
check_eq "the handle works again" "$(ask)" "live 0"

# A listener would wait for ever.
start_monitor "$TEST_DIR/events" || ktap_bail "no monitor"
check "the module goes below a listener" unload_module
status=0
wait "$MONITOR" || status=$?
check_eq "the listener ends" "$status" 4
check_eq "and says why" "$(cat "$TEST_DIR/events" "$TEST_DIR/events.err")" \
	"purserctl: cannot listen to the events: the purser module was unloaded"

ktap_end
