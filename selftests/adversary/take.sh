# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests share whose attackers take memory: how one is stopped, and that it
# would not have been without the limits.

# shellcheck source=adversary.sh
. "$(dirname "$0")/adversary.sh"

# In MiB: the hard limit; the wall that engine puts behind it; how much an attacker takes that the hard
# limit is to stop, and one that the wall is to stop.
# shellcheck disable=SC2034
HARD=32 WALL=96 MORE=96 MUCH=144

# The programs exit with this where the kernel has no such way.
CANNOT=3

# Containers' cgroups are gone when they have ended; the one above them remembers how
# much was in it at most.
BOXES=1
ABOVE=$BOX/engine

# peak - bytes that the cgroup of the last attacker has held at most
peak() {
	case $CGROUP in
	"$ABOVE"/*) bytes_in "$ABOVE/memory.peak" ;;
	*) bytes_in "$CGROUP/memory.peak" ;;
	esac
}

# forget_peak - another supervisor with another cgroup above its containers
forget_peak() {
	BOXES=$((BOXES + 1))
	ABOVE=$BOX/engine$BOXES
	stop_supervisor || ktap_bail "the supervisor does not stop"
	require_supervisor "$PURSER_ROOTFS" --cgroup-root "$ABOVE"
}

# is_end REASON - of EVENT: "hard" is the hard limit, "wall" its cgroup's
is_end() {
	case $1 in
	hard) fields_are "$EVENT" reason=hard_limit_killed ;;
	wall) fields_are "$EVENT" reason=oom_killed oom_scope=cgroup ;;
	esac
}

# never_above MIB - neither the record's peak nor the cgroup's. Each CPU charges up to
# 256 KiB in advance, which memory.peak has.
never_above() {
	local bound=$(($1 * MIB + MIB / 2 + $(nproc) * MIB / 4)) have ok=0

	have=$(peak) && field "$EVENT" peak || return
	[ "$REPLY" -le $bound ] || { echo "the record's peak is $REPLY"; ok=1; }
	[ "$have" -le $bound ] || { echo "the cgroup has held $have"; ok=1; }
	return $ok
}

# check_never_above NAME [MIB] - and the next attack does not suffer from this one
check_never_above() {
	[ $# -gt 1 ] || return
	check "$1: has never held more than $2 MiB" never_above "$2"
	[[ $CGROUP != "$ABOVE"/* || $OUTPUT != *"cgroup has held"* ]] || forget_peak
}

# check_stopped NAME REASON [MIB] - the last attacker is let go. It ends for that
# reason, "hard" or "wall", and has never held more than so much
check_stopped() {
	order go
	if ! wait_event "$1" exited; then
		ktap_fail "$1: is stopped by the $2 limit" \
			"it lives: $(purserctl show "$1")"
		finish "$1"
		check_never_above "$1" ${3:+"$3"}
		return
	fi
	gone
	if fields_are "$EVENT" exit_code=$CANNOT >/dev/null; then
		ktap_skip "$1: is stopped" "this kernel has no such way"
		return
	fi
	check "$1: is stopped by the $2 limit" is_end "$2"
	check_never_above "$1" ${3:+"$3"}
}

# check_works NAME MIB [CGROUP] - the last attacker is let go, and nothing limits it:
# it says that it has so much, and the cgroup (its own, or that one) holds it
check_works() {
	order go
	if ! wait_line 'holds *'; then
		if wait_event "$1" exited && gone &&
		   fields_are "$EVENT" exit_code=$CANNOT >/dev/null; then
			ktap_skip "$1: works without limits" \
				"this kernel has no such way"
		else
			ktap_fail "$1: works without limits" "$EVENT"
		fi
		return
	fi
	check "$1: works without limits: it has $2 MiB" \
		test "${LINE#holds }" -ge $(($2 * MIB))
	check "$1: its cgroup holds them" test \
		"$(bytes_in "${3:-$CGROUP}/memory.current")" -ge $(($2 * MIB))
	finish "$1" "${@:3}"
}

# attack_limited NAME COMMAND... - in a default container
attack_limited() {
	attack "$1" --soft-mib 0 --hard-mib $HARD -- "${@:2}"
}

# attack_unlimited NAME COMMAND... - likewise, without a limit, and so without a wall
attack_unlimited() {
	attack "$1" --soft-mib 0 --hard-mib 0 -- "${@:2}"
}
