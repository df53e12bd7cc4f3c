#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The first steps with two containers: start, ps, logs, stop, with roots as of Alpine Linux
# and /bin/sh as the command. Both containers live until they are stopped.

. "$(dirname "$0")/engine.sh"

require_module

cd "$TEST_DIR" || ktap_bail "cannot enter the folder of the test"
make_busybox_root "$TEST_DIR/rootfs-base" || ktap_bail "cannot make a root"
cp -a rootfs-base rootfs-alpha
cp -a rootfs-base rootfs-beta
chmod 0700 "$TEST_DIR"
echo alpha >rootfs-alpha/etc/name
echo beta >rootfs-beta/etc/name
require_supervisor ./rootfs-base

# inside NAME - print a file of the root that the container has
inside() {
	cat "/proc/$(value "$1" /pid)/root/etc/name"
}

# is_alive NAME - the container runs, and its process exists
is_alive() {
	value_is "$1" /state running && kill -0 "$(value "$1" /pid)"
}

check "alpha starts" engine start alpha ./rootfs-alpha /bin/sh --soft-mib 48 --hard-mib 80
check_match "start prints the pid" "$OUTPUT" '^alpha: started, pid [0-9]+$'
check "beta starts" engine start beta ./rootfs-beta /bin/sh --soft-mib 64 --hard-mib 96
# A shell that ends on the null device would be gone by now.
nap 1
check "ps prints" engine ps
check_match "ps shows alpha as running" "$OUTPUT" 'alpha +[0-9]+ +running'
check_match "ps shows beta as running" "$OUTPUT" 'beta +[0-9]+ +running'
check "alpha is alive" is_alive alpha
check "beta is alive" is_alive beta
check_eq "alpha has its root" "$(inside alpha)" alpha
check_eq "beta has its root" "$(inside beta)" beta
check_eq "alpha has its limits" "$(value alpha /soft_limit /hard_limit)" \
	"$((48 << 20)) $((80 << 20))"
check "logs prints the log of alpha" engine logs alpha
check_eq "nothing was printed" "$OUTPUT" ""
# shellcheck disable=SC2016
check "alpha can be entered" \
	engine exec alpha -- sh -c 'test "$(cat /etc/name)" = alpha'
check "alpha stops" engine stop alpha
check_match "stop prints how alpha ended" "$OUTPUT" '^alpha: stopped'
check "beta still lives" is_alive beta
check "beta stops" engine stop beta
check_eq "both have stopped" "$(value alpha /state /reason) $(value beta /state /reason)" \
	"exited stopped exited stopped"

# The same without a command, and with the base.
check "gamma starts with only an id" engine start gamma
check "delta starts with a root and no command" engine start delta ./rootfs-alpha
nap 1
check "gamma is alive" is_alive gamma
check "delta is alive" is_alive delta
check_eq "delta has its root" "$(inside delta)" alpha
die
nap 0.5
next
check "the shells survive their supervisor" is_alive gamma
check "both are stopped by one command" engine stop gamma delta
check_match "stop prints both" "$OUTPUT" $'^gamma: stopped.*\ndelta: stopped'

# Words that a user of other programs would type.
refused "a command in the place of the root is pointed out" 2 \
	'start: there is no folder "true" to be the root; if "true" is the command, write "--" before it' \
	engine start web true
refused "so is one with arguments" 125 \
	'run: unknown option "-c"; if it belongs to the command to run, write "--" before that command' \
	engine run web sh -c true

ktap_end
