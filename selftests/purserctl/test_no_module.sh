#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Without the module, every command prints that in a line and exits with status 4.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_no_module

line='cannot reach the container table: the purser module is not loaded'
refused "list fails without the module" 4 "$line" purserctl list
refused "list --json fails" 4 "$line" purserctl list --json
refused "show fails" 4 "$line" purserctl show web
refused "register fails" 4 "$line" purserctl register web $$
refused "unregister fails" 4 "$line" purserctl unregister web
refused "set fails" 4 "$line" purserctl set web --soft-mib 1
refused "stop fails" 4 "$line" purserctl stop web
refused "stop --no-wait fails" 4 "$line" purserctl stop web --no-wait
refused "info fails" 4 "$line" purserctl info
refused "monitor fails" 4 "$line" purserctl monitor
refused "events fails" 4 "$line" purserctl events
refused "list fails in the same way for another user" 4 "$line" as_nobody purserctl list

# A handle that is open while the module is unloaded and loaded again.
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
check "the module is unloaded" unload_module
check_eq "the handle reports that" "$(ask)" \
	"error 19: the purser module is not loaded"
check "the module is loaded again" load_module
check_eq "the handle works again" "$(ask)" "live 0"

# A listener must not wait for ever.
start_monitor "$TEST_DIR/events" || ktap_bail "no monitor"
check "the module is unloaded while a listener runs" unload_module
status=0
wait "$MONITOR" || status=$?
check_eq "the listener exits with status 4" "$status" 4
check_eq "it prints the reason" "$(cat "$TEST_DIR/events" "$TEST_DIR/events.err")" \
	"purserctl: cannot listen to the events: the purser module was unloaded"

ktap_end
