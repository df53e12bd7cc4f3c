#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The supervisor dies, or is asked to leave, and the next one takes over its containers.

. "$(dirname "$0")/engine.sh"

CLIENT=$PURSER_BUILD/tests/bin/purserctl/client

require_module
require_supervisor

# left NAME - print the folders of a container on the host
left() {
	ls -d "$STATE_DIR/$1" "$RUN_DIR/containers/$1" \
		"/sys/fs/cgroup/purser/$1" 2>/dev/null
}

# is_removed NAME - the host has no folder of the container
is_removed() {
	[ -z "$(left "$1")" ]
}

# run NAME ... - start "engine run" in the background as process RUN[NAME]
declare -A RUN
code=()
run() {
	engine run "$@" </dev/null >"$TEST_DIR/$1.out" 2>&1 &
	RUN[$1]=$!
}

# ended NAME - wait for it, and set RUN_END to its exit status and output
ended() {
	local status=0

	wait "${RUN[$1]}" || status=$?
	RUN_END="$status$(sed 's/^/|/' "$TEST_DIR/$1.out" | tr -d '\n')"
}

# away NAME - print the message of "engine run" when the supervisor dies
away() {
	echo "|engine: container \"$1\": the supervisor went away, waiting for the next one"
}

# waits NAME - "engine run" has printed that message
waits() {
	grep -q 'waiting for the next one' "$TEST_DIR/$1.out"
}

# The container "talker" prints what the test writes to GO, a FIFO in its root.
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
mkfifo "$TEST_DIR/root/go" || ktap_bail "cannot make a FIFO"
exec {GO}<>"$TEST_DIR/root/go"
# shellcheck disable=SC2016
talk='echo before; echo error >&2; while read -r word; do echo "$word"; done </go'
trap_term='trap "echo bye; exit 5" TERM; echo up; while :; do sleep 1000 & wait $!; done'

# --- The next supervisor adopts live containers and completes ended ones ---

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
check_match "stdout and stderr of the container are FIFOs in its run folder" \
	"$(readlink "/proc/$talker/fd/1" "/proc/$talker/fd/2" | xargs -n 1 basename)" \
	$'stdout\nstderr'
check_eq "a container without a log has no FIFOs" \
	"$(ls -I 'host*' -I resolv.conf "$RUN_DIR/containers/quiet")" $'cgroup\nstate'
refused "logs refuses a container without a log" 1 'container "quiet" keeps no log' \
	engine logs quiet

killed=$(value killed /pid) stopped=$(value stopped /pid)
die
check "the container survives its supervisor" kill -0 "$talker"
echo between >&"$GO"
kill -KILL "$killed"
purserctl stop stopped >/dev/null
check "purserctl stops a container without a supervisor" wait_for is_gone "$stopped"
check "the state folder of that container is left" test -d "$STATE_DIR/stopped"
check "run waits for the next supervisor" wait_for waits stopped
refused "ps says that no supervisor serves" 3 \
	"no supervisor serves $RUN_DIR/engine.sock" engine ps

next
check_eq "the next supervisor shows live containers as before" \
	"$(for name in talker quiet over stays; do
	value "$name" /id /pid /state /rootfs /log /command
done)" "$before"
check "ps agrees with the kernel after the take-over" same_as_kernel
ended killed
check_eq "run reports a kill without a supervisor, with the killer" "$RUN_END" \
	"137$(away killed)|engine: container \"killed\": killed, signal SIGKILL, by $$ (${0##*/}), uid 0"
ended stopped
check_eq "run reports a stop without a supervisor" "$RUN_END" \
	"5$(away stopped)|engine: container \"stopped\": stopped, exit code 5"
check_eq "ps shows the reason of an end without a supervisor" \
	"$(value killed /state /reason /signal)" \
	"exited killed 9"
check_match "ps shows a container that ended before the supervisor died" \
	"$(value ended /state /reason /exit_code)" \
	"exited exited 3"
check_eq "logs prints the log of that container" "$(engine logs ended)" "done"
check "the next supervisor removes the killed container's folders" \
	wait_for is_removed killed
check "the next supervisor removes the stopped container's folders" \
	wait_for is_removed stopped
check_match "the next supervisor keeps the folders of a live container" \
	"$(left over)" "containers/over.*state/over"
check "the log has what the container wrote without a supervisor" \
	wait_for log_has talker between
echo after >&"$GO"
check "the log has what the container wrote after that" wait_for log_has talker after
check_eq "the log has all lines in order" "$(engine logs talker | grep -v error)" \
	$'before\nbetween\nafter'
check "the log of the stopped container has its last line" wait_for log_has stopped bye

# An adopted container behaves like any other.
check_eq "stop stops an adopted container" "$(engine stop over)" \
	'over: stopped, forced, no handler, signal SIGKILL'
check_eq "a stopped adopted container leaves no folder" "$(left over)" ""
refused "the id of an adopted container is taken" 1 'container "stays" is still running' \
	engine start stays
