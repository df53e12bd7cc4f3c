#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine stop": graceful, forced, and what comes in between.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

start() {	# start ID SCRIPT - returns when it has said "up"
	engine start "$1" -- sh -c "$2" >/dev/null && wait_for log_has "$1" up
}

# shellcheck disable=SC2016
polite='trap "exit 3" TERM; echo up; while :; do sleep 1000 & wait $!; done'
stubborn='trap "" TERM; echo up; exec sleep 1000'
# shellcheck disable=SC2016
deaf='trap "echo heard" TERM; echo up; while :; do sleep 1000 & wait $!; done'

start polite "$polite"
check "stop: one that goes" engine stop polite
check_eq "stop prints how it ended" "$OUTPUT" "polite: stopped, exit code 3"
check_eq "as the record has it" \
	"$(value polite /state /reason /exit_code /forced)" \
	"exited stopped 3 false"
check "its state folder goes" wait_for state_is_empty
refused "stop: one that has ended" 1 \
	'container "polite" has ended already: stopped, exit code 3' \
	engine stop polite

start deaf "$deaf"
check "stop: one that stays gets SIGKILL when its time is over" \
	engine stop deaf --time 0.5
check_eq "stop says so" "$OUTPUT" "deaf: stopped, forced, signal SIGKILL"
check "it had heard" log_has deaf heard

start stubborn "$stubborn"
check "stop: one that ignores the signal" engine stop stubborn --time 1000
check_eq "is not waited for" "$OUTPUT" \
	"stubborn: stopped, forced, no handler, signal SIGKILL"

start now "$polite"
check "stop --time 0" engine stop now --time 0
check_eq "is SIGKILL" "$OUTPUT" "now: stopped, forced, signal SIGKILL"

start other "trap 'exit 9' INT; $polite"
check "stop --signal" engine stop other --signal int
check_eq "sends that one" "$OUTPUT" "other: stopped, exit code 9"

# Two stops at once.
start twice "$deaf"
engine stop twice --time 1000 >"$TEST_DIR/first" 2>&1 &
first=$!
wait_for value_is twice /state stopping
engine stop twice --time 500 >"$TEST_DIR/second" 2>&1 &
second=$!
wait_for test -s "$TEST_DIR/second"
check_eq "a second stop is told of the first" "$(<"$TEST_DIR/second")" \
	'engine: container "twice" is on its way to its end already: this stop sends no signal, and kills it when its time is over'
check "and waits like the first" kill -0 "$first" "$second"
refused "a start in the meantime is refused" 1 \
	'container "twice" is still stopping' engine start twice
check "a third one has no time" engine stop twice --time 0
check "the first one ends" wait "$first"
check "and the second" wait "$second"
check_eq "both tell the same" "$(<"$TEST_DIR/first")" \
	"$(tail -n 1 "$TEST_DIR/second")"

# Stopped while it goes by itself, and stopped by the other tool.
start hog 'echo up; exec sleep 1000'
check "purserctl may stop it too" purserctl stop hog --time 0
check "and the supervisor sees it" wait_for value_is hog /state exited
check_eq "with its reason" "$(value hog /reason /forced)" "stopped true"

# Taken from the table while it lives: only the supervisor is left to see it.
start wild "$polite"
pid=$(value wild /pid)
purserctl unregister wild
check "one that was unregistered is not in ps" wait_for eval '! row wild'
refused "and is not the kernel's to stop" 1 \
	"container \"wild\" is not in the kernel's table any more: it was unregistered" \
	engine stop wild
refused "its id is taken as long as it lives" 1 \
	'container "wild" is still running' engine start wild
kill -KILL "$pid"
check "it is reaped" wait_for is_gone "$pid"
check "and its id free" wait_for engine start wild -- sleep 1000

check "no zombie is left" is_zombie_free
check "ps has the kernel's rows" same_as_kernel

ktap_end
