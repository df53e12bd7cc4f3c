#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The supervisor itself: how it starts, what it refuses, and how it ends.

. "$(dirname "$0")/engine.sh"

require_no_module

dirs=(--run-dir "$TEST_DIR/run" --state-dir "$TEST_DIR/state"
	--log-dir "$TEST_DIR/log")
refused "the supervisor reports that the module is not loaded" 4 \
	'cannot open the container table: the kernel module purser is not loaded' \
	engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
load_module || ktap_bail "cannot load the module"
refused "the supervisor needs a base" 2 'supervisor: no BASE-ROOTFS given' engine supervisor
refused "the supervisor refuses a base that does not exist" 1 \
	"base rootfs $TEST_DIR/none: No such file or directory" \
	engine supervisor "$TEST_DIR/none" "${dirs[@]}"
refused "the supervisor refuses a base that is a file" 1 \
	"base rootfs $PURSER_KO: Not a directory" \
	engine supervisor "$PURSER_KO" "${dirs[@]}"
check_status "the supervisor needs permission to open the table" 5 \
	setpriv --reuid 65534 --regid 65534 \
	--clear-groups engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
check_eq "a supervisor that does not start makes no folder" \
	"$(ls -d "$TEST_DIR"/{run,state,log} 2>/dev/null)" ""

require_supervisor
check_match "the supervisor prints that it is ready, and nothing else" \
	"$(<"$SUPERVISOR_LOG")" \
	"^engine: supervisor ready, base $PURSER_ROOTFS\$"
check_eq "the socket has mode 600 and belongs to root" \
	"$(stat -c '%a %U' "$RUN_DIR/engine.sock")" "600 root"
check_eq "the state directory has mode 700 and belongs to root" \
	"$(stat -c '%a %U' "$STATE_DIR")" "700 root"
check_eq "the supervisor holds no reference to the module" \
	"$(cat /sys/module/purser/refcnt)" 0

socket=$(stat -c %i "$RUN_DIR/engine.sock")
refused "a second supervisor is refused" 1 \
	"run directory $RUN_DIR: another supervisor, pid $SUPERVISOR_PID, serves it" \
	engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
check_eq "the socket of the first supervisor is unchanged" \
	"$(stat -c %i "$RUN_DIR/engine.sock")" \
	"$socket"
check "the first supervisor serves on" engine ps

# No descriptor is free, and the reserve is used up: clients wait, and the supervisor must
# not use CPU time.
leave 0
engine ps >"$TEST_DIR/ps.out" 2>&1 &
ps=$!
check "the supervisor reports that it has no descriptor for a client" wait_for grep -q \
	'accepting a client: Too many open files' "$SUPERVISOR_LOG"
before=$(ticks)
nap 1
check "the supervisor uses less than half of a CPU meanwhile" \
	test $(($(ticks) - before)) -lt 50
leave 1
check_status "with one free descriptor the client is answered" 1 wait "$ps"
check_eq "the client prints why it failed" \
	"$(<"$TEST_DIR/ps.out")" "engine: Too many open files"
# The supervisor keeps one descriptor as its reserve again.
leave 1
check "with a second free descriptor the client is served" engine ps
check_status "a start fails for want of descriptors" 1 engine start web
check_match "start prints why it failed" "$OUTPUT" 'Too many open files'
check_eq "the failed start leaves no files" "$(ls -A -I .requests "$STATE_DIR" "$LOG_DIR")" \
	"$(printf '%s:\n\n%s:' "$LOG_DIR" "$STATE_DIR")"
prlimit --pid "$SUPERVISOR_PID" --nofile=1024
check_status "a container runs when there are descriptors again" 3 \
	engine run web -- sh -c 'exit 3'

# SIGTERM, with all kinds of containers and clients.
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
check_eq "the supervisor has four containers" "$(wc -w <<<"$pids")" 4
check_status "the module cannot be unloaded while containers live" 1 rmmod purser

pid=$SUPERVISOR_PID
kill -TERM "$pid"
check "after SIGTERM the supervisor sends SIGTERM to containers" wait_for log_has deaf heard
refused "after SIGTERM the supervisor refuses a start" 1 \
	'container "late": the supervisor is stopping' engine start late
check "the supervisor waits for a container that does not exit" kill -0 "$pid"
# After a second SIGTERM it waits no longer.
kill -TERM "$pid"
check "the supervisor exits with 0 after the second SIGTERM" wait "$pid"
SUPERVISOR_PID=
status=0
wait "$run" || status=$?
check_eq "run exits with its container's exit code" "$status" 4
check_eq "run prints how its container ended" "$(<"$TEST_DIR/run.out")" \
	'engine: container "waited": stopped, exit code 4'
wait "$loud"
check_match "the log of that container is complete" \
	"$(tail -n 1 "$LOG_DIR/waited.log")" ' bye$'
check_match "the last line of a log is whole although its container was killed" \
	"$(tail -n 1 "$LOG_DIR/loud.log")" ' stdout F line$'

for p in $pids; do
	is_gone "$p" || ktap_diag "process $p is left"
done
check_eq "no process of a container is left" "$(for p in $pids; do
	is_gone "$p" || echo "$p"
done)" ""
check_eq "the run directory is empty" "$(ls -A "$RUN_DIR")" ""
check_eq "the state directory is empty" "$(ls -A -I .requests "$STATE_DIR")" ""
check_eq "no mount is left" "$(grep "$TEST_DIR" /proc/self/mounts)" ""
check_eq "the kernel has no record" "$(purserctl list --json)" "[]"
refused "ps says that no supervisor serves" 3 \
	"no supervisor serves $RUN_DIR/engine.sock" engine ps
check "the module can be unloaded" unload_module

ktap_end