refused "the root of an adopted container is taken" 1 \
	"rootfs \"$TEST_DIR/root\" is in use by container \"talker\"" \
	engine start other "$TEST_DIR/root"
check "the id of an ended container can be used again" engine run killed -- true
check_eq "the kernel forgets the record of the ended container with that id" \
	"$(purserctl list --json | grep -c '"name":"killed"')" 1
kill -TERM "${RUN[stays]}"
ended stays
check_eq "SIGTERM to run stops an adopted container" "$RUN_END" \
	"5$(away stays)|engine: container \"stays\": stopped, exit code 5"

# --- A second death, and containers that end in other ways without a supervisor ---

run late -- sh -c "$trap_term"
wait_for log_has late up
late=$(value late /pid)
exits=$(value exits /pid)
wait_for has_ended hog
die
check "run waits for a supervisor after the second death" wait_for waits late
kill -TERM "${RUN[late]}"
# The container exits when its child, the sleep, dies.
kill "$(<"/proc/$exits/task/$exits/children")"
check "a container exits by itself without a supervisor" wait_for is_gone "$exits"
next
ended late
check_eq "a SIGTERM that run got without a supervisor is a stop" "$RUN_END" \
	"5$(away late)|engine: container \"late\": stopped, exit code 5"
check "the process of that container is gone" is_gone "$late"
check_eq "ps shows the exit code of the container that exited by itself" \
	"$(value exits /reason /exit_code)" \
	"exited 1"
ended hog
check_match "run reports hard_limit_killed, although the supervisor died later" "$RUN_END" \
	'^137\|.*hard_limit_killed, signal SIGKILL$'
check_eq "the record of that container stays" "$(value hog /reason)" \
	hard_limit_killed
check "a container survives two supervisors" kill -0 "$talker"
echo twice >&"$GO"
check "its output reaches its log" wait_for log_has talker twice

# --- Containers that somebody unregistered, and starts that did not register one ---

engine start wild -- sleep 1000 >/dev/null
engine start tame -- sleep 1000 >/dev/null
wild=$(value wild /pid) tame=$(value tame /pid)
die
purserctl unregister wild
purserctl unregister tame
kill -KILL "$tame"
wait_for is_gone "$tame"
# What a start leaves if the supervisor is killed before it makes the process.
mkdir -p "$RUN_DIR/containers/half" "$STATE_DIR/half/upper"
ln -s "$STATE_DIR/half" "$RUN_DIR/containers/half/state"
ln -s /sys/fs/cgroup/purser/half "$RUN_DIR/containers/half/cgroup"
mkdir /sys/fs/cgroup/purser/half
next
check_match "the supervisor reports a live container without a record" \
	"$(<"$SUPERVISOR_LOG")" \
	"engine: container \"wild\" is alive as pid $wild but not in the kernel's table: \"engine stop wild\" ends it"
check "the supervisor does not kill that container" kill -0 "$wild"
check_match "the supervisor keeps the folders of that container" \
	"$(left wild)" "containers/wild.*state/wild"
refused "the id of that container is taken" 1 \
	"container \"wild\" is still running as pid $wild, but somebody has unregistered it: \"engine stop wild\" ends it" \
	engine start wild
check "the supervisor removes the folders of a dead container without a record" \
	wait_for is_removed tame
check "the supervisor removes the folders of an unfinished start" wait_for is_removed half
check "stop ends that container" engine stop wild --time 0
check "its first process is gone" is_gone "$wild"
check "the supervisor removes the folders of that container after its death" \
	wait_for is_removed wild

# --- Cookies and log files of another version ---

sleep 1000 &
stranger=$!
at_exit kill "$stranger"
die
"$CLIENT" cookie alien "$stranger" \
	"{\"v\":99,\"run\":\"$RUN_DIR\",\"new\":true}"
refused "the supervisor refuses a cookie of another version" 1 \
	"container \"alien\": its cookie is of another version: run directory $RUN_DIR is left alone" \
	engine supervisor "$PURSER_ROOTFS" --run-dir "$RUN_DIR" \
	--state-dir "$STATE_DIR" --log-dir "$LOG_DIR"
check "the containers survive that" kill -0 "$talker" "$stranger"
check "their run folders stay" test -d "$RUN_DIR/containers/talker"
purserctl unregister alien
"$CLIENT" cookie other "$stranger" '{"v":99,"run":"/run/other","new":true}'
next
check "the supervisor ignores a cookie with another run directory" engine ps
purserctl unregister other
"$CLIENT" cookie alien "$stranger" \
	"{\"v\":99,\"run\":\"$RUN_DIR\",\"new\":true}"
refused "--take-over refuses a cookie of another version" 1 \
	"container \"alien\": its cookie is of another version: run directory $RUN_DIR is left alone" \
	engine supervisor "$PURSER_ROOTFS" --run-dir "$RUN_DIR" \
	--state-dir "$STATE_DIR" --log-dir "$LOG_DIR" --take-over
