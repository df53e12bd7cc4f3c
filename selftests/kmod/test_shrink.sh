#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# If exit_records is set to 0, the module removes thousands of records at once. Requests
# are answered meanwhile.
#
# usage: test_shrink.sh [N], the number of records

. "$(dirname "$0")/kmod.sh"

require_module

n=${1:-$((5000 / ${PURSER_SLOW:-1}))}

# The removal of the records may take less time than an emulated machine gives to one
# processor before it is the turn of the next. So there are up to 5 rounds.
answers_meanwhile() {
	for _ in 1 2 3 4 5; do
		echo 1048576 >/sys/module/purser/parameters/exit_records
		answered=$(shrink "$n") || return
		[ "$answered" = "answered 0" ] || return 0
	done
	return 1
}
check "the module answers requests while it removes $n records" answers_meanwhile
ktap_diag "$answered"
check_eq "no record is left" "$(purserctl list --json)" "[]"

check_unload
ktap_end
