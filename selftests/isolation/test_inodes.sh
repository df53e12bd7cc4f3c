#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container changes no inode of the host through the files and descriptors that it gets.

. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor
make_owned_root "$TEST_DIR/root" || ktap_bail "cannot make a root"

# seen - print owner, mode and times of devices and files of /proc of the host, the latter
# in a new mount
seen() {
	stat -c '%n %a %u %g %z' /dev/{null,zero,full,random,urandom,tty}
	mkdir -p "$TEST_DIR/proc"
	mount -t proc proc "$TEST_DIR/proc" || return
	find "$TEST_DIR/proc" -mindepth 1 -maxdepth 1 -name '[a-z]*' \
		-printf '%p %m %U %G\n' | sort
	umount "$TEST_DIR/proc"
	# The kernel may lack time namespaces.
	find /proc/self/ns/ -name net -o -name user -o -name time | sort |
		xargs stat -L -c '%n %a %u %g'
}

seen >"$TEST_DIR/before"
check "the list of the host's inodes has /proc/meminfo" \
	grep -q '/proc/meminfo 444 0 0' "$TEST_DIR/before"

# changes - print the differences; fails if there are any
changes() {
	seen | diff "$TEST_DIR/before" -
}

# shellcheck disable=SC2016
touch='probe touch 0 /proc/[a-z]* /proc/self/ns/*; probe touch 1; probe touch 2'
check_status "a container changes all that it gets" \
	0 engine run one "$TEST_DIR/root" -- sh -c "$touch"
check "the container's stdin is a null device" log_has one "node: 20000 103"
check "the container can change the mode of its stdin" log_has one "fchmod: success"
check "the container has changed no inode of the host" changes

check_status "a container without a log changes all that it gets" \
	0 engine run two "$TEST_DIR/root" --log-driver none -- sh -c "$touch"
check "the container without a log has changed no inode of the host" changes
check "the host's /dev/null still works" \
	sh -c 'echo x >/dev/null && ! read -r x </dev/null'

# A container may change the inodes of its own output.
check_match "a container that changes its output's inodes starts" \
	"$(engine start three -- sh -c \
	'chmod 0 /proc/self/fd/1; chown 1 /proc/self/fd/2; echo up; sleep 1000')" started
wait_for log_has three up
die
next
check "the next supervisor takes it over" value_is three /state running
check "the next supervisor has its output" engine logs three

ktap_end
