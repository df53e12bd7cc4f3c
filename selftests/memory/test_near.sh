#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# cpus: 16
# kernel: 6.2
#
# How far before a limit the counters are read exactly. An exact read looks at each
# processor under the counter's lock. On 16 processors the error that plain reads of 11
# address spaces may have is about 60 MiB, which is nearly the whole limit: without a
# bound this container would pay for exact reads at each page fault.

. "$(dirname "$0")/memory.sh"

kernel_is_since 6 2 || ktap_skip_all "before Linux 6.2 a plain read is exact"

trace=/sys/kernel/tracing
probe=$trace/events/kprobes/purser_updates

# start_counting: the calls of purser_rss_update(), by its third argument
start_counting() {
	echo "p:purser_updates purser:purser_rss_update exactly=%dx:u8" \
		>>"$trace/kprobe_events" &&
		echo 'hist:keys=exactly' >"$probe/trigger" &&
		echo 1 >"$probe/enable"
}

# stop_counting: sets PLAIN and EXACT
stop_counting() {
	local line

	PLAIN=0 EXACT=0
	echo 0 >"$probe/enable"
	while read -r line; do
		[[ $line =~ exactly:\ *([01])\ .*hitcount:\ *([0-9]+) ]] || continue
		if [ "${BASH_REMATCH[1]}" = 1 ]; then
			EXACT=${BASH_REMATCH[2]}
		else
			PLAIN=${BASH_REMATCH[2]}
		fi
	done <"$probe/hist"
	echo '!hist:keys=exactly' >"$probe/trigger"
	echo '-:purser_updates' >>"$trace/kprobe_events"
	ktap_diag "$PLAIN plain reads, $EXACT exact ones"
}

require_module sweep_ms=60000
[ -e "$trace/kprobe_events" ] ||
	ktap_skip_all "this kernel has no probes of functions"

start_actor
register crowd --hard-mib 64
act fork 10
check "11 processes" wait_so agrees crowd 11 "$PID" "${ANSWERS[@]}"

check "count the reads" start_counting
act anon 4
stop_counting
check "far from the limit there are plain reads" test "$PLAIN" -ge 1000
check "and nearly no exact ones" test $((EXACT * 20)) -lt "$PLAIN"

field "$(purserctl show crowd --json)" rss
act anon $((61 - REPLY / MIB))
check "count the reads" start_counting
act anon 1
stop_counting
check "near the limit there are exact reads" test "$EXACT" -ge 250
check "and nearly no plain ones" test $((PLAIN * 20)) -lt "$EXACT"
check_record "the container lives" crowd state=running

order anon 8
check "the limit holds" wait_for record_is crowd state=exited \
	reason=hard_limit_killed
purserctl unregister crowd

check_unload
ktap_end
