# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Swap for a test: in compressed memory, on a device of its own, since a device that an
# earlier test has had stays as that left it.

# start_swap - 256 MiB until the test ends; prints what there is not
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
