#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# FIFOs that a record keeps open: what is in them outlives whoever has written it
# and whoever could have read it, until the record is forgotten or lets them go.
# Which descriptors are refused is also in ../netlink/validate.c.

. "$(dirname "$0")/kmod.sh"

require_module exit_records=2
start_monitor || ktap_bail "cannot listen to the events"

for name in a b c d; do
	mkfifo "$TEST_DIR/$name"
done
A=$TEST_DIR/a B=$TEST_DIR/b

# Nobody else has these open while they are used: each redirection is for one
# command, and what it starts is ended before.

# is_open FIFO... - somebody has each open for reading
is_open() {
	local fifo

	for fifo; do
		dd if=/dev/null of="$fifo" oflag=nonblock conv=nocreat,notrunc \
			2>"$TEST_DIR/.dd" || return
	done
}

is_closed() {	# is_closed FIFO... - nobody has one open for reading
	local fifo

	for fifo; do
		! is_open "$fifo" &&
			grep -q 'No such device or address' "$TEST_DIR/.dd" ||
			return
	done
}

# put TEXT FIFO - write into one that is open
put() {
	is_open "$2" && echo "$1" >"$2"
}

# content FIFO - what is in it, all at once; does not wait
content() {
	dd if="$1" iflag=nonblock bs=65536 count=1 2>"$TEST_DIR/.dd"
}

# keep NAME FIFO [FIFO] - register PID with them
keep() {
	request register name="$1" pid="$PID" fifo=8 fifo=9 8<>"$2" 9<>"${3:-$2}"
}

# live_and_die NAME - a container that writes its name into A and ends
live_and_die() {
	spawn --hold bash -c "echo $1 >'$A'" &&
		keep "$1" "$A" && release "$PID" &&
		end_of "$PID" && [ "$LINE" = "exited 0" ] &&
		wait_event "$1" exited && wait_for live_is 0
}

# What is written outlives all

check "nobody has the FIFO open" is_closed "$A"
check "a container writes into it and ends" live_and_die web
check "its record has it open" is_open "$A"
check_eq "what was written can be read" "$(content "$A")" web
check "the record still has it open" is_open "$A"
check "somebody writes into it, and closes it" put more "$A"
check_eq "that can be read too" "$(content "$A")" more

# Until the record is forgotten

check "somebody writes into it, and closes it" put lost "$A"
check "the record is forgotten" purserctl unregister web
check "nobody has it open" is_closed "$A"
check_eq "what was written is gone" "$(content "$A")" ""

# Or lets them go

check "a container writes into one and ends" live_and_die web
events=$(purserctl events --json | wc -l)
check_answer "limits of one that has ended are refused" \
	"ESRCH name: the container has ended" \
	set name=web soft-limit=1 release-fifos=
check "which leaves it open" is_open "$A"
check_answer "it is let go" "OK" set name=web release-fifos=
check "nobody has it open" is_closed "$A"
check_eq "what was written is gone" "$(content "$A")" ""
check_answer "again, there is none" "OK" set name=web release-fifos=
check_eq "no event tells of that" "$(purserctl events --json | wc -l)" "$events"
check_record "the record is still there" web state=exited
purserctl unregister web

# Of a live one

start on_signal 15 default
check "a process is registered with two" keep alive "$A" "$B"
check "both are open" is_open "$A" "$B"
check "they are let go" request set name=alive release-fifos=
check "nobody has one open" is_closed "$A" "$B"
check_eq "no event tells of that" "$(events_of 3)" "registered"
check_record "the container lives" alive state=running
purserctl unregister alive
check "it is registered again" keep alive "$A" "$B"
check "they are let go with new limits" \
	request set name=alive hard-limit=1073741824 release-fifos=
check "nobody has one open" is_closed "$A" "$B"
check_eq "an event tells of the limits" "$(events_of 4)" \
	"registered limits_changed"
purserctl unregister alive
check "it is registered again" keep alive "$A" "$B"
check "it is let go itself" purserctl unregister alive
check "nobody has one open" is_closed "$A" "$B"

# As they were opened. A FIFO that is open for writing too has no end.

exec 7<>"$A"
check "one that is open for reading" \
	request register name=alive pid="$PID" fifo=8 7>&- 8<"$A"
