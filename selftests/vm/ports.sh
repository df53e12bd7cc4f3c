# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for guest-init and guest-unit.

log() {
	echo "purser-vm: $*" >/dev/kmsg
}

# Prints the path of the device of that virtio port.
port() {	# port NAME
	local file

	for file in /sys/class/virtio-ports/*/name; do
		if [ "$(<"$file")" = "$1" ]; then
			file=${file%/name}
			echo "/dev/${file##*/}"
			return
		fi
	done
	log "there is no virtio port $1"
	return 1
}
