# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the two nodes of a swarm share. A node runs in a virtual machine of its own. The
# folder $PURSER_VM_SHARED, which both see, has a file for each thing that one node
# waits for.

. "$(dirname "${BASH_SOURCE[0]}")/../docker/docker.sh"

WAIT_CAP=900

# show COMMAND... - print a command and its output
show() {
	printf '\n# %s\n' "$*"
	"$@" 2>&1
}

# tell NAME [TEXT] - tell the other node
tell() {
	printf '%s' "${2:-}" >"$PURSER_VM_SHARED/$1.new"
	mv "$PURSER_VM_SHARED/$1.new" "$PURSER_VM_SHARED/$1"
}

# hear NAME - wait until the other node tells that; print its text
hear() {
	wait_for test -e "$PURSER_VM_SHARED/$1" || ktap_bail "the other node does not tell: $1"
	cat "$PURSER_VM_SHARED/$1"
}

# start_node NAME ADDRESS - bring up the network and the daemon
start_node() {
	hostname "$1"
	modprobe virtio_net || ktap_bail "no network device"
	ip link set lo up
	ip link set eth0 up
	ip address add "$2/24" dev eth0 || ktap_bail "no network"
	require_docker --bridge=none --iptables=false --ip-masq=false
}

# live - the names of the running containers in the kernel's table, sorted
live() {
	purserctl list --json --state running | grep -o '"name":"[^"]*"' | cut -d '"' -f 4 |
		sort
}

# tasks - the ids of the containers that this node's daemon says run, sorted
tasks() {
	docker ps --no-trunc --quiet | sort
}

# alike - the table and the daemon name the same containers
alike() {
	[ "$(live)" = "$(tasks)" ]
}
