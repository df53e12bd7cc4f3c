#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# However a process comes about, it is in the books of the container that it comes
# from, counted once; and it dies with it. See lie_kin.c.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100

ways="orphan session sibling untraced sharing thread headless swap nested below user
enter vfork"

# in_cgroup CGROUP - how many processes are there
in_cgroup() {
	wc -l <"$1/cgroup.procs"
}

# make_kin WHERE WAY... - each of them; sets N to how many there are then
make_kin() {
	local where=$1 way

	shift
	for way; do
		order "$way" && wait_line 'made *' || return
		N=$((N + ${LINE#made }))
		check_record "$where, $way: $N processes" "$VICTIM" processes=$N \
			state=running
	done
}

begin_kin() {	# begin_kin WHERE ATTACK [ARGUMENT]
	VICTIM=victim$((${VICTIM#victim} + 1))
	N=1
	check "$1: the first process" "$2" "$VICTIM" -- lie_kin "${@:3}"
}

# shellcheck disable=SC2086 # words
for where in space bare engine; do
	attack=attack_$where
	[ $where != engine ] || attack=attack
	begin_kin $where "$attack"
	make_kin $where $ways
	check_eq "$where: so many are in its cgroup" \
		"$(in_cgroup "$CGROUP")" $N
	check "$where: the module counts the same" members_are "$N"
	# Its first process is a namespace's: what runs in it is found again.
	if [ $where = space ]; then
		purserctl unregister "$VICTIM"
		check "$where: it is let go, and all with it" members_are 0
		register "$VICTIM"
		check_record "$where: and found again" "$VICTIM" processes="$N"
	fi
	end_by_stop >/dev/null 2>&1
	check_dead "$where, stopped" reason=stopped
done

# In another cgroup: born there, and moved there

mkdir "$BOX/elsewhere" || ktap_bail "no cgroup"
at_exit wait_for rmdir "$BOX/elsewhere"
for where in space bare; do
	begin_kin $where attack_$where "$BOX/elsewhere"
	make_kin $where cgroup session
	check_eq "$where: one was born in another cgroup" \
		"$(in_cgroup "$BOX/elsewhere")" 1
	check "$where: it is a visitor there" \
		wait_for record_is "$VICTIM" outside=1 processes=$N
	echo "$PID" >"$BOX/elsewhere/cgroup.procs"
	check "$where: so is one that has moved" \
		wait_for record_is "$VICTIM" outside=2 processes=$N
	make_kin $where orphan
	check "$where: and its children" wait_for record_is "$VICTIM" outside=3
	echo "$PID" >"$CGROUP/cgroup.procs"
	check "$where: but for itself, when it has come back" \
		wait_for record_is "$VICTIM" outside=2 processes=$N
	end_by_stop >/dev/null 2>&1
	check_dead "$where, in two cgroups, stopped" reason=stopped
	check "$where: nor is anybody left in the other cgroup" \
		wait_for nobody_in "$BOX/elsewhere"
done

check_unload
ktap_end
