#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
#
# The benchmark "table" finishes, its reports are complete, and nothing is left behind. The
# test does not look at the size of the figures.

. "$(dirname "$0")/../lib/kselftest.sh"
# shellcheck source=json.sh
. "$(dirname "$0")/json.sh"

require_machine
require_no_module
at_exit wait_for unload_module

run=$PURSER_ROOT/selftests/bench/run
out=$TEST_DIR/bench
export BENCH_LIVE="10 20" BENCH_ENDED="10 20" BENCH_MEMBERS=20 BENCH_SPIN_MS=50
n=2

# bench SUBJECT - it runs, and REPORT is its report
bench() {
	REPORT=$out/$1.json
	check "the benchmark $1 finishes" "$run" -n "$n" --out "$out" "$1"
	ktap_diag "$(cat "$out/$1.table")"
	check "it unloads the module" eval '! module_is_loaded'
}

pid_max=$(</proc/sys/kernel/pid_max)
bench table
check_eq "each kind has each size" "$(json /tables?length)" 5
check_eq "each size has its figures" \
	"$(json /tables/0/get_pid_us/n /tables/2/get_id_us/n /tables/4/memory_bytes/n)" "$n $n 1"
check_eq "the JSON has all targets" "$(json /targets?length)" 11
check_eq "pid_max is as before" "$(</proc/sys/kernel/pid_max)" "$pid_max"
ktap_end
