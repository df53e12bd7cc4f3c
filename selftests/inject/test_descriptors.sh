#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Too few descriptors: while the supervisor serves, and when it starts.

# shellcheck disable=SC1007,SC2010,SC2012,SC2015,SC2016,SC2034,SC2046
. "$(dirname "$0")/inject.sh"

require_module
require_supervisor "$PURSER_ROOTFS" --log-max-size 65536 --log-max-files 100

make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
mkfifo "$TEST_DIR/root/go" && exec {GO}<>"$TEST_DIR/root/go" ||
	ktap_bail "no FIFO"
engine start talker "$TEST_DIR/root" -- \
	sh -c 'while read -r word; do echo "$word"; done </go' >/dev/null
engine run ends -- sleep 1000 >/dev/null 2>&1 &
ends=$!
for name in over stops; do
	engine start "$name" -- sleep 1000 >/dev/null
done
wait_for value_is ends /state running
pid=$(value ends /pid)
before=$(descriptors)

# --- Fewer and fewer ---

# One for the client, then those that a start needs.
refused=0 wrong=
for ((n = 1; n <= 24; n++)); do
	leave "$n"
	status=0
	text=$(engine run probe -- true 2>&1) || status=$?
	case $status:$text in
	0:) break ;;
	125:'engine: '*'Too many open files') refused=$((refused + 1)) ;;
	*) wrong+="$n: $status $text"$'\n' ;;
	esac
done
ktap_diag "a container wants $n descriptors, its client's among them"
check_eq "each start that lacks one is refused" "$wrong" ""
check "some are" test "$refused" -gt 3
check_eq "and the last one is made" "$status" 0
check "of the others nothing is left" wait_for eval \
	'[ "$(ls "$RUN_DIR/containers" "$STATE_DIR" | grep -c probe)" = 0 ]'
check_eq "their descriptors are closed" "$(descriptors)" "$before"

# --- None at all: what runs goes on ---

leave 0
seq -f 'none %.0f' 2000 >&"$GO" &
seq=$!
purserctl stop over --signal KILL >/dev/null
kill -KILL "$pid"
check "one ends, and who waits is told" eval 'wait "$ends"; [ $? = 137 ]'
prlimit --pid "$SUPERVISOR_PID" --nofile=1024
wait "$seq"
check "the log of another is written" wait_for log_has talker 'none 2000'
check_eq "in order" "$(cat $(ls -v "$LOG_DIR"/talker.log.* 2>/dev/null | tac) \
	"$LOG_DIR/talker.log" | cut -d ' ' -f 4- | cksum)" \
	"$(seq -f 'none %.0f' 2000 | cksum)"
check "both have ended" value_is over /state exited
check "ps has the kernel's rows" same_as_kernel
check "nothing is left of them" wait_for eval \
	'[ "$(ls "$STATE_DIR" | grep -c -e over -e ends)" = 0 ]'
check "their ids can be used again" engine run over -- true
check "and that of the other" engine run ends -- true

# --- A supervisor that starts with too few ---

purserctl stop stops --signal KILL >/dev/null
engine start one -- sleep 1000 >/dev/null
engine start two -- sleep 1000 >/dev/null
wait_for value_is stops /state exited
die
echo between >&"$GO"
pids=$(purserctl list --json --state running | rows | "$JSON" /pid)
failed= lines=0
for ((n = 4; n < 60; n++)); do
	status=0
	prlimit --nofile="$n" "$PURSER_BIN/engine" supervisor "$PURSER_ROOTFS" \
		--run-dir "$RUN_DIR" --state-dir "$STATE_DIR" \
		--log-dir "$LOG_DIR" --ready-fd 3 3>"$TEST_DIR/ready" \
		>"$TEST_DIR/few" 2>&1 </dev/null &
	few=$!
	wait_for eval '[ -s "$TEST_DIR/ready" ] || is_gone $few ||
		grep -q "^State:.Z" /proc/$few/status'
	if [ -s "$TEST_DIR/ready" ]; then
		kill -KILL "$few"
		wait "$few" 2>/dev/null
		break
	fi
	wait "$few" || status=$?
	lines=$((lines + 1))
	grep -qE 'Too many open files|error while loading' "$TEST_DIR/few" &&
		[ "$status" -ne 0 ] && [ "$status" -lt 128 ] ||
		failed+="$n: status $status: $(<"$TEST_DIR/few")"$'\n'
done
ktap_diag "the next supervisor wants $n descriptors"
check_eq "with too few it says so and ends" "$failed" ""
check "it did" test "$lines" -gt 10
# shellcheck disable=SC2086
check "all containers live" kill -0 $pids
check_eq "and are in the table" \
	"$(purserctl list --json --state running | rows | "$JSON" /pid)" "$pids"
next
check "one with enough takes over" value_is one /state running
echo after >&"$GO"
check "the log goes on" wait_for log_has talker after
check_eq "whole" "$(engine logs talker | tail -n 3)" \
	$'none 2000\nbetween\nafter'
check "ps has the kernel's rows" same_as_kernel
check "all end" stop_supervisor
check_eq "nothing is left" "$(ls -A "$RUN_DIR" "$STATE_DIR" | grep -v ':$' | tr -d '\n')" ""

ktap_end
