#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container takes memory in ways that no tracepoint tells of. It gives memory back by
# MADV_FREE and writes to it again: the kernel has those pages on the lists of files. Or
# it makes the kernel end the sharing of pages. The module looks a moment later: the
# container is killed for the hard limit, and there is no wall that would stop it, but
# it may have taken all that it wants before.

. "$(dirname "$0")/take.sh"

begin sweep_ms=100

# NAME, COMMAND
attacks=(
	"once take_free once"
	"huge take_free huge"
	"many take_free many"
	"chain take_free chain"
	"cow take_child cow"
	"motes take_child motes"
)

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: is ready" attack "${words[0]}" --soft-mib 0 \
		--hard-mib $HARD --memory-max-mib none -- "${words[@]:1}" $MORE
	check_stopped "${words[0]}" hard
done

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: is ready, without limits" \
		attack_unlimited "${words[0]}" "${words[@]:1}" $MORE
	check_works "${words[0]}" $MORE
done

# As "once", with pages of a file on the same lists, more than it takes

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
	check_stopped cache hard
	echo 3 >/proc/sys/vm/drop_caches
	check "cache: is ready, without limits" attack_bare cached -- \
		take_free cache $MORE "$FILE"
	check_works cached $MORE
else
	ktap_skip "cache" "no file system on a loop device: $(<"$TEST_DIR/why")"
fi

check_unload
ktap_end
