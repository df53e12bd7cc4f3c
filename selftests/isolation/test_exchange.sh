#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A user of the host owns a root, and exchanges names in it, or the root itself, while
# containers start there. A start may be refused, but a container that starts has all its
# masks and the root that engine has checked.

. "$(dirname "$0")/isolation.sh"

STARTS=20

require_module
mkdir "$TEST_DIR/base"
make_busybox_root "$TEST_DIR/base/root" || ktap_bail "cannot make a base"
require_supervisor "$TEST_DIR/base/root"
chmod 0755 "$TEST_DIR"
mkdir "$TEST_DIR/home"
make_owned_root "$TEST_DIR/home/root" || ktap_bail "cannot make a root"
chown "$OWNER:$OWNER" "$TEST_DIR/home"
root=$TEST_DIR/home/root
pattern=$(</proc/sys/kernel/core_pattern)

# starts NAME WHAT COMMAND... - start COMMAND many times: each start is refused, or the
# container's log has WHAT
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
	check_eq "$name: each start is refused or safe" \
		"$((refused + good))" "$STARTS"
	ktap_diag "$refused refused, $good safe"
}

as_owner mkdir "$root/proc2" "$root/sys2"
exchanging "$root/proc" "$root/proc2"
starts "proc" "masks: there" probe masks /proc /proc2
check "proc: the owner exchanges it all the time" exchanged
exchanging "$root/sys" "$root/sys2"
starts "sys" "masks: there" probe masks /sys /sys2
check "sys: the owner exchanges it all the time" exchanged
check_eq "no container has changed the host's core_pattern" \
	"$(</proc/sys/kernel/core_pattern)" "$pattern"

# The owner can remove the folder on which the /proc of a running container is mounted,
# also while a process has it as its working folder. The masks must stay at least as
# long as that /proc. Linux 7.3 then puts an empty file or folder of another file system
# in the place of each mask: it can be opened, but is not the kernel's. 9fa0 is the type
# of a proc file system.
mkfifo "$root/go"
exec {GO}<>"$root/go"
# shellcheck disable=SC2016
stay='cd /proc; echo up; read -r _ </go; test -e /proc/self || echo gone
	is_proc() { test "$(stat -f -c %t $1 2>/dev/null)" = 9fa0; }
	for f in sys/kernel/core_pattern sysrq-trigger; do
		is_proc $f && true 2>/dev/null >>$f && echo "bare $f"; done
	is_proc keys && echo "bare keys"; is_proc . && echo looked'
check "a container starts in the owner's root" \
	engine start stay "$root" -- sh -c "$stay"
wait_for log_has stay up
check "the owner removes its /proc" as_owner rmdir "$root/proc"
echo >&"$GO"
wait_for log_has stay looked
check "the container has no /proc any more" log_has stay gone
check_no_match "the /proc that it still has open keeps its masks" \
	"$(engine logs stay)" bare
wait_for has_ended stay
as_owner mkdir "$root/proc"
rm "$root/go"

# The owner exchanges the root with a link to a folder that no container may get.
# shellcheck disable=SC2016
who='echo "mark $(cat /mark)"; echo x >/written'
as_owner sh -c "echo own >'$root/mark'"
for other in "$TEST_DIR/base/root" / "$STATE_DIR"; do
	as_owner ln -s "$other" "$TEST_DIR/home/link"
	exchanging "$root" "$TEST_DIR/home/link"
	starts "a link to $other" "mark own" sh -c "$who"
	check "a link to $other: the owner exchanges it all the time" exchanged
	check "a link to $other: no container writes there" test ! -e "$other/written"
	[ ! -L "$root" ] ||
		as_owner "$PURSER_TEST_BIN/exchange" "$root" "$TEST_DIR/home/link" once
	as_owner rm "$TEST_DIR/home/link"
done

# The base gets another name while the supervisor runs.
echo base >"$TEST_DIR/base/root/mark"
mv "$TEST_DIR/base/root" "$TEST_DIR/base/moved"
ln -s / "$TEST_DIR/base/root"
check_status "a container starts although the base has another name" \
	0 engine run x -- cat /mark
check "the container has the base that the supervisor opened" log_has x base
rm "$TEST_DIR/base/root"
mv "$TEST_DIR/base/moved" "$TEST_DIR/base/root"

# The next supervisor knows a root by its inode, not by its name.
check "a container starts before the root is renamed" \
	engine start live "$root" -- sleep 1000
die
as_owner mv "$root" "$TEST_DIR/home/moved"
as_owner mkdir "$root"
next
refused "the renamed root is still in use" 1 \
	"rootfs \"$TEST_DIR/home/moved\" is in use by container \"live\"" \
	engine start x "$TEST_DIR/home/moved"
refused "a new folder with the old name is not in use" 127 \
	'cannot run "/bin/sh": executable file not found in the container'"'s root" \
	engine start x "$root"

ktap_end
