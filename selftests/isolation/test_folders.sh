#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A user of the host makes the supervisor's folders before the supervisor does, with
# contents that could make root write and remove files of the user's choice. The
# supervisor refuses such folders.

. "$(dirname "$0")/isolation.sh"

require_module
chmod 0755 "$TEST_DIR"
home=$TEST_DIR/home
mkdir "$home" "$TEST_DIR/own"
chown "$OWNER:$OWNER" "$home"

# A folder of root that looks like what a container has left.
victim=$TEST_DIR/victim
make_victim() {
	mkdir -p "$victim/upper/files" "$victim/work"
	echo "root's" >"$victim/upper/files/text"
}

# untouched - the folder of root is unchanged
untouched() {
	[ -e "$victim/upper/files/text" ] && [ -d "$victim/work" ] &&
		[ ! -e "$victim/engine.lock" ] && [ ! -e "$victim/web.log" ]
}

# supervisor RUN STATE LOG - run a supervisor, and stop it if it starts
supervisor() {
	timeout -s TERM 20 engine supervisor "$PURSER_ROOTFS" --run-dir "$1" \
		--state-dir "$2" --log-dir "$3"
}

# not_taken NAME WHY WHICH RUN STATE LOG - check that the supervisor refuses the folder
# WHICH because of WHY, and that root's folder is unchanged
not_taken() {
	local name=$1 why=$2 which=$3

	shift 3
	refused "$name is refused" 5 "$which is refused: $why" supervisor "$@"
	check "$name: root's folder is unchanged" untouched
}

own=("$TEST_DIR/own/run" "$TEST_DIR/own/state" "$TEST_DIR/own/log")
make_victim

# --- The run directory ---

as_owner mkdir -p "$home/run/containers/evil" "$home/run/log"
as_owner ln -s "$victim" "$home/run/containers/evil/state"
as_owner ln -s /sys/fs/cgroup "$home/run/containers/evil/cgroup"
yours="belongs to uid $OWNER, not to root"
not_taken "a run directory in a home" "$home $yours" \
	"run directory $home/run" "$home/run" "${own[@]:1}"
mv "$home/run" "$TEST_DIR/run"
run=$TEST_DIR/run
not_taken "a run directory of a user" "$run $yours" "run directory $run" "$run" \
	"${own[@]:1}"
as_owner ln -s "$run" /tmp/purser-link-$$
at_exit rm -f /tmp/purser-link-$$
chown root: "$run"
not_taken "a run directory by a user's link" "/tmp/purser-link-$$ $yours" \
	"run directory /tmp/purser-link-$$" "/tmp/purser-link-$$" "${own[@]:1}"
not_taken "a run directory with a user's folder containers" \
	"$run/containers $yours" "run directory $run" \
	"$run" "${own[@]:1}"
chown root: "$run/containers"
not_taken "a run folder of a user" "$run/containers/evil $yours" \
	"run directory $run" "$run" "${own[@]:1}"
chown root: "$run/containers/evil"
not_taken "a state link of a user in a run folder" \
	"$run/containers/evil/state $yours" \
	"run directory $run" "$run" "${own[@]:1}"
chown -h root: "$run/containers/evil/state"
not_taken "a cgroup link of a user in a run folder" \
	"$run/containers/evil/cgroup $yours" \
	"run directory $run" "$run" "${own[@]:1}"
rm -r "$run/containers/evil"
not_taken "a folder of the log buffer of a user" "$run/log $yours" \
	"run directory $run" "$run" "${own[@]:1}"
chown root: "$run/log"
as_owner sh -c ': >/tmp/purser-file-'$$
mv /tmp/purser-file-$$ "$run/log/marks"
not_taken "a file of a user in the folder of the log buffer" \
	"$run/log/marks $yours" "run directory $run" "$run" \
	"${own[@]:1}"
mv "$run/log/marks" "$run/engine.lock"
not_taken "a lock file of a user" "$run/engine.lock $yours" \
	"run directory $run" "$run" \
	"${own[@]:1}"
rm "$run/engine.lock"
for mode in 0775 0757 1777; do
	chmod "$mode" "$run"
	not_taken "a run directory with mode $mode" \
		"others may write $run, its mode is $mode" \
		"run directory $run" "$run" "${own[@]:1}"
done
chmod 0755 "$run"
mkdir -p "$run/containers"
chmod 0722 "$run/containers"
not_taken "a run directory with a folder of mode 0722" \
	"others may write $run/containers, its mode is 0722" \
	"run directory $run" "$run" "${own[@]:1}"
rm -r "$run"

# --- The state and the log directory ---

as_owner mkdir "$home/state" "$home/log"
not_taken "a state directory in a home" "$home $yours" \
	"state directory $home/state" "${own[0]}" "$home/state" "${own[2]}"
not_taken "a new state directory in a home" "$home $yours" \
	"state directory $home/new/state" "${own[0]}" "$home/new/state" \
	"${own[2]}"