check "the running supervisor goes on" value_is talker /pid "$talker"
purserctl unregister alien
check_eq "the log is unchanged" "$(engine logs talker | grep -v error)" \
	$'before\nbetween\nafter\ntwice'

die
printf '\143' | dd of="$RUN_DIR/log/marks" bs=1 seek=8 conv=notrunc status=none
refused "the supervisor refuses log files of another version" 1 \
	"log folder $RUN_DIR/log: its files are of another version: it is left alone, with all containers" \
	engine supervisor "$PURSER_ROOTFS" --run-dir "$RUN_DIR" \
	--state-dir "$STATE_DIR" --log-dir "$LOG_DIR"
check "the containers survive that, too" kill -0 "$talker"
printf '\1' | dd of="$RUN_DIR/log/marks" bs=1 seek=8 conv=notrunc status=none
next

# --- Taking over from a running supervisor ---

run moved -- sh -c "$trap_term"
wait_for log_has moved up
refused "a second supervisor is refused without --take-over" 1 \
	"run directory $RUN_DIR: another supervisor, pid $SUPERVISOR_PID, serves it" \
	engine supervisor "$PURSER_ROOTFS" --run-dir "$RUN_DIR" \
	--state-dir "$STATE_DIR" --log-dir "$LOG_DIR"
old=$SUPERVISOR_PID
next --take-over
check_status "the old supervisor exits with 0" 0 wait "$old"
check "the new supervisor has the containers" value_is talker /pid "$talker"
check_eq "the new supervisor has the lock" "$(<"$RUN_DIR/engine.lock")" "$SUPERVISOR_PID"
echo moved >&"$GO"
check "the new supervisor writes the output to the log" wait_for log_has talker moved
engine stop moved >/dev/null
ended moved
check_eq "run gets the end from the new supervisor" "$RUN_END" \
	"5$(away moved)|engine: container \"moved\": stopped, exit code 5"
die
next --take-over
check "--take-over starts if no supervisor runs" value_is talker /pid "$talker"

# --- A request that the supervisor did not read before it died ---

engine run twin -- true
kill -STOP "$SUPERVISOR_PID"
run twin -- sh -c 'exit 9'
check "run waits for the answer of the stopped supervisor" \
	wait_for grep -q poll "/proc/${RUN[twin]}/wchan"
die
next
ended twin
check_eq "run does not report the end of an older container of that id" "$RUN_END" \
	"125$(away twin)|engine: container \"twin\" was never started: its supervisor died before that"
check_eq "the record of the older container is unchanged" \
	"$(value twin /state /exit_code)" "exited 0"

# --- The supervisor dies at a random moment of a start ---

mkfifo "$TEST_DIR/events" || ktap_bail "cannot make a FIFO"
exec {EVENTS}<>"$TEST_DIR/events"
purserctl monitor --json >"$TEST_DIR/events" &
at_exit kill $!

# wait_for_registrations N - read events until N containers were registered
wait_for_registrations() {
	local line n=$1

	while [ "$n" -gt 0 ] && read -r -t "$WAIT_CAP" -u "$EVENTS" line; do
		[[ $line != *'"event":"registered"'* ]] || n=$((n - 1))
	done
}

# forget_events - read and drop the events that have arrived
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
		# The request was not sent, or the container was not registered, or its
		# command had not begun.
		"125|engine: no supervisor serves $RUN_DIR/engine.sock") ;;
		"125$(away "r$i")|engine: container \"r$i\" was never started: "*) ;;
		"125$(away "r$i")|engine: container \"r$i\" did not start: "*) ;;
		*) failed+="round $round: r$i: $RUN_END"$'\n' ;;
		esac
		wait_for is_removed "r$i" || failed+="round $round: r$i left $(left "r$i")"$'\n'
	done
done
check_eq "run reports each end correctly if the supervisor dies during starts" \
	"$failed" ""
check "ps agrees with the kernel after 18 deaths" same_as_kernel
check_eq "the kernel has one record for each id" \
	"$(purserctl list --json | grep -o '"name":"r[0-9]*"' | sort | uniq -d)" ""

# --- The orderly end ---

check "SIGTERM ends the supervisor" stop_supervisor
check "the supervisor ended the oldest container" is_gone "$talker"
check_eq "the run directory is empty" "$(ls -A "$RUN_DIR")" ""
check_eq "the state directory is empty" "$(ls -A -I .requests "$STATE_DIR")" ""
check_eq "the kernel has no record" "$(purserctl list --json)" "[]"
check_eq "the cgroup of containers is removed" \
	"$(ls -d /sys/fs/cgroup/purser 2>/dev/null)" ""
check_eq "the log of the oldest container has its last line" \
	"$(tail -n 1 "$LOG_DIR/talker.log" | cut -d ' ' -f 4)" \
	moved

ktap_end
