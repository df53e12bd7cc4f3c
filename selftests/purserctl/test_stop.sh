#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# stop waits for the end of the container and prints how it ended.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

# container NAME COMMAND... - start the command, and register it when it is ready
container() {
	local name=$1

	shift
	spawn_ready "$@" || ktap_bail "no process for $name"
	purserctl register "$name" "$PID" >/dev/null ||
		ktap_bail "cannot register $name"
}

# stopped NAME LINE ARGUMENT... - purserctl stop succeeds and prints only that line
stopped() {
	local name=$1 line=$2

	shift 2
	check "$name" purserctl stop "$@"
	check_eq "$name: stop prints how it ended" "$OUTPUT" "$line"
}

container code "$ON_SIGNAL" 15 exit 3
stopped "a container exits by itself after the signal" "code: stopped(3)" code
check_eq "it has ended when stop returns" "$(value code /state /exit_code /signal)" \
	"exited 3 null"

container deaf "$ON_SIGNAL" 10 ignore
stopped "the signal ends a container" "deaf: stopped(SIGTERM)" deaf

container quit "$ON_SIGNAL" 3 exit 0
stopped "stop --signal sends another signal" "quit: stopped(0)" --signal SIGQUIT quit

container rt "$ON_SIGNAL" 35 exit 9
stopped "stop --signal sends a real-time signal" \
	"rt: stopped(9)" rt --signal rtmin+1 --time 60

container stubborn "$ON_SIGNAL" 15 catch
stopped "a container that goes on is killed after the time" \
	"stubborn: stopped/forced" stubborn --time 0.2
check_eq "its record says that" \
	"$(value stubborn /reason /forced /no_handler /signal /exit_code)" \
	"stopped true false 9 null"

container ignorant "$ON_SIGNAL" 15 ignore
stopped "a container that ignores the signal is killed at once" \
	"ignorant: stopped/forced/no_handler" ignorant --time 86400

container now "$ON_SIGNAL" 15 catch
stopped "stop --time 0 kills at once" "now: stopped/forced" now --time 0

container json "$ON_SIGNAL" 15 exit 4
check_eq "stop --json prints the final record" \
	"$(purserctl stop json --json |
		"$JSON" /name /state /reason /exit_code /forced /processes)" \
	"json exited stopped 4 false 0"

container by-id "$ON_SIGNAL" 15 exit 5
stopped "stop --id finds a container" "by-id: stopped(5)" --id "$(value by-id /id)"
container by-pid "$ON_SIGNAL" 15 exit 6
stopped "stop --pid finds a container" "by-pid: stopped(6)" --pid "$PID"

# --no-wait
container later "$ON_SIGNAL" 15 catch
check "stop --no-wait succeeds" purserctl stop later --no-wait --time 86400
check_eq "--no-wait prints nothing" "$OUTPUT" ""
check_eq "the container is stopping" "$(value later /state)" stopping
status=0
line=$(purserctl stop later 2>&1) || status=$?
check_match "a second stop is refused" "$status $line" \
	'^1 purserctl: cannot stop "later": [a-z]'
kill -KILL "$PID"
check "it ends" wait_for has later /state exited
check_eq "its reason is the stop, which came first" \
	"$(value later /reason /signal)" "stopped 9"
container soon "$ON_SIGNAL" 15 catch
check_eq "--no-wait --json prints the record" \
	"$(purserctl stop soon --no-wait --json --time 0.1 | "$JSON" /name)" soon
check "that container ends, too" \
	wait_for has soon /state exited

# The container is unregistered during a stop: there is no event of its end.
container taken "$ON_SIGNAL" 15 catch
purserctl stop taken --time 86400 >"$TEST_DIR/out" 2>&1 &
waiting=$!
at_exit end_process "$waiting"
check "a stop waits for the end" wait_for has taken /state stopping
check "the container is unregistered meanwhile" purserctl unregister taken
status=0
wait "$waiting" || status=$?
check_eq "stop fails and prints the reason" "$status $(<"$TEST_DIR/out")" \
	'1 purserctl: cannot wait for the end of "taken": it was unregistered'

# Several stops at once.
pids=()
for i in 1 2 3 4 5 6 7 8; do
	container "n$i" "$ON_SIGNAL" 15 exit "$i"
done
for i in 1 2 3 4 5 6 7 8; do
	purserctl stop "n$i" >"$TEST_DIR/n$i" 2>&1 &
	pids+=($!)
done
for i in 1 2 3 4 5 6 7 8; do
	wait "${pids[i - 1]}"
done
check_eq "of eight stops at once each prints its own container" "$(cat "$TEST_DIR"/n?)" \
	"$(printf 'n%d: stopped(%d)\n' 1 1 2 2 3 3 4 4 5 5 6 6 7 7 8 8)"

ktap_end
