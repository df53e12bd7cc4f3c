#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Things that happen to a machine: the clock is set, the run directory is lost, nobody reads
# the supervisor's messages, and the program that starts the supervisor has odd settings.

. "$(dirname "$0")/engine.sh"

require_module
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
mkfifo "$TEST_DIR/root/go" || ktap_bail "cannot make a FIFO"
exec {GO}<>"$TEST_DIR/root/go"

# --- The program that starts the supervisor has odd settings ---

trap '' CHLD
ulimit -Sf 1000000
umask 0277
start_supervisor || ktap_bail "cannot start a supervisor"
trap - CHLD
umask 022
ulimit -Sf unlimited
renice -n 9 "$SUPERVISOR_PID" >/dev/null
echo -500 >"/proc/$SUPERVISOR_PID/oom_score_adj"
# shellcheck disable=SC2016
check "a container of an odd supervisor runs" engine run odd -- sh -c \
	'ulimit -f; cat /proc/self/oom_score_adj; read -r _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ nice _ </proc/self/stat; echo "$nice"'
check_eq "it inherits no limit, no score and no nice value" \
	"$(engine logs odd | tr '\n' ' ')" "unlimited 0 0 "
check_eq "a supervisor whose parent ignores SIGCHLD complains of nothing" \
	"$(grep -v ready "$SUPERVISOR_LOG")" ""

engine start plain -- sleep 1000 >/dev/null
# odd_exec COMMAND... - "engine exec" by a shell with odd settings
odd_exec() {
	(
		echo 0x7f >"/proc/$BASHPID/coredump_filter"
		ulimit -Sf 12345
		nice -n 5 engine exec plain "$@"
	)
}
check_eq "exec passes on nothing of its caller" \
	"$(odd_exec sh -c 'cat /proc/self/coredump_filter; ulimit -f; nice' | tr '\n' ' ')" \
	"00000033 unlimited 0 "
check "that container ends" engine stop plain --time 0

# --- The clock is set ---

# lines N - a container that prints that many lines, in files of 32 KiB
lines() {
	engine run clock --log-max-size 32768 --log-max-files 50 \
		"$TEST_DIR/root" -- sh -c "$1" </dev/null
}

# shift_clock SECONDS
shift_clock() {
	date -s "@$(($(date +%s) + $1))" >/dev/null
}

# shellcheck disable=SC2016
half='i=0; while [ $i -lt 750 ]; do echo "line $i of this container, which has to be long enough"; i=$((i+1)); done'
lines "$half; echo half; read -r word </go; $half; echo end" &
RUN=$!
wait_for log_has clock half || ktap_bail "the container does not run"
shift_clock 3600
echo go >&"$GO"
check "a container ends after the clock was set" wait "$RUN"
check_eq "logs prints all its lines" "$(engine logs clock | wc -l)" 1502
check "its log has several files" test -e "$LOG_DIR/clock.log.2"
shift_clock -3600
check "another container of that name runs" lines "echo second; $half"
check_eq "logs prints only its lines, although the clock was set back" \
	"$(engine logs clock | sed -n '1p;$=' | tr '\n' ' ')" "second 751 "

# --- Nobody answers "engine run" ---

kill -STOP "$SUPERVISOR_PID"
engine run mute -- true >"$TEST_DIR/out" 2>&1 </dev/null &
RUN=$!
sleep 1
for i in 1 2 3; do
	kill -INT "$RUN" 2>/dev/null
	sleep 0.3
done
status=0
wait "$RUN" || status=$?
kill -CONT "$SUPERVISOR_PID"
check_eq "the third signal ends run" "$status|$(<"$TEST_DIR/out")" \
	'125|engine: container "mute": not waiting any longer after 3 signals; it may be running'

# --- The run directory is lost ---

# shellcheck disable=SC2016
engine start talker "$TEST_DIR/root" -- sh -c \
	'while read -r word; do echo "$word"; done </go' >/dev/null
engine start layered -- sleep 1000 >/dev/null
layered=$(value layered /pid)
die
rm -r "$RUN_DIR/containers"
next
check_match "the supervisor says that a run folder is gone" "$(<"$SUPERVISOR_LOG")" \
	"container \"talker\": somebody has removed $RUN_DIR/containers/talker: it is made again"
echo after >&"$GO"
check "it reads the container's output" wait_for log_has talker after
die
next
echo again >&"$GO"
check "so does the next one" wait_for log_has talker again
check "the container can be stopped" engine stop talker --time 0
check "so can one with a layer" engine stop layered --time 0
check "its first process is gone" is_gone "$layered"
nothing_is_left() {
	[ -z "$(ls -A "$RUN_DIR/containers")$(ls "$STATE_DIR")" ]
}
check "nothing of them is left" wait_for nothing_is_left

# As after a reboot: neither the table nor the run directory is left.
engine start layered -- sleep 1000 >/dev/null
layered=$(value layered /pid)
die
kill -KILL "$layered"
wait_for is_gone "$layered"
purserctl unregister layered
rm -r "$RUN_DIR"
rmdir /sys/fs/cgroup/purser/layered
mkdir "$STATE_DIR/notes" && echo text >"$STATE_DIR/notes/file"
next
check "a layer without a container is removed" wait_for test ! -e "$STATE_DIR/layered"
check "another folder stays" test -e "$STATE_DIR/notes/file"
rm -r "$STATE_DIR/notes"

# --- Nobody reads the supervisor's messages ---

check "the supervisor ends" stop_supervisor
SUPERVISOR_LOG=$TEST_DIR/messages
mkfifo "$SUPERVISOR_LOG"
# There is a reader that does not read.
exec 8<>"$SUPERVISOR_LOG"
dd if=/dev/zero of="$SUPERVISOR_LOG" oflag=nonblock bs=4096 2>/dev/null
start_supervisor || ktap_bail "cannot start a supervisor"
check "containers run although stderr is a full pipe" engine run web -- true
dd if="$SUPERVISOR_LOG" iflag=nonblock bs=65536 of="$TEST_DIR/zeros" 2>/dev/null
check "and after it was read" engine run web -- true
dd if="$SUPERVISOR_LOG" iflag=nonblock bs=65536 of="$TEST_DIR/said" 2>/dev/null
check_match "the supervisor says how many messages are missing" \
	"$(tr -d '\0' <"$TEST_DIR/said")" \
	'^engine: [0-9]+ messages? could not be written here$'
check "the supervisor ends" stop_supervisor

ktap_end
