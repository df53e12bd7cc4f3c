#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Members of containers cannot change the table, by netlink or by ioctl, also when
# they have entered namespaces or have lost the first process. The tests in access/
# try more requests from ordinary members.

. "$(dirname "$0")/kill.sh"

begin sweep_ms=100
PATH=$PURSER_BUILD/tests/bin/ioctl:$PATH

spawn on_signal 15 default
wait_line ready
OTHER=$PID

# The script of a member: it reads a line, tries every request and lives on.
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
mkfifo "$TEST_DIR/go" || ktap_bail "cannot make a FIFO"
exec {GO}<>"$TEST_DIR/go"

want="register EPERM
register EPERM
unregister EPERM
set EPERM
ioctl EPERM
ioctl EPERM
ioctl EPERM"

# check_liar POINT ATTACK COMMAND... - run the script by COMMAND, as a container that
# ATTACK starts, and check that it is refused. PREPARE is called before it tries.
check_liar() {
	local point=$1 attack=$2 said=()

	VICTIM=victim$((${VICTIM#victim} + 1))
	"$attack" "$VICTIM" --hard-mib 512 -- "${@:3}" bash "$TEST_DIR/try" \
		"$TEST_DIR/go" "$VICTIM" || ktap_bail "cannot start the container"
	[ -z "${PREPARE-}" ] || "$PREPARE" || ktap_fail "$point: $PREPARE"
	echo go >&"$GO"
	while wait_line '[a-z]*' && [ "$LINE" != tried ]; do
		said+=("${LINE%% -:*}")
	done
	check_eq "$point is refused every request" \
		"$(printf '%s\n' "${said[@]-}")" "$want"
	check_record "$point: the record is unchanged" \
		"$VICTIM" state=running hard_limit=$((512 * MIB))
	end_by_stop
	check_dead "$point"
} 2>/dev/null

# Each prints "ready" and runs the script, in the same process or in a child.

say_ready='echo ready; exec "$@"'
say_ready_and_leave='"$@" & echo ready; wait'

kill_first() {
	kill -KILL "$PID" && wait_for is_gone "$PID" &&
		record_is "$VICTIM" state=running processes=1
}

check_liar "the first process" attack_bare bash -c "$say_ready" bash
check_liar "the first process of a pid namespace" \
	attack_space bash -c "$say_ready" bash
check_liar "a process that has entered other namespaces" \
	attack_space bash -c "$say_ready" bash nsenter -t 1 -m -u -i -C
check_liar "root of a new user namespace" \
	attack_bare bash -c "$say_ready" bash unshare --user --map-root-user env
PREPARE=kill_first
check_liar "a member whose first process is dead" \
	attack_bare bash -c "$say_ready_and_leave" bash setsid

check_eq "no container is left running" \
	"$(purserctl list --json --state running)" "[]"
kill -KILL "$OTHER"
check_unload
ktap_end
