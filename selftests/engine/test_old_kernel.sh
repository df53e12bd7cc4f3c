#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A kernel on which the module runs, but that cannot make containers as engine makes
# them: the supervisor says what is missing, and leaves nothing.

. "$(dirname "$0")/../lib/kselftest.sh"

! kernel_is_since 5 12 || ktap_skip_all "this kernel has all that engine needs"
require_module

lacking='this kernel has no mount_setattr(): containers need Linux 5.12 or later'
dirs=(--run-dir "$TEST_DIR/run" --state-dir "$TEST_DIR/state"
	--log-dir "$TEST_DIR/log")

check_status "the supervisor does not start" 1 \
	engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
check_eq "it says what is missing" "$OUTPUT" "engine: $lacking"
check_eq "it has made nothing" \
	"$(ls -d "$TEST_DIR"/{run,state,log} 2>/dev/null)" ""
mount --bind "$PURSER_BIN" "$PURSER_BIN" || ktap_bail "no mount"
at_exit umount "$PURSER_BIN"
mount -o remount,bind,ro "$PURSER_BIN" || ktap_bail "no read-only mount"
check_status "nor does one whose program no container can write" 1 \
	engine supervisor "$PURSER_ROOTFS" "${dirs[@]}"
check_eq "which says the same" "$OUTPUT" "engine: $lacking"
check_status "other commands find no supervisor" 3 \
	engine ps --run-dir "$TEST_DIR/run"
check "purserctl does without" purserctl info

ktap_end
