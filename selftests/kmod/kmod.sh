# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests of the module.

# shellcheck source=../lib/kselftest.sh
. "$(dirname "$0")/../lib/kselftest.sh"

# The programs of this folder are in PATH.
PATH=$PURSER_TEST_BIN:$PATH

# shellcheck disable=SC2034
MIB=1048576

# --- Records ---

# field JSON KEY - set REPLY to the value of the first KEY in a line of JSON. A string
# comes without its quotes.
field() {
	local re="\"$2\":(\"([^\"]*)\"|[^],}]*)"

	REPLY=
	[[ $1 =~ $re ]] || return 1
	REPLY=${BASH_REMATCH[2]:-${BASH_REMATCH[1]}}
}

# show NAME | --id ID | --pid PID - set RECORD to that record; fail if there is none
show() {
	RECORD=$(purserctl show "$@" --json 2>"$TEST_DIR/.show")
}

# fields_are JSON KEY=VALUE... - the line of JSON has these values; print those that differ
fields_are() {
	local json=$1 pair ok=0

	shift
	for pair; do
		field "$json" "${pair%%=*}"
		[ "$REPLY" = "${pair#*=}" ] && continue
		echo "${pair%%=*} is '$REPLY', not '${pair#*=}'"
		ok=1
	done
	[ $ok = 0 ] || echo "$json"
	return $ok
}

# check_record POINT REFERENCE KEY=VALUE... - the record in the table has these values.
# REFERENCE is one word: a name, --id=N or --pid=N.
check_record() {
	local point=$1 reference=$2

	shift 2
	if show "$reference"; then
		check "$point" fields_are "$RECORD" "$@"
	else
		ktap_fail "$point" "$(<"$TEST_DIR/.show")"
	fi
}

# record_is REFERENCE KEY=VALUE... - likewise, without a point
record_is() {
	show "$1" && fields_are "$RECORD" "${@:2}"
}

# live_is N - N containers live
live_is() {
	[[ $(purserctl info --json) == *"\"live\":$1,"* ]]
}

# check_refused POINT WORDS COMMAND... - the command fails with status 1 and prints WORDS
check_refused() {
	local point=$1 words=$2

	shift 2
	_run "$@"
	if [ "$_status" -eq 1 ] && [[ $OUTPUT == *"$words"* ]]; then
		ktap_pass "$point"
	else
		ktap_fail "$point" "status $_status, wanted 1: $*"$'\n'"got:  \
$OUTPUT"$'\n'"want: $words"
	fi
}

# check_answer POINT ANSWER ARGUMENT... - the kernel's answer to the request with these
# arguments, see request.c
check_answer() {
	check_eq "$1" "$(request "${@:3}" 2>&1)" "$2"
}

# requests FILE - send the requests in FILE, one a line; fail if one is refused
requests() {
	request --lines <"$1"
}

# --- Events ---

MONITOR=	# the descriptor from which wait_event reads
MONITOR_PID=
EVENT=		# the last event that wait_event found

# start_monitor - start a listener; wait_event then sees all further events
start_monitor() {
	[ -p "$TEST_DIR/.joined" ] || mkfifo "$TEST_DIR/.joined" || return
	exec {MONITOR}< <(exec purserctl monitor --json --ready-fd 9 \
		9>"$TEST_DIR/.joined")
	MONITOR_PID=$!
	at_exit stop_process "$MONITOR_PID"
	read -r -t "$WAIT_CAP" _ <"$TEST_DIR/.joined"
}

# wait_event NAME TYPE - read up to the next event of that type and container; set EVENT
wait_event() {
	while read -r -t "$WAIT_CAP" -u "$MONITOR" EVENT; do
		[[ $EVENT == *"\"event\":\"$2\""*"\"name\":\"$1\""* ]] &&
			return
	done
	EVENT=
	ktap_diag "within $WAIT_CAP s there was no event $2 of $1"
	return 1
}

# check_event POINT NAME TYPE KEY=VALUE... - wait for that event; it has these values
check_event() {
	local point=$1 name=$2 type=$3

	shift 3
	if wait_event "$name" "$type"; then
		check "$point" fields_are "$EVENT" "$@"
	else
		ktap_fail "$point" "there was no event $type of $name"
	fi
}

