#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Experiments come to their end, what they write is whole, and the machine is as it
# was. Of the figures nothing is looked at but who was done first, where one hog has
# many times the weight of the other.

. "$(dirname "$0")/../lib/kselftest.sh"

require_engine

require_machine
unload_module || ktap_bail "a purser module is there and does not go"
at_exit wait_for unload_module

here=$PURSER_ROOT/selftests/experiments
out=$TEST_DIR/out
scope=$PURSER_BUILD/tests/bin/experiments/scope
autogroup=/proc/sys/kernel/sched_autogroup_enabled
ms=150
mkdir "$out"

# The supervisor leaves the memory controller on.
state() {
	cat "$autogroup" 2>/dev/null
	grep -ow cpu /sys/fs/cgroup/cgroup.subtree_control
	ls -d /sys/fs/cgroup/purser /sys/module/purser 2>/dev/null
}

# rows FILE CONFIG KIND - the containers that have such lines, in that order
rows() {
	awk -F, -v c="$2" -v k="$3" '$1 == c && $4 == k { print $3 }' "$1" |
		tr '\n' ' '
}

check_status "a sampler without containers" 2 "$scope" label
check_status "without the module there is none" 1 "$scope" label nobody

before=$(state)
check "all of it" "$here/inside" \
	--config '@(alone|0:19|hog alone|one hog|weight 100:11)' \
	"$out" 1 "$ms" nice io cgroup
printed=$OUTPUT
check_eq "the machine is as it was" "$(state)" "$before"
check_match "a run is told of" "$printed" \
	$'run\tc?[a-z]+\tnice\t0:19\t1'

nice=$(echo "$out"/nice.*.csv)
check_match "the file says what it was measured on" "$(<"$nice")" \
	"# kernel: $(uname -r), "
check_eq "who begins is there" "$(rows "$nice" 0:19 start)" "a b "
check_eq "who has the larger weight is done first" \
	"$(rows "$nice" 0:19 exit)" "a b "
check_eq "one was alone" "$(rows "$nice" alone exit)" "a "

io=$(echo "$out"/io.[ce]*.csv)
check_match "hog and sleeper are done" "$(rows "$io" "one hog" exit)" \
	'^(hog pulse|pulse hog) $'
check_eq "each wake-up was counted" \
	"$(awk -F, '$1 == "one hog" { n += $4 } END { print n }' \
		"$out"/io.latency.*.csv)" $((ms / 10 + 1))

if [ -e "$(echo "$out"/cgroup.*.csv)" ]; then
	check_eq "whose cgroup has the larger weight is done first" \
		"$(rows "$out"/cgroup.*.csv 'weight 100:11' exit)" "a b "
else
	ktap_skip "weights of cgroups" "$(grep -o 'no cpu.*\|the .*' <<<"$printed" |
		tail -n 1)"
fi

check "a summary is made of them" "$here/report" --summary "$out"
check_eq "completions of all" \
	"$(awk -F'\t' '$5 == "done" { print $1, $3, $4 }' <<<"$OUTPUT" |
		grep -v '^cgroup' | sort | tr '\n' ';')" \
	"io hog alone hog;io one hog hog;io one hog pulse;nice 0:19 a;nice 0:19 b;nice alone a;"
check_match "and percentiles of latencies" "$OUTPUT" \
	$'\tone hog\tpulse\tp99\t1\t[0-9.]+\t'

ktap_end
