#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 400 idle processes run under the default limits of a container. Each has little memory
# of its own, besides page tables and a kernel stack.
#
# timeout: 1800

. "$(dirname "$0")/../programs.sh"

require_programs

processes_are() {	# processes_are N
	[ "$(field idle /processes)" -eq "$1" ]
}

# shellcheck disable=SC2016
script='i=0; while [ $i -lt 400 ]; do sleep 100000 & i=$((i + 1)); done
echo "all are started"; wait'
check "the container starts" engine start idle -- sh -c "$script"
check "its shell starts 400 processes" watch_for idle "all are started"
check "the record counts 401 processes" wait_for processes_are 401
check_lives idle
check "rss, which counts a shared page once for each process, was above the limit" test "$RSS" -gt $((64 * MIB))

ktap_end
