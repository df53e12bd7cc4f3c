#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A record keeps FIFOs open. So the data in them stays when all writers and readers have
# ended, until the kernel forgets the record or somebody asks it to release the FIFOs.
# ../netlink/validate.c also tests which descriptors are refused.

. "$(dirname "$0")/kmod.sh"

require_module exit_records=2
start_monitor || ktap_bail "cannot listen to the events"

for name in a b c d; do
	mkfifo "$TEST_DIR/$name"
done
A=$TEST_DIR/a B=$TEST_DIR/b

# No process may keep these FIFOs open: each redirection is for one command, and the test
# ends the processes that inherit it.

# is_open FIFO... - each of them is open for reading
is_open() {
	local fifo

	for fifo; do
		dd if=/dev/null of="$fifo" oflag=nonblock conv=nocreat,notrunc \
			2>"$TEST_DIR/.dd" || return
	done
}

# is_closed FIFO... - none of them is open for reading
is_closed() {
	local fifo

	for fifo; do
		! is_open "$fifo" &&
			grep -q 'No such device or address' "$TEST_DIR/.dd" ||
			return
	done
}

# put TEXT FIFO - write a line into a FIFO that is open, and close it
put() {
	is_open "$2" && echo "$1" >"$2"
}

# content FIFO - read what the FIFO contains, without waiting
content() {
	dd if="$1" iflag=nonblock bs=65536 count=1 2>"$TEST_DIR/.dd"
}

# keep NAME FIFO [FIFO] - register PID with these FIFOs
keep() {
	request register name="$1" pid="$PID" fifo=8 fifo=9 8<>"$2" 9<>"${3:-$2}"
}

# live_and_die NAME - run a container that writes its name into A and exits
live_and_die() {
	spawn --hold bash -c "echo $1 >'$A'" &&
		keep "$1" "$A" && release "$PID" &&
		end_of "$PID" && [ "$LINE" = "exited 0" ] &&
		wait_event "$1" exited && wait_for live_is 0
}

# --- The data outlives all processes ---

check "the FIFO is closed at first" is_closed "$A"
check "a container writes into its FIFO and exits" live_and_die web
check "the record keeps the FIFO open" is_open "$A"
check_eq "the data of the container can be read after its end" "$(content "$A")" web
check "the record keeps the FIFO open after that" is_open "$A"
check "another process writes into the FIFO and closes it" put more "$A"
check_eq "the data of that process can be read" "$(content "$A")" more

# --- The kernel forgets the record ---

check "another process writes into the FIFO again" put lost "$A"
check "the record is unregistered" purserctl unregister web
check "the FIFO is closed after that" is_closed "$A"
check_eq "the data in the FIFO is lost after that" "$(content "$A")" ""

# --- A request releases the FIFOs of an ended container ---

check "another container writes into its FIFO and exits" live_and_die web
events=$(purserctl events --json | wc -l)
check_answer "set refuses new limits of an ended container" \
	"ESRCH name: the container has ended" \
	set name=web soft-limit=1 release-fifos=
check "the refused request leaves the FIFO open" is_open "$A"
check_answer "set releases the FIFO of an ended container" "OK" set name=web release-fifos=
check "the released FIFO is closed" is_closed "$A"
check_eq "the data in the released FIFO is lost" "$(content "$A")" ""
check_answer "a second release succeeds without a FIFO" "OK" set name=web release-fifos=
check_eq "the release makes no event" "$(purserctl events --json | wc -l)" "$events"
check_record "the record stays after the release" web state=exited
purserctl unregister web

# --- A request releases the FIFOs of a live container ---

start on_signal 15 default
check "a process is registered with two FIFOs" keep alive "$A" "$B"
check "both FIFOs are open" is_open "$A" "$B"
check "set releases the FIFOs of a live container" request set name=alive release-fifos=
check "both released FIFOs are closed" is_closed "$A" "$B"
check_eq "the release of a live container's FIFOs makes no event" \
	"$(events_of 3)" "registered"
check_record "the container lives after the release" alive state=running
purserctl unregister alive
check "the process is registered again with two FIFOs" keep alive "$A" "$B"
check "one request releases the FIFOs and sets a limit" \
	request set name=alive hard-limit=1073741824 release-fifos=
check "both FIFOs are closed after that request" is_closed "$A" "$B"
check_eq "that request makes an event for the limit" "$(events_of 4)" \
	"registered limits_changed"
purserctl unregister alive
check "the process is registered a third time with two FIFOs" keep alive "$A" "$B"
check "the live container is unregistered" purserctl unregister alive
check "both FIFOs of the unregistered container are closed" is_closed "$A" "$B"

# --- A FIFO that was opened only for reading ---
#
# A reader of a FIFO sees an end of file only if no descriptor is open for writing.

exec 7<>"$A"
check "a process is registered with a FIFO that is open only for reading" \
	request register name=alive pid="$PID" fifo=8 7>&- 8<"$A"
