#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A dump during which a record is added or removed is marked with NLM_F_DUMP_INTR, other
# dumps are not. ../libpurser/test_dump.sh tests that libpurser repeats a marked dump.

. "$(dirname "$0")/../lib/kselftest.sh"

require_module
mapfile -t lines < <("$PURSER_TEST_BIN/dump" 2>&1; echo "status $?")
for line in "${lines[@]}"; do
	case $line in
	'ok '*) ktap_pass "${line#ok }" ;;
	'not ok '*)
		line=${line#not ok }
		ktap_fail "${line%%: *}" "$line"
		;;
	esac
done
check_eq "the program ran to its end" "${lines[-1]}" "status 0"
check_eq "the table is empty" "$(purserctl list --json)" "[]"
check "the module can be unloaded" wait_for unload_module
ktap_end