check "the refused new state directory is not made" test ! -e "$home/new"
as_owner ln -s "$victim" "$home/log/link"
not_taken "a log directory in a home" "$home $yours" \
	"log directory $home/log/link" "${own[@]:0:2}" "$home/log/link"
mv "$home/log" "$TEST_DIR/log"
not_taken "a log directory of a user" "$TEST_DIR/log $yours" \
	"log directory $TEST_DIR/log" "${own[@]:0:2}" "$TEST_DIR/log"
rm -r "$TEST_DIR/log"

# --- A group may write to the parent of the logs, as to /var/log on some systems ---

mkdir "$TEST_DIR/logs"
chown "root:$OWNER" "$TEST_DIR/logs"
chmod 0775 "$TEST_DIR/logs"
not_taken "a state directory in a folder that a group may write" \
	"others may write $TEST_DIR/logs, its mode is 0775" \
	"state directory $TEST_DIR/logs/x" "${own[0]}" "$TEST_DIR/logs/x" \
	"${own[2]}"
: >"$SUPERVISOR_LOG"
start_supervisor "$PURSER_ROOTFS" --log-dir "$TEST_DIR/logs/x" ||
	ktap_bail "cannot start the supervisor"
check_match "a log directory in a folder that a group may write is a warning" \
	"$(<"$SUPERVISOR_LOG")" \
	"engine: log directory $TEST_DIR/logs/x can be replaced by a group: others may write $TEST_DIR/logs, its mode is 0775"
check "the supervisor with that log directory runs a container" engine run web -- true
stop_supervisor

# --- Links in root's own run folders ---

mkdir -p "$RUN_DIR/containers/evil" "$RUN_DIR/containers/half" \
	"$STATE_DIR/half/upper" /sys/fs/cgroup/victim
at_exit sh -c 'rmdir /sys/fs/cgroup/victim 2>/dev/null; :'
ln -s "$victim" "$RUN_DIR/containers/evil/state"
ln -s /sys/fs/cgroup/victim "$RUN_DIR/containers/evil/cgroup"
ln -s "$STATE_DIR/half" "$RUN_DIR/containers/half/state"
: >"$SUPERVISOR_LOG"
start_supervisor || ktap_bail "cannot start the supervisor"
check "a state folder with another name than the id's is not removed" untouched
check "a cgroup with another name than the id's is not removed" \
	test -d /sys/fs/cgroup/victim
check_match "the supervisor names the state folder" "$(<"$SUPERVISOR_LOG")" \
	"engine: container \"evil\": $RUN_DIR/containers/evil names a state folder $victim, which is left there"
check_match "the supervisor names the cgroup" "$(<"$SUPERVISOR_LOG")" \
	"evil names a cgroup /sys/fs/cgroup/victim, which is left there"
# gone - the run folders, and the state folder that belongs to its id, are removed
gone() {
	[ ! -e "$STATE_DIR/half" ] && [ ! -e "$RUN_DIR/containers/half" ] &&
		[ ! -e "$RUN_DIR/containers/evil" ]
}
check "the run folders and the id's own state folder are removed" wait_for gone

# The next supervisor has another state directory: a live container keeps its own.
check "a container starts with the first state directory" \
	engine start live -- sleep 1000
die
start_supervisor "$PURSER_ROOTFS" --state-dir "$TEST_DIR/new" ||
	ktap_bail "cannot start the supervisor"
check "the supervisor with another state directory stops it" engine stop live
check "that supervisor removes its state from the first state directory" \
	test ! -e "$STATE_DIR/live"
stop_supervisor

# --- The control socket ---

as_owner mkdir "$home/served"
as_owner "$PURSER_TEST_BIN/listen" "$home/served/engine.sock" \
	>"$TEST_DIR/listening" &
at_exit kill $!
listens() {
	[ -s "$TEST_DIR/listening" ]
}
wait_for listens
by="$home/served/engine.sock is served by a user who is neither root nor you"
refused "engine ps refuses the socket of a user" \
	5 "$by" engine ps --run-dir "$home/served"
refused "engine run refuses the socket of a user" \
	125 "$by" engine run x --run-dir "$home/served"
refused "engine logs refuses the socket of a user" \
	5 "$by" engine logs x --run-dir "$home/served"

# --- The cgroup of all containers ---

mkdir /sys/fs/cgroup/theirs
at_exit sh -c 'rmdir /sys/fs/cgroup/theirs 2>/dev/null; :'
chown "$OWNER" /sys/fs/cgroup/theirs
: >"$SUPERVISOR_LOG"
start_supervisor "$PURSER_ROOTFS" --cgroup-root /sys/fs/cgroup/theirs ||
	ktap_bail "cannot start the supervisor"
check_match "the supervisor does not use a cgroup of a user" "$(<"$SUPERVISOR_LOG")" \
	"engine: containers get no cgroup of their own: /sys/fs/cgroup/theirs: others than root may write it"
stop_supervisor

ktap_end
