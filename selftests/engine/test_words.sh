#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The commands of engine that need no supervisor: kill, wait, pause, unpause, stats, inspect,
# events, info, version.
#
# shellcheck disable=SC2016 # the containers expand these words

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

start() {
	engine start "$@" >/dev/null && wait_for log_has "$1" up
}

forever='echo up; while :; do sleep 1000; done'

# --- kill ---

start one -- sh -c "$forever"
start two -- sh -c 'trap "echo hup" HUP; trap "exit 3" TERM; echo up
	while :; do sleep 0.1; done'
start three -- sh -c "$forever"
check "kill sends a signal" engine kill -s HUP two
check_eq "it prints the container" "$OUTPUT" two
check "the container handles it" wait_for log_has two hup
check "kill without a handler" engine kill -s TERM one
check_match "says that the signal has no effect" "$OUTPUT" \
	'container "one": its first process has no handler for SIGTERM, so the signal has no effect'
check_eq "the container lives" "$(value one /state)" running
check "kill kills several" engine kill one three
check "they end" wait_for has_ended one
check "both" wait_for has_ended three
check_eq "the end was asked for" "$(value one /reason /signal)" "stopped 9"
check "kill -s TERM" engine kill --signal TERM two
check "ends a container that handles it" wait_for has_ended two
check_eq "the exit code is its own" "$(value two /reason /exit_code)" "exited 3"
check_status "kill of one that has ended, and of an unknown one" 1 engine kill one nosuch
check_eq "says both" "$OUTPUT" "engine: container \"one\" has ended already: stopped, forced, signal SIGKILL
engine: no container \"nosuch\""

# --- wait ---

check_status "wait exits with the last code" 3 engine wait one two
check_eq "and prints all" "$OUTPUT" $'137\n3'
check_status "wait of an unknown container" 1 engine wait nosuch
start four -- sh -c 'echo up; while [ ! -e /go ]; do sleep 0.1; done; exit 44'
engine wait four one >"$TEST_DIR/wait" &
WAIT=$!
nap 1
check "wait waits" kill -0 $WAIT
check "the container is told to end" engine exec four touch /go
wait $WAIT
check_eq "wait ends with it" "$? $(tr '\n' ' ' <"$TEST_DIR/wait")" "137 44 137 "

# --- pause ---

start five -- sh -c 'echo up; while :; do echo x >>/ticks; sleep 0.1; done'
check_eq "a container is not paused" "$(value five /paused /state)" "false running"
check "pause" engine pause five
check_eq "ps --json shows it" "$(value five /paused /state)" "true running"
check_match "ps shows it" "$(engine ps)" 'five +[0-9]+ +running/paused'
check_eq "inspect shows it" "$(engine inspect five | "$JSON" /0/paused)" true
check_eq "the cgroup is frozen" \
	"$(grep frozen /sys/fs/cgroup/purser/five/cgroup.events)" "frozen 1"
refused "pause of a paused container" 1 'container "five" is paused already' \
	engine pause five
refused "exec in a paused container" 125 \
	'container "five" is paused: engine unpause five' engine exec five true
check "unpause" engine unpause five
check_eq "the container runs" "$(value five /paused)" false
check "exec works again" engine exec five true
refused "unpause of one that runs" 1 'container "five" is not paused' \
	engine unpause five
check "a paused container can be killed" eval \
	'engine pause five && engine kill five && wait_for has_ended five'
refused "pause of one that has ended" 1 \
	'container "five" has ended already: stopped, forced, signal SIGKILL' engine pause five
start five -- sh -c "$forever"
check "a paused container can be stopped" eval \
	'engine pause five && engine stop five --time 0.5'

# --- stats ---

start busy --soft-mib 16 --hard-mib 32 -- sh -c 'echo up; while :; do :; done'
text=$(engine stats --no-stream busy)
check_match "stats prints a header" "$text" '^NAME +CPU +USAGE +OF SOFT +OF HARD +PEAK +PROCS'
check_match "and a container with bars" "$text" \
	$'\nbusy +[0-9.]+% +[0-9.]+MiB +\[#*-*\] +[0-9]+%  \[#*-*\] +[0-9]+% +[0-9.]+MiB +1$'
engine stats --no-stream --json >"$TEST_DIR/stats"
check_eq "--json prints an object a container" \
	"$("$JSON" /name /soft_limit /hard_limit /processes /paused <"$TEST_DIR/stats")" \
	"busy 16777216 33554432 1 false"
check "a loop needs much of a CPU" awk -v p="$("$JSON" /cpu_percent <"$TEST_DIR/stats")" \
	'BEGIN { exit !(p > 20 && p < 130) }'
