# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A disk for a test: an ext4 in an image file, on a loop device.

# mount_disk DIR - make DIR and mount 256 MiB there until the test ends; skip the test where
# that cannot be
mount_disk() {
	[ "${PURSER_VM:-}" ] ||
		ktap_skip_all "the test makes loop devices: it needs the virtual machine"
	modprobe -a loop ext4 || ktap_skip_all "the kernel has no ext4 or no loop devices"
	PATH=$PATH:/usr/sbin:/sbin
	truncate -s 256M "$TEST_DIR/image"
	mkfs.ext4 -q -F "$TEST_DIR/image" || ktap_bail "cannot make a file system"
	mkdir "$1"
	mount -t ext4 -o loop "$TEST_DIR/image" "$1" || ktap_bail "cannot mount a file system"
	at_exit umount -l "$1"
}
