#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# test_crowd.sh [N] - so many containers at once, 500 where nothing is said. The
# supervisor is killed while they start, and again when they all run; the next one
# goes on each time.

. "$(dirname "$0")/inject.sh"

N=${1:-${PURSER_CROWD:-500}}
OVERLAYS=$((N / 10))

require_module
mkdir "$TEST_DIR/roots"
cp "$PURSER_TEST_BIN/crowd" "$TEST_DIR/roots/"
check "$N roots" "$TEST_DIR/roots/crowd" --roots "$TEST_DIR/roots" "$N"
# The first of them is the base of overlays.
base=$TEST_DIR/roots/0
require_supervisor "$base"

# threads - how many the supervisor has
threads() {
	awk '$1 == "Threads:" { print $2 }' "/proc/$SUPERVISOR_PID/status"
}
threads=$(threads)

# requests FROM TO - those of them that do not run
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

# look - RUNS: the PIDs of those that run, by name
declare -A RUNS=()
look() {
	local name pid

	RUNS=()
	while read -r name pid; do
		RUNS[$name]=$pid
	done < <(engine ps --json | grep -F '"state":"running"' |
		sed 's/.*"name":"\([^"]*\)","pid":\([0-9]*\).*/\1 \2/')
}

# run_at_least N - so many are in the kernel's table, for wait_for
run_at_least() {
	[ "$(purserctl info --json | "$JSON" /live)" -ge "$1" ]
}

# say WHAT - how large the supervisor is
tell_memory() {
	ktap_diag "$1: $(memory VmRSS) KiB: $(memory RssAnon) of its own, $(memory RssFile) of files, $(memory RssShmem) shared; $(descriptors) descriptors, $(threads) threads"
}

# restart - the next supervisor
restart() {
	: >"$SUPERVISOR_LOG"
	start_supervisor "$base" || ktap_bail "no supervisor"
}

# logs_are LINE... - each log has just these lines, with the container's number
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
check_eq "half of them start" "$(grep -c '"type":"started"' "$TEST_DIR/answers")" \
	$((N / 2))
grep -v '"type":"started"' "$TEST_DIR/answers" | head -n 3 | sed 's/^/# /'
ktap_diag "that took $((SECONDS - start)) s"

requests $((N / 2)) "$N" | client talk 8 >/dev/null 2>&1 &
client=$!
check "others are starting" wait_for run_at_least $((N * 3 / 4))
die
wait "$client"
ktap_diag "killed with $(purserctl info --json | "$JSON" /live) in the table"
start=$SECONDS
restart
ktap_diag "the next supervisor took $((SECONDS - start)) s"
look
check "it has those that ran, ${#RUNS[@]}" test "${#RUNS[@]}" -ge $((N * 3 / 4 - 8))
requests 0 "$N" | client talk 8 >"$TEST_DIR/answers"
check_eq "those that did not start can be started" \
	"$(grep -v '"type":"started"' "$TEST_DIR/answers")" ""
look
check_eq "all run" "${#RUNS[@]}" "$N"
check "ps has the kernel's rows" same_as_kernel
check "each has its log" wait_for logs_are first
tell_memory "$N containers, most of them adopted"

kill -USR1 "${RUNS[@]}"
check "they talk" wait_for logs_are first again
die
kill -USR1 "${RUNS[@]}"
start=$SECONDS
restart
ktap_diag "the next supervisor took $((SECONDS - start)) s for $N"
check "what they said meanwhile is in their logs" \
	wait_for logs_are first again again
before=("${RUNS[@]}")
look
check_eq "all run on" "${RUNS[*]}" "${before[*]}"
tell_memory "$N containers, all adopted"
check "it has not more than 16 MiB" test "$(memory)" -le 16384
check_eq "nor more threads than at the beginning" "$(threads)" "$threads"
check_eq "nor any process" \
	"$(cat "/proc/$SUPERVISOR_PID/task/"*/children)" ""

start=$SECONDS
for ((i = 0; i < N; i++)); do
	printf '{"v":1,"op":"stop","id":"c%d","signal":15,"grace_ms":60000,"wait":false}\n' \
		"$i"
done | client talk 8 >"$TEST_DIR/answers"
check_eq "all are to stop" "$(grep -c '"type":"stopping"' "$TEST_DIR/answers")" "$N"
ended() {
	[ "$(engine ps --json | grep -c '"reason":"stopped","exit_code":0')" = "$N" ]
}
check "all have ended" wait_for ended
ktap_diag "that took $((SECONDS - start)) s"
check "with their last words" logs_are first again again last
# shellcheck disable=SC2016
check "nothing is left of them" wait_for eval \
	'[ -z "$(find "$STATE_DIR" "$RUN_DIR/containers" -mindepth 1)" ]'
tell_memory "all ended"
check "the supervisor ends" stop_supervisor

ktap_end
