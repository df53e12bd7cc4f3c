# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of /dev/container_monitor share.

# shellcheck source=../kmod/kmod.sh
. "$(dirname "$0")/../kmod/kmod.sh"

PATH=$PURSER_TEST_BIN:$PURSER_BUILD/tests/bin/kmod:$PATH

# shellcheck disable=SC2034
DEVICE=/dev/container_monitor

# check_ioctl POINT ANSWER ARGUMENT... - what the device says to a request, see
# monitor.c
check_ioctl() {
	check_eq "$1" "$(${MONITOR_PROGRAM:-monitor} "${@:3}" 2>&1)" "$2"
}
