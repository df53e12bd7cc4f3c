#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loading and unloading: what an idle module costs, what pins it, what it leaves.

. "$(dirname "$0")/kmod.sh"

require_no_module

tracepoints() {
	local json

	json=$(purserctl info --json)
	[[ $json =~ \"tracepoints\":\[([^]]*)\] ]] && echo "${BASH_REMATCH[1]}"
}

no_tracepoint() {
	[ -z "$(tracepoints)" ]
}

refuses_to_load() {	# refuses_to_load PARAMETER
	! insmod "$PURSER_KO" "$1" && ! module_is_loaded
}

refuses_value() {	# refuses_value PARAMETER VALUE: at run time
	local file=/sys/module/purser/parameters/$1 before

	before=$(<"$file")
	! echo "$2" 2>/dev/null >"$file" && [ "$(<"$file")" = "$before" ]
}

check "the module loads" load_module
check_match "the log says so" "$(kernel_log)" 'purser: loaded version=[0-9]'
check_eq "nothing is registered" "$(purserctl list --json)" "[]"
check_eq "an idle module has no tracepoint attached" "$(tracepoints)" ""
check_eq "its worker is there" "$(worker_threads)" 1

# What is registered

start on_signal 15 default
check "a process is registered" register one
check_eq "now the tracepoints are attached" "$(tracepoints)" \
	'"sched_process_fork","sched_process_exec","sched_process_exit","signal_generate","mark_victim","rss_stat"'
check_refused "a live container keeps the module" "in use" rmmod purser
kill -TERM "$PID"
check "it ends" wait_for record_is one state=exited reason=killed
check "then the tracepoints are detached" wait_for no_tracepoint
check "an ended record does not keep the module" wait_for unload_module
check_match "the log says so" "$(kernel_log)" 'purser: unloaded'

# What is left: nothing

check_status "the family is gone: purserctl" 4 purserctl info
check_match "the family is gone: the kernel's own list" "$(request info 2>&1)" \
	'no such family'
check_eq "the worker is gone" "$(worker_threads)" 0

# Parameters

for parameter in exit_records=-1 exit_records=1048577 exit_records=many \
	event_log=0 event_log=63 event_log=65537 \
	sweep_ms=0 sweep_ms=9 sweep_ms=60001; do
	check "it does not load with $parameter" refuses_to_load "$parameter"
done
check "it loads with the least of all" \
	load_module exit_records=0 event_log=64 sweep_ms=10
check "sweep_ms=9 is refused later too" refuses_value sweep_ms 9
check "exit_records=1048577 is refused later too" \
	refuses_value exit_records 1048577
check "sweep_ms=60000 is taken later too" \
	eval 'echo 60000 >/sys/module/purser/parameters/sweep_ms'
check "and unloads" unload_module
check "it loads with the most of all" \
	load_module exit_records=1048576 event_log=65536 sweep_ms=60000
check "and unloads" unload_module

# Again and again. A record that has ended and somebody who listens are there
# in some of the turns.

fill_and_listen() {
	start_monitor && start on_signal 15 default && register turn &&
		kill -TERM "$PID" && wait_event turn exited
}

turns() {
	local i

	for ((i = 1; i <= 50; i++)); do
		insmod "$PURSER_KO" event_log=64 || return
		if [ $((i % 10)) = 0 ]; then
			fill_and_listen || return
		fi
		# The work that retires the record may be in its last lines.
		wait_for rmmod purser || return
	done
}

check "50 times loaded and unloaded" turns
check_eq "no worker is left" "$(worker_threads)" 0
check_match "the log tells of the last time" "$(kernel_log | tail -n 1)" \
	'purser: unloaded'

ktap_end
