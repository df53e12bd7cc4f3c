#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is refused: one line, its exit code, and nothing left behind.

. "$(dirname "$0")/engine.sh"

require_module

# shellcheck disable=SC2317 # run by refused
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# Without a supervisor.
export PURSER_RUN_DIR=$TEST_DIR/run
socket=$PURSER_RUN_DIR/engine.sock
for command in ps 'logs web' 'stop web' 'start web'; do
	# shellcheck disable=SC2086
	refused "no supervisor: $command" 3 "no supervisor serves $socket" \
		engine $command
done
refused "no supervisor: run" 125 "no supervisor serves $socket" engine run web

require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
echo >"$TEST_DIR/root/bin/text"
engine start live "$TEST_DIR/root" sleep 1000 >/dev/null
mkdir -p "$TEST_DIR"/outer/{inner,bound,beside} "$LOG_DIR/below"
make_busybox_root "$TEST_DIR/outer/inner" || ktap_bail "no root"
engine start nested "$TEST_DIR/outer/inner" sleep 1000 >/dev/null
mount --bind "$TEST_DIR/outer/inner/bin" "$TEST_DIR/outer/bound" ||
	ktap_bail "no bind mount"
at_exit umount "$TEST_DIR/outer/bound"
mkdir "$TEST_DIR/kernel"
mount -t devtmpfs none "$TEST_DIR/kernel" || ktap_bail "no devtmpfs"
at_exit umount "$TEST_DIR/kernel"
BEFORE=$(traces)

# A command line that makes no sense.
name127=$(printf 'x%.0s' {1..127})
untraced "no id" 2 'start: no container id given' engine start
untraced "an illegal id" 2 \
	'start: container id "../x": letters, digits and "_.+-" only, the first a letter or a digit' \
	engine start ../x
untraced "an id that is too long" 2 \
	"start: container id \"${name127::80}...\": longer than 127 characters" \
	engine start "${name127}x"
untraced "a limit that is no number" 2 \
	'start: soft limit "lots": not a whole number of MiB' \
	engine start web --soft-mib lots
untraced "a soft limit above the hard one" 2 \
	'start: soft limit of 20 MiB is above the hard limit of 10 MiB' \
	engine start web --soft-mib 20 --hard-mib 10
untraced "an unknown option" 2 'start: unknown option --bogus' \
	engine start web --bogus
untraced "an option without its value" 2 'start: option --nice needs a value' \
	engine start web --nice
untraced "an unknown command" 2 'no such command: "fly", see engine --help' \
	engine fly
untraced "run: a command line that makes no sense" 125 \
	'run: hard limit "x": not a whole number of MiB' \
	engine run web --hard-mib x

# Ids and roots.
pid=$(value live /pid)
untraced "an id that is taken" 1 'container "live" is still running' \
	engine start live
untraced "run: an id that is taken" 125 'container "live" is still running' \
	engine run live
untraced "a root that a live container has" 1 \
	"rootfs \"$TEST_DIR/root\" is in use by container \"live\"" \
	engine start web "$TEST_DIR/root"
ln -s root "$TEST_DIR/link"
untraced "the same by another name" 1 \
	"rootfs \"$TEST_DIR/link/.\" is in use by container \"live\"" \
	engine start web "$TEST_DIR/link/."
untraced "the base" 1 \
	"rootfs \"$PURSER_ROOTFS\" is the base of this supervisor's overlays" \
	engine start web "$PURSER_ROOTFS"
untraced "a folder in the base" 1 \
	"rootfs \"$PURSER_ROOTFS/usr\" is inside the base of this supervisor's overlays" \
	engine start web "$PURSER_ROOTFS/usr"
untraced "one that holds the base" 1 \
	"rootfs \"$PURSER_BUILD\" holds the base of this supervisor's overlays" \
	engine start web "$PURSER_BUILD"
untraced "the host's root" 1 'rootfs "/" is the host'"'s own root" \
	engine start web /
untraced "the same by the way of a process" 1 \
	"rootfs \"/proc/$SUPERVISOR_PID/root\" is the host's own root" \
	engine start web "/proc/$SUPERVISOR_PID/root"
