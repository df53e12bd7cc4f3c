#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loading and unloading: which tracepoints the module attaches, what keeps it from being
# unloaded, and what it leaves behind.

. "$(dirname "$0")/kmod.sh"

require_no_module

# tracepoints - print the tracepoints that the module has attached
tracepoints() {
	local json

	json=$(purserctl info --json)
	[[ $json =~ \"tracepoints\":\[([^]]*)\] ]] && echo "${BASH_REMATCH[1]}"
}

no_tracepoint() {
	[ -z "$(tracepoints)" ]
}

# refuses_to_load PARAMETER - the module cannot be loaded with that parameter
refuses_to_load() {
	! insmod "$PURSER_KO" "$1" && ! module_is_loaded
}

# refuses_value PARAMETER VALUE - the loaded module refuses that value
refuses_value() {
	local file=/sys/module/purser/parameters/$1 before

	before=$(<"$file")
	! echo "$2" 2>/dev/null >"$file" && [ "$(<"$file")" = "$before" ]
}

check "the module can be loaded" load_module
check_match "the kernel log says loaded" "$(kernel_log)" 'purser: loaded version=[0-9]'
check_eq "a newly loaded module has no record" "$(purserctl list --json)" "[]"
check_eq "an idle module has no tracepoint attached" "$(tracepoints)" ""
check_eq "the module has one worker thread" "$(worker_threads)" 1

# --- With a container ---

start on_signal 15 default
check "a process can be registered" register one
check_eq "a live container makes the module attach its tracepoints" "$(tracepoints)" \
	'"sched_process_fork","sched_process_exec","sched_process_exit","signal_generate","mark_victim","rss_stat"'
check_refused "rmmod fails while a container lives" "in use" rmmod purser
kill -TERM "$PID"
check "the container ends" wait_for record_is one state=exited reason=killed
check "the module detaches its tracepoints after the last container" wait_for no_tracepoint
check "rmmod succeeds with an ended record" wait_for unload_module
check_match "the kernel log says unloaded" "$(kernel_log)" 'purser: unloaded'

# --- What is left after unloading ---

check_status "purserctl finds no family" 4 purserctl info
check_match "the kernel's list of families does not have the module's" \
	"$(request info 2>&1)" \
	'no such family'
check_eq "no worker thread is left" "$(worker_threads)" 0

# --- Parameters ---

for parameter in exit_records=-1 exit_records=1048577 exit_records=many \
	event_log=0 event_log=63 event_log=65537 \
	sweep_ms=0 sweep_ms=9 sweep_ms=60001; do
	check "the module cannot be loaded with $parameter" refuses_to_load "$parameter"
done
check "the module can be loaded with the smallest values" \
	load_module exit_records=0 event_log=64 sweep_ms=10
check "the loaded module refuses sweep_ms=9" refuses_value sweep_ms 9
check "the loaded module refuses exit_records=1048577" \
	refuses_value exit_records 1048577
check "the loaded module accepts sweep_ms=60000" \
	eval 'echo 60000 >/sys/module/purser/parameters/sweep_ms'
check "the module with the smallest values can be unloaded" unload_module
check "the module can be loaded with the greatest values" \
	load_module exit_records=1048576 event_log=65536 sweep_ms=60000
check "the module with the greatest values can be unloaded" unload_module

# --- Many times. In some of the turns there are an ended record and a listener ---

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
		# The work item that retires the record may still run.
		wait_for rmmod purser || return
	done
}

check "the module can be loaded and unloaded 50 times" turns
check_eq "no worker thread is left after 50 times" "$(worker_threads)" 0
check_match "the last line in the kernel log says unloaded" "$(kernel_log | tail -n 1)" \
	'purser: unloaded'

ktap_end
