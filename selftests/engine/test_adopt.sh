#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The supervisor dies, or is told to leave, and the next one takes over.

. "$(dirname "$0")/engine.sh"

CLIENT=$PURSER_BUILD/tests/bin/purserctl/client

require_module
require_supervisor

# left NAME - what a container has on the host
left() {
	ls -d "$STATE_DIR/$1" "$RUN_DIR/containers/$1" \
		"/sys/fs/cgroup/purser/$1" 2>/dev/null
}

# has_left - for wait_for: nothing is left of it
has_left() {
	[ -z "$(left "$1")" ]
}

# run NAME ... - in the background: its process is RUN[NAME]
declare -A RUN
code=()
run() {
	engine run "$@" </dev/null >"$TEST_DIR/$1.out" 2>&1 &
	RUN[$1]=$!
}

# ended NAME - RUN_END is what that ended with, and said
ended() {
	local status=0

	wait "${RUN[$1]}" || status=$?
	RUN_END="$status$(sed 's/^/|/' "$TEST_DIR/$1.out" | tr -d '\n')"
}

# away NAME - what run says when the supervisor goes
away() {
	echo "|engine: container \"$1\": the supervisor went away, waiting for the next one"
}

# waits NAME - it has said so, for wait_for
waits() {
	grep -q 'waiting for the next one' "$TEST_DIR/$1.out"
}

# Its output comes when it is told to: GO holds a FIFO in the container open.
make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
mkfifo "$TEST_DIR/root/go" || ktap_bail "no FIFO"
exec {GO}<>"$TEST_DIR/root/go"
# shellcheck disable=SC2016
talk='echo before; echo error >&2; while read -r word; do echo "$word"; done </go'
trap_term='trap "echo bye; exit 5" TERM; echo up; while :; do sleep 1000 & wait $!; done'

# --- What lives is adopted, what ended meanwhile ended as it did ---

engine start talker "$TEST_DIR/root" --env A=1 -- sh -c "$talk" >/dev/null
engine start quiet --log-driver none -- sleep 1000 >/dev/null
engine start over --soft-mib 8 -- sh -c 'echo old >/mark; exec sleep 1000' \
	>/dev/null
engine start exits -- sh -c 'sleep 1000; exit 1' >/dev/null
run killed -- sleep 1000
run hog --hard-mib 16 -- sh -c 'read -r word; exec memory_hog 4 10'
run stopped -- sh -c "$trap_term"
run stays -- sh -c "$trap_term"
engine run ended -- sh -c 'echo done; exit 3'
wait_for value_is killed /state running && wait_for log_has talker before &&
	wait_for log_has talker error && wait_for log_has stopped up &&
	wait_for log_has stays up
before=$(for name in talker quiet over stays; do
	value "$name" /id /pid /state /rootfs /log /command
done)
talker=$(value talker /pid)
check_match "the FIFOs of its output are the container's own" \
	"$(readlink "/proc/$talker/fd/1" "/proc/$talker/fd/2" | xargs -n 1 basename)" \
	$'stdout\nstderr'
check_eq "no log, no FIFO" "$(ls "$RUN_DIR/containers/quiet")" $'cgroup\nstate'
refused "nor anything to print" 1 'container "quiet" keeps no log' \
	engine logs quiet

killed=$(value killed /pid) stopped=$(value stopped /pid)
die
check "its container lives on" kill -0 "$talker"
echo between >&"$GO"
kill -KILL "$killed"
purserctl stop stopped >/dev/null
check "one that is stopped meanwhile ends" wait_for is_gone "$stopped"
check "whose state is left" test -d "$STATE_DIR/stopped"
check "run waits for the next supervisor" wait_for waits stopped
refused "no supervisor" 3 "no supervisor serves $RUN_DIR/engine.sock" engine ps

next
check_eq "what lives is as it was" "$(for name in talker quiet over stays; do
	value "$name" /id /pid /state /rootfs /log /command
done)" "$before"
check "ps has the kernel's rows" same_as_kernel
ended killed
check_eq "run: killed, and by whom" "$RUN_END" \
	"137$(away killed)|engine: container \"killed\": killed, signal SIGKILL, by $$ (${0##*/}), uid 0"
ended stopped
check_eq "run: stopped" "$RUN_END" \
	"5$(away stopped)|engine: container \"stopped\": stopped, exit code 5"
check_eq "the record has the reason" "$(value killed /state /reason /signal)" \
	"exited killed 9"
check_match "an end before is known" "$(value ended /state /reason /exit_code)" \
	"exited exited 3"
check_eq "and its log too" "$(engine logs ended)" "done"
check "nothing is left of the dead" wait_for has_left killed
check "nothing at all" wait_for has_left stopped
check_match "but of the living" "$(left over)" "containers/over.*state/over"
check "output from the time between is in the log" wait_for log_has talker between
echo after >&"$GO"
check "and what comes after" wait_for log_has talker after
check_eq "all of it, in order" "$(engine logs talker | grep -v error)" \
	$'before\nbetween\nafter'
