# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests share of programs that will not die: the ways to end a container, and
# that nothing of it is left.
#
# Such a program says "ready" when its processes are in a state that is hard to kill,
# and takes a lot of memory at the line "go"; see survive.h.

# shellcheck source=adversary.sh
. "$(dirname "$0")/adversary.sh"

LIMIT_MIB=48	# what they may have
# shellcheck disable=SC2034
TAKE_MIB=256	# and what they take
VICTIM=victim0	# the last one

# attack_space NAME [REGISTER-OPTION...] -- COMMAND... - as attack_bare(), but the
# process is the first one of a pid namespace
attack_space() {
	local name=$1 options=()

	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	make_cgroup "$name" && rm -f "$TEST_DIR/orders" &&
		mkfifo "$TEST_DIR/orders" && exec {ORDERS}<>"$TEST_DIR/orders" ||
		return
	RUN_PID=
	exec {OUT}< <(exec spawn --pidns --hold "$@" <"$TEST_DIR/orders")
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID && echo "$PID" >"$CGROUP/cgroup.procs" &&
		register "$name" ${options[@]+"${options[@]}"} && release "$PID" &&
		wait_line ready
}

# --- Ends ---

# A limit that it crosses, and stops, with a second of grace or none. One that is
# ending already refuses a stop, and dies of it all the same.

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

# A limit that is lowered below what it has: for those who do not run.
end_by_set() {
	request set name="$VICTIM" soft-limit=0 hard-limit=4096
}

# --- Nothing is left ---

# nobody_in CGROUP - not in those below it either; one that has gone has nobody
nobody_in() {
	! grep -qs '^populated 1$' "$1/cgroup.events"
}

members_are() {
	[[ $(purserctl info --json) == *"\"members\":$1,"* ]]
}

# Whatever was found: the next attacker has the machine for itself.
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

# check_dead POINT KEY=VALUE... - the victim ends so, and no process of it is left
check_dead() {
	if wait_event "$VICTIM" exited; then
		check "$1: so it ends" fields_are "$EVENT" state=exited "${@:2}"
	else
		ktap_fail "$1: so it ends" "there is no end"
	fi
	check "$1: all its processes are dead" wait_for nobody_in "$CGROUP"
	check "$1: the books have none" wait_for record_is "$VICTIM" processes=0
	check "$1: nor has the module" wait_for members_are 0
	clear_up
}

# --- All of it ---

# What an end must be, where the program does not decide it itself: in these a test
# may have another one.
BY_LIMIT="reason=hard_limit_killed signal=9"
BY_STOP="reason=stopped"

# cannot - the program has said that this kernel has no such way
cannot() {
	record_is "$VICTIM" exit_code=3
}

# survivor POINT WHERE END... -- COMMAND... - COMMAND as a container, once for each
# END; WHERE is bare, space (a pid namespace) or engine
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
				ktap_skip "$point, $where" "not on this kernel"
			else
				ktap_fail "$point, $where" "it does not begin"
			fi
			clear_up
			return
		fi
		[ "${PREPARE-}" = "" ] || "$PREPARE" ||
			ktap_fail "$point, $where: $PREPARE"
		"end_by_$end" >/dev/null 2>&1
		want=$BY_STOP
		[[ $end == *stop* || $end == engine ]] || want=$BY_LIMIT
		# A namespace's first process ends it, and takes the others along.
		[ "$where" != bare ] || want+=" processes=0"
		# shellcheck disable=SC2086 # words
		check_dead "$point, $where, $end" $want
	done
}