exec 7>&-
check "is open" is_open "$A"
check "somebody writes into it, and closes it" put end "$A"
check_eq "it can be read, and has an end" \
	"$(dd if="$A" iflag=nonblock bs=65536 2>"$TEST_DIR/.dd"; echo $?)" \
	$'end\n0'
purserctl unregister alive
check "nobody has it open" is_closed "$A"

# Refusals

kept_events=$(purserctl events --json | wc -l)
none="EINVAL fifo: not a FIFO"
check_answer "a file" "$none" register name=x pid="$PID" fifo=9 9<"$0"
check_answer "a folder" "$none" register name=x pid="$PID" fifo=9 9</tmp
check_answer "a device" "$none" register name=x pid="$PID" fifo=9 9</dev/null
check_answer "the module's own device" "$none" \
	register name=x pid="$PID" fifo=9 9</dev/container_monitor
check_answer "no descriptor" \
	"EBADF fifo: not an open descriptor of the caller" \
	register name=x pid="$PID" fifo=99
check_match "a number that is none" \
	"$(request register name=x pid="$PID" fifo=4294967295)" \
	'^(ERANGE|EINVAL) fifo: '
check_answer "five of them" \
	"E2BIG fifo: a record keeps at most 4 FIFOs open" register name=x \
	pid="$PID" fifo=9 fifo=9 fifo=9 fifo=9 fifo=9 9<>"$A"
check "that keeps none open" is_closed "$A"
check_answer "one among others" "$none" register name=x pid="$PID" \
	fifo=8 fifo=9 fifo=8 8<>"$A" 9<"$0"
check "that keeps none open" is_closed "$A"
check_answer "a process that cannot be" \
	"EINVAL pid: the process is the system's init" \
	register name=x pid=1 fifo=9 9<>"$A"
check "that keeps none open" is_closed "$A"
check_answer "limits that cannot be" \
	"EINVAL hard-limit: the hard limit is below the soft limit" register \
	name=x pid="$PID" soft-limit=2 hard-limit=1 fifo=9 9<>"$A"
check "that keeps none open" is_closed "$A"
check_eq "none of that made an event" \
	"$(purserctl events --json | wc -l)" "$kept_events"
check "one takes the name" keep taken "$B"
check_answer "a name that is taken" \
	"EEXIST name: a live container has this name already" \
	register name=taken pid=$$ fifo=9 9<>"$A"
check "that keeps none open" is_closed "$A"
check_match "set takes none" \
	"$(request set name=taken soft-limit=0 fifo=9 9<>"$A")" '^EINVAL fifo: '
check_match "register lets none go" \
	"$(request register name=x pid="$PID" release-fifos=)" \
	'^EINVAL release-fifos: '
purserctl unregister taken

# Four, and pipes

four() {
	request register name=four pid="$PID" fifo=5 fifo=6 fifo=7 fifo=8 \
		5<>"$TEST_DIR/a" 6<>"$TEST_DIR/b" 7<>"$TEST_DIR/c" 8<>"$TEST_DIR/d"
}
check "four can be kept" four
for name in a b c d; do
	check "$name is open" is_open "$TEST_DIR/$name"
done
purserctl unregister four
for name in a b c d; do
	check "$name is closed" is_closed "$TEST_DIR/$name"
done
exec {pipe}< <(:)
check "a pipe can be kept" request register name=pipe pid="$PID" fifo="$pipe"
exec {pipe}<&-
purserctl unregister pipe

# What makes room for others lets go of its own

end() {
	release "$PID" && wait_event "$1" exited && wait_for live_is 0
}

check "a container writes into one and ends" live_and_die first
for name in second third; do
	spawn --hold true
	check "another comes with a FIFO" keep $name "$B"
	check "and ends" end $name
done
check_eq "the first is told of as dropped" "$(purserctl events --json |
	grep -c '"record_dropped".*"name":"first"')" 1
check "nobody has its FIFO open" wait_for is_closed "$A"
check_eq "what was written is gone" "$(content "$A")" ""
check "that of the others is open" is_open "$B"
purserctl unregister second
check "as long as one of them is there" is_open "$B"
check "something is in it" put last "$B"

# And so does the module

check_unload
check "nobody has it open" wait_for is_closed "$B"
check_eq "what was written is gone" "$(content "$B")" ""
ktap_end
