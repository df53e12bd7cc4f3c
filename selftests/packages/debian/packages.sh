# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests of the packages.

# shellcheck source=../../lib/kselftest.sh
. "$(dirname "$0")/../../lib/kselftest.sh"

here=$(realpath "$(dirname "$0")")
SUITE=${SUITE:-bookworm}
DEBS=$PURSER_BUILD/deb/$SUITE
TREE=$PURSER_BUILD/packages/$SUITE

[ "$(id -u)" = 0 ] || ktap_skip_all "not root"
compgen -G "$DEBS/purser_*.deb" >/dev/null ||
	ktap_skip_all "the test needs the packages: make deb SUITE=$SUITE"
"$here/tree" "$SUITE" || ktap_bail "cannot make a tree of $SUITE"
# shellcheck disable=SC2034 # tests use them
read -r OLD_KERNEL NEW_KERNEL <"$TREE.releases"
# The same as regular expressions: releases of Debian 13 have a plus.
# shellcheck disable=SC2034
OLD_PATTERN=${OLD_KERNEL//+/\\+} NEW_PATTERN=${NEW_KERNEL//+/\\+}

# unmount FOLDER - it may be unmounted already, and a process that the script of a package has left
# may be in it for a moment
unmount() {
	! mountpoint -q "$1" || wait_for umount "$1"
}

# make_root - mount a copy of the tree, in which the test may change everything, at $ROOT
make_root() {
	ROOT=$TEST_DIR/root
	mkdir "$ROOT" "$TEST_DIR/upper" "$TEST_DIR/work"
	mount -t overlay overlay "$ROOT" \
		-o "lowerdir=$TREE,upperdir=$TEST_DIR/upper,workdir=$TEST_DIR/work" ||
		ktap_skip_all "cannot mount an overlay"
	at_exit unmount "$ROOT"
	mount -t proc proc "$ROOT/proc" || ktap_bail "cannot mount proc"
	at_exit unmount "$ROOT/proc"
	mount --bind /dev "$ROOT/dev" || ktap_bail "cannot mount dev"
	at_exit unmount "$ROOT/dev"
	mkdir "$ROOT/purser-test"
	cp "$here/list" "$ROOT/purser-test/"
}

# inside COMMAND... - run it in that copy
inside() {
	chroot "$ROOT" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
		HOME=/root DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

# install_headers DEB... - install the headers of a kernel. Those of Debian 13 depend on its image,
# which a chroot does not need.
install_headers() {
	inside dpkg -i --force-depends "$@"
}

# leave_root - unmount what commands inside need: the copy then has nothing but its files
leave_root() {
	unmount "$ROOT/dev" && unmount "$ROOT/proc"
}

# files - print the paths in that copy
files() {
	inside /purser-test/list
}

# debs PATTERN... - put these packages into the copy, and print their paths there
debs() {
	local file

	for file in "$@"; do
		cp "$file" "$ROOT/purser-test/" && echo "/purser-test/${file##*/}"
	done
}

# newer DEB DIR - the same package in DIR, with a higher version
newer() {
	local dir=$TEST_DIR/repack

	rm -rf "$dir"
	dpkg-deb -R "$1" "$dir" &&
		sed -i 's/^Version: .*/&+newer/' "$dir/DEBIAN/control" &&
		mkdir -p "$2" &&
		dpkg-deb --root-owner-group -b "$dir" \
			"$2/$(basename "$1" | sed 's/_\([^_]*\)_/_\1+newer_/')" >/dev/null
}
