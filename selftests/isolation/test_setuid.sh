#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A setuid program that a container makes in its root is setuid for every user of the
# host who can reach it. A start warns if users can reach the root.

. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor
chmod 0755 "$TEST_DIR"
mkdir "$TEST_DIR/place"
mount -t tmpfs -o mode=0755 none "$TEST_DIR/place" ||
	ktap_bail "cannot mount a file system"
at_exit umount -l "$TEST_DIR/place"
mkdir "$TEST_DIR/place/open" "$TEST_DIR/place/nosuid"
root=$TEST_DIR/place/open/root
make_busybox_root "$root" || ktap_bail "cannot make a root"
cp "$PURSER_TEST_BIN/euid" "$root/bin/" || ktap_bail "cannot copy the program"

# makes_setuid ROOT - run a container that makes a setuid program, as packages do
makes_setuid() {
	engine run x "$1" -- sh -c 'cp /bin/euid /bin/own; chmod 4755 /bin/own'
}

# by_user PROGRAM - run it as the owner. The shell executes it, since setpriv itself can
# still enter any folder.
by_user() {
	# shellcheck disable=SC2016
	as_owner sh -c 'exec "$1"' - "$1"
}

warning="container \"x\": users of the host can enter its root $root, and can run setuid programs there as root: put it into a folder that only root may enter"

# warns NAME WARNING ROOT - check that a container runs in ROOT, with that warning or none
warns() {
	local name=$1 want=$2

	shift 2
	check_status "$name: the container runs" 0 makes_setuid "$@"
	check_eq "$name: engine prints the right warning" \
		"$OUTPUT" "${want:+engine: $want}"
}

warns "a root that users can enter" "$warning" "$root"
check_eq "a user becomes root by the container's program" \
	"$(by_user "$root/bin/own")" 0
check_eq "engine start prints the warning, too" \
	"$(engine start x "$root" sleep 1000 2>&1 >/dev/null)" \
	"engine: $warning"
check "that container runs" engine stop x --time 0
chown "$OWNER" "$TEST_DIR/place/open"
chmod 0700 "$TEST_DIR/place/open"
warns "a root in the home of a user" "$warning" "$root"
check_eq "that user becomes root by the container's program" \
	"$(by_user "$root/bin/own")" 0
chown root: "$TEST_DIR/place/open"
chmod 0751 "$TEST_DIR/place/open"
warns "a root in a folder that nobody can list" "$warning" "$root"
chmod 0710 "$TEST_DIR/place/open"
warns "a root in a folder that a group can enter" "$warning" "$root"

chmod 0700 "$TEST_DIR/place/open"
warns "a root in a folder that root alone may enter" "" "$root"
check_status "a user cannot reach a program in it" 126 by_user "$root/bin/own"
chmod 0744 "$TEST_DIR/place/open"
warns "a root in a folder that users can list but not enter" "" "$root"
check_status "a user cannot reach a program in that one either" \
	126 by_user "$root/bin/own"

mount -t tmpfs -o nosuid,mode=0755 none "$TEST_DIR/place/nosuid" ||
	ktap_bail "cannot mount a file system"
cp -a "$root" "$TEST_DIR/place/nosuid/"
warns "a root on a nosuid file system" "" "$TEST_DIR/place/nosuid/root"
check_eq "a setuid program there gives no rights" \
	"$(by_user "$TEST_DIR/place/nosuid/root/bin/own")" \
	"$OWNER"
umount "$TEST_DIR/place/nosuid"

# Users cannot reach the files of an overlay.
check_status "an overlay runs" 0 engine run x -- true
check_eq "an overlay makes no warning" "$OUTPUT" ""

ktap_end
