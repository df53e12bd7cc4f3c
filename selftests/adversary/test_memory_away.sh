#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A process that was registered and may write to cgroups takes memory in another one
# than its own. It is killed for the hard limit, before it has twice as much; not by
# the sweep, which is far away: a process that hops is back before that looks.

. "$(dirname "$0")/take.sh"

begin sweep_ms=60000

# attack_from NAME WAY [REGISTER-OPTION...] - sets CGROUP and AWAY
attack_from() {
	make_cgroup "$1-away" && AWAY=$CGROUP || return
	attack_bare "$1" "${@:3}" -- take_away "$2" "$MORE" "$BOX/$1" "$AWAY"
}

# both_never_above NAME MIB
both_never_above() {
	local have=$(($(bytes_in "$CGROUP/memory.peak") + $(bytes_in "$AWAY/memory.peak")))

	[ "$have" -le $(($1 * MIB)) ] || { echo "the two cgroups held $have"; return 1; }
}

for way in hop leave born gift; do
	check "$way: is ready" attack_from $way $way --hard-mib $HARD
	check_stopped $way hard $((2 * HARD))
	check "$way: nor have both cgroups" both_never_above $((2 * HARD))
	check "$way: is ready, without limits" attack_from $way-free $way
	check_works $way-free $MORE "$AWAY"
done

# The registered process exits, and leaves its memory to a child.
check "heir: is ready" attack_bare heir --hard-mib $HARD -- take_child heir $MORE
check_stopped heir hard $((2 * HARD))
check "heir: is ready, without limits" attack_bare heir-free -- take_child heir $MORE
check_works heir-free $MORE

check_unload
ktap_end
