# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests of the supervisor and its commands.
# shellcheck disable=SC2034 # tests use the variables

# shellcheck source=../lib/kselftest.sh
. "$(dirname "$0")/../lib/kselftest.sh"

require_engine

JSON=$PURSER_BUILD/tests/bin/purserctl/json

# row NAME - print the container's object of "engine ps --json"; fail if it has none
row() {
	engine ps --json | sed 's/,$//' | grep -F "\"name\":\"$1\","
}

# value NAME POINTER... - print these values of that object
value() {
	local name=$1

	shift
	row "$name" | "$JSON" "$@"
}

# value_is NAME POINTER VALUE - that value is VALUE
value_is() {
	[ "$(value "$1" "$2")" = "$3" ]
}

# has_ended NAME - the container has ended, and its log is complete
has_ended() {
	[ "$(value "$1" /state /log_complete)" = "exited true" ]
}

# log_has NAME TEXT - the container's log has that line
log_has() {
	engine logs "$1" | grep -qxF -- "$2"
}

# same_as_kernel - "engine ps" and the kernel's table agree in the fields that both have
same_as_kernel() {
	local pointers=(/id /name /pid /state /reason /exit_code /signal /forced)

	diff <(engine ps --json | rows | "$JSON" "${pointers[@]}") \
		<(purserctl list --json | rows | "$JSON" "${pointers[@]}")
}

# rows - filter: the objects of an array, one a line
rows() {
	sed -n 's/,$//; /^ *{/p'
}

# refused NAME STATUS LINE COMMAND... - check that the command exits with that status,
# prints nothing on stdout, and exactly "engine: LINE" on stderr
refused() {
	local name=$1 want=$2 line=$3 status=0 out err

	shift 3
	out=$("$@" 2>"$TEST_DIR/.err" </dev/null) || status=$?
	err=$(<"$TEST_DIR/.err")
	check_eq "$name" "$status|$out|$err" "$want||engine: $line"
}

# swept - the supervisor has removed all state folders that it had put aside
swept() {
	! ls -d "$STATE_DIR"/.stale-* 2>/dev/null
}

# state_is_empty - no container has a state folder
state_is_empty() {
	[ -z "$(ls -A -I .requests "$STATE_DIR")" ]
}

# traces - print everything that a container could leave behind, after the removals in
# the background have ended
traces() {
	local file

	wait_for swept
	echo "children: $(</proc/"$SUPERVISOR_PID"/task/"$SUPERVISOR_PID"/children)"
	for file in "$STATE_DIR"/{.[!.]*,*} "$LOG_DIR"/* \
		"$RUN_DIR"/containers/*; do
		[ ! -e "$file" ] || echo "file: $file"
	done
	purserctl list --json | grep -o '"id":.*"reason":"[^"]*"'
	grep -F "$TEST_DIR" /proc/self/mounts
	find /sys/fs/cgroup/purser -mindepth 1 -type d 2>/dev/null
	find "/proc/$SUPERVISOR_PID/fd" -lname "$RUN_DIR/containers/*"
}

# untraced NAME STATUS LINE COMMAND... - as refused(); also check that the command left
# nothing: traces() prints the same as in BEFORE
untraced() {
	refused "$@"
	check_eq "$1: the command leaves nothing behind" "$(traces)" "$BEFORE"
}

# is_zombie_free - the supervisor has reaped all its children
is_zombie_free() {
	! pgrep -P "$SUPERVISOR_PID" -r Z
}

# die - kill the supervisor with SIGKILL
die() {
	kill -KILL "$SUPERVISOR_PID"
	wait "$SUPERVISOR_PID" 2>/dev/null
	SUPERVISOR_PID=
}

# next [OPTION...] - start the next supervisor on the same folders
next() {
	: >"$SUPERVISOR_LOG"
	start_supervisor "$PURSER_ROOTFS" "$@" || ktap_bail "cannot start a supervisor"
}

# leave N - limit the supervisor so that it can open only N more descriptors
leave() {
	local fd=0 n=$1

	while [ -L "/proc/$SUPERVISOR_PID/fd/$fd" ] || [ $((n--)) -gt 0 ]; do
		fd=$((fd + 1))
	done
	prlimit --pid "$SUPERVISOR_PID" --nofile="$fd"
}

# ticks - print the supervisor's CPU time in clock ticks
ticks() {
	awk '{ print $14 + $15 }' "/proc/$SUPERVISOR_PID/stat"
}
