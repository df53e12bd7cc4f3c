#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# If exit_records is set to 0, the module removes thousands of records at once. Requests
# are answered meanwhile.
#
# usage: test_shrink.sh [N], the number of records

. "$(dirname "$0")/kmod.sh"

require_module exit_records=1048576

n=${1:-$((5000 / ${PURSER_SLOW:-1}))}
check "$n records are made and removed" shrink "$n"
check_match "the module answers requests while it removes the records" \
	"$OUTPUT" '^answered [1-9]'
ktap_diag "$OUTPUT"
check_eq "no record is left" "$(purserctl list --json)" "[]"

check_unload
ktap_end
