#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a container can change of what it is given: nothing of the host's.

. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor
make_owned_root "$TEST_DIR/root" || ktap_bail "no root"

# seen - owner, mode and times of what the host has, as one who looks anew sees it
seen() {
	stat -c '%n %a %u %g %z' /dev/{null,zero,full,random,urandom,tty}
	mkdir -p "$TEST_DIR/proc"
	mount -t proc proc "$TEST_DIR/proc" || return
	find "$TEST_DIR/proc" -mindepth 1 -maxdepth 1 -name '[a-z]*' \
		-printf '%p %m %U %G\n' | sort
	umount "$TEST_DIR/proc"
	# A kernel may have none for time.
	find /proc/self/ns/ -name net -o -name user -o -name time | sort |
		xargs stat -L -c '%n %a %u %g'
}

seen >"$TEST_DIR/before"
check "there is much to change" grep -q '/proc/meminfo 444 0 0' "$TEST_DIR/before"

# changes - what is not as it was
changes() {
	seen | diff "$TEST_DIR/before" -
}

# shellcheck disable=SC2016
touch='probe touch 0 /proc/[a-z]* /proc/self/ns/*; probe touch 1; probe touch 2'
check_status "a container changes what it is given" 0 \
	engine run one "$TEST_DIR/root" -- sh -c "$touch"
check "its stdin is a null device" log_has one "node: 20000 103"
check "that is its own" log_has one "fchmod: success"
check "nothing of the host has changed" changes

check_status "so does one that keeps no log" 0 \
	engine run two "$TEST_DIR/root" --log-driver none -- sh -c "$touch"
check "nothing of the host has changed" changes
check "it is still what it was" sh -c 'echo x >/dev/null && ! read -r x </dev/null'

# Whose output they are, they may be changed by.
check_match "one that has its output changed" "$(engine start three -- sh -c \
	'chmod 0 /proc/self/fd/1; chown 1 /proc/self/fd/2; echo up; sleep 1000')" started
wait_for log_has three up
die
next
check "is taken over" value_is three /state running
check "with its output" engine logs three

ktap_end
