#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which attacks a user namespace (--userns auto) takes from a container, and which stay:
# the battery, quotas by user, setuid files, abstract sockets, modes of /proc.
# timeout: 900

. "$(dirname "$0")/battery.sh"
. "$(dirname "$0")/../lib/disk.sh"

FIRST=1500000000
DISK=$TEST_DIR/disk

mount_disk "$DISK"
chmod 0755 "$TEST_DIR" "$DISK"
BASE=$DISK/base

require_module
unset PURSER_QUIET
make_base || ktap_bail "cannot make a base"
cp "$PURSER_TEST_BIN"/{abstract,euid,user_quotas} "$BASE/bin/" ||
	ktap_bail "cannot copy the programs"
cp -a "$BASE" "$DISK/root"
mkdir "$DISK/state"
start_supervisor "$BASE" --state-dir "$DISK/state" --userns auto --userns-ids "$FIRST" ||
	ktap_bail "cannot start a supervisor"
begin_victim

# --- The battery ---

GROUPS_INSIDE=(files nodes mounts proc sys namespaces processes own kernel machine
	resources fifos)
GROUPS_OF_NETWORK=(sockets netlink)
TRY_ENV=(TRY_FILE="$TEST_DIR/file" TRY_VICTIM="$VICTIM"
	TRY_SUPERVISOR="$SUPERVISOR_PID" TRY_SOCKET="$RUN_DIR/engine.sock")
echo x >"$TEST_DIR/file"

# tries_in NAME [OPTION...] - make all tries in containers with these options; the outcomes
# go to the file NAME
tries_in() {
	local file=$TEST_DIR/$1

	shift
	engine run box "${TRY_ENV[@]/#/--env=}" "$@" -- /bin/tries "${GROUPS_INSIDE[@]}" \
		>"$file" 2>/dev/null &&
		engine run net --net host "${TRY_ENV[@]/#/--env=}" "$@" -- \
			/bin/tries "${GROUPS_OF_NETWORK[@]}" >>"$file" 2>/dev/null
}

# worse FILE - print the tries that succeed, and must not in a container of root of the host
worse() {
	local -A got=()
	local try want _

	outcomes "$1" got
	while IFS=$'\t' read -r try want _; do
		[ "${got[$try]-none}" != success ] || [ "$want" = success ] || echo "$try"
	done <"$TEST_DIR/wanted"
}

# stopped FILE - print the tries whose outcome is not that without any protection
stopped() {
	local -A got=()
	local try want want_off _

	outcomes "$1" got
	while IFS=$'\t' read -r try want want_off _; do
		[ "${got[$try]-none}" = "$want_off" ] || echo "$try"
	done <"$TEST_DIR/wanted"
}

tries --wanted "${GROUPS_INSIDE[@]}" "${GROUPS_OF_NETWORK[@]}" >"$TEST_DIR/wanted"
check "containers with a user namespace make the tries" tries_in default
check_eq "each try has an outcome" "$(wc -l <"$TEST_DIR/default")" "$(wc -l <"$TEST_DIR/wanted")"
check_eq "no try succeeds that fails without a user namespace" "$(worse "$TEST_DIR/default")" ""
bare=(--cap-add ALL --security-opt seccomp=unconfined
	--security-opt no-new-privileges=false)
check "they make the tries with all capabilities and without the filter" \
	tries_in bare "${bare[@]}"
check "they make them as root of the host, too" tries_in root --userns host "${bare[@]}"
stopped "$TEST_DIR/bare" | sort >"$TEST_DIR/stopped.bare"
stopped "$TEST_DIR/root" | sort >"$TEST_DIR/stopped.root"
comm -23 "$TEST_DIR/stopped.bare" "$TEST_DIR/stopped.root" >"$TEST_DIR/alone"
ktap_diag "the user namespace alone stops $(wc -l <"$TEST_DIR/alone") tries:"
while read -r try; do
	ktap_diag "  $try"
