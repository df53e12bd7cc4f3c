#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container takes three times its hard limit, gives it back by MADV_FREE and writes
# to it again: the kernel has those pages on the lists of files. It is killed for the
# hard limit, before it has twice as much.

. "$(dirname "$0")/take.sh"

begin sweep_ms=100

for way in once huge many chain; do
	check "$way: is ready" attack_limited $way take_free $way $MORE
	check_stopped $way hard $((2 * HARD))
done

for way in once huge many chain; do
	check "$way: is ready, without limits" \
		attack_unlimited $way take_free $way $MORE
	check_works $way $MORE
done

# With pages of a file on the same lists, more than it takes

# make_file MIB - on a file system that is none in memory; sets FILE
make_file() {
	local disk=$TEST_DIR/disk

	mkdir "$disk" && modprobe loop && modprobe ext4 &&
		truncate -s 256M "$TEST_DIR/image" &&
		busybox mke2fs -F "$TEST_DIR/image" >/dev/null &&
		mount -t ext4 -o loop "$TEST_DIR/image" "$disk" || return
	at_exit umount "$disk"
	FILE=$disk/file
	dd if=/dev/zero of="$FILE" bs=1M count="$1" && sync &&
		echo 3 >/proc/sys/vm/drop_caches
}

if make_file $MUCH >"$TEST_DIR/why" 2>&1; then
	check "cache: is ready" attack_bare cache --hard-mib $HARD -- \
		take_free cache $MORE "$FILE"
	check_stopped cache hard $((2 * HARD + MUCH))
	echo 3 >/proc/sys/vm/drop_caches
	check "cache: is ready, without limits" attack_bare cached -- \
		take_free cache $MORE "$FILE"
	check_works cached $MORE
else
	ktap_skip "cache" "no file system on a loop device: $(<"$TEST_DIR/why")"
fi

check_unload
ktap_end
