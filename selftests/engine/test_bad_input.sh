#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Commands that engine refuses: it prints one line, exits with the right code, and leaves
# nothing behind.

. "$(dirname "$0")/engine.sh"

require_module

# shellcheck disable=SC2317 # run by refused
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# --- Without a supervisor ---
export PURSER_RUN_DIR=$TEST_DIR/run
socket=$PURSER_RUN_DIR/engine.sock
for command in ps 'logs web' 'stop web' 'start web'; do
	# shellcheck disable=SC2086
	refused "$command says that no supervisor serves" 3 "no supervisor serves $socket" \
		engine $command
done
refused "run says that no supervisor serves" 125 \
	"no supervisor serves $socket" engine run web

require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
echo >"$TEST_DIR/root/bin/text"
engine start live "$TEST_DIR/root" sleep 1000 >/dev/null
mkdir -p "$TEST_DIR"/outer/{inner,bound,beside} "$LOG_DIR/below"
make_busybox_root "$TEST_DIR/outer/inner" || ktap_bail "cannot make a root"
engine start nested "$TEST_DIR/outer/inner" sleep 1000 >/dev/null
mount --bind "$TEST_DIR/outer/inner/bin" "$TEST_DIR/outer/bound" ||
	ktap_bail "cannot make a bind mount"
at_exit umount "$TEST_DIR/outer/bound"
mkdir "$TEST_DIR/kernel"
mount -t devtmpfs none "$TEST_DIR/kernel" || ktap_bail "cannot mount a devtmpfs"
at_exit umount "$TEST_DIR/kernel"
BEFORE=$(traces)

# --- Wrong command lines ---

name127=$(printf 'x%.0s' {1..127})
untraced "start without an id" 2 'start: no ID given' engine start
untraced "start with an illegal id" 2 \
	'start: container id "../x": letters, digits and "_.+-" only, the first a letter or a digit' \
	engine start ../x
untraced "start with an id that is too long" 2 \
	"start: container id \"${name127::80}...\": longer than 127 characters" \
	engine start "${name127}x"
untraced "start with a limit that is not a number" 2 \
	'start: --soft-mib: "lots" is not valid; it must be a whole number of MiB' \
	engine start web --soft-mib lots
untraced "start with a soft limit above the hard one" 2 \
	'start: soft limit of 20 MiB is above the hard limit of 10 MiB' \
	engine start web --soft-mib 20 --hard-mib 10
untraced "start with an unknown option" 2 'start: unknown option "--bogus"' \
	engine start web --bogus
untraced "start with an option without its value" 2 'start: --nice needs a value' \
	engine start web --nice
untraced "an unknown command" 2 'unknown command "fly"; see engine --help' \
	engine fly
untraced "run with a limit that is not a number" 125 \
	'run: --hard-mib: "x" is not valid; it must be a whole number of MiB' \
	engine run web --hard-mib x

# --- Ids and roots ---

pid=$(value live /pid)
untraced "start with an id that is taken" 1 'container "live" is still running' \
	engine start live
untraced "run with an id that is taken" 125 'container "live" is still running' \
	engine run live
untraced "a root of a live container" 1 \
	"rootfs \"$TEST_DIR/root\" is in use by container \"live\"" \
	engine start web "$TEST_DIR/root"
ln -s root "$TEST_DIR/link"
untraced "the root of a live container by a symbolic link" 1 \
	"rootfs \"$TEST_DIR/link/.\" is in use by container \"live\"" \
	engine start web "$TEST_DIR/link/."
untraced "the base as root" 1 \
	"rootfs \"$PURSER_ROOTFS\" is the base of this supervisor's overlays" \
	engine start web "$PURSER_ROOTFS"
untraced "a folder in the base as root" 1 \
	"rootfs \"$PURSER_ROOTFS/usr\" is inside the base of this supervisor's overlays" \
	engine start web "$PURSER_ROOTFS/usr"
untraced "a parent of the base as root" 1 \
	"rootfs \"$PURSER_BUILD\" holds the base of this supervisor's overlays" \
	engine start web "$PURSER_BUILD"
untraced "the host's root as root" 1 'rootfs "/" is the host'"'s own root" \
	engine start web /
untraced "the host's root by /proc/PID/root" 1 \
	"rootfs \"/proc/$SUPERVISOR_PID/root\" is the host's own root" \
	engine start web "/proc/$SUPERVISOR_PID/root"
