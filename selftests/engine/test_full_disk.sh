#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A log cannot be written because the disk is full. "ps" does not show its container as
# ended, other containers go on, and the supervisor gives the log up only after a second
# SIGTERM.

. "$(dirname "$0")/engine.sh"

require_module

# The log folder is a small file system.
mkdir "$TEST_DIR/log"
mount -t tmpfs -o size=256k,mode=755 purser-test "$TEST_DIR/log" ||
	ktap_skip_all "cannot mount a tmpfs"
at_exit umount "$TEST_DIR/log"
# Logs have no reserve, and the supervisor never gives one up by itself.
OPTIONS=(--log-reserve 0 --log-give-up never)
require_supervisor "$PURSER_ROOTFS" "${OPTIONS[@]}"

fill() {
	dd if=/dev/zero of="$LOG_DIR/filler" bs=4k 2>/dev/null || true
}

LINES=2000

# run_full - run a container that waits for touch_go and then writes; RUN is the PID of
# "engine run", PID that of the container
run_full() {
	engine run full -- \
		sh -c "until [ -e /go ]; do sleep 0.1; done; seq $LINES" \
		>"$TEST_DIR/run.out" 2>&1 &
	RUN=$!
	wait_for value_is full /state running
	PID=$(value full /pid)
}

touch_go() {
	touch "/proc/$PID/root/go"
}

engine start other -- sleep 1000 >/dev/null
run_full
fill
check "the container runs" touch_go
check "the container writes more than the disk has room for, and ends" \
	wait_for is_gone "$PID"
check "the kernel's record says exited" \
	wait_for eval 'purserctl show full --json | grep -q "\"exited\""'
check_eq "ps shows the kernel's record, and that the log is not complete" \
	"$(value full /state /reason /exit_code /log_complete)" \
	"exited exited 0 false"
check_match "ps as a table shows that the log waits" "$(engine ps | grep -F full)" \
	' waits '
check "run goes on waiting for the end" kill -0 "$RUN"
refused "the id of that container is taken" 1 'container "full" is still ending' \
	engine start full
check "the supervisor reports that the disk is full" wait_for grep -q \
	'full.log.*No space left on device' "$SUPERVISOR_LOG"
check_eq "another container runs on" "$(value other /state)" running
check_status "the other container can be stopped" 0 engine stop other --time 0

rm "$LOG_DIR/filler"
check "run ends after the disk has room again" wait "$RUN"
check_eq "ps shows how the container ended" "$(value full /state /reason /exit_code)" \
	"exited exited 0"
check "the log is complete" cmp <(engine logs full) <(seq "$LINES")

# The module is unloaded while the log is not complete.
run_full
fill
touch_go
wait_for is_gone "$PID"
check "the module can be unloaded" wait_for rmmod purser
rm "$LOG_DIR/filler"
check "run gets the end, although the module is unloaded" wait "$RUN"
check_match "the log is complete, although the module is unloaded" \
	"$(tail -n 1 "$LOG_DIR/full.log")" \
	" F $LINES\$"
check "the module can be loaded again" insmod "$PURSER_KO"

# Again, and nobody makes room.
run_full
fill
touch_go
wait_for is_gone "$PID"
kill -TERM "$SUPERVISOR_PID"
stopping() {
	! engine start late 2>"$TEST_DIR/late" &&
		grep -q 'the supervisor is stopping' "$TEST_DIR/late"
}
check "the supervisor begins to end after SIGTERM" wait_for stopping
check "the supervisor waits for the log" kill -0 "$SUPERVISOR_PID"
check "a second SIGTERM ends the supervisor" stop_supervisor
check_match "the supervisor reports that it keeps the rest of the log" \
	"$(tail -n 1 "$SUPERVISOR_LOG")" \
	'full.log: output that could not be written is kept'
check "run gets the end when the supervisor ends" wait "$RUN"
check_eq "only the saved logs are left in the state and run directories" \
	"$(find "$STATE_DIR" "$RUN_DIR" -mindepth 1 -maxdepth 1 ! -name .requests)" \
	"$RUN_DIR/log"
check_eq "the kernel has no record" "$(purserctl list --json)" "[]"

# The next supervisor writes what this one could not.
rm "$LOG_DIR/filler" "$LOG_DIR/full.log".*
start_supervisor "$PURSER_ROOTFS" "${OPTIONS[@]}"
check "the next supervisor starts and ends" stop_supervisor
check_match "the next supervisor wrote the rest of the log" \
	"$(tail -n 1 "$LOG_DIR/full.log")" " F $LINES\$"
check_eq "each line is in the log once" "$(grep -c ' F ' "$LOG_DIR/full.log")" "$LINES"
check_eq "the run directory is empty" "$(find "$RUN_DIR" -mindepth 1)" ""

ktap_end
