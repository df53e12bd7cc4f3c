# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the tests of hostile programs (attackers): a supervisor whose containers
# run the programs of this folder, orders to such a program, and checks of its record.
#
# An attacker prints "ready", waits for the line "go", attacks, and prints "holds N"
# if it has N bytes; see take.h. It reads orders and writes answers through FIFOs, so
# that a test waits only for lines and for events.

# shellcheck source=../kmod/kmod.sh
. "$(dirname "$0")/../kmod/kmod.sh"

PATH=$PURSER_BUILD/tests/bin/kmod:$PATH

BOX=/sys/fs/cgroup/purser-adversary	# the parent of all attackers' cgroups
ROOT=$TEST_DIR/root			# the root of one container at a time
RUN_PID=				# the "engine run" of the last attacker
CGROUP=					# the cgroup of the last attacker
declare -A CGROUP_OF			# the cgroup of each attacker, by its name

# begin [PARAMETER=VALUE...] - load the module with these parameters, and start a
# monitor and a supervisor
begin() {
	require_engine
	require_module "$@"
	grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "the cgroup tree has no memory controller"
	make_box || ktap_bail "cannot make a cgroup for the attackers"
	make_root || ktap_bail "cannot make a root for the attackers"
	start_monitor || ktap_bail "cannot monitor the events"
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

# split_options OPTION... -- COMMAND... - set OPTIONS and COMMAND
split_options() {
	OPTIONS=()
	while [ "$1" != -- ]; do
		OPTIONS+=("$1")
		shift
	done
	COMMAND=("${@:2}")
}

# attack NAME [ENGINE-OPTION...] -- COMMAND... - run COMMAND in a container over ROOT.
# Returns when COMMAND says "ready"; OUT ends when its last process does.
attack() {
	local held

	split_options "${@:2}"
	exec {ORDERS}<>"$ROOT/orders" {held}<>"$ROOT/answers"
	# shellcheck disable=SC2016 # the container's shell expands it
	engine run "$1" "$ROOT" ${OPTIONS[@]+"${OPTIONS[@]}"} -- /bin/sh -c \
		'exec "$@" <>/orders >/answers' sh "${COMMAND[@]}" \
		</dev/null >"$TEST_DIR/engine-run" 2>&1 &
	RUN_PID=$!
	# Keep no writer here: OUT must end when the last process of the container does.
	OUT=$held
	wait_line ready || { cat "$TEST_DIR/engine-run"; return 1; }
	exec {OUT}<"$ROOT/answers" {held}>&-
	find_cgroup "$1"
}

# attack_bare NAME [REGISTER-OPTION...] -- COMMAND... - run COMMAND on the host, with
# all rights and in a cgroup that it may write, and register it as a container before
# its first instruction. Returns when COMMAND says "ready".
attack_bare() {
	attack_registered "" "$@"
}

# attack_space NAME [REGISTER-OPTION...] -- COMMAND... - as attack_bare(), but as the
# first process of a pid namespace
attack_space() {
	attack_registered --pidns "$@"
}

# attack_registered SPAWN-OPTION|"" NAME [REGISTER-OPTION...] -- COMMAND...
attack_registered() {
	local name=$2

	split_options "${@:3}"
	make_cgroup "$name" && rm -f "$TEST_DIR/orders" &&
		mkfifo "$TEST_DIR/orders" && exec {ORDERS}<>"$TEST_DIR/orders" ||
		return
	RUN_PID=
	exec {OUT}< <(exec spawn ${1:+"$1"} --hold "${COMMAND[@]}" \
		<"$TEST_DIR/orders")
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID && echo "$PID" >"$CGROUP/cgroup.procs" &&
		register "$name" ${OPTIONS[@]+"${OPTIONS[@]}"} && release "$PID" &&
		wait_line ready
}

# make_cgroup NAME - make a cgroup below BOX; sets CGROUP
make_cgroup() {
	CGROUP=$BOX/$1
	CGROUP_OF[$1]=$CGROUP
	mkdir "$CGROUP" || return
	at_exit remove_cgroup "$CGROUP"
}

remove_cgroup() {
	kill_in "$1" && wait_for rmdir "$1"
}

# find_cgroup NAME - set PID and CGROUP to those of a running container
find_cgroup() {
	local path

	show "$1" && field "$RECORD" pid && PID=$REPLY &&
		path=$(<"/proc/$PID/cgroup") || return
	CGROUP=/sys/fs/cgroup${path#*::}
	CGROUP_OF[$1]=$CGROUP
}

# wall MIB - set memory.max of the last attacker's cgroup, which the test has made
wall() {
	echo $(($1 * MIB)) >"$CGROUP/memory.max" &&
		echo 1 >"$CGROUP/memory.oom.group"
}

# gone - wait until "engine run" returns; then a new container may use ROOT
gone() {
	exec {ORDERS}>&- {OUT}<&-
	[ -z "$RUN_PID" ] || wait "$RUN_PID"
	RUN_PID=
	return 0
}

# kill_in CGROUP - kill all processes. cgroup.kill alone leaves processes whose main
# thread has exited.
kill_in() {
	local pid

	echo 1 >"$1/cgroup.kill" || return
	# The file lists a process that is almost gone as 0: do not kill our own group.
	while read -r pid; do
		[ "$pid" = 0 ] || kill -KILL "$pid"
	done <"$1/cgroup.procs" 2>/dev/null
	return 0
}

# finish NAME [CGROUP] - kill all processes in the container's cgroup, and in CGROUP;
# wait for the container's end
finish() {
	local cgroup

	for cgroup in "${CGROUP_OF[$1]}" "${@:2}"; do
		kill_in "$cgroup" || return
	done
	wait_event "$1" exited && gone
}

# --- Their records ---

# ended NAME KEY=VALUE... - wait for the container's exited event and compare its fields
ended() {
	wait_event "$1" exited && gone && fields_are "$EVENT" "${@:2}"
}

# bytes_in FILE - print the number that is in a cgroup's file
bytes_in() {
	echo $(($(<"$1")))
}