engine stats --json busy >"$TEST_DIR/stream" &
STATS=$!
check "stats goes on" wait_for eval '[ "$(wc -l <"$TEST_DIR/stream")" -ge 2 ]'
engine kill busy >/dev/null
check "stats of a container ends with it" wait $STATS
check_status "stats of one that has ended" 1 engine stats busy
check_status "a reader that goes away" 0 eval 'engine stats --json | head -n 0'
start busy -- sh -c "$forever"
text=$(script -qec "timeout 3 engine stats" /dev/null </dev/null)
check_match "on a terminal, a table replaces the one before" "$text" $'\033\\[H\033\\[J.*NAME'

# --- inspect ---

check "inspect" engine inspect busy one
engine inspect busy one >"$TEST_DIR/inspect"
check_eq "is an array of both" "$("$JSON" '?length' /0/name /1/name <"$TEST_DIR/inspect")" "2 busy one"
check_eq "it has the cookie" "$("$JSON" /0/command/0 /0/overlay /0/run_dir /0/log_driver <"$TEST_DIR/inspect")" \
	"sh true $RUN_DIR cri"
check_eq "it has the cgroup" \
	"$("$JSON" /0/cgroup/path /0/cgroup/pids_max <"$TEST_DIR/inspect")" "/sys/fs/cgroup/purser/busy 2048"
check_eq "it has the request" "$("$JSON" /0/request/id /0/request/hard_limit <"$TEST_DIR/inspect")" \
	"busy 67108864"
check_eq "one that has ended has no cgroup" "$("$JSON" /1/cgroup /1/reason <"$TEST_DIR/inspect")" "null stopped"
engine inspect busy nosuch >"$TEST_DIR/inspect" 2>"$TEST_DIR/err"
check_eq "one that is unknown is left out" \
	"$? $("$JSON" '?length' <"$TEST_DIR/inspect") $(<"$TEST_DIR/err")" \
	'1 1 engine: no container "nosuch"'

# --- events ---

mkfifo "$TEST_DIR/ready" && exec {READY}<>"$TEST_DIR/ready"
engine events --json --ready-fd "$READY" >"$TEST_DIR/events" &
EVENTS=$!
read -r -t 60 _ <&"$READY"
engine run short -- true
check "events prints the end of a container" wait_for eval \
	'"$JSON" /event /container/name <"$TEST_DIR/events" | grep -qx "exited short"'
kill -TERM $EVENTS
check "SIGTERM ends it" wait $EVENTS
seq=$("$JSON" /seq <"$TEST_DIR/events" | head -n 1)
check_match "--since prints events of the log" \
	"$(engine events --since $((seq - 1)) | head -n 1)" "^ *$seq .* short "

# --- info, version ---

check_eq "info" "$(engine info --json | "$JSON" /engine_version /supervisor_pid /run_dir /live)" \
	"$(engine --version | cut -d ' ' -f 2) $SUPERVISOR_PID $RUN_DIR 1"
check_eq "version" "$(engine version --json | "$JSON" /engine_version /kernel)" \
	"$(engine --version | cut -d ' ' -f 2) $(uname -r)"
# A release may have a plus sign.
release=$(uname -r)
check_match "as text" "$(engine version)" "kernel +${release//+/\\+}"

# --- Without a supervisor ---

die
check "pause needs no supervisor" engine pause busy
check_eq "nor does inspect" "$(engine inspect busy | "$JSON" /0/paused)" true
check "nor unpause" engine unpause busy
check "nor stats" engine stats --no-stream busy
check_eq "info says that there is none" "$(engine info --json | "$JSON" /supervisor_pid)" null
engine wait busy >"$TEST_DIR/wait" &
WAIT=$!
check "nor kill" engine kill busy
wait $WAIT
check_eq "nor wait" "$? $(<"$TEST_DIR/wait")" "137 137"

# --- Other programs' containers, and users without rights ---

sleep 1000 &
SLEEP=$!
purserctl register other $SLEEP >/dev/null
refused "pause of a container of another program" 1 \
	'container "other" was started by another program, which engine does not know' \
	engine pause other
check_eq "inspect of it" "$(engine inspect other | "$JSON" /0/name /0/paused)" "other false"
check "kill of it" engine kill other
check_status "wait of it" 137 engine wait other
next
start seven -- sh -c "$forever"
user() {
	setpriv --reuid 65534 --clear-groups "$(command -v engine)" "$@"
}
refused "pause by a user" 5 'container "seven": only root may do that' user pause seven
check_status "kill by a user" 5 user kill seven
check_status "wait by a user" 5 user wait seven
check_eq "a user may inspect, but sees no cookie" \
	"$(user inspect seven | "$JSON" /0/name '/0?keys' | grep -c cookie)" 0
check "and see stats" user stats --no-stream seven
check "stop" engine stop seven --time 0

ktap_end
