#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The memory benchmark finishes, and its reports are complete. The test does not look
# at the size of the figures.

. "$(dirname "$0")/../lib/kselftest.sh"
# shellcheck source=json.sh
. "$(dirname "$0")/json.sh"

require_machine
[ -e /proc/sys/vm/nr_hugepages ] ||
	ktap_skip_all "this kernel has no huge pages for the record"
require_no_module
at_exit wait_for unload_module

run=$PURSER_ROOT/selftests/bench/run
out=$TEST_DIR/bench
table=$out/memory.table
# shellcheck disable=SC2034 # json.sh uses it
REPORT=$out/memory.json
export BENCH_OPTIONS="--room-mib 4 --most-mib 16 --ms 20 --containers 10"
n=2

check_status "run refuses zero samples" 2 "$run" -n 0 memory
check_status "run refuses an unknown benchmark" 2 "$run" lib

check "the memory benchmark finishes" "$run" -n "$n" --out "$out" memory
ktap_diag "$(cat "$table")"

scenarios=7 sides=5
[ -z "$(json /cannot?keys)" ] || sides=4
check_eq "each scenario and side of the limits has all samples" \
	"$(lengths limits samples)" "$((scenarios * sides))x$n"
check_eq "each rate has all samples, and one more without the module" \
	"$(lengths rates samples)" "$(printf '%s\n' "10x$n" "2x$((n + 1))")"
check_eq "the JSON has all targets" "$(json /targets?length)" $((2 * scenarios + 3))
check_eq "the table has a line for each scenario and side" \
	"$(grep -cE "^[^ ].* (poll 10*( ms| s)|fault|cgroup) +$n " "$table")" \
	$((scenarios * sides))
check_eq "the table has a line for each target" \
	"$(grep -cE '^(met|MISSED) ' "$table")" \
	$((2 * scenarios + 3))
for word in kernel cpu accelerator module; do
	check_match "the table names the $word" \
		"$(<"$table")" $'(^|\n)'"$word +[^ ]"
done
check_match "the figure is a complete SVG" "$(<"$out/memory.svg")" \
	'^<\?xml .*<svg .*copy on write.*near the limit.*</svg>'

check "the benchmark unloads the module" eval '! module_is_loaded'
check "the benchmark removes its cgroup" eval '! [ -e /sys/fs/cgroup/purser-bench ]'
check_eq "the benchmark removes its tracing instances" \
	"$(find /sys/kernel/tracing/instances -name 'purser*')" ""
ktap_end
