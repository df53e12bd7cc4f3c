#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# MONITOR_REGISTER and MONITOR_UNREGISTER, by a program of 64 bits and by one of
# 32: each refusal, and that it is the same table as over netlink.

. "$(dirname "$0")/ioctl.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

longest=a234567890.234567890-234567890_
dead_pid() {	# one that nobody has, for the moment
	spawn true && end_of "$PID"
}

check_no() {	# check_no POINT ERRNO ARGUMENT...
	check_ioctl "$bits: $1" "$2" "${@:3}"
}

check_yes() {	# check_yes POINT ARGUMENT...
	check_ioctl "$bits: $1" OK "${@:2}"
}

refusals() {
	local first second before

	spawn
	first=$PID
	spawn
	second=$PID
	check_yes "register" register "$first" web
	before=$(purserctl info --json)

	check_no "a name that is taken" EEXIST register "$second" web
	check_no "a process that is taken" EEXIST register "$first" other
	check_no "hard below soft" EINVAL register "$second" other 4097 4096
	check_no "PID 0" EINVAL register 0 other
	check_no "a negative PID" EINVAL register -1 other
	check_no "a PID far below 0" EINVAL register -2147483648 other
	check_no "the system's init" EINVAL register 1 other
	check_no "a thread of the kernel" EINVAL register 2 other
	check_no "a PID beyond all" ESRCH register 2147483647 other
	check_no "an id without a NUL" EINVAL register "$second" "${longest}2"
	for id in "" . -x _x a/b "a b" "ä" a=b; do
		check_no "the id '$id'" EINVAL register "$second" "$id"
		check_no "unregister the id '$id'" EINVAL \
			unregister "$second" "$id"
	done
	dead_pid
	check_no "a process that has gone" ESRCH register "$PID" other

	check_no "unregister what is not there" ENOENT unregister "$first" other
	check_no "unregister with another's PID" ENOENT unregister "$second" web
	check_no "unregister with nobody's PID" ENOENT \
		unregister 2147483647 web
	check_no "unregister PID 0" EINVAL unregister 0 web
	check_no "unregister a negative PID" EINVAL unregister -7 web
	check_no "unregister an id without a NUL" EINVAL \
		unregister "$first" "${longest}2"
	check_eq "$bits: nothing came of all that" "$(purserctl info --json)" \
		"$before"
	check_record "$bits: the first is what it was" web pid="$first" \
		state=running soft_limit=0 hard_limit=0 processes=1
	check_yes "unregister takes no notice of limits" \
		unregister "$first" web 9 1
	check_refused "$bits: then it is gone" "no such container" \
		purserctl show web
	check "$bits: the process goes on" kill -0 "$first"
	check_no "and it cannot be done twice" ENOENT unregister "$first" web
	kill -KILL "$first" "$second"
}

one_table() {
	spawn
	check_yes "register, with limits" register "$PID" "$longest" \
		1073741824 3221225472
	check_record "$bits: netlink shows it so" "$longest" pid="$PID" \
		state=running soft_limit=1073741824 hard_limit=3221225472
	check_match "$bits: and lists it" "$(purserctl list --json)" \
		"\"name\":\"$longest\""
	check_event "$bits: there is an event" "$longest" registered \
		pid="$PID" hard_limit=3221225472
	check_refused "$bits: netlink refuses it then" "already" \
		purserctl register "$longest" $$
	check "$bits: netlink unregisters it" purserctl unregister "$longest"
	check_no "then it is gone here" ENOENT unregister "$PID" "$longest"
	check_event "$bits: of which there is an event" "$longest" unregistered

	purserctl register net "$PID" --hard-mib 64 >/dev/null
	check_no "what netlink registered is taken" EEXIST register "$PID" mine
	check_no "and so is its name" EEXIST register $$ net
	check_yes "it can be unregistered here" unregister "$PID" net
	check_event "$bits: of which there is an event, too" net unregistered \
		pid="$PID" hard_limit=67108864

	check_yes "no soft limit above the hard one, if it is none" \
		register "$PID" net 4096 0
	check_record "$bits: that is so" net soft_limit=4096 hard_limit=0
	check_yes "unregister" unregister "$PID" net
	check_yes "soft may be hard" register "$PID" net 4294963200 4294963200
	check_record "$bits: that is so" net soft_limit=4294963200 \
		hard_limit=4294963200
	clear_container net
	check "$bits: no container is left" wait_for live_is 0
}

ended() {
	local first

	spawn
	first=$PID
	check_yes "register" register "$first" gone
	kill -KILL "$first"
	wait_for record_is gone state=exited
	check "$bits: it has ended" wait_for live_is 0
	check_no "an ended one with another's PID" ENOENT unregister $$ gone
	spawn
	check_yes "its name is free" register "$PID" gone
	check_record "$bits: and taken" gone pid="$PID" state=running
	check_yes "the one that ended can be unregistered still" \
		unregister "$first" gone
	check_record "$bits: not the one that lives" gone pid="$PID" \
		state=running
	check_no "but once" ENOENT unregister "$first" gone
	kill -KILL "$PID"
	wait_for record_is gone state=exited
	check "$bits: the other one has ended" wait_for live_is 0
	check_yes "it can be unregistered, too" unregister "$PID" gone
	check_eq "$bits: nothing is left" "$(purserctl list --json)" "[]"
}

all() {
	refusals
	one_table
	ended
}

bits=64
all
spawn
check_yes "limits of more than 32 bits" register "$PID" wide \
	1152921504606846976 18446744073709551615
check_record "64: they are there" wide soft_limit=1152921504606846976 \
	hard_limit=18446744073709551615
clear_container wide

# A kernel may have been built or started without 32-bit programs.
bits=32
MONITOR_PROGRAM=monitor32
if monitor32 --fd 0 >"$TEST_DIR/usage" 2>&1; [ -s "$TEST_DIR/usage" ]; then
	all
	# The sizes differ, and so do the numbers of the requests.
	spawn
	exec 7<>"$DEVICE"
	for raw in $((0x40384d01)) $((0x40384d02)); do
		check_ioctl "32: a request of 64 bits" ENOTTY --fd 7 raw "$raw"
	done
	MONITOR_PROGRAM=monitor
	for raw in $((0x402c4d01)) $((0x402c4d02)); do
		check_ioctl "64: a request of 32 bits" ENOTTY --fd 7 raw "$raw"
	done
	exec 7>&-
	for address in 0 8 -1 -4096; do
		MONITOR_PROGRAM=monitor32 check_ioctl "32: at address $address" \
			EFAULT fault register "$address"
	done
else
	ktap_skip "a program of 32 bits" "this kernel runs none"
fi

check_unload
ktap_end
