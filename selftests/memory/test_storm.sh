#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container whose processes fork and exit all the time crosses its hard limit. No
# process survives, although the processes to kill change all the time.

. "$(dirname "$0")/memory.sh"

rounds=${1:-$((10 / ${PURSER_SLOW:-1} + 2))}

require_module sweep_ms=60000
start_monitor || ktap_bail "cannot listen to the events"

# nobody_lives - no actor is left
nobody_lives() {
	! pgrep -x memory_actor
}

# storm NAME HOW [SPAWN-OPTION...] - such a container crosses its limit by itself, or by a
# new limit, and no process of it is left
storm() {
	start_actor "${@:3}"
	register "$1" --hard-mib 32
	act storm 8
	case $2 in
	itself) order anon 64 ;;
	limit) act anon 16 && purserctl set "$1" --hard-mib 8 ;;
	esac
	wait_event "$1" exited && fields_are "$EVENT" \
		reason=hard_limit_killed signal=9 || return
	wait_for nobody_lives && purserctl unregister "$1"
	exec {ORDERS}>&-
}

# crowd [SPAWN-OPTION...] - one of 301 processes crosses the limit, and none is left. These
# are more than the module kills in the interrupt, and the others sleep.
crowd() {
	start_actor "$@" && register crowd && act fork 300 || return
	purserctl set crowd --hard-mib $(($(value crowd rss) / MIB + 8)) || return
	order anon 64
	wait_event crowd exited && fields_are "$EVENT" \
		reason=hard_limit_killed signal=9 || return
	wait_for nobody_lives && purserctl unregister crowd
	exec {ORDERS}>&-
}

check "the hard limit kills all of 301 processes" crowd
check "the hard limit kills all of 301 processes in a namespace" crowd --pidns

for ((i = 1; i <= rounds; i++)); do
	check "the hard limit kills all processes that fork without end, round $i" \
		storm bare itself
	check "so does a new hard limit, round $i" storm bare limit
	check "so does the hard limit in a namespace, round $i" storm space itself --pidns
done

check_unload
ktap_end
