#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A dump during which a record comes or goes says that it is none of one moment,
# others do not. That libpurser takes such a dump anew is in
# ../libpurser/test_dump.sh.

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
check_eq "all was tried" "${lines[-1]}" "status 0"
check_eq "nothing is left" "$(purserctl list --json)" "[]"
check "the module unloads" wait_for unload_module
ktap_end