check "a log goes on where it stopped" wait_for log_has stopped bye

# What was adopted is like any other.
check_eq "it can be stopped" "$(engine stop over)" \
	'over: stopped, forced, no handler, signal SIGKILL'
check_eq "nothing is left of it" "$(left over)" ""
refused "its id is taken" 1 'container "stays" is still running' \
	engine start stays
refused "and so is its root" 1 \
	"rootfs \"$TEST_DIR/root\" is in use by container \"talker\"" \
	engine start other "$TEST_DIR/root"
check "an id of an ended one can be used again" engine run killed -- true
check_eq "whose record is forgotten" \
	"$(purserctl list --json | grep -c '"name":"killed"')" 1
kill -TERM "${RUN[stays]}"
ended stays
check_eq "run: a signal to it is a stop as before" "$RUN_END" \
	"5$(away stays)|engine: container \"stays\": stopped, exit code 5"

# --- Once more, with ends of all kinds while there is no supervisor ---

run late -- sh -c "$trap_term"
wait_for log_has late up
late=$(value late /pid)
exits=$(value exits /pid)
wait_for value_is hog /state exited
die
check "run waits" wait_for waits late
kill -TERM "${RUN[late]}"
# Its child, whose end ends it.
kill "$(<"/proc/$exits/task/$exits/children")"
check "one ends by itself" wait_for is_gone "$exits"
next
ended late
check_eq "run: a signal that came meanwhile is a stop" "$RUN_END" \
	"5$(away late)|engine: container \"late\": stopped, exit code 5"
check "it is gone" is_gone "$late"
check_eq "ended by itself, with its code" "$(value exits /reason /exit_code)" \
	"exited 1"
ended hog
check_match "hard_limit_killed before the second death" "$RUN_END" \
	'^137\|.*hard_limit_killed, signal SIGKILL$'
check_eq "ended with a record that stays" "$(value hog /reason)" \
	hard_limit_killed
check "one that died twice over still talks" kill -0 "$talker"
echo twice >&"$GO"
check "into its log" wait_for log_has talker twice

# --- Unregistered, or never registered ---

engine start wild -- sleep 1000 >/dev/null
engine start tame -- sleep 1000 >/dev/null
wild=$(value wild /pid) tame=$(value tame /pid)
die
purserctl unregister wild
purserctl unregister tame
kill -KILL "$tame"
wait_for is_gone "$tame"
# What a start leaves that was killed before there was a process.
mkdir -p "$RUN_DIR/containers/half" "$STATE_DIR/half/upper"
ln -s "$STATE_DIR/half" "$RUN_DIR/containers/half/state"
ln -s /sys/fs/cgroup/purser/half "$RUN_DIR/containers/half/cgroup"
mkdir /sys/fs/cgroup/purser/half
next
check_match "one that lives without a record is named" "$(<"$SUPERVISOR_LOG")" \
	"engine: container \"wild\" lives on and is not in the kernel's table: it is left alone, see $RUN_DIR/containers/wild"
check "and left alone" kill -0 "$wild"
check_match "with all that it has" "$(left wild)" "containers/wild.*state/wild"
refused "its id stays its own" 1 \
	"container \"wild\": its cgroup /sys/fs/cgroup/purser/wild is left over from an earlier one and has processes in it" \
	engine start wild
check "what nobody lives in goes" wait_for has_left tame
check "and what was half made" wait_for has_left half
kill -KILL "$wild"
wait_for is_gone "$wild"
die
next
check "the wild one, once it is dead" wait_for has_left wild

# --- Another version ---

sleep 1000 &
stranger=$!
at_exit kill "$stranger"
die
"$CLIENT" cookie alien "$stranger" \
	"{\"v\":99,\"run\":\"$RUN_DIR\",\"new\":true}"
refused "a cookie of another version is refused" 1 \
	"container \"alien\": its cookie is of another version: run directory $RUN_DIR is left alone" \
	engine supervisor "$PURSER_ROOTFS" --run-dir "$RUN_DIR" \
	--state-dir "$STATE_DIR" --log-dir "$LOG_DIR"
check "all live on" kill -0 "$talker" "$stranger"
check "as they were" test -d "$RUN_DIR/containers/talker"
purserctl unregister alien
"$CLIENT" cookie other "$stranger" '{"v":99,"run":"/run/other","new":true}'
next
check "that of another supervisor is none of our business" engine ps
purserctl unregister other
"$CLIENT" cookie alien "$stranger" \
	"{\"v\":99,\"run\":\"$RUN_DIR\",\"new\":true}"
refused "one that would refuse does not take over" 1 \
	"container \"alien\": its cookie is of another version: run directory $RUN_DIR is left alone" \
	engine supervisor "$PURSER_ROOTFS" --run-dir "$RUN_DIR" \
	--state-dir "$STATE_DIR" --log-dir "$LOG_DIR" --take-over
check "and has nobody leave" value_is talker /pid "$talker"
purserctl unregister alien
check_eq "the log is as it was" "$(engine logs talker | grep -v error)" \
	$'before\nbetween\nafter\ntwice'

