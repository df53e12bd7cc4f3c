#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# State and logs are on one disk, and a container fills it. Its overlay is refused
# first: logs have a reserve. A log that cannot be written is given up some time
# after its container's end, and what is lost is told; nobody else waits for it.

# shellcheck disable=SC2016,SC2034
. "$(dirname "$0")/engine.sh"

require_module

mkdir "$TEST_DIR"/{disk,state,log}
mount -t tmpfs -o size=6m purser-test "$TEST_DIR/disk" ||
	ktap_skip_all "no file system of its own can be mounted"
at_exit umount "$TEST_DIR/disk"
for part in state log; do
	mkdir "$TEST_DIR/disk/$part"
	mount --bind "$TEST_DIR/disk/$part" "$TEST_DIR/$part" ||
		ktap_bail "no bind mount"
	at_exit umount "$TEST_DIR/$part"
done

for root in talker other; do
	make_busybox_root "$TEST_DIR/$root" || ktap_bail "no root"
	mkfifo "$TEST_DIR/$root/go" || ktap_bail "no FIFO"
done
exec {GO}<>"$TEST_DIR/talker/go" {OTHER}<>"$TEST_DIR/other/go"

# start_talker NAME [OPTION...] - who says what is written to its FIFO
start_talker() {
	local name=$1

	shift
	engine start "$name" "$TEST_DIR/$name" "$@" -- \
		sh -c 'exec cat </go' >/dev/null
}

# lines FROM TO - of 40 bytes each
lines() {
	seq -f '%039.0f' "$1" "$2"
}

# fill_disk - a container does, in its overlay
fill_disk() {
	engine start filler -- sh -c \
		'cat /dev/zero >/big; cat /dev/zero >/big2; echo full; sleep 1000' \
		>/dev/null
	wait_for filled
}

# waits NAME - its log cannot be written, for wait_for
waits() {
	value_is "$1" /log_error "No space left on device"
}

# filled - it has said so, or found no room for that, for wait_for
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
check_match "the overlay is refused" "$(engine logs filler)" \
	'No space left on device'
# 28000 bytes with their prefix: half of the reserve is always there.
lines 11 350 >&"$GO"
check "a log goes on" wait_for log_has talker "$(lines 350 350)"
check_eq "each line once" "$(engine logs talker | cksum)" "$(lines 1 350 | cksum)"
lines 1 350 >&"$OTHER"
check "another one too" wait_for log_has other "$(lines 350 350)"
check_eq "neither waits" "$(value talker /log_error)$(value other /log_error)" \
	nullnull
check "one is stopped" engine stop other --time 0
check_eq "the reserve of an ended log goes back" \
	"$(($(stat -c '%b * %B' "$LOG_DIR/other.log") < 32768))" 1
# More than there is in reserve.
lines 351 2000 >&"$GO" &
saying=$!
check "when it is used up the container waits" wait_for waits talker
check "there is room: the filler ends" engine stop filler --time 0
check "it goes on" wait_for log_has talker "$(lines 2000 2000)"
wait "$saying"
check_eq "each line once" "$(engine logs talker | cksum)" "$(lines 1 2000 | cksum)"
check "all end" stop_supervisor
rm -f "$LOG_DIR"/*.log*

# --- Without it, and with little patience ---

: >"$SUPERVISOR_LOG"
start_supervisor "$PURSER_ROOTFS" --log-reserve 0 --log-give-up 0.2 ||
	ktap_bail "no supervisor"
start_talker talker
start_talker other
lines 1 10 >&"$GO"
wait_for log_has talker "$(lines 10 10)"
fill_disk
lines 11 300 >&"$GO"
check "without a reserve it waits" wait_for waits talker
check "while it lives nothing is given up" engine run short --log-driver none -- \
	sleep 1
check "it waits on" waits talker
check "another one is stopped" engine stop other --time 0
check_status "it is stopped" 0 engine stop talker --time 0
check_match "how it ended, and what is lost" "$OUTPUT" \
	'^talker: stopped, .*signal SIGKILL
engine: container "talker": [0-9]+ bytes of its output could not be written to its log and are lost: No space left on device$'
lost=$(value talker /log_lost)
check_eq "ps says so" "$(value talker /state /log_error)" \
	"exited No space left on device"
check_match "in the table too" "$(engine ps | grep -F talker)" ' lost '
check_eq "what is not lost is in the log" \
	"$(($(engine logs talker | wc -c) + lost))" $((300 * 40))
check_match "the supervisor says so, once" \
	"$(grep -c "log $LOG_DIR/talker.log: given up, $lost bytes of its container's output are lost: No space left on device" "$SUPERVISOR_LOG")" \
	'^1$'
check "its id is free" engine run talker --log-driver none -- true

# --- The orderly end waits no longer either, and loses nothing ---

start_talker other
lines 1 300 >&"$OTHER"
check "one waits" wait_for waits other
# What fills the disk stays when its container is gone: nothing makes room.
ln "$TEST_DIR/disk/state/filler/upper/big" "$TEST_DIR/disk/filler"
check "the supervisor ends" stop_supervisor
check_match "and leaves the log to the next one" "$(<"$SUPERVISOR_LOG")" \
	'other.log: what could not be written is kept'
rm "$TEST_DIR/disk/filler"
start_supervisor "$PURSER_ROOTFS" || ktap_bail "no supervisor"
check "which writes it" wait_for eval \
	'[ "$(grep -c " F " "$LOG_DIR/other.log")" = 300 ]'
check "and ends" stop_supervisor
check_eq "nothing is left" "$(find "$RUN_DIR" "$STATE_DIR" -mindepth 1)" ""

ktap_end
