#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A process belongs to the container that it comes from, however it was created: the
# module counts it once, and it dies with the container. See lie_kin.c.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100

ways="orphan session sibling untraced sharing thread headless swap nested below user
enter vfork"

# in_cgroup CGROUP - print how many processes are in it
in_cgroup() {
	wc -l <"$1/cgroup.procs"
}

# make_kin WHERE WAY... - have processes made in each WAY; N is how many there are
make_kin() {
	local where=$1 way

	shift
	for way; do
		order "$way" && wait_line 'made *' || return
		N=$((N + ${LINE#made }))
		check_record "$where, $way: the record counts $N processes" \
			"$VICTIM" processes=$N \
			state=running
	done
}

# begin_kin WHERE ATTACK [ARGUMENT] - start lie_kin as a container, by ATTACK
begin_kin() {
	VICTIM=victim$((${VICTIM#victim} + 1))
	N=1
	check "$1: the first process is ready" "$2" "$VICTIM" -- lie_kin "${@:3}"
}

# shellcheck disable=SC2086 # words
for where in space bare engine; do
	attack=attack_$where
	[ $where != engine ] || attack=attack
	begin_kin $where "$attack"
	make_kin $where $ways
	check_eq "$where: its cgroup has as many processes as the record" \
		"$(in_cgroup "$CGROUP")" $N
	check "$where: the module counts as many members" members_are "$N"
	# A container with a pid namespace: registering finds all that runs in it.
	if [ $where = space ]; then
		purserctl unregister "$VICTIM"
		check "$where: unregistering releases all its processes" members_are 0
		register "$VICTIM"
		check_record \
			"$where: registering again finds all its processes" "$VICTIM" processes="$N"
	fi
	end_by_stop >/dev/null 2>&1
	check_dead "$where, stopped" reason=stopped
done

# Processes that are born in another cgroup, or move there

mkdir "$BOX/elsewhere" || ktap_bail "cannot make a cgroup"
at_exit wait_for rmdir "$BOX/elsewhere"
for where in space bare; do
	begin_kin $where attack_$where "$BOX/elsewhere"
	make_kin $where cgroup session
	check_eq "$where: a process is born in another cgroup" \
		"$(in_cgroup "$BOX/elsewhere")" 1
	check "$where: the record counts it as outside" \
		wait_for record_is "$VICTIM" outside=1 processes=$N
	echo "$PID" >"$BOX/elsewhere/cgroup.procs"
	check "$where: a process that moves there is outside, too" \
		wait_for record_is "$VICTIM" outside=2 processes=$N
	make_kin $where orphan
	check "$where: a child that is born there is outside, too" \
		wait_for record_is "$VICTIM" outside=3
	echo "$PID" >"$CGROUP/cgroup.procs"
	check "$where: a process that comes back is not outside any more" \
		wait_for record_is "$VICTIM" outside=2 processes=$N
	end_by_stop >/dev/null 2>&1
	check_dead "$where, in two cgroups, stopped" reason=stopped
	check "$where: no process is left in the other cgroup" \
		wait_for nobody_in "$BOX/elsewhere"
done

check_unload
ktap_end
