#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What root in a default container tries to get out of it, one try a point. Each is
# made in a container, and by root of the host where no protection is: there it has
# to come through. What the tries are is in tries/.

. "$(dirname "$0")/battery.sh"

GROUPS_INSIDE=(files nodes mounts proc sys namespaces processes own kernel machine
	resources fifos)
# The host's network, which a container has if it is asked for, is worth more.
GROUPS_OF_NETWORK=(sockets netlink)
ALL_GROUPS=("${GROUPS_INSIDE[@]}" "${GROUPS_OF_NETWORK[@]}")

begin_battery
TOLD=(TRY_FILE="$TEST_DIR/file" TRY_VICTIM="$VICTIM"
	TRY_SUPERVISOR="$SUPERVISOR_PID" TRY_SOCKET="$RUN_DIR/engine.sock")
echo x >"$TEST_DIR/file"

# tree - all that the base has
tree() {
	(cd "$BASE" && find . -printf '%p %m %u %g %l\n' | sort && cksum bin/tries)
}

before=$(tree)
# What it has of its base it then breaks.
# shellcheck disable=SC2016
check "the tries are made in a container" engine run box "${TOLD[@]/#/--env=}" \
	-- sh -c '/bin/tries "$@"; echo x >/bin/tries; chmod 0 /etc/passwd
		mv /bin/busybox /etc/; rm -rf /usr' sh "${GROUPS_INSIDE[@]}"
check "and in one on the host's network" engine run net --net host \
	"${TOLD[@]/#/--env=}" -- /bin/tries "${GROUPS_OF_NETWORK[@]}"
for name in box net; do
	engine logs "$name"
done >"$TEST_DIR/inside"
check "and outside of all" outside_of_all "${ALL_GROUPS[@]}"

tries --wanted "${ALL_GROUPS[@]}" >"$TEST_DIR/wanted"
compare_outcomes "$TEST_DIR/wanted" "$TEST_DIR/inside" "$TEST_DIR/off"

check "the victim lives" kill -0 "$VICTIM"

# A neighbour is as far away as the host.
check "a neighbour starts" engine start neighbour -- sleep 100000
TOLD=(TRY_VICTIM="$(value neighbour /pid)")
check "a container tries to reach it" engine run box "${TOLD[@]/#/--env=}" \
	-- /bin/tries processes
engine logs box >"$TEST_DIR/inside"
check "so does root of the host" outside_of_all processes
tries --wanted processes >"$TEST_DIR/wanted"
compare_outcomes "$TEST_DIR/wanted" "$TEST_DIR/inside" "$TEST_DIR/off" neighbour
check_eq "the neighbour lives" "$(value neighbour /state)" running

check_eq "what the container did to its base is not in the base" "$(tree)" "$before"

ktap_end
