#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A registered process that may move between cgroups takes memory in another cgroup. The
# hard limit kills it before it has twice as much. The sweep cannot be the cause: its
# interval is a minute, and a process that hops would be back before it.

. "$(dirname "$0")/take.sh"

begin sweep_ms=60000

# attack_from NAME WAY [REGISTER-OPTION...] - start the attacker WAY; AWAY is the other
# cgroup
attack_from() {
	make_cgroup "$1-away" && AWAY=$CGROUP || return
	attack_bare "$1" "${@:3}" -- take_away "$2" "$MORE" "$BOX/$1" "$AWAY"
}

# both_never_above MIB - the peaks of both cgroups together are not larger
both_never_above() {
	local have=$(($(bytes_in "$CGROUP/memory.peak") + $(bytes_in "$AWAY/memory.peak")))

	[ "$have" -le $(($1 * MIB)) ] || { echo "the two cgroups held $have"; return 1; }
}

for way in hop leave born gift; do
	check "$way: the attacker is ready" attack_from $way $way --hard-mib $HARD
	check_stopped $way hard $((2 * HARD))
	check "$way: both cgroups never hold more than $((2 * HARD)) MiB" \
		both_never_above $((2 * HARD))
	check "$way: the attacker without limits is ready" attack_from $way-free $way
	check_works $way-free $MORE "$AWAY"
done

# The registered process exits and leaves its memory to a child.
check "heir: the attacker is ready" \
	attack_bare heir --hard-mib $HARD -- take_child heir $MORE
check_stopped heir hard $((2 * HARD))
check "heir: the attacker without limits is ready" \
	attack_bare heir-free -- take_child heir $MORE
check_works heir-free $MORE

check_unload
ktap_end
