#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A user of the host, and root of that user's user namespace, can do nothing to a
# container of root and its supervisor. Root of the host shows that each try works.

. "$(dirname "$0")/battery.sh"

GROUPS_OUTSIDE=(processes outside)

begin_battery
chmod 0755 "$TEST_DIR"
cp "$TRIES" "$PURSER_BIN/engine" "$TEST_DIR/"

check "a container starts" engine start box -- sh -c \
	'echo x >/written; echo up; sleep 100000'
wait_for log_has box up
VICTIM=$(value box /pid)
cgroup=$(</proc/"$VICTIM"/cgroup)
written=$(find "$STATE_DIR" -name written)
check "the container's files and cgroup are found" \
	test -n "$written" -a -d "/sys/fs/cgroup${cgroup#*::}"
TRY_ENV=(TRY_VICTIM="$VICTIM" TRY_CGROUP="/sys/fs/cgroup${cgroup#*::}"
	TRY_LOG="$(value box /log)" TRY_LOG_DIR="$LOG_DIR"
	TRY_STATE_DIR="$STATE_DIR" TRY_RUN_DIR="$RUN_DIR" TRY_WRITTEN="$written"
	TRY_FIFOS="$(echo "$RUN_DIR"/containers/*)" TRY_SOCKET="$RUN_DIR/engine.sock")

as_root_of_namespace() {
	"${AS_OWNER[@]}" unshare --user --map-root-user "$@"
}

tries --outside --wanted "${GROUPS_OUTSIDE[@]}" >"$TEST_DIR/wanted"
check "root of the host makes the tries" \
	outside_of_all --outside "${GROUPS_OUTSIDE[@]}"
for who in as_owner as_root_of_namespace; do
	check "$who: makes the tries" tries_as "$who" "${GROUPS_OUTSIDE[@]}"
	compare_outcomes "$TEST_DIR/wanted" "$TEST_DIR/$who" "$TEST_DIR/off" "$who"
	for command in ps 'logs box' 'stop box' 'start other' 'run other'; do
		# shellcheck disable=SC2086
		check_match "$who: engine $command is refused" \
			"$("$who" "$TEST_DIR/engine" $command 2>&1; echo " $?")" \
			$'^engine: [^\n]*Permission denied\n [1-9]'
	done
done
check_eq "the container still runs" "$(value box /pid /state)" "$VICTIM running"

ktap_end
