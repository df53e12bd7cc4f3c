#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Several processes with several threads each act on containers of the same few names, see
# kmod/hammer.c. The event log, the table and the counters must then agree.
#
# usage: test_crowd.sh [SECONDS [HAMMERS [LIVES]]]
# Runs until SECONDS are over and each of HAMMERS processes has made LIVES containers.
# timeout: 900

. "$(dirname "$0")/../kmod/kmod.sh"

PATH=$PURSER_BUILD/tests/bin/kmod:$PATH
seconds=${1:-1}
hammers=${2:-3}
lives=${3:-$((60 / ${PURSER_SLOW:-1}))}

[ "$(nproc)" -gt 1 ] || ktap_skip_all "the test needs two processors"
require_module event_log=65536 exit_records=8 sweep_ms=10

# ids_are_unique - no id was registered twice
ids_are_unique() {
	! grep -o '"event":"registered".*"container":{"id":[0-9]*' \
		"$TEST_DIR/log" | sed 's/.*://' | sort -n | uniq -d | grep .
}

# log_is_right - events.awk finds no fault in the event log
log_is_right() {
	local first

	read -r first <"$TEST_DIR/log" && field "$first" seq &&
		awk -f "$(dirname "$0")/../kmod/events.awk" -v first="$REPLY" \
			"$TEST_DIR/log"
}

ended=0	# the number of records that all_have_ended has seen

# all_have_ended - each record in the table has the state exited
all_have_ended() {
	local line

	while read -r line; do
		[[ $line == *'"id":'* ]] || continue
		fields_are "${line%,}" state=exited || return
		ended=$((ended + 1))
	done < <(purserctl list --json)
}

# counters_are_right - the counters fit the table and the event log
counters_are_right() {
	local info last

	info=$(purserctl info --json)
	last=$(tail -n 1 "$TEST_DIR/log")
	field "$last" seq && fields_are "$info" live=0 ended="$ended" members=0 \
		events="$REPLY" events_dropped=0
}

spawn
register standing
pids=()
for ((i = 0; i < hammers; i++)); do
	hammer table "$lives" 1 "$seconds" >"$TEST_DIR/hammer$i" 2>&1 </dev/null &
	pids+=($!)
	at_exit stop_process $!
done
for i in "${!pids[@]}"; do
	check "process $i got only legal answers" wait "${pids[i]}"
	ktap_diag "$(<"$TEST_DIR/hammer$i")"
done

check "a container that took no part lives" kill -0 "$PID"
clear_container standing
check "all containers end" wait_for live_is 0
check "the list has only ended containers" all_have_ended
purserctl events --json >"$TEST_DIR/log"
check "the event log has no fault" log_is_right
check "no id was used twice" ids_are_unique
check "the counters agree with the table and the event log" counters_are_right
check_eq "no reference to the module is left" "$(</sys/module/purser/refcnt)" 0
check_unload
ktap_end
