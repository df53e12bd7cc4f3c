#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Many at once, at the same few containers. What was done is judged by the event
# log, by the table that is left, and by the kernel's log.

. "$(dirname "$0")/kmod.sh"

[ "$(nproc)" -gt 1 ] || ktap_skip_all "needs two processors"
require_module event_log=65536 exit_records=8 sweep_ms=10

log_is_right() {
	purserctl events --json >"$TEST_DIR/log" &&
		awk -f "$(dirname "$0")/events.awk" "$TEST_DIR/log"
}

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

# The last one that goes detaches the tracepoints, the first one that comes
# attaches them: that takes its time, and then nobody meets anybody.
check "register, stop, unregister, set, get, list, kill" hammer table 30
ktap_diag "$OUTPUT"
spawn
register standing
check "and again while another one lives" hammer table 150
ktap_diag "$OUTPUT"
clear_container standing
check "all end" wait_for live_is 0
check "the events make sense" log_is_right
check "the table and its counters agree" table_is_right

check "what was never registered is never found" hammer ghost 3000
ktap_diag "$OUTPUT"
check "all end" wait_for live_is 0
check "the table and its counters agree" table_is_right
check "the events make sense" log_is_right

# Processes that never cease to fork: all of them have to die. A cgroup holds
# them together, and tells whether there are any.

cgroup=/sys/fs/cgroup/purser-test.$$

nobody_is_left() {
	grep -qx 'populated 0' "$cgroup/cgroup.events"
}

# What is left of one that was ended would run for ever.
kill_who_is_left() {
	echo 1 >"$cgroup/cgroup.kill" && wait_for nobody_is_left
}

run_away() {	# run_away HOW-MANY-TIMES REQUEST...
	local i left=0 request=("${@:2}")

	for ((i = 0; i < $1; i++)); do
		spawn --hold runaway 4 && echo "$PID" >"$cgroup/cgroup.procs" &&
			register runaway && release "$PID" &&
			wait_line ready && request "${request[@]}" || return
		end_of "$PID" && wait_for live_is 0 || return
		# Whoever has got his SIGKILL is on his way out.
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
	check "a hard limit ends all that a bare process has started" \
		run_away 10 set name=runaway hard-limit=1
	check "so does a stop by force" \
		run_away 10 stop name=runaway stop-signal=28 grace-ms=1
else
	ktap_skip "a bare process whose children never cease to fork" \
		"needs cgroup v2 with cgroup.kill"
fi

# A registration that comes while the module goes

load_and_unload() {
	local i

	for ((i = 0; i < 12; i++)); do
		insmod "$PURSER_KO" || return
		wait_for rmmod purser || return
	done
}

check "the module unloads" wait_for unload_module
exec {OUT}< <(exec hammer unload </dev/null)
HAMMER=$!
at_exit stop_process $HAMMER
wait_line ready
check "it is loaded and unloaded while somebody registers" load_and_unload
kill -TERM $HAMMER
check "who was never told nonsense" wait_line 'unload *'
ktap_diag "$LINE"

check "the module loads" load_module
check_unload
ktap_end
