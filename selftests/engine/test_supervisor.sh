#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The supervisor itself: how it starts, what it refuses, how it ends.

. "$(dirname "$0")/engine.sh"

require_no_module

dirs=(--run-dir "$TEST_DIR/run" --state-dir "$TEST_DIR/state"
	--log-dir "$TEST_DIR/log")
refused "without the module" 4 \
	'cannot open the container table: the kernel module purser is not loaded' \
	engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
load_module || ktap_bail "cannot load the module"
refused "no base" 2 'supervisor: no base rootfs given' engine supervisor
refused "a base that is not there" 1 \
	"base rootfs $TEST_DIR/none: No such file or directory" \
	engine supervisor "$TEST_DIR/none" "${dirs[@]}"
refused "a base that is a file" 1 "base rootfs $PURSER_KO: Not a directory" \
	engine supervisor "$PURSER_KO" "${dirs[@]}"
check_status "without permission" 5 setpriv --reuid 65534 --regid 65534 \
	--clear-groups engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
check_eq "no trace of any of them" \
	"$(ls -d "$TEST_DIR"/{run,state,log} 2>/dev/null)" ""

require_supervisor
check_match "it says that it is ready, and nothing else" \
	"$(<"$SUPERVISOR_LOG")" \
	"^engine: supervisor ready, base $PURSER_ROOTFS\$"
check_eq "the socket is for root alone" \
	"$(stat -c '%a %U' "$RUN_DIR/engine.sock")" "600 root"
check_eq "and so is the state" "$(stat -c '%a %U' "$STATE_DIR")" "700 root"
check_eq "it does not hold the module" "$(cat /sys/module/purser/refcnt)" 0

socket=$(stat -c %i "$RUN_DIR/engine.sock")
refused "a second supervisor" 1 \
	"run directory $RUN_DIR: another supervisor, pid $SUPERVISOR_PID, serves it" \
	engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
check_eq "does no harm to the first" "$(stat -c %i "$RUN_DIR/engine.sock")" \
	"$socket"
check "which serves on" engine ps

# Descriptors run out, the reserve too: clients wait, and nothing spins.
leave 0
engine ps >"$TEST_DIR/ps.out" 2>&1 &
ps=$!
check "no descriptor is left for a client" wait_for grep -q \
	'accepting a client: Too many open files' "$SUPERVISOR_LOG"
before=$(ticks)
nap 1
check "it does not spin" test $(($(ticks) - before)) -lt 50
leave 1
check_status "one more, and it is told" 1 wait "$ps"
check_eq "so" "$(<"$TEST_DIR/ps.out")" "engine: Too many open files"
# One is the reserve again.
leave 1
check "another one, and clients are served" engine ps
check_status "but no container is made" 1 engine start web
check_match "whose client is told why" "$OUTPUT" 'Too many open files'
check_eq "and leaves nothing" "$(ls -A "$STATE_DIR" "$LOG_DIR")" \
	"$(printf '%s:\n\n%s:' "$LOG_DIR" "$STATE_DIR")"
prlimit --pid "$SUPERVISOR_PID" --nofile=1024
check_status "all goes on when there are some again" 3 \
	engine run web -- sh -c 'exit 3'

# The orderly end, with all kinds of containers and clients.
# shellcheck disable=SC2016
loop='echo up; while :; do sleep 1000 & wait $!; done'
engine start plain -- sleep 1000 >/dev/null
engine start deaf -- sh -c "trap 'echo heard' TERM; $loop" >/dev/null
engine run waited -- sh -c "trap 'echo bye; exit 4' TERM; $loop" \
	>"$TEST_DIR/run.out" 2>&1 &
run=$!
engine run loud -- sh -c 'while :; do echo line; done' >/dev/null 2>&1 &
loud=$!
wait_for log_has deaf up && wait_for log_has waited up &&
	wait_for log_has loud line
pids=$(pgrep -P "$SUPERVISOR_PID")
check_eq "four containers live" "$(wc -w <<<"$pids")" 4
check_status "the module is busy" 1 rmmod purser

pid=$SUPERVISOR_PID
kill -TERM "$pid"
check "it tells containers to stop" wait_for log_has deaf heard
refused "no start any more" 1 \
	'container "late": the supervisor is stopping' engine start late
check "one that had to stop is waited for" kill -0 "$pid"
# The second time there is no grace.
kill -TERM "$pid"
check "it ends with 0" wait "$pid"
SUPERVISOR_PID=
status=0
wait "$run" || status=$?
check_eq "who waited for one is answered" "$status" 4
check_eq "with how it ended" "$(<"$TEST_DIR/run.out")" \
	'engine: container "waited": stopped, exit code 4'
wait "$loud"
check_match "its log is complete" "$(tail -n 1 "$LOG_DIR/waited.log")" ' bye$'
check_match "the last line of the loud one is whole" \
	"$(tail -n 1 "$LOG_DIR/loud.log")" ' stdout F line$'

for p in $pids; do
	is_gone "$p" || ktap_diag "process $p is left"
done
check_eq "no process is left" "$(for p in $pids; do
	is_gone "$p" || echo "$p"
done)" ""
check_eq "no socket, no lock" "$(ls -A "$RUN_DIR")" ""
check_eq "no state" "$(ls -A "$STATE_DIR")" ""
check_eq "no mount" "$(grep "$TEST_DIR" /proc/self/mounts)" ""
check_eq "no record" "$(purserctl list --json)" "[]"
refused "no supervisor" 3 "no supervisor serves $RUN_DIR/engine.sock" engine ps
check "the module goes" unload_module

ktap_end
