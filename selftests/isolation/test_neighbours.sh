#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two supervisors run on one machine. No root of one may be, contain or be inside a root, a
# base or a folder of the other. They learn of each other through the kernel's table, also
# if one of them is dead.

. "$(dirname "$0")/isolation.sh"

RACES=12

require_module
base=$TEST_DIR/base
make_busybox_root "$base" || ktap_bail "cannot make a base"
require_supervisor "$base"
one=$RUN_DIR
two=$TEST_DIR/two/run

# start_two - start the second supervisor, which has its own base
start_two() {
	local word=

	mkdir -p "$TEST_DIR/two"
	rm -f "$TEST_DIR/two/ready"
	mkfifo "$TEST_DIR/two/ready" || return
	engine supervisor "$TEST_DIR/base2" --run-dir "$two" \
		--state-dir "$TEST_DIR/two/state" \
		--log-dir "$TEST_DIR/two/log" --userns host --ready-fd 9 \
		9>"$TEST_DIR/two/ready" </dev/null >"$TEST_DIR/two/out" 2>&1 &
	TWO_PID=$!
	at_exit stop_two
	read -r -t "$WAIT_CAP" word <"$TEST_DIR/two/ready" || true
	[ "$word" ]
}

stop_two() {
	[ -z "$TWO_PID" ] || { kill "$TWO_PID" && wait "$TWO_PID"; }
	TWO_PID=
}

# in_two COMMAND... - run a command of engine with the second supervisor
in_two() {
	engine --run-dir "$two" "$@"
}

# not_both NAME LINE ROOTFS - check that the second supervisor refuses the root and
# registers nothing
not_both() {
	local name=$1 line=$2 before

	shift 2
	before=$(purserctl info --json | "$JSON" /events)
	refused "$name is refused" 1 "$line" in_two start web "$@"
	check_eq "$name: the refused start makes no event" \
		"$(purserctl info --json | "$JSON" /events)" "$before"
}

make_busybox_root "$TEST_DIR/base2" || ktap_bail "cannot make a base"
mkdir -p "$TEST_DIR/outer/inner"
make_busybox_root "$TEST_DIR/outer/inner/root" || ktap_bail "cannot make a root"
root=$TEST_DIR/outer/inner/root
start_two || ktap_bail "cannot start the second supervisor"
of="of the supervisor of $one"

# --- A root of the first supervisor is refused by the second ---

check "the first supervisor starts a container" \
	engine start live "$root" sleep 1000
not_both "the same root" \
	"rootfs \"$root\" is the root of container \"live\", $of" "$root"
not_both "a folder in that root" \
	"rootfs \"$root/bin\" is inside the root of container \"live\", $of" \
	"$root/bin"
not_both "a folder that contains that root" \
	"rootfs \"$TEST_DIR/outer\" holds the root of container \"live\", $of" \
	"$TEST_DIR/outer"
mkdir "$TEST_DIR/bound"
mount --bind "$root" "$TEST_DIR/bound" || ktap_bail "cannot make a bind mount"
at_exit umount "$TEST_DIR/bound"
not_both "the same root by a bind mount" \
	"rootfs \"$TEST_DIR/bound\" is the root of container \"live\", $of" \
	"$TEST_DIR/bound"
not_both "the run directory of the first supervisor" \
	"rootfs \"$one\" is the run directory of container \"live\", $of" "$one"
not_both "the state directory of the first supervisor" \
	"rootfs \"$STATE_DIR\" is the state directory of container \"live\", $of" \
	"$STATE_DIR"
not_both "the log directory of the first supervisor" \
	"rootfs \"$LOG_DIR\" is the log directory of container \"live\", $of" \
	"$LOG_DIR"

# The root is moved.
mv "$TEST_DIR/outer/inner" "$TEST_DIR/moved"
refused "the first supervisor refuses a folder in its moved root" 1 \
	"rootfs \"$TEST_DIR/moved/root/etc\" is inside the root of container \"live\"" \
	engine start web "$TEST_DIR/moved/root/etc"
