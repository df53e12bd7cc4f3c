#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A log that cannot be written: its container does not count as ended, others
# go on, and only a second request makes the supervisor give it up.

. "$(dirname "$0")/engine.sh"

require_module

# The supervisor's log folder: a file system that is full.
mkdir "$TEST_DIR/log"
mount -t tmpfs -o size=256k,mode=755 purser-test "$TEST_DIR/log" ||
	ktap_skip_all "no file system of its own can be mounted"
at_exit umount "$TEST_DIR/log"
# Nothing to go on with, and nothing is ever given up.
OPTIONS=(--log-reserve 0 --log-give-up never)
require_supervisor "$PURSER_ROOTFS" "${OPTIONS[@]}"

fill() {
	dd if=/dev/zero of="$LOG_DIR/filler" bs=4k 2>/dev/null || true
}

LINES=2000

# run_full - a container that waits for touch_go and then writes; RUN is the
# client that waits for it, PID its process
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
check "it runs" touch_go
check "a container writes to a full disk and ends" wait_for is_gone "$PID"
check "the kernel knows" \
	wait_for eval 'purserctl show full --json | grep -q "\"exited\""'
check_eq "but it does not show as ended" \
	"$(value full /state /reason /exit_code /exited_at)" \
	"running none null null"
check "who waits for it goes on waiting" kill -0 "$RUN"
refused "its id is not free" 1 'container "full" is still ending' \
	engine start full
check "the supervisor says why" wait_for grep -q \
	'full.log.*No space left on device' "$SUPERVISOR_LOG"
check_eq "the other one is not touched" "$(value other /state)" running
check_status "and can be stopped" 0 engine stop other --time 0

rm "$LOG_DIR/filler"
check "there is room again: it ends" wait "$RUN"
check_eq "as it did" "$(value full /state /reason /exit_code)" \
	"exited exited 0"
check "its log is whole" cmp <(engine logs full) <(seq "$LINES")

# The module goes while the log is not complete.
run_full
fill
touch_go
wait_for is_gone "$PID"
check "the module can be unloaded" wait_for rmmod purser
rm "$LOG_DIR/filler"
check "the end is told all the same" wait "$RUN"
check_match "and the log is whole" "$(tail -n 1 "$LOG_DIR/full.log")" \
	" F $LINES\$"
check "the module is loaded again" insmod "$PURSER_KO"

# Once more, and nobody makes room.
run_full
fill
touch_go
wait_for is_gone "$PID"
kill -TERM "$SUPERVISOR_PID"
stopping() {
	! engine start late 2>"$TEST_DIR/late" &&
		grep -q 'the supervisor is stopping' "$TEST_DIR/late"
}
check "the supervisor is to end" wait_for stopping
check "it waits for the log" kill -0 "$SUPERVISOR_PID"
check "asked again, it ends" stop_supervisor
check_match "and says what is kept" "$(tail -n 1 "$SUPERVISOR_LOG")" \
	'full.log: what could not be written is kept'
check "who waited is answered" wait "$RUN"
check_eq "no state, no socket" \
	"$(find "$STATE_DIR" "$RUN_DIR" -mindepth 1 -maxdepth 1)" "$RUN_DIR/log"
check_eq "no record" "$(purserctl list --json)" "[]"

# The next one writes what this one could not.
rm "$LOG_DIR/filler" "$LOG_DIR/full.log".*
start_supervisor "$PURSER_ROOTFS" "${OPTIONS[@]}"
check "the next one writes it" stop_supervisor
check_match "all of it" "$(tail -n 1 "$LOG_DIR/full.log")" " F $LINES\$"
check_eq "once" "$(grep -c ' F ' "$LOG_DIR/full.log")" "$LINES"
check_eq "and nothing is left" "$(find "$RUN_DIR" -mindepth 1)" ""

ktap_end
