#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# On a kernel that is too old for engine, but not for the module, the supervisor reports
# what the kernel lacks and leaves nothing behind.

. "$(dirname "$0")/../lib/kselftest.sh"

! kernel_is_since 5 12 || ktap_skip_all "this kernel is new enough for engine"
require_module

lacking='this kernel has no mount_setattr(): containers need Linux 5.12 or later'
dirs=(--run-dir "$TEST_DIR/run" --state-dir "$TEST_DIR/state"
	--log-dir "$TEST_DIR/log")

check_status "the supervisor does not start" 1 \
	engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
check_eq "the supervisor reports what is missing" "$OUTPUT" "engine: $lacking"
check_eq "the supervisor makes no folder" \
	"$(ls -d "$TEST_DIR"/{run,state,log} 2>/dev/null)" ""
mount --bind "$PURSER_BIN" "$PURSER_BIN" || ktap_bail "cannot make a bind mount"
at_exit umount "$PURSER_BIN"
mount -o remount,bind,ro "$PURSER_BIN" || ktap_bail "cannot make the mount read-only"
check_status "the supervisor does not start from a read-only mount either" 1 \
	engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
check_eq "it reports the same" "$OUTPUT" "engine: $lacking"
check_status "ps finds no supervisor" 3 \
	engine ps --run-dir "$TEST_DIR/run"
check "purserctl works on this kernel" purserctl info

ktap_end
