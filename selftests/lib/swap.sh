# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Swap for a test, on a zram device (compressed memory). Each test adds a device: one
# that an earlier test has used keeps its state.

# start_swap - add 256 MiB of swap, and remove it when the test ends
start_swap() {
	local n

	modprobe zram && n=$(</sys/class/zram-control/hot_add) || return
	at_exit remove_swap "$n"
	echo 256M >"/sys/block/zram$n/disksize" &&
		busybox mkswap "/dev/zram$n" && busybox swapon "/dev/zram$n"
}

remove_swap() {	# remove_swap NUMBER
	busybox swapoff "/dev/zram$1"
	echo "$1" >/sys/class/zram-control/hot_remove
}
