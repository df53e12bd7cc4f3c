#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# --stop-signal and --stop-timeout: what a stop without options does, also by the next
# supervisor, at its end, and if "engine run" gets a signal.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# shellcheck disable=SC2016
on_int='trap "echo int; exit 7" INT; trap "echo term" TERM; echo up; while :; do sleep 1000 & wait $!; done'

engine start int --stop-signal INT --stop-timeout 600 -- sh -c "$on_int" >/dev/null
wait_for log_has int up
check_eq "stop sends the container's own signal" "$(engine stop int)" \
	"int: stopped, exit code 7"

# shellcheck disable=SC2016
deaf='trap "echo no" TERM; echo up; while :; do sleep 1000 & wait $!; done'
engine start deaf --stop-timeout 0.2 -- sh -c "$deaf" >/dev/null
wait_for log_has deaf up
check_eq "after its own time comes SIGKILL" "$(timeout 30 engine stop deaf)" \
	"deaf: stopped, forced, signal SIGKILL"

engine start both --stop-signal INT --stop-timeout 600 -- sh -c "$on_int" >/dev/null
wait_for log_has both up
check_eq "options of stop win" "$(engine stop both --signal TERM --time 0.2)" \
	"both: stopped, forced, signal SIGKILL"

engine start adopted --stop-signal INT --stop-timeout 600 -- sh -c "$on_int" >/dev/null
wait_for log_has adopted up
die
next
check_eq "the next supervisor knows the signal" "$(engine stop adopted)" \
	"adopted: stopped, exit code 7"

engine run ran --stop-signal INT --stop-timeout 600 -- sh -c "$on_int" >/dev/null &
RUN=$!
wait_for log_has ran up
kill -TERM "$RUN"
STATUS=0
wait "$RUN" || STATUS=$?
check_eq "a signal to run is a stop as the container wants it" "$STATUS" 7

engine start last --stop-signal INT --stop-timeout 600 -- sh -c "$on_int" >/dev/null
wait_for log_has last up
check "the supervisor ends" stop_supervisor
check "it has sent the container's own signal" grep -qw int "$LOG_DIR/last.log"

ktap_end
