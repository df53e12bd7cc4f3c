#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# State and logs are on one disk, and a container fills it. Its writes to the overlay fail
# first, since logs have a reserve. The supervisor gives up a log that it cannot write,
# some time after the container's end, and reports how much is lost. No other container
# waits for that.

# shellcheck disable=SC2016,SC2034
. "$(dirname "$0")/engine.sh"

require_module

mkdir "$TEST_DIR"/{disk,state,log}
mount -t tmpfs -o size=6m purser-test "$TEST_DIR/disk" ||
	ktap_skip_all "cannot mount a tmpfs"
at_exit umount "$TEST_DIR/disk"
for part in state log; do
	mkdir "$TEST_DIR/disk/$part"
	mount --bind "$TEST_DIR/disk/$part" "$TEST_DIR/$part" ||
		ktap_bail "cannot make a bind mount"
	at_exit umount "$TEST_DIR/$part"
done

for root in talker other; do
	make_busybox_root "$TEST_DIR/$root" || ktap_bail "cannot make a root"
	mkfifo "$TEST_DIR/$root/go" || ktap_bail "cannot make a FIFO"
done
exec {GO}<>"$TEST_DIR/talker/go" {OTHER}<>"$TEST_DIR/other/go"

# start_talker NAME [OPTION...] - start a container that prints what the test writes to
# its FIFO
start_talker() {
	local name=$1

	shift
	engine start "$name" "$TEST_DIR/$name" "$@" -- \
		sh -c 'exec cat </go' >/dev/null
}

# lines FROM TO - print the numbers as lines of 40 bytes
lines() {
	seq -f '%039.0f' "$1" "$2"
}

# fill_disk - start a container that fills the disk with its overlay
fill_disk() {
	engine start filler -- sh -c \
		'cat /dev/zero >/big; cat /dev/zero >/big2; echo full; sleep 1000' \
		>/dev/null
	wait_for filled
}

# waits NAME - ps shows that the container's log cannot be written
waits() {
	value_is "$1" /log_error "No space left on device"
}

# filled - the container has filled the disk
filled() {
	log_has filler full || waits filler
}

# --- The reserve ---

require_supervisor "$PURSER_ROOTFS" --log-give-up never --log-reserve 65536
start_talker talker
start_talker other --log-driver raw
lines 1 10 >&"$GO"
wait_for log_has talker "$(lines 10 10)"
fill_disk
check_match "writes to the overlay fail" "$(engine logs filler)" \
	'No space left on device'
# 28000 bytes with their prefixes, which is less than half of the reserve.
lines 11 350 >&"$GO"
check "a log goes on while the disk is full" wait_for log_has talker "$(lines 350 350)"
check_eq "that log has each line once" \
	"$(engine logs talker | cksum)" "$(lines 1 350 | cksum)"
lines 1 350 >&"$OTHER"
check "a second log goes on while the disk is full" \
	wait_for log_has other "$(lines 350 350)"
check_eq "ps shows no error of the two logs" \
	"$(value talker /log_error)$(value other /log_error)" \
	nullnull
check "the second container is stopped" engine stop other --time 0
check_eq "the supervisor frees the reserve of the ended log" \
	"$(($(stat -c '%b * %B' "$LOG_DIR/other.log") < 32768))" 1
# More than the reserve.
lines 351 2000 >&"$GO" &
saying=$!
check "the container waits when the reserve is used up" wait_for waits talker
check "the container that filled the disk is stopped" engine stop filler --time 0
check "the log goes on when the disk has room" wait_for log_has talker "$(lines 2000 2000)"
wait "$saying"
check_eq "the log has each line once after that" \
	"$(engine logs talker | cksum)" "$(lines 1 2000 | cksum)"
check "the supervisor ends" stop_supervisor
rm -f "$LOG_DIR"/*.log*

# --- Without a reserve, and with a short --log-give-up ---

: >"$SUPERVISOR_LOG"
start_supervisor "$PURSER_ROOTFS" --log-reserve 0 --log-give-up 0.2 ||
	ktap_bail "cannot start a supervisor"
start_talker talker
start_talker other
lines 1 10 >&"$GO"
wait_for log_has talker "$(lines 10 10)"
fill_disk
lines 11 300 >&"$GO"
check "without a reserve the container waits" wait_for waits talker
check "another container runs for a second" engine run short --log-driver none -- \
	sleep 1
check "the log of a live container is not given up" waits talker
check "another container is stopped" engine stop other --time 0
check_status "the container with the stuck log is stopped" 0 engine stop talker --time 0
check_match "stop prints how the container ended and how much is lost" "$OUTPUT" \
	'^talker: stopped, .*signal SIGKILL
engine: container "talker": [0-9]+ bytes of its output could not be written to its log and are lost: No space left on device$'
lost=$(value talker /log_lost)
check_eq "ps --json shows the error of the log" "$(value talker /state /log_error)" \
	"exited No space left on device"
check_match "ps shows the loss in its table" "$(engine ps | grep -F talker)" ' lost '
check_eq "the bytes in the log and the lost ones add up" \
	"$(($(engine logs talker | wc -c) + lost))" $((300 * 40))
check_match "the supervisor reports the loss once" \
	"$(grep -c "log $LOG_DIR/talker.log: given up, $lost bytes of its container's output are lost: No space left on device" "$SUPERVISOR_LOG")" \
	'^1$'
check "the id of that container can be used again" \
	engine run talker --log-driver none -- true

# --- SIGTERM: the supervisor does not wait longer, and loses nothing ---

start_talker other
lines 1 300 >&"$OTHER"
check "a container waits because its log cannot be written" wait_for waits other
# A link keeps the file that fills the disk when its container is gone.
ln "$TEST_DIR/disk/state/filler/upper/big" "$TEST_DIR/disk/filler"
check "the supervisor ends although a log is stuck" stop_supervisor
check_match "the supervisor reports that it keeps the rest of the log" \
	"$(<"$SUPERVISOR_LOG")" \
	'other.log: output that could not be written is kept'
rm "$TEST_DIR/disk/filler"
start_supervisor "$PURSER_ROOTFS" || ktap_bail "cannot start a supervisor"
check "the next supervisor writes the rest of the log" wait_for eval \
	'[ "$(grep -c " F " "$LOG_DIR/other.log")" = 300 ]'
check "the next supervisor ends" stop_supervisor
check_eq "the run and state directories are empty" \
	"$(find "$RUN_DIR" "$STATE_DIR" -mindepth 1 ! -path '*/.requests*')" ""

ktap_end
