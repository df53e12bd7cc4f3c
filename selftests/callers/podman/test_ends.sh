#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3000
#
# How containers of podman end with purser-oci, beside crun: what podman says and what the
# kernel's record says.

[ "${PURSER_CALLERS:-}" ] || exec "$(dirname "$0")/../enter" "$(realpath "$0")"
. "$(dirname "$0")/../podman/podman.sh"

require_podman

# begin ARGUMENT... - a container in the background; sets ID
begin() {
	ID=$(outcome pod run -d --name "$c" --network none "$@")
}

steps() {
	local c=e-$RUNTIME pid conmon

	begin bb sleep 1000
	kill -KILL "$(inspect "$c" '{{.State.Pid}}')"
	fact "a stranger kills it: exit code" "$(outcome pod wait "$c")" 137
	record "a stranger kills it: the record names the stranger" "$ID" "killed 9 $$" \
		/reason /signal /killer/pid
	pod rm "$c" >/dev/null

	begin --memory 32m --memory-swap 32m bb memory_hog 1 1
	fact "too much memory: exit code" "$(outcome pod wait "$c")" 137
	# conmon 2.1.6 does not see it; the record does.
	fact "too much memory: OOMKilled" "$(inspect "$c" '{{.State.OOMKilled}}')" 'true|false'
	record "too much memory: the record says so" "$ID" oom_killed /reason
	pod rm "$c" >/dev/null

	# crun knows nothing of the annotation: its container reaches the memory limit.
	begin --memory 64m --memory-swap 64m --annotation io.purser.hard-limit=50% \
		--annotation io.purser.soft-limit=16777216 bb memory_hog 1 10
	fact "a hard limit: exit code" "$(outcome pod wait "$c")" 137
	fact "a hard limit: OOMKilled" "$(inspect "$c" '{{.State.OOMKilled}}')" 'true|false'
	record "a hard limit: the record says so" "$ID" 'hard_limit_killed 16777216 33554432' \
		/reason /soft_limit /hard_limit
	pod rm "$c" >/dev/null

	begin bb sleep 1000
	fact "stop without a handler" "$(outcome pod stop --time 1 "$c" 2>&1 | tail -n 1)" \
		"$c|$ID"
	fact "stop without a handler: exit code" "$(inspect "$c" '{{.State.ExitCode}}')" 137
	record "stop without a handler: the record says that its manager asked for it" \
		"$ID" 'stopped 9' /reason /signal
	pod rm "$c" >/dev/null

	begin bb sleep 1000
	pid=$(inspect "$c" '{{.State.Pid}}')
	conmon=$(inspect "$c" '{{.State.ConmonPid}}')
	kill -KILL "$conmon"
	record "conmon is killed: the container runs" "$ID" running /state
	# podman 5 kills the container, and refuses to remove it without an exit status.
	fact "conmon is killed: rm --force" "$(outcome pod rm --force --time 0 "$c")" \
		"$c|$ID|.*conmon exited prematurely, exit code could not be retrieved.*"
	fact "conmon is killed: no process is left" "$(wait_for is_gone "$pid"; echo $?)" 0
	# podman does not call the runtime's delete if conmon is gone.
	fact "conmon is killed: what rm --force leaves" \
		"$(find /sys/fs/cgroup /run/purser-oci /run/crun -name "*$ID*" 2>/dev/null | grep -c .)" \
		'[0-2]'
	[ "$RUNTIME" = purser ] || return 0
	check "conmon is killed: delete --force removes that" "$PURSER_OCI" delete --force "$ID"
	check_eq "nothing is left" \
		"$(find /sys/fs/cgroup /run/purser-oci -name "*$ID*" 2>/dev/null)" ''
}

in_columns steps
ktap_end
