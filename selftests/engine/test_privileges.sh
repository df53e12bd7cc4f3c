#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The user and the privileges of a container: --user, --cap-add, --cap-drop, --privileged,
# --security-opt.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

ROOT=$TEST_DIR/root
make_busybox_root "$ROOT"
echo 'web:x:33:34::/srv/web:/bin/sh' >>"$ROOT/etc/passwd"
printf 'root:x:0:\nweb:x:34:\nstaff:x:7:web\n' >"$ROOT/etc/group"

# prints NAME TEXT OPTION... -- COMMAND... - check what a container prints
prints() {
	local name=$1 want=$2 out

	shift 2
	out=$(engine run opt "$ROOT" "$@" 2>&1 >/dev/null) || true
	check_eq "$name" "$(engine logs opt)$out" "$want"
}

# shellcheck disable=SC2016 # the container expands it
prints "a name is looked up in the container" $'33 34 34 7\n/srv/web' -u web -- \
	sh -c 'echo $(id -u) $(id -g) $(id -G); echo $HOME'
# shellcheck disable=SC2016
prints "a number needs no entry" "4711 4712" -u 4711:4712 -- sh -c 'echo $(id -u) $(id -g)'
prints "that user can write to its output" out -u 33 -- sh -c 'echo out >/dev/stdout'
engine run opt "$ROOT" -- true
BEFORE=$(traces)
untraced "an unknown user is refused" 125 \
	'cannot run as user "none": there is no such user in the container'"'"'s /etc/passwd' \
	engine start none "$ROOT" -u none -- true

# bounding OPTION... - print the capabilities that a container can get
bounding() {
	engine run opt "$ROOT" "$@" -- grep CapBnd /proc/self/status &&
		engine logs opt | cut -f 2
}

check_eq "--cap-drop ALL with --cap-add" "$(bounding --cap-drop ALL --cap-add kill)" \
	0000000000000020
check_eq "--privileged has all that root of the host has" "$(bounding --privileged)" \
	"$(awk '$1 == "CapBnd:" { print $2 }' /proc/self/status)"
check "a container can mount only without the filter" \
	engine run mount "$ROOT" --cap-add SYS_ADMIN -- sh -c '! mount -t tmpfs x /tmp'
check "--security-opt seccomp=unconfined removes it" \
	engine run mount "$ROOT" --cap-add SYS_ADMIN --security-opt seccomp=unconfined -- \
	mount -t tmpfs x /tmp
printf '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[%s]}' \
	'{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO"}' >"$TEST_DIR/profile.json"
check "seccomp=FILE replaces the filter" engine run profile "$ROOT" \
	--security-opt "seccomp=$TEST_DIR/profile.json" -- sh -c '! mkdir /made'
check "it is kept with the request: start again" engine start profile
check "that ends as the first time" wait_for value_is profile /exit_code 0
echo '{"defaultAction":"NONE"}' >"$TEST_DIR/profile.json"
check_status "a profile that is not valid" 1 engine start bad "$ROOT" \
	--security-opt "seccomp=$TEST_DIR/profile.json" -- true
check_match "the error names the field" "$OUTPUT" \
	'container "bad": seccomp profile: linux.seccomp.defaultAction: "NONE" is unknown'
check "a privileged container can mount" \
	engine run mount "$ROOT" --privileged -- mount -t tmpfs x /tmp
check "it can make and use a device node" engine run dev "$ROOT" --privileged -- \
	sh -c 'mknod /zero c 1 5 && head -c 1 /zero >/dev/null'
check "another one cannot" engine run dev "$ROOT" --cap-add MKNOD -- \
	sh -c 'rm -f /zero; mknod /zero c 1 5; ! head -c 1 /zero >/dev/null'
prints "no-new-privileges=false" "NoNewPrivs:	0" \
	--security-opt no-new-privileges=false -- grep NoNewPrivs /proc/self/status

ktap_end
