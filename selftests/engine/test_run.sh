#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine run" exits as its container does, and a signal to it stops the container.

. "$(dirname "$0")/engine.sh"

require_module
# The supervisor raises its own limit of open files. Containers must not inherit that.
ulimit -Sn 512
require_supervisor

# shellcheck disable=SC2016
trap_term='trap "echo bye; exit 5" TERM; echo up; while :; do sleep 1000 & wait $!; done'

check_status "run exits with 0 as its container" 0 engine run zero -- true
check_eq "run prints nothing if the container exits with 0" "$OUTPUT" ""
check_status "run exits with 7 as its container" 7 engine run seven -- sh -c 'exit 7'
check_status "run exits with 255 as its container" 255 engine run most -- sh -c 'exit 255'
check_eq "ps shows the exit code" "$(value seven /state /reason /exit_code)" \
	"exited exited 7"
check "run succeeds with a container that prints" \
	engine run log -- sh -c 'echo one; echo two >&2'
check_eq "the log is complete when run returns" "$(engine logs log | sort)" $'one\ntwo'

check "a container prints its limits of open files" engine run files -- \
	sh -c 'ulimit -Sn; ulimit -Hn'
check_eq "a container has the limits that the supervisor was started with" \
	"$(engine logs files)" "$(printf '512\n%s' "$(ulimit -Hn)")"

# run ARGUMENT... - start "engine run" in the background as process RUN
run() {
	engine run "$@" </dev/null >"$TEST_DIR/out" 2>&1 &
	RUN=$!
}

# ended - wait for it; set RUN_STATUS to its exit status
ended() {
	RUN_STATUS=0
	wait "$RUN" || RUN_STATUS=$?
}

run killed -- sleep 1000
wait_for value_is killed /state running
kill -KILL "$(value killed /pid)"
ended
check_eq "run exits with 137 if somebody kills the container" "$RUN_STATUS" 137
check_eq "run prints who killed the container" "$(<"$TEST_DIR/out")" \
	"engine: container \"killed\": killed, signal SIGKILL, by $$ (${0##*/}), uid 0"
check_eq "ps shows the same killer" \
	"$(value killed /killer/pid /killer/uid /killer/comm)" "$$ 0 ${0##*/}"

check_status "run exits with 137 if the kernel kills the container" 137 \
	engine run greedy -- sh -c 'ulimit -t 1; while :; do :; done'
check_eq "run prints that the kernel killed the container" "$OUTPUT" \
	'engine: container "greedy": killed, signal SIGKILL, by the kernel'

check_status "run exits with 137 if the container exceeds its hard limit" 137 \
	engine run hog --hard-mib 16 -- memory_hog 4 10
check_eq "run prints hard_limit_killed" "$OUTPUT" \
	'engine: container "hog": hard_limit_killed, signal SIGKILL'

for signal in INT TERM; do
	run "on$signal" -- sh -c "$trap_term"
	wait_for log_has "on$signal" up
	kill -s "$signal" "$RUN"
	ended
	check_eq "SIG$signal to run stops the container" "$RUN_STATUS" 5
	check_eq "the container gets SIGTERM after SIG$signal to run" \
		"$(engine logs "on$signal" | tail -n 1)" bye
	check_eq "ps shows stopped after SIG$signal to run" \
		"$(value "on$signal" /reason /exit_code /forced)" \
		"stopped 5 false"
done

# A container that ignores the request: run goes on waiting.
# shellcheck disable=SC2016
run stubborn -- sh -c \
	'trap "echo no" TERM; echo up; while :; do sleep 1000 & wait $!; done'
wait_for log_has stubborn up
kill -s INT "$RUN"
check "a container handles SIGTERM and does not exit" wait_for log_has stubborn no
check "run waits for that container" kill -0 "$RUN"
check "ps shows that container as stopping" value_is stubborn /state stopping
kill -KILL "$(value stubborn /pid)"
ended
check_eq "run exits when that container ends" "$RUN_STATUS" 137

# The death of "engine run" does not end the container.
run orphan -- sleep 1000
wait_for value_is orphan /state running
kill -KILL "$RUN"
wait "$RUN" 2>/dev/null
check "a container survives the death of its run" value_is orphan /state running
check_status "stop stops a container whose run has died" 0 engine stop orphan --time 0

# Many short containers at once.
pids=()
for i in {1..10}; do
	engine run "short$i" -- sh -c "exit $i" &
	pids+=($!)
done
codes=
for i in {0..9}; do
	wait "${pids[i]}"
	codes+="$? "
done
check_eq "ten runs at once exit with the codes of their containers" \
	"$codes" "1 2 3 4 5 6 7 8 9 10 "
check "the supervisor leaves no zombie" is_zombie_free
check "ps agrees with the kernel" same_as_kernel

ktap_end
