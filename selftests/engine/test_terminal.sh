#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run --tty and start --tty: a container with a terminal of its own, which outlives its user
# and the supervisor.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# at_terminal COMMAND... - run it in a terminal, whose keys come from $INPUT
mkfifo "$TEST_DIR/in" && exec {INPUT}<>"$TEST_DIR/in"
at_terminal() {
	script -qec "$*" /dev/null <&"$INPUT"
}

# type_keys TEXT - type it there
type_keys() {
	printf '%b' "$1" >&"$INPUT"
}

# shown TEXT - the output of the last background terminal has it
shown() {
	grep -qF -- "$1" "$TEST_DIR/out"
}

text=$(at_terminal "stty rows 25 cols 77; engine run -it first -- \
	sh -c 'stty size; tty; echo \$TERM; exit 4'")
check_eq "-it gives a terminal with the size of ours, and the exit code" \
	"$? $(tr -d '\r' <<<"$text" | tr '\n' ' ')" "4 25 77 /dev/pts/0 ${TERM:-xterm} "
check_eq "the log has the same" "$(engine logs first | tr -d '\r' | head -n 1)" "25 77"
text=$(at_terminal "stty -a >$TEST_DIR/1; engine run -it first -- true; stty -a >$TEST_DIR/2")
check_eq "the mode of our terminal is restored" "$(<"$TEST_DIR/2")" "$(<"$TEST_DIR/1")"
at_terminal "engine run -it first -- nosuch; stty -a >$TEST_DIR/2" >/dev/null
check_eq "also after a start that fails" "$(<"$TEST_DIR/2")" "$(<"$TEST_DIR/1")"
check_eq "-t without a terminal of ours works, too" \
	"$(engine run -t first -- tty </dev/null | tr -d '\r')" "/dev/pts/0"
# shellcheck disable=SC2016 # the container expands it
check_eq "what is not typed comes as well" \
	"$(echo text | engine run -it first -- sh -c 'read line; echo got $line' |
		tr -d '\r' | tail -n 1)" "got text"
# shellcheck disable=SC2016 # the container expands it
check_eq "the container's user has the terminal" \
	"$(engine run -t -u 5 first -- sh -c 'echo x >$(tty) && stat -c %u $(tty)' |
		tr -d '\r' | tail -n 1)" 5

# --- A supervisor that goes ---

at_terminal "engine run -it shell -- sh; echo code: \$?" >"$TEST_DIR/out" 2>&1 &
USER_PID=$!
# What is typed earlier is shown twice, by the terminal and by the shell.
wait_for shown '# '
# shellcheck disable=SC2016 # the container expands it
type_keys 'echo up $((40 + 2))\n'
check "a shell answers" wait_for shown 'up 42'
die
# shellcheck disable=SC2016 # the container expands it
type_keys 'echo alone $((40 + 3))\n'
check "it answers without a supervisor" wait_for shown 'alone 43'
next
# shellcheck disable=SC2016 # the container expands it
type_keys 'echo next $((40 + 4))\nexit 9\n'
wait "$USER_PID"
check "and with the next one" shown 'next 44'
check "run gets the exit code from that one" shown 'code: 9'
for n in 'up 42' 'alone 43' 'next 44'; do
	check_eq "the log has its line once: $n" \
		"$(engine logs shell | tr -d '\r' | grep -c "$n\$")" 1
done

# --- A user who goes ---

at_terminal "engine run -it left -- sh -c 'trap \"echo hung up\" HUP; echo up;
	while :; do sleep 1; done'" >"$TEST_DIR/out" 2>&1 &
USER_PID=$!
wait_for shown up
kill -KILL "$(pgrep -f 'engine run -it left' | tail -n 1)"
wait "$USER_PID"
check_eq "the container goes on without its user" "$(value left /state)" running
check_eq "and is not hung up" "$(engine logs left | tr -d '\r')" up
check "it stops" engine stop left --time 0

at_terminal "stty -a >$TEST_DIR/1; engine run -it term -- sleep 1000; stty -a >$TEST_DIR/2;
	echo restored" >"$TEST_DIR/out" 2>&1 &
USER_PID=$!
wait_for value_is term /state running
kill "$(pgrep -f '^engine run -it term' | tail -n 1)"
wait "$USER_PID"
check_eq "SIGTERM stops the container" "$(value term /reason)" stopped
check_eq "and restores the terminal" "$(<"$TEST_DIR/2")" "$(<"$TEST_DIR/1")"

# --- Nobody at the terminal ---

check "start -t" engine start -t web
check_eq "a shell lives on its terminal" "$(engine exec web readlink /proc/2/fd/0)" /dev/pts/0
check_eq "SIGHUP stops it" "$(engine stop web)" "web: stopped, exit code 129"
check "it starts again as it was" engine start web
check_eq "with a terminal" "$(engine exec web readlink /proc/2/fd/0)" /dev/pts/0
engine stop web --time 0 >/dev/null
refused "nobody can be quiet in a terminal" 125 \
	'run: --tty and --quiet exclude each other' \
	engine run -t -q web -- true

ktap_end
