#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Many processes act on the same few containers at the same time. The event log, the table
# and the counters must then agree, and the kernel log must have no fault.

. "$(dirname "$0")/kmod.sh"

[ "$(nproc)" -gt 1 ] || ktap_skip_all "the test needs two processors"
require_module event_log=65536 exit_records=8 sweep_ms=10

# log_is_right - events.awk finds no fault in the event log
log_is_right() {
	purserctl events --json >"$TEST_DIR/log" &&
		awk -f "$(dirname "$0")/events.awk" "$TEST_DIR/log"
}

# table_is_right - all records have ended, and the counters agree with them
table_is_right() {
	local json ended=0 line

	json=$(purserctl list --json)
	while read -r line; do
		[[ $line == *'"id":'* ]] || continue
		field "$line" state
		[ "$REPLY" = exited ] || return
		ended=$((ended + 1))
	done <<<"$json"
	[[ $(purserctl info --json) == \
		*"\"live\":0,\"ended\":$ended,\"members\":0,"* ]]
}

# The last container detaches the tracepoints and the first one attaches them. That takes
# long, so fewer requests meet. In the second run a further container keeps them attached.
check "many register, stop, unregister, set, get, list and kill at once" hammer table 30
ktap_diag "$OUTPUT"
spawn
register standing
check "likewise while a further container lives" hammer table 150
ktap_diag "$OUTPUT"
clear_container standing
check "all containers end" wait_for live_is 0
check "the event log has no fault" log_is_right
check "the table and the counters agree" table_is_right

check "requests never find a container whose registration failed" hammer ghost 3000
ktap_diag "$OUTPUT"
check "all containers end after failed registrations" wait_for live_is 0
check "the table and the counters agree after failed registrations" table_is_right
check "the event log has no fault after failed registrations" log_is_right

# --- Processes that fork all the time: all of them must die ---
#
# A cgroup holds them, so that the test can tell whether one is left.

cgroup=/sys/fs/cgroup/purser-test.$$

# nobody_is_left - the cgroup has no process
nobody_is_left() {
	grep -qx 'populated 0' "$cgroup/cgroup.events"
}

# kill_who_is_left - kill all processes of the cgroup
kill_who_is_left() {
	echo 1 >"$cgroup/cgroup.kill" && wait_for nobody_is_left
}

# run_away N REQUEST... - N times, the request ends all processes of such a container
run_away() {
	local i left=0 request=("${@:2}")

	for ((i = 0; i < $1; i++)); do
		spawn --hold runaway 4 && echo "$PID" >"$cgroup/cgroup.procs" &&
			register runaway && release "$PID" &&
			wait_line ready && request "${request[@]}" || return
		end_of "$PID" && wait_for live_is 0 || return
		# Processes that have got SIGKILL may take a moment to exit.
		if ! WAIT_CAP=5 wait_for nobody_is_left; then
			left=$((left + 1))
			kill_who_is_left || return
		fi
		purserctl unregister runaway || return
	done
	[ "$left" = 0 ] || echo "processes were left in $left of $1 runs"
	[ "$left" = 0 ]
}

if mkdir "$cgroup" && [ -e "$cgroup/cgroup.kill" ]; then
	at_exit rmdir "$cgroup"
	at_exit kill_who_is_left
	check "a hard limit kills all processes that fork without end" \
		run_away 10 set name=runaway hard-limit=1
	check "a forced stop kills all processes that fork without end" \
		run_away 10 stop name=runaway stop-signal=28 grace-ms=1
else
	ktap_skip "processes that fork without end" \
		"the kernel has no cgroup v2 with cgroup.kill"
fi

# --- A registration while the module is unloaded ---

load_and_unload() {
	local i

	for ((i = 0; i < 12; i++)); do
		insmod "$PURSER_KO" || return
		wait_for rmmod purser || return
	done
}

check "the module can be unloaded" wait_for unload_module
exec {OUT}< <(exec hammer unload </dev/null)
HAMMER=$!
at_exit stop_process $HAMMER
wait_line ready
check "the module can be loaded and unloaded during registrations" load_and_unload
kill -TERM $HAMMER
check "each of these registrations got a legal answer" wait_line 'unload *'
ktap_diag "$LINE"

check "the module can be loaded again" load_module
check_unload
ktap_end
