#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is swapped out is not used. A container swaps out whatever it takes: it goes on
# below its hard limit until it brings that back, or until its cgroup may swap no more.

. "$(dirname "$0")/take.sh"

require_machine
if ! { modprobe zram num_devices=1 && echo 256M >/sys/block/zram0/disksize &&
       busybox mkswap /dev/zram0 && busybox swapon /dev/zram0; } \
		>"$TEST_DIR/why" 2>&1; then
	ktap_skip_all "no swap in compressed memory: $(<"$TEST_DIR/why")"
fi
at_exit busybox swapoff /dev/zram0

begin sweep_ms=100

# attack_swap NAME WAY SWAP - with the hard limit, and so much swap
attack_swap() {
	attack_limited "$1" take_swap "$2" "$MORE" &&
		echo "$3" >"$CGROUP/memory.swap.max"
}

check "none: is ready" attack_swap none out 0
check_stopped none hard $((2 * HARD))
check "back: is ready" attack_swap back back max
check_stopped back hard $((2 * HARD))

check "out: is ready" attack_swap out out max
order go
check "out: works where swap has no limit" wait_line "holds $((MORE * MIB))"
check "out: it is in the swap" test \
	"$(bytes_in "$CGROUP/memory.swap.current")" -ge $(((MORE - HARD) * MIB))
check_record "out: and not in its usage" out state=running
finish out

check_unload
ktap_end
