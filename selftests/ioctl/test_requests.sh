#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# MONITOR_REGISTER and MONITOR_UNREGISTER from a 64-bit and a 32-bit program: every
# refusal, and that the device and netlink work on the same table.

. "$(dirname "$0")/ioctl.sh"

require_module
start_monitor || ktap_bail "cannot monitor the events"

longest=a234567890.234567890-234567890_
# dead_pid - set PID to the PID of a process that has just ended
dead_pid() {
	spawn true && end_of "$PID"
}

# check_no POINT ERRNO ARGUMENT... - check that the device refuses the request
check_no() {
	check_ioctl "$bits: $1" "$2" "${@:3}"
}

# check_yes POINT ARGUMENT... - check that the device grants the request
check_yes() {
	check_ioctl "$bits: $1" OK "${@:2}"
}

refusals() {
	local first second before

	spawn
	first=$PID
	spawn
	second=$PID
	check_yes "the device registers a process" register "$first" web
	before=$(purserctl info --json)

	check_no "a taken name is refused" EEXIST register "$second" web
	check_no "a registered process is refused" EEXIST register "$first" other
	check_no "a hard limit below the soft one is refused" \
		EINVAL register "$second" other 4097 4096
	check_no "PID 0 is refused" EINVAL register 0 other
	check_no "a negative PID is refused" EINVAL register -1 other
	check_no "the lowest PID is refused" EINVAL register -2147483648 other
	check_no "the system's init is refused" EINVAL register 1 other
	check_no "a kernel thread is refused" EINVAL register 2 other
	check_no "the highest PID is refused" ESRCH register 2147483647 other
	check_no "an id without a NUL is refused" \
		EINVAL register "$second" "${longest}2"
	for id in "" . -x _x a/b "a b" "ä" a=b; do
		check_no "the id '$id' is refused" EINVAL register "$second" "$id"
		check_no "unregister refuses the id '$id'" \
			EINVAL unregister "$second" "$id"
	done
	dead_pid
	check_no "a dead process is refused" ESRCH register "$PID" other

	check_no "unregister refuses an unknown id" ENOENT unregister "$first" other
	check_no "unregister refuses the PID of another process" \
		ENOENT unregister "$second" web
	check_no "unregister refuses a PID that no process has" \
		ENOENT unregister 2147483647 web
	check_no "unregister refuses PID 0" EINVAL unregister 0 web
	check_no "unregister refuses a negative PID" EINVAL unregister -7 web
	check_no "unregister refuses an id without a NUL" \
		EINVAL unregister "$first" "${longest}2"
	check_eq "$bits: the refused requests changed no counter" \
		"$(purserctl info --json)" \
		"$before"
	check_record "$bits: the registered container is unchanged" web pid="$first" \
		state=running soft_limit=0 hard_limit=0 processes=1
	check_yes "unregister ignores the limits in the request" \
		unregister "$first" web 9 1
	check_refused "$bits: its record is gone" \
		"no such container" purserctl show web
	check "$bits: its process runs on" kill -0 "$first"
	check_no "the device unregisters it only once" ENOENT unregister "$first" web
	kill -KILL "$first" "$second"
}

one_table() {
	spawn
	check_yes "the device registers a process with limits" register "$PID" \
		"$longest" \
		1073741824 3221225472
	check_record "$bits: netlink shows it with these limits" "$longest" \
		pid="$PID" \
		state=running soft_limit=1073741824 hard_limit=3221225472
	check_match "$bits: netlink lists it" \
		"$(purserctl list --json)" "\"name\":\"$longest\""
	check_event "$bits: the kernel sends its registered event" "$longest" \
		registered \
		pid="$PID" hard_limit=3221225472
	check_refused "$bits: netlink refuses its name" \
		"already" purserctl register "$longest" $$
	check "$bits: netlink unregisters what the device registered" \
		purserctl unregister "$longest"
	check_no "the device does not find it any more" \
		ENOENT unregister "$PID" "$longest"
	check_event "$bits: the kernel sends its unregistered event" \
		"$longest" unregistered

	purserctl register net "$PID" --hard-mib 64 >/dev/null
	check_no "the device refuses a process that netlink registered" \
		EEXIST register "$PID" mine
	check_no "the device refuses a name that netlink registered" \
		EEXIST register $$ net
	check_yes "the device unregisters what netlink registered" \
		unregister "$PID" net
	check_event \
		"$bits: the kernel sends the unregistered event of that, too" net unregistered \
		pid="$PID" hard_limit=67108864

	check_yes "a soft limit without a hard one is accepted" \
		register "$PID" net 4096 0
	check_record "$bits: netlink shows the soft limit alone" \
		net soft_limit=4096 hard_limit=0
	check_yes "the device unregisters it" unregister "$PID" net
	check_yes "a soft limit equal to the hard one is accepted" \
		register "$PID" net 4294963200 4294963200
	check_record "$bits: netlink shows both limits" \
		net soft_limit=4294963200 hard_limit=4294963200
	clear_container net
	check "$bits: no container is left" wait_for live_is 0
}

ended() {
	local first

	spawn
	first=$PID
	check_yes "the device registers a process that will end" \
		register "$first" gone
	kill -KILL "$first"
	wait_for record_is gone state=exited
	check "$bits: that process has ended" wait_for live_is 0
	check_no "unregister refuses another PID for the ended container" \
		ENOENT unregister $$ gone
	spawn
	check_yes "the name of the ended container is free" register "$PID" gone
	check_record "$bits: the name belongs to the new container" \
		gone pid="$PID" state=running
	check_yes "the ended container can still be unregistered" \
		unregister "$first" gone
	check_record "$bits: the new container stays registered" \
		gone pid="$PID" state=running
	check_no "the ended container is unregistered only once" \
		ENOENT unregister "$first" gone
	kill -KILL "$PID"
	wait_for record_is gone state=exited
	check "$bits: the new container has ended" wait_for live_is 0
	check_yes "the new container is unregistered, too" unregister "$PID" gone
	check_eq "$bits: the table is empty" "$(purserctl list --json)" "[]"
}

all() {
	refusals
	one_table
	ended
}

bits=64
all
spawn
check_yes "limits of more than 32 bits are accepted" \
	register "$PID" wide 1152921504606846976 18446744073709551615
check_record "64: netlink shows limits of more than 32 bits" wide \
	soft_limit=1152921504606846976 \
	hard_limit=18446744073709551615
clear_container wide

# The kernel may lack support for 32-bit programs.
bits=32
MONITOR_PROGRAM=monitor32
if monitor32 --fd 0 >"$TEST_DIR/usage" 2>&1; [ -s "$TEST_DIR/usage" ]; then
	all
	# The structure's size differs, and the request number contains it.
	spawn
	exec 7<>"$DEVICE"
	for raw in $((0x40384d01)) $((0x40384d02)); do
		check_ioctl "32: the number of a 64-bit request is refused" \
			ENOTTY --fd 7 raw "$raw"
	done
	MONITOR_PROGRAM=monitor
	for raw in $((0x402c4d01)) $((0x402c4d02)); do
		check_ioctl "64: the number of a 32-bit request is refused" \
			ENOTTY --fd 7 raw "$raw"
	done
	exec 7>&-
	for address in 0 8 -1 -4096; do
		MONITOR_PROGRAM=monitor32 check_ioctl "32: address $address is refused" \
			EFAULT fault register "$address"
	done
else
	ktap_skip "32-bit programs use the device" \
		"this kernel runs no 32-bit programs"
fi

check_unload
ktap_end
