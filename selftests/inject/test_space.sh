#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The supervisor copes with full file systems for logs, run directory and state. A
# container whose log cannot be written waits and goes on when there is room; no line is
# lost or written twice.

# shellcheck disable=SC2016,SC2034
. "$(dirname "$0")/inject.sh"

require_module

# Each folder gets its own file system, so that each can be full alone.
for part in log run state; do
	mkdir "$TEST_DIR/$part"
	mount -t tmpfs -o size=8m,nr_inodes=400,mode=755 "purser-$part" "$TEST_DIR/$part" ||
		ktap_skip_all "cannot mount a file system"
	at_exit umount "$TEST_DIR/$part"
done

# fill FOLDER - fill its file system to the last page
fill() {
	dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || true
}

# Two containers print the lines that they read; GO and OTHER are their input.
for root in talker other; do
	make_busybox_root "$TEST_DIR/$root" || ktap_bail "cannot make a root"
	mkfifo "$TEST_DIR/$root/go" || ktap_bail "cannot make a FIFO"
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
# talk N - let talker print N more lines, all different
talk() {
	seq -f "line %.0f of many that there is no room for" \
		$((SAID + 1)) $((SAID + $1)) >&"$GO"
	SAID=$((SAID + $1))
}

# whole - the log of talker has each of its lines once, in order
whole() {
	cmp <(engine logs talker) \
		<(seq -f "line %.0f of many that there is no room for" "$SAID")
}

# complete - the log of talker has its last line, for wait_for
complete() {
	log_has talker "line $SAID of many that there is no room for"
}

# waits NAME ERROR - the container waits because its log cannot be written, for wait_for
waits() {
	[ "$(value "$1" /log_error)" = "$2" ]
}

# No reserve on the disk, and the supervisor never gives up on a line.
OPTIONS=(--log-buffer 262144 --log-reserve 0 --log-give-up never)
require_supervisor "$PURSER_ROOTFS" "${OPTIONS[@]}"
start_both

# --- The file system of the logs is full, then read-only ---

# blocked NAME ERROR - check all that must hold while the log cannot be written
blocked() {
	talk 300
	check "$1: ps shows the error of the log" wait_for waits talker "$2"
	check_match "$1: the table of ps says that the container waits" \
		"$(engine ps | grep -F talker)" ' waits '
	check_eq "$1: the supervisor prints one line about it" \
		"$(grep -c 'talker.log: its container waits' "$SUPERVISOR_LOG")" 1
	check "$1: another container is stopped" engine stop other --time 0
	check "$1: ps equals the kernel's table" same_as_kernel
}

fill "$LOG_DIR"
blocked "full" "No space left on device"
die
next "${OPTIONS[@]}"
check "full: the next supervisor waits too" wait_for waits talker \
	"No space left on device"
check "full: the next supervisor answers" alive
rm "$LOG_DIR/filler"
check "room again: the log is completed" wait_for complete
check "room again: the log has each line once" whole
check "room again: ps shows no error" waits talker null
check "room again: the supervisor says so" \
	wait_for said 'talker.log: it can be written again'

engine start other "$TEST_DIR/other" -- \
	sh -c 'while read -r word; do echo "$word"; done </go' >/dev/null
: >"$SUPERVISOR_LOG"
# A tmpfs cannot become read-only while a file is open for writing: do it between two
# supervisors.
fill "$LOG_DIR"
blocked "full again" "No space left on device"
die
mount -o remount,ro "$LOG_DIR" || ktap_diag "the file system is not read-only"
next "${OPTIONS[@]}" 2>/dev/null
check "read-only: the next supervisor waits" wait_for waits talker \
	"Read-only file system"
talk 50
check_status "read-only: a start is refused" 1 engine start late -- true
check_match "read-only: engine start says why" \
	"$OUTPUT" '^engine: container "late": .*Read-only file system$'
mount -o remount,rw "$LOG_DIR"
rm "$LOG_DIR/filler"
check "writable again: the log is completed" wait_for complete
check "writable again: the log has each line once" whole

# --- The run directory is full, too: the supervisor cannot save lines there ---

engine start other "$TEST_DIR/other" -- \
	sh -c 'while read -r word; do echo "$word"; done </go' >/dev/null
: >"$SUPERVISOR_LOG"
fill "$RUN_DIR"
fill "$LOG_DIR"
talk 600
check "both full: the container waits" wait_for waits talker "No space left on device"
check "both full: ps answers" alive
check_status "both full: a start is refused" 1 engine start late -- true
check_match "both full: engine start says why" "$OUTPUT" 'No space left on device$'
check "both full: another container is stopped" purserctl stop other --signal KILL
check "both full: that container dies" wait_for eval \
	'[ "$(purserctl show other --json | "$JSON" /state)" = exited ]'
before=$(ticks)
nap 1
check "both full: the supervisor does not spin" test $(($(ticks) - before)) -lt 50
die
rm "$RUN_DIR/filler"
fill "$RUN_DIR"
start_supervisor "$PURSER_ROOTFS" "${OPTIONS[@]}" ||
	ktap_bail "the supervisor does not start without space"
check "both full: the next supervisor answers" alive
rm "$LOG_DIR/filler"
check "room for logs: the log is completed" wait_for complete
check "room for logs: the log has each line once" whole
rm "$RUN_DIR/filler"
check "room again: the supervisor knows that the other container has ended" \
	wait_for has_ended other

# The run directory alone is full: logs are written, and a start is refused.
fill "$RUN_DIR"
talk 400
check "run directory full: the log is completed" wait_for complete
check "run directory full: the log has each line once" whole
check_status "run directory full: a start is refused" 1 engine start late -- true
check_match "run directory full: engine start says why" \
	"$OUTPUT" 'No space left on device$'
rm "$RUN_DIR/filler"
check "room in the run directory: a container starts" engine run late -- true

# --- The file system of the state is full ---

# Use up the inodes: a folder takes no page of a tmpfs, but it takes an inode.
for ((i = 0; i < 400; i++)); do
	true >"$STATE_DIR/.filler-$i" || break
done 2>/dev/null
before=$(ls -A -I .requests "$STATE_DIR" "$RUN_DIR/containers")
check_status "state full: a start is refused" 1 engine start full -- true
check_match "state full: engine start says why" "$OUTPUT" 'No space left on device$'
check "state full: the refused start leaves no files behind" wait_for eval \
	'[ "$(ls -A -I .requests "$STATE_DIR" "$RUN_DIR/containers")" = "$before" ]'
rm "$STATE_DIR"/.filler-*
check "room for state: a container starts" engine run full -- true

check "the supervisor stops" stop_supervisor
check "the log file has each line once, in order" cmp <(cut -d ' ' -f 4- \
	"$LOG_DIR/talker.log") \
	<(seq -f "line %.0f of many that there is no room for" "$SAID")
check_eq "the supervisor leaves no files behind" \
	"$(find "$RUN_DIR" "$STATE_DIR" -mindepth 1 ! -path '*/.requests*')" ""

ktap_end