mv "$TEST_DIR/moved" "$TEST_DIR/outer/inner"

# The first supervisor dies, and its container lives on.
die
not_both "the root of a dead supervisor's container" \
	"rootfs \"$root\" is the root of container \"live\", $of" "$root"
mv "$TEST_DIR/outer/inner" "$TEST_DIR/moved"
not_both "the moved root of a dead supervisor's container" \
	"rootfs \"$TEST_DIR/moved/root\" is the root of container \"live\", $of" \
	"$TEST_DIR/moved/root"
not_both "a folder in the moved root of a dead supervisor's container" \
	"rootfs \"$TEST_DIR/moved/root/etc\" is inside the root of container \"live\", $of" \
	"$TEST_DIR/moved/root/etc"
mv "$TEST_DIR/moved" "$TEST_DIR/outer/inner"
start_supervisor "$base" || ktap_bail "cannot start the supervisor"
not_both "the root of a container that was taken over" \
	"rootfs \"$root\" is the root of container \"live\", $of" "$root"
check "the container stops" engine stop live
check "the second supervisor gets the free root" \
	in_two start web "$root" sleep 1000
refused "the first supervisor is refused the root of the second" 1 \
	"rootfs \"$root\" is the root of container \"web\", of the supervisor of $two" \
	engine start live "$root"
check "the second supervisor's container stops" in_two stop web

# --- Bases ---

check "the first supervisor starts an overlay" engine start live -- sleep 1000
not_both "the base of the overlay" \
	"rootfs \"$base\" is the base of container \"live\", $of" "$base"
not_both "a folder in the base of the overlay" \
	"rootfs \"$base/etc\" is inside the base of container \"live\", $of" \
	"$base/etc"
check "the overlay stops" engine stop live
check "the second supervisor uses the first one's base as a root" \
	in_two start inside "$base" -- sleep 1000
refused "the first supervisor cannot start an overlay over it" 1 \
	"rootfs \"$base\" is the root of container \"inside\", of the supervisor of $two" \
	engine start live
check "the container in that base stops" in_two stop inside
check "the first supervisor starts an overlay over its own base" \
	engine start live -- sleep 1000
check "the second supervisor starts an overlay over its own base" \
	in_two start web -- sleep 1000
check "the first supervisor's overlay stops" engine stop live
check "the second supervisor's overlay stops" in_two stop web

# --- A supervisor whose folders are in a root that is in use ---

mkdir "$root/third"
check "a container starts in the root" engine start live "$root" sleep 1000
refused "a supervisor with its run directory in that root is refused" 1 \
	"this supervisor's run directory is inside the root of container \"live\", of the supervisor of $one" \
	engine supervisor "$TEST_DIR/base2" --run-dir "$root/third/run" \
	--state-dir "$TEST_DIR/third/state" --log-dir "$TEST_DIR/third/log"
check "the container in the root stops" engine stop live

# --- Both supervisors start a container in the same root at once ---

wrong=0
for ((i = 0; i < RACES; i++)); do
	engine start "a$i" "$root" sleep 1000 >"$TEST_DIR/a" 2>&1 &
	a=$!
	in_two start "b$i" "$root" sleep 1000 >"$TEST_DIR/b" 2>&1 &
	b=$!
	good=0
	if wait "$a"; then good=$((good + 1)); fi
	if wait "$b"; then good=$((good + 1)); fi
	if [ "$good" -ne 1 ]; then
		wrong=$((wrong + 1))
		ktap_diag "$good start: $(<"$TEST_DIR/a") $(<"$TEST_DIR/b")"
	fi
	engine stop "a$i" --time 0 >/dev/null 2>&1
	in_two stop "b$i" --time 0 >/dev/null 2>&1
done
check_eq "exactly one of two concurrent starts succeeds, $RACES times" "$wrong" 0
check_eq "the refused starts leave no files behind" \
	"$(find "$STATE_DIR" "$one/containers" "$two/containers" \
		-name '[ab][0-9]*' ! -path '*/.requests*')" ""

ktap_end