done <"$TEST_DIR/alone"
check "those are many" test "$(wc -l <"$TEST_DIR/alone")" -gt 10
check "the victim lives" kill -0 "$VICTIM"

# --- Quotas by user ---

took() {
	engine logs "$1" 2>/dev/null | grep -q "^$1\|^$2 "
}

# take NAME KIND OPTION... - let a container take all that it gets of a kind
take() {
	engine start "$1" "${@:3}" -- user_quotas "$2" >/dev/null ||
		ktap_bail "the container for $2 does not start"
	wait_for took "$1" "$2" || ktap_bail "$2: the container reaches no limit"
}

# one KIND - let root of the host take one
one() {
	"$PURSER_TEST_BIN/user_quotas" "$1" 1
}

mkdir -p /dev/mqueue
mountpoint -q /dev/mqueue || mount -t mqueue mqueue /dev/mqueue
# By default a container gets half of the host's limits of signals and queues: give it all.
all=(--ulimit sigpending="$(ulimit -i)" --ulimit msgqueue="$(ulimit -q)")
for kind in inotify signals queues; do
	error=EMFILE
	[ "$kind" != signals ] || error=EAGAIN
	take a "$kind" "${all[@]}"
	check_eq "$kind: a container takes all that it gets, and the host gets one" \
		"$(one $kind)" "$kind 1 -"
	engine stop a --signal KILL >/dev/null
	take a "$kind" "${all[@]}" --userns host
	check_eq "$kind: without a user namespace the host gets none" \
		"$(one $kind)" "$kind 0 $error"
	engine stop a --signal KILL >/dev/null
done
rm -f /dev/mqueue/quota-*
take a aio
check_eq "aio: the machine has one number of contexts" "$(one aio)" "aio 0 EAGAIN"
engine stop a --signal KILL >/dev/null

# --- Setuid files: on disk they belong to root ---

chmod 0755 "$DISK"
check_eq "a start warns of a root that users of the host can enter" \
	"$(engine run x "$DISK/root" -- sh -c 'cp /bin/euid /bin/own; chmod 4755 /bin/own' 2>&1)" \
	"engine: container \"x\": users of the host can enter its root $DISK/root, and can run setuid programs there as root: put it into a folder that only root may enter"
# shellcheck disable=SC2016
check_eq "a user of the host becomes root by a setuid program there" \
	"$(as_owner sh -c 'exec "$1"' - "$DISK/root/bin/own")" 0

# --- Abstract sockets ---

"$PURSER_TEST_BIN/abstract" listen of-the-host >"$TEST_DIR/abstract" &
at_exit kill $!
wait_for grep -qx ready "$TEST_DIR/abstract"
check_eq "a container on the host's network reaches an abstract socket" \
	"$(engine run x --net host -- abstract connect of-the-host)" connected
check "its server does not see root" test "$(tail -n 1 "$TEST_DIR/abstract" | tr -dc 0-9)" -ge "$FIRST"
engine run x --net host --userns host -- abstract connect of-the-host >/dev/null
check_eq "without a user namespace it sees root" "$(tail -n 1 "$TEST_DIR/abstract")" "uid 0"

# --- Modes of /proc ---

mode() {
	stat -c %a /proc/net/dev
}

was=$(mode)
check_eq "a container on the host's network cannot change the mode of its files in /proc" \
	"$(engine run x --net host -- chmod 0400 /proc/self/net/dev 2>&1 | grep -c 'not permitted'; mode)" \
	$'1\n'"$was"
engine run x --net host --userns host -- chmod 0400 /proc/self/net/dev >/dev/null 2>&1
check_eq "without a user namespace it can" "$(mode)" 400
chmod "$was" /proc/net/dev
check_eq "it cannot read what only root may read" \
	"$(engine run x -- sh -c 'cat /proc/slabinfo >/dev/null 2>&1 || echo closed')" closed
check_eq "without a user namespace it can" \
	"$(engine run x --userns host -- sh -c 'cat /proc/slabinfo >/dev/null 2>&1 || echo closed')" ""

ktap_end
