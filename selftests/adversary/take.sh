# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the tests of attackers that take memory: check that a limit stops the
# attacker, and that the same attack works without limits.

# shellcheck source=adversary.sh
. "$(dirname "$0")/adversary.sh"

# The wall is the limit that engine sets behind the hard limit: memory.max of the
# container's cgroup. All sizes are in MiB.
# shellcheck disable=SC2034
{
HARD=32		# the hard limit
WALL=96		# the wall that engine sets for it
MORE=96		# how much an attacker takes that the hard limit must stop
MUCH=144	# how much an attacker takes that the wall must stop
}

# The exit status of an attacker if the kernel does not support the attack.
CANNOT=3

# The cgroup of a container is gone when it has ended. Its parent, which each
# supervisor of the test has for itself, keeps the peak.
BOXES=1
ABOVE=$BOX/engine

# peak - print the most bytes that the cgroup of the last attacker has ever held
peak() {
	case $CGROUP in
	"$ABOVE"/*) bytes_in "$ABOVE/memory.peak" ;;
	*) bytes_in "$CGROUP/memory.peak" ;;
	esac
}

# forget_peak - start a new supervisor with a new cgroup above its containers
forget_peak() {
	BOXES=$((BOXES + 1))
	ABOVE=$BOX/engine$BOXES
	stop_supervisor || ktap_bail "the supervisor does not stop"
	require_supervisor "$PURSER_ROOTFS" --cgroup-root "$ABOVE"
}

# is_end hard|wall - EVENT tells that the hard limit or the wall ended the container
is_end() {
	case $1 in
	hard) fields_are "$EVENT" reason=hard_limit_killed ;;
	wall) fields_are "$EVENT" reason=oom_killed oom_scope=cgroup ;;
	esac
}

# never_above MIB - neither the peak in the record nor that of the cgroup is larger.
# memory.peak contains up to 256 KiB that each CPU charges in advance.
never_above() {
	local bound=$(($1 * MIB + MIB / 2 + $(nproc) * MIB / 4)) have ok=0

	have=$(peak) && field "$EVENT" peak || return
	[ "$REPLY" -le $bound ] || { echo "the record's peak is $REPLY"; ok=1; }
	[ "$have" -le $bound ] || { echo "the cgroup has held $have"; ok=1; }
	return $ok
}

# check_never_above NAME [MIB] - check never_above(), and forget a peak that is too high
check_never_above() {
	[ $# -gt 1 ] || return
	check "$1: it never holds more than $2 MiB" never_above "$2"
	[[ $CGROUP != "$ABOVE"/* || $OUTPUT != *"cgroup has held"* ]] || forget_peak
}

# check_stopped NAME hard|wall [MIB] - tell the last attacker to go, and check that the
# hard limit or the wall ends it, and that it never holds more than MIB
check_stopped() {
	order go
	if ! wait_event "$1" exited; then
		ktap_fail "$1: the $2 limit stops it" \
			"it runs on: $(purserctl show "$1")"
		finish "$1"
		check_never_above "$1" ${3:+"$3"}
		return
	fi
	gone
	if fields_are "$EVENT" exit_code=$CANNOT >/dev/null; then
		ktap_skip "$1: the $2 limit stops it" \
			"this kernel does not support the attack"
		return
	fi
	check "$1: the $2 limit stops it" is_end "$2"
	check_never_above "$1" ${3:+"$3"}
}

# check_works NAME MIB [CGROUP] - tell the last attacker, which has no limits, to go,
# and check that it gets MIB: it says so, and CGROUP (by default its own) holds as much
check_works() {
	order go
	if ! wait_line 'holds *'; then
		if wait_event "$1" exited && gone &&
		   fields_are "$EVENT" exit_code=$CANNOT >/dev/null; then
			ktap_skip "$1: without limits it gets $2 MiB" \
				"this kernel does not support the attack"
		else
			ktap_fail "$1: without limits it gets $2 MiB" "$EVENT"
		fi
		return
	fi
	check "$1: without limits it gets $2 MiB" \
		test "${LINE#holds }" -ge $(($2 * MIB))
	check "$1: its cgroup holds $2 MiB" test \
		"$(bytes_in "${3:-$CGROUP}/memory.current")" -ge $(($2 * MIB))
	finish "$1" "${@:3}"
}

# attack_limited NAME COMMAND... - run COMMAND in a container with the limit HARD
attack_limited() {
	attack "$1" --soft-mib 0 --hard-mib $HARD -- "${@:2}"
}

# attack_unlimited NAME COMMAND... - run COMMAND in a container without limit and wall
attack_unlimited() {
	attack "$1" --soft-mib 0 --hard-mib 0 -- "${@:2}"
}
