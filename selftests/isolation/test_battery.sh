#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Root in a default container cannot get out of it: one try a point. Each try is made in
# a container, and by root of the host without the protection, where it must succeed. The
# tries are in tries/.

. "$(dirname "$0")/battery.sh"

GROUPS_INSIDE=(files nodes mounts proc sys namespaces processes own kernel machine
	resources fifos)
# These are made in a container on the host's network, where they could do more harm.
GROUPS_OF_NETWORK=(sockets netlink)
ALL_GROUPS=("${GROUPS_INSIDE[@]}" "${GROUPS_OF_NETWORK[@]}")

begin_battery
TRY_ENV=(TRY_FILE="$TEST_DIR/file" TRY_VICTIM="$VICTIM"
	TRY_SUPERVISOR="$SUPERVISOR_PID" TRY_SOCKET="$RUN_DIR/engine.sock")
echo x >"$TEST_DIR/file"

# tree - print all files of the base
tree() {
	(cd "$BASE" && find . -printf '%p %m %u %g %l\n' | sort && cksum bin/tries)
}

before=$(tree)
# After the tries the container breaks all that it has from the base.
# shellcheck disable=SC2016
check "a container makes the tries" engine run box "${TRY_ENV[@]/#/--env=}" \
	-- sh -c '/bin/tries "$@"; echo x >/bin/tries; chmod 0 /etc/passwd
		mv /bin/busybox /etc/; rm -rf /usr' sh "${GROUPS_INSIDE[@]}"
check "a container on the host's network makes the tries" engine run net --net host \
	"${TRY_ENV[@]/#/--env=}" -- /bin/tries "${GROUPS_OF_NETWORK[@]}"
for name in box net; do
	engine logs "$name"
done >"$TEST_DIR/inside"
check "root of the host makes the tries" outside_of_all "${ALL_GROUPS[@]}"

tries --wanted "${ALL_GROUPS[@]}" >"$TEST_DIR/wanted"
compare_outcomes "$TEST_DIR/wanted" "$TEST_DIR/inside" "$TEST_DIR/off"

check "the victim lives" kill -0 "$VICTIM"

# Another container is as unreachable as the host.
check "a neighbour starts" engine start neighbour -- sleep 100000
TRY_ENV=(TRY_VICTIM="$(value neighbour /pid)")
check "a container makes the tries with a neighbour" engine run box \
	"${TRY_ENV[@]/#/--env=}" \
	-- /bin/tries processes
engine logs box >"$TEST_DIR/inside"
check "root of the host makes the tries with the neighbour" outside_of_all processes
tries --wanted processes >"$TEST_DIR/wanted"
compare_outcomes "$TEST_DIR/wanted" "$TEST_DIR/inside" "$TEST_DIR/off" neighbour
check_eq "the neighbour lives" "$(value neighbour /state)" running

check_eq "the base is unchanged" "$(tree)" "$before"

ktap_end