untraced "the root of a container by /proc/PID/root" 1 \
	"rootfs \"/proc/$(value live /pid)/root\": it is in another mount namespace" \
	engine start web "/proc/$(value live /pid)/root"
untraced "the state directory as root" 1 \
	"rootfs \"$STATE_DIR\" is this supervisor's state directory" \
	engine start web "$STATE_DIR"
untraced "a folder in the log directory as root" 1 \
	"rootfs \"$LOG_DIR/below\" is inside this supervisor's log directory" \
	engine start web "$LOG_DIR/below"
untraced "a parent of the run directory as root" 1 \
	"rootfs \"$TEST_DIR\" holds this supervisor's run directory" \
	engine start web "$TEST_DIR"
untraced "a folder in another container's root as root" 1 \
	"rootfs \"$TEST_DIR/root/bin\" is inside the root of container \"live\"" \
	engine start web "$TEST_DIR/root/bin"
untraced "a bind mount of a folder in another container's root as root" 1 \
	"rootfs \"$TEST_DIR/outer/bound\" is inside the root of container \"nested\"" \
	engine start web "$TEST_DIR/outer/bound"
untraced "a parent of another container's root as root" 1 \
	"rootfs \"$TEST_DIR/outer\" holds the root of container \"nested\"" \
	engine start web "$TEST_DIR/outer"
untraced "a folder next to another container's root is accepted as root" 127 \
	'cannot run "/bin/sh": executable file not found in the container'"'s root" \
	engine start web "$TEST_DIR/outer/beside"
untraced "a folder of proc as root" 1 \
	'rootfs "/proc/sys" is in a file system of the kernel'"'s own: proc" \
	engine start web /proc/sys
untraced "a devtmpfs as root" 1 \
	"rootfs \"$TEST_DIR/kernel\" is in a file system of the kernel's own: devtmpfs" \
	engine start web "$TEST_DIR/kernel"
untraced "a root that does not exist" 1 \
	"rootfs \"$TEST_DIR/none\": No such file or directory" \
	engine start web "$TEST_DIR/none"
untraced "a root that is a file" 1 \
	"rootfs \"$TEST_DIR/root/etc/passwd\": Not a directory" \
	engine start web "$TEST_DIR/root/etc/passwd"
untraced "stop with an unknown id" 1 'no container "web"' engine stop web
untraced "logs with an unknown id" 1 'no container "web"' engine logs web
untraced "stop with an unknown signal" 2 \
	'stop: --signal: "FOO" is not valid; it must be a signal'"'s name or number, such as TERM, 15 or RTMIN+1" \
	engine stop live --signal FOO
untraced "start with a wrong CPU list" 2 'start: CPU list "a-b": not a list as "0,2-3"; --cpu-max limits the amount of CPU time' \
	engine start web --cpus a-b

# --- Commands ---

# fails NAME STATUS COMMAND... - check the status, that one line is printed, and that
# nothing is left
fails() {
	local name=$1 want=$2 lines

	shift 2
	check_status "$name: exit status $want" "$want" "$@"
	lines=$(wc -l <<<"$OUTPUT")
	check_eq "$name: engine prints one line" "$lines ${OUTPUT%%: *}" "1 engine"
	check_eq "$name: the command leaves nothing behind" "$(traces)" "$BEFORE"
}
fails "start with a command that is not in PATH" 127 engine start web -- nosuch
fails "run with a command that is not in PATH" 127 engine run web -- nosuch
fails "start with a path that does not exist" 127 engine start web -- /no/such
fails "start with a file that is not executable" 126 engine start web -- /etc/passwd
fails "run with a file that is not executable" 126 \
	engine run web -- /etc/passwd
fails "start with a folder as command" 126 engine start web -- /etc
fails "start with a working directory that does not exist" 125 \
	engine start web --cwd /no/such -- sleep 1
fails "start with arguments that are too long" 1 engine start web -- echo \
	"$(head -c 100000 /dev/zero | tr '\0' x)"{1,2,3,4,5,6,7,8,9,a,b,c}

# --- Permission ---

chmod 0755 "$TEST_DIR"
untraced "ps by an unprivileged user" 5 "connecting to $socket: Permission denied" \
	as_nobody engine ps
untraced "run by an unprivileged user" 125 "connecting to $socket: Permission denied" \
	as_nobody engine run web

check_eq "the live container is unharmed" "$(value live /pid /state)" \
	"$pid running"

ktap_end
