#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
#
# The shim of a container, containerd and dockerd are killed: the kernel's table says what
# has become of the container, and what they leave can be removed.

[ "${PURSER_CALLERS:-}" ] || exec "$(dirname "$0")/../enter" "$(realpath "$0")"
. "$(dirname "$0")/../docker/docker.sh"

OPTIONS=(--bridge=none --iptables=false --ip-masq=false)
require_docker "${OPTIONS[@]}"
RUNTIME=purser

# begin NAME - a container in the background; sets ID and PID
begin() {
	ID=$(outcome dock_run --detach --name "$1" --network none bb sleep 1000)
	PID=$(inspect "$1" '{{.State.Pid}}')
}

# kill_all PATTERN - SIGKILL for all processes with such a command line, until they are gone
kill_all() {
	local pid

	for pid in $(pgrep -f "$1"); do
		kill -KILL "$pid"
		wait_for is_gone "$pid"
	done
}

# kill_daemons - dockerd and its containerd at once, which cannot clean up then
kill_daemons() {
	kill_all '^dockerd'
	wait "$DOCKERD" 2>/dev/null
	kill_all '^containerd --config'
	DOCKERD=
	rm -f /run/docker.pid /var/run/docker.pid
}

# What is left of the container: cgroups, and folders of purser-oci
left() {
	find /sys/fs/cgroup /run/docker -name "*$ID*" \
		'(' -path '/sys/*' -o -path '*/runtime-*' ')' 2>/dev/null
}

nothing_left() {
	[ -z "$(left)" ]
}

# containerd sees that the shim has ended, and calls "delete --force".
begin shim
record "the container runs" "$ID" running /state
kill_all "containerd-shim-runc-v2 .*-id $ID"
check "its shim is killed: containerd ends the container" wait_for is_gone "$PID"
record "the record says that its manager did" "$ID" 'stopped 9' /reason /signal
check "nothing is left" wait_for nothing_left
check "docker sees that it has ended" wait_for has_status exited shim
check_eq "docker rm" "$(outcome docker rm shim)" shim

# Nobody is there who could clean up.
begin all
kill_daemons
kill_all "containerd-shim-runc-v2 .*-id $ID"
record "all of them are killed: the record says that the container runs" "$ID" \
	"running $PID" /state /pid
root=$(dirname "$(left | grep /runtime- | head -n 1)")
check_eq "so says purser-oci state" \
	"$("$PURSER_OCI" --root "$root" state "$ID" | "$JSON" /status /pid)" "running $PID"
check "purser-oci delete --force removes it" \
	"$PURSER_OCI" --root "$root" delete --force "$ID"
check "its process is gone" is_gone "$PID"
check_eq "nothing is left" "$(left)" ''
start_docker "${OPTIONS[@]}"
check "the next dockerd sees that it has ended" wait_for has_status exited all
check_eq "docker rm" "$(outcome docker rm all)" all

# A stranger kills a container while no daemon lives.
begin stranger
kill_daemons
record "dockerd and containerd are killed: the container runs" "$ID" running /state
kill -KILL "$PID"
wait_for is_gone "$PID"
record "a stranger kills it: the record says who" "$ID" "killed 9 $$" \
	/reason /signal /killer/pid
start_docker "${OPTIONS[@]}"
check "the next dockerd sees that it has ended" wait_for has_status exited stranger
check_eq "docker rm" "$(outcome docker rm stranger)" stranger
check "nothing is left" wait_for nothing_left

ktap_end