# events_of ID [FILE] - print the types of a container's events, in order, on one line.
# FILE has one event a line; the default is the kernel's event log.
events_of() {
	local line types=()

	while read -r line; do
		[[ $line == *"\"container\":{\"id\":$1,"* ]] || continue
		field "$line" event
		types+=("$REPLY")
	done < <(if [ $# -gt 1 ]; then cat "$2"; else purserctl events --json; fi)
	echo "${types[*]-}"
}

# --- Processes ---

PID=		# the PID of the last process that was started
OUT=		# the descriptor from which its output, and at last its end, is read
ORDERS=		# the descriptor to which orders to ballast.c are written
PIDS=		# the PIDs of ballast's processes, as ballast sees them

# stop_process PID - kill and reap a child of the test
stop_process() {
	kill -KILL "$1" 2>/dev/null
	while [ -e "/proc/$1" ]; do
		wait "$1" 2>/dev/null || break
	done
}

# spawn ARGUMENT... - start a process by spawn.c; set PID and OUT
spawn() {
	exec {OUT}< <(exec spawn "$@" </dev/null)
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID
}

# start ARGUMENT... - likewise, and wait until the process prints "ready"
start() {
	spawn "$@" && wait_line ready
}

# wait_line PATTERN [FD] - read up to a line that matches, from FD or OUT; set LINE to it
wait_line() {
	while read -r -t "$WAIT_CAP" -u "${2:-$OUT}" LINE; do
		# shellcheck disable=SC2053 # it is a pattern
		[[ $LINE == $1 ]] && return
	done
	ktap_diag "within $WAIT_CAP s there was no line $1"
	return 1
}

# start_ballast [OPTION...] [-- SPAWN-OPTION...] - start ballast.c, which takes memory when
# it gets an order; set PID, OUT, ORDERS and PIDS
start_ballast() {
	local options=()

	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	rm -f "$TEST_DIR/.orders"
	mkfifo "$TEST_DIR/.orders" && exec {ORDERS}<>"$TEST_DIR/.orders" || return
	exec {OUT}< <(exec spawn "$@" ballast ${options[@]+"${options[@]}"} \
		<"$TEST_DIR/.orders")
	at_exit stop_process $!
	# shellcheck disable=SC2034
	read -r -t "$WAIT_CAP" -u "$OUT" PID && wait_line 'ready *' &&
		PIDS=${LINE#ready }
}

# order COMMAND... - send ballast.c an order
order() {
	echo "$*" >&"$ORDERS"
}

# tell COMMAND... - send ballast.c an order, and wait until it is done
tell() {
	order "$@" && wait_line "done"
}

# release PID - let a process go on that "spawn --hold" has started
release() {
	kill -USR1 "$1"
}

# register NAME [OPTION...] - register the process PID as a container
register() {
	purserctl register "$1" "$PID" "${@:2}" >/dev/null
}

# end_of PID - wait for the end of a process of spawn.c; set LINE to what wait() returned:
# "exited CODE" or "killed SIGNAL"
end_of() {
	wait_line "$1 *ed *" && LINE=${LINE#* }
}

# hold PID - hold the process in its exit until let_go; hold_exit.c prints to HELD
hold() {
	rm -f "$TEST_DIR/hold"
	mkfifo "$TEST_DIR/hold" || return
	exec {HELD}< <(exec hold_exit "$1" <"$TEST_DIR/hold")
	at_exit stop_process $!
	exec {hold_end}>"$TEST_DIR/hold"
	wait_line ready "$HELD"
}

# let_go - end hold_exit.c, so that the process goes on exiting
let_go() {
	exec {hold_end}>&-
}

# clear_container NAME - kill all its processes, wait for its end, forget its record
clear_container() {
	show "$1" || return
	# The stop is refused if the container is ending already; it dies all the same.
	purserctl stop "$1" --time 0 --no-wait >/dev/null 2>&1
	wait_for record_is "$1" state=exited && purserctl unregister "$1"
}

# worker_threads - print how many worker threads the module has. Since 6.10 the kernel
# gives them other names.
worker_threads() {
	cat /proc/[0-9]*/comm 2>/dev/null | grep -cE '^(kworker/R-)?purser?$'
}

# check_unload - end all processes of the test, and check that no container is left and
# that the module can be unloaded
check_unload() {
	local i

	for ((i = ${#_cleanups[@]} - 1; i >= 0; i--)); do
		[[ ${_cleanups[i]} != 'stop_process '* ]] || eval "${_cleanups[i]}"
	done
	check "no container is left at the end of the test" wait_for live_is 0
	check "the module can be unloaded at the end of the test" wait_for unload_module
}
