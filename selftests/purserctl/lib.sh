# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests in this folder, which source this file after kselftest.sh.
# shellcheck disable=SC2034 # what is not used here is used by them

JSON=$PURSER_TEST_BIN/json
CLIENT=$PURSER_TEST_BIN/client
ON_SIGNAL=$PURSER_BUILD/tests/bin/kmod/on_signal

# has_execed PID - a child of this shell runs another program. Before execve(), it has the
# shell's command line; during execve(), it has none.
has_execed() {
	local line own

	read -r -d '' line <"/proc/$1/cmdline"
	read -r -d '' own <"/proc/$$/cmdline"
	[ "$line" ] && [ "$line" != "$own" ]
}

# spawn COMMAND... - start it, kill it when the test ends, and set PID
spawn() {
	"$@" </dev/null >/dev/null 2>&1 &
	PID=$!
	at_exit end_process "$PID"
	wait_for has_execed "$PID"
}

# spawn_ready COMMAND... - the same for a command that prints a line when it is ready
spawn_ready() {
	local fifo=$TEST_DIR/.spawn line=

	rm -f "$fifo"
	mkfifo "$fifo" || return
	"$@" </dev/null >"$fifo" 2>&1 &
	PID=$!
	at_exit end_process "$PID"
	read -r -t "$WAIT_CAP" line <"$fifo"
	[ "$line" ]
}

end_process() {
	kill -KILL "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

# value NAME POINTER... - print values of a container's record
value() {
	local name=$1

	shift
	purserctl show "$name" --json | "$JSON" "$@"
}

# has NAME POINTER VALUE - the record has that value; for wait_for
has() {
	[ "$(value "$1" "$2")" = "$3" ]
}

# refused NAME STATUS LINE COMMAND... - the command exits with that status, prints nothing
# on stdout, and prints only that line on stderr
refused() {
	local name=$1 want=$2 line=$3 status=0 out err

	shift 3
	out=$("$@" 2>"$TEST_DIR/.err" </dev/null) || status=$?
	err=$(<"$TEST_DIR/.err")
	check_eq "$name" "$status|$out|$err" "$want||purserctl: $line"
}

as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# start_monitor FILE [OPTION...] - start a listener and wait until it receives events. Sets
# MONITOR to its PID. Its stderr goes to FILE.err; it does not inherit descriptor 8.
start_monitor() {
	local file=$1 fifo=$TEST_DIR/.monitor line=none

	shift
	rm -f "$fifo"
	mkfifo "$fifo" || return
	purserctl monitor --ready-fd 7 "$@" >"$file" 2>"$file.err" \
		</dev/null 7>"$fifo" 8>&- &
	MONITOR=$!
	at_exit end_process "$MONITOR"
	IFS= read -r -t "$WAIT_CAP" line <"$fifo"
	[ -z "$line" ]
}

# check_stops NAME [SIGNAL] - the listener exits with status 0 after the signal
check_stops() {
	local status=0

	kill -s "${2:-TERM}" "$MONITOR"
	wait "$MONITOR" || status=$?
	check_eq "$1" "$status" 0
}

has_lines() {	# has_lines FILE N: it has N lines or more
	[ "$(wc -l <"$1")" -ge "$2" ]
}
