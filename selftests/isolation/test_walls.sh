#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which part of a container's wall stops which try: the tries of test_battery are made in
# a container without the system call filter, and in one with all capabilities. Exactly
# those tries must succeed there that only the missing part stops.

. "$(dirname "$0")/battery.sh"

# All groups but those that need a supervisor.
GROUPS_OF_WALLS=(files nodes mounts proc sys namespaces processes own kernel machine
	sockets netlink resources)

require_engine
require_module
make_base || ktap_bail "cannot make a base"
begin_victim
# Debian's kernels restrict reading the kernel's log; others leave that to the filter.
restrict_log() {	# restrict_log 0|1
	echo "$1" >/proc/sys/kernel/dmesg_restrict
}
at_exit restrict_log "$(</proc/sys/kernel/dmesg_restrict)"
restrict_log 1
echo x >"$TEST_DIR/file"
TRY_ENV=(TRY_FILE="$TEST_DIR/file" TRY_VICTIM="$VICTIM" TRY_SUPERVISOR="$$"
	TRY_SOCKET="$TEST_DIR/file")

# without PART OPTION - make the tries without that part of the wall; a point for each
# try that succeeds or should
without() {
	local -A got=()
	local try want want_off lacks only n=0

	mkdir "$TEST_DIR/$1"
	check "without the $1: a container makes the tries" env \
		"${TRY_ENV[@]}" wall "$2" "$BASE" \
		"$TEST_DIR/$1" /bin/tries "${GROUPS_OF_WALLS[@]}"
	echo "$OUTPUT" >"$TEST_DIR/$1.got"
	outcomes "$TEST_DIR/$1.got" got
	while IFS=$'\t' read -r try want want_off lacks only; do
		if [ "$only" = "$1" ]; then
			check_alone "without the $1: $try" \
				"${got[$try]-none}" "$want_off" "$lacks"
		elif [ "${got[$try]-none}" = none ] ||
			[ "${got[$try]-none}" = "$want_off" ]; then
			ktap_fail "without the $1: $try is still stopped" \
				"${got[$try]-none}"
		else
			n=$((n + 1))
		fi
	done <"$TEST_DIR/wanted"
	ktap_diag "without the $1: $n tries are still stopped"
	check "without the $1: more than 100 tries are still stopped" \
		test "$n" -gt 100
}

# check_alone POINT GOT OFF LACKS - check that the outcome is that without protection
check_alone() {
	say_outcome "$3"
	if [ "$2" = "$3" ]; then
		ktap_pass "$1 $REPLY"
	elif [[ $2 =~ ^(ENOSYS|$4)$ ]]; then
		ktap_skip "$1 $REPLY" "this kernel does not support the try: $2"
	else
		ktap_fail "$1 $REPLY" "got: $2, want: $3"
	fi
}

tries --wanted "${GROUPS_OF_WALLS[@]}" >"$TEST_DIR/wanted"
without filter --no-filter
without capabilities --all-capabilities

ktap_end
