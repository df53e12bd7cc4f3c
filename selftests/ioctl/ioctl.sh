# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the tests of /dev/container_monitor.

# shellcheck source=../kmod/kmod.sh
. "$(dirname "$0")/../kmod/kmod.sh"

PATH=$PURSER_TEST_BIN:$PURSER_BUILD/tests/bin/kmod:$PATH

# shellcheck disable=SC2034
DEVICE=/dev/container_monitor

# check_ioctl POINT ANSWER ARGUMENT... - make a request of the device with monitor.c
# and check its answer
check_ioctl() {
	check_eq "$1" "$(${MONITOR_PROGRAM:-monitor} "${@:3}" 2>&1)" "$2"
}
