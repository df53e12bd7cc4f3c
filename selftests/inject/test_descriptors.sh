#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The supervisor copes with too few descriptors, while it serves and when it starts.

# shellcheck disable=SC1007,SC2010,SC2012,SC2015,SC2016,SC2034,SC2046
. "$(dirname "$0")/inject.sh"

require_module
require_supervisor "$PURSER_ROOTFS" --log-max-size 65536 --log-max-files 100

make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
mkfifo "$TEST_DIR/root/go" && exec {GO}<>"$TEST_DIR/root/go" ||
	ktap_bail "cannot make a FIFO"
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

# --- Too few for a start ---

# Leave n descriptors free: one for the client, the others for the start.
refused=0 wrong=
for ((n = 1; n <= 40; n++)); do
	leave "$n"
	status=0
	text=$(engine run probe -- true 2>&1) || status=$?
	case $status:$text in
	0:) break ;;
	125:'engine: '*'Too many open files') refused=$((refused + 1)) ;;
	*) wrong+="$n: $status $text"$'\n' ;;
	esac
done
ktap_diag "a start needs $n descriptors, with that for its client"
check_eq "a start without enough descriptors is refused" "$wrong" ""
check "several starts are refused" test "$refused" -gt 3
check_eq "the start with enough descriptors succeeds" "$status" 0
check "the refused starts leave no files behind" wait_for eval \
	'[ "$(ls "$RUN_DIR/containers" "$STATE_DIR" | grep -c probe)" = 0 ]'
check_eq "the refused starts leave no descriptors open" "$(descriptors)" "$before"

# --- No descriptor at all, while containers run ---

leave 0
seq -f 'none %.0f' 2000 >&"$GO" &
seq=$!
purserctl stop over --signal KILL >/dev/null
kill -KILL "$pid"
check "no descriptor: engine run learns that its container was killed" \
	eval 'wait "$ends"; [ $? = 137 ]'
prlimit --pid "$SUPERVISOR_PID" --nofile=1024
wait "$seq"
check "no descriptor: the log of another container is complete" \
	wait_for log_has talker 'none 2000'
check_eq "no descriptor: that log is in order" \
	"$(cat $(ls -v "$LOG_DIR"/talker.log.* 2>/dev/null | tac) \
	"$LOG_DIR/talker.log" | cut -d ' ' -f 4- | cksum)" \
	"$(seq -f 'none %.0f' 2000 | cksum)"
check "no descriptor: the supervisor has seen the other end" \
	value_is over /state exited
check "ps equals the kernel's table" same_as_kernel
check "the ended containers leave no files behind" \
	wait_for eval '[ "$(ls "$STATE_DIR" | grep -c -e over -e ends)" = 0 ]'
check "the id of an ended container can be used again" engine run over -- true
check "the id of the other ended container can be used again" engine run ends -- true

# --- A supervisor that starts with too few descriptors ---

purserctl stop stops --signal KILL >/dev/null
engine start one -- sleep 1000 >/dev/null
engine start two -- sleep 1000 >/dev/null
wait_for has_ended stops
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
ktap_diag "the next supervisor needs $n descriptors"
check_eq "a supervisor with too few descriptors says so and exits" "$failed" ""
check "several supervisors had too few descriptors" test "$lines" -gt 10
# shellcheck disable=SC2086
check "all containers live on" kill -0 $pids
check_eq "all containers are in the kernel's table" \
	"$(purserctl list --json --state running | rows | "$JSON" /pid)" "$pids"
next
check "a supervisor with enough descriptors takes over" value_is one /state running
echo after >&"$GO"
check "the new supervisor writes the log" wait_for log_has talker after
check_eq "the log has the lines from before and after" \
	"$(engine logs talker | tail -n 3)" \
	$'none 2000\nbetween\nafter'
check "ps equals the kernel's table after that" same_as_kernel
check "the supervisor stops" stop_supervisor
check_eq "the supervisor leaves no files behind" \
	"$(ls -A -I .requests "$RUN_DIR" "$STATE_DIR" | grep -v ':$' | tr -d '\n')" ""

ktap_end
