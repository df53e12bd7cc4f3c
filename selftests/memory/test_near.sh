#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# cpus: 16
# kernel: 6.2
#
# The module reads the kernel's counters exactly only near a limit: an exact read takes the
# counter's lock and visits each processor. On 16 processors, plain reads of 11 address
# spaces may be wrong by about 60 MiB, which is nearly the whole limit of this container.
# Without a bound, each page fault would cost an exact read.

. "$(dirname "$0")/memory.sh"

kernel_is_since 6 2 || ktap_skip_all "before Linux 6.2 each read is exact"

trace=/sys/kernel/tracing
probe=$trace/events/kprobes/purser_updates

# start_counting - count the calls of purser_rss_update() by its third argument, "exactly"
start_counting() {
	echo "p:purser_updates purser:purser_rss_update exactly=%dx:u8" \
		>>"$trace/kprobe_events" &&
		echo 'hist:keys=exactly' >"$probe/trigger" &&
		echo 1 >"$probe/enable"
}

# stop_counting - set PLAIN and EXACT to the numbers of these reads
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
	ktap_diag "$PLAIN plain reads, $EXACT exact reads"
}

require_module sweep_ms=60000
[ -e "$trace/kprobe_events" ] ||
	ktap_skip_all "this kernel has no kprobes in tracefs"

start_actor
register crowd --hard-mib 64
act fork 10
check "a container has 11 processes" wait_so agrees crowd 11 "$PID" "${ANSWERS[@]}"

check "the test counts reads far from the limit" start_counting
act anon 4
stop_counting
check "far from the limit the module makes plain reads" test "$PLAIN" -ge 1000
check "far from the limit at most 5 % of the reads are exact" \
	test $((EXACT * 20)) -lt "$PLAIN"

field "$(purserctl show crowd --json)" rss
act anon $((61 - REPLY / MIB))
check "the test counts reads near the limit" start_counting
act anon 1
stop_counting
check "near the limit the module makes exact reads" test "$EXACT" -ge 250
check "near the limit at most 5 % of the reads are plain" test $((PLAIN * 20)) -lt "$EXACT"
check_record "the container lives near the limit" crowd state=running

order anon 8
check "the container is killed above the limit" wait_for record_is crowd state=exited \
	reason=hard_limit_killed
purserctl unregister crowd

check_unload
ktap_end
