#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two supervisors on one machine: no root of the one is, holds or lies in a root, a
# base or a folder of the other. The kernel's table tells them of each other, also
# when one of them is dead.

. "$(dirname "$0")/isolation.sh"

RACES=12

require_module
base=$TEST_DIR/base
make_busybox_root "$base" || ktap_bail "no base"
require_supervisor "$base"
one=$RUN_DIR
two=$TEST_DIR/two/run

# start_two - the other supervisor; with a base of its own
start_two() {
	local word=

	mkdir -p "$TEST_DIR/two"
	rm -f "$TEST_DIR/two/ready"
	mkfifo "$TEST_DIR/two/ready" || return
	engine supervisor "$TEST_DIR/base2" --run-dir "$two" \
		--state-dir "$TEST_DIR/two/state" \
		--log-dir "$TEST_DIR/two/log" --ready-fd 9 \
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

# in_two COMMAND... - of engine, with the other supervisor
in_two() {
	engine --run-dir "$two" "$@"
}

# not_both NAME LINE ROOTFS - the other one refuses it, and enters nothing
not_both() {
	local name=$1 line=$2 before

	shift 2
	before=$(purserctl info --json | "$JSON" /events)
	refused "$name" 1 "$line" in_two start web "$@"
	check_eq "$name: no event tells of it" \
		"$(purserctl info --json | "$JSON" /events)" "$before"
}

make_busybox_root "$TEST_DIR/base2" || ktap_bail "no base"
mkdir -p "$TEST_DIR/outer/inner"
make_busybox_root "$TEST_DIR/outer/inner/root" || ktap_bail "no root"
root=$TEST_DIR/outer/inner/root
start_two || ktap_bail "no other supervisor"
of="of the supervisor of $one"

# --- A root of the one is none of the other ---

check "a container of the one" engine start live "$root" sleep 1000
not_both "the same root" \
	"rootfs \"$root\" is the root of container \"live\", $of" "$root"
not_both "a folder in it" \
	"rootfs \"$root/bin\" is inside the root of container \"live\", $of" \
	"$root/bin"
not_both "one that holds it" \
	"rootfs \"$TEST_DIR/outer\" holds the root of container \"live\", $of" \
	"$TEST_DIR/outer"
mkdir "$TEST_DIR/bound"
mount --bind "$root" "$TEST_DIR/bound" || ktap_bail "no bind mount"
at_exit umount "$TEST_DIR/bound"
not_both "the same by a bind mount" \
	"rootfs \"$TEST_DIR/bound\" is the root of container \"live\", $of" \
	"$TEST_DIR/bound"
not_both "the run directory of the one" \
	"rootfs \"$one\" is the run directory of container \"live\", $of" "$one"
not_both "a folder in its state directory" \
	"rootfs \"$STATE_DIR\" is the state directory of container \"live\", $of" \
	"$STATE_DIR"
not_both "its log directory" \
	"rootfs \"$LOG_DIR\" is the log directory of container \"live\", $of" \
	"$LOG_DIR"

# Its root gets another name.
mv "$TEST_DIR/outer/inner" "$TEST_DIR/moved"
refused "a folder in a root that was moved" 1 \
	"rootfs \"$TEST_DIR/moved/root/etc\" is inside the root of container \"live\"" \
	engine start web "$TEST_DIR/moved/root/etc"
mv "$TEST_DIR/moved" "$TEST_DIR/outer/inner"

# It is dead, and its container is not.
die
not_both "the one was killed" \
	"rootfs \"$root\" is the root of container \"live\", $of" "$root"
mv "$TEST_DIR/outer/inner" "$TEST_DIR/moved"
not_both "its root was moved" \
	"rootfs \"$TEST_DIR/moved/root\" is the root of container \"live\", $of" \
	"$TEST_DIR/moved/root"
not_both "nor is a folder in it free" \
	"rootfs \"$TEST_DIR/moved/root/etc\" is inside the root of container \"live\", $of" \
	"$TEST_DIR/moved/root/etc"
mv "$TEST_DIR/moved" "$TEST_DIR/outer/inner"
start_supervisor "$base" || ktap_bail "no supervisor"
not_both "the next one has it" \
	"rootfs \"$root\" is the root of container \"live\", $of" "$root"
check "it ends" engine stop live
check "then the other may have it" in_two start web "$root" sleep 1000
refused "and the one may not" 1 \
	"rootfs \"$root\" is the root of container \"web\", of the supervisor of $two" \
	engine start live "$root"
check "it ends, too" in_two stop web

# --- Bases ---

check "an overlay of the one" engine start live -- sleep 1000
not_both "its base" "rootfs \"$base\" is the base of container \"live\", $of" \
	"$base"
not_both "a folder in that" \
	"rootfs \"$base/etc\" is inside the base of container \"live\", $of" \
	"$base/etc"
check "it ends" engine stop live
check "the other has a root in the base of the one" \
	in_two start inside "$base" -- sleep 1000
refused "then there is no overlay over that" 1 \
	"rootfs \"$base\" is the root of container \"inside\", of the supervisor of $two" \
	engine start live
check "it ends" in_two stop inside
check "both have an overlay over their own" engine start live -- sleep 1000
check "at the same time" in_two start web -- sleep 1000
check "one ends" engine stop live
check "the other ends" in_two stop web

# --- A supervisor whose folders are in a root that is in use ---

mkdir "$root/third"
check "a container starts" engine start live "$root" sleep 1000
refused "no supervisor in there" 1 \
	"this supervisor's run directory is inside the root of container \"live\", of the supervisor of $one" \
	engine supervisor "$TEST_DIR/base2" --run-dir "$root/third/run" \
	--state-dir "$TEST_DIR/third/state" --log-dir "$TEST_DIR/third/log"
check "it ends" engine stop live

# --- Both at once ---

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
check_eq "of two at once, one starts, $RACES times" "$wrong" 0
check_eq "nothing is left of those that did not" \
	"$(find "$STATE_DIR" "$one/containers" "$two/containers" -name '[ab][0-9]*')" ""

ktap_end
