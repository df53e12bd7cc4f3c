# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of the supervisor and its commands share, beside
# ../lib/kselftest.sh.
# shellcheck disable=SC2034 # what is not used here is used by them

# shellcheck source=../lib/kselftest.sh
. "$(dirname "$0")/../lib/kselftest.sh"

require_engine

JSON=$PURSER_BUILD/tests/bin/purserctl/json

# row NAME - a container's object in "engine ps --json"; fails where there is none
row() {
	engine ps --json | sed 's/,$//' | grep -F "\"name\":\"$1\","
}

# value NAME POINTER... - of that object
value() {
	local name=$1

	shift
	row "$name" | "$JSON" "$@"
}

# value_is NAME POINTER VALUE - for wait_for
value_is() {
	[ "$(value "$1" "$2")" = "$3" ]
}

# log_has NAME TEXT - the log has that line, for wait_for
log_has() {
	engine logs "$1" | grep -qxF -- "$2"
}

# same_as_kernel - both tables have the same rows in what both tell
same_as_kernel() {
	local pointers=(/id /name /pid /state /reason /exit_code /signal /forced)

	diff <(engine ps --json | rows | "$JSON" "${pointers[@]}") \
		<(purserctl list --json | rows | "$JSON" "${pointers[@]}")
}

# rows - the objects of an array, one a line
rows() {
	sed -n 's/,$//; /^ *{/p'
}

# refused NAME STATUS LINE COMMAND... - that status, nothing on stdout, and just
# that line on stderr
refused() {
	local name=$1 want=$2 line=$3 status=0 out err

	shift 3
	out=$("$@" 2>"$TEST_DIR/.err" </dev/null) || status=$?
	err=$(<"$TEST_DIR/.err")
	check_eq "$name" "$status|$out|$err" "$want||engine: $line"
}

# swept - nothing that was put aside is left in the state directory
swept() {
	! ls -d "$STATE_DIR"/.stale-* 2>/dev/null
}

# state_is_empty - no container has a state folder, for wait_for
state_is_empty() {
	[ -z "$(ls -A "$STATE_DIR")" ]
}

# traces - all that a container could leave behind, once what is removed in the
# background is gone
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

# untraced NAME STATUS LINE COMMAND... - refused(), and nothing is left of it:
# all is as in BEFORE
untraced() {
	refused "$@"
	check_eq "$1: leaves nothing" "$(traces)" "$BEFORE"
}

# is_zombie_free - no dead child that nobody took
is_zombie_free() {
	! pgrep -P "$SUPERVISOR_PID" -r Z
}

# die - kill the supervisor, as nothing else can be
die() {
	kill -KILL "$SUPERVISOR_PID"
	wait "$SUPERVISOR_PID" 2>/dev/null
	SUPERVISOR_PID=
}

# next [OPTION...] - the supervisor that comes after
next() {
	: >"$SUPERVISOR_LOG"
	start_supervisor "$PURSER_ROOTFS" "$@" || ktap_bail "no supervisor"
}

# leave N - so many descriptors that the supervisor may still open
leave() {
	local fd=0 n=$1

	while [ -L "/proc/$SUPERVISOR_PID/fd/$fd" ] || [ $((n--)) -gt 0 ]; do
		fd=$((fd + 1))
	done
	prlimit --pid "$SUPERVISOR_PID" --nofile="$fd"
}

# ticks - CPU time that the supervisor has used, in clock ticks
ticks() {
	awk '{ print $14 + $15 }' "/proc/$SUPERVISOR_PID/stat"
}
