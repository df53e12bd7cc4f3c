#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The experiments finish, their files are complete, and they restore the state of the
# machine. Of the figures the test looks only at which hog is done first if one hog has
# many times the weight of the other.

. "$(dirname "$0")/../lib/kselftest.sh"

require_engine

require_no_module
at_exit wait_for unload_module

here=$PURSER_ROOT/selftests/experiments
out=$TEST_DIR/out
scope=$PURSER_BUILD/tests/bin/experiments/scope
autogroup=/proc/sys/kernel/sched_autogroup_enabled
ms=150
mkdir "$out"

# state - print what an experiment may change. The memory controller is not part of it:
# the supervisor leaves that on.
state() {
	cat "$autogroup" 2>/dev/null
	grep -ow cpu /sys/fs/cgroup/cgroup.subtree_control
	ls -d /sys/fs/cgroup/purser /sys/module/purser 2>/dev/null
}

# rows FILE CONFIG KIND - print the containers that have such lines, in order
rows() {
	awk -F, -v c="$2" -v k="$3" '$1 == c && $4 == k { print $3 }' "$1" |
		tr '\n' ' '
}

check_status "scope refuses an empty list of containers" 2 "$scope" label
check_status "scope fails without the module" 1 "$scope" label nobody

before=$(state)
check "the experiments finish" "$here/inside" \
	--config '@(alone|0:19|hog alone|one hog|weight 100:11)' \
	"$out" 1 "$ms" nice io cgroup
printed=$OUTPUT
check_eq "the experiments restore the state of the machine" "$(state)" "$before"
check_match "inside prints a line for each run" \
	"$printed" $'run\tc?[a-z]+\tnice\t0:19\t1'

nice=$(echo "$out"/nice.*.csv)
# A release may have a plus sign.
release=$(uname -r)
check_match "the file names the kernel" \
	"$(<"$nice")" "# kernel: ${release//+/\\+}, "
check_eq "the file has the start of both hogs" "$(rows "$nice" 0:19 start)" "a b "
check_eq "the hog with the larger weight is done first" \
	"$(rows "$nice" 0:19 exit)" "a b "
check_eq "the file has the exit of the lone hog" "$(rows "$nice" alone exit)" "a "

io=$(echo "$out"/io.[ce]*.csv)
check_match "the file has the exits of hog and sleeper" \
	"$(rows "$io" "one hog" exit)" '^(hog pulse|pulse hog) $'
check_eq "the histogram counts each wake-up" \
	"$(awk -F, '$1 == "one hog" { n += $4 } END { print n }' \
		"$out"/io.latency.*.csv)" $((ms / 10 + 1))

if [ -e "$(echo "$out"/cgroup.*.csv)" ]; then
	check_eq "the hog in the cgroup with the larger weight is done first" \
		"$(rows "$out"/cgroup.*.csv 'weight 100:11' exit)" "a b "
else
	ktap_skip "the hog in the cgroup with the larger weight is done first" \
		"$(grep -o 'no cpu.*\|the .*' <<<"$printed" |
		tail -n 1)"
fi

check "report makes a summary of the samples" "$here/report" --summary "$out"
check_eq "the summary has the completion of each container" \
	"$(awk -F'\t' '$5 == "done" { print $1, $3, $4 }' <<<"$OUTPUT" |
		grep -v '^cgroup' | sort | tr '\n' ';')" \
	"io hog alone hog;io one hog hog;io one hog pulse;nice 0:19 a;nice 0:19 b;nice alone a;"
check_match "the summary has the percentiles of the latencies" \
	"$OUTPUT" $'\tone hog\tpulse\tp99\t1\t[0-9.]+\t'

ktap_end
