#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The part of an OCI runtime that conmon needs. "create" starts the command in the
# bundle's file "command", in no container, with the streams that conmon passes. Other
# commands do nothing.

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
	# shellcheck disable=SC2086 # it is split into words
	$command &
	echo "$!" >"$pidfile"
}

for word; do
	[ "$word" != create ] || { create "$@"; exit; }
done
