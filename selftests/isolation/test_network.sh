#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container can reach no server, unless it is on the host's network.

# shellcheck source=isolation.sh
. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
cp "$PURSER_TEST_BIN/abstract" "$TEST_DIR/root/bin/" ||
	ktap_bail "cannot copy the program"

ip link set lo up
"$PURSER_TEST_BIN/abstract" listen of-the-host >"$TEST_DIR/abstract" &
at_exit kill $!
wait_for grep -qx ready "$TEST_DIR/abstract"
busybox nc -ll -p 79 -e true >/dev/null 2>&1 &
at_exit kill $!
listens() {
	busybox netstat -ltn | grep -q ':79 '
}
wait_for listens

# shellcheck disable=SC2016
tries='echo "abstract $(abstract connect of-the-host)"
nc 127.0.0.1 79 </dev/null >/dev/null 2>&1 && echo "loopback connected"
ip address add 10.9.8.7/24 dev lo 2>/dev/null || echo "address refused"
ip link set lo down 2>/dev/null || echo "interface refused"'

# reached NAME OPTION... - print what a container with these options reaches
reached() {
	engine run "$1" "$TEST_DIR/root" "${@:2}" -- sh -c "$tries" &&
		engine logs "$1"
}

check_eq "a container without options reaches no server" \
	"$(reached alone)" \
	$'abstract ECONNREFUSED\naddress refused\ninterface refused'
check_eq "the host's server has no client" "$(<"$TEST_DIR/abstract")" ready
check_eq "a container with --net none reaches no server" \
	"$(reached none --net none | grep '^abstract\|^loopback')" \
	"abstract ECONNREFUSED"
check_eq \
	"a container on the host's network reaches servers but cannot change the network" \
	"$(reached host --net host)" \
	$'abstract connected\nloopback connected\naddress refused\ninterface refused'
check_eq "the host's server sees the container's root as uid 0" \
	"$(<"$TEST_DIR/abstract")" $'ready\nuid 0'

check_eq "a container's loopback interface is up" \
	"$(engine run lo "$TEST_DIR/root" -- ip -o link && engine logs lo |
		grep -c 'lo: <LOOPBACK,UP,LOWER_UP>')" 1
# Kernels with tunnel drivers give each namespace tunnel interfaces that are down.
check_eq "no other interface of a container is up" \
	"$(engine logs lo | grep -v ' lo: ' | grep -c '[<,]UP[,>]')" 0

ktap_end
