#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 400 processes that do nothing, under the limits that a container has by default:
# each has little of its own, but page tables and a stack in the kernel.
#
# timeout: 1800

. "$(dirname "$0")/../programs.sh"

require_programs

processes_are() {	# processes_are N
	[ "$(field idle /processes)" -eq "$1" ]
}

# shellcheck disable=SC2016
script='i=0; while [ $i -lt 400 ]; do sleep 100000 & i=$((i + 1)); done
echo "all are there"; wait'
check "it starts" engine start idle -- sh -c "$script"
check "it makes them" watch_for idle "all are there"
check "all are there" wait_for processes_are 401
check_lives idle
check "rss is above the limit" test "$RSS" -gt $((64 * MIB))

ktap_end
