#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A limit for what a container writes into its overlay. The supervisor uses a project
# quota if the state directory's file system has them, else an image file with a loop
# device. If it can use neither, it refuses the limit.

# shellcheck disable=SC2015,SC2016 # what containers run
. "$(dirname "$0")/engine.sh"

require_module
[ "${PURSER_VM:-}" ] ||
	ktap_skip_all "the test makes loop devices: it needs the virtual machine"
PATH=$PATH:/usr/sbin:/sbin
command -v mkfs.ext4 >/dev/null || ktap_skip_all "there is no mkfs.ext4"
modprobe -a loop ext4 quota_v2 ||
	ktap_skip_all "the kernel has no ext4, no quotas or no loop devices"

MIB=1048576
# The command of containers: it writes until a write fails, and prints why and how much.
FILL='cat /dev/zero 2>&1 >/big | sed "s/.*: //"; stat -c %s /big'

# size NAME - print the last line of the container's log: how much it wrote
size() {
	engine logs "$1" | tail -n 1
}

# bounded WHAT NAME MIB ERROR - check that the container's writes failed with that error
# between half of the limit and the limit
bounded() {
	check_eq "$1: writes fail" "$(engine logs "$2" | head -n 1)" "$4"
	check "$1: writes fail above half of the limit" \
		test "$(size "$2")" -gt $(($3 * MIB / 2))
	check "$1: writes fail below the limit" test "$(size "$2")" -le $(($3 * MIB))
}

# no_loop - no loop device uses a file of the state directory
no_loop() {
	! grep -qs "$TEST_DIR/state" /sys/block/loop*/loop/backing_file
}

# --- Project quotas ---

truncate -s 48M "$TEST_DIR/disk" && mkdir "$TEST_DIR/mnt" "$TEST_DIR/state" &&
	mkfs.ext4 -q -F -O quota,project "$TEST_DIR/disk" &&
	mount -o loop,prjquota "$TEST_DIR/disk" "$TEST_DIR/mnt" ||
	ktap_skip_all "cannot mount a file system with project quotas"
at_exit eval 'umount "$TEST_DIR/mnt" 2>/dev/null || true'
mkdir "$TEST_DIR/mnt/state"
mount --bind "$TEST_DIR/mnt/state" "$TEST_DIR/state" || ktap_bail "cannot make a bind mount"
at_exit eval 'umount "$TEST_DIR/state" 2>/dev/null || true'

require_supervisor "$PURSER_ROOTFS" --storage-max 6
check "quota: a container with --storage-max runs" \
	engine run small --storage-max 3 -- sh -c "$FILL"
bounded "quota of --storage-max" small 3 "Disk quota exceeded"
check "quota: a container with the default limit runs" engine run default -- sh -c "$FILL"
bounded "quota of the default limit" default 6 "Disk quota exceeded"
check "quota: a container with --storage-max none runs" \
	engine run free --storage-max none -- \
	sh -c 'head -c 8388608 /dev/zero >/big && stat -c %s /big'
check_eq "quota: --storage-max none does not limit writes" "$(size free)" $((8 * MIB))
check "quota: the first of two containers starts" engine start first --storage-max 2 -- \
	sh -c "$FILL; sleep 1000"
wait_for eval '[ "$(engine logs first | wc -l)" = 2 ]'
check "quota: the second of two containers runs" \
	engine run second --storage-max 2 -- sh -c "$FILL"
bounded "quota of the first container" first 2 "Disk quota exceeded"
bounded "quota of the second container" second 2 "Disk quota exceeded"
check "quota: a container makes many files" engine run inodes --storage-max 1 -- sh -c \
	'i=0; while (: >/tmp/$i) 2>/tmp/0; do i=$((i + 1)); [ $i -lt 1200 ] || break; done; cat /tmp/0; echo $i'
check_match "quota: the number of files has a limit" "$(engine logs inodes | head -n 1)" \
	'Disk quota exceeded'
check "quota: with 1 MiB the limit is at most 1024 files" test "$(size inodes)" -le 1024

# The quota of a container stays when its supervisor dies, and is removed at its end.
die
next
check_eq "quota: the next supervisor adopts the container" "$(value first /state)" running
check "quota: the next supervisor stops the container" engine stop first --time 0
check "quota: no state folder is left" wait_for state_is_empty
stop_supervisor
umount "$TEST_DIR/state"
umount "$TEST_DIR/mnt"

# --- An image ---

: >"$SUPERVISOR_LOG"
start_supervisor "$PURSER_ROOTFS" --storage-max 8 || ktap_bail "cannot start a supervisor"
check "image: a container with the default limit runs" engine run image -- sh -c "$FILL"
bounded "image of the default limit" image 8 "No space left on device"
check "image: no loop device is left" wait_for no_loop
engine start holder --storage-max 4 -- sh -c 'echo text >/file; echo up; sleep 1000' \
	>/dev/null
wait_for log_has holder up
check_eq "image: the host does not see its mount" \
	"$(grep "$TEST_DIR\|^/dev/loop" /proc/self/mounts)" ""
check_eq "image: the file is allocated" \
	"$(($(stat -c '%b * %B' "$STATE_DIR/holder/image")))" $((4 * MIB))
holder=$(value holder /pid)
die
kill -KILL "$holder"
wait_for is_gone "$holder"
check "image: the loop device is removed although the supervisor is dead" wait_for no_loop
next
check "image: the next supervisor removes the state folder" wait_for state_is_empty
BEFORE=$(traces)
untraced "image: a limit above the size of the disk" 125 \
	"cannot use the state folder \"$STATE_DIR/huge\": No space left on device" \
	engine start huge --storage-max 9000000 -- true
untraced "--storage-max for a root of its own" 2 \
	"start: a storage limit needs an overlay; rootfs \"$TEST_DIR\" is used without one" \
	engine start own "$TEST_DIR" true --storage-max 9
stop_supervisor

# --- Neither quotas nor images ---

mount --bind /dev/null "$(realpath "$(command -v mkfs.ext4)")" ||
	ktap_bail "cannot make a bind mount"
at_exit umount "$(realpath "$(command -v mkfs.ext4)")"
: >"$SUPERVISOR_LOG"
start_supervisor "$PURSER_ROOTFS" --storage-max 8 || ktap_bail "cannot start a supervisor"
check_eq "the supervisor reports that it cannot apply the default limit" \
	"$(head -n 1 "$SUPERVISOR_LOG")" \
	"engine: state directory $STATE_DIR: no storage limit: its file system has no project quotas enabled, and mkfs.ext4 for images is missing"
check "a container without --storage-max runs all the same" engine run free -- true
BEFORE=$(traces)
untraced "--storage-max without quotas and images" 1 \
	"container \"wants\": there can be no storage limit: the file system of $STATE_DIR has no project quotas enabled, and mkfs.ext4 for images is missing" \
	engine start wants --storage-max 8 -- true

ktap_end