exec 7>&-
check "the record keeps that FIFO open" is_open "$A"
check "another process writes into that FIFO and closes it" put end "$A"
check_eq "a reader of that FIFO gets the data and an end of file" \
	"$(dd if="$A" iflag=nonblock bs=65536 2>"$TEST_DIR/.dd"; echo $?)" \
	$'end\n0'
purserctl unregister alive
check "that FIFO is closed after the record is forgotten" is_closed "$A"

# --- Refusals ---

kept_events=$(purserctl events --json | wc -l)
none="EINVAL fifo: not a FIFO"
check_answer "register refuses a file" "$none" register name=x pid="$PID" fifo=9 9<"$0"
check_answer "register refuses a folder" "$none" register name=x pid="$PID" fifo=9 9</tmp
check_answer "register refuses a device" \
	"$none" register name=x pid="$PID" fifo=9 9</dev/null
check_answer "register refuses the module's own device" "$none" \
	register name=x pid="$PID" fifo=9 9</dev/container_monitor
check_answer "register refuses a number that is not an open descriptor" \
	"EBADF fifo: not an open descriptor of the caller" \
	register name=x pid="$PID" fifo=99
check_match "register refuses a number that no descriptor can have" \
	"$(request register name=x pid="$PID" fifo=4294967295)" \
	'^(ERANGE|EINVAL) fifo: '
check_answer "register refuses five FIFOs" \
	"E2BIG fifo: a record keeps at most 4 FIFOs open" register name=x \
	pid="$PID" fifo=9 fifo=9 fifo=9 fifo=9 fifo=9 9<>"$A"
check "the refusal of five FIFOs keeps none open" is_closed "$A"
check_answer "register refuses a file among FIFOs" "$none" register name=x pid="$PID" \
	fifo=8 fifo=9 fifo=8 8<>"$A" 9<"$0"
check "the refusal of a file keeps no FIFO open" is_closed "$A"
check_answer "register refuses a FIFO with the system's init" \
	"EINVAL pid: the process is the system's init" \
	register name=x pid=1 fifo=9 9<>"$A"
check "the refusal of the system's init keeps no FIFO open" is_closed "$A"
check_answer "register refuses a FIFO with wrong limits" \
	"EINVAL hard-limit: the hard limit is below the soft limit" register \
	name=x pid="$PID" soft-limit=2 hard-limit=1 fifo=9 9<>"$A"
check "the refusal of wrong limits keeps no FIFO open" is_closed "$A"
check_eq "the refusals made no event" \
	"$(purserctl events --json | wc -l)" "$kept_events"
check "a container takes a name" keep taken "$B"
check_answer "register refuses a FIFO with a taken name" \
	"EEXIST name: a live container has this name already" \
	register name=taken pid=$$ fifo=9 9<>"$A"
check "the refusal of a taken name keeps no FIFO open" is_closed "$A"
check_match "set refuses a FIFO" \
	"$(request set name=taken soft-limit=0 fifo=9 9<>"$A")" '^EINVAL fifo: '
check_match "register refuses release-fifos" \
	"$(request register name=x pid="$PID" release-fifos=)" \
	'^EINVAL release-fifos: '
purserctl unregister taken

# --- Four FIFOs, and pipes ---

four() {
	request register name=four pid="$PID" fifo=5 fifo=6 fifo=7 fifo=8 \
		5<>"$TEST_DIR/a" 6<>"$TEST_DIR/b" 7<>"$TEST_DIR/c" 8<>"$TEST_DIR/d"
}
check "a record can keep four FIFOs" four
for name in a b c d; do
	check "FIFO $name of four is open" is_open "$TEST_DIR/$name"
done
purserctl unregister four
for name in a b c d; do
	check "FIFO $name of four is closed after the record is forgotten" \
		is_closed "$TEST_DIR/$name"
done
exec {pipe}< <(:)
check "a record can keep a pipe" request register name=pipe pid="$PID" fifo="$pipe"
exec {pipe}<&-
purserctl unregister pipe

# --- A record that is dropped to make room closes its FIFOs ---

# end NAME - let the container end
end() {
	release "$PID" && wait_event "$1" exited && wait_for live_is 0
}

check "a first container writes into its FIFO and exits" live_and_die first
for name in second third; do
	spawn --hold true
	check "a $name container is registered with another FIFO" keep $name "$B"
	check "the $name container ends" end $name
done
check_eq "an event says that the first record was dropped" "$(purserctl events --json |
	grep -c '"record_dropped".*"name":"first"')" 1
check "the FIFO of the dropped record is closed" wait_for is_closed "$A"
check_eq "the data in the FIFO of the dropped record is lost" "$(content "$A")" ""
check "the FIFO of the two other records is open" is_open "$B"
purserctl unregister second
check "the FIFO stays open while one of the two records exists" is_open "$B"
check "another process writes into that FIFO" put last "$B"

# --- Unloading the module closes all FIFOs ---

check_unload
check "the FIFO is closed after the module is unloaded" wait_for is_closed "$B"
check_eq "the data is lost after the module is unloaded" "$(content "$B")" ""
ktap_end
