#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# --init: signals reach the command, orphans are reaped, and the container ends with the
# command.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

check_status "run exits with the command's code" 7 engine run code --init -- sh -c 'exit 7'
# shellcheck disable=SC2016 # the container expands it
check_status "a signal that ends the command is 128 plus its number" 143 \
	engine run signal --init -- sh -c 'kill -TERM $$'
check_status "a missing command is found before the start" 127 \
	engine run missing --init -- nothing-like-this

engine start sleeper --init -- sleep 1000 >/dev/null
check_eq "SIGTERM ends a command without a handler at once" "$(engine stop sleeper)" \
	"sleeper: stopped, exit code 143"
engine start deaf -- sleep 1000 >/dev/null
check_eq "without --init it has no effect" "$(engine stop deaf)" \
	"deaf: stopped, forced, no handler, signal SIGKILL"

engine start orphans --init -- sh -c '(sleep 0.1 &); echo up; sleep 1000; true' >/dev/null
wait_for log_has orphans up
check "an orphan is reaped: init, the shell and its sleep remain" \
	wait_for value_is orphans /processes 3
die
next
check_eq "the next supervisor stops it, too" "$(engine stop orphans)" \
	"orphans: stopped, exit code 143"

# The supervisor's memory must not be in a container: the first process runs another program.
engine start program --init -- sleep 1000 >/dev/null
PID=$(value program /pid)
check_match "the first process is no copy of the supervisor" \
	"$(readlink "/proc/$PID/exe")" 'memfd:purser-init'
check_eq "it has no other descriptors" "$(cd "/proc/$PID/fd" && echo *)" "0 1 2"
engine stop program --time 0 >/dev/null

mkdir -p "$TEST_DIR/bare/bin"
cp "$PURSER_BIN/cpu_hog" "$TEST_DIR/bare/bin/"
check "--init needs nothing in the root" \
	engine run bare "$TEST_DIR/bare" --init -- /bin/cpu_hog 1

ktap_end
