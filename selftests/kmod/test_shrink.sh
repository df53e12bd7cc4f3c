#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# Many records of ended containers go at once, when the kernel is told to keep none:
# others use the table meanwhile.
#
# test_shrink.sh [N]: so many records.

. "$(dirname "$0")/kmod.sh"

require_module exit_records=1048576

n=${1:-$((5000 / ${PURSER_SLOW:-1}))}
check "$n records come and go" shrink "$n"
check_match "requests are answered while they go" "$OUTPUT" '^answered [1-9]'
ktap_diag "$OUTPUT"
check_eq "no record is left" "$(purserctl list --json)" "[]"

check_unload
ktap_end
