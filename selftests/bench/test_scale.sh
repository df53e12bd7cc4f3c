#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
#
# The benchmarks "table", "events" and "density" finish, their reports are complete, and
# nothing is left behind. The test does not look at the size of the figures.

. "$(dirname "$0")/../lib/kselftest.sh"
# shellcheck source=json.sh
. "$(dirname "$0")/json.sh"

require_machine
require_no_module
at_exit wait_for unload_module

run=$PURSER_ROOT/selftests/bench/run
out=$TEST_DIR/bench
export BENCH_LIVE="10 20" BENCH_ENDED="10 20" BENCH_MEMBERS=20 BENCH_SPIN_MS=50
export BENCH_EVENTS=100
export BENCH_SIDES="engine conmon" BENCH_DENSITY="1 3"
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

bench events
check_eq "the events of all rates, the crossings and the ends are there, twice" \
	"$(json /delays?length)" 14
check_eq "no event is missing" \
	"$(json /delays/0/us/n /delays/1/us/n /delays/2/us/n /delays/3/us/n)" "10 2 20 100"
check_eq "each crossing has both sides" "$(json /delays/4/us/n /delays/5/us/n)" "$n $n"
check "it removes its cgroup" eval '! [ -e /sys/fs/cgroup/purser-bench ]'

bench density
check_eq "each side has a figure for each number of containers" \
	"$(json /containers?length)" 4
check_eq "there is one supervisor, and a conmon for each container" \
	"$(json /containers/1/processes /containers/3/processes)" "1 3"
check_eq "it leaves no process behind" "$(pgrep -x conmon; pgrep -x engine; pgrep -x crun)" ""
check "it leaves no cgroup behind" eval '! [ -e /sys/fs/cgroup/purser-bench ]'
check_eq "it leaves no mount behind" "$(grep -c purser-bench /proc/mounts)" 0
ktap_end
