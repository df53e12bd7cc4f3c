#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 4000
#
# The first hour of a new user, with a reboot: see "day" in this folder.

. "$(dirname "$0")/../../lib/kselftest.sh"

here=$(realpath "$(dirname "$0")")
[ -d "$PURSER_BUILD/programs/usr" ] ||
	ktap_skip_all "the test needs build/programs, which make check-programs makes"

mkdir "$TEST_DIR/shared"
truncate -s 1G "$TEST_DIR/shared/disk"
truncate -s 1500M "$TEST_DIR/shared/base"
/sbin/mke2fs -q -F -t ext4 "$TEST_DIR/shared/disk" || ktap_bail "cannot make a disk"
/sbin/mke2fs -q -F -t ext4 -d "$PURSER_BUILD/programs" "$TEST_DIR/shared/base" ||
	ktap_bail "cannot make a disk with the base"

# play DAY - run one day in a virtual machine; sets OUTPUT and _status
play() {
	_run "$PURSER_ROOT/selftests/vm/run" --share "$TEST_DIR/shared" --timeout 1800 -- \
		"$here/day" "$1"
	ktap_diag "$OUTPUT"
}

play one
check_eq "day one ends with the power" "$_status" 98
check_eq "all of its checks pass" "$(cat "$TEST_DIR/shared/failed")" 0
play two
check_eq "all checks of day two pass" "$_status" 0
check_no_match "no check fails" "$OUTPUT" 'not ok|Bail out'
ktap_end
