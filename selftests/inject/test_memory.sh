#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# Memory runs out in the supervisor: one allocation of so many fails, wherever it
# is. Requests may be refused; no container is lost, nor a line, nor the supervisor.

# shellcheck disable=SC2015,SC2016
. "$(dirname "$0")/inject.sh"

NOMEM=$TEST_DIR/nomem
head -c 16 /dev/zero >"$NOMEM"

# number N - as 8 bytes, the least first
number() {
	local i n=$1 text=

	for ((i = 0; i < 8; i++)); do
		text+=$(printf '\\x%02x' $((n & 255)))
		n=$((n >> 8))
	done
	printf '%b' "$text"
}

# fail_one_of N - from now on; 0: none
fail_one_of() {
	number "$1" | dd of="$NOMEM" bs=8 conv=notrunc 2>/dev/null
}

failed() {
	od -An -t u8 -j 8 -N 8 "$NOMEM" | tr -d ' '
}

# starve [OPTION...] - a supervisor, and nothing else, that lacks memory at times
starve() {
	local status=0

	: >"$SUPERVISOR_LOG"
	# shellcheck disable=SC2317 # start_supervisor calls it
	engine() {
		exec env NOMEM="$NOMEM" \
			LD_PRELOAD="$PURSER_TEST_BIN/preload_nomem.so" \
			"$PURSER_BIN/engine" "$@"
	}
	start_supervisor "$PURSER_ROOTFS" "$@" || status=$?
	unset -f engine
	return "$status"
}

require_module
starve || ktap_bail "no supervisor"
make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
mkfifo "$TEST_DIR/root/go" && exec {GO}<>"$TEST_DIR/root/go" ||
	ktap_bail "no FIFO"
engine start talker "$TEST_DIR/root" -- \
	sh -c 'while read -r word; do echo "$word"; done </go' >/dev/null
engine start stays -- sleep 1000 >/dev/null
pid=$SUPERVISOR_PID

SAID=0
for one_of in 2 3 5 7 13 31 101; do
	wrong=
	before=$(failed)
	fail_one_of "$one_of"
	for i in 1 2 3 4; do
		SAID=$((SAID + 1))
		echo "line $SAID, not all of it at once" >&"$GO"
		engine run "r$i" -- sh -c "echo $i; exit $i" \
			>"$TEST_DIR/out$i" 2>&1 &
		runs[i]=$!
		engine ps >/dev/null 2>&1
		engine logs talker >/dev/null 2>&1
		engine stop nobody >/dev/null 2>&1
	done
	fail_one_of 0
	ktap_diag "one of $one_of: $(($(failed) - before)) allocations failed"
	for i in 1 2 3 4; do
		status=0
		wait "${runs[i]}" || status=$?
		# Made and ended as it was told to, or not made, and said so.
		case $status in
		"$i" | 125) ;;
		*) wrong+="r$i: status $status: $(<"$TEST_DIR/out$i")"$'\n' ;;
		esac
	done
	check_eq "one of $one_of fails: each run ends, or is refused" "$wrong" ""
	kill -0 "$pid" || ktap_bail "the supervisor is gone: $(tail -n 3 "$SUPERVISOR_LOG")"
	check "one of $one_of: ps has the kernel's rows" wait_for same_as_kernel
	check_eq "one of $one_of: what runs, runs" \
		"$(value talker /state) $(value stays /state)" "running running"
	check "one of $one_of: its log goes on" wait_for log_has talker \
		"line $SAID, not all of it at once"
	check "one of $one_of: of the others nothing is left" wait_for eval \
		'[ "$(ls "$RUN_DIR/containers" | tr "\n" " ")" = "stays talker " ]'
done
check_eq "each line once, in order" "$(engine logs talker | cksum)" \
	"$(seq -f 'line %.0f, not all of it at once' "$SAID" | cksum)"

# --- All of them fail ---

engine run dies -- sleep 1000 >/dev/null 2>&1 &
run=$!
wait_for value_is dies /state running
dies=$(value dies /pid)
fail_one_of 1
kill -KILL "$dies"
check "one dies" wait_for is_gone "$dies"
"$SET" set stays 100
purserctl unregister r1 2>/dev/null
before=$(ticks)
nap 1
check "it does not spin" test $(($(ticks) - before)) -lt 50
check_status "nobody is answered" 1 engine ps
fail_one_of 0
status=0
wait "$run" || status=$?
check_match "but who waited is" "$status" '^(137|125)$'
check "its end is known" wait_for value_is dies /reason killed
check "limits, too" value_is stays /hard_limit $((100 << 30))
check "ps has the kernel's rows" same_as_kernel

# --- While the next one takes over ---

began=0
for one_of in 400 200 100 50 20 1000 700; do
	die
	fail_one_of "$one_of"
	WAIT_CAP=10 starve >/dev/null && began=$((began + 1))
	fail_one_of 0
	if [ "$SUPERVISOR_PID" ] && ! kill -0 "$SUPERVISOR_PID" 2>/dev/null; then
		wait "$SUPERVISOR_PID"
		status=$?
		[ "$status" -lt 128 ] || ktap_fail "killed by a signal: $status" \
			"$(<"$SUPERVISOR_LOG")"
	fi
done
ktap_diag "$began of 7 supervisors began"
die 2>/dev/null
starve || ktap_bail "no supervisor"
check_eq "all live on" "$(value talker /state) $(value stays /state)" \
	"running running"
echo "the last one" >&"$GO"
check "and their logs go on" wait_for log_has talker "the last one"
check_eq "each line once, in order" "$(engine logs talker | head -n -1 | cksum)" \
	"$(seq -f 'line %.0f, not all of it at once' "$SAID" | cksum)"
check "the supervisor ends" stop_supervisor
check_eq "nothing is left" "$(find "$RUN_DIR" "$STATE_DIR" -mindepth 1)" ""

ktap_end
