#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No space where the logs are, in the run directory, and for state: what cannot go
# on waits, and goes on when there is room; nothing is lost, nothing comes twice.

# shellcheck disable=SC2016,SC2034
. "$(dirname "$0")/inject.sh"

require_module

# A file system of its own for each, of which each can be full.
for part in log run state; do
	mkdir "$TEST_DIR/$part"
	mount -t tmpfs -o size=8m,nr_inodes=400,mode=755 "purser-$part" "$TEST_DIR/$part" ||
		ktap_skip_all "no file system of its own can be mounted"
	at_exit umount "$TEST_DIR/$part"
done

# fill FOLDER - to the last page
fill() {
	dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || true
}

# Two who talk: GO and OTHER are where they are told what to say.
for root in talker other; do
	make_busybox_root "$TEST_DIR/$root" || ktap_bail "no root"
	mkfifo "$TEST_DIR/$root/go" || ktap_bail "no FIFO"
done
exec {GO}<>"$TEST_DIR/talker/go" {OTHER}<>"$TEST_DIR/other/go"
start_both() {
	local name

	for name in talker other; do
		engine start "$name" "$TEST_DIR/$name" -- \
			sh -c 'while read -r word; do echo "$word"; done </go'
	done >/dev/null
}

SAID=0
# talk N - so many lines more, of which none is like another
talk() {
	seq -f "line %.0f of many that there is no room for" \
		$((SAID + 1)) $((SAID + $1)) >&"$GO"
	SAID=$((SAID + $1))
}

# whole NAME - each line that it was told to say, once, in order
whole() {
	cmp <(engine logs talker) \
		<(seq -f "line %.0f of many that there is no room for" "$SAID")
}

# complete - the last line is there, for wait_for
complete() {
	log_has talker "line $SAID of many that there is no room for"
}

waits() {
	[ "$(value "$1" /log_error)" = "$2" ]
}

# Nothing to go on with, and nothing is ever given up.
OPTIONS=(--log-buffer 262144 --log-reserve 0 --log-give-up never)
require_supervisor "$PURSER_ROOTFS" "${OPTIONS[@]}"
start_both

# --- The log file system is full, then read-only ---

# blocked NAME ERROR - how everything stands while the log cannot be written
blocked() {
	talk 300
	check "$1: it shows in ps" wait_for waits talker "$2"
	check_match "$1: in the table too" "$(engine ps | grep -F talker)" ' waits '
	check_eq "$1: said once" \
		"$(grep -c 'talker.log: its container waits' "$SUPERVISOR_LOG")" 1
	check "$1: another one is stopped" engine stop other --time 0
	check "$1: the kernel's table is ps" same_as_kernel
}

fill "$LOG_DIR"
blocked "full" "No space left on device"
die
next "${OPTIONS[@]}"
check "full: the next supervisor waits too" wait_for waits talker \
	"No space left on device"
check "full: it can be stopped and listed" alive
rm "$LOG_DIR/filler"
check "there is room: it goes on" wait_for complete
check "each line once" whole
check "it does not wait any more" waits talker null
check "said, too" wait_for said 'talker.log: it can be written again'

engine start other "$TEST_DIR/other" -- \
	sh -c 'while read -r word; do echo "$word"; done </go' >/dev/null
: >"$SUPERVISOR_LOG"
# A tmpfs refuses that while a file is open for writing, not to those that open it.
fill "$LOG_DIR"
blocked "full again" "No space left on device"
die
mount -o remount,ro "$LOG_DIR" || ktap_diag "it is not read-only"
next "${OPTIONS[@]}" 2>/dev/null
check "read-only: the next supervisor waits" wait_for waits talker \
	"Read-only file system"
talk 50
check_status "read-only: no start" 1 engine start late -- true
check_match "for its log cannot be made" "$OUTPUT" \
	'^engine: container "late": .*Read-only file system$'
mount -o remount,rw "$LOG_DIR"
rm "$LOG_DIR/filler"
check "it can be written: it goes on" wait_for complete
check "each line once" whole

# --- The run directory is full too: nothing can be put aside ---

engine start other "$TEST_DIR/other" -- \
	sh -c 'while read -r word; do echo "$word"; done </go' >/dev/null
: >"$SUPERVISOR_LOG"
fill "$RUN_DIR"
fill "$LOG_DIR"
talk 600
check "both full: it waits" wait_for waits talker "No space left on device"
check "both full: ps answers" alive
check_status "both full: no start" 1 engine start late -- true
check_match "for there is no space" "$OUTPUT" 'No space left on device$'
check "both full: one can be killed" purserctl stop other --signal KILL
check "both full: it dies" wait_for eval \
	'[ "$(purserctl show other --json | "$JSON" /state)" = exited ]'
before=$(ticks)
nap 1
check "it does not spin" test $(($(ticks) - before)) -lt 50
die
rm "$RUN_DIR/filler"
fill "$RUN_DIR"
start_supervisor "$PURSER_ROOTFS" "${OPTIONS[@]}" ||
	ktap_bail "no supervisor where there is no space"
check "both full: the next supervisor comes" alive
rm "$LOG_DIR/filler"
check "room for logs: it goes on" wait_for complete
check "each line once" whole
rm "$RUN_DIR/filler"
check "the other one has ended" wait_for value_is other /state exited

# The run directory alone: logs are written on, a start is not to be had.
fill "$RUN_DIR"
talk 400
check "the run directory is full: logs are written" wait_for complete
check "each line once" whole
check_status "no start" 1 engine start late -- true
check_match "for there is no space" "$OUTPUT" 'No space left on device$'
rm "$RUN_DIR/filler"
check "there is room: it starts" engine run late -- true

# --- State ---

# A folder takes no page there, but it is a file.
for ((i = 0; i < 400; i++)); do
	true >"$STATE_DIR/.filler-$i" || break
done 2>/dev/null
before=$(ls -A "$STATE_DIR" "$RUN_DIR/containers")
check_status "no space for state: no start" 1 engine start full -- true
check_match "for there is none" "$OUTPUT" 'No space left on device$'
check "nothing is left" wait_for eval \
	'[ "$(ls -A "$STATE_DIR" "$RUN_DIR/containers")" = "$before" ]'
rm "$STATE_DIR"/.filler-*
check "there is: it starts" engine run full -- true

check "all ends" stop_supervisor
check "the log is whole" cmp <(cut -d ' ' -f 4- "$LOG_DIR/talker.log") \
	<(seq -f "line %.0f of many that there is no room for" "$SAID")
check_eq "nothing is left" "$(find "$RUN_DIR" "$STATE_DIR" -mindepth 1)" ""

ktap_end
