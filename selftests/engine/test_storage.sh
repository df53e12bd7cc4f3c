#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A bound for what an overlay writes: by a project quota where the state directory's
# file system has them, else by an image; refused where neither is to be had.

# shellcheck disable=SC2015,SC2016 # what containers run
. "$(dirname "$0")/engine.sh"

require_module
[ "${PURSER_VM:-}" ] || ktap_skip_all "makes loop devices: only in a virtual machine"
PATH=$PATH:/usr/sbin:/sbin
command -v mkfs.ext4 >/dev/null || ktap_skip_all "there is no mkfs.ext4"
modprobe -a loop ext4 quota_v2 || ktap_skip_all "the kernel has no ext4 or no loop devices"

MIB=1048576
# Writes until it is refused, says why, and how much it was.
FILL='cat /dev/zero 2>&1 >/big | sed "s/.*: //"; stat -c %s /big'

# size NAME - the last word that it said
size() {
	engine logs "$1" | tail -n 1
}

# bounded WHAT NAME MIB ERROR - it was refused with that error, by that bound
bounded() {
	check_eq "$1: it is refused" "$(engine logs "$2" | head -n 1)" "$4"
	check "$1: not before half of that" \
		test "$(size "$2")" -gt $(($3 * MIB / 2))
	check "$1: and not after it" test "$(size "$2")" -le $(($3 * MIB))
}

# no_loop - no loop device has a file of ours, for wait_for
no_loop() {
	! grep -qs "$TEST_DIR/state" /sys/block/loop*/loop/backing_file
}

# --- Project quotas ---

truncate -s 48M "$TEST_DIR/disk" && mkdir "$TEST_DIR/mnt" "$TEST_DIR/state" &&
	mkfs.ext4 -q -F -O quota,project "$TEST_DIR/disk" &&
	mount -o loop,prjquota "$TEST_DIR/disk" "$TEST_DIR/mnt" ||
	ktap_skip_all "no file system with project quotas can be mounted"
at_exit eval 'umount "$TEST_DIR/mnt" 2>/dev/null || true'
mkdir "$TEST_DIR/mnt/state"
mount --bind "$TEST_DIR/mnt/state" "$TEST_DIR/state" || ktap_bail "no bind mount"
at_exit eval 'umount "$TEST_DIR/state" 2>/dev/null || true'

require_supervisor "$PURSER_ROOTFS" --storage-max 6
check "quota: a bound of its own" \
	engine run small --storage-max 3 -- sh -c "$FILL"
bounded "quota, its own" small 3 "Disk quota exceeded"
check "quota: the default" engine run default -- sh -c "$FILL"
bounded "quota, the default" default 6 "Disk quota exceeded"
check "quota: none" engine run free --storage-max none -- \
	sh -c 'head -c 8388608 /dev/zero >/big && stat -c %s /big'
check_eq "what it writes it has" "$(size free)" $((8 * MIB))
check "quota: two at once" engine start first --storage-max 2 -- \
	sh -c "$FILL; sleep 1000"
wait_for eval '[ "$(engine logs first | wc -l)" = 2 ]'
check "the second one has its own" \
	engine run second --storage-max 2 -- sh -c "$FILL"
bounded "quota, the first" first 2 "Disk quota exceeded"
bounded "quota, the second" second 2 "Disk quota exceeded"
check "quota: inodes" engine run inodes --storage-max 1 -- sh -c \
	'i=0; while (: >/tmp/$i) 2>/tmp/0; do i=$((i + 1)); [ $i -lt 1200 ] || break; done; cat /tmp/0; echo $i'
check_match "have a bound, too" "$(engine logs inodes | head -n 1)" \
	'Disk quota exceeded'
check "of 1024" test "$(size inodes)" -le 1024

# A dead supervisor's are as bounded as they were, and leave nothing behind.
die
next
check_eq "the next supervisor has it" "$(value first /state)" running
check "it can be stopped" engine stop first --time 0
check "nothing is left" wait_for state_is_empty
stop_supervisor
umount "$TEST_DIR/state"
umount "$TEST_DIR/mnt"

# --- An image ---

: >"$SUPERVISOR_LOG"
start_supervisor "$PURSER_ROOTFS" --storage-max 8 || ktap_bail "no supervisor"
check "image: the default" engine run image -- sh -c "$FILL"
bounded "image" image 8 "No space left on device"
check "no loop device is left" wait_for no_loop
engine start holder --storage-max 4 -- sh -c 'echo text >/file; echo up; sleep 1000' \
	>/dev/null
wait_for log_has holder up
check_eq "no mount of it on the host" \
	"$(grep "$TEST_DIR\|^/dev/loop" /proc/self/mounts)" ""
check_eq "its space is taken" \
	"$(($(stat -c '%b * %B' "$STATE_DIR/holder/image")))" $((4 * MIB))
holder=$(value holder /pid)
die
kill -KILL "$holder"
wait_for is_gone "$holder"
check "with supervisor and container the device goes" wait_for no_loop
next
check "and with the next supervisor the rest" wait_for state_is_empty
BEFORE=$(traces)
untraced "more than there is" 125 \
	"cannot use the state folder \"$STATE_DIR/huge\": No space left on device" \
	engine start huge --storage-max 9000000 -- true
untraced "a root of its own" 2 \
	"start: a storage limit is for overlays; rootfs \"$TEST_DIR\" is written as it is" \
	engine start own "$TEST_DIR" true --storage-max 9
stop_supervisor

# --- Neither ---

mount --bind /dev/null "$(realpath "$(command -v mkfs.ext4)")" ||
	ktap_bail "no bind mount"
at_exit umount "$(realpath "$(command -v mkfs.ext4)")"
: >"$SUPERVISOR_LOG"
start_supervisor "$PURSER_ROOTFS" --storage-max 8 || ktap_bail "no supervisor"
check_eq "a default that cannot be kept to is said" "$(head -n 1 "$SUPERVISOR_LOG")" \
	"engine: state directory $STATE_DIR: no storage limit: its file system has no project quotas switched on, and there is no mkfs.ext4 to make images with"
check "and keeps nobody" engine run free -- true
BEFORE=$(traces)
untraced "what was asked for is refused" 1 \
	"container \"wants\": no storage limit can be kept to: the file system of $STATE_DIR has no project quotas switched on, and there is no mkfs.ext4 to make an image with" \
	engine start wants --storage-max 8 -- true

ktap_end
