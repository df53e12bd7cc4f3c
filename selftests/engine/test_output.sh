#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine run" shows the output of the container as it comes, and keeps it in the log.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor
unset PURSER_QUIET

# streams NAME WANT COMMAND... - run it; WANT is "STATUS|STDOUT|STDERR"
streams() {
	local name=$1 want=$2 status=0

	shift 2
	"$@" >"$TEST_DIR/out" 2>"$TEST_DIR/err" </dev/null || status=$?
	check_eq "$name" "$status|$(<"$TEST_DIR/out")|$(<"$TEST_DIR/err")" "$want"
}

# shows FILE TEXT - the file has that line
shows() {
	grep -qxF -- "$2" "$1"
}

streams "run shows stdout and stderr, each where it belongs" \
	$'3|one\nthree|two' \
	engine run both -- sh -c 'echo one; echo two >&2; echo three; exit 3'
check_eq "the log has all of it" "$(engine logs both | sort)" $'one\nthree\ntwo'
streams "run --quiet shows nothing" '3||' engine run both -q -- sh -c 'echo one; exit 3'
streams "PURSER_QUIET does the same" '0||' \
	env PURSER_QUIET=1 engine run both -- echo one
check_eq "the log has it nevertheless" "$(engine logs both)" one
streams "a line without its end is shown" '0|no end|' engine run both -- printf 'no end'
streams "a raw log is shown, too" $'0|a\nb|' \
	engine run raw --log-driver raw -- printf 'a\nb'
streams "a container without a log has no output" '0||' \
	engine run none --log-driver none -- echo one
streams "what an earlier container of that id wrote is not shown" '0|new|' \
	engine run both -- echo new
streams "how it ended follows its output" \
	$'137|last|engine: container "hog": hard_limit_killed, signal SIGKILL' \
	engine run hog --hard-mib 16 -- sh -c 'echo last; memory_hog 4 10 >/dev/null'
# loud - run a container that fills many log files
loud() {
	engine run loud --log-max-size 32768 --log-max-files 100 -- seq 1 20000 \
		>"$TEST_DIR/out"
}
check "a loud container is shown to its end, over several files" loud
check_eq "no line is missing" "$(cksum <"$TEST_DIR/out")" "$(seq 1 20000 | cksum)"
for i in {1..10}; do
	engine run "quick$i" --rm -- echo "word $i"
done >"$TEST_DIR/out" 2>&1
check_eq "the output of short containers is shown before --rm removes them" \
	"$(<"$TEST_DIR/out")" "$(seq -f 'word %g' 1 10)"
check_eq "and they are removed" \
	"$(find "$STATE_DIR/.requests" "$LOG_DIR" -name 'quick*')" ""

# --- Input ---

check_eq "run -i passes the input on, to its end" \
	"$(printf 'one\ntwo\n' | engine run input -i -- cat)" $'one\ntwo'
check_eq "also much of it" \
	"$(seq 1 100000 | engine run input -i --log-driver raw -- cksum)" \
	"$(seq 1 100000 | cksum)"
check_eq "without -i there is none" "$(echo one | engine run input -- cat)" ""
check_eq "the container has a pipe, not our files" \
	"$(echo | engine run input -i -- readlink /proc/self/fd/0 | tr -d 0-9)" "pipe:[]"
check_status "a container that does not read is no problem" 4 eval \
	'yes | head -c 1000000 | engine run input -i -- sh -c "exit 4"'
mkfifo "$TEST_DIR/input"
exec {INPUT}<>"$TEST_DIR/input"
engine run input -i -- cat <"$TEST_DIR/input" >"$TEST_DIR/out" 2>"$TEST_DIR/err" &
run=$!
echo first >&"$INPUT"
check "a line arrives when it is written" wait_for shows "$TEST_DIR/out" first
die
wait_for grep -q 'waiting for the next one' "$TEST_DIR/err"
next
echo second >&"$INPUT"
check "also under the next supervisor" wait_for shows "$TEST_DIR/out" second
kill -KILL "$run"
wait "$run" 2>/dev/null
check "the input ends with run" wait_for has_ended input
check_eq "and the container has seen its end" "$(value input /reason /exit_code)" "exited 0"
check "a container that ran with -i starts again" engine start input
wait_for has_ended input
check_eq "with the null device" "$(value input /reason /exit_code)" "exited 0"

# --- While it runs ---

make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
mkfifo "$TEST_DIR/root/go" || ktap_bail "cannot make a FIFO"
exec {GO}<>"$TEST_DIR/root/go"
# shellcheck disable=SC2016
talk='echo up; while read -r word; do echo "$word"; done </go'
engine run talker "$TEST_DIR/root" -- sh -c "$talk" >"$TEST_DIR/out" 2>"$TEST_DIR/err" &
run=$!
check "a line is shown when it is written" wait_for shows "$TEST_DIR/out" up
echo first >&"$GO"
check "so is the next one" wait_for shows "$TEST_DIR/out" first
die
wait_for grep -q 'waiting for the next one' "$TEST_DIR/err"
next
echo second >&"$GO"
check "and one after the death of the supervisor" wait_for shows "$TEST_DIR/out" second
kill -TERM "$run"
status=0
wait "$run" || status=$?
check_eq "SIGTERM to run stops the container" "$(value talker /reason)" stopped
check "run exits with its status" test "$status" -gt 128

engine run talker "$TEST_DIR/root" -- sh -c "$talk" 2>"$TEST_DIR/err" |
	head -n 1 >"$TEST_DIR/out" &
wait_for shows "$TEST_DIR/out" up
echo third >&"$GO"
check "the container goes on if the reader of its output is gone" \
	wait_for log_has talker third
check "it can be stopped" engine stop talker

engine run killed --rm "$TEST_DIR/root" -- sh -c "$talk" >"$TEST_DIR/out" &
run=$!
wait_for shows "$TEST_DIR/out" up
kill -KILL "$run"
wait "$run" 2>/dev/null
check "the container survives its run" value_is killed /state running
engine stop killed >/dev/null
check "--rm removes it nevertheless" wait_for eval '! row killed'

check "run -d is start" engine run -d far -- sleep 1000
check_match "it prints the pid" "$OUTPUT" '^far: started, pid'

ktap_end