untraced "that of a container" 1 \
	"rootfs \"/proc/$(value live /pid)/root\": it is in another mount namespace" \
	engine start web "/proc/$(value live /pid)/root"
untraced "the state directory" 1 \
	"rootfs \"$STATE_DIR\" is this supervisor's state directory" \
	engine start web "$STATE_DIR"
untraced "a folder in the log directory" 1 \
	"rootfs \"$LOG_DIR/below\" is inside this supervisor's log directory" \
	engine start web "$LOG_DIR/below"
untraced "one that holds the run directory" 1 \
	"rootfs \"$TEST_DIR\" holds this supervisor's run directory" \
	engine start web "$TEST_DIR"
untraced "a folder in another container's root" 1 \
	"rootfs \"$TEST_DIR/root/bin\" is inside the root of container \"live\"" \
	engine start web "$TEST_DIR/root/bin"
untraced "the same by a bind mount" 1 \
	"rootfs \"$TEST_DIR/outer/bound\" is inside the root of container \"nested\"" \
	engine start web "$TEST_DIR/outer/bound"
untraced "one that holds another container's root" 1 \
	"rootfs \"$TEST_DIR/outer\" holds the root of container \"nested\"" \
	engine start web "$TEST_DIR/outer"
untraced "one that is there beside it" 127 \
	'cannot run "/bin/sh": no such file in the container'"'s root" \
	engine start web "$TEST_DIR/outer/beside"
untraced "a folder of proc" 1 \
	'rootfs "/proc/sys" is in a file system of the kernel'"'s own: proc" \
	engine start web /proc/sys
untraced "devices" 1 \
	"rootfs \"$TEST_DIR/kernel\" is in a file system of the kernel's own: devtmpfs" \
	engine start web "$TEST_DIR/kernel"
untraced "a root that is not there" 1 \
	"rootfs \"$TEST_DIR/none\": No such file or directory" \
	engine start web "$TEST_DIR/none"
untraced "a root that is a file" 1 \
	"rootfs \"$TEST_DIR/root/etc/passwd\": Not a directory" \
	engine start web "$TEST_DIR/root/etc/passwd"
untraced "stop: an unknown id" 1 'no container "web"' engine stop web
untraced "logs: an unknown id" 1 'no container "web"' engine logs web
untraced "stop: no such signal" 2 'stop: no such signal: "FOO"' \
	engine stop live --signal FOO
untraced "no such CPU list" 2 'start: CPU list "a-b": not a list as "0,2-3"' \
	engine start web --cpus a-b

# Commands.
# fails NAME STATUS COMMAND... - the line is the launcher's
fails() {
	local name=$1 want=$2 lines

	shift 2
	check_status "$name" "$want" "$@"
	lines=$(wc -l <<<"$OUTPUT")
	check_eq "$name: one line" "$lines ${OUTPUT%%: *}" "1 engine"
	check_eq "$name: leaves nothing" "$(traces)" "$BEFORE"
}
fails "a command that is not there" 127 engine start web -- nosuch
fails "run: a command that is not there" 127 engine run web -- nosuch
fails "a path that is not there" 127 engine start web -- /no/such
fails "a command that is not executable" 126 engine start web -- /etc/passwd
fails "run: a command that is not executable" 126 \
	engine run web -- /etc/passwd
fails "a folder" 126 engine start web -- /etc
fails "a working directory that is not there" 125 \
	engine start web --cwd /no/such -- sleep 1
fails "an argument that is too long" 1 engine start web -- echo \
	"$(head -c 100000 /dev/zero | tr '\0' x)"{1,2,3,4,5,6,7,8,9,a,b,c}

# Permission.
chmod 0755 "$TEST_DIR"
untraced "no permission: ps" 5 "connecting to $socket: Permission denied" \
	as_nobody engine ps
untraced "no permission: run" 125 "connecting to $socket: Permission denied" \
	as_nobody engine run web

check_eq "the one that was there lives on" "$(value live /pid /state)" \
	"$pid running"

ktap_end
