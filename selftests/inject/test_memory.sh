#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# The supervisor copes with allocations that fail: one of N fails, wherever it is. Requests
# may be refused, but no container and no log line is lost, and the supervisor lives on.

# shellcheck disable=SC2015,SC2016
. "$(dirname "$0")/inject.sh"

NOMEM=$TEST_DIR/nomem
head -c 16 /dev/zero >"$NOMEM"

# number N - print N as 8 bytes, in little-endian order
number() {
	local i n=$1 text=

	for ((i = 0; i < 8; i++)); do
		text+=$(printf '\\x%02x' $((n & 255)))
		n=$((n >> 8))
	done
	printf '%b' "$text"
}

# fail_one_of N - let one of N allocations fail from now on; 0: none
fail_one_of() {
	number "$1" | dd of="$NOMEM" bs=8 conv=notrunc 2>/dev/null
}

# failed - print how many allocations have failed
failed() {
	od -An -t u8 -j 8 -N 8 "$NOMEM" | tr -d ' '
}

# starve [OPTION...] - start a supervisor whose allocations may fail
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
starve || ktap_bail "cannot start the supervisor"
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
mkfifo "$TEST_DIR/root/go" && exec {GO}<>"$TEST_DIR/root/go" ||
	ktap_bail "cannot make a FIFO"
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
		# The container has exited with its status, or the start was refused.
		case $status in
		"$i" | 125) ;;
		*) wrong+="r$i: status $status: $(<"$TEST_DIR/out$i")"$'\n' ;;
		esac
	done
	check_eq \
		"one of $one_of fails: engine run returns the status or is refused" "$wrong" ""
	kill -0 "$pid" || ktap_bail "the supervisor has died: $(tail -n 3 "$SUPERVISOR_LOG")"
	check "one of $one_of fails: ps equals the kernel's table" \
		wait_for same_as_kernel
	check_eq "one of $one_of fails: running containers run on" \
		"$(value talker /state) $(value stays /state)" "running running"
	check "one of $one_of fails: the log of a running container goes on" \
		wait_for log_has talker \
		"line $SAID, not all of it at once"
	check "one of $one_of fails: ended containers leave no files behind" \
		wait_for eval \
		'[ "$(ls "$RUN_DIR/containers" | tr "\n" " ")" = "stays talker " ]'
done
check_eq "the log has each line once, in order" "$(engine logs talker | cksum)" \
	"$(seq -f 'line %.0f, not all of it at once' "$SAID" | cksum)"

# --- All allocations fail ---

engine run dies -- sleep 1000 >/dev/null 2>&1 &
run=$!
wait_for value_is dies /state running
dies=$(value dies /pid)
fail_one_of 1
kill -KILL "$dies"
check "all fail: a container dies" wait_for is_gone "$dies"
"$SET" set stays 100
purserctl unregister r1 2>/dev/null
before=$(ticks)
nap 1
check "all fail: the supervisor does not spin" test $(($(ticks) - before)) -lt 50
check_status "all fail: ps fails" 1 engine ps
fail_one_of 0
status=0
wait "$run" || status=$?
check_match "after that engine run returns" "$status" '^(137|125)$'
check "after that the supervisor knows how the container ended" \
	wait_for value_is dies /reason killed
check "after that the supervisor knows the new limits" \
	value_is stays /hard_limit $((100 << 30))
check "after that ps equals the kernel's table" same_as_kernel

# --- Allocations fail while the next supervisor takes over ---

began=0
for one_of in 400 200 100 50 20 1000 700; do
	die
	fail_one_of "$one_of"
	WAIT_CAP=10 starve >/dev/null && began=$((began + 1))
	fail_one_of 0
	if [ "$SUPERVISOR_PID" ] && ! kill -0 "$SUPERVISOR_PID" 2>/dev/null; then
		wait "$SUPERVISOR_PID"
		status=$?
		[ "$status" -lt 128 ] ||
			ktap_fail "a supervisor that takes over dies by no signal: $status" \
				"$(<"$SUPERVISOR_LOG")"
	fi
done
ktap_diag "$began of 7 supervisors started"
die 2>/dev/null
starve || ktap_bail "cannot start the supervisor"
check_eq "all containers live on" \
	"$(value talker /state) $(value stays /state)" "running running"
echo "the last one" >&"$GO"
check "the next supervisor writes their logs" wait_for log_has talker "the last one"
check_eq "the log still has each line once, in order" \
	"$(engine logs talker | head -n -1 | cksum)" \
	"$(seq -f 'line %.0f, not all of it at once' "$SAID" | cksum)"
check "the supervisor stops" stop_supervisor
check_eq "the supervisor leaves no files behind" \
	"$(find "$RUN_DIR" "$STATE_DIR" -mindepth 1 ! -path '*/.requests*')" ""

ktap_end
