#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# libpurser waits for the end of a container, and opens a pidfd of its init.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

# container NAME - register a process that stays alive; set PID, and ID to the container's id
container() {
	spawn sleep 1000
	ID=$(purserctl register "$1" "$PID") || ktap_bail "cannot register $1"
}

last_event() {
	purserctl info --json | "$JSON" /events
}

# is_listening PID - the process has a second netlink socket
is_listening() {
	[ "$(find "/proc/$1/fd" -lname 'socket:*' | wc -l)" -ge 2 ]
}

# A live container.
container live
"$CLIENT" wait "$ID" now >"$TEST_DIR/live" 2>&1 &
waiting=$!
at_exit end_process "$waiting"
check "a client waits for a live container" wait_for is_listening "$waiting"
kill -KILL "$PID"
status=0
wait "$waiting" || status=$?
check_eq "purser_wait() returns the record of its end" \
	"$status $(<"$TEST_DIR/live")" "0 live killed"
check_eq "purser_wait() returns at once if it has ended" \
	"$("$CLIENT" wait "$ID" now)" "live killed"

# The command.
container cmd
purserctl wait cmd >"$TEST_DIR/cmd" 2>&1 &
waiting=$!
at_exit end_process "$waiting"
check "purserctl wait waits for a live container" wait_for is_listening "$waiting"
kill -KILL "$PID"
status=0
wait "$waiting" || status=$?
check_eq "it prints how the container has ended" "$status $(<"$TEST_DIR/cmd")" \
	"0 cmd: killed(SIGKILL)"
check_eq "it prints that at once if it has ended" "$(purserctl wait cmd)" "cmd: killed(SIGKILL)"
check_eq "with --json it prints the record" \
	"$(purserctl wait --id "$ID" --json | "$JSON" /name /reason /signal)" "cmd killed 9"
refused "there is nothing to wait for without a record" 1 \
	'cannot wait for the end of "other": no such container' purserctl wait other

# A container whose record was removed before.
container gone
since=$(last_event)
kill -KILL "$PID"
check "the container ends" wait_for has gone /state exited
check "its record is forgotten" purserctl unregister gone
check_eq "purser_wait() finds the end among older events" \
	"$("$CLIENT" wait "$ID" "$since")" "gone killed"
check_status "purser_wait() fails if it reads no older events" 1 "$CLIENT" wait "$ID" now
check_eq "it prints the reason" "$OUTPUT" "client: wait: it was unregistered"

# A container that is unregistered while it is alive.
container taken
"$CLIENT" wait "$ID" now >"$TEST_DIR/taken" 2>&1 &
waiting=$!
at_exit end_process "$waiting"
check "a client waits for another one" wait_for is_listening "$waiting"
check "the container is unregistered" purserctl unregister taken
status=0
wait "$waiting" || status=$?
check_eq "purser_wait() fails" "$status $(<"$TEST_DIR/taken")" \
	"1 client: wait: it was unregistered"

container other
check_status "purser_wait() needs CAP_NET_ADMIN" 1 \
	as_nobody "$CLIENT" wait "$ID" now
check_eq "it prints the reason" "$OUTPUT" "client: wait: this needs CAP_NET_ADMIN"

# The pidfd.
check_eq "purser_pidfd() opens the init of a live container" \
	"$("$CLIENT" init other)" "$PID running"
kill -KILL "$PID"
check "the container ends" wait_for has other /state exited
check_status "purser_pidfd() fails if the container has ended" 1 "$CLIENT" init other
check_eq "it prints the reason" "$OUTPUT" "client: pidfd: it has ended"
check_status "purser_pidfd() fails if there is no such container" 1 "$CLIENT" init nope
check_eq "it prints the reason" "$OUTPUT" "client: pidfd: no such container"

ktap_end
