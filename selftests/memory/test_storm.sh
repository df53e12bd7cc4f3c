#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A hard limit is crossed by what forks all the time: none survives. Each process
# of the storm forks and exits, so that the one to kill is always another.

. "$(dirname "$0")/memory.sh"

rounds=${1:-$((10 / ${PURSER_SLOW:-1} + 2))}

require_module sweep_ms=60000
start_monitor || ktap_bail "cannot listen to the events"

nobody_lives() {
	! pgrep -x memory_actor
}

storm() {	# storm NAME HOW [SPAWN-OPTION...]
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

# More than are killed at once, in the interrupt: the others sleep, and take nothing.
crowd() {	# crowd [SPAWN-OPTION...]
	start_actor "$@" && register crowd && act fork 300 || return
	purserctl set crowd --hard-mib $(($(value crowd rss) / MIB + 8)) || return
	order anon 64
	wait_event crowd exited && fields_are "$EVENT" \
		reason=hard_limit_killed signal=9 || return
	wait_for nobody_lives && purserctl unregister crowd
	exec {ORDERS}>&-
}

check "one of 301 processes crosses" crowd
check "one of 301 in a namespace" crowd --pidns

for ((i = 1; i <= rounds; i++)); do
	check "a bare process and its storm, $i" storm bare itself
	check "by a new limit, $i" storm bare limit
	check "in a namespace, $i" storm space itself --pidns
done

check_unload
ktap_end
