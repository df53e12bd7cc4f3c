#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# Two thousand containers at once: found by all that they have, listed in order,
# stopped, forgotten.

. "$(dirname "$0")/kmod.sh"

require_module exit_records=5000 event_log=65536
N=2000
FEW=300

exec {OUT}< <(exec spawn --count $N </dev/null)
SPAWNER=$!
at_exit stop_process $SPAWNER
for ((i = 1; i <= N; i++)); do
	read -r -t "$WAIT_CAP" -u "$OUT" pid || ktap_bail "no process $i"
	pids[i]=$pid
done

# for_all FORMAT - a line for each container: %i is its number, %p its PID
for_all() {
	printf '%s\n' "${pids[@]}" | awk -v format="$1" '{
		line = format
		gsub("%i", NR, line)
		gsub("%p", $1, line)
		print line
	}'
}

# check_all POINT REQUEST ANSWER - each request has that answer
check_all() {
	for_all "$2" >"$TEST_DIR/requests"
	for_all "$3" >"$TEST_DIR/want"
	request --lines <"$TEST_DIR/requests" >"$TEST_DIR/got"
	check "$1" diff -u "$TEST_DIR/want" "$TEST_DIR/got"
}

# Some of them first, and others that come and go: each list is complete and has
# nobody twice. What is in its way is forgotten with the module.

for_all "register name=many-%i pid=%p" | head -n $FEW >"$TEST_DIR/requests"
check "$FEW are registered" requests "$TEST_DIR/requests"
check "lists while others come and go" hammer table 30 $FEW
ktap_diag "$OUTPUT"
check_no_match "there were some" "$OUTPUT" 'list 0'
check "the others have gone" wait_for live_is $FEW
for_all "unregister name=many-%i" | head -n $FEW >"$TEST_DIR/requests"
check "they are unregistered" requests "$TEST_DIR/requests"
check "the module unloads" wait_for unload_module
check "and loads" load_module exit_records=5000 event_log=65536

# All of them

check_all "$N are registered" "register name=many-%i pid=%p" "OK %i"
check "they live" live_is $N
check_all "all are found by name" "get name=many-%i" "OK %i many-%i %p"
check_all "all are found by id" "get id=%i" "OK %i many-%i %p"
check_all "all are found by pid" "get pid=%p" "OK %i many-%i %p"

listed() {
	purserctl list --json "$@" |
		grep -o '"id":[0-9]*,"name":"[^"]*","pid":[0-9]*'
}

for_all '"id":%i,"name":"many-%i","pid":%p' >"$TEST_DIR/want"
listed >"$TEST_DIR/got"
check "all are listed, in the order of their ids" \
	diff -u "$TEST_DIR/want" "$TEST_DIR/got"
check_eq "the counters agree" "$(purserctl info --json |
	grep -o '"live":.*"members":[0-9]*')" \
	"\"live\":$N,\"ended\":0,\"members\":$N"

# Some are forgotten, the others are not

check_all "a name that is taken stays so" "register name=many-%i pid=%p" \
	"EEXIST pid: the process is in a container already"
for ((i = 3; i <= N; i += 3)); do
	echo "unregister id=$i"
done >"$TEST_DIR/requests"
check "a third is unregistered" requests "$TEST_DIR/requests"
check "the others live" live_is $((N - N / 3))
for_all '"id":%i,"name":"many-%i","pid":%p' | awk 'NR % 3' >"$TEST_DIR/want"
listed --state running >"$TEST_DIR/got"
check "and are listed, in order" diff -u "$TEST_DIR/want" "$TEST_DIR/got"

# All end

for_all "stop name=many-%i grace-ms=0" | awk 'NR % 3' >"$TEST_DIR/requests"
check "all are stopped" requests "$TEST_DIR/requests"
check "all end" wait_for live_is 0
listed --state exited | grep many >"$TEST_DIR/got"
check "all have left their record" diff -u "$TEST_DIR/want" "$TEST_DIR/got"
check_eq "for one reason" "$(purserctl list --json | grep '"name":"many-' |
	grep -o '"reason":.*"forced":[a-z]*' | sort -u)" \
	'"reason":"stopped","exit_code":null,"signal":9,"forced":true'
stop_process $SPAWNER
purserctl list --json | grep -o '"id":[0-9]*' |
	sed 's/"id":/unregister id=/' >"$TEST_DIR/requests"
check "all records are forgotten" requests "$TEST_DIR/requests"
check_eq "the table is empty" "$(purserctl list --json)" "[]"
check_eq "the counters agree" "$(purserctl info --json |
	grep -o '"live":.*"members":[0-9]*')" '"live":0,"ended":0,"members":0'

check_unload
ktap_end
