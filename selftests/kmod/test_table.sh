#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# Two thousand containers at once: the module finds them by name, id and pid, lists them
# in order, stops them and forgets them.

. "$(dirname "$0")/kmod.sh"

require_module exit_records=5000 event_log=65536
N=2000
FEW=300

exec {OUT}< <(exec spawn --count $N </dev/null)
SPAWNER=$!
at_exit stop_process $SPAWNER
for ((i = 1; i <= N; i++)); do
	read -r -t "$WAIT_CAP" -u "$OUT" pid || ktap_bail "process $i does not start"
	pids[i]=$pid
done

# for_all FORMAT - print a line for each container; %i is its number, %p its PID
for_all() {
	printf '%s\n' "${pids[@]}" | awk -v format="$1" '{
		line = format
		gsub("%i", NR, line)
		gsub("%p", $1, line)
		print line
	}'
}

# check_all POINT REQUEST ANSWER - send the request for each container; each gets ANSWER
check_all() {
	for_all "$2" >"$TEST_DIR/requests"
	for_all "$3" >"$TEST_DIR/want"
	request --lines <"$TEST_DIR/requests" >"$TEST_DIR/got"
	check "$1" diff -u "$TEST_DIR/want" "$TEST_DIR/got"
}

# --- Lists while containers come and go ---
#
# Each list must have all containers that live throughout, and none twice. Reloading the
# module afterwards clears the table.

for_all "register name=many-%i pid=%p" | head -n $FEW >"$TEST_DIR/requests"
check "$FEW containers are registered" requests "$TEST_DIR/requests"
check "each list is complete while other containers come and go" hammer table 30 $FEW
ktap_diag "$OUTPUT"
check_no_match "there was at least one list" "$OUTPUT" 'list 0'
check "the other containers have ended" wait_for live_is $FEW
for_all "unregister name=many-%i" | head -n $FEW >"$TEST_DIR/requests"
check "the $FEW containers are unregistered" requests "$TEST_DIR/requests"
check "the module can be unloaded" wait_for unload_module
check "the module can be loaded again" load_module exit_records=5000 event_log=65536

# --- All containers ---

check_all "$N containers are registered" "register name=many-%i pid=%p" "OK %i"
check "$N containers live" live_is $N
check_all "get finds all by name" "get name=many-%i" "OK %i many-%i %p"
check_all "get finds all by id" "get id=%i" "OK %i many-%i %p"
check_all "get finds all by pid" "get pid=%p" "OK %i many-%i %p"

# listed [OPTION...] - print id, name and pid of each container in the list
listed() {
	purserctl list --json "$@" |
		grep -o '"id":[0-9]*,"name":"[^"]*","pid":[0-9]*'
}

for_all '"id":%i,"name":"many-%i","pid":%p' >"$TEST_DIR/want"
listed >"$TEST_DIR/got"
check "the list has all containers in the order of their ids" \
	diff -u "$TEST_DIR/want" "$TEST_DIR/got"
check_eq "the counters say $N live containers" "$(purserctl info --json |
	grep -o '"live":.*"members":[0-9]*')" \
	"\"live\":$N,\"ended\":0,\"members\":$N"

# --- A third is unregistered ---

check_all "a second registration of each is refused" "register name=many-%i pid=%p" \
	"EEXIST pid: the process is in a container already"
for ((i = 3; i <= N; i += 3)); do
	echo "unregister id=$i"
done >"$TEST_DIR/requests"
check "a third of the containers is unregistered" requests "$TEST_DIR/requests"
check "the other containers live" live_is $((N - N / 3))
for_all '"id":%i,"name":"many-%i","pid":%p' | awk 'NR % 3' >"$TEST_DIR/want"
listed --state running >"$TEST_DIR/got"
check "the list has the other containers in order" diff -u "$TEST_DIR/want" "$TEST_DIR/got"

# --- All end ---

for_all "stop name=many-%i grace-ms=0" | awk 'NR % 3' >"$TEST_DIR/requests"
check "the kernel accepts a stop of each container" requests "$TEST_DIR/requests"
check "all containers end" wait_for live_is 0
listed --state exited | grep many >"$TEST_DIR/got"
check "the table has the record of each ended container" \
	diff -u "$TEST_DIR/want" "$TEST_DIR/got"
check_eq "each record says stopped by force" \
	"$(purserctl list --json | grep '"name":"many-' |
	grep -o '"reason":.*"forced":[a-z]*' | sort -u)" \
	'"reason":"stopped","exit_code":null,"signal":9,"forced":true'
stop_process $SPAWNER
purserctl list --json | grep -o '"id":[0-9]*' |
	sed 's/"id":/unregister id=/' >"$TEST_DIR/requests"
check "all records are unregistered" requests "$TEST_DIR/requests"
check_eq "the table is empty" "$(purserctl list --json)" "[]"
check_eq "the counters say that the table is empty" "$(purserctl info --json |
	grep -o '"live":.*"members":[0-9]*')" '"live":0,"ended":0,"members":0'

check_unload
ktap_end
