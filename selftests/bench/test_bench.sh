#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The benchmarks come to their end, and nothing is left out of what they say. How
# large the figures are is not looked at.

. "$(dirname "$0")/../lib/kselftest.sh"

require_machine
[ -e /proc/sys/vm/nr_hugepages ] ||
	ktap_skip_all "this kernel has no huge pages to keep the samples in"
unload_module || ktap_bail "a purser module is there and does not go"
at_exit wait_for unload_module

run=$PURSER_ROOT/selftests/bench/run
out=$TEST_DIR/bench
table=$out/memory.table
export BENCH_OPTIONS="--room-mib 4 --most-mib 16 --ms 20 --containers 10"
n=2

# json POINTER... - what is there in the benchmark's JSON
json() {
	"$PURSER_BUILD/tests/bin/purserctl/json" "$@" <"$out/memory.json"
}

# lengths OF - how many samples each of these has, one a line
lengths() {
	local i of=()

	for ((i = 0; i < $(json "/$1?length"); i++)); do
		of+=("/$1/$i/samples?length")
	done
	json "${of[@]}" | tr ' ' '\n' | sort | uniq -c | awk '{ print $1 "x" $2 }'
}

check_status "no samples are refused" 2 "$run" -n 0 memory
check_status "so is a benchmark that there is not" 2 "$run" lib

check "all of it" "$run" -n "$n" --out "$out" memory
ktap_diag "$(cat "$table")"

scenarios=7 sides=5
[ -z "$(json /cannot?keys)" ] || sides=4
check_eq "each cell of the limits has its samples" "$(lengths limits)" \
	"$((scenarios * sides))x$n"
check_eq "so has each of the rates; without the module there is one more" \
	"$(lengths rates)" "$(printf '%s\n' "10x$n" "2x$((n + 1))")"
check_eq "the targets are there" "$(json /targets?length)" $((2 * scenarios + 3))
check_eq "the table has a line for each cell" \
	"$(grep -cE "^[^ ].* (poll 10*( ms| s)|fault|cgroup) +$n " "$table")" \
	$((scenarios * sides))
check_eq "and for each target" "$(grep -cE '^(met|MISSED) ' "$table")" \
	$((2 * scenarios + 3))
for word in kernel cpu accelerator module; do
	check_match "the table has its $word" "$(<"$table")" \
		$'(^|\n)'"$word +[^ ]"
done
check_match "the figure is SVG, and whole" "$(<"$out/memory.svg")" \
	'^<\?xml .*<svg .*copy on write.*near the limit.*</svg>'

check "the module is gone" eval '! module_is_loaded'
check "so is the cgroup" eval '! [ -e /sys/fs/cgroup/purser-bench ]'
check_eq "and what was traced" \
	"$(find /sys/kernel/tracing/instances -name 'purser*')" ""
ktap_end
