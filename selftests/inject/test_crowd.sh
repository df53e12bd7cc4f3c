#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# test_crowd.sh [N] - run N containers (default: 500, fewer on slow kernels) at once. The
# supervisor is killed while they start, and again when all run. Each time the next one
# takes them over.

# Hundreds of starts take long on a busy machine.
WAIT_CAP=${WAIT_CAP:-$((240 * ${PURSER_SLOW:-1}))}
. "$(dirname "$0")/inject.sh"

N=${1:-${PURSER_CROWD:-$((500 / ${PURSER_SLOW:-1}))}}
OVERLAYS=$((N / 10))

require_module
mkdir "$TEST_DIR/roots"
cp "$PURSER_TEST_BIN/crowd" "$TEST_DIR/roots/"
check "crowd makes $N roots" "$TEST_DIR/roots/crowd" --roots "$TEST_DIR/roots" "$N"
# The first root is the base of the overlays.
base=$TEST_DIR/roots/0
require_supervisor "$base"

# threads - print how many threads the supervisor has
threads() {
	awk '$1 == "Threads:" { print $2 }' "/proc/$SUPERVISOR_PID/status"
}
threads=$(threads)

# requests FROM TO - print start requests for those containers that do not run
requests() {
	local i

	for ((i = $1; i < $2; i++)); do
		[ -z "${RUNS[c$i]-}" ] || continue
		if [ "$i" -le "$OVERLAYS" ]; then
			start_request "c$i" "" crowd "$i"
		else
			start_request "c$i" "$TEST_DIR/roots/$i" crowd "$i"
		fi
	done
}

# look - set RUNS to the PIDs of the running containers, by name
declare -A RUNS=()
look() {
	local name pid

	RUNS=()
	while read -r name pid; do
		RUNS[$name]=$pid
	done < <(engine ps --json | grep -F '"state":"running"' |
		sed 's/.*"name":"\([^"]*\)","pid":\([0-9]*\).*/\1 \2/')
}

# run_at_least N - at least N containers live in the kernel's table, for wait_for
run_at_least() {
	[ "$(purserctl info --json | "$JSON" /live)" -ge "$1" ]
}

# tell_memory WHAT - print how large the supervisor is
tell_memory() {
	ktap_diag \
		"$1: $(memory VmRSS) KiB: $(memory RssAnon) anonymous, $(memory RssFile) of files, $(memory RssShmem) shared; $(descriptors) descriptors, $(threads) threads"
}

# restart - start the next supervisor
restart() {
	: >"$SUPERVISOR_LOG"
	start_supervisor "$base" || ktap_bail "cannot start the next supervisor"
}

# logs_are LINE... - each log has exactly these lines, with the container's number
logs_are() {
	local i line

	for ((i = 0; i < N; i++)); do
		for line; do
			echo "c$i.log $line $i"
		done
	done | sort >"$TEST_DIR/want"
	(cd "$LOG_DIR" && awk '{ print FILENAME, $4, $5 }' c*.log) | sort |
		cmp - "$TEST_DIR/want"
}

tell_memory "no container"
start=$SECONDS
requests 0 $((N / 2)) | client talk 8 >"$TEST_DIR/answers"
check_eq "the first half of the containers start" \
	"$(grep -c '"type":"started"' "$TEST_DIR/answers")" \
	$((N / 2))
grep -v '"type":"started"' "$TEST_DIR/answers" | head -n 3 | sed 's/^/# /'
ktap_diag "that took $((SECONDS - start)) s"

requests $((N / 2)) "$N" | client talk 8 >/dev/null 2>&1 &
client=$!
check "more containers start" wait_for run_at_least $((N * 3 / 4))
die
wait "$client"
ktap_diag "killed with $(purserctl info --json | "$JSON" /live) in the table"
start=$SECONDS
restart
ktap_diag "the next supervisor took $((SECONDS - start)) s"
look
check "the next supervisor has taken over ${#RUNS[@]} containers" \
	test "${#RUNS[@]}" -ge $((N * 3 / 4 - 8))
requests 0 "$N" | client talk 8 >"$TEST_DIR/answers"
check_eq "all other containers can be started" \
	"$(grep -v '"type":"started"' "$TEST_DIR/answers")" ""
look
check_eq "all containers run" "${#RUNS[@]}" "$N"
check "ps equals the kernel's table" same_as_kernel
check "each container has its log" wait_for logs_are first
tell_memory "$N containers, most of them adopted"

kill -USR1 "${RUNS[@]}"
check "each container's second line is in its log" wait_for logs_are first again
die
kill -USR1 "${RUNS[@]}"
start=$SECONDS
restart
ktap_diag "the next supervisor took $((SECONDS - start)) s for $N"
check "lines from between two supervisors are in the logs" \
	wait_for logs_are first again again
before=("${RUNS[@]}")
look
check_eq "all containers run on under the next supervisor" "${RUNS[*]}" "${before[*]}"
tell_memory "$N containers, all adopted"
check "the supervisor takes at most 16 MiB" test "$(memory)" -le 16384
check_eq "the supervisor has no more threads than at the start" \
	"$(threads)" "$threads"
check_eq "the supervisor has no child process" \
	"$(cat "/proc/$SUPERVISOR_PID/task/"*/children)" ""

start=$SECONDS
for ((i = 0; i < N; i++)); do
	printf '{"v":1,"op":"stop","id":"c%d","signal":15,"grace_ms":60000,"wait":false}\n' \
		"$i"
done | client talk 8 >"$TEST_DIR/answers"
check_eq "all stop requests are accepted" \
	"$(grep -c '"type":"stopping"' "$TEST_DIR/answers")" "$N"
ended() {
	[ "$(engine ps --json | grep -c '"reason":"stopped","exit_code":0')" = "$N" ]
}
check "all containers have stopped" wait_for ended
ktap_diag "that took $((SECONDS - start)) s"
check "the logs have the last lines" logs_are first again again last
# shellcheck disable=SC2016
check "the containers leave no files behind" wait_for eval \
	'[ -z "$(find "$STATE_DIR" "$RUN_DIR/containers" -mindepth 1 ! -path "*/.requests*")" ]'
tell_memory "all ended"
check "the supervisor stops" stop_supervisor

ktap_end
