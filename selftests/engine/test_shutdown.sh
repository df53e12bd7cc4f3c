#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine shutdown": with and without the containers. And the word to the service manager.

. "$(dirname "$0")/engine.sh"

# is_dead PID - it has ended; nobody may have reaped it
is_dead() {
	is_gone "$1" || grep -q '^State:.Z' "/proc/$1/status"
}

check_status "without a supervisor there is nothing to end" 3 \
	engine shutdown --run-dir "$TEST_DIR/none"
check_match "shutdown says so" "$OUTPUT" "no supervisor .*$TEST_DIR/none"

cat >"$TEST_DIR/manager.py" <<'END'
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print(s.recv(100).decode(), flush=True)
END
export NOTIFY_SOCKET=$TEST_DIR/notify
python3 "$TEST_DIR/manager.py" "$NOTIFY_SOCKET" >"$TEST_DIR/heard" &
manager=$!
wait_for test -S "$NOTIFY_SOCKET"
require_module
require_supervisor
check "the supervisor tells its service manager" wait "$manager"
check_eq "that it is ready" "$(<"$TEST_DIR/heard")" READY=1
unset NOTIFY_SOCKET

# shellcheck disable=SC2016
engine start web -- sh -c 'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 1000 & wait $!; done' \
	>/dev/null
wait_for log_has web up
pid=$(value web /pid)
check_status "a container has no socket of a service manager" 1 \
	grep -z '^NOTIFY' "/proc/$pid/environ"

first=$SUPERVISOR_PID
check "a shutdown that keeps containers returns" engine shutdown --keep-containers
check "when the supervisor is dead" is_dead "$first"
check_status "which exits with 0" 0 stop_supervisor
check_eq "the container runs" "$(purserctl show web | awk '$1 == "state" { print $2 }')" running
start_supervisor
check_eq "the next supervisor has it" "$(value web /state /pid)" "running $pid"

second=$SUPERVISOR_PID
check "a shutdown returns" engine shutdown
check "when the supervisor is dead" is_dead "$second"
check_status "which exits with 0" 0 stop_supervisor
check "the container has ended" is_dead "$pid"
check_match "it had the time to end itself" "$(<"$LOG_DIR/web.log")" ' stdout F bye'
check_eq "the run directory is empty" "$(ls -A "$RUN_DIR")" ""

ktap_end
