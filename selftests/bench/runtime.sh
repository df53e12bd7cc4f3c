#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# As much of an OCI runtime as conmon asks for: "create" starts what the file
# "command" of the bundle says, in no container, with the streams that conmon gave
# it. To all else it has nothing to say.

set -eu

create() {
	bundle=. pidfile=
	while [ $# -gt 0 ]; do
		case $1 in
		-b | --bundle) bundle=$2; shift ;;
		--pid-file) pidfile=$2; shift ;;
		esac
		shift
	done
	read -r command <"$bundle/command"
	# shellcheck disable=SC2086 # words
	$command &
	echo "$!" >"$pidfile"
}

for word; do
	[ "$word" != create ] || { create "$@"; exit; }
done
