#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who can be reached from a container: nobody, unless it is on the host's network.

# shellcheck source=isolation.sh
. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
cp "$PURSER_TEST_BIN/abstract" "$TEST_DIR/root/bin/" || ktap_bail "no program"

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

# reached NAME OPTION... - what a container with these options reaches
reached() {
	engine run "$1" "$TEST_DIR/root" "${@:2}" -- sh -c "$tries" &&
		engine logs "$1"
}

check_eq "without options a container reaches nobody" \
	"$(reached alone)" \
	$'abstract ECONNREFUSED\naddress refused\ninterface refused'
check_eq "the host's server has had no client" "$(<"$TEST_DIR/abstract")" ready
check_eq "--net none is the same" \
	"$(reached none --net none | grep '^abstract\|^loopback')" \
	"abstract ECONNREFUSED"
check_eq "on the host's network it reaches the host's servers, and changes nothing" \
	"$(reached host --net host)" \
	$'abstract connected\nloopback connected\naddress refused\ninterface refused'
check_eq "as root, who the host's root is" "$(<"$TEST_DIR/abstract")" $'ready\nuid 0'

check_eq "it has a loopback interface that is up" \
	"$(engine run lo "$TEST_DIR/root" -- ip -o link && engine logs lo |
		grep -c 'lo: <LOOPBACK,UP,LOWER_UP>')" 1
# A kernel with a driver for tunnels gives each namespace one that is down.
check_eq "and no other that is up" \
	"$(engine logs lo | grep -v ' lo: ' | grep -c '[<,]UP[,>]')" 0

ktap_end
