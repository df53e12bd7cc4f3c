#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# monitor --journal: journalctl finds the kernel's events by the name of a container. The test
# starts a journal of its own, in its own mount namespace.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

journald=/lib/systemd/systemd-journald
[ -x $journald ] || ktap_skip_all "there is no systemd-journald"
[ -s /etc/machine-id ] || ktap_skip_all "this machine has no id"

require_module
refused "without a journal, monitor fails" 1 \
	'no journal at /run/systemd/journal/socket: No such file or directory' \
	unshare --mount sh -c 'mount -t tmpfs tmpfs /run && exec purserctl monitor --journal'

# shellcheck disable=SC2016 # for that shell
unshare --mount --propagation private sh -c 'mount -t tmpfs tmpfs /run &&
	mkdir -p /run/systemd/journal /run/log && exec "$1"' sh $journald \
	>"$TEST_DIR/journald" 2>&1 </dev/null &
JOURNALD=$!
at_exit end_process $JOURNALD
inside() { nsenter -t $JOURNALD -m -- "$@"; }
wait_for inside test -S /run/systemd/journal/socket || ktap_bail "$(<"$TEST_DIR/journald")"

# purserctl monitor runs there, too.
eval "$(declare -f start_monitor | sed "s/purserctl monitor/nsenter -t $JOURNALD -m -- purserctl monitor/")"
start_monitor "$TEST_DIR/m" --journal || ktap_bail "no monitor"

spawn sleep 1000
purserctl register web "$PID" --soft-mib 500 >/dev/null
spawn sleep 1000
purserctl register db "$PID" >/dev/null
purserctl stop web --time 0 >/dev/null
purserctl unregister db

entries() {	# entries FIELD MATCH... - the values of the field, one a line
	local field=$1

	shift
	inside journalctl --sync 2>/dev/null
	inside journalctl --no-pager -o cat --output-fields="$field" "$@"
}
count() { [ "$(entries PURSER_EVENT CONTAINER_NAME="$1" | wc -l)" = "$2" ]; }
check "the journal has all events of a container" wait_for count web 4
check_eq "they are those of the kernel, in order" "$(entries PURSER_EVENT CONTAINER_NAME=web)" \
	"$(purserctl events --container web --json | "$JSON" /event)"
check_eq "their numbers, too" "$(entries PURSER_SEQ CONTAINER_NAME=web)" \
	"$(purserctl events --container web --json | "$JSON" /seq)"
check_eq "those of another container can be told apart" \
	"$(entries PURSER_EVENT CONTAINER_NAME=db)" $'registered\nunregistered'
check_eq "an event is found by its type" \
	"$(entries CONTAINER_NAME PURSER_EVENT=unregistered)" db
check_match "an entry has a text for people" "$(entries MESSAGE CONTAINER_NAME=web PURSER_EVENT=exited)" \
	'^web: exited, stopped/forced, peak [0-9.]+MiB$'
check_eq "and a sender" "$(entries SYSLOG_IDENTIFIER CONTAINER_NAME=web | uniq)" purser
check_stops "monitor exits with status 0"
check_eq "it prints nothing" "$(cat "$TEST_DIR/m" "$TEST_DIR/m.err")" ""

purserctl unregister web
ktap_end
