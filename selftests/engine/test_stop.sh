#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine stop": graceful stops, forced ones, and several at once.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# start ID SCRIPT - start a container and wait until it has printed "up"
start() {
	engine start "$1" -- sh -c "$2" >/dev/null && wait_for log_has "$1" up
}

# shellcheck disable=SC2016
polite='trap "exit 3" TERM; echo up; while :; do sleep 1000 & wait $!; done'
stubborn='trap "" TERM; echo up; exec sleep 1000'
# shellcheck disable=SC2016
deaf='trap "echo heard" TERM; echo up; while :; do sleep 1000 & wait $!; done'

start polite "$polite"
check "stop stops a container that exits on SIGTERM" engine stop polite
check_eq "stop prints how the container ended" "$OUTPUT" "polite: stopped, exit code 3"
check_eq "ps shows how the container ended" \
	"$(value polite /state /reason /exit_code /forced)" \
	"exited stopped 3 false"
check "the state folder is removed" wait_for state_is_empty
refused "stop refuses a container that has ended" 1 \
	'container "polite" has ended already: stopped, exit code 3' \
	engine stop polite

start deaf "$deaf"
check "stop ends a container that does not exit on SIGTERM" \
	engine stop deaf --time 0.5
check_eq "stop reports that it sent SIGKILL when the time was over" \
	"$OUTPUT" "deaf: stopped, forced, signal SIGKILL"
check "that container got SIGTERM first" log_has deaf heard

start stubborn "$stubborn"
check "stop ends a container that ignores SIGTERM" engine stop stubborn --time 1000
check_eq "stop sends SIGKILL at once if the container ignores the signal" "$OUTPUT" \
	"stubborn: stopped, forced, no handler, signal SIGKILL"

start now "$polite"
check "stop --time 0 ends a container" engine stop now --time 0
check_eq "stop --time 0 sends SIGKILL" "$OUTPUT" "now: stopped, forced, signal SIGKILL"

start other "trap 'exit 9' INT; $polite"
check "stop --signal ends a container" engine stop other --signal int
check_eq "stop --signal sends that signal" "$OUTPUT" "other: stopped, exit code 9"

# Two stops at the same time.
start twice "$deaf"
engine stop twice --time 1000 >"$TEST_DIR/first" 2>&1 &
first=$!
wait_for value_is twice /state stopping
engine stop twice --time 500 >"$TEST_DIR/second" 2>&1 &
second=$!
wait_for test -s "$TEST_DIR/second"
check_eq "a second stop reports that a stop is under way" "$(<"$TEST_DIR/second")" \
	'engine: container "twice" is ending already: this stop sends no signal, but SIGKILL follows when its time is over'
check "both stops wait" kill -0 "$first" "$second"
refused "the id is taken while the container stops" 1 \
	'container "twice" is still stopping' engine start twice
check "a third stop with --time 0 ends the container" engine stop twice --time 0
check "the first stop returns" wait "$first"
check "the second stop returns" wait "$second"
check_eq "both stops print the same end" "$(<"$TEST_DIR/first")" \
	"$(tail -n 1 "$TEST_DIR/second")"

# A stop by purserctl.
start hog 'echo up; exec sleep 1000'
check "purserctl stops a container of the supervisor" purserctl stop hog --time 0
check "ps shows that container as exited" wait_for has_ended hog
check_eq "ps shows the stop as the reason" "$(value hog /reason /forced)" "stopped true"

# A container that somebody unregisters while it lives: only the supervisor sees its end.
start wild "$polite"
pid=$(value wild /pid)
purserctl unregister wild
check "ps does not show an unregistered container" wait_for eval '! row wild'
refused "the id of an unregistered container is taken while it lives" 1 \
	"container \"wild\" is still running as pid $pid, but somebody has unregistered it: \"engine stop wild\" ends it" \
	engine start wild
check "stop ends an unregistered container" engine stop wild
check "its first process is gone" is_gone "$pid"
check "the id of an unregistered container can be used after its death" \
	wait_for engine start wild -- sleep 1000
pid=$(value wild /pid)
purserctl unregister wild
check "stop kills one that does not handle the signal" engine stop wild --time 0.1
check "its first process is gone" is_gone "$pid"
check "the supervisor reaps it" wait_for engine start wild -- sleep 1000
for end in kill 'rm --force'; do
	pid=$(value wild /pid)
	purserctl unregister wild
	# shellcheck disable=SC2086 # a word and an option
	check "$end ends one" engine $end wild
	check "its first process is gone" wait_for is_gone "$pid"
	check "its id can be used again" wait_for engine start wild -- sleep 1000
done

check "the supervisor leaves no zombie" is_zombie_free
check "ps agrees with the kernel" same_as_kernel

ktap_end
