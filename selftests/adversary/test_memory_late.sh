#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container takes memory in ways that no tracepoint reports: it frees memory by
# MADV_FREE and writes to it again, which leaves the pages on the kernel's file lists, or
# it makes the kernel end the sharing of pages. The module finds out a moment later and
# kills the container for the hard limit. The attacker may have all its memory by then;
# there is no wall that could stop it.

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
	check "${words[0]}: the attacker is ready" attack "${words[0]}" --soft-mib 0 \
		--hard-mib $HARD --memory-max-mib none -- "${words[@]:1}" $MORE
	check_stopped "${words[0]}" hard
done

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: the attacker without limits is ready" \
		attack_unlimited "${words[0]}" "${words[@]:1}" $MORE
	check_works "${words[0]}" $MORE
done

# The same as "once", but more pages of a file than it takes are on the same lists

# make_file MIB - make a file on a file system on disk; sets FILE
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
	check "cache: the attacker is ready" attack_bare cache --hard-mib $HARD -- \
		take_free cache $MORE "$FILE"
	check_stopped cache hard
	echo 3 >/proc/sys/vm/drop_caches
	check "cache: the attacker without limits is ready" \
		attack_bare cached -- take_free cache $MORE "$FILE"
	check_works cached $MORE
else
	ktap_skip "cache: the hard limit stops it" \
		"no file system on a loop device: $(<"$TEST_DIR/why")"
fi

check_unload
ktap_end
