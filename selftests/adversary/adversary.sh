# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of hostile programs share: a supervisor whose containers run the
# programs of this folder, orders to such a program, and the record that it left.
#
# A program prints "ready", waits for the line "go", attacks, and prints "holds N"
# when it has N bytes; see take.h. It talks by two FIFOs in its root, so that a
# test waits for lines and for events, and for nothing else.

# shellcheck source=../kmod/kmod.sh
. "$(dirname "$0")/../kmod/kmod.sh"

PATH=$PURSER_BUILD/tests/bin/kmod:$PATH

BOX=/sys/fs/cgroup/purser-adversary	# above the cgroups of all attackers
ROOT=$TEST_DIR/root			# the root of the containers, one at a time
RUN_PID=				# the "engine run" of the last one
CGROUP=					# the cgroup of the last attacker
declare -A CGROUP_OF			# and of each, by its name

# begin [PARAMETER=VALUE...] - the module with these, a monitor, and a supervisor
begin() {
	require_engine
	require_module "$@"
	grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "no memory controller in the cgroup tree"
	make_box || ktap_bail "no cgroup for the attackers"
	make_root || ktap_bail "no root for the attackers"
	start_monitor || ktap_bail "cannot listen to the events"
	require_supervisor "$PURSER_ROOTFS" --cgroup-root "$BOX/engine"
}

make_box() {
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control && mkdir "$BOX" ||
		return
	at_exit wait_for rmdir "$BOX"
	echo +memory >"$BOX/cgroup.subtree_control"
}

make_root() {
	make_busybox_root "$ROOT" && cp "$PURSER_TEST_BIN"/* "$ROOT/bin/" &&
		mkfifo "$ROOT/orders" "$ROOT/answers"
}

# --- Attackers ---

# attack NAME [ENGINE-OPTION...] -- COMMAND... - a default container, over ROOT. It
# returns when the command says "ready"; OUT ends when the last of its processes does
attack() {
	local name=$1 options=() held

	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	exec {ORDERS}<>"$ROOT/orders" {held}<>"$ROOT/answers"
	# shellcheck disable=SC2016 # it is for the container's shell
	engine run "$name" "$ROOT" ${options[@]+"${options[@]}"} -- /bin/sh -c \
		'exec "$@" <>/orders >/answers' sh "$@" \
		</dev/null >"$TEST_DIR/engine-run" 2>&1 &
	RUN_PID=$!
	# Without the writer that this shell would be.
	OUT=$held
	wait_line ready || { cat "$TEST_DIR/engine-run"; return 1; }
	exec {OUT}<"$ROOT/answers" {held}>&-
	find_cgroup "$name"
}

# attack_bare NAME [REGISTER-OPTION...] -- COMMAND... - a process of the host, with
# all rights and a cgroup that it may write, registered before its first instruction
attack_bare() {
	local name=$1 options=()

	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	make_cgroup "$name" && rm -f "$TEST_DIR/orders" &&
		mkfifo "$TEST_DIR/orders" && exec {ORDERS}<>"$TEST_DIR/orders" ||
		return
	RUN_PID=
	exec {OUT}< <(exec spawn --hold "$@" <"$TEST_DIR/orders")
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID && echo "$PID" >"$CGROUP/cgroup.procs" &&
		register "$name" ${options[@]+"${options[@]}"} && release "$PID" &&
		wait_line ready
}

# make_cgroup NAME - below BOX; sets CGROUP
make_cgroup() {
	CGROUP=$BOX/$1
	CGROUP_OF[$1]=$CGROUP
	mkdir "$CGROUP" || return
	at_exit remove_cgroup "$CGROUP"
}

remove_cgroup() {
	kill_in "$1" && wait_for rmdir "$1"
}

find_cgroup() {	# find_cgroup NAME: sets PID and CGROUP
	local path

	show "$1" && field "$RECORD" pid && PID=$REPLY &&
		path=$(<"/proc/$PID/cgroup") || return
	CGROUP=/sys/fs/cgroup${path#*::}
	CGROUP_OF[$1]=$CGROUP
}

# wall MIB - the last attacker's cgroup, which the test has made, holds no more
wall() {
	echo $(($1 * MIB)) >"$CGROUP/memory.max" &&
		echo 1 >"$CGROUP/memory.oom.group"
}

# gone - the engine has seen the end, too; a new container may have ROOT
gone() {
	exec {ORDERS}>&- {OUT}<&-
	[ -z "$RUN_PID" ] || wait "$RUN_PID"
	RUN_PID=
	return 0
}

# kill_in CGROUP - all processes. cgroup.kill alone leaves those whose first thread has
# exited.
kill_in() {
	local pid

	echo 1 >"$1/cgroup.kill" || return
	# A process that is almost gone is listed as 0, and "kill 0" is for the group of
	# the test itself.
	while read -r pid; do
		[ "$pid" = 0 ] || kill -KILL "$pid"
	done <"$1/cgroup.procs" 2>/dev/null
	return 0
}

# finish NAME [CGROUP] - kill all that is in its cgroup, and in that one; wait for
# its end
finish() {
	local cgroup

	for cgroup in "${CGROUP_OF[$1]}" "${@:2}"; do
		kill_in "$cgroup" || return
	done
	wait_event "$1" exited && gone
}

# --- What is left of them ---

# ended NAME KEY=VALUE... - wait for the event of its end; that says so
ended() {
	wait_event "$1" exited && gone && fields_are "$EVENT" "${@:2}"
}

# bytes_in FILE - of the last attacker's cgroup, or of BOX
bytes_in() {
	echo $(($(<"$1")))
}
