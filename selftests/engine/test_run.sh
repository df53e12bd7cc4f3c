#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine run": it ends as its container does, and a signal to it is a stop.

. "$(dirname "$0")/engine.sh"

require_module
# The supervisor raises its own limit of open files, for many containers.
ulimit -Sn 512
require_supervisor

# shellcheck disable=SC2016
trap_term='trap "echo bye; exit 5" TERM; echo up; while :; do sleep 1000 & wait $!; done'

check_status "run: 0" 0 engine run zero -- true
check_eq "and says nothing" "$OUTPUT" ""
check_status "run: 7" 7 engine run seven -- sh -c 'exit 7'
check_status "run: 255" 255 engine run most -- sh -c 'exit 255'
check_eq "the record has the code" "$(value seven /state /reason /exit_code)" \
	"exited exited 7"
check "its log is complete" engine run log -- sh -c 'echo one; echo two >&2'
check_eq "when it has ended" "$(engine logs log | sort)" $'one\ntwo'

check "run: limits of open files" engine run files -- \
	sh -c 'ulimit -Sn; ulimit -Hn'
check_eq "are those that the supervisor was started with" \
	"$(engine logs files)" "$(printf '512\n%s' "$(ulimit -Hn)")"

# In the background: RUN is its process, RUN_STATUS what it ended with.
run() {
	engine run "$@" </dev/null >"$TEST_DIR/out" 2>&1 &
	RUN=$!
}

ended() {
	RUN_STATUS=0
	wait "$RUN" || RUN_STATUS=$?
}

run killed -- sleep 1000
wait_for value_is killed /state running
kill -KILL "$(value killed /pid)"
ended
check_eq "run: a signal of somebody else" "$RUN_STATUS" 137
check_eq "and says why" "$(<"$TEST_DIR/out")" \
	"engine: container \"killed\": killed, signal SIGKILL, by $$ (${0##*/}), uid 0"
check_eq "which is what the record has" \
	"$(value killed /killer/pid /killer/uid /killer/comm)" "$$ 0 ${0##*/}"

check_status "run: a signal of the kernel's own" 137 \
	engine run greedy -- sh -c 'ulimit -t 1; while :; do :; done'
check_eq "and says so" "$OUTPUT" \
	'engine: container "greedy": killed, signal SIGKILL, by the kernel'

check_status "run: above the hard limit" 137 \
	engine run hog --hard-mib 16 -- memory_hog 4 10
check_eq "and says why" "$OUTPUT" \
	'engine: container "hog": hard_limit_killed, signal SIGKILL'

for signal in INT TERM; do
	run "on$signal" -- sh -c "$trap_term"
	wait_for log_has "on$signal" up
	kill -s "$signal" "$RUN"
	ended
	check_eq "run: SIG$signal asks for a stop" "$RUN_STATUS" 5
	check_eq "which the container was asked for" \
		"$(engine logs "on$signal" | tail -n 1)" bye
	check_eq "and the record tells" \
		"$(value "on$signal" /reason /exit_code /forced)" \
		"stopped 5 false"
done

# One that does not go: run goes on waiting.
# shellcheck disable=SC2016
run stubborn -- sh -c \
	'trap "echo no" TERM; echo up; while :; do sleep 1000 & wait $!; done'
wait_for log_has stubborn up
kill -s INT "$RUN"
check "run: a container that does not go" wait_for log_has stubborn no
check "is waited for" kill -0 "$RUN"
check "and shows as stopping" value_is stubborn /state stopping
kill -KILL "$(value stubborn /pid)"
ended
check_eq "run: until it ends, however it does" "$RUN_STATUS" 137

# A client that dies takes nothing with it.
run orphan -- sleep 1000
wait_for value_is orphan /state running
kill -KILL "$RUN"
wait "$RUN" 2>/dev/null
check "run dies, its container does not" value_is orphan /state running
check_status "another client can stop it" 0 engine stop orphan --time 0

# Both at once: many short ones.
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
check_eq "ten at once, each its own code" "$codes" "1 2 3 4 5 6 7 8 9 10 "
check "no zombie is left" is_zombie_free
check "ps has the kernel's rows" same_as_kernel

ktap_end
