#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A user of the host owns a root, and exchanges names in it, or the root itself,
# for as long as containers start there. A start may be refused. What starts has
# its masks, and the root that was looked at.

. "$(dirname "$0")/isolation.sh"

STARTS=20

require_module
mkdir "$TEST_DIR/base"
make_busybox_root "$TEST_DIR/base/root" || ktap_bail "no base"
require_supervisor "$TEST_DIR/base/root"
chmod 0755 "$TEST_DIR"
mkdir "$TEST_DIR/home"
make_owned_root "$TEST_DIR/home/root" || ktap_bail "no root"
chown "$OWNER:$OWNER" "$TEST_DIR/home"
root=$TEST_DIR/home/root
pattern=$(</proc/sys/kernel/core_pattern)

# starts NAME WHAT COMMAND... - each is refused, or says WHAT in its log
starts() {
	local name=$1 what=$2 i status refused=0 good=0

	shift 2
	for ((i = 0; i < STARTS; i++)); do
		status=0
		engine run x "$root" -- "$@" >"$TEST_DIR/.run" 2>&1 </dev/null ||
			status=$?
		if [ "$status" -eq 125 ]; then
			refused=$((refused + 1))
			ktap_diag "$(<"$TEST_DIR/.run")"
		elif log_has x "$what"; then
			good=$((good + 1))
		else
			ktap_diag "status $status: $(engine logs x)"
		fi
	done
	check_eq "$name: each start is refused or as it should be" \
		"$((refused + good))" "$STARTS"
	ktap_diag "$refused refused, $good as they should be"
}

as_owner mkdir "$root/proc2" "$root/sys2"
exchanging "$root/proc" "$root/proc2"
starts "proc" "masks: there" probe masks /proc /proc2
check "all the time" exchanged
exchanging "$root/sys" "$root/sys2"
starts "sys" "masks: there" probe masks /sys /sys2
check "all the time" exchanged
check_eq "the host's core_pattern is as it was" \
	"$(</proc/sys/kernel/core_pattern)" "$pattern"

# What the folders of running containers are mounted on can be removed, from under
# a process that is in one. Its masks must not go before it does. Linux 7.3 puts an
# empty file or folder of a file system of its own in the place of each mask then: that
# one can be opened, and is not the kernel's. 9fa0 is proc.
mkfifo "$root/go"
exec {GO}<>"$root/go"
# shellcheck disable=SC2016
stay='cd /proc; echo up; read -r _ </go; test -e /proc/self || echo gone
	is_proc() { test "$(stat -f -c %t $1 2>/dev/null)" = 9fa0; }
	for f in sys/kernel/core_pattern sysrq-trigger; do
		is_proc $f && true 2>/dev/null >>$f && echo "bare $f"; done
	is_proc keys && echo "bare keys"; is_proc . && echo looked'
check "a container starts" engine start stay "$root" -- sh -c "$stay"
wait_for log_has stay up
check "its /proc is taken away" as_owner rmdir "$root/proc"
echo >&"$GO"
wait_for log_has stay looked
check "it has none any more" log_has stay gone
check_no_match "what it is in has its masks" "$(engine logs stay)" bare
wait_for value_is stay /state exited
as_owner mkdir "$root/proc"
rm "$root/go"

# The root itself, and a link to what no container may have.
# shellcheck disable=SC2016
who='echo "mark $(cat /mark)"; echo x >/written'
as_owner sh -c "echo own >'$root/mark'"
for other in "$TEST_DIR/base/root" / "$STATE_DIR"; do
	as_owner ln -s "$other" "$TEST_DIR/home/link"
	exchanging "$root" "$TEST_DIR/home/link"
	starts "a link to $other" "mark own" sh -c "$who"
	check "all the time" exchanged
	check "nothing is written there" test ! -e "$other/written"
	[ ! -L "$root" ] ||
		as_owner "$PURSER_TEST_BIN/exchange" "$root" "$TEST_DIR/home/link" once
	as_owner rm "$TEST_DIR/home/link"
done

# The base, when the supervisor is there already.
echo base >"$TEST_DIR/base/root/mark"
mv "$TEST_DIR/base/root" "$TEST_DIR/base/moved"
ln -s / "$TEST_DIR/base/root"
check_status "a container starts where the base has another name" 0 \
	engine run x -- cat /mark
check "it is the base that was opened" log_has x base
rm "$TEST_DIR/base/root"
mv "$TEST_DIR/base/moved" "$TEST_DIR/base/root"

# The supervisor that takes over knows a root by its number, not by its name.
check "a container starts" engine start live "$root" -- sleep 1000
die
as_owner mv "$root" "$TEST_DIR/home/moved"
as_owner mkdir "$root"
next
refused "its root is still its own" 1 \
	"rootfs \"$TEST_DIR/home/moved\" is in use by container \"live\"" \
	engine start x "$TEST_DIR/home/moved"
refused "what has its name now is not" 127 \
	'cannot run "/bin/sh": no such file in the container'"'s root" \
	engine start x "$root"

ktap_end
