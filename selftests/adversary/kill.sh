# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the tests of programs that are hard to kill: the ways to end a container,
# and a check that no process of it is left.
#
# Such a program says "ready" when its processes are in a state that is hard to kill.
# At the line "go" it takes a lot of memory; see survive.h.

# shellcheck source=adversary.sh
. "$(dirname "$0")/adversary.sh"

LIMIT_MIB=48	# their hard limit
# shellcheck disable=SC2034
TAKE_MIB=256	# how much they take
VICTIM=victim0	# the name of the last container

# --- Ways to end a container ---

# end_by_WAY() ends VICTIM: by its hard limit, or by a stop with or without a second of
# grace. purserctl fails if the container is ending already, which is fine.

end_by_limit() {
	order go
}

end_by_stop() {
	purserctl stop "$VICTIM" --time 0 --no-wait
	return 0
}

end_by_slow_stop() {
	purserctl stop "$VICTIM" --time 1 --no-wait
	return 0
}

end_by_engine() {
	engine stop "$VICTIM" --time 1
	return 0
}

# Lower the limit below the usage: for processes that do not run.
end_by_set() {
	request set name="$VICTIM" soft-limit=0 hard-limit=4096
}

# --- No process is left ---

# nobody_in CGROUP - no process is in it or below it, or the cgroup is gone
nobody_in() {
	! grep -qs '^populated 1$' "$1/cgroup.events"
}

members_are() {
	[[ $(purserctl info --json) == *"\"members\":$1,"* ]]
}

# clear_up - remove all that is left of VICTIM, whatever the checks have found
clear_up() {
	if [ -e "$CGROUP/cgroup.kill" ]; then
		echo 1 >"$CGROUP/cgroup.kill"
	fi
	wait_for live_is 0
	purserctl unregister "$VICTIM"
	exec {ORDERS}>&- {OUT}<&-
	if [ "$RUN_PID" ]; then
		live_is 0 || kill -KILL "$RUN_PID"
		wait "$RUN_PID"
		RUN_PID=
	fi
} >/dev/null 2>&1

# check_dead POINT KEY=VALUE... - VICTIM ends with these fields, and none of its
# processes is left
check_dead() {
	if wait_event "$VICTIM" exited; then
		check "$1: the record tells how the container ended" \
			fields_are "$EVENT" state=exited "${@:2}"
	else
		ktap_fail "$1: the container ends" "it runs on"
	fi
	check "$1: all its processes are dead" wait_for nobody_in "$CGROUP"
	check "$1: its record counts no process" \
		wait_for record_is "$VICTIM" processes=0
	check "$1: the module counts no member" wait_for members_are 0
	clear_up
}

# --- The whole check ---

# How the record must tell the end. A test changes these if its program ends by itself.
BY_LIMIT="reason=hard_limit_killed signal=9"
BY_STOP="reason=stopped"

# cannot - the program has exited because this kernel does not support the attack
cannot() {
	record_is "$VICTIM" exit_code=3
}

# survivor POINT WHERE END... -- COMMAND... - run COMMAND as a container and end it by
# end_by_END(), once for each END. WHERE is "bare" (registered, no pid namespace),
# "space" (registered, the first process of a pid namespace) or "engine" (engine run).
# PREPARE, if it is set, is a function that is called before the end.
survivor() {
	local point=$1 where=$2 ends=() end attack=attack_$2 want

	shift 2
	[ "$where" != engine ] || attack=attack
	while [ "$1" != -- ]; do
		ends+=("$1")
		shift
	done
	shift
	for end in "${ends[@]}"; do
		VICTIM=victim$((${VICTIM#victim} + 1))
		if ! "$attack" "$VICTIM" --hard-mib $LIMIT_MIB -- "$@"; then
			if cannot; then
				ktap_skip \
					"$point, $where: the attacker is ready" "this kernel does not support the attack"
			else
				ktap_fail "$point, $where: the attacker is ready"
			fi
			clear_up
			return
		fi
		[ "${PREPARE-}" = "" ] || "$PREPARE" ||
			ktap_fail "$point, $where: $PREPARE"
		"end_by_$end" >/dev/null 2>&1
		want=$BY_STOP
		[[ $end == *stop* || $end == engine ]] || want=$BY_LIMIT
		# The kernel kills all of a pid namespace with its first process.
		[ "$where" != bare ] || want+=" processes=0"
		# shellcheck disable=SC2086 # it is split into words
		check_dead "$point, $where, $end" $want
	done
}
