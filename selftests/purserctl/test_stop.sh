#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# stop: waits for the end, tells how it came, whatever the container does.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

# container NAME COMMAND... - registered when it is ready
container() {
	local name=$1

	shift
	spawn_ready "$@" || ktap_bail "no process for $name"
	purserctl register "$name" "$PID" >/dev/null ||
		ktap_bail "cannot register $name"
}

# stopped NAME LINE ARGUMENT... - purserctl stop prints just that
stopped() {
	local name=$1 line=$2

	shift 2
	check "$name" purserctl stop "$@"
	check_eq "$name: the line" "$OUTPUT" "$line"
}

container code "$ON_SIGNAL" 15 exit 3
stopped "a container that ends by itself" "code: stopped(3)" code
check_eq "it has ended by then" "$(value code /state /exit_code /signal)" \
	"exited 3 null"

container deaf "$ON_SIGNAL" 10 ignore
stopped "one that the signal ends" "deaf: stopped(SIGTERM)" deaf

container quit "$ON_SIGNAL" 3 exit 0
stopped "another signal" "quit: stopped(0)" --signal SIGQUIT quit

container rt "$ON_SIGNAL" 35 exit 9
stopped "a real-time signal" "rt: stopped(9)" rt --signal rtmin+1 --time 60

container stubborn "$ON_SIGNAL" 15 catch
stopped "one that goes on, when the time is over" \
	"stubborn: stopped/forced" stubborn --time 0.2
check_eq "its record" \
	"$(value stubborn /reason /forced /no_handler /signal /exit_code)" \
	"stopped true false 9 null"

container ignorant "$ON_SIGNAL" 15 ignore
stopped "one that ignores it is not waited for" \
	"ignorant: stopped/forced/no_handler" ignorant --time 86400

container now "$ON_SIGNAL" 15 catch
stopped "no time at all" "now: stopped/forced" now --time 0

container json "$ON_SIGNAL" 15 exit 4
check_eq "--json prints the record as it ended" \
	"$(purserctl stop json --json |
		"$JSON" /name /state /reason /exit_code /forced /processes)" \
	"json exited stopped 4 false 0"

container by-id "$ON_SIGNAL" 15 exit 5
stopped "--id" "by-id: stopped(5)" --id "$(value by-id /id)"
container by-pid "$ON_SIGNAL" 15 exit 6
stopped "--pid" "by-pid: stopped(6)" --pid "$PID"

# --no-wait
container later "$ON_SIGNAL" 15 catch
check "--no-wait" purserctl stop later --no-wait --time 86400
check_eq "--no-wait prints nothing" "$OUTPUT" ""
check_eq "and the container is about to stop" "$(value later /state)" stopping
status=0
line=$(purserctl stop later 2>&1) || status=$?
check_match "a second stop is refused" "$status $line" \
	'^1 purserctl: cannot stop "later": [a-z]'
kill -KILL "$PID"
check "it ends" wait_for has later /state exited
check_eq "the stop came first" "$(value later /reason /signal)" "stopped 9"
container soon "$ON_SIGNAL" 15 catch
check_eq "--no-wait --json prints the record" \
	"$(purserctl stop soon --no-wait --json --time 0.1 | "$JSON" /name)" soon
check "which ends all the same" \
	wait_for has soon /state exited

# Somebody unregisters it meanwhile: nobody will tell of its end.
container taken "$ON_SIGNAL" 15 catch
purserctl stop taken --time 86400 >"$TEST_DIR/out" 2>&1 &
waiting=$!
at_exit end_process "$waiting"
check "a stop that waits" wait_for has taken /state stopping
check "unregister it meanwhile" purserctl unregister taken
status=0
wait "$waiting" || status=$?
check_eq "the one that waits is told" "$status $(<"$TEST_DIR/out")" \
	'1 purserctl: cannot wait for the end of "taken": it was unregistered'

# Many at once, each waiting for its own.
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
check_eq "eight stops at once" "$(cat "$TEST_DIR"/n?)" \
	"$(printf 'n%d: stopped(%d)\n' 1 1 2 2 3 3 4 4 5 5 6 6 7 7 8 8)"

ktap_end