die
printf '\143' | dd of="$RUN_DIR/log/marks" bs=1 seek=8 conv=notrunc status=none
refused "so are log files of another version" 1 \
	"log folder $RUN_DIR/log: its files are of another version: it is left alone, with all containers" \
	engine supervisor "$PURSER_ROOTFS" --run-dir "$RUN_DIR" \
	--state-dir "$STATE_DIR" --log-dir "$LOG_DIR"
check "containers live on" kill -0 "$talker"
printf '\1' | dd of="$RUN_DIR/log/marks" bs=1 seek=8 conv=notrunc status=none
next

# --- In the place of one that runs ---

run moved -- sh -c "$trap_term"
wait_for log_has moved up
refused "a second supervisor" 1 \
	"run directory $RUN_DIR: another supervisor, pid $SUPERVISOR_PID, serves it" \
	engine supervisor "$PURSER_ROOTFS" --run-dir "$RUN_DIR" \
	--state-dir "$STATE_DIR" --log-dir "$LOG_DIR"
old=$SUPERVISOR_PID
next --take-over
check_status "the old one has left" 0 wait "$old"
check "the new one has its containers" value_is talker /pid "$talker"
check_eq "and the lock" "$(<"$RUN_DIR/engine.lock")" "$SUPERVISOR_PID"
echo moved >&"$GO"
check "their output" wait_for log_has talker moved
engine stop moved >/dev/null
ended moved
check_eq "and those who wait" "$RUN_END" \
	"5$(away moved)|engine: container \"moved\": stopped, exit code 5"
die
next --take-over
check "without one that runs it just starts" value_is talker /pid "$talker"

# --- A request that was not read ---

engine run twin -- true
kill -STOP "$SUPERVISOR_PID"
run twin -- sh -c 'exit 9'
check "run waits for an answer" \
	wait_for grep -q poll "/proc/${RUN[twin]}/wchan"
die
next
ended twin
check_eq "the end of another one of its id is not its own" "$RUN_END" \
	"125$(away twin)|engine: container \"twin\" was never started: the supervisor that was to do it died before"
check_eq "which is as it was" "$(value twin /state /exit_code)" "exited 0"

# --- A start at any instant ---

mkfifo "$TEST_DIR/events" || ktap_bail "no FIFO"
exec {EVENTS}<>"$TEST_DIR/events"
purserctl monitor --json >"$TEST_DIR/events" &
at_exit kill $!

# wait_for_registrations N - until N more containers are in the kernel's table
wait_for_registrations() {
	local line n=$1

	while [ "$n" -gt 0 ] && read -r -t "$WAIT_CAP" -u "$EVENTS" line; do
		[[ $line != *'"event":"registered"'* ]] || n=$((n - 1))
	done
}

# forget_events - those that have come
forget_events() {
	local _

	while read -r -t 0.01 -u "$EVENTS" _; do :; done
}

# shellcheck disable=SC2317 # run by wait_for
ps_answers() {
	engine ps
}
failed=
for ((round = 0; round < 18; round++)); do
	forget_events
	for i in {1..6}; do
		code[i]=$((round * 6 + i))
		run "r$i" -- sh -c "echo $round; exit ${code[i]}"
	done
	if [ $((round % 3)) -gt 0 ]; then
		wait_for_registrations $((1 + round % 6))
	else
		nap "0.$((round % 2))$((RANDOM % 10))"
	fi
	die
	next
	wait_for ps_answers
	for i in {1..6}; do
		ended "r$i"
		case $RUN_END in
		"${code[i]}" | "${code[i]}$(away "r$i")") ;;
		# Not asked for, not registered or not let go yet.
		"125|engine: no supervisor serves $RUN_DIR/engine.sock") ;;
		"125$(away "r$i")|engine: container \"r$i\" was never started: "*) ;;
		"125$(away "r$i")|engine: container \"r$i\" did not start: "*) ;;
		*) failed+="round $round: r$i: $RUN_END"$'\n' ;;
		esac
		wait_for has_left "r$i" || failed+="round $round: r$i left $(left "r$i")"$'\n'
	done
done
check_eq "killed while containers start: all end as they did, or never began" \
	"$failed" ""
check "ps has the kernel's rows" same_as_kernel
check_eq "one record for each id" \
	"$(purserctl list --json | grep -o '"name":"r[0-9]*"' | sort | uniq -d)" ""

# --- The orderly end ---

check "SIGTERM ends it all" stop_supervisor
check "the talker too" is_gone "$talker"
check_eq "nothing is left in the run directory" "$(ls -A "$RUN_DIR")" ""
check_eq "no state" "$(ls -A "$STATE_DIR")" ""
check_eq "no record" "$(purserctl list --json)" "[]"
check_eq "no cgroup" "$(ls -d /sys/fs/cgroup/purser 2>/dev/null)" ""
check_eq "the last words of the talker" "$(tail -n 1 "$LOG_DIR/talker.log" | cut -d ' ' -f 4)" \
	moved

ktap_end
