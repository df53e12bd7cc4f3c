#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Members of containers write nothing into the books, whoever is left of them: they
# register neither themselves nor others, by netlink or by ioctl. What access/ has of
# that is not done here again.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100
PATH=$PURSER_BUILD/tests/bin/ioctl:$PATH

spawn on_signal 15 default
wait_line ready
OTHER=$PID

# Each tries all of it, when there is a line to be read; the last one of them lives on.
cat >"$TEST_DIR/try" <<EOF
read -r _ <"\$1" || exit
echo "register \$(request register name=lie pid=$OTHER 2>&1)"
echo "register \$(request register name=lie pid=\$\$ 2>&1)"
echo "unregister \$(request unregister name="\$2" 2>&1)"
echo "set \$(request set name="\$2" hard-limit=0 2>&1)"
echo "ioctl \$(monitor register $OTHER lie 2>&1)"
echo "ioctl \$(monitor register \$\$ lie 2>&1)"
echo "ioctl \$(monitor unregister $OTHER "\$2" 2>&1)"
echo tried
sleep 1000
EOF
mkfifo "$TEST_DIR/go" || ktap_bail "no FIFO"
exec {GO}<>"$TEST_DIR/go"

want="register EPERM
register EPERM
unregister EPERM
set EPERM
ioctl EPERM
ioctl EPERM
ioctl EPERM"

# check_liar POINT ATTACK COMMAND... - COMMAND with the script and its arguments, as a
# container whose first process may have gone when it tries
check_liar() {
	local point=$1 attack=$2 said=()

	VICTIM=victim$((${VICTIM#victim} + 1))
	"$attack" "$VICTIM" --hard-mib 512 -- "${@:3}" bash "$TEST_DIR/try" \
		"$TEST_DIR/go" "$VICTIM" || ktap_bail "no container"
	[ -z "${PREPARE-}" ] || "$PREPARE" || ktap_fail "$point: $PREPARE"
	echo go >&"$GO"
	while wait_line '[a-z]*' && [ "$LINE" != tried ]; do
		said+=("${LINE%% -:*}")
	done
	check_eq "$point" "$(printf '%s\n' "${said[@]-}")" "$want"
	check_record "$point: the record is as it was" "$VICTIM" state=running \
		hard_limit=$((512 * MIB))
	end_by_stop
	check_dead "$point"
} 2>/dev/null

# With a word before, and the script behind

say_ready='echo ready; exec "$@"'
say_ready_and_leave='"$@" & echo ready; wait'

kill_first() {
	kill -KILL "$PID" && wait_for is_gone "$PID" &&
		record_is "$VICTIM" state=running processes=1
}

check_liar "the first process" attack_bare bash -c "$say_ready" bash
check_liar "the first of a namespace" attack_space bash -c "$say_ready" bash
check_liar "one that has entered what it could" attack_space bash -c \
	"$say_ready" bash nsenter -t 1 -m -u -i -C
check_liar "one of a user namespace below" attack_bare bash -c \
	"$say_ready" bash unshare --user --map-root-user env
PREPARE=kill_first
check_liar "one that has lost the first process" attack_bare bash -c \
	"$say_ready_and_leave" bash setsid

check_eq "nothing came of it all" "$(purserctl list --json --state running)" "[]"
kill -KILL "$OTHER"
check_unload
ktap_end
