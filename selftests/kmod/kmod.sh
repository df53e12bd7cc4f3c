# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of the module share, beside ../lib/kselftest.sh.

# shellcheck source=../lib/kselftest.sh
. "$(dirname "$0")/../lib/kselftest.sh"

# The programs of this folder.
PATH=$PURSER_TEST_BIN:$PATH

# shellcheck disable=SC2034
MIB=1048576

# --- Records ---

# field JSON KEY - sets REPLY to a value of an object on one line; the first
# one where there are two. A text comes without its quotes.
field() {
	local re="\"$2\":(\"([^\"]*)\"|[^],}]*)"

	REPLY=
	[[ $1 =~ $re ]] || return 1
	REPLY=${BASH_REMATCH[2]:-${BASH_REMATCH[1]}}
}

# show NAME | --id ID | --pid PID - sets RECORD; fails where there is none
show() {
	RECORD=$(purserctl show "$@" --json 2>"$TEST_DIR/.show")
}

# fields_are JSON KEY=VALUE... - prints those that are not so
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

# check_record POINT REFERENCE KEY=VALUE... - the record in the table is so.
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

# record_is REFERENCE KEY=VALUE... - for wait_for
record_is() {
	show "$1" && fields_are "$RECORD" "${@:2}"
}

# live_is N - how many containers live, for wait_for
live_is() {
	[[ $(purserctl info --json) == *"\"live\":$1,"* ]]
}

# check_refused POINT WORDS COMMAND... - it fails with status 1, and says so
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

# check_answer POINT ANSWER ARGUMENT... - what the kernel says to a bare
# request, see request.c
check_answer() {
	check_eq "$1" "$(request "${@:3}" 2>&1)" "$2"
}

# requests FILE - one bare request a line; fails where one is refused
requests() {
	request --lines <"$1"
}

# --- Events ---

MONITOR=	# where the events are read
MONITOR_PID=
EVENT=		# the one that was waited for

# start_monitor - from here on no event is missed
start_monitor() {
	[ -p "$TEST_DIR/.joined" ] || mkfifo "$TEST_DIR/.joined" || return
	exec {MONITOR}< <(exec purserctl monitor --json --ready-fd 9 \
		9>"$TEST_DIR/.joined")
	MONITOR_PID=$!
	at_exit stop_process "$MONITOR_PID"
	read -r -t "$WAIT_CAP" _ <"$TEST_DIR/.joined"
}

# wait_event NAME TYPE - read on to the next such event, and set EVENT to it
wait_event() {
	while read -r -t "$WAIT_CAP" -u "$MONITOR" EVENT; do
		[[ $EVENT == *"\"event\":\"$2\""*"\"name\":\"$1\""* ]] &&
			return
	done
	EVENT=
	ktap_diag "waited $WAIT_CAP s in vain for $2 of $1"
	return 1
}

# check_event POINT NAME TYPE KEY=VALUE... - wait for it; it is so
check_event() {
	local point=$1 name=$2 type=$3

	shift 3
	if wait_event "$name" "$type"; then
		check "$point" fields_are "$EVENT" "$@"
	else
		ktap_fail "$point" "there was no $type of $name"
	fi
}

# events_of ID [FILE] - the types of a container's events, in order, on a line.
# From FILE, one event a line, else from the kernel's log.
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

PID=		# of the last process that was started
OUT=		# where its lines, and at last its end, are read
ORDERS=		# where ballast.c takes its orders
PIDS=		# its processes, as it sees them

stop_process() {	# stop_process PID: our own child
	kill -KILL "$1" 2>/dev/null
	while [ -e "/proc/$1" ]; do
		wait "$1" 2>/dev/null || break
	done
}

# spawn ARGUMENT... - start a process by spawn.c: sets PID and OUT
spawn() {
	exec {OUT}< <(exec spawn "$@" </dev/null)
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID
}

# start ARGUMENT... - likewise, but it returns once the process says "ready"
start() {
	spawn "$@" && wait_line ready
}

# wait_line PATTERN [FD] - read on to that line, from OUT if nothing is said;
# sets LINE to it
wait_line() {
	while read -r -t "$WAIT_CAP" -u "${2:-$OUT}" LINE; do
		# shellcheck disable=SC2053 # it is a pattern
		[[ $LINE == $1 ]] && return
	done
	ktap_diag "waited in vain for the line $1"
	return 1
}

# start_ballast [OPTION...] [-- SPAWN-OPTION...] - a process that takes memory
# when it is told to: sets PID, OUT, ORDERS and PIDS, all its processes
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

# order COMMAND... - what ballast.c is to do
order() {
	echo "$*" >&"$ORDERS"
}

# tell COMMAND... - likewise; returns when it has
tell() {
	order "$@" && wait_line "done"
}

# release PID - let go of a process that spawn --hold has started
release() {
	kill -USR1 "$1"
}

# register NAME [OPTION...] - PID, as a container
register() {
	purserctl register "$1" "$PID" "${@:2}" >/dev/null
}

# end_of PID - what wait() has shown: sets LINE to "exited CODE" or so
end_of() {
	wait_line "$1 *ed *" && LINE=${LINE#* }
}

# clear_container NAME - kill all its processes, wait for its end, forget it
clear_container() {
	show "$1" || return
	# One that is ending already says so, and dies all the same.
	purserctl stop "$1" --time 0 --no-wait >/dev/null 2>&1
	wait_for record_is "$1" state=exited && purserctl unregister "$1"
}

# worker_threads - how many the module has; from 6.10 on they are named otherwise
worker_threads() {
	cat /proc/[0-9]*/comm 2>/dev/null | grep -cE '^(kworker/R-)?purser?$'
}

# check_unload - the last point of a test: nothing is left, and the module goes
check_unload() {
	local i

	for ((i = ${#_cleanups[@]} - 1; i >= 0; i--)); do
		[[ ${_cleanups[i]} != 'stop_process '* ]] || eval "${_cleanups[i]}"
	done
	check "no container is left" wait_for live_is 0
	check "the module unloads" wait_for unload_module
}
