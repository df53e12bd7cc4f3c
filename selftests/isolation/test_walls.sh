#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which part of a container's wall holds what: the tries of test_battery are made in
# containers without the filter of system calls, and with all capabilities. What
# comes through then is what that part holds alone, and nothing else.

. "$(dirname "$0")/battery.sh"

# All but those that need a supervisor.
GROUPS_OF_WALLS=(files nodes mounts proc sys namespaces processes own kernel machine
	sockets netlink resources)

require_engine
require_module
make_base || ktap_bail "no base"
begin_victim
echo x >"$TEST_DIR/file"
TOLD=(TRY_FILE="$TEST_DIR/file" TRY_VICTIM="$VICTIM" TRY_SUPERVISOR="$$"
	TRY_SOCKET="$TEST_DIR/file")

# without PART OPTION - a point for each try that comes through, or should
without() {
	local -A got=()
	local try want want_off lacks only n=0

	mkdir "$TEST_DIR/$1"
	check "without the $1 the tries are made" env "${TOLD[@]}" wall "$2" "$BASE" \
		"$TEST_DIR/$1" /bin/tries "${GROUPS_OF_WALLS[@]}"
	echo "$OUTPUT" >"$TEST_DIR/$1.got"
	outcomes "$TEST_DIR/$1.got" got
	while IFS=$'\t' read -r try want want_off lacks only; do
		if [ "$only" = "$1" ]; then
			check_alone "$try" "${got[$try]-none}" "$want_off" "$lacks"
		elif [ "${got[$try]-none}" = none ] ||
			[ "${got[$try]-none}" = "$want_off" ]; then
			ktap_fail "$try: held without the $1" "${got[$try]-none}"
		else
			n=$((n + 1))
		fi
	done <"$TEST_DIR/wanted"
	ktap_diag "$n tries are held without the $1"
	check "without the $1 more is held than comes through" test "$n" -gt 100
}

# check_alone TRY GOT OFF LACKS
check_alone() {
	if [ "$2" = "$3" ]; then
		ktap_pass "$1: comes through"
	elif [[ $2 =~ ^(ENOSYS|$4)$ ]]; then
		ktap_skip "$1" "this kernel has no such thing: $2"
	else
		ktap_fail "$1: comes through" "got: $2, want: $3"
	fi
}

tries --wanted "${GROUPS_OF_WALLS[@]}" >"$TEST_DIR/wanted"
without filter --no-filter
without capabilities --all-capabilities

ktap_end
