#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A setuid program that a container makes in a root of its own is one for whoever
# on the host can come to it. The start says so, where anybody can.

. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor
chmod 0755 "$TEST_DIR"
mkdir "$TEST_DIR/place"
mount -t tmpfs -o mode=0755 none "$TEST_DIR/place" ||
	ktap_bail "no file system"
at_exit umount -l "$TEST_DIR/place"
mkdir "$TEST_DIR/place/open" "$TEST_DIR/place/nosuid"
root=$TEST_DIR/place/open/root
make_busybox_root "$root" || ktap_bail "no root"
cp "$PURSER_TEST_BIN/euid" "$root/bin/" || ktap_bail "no program"

# makes_setuid ROOT - a container does, as packages that it installs do
makes_setuid() {
	engine run x "$1" -- sh -c 'cp /bin/euid /bin/own; chmod 4755 /bin/own'
}

# by_user PROGRAM - setpriv itself could still enter any folder
by_user() {
	# shellcheck disable=SC2016
	as_owner sh -c 'exec "$1"' - "$1"
}

warning="container \"x\": users of the host can enter its root $root, and run as root what it makes setuid there: have it in a folder that root alone may enter"

# warns NAME WARNING ROOT - and the container runs
warns() {
	local name=$1 want=$2

	shift 2
	check_status "$name" 0 makes_setuid "$@"
	check_eq "$name: it says" "$OUTPUT" "${want:+engine: $want}"
}

warns "a root that users can enter" "$warning" "$root"
check_eq "a user is root by that" "$(by_user "$root/bin/own")" 0
check_eq "start says it too" "$(engine start x "$root" sleep 1000 2>&1 >/dev/null)" \
	"engine: $warning"
check "it runs" engine stop x --time 0
chown "$OWNER" "$TEST_DIR/place/open"
chmod 0700 "$TEST_DIR/place/open"
warns "one in the home of a user" "$warning" "$root"
check_eq "who is root by that" "$(by_user "$root/bin/own")" 0
chown root: "$TEST_DIR/place/open"
chmod 0751 "$TEST_DIR/place/open"
warns "one that nobody can list" "$warning" "$root"
chmod 0710 "$TEST_DIR/place/open"
warns "one that a group can enter" "$warning" "$root"

chmod 0700 "$TEST_DIR/place/open"
warns "in a folder that root alone may enter" "" "$root"
check_status "a user does not come to it" 126 by_user "$root/bin/own"
chmod 0744 "$TEST_DIR/place/open"
warns "or list" "" "$root"
check_status "no user comes to it either" 126 by_user "$root/bin/own"

mount -t tmpfs -o nosuid,mode=0755 none "$TEST_DIR/place/nosuid" ||
	ktap_bail "no file system"
cp -a "$root" "$TEST_DIR/place/nosuid/"
warns "in a file system without setuid" "" "$TEST_DIR/place/nosuid/root"
check_eq "a user stays a user" "$(by_user "$TEST_DIR/place/nosuid/root/bin/own")" \
	"$OWNER"
umount "$TEST_DIR/place/nosuid"

# What an overlay writes lies where users do not come.
check_status "an overlay" 0 engine run x -- true
check_eq "says nothing" "$OUTPUT" ""

ktap_end
