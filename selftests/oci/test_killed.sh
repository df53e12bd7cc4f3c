#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# purser-oci is killed at many instants of each command. The state of the container stays
# right, no process runs that the kernel's table does not have, and "delete --force" leaves
# nothing. strace sends the SIGKILL when a system call of a certain kind begins.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/oci.sh"

require_oci

# killed CALL N COMMAND... - run purser-oci; kill it at its Nth call of that kind. Fail if
# it ends before.
killed() {
	local call=$1 n=$2 status=0

	shift 2
	strace -qq -o /dev/null -e "inject=$call:signal=KILL:when=$n" \
		purser-oci --root "$OCI_ROOT" "$@" </dev/null >"$TEST_DIR/out" 2>&1 ||
		status=$?
	[ "$status" = 137 ]
}

# in_a_container - the PIDs of processes that have the test's container's hostname: those
# of a container that was made
in_a_container() {
	local file

	for file in /proc/[0-9]*/root/this-is-the-root; do
		[ ! -e "$file" ] || echo "$file"
	done
}

no_process_left() {
	[ -z "$(in_a_container)" ]
}

touch "$ROOT/this-is-the-root"
bundle x sleep 100000

# clean CASE - what is left can be cleared, and is
clean() {
	if [ -e "$OCI_ROOT/x" ]; then
		oci state x >"$TEST_DIR/state" 2>&1 ||
			problems+="$1: state: $(<"$TEST_DIR/state")"$'\n'
	fi
	oci delete --force x >"$TEST_DIR/delete" 2>&1 ||
		problems+="$1: delete: $(<"$TEST_DIR/delete")"$'\n'
	wait_for no_process_left ||
		problems+="$1: a process is left: $(in_a_container)"$'\n'
	leaves_nothing x || problems+="$1: something is left"$'\n'
}

deaths=0
# every CALL COMMAND... - kill the command at its first call of that kind, its second ...
# until it ends. BEFORE is run before each, and after each it is cleaned up.
every() {
	local call=$1 n=1 problems=

	shift
	while $BEFORE && killed "$call" "$n" "$@" 2>/dev/null; do
		deaths=$((deaths + 1))
		clean "$call $n"
		n=$((n + STEP))
	done
	clean "$call, the end"
	check_eq "$1 can be killed at each $call" "$problems" ""
}

BEFORE=true STEP=1
for call in mkdirat renameat fsetxattr clone3 socketpair sendto sendmsg poll fchdir exit_group; do
	every "$call" create --bundle "$BUNDLE" x
done
BEFORE=true STEP=7
every openat create --bundle "$BUNDLE" x
every close create --bundle "$BUNDLE" x

# created - the container x waits to be started
created() {
	create x
}
BEFORE=created STEP=1
for call in connect sendmsg poll unlinkat exit_group; do
	every "$call" start x
done

# running - the container x runs
running() {
	create x && oci start x
}
BEFORE=running STEP=1
for call in clone3 sendto sendmsg poll; do
	every "$call" exec --detach x sleep 100000
done
for call in sendmsg unlinkat poll rmdir exit_group; do
	every "$call" delete --force x
done

check "purser-oci has died more than 40 times" test "$deaths" -gt 40
ktap_diag "$deaths deaths"
ktap_end
